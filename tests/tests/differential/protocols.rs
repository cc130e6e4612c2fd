//! The specs of the sample of protocols: everything that the language can say about a signature, over random messages.
//!
//! An account is one that the vectors beside the spec name: secrets of the right length, in the right encoding. RSA keys
//! are replaced by one short test key, with which the interpreter also plays the provider.

use std::sync::Arc;

use payspec_codegen::ir::Provider;
use payspec_interpreter::{CredentialValue, Map};
use payspec_tests::{
    bridge::random::{Account, Keys},
    vectors::{self, Spec},
};

use super::{bench::Bench, keys};

/// For each operation, its answers, and each callback.
const MESSAGES: u32 = 200;

/// What the interpreter cannot sign in the provider's place: signed headers that are neither fields nor fresh values.
const UNSIGNABLE: [&str; 2] = ["wechat_pay_v3 answer h5", "wechat_pay_v3 callback notify"];

/// The accounts of the vectors, each once.
fn accounts(spec: &Spec, keys: &Keys) -> Vec<Account> {
    let mut accounts: Vec<Account> = Vec::new();
    for vector in vectors::written(spec) {
        let mut settings = vector.said.settings;
        settings.credentials = signing(settings.credentials, keys);
        let name = format!("{:?}", settings.credentials);
        if accounts.iter().all(|known| known.name != name) {
            accounts.push(Account { name, settings });
        }
    }
    accounts
}

/// The same credentials with keys that can sign.
fn signing(credentials: Map<CredentialValue>, keys: &Keys) -> Map<CredentialValue> {
    let signing_one = |value| match value {
        CredentialValue::RsaPrivate(_) | CredentialValue::RsaPublic(_) => keys.rsa.clone(),
        CredentialValue::Sm2Private(_) | CredentialValue::Sm2Public(_) => keys.sm2.clone(),
        CredentialValue::Keys(own) => CredentialValue::Keys(signing(own, keys)),
        CredentialValue::Choice { alternative, members } => {
            CredentialValue::Choice { alternative, members: signing(members, keys) }
        }
        other => other,
    };
    credentials.into_iter().map(|(name, value)| (name, signing_one(value))).collect()
}

/// Every operation with its answers and every callback of a spec; what differs.
fn differences(provider: &Arc<Provider>, bench: &Bench) -> (u32, Vec<String>) {
    let mut compared = 0;
    let mut failures = Vec::new();
    let mut judge = |kind: &str, name: &str, result: Result<u32, String>| {
        let message = format!("{} {kind} {name}", provider.name);
        let is_signable = !UNSIGNABLE.contains(&message.as_str());
        match result {
            Ok(_) if is_signable => compared += MESSAGES,
            Ok(_) => failures.push(format!("{message}: can be signed, and is listed as what cannot")),
            Err(failure) if !is_signable && failure.contains("Too many global rejects") => {}
            Err(failure) => failures.push(format!("{message}: {failure}")),
        }
    };
    for operation in &provider.operations {
        let name = &operation.name.wire;
        judge("request", name, bench.requests(name, MESSAGES));
        if operation.reply.is_some() {
            judge("answer", name, bench.answers(name, MESSAGES));
        }
    }
    for callback in &provider.callbacks {
        judge("callback", &callback.name.wire, bench.callbacks(&callback.name.wire, MESSAGES));
    }
    (compared, failures)
}

#[test]
fn the_protocols_of_the_sample_give_the_same_in_both_for_random_messages() {
    let keys = keys();
    let mut compared = 0;
    let mut failures = Vec::new();
    for spec in vectors::protocols() {
        let bench = Bench::of(&spec.provider, &spec.provider.name, accounts(&spec, &keys));
        let (messages, differences) = differences(&spec.provider, &bench);
        compared += messages;
        failures.extend(differences);
    }
    println!("{compared} messages compared");
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n\n"));
    assert!(compared >= 90 * MESSAGES, "only {compared} messages");
}
