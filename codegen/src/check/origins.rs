//! Where the value of a sent field comes from: `from:`, `fixed:`, the signature, or the caller.

use std::collections::BTreeSet;

use super::Context;
use super::fields::Lowered;
use super::operations::Written;
use super::references::Public;
use crate::diagnostic::Code;
use crate::ir::{self, Kind, Origin};
use crate::model;
use crate::read::Spanned;

impl Context<'_> {
    /// Where the value of a field comes from.
    pub(super) fn origin(&self, lowered: &Lowered<'_>, entry: &Written) -> Origin {
        let field = &lowered.field;
        match (&field.kind, &lowered.model.from) {
            (Kind::Signature, None) => return Origin::Signature,
            (Kind::Fixed(text), None) => return Origin::Constant(text.clone()),
            (Kind::Signature | Kind::Fixed(_), Some(from)) => {
                let message =
                    format!("`from` does not apply to `{}`, whose value is certain", field.name.wire);
                self.mistake(Code::KeyDoesNotApply, from.span, message, "remove it");
                return Origin::Caller;
            }
            (_, None) => return Origin::Caller,
            (_, Some(from)) => self.reference(from, lowered, entry),
        }
        .unwrap_or(Origin::Caller)
    }

    fn reference(&self, from: &Spanned<String>, lowered: &Lowered<'_>, entry: &Written) -> Option<Origin> {
        let field = &lowered.field;
        let wire = &field.name.wire;
        let origin = match from.split_once('.') {
            None if from.value == "now" => return Some(self.now_origin(from, field)),
            None if from.value == "nonce" => {
                self.not_yet(from.span, "`from: nonce`");
                return None;
            }
            Some(("credentials", _)) => {
                let where_ = format!("field `{wire}` is `from: {from}`");
                let (path, Public::Text | Public::Word) = self.public_credential(from, &where_)?;
                Origin::Credential(path)
            }
            Some(("options", name)) => self.option_origin(from, name, field)?,
            Some(("tokens", name)) => self.token_origin(from, name),
            Some(("constants", name)) => Origin::Constant(self.constant(from, name, entry)?),
            _ => {
                let message = format!("`{from}` leads nowhere");
                let mend = "write `credentials.x`, `options.x`, `tokens.x`, `constants.x` or `now`";
                self.mistake(Code::UnknownReference, from.span, message, mend);
                return None;
            }
        };
        let fits = matches!(field.kind, Kind::Text)
            || matches!((&origin, &field.kind), (Origin::Option(_), Kind::Enum(_)));
        if !fits {
            let message = format!("`{wire}` is `from: {from}`, which is text");
            self.mistake(Code::KeyDoesNotApply, from.span, message, "write the field as `text`");
        }
        Some(origin)
    }

    fn option_origin(&self, from: &Spanned<String>, name: &str, field: &ir::Field) -> Option<Origin> {
        let id = self.option_named(name, from.span)?;
        let unset = self.options.get(id.0).is_some_and(|option| option.default.is_none());
        if unset && field.required {
            let message = format!("`{}` is required, and option `{name}` may be unset", field.name.wire);
            let mend = format!("write `{}?`, or give the option a `default`", field.name.wire);
            self.mistake(Code::OptionMayBeUnset, from.span, message, mend);
        }
        Some(Origin::Option(id))
    }

    /// A constant of an operation.
    pub(super) fn constant(&self, from: &Spanned<String>, name: &str, entry: &Written) -> Option<String> {
        let constants = &entry.value.constants;
        let found = constants.get(name).map(|text| text.value.clone());
        if found.is_none() {
            let message = format!("operation `{}` has no constant `{name}`, which `{from}` names", entry.key);
            self.unknown(Code::UnknownReference, entry.key.span, message, name, constants.keys());
        }
        found
    }

    pub(super) fn constants_are_used(
        &self,
        operation: &model::Operation,
        envelope: Option<&model::Envelope>,
    ) {
        let common = envelope.and_then(|envelope| envelope.request.as_ref()).map(|request| &request.fields);
        let fields =
            common.into_iter().chain([&operation.outer, &operation.fields]).flat_map(|map| map.iter());
        let from = fields.filter_map(|entry| entry.value.from.as_ref());
        let data = envelope.and_then(|e| e.response.as_ref()).and_then(|r| r.data.as_ref());
        let member = data.and_then(|data| data.member.as_ref());
        let used: BTreeSet<&str> =
            from.chain(member).filter_map(|text| text.strip_prefix("constants.")).collect();
        for entry in operation.constants.iter().filter(|entry| !used.contains(entry.key.value.as_str())) {
            let message = format!("nothing uses the constant `{}`", entry.key);
            self.unknown(Code::UnknownReference, entry.key.span, message, &entry.key, used.iter().copied());
        }
    }

    fn now_origin(&self, from: &Spanned<String>, field: &ir::Field) -> Origin {
        if !matches!(field.kind, Kind::Timestamp(_) | Kind::Date(_)) {
            let message = format!("`{}` is `from: now` and no time", field.name.wire);
            self.mistake(Code::KeyDoesNotApply, from.span, message, "write it as `timestamp` or `date`");
        }
        Origin::Now
    }

    fn token_origin(&self, from: &Spanned<String>, name: &str) -> Origin {
        if self.file.tokens.get(name).is_none() {
            let message = format!("unknown token `{name}`");
            self.unknown(Code::UnknownToken, from.span, message, name, self.file.tokens.keys());
        }
        Origin::Token
    }
}
