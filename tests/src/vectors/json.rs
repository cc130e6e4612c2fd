//! The collection that was made outside this project: messages as JSON, through the spec that `coverage.csv` names.
//!
//! A JSON vector has the fields as they are on the wire. What the caller gives, which account it is and what the clock
//! shows follow from the spec: which field comes from the caller, from a credential, from an option, from the clock.

use std::{collections::BTreeMap, fmt, fs};

use payspec_codegen::diagnostic::Span;
use payspec_codegen::ir::{
    self, AmountUnit, Body, Carrier, Credential, CredentialKind, Field, Kind, Operation, Origin, TimeFormat,
};
use payspec_interpreter::{CredentialValue, Instant, Map, Settings, Supplied, Value};
use payspec_runtime::Secret;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{ExpectedError, Spec, Subject, Vector, WrongText, is_callers, root, spec, yaml::instant};
use crate::bridge::{seal, wire};

/// A row of `coverage.csv` with its message.
#[derive(Clone, Debug)]
pub struct Collected {
    /// The JSON file.
    pub file: String,
    /// The direction, in the collection's words.
    pub direction: String,
    /// The algorithm, in the collection's words.
    pub algorithm: String,
    /// The message.
    pub vector: Vector,
}

/// A vector of `sm2.json`, for the runtime alone.
#[derive(Clone, Debug, Deserialize)]
pub struct Standard {
    /// Its name.
    pub name: String,
    /// `sign`, `verify` or `key-file`.
    pub direction: String,
    /// Where it comes from.
    pub provenance: String,
    /// The message.
    #[serde(default)]
    pub message: String,
    /// The distinguishing id.
    #[serde(default)]
    pub sm2_user_id: String,
    /// Base64 of the DER form.
    #[serde(default)]
    pub signature: String,
    /// r and s, 32 bytes each.
    #[serde(default)]
    pub signature_raw_hex: String,
    /// The private key.
    pub signing_key_hex: Option<String>,
    /// The public key.
    pub verify_key_hex: Option<String>,
    /// A key container.
    pub file_base64: Option<String>,
    /// Its password.
    pub password: Option<String>,
    /// Its certificate.
    pub certificate_pem: Option<String>,
}

/// A message as the collection has it.
#[derive(Deserialize)]
struct Message {
    name: String,
    direction: String,
    provenance: String,
    algorithm: String,
    #[serde(default)]
    fields: Fields,
    secret: Option<String>,
    charset: String,
    signing_key_pem: Option<String>,
    signing_key_hex: Option<String>,
    verify_key_pem: Option<String>,
    verify_certificate_pem: Option<String>,
    base_string: String,
    signature: String,
    raw_query: Option<String>,
    raw_body: Option<String>,
    #[serde(default)]
    must_not_verify: Vec<Wrong>,
}

#[derive(Deserialize)]
struct Wrong {
    why: String,
    base_string: String,
}

/// Names and texts, in their order.
#[derive(Default)]
struct Fields(Vec<(String, String)>);

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("named texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Fields, A::Error> {
                let mut fields = Fields::default();
                while let Some(entry) = entries.next_entry()? {
                    fields.0.push(entry);
                }
                Ok(fields)
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

/// Every message of the collection that a spec carries, in the order of `coverage.csv`.
///
/// # Panics
/// A row names what is not there.
#[must_use]
pub fn collected() -> Vec<Collected> {
    let mut specs: BTreeMap<String, Spec> = BTreeMap::new();
    let mut files: BTreeMap<String, Vec<Message>> = BTreeMap::new();
    let rows = rows();
    let carried = rows.iter().filter(|row| row[4] != "runtime");
    carried
        .map(|row| {
            let [file, name, direction, provenance, spec_file, subject] = row;
            let spec = specs.entry(spec_file.clone()).or_insert_with(|| spec(spec_file));
            let messages = files.entry(file.clone()).or_insert_with(|| read(file));
            let message = messages.iter().find(|message| message.name == *name);
            let message = message.unwrap_or_else(|| panic!("{file} has no {name}"));
            assert_eq!((&message.direction, &message.provenance), (direction, provenance), "{name}");
            Collected {
                file: file.clone(),
                direction: direction.clone(),
                algorithm: message.algorithm.clone(),
                vector: vector(spec, subject, message),
            }
        })
        .collect()
}

/// The vectors of `sm2.json`, in the order of `coverage.csv`.
///
/// # Panics
/// A row names what is not there.
#[must_use]
pub fn standard() -> Vec<Standard> {
    let all: Vec<Standard> = read("sm2.json");
    let rows = rows();
    let named = rows.iter().filter(|row| row[4] == "runtime").map(|row| {
        let [file, name, ..] = row;
        assert_eq!(file, "sm2.json");
        all.iter()
            .find(|vector| vector.name == *name)
            .unwrap_or_else(|| panic!("{file} has no {name}"))
            .clone()
    });
    named.collect()
}

fn read<T: serde::de::DeserializeOwned>(file: &str) -> T {
    let path = root().join("tests/vectors").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// `file, name, direction, provenance, spec, operation_or_callback` of each row.
fn rows() -> Vec<[String; 6]> {
    let text = fs::read_to_string(root().join("tests/vectors/coverage.csv")).expect("coverage.csv");
    let rows = text.lines().skip(1).map(|line| {
        let columns: Vec<String> = line.splitn(7, ',').take(6).map(str::to_owned).collect();
        columns.try_into().unwrap_or_else(|_| panic!("seven columns: {line}"))
    });
    rows.collect()
}

fn vector(spec: &Spec, subject: &str, message: &Message) -> Vector {
    let provider = &spec.provider;
    let operation = provider.operations.iter().find(|operation| operation.name.wire == subject);
    let callback = provider.callbacks.iter().find(|callback| callback.name.wire == subject);
    let said = payspec_vectors::Vector {
        name: message.name.clone(),
        provenance: message.provenance.clone(),
        subject: Subject::Request(subject.to_owned()),
        settings: settings(spec, operation, message),
        supplied: Supplied { now: Some(Instant::from_unix_seconds(0)), ..Supplied::default() },
        inputs: Map::new(),
        query: message.raw_query.clone(),
        body: message.raw_body.clone(),
        headers: Vec::new(),
        url: None,
        base: Some(message.base_string.clone()),
        base_of: None,
        signature: Some(message.signature.clone()),
        place: None,
        plain: None,
        verify_only: message.algorithm == "sm2-sm3",
        outcome: None,
        error: None,
        values: Map::new(),
        span: Span::default(),
        input_spans: Vec::new(),
        provenance_span: Span::default(),
    };
    let wrong = message.must_not_verify.iter();
    let wrong = wrong.map(|wrong| WrongText { why: wrong.why.clone(), text: wrong.base_string.clone() });
    let empty = Vector { said, spec: spec.clone(), must_not_verify: wrong.collect() };
    match (operation, callback, message.direction.as_str()) {
        (Some(operation), None, "request") => request(empty, operation, message),
        (Some(operation), None, "response") => response(empty, operation, message),
        (None, Some(callback), "notify" | "return" | "push") => self::callback(empty, callback, message),
        other => panic!("{} is carried by {other:?}", message.name),
    }
}

fn settings(spec: &Spec, operation: Option<&Operation>, message: &Message) -> Settings {
    let provider = &spec.provider;
    let mut settings = Settings {
        credentials: provider
            .credentials
            .iter()
            .map(|credential| (credential.name.wire.clone(), self::credential(credential, message)))
            .collect(),
        ..Settings::default()
    };
    for sent in operation.iter().flat_map(|operation| &operation.request) {
        let Some(text) = message.fields.get(&sent.field.name.wire) else { continue };
        match &sent.origin {
            Origin::Option(id) => {
                settings.options.insert(&provider[*id].field.name.wire, text.to_owned());
            }
            Origin::Token => {
                let token = provider.token.as_ref().expect("the spec has a token");
                settings.tokens.insert(&token.name.wire, text.to_owned());
            }
            _ => {}
        }
    }
    if let ir::Encoding::Chosen(id) = provider.defaults.encoding {
        settings.options.insert(&provider[id].field.name.wire, message.charset.clone());
    }
    for host in &provider.hosts {
        settings.hosts.insert(&host.wire, format!("https://{}.example.com", host.wire.replace('_', "-")));
    }
    settings
}

/// The account that the message is of; keys that it does not use are the test keys of the folder.
fn credential(credential: &Credential, message: &Message) -> CredentialValue {
    let key_file = |name: &str| {
        let path = root().join("tests/vectors/keys").join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    match &credential.kind {
        CredentialKind::Text { .. } => {
            let example = credential.example.clone().expect("an example");
            CredentialValue::Text(message.fields.get(&credential.name.wire).map_or(example, str::to_owned))
        }
        CredentialKind::Secret(_) => {
            CredentialValue::Secret(Secret::new(message.secret.clone().expect("a secret")))
        }
        CredentialKind::Key(kind) => {
            use ir::KeyKind::{RsaPrivate, RsaPublic, Sm2Private, Sm2Public};
            let ours = (message.direction == "request")
                .then(|| message.signing_key_pem.as_ref().or(message.signing_key_hex.as_ref()));
            let theirs = (message.direction != "request")
                .then(|| message.verify_certificate_pem.as_ref().or(message.verify_key_pem.as_ref()));
            let (given, usual) = match kind {
                RsaPrivate => (ours.flatten(), "test-merchant-rsa2048.pkcs8.pem"),
                Sm2Private => (ours.flatten(), "test-merchant-sm2.pkcs8.pem"),
                RsaPublic => (theirs.flatten(), "test-platform-rsa2048.spki.pem"),
                Sm2Public => (theirs.flatten(), "test-platform-sm2.spki.pem"),
            };
            let text = given.cloned().unwrap_or_else(|| key_file(usual));
            CredentialValue::key(*kind, text.as_bytes()).expect("a key")
        }
        CredentialKind::Keys(_) => panic!("no account of the collection has several keys"),
        CredentialKind::Choice(alternatives) => {
            let wanted = match message.algorithm.as_str() {
                "rsa-sha1-pkcs1v15" => "rsa",
                "sm2-sm3" => "sm",
                other => other,
            };
            let chosen = alternatives.iter().find(|alternative| alternative.name.wire == wanted);
            let chosen = chosen.unwrap_or_else(|| panic!("no alternative for {wanted}"));
            let members = chosen
                .members
                .iter()
                .map(|member| (member.name.wire.clone(), self::credential(member, message)));
            CredentialValue::Choice { alternative: wanted.to_owned(), members: members.collect() }
        }
    }
}

fn request(mut vector: Vector, operation: &Operation, message: &Message) -> Vector {
    let body = match operation.body {
        Body::Json => message.raw_body.as_deref().map(members),
        _ => None,
    };
    let payload =
        operation.payload.as_ref().and_then(|payload| message.fields.get(&payload.name.wire)).map(members);
    for sent in &operation.request {
        let name = &sent.field.name.wire;
        if sent.origin == Origin::Now {
            let now = instant(message.fields.get(name).expect("a time"), &vector.spec);
            vector.supplied.now = Some(now);
        }
        if !is_callers(sent) {
            continue;
        }
        let value = match (sent.carrier, &body, &payload) {
            (Carrier::Payload, _, payload) => payload.as_ref().and_then(|payload| payload.get(name)).cloned(),
            (Carrier::Outer, Some(body), _) => body.get(name).cloned(),
            _ => message.fields.get(name).map(Value::from),
        };
        if let Some(value) = value.and_then(|value| given(&sent.field, value)) {
            vector.inputs.insert(name, value);
        }
    }
    vector
}

/// What the caller gives for a field that is this on the wire; `None` for a blank that has no typed form.
fn given(field: &Field, value: Value) -> Option<Value> {
    match (&field.kind, &value) {
        (Kind::List { join: Some(join), .. }, Value::Text(text)) => {
            Some(Value::List(text.split(join.as_str()).map(Value::from).collect()))
        }
        (Kind::Flag { yes, .. }, Value::Text(text)) => {
            Some(Value::from(if text == yes { "true" } else { "false" }))
        }
        (Kind::Amount { .. } | Kind::Url, Value::Text(text)) if text.trim().is_empty() => None,
        _ => Some(value),
    }
}

/// The members of a JSON object; numbers and flags as their own text.
fn members(json: &str) -> Map<Value> {
    let fields: Raws = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    fields.0.into_iter().filter_map(|(name, raw)| Some((name, dynamic(raw.get())?))).collect()
}

fn dynamic(json: &str) -> Option<Value> {
    Some(match json.as_bytes().first() {
        Some(b'"') => Value::Text(serde_json::from_str(json).expect("a string")),
        Some(b'{') => Value::Object(members(json)),
        Some(b'[') => {
            let items: Vec<Box<RawValue>> = serde_json::from_str(json).expect("an array");
            Value::List(items.iter().filter_map(|item| dynamic(item.get())).collect())
        }
        Some(b'n') => return None,
        _ => Value::from(json),
    })
}

/// Names and exact JSON texts, in their order.
struct Raws(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Raws {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Raws;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raws, A::Error> {
                let mut raws = Raws(Vec::new());
                while let Some(entry) = entries.next_entry()? {
                    raws.0.push(entry);
                }
                Ok(raws)
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// What the answer repeats is what was sent; what it says in fields of the spec must be read so.
fn response(mut vector: Vector, operation: &Operation, message: &Message) -> Vector {
    vector.subject = Subject::Response(operation.name.wire.clone());
    let reply = operation.reply.as_ref().expect("an operation with a reply");
    let outer = members(message.raw_body.as_deref().expect("a body"));
    let own = reply.member.as_ref().and_then(|member| outer.get(member));
    let fault = vector.spec.provider[reply.envelope].data.as_ref().and_then(|data| data.fault.as_ref());
    let data = own.or_else(|| outer.get(fault?));
    let Some(Value::Object(data)) = data else { panic!("{} has no data", message.name) };
    let code = data.get("code").and_then(Value::as_text).expect("a code");
    let ir::ReplyShape::Fields(fields) = &reply.shape else { panic!("{} has no fields", message.name) };
    if code != "10000" {
        vector.error = Some(ExpectedError { kind: "*".to_owned(), code: Some(code.to_owned()) });
        return vector;
    }
    for received in fields {
        let Some(value) = data.get(&received.field.name.wire).and_then(Value::as_text) else { continue };
        if let Some(echo) = &received.echo {
            vector.inputs.insert(&echo.wire, Value::from(value));
        }
        if let Some(canonical) = canonical(&vector.spec, &received.field, value) {
            vector.values.insert(&received.field.name.wire, canonical);
        }
    }
    vector
}

fn callback(mut vector: Vector, callback: &ir::Callback, message: &Message) -> Vector {
    vector.subject = Subject::Callback(callback.name.wire.clone());
    let charset = wire::charset(&vector.spec.provider, &vector.settings);
    if message.raw_body.is_none() && message.raw_query.is_none() {
        let recipe =
            seal::recipe(&vector.spec.provider, &callback.signature, &vector.settings).expect("a recipe");
        let place = recipe.place_field().expect("a field").to_owned();
        let signature = (place, message.signature.clone());
        let pairs: Vec<(String, String)> = message.fields.0.iter().cloned().chain([signature]).collect();
        vector.body = Some(wire::encoded(&pairs, charset));
    }
    for (name, value) in &message.fields.0 {
        let known = callback.fields.iter().find(|received| received.field.name.wire == *name);
        let canonical = match known {
            Some(received) => canonical(&vector.spec, &received.field, value),
            None => Some(value.clone()),
        };
        if let Some(canonical) = canonical {
            vector.values.insert(name, canonical);
        }
    }
    vector
}

/// The canonical text of a received value, worked out once more; `None` where it counts as absent.
fn canonical(spec: &Spec, field: &Field, text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return None;
    }
    Some(match &field.kind {
        Kind::Amount { unit: AmountUnit::Yuan, .. } => {
            let (yuan, rest) = text.split_once('.').unwrap_or((text, ""));
            format!("{yuan}.{rest:0<2}")
        }
        Kind::Amount { unit: AmountUnit::Fen, .. } => text.split('.').next().expect("digits").to_owned(),
        Kind::Timestamp(TimeFormat::Pattern(_)) => instant(text, spec).unix_seconds().to_string(),
        _ => text.to_owned(),
    })
}
