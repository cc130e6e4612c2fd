//! Executes a checked spec directly, without generated code.
//!
//! The interpreter reads the same IR as the emitter and does the same things in the plainest way: maps, strings,
//! one step after the other. It is the oracle that compiled clients are compared with, and it serves the command
//! line and the fake provider, since every recipe runs in both directions. With the runtime it shares digests, key
//! operations and charset tables, and nothing else: two readings of one spec prove something only where they were
//! written twice.
//!
//! | what | how |
//! |---|---|
//! | a signed request | [`Interpreter::prepare`] |
//! | the answer to it | [`Interpreter::read_reply`] |
//! | a callback | [`Interpreter::verify_callback`] |
//! | a recipe alone, over any pairs | [`Interpreter::recipe_text`], [`Interpreter::recipe_signature`], [`Interpreter::recipe_accepts`] |
//! | what became of each field, and why | [`Interpreter::account_of_request`], [`Interpreter::account_of_callback`] |
//! | the texts of a message, fitting or not | [`Interpreter::received_texts`], [`Interpreter::request_texts`], [`Interpreter::reply_texts`] |
//! | the other side: requests that come in, signed answers and callbacks | [`Interpreter::check_request`], [`Interpreter::sign_reply`], [`Interpreter::sign_callback`] |
//!
//! # Canonical text
//! Values that come out are text, in a form of their own, so that two readers can be compared:
//! text, URLs, durations and enumerations as they are; integers as decimal digits; decimals as received without
//! leading zeros; yuan with two decimals, fen whole; instants as Unix seconds (milliseconds if the format has
//! them); days as `yyyy-MM-dd`; flags as `true` or `false`; lists, objects and raw JSON as the JSON text that was
//! received; JSON inside a text as that text.

mod account;
mod answer;
mod bytes;
mod callback;
mod compose;
mod credentials;
mod draft;
mod elements;
mod ending;
mod fate;
mod filter;
mod form;
mod fresh;
mod gateway;
mod hidden;
mod incoming;
mod json;
mod list;
mod money;
mod multipart;
mod node;
mod notes;
mod notice;
mod opened;
mod outcome;
mod place;
mod read;
mod recipe;
mod reply;
mod request;
mod rows;
mod rules;
mod seal;
mod select;
mod sign;
mod signed_text;
mod stored;
mod supplied;
mod telling;
mod text;
mod time;
mod trial;
mod validate;
mod value;
mod verify;
mod view;
pub mod words;
mod write;
mod xml;
mod xml_writer;

use std::sync::Arc;

use payspec_codegen::ir;

pub use self::account::{
    Account, AddedBy, Fate, ListAccount, Nothing, PlaceAccount, RecipeAccount, SealAccount, SignedBy, Source,
    ValueAccount, Why,
};
pub use self::answer::{Answer, GatewayError, ReplyMessage};
pub use self::callback::Verified;
pub use self::credentials::{CredentialValue, Fresh, Settings, SettingsError};
pub use self::ending::{Because, Ending};
pub use self::gateway::ReceivedRequest;
pub use self::incoming::{Incoming, Refusal};
pub use self::json::JsonError;
pub use self::notice::{CallbackMessage, Notice};
pub use self::read::ReadError;
pub use self::request::{Message, PrepareError};
pub use self::seal::SealError;
pub use self::signed_text::{RecipeError, SignedText};
pub use self::supplied::Supplied;
pub use self::time::Instant;
pub use self::trial::{Aim, Seen, TrialField, TrialMessage, TrialStage, TrialValue, Tried};
pub use self::validate::{Problem, Violation};
pub use self::value::{Map, Value};
pub use self::xml::XmlError;

/// Executes the spec of one provider with one set of credentials.
#[derive(Clone, Debug)]
pub struct Interpreter {
    provider: Arc<ir::Provider>,
    settings: Settings,
    charset: ir::Charset,
}

impl Interpreter {
    /// Sets up a client, or a provider: see [`Settings`].
    ///
    /// # Errors
    /// [`SettingsError`] for the first thing that does not fit the spec.
    pub fn new(provider: Arc<ir::Provider>, settings: Settings) -> Result<Self, SettingsError> {
        settings.check(&provider)?;
        let mut interpreter = Self { charset: ir::Charset::Utf8, provider, settings };
        interpreter.charset = interpreter.charset_of(interpreter.provider.defaults.encoding)?;
        interpreter.check_options()?;
        Ok(interpreter)
    }

    /// The spec.
    #[must_use]
    pub fn provider(&self) -> &ir::Provider {
        &self.provider
    }

    /// The operation of this name, as the spec spells it.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&ir::Operation> {
        self.provider.operations.iter().find(|operation| operation.name.wire == name)
    }

    /// The callback of this name, as the spec spells it.
    #[must_use]
    pub fn callback(&self, name: &str) -> Option<&ir::Callback> {
        self.provider.callbacks.iter().find(|callback| callback.name.wire == name)
    }

    /// Chosen options keep the limits of their fields, but for those that need the clock.
    fn check_options(&self) -> Result<(), SettingsError> {
        for option in &self.provider.options {
            let Some(chosen) = self.settings.options.get(&option.field.name.wire) else { continue };
            let name = option.field.name.wire.clone();
            let mut field = ir::Field { required: true, ..option.field.clone() };
            if matches!(field.limits.starts_with, Some(ir::StartsWith::Date { .. })) {
                field.limits.starts_with = None;
            }
            let mut check = validate::Check::new(self, Instant::from_unix_seconds(0));
            check.field(&name, &field, Some(&Value::Text(chosen.clone())), false);
            let broken = check.violations.into_iter().next();
            let problem = broken.map(|violation| violation.problem);
            let problem = problem.or_else(|| chosen.is_empty().then_some(Problem::Missing));
            if let Some(problem) = problem {
                return Err(SettingsError::Option { name, problem });
            }
        }
        Ok(())
    }

    /// What the client chose for an option, or its default.
    fn option(&self, id: ir::OptionId) -> Option<&str> {
        let option = &self.provider[id];
        let chosen = self.settings.options.get(&option.field.name.wire);
        chosen.or(option.default.as_ref()).map(String::as_str)
    }

    fn charset_of(&self, encoding: ir::Encoding) -> Result<ir::Charset, SettingsError> {
        match encoding {
            ir::Encoding::Fixed(charset) => Ok(charset),
            ir::Encoding::Chosen(id) => self
                .option(id)
                .and_then(ir::Charset::from_name)
                .ok_or_else(|| SettingsError::Charset { option: self.provider[id].field.name.wire.clone() }),
        }
    }

    /// Seconds east of UTC. A spec without a zone has no time that needs one.
    fn zone(&self) -> i32 {
        self.provider.defaults.zone.unwrap_or(0)
    }

    /// An instant that a person has written: Unix seconds, or `yyyy-MM-dd HH:mm:ss` in the zone of the spec.
    #[must_use]
    pub fn parse_instant(&self, text: &str) -> Option<Instant> {
        time::parse_instant(text, self.zone())
    }

    fn is_absent(&self, value: &str) -> bool {
        text::is_absent(value, self.provider.defaults.absent_when)
    }

    /// The recipe that the configured credentials lead to, where nothing else decides.
    fn configured_recipe(&self, signature: &ir::Signature) -> Option<&ir::Recipe> {
        match signature {
            ir::Signature::None { .. } | ir::Signature::ByField { .. } | ir::Signature::Several(_) => None,
            ir::Signature::Recipe(id) => Some(&self.provider[*id]),
            ir::Signature::Chosen { by, cases } => {
                let Some(CredentialValue::Choice { alternative, .. }) = self.settings.credential(by) else {
                    return None;
                };
                let case = cases.iter().find(|case| case.alternative.wire == *alternative)?;
                Some(&self.provider[case.recipe])
            }
        }
    }

    /// Public text of a credential: itself, or the provider's word for the chosen alternative.
    #[must_use]
    pub fn public_text(&self, path: &ir::CredentialPath) -> Option<&str> {
        match self.settings.credential(path)? {
            CredentialValue::Text(text) => Some(text),
            CredentialValue::Choice { alternative, .. } => self
                .provider
                .credentials
                .iter()
                .find(|credential| credential.name.wire == path.name.wire)
                .and_then(|credential| match &credential.kind {
                    ir::CredentialKind::Choice(alternatives) => alternatives
                        .iter()
                        .find(|declared| declared.name.wire == *alternative)
                        .map(|declared| declared.wire.as_str()),
                    _ => None,
                }),
            _ => None,
        }
    }
}
