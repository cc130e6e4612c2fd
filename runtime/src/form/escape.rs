//! Percent-encoding, eight bytes at a time.
//!
//! Most of what is sent needs no escape, or few. A word of eight bytes is looked at as a whole: which of them are
//! written as they are is one bit of a mask for each, and a word without another byte is copied at once.

use super::Space;
use crate::scratch::Scratch;

/// Bytes of a word.
const WORD: usize = 8;
/// The highest bit of each byte of a word.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// What is written for each byte, and how many bytes of it count.
static WRITTEN: [[u8; 4]; 256] = {
    let mut table = [[0; 4]; 256];
    let mut byte = 0;
    while byte < 256 {
        let plain = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'-' | b'.' | b'_' | b'~');
        table[byte] = if plain {
            [byte as u8, 0, 0, 1]
        } else {
            [b'%', upper_hex(byte as u8 >> 4), upper_hex(byte as u8 & 0x0f), 3]
        };
        byte += 1;
    }
    table
};

const fn upper_hex(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 }
}

/// Writes all but `A-Z a-z 0-9 - . _ ~` as `%` and two digits.
pub(super) fn escape(bytes: &[u8], space: Space, out: &mut Scratch) {
    // An escaped byte takes three; a whole word is copied for the last ones.
    out.fill(bytes.len() * 3 + WORD, |room| {
        let mut at = 0;
        let (words, rest) = bytes.as_chunks::<WORD>();
        for word in words {
            at = write_word(*word, space, room, at);
        }
        match bytes.last_chunk::<WORD>() {
            // Its first bytes are plain, and have been written already.
            Some(last) if !rest.is_empty() && others(u64::from_le_bytes(*last)) == 0 => {
                at += rest.len();
                put(room, at - WORD, *last);
            }
            _ => rest.iter().for_each(|byte| at = write_byte(*byte, space, room, at)),
        }
        at
    });
}

fn write_word(word: [u8; WORD], space: Space, room: &mut [u8], mut at: usize) -> usize {
    let others = others(u64::from_le_bytes(word));
    if others == 0 {
        put(room, at, word);
        return at + WORD;
    }
    for byte in word {
        at = write_byte(byte, space, room, at);
    }
    at
}

#[inline]
fn write_byte(byte: u8, space: Space, room: &mut [u8], at: usize) -> usize {
    if byte == b' ' && space == Space::Plus {
        put(room, at, *b"+");
        return at + 1;
    }
    let [first, second, third, length] = WRITTEN.get(usize::from(byte)).copied().unwrap_or_default();
    put(room, at, [first, second, third]);
    at + usize::from(length)
}

/// There is always room: see [`escape`].
#[inline]
fn put<const LENGTH: usize>(room: &mut [u8], at: usize, bytes: [u8; LENGTH]) {
    if let Some(place) = room.get_mut(at..at + LENGTH) {
        place.copy_from_slice(&bytes);
    }
}

/// The high bit of each byte that is not written as it is. A byte above 127 may hide what stands above it in the word:
/// then at least it is found itself.
#[inline]
const fn others(word: u64) -> u64 {
    // Adding to the seven low bits sets the high bit of those that are not below a limit; nothing is carried.
    const fn not_below(low: u64, limit: u8) -> u64 {
        low + repeat(0x80 - limit)
    }
    let low = word & !HIGH;
    // Letters of both cases: the bit between them is set.
    let letter = low | repeat(0x20);
    let is_letter = not_below(letter, b'a') & !not_below(letter, b'z' + 1) & not_below(low, 0x40);
    let is_digit = not_below(low, b'0') & !not_below(low, b'9' + 1);
    // `-` and `.` are neighbours.
    let is_mark = not_below(low, b'-') & !not_below(low, b'.' + 1);
    let is_low_line = not_below(low, b'_') & !not_below(low, b'_' + 1);
    let is_tilde = not_below(low, b'~') & !not_below(low, b'~' + 1);
    (!(is_letter | is_digit | is_mark | is_low_line | is_tilde) | word) & HIGH
}

const fn repeat(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_plain_exactly_where_all_its_bytes_are() {
        for byte in 0..=255_u8 {
            let is_plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            for place in 0..WORD {
                let mut word = *b"aZ09-._~";
                word[place] = byte;
                assert_eq!(others(u64::from_le_bytes(word)) == 0, is_plain, "{byte:#x} at {place}");
            }
        }
    }

    #[test]
    fn bytes_are_escaped_wherever_they_stand_in_a_word() {
        for byte in 0..=255_u8 {
            for length in 0..20 {
                for space in [Space::Plus, Space::Percent20] {
                    let mut bytes = vec![b'x'; length];
                    bytes.push(byte);
                    bytes.extend(b"yz~");
                    let mut out = Scratch::new();
                    escape(&bytes, space, &mut out);
                    let escaped = match byte {
                        b' ' if space == Space::Plus => "+".to_owned(),
                        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
                        other => format!("%{other:02X}"),
                    };
                    let expected = format!("{}{escaped}yz~", "x".repeat(length));
                    assert_eq!(str::from_utf8(out.as_slice()), Ok(expected.as_str()));
                }
            }
        }
    }
}
