//! Files with a key or a secret: bounded, and nothing but regular files. Who may read them is not asked: it is the
//! owner's business, and a warning that nobody can heed helps nobody.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use payspec_runtime::Secret;

/// The largest file that is read, in bytes. A chain of certificates has some ten thousand.
const LARGEST: u64 = 256 << 10;

/// Reads a text; a line break at its end, which editors put there, is no part of it. A key in binary form (DER) is
/// handed out in base64, which every reader of keys takes.
///
/// # Errors
/// What is wrong with the file, to be put behind its name: "is a directory".
pub fn read(path: &Path) -> Result<Secret, String> {
    let cannot = |error: io::Error| format!("cannot be read: {error}");
    let found = fs::metadata(path).map_err(cannot)?;
    if found.is_dir() {
        return Err("is a directory".to_owned());
    }
    if !found.is_file() {
        return Err("is no regular file".to_owned());
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(cannot)?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("has more than {LARGEST} bytes: no key is that large"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Secret::new(without_line_break(&text))),
        Err(error) => Ok(Secret::new(payspec_runtime::crypto::Sealed::from(error.into_bytes()).base64())),
    }
}

fn without_line_break(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}
