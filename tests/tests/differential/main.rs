//! Generated code and interpreter do the same: for every operation and callback of every spec, over random messages.
//!
//! The two are independent readers of one IR. What is compared: method, address, query, body, signed text and signature
//! of requests; values, further fields and outcome of callbacks, or the kind and field of the refusal. 10,000 valid
//! messages for each operation and callback; messages that both refuse come on top.
//!
//! RSA signatures take most of the time of a debug build. Where the account chooses the algorithm, `RSA_SHARE` of a
//! hundred messages are signed with RSA (a 1024-bit key) and compared byte by byte; the others are signed with SM2,
//! where everything but the randomised signature is compared, and the signature of one message in ten is verified over
//! the interpreter's text. Base text and body are compared for all of them.
//!
//! The specs of the sample of protocols are compared over fewer messages each (`protocols`). `faults` shows that the
//! comparison finds what is there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

mod bench;
mod faults;
mod protocols;

use std::{
    sync::{Arc, Mutex},
    time::Instant as Clock,
};

use payspec_codegen::ir::Provider;
use payspec_interpreter::CredentialValue;
use payspec_runtime::crypto::{RsaPrivateKey, Sm2PrivateKey};
use payspec_tests::{
    bridge::random::{Keys, accounts},
    vectors,
};

use self::bench::{Bench, ENDINGS};

const CASES: u32 = 10_000;

pub(crate) fn keys() -> Keys {
    let file = |name: &str| std::fs::read(vectors::root().join("tests/vectors/keys").join(name)).unwrap();
    Keys {
        rsa: CredentialValue::RsaPrivate(
            RsaPrivateKey::read(file("test-platform-rsa1024.pkcs8.pem")).unwrap(),
        ),
        sm2: CredentialValue::Sm2Private(Sm2PrivateKey::read(file("test-platform-sm2.pkcs8.pem")).unwrap()),
    }
}

/// A bench with an account for each kind of set-up that the spec knows.
pub(crate) fn bench_of(provider: &Arc<Provider>, generated: &str, keys: &Keys) -> Bench {
    Bench::of(provider, generated, accounts(provider, keys))
}

/// Everything that is compared: spec, and operation or callback.
fn jobs(specs: &[vectors::Spec]) -> Vec<(Arc<Provider>, String, bool)> {
    let mut jobs = Vec::new();
    for spec in specs {
        let provider = &spec.provider;
        let operations = provider.operations.iter().map(|operation| (operation.name.wire.clone(), false));
        let callbacks = provider.callbacks.iter().map(|callback| (callback.name.wire.clone(), true));
        jobs.extend(
            operations.chain(callbacks).map(|(name, is_callback)| (Arc::clone(provider), name, is_callback)),
        );
    }
    jobs
}

#[test]
fn every_operation_and_callback_gives_the_same_in_both_for_ten_thousand_messages() {
    let (specs, keys) = (vectors::specs(), keys());
    let mut jobs = jobs(&specs);
    let total = jobs.len();
    // Those with key operations take longest, the combined order longest of all: they are taken first, from the end.
    jobs.reverse();
    jobs.sort_by_key(|(provider, ..)| provider.credentials.iter().any(|known| known.name.wire == "signing"));
    let queue = Mutex::new(jobs);
    let (failures, lines) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let work = || {
        while let Some((provider, name, is_callback)) = { queue.lock().unwrap().pop() } {
            let started = Clock::now();
            let bench = bench_of(&provider, &provider.name, &keys);
            let result =
                if is_callback { bench.callbacks(&name, CASES) } else { bench.requests(&name, CASES) };
            let took = started.elapsed();
            match result {
                Ok(refused) => lines.lock().unwrap().push(format!(
                    "{:<22} {:<9} {name:<24} {CASES} the same, {refused:>5} refused by both, {:>5.1} s",
                    provider.name,
                    if is_callback { "callback" } else { "request" },
                    took.as_secs_f32()
                )),
                Err(failure) => failures.lock().unwrap().push(format!("{} {failure}", provider.name)),
            }
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> =
            (1..std::thread::available_parallelism().unwrap().get()).map(|_| scope.spawn(work)).collect();
        work();
        others.into_iter().for_each(|other| other.join().unwrap());
    });
    let mut lines = lines.into_inner().unwrap();
    lines.sort();
    println!("{}", lines.join("\n"));
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} of {total} differ:\n{}", failures.len(), failures.join("\n\n"));
    assert_eq!(lines.len(), total);
    assert_eq!(total, 36);
}

#[test]
fn every_answer_ends_the_call_in_the_same_way_in_both() {
    const ANSWERS: u32 = 500;
    let keys = keys();
    let mut read = 0;
    for spec in vectors::specs() {
        let bench = bench_of(&spec.provider, &spec.provider.name, &keys);
        for operation in spec.provider.operations.iter().filter(|operation| operation.reply.is_some()) {
            let name = &operation.name.wire;
            bench.answers(name, ANSWERS).unwrap_or_else(|failure| panic!("{} {failure}", spec.file));
            read += ANSWERS;
        }
    }
    let endings = ENDINGS.take();
    println!("{read} answers: {endings:?}");
    assert_eq!(endings.values().sum::<u32>(), read);
    assert!(
        ["replies", "rejected", "unknown"].iter().all(|ending| endings[ending] > read / 20),
        "{endings:?}"
    );
    assert!(!endings.contains_key("not read"));
}
