//! Both executions of a recipe over a message that came in, and what they have in common: a text, or a kind of refusal.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use payspec_codegen::{
    compile,
    ir::{Provider, Receive},
};
use payspec_interpreter::{
    GatewayError, Incoming, Instant, Interpreter, Map, Notice, RecipeError, Refusal, Supplied, Value,
};
use payspec_runtime::{CallbackError, FilterError, RecipeError as RuntimeError, TextError};
use sha2::Sha256;

use crate::{
    random::{self, Dice, Draw, Drawn, Shape},
    settings,
    wire::Packet,
};

/// What came of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The signature fits. What was composed, as far as it is known.
    Accepted(Option<Vec<u8>>),
    /// It does not. What was composed, as far as it is known.
    Mismatch(Option<Vec<u8>>),
    /// The message is refused before anything is compared.
    Refused {
        /// In which way, as the table says it.
        kind: &'static str,
        /// In the words of whoever refuses it.
        said: String,
    },
}

/// Now, for everything that needs a clock.
pub const NOW: i64 = 1_700_000_000;

/// The interpreter of a spec.
///
/// # Panics
/// The spec does not compile.
#[must_use]
pub fn interpreter(spec: &str, name: &str) -> Interpreter {
    let compiled = compile(spec, name).unwrap_or_else(|report| panic!("{report}"));
    interpreter_of(compiled.provider)
}

/// The interpreter of a compiled spec.
///
/// # Panics
/// The settings of this crate do not fit it.
#[must_use]
pub fn interpreter_of(provider: Provider) -> Interpreter {
    Interpreter::new(Arc::new(provider), settings::interpreter()).expect("the settings fit")
}

/// What goes with a message: given values, and the clock.
#[must_use]
pub fn supplied(given: &[(String, String)]) -> Supplied {
    Supplied::given(given.iter().cloned().collect::<Map<String>>()).at(Instant::from_unix_seconds(NOW))
}

/// A message for the interpreter.
#[must_use]
pub fn incoming(packet: &Packet) -> Incoming<'_> {
    Incoming::new(&packet.method, &packet.query, packet.content_type.as_deref(), &packet.body)
        .headers(&packet.headers)
        .url(&packet.url)
}

/// A message through the interpreter.
#[must_use]
pub fn interpreted(
    interpreter: &Interpreter,
    callback: &str,
    packet: &Packet,
    given: &[(String, String)],
) -> Outcome {
    let (incoming, supplied) = (incoming(packet), supplied(given));
    let text = || {
        let texts = interpreter.received_texts(callback, &incoming, &supplied).ok()?;
        Some(texts.last()?.1.bytes().to_vec())
    };
    match interpreter.verify_callback_with(callback, &incoming, &supplied) {
        Ok(verified) => Outcome::Accepted(Some(verified.base_text().to_vec())),
        // Read only once the signature fits.
        Err(Refusal::MissingField { .. } | Refusal::BadField { .. }) => Outcome::Accepted(text()),
        Err(Refusal::SignatureMismatch) => Outcome::Mismatch(text()),
        Err(refusal) => Outcome::Refused { kind: kind_of(&refusal), said: format!("{refusal:?}") },
    }
}

fn kind_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::BadPercent => "bad_percent",
        Refusal::BadCharset => "bad_charset",
        Refusal::BadForm => "bad_form",
        Refusal::BadJson(_) => "bad_json",
        Refusal::BadXml(_) => "bad_xml",
        Refusal::RepeatedField { .. } => "repeated",
        Refusal::MissingSignature { .. } | Refusal::EmptySignature { .. } => "place",
        Refusal::Recipe(error) => match error {
            RecipeError::Empty { .. } => "empty",
            RecipeError::Nested { .. } => "nested",
            RecipeError::Repeated { .. } | RecipeError::Header { .. } => "repeated",
            RecipeError::Charset => "unencodable",
            RecipeError::NotJson { .. } => "not_json",
            RecipeError::Names { .. } => "named_in",
            RecipeError::NoList { .. } => "no_list",
            RecipeError::NoElements { .. } => "no_elements",
            RecipeError::NoObject { .. } => "no_object",
            RecipeError::Fresh { .. } => "fresh",
            RecipeError::Place { .. } => "place",
            RecipeError::Filter { filter } => kind_of_filter(filter),
            _ => "recipe",
        },
        _ => "other",
    }
}

fn kind_of_filter(filter: &str) -> &'static str {
    match filter {
        "decimals" | "numbers" => "not_a_number",
        "from-hex" => "not_hex",
        "from-base64" => "not_base64",
        json if json.starts_with("json") => "not_json",
        _ => "unencodable",
    }
}

/// What generated code says, together with the text that it traced.
#[must_use]
pub fn generated(verified: Result<(), CallbackError>, text: Option<Vec<u8>>) -> Outcome {
    match verified {
        Ok(()) => Outcome::Accepted(text),
        Err(error) if error.is_authentic() => Outcome::Accepted(text),
        Err(CallbackError::SignatureMismatch) => Outcome::Mismatch(text),
        Err(error) => Outcome::Refused { kind: kind_of_error(&error), said: format!("{error:?}") },
    }
}

fn kind_of_error(error: &CallbackError) -> &'static str {
    match error {
        CallbackError::BadPercentEncoding { .. } => "bad_percent",
        CallbackError::BadCharset { .. } => "bad_charset",
        CallbackError::BadForm { .. } => "bad_form",
        CallbackError::BadJson(_) => "bad_json",
        CallbackError::BadXml(_) => "bad_xml",
        CallbackError::UnreadableTime => "fresh",
        CallbackError::RepeatedField { .. } => "repeated",
        CallbackError::EmptyField { .. } => "empty",
        CallbackError::NestedField { .. } => "nested",
        CallbackError::MissingSignature { .. } | CallbackError::EmptySignature { .. } => "place",
        CallbackError::SignedText(TextError::Unencodable { .. }) => "unencodable",
        CallbackError::Recipe(error) => match error {
            RuntimeError::NotJson { .. } => "not_json",
            RuntimeError::RepeatedHeader { .. } | RuntimeError::RepeatedField { .. } => "repeated",
            RuntimeError::EmptyField { .. } => "empty",
            RuntimeError::NestedField { .. } => "nested",
            RuntimeError::NoList { .. } => "no_list",
            RuntimeError::NoElements { .. } => "no_elements",
            RuntimeError::NoObject { .. } => "no_object",
            RuntimeError::BadNames { .. } | RuntimeError::NotNamed { .. } => "named_in",
            RuntimeError::MissingSignature { .. } | RuntimeError::EmptySignature { .. } => "place",
            RuntimeError::Text(_) => "unencodable",
            RuntimeError::Filter(filter) => match filter {
                FilterError::NotDecimal => "not_a_number",
                FilterError::NotHex => "not_hex",
                FilterError::NotBase64 => "not_base64",
                FilterError::NotJson => "not_json",
                _ => "unencodable",
            },
            _ => "recipe",
        },
        _ => "other",
    }
}

/// The seal of the table's recipes, made without this project: HMAC-SHA256 with the text secret, in hex.
///
/// # Panics
/// Never: HMAC takes keys of any length.
#[must_use]
pub fn hmac(text: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(settings::SECRET.as_bytes()).expect("any length");
    mac.update(text);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A draw, signed as its provider signs.
///
/// # Errors
/// The recipe cannot be applied to the message.
pub fn signed(interpreter: &Interpreter, callback: &str, draw: &Draw) -> Result<Packet, GatewayError> {
    let mut dice = Dice::new(draw.number ^ 0xd1ce);
    let message = &draw.message;
    let value = |value: &Drawn, dice: &mut Dice| match value {
        Drawn::Text(text) => Value::Text(text.clone()),
        other => Value::Json(random::json(other, dice)),
    };
    let body = message.body.iter().map(|(name, drawn)| (name.clone(), value(drawn, &mut dice))).collect();
    let (shape, query, body) = match message.shape {
        Shape::Query => {
            let pairs = message.query.iter().map(|(name, text)| (name.clone(), Value::Text(text.clone())));
            (Receive::GetQuery, Vec::new(), pairs.collect())
        }
        Shape::Form => (Receive::PostForm, message.query.clone(), body),
        Shape::Json => (Receive::PostJson, message.query.clone(), body),
        Shape::Xml => (Receive::PostXml, message.query.clone(), body),
        Shape::Multipart => (Receive::PostMultipart, message.query.clone(), body),
    };
    let notice = Notice { query, body, headers: message.headers.clone() };
    let supplied = supplied(&message.given).to(&message.address);
    let signed = interpreter.sign_notice(callback, &notice, shape, &supplied)?;
    Ok(Packet {
        method: signed.method.to_owned(),
        url: signed.url.unwrap_or_else(|| message.address.clone()),
        query: signed.query.into_bytes(),
        body: signed.body,
        content_type: signed.content_type,
        headers: signed.headers,
    })
}
