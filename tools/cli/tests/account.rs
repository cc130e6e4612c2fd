//! Accounts, over every vector of the tree: they tell of the very texts that are signed and compared, of every field
//! exactly once, and of no secret.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use payspec_codegen::ir::Provider;
use payspec_interpreter::{
    Account, CredentialValue, Fate, Instant, Interpreter, Map, RecipeAccount, Refusal, SignedText, Source,
    Supplied,
};
use payspec_vectors::{Concealed, Packet, Subject, Vector};

/// A vector with its spec.
struct Case {
    name: String,
    provider: Arc<Provider>,
    vector: Vector,
}

impl Case {
    fn interpreter(&self) -> Interpreter {
        Interpreter::new(Arc::clone(&self.provider), self.vector.settings.clone()).unwrap()
    }
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut specs: Vec<PathBuf> = ["specs", "tests/protocols", "tests/specs"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".yaml"))
        .filter(|path| {
            payspec_vectors::beside(path).is_file() && !path.to_string_lossy().contains(".vectors.")
        })
        .collect();
    specs.sort();
    let mut cases = Vec::new();
    for spec in specs {
        let source = std::fs::read_to_string(&spec).unwrap();
        let compiled = payspec_codegen::compile(&source, &spec.to_string_lossy());
        let provider = Arc::new(compiled.unwrap_or_else(|report| panic!("{report}")).provider);
        let path = payspec_vectors::beside(&spec);
        let text = std::fs::read_to_string(&path).unwrap();
        let file = payspec_vectors::read(&text, &path, &provider).unwrap_or_else(|report| panic!("{report}"));
        let stem = spec.file_stem().unwrap().to_string_lossy().into_owned();
        cases.extend(file.vectors.into_iter().map(|vector| Case {
            name: format!("{stem}/{}", vector.name),
            provider: Arc::clone(&provider),
            vector,
        }));
    }
    cases
}

fn key(recipe: &RecipeAccount) -> String {
    let name = match recipe.element {
        Some(index) => format!("{}[{index}]", recipe.recipe),
        None => recipe.recipe.clone(),
    };
    match &recipe.part {
        Some(part) => format!("{name}.{part}"),
        None => name,
    }
}

/// The texts of an account, of further readings none, as name and masked text and bytes.
fn texts(account: &Account) -> BTreeSet<(String, String, Vec<u8>)> {
    let own = account.recipes.iter().filter(|recipe| recipe.reading == 0);
    own.filter_map(|recipe| {
        let text = recipe.text.as_ref()?.as_ref().ok()?;
        Some((key(recipe), text.masked().to_owned(), text.bytes().to_vec()))
    })
    .collect()
}

fn composed(texts: &[(String, SignedText)]) -> BTreeSet<(String, String, Vec<u8>)> {
    let of =
        |(name, text): &(String, SignedText)| (name.clone(), text.masked().to_owned(), text.bytes().to_vec());
    texts.iter().map(of).collect()
}

/// What is opened has no text of its own in an account: nobody composes it.
fn without_opened(
    composed: BTreeSet<(String, String, Vec<u8>)>,
    account: &Account,
) -> BTreeSet<(String, String, Vec<u8>)> {
    let is_opened = |name: &str| {
        account
            .recipes
            .iter()
            .any(|recipe| key(recipe) == name && recipe.reading == 0 && recipe.text.is_none())
    };
    composed.into_iter().filter(|(name, ..)| !is_opened(name)).collect()
}

/// Names of the fields of an account's recipe, as often as they are told.
fn told(recipe: &RecipeAccount) -> Vec<(Source, String)> {
    let fields = recipe.values.iter().filter(|value| matches!(value.source, Source::Query | Source::Body));
    let mut told: Vec<_> = fields.map(|value| (value.source, value.name.clone())).collect();
    told.sort_by(|a, b| format!("{a:?}").cmp(&format!("{b:?}")));
    told
}

fn sorted(mut names: Vec<(Source, String)>) -> Vec<(Source, String)> {
    names.sort_by(|a, b| format!("{a:?}").cmp(&format!("{b:?}")));
    names
}

fn pairs(source: Source, text: &str) -> Vec<(Source, String)> {
    let decoded = |name: &str| {
        let mut bytes = Vec::new();
        let mut rest = name.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let digits = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
                }
                byte => byte,
            });
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| (source, decoded(pair.split('=').next().unwrap()))).collect()
}

/// The fields of a message, read from its bytes alone; `None`: of XML and multipart bodies nobody reads them here.
fn fields(packet: &Packet) -> Option<Vec<(Source, String)>> {
    let mut fields = pairs(Source::Query, &packet.query);
    let kind = packet.content_type.clone().unwrap_or_default();
    if packet.body.trim_start().starts_with('{') {
        let json: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&packet.body).ok()?;
        fields.extend(json.keys().map(|name| (Source::Body, name.clone())));
    } else if kind.contains("form-urlencoded") {
        fields.extend(pairs(Source::Body, &packet.body));
    } else if !packet.body.is_empty() {
        return None;
    }
    Some(sorted(fields))
}

fn is_whole(recipe: &RecipeAccount) -> bool {
    // A part of an encryption sees the message as it was before; an element is not all of it.
    !recipe.values.is_empty() && recipe.element.is_none()
}

/// No secret, in no form, neither in `Debug` nor in anything that is shown.
fn assert_masked(case: &Case, account: &Account) {
    let vector = &case.vector;
    let credentials = &vector.settings.credentials;
    let text = |value: &CredentialValue| match value {
        CredentialValue::Text(text) => Some(text.clone()),
        _ => None,
    };
    let public: Vec<String> = credentials.iter().filter_map(|(_, value)| text(value)).collect();
    let is_public = |value: &CredentialValue| match value {
        CredentialValue::Secret(secret) => public.iter().any(|public| public == secret.expose()),
        _ => false,
    };
    // A secret of a few characters stands in other values by chance.
    if shortest(credentials) < 6 {
        return;
    }
    let said = [vector.body.clone(), vector.query.clone()].into_iter().flatten().collect::<String>();
    let is_said = |value: &CredentialValue| match value {
        CredentialValue::Secret(secret) => said.contains(secret.expose()),
        _ => false,
    };
    // One sample of somebody's tests is signed with a word that a field has as well.
    if credentials.iter().any(|(_, value)| is_said(value)) {
        return;
    }
    // One printed sample has the same text as number of the merchant and as key.
    if credentials.iter().any(|(_, value)| is_public(value)) {
        return;
    }
    let is_secret = |name: &str| {
        let mut given = case.provider.recipes.iter().flat_map(|recipe| &recipe.given);
        given.any(|given| given.secret && given.name.wire == name)
    };
    let given = case.vector.supplied.given.iter().filter(|(name, _)| is_secret(name));
    let given = given.map(|(name, value)| (name, value.clone())).collect();
    let supplied = Supplied { given, ..case.vector.supplied.clone() };
    let concealed = Concealed::of(&case.vector.settings, &supplied);
    let mut shown = Vec::new();
    for recipe in &account.recipes {
        shown.extend(recipe.text.iter().flatten().map(|text| text.masked().to_owned()));
        shown.extend(recipe.result.clone());
        shown.extend(
            recipe.place.iter().flat_map(|place| [place.written.clone(), place.received.clone()]).flatten(),
        );
        shown.extend(recipe.values.iter().filter_map(|value| value.shown.clone()));
    }
    for text in &shown {
        assert_eq!(&concealed.text(text), text, "{}", case.name);
    }
    // Names of credentials are words of the text.
    if shortest(credentials) >= 8 {
        let debug = format!("{account:?}");
        assert_eq!(concealed.text(&debug), debug, "{}", case.name);
    }
}

fn shortest(credentials: &Map<CredentialValue>) -> usize {
    let length = |value: &CredentialValue| match value {
        CredentialValue::Secret(secret) => secret.expose().len(),
        CredentialValue::Choice { members, .. } => shortest(members),
        _ => usize::MAX,
    };
    credentials.iter().map(|(_, value)| length(value)).min().unwrap_or(usize::MAX)
}

fn assert_told(case: &Case, account: &Account) {
    for recipe in &account.recipes {
        for value in &recipe.values {
            assert!(!value.fate.key().is_empty());
            if let Fate::Signed { .. } = value.fate {
                assert_ne!(value.source, Source::Input, "{}", case.name);
            }
        }
    }
}

#[test]
fn the_account_of_a_request_tells_of_the_text_that_is_signed_and_of_every_field() {
    let mut seen = 0;
    for case in cases() {
        let Subject::Request(operation) = &case.vector.subject else { continue };
        let (vector, interpreter) = (&case.vector, case.interpreter());
        let now = vector.supplied.now.unwrap_or(Instant::from_unix_seconds(0));
        let supplied = Supplied { now: Some(now), ..vector.supplied.clone() };
        let message = interpreter.prepare_with(operation, &vector.inputs, now, &supplied);
        let account = interpreter.account_of_request(operation, &vector.inputs, &supplied).unwrap();
        assert_masked(&case, &account);
        let Ok(message) = message else { continue };
        assert!(account.violations.is_empty() && account.broken.is_none(), "{}", case.name);
        assert_eq!(texts(&account), composed(&message.texts), "{}", case.name);
        assert_told(&case, &account);
        let of_query = pairs(Source::Query, &message.query).len();
        let names = message.fields.iter().enumerate().map(|(index, (name, _))| {
            (if index < of_query { Source::Query } else { Source::Body }, name.clone())
        });
        let names = sorted(names.collect());
        for recipe in &account.recipes {
            assert_eq!(told(recipe), names, "{}: {}", case.name, key(recipe));
        }
        for value in vector.inputs.iter().map(|(name, _)| name) {
            let operation = interpreter.operation(operation).unwrap();
            let field = operation.request.iter().find(|sent| sent.field.name.wire == value).unwrap();
            use payspec_codegen::ir::{Carrier, Kind};
            let is_plain = matches!(field.carrier, Carrier::Outer | Carrier::Query)
                && !matches!(field.field.kind, Kind::Rows { .. });
            let main = account.recipes.iter().filter(|recipe| recipe.part.is_none());
            for recipe in main.filter(|_| is_plain) {
                let times = recipe.values.iter().filter(|own| {
                    own.name == value && matches!(own.source, Source::Query | Source::Body | Source::Input)
                });
                assert_eq!(times.count(), 1, "{}: input {value}", case.name);
            }
        }
        seen += 1;
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn the_account_of_a_request_that_was_sent_is_that_of_the_receiver() {
    let mut seen = 0;
    for case in cases() {
        let Subject::Request(operation) = &case.vector.subject else { continue };
        let (vector, interpreter) = (&case.vector, case.interpreter());
        let now = vector.supplied.now.unwrap_or(Instant::from_unix_seconds(0));
        let Ok(message) = interpreter.prepare_with(operation, &vector.inputs, now, &vector.supplied) else {
            continue;
        };
        let packet = Packet::of_message(&message, payspec_runtime::Charset::Utf8);
        let incoming = payspec_interpreter::Incoming::new(
            message.method,
            message.query.as_bytes(),
            message.content_type.as_deref(),
            &message.body,
        )
        .headers(&packet.headers);
        let account = interpreter.account_of_sent_request(operation, &incoming, &vector.supplied).unwrap();
        assert_masked(&case, &account);
        assert_told(&case, &account);
        let texts_of = interpreter.request_texts(operation, &incoming, &vector.supplied).unwrap();
        assert_eq!(texts(&account), without_opened(composed(&texts_of), &account), "{}", case.name);
        let main = account.recipes.iter().filter(|recipe| recipe.part.is_none());
        for recipe in main {
            assert_eq!(recipe.verdict, Some(Ok(())), "{}: {}", case.name, key(recipe));
        }
        let is_raw = interpreter.operation(operation).unwrap().body == payspec_codegen::ir::Body::Raw;
        if let Some(fields) = fields(&packet).filter(|_| !is_raw) {
            for recipe in account.recipes.iter().filter(|recipe| is_whole(recipe)) {
                assert_eq!(told(recipe), fields, "{}: {}", case.name, key(recipe));
            }
        }
        seen += 1;
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn the_account_of_a_callback_tells_of_the_text_that_is_compared_and_of_every_field() {
    let mut seen = 0;
    for case in cases() {
        let Subject::Callback(name) = &case.vector.subject else { continue };
        let (vector, interpreter) = (&case.vector, case.interpreter());
        let packet = Packet::of_vector(vector, &case.provider);
        let account =
            packet.incoming(|incoming| interpreter.account_of_callback(name, incoming, &vector.supplied));
        let account = match account {
            Ok(account) => account,
            Err(Refusal::OtherShape) => panic!("{}", case.name),
            Err(_) => continue,
        };
        assert_masked(&case, &account);
        assert_told(&case, &account);
        let composed_texts =
            packet.incoming(|incoming| interpreter.received_texts(name, incoming, &vector.supplied));
        if let Ok(own) = composed_texts {
            assert_eq!(texts(&account), without_opened(composed(&own), &account), "{}", case.name);
        }
        let verdict =
            packet.incoming(|incoming| interpreter.verify_callback_with(name, incoming, &vector.supplied));
        if let Ok(verified) = verdict {
            let fits = |recipe: &&RecipeAccount| recipe.part.is_none() && recipe.verdict == Some(Ok(()));
            assert!(
                account.recipes.iter().filter(fits).any(|recipe| recipe.reading == verified.reading)
                    || account.recipes.is_empty(),
                "{}",
                case.name
            );
        }
        if let Some(fields) = fields(&packet) {
            for recipe in account.recipes.iter().filter(|recipe| is_whole(recipe)) {
                assert_eq!(told(recipe), fields, "{}: {}", case.name, key(recipe));
            }
        }
        seen += 1;
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn the_account_of_an_answer_tells_of_the_text_that_is_compared_and_of_every_field() {
    let mut seen = 0;
    for case in cases() {
        let Subject::Response(operation) = &case.vector.subject else { continue };
        let (vector, interpreter) = (&case.vector, case.interpreter());
        let packet = Packet::of_vector(vector, &case.provider);
        let body = packet.body_bytes();
        let account = interpreter.account_of_reply(operation, &packet.headers, &body, &vector.supplied);
        let Ok(account) = account else { continue };
        assert_masked(&case, &account);
        assert_told(&case, &account);
        let own = interpreter.reply_texts(operation, &packet.headers, &body, &vector.supplied);
        if let Ok(own) = own {
            assert_eq!(texts(&account), without_opened(composed(&own), &account), "{}", case.name);
        }
        if let Some(fields) = fields(&packet) {
            for recipe in account.recipes.iter().filter(|recipe| is_whole(recipe)) {
                assert_eq!(told(recipe), fields, "{}: {}", case.name, key(recipe));
            }
        }
        seen += 1;
    }
    assert!(seen > 8, "{seen}");
}
