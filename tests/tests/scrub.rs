//! No secret leaves the process: not in a request, an address, a `Debug`, an error, a log line or the account.
//!
//! The whole main job is played with a tap on everything that the clients send and show, at the most talkative log
//! level; then every secret is looked for, raw and in the spellings in which it could travel. That the search would
//! find one is shown by hiding each in the same haystack first.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::io;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use memchr::memmem;
use payspec_tests::checkout::{self, SECRETS, Wire};
use tracing_subscriber::fmt::MakeWriter;

/// Collects log lines.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What of a secret is looked for: of a shared secret all of it, of a key file every piece that is secret enough to
/// tell: the lines of its base64 and stretches of its bytes. Headers that all keys share are left out.
fn pieces(secret: &str) -> Vec<Vec<u8>> {
    if !secret.starts_with("-----BEGIN") {
        return vec![secret.as_bytes().to_vec()];
    }
    let lines: Vec<&str> = secret.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = STANDARD.decode(lines.concat()).expect("a key file of the vectors");
    let mut pieces: Vec<Vec<u8>> =
        lines.iter().filter(|line| line.len() > 40).map(|line| line.as_bytes().to_vec()).collect();
    // Both kinds of key have their secret number behind the header: stretches of it tell, wherever they are cut.
    pieces.extend(der.chunks(24).skip(2).filter(|chunk| chunk.len() == 24).map(<[u8]>::to_vec));
    pieces
}

/// The spellings in which bytes could travel.
fn spellings(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let hex_lower: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
    let form: String = bytes
        .iter()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(*byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    vec![
        ("raw", bytes.to_vec()),
        ("percent-encoded", form.into_bytes()),
        ("percent-encoded throughout", percent.into_bytes()),
        ("hex", hex_lower.to_uppercase().into_bytes()),
        ("lower-case hex", hex_lower.into_bytes()),
        ("base64", unpadded(STANDARD.encode(bytes))),
        ("base64url", unpadded(URL_SAFE.encode(bytes))),
    ]
}

/// The end of base64 depends on what follows: only what does not is looked for.
fn unpadded(text: String) -> Vec<u8> {
    let kept = text.trim_end_matches('=').len() / 4 * 4;
    text.as_bytes()[..kept].to_vec()
}

fn leaks(haystack: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, secret) in SECRETS {
        for piece in pieces(secret) {
            for (spelling, needle) in spellings(&piece) {
                if memmem::find(haystack, &needle).is_some() {
                    found.push(format!("{name}, {spelling}"));
                }
            }
        }
    }
    found
}

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
        let found = leaks(haystack);
        assert!(found.is_empty(), "secrets {place}: {found:?}");
    }
}

#[test]
fn the_search_finds_a_hidden_secret_in_every_spelling() {
    let straw = vec![b'.'; 5_000];
    assert!(leaks(&straw).is_empty());
    for (name, secret) in SECRETS {
        let pieces = pieces(secret);
        assert!(!pieces.is_empty(), "{name} has something to look for");
        for piece in pieces {
            for (spelling, needle) in spellings(&piece) {
                let mut haystack = straw.clone();
                haystack.splice(2_000..2_000, needle);
                let found = leaks(&haystack);
                assert!(found.iter().any(|hit| hit.starts_with(name)), "{name}, {spelling} was not found");
            }
        }
    }
}
