//! The list of a recipe: what becomes of names and of nothing, in which order values stand, how they are written.

use super::Context;
use super::recipes::Written;
use super::templates::Scope;
use crate::diagnostic::{Code, Span};
use crate::ir::{self, Entry, List, Piece, Selection};
use crate::model::{self, Order, Recipe};
use crate::read::{Node, Spanned};

impl Context<'_> {
    pub(super) fn recipe_list(
        &self,
        written: &Written<'_>,
        add: Vec<(String, Vec<Piece>)>,
        scope: &Scope,
    ) -> Option<List> {
        let recipe = written.recipe;
        let Some(fields) = &recipe.fields else {
            self.no_list(recipe);
            return None;
        };
        let selection = self.selection(fields);
        if recipe.empties.is_none() && !self.has_failed(written.within) {
            let message = format!("recipe `{}` does not say what becomes of empty values", written.name);
            let mend =
                "write `empties: drop` or `empties: keep`; the provider's document should have an example";
            self.mistake(Code::ListWithoutEmpties, fields.span, message, mend);
        }
        self.list_is_complete(written, fields);
        let order = recipe.order.as_ref().map(|order| self.order(order, selection.as_ref()));
        let pair = recipe.pair.as_ref().map(|pair| self.pair(pair, scope));
        let except = recipe.except.iter().flat_map(|all| all.iter()).map(|name| name.value.clone()).collect();
        let names = names(recipe.names.as_ref());
        let selection = selection?;
        self.names_can_match(recipe, names, &selection);
        if let (Some(said), Selection::Headers(_)) = (recipe.names.as_ref(), &selection)
            && names != ir::Names::AsIs
        {
            let message = "`names` does not apply to headers";
            let mend = "their names are always written in lower case; `{name|upper}` writes them in another";
            self.mistake(Code::KeyDoesNotApply, said.span, message, mend);
        }
        if let Some(path) = recipe.path.as_ref().filter(|path| path.value == model::PathStyle::Brackets) {
            self.not_yet(path.span, "`path: brackets`");
        }
        let also_empty = recipe.also_empty.iter().flat_map(|all| all.iter());
        Some(List {
            fields: selection,
            except,
            add,
            names,
            trim: model::is_on(recipe.trim.as_ref()),
            numbers: recipe.numbers.as_ref().and_then(|text| self.numbers_as(text)),
            nested: nested(recipe.nested.as_ref()),
            also_empty: also_empty.map(|text| text.value.clone()).collect(),
            empties: recipe.empties.as_ref().map(|empties| self.empties(empties))?,
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
            ("names", recipe.names.as_ref().map(|key| key.span)),
            ("trim", recipe.trim.as_ref().map(|key| key.span)),
            ("numbers", recipe.numbers.as_ref().map(|key| key.span)),
            ("nested", recipe.nested.as_ref().map(|key| key.span)),
            ("path", recipe.path.as_ref().map(|key| key.span)),
            ("also_empty", recipe.also_empty.as_ref().map(|key| key.span)),
        ];
        for (word, span) in keys {
            if let Some(span) = span {
                let message = format!("`{word}` is about a list, and `fields` is missing");
                self.mistake(Code::ListKeyWithoutList, span, message, "say which fields: `fields: all`");
            }
        }
    }

    fn list_is_complete(&self, written: &Written<'_>, fields: &Node) {
        let recipe = written.recipe;
        let needs = [
            ("order", recipe.order.is_some(), "`order: by name`"),
            ("pair", recipe.pair.is_some(), "`pair: \"{name}={value}\"`"),
            ("join", recipe.join.is_some(), "`join: \"&\"`, or `\"\"` for none"),
        ];
        for (word, _, usual) in needs.into_iter().filter(|(_, said, _)| !said) {
            if self.has_failed(written.within) {
                continue;
            }
            let message = format!("a list of fields needs `{word}`");
            self.mistake(Code::ListIncomplete, fields.span, message, format!("usual is {usual}"));
        }
    }

    fn order(&self, order: &Spanned<Order>, selection: Option<&Selection>) -> ir::Order {
        match order.value {
            Order::ByName => ir::Order::ByName,
            Order::ByNameIgnoringCase => ir::Order::ByNameIgnoringCase,
            Order::AsOnTheWire => {
                let is_named = |entry: &Entry| !matches!(entry, Entry::Prefix(_));
                if matches!(selection, Some(Selection::Named(entries)) if entries.iter().any(is_named)) {
                    self.not_yet(order.span, "a list of names in the order of the wire");
                }
                ir::Order::AsOnTheWire
            }
            Order::ByValue => ir::Order::ByValue,
            Order::ByNameThenValue => ir::Order::ByNameThenValue,
            Order::ByItem => ir::Order::ByItem,
            Order::ByItemIgnoringCase => ir::Order::ByItemIgnoringCase,
            Order::AsListed => {
                let is_list = |selection: &Selection| {
                    matches!(
                        selection,
                        Selection::Named(_) | Selection::NamedIn { .. } | Selection::Headers(_)
                    )
                };
                if !selection.is_none_or(is_list) {
                    let message = "`as listed` needs a list of names in `fields`";
                    let mend = "for every field in the order sent, write `as on the wire`";
                    self.mistake(Code::AsListedWithoutAList, order.span, message, mend);
                }
                ir::Order::AsListed
            }
        }
    }

    /// With `names: upper` all names are brought into upper case first, so the list must be written in it.
    fn names_can_match(&self, recipe: &Recipe, names: ir::Names, selection: &Selection) {
        let (cased, word): (fn(&str) -> String, _) = match names {
            ir::Names::AsIs => return,
            ir::Names::Upper => (|name| name.to_uppercase(), "upper"),
            ir::Names::Lower => (|name| name.to_lowercase(), "lower"),
        };
        let check = |name: &str, span: Span| {
            let wanted = cased(name);
            if wanted != name {
                let message = format!("with `names: {word}` the name `{name}` can never match");
                self.mistake(Code::NameInTheWrongCase, span, message, format!("write `{wanted}`"));
            }
        };
        let items = recipe.fields.iter().flat_map(|node| node.items());
        for item in items {
            if let Some(name) = item.text() {
                check(name, item.span);
            }
            let members = item.get("fields").into_iter().flat_map(Node::items);
            members
                .filter_map(|node| Some((node.text()?, node.span)))
                .for_each(|(name, span)| check(name, span));
        }
        if let Selection::NamedIn { .. } = selection {
            let at_least = recipe.fields.iter().filter_map(|node| node.get("at_least")).flat_map(Node::items);
            at_least
                .filter_map(|node| Some((node.text()?, node.span)))
                .for_each(|(name, span)| check(name, span));
        }
        for name in recipe.except.iter().flat_map(|all| all.iter()) {
            check(name, name.span);
        }
        for entry in recipe.add.iter().flat_map(|all| all.iter()) {
            check(&entry.key, entry.key.span);
        }
    }
}

fn names(names: Option<&Spanned<model::Names>>) -> ir::Names {
    match names.map(|names| names.value) {
        None | Some(model::Names::AsIs) => ir::Names::AsIs,
        Some(model::Names::Upper) => ir::Names::Upper,
        Some(model::Names::Lower) => ir::Names::Lower,
    }
}

fn nested(nested: Option<&Spanned<model::Nested>>) -> ir::Nested {
    match nested.map(|nested| nested.value) {
        None | Some(model::Nested::Refuse) => ir::Nested::Refuse,
        Some(model::Nested::Raw) => ir::Nested::Raw,
        Some(model::Nested::Leaves) => ir::Nested::Leaves,
        Some(model::Nested::Drop) => ir::Nested::Drop,
        Some(model::Nested::SameRule) => ir::Nested::SameRule,
    }
}
