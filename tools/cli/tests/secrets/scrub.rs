//! Every command over every vector, and every secret in every form.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use payspec_codegen::ir::{Algorithm, Provider};
use payspec_interpreter::{CredentialValue, Map, Value};
use payspec_runtime::crypto::Sealed;
use payspec_vectors::{Packet, Subject, Vector};
use serde_json::{Value as Json, json};

use super::run::{Ran, folder, payspec, root, with};

/// Shorter secrets occur in ordinary words.
const SHORTEST: usize = 6;

/// One spec with its vectors.
struct Pair {
    spec: String,
    provider: Arc<Provider>,
    vectors: Vec<Vector>,
    accounts: Vec<(String, Map<CredentialValue>)>,
}

fn pairs() -> Vec<Pair> {
    let mut pairs = Vec::new();
    for folder in ["specs", "tests/specs", "tests/protocols"] {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        for name in names.iter().filter(|name| name.ends_with(".yaml") && !name.ends_with(".vectors.yaml")) {
            let spec = format!("{folder}/{name}");
            let text = fs::read_to_string(root().join(&spec)).unwrap();
            let provider = Arc::new(payspec_codegen::compile(&text, &spec).unwrap().provider);
            let path: PathBuf = payspec_vectors::beside(&root().join(&spec));
            let text = fs::read_to_string(&path).unwrap();
            let file = payspec_vectors::read(&text, &path, &provider).unwrap();
            let accounts = file.accounts.iter().map(|(name, own)| (name.to_owned(), own.clone())).collect();
            pairs.push(Pair { spec, provider, vectors: file.vectors, accounts });
        }
    }
    pairs
}

/// Every text that must not be seen, in every form.
fn forms(accounts: &[(String, Map<CredentialValue>)]) -> BTreeSet<String> {
    let mut secrets = Vec::new();
    accounts.iter().for_each(|(_, account)| secrets_of(account, &mut secrets));
    let mut forms = BTreeSet::new();
    for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST) {
        let mut hex = String::new();
        let mut percent = String::new();
        for byte in secret.bytes() {
            write!(hex, "{byte:02x}").unwrap();
            write!(percent, "%{byte:02X}").unwrap();
        }
        let base64 = Sealed::from(secret.as_bytes().to_vec()).base64();
        let url_safe = base64.replace('+', "-").replace('/', "_");
        let plain_percent: String = secret
            .bytes()
            .map(|byte| match byte {
                b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
                byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect();
        forms.extend([
            secret.to_lowercase(),
            secret.to_uppercase(),
            hex.to_uppercase(),
            plain_percent.to_lowercase(),
        ]);
        forms.extend([base64.trim_end_matches('=').to_owned(), url_safe.trim_end_matches('=').to_owned()]);
        forms.extend([secret.clone(), hex, percent, plain_percent]);
    }
    forms
}

fn secrets_of(account: &Map<CredentialValue>, secrets: &mut Vec<String>) {
    for (_, value) in account.iter() {
        match value {
            CredentialValue::Secret(secret) => secrets.push(secret.expose().to_owned()),
            CredentialValue::Choice { members, .. } => secrets_of(members, secrets),
            CredentialValue::Keys(keys) => secrets_of(keys, secrets),
            _ => {}
        }
    }
}

/// The lines of all private keys of the repository.
fn private_keys() -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for folder in ["tests/vectors/keys", "tests/protocols/keys"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let is_private = text.contains("PRIVATE KEY") || path.to_string_lossy().ends_with(".d.hex");
            let long = text.lines().filter(|line| line.len() >= 32 && !line.contains("---"));
            lines.extend(long.filter(|_| is_private).map(str::to_owned));
        }
    }
    assert!(lines.len() > 20);
    lines
}

struct Scrub<'p> {
    pair: &'p Pair,
    forms: BTreeSet<String>,
    runs: usize,
    found: Vec<String>,
}

impl Scrub<'_> {
    fn look(&mut self, arguments: &[&str], ran: &Ran) {
        self.runs += 1;
        for (stream, text) in [("stdout", &ran.out), ("stderr", &ran.err)] {
            for form in self.forms.iter().filter(|form| text.contains(form.as_str())) {
                self.found.push(format!("{} prints {form} on {stream}", arguments.join(" ")));
            }
        }
    }

    fn run(&mut self, arguments: &[&str]) -> Ran {
        let ran = payspec(arguments);
        self.look(arguments, &ran);
        ran
    }

    fn whole_spec(&mut self, folder: &Path) {
        let spec = self.pair.spec.as_str();
        let vectors = payspec_vectors::beside(Path::new(spec)).to_string_lossy().into_owned();
        self.run(&["check", spec]);
        self.run(&["test", spec]);
        self.run(&["test", spec, "--format", "json"]);
        // As a spec, with every mistake that it has then.
        self.run(&["check", &vectors]);
        self.run(&["expand", spec]);
        if payspec(&["doc", "--help"]).code == 0 {
            let out = folder.join("pages");
            let _ = fs::remove_dir_all(&out);
            let out = out.to_string_lossy().into_owned();
            self.run(&["doc", spec, "--out", &out]);
            for page in fs::read_dir(&out).into_iter().flatten().map(|entry| entry.unwrap().path()) {
                let text = fs::read_to_string(&page).unwrap_or_default();
                let ran = Ran { code: 0, out: text, err: String::new(), bytes: Vec::new() };
                self.look(&["doc", &page.to_string_lossy()], &ran);
            }
        }
    }

    /// The vector as it is, and with a changed value, which leads into every error.
    fn vector(&mut self, vector: &Vector, account: &str, folder: &Path, with_explain: bool) {
        let (spec, name) = (self.pair.spec.as_str(), vector.subject.name());
        if with_explain {
            self.run(&["explain", spec, name, "--vector", &vector.name]);
            self.run(&["explain", spec, name, "--vector", &vector.name, "--bytes"]);
            self.run(&["explain", spec, name, "--vector", &vector.name, "--format", "json"]);
        }
        let settings = settings(vector, account);
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let variables: Vec<(String, String)> = vector
            .settings
            .tokens
            .iter()
            .map(|(name, token)| (format!("PAYSPEC_TOKEN_{}", name.to_uppercase()), token.clone()))
            .collect();
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let given = folder.join("given.yaml");
        fs::write(&given, object(&vector.supplied.given)).unwrap();
        let given = given.to_string_lossy().into_owned();
        let given: Vec<&str> =
            if vector.supplied.given.is_empty() { Vec::new() } else { vec!["--given", &given] };
        if matches!(vector.subject, Subject::Request(_) | Subject::Recipe(_)) {
            let values =
                Json::from_iter(vector.inputs.iter().map(|(name, value)| (name.to_owned(), json_of(value))));
            for part in ["message", "curl", "base", "signature"] {
                let arguments =
                    [&["sign", spec, name, "--request", "-", "--part", part], settings.as_slice(), &given]
                        .concat();
                let ran = with(&arguments, &variables, &values.to_string());
                if matches!(vector.subject, Subject::Request(_)) {
                    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
                }
                if !self.sends_its_secret(vector) {
                    self.look(&arguments, &ran);
                }
            }
            let arguments = [&["sign", spec, name, "--set", "nonsense=1"], settings.as_slice()].concat();
            let ran = with(&arguments, &variables, "");
            self.look(&arguments, &ran);
            return;
        }
        let packet = Packet::of_vector(vector, &self.pair.provider);
        let mut arguments = vec!["verify".to_owned(), spec.to_owned(), name.to_owned()];
        for (name, value) in &packet.headers {
            arguments.extend(["--header".to_owned(), format!("{name}: {value}")]);
        }
        arguments.extend(
            packet
                .content_type
                .iter()
                .flat_map(|kind| ["--header".to_owned(), format!("Content-Type: {kind}")]),
        );
        arguments.extend([
            "--query".to_owned(),
            packet.query.clone(),
            "--method".to_owned(),
            packet.method.to_owned(),
        ]);
        arguments.extend(packet.url().into_iter().flat_map(|url| ["--url".to_owned(), url]));
        let body = folder.join("body");
        let spot = packet.spots().into_iter().next_back();
        let changed = spot.map(|spot| packet.changed(&spot));
        for (at, packet) in [Some(packet), changed].into_iter().flatten().enumerate() {
            fs::write(&body, packet.body_bytes()).unwrap();
            let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let body = body.to_string_lossy().into_owned();
            if packet.method == "POST" {
                arguments.extend(["--body", &body]);
            }
            arguments.extend(settings.iter().chain(&given));
            let ran = with(&arguments, &variables, "");
            if at == 0 && !vector.is_unreproduced() && vector.error.is_none() {
                assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
            }
            self.look(&arguments[..3], &ran);
        }
    }

    /// Its recipe is a constant that proves who sends: the message carries the secret, as the provider wants it.
    fn sends_its_secret(&self, vector: &Vector) -> bool {
        let provider = &self.pair.provider;
        let operation =
            provider.operations.iter().find(|operation| operation.name.wire == vector.subject.name());
        operation.is_some_and(|operation| {
            let recipes = operation.signature.recipes();
            recipes.into_iter().any(|id| provider[id].seal.algorithm == Algorithm::None)
        })
    }
}

fn settings(vector: &Vector, account: &str) -> Vec<String> {
    let mut arguments = vec!["--test-credentials".to_owned(), account.to_owned()];
    let pairs = |option: &str, pairs: &Map<String>| {
        pairs
            .iter()
            .flat_map(|(name, value)| [option.to_owned(), format!("{name}={value}")])
            .collect::<Vec<_>>()
    };
    arguments.extend(pairs("--option", &vector.settings.options));
    arguments.extend(pairs("--host", &vector.settings.hosts));
    arguments.extend(pairs("--fresh", &vector.supplied.fresh));
    if let Some(now) = vector.supplied.now {
        let millis = now.unix_millis();
        arguments.extend(["--now".to_owned(), format!("{}.{:03}", millis / 1000, millis % 1000)]);
    }
    arguments
}

fn object(texts: &Map<String>) -> String {
    Json::from_iter(texts.iter().map(|(name, text)| (name.to_owned(), json!(text)))).to_string()
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::Text(text) | Value::Json(text) => json!(text),
        Value::List(items) => items.iter().map(json_of).collect(),
        Value::Object(members) => {
            Json::from_iter(members.iter().map(|(name, value)| (name.to_owned(), json_of(value))))
        }
    }
}

/// The set of credentials that a vector uses.
fn account_of(pair: &Pair, vector: &Vector) -> String {
    let text = fs::read_to_string(payspec_vectors::beside(&root().join(&pair.spec))).unwrap();
    let (_, rest) = text.split_once(&format!("\n  {}:\n", vector.name)).unwrap();
    let line = rest.lines().find_map(|line| line.trim().strip_prefix("credentials: ")).unwrap();
    line.split(" #").next().unwrap().trim().trim_matches('"').to_owned()
}

fn scrub(folder_name: &str, part: impl Fn(usize) -> bool) {
    let folder = folder(folder_name);
    let with_explain = payspec(&["explain", "--help"]).out.contains("--vector");
    let keys = private_keys();
    let (mut runs, mut found) = (0, Vec::new());
    for (_, pair) in pairs().iter().enumerate().filter(|(at, _)| part(*at)) {
        let mut forms = forms(&pair.accounts);
        forms.extend(keys.iter().cloned());
        // One account has its secret named like its vector.
        pair.vectors.iter().for_each(|vector| {
            forms.remove(&vector.name);
        });
        // What the public spec says itself (a common word, the name of a source) is no secret of its account.
        let spec = fs::read_to_string(root().join(&pair.spec)).unwrap();
        forms.retain(|form| !spec.to_lowercase().contains(&form.to_lowercase()));
        // Another has its secret for its public number.
        let public = pair.accounts.iter().flat_map(|(_, account)| account.iter());
        for (_, value) in public {
            if let CredentialValue::Text(text) = value {
                forms.remove(text);
            }
        }
        let mut scrub = Scrub { pair, forms, runs: 0, found: Vec::new() };
        scrub.whole_spec(&folder);
        for vector in &pair.vectors {
            scrub.vector(vector, &account_of(pair, vector), &folder, with_explain);
        }
        runs += scrub.runs;
        found.extend(scrub.found);
    }
    assert!(found.is_empty(), "{} secrets are printed:\n{}", found.len(), found.join("\n"));
    assert!(runs > 200, "only {runs}");
}

#[test]
fn no_command_prints_a_secret_in_any_form_over_the_specs() {
    scrub("scrub_specs", |at| at < 9);
}

#[test]
fn no_command_prints_a_secret_in_any_form_over_the_protocols() {
    scrub("scrub_protocols", |at| at >= 9);
}
