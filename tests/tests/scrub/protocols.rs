//! The specs of the sample: random messages with secrets that could be nothing else, and everything that generated code
//! and interpreter show of them.

use payspec_interpreter::{CredentialValue, Map};
use payspec_runtime::{
    Secret,
    crypto::{RsaPrivateKey, digest},
};
use payspec_tests::{
    bridge::{random::Account, shown},
    vectors::{self, Spec, Subject},
};

use super::{
    bench::Bench,
    search::{Log, leaks},
};

/// For each operation, its answers, and each callback.
const MESSAGES: u32 = 10;

/// A secret that could be nothing else: as long as the one of the vector, if that is long enough, and in hex, which is
/// base64 too.
fn distinctive(name: &str, like: &str) -> String {
    let length = if like.len() >= 12 { like.len() } else { 24 };
    let text = digest::sha512(name.as_bytes()).hex_lower();
    text.chars().cycle().take(length).collect()
}

/// The credentials with such secrets and with a key that can sign; the secrets go into the list.
fn marked(credentials: &Map<CredentialValue>, secrets: &mut Vec<(String, String)>) -> Map<CredentialValue> {
    let file = vectors::root().join("tests/vectors/keys/test-platform-rsa1024.pkcs8.pem");
    let mark = |(name, value): (&str, &CredentialValue)| {
        let value = match value {
            CredentialValue::Secret(secret) => {
                let other = distinctive(name, secret.expose());
                secrets.push((name.to_owned(), other.clone()));
                CredentialValue::Secret(Secret::new(other))
            }
            CredentialValue::RsaPrivate(_) | CredentialValue::RsaPublic(_) => {
                let pem = std::fs::read_to_string(&file).expect("the test key");
                let key = RsaPrivateKey::read(&pem).expect("an RSA key");
                secrets.push((name.to_owned(), pem));
                CredentialValue::RsaPrivate(key)
            }
            CredentialValue::Keys(keys) => CredentialValue::Keys(marked(keys, secrets)),
            CredentialValue::Choice { alternative, members } => CredentialValue::Choice {
                alternative: alternative.clone(),
                members: marked(members, secrets),
            },
            other => other.clone(),
        };
        (name.to_owned(), value)
    };
    credentials.iter().map(mark).collect()
}

/// Plays a spec; what was shown, and what must not be in it.
fn played(spec: &Spec) -> (String, Vec<(String, String)>) {
    let mut secrets = Vec::new();
    let mut settings = vectors::written(spec).swap_remove(0).said.settings;
    settings.credentials = marked(&settings.credentials, &mut secrets);
    shown::collect();
    let account = Account { name: String::new(), settings };
    let bench = Bench::of(&spec.provider, &spec.provider.name, vec![account]);
    for operation in &spec.provider.operations {
        let name = &operation.name.wire;
        // Whether the two do the same is asked elsewhere (`differential`): here they only have to show something.
        bench.requests(name, MESSAGES).ok();
        if operation.reply.is_some() {
            bench.answers(name, MESSAGES).ok();
        }
    }
    for callback in &spec.provider.callbacks {
        bench.callbacks(&callback.name.wire, MESSAGES).ok();
    }
    let (shown, given) = shown::collected();
    secrets.extend(given.into_iter().map(|secret| ("given".to_owned(), secret)));
    (shown, secrets)
}

#[test]
fn no_secret_of_a_protocol_is_shown_by_generated_code_or_interpreter() {
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut looked_for = 0;
    let mut given = 0;
    for spec in vectors::protocols() {
        log.0.lock().unwrap().clear();
        let (shown, secrets) = played(&spec);
        assert!(shown.len() > 1_000, "{}: something is shown", spec.file);
        let pairs = || secrets.iter().map(|(name, secret)| (name.as_str(), secret.as_str()));
        for (place, haystack) in [("shown", shown.into_bytes()), ("logged", log.0.lock().unwrap().clone())] {
            let found = leaks(&haystack, pairs());
            assert!(found.is_empty(), "{}, {place}: {found:?}", spec.file);
            let mut hidden = haystack;
            for (name, secret) in secrets.iter().filter(|(_, secret)| !secret.starts_with("-----")) {
                hidden.extend_from_slice(secret.as_bytes());
                assert!(!leaks(&hidden, pairs()).is_empty(), "{}: {name} would be found", spec.file);
                hidden.truncate(hidden.len() - secret.len());
            }
        }
        looked_for += secrets.len();
        given += secrets.iter().filter(|(name, _)| name == "given").count();
    }
    assert!(looked_for > 60, "{looked_for} secrets");
    assert!(given > 10, "{given} of them handed in");
}

/// The key of a message is the order number, encrypted with the key of the merchant; its provider's example prints it.
#[test]
fn a_computed_key_is_not_shown() {
    const KEY: &str = "38t5Zm5RjlVHNycd8Nutcg==";
    let bytes = payspec_runtime::crypto::decode_signature(KEY, payspec_runtime::crypto::Encoding::Base64);
    let hex: String = bytes.unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    let spec = vectors::spec("tests/protocols/redsys.yaml");
    let vector =
        vectors::written(&spec).into_iter().find(|vector| vector.name == "redsys_published").unwrap();
    let Subject::Request(name) = &vector.subject else { panic!("a request") };
    shown::collect();
    let made = vector.both().prepare(name, &vector.inputs, &vector.moment(), true);
    let shown = shown::collected().0 + &format!("{made:?} {made:#?}");
    assert!(shown.contains("Ds_Signature"), "the request is shown");
    for form in [KEY, KEY.trim_end_matches('='), &hex, &hex.to_uppercase()] {
        assert!(!shown.contains(form), "{form}");
    }
}
