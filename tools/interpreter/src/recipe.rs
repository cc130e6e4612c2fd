//! Recipes up to the text that is sealed: select, empties, order, compose.
//!
//! Works the same for what we send and for what came in: it is handed the parameters of a message and applies the
//! rule, one step after the other, in the order in which the language describes them. It never uses the order that
//! the compiler has worked out. Sealing and placing are in `seal` and with the messages.

use payspec_codegen::ir::{self, EmptyAction, Order, PairPiece, Part, Piece, Selection};

use crate::credentials::CredentialValue;
use crate::json::{Json, JsonKind};
use crate::seal::SealError;
use crate::signed_text::{RecipeError, SignedText};
use crate::{Interpreter, Refusal, form, text};

/// A parameter of a message as a recipe sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// JSON `null`.
    Null,
    /// Text: decoded, a number or flag as its own characters.
    Text(String),
    /// An object or array.
    Nested,
}

impl Item {
    pub(crate) fn of(json: &Json<'_>) -> Self {
        match &json.kind {
            JsonKind::Null => Self::Null,
            JsonKind::Text(text) => Self::Text(text.clone()),
            JsonKind::Number | JsonKind::Flag => Self::Text(json.raw.to_owned()),
            JsonKind::List(_) | JsonKind::Object(_) => Self::Nested,
        }
    }
}

/// The parts of a message that a recipe can use.
#[derive(Clone, Copy, Default)]
pub(crate) struct Source<'a> {
    pub(crate) query: &'a [(String, Item)],
    pub(crate) body: &'a [(String, Item)],
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) raw_body: &'a [u8],
    pub(crate) result: Option<&'a [u8]>,
    /// What is shown in place of fields, by name.
    pub(crate) hidden: &'a [(String, String)],
    /// What is shown in place of the raw body.
    pub(crate) shown_body: Option<&'a str>,
}

impl Source<'_> {
    fn all(&self) -> impl Iterator<Item = &(String, Item)> {
        self.query.iter().chain(self.body)
    }

    fn get(&self, name: &str) -> Option<&Item> {
        self.all().find(|(own, _)| own == name).map(|(_, item)| item)
    }
}

/// An item of a list: name and written value.
struct ListItem {
    name: String,
    value: ItemValue,
}

enum ItemValue {
    /// A value of the message.
    Text(String),
    /// An item of `add`.
    Added(SignedText),
}

impl Interpreter {
    /// The text of a recipe for a message.
    pub(crate) fn signed_text(
        &self,
        recipe: &ir::Recipe,
        source: &Source<'_>,
    ) -> Result<SignedText, RecipeError> {
        let charset = self.charset_of(recipe.charset).map_err(|_| RecipeError::Charset)?;
        let composer = Composer { interpreter: self, recipe, source, charset };
        composer.pieces(&recipe.text)
    }

    /// The text of a recipe over any pairs, as if they were the form of a message. `None`: the spec has no such recipe.
    ///
    /// # Errors
    /// [`RecipeError`] when the recipe refuses them.
    #[must_use]
    pub fn recipe_text(
        &self,
        recipe: &str,
        pairs: &[(String, String)],
    ) -> Option<Result<SignedText, RecipeError>> {
        let body = pair_items(pairs);
        Some(self.signed_text(self.recipe_named(recipe)?, &Source { body: &body, ..Source::default() }))
    }

    /// Seals a text as a recipe says. `None`: the spec has no such recipe.
    ///
    /// # Errors
    /// [`SealError`] when the keys do not fit.
    #[must_use]
    pub fn recipe_signature(&self, recipe: &str, text: &SignedText) -> Option<Result<String, SealError>> {
        Some(self.seal(&self.recipe_named(recipe)?.seal, text.bytes()))
    }

    /// Whether a signature is one of these pairs, by the recipe or one of its further readings: which of them.
    /// `None`: the spec has no such recipe.
    ///
    /// # Errors
    /// [`Refusal`] when it is none.
    #[must_use]
    pub fn recipe_accepts(
        &self,
        recipe: &str,
        pairs: &[(String, String)],
        signature: &str,
    ) -> Option<Result<usize, Refusal>> {
        let body = pair_items(pairs);
        let source = Source { body: &body, ..Source::default() };
        let verified = self.verify_readings(self.recipe_named(recipe)?, &source, signature);
        Some(verified.map(|(reading, _)| reading))
    }

    fn recipe_named(&self, name: &str) -> Option<&ir::Recipe> {
        self.provider.recipes.iter().find(|recipe| recipe.name.wire == name)
    }

    /// The names that a recipe leaves out of a request, and which are therefore not sent.
    pub(crate) fn dropped(
        &self,
        recipe: &ir::Recipe,
        source: &Source<'_>,
    ) -> Result<Vec<String>, RecipeError> {
        let Some(list) = &recipe.list else { return Ok(Vec::new()) };
        let mut dropped = Vec::new();
        for (name, item) in selected(list, source, &recipe.place)? {
            if item.is_some() && judge(list, &name, item.as_ref())?.is_none() {
                dropped.push(name);
            }
        }
        Ok(dropped)
    }
}

fn pair_items(pairs: &[(String, String)]) -> Vec<(String, Item)> {
    pairs.iter().map(|(name, value)| (name.clone(), Item::Text(value.clone()))).collect()
}

/// Steps 1 to 5: the selected names in their order, with what the message has for them.
fn selected(
    list: &ir::List,
    source: &Source<'_>,
    place: &str,
) -> Result<Vec<(String, Option<Item>)>, RecipeError> {
    let name_of = |name: &String| if list.trim { text::trim(name).to_owned() } else { name.clone() };
    let received: Vec<(String, Item)> = match &list.fields {
        Selection::Query => source.query.to_vec(),
        Selection::Body => source.body.to_vec(),
        Selection::All | Selection::Named(_) => source.all().cloned().collect(),
    };
    let received: Vec<(String, Item)> =
        received.into_iter().map(|(name, item)| (name_of(&name), item)).collect();
    if let Some(name) = form::repeated(received.iter().map(|(name, _)| name.as_str())) {
        return Err(RecipeError::Repeated { name: name.to_owned() });
    }
    let takes_part = |name: &str| name != place && !list.except.iter().any(|except| except == name);
    let items: Vec<(String, Option<Item>)> = match &list.fields {
        Selection::Named(names) => names
            .iter()
            .filter(|name| takes_part(name))
            .map(|name| {
                let item = received.iter().find(|(own, _)| own == name).map(|(_, item)| item.clone());
                (name.clone(), item)
            })
            .collect(),
        _ => received
            .into_iter()
            .filter(|(name, _)| takes_part(name))
            .map(|(name, item)| (name, Some(item)))
            .collect(),
    };
    match items.iter().find(|(_, item)| *item == Some(Item::Nested)) {
        Some((name, _)) => Err(RecipeError::Nested { name: name.clone() }),
        None => Ok(items),
    }
}

/// Step 6: the value as it is written; `None` if it is left out.
fn judge(list: &ir::List, name: &str, item: Option<&Item>) -> Result<Option<String>, RecipeError> {
    let written = match item {
        None => (&list.empties.absent, String::new()),
        Some(Item::Null) => (&list.empties.json_null, String::new()),
        Some(Item::Nested) => return Err(RecipeError::Nested { name: name.to_owned() }),
        Some(Item::Text(value)) => {
            let value = if list.trim { text::trim(value) } else { value };
            if value.is_empty() {
                (&list.empties.empty, String::new())
            } else if text::is_blank(value) {
                (&list.empties.blank, value.to_owned())
            } else {
                return Ok(Some(value.to_owned()));
            }
        }
    };
    match written {
        (EmptyAction::Drop, _) => Ok(None),
        (EmptyAction::Keep, value) => Ok(Some(value)),
        (EmptyAction::As(text), _) => Ok(Some(text.clone())),
        (EmptyAction::Refuse, _) => Err(RecipeError::Empty { name: name.to_owned() }),
    }
}

fn sort(items: &mut [ListItem], order: Order) {
    match order {
        Order::ByName => items.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes())),
        Order::ByNameIgnoringCase => items.sort_by(|a, b| {
            a.name.to_lowercase().cmp(&b.name.to_lowercase()).then_with(|| a.name.cmp(&b.name))
        }),
        Order::AsListed | Order::AsOnTheWire => {}
    }
}

fn filtered(value: &str, filters: &[ir::Filter]) -> String {
    filters.iter().fold(value.to_owned(), |value, filter| match filter {
        ir::Filter::Lower => value.to_lowercase(),
        ir::Filter::Upper => value.to_uppercase(),
        ir::Filter::Trim => text::trim(&value).to_owned(),
    })
}

struct Composer<'a> {
    interpreter: &'a Interpreter,
    recipe: &'a ir::Recipe,
    source: &'a Source<'a>,
    charset: ir::Charset,
}

impl Composer<'_> {
    fn pieces(&self, pieces: &[Piece]) -> Result<SignedText, RecipeError> {
        let mut text = SignedText::default();
        for piece in pieces {
            text.join(&match piece {
                Piece::Literal(literal) => self.plain(literal)?,
                Piece::List => self.list()?,
                Piece::Value { from, filters } => self.value(from, filters)?,
            });
        }
        Ok(text)
    }

    fn plain(&self, text: &str) -> Result<SignedText, RecipeError> {
        SignedText::plain(text, self.charset)
    }

    /// The value of a field, which may have to be shown in another way.
    fn of_field(&self, name: &str, text: &str) -> Result<SignedText, RecipeError> {
        let plain = self.plain(text)?;
        Ok(match self.source.hidden.iter().find(|(hidden, _)| hidden == name) {
            Some((_, shown)) => plain.shown_as(shown),
            None => plain,
        })
    }

    fn secret(&self, text: &str) -> Result<SignedText, RecipeError> {
        SignedText::secret(text, self.charset)
    }

    /// Raw bytes stay as they are; only a filter has to read them.
    fn raw(&self, bytes: &[u8], filters: &[ir::Filter]) -> Result<SignedText, RecipeError> {
        let shown = text::decode(self.interpreter.charset, bytes);
        if filters.is_empty() {
            let masked = shown.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned());
            return Ok(SignedText::raw(bytes, masked));
        }
        self.plain(&filtered(&shown.ok_or(RecipeError::Charset)?, filters))
    }

    fn value(&self, from: &Part, filters: &[ir::Filter]) -> Result<SignedText, RecipeError> {
        match from {
            Part::Field(name) => self.of_field(name, &filtered(&self.field(name)?, filters)),
            Part::Credential(path) => match self.interpreter.settings.credential(path) {
                Some(CredentialValue::Secret(secret)) => self.secret(&filtered(secret.expose(), filters)),
                _ => {
                    let text = self.interpreter.public_text(path);
                    self.plain(&filtered(text.ok_or(RecipeError::NoPart { part: "credential" })?, filters))
                }
            },
            Part::Body => {
                let text = self.raw(self.source.raw_body, filters)?;
                Ok(match self.source.shown_body {
                    Some(shown) => text.shown_as(&filtered(shown, filters)),
                    None => text,
                })
            }
            Part::Result => {
                self.raw(self.source.result.ok_or(RecipeError::NoPart { part: "result" })?, filters)
            }
            Part::Method => self.plain(&filtered(self.source.method, filters)),
            Part::Path => self.plain(&filtered(self.source.path, filters)),
        }
    }

    /// A field in a template: nothing can be left out there, so `drop` counts as `refuse`.
    fn field(&self, name: &str) -> Result<String, RecipeError> {
        let item = self.source.get(name);
        let empty = || RecipeError::Empty { name: name.to_owned() };
        match (&self.recipe.list, item) {
            (Some(list), item) => judge(list, name, item)?.ok_or_else(empty),
            (None, Some(Item::Text(text))) if !text.is_empty() => Ok(text.clone()),
            (None, Some(Item::Nested)) => Err(RecipeError::Nested { name: name.to_owned() }),
            (None, _) => Err(empty()),
        }
    }

    /// Steps 7 to 10: added items, order, pairs, joined.
    fn list(&self) -> Result<SignedText, RecipeError> {
        let Some(list) = &self.recipe.list else { return Err(RecipeError::NoPart { part: "fields" }) };
        let mut items = Vec::new();
        for (name, item) in selected(list, self.source, &self.recipe.place)? {
            if let Some(value) = judge(list, &name, item.as_ref())? {
                items.push(ListItem { name, value: ItemValue::Text(value) });
            }
        }
        for (name, pieces) in &list.add {
            items.push(ListItem { name: name.clone(), value: ItemValue::Added(self.pieces(pieces)?) });
        }
        sort(&mut items, list.order);
        let mut text = SignedText::default();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                text.join(&self.plain(&list.join)?);
            }
            text.join(&self.pair(&list.pair, item)?);
        }
        Ok(text)
    }

    fn pair(&self, pair: &[PairPiece], item: &ListItem) -> Result<SignedText, RecipeError> {
        let mut text = SignedText::default();
        for piece in pair {
            text.join(&match (piece, &item.value) {
                (PairPiece::Literal(literal), _) => self.plain(literal)?,
                (PairPiece::Name, _) => self.plain(&item.name)?,
                (PairPiece::Value(filters), ItemValue::Text(value)) => {
                    self.of_field(&item.name, &filtered(value, filters))?
                }
                (PairPiece::Value(filters), ItemValue::Added(value)) => self.added(value, filters)?,
            });
        }
        Ok(text)
    }

    /// An added value; a filter over it works on the unmasked text, and shows nothing of it but the mask.
    fn added(&self, value: &SignedText, filters: &[ir::Filter]) -> Result<SignedText, RecipeError> {
        if filters.is_empty() {
            return Ok(value.clone());
        }
        let plain = text::decode(self.charset, value.bytes()).ok_or(RecipeError::Charset)?;
        if value.masked() == plain {
            self.plain(&filtered(&plain, filters))
        } else {
            self.secret(&filtered(&plain, filters))
        }
    }
}
