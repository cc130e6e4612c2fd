//! Where secrets could be seen, and the search for them in every spelling in which they could travel.

use std::{
    io,
    sync::{Arc, Mutex},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use memchr::memmem;
use tracing_subscriber::fmt::MakeWriter;

/// Collects log lines.
#[derive(Clone, Default)]
pub(crate) struct Log(pub(crate) Arc<Mutex<Vec<u8>>>);

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
pub(crate) fn pieces(secret: &str) -> Vec<Vec<u8>> {
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
pub(crate) fn spellings(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
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

/// Every secret that is found, and in which spelling.
pub(crate) fn leaks<'s>(
    haystack: &[u8],
    secrets: impl IntoIterator<Item = (&'s str, &'s str)>,
) -> Vec<String> {
    let mut found = Vec::new();
    for (name, secret) in secrets {
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
