//! What the versions by hand share: percent-encoding and its undoing, hexadecimal digits, days.

use std::fmt::Write as _;

/// Written as they are.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        plain[byte] = is_plain(byte as u8);
        byte += 1;
    }
    plain
};

/// Percent-encodes, in runs.
pub(crate) fn escape_into(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let run = rest.iter().position(|byte| !PLAIN[usize::from(*byte)]).unwrap_or(rest.len());
        out.extend_from_slice(&rest[..run]);
        rest = &rest[run..];
        if let [byte, behind @ ..] = rest {
            let digit = |nibble: u8| b"0123456789ABCDEF"[usize::from(nibble)];
            out.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 15)]);
            rest = behind;
        }
    }
}

/// The same as most services have it.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if is_plain(byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// Hexadecimal digits as most services have them.
pub(crate) fn hex_digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// Undoes percent-encoding into the end of a buffer.
pub(crate) fn unescape_into(out: &mut Vec<u8>, text: &[u8]) {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'F' => byte - b'A' + 10,
        b'a'..=b'f' => byte - b'a' + 10,
        _ => panic!("no digit"),
    };
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'%' => {
                out.push(digit(text[at + 1]) << 4 | digit(text[at + 2]));
                at += 3;
            }
            b'+' => {
                out.push(b' ');
                at += 1;
            }
            other => {
                out.push(other);
                at += 1;
            }
        }
    }
}

/// The same as most services have it.
pub(crate) fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    unescape_into(&mut bytes, text.as_bytes());
    String::from_utf8(bytes).expect("UTF-8")
}

/// Lower-case digits.
pub(crate) fn hex<const LENGTH: usize, const DIGITS: usize>(bytes: [u8; LENGTH]) -> [u8; DIGITS] {
    let mut digits = [0; DIGITS];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair[0] = b"0123456789abcdef"[usize::from(byte >> 4)];
        pair[1] = b"0123456789abcdef"[usize::from(byte & 15)];
    }
    digits
}

/// `2019-08-18 00:13:41` at +08:00, as seconds since 1970.
pub(crate) fn unix_seconds(text: &[u8]) -> i64 {
    let number = |from: usize, to: usize| {
        text[from..to].iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
    };
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    // Days since 1970 of a day in a year that begins in March.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    days * 86_400 + number(11, 13) * 3600 + number(14, 16) * 60 + number(17, 19) - 8 * 3600
}
