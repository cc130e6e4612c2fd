//! From a rule and a message to the text that is sealed.
//!
//! The composer is handed a view of a message and what is known beside it (given and fresh values, results of parts),
//! and puts the pieces of a template one behind the other, the list among them. It works the same for what we send
//! and for what came in, and never uses the order that the compiler has worked out. Sealing and placing are elsewhere.

use payspec_codegen::ir::{self, Filter, MessagePart, Operand, Piece, Repeated};

use crate::Interpreter;
use crate::credentials::CredentialValue;
use crate::filter::{self, Content};
use crate::node::Node;
use crate::notes::Notes;
use crate::signed_text::{MASK, RecipeError, SignedText};
use crate::text;
use crate::view::View;

/// A value that is known beside the message.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) content: Content,
    /// It may not be shown.
    pub(crate) hidden: bool,
}

impl Known {
    /// The result of a part. It is not shown: a nested digest may be a key.
    pub(crate) fn part(part: &ir::Recipe, content: Content) -> Self {
        Self { name: part.name.wire.clone(), content, hidden: true }
    }
}

/// What is known beside the message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beside {
    pub(crate) given: Vec<Known>,
    pub(crate) fresh: Vec<Known>,
    pub(crate) parts: Vec<Known>,
}

impl Beside {
    pub(crate) fn fresh_value(&self, name: &str) -> Option<&Known> {
        self.fresh.iter().find(|known| known.name == name)
    }
}

/// A recipe, or a part of one, applied to a message.
pub(crate) struct Composer<'a> {
    pub(crate) interpreter: &'a Interpreter,
    pub(crate) recipe: &'a ir::Recipe,
    pub(crate) view: &'a View,
    pub(crate) beside: &'a Beside,
    pub(crate) charset: ir::Charset,
    /// Names and dotted paths that take no part in lists: where signatures stand.
    pub(crate) own: &'a [String],
    /// The fresh values of the recipe around.
    pub(crate) fresh: &'a [ir::Fresh],
    /// What becomes of names that the message has twice.
    pub(crate) repeated: Repeated,
}

impl Composer<'_> {
    /// The text of the recipe.
    pub(crate) fn text(&self) -> Result<SignedText, RecipeError> {
        self.note(|notes| notes.begin(self));
        let text = self
            .pieces(&self.recipe.text)
            .and_then(|text| filter::transform(text, &self.recipe.transform, self.charset));
        self.note(|notes| notes.end(&text));
        text
    }

    /// Tells whoever wants to know.
    pub(crate) fn note(&self, tell: impl FnOnce(&Notes)) {
        if let Some(notes) = &self.view.notes {
            tell(notes);
        }
    }

    pub(crate) fn pieces(&self, pieces: &[Piece]) -> Result<SignedText, RecipeError> {
        let mut text = SignedText::default();
        for piece in pieces {
            text.join(&match piece {
                Piece::Literal(literal) => self.plain(literal)?,
                Piece::List => self.list()?,
                Piece::ListNames => self.list_names()?,
                Piece::Signature => return Err(RecipeError::NoPart { part: "signature" }),
                Piece::Value { from, filters } => self.value(from, filters)?,
            });
        }
        Ok(text)
    }

    pub(crate) fn plain(&self, text: &str) -> Result<SignedText, RecipeError> {
        SignedText::plain(text, self.charset)
    }

    /// The value of a field, which may have to be shown in another way.
    pub(crate) fn of_field(&self, field: &str, text: &str) -> Result<SignedText, RecipeError> {
        let plain = self.plain(text)?;
        Ok(match self.view.shown_field(field) {
            Some(shown) => plain.shown_as(shown),
            None => plain,
        })
    }

    /// The value of a field after filters, which may make bytes of it.
    pub(crate) fn field_text(
        &self,
        field: &str,
        text: String,
        filters: &[Filter],
    ) -> Result<SignedText, RecipeError> {
        let text = self.written(Content::Text(text), filters, false)?;
        Ok(match self.view.shown_field(field) {
            // Where nothing stands, nothing is hidden.
            Some(shown) if !text.bytes().is_empty() => text.shown_as(shown),
            _ => text,
        })
    }

    /// A value of a template, filtered.
    pub(crate) fn value(&self, from: &Operand, filters: &[Filter]) -> Result<SignedText, RecipeError> {
        let value = self.operand(from, filters)?;
        self.note(|notes| notes.operand(from, &value));
        Ok(value)
    }

    fn operand(&self, from: &Operand, filters: &[Filter]) -> Result<SignedText, RecipeError> {
        match from {
            Operand::Field(path) => {
                let text = self.field_text(path.first(), self.field(path)?, filters)?;
                // What is shown of JSON with personal data in it is all of it but that; inside, only the mask.
                Ok(if path.simple().is_none() && text.is_hidden() { text.shown_as(MASK) } else { text })
            }
            Operand::Credential(path) => {
                let (content, hidden) = self.interpreter.credential_content(path)?;
                self.written(content, filters, hidden)
            }
            Operand::Given(name) => {
                let not_given = || RecipeError::NotGiven { name: name.clone() };
                self.known(
                    self.beside.given.iter().find(|known| known.name == *name).ok_or_else(not_given)?,
                    filters,
                )
            }
            Operand::Fresh(name) => {
                let missing = || RecipeError::Fresh { name: name.clone() };
                self.known(self.beside.fresh_value(name).ok_or_else(missing)?, filters)
            }
            Operand::Part(name) => {
                let missing = RecipeError::NoPart { part: "part" };
                self.known(
                    self.beside.parts.iter().find(|known| known.name == *name).ok_or(missing)?,
                    filters,
                )
            }
            Operand::Header(name) => {
                let header = self.view.header(name)?;
                let text = match (header, &self.recipe.empties) {
                    (None, empties) => self.nothing(name, &empties.absent)?,
                    (Some(""), empties) => self.nothing(name, &empties.empty)?,
                    (Some(text), _) => text.to_owned(),
                };
                self.written(Content::Text(text), filters, false)
            }
            Operand::Message(part) => self.of_message(*part, filters),
        }
    }

    /// What stands in a template where there is nothing: it can leave nothing out.
    fn nothing(&self, name: &str, action: &ir::EmptyAction) -> Result<String, RecipeError> {
        match action {
            ir::EmptyAction::Keep => Ok(String::new()),
            ir::EmptyAction::As(text) => Ok(text.clone()),
            ir::EmptyAction::Drop | ir::EmptyAction::Refuse => {
                Err(RecipeError::Empty { name: name.to_owned() })
            }
        }
    }

    fn known(&self, known: &Known, filters: &[Filter]) -> Result<SignedText, RecipeError> {
        self.written(known.content.clone(), filters, known.hidden)
    }

    pub(crate) fn written(
        &self,
        content: Content,
        filters: &[Filter],
        hidden: bool,
    ) -> Result<SignedText, RecipeError> {
        let text = match filter::apply_all(content, filters, self.charset)? {
            Content::Text(text) => self.plain(&text)?,
            Content::Bytes(bytes) => {
                let shown = text::decode(self.charset, &bytes);
                let shown = shown.unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned());
                raw(bytes, shown)
            }
        };
        Ok(if hidden { text.shown_as(MASK) } else { text })
    }

    fn filtered_text(&self, text: String, filters: &[Filter]) -> Result<String, RecipeError> {
        filter::apply_all(Content::Text(text), filters, self.charset)?.text(self.charset)
    }

    fn of_message(&self, part: MessagePart, filters: &[Filter]) -> Result<SignedText, RecipeError> {
        let view = self.view;
        let text = match part {
            MessagePart::Method => view.method()?,
            MessagePart::Host => view.host()?,
            MessagePart::Path => view.path()?,
            MessagePart::Query => view.query()?,
            MessagePart::Target => view.target()?,
            MessagePart::Url => view.url()?,
            MessagePart::Payload => {
                let payload = view.payload.as_deref().ok_or(RecipeError::NoPart { part: "payload" })?;
                let text = self.written(Content::Text(payload.to_owned()), filters, true)?;
                return Ok(text);
            }
            MessagePart::Body => {
                let text = self.raw(&view.raw_body, filters)?;
                return Ok(match &view.shown_body {
                    Some(shown) => self.shown_as_filtered(text, shown, filters),
                    None => text,
                });
            }
            MessagePart::Result => {
                let result = view.result.as_deref().ok_or(RecipeError::NoPart { part: "result" })?;
                let text = self.raw(result, filters)?;
                return Ok(match &view.shown_result {
                    Some(shown) => self.shown_as_filtered(text, shown, filters),
                    None => text,
                });
            }
        };
        self.written(Content::Text(text.to_owned()), filters, false)
    }

    fn shown_as_filtered(&self, text: SignedText, shown: &str, filters: &[Filter]) -> SignedText {
        let shown = self.filtered_text(shown.to_owned(), filters);
        text.shown_as(&shown.unwrap_or_else(|_| MASK.to_owned()))
    }

    /// Raw bytes stay as they are; only a filter has to read them. They are shown in the charset of the message.
    fn raw(&self, bytes: &[u8], filters: &[Filter]) -> Result<SignedText, RecipeError> {
        if filters.is_empty() {
            let shown = text::decode(self.interpreter.charset, bytes);
            let shown = shown.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned());
            return Ok(raw(bytes.to_vec(), shown));
        }
        self.written(Content::Bytes(bytes.to_vec()), filters, false)
    }

    /// A field in a template: nothing can be left out there, so `drop` counts as `refuse`. Where the recipe has a list,
    /// values are written as there.
    fn field(&self, path: &ir::FieldPath) -> Result<String, RecipeError> {
        let node = self.view.at(&path.0)?;
        let name = path.dotted();
        let empty = || RecipeError::Empty { name: name.clone() };
        let list = self.recipe.list.as_ref();
        match node.as_ref().and_then(Node::nested) {
            Some(raw) if list.is_some_and(|list| list.nested == ir::Nested::Raw) => Ok(raw.to_owned()),
            _ => self.judged(&self.recipe.empties, list, &name, node.as_ref())?.ok_or_else(empty),
        }
    }
}

fn raw(bytes: Vec<u8>, shown: String) -> SignedText {
    SignedText::whole(bytes, shown, false)
}

impl Interpreter {
    /// A credential as templates see it, and whether it is a secret.
    pub(crate) fn credential_content(
        &self,
        path: &ir::CredentialPath,
    ) -> Result<(Content, bool), RecipeError> {
        let missing = RecipeError::NoPart { part: "credential" };
        match self.settings.credential(path) {
            Some(CredentialValue::Secret(secret)) => {
                let content = match self.settings.decode_of(&self.provider, path) {
                    ir::Decode::Text => Content::Text(secret.expose().to_owned()),
                    decode => Content::Bytes(crate::credentials::decoded(secret, decode).ok_or(missing)?),
                };
                Ok((content, true))
            }
            _ => {
                let text = self.public_text(path).ok_or(missing)?;
                Ok((Content::Text(text.to_owned()), false))
            }
        }
    }
}
