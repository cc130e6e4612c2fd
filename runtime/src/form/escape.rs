//! Percent-encoding by a table, eight bytes at a time.
//!
//! Four bytes are written for each byte, and the place of the next one moves on by one or three: there is nothing to
//! decide, and the limits of the memory are looked at once for eight bytes.

use super::Space;
use crate::scratch::Scratch;

/// For each byte what is written, from the lowest byte up; the two highest bits say how many bytes of it count.
struct Table([u32; 256]);

static PERCENT20: Table = Table::new(false);
static PLUS: Table = Table::new(true);

impl Table {
    #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler, which would refuse it")]
    const fn new(space_is_plus: bool) -> Self {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            table[byte] = u32::from_le_bytes(match byte as u8 {
                plain if plain.is_ascii_alphanumeric() || matches!(plain, b'-' | b'.' | b'_' | b'~') => {
                    [plain, 0, 0, 1 << 6]
                }
                b' ' if space_is_plus => [b'+', 0, 0, 1 << 6],
                other => [b'%', upper_hex(other >> 4), upper_hex(other & 0x0f), 3 << 6],
            });
            byte += 1;
        }
        Self(table)
    }

    #[inline]
    fn of(&self, byte: u8) -> u32 {
        self.0.get(usize::from(byte)).copied().unwrap_or_default()
    }
}

const fn upper_hex(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 }
}

/// Whether nothing of it has to be escaped.
pub(super) const fn is_plain(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        if !first.is_ascii_alphanumeric() && !matches!(*first, b'-' | b'.' | b'_' | b'~') {
            return false;
        }
        rest = behind;
    }
    true
}

/// Writes all but `A-Z a-z 0-9 - . _ ~` as `%` and two digits.
pub(super) fn escape(bytes: &[u8], space: Space, out: &mut Scratch) {
    let table = match space {
        Space::Percent20 => &PERCENT20,
        Space::Plus => &PLUS,
    };
    // An escaped byte takes three; a window reaches beyond what is written.
    out.fill(bytes.len() * 3 + WINDOW, |room| {
        let mut at = 0;
        let mut escape_next = |few: &[u8]| {
            let window = room.get_mut(at..).and_then(|room| room.first_chunk_mut());
            at += window.map_or(0, |window| escape_few(few, table, window));
        };
        let (many, rest) = bytes.as_chunks::<FEW>();
        // By their fixed length the compiler unrolls the loop over them.
        many.iter().for_each(|few| escape_next(few));
        escape_next(rest);
        at
    });
}

/// How many bytes are escaped at a time, and the room for them: four bytes are written for each, and three count at
/// most. Two bits cannot hold more, so the compiler knows that eight bytes never leave the window.
const FEW: usize = 8;
const WINDOW: usize = 3 * FEW + 4;

#[inline(always)]
fn escape_few(few: &[u8], table: &Table, window: &mut [u8; WINDOW]) -> usize {
    let mut at = 0;
    for byte in few {
        let written = table.of(*byte);
        if let Some(place) = window.get_mut(at..at + 4) {
            place.copy_from_slice(&written.to_le_bytes());
        }
        at += (written >> 30) as usize;
    }
    at
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn escaped(bytes: &[u8], space: Space) -> String {
        let mut out = Scratch::new();
        escape(bytes, space, &mut out);
        String::from_utf8(out.as_slice().to_vec()).unwrap()
    }

    #[test]
    fn bytes_are_escaped_wherever_they_stand() {
        for byte in 0..=255_u8 {
            for length in 0..20 {
                for space in [Space::Plus, Space::Percent20] {
                    let expected = match byte {
                        b' ' if space == Space::Plus => "+".to_owned(),
                        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                            char::from(byte).to_string()
                        }
                        other => format!("%{other:02X}"),
                    };
                    let bytes = [&vec![b'x'; length], &[byte][..], b"yz~"].concat();
                    assert_eq!(escaped(&bytes, space), format!("{}{expected}yz~", "x".repeat(length)));
                    assert_eq!(escaped(&vec![byte; length], space), expected.repeat(length));
                }
            }
        }
    }

    #[test]
    fn a_plain_name_is_one_that_is_written_as_it_is() {
        for byte in 0..128_u8 {
            let name = format!("a{}", char::from(byte));
            assert_eq!(is_plain(&name), escaped(name.as_bytes(), Space::Plus) == name, "{name:?}");
        }
        assert!(!is_plain("\u{4e2d}"));
    }
}
