//! Hex dump of a signed text: sixteen bytes a line, `**` for each byte of a secret.

use std::fmt::Write as _;

use payspec_interpreter::SignedText;

/// The lines of a dump.
pub(crate) fn dump(text: &SignedText) -> String {
    let bytes: Vec<Option<u8>> = text.masked_bytes().collect();
    let mut dump = String::new();
    for (number, line) in bytes.chunks(16).enumerate() {
        // Nothing can go wrong that could be told: the text is in memory.
        let _ = write!(dump, "{:08x} ", number * 16);
        for index in 0..16 {
            if index % 8 == 0 {
                dump.push(' ');
            }
            match line.get(index) {
                Some(Some(byte)) => drop(write!(dump, "{byte:02x} ")),
                Some(None) => dump.push_str("** "),
                None => dump.push_str("   "),
            }
        }
        let character = |byte: &Option<u8>| match byte {
            Some(byte @ b' '..=b'~') => char::from(*byte),
            Some(_) => '.',
            None => '*',
        };
        let _ = writeln!(dump, " |{}|", line.iter().map(character).collect::<String>());
    }
    dump
}
