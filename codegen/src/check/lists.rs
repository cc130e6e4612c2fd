//! The list of a recipe: which values take part, what becomes of nothing, in which order, how they are written.

use super::Context;
use crate::diagnostic::Code;
use crate::ir::{self, Empties, EmptyAction, List, Piece, Selection};
use crate::model::{self, Order, Recipe};
use crate::read::{Node, Spanned};

impl Context<'_> {
    pub(super) fn recipe_list(
        &self,
        name: &Spanned<String>,
        recipe: &Recipe,
        add: Vec<(String, Vec<Piece>)>,
    ) -> Option<List> {
        let Some(fields) = &recipe.fields else {
            self.no_list(recipe);
            return None;
        };
        let selection = self.selection(fields);
        let empties = match &recipe.empties {
            Some(node) => self.empties(node),
            None => {
                let message = format!("recipe `{name}` does not say what becomes of empty values");
                let mend = "write `empties: drop` or `empties: keep`; the provider's document should have an example";
                self.mistake(Code::ListWithoutEmpties, fields.span, message, mend);
                None
            }
        };
        self.list_is_complete(recipe, fields);
        let order = recipe.order.as_ref().and_then(|order| self.order(order, selection.as_ref()));
        let pair = recipe.pair.as_ref().map(|pair| self.pair(pair));
        let except = recipe.except.iter().flat_map(|all| all.iter()).map(|name| name.value.clone()).collect();
        Some(List {
            fields: selection?,
            except,
            add,
            trim: model::is_on(recipe.trim.as_ref()),
            empties: empties?,
            order: order?,
            pair: pair?,
            join: recipe.join.as_ref()?.value.clone(),
        })
    }

    /// Keys about a list, in a recipe that has none.
    fn no_list(&self, recipe: &Recipe) {
        let keys = [
            ("order", recipe.order.as_ref().map(|key| key.span)),
            ("pair", recipe.pair.as_ref().map(|key| key.span)),
            ("join", recipe.join.as_ref().map(|key| key.span)),
            ("add", recipe.add.as_ref().map(|key| key.span)),
            ("except", recipe.except.as_ref().map(|key| key.span)),
        ];
        for (word, span) in keys {
            if let Some(span) = span {
                let message = format!("`{word}` is about a list, and `fields` is missing");
                self.mistake(Code::ListKeyWithoutList, span, message, "say which fields: `fields: all`");
            }
        }
        if let (Some(node), true) = (&recipe.empties, recipe.text.is_some()) {
            self.not_yet(node.span, "`empties` in a template");
        }
    }

    fn list_is_complete(&self, recipe: &Recipe, fields: &Node) {
        let needs = [
            ("order", recipe.order.is_some(), "`order: by name`"),
            ("pair", recipe.pair.is_some(), "`pair: \"{name}={value}\"`"),
            ("join", recipe.join.is_some(), "`join: \"&\"`, or `\"\"` for none"),
        ];
        for (word, _, usual) in needs.into_iter().filter(|(_, said, _)| !said) {
            let message = format!("a list of fields needs `{word}`");
            self.mistake(Code::ListIncomplete, fields.span, message, format!("usual is {usual}"));
        }
    }

    fn selection(&self, node: &Node) -> Option<Selection> {
        match node.text() {
            Some("all") => return Some(Selection::All),
            Some("query") => return Some(Selection::Query),
            Some("body") => return Some(Selection::Body),
            Some(other) => {
                let message = format!("`{other}` is no choice of fields");
                self.mistake(
                    Code::UnknownValue,
                    node.span,
                    message,
                    "write `all`, `query`, `body` or a list of names",
                );
                return None;
            }
            None => {}
        }
        let mut names = Vec::new();
        for item in node.items() {
            match item.text() {
                Some(name) if name.ends_with('*') || name.ends_with("[]") || name.contains('.') => {
                    self.not_yet(item.span, "a name that stands for several values");
                }
                Some(name) => names.push(name.to_owned()),
                None => self.not_yet(item.span, "`each`"),
            }
        }
        if !node.entries().is_empty() {
            self.not_yet(node.span, "`named_in`");
        }
        Some(Selection::Named(names))
    }

    fn order(&self, order: &Spanned<Order>, selection: Option<&Selection>) -> Option<ir::Order> {
        let lowered = match order.value {
            Order::ByName => ir::Order::ByName,
            Order::ByNameIgnoringCase => ir::Order::ByNameIgnoringCase,
            Order::AsOnTheWire => ir::Order::AsOnTheWire,
            Order::AsListed => {
                if !matches!(selection, Some(Selection::Named(_)) | None) {
                    let message = "`as listed` needs a list of names in `fields`";
                    let mend = "for every field in the order sent, write `as on the wire`";
                    self.mistake(Code::AsListedWithoutAList, order.span, message, mend);
                }
                ir::Order::AsListed
            }
            Order::ByValue | Order::ByNameThenValue | Order::ByItem | Order::ByItemIgnoringCase => {
                self.not_yet(order.span, "this order");
                return None;
            }
        };
        Some(lowered)
    }

    fn empties(&self, node: &Node) -> Option<Empties> {
        use EmptyAction::{Drop, Keep, Refuse};
        let all = |action: EmptyAction, blank| Empties {
            absent: action.clone(),
            json_null: action.clone(),
            empty: action,
            blank,
        };
        match node.text() {
            Some("drop") => return Some(all(Drop, Keep)),
            Some("drop blank") => return Some(all(Drop, Drop)),
            Some("keep") => return Some(all(Keep, Keep)),
            Some("refuse") => return Some(all(Refuse, Keep)),
            Some(other) => {
                let message = format!("`{other}` is no way to treat empty values");
                self.mistake(
                    Code::UnknownValue,
                    node.span,
                    message,
                    "drop, drop blank, keep, refuse, or the four cases by name",
                );
                return None;
            }
            None => {}
        }
        let mut empties = all(Refuse, Keep);
        for (key, value) in node.entries() {
            let slot = match key.text.as_str() {
                "absent" => &mut empties.absent,
                "json_null" => &mut empties.json_null,
                "empty" => &mut empties.empty,
                "blank" => &mut empties.blank,
                other => {
                    let known = ["absent", "json_null", "empty", "blank"];
                    let message = format!("unknown case `{other}` of empty values");
                    self.unknown(Code::UnknownKey, key.span, message, other, known.into_iter());
                    continue;
                }
            };
            if let Some(action) = self.empty_action(&key.text, value) {
                *slot = action;
            }
        }
        Some(empties)
    }

    fn empty_action(&self, case: &str, value: &Node) -> Option<EmptyAction> {
        match (value.text(), value.get("as").and_then(Node::text)) {
            (Some("drop"), _) => Some(EmptyAction::Drop),
            (Some("keep"), _) => Some(EmptyAction::Keep),
            (Some("refuse"), _) => Some(EmptyAction::Refuse),
            (None, Some(text)) => Some(EmptyAction::As(text.to_owned())),
            _ => {
                let message = format!("`{case}` is no way to treat empty values");
                self.mistake(
                    Code::UnknownValue,
                    value.span,
                    message,
                    "drop, keep, refuse or `{ as: \"text\" }`",
                );
                None
            }
        }
    }
}
