//! What they send: from raw bytes to verified values.
//!
//! Nothing is read before the signature fits; then the message must be the notice that it claims to be, complete,
//! and for the configured merchant. Query and body together are the message, as the language says.

use payspec_codegen::ir::{self, Callback, ReceivedField, Word};

use crate::incoming::{self, Incoming, Parameters, Refusal};
use crate::read::{Raw, Reading};
use crate::recipe::Source;
use crate::seal::Unverified;
use crate::signed_text::SignedText;
use crate::value::Map;
use crate::{Interpreter, json, outcome, time};

/// A callback whose signature fitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The fields of the spec that are there, by wire name, as canonical text.
    pub values: Map<String>,
    /// What else came, as JSON text: of a form, as JSON strings.
    pub extra: Map<String>,
    /// What it means for money; `None` where the spec does not say.
    pub outcome: Option<Word>,
    /// Which reading of the recipe fitted: 0 is the recipe itself, then `also_accept` in order.
    pub reading: usize,
    /// The text that was signed; empty for a return that is not signed.
    pub text: SignedText,
}

impl Verified {
    /// The very bytes that the signature covers, secrets included. Not for logs.
    #[must_use]
    pub fn base_text(&self) -> &[u8] {
        self.text.bytes()
    }
}

impl Interpreter {
    /// Verifies and reads a callback.
    ///
    /// `callback` is a name of the spec.
    ///
    /// # Errors
    /// [`Refusal`] says what is wrong; nothing of the message may be believed then.
    pub fn verify_callback(&self, callback: &str, incoming: &Incoming<'_>) -> Result<Verified, Refusal> {
        let callback =
            self.callback(callback).ok_or_else(|| Refusal::UnknownName { name: callback.to_owned() })?;
        incoming::refuse_too_large(incoming.query, incoming.body)?;
        let shape = incoming::shape(incoming, &callback.receive)?;
        let trim = self
            .recipe(&callback.signature)
            .and_then(|recipe| recipe.list.as_ref())
            .is_some_and(|list| list.trim);
        let json = match shape {
            ir::Receive::PostJson if trim => incoming::trimmed_members(&self.body_text(incoming.body)?)?,
            ir::Receive::PostJson => self.body_text(incoming.body)?,
            ir::Receive::PostForm | ir::Receive::GetQuery => String::new(),
        };
        let body = match shape {
            ir::Receive::GetQuery => Vec::new(),
            ir::Receive::PostForm => self.read_form(incoming.body)?,
            ir::Receive::PostJson => incoming::read_members(&json)?,
        };
        let parameters =
            Parameters { query: self.read_form(incoming.query)?, body }.refuse_repeated(false)?;
        // What the recipe signs trimmed is read trimmed: a padded copy of a notice is the same notice.
        let parameters = if trim { parameters.trimmed().refuse_repeated(false)? } else { parameters };
        self.refuse_other_algorithm(callback, &parameters)?;
        let (reading, text) = self.verify(&callback.signature, &parameters, incoming)?;
        let read = self.read_callback(callback, &parameters)?;
        Ok(Verified { reading, text, ..read })
    }

    /// Before anything is verified: the message may only agree with the configured algorithm.
    fn refuse_other_algorithm(
        &self,
        callback: &Callback,
        parameters: &Parameters<'_>,
    ) -> Result<(), Refusal> {
        for received in &callback.fields {
            let name = &received.field.name.wire;
            let Some(path) = received.equals.as_ref().filter(|path| self.is_choice(path)) else { continue };
            let theirs =
                self.read_field(name, &received.field, parameters.get(name).map(|value| value.raw()))?;
            let ours = self.public_text(path);
            if theirs.is_some_and(|theirs| Some(theirs.canonical.as_str()) != ours) {
                return Err(Refusal::OtherAlgorithm { name: name.clone() });
            }
        }
        Ok(())
    }

    fn is_choice(&self, path: &ir::CredentialPath) -> bool {
        matches!(self.settings.credential(path), Some(crate::CredentialValue::Choice { .. }))
    }

    fn verify(
        &self,
        signature: &ir::Signature,
        parameters: &Parameters<'_>,
        incoming: &Incoming<'_>,
    ) -> Result<(usize, SignedText), Refusal> {
        let Some(recipe) = self.recipe(signature) else { return Ok((0, SignedText::default())) };
        let (query, body) = (parameters.query_items(), parameters.body_items());
        let source = Source {
            query: &query,
            body: &body,
            method: incoming.method,
            raw_body: incoming.body,
            ..Source::default()
        };
        let received = received_signature(parameters, &recipe.place)?;
        self.verify_readings(recipe, &source, received)
    }

    /// Tries the recipe and its further readings in order. Where there are further ones, a reading that cannot be
    /// applied does not fit; a single one says what is wrong.
    pub(crate) fn verify_readings(
        &self,
        recipe: &ir::Recipe,
        source: &Source<'_>,
        received: &str,
    ) -> Result<(usize, SignedText), Refusal> {
        let readings =
            std::iter::once(recipe).chain(recipe.also_accept.iter().map(|reading| &reading.recipe));
        for (index, reading) in readings.enumerate() {
            let text = match self.signed_text(reading, source) {
                Ok(text) => text,
                Err(error) if recipe.also_accept.is_empty() => return Err(Refusal::Recipe(error)),
                Err(_) => continue,
            };
            match self.unseal(&reading.seal, text.bytes(), received) {
                Ok(()) => return Ok((index, text)),
                Err(Unverified::Malformed) => return Err(Refusal::MalformedSignature),
                Err(Unverified::Seal(error)) => return Err(Refusal::Seal(error)),
                Err(Unverified::Mismatch) => {}
            }
        }
        Err(Refusal::SignatureMismatch)
    }

    fn read_callback(&self, callback: &Callback, parameters: &Parameters<'_>) -> Result<Verified, Refusal> {
        let read = |received: &ReceivedField| -> Result<Option<Reading>, Refusal> {
            let name = &received.field.name.wire;
            let raw = parameters.get(name).map(|value| value.raw());
            Ok(self.read_field(name, &received.field, raw)?)
        };
        let field = |name: &str| callback.fields.iter().find(|received| received.field.name.wire == name);
        // What cannot be read is certainly not the notice that is asked for.
        let told: Map<String> = callback
            .when
            .0
            .iter()
            .filter_map(|(name, _)| Some((name.wire.clone(), read(field(&name.wire)?).ok()??.canonical)))
            .collect();
        let fields: Vec<&ir::Field> = callback.fields.iter().map(|received| &received.field).collect();
        if !outcome::holds(&callback.when, &fields, &told) {
            return Err(Refusal::OtherNotice);
        }
        let mut values = Map::new();
        for received in &callback.fields {
            if let Some(reading) = read(received)? {
                values.insert(received.field.name.wire.clone(), reading.canonical);
            }
        }
        self.refuse_somebody_else(&callback.fields, &values)?;
        self.refuse_stale(callback, &values)?;
        let outcome = callback
            .outcome
            .as_ref()
            .map(|outcome| outcome::judge(&self.provider, outcome, &fields, &values));
        let extra = parameters
            .all()
            .filter(|(name, _)| field(name).is_none())
            .map(|(name, parameter)| (name.clone(), extra_text(&parameter.raw())))
            .collect();
        Ok(Verified { values, extra, outcome, reading: 0, text: SignedText::default() })
    }

    /// Refuses what was sent too long ago, or in the future, if the settings say how long is too long.
    fn refuse_stale(&self, callback: &Callback, values: &Map<String>) -> Result<(), Refusal> {
        let (Some(fresh), Some(name)) = (self.settings.fresh, &callback.sent_at) else { return Ok(()) };
        let sent = callback.fields.iter().find_map(|received| match &received.field.kind {
            ir::Kind::Timestamp(format) if received.field.name == *name => {
                time::from_canonical_instant(format, values.get(&name.wire)?)
            }
            _ => None,
        });
        let missing = || Refusal::MissingField { name: name.wire.clone() };
        let away = fresh.now.unix_millis().abs_diff(sent.ok_or_else(missing)?.unix_millis());
        if u128::from(away) > fresh.max_age.as_millis() {
            return Err(Refusal::Stale { name: name.wire.clone(), seconds: away / 1000 });
        }
        Ok(())
    }

    fn refuse_somebody_else(&self, fields: &[ReceivedField], values: &Map<String>) -> Result<(), Refusal> {
        match self.not_ours(fields, values) {
            Some(name) => Err(Refusal::ForSomebodyElse { name: name.to_owned() }),
            None => Ok(()),
        }
    }

    /// The first field that is there and is not the credential that it must equal.
    pub(crate) fn not_ours<'f>(&self, fields: &'f [ReceivedField], values: &Map<String>) -> Option<&'f str> {
        fields.iter().find_map(|received| {
            let name = received.field.name.wire.as_str();
            let ours = self.public_text(received.equals.as_ref()?);
            values.get(name).filter(|theirs| Some(theirs.as_str()) != ours).map(|_| name)
        })
    }
}

/// The text of the signature.
pub(crate) fn received_signature<'a>(
    parameters: &'a Parameters<'_>,
    place: &str,
) -> Result<&'a str, Refusal> {
    let name = || place.to_owned();
    match parameters.get(place).map(|value| value.raw()) {
        None => Err(Refusal::MissingSignature { name: name() }),
        Some(Raw::Text("")) => Err(Refusal::EmptySignature { name: name() }),
        Some(Raw::Text(text)) => Ok(text),
        Some(Raw::Json(json::Json { kind, .. })) => match kind {
            json::JsonKind::Null => Err(Refusal::MissingSignature { name: name() }),
            json::JsonKind::Text(text) if text.is_empty() => Err(Refusal::EmptySignature { name: name() }),
            json::JsonKind::Text(text) => Ok(text),
            _ => Err(Refusal::MalformedSignature),
        },
    }
}

/// A value that the spec does not list, as JSON text.
fn extra_text(raw: &Raw<'_>) -> String {
    match raw {
        Raw::Text(text) => json::quote(text),
        Raw::Json(json) => json.raw.to_owned(),
    }
}
