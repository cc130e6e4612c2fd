//! No secret leaves the process: not in a request, an address, a `Debug`, an error, a log line or the account.
//!
//! The whole main job is played with a tap on everything that the clients send and show, at the most talkative log
//! level; then every secret is looked for, raw and in the spellings in which it could travel. That the search would
//! find one is shown by hiding each in the same haystack first. `protocols` does the same for the specs of the sample:
//! secrets in any place of a text, keys that are computed, secrets that the caller hands in.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "../differential/bench.rs"]
mod bench;
mod protocols;
mod search;

use payspec_tests::checkout::{self, SECRETS, Wire};

use self::search::{Log, leaks, pieces, spellings};

#[tokio::test]
async fn no_secret_leaves_the_process() {
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let (mut account, wire) = (Vec::new(), Wire::default());
    checkout::play_with(&mut account, &wire).await.expect("every scene ends as it should");

    let log = log.0.lock().unwrap().clone();
    let wire = wire.bytes();
    assert!(wire.len() > 10_000, "the tap recorded the requests ({} bytes)", wire.len());
    assert!(!log.is_empty(), "the log was written");
    let told = String::from_utf8_lossy(&log);
    assert!(told.contains("unified_order"), "the client logs its calls:\n{told}");

    for (place, haystack) in
        [("on the wire or in a Debug", &wire), ("in the log", &log), ("in the account", &account)]
    {
        let found = leaks(haystack, SECRETS);
        assert!(found.is_empty(), "secrets {place}: {found:?}");
    }
}

#[test]
fn the_search_finds_a_hidden_secret_in_every_spelling() {
    let straw = vec![b'.'; 5_000];
    assert!(leaks(&straw, SECRETS).is_empty());
    for (name, secret) in SECRETS {
        let pieces = pieces(secret);
        assert!(!pieces.is_empty(), "{name} has something to look for");
        for piece in pieces {
            for (spelling, needle) in spellings(&piece) {
                let mut haystack = straw.clone();
                haystack.splice(2_000..2_000, needle);
                let found = leaks(&haystack, SECRETS);
                assert!(found.iter().any(|hit| hit.starts_with(name)), "{name}, {spelling} was not found");
            }
        }
    }
}
