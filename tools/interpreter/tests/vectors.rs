//! Every vector of every spec: texts, signatures, outcomes, values, and what must not verify.
//!
//! The specs and their vectors are those of the workspace; the collection in JSON adds texts for which a signature
//! must be refused.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use payspec_codegen::ir::{Credential, CredentialKind, ErrorKind, KeyKind, Provider, Receive, Word};
use payspec_interpreter::{
    Because, CredentialValue, Ending, Incoming, Instant, Interpreter, Map, Settings, Value as Given,
};
use payspec_runtime::Secret;
use serde_yaml::Value as Yaml;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A spec with its vectors.
struct Suite {
    folder: PathBuf,
    provider: Arc<Provider>,
    file: Yaml,
}

fn suites() -> Vec<Suite> {
    let mut suites = Vec::new();
    for folder in ["specs", "tests/specs"] {
        let folder = root().join(folder);
        let mut files: Vec<PathBuf> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for vectors in files {
            let path = vectors.to_str().unwrap();
            let Some(stem) = path.strip_suffix(".vectors.yaml") else { continue };
            let source = fs::read_to_string(format!("{stem}.yaml")).unwrap();
            let provider =
                payspec_codegen::compile(&source, stem).unwrap_or_else(|report| panic!("{report}")).provider;
            let file = serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            suites.push(Suite { folder: folder.clone(), provider: Arc::new(provider), file });
        }
    }
    assert!(suites.len() >= 9, "only {} suites", suites.len());
    suites
}

fn text(yaml: &Yaml) -> String {
    match yaml {
        Yaml::String(text) => text.clone(),
        Yaml::Number(number) => number.to_string(),
        Yaml::Bool(flag) => flag.to_string(),
        other => panic!("no text: {other:?}"),
    }
}

fn entries(yaml: &Yaml) -> Vec<(String, &Yaml)> {
    let mapping = yaml.as_mapping().into_iter().flatten();
    mapping.map(|(name, value)| (text(name), value)).collect()
}

fn texts(yaml: &Yaml) -> Map<String> {
    entries(yaml).into_iter().map(|(name, value)| (name, text(value))).collect()
}

fn given(yaml: &Yaml) -> Given {
    match yaml {
        Yaml::Sequence(items) => Given::List(items.iter().map(given).collect()),
        Yaml::Mapping(_) => {
            Given::Object(entries(yaml).into_iter().map(|(name, value)| (name, given(value))).collect())
        }
        scalar => Given::Text(text(scalar)),
    }
}

impl Suite {
    fn vectors(&self) -> Vec<(String, &Yaml)> {
        entries(&self.file["vectors"])
    }

    fn interpreter(&self, vector: &Yaml) -> Interpreter {
        self.with_credentials(vector, self.credentials(vector))
    }

    fn credentials(&self, vector: &Yaml) -> Map<CredentialValue> {
        let set = &self.file["test_credentials"][&vector["credentials"]];
        self.members(&self.provider.credentials, set)
    }

    fn with_credentials(&self, vector: &Yaml, credentials: Map<CredentialValue>) -> Interpreter {
        let hosts =
            self.provider.hosts.iter().map(|host| (host.wire.clone(), "https://host.example".to_owned()));
        let settings = Settings {
            credentials,
            options: texts(&vector["options"]),
            tokens: texts(&vector["tokens"]),
            hosts: hosts.collect(),
            ..Settings::default()
        };
        Interpreter::new(self.provider.clone(), settings).unwrap()
    }

    fn members(&self, declared: &[Credential], set: &Yaml) -> Map<CredentialValue> {
        let read = |credential: &Credential| {
            let name = &credential.name.wire;
            let value = match (&credential.kind, &set[name.as_str()]) {
                (CredentialKind::Text { .. }, value) => CredentialValue::Text(text(value)),
                (CredentialKind::Secret(_), value) => CredentialValue::Secret(Secret::new(text(value))),
                (CredentialKind::Key(kind), value) => self.key(*kind, value),
                (CredentialKind::Keys(kind), value) => {
                    let keys = entries(value).into_iter().map(|(id, value)| (id, self.key(*kind, value)));
                    CredentialValue::Keys(keys.collect())
                }
                (CredentialKind::Choice(alternatives), value) => {
                    let (chosen, members) = entries(value).remove(0);
                    let declared = alternatives.iter().find(|one| one.name.wire == chosen).unwrap();
                    CredentialValue::Choice {
                        alternative: chosen,
                        members: self.members(&declared.members, members),
                    }
                }
            };
            (name.clone(), value)
        };
        declared.iter().map(read).collect()
    }

    fn key(&self, kind: KeyKind, value: &Yaml) -> CredentialValue {
        let bytes = match &value["file"] {
            Yaml::Null => text(value).into_bytes(),
            file => self.file(&text(file)),
        };
        CredentialValue::key(kind, &bytes).unwrap()
    }

    fn file(&self, name: &str) -> Vec<u8> {
        let beside = self.folder.join(name);
        let path = if beside.exists() { beside } else { root().join("tests/vectors").join(name) };
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

fn inputs(vector: &Yaml) -> Map<Given> {
    entries(&vector["inputs"]).into_iter().map(|(name, value)| (name, given(value))).collect()
}

fn now(interpreter: &Interpreter, vector: &Yaml) -> Instant {
    match &vector["now"] {
        Yaml::Null => common::NOW,
        now => interpreter.parse_instant(&text(now)).unwrap(),
    }
}

fn word(word: Word) -> &'static str {
    match word {
        Word::Paid => "paid",
        Word::Pending => "pending",
        Word::Failed => "failed",
        Word::Closed => "closed",
        Word::PartRefunded => "part_refunded",
        Word::Refunded => "refunded",
        Word::Unknown => "unknown",
    }
}

fn kind(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Rejected => "rejected",
        ErrorKind::Configuration => "configuration",
        ErrorKind::RateLimited => "rate_limited",
        ErrorKind::TokenExpired => "token_expired",
        ErrorKind::NotFound => "not_found",
        ErrorKind::Duplicate => "duplicate",
        ErrorKind::Unknown => "unknown",
    }
}

/// Compares what a vector expects of the values; `a.b` is a member of JSON text, instants may be written for people.
fn compare_values(interpreter: &Interpreter, name: &str, vector: &Yaml, values: &Map<String>) {
    for (path, expected) in entries(&vector["values"]) {
        let expected = text(expected);
        let (field, member) =
            path.split_once('.').map_or((path.as_str(), None), |(field, member)| (field, Some(member)));
        let found = values.get(field).unwrap_or_else(|| panic!("{name}: no value {field}"));
        let found = match member {
            None => found.clone(),
            Some(member) => {
                let json: serde_json::Value = serde_json::from_str(found).unwrap();
                json[member].as_str().unwrap().to_owned()
            }
        };
        let instant = interpreter.parse_instant(&expected).map(|instant| instant.unix_seconds().to_string());
        assert!(
            found == expected || Some(&found) == instant.as_ref(),
            "{name}: {path} is {found}, not {expected}"
        );
    }
}

fn compare_outcome(name: &str, vector: &Yaml, outcome: Option<Word>) {
    if !vector["outcome"].is_null() {
        assert_eq!(outcome.map(word), Some(text(&vector["outcome"]).as_str()), "{name}");
    }
}

fn run_request(suite: &Suite, name: &str, vector: &Yaml) {
    let interpreter = suite.interpreter(vector);
    let (operation, now) = (text(&vector["operation"]), now(&interpreter, vector));
    let message = interpreter
        .prepare(&operation, &inputs(vector), now)
        .unwrap_or_else(|error| panic!("{name}: {error:?}"));
    if !vector["base"].is_null() {
        assert_eq!(message.base_text(), wire_bytes(vector, "base"), "{name}");
    }
    let signature = message.signature.clone().unwrap();
    if vector["verify_only"].is_null() {
        assert_eq!(signature, text(&vector["signature"]), "{name}");
    }
    // The other side takes it, and gives the same inputs back.
    let taken = interpreter
        .check_request(&operation, message.method, message.query.as_bytes(), &message.body, now)
        .unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
    let again = interpreter.prepare(&operation, &taken.inputs, now).unwrap();
    assert_eq!(again.base_text(), message.base_text(), "{name}");
    let query = message.query.replacen('1', "2", 1);
    let body = common::text_of_lossy(&message.body).replacen('1', "2", 1).into_bytes();
    assert!(
        interpreter.check_request(&operation, message.method, query.as_bytes(), &body, now).is_err(),
        "{name}"
    );
}

fn run_reply(suite: &Suite, name: &str, vector: &Yaml) {
    let interpreter = suite.interpreter(vector);
    let body = wire_bytes(vector, "body");
    let status = if vector["status"].is_null() { 200 } else { text(&vector["status"]).parse().unwrap() };
    let ending = interpreter.read_reply(&text(&vector["operation"]), &inputs(vector), status, &[], &body);
    let error = &vector["error"];
    match ending {
        Ending::Reply { values, outcome, .. } => {
            assert!(error.is_null(), "{name}: a reply");
            compare_outcome(name, vector, outcome);
            compare_values(&interpreter, name, vector, &values);
        }
        Ending::Rejected { kind: found, code, .. }
        | Ending::Unknown(Because::Code { kind: found, code, .. }) => {
            assert_eq!(kind(found), text_or(&error["kind"]), "{name}");
            assert!(error["code"].is_null() || code == Some(text(&error["code"])), "{name}: {code:?}");
        }
        Ending::Unknown(because) => assert_eq!(text_or(&error["kind"]), "unknown", "{name}: {because:?}"),
    }
}

fn text_or(yaml: &Yaml) -> String {
    if yaml.is_null() { String::new() } else { text(yaml) }
}

/// A text of a vector in the charset that its client has chosen.
fn wire_bytes(vector: &Yaml, member: &str) -> Vec<u8> {
    let text = text(&vector[member]);
    let charset = text_or(&vector["options"]["charset"]);
    let charset = payspec_runtime::Charset::from_name(&charset).unwrap_or(payspec_runtime::Charset::Utf8);
    charset.encode(&text).unwrap().into_owned()
}

fn run_callback(suite: &Suite, name: &str, vector: &Yaml) {
    let interpreter = suite.interpreter(vector);
    let callback = text(&vector["callback"]);
    let (query, body) = (text_or(&vector["query"]), text_or(&vector["body"]));
    let in_query = body.is_empty();
    let incoming = |query: &str, body: &str| {
        let (query, body) = (query.to_owned(), body.to_owned());
        interpreter.verify_callback(
            &callback,
            &Incoming::new(if in_query { "GET" } else { "POST" }, query.as_bytes(), None, body.as_bytes()),
        )
    };
    let verified = match incoming(&query, &body) {
        Ok(verified) if text_or(&vector["provenance"]) != "unreproduced" => verified,
        Err(_) if text_or(&vector["provenance"]) == "unreproduced" => return,
        other => panic!("{name}: {other:?}"),
    };
    if !vector["base"].is_null() {
        assert_eq!(common::text_of_lossy(verified.base_text()), text(&vector["base"]), "{name}");
    }
    compare_outcome(name, vector, verified.outcome);
    compare_values(&interpreter, name, vector, &verified.values);
    for (from, to) in [("1", "2"), ("=", "=0"), ("sign", "sing")] {
        let changed = incoming(&query.replacen(from, to, 1), &body.replacen(from, to, 1));
        assert!(changed.is_err(), "{name}: {from} to {to}");
    }
}

fn run_recipe(suite: &Suite, name: &str, vector: &Yaml) {
    let interpreter = suite.interpreter(vector);
    let (recipe, signature) = (text(&vector["recipe"]), text(&vector["signature"]));
    let pairs: Vec<(String, String)> = texts(&vector["inputs"]).into_iter().collect();
    let accepted = interpreter.recipe_accepts(&recipe, &pairs, &signature).unwrap();
    if text_or(&vector["provenance"]) == "unreproduced" {
        assert!(accepted.is_err(), "{name} holds");
        return;
    }
    assert!(accepted.is_ok(), "{name}: {accepted:?}");
    if !vector["base"].is_null() {
        let base = interpreter.recipe_text(&recipe, &pairs).unwrap().unwrap();
        assert_eq!(base.bytes(), wire_bytes(vector, "base"), "{name}");
    }
    for index in 0..pairs.len() {
        let mut changed = pairs.clone();
        changed[index].1.push('x');
        assert!(
            interpreter.recipe_accepts(&recipe, &changed, &signature).unwrap().is_err(),
            "{name}: {index}"
        );
    }
}

#[test]
fn every_vector_of_every_spec_holds() {
    let mut count = BTreeMap::new();
    for suite in suites() {
        for (name, vector) in suite.vectors() {
            let what = if !vector["recipe"].is_null() {
                run_recipe(&suite, &name, vector);
                "recipe"
            } else if !vector["callback"].is_null() {
                run_callback(&suite, &name, vector);
                "callback"
            } else if text_or(&vector["direction"]) == "response" {
                run_reply(&suite, &name, vector);
                "reply"
            } else {
                run_request(&suite, &name, vector);
                "request"
            };
            *count.entry(what).or_insert(0) += 1;
        }
    }
    for (what, least) in [("request", 30), ("reply", 10), ("callback", 15), ("recipe", 5)] {
        assert!(count.get(what).is_some_and(|found| *found >= least), "{count:?}");
    }
}

/// A callback signed by the provider's half is verified by the client's, for every shape of every callback.
#[test]
fn callbacks_that_the_provider_signs_are_verified_by_the_client() {
    let mut count = 0;
    for suite in suites() {
        for (name, vector) in suite.vectors() {
            let body = text_or(&vector["body"]) + &text_or(&vector["query"]);
            if vector["callback"].is_null()
                || text_or(&vector["provenance"]) == "unreproduced"
                || !body.is_ascii()
            {
                continue;
            }
            let (gateway, client) = mirrored(&suite, vector);
            let callback = text(&vector["callback"]);
            let fields: Vec<(String, String)> = body
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (name.to_owned(), decoded(value)))
                .collect();
            let unsigned: Vec<(String, String)> =
                fields.into_iter().filter(|(name, _)| name != "sign" && name != "msg_signature").collect();
            for shape in &gateway.callback(&callback).unwrap().receive {
                let message = gateway.sign_callback(&callback, &unsigned, *shape).unwrap();
                let (query, content_type) = (message.query.as_bytes(), message.content_type.as_deref());
                let incoming = Incoming::new(message.method, query, content_type, &message.body);
                let verified = client
                    .verify_callback(&callback, &incoming)
                    .unwrap_or_else(|error| panic!("{name}: {error:?}"));
                assert_eq!(verified.reading, 0, "{name}");
                assert_eq!(message.query.is_empty(), *shape != Receive::GetQuery, "{name}");
                count += 1;
            }
        }
    }
    assert!(count >= 10, "{count}");
}

/// The provider's settings have the private half of its own key and the public half of the merchant's.
fn mirrored(suite: &Suite, vector: &Yaml) -> (Interpreter, Interpreter) {
    let keys = root().join("tests/vectors/keys");
    let read = |kind, file: &str| CredentialValue::key(kind, &fs::read(keys.join(file)).unwrap()).unwrap();
    let mirror = |credentials: Map<CredentialValue>, private: bool| -> Map<CredentialValue> {
        let mirrored = |value: CredentialValue| match value {
            CredentialValue::Choice { alternative, members } => {
                let members = members.into_iter().map(|(name, value)| {
                    let value = match (name.as_str(), &value, private) {
                        ("platform_key", CredentialValue::RsaPublic(_), true) => {
                            read(KeyKind::RsaPrivate, "test-platform-rsa1024.pkcs8.pem")
                        }
                        ("platform_key", CredentialValue::RsaPublic(_), false) => {
                            read(KeyKind::RsaPublic, "test-platform-rsa1024.cert.pem")
                        }
                        ("platform_key", CredentialValue::Sm2Public(_), true) => {
                            read(KeyKind::Sm2Private, "test-platform-sm2.pkcs8.pem")
                        }
                        ("platform_key", CredentialValue::Sm2Public(_), false) => {
                            read(KeyKind::Sm2Public, "test-platform-sm2.spki.pem")
                        }
                        ("merchant_key", CredentialValue::RsaPrivate(key), true) => {
                            CredentialValue::RsaPublic(key.public_key())
                        }
                        ("merchant_key", CredentialValue::Sm2Private(key), true) => {
                            CredentialValue::Sm2Public(key.public_key())
                        }
                        _ => value,
                    };
                    (name, value)
                });
                CredentialValue::Choice { alternative, members: members.collect() }
            }
            value => value,
        };
        credentials.into_iter().map(|(name, value)| (name, mirrored(value))).collect()
    };
    let of = |private| suite.with_credentials(vector, mirror(suite.credentials(vector), private));
    (of(true), of(false))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&digits, 16).unwrap()
            }
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).unwrap()
}

/// The JSON collection: the printed text verifies, every text that must not is refused.
#[test]
fn signatures_of_the_collection_fit_their_text_and_no_other() {
    let (mut fitting, mut refused) = (0, 0);
    for file in ["aggregate-pay", "guanaitong", "ysepay"] {
        let source = fs::read_to_string(root().join(format!("tests/vectors/{file}.json"))).unwrap();
        let vectors: serde_json::Value = serde_json::from_str(&source).unwrap();
        for vector in vectors.as_array().unwrap() {
            let of = |member: &str| vector[member].as_str().unwrap_or_default();
            let interpreter = sealing(vector);
            let accepts = |text: &str| {
                let pairs = [("text".to_owned(), text.to_owned())];
                interpreter.recipe_accepts("text", &pairs, of("signature")).unwrap().is_ok()
            };
            assert!(accepts(of("base_string")), "{}", of("name"));
            assert!(!accepts(&format!("{} ", of("base_string"))), "{}", of("name"));
            fitting += 1;
            for wrong in vector["must_not_verify"].as_array().into_iter().flatten() {
                assert!(!accepts(wrong["base_string"].as_str().unwrap()), "{}: {}", of("name"), wrong["why"]);
                refused += 1;
            }
        }
    }
    assert!(fitting >= 61 && refused >= 11, "{fitting} {refused}");
}

/// A provider whose only recipe seals one field as it stands, with the algorithm and key of a vector.
fn sealing(vector: &serde_json::Value) -> Interpreter {
    use payspec_codegen::ir::*;
    let of = |member: &str| vector[member].as_str().unwrap_or_default();
    let digest = |digest| (Algorithm::Digest(digest), Output::HexLower, None);
    let (algorithm, output, key) = match of("algorithm") {
        "md5" => digest(Digest::Md5),
        "sha1" => digest(Digest::Sha1),
        "sha256" => digest(Digest::Sha256),
        "sha512" => digest(Digest::Sha512),
        "rsa-sha1-pkcs1v15" => (Algorithm::Rsa(Digest::Sha1), Output::Base64, Some(KeyKind::RsaPublic)),
        "sm2-sm3" => {
            let user_id = of("sm2_user_id").to_owned();
            (Algorithm::Sm2 { user_id, form: Sm2Form::Der }, Output::Base64, Some(KeyKind::Sm2Public))
        }
        other => panic!("{other}"),
    };
    let mut spec = common::provider();
    let seal = Seal { algorithm, key: key.and_then(|_| common::key_of("key")), output };
    let mut recipe =
        common::text_recipe("text", vec![common::value(Operand::Field(common::path("text")))], seal);
    recipe.charset = Encoding::Fixed(Charset::from_name(of("charset")).unwrap());
    spec.recipes = vec![recipe];
    let mut settings = common::settings();
    if let Some(kind) = key {
        let declared = Credential {
            name: common::name("key"),
            kind: CredentialKind::Key(kind),
            ..spec.credentials[0].clone()
        };
        spec.credentials.push(declared);
        let text = ["verify_key_pem", "verify_certificate_pem", "verify_key_hex"].map(of);
        let text = text.into_iter().find(|text| !text.is_empty()).unwrap();
        settings.credentials.insert("key", CredentialValue::key(kind, text.as_bytes()).unwrap());
    }
    Interpreter::new(Arc::new(spec), settings).unwrap()
}
