//! What they send: from raw bytes to verified values.
//!
//! Nothing is read before the signature fits; then the message must be the notice that it claims to be, complete,
//! and for the configured merchant. Query and body together are the message, as the language says.

use payspec_codegen::ir::{self, Callback, ReceivedField, Word};

use crate::incoming::{self, Incoming, Parameters, Refusal};
use crate::read::{Raw, Reading};
use crate::signed_text::{MASK, SignedText};
use crate::stored::Stored;
use crate::supplied::Supplied;
use crate::value::Map;
use crate::view::View;
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
    /// The text that was signed, of several recipes that of the last; empty for a return that is not signed.
    pub text: SignedText,
    /// Every composed text by name, in the order of signing, those of parts (`recipe.part`) before their recipe.
    pub texts: Vec<(String, SignedText)>,
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
        self.verify_callback_with(callback, incoming, &Supplied::default())
    }

    /// The same with given values, and with a clock for `tolerance`.
    ///
    /// # Errors
    /// As [`Interpreter::verify_callback`].
    pub fn verify_callback_with(
        &self,
        callback: &str,
        incoming: &Incoming<'_>,
        supplied: &Supplied,
    ) -> Result<Verified, Refusal> {
        let (callback, letter) = self.letter(callback, incoming)?;
        let parameters = self.parameters_of(callback, &letter)?;
        self.refuse_other_algorithm(
            callback,
            &self.typed_parameters(callback, &letter, incoming)?,
            incoming,
        )?;
        let view = self.view_of_callback(callback, &parameters, incoming);
        let checked = self.check_view(&callback.signature, view, supplied, true)?;
        let opened =
            checked.opened.iter().fold(letter.clone(), |letter, (path, plain)| letter.opened(path, plain));
        let parameters = self.typed_parameters(callback, &opened, incoming)?;
        let read = self.read_callback(callback, &parameters, incoming)?;
        Ok(Verified { reading: checked.reading, text: checked.text, texts: checked.texts, ..read })
    }

    /// The texts that the recipes of a callback compose for this message, whether or not the signature fits: by name,
    /// in the order of signing, those of parts (`recipe.part`) before their recipe. Of several readings the first.
    ///
    /// # Errors
    /// [`Refusal`]: the message cannot be read, or a recipe cannot be applied to it.
    pub fn received_texts(
        &self,
        callback: &str,
        incoming: &Incoming<'_>,
        supplied: &Supplied,
    ) -> Result<Vec<(String, SignedText)>, Refusal> {
        let (callback, letter) = self.letter(callback, incoming)?;
        let parameters = self.parameters_of(callback, &letter)?;
        let view = self.view_of_callback(callback, &parameters, incoming);
        Ok(self.check_view(&callback.signature, view, supplied, false)?.texts)
    }

    /// The callback of this name, and the message in one of its shapes, decoded.
    pub(crate) fn letter(&self, name: &str, incoming: &Incoming<'_>) -> Result<(&Callback, Letter), Refusal> {
        let callback = self.callback(name).ok_or_else(|| Refusal::UnknownName { name: name.to_owned() })?;
        incoming::refuse_too_large(incoming.query, incoming.body)?;
        let shape = incoming::shape(incoming, &callback.receive)?;
        let (query, body) = (self.read_form(incoming.query)?, self.read_body(shape, incoming)?);
        let letter = Letter { query, body };
        // What the recipe signs trimmed is read trimmed: a padded copy of a notice is the same notice.
        if self.is_trimmed(&callback.signature) {
            self.parameters_of(callback, &letter)?;
            return Ok((callback, letter.trimmed()?));
        }
        Ok((callback, letter))
    }

    /// Query and body together are the message.
    pub(crate) fn parameters_of<'l>(
        &self,
        callback: &Callback,
        letter: &'l Letter,
    ) -> Result<Parameters<'l>, Refusal> {
        let parameters = Parameters { query: letter.query.parameters()?, body: letter.body.parameters()? };
        match self.repeated(&callback.signature) {
            ir::Repeated::Refuse => parameters.refuse_repeated(false),
            ir::Repeated::Each | ir::Repeated::Distinct => Ok(parameters),
        }
    }

    /// What typed fields are read from.
    fn typed_parameters<'l>(
        &self,
        callback: &Callback,
        letter: &'l Letter,
        incoming: &Incoming<'_>,
    ) -> Result<Parameters<'l>, Refusal> {
        let parameters = self.parameters_of(callback, letter)?;
        let is_alone = self.reads_body_alone(callback, incoming);
        Ok(if is_alone { Parameters { query: Vec::new(), ..parameters } } else { parameters })
    }

    /// Where the body is signed as it is, anybody can append parameters to the address: they are no fields.
    fn reads_body_alone(&self, callback: &Callback, incoming: &Incoming<'_>) -> bool {
        incoming.method == "POST" && self.provider.reads_body_alone(&callback.signature)
    }

    pub(crate) fn view_of_callback(
        &self,
        callback: &Callback,
        parameters: &Parameters<'_>,
        incoming: &Incoming<'_>,
    ) -> View {
        let hidden = self.hidden_received(&callback.fields);
        View {
            method: Some(incoming.method.to_owned()),
            url: incoming.url.map(str::to_owned),
            raw_query: std::str::from_utf8(incoming.query).ok().map(str::to_owned),
            headers: incoming.headers.to_vec(),
            query: incoming::nodes(&parameters.query),
            body: incoming::nodes(&parameters.body),
            raw_body: incoming.body.to_vec(),
            body_alone: self.reads_body_alone(callback, incoming),
            shown_body: (!hidden.is_empty()).then(|| MASK.to_owned()),
            hidden,
            ..View::default()
        }
    }

    /// Before anything is verified: the message may only agree with the configured algorithm.
    fn refuse_other_algorithm(
        &self,
        callback: &Callback,
        parameters: &Parameters<'_>,
        incoming: &Incoming<'_>,
    ) -> Result<(), Refusal> {
        for received in &callback.fields {
            let name = &received.field.name.wire;
            let Some(path) = received.equals.as_ref().filter(|path| self.is_choice(path)) else { continue };
            let raw = received_raw(received, parameters, incoming)?;
            let theirs = self.read_field(name, &received.field, raw)?;
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

    fn read_callback(
        &self,
        callback: &Callback,
        parameters: &Parameters<'_>,
        incoming: &Incoming<'_>,
    ) -> Result<Verified, Refusal> {
        let read = |received: &ReceivedField| -> Result<Option<Reading>, Refusal> {
            let raw = received_raw(received, parameters, incoming)?;
            Ok(self.read_field(&received.field.name.wire, &received.field, raw)?)
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
        let mut extra = Map::new();
        for (name, parameter) in parameters.all() {
            let is_listed = field(name).is_some_and(|received| received.header.is_none());
            if !is_listed && !extra.contains(name) {
                extra.insert(name.clone(), extra_text(&parameter.raw()));
            }
        }
        Ok(Verified { values, extra, outcome, reading: 0, text: SignedText::default(), texts: Vec::new() })
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

/// A message, decoded, its parts kept in the form in which they are read.
#[derive(Clone)]
pub(crate) struct Letter {
    query: Stored,
    body: Stored,
}

impl Letter {
    fn trimmed(self) -> Result<Self, Refusal> {
        Ok(Self { query: self.query.trimmed()?, body: self.body.trimmed()? })
    }

    /// With the plain text in place of what was encrypted, wherever that stood.
    fn opened(self, path: &ir::FieldPath, plain: &str) -> Self {
        if self.query.has_pair(path.first()) {
            Self { query: self.query.opened(path, plain), ..self }
        } else {
            Self { body: self.body.opened(path, plain), ..self }
        }
    }
}

/// The value of a field: of the message, or of a header, which may not be there twice.
fn received_raw<'m>(
    received: &ReceivedField,
    parameters: &'m Parameters<'_>,
    incoming: &Incoming<'m>,
) -> Result<Option<Raw<'m>>, Refusal> {
    match &received.header {
        Some(header) => header_raw(incoming.headers, header),
        None => Ok(parameters.get(&received.field.name.wire).map(|value| value.raw())),
    }
}

/// The value of a header.
pub(crate) fn header_raw<'m>(
    headers: &'m [(String, String)],
    name: &str,
) -> Result<Option<Raw<'m>>, Refusal> {
    let mut found = headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => Err(Refusal::RepeatedField { name: name.to_owned() }),
        (Some((_, value)), None) => Ok(Some(Raw::Text(value.trim_matches([' ', '\t'])))),
        (None, _) => Ok(None),
    }
}

/// A value that the spec does not list, as JSON text.
fn extra_text(raw: &Raw<'_>) -> String {
    match raw {
        Raw::Text(text) => json::quote(text),
        Raw::Json(json) => json.raw.to_owned(),
    }
}
