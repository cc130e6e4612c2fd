//! Reading a form or query, once and strictly.
//!
//! What the standard (WHATWG URL, "application/x-www-form-urlencoded parsing") reads in one way is read in that way:
//! empty segments (`a=1&&b=2`, a leading or trailing `&`) are passed over, a segment without `=` is a name with an
//! empty value, `+` is a space. What parsers read differently is refused, because it lets a message mean one thing to
//! who signed it and another to who believes it: repeated names, malformed percent-encoding, bytes that are no text
//! in the charset, an empty name.

use crate::{charset::Charset, distinct::first_repeated, scratch::Scratch};

/// More pairs than any provider sends; a longer message is an attack on our time.
pub const MAX_PAIRS: usize = 1000;

/// A name or value with its escapes undone.
type Pair<'a> = (&'a str, &'a str);

/// A name in an error is cut off here: it comes from anybody.
const SHOWN: usize = 64;

/// Why a form or query is refused. Names are shown, with odd characters escaped; values never.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormError {
    /// More than [`MAX_PAIRS`] pairs.
    #[error("more than {MAX_PAIRS} pairs")]
    TooManyPairs,
    /// `%` without two hexadecimal digits behind it.
    #[error("`{name}` has a `%` without two hexadecimal digits behind it")]
    Percent {
        /// The name as it was sent.
        name: String,
    },
    /// Not text in the charset.
    #[error("`{name}` is not {charset} text")]
    Undecodable {
        /// The name as it was sent.
        name: String,
        /// The charset.
        charset: Charset,
    },
    /// A name that stands there twice, however it is written.
    #[error("`{name}` stands there more than once")]
    Repeated {
        /// The name.
        name: String,
    },
    /// `=value`.
    #[error("a value without a name")]
    NoName,
}

/// Where a pair stands among decoded texts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PairSpan {
    name: (usize, usize),
    value: (usize, usize),
}

impl PairSpan {
    /// Name and value.
    #[inline]
    pub(crate) fn of(self, texts: &str) -> Pair<'_> {
        let piece = |(start, end)| texts.get(start..end).unwrap_or_default();
        (piece(self.name), piece(self.value))
    }
}

/// Reads the pairs, in their order.
///
/// # Errors
/// [`FormError`] names the first pair that is refused.
pub fn decode_pairs(bytes: &[u8], charset: Charset) -> Result<Vec<(String, String)>, FormError> {
    let (mut texts, mut spans) = (String::new(), Vec::new());
    append_pairs(bytes, charset, &mut texts, &mut spans)?;
    let pairs = || spans.iter().map(|span| span.of(&texts));
    match first_repeated(pairs().map(|(name, _)| name)) {
        Some(name) => Err(FormError::Repeated { name: shown(name.as_bytes()) }),
        None => Ok(pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()),
    }
}

/// Decodes the pairs behind what is in `texts` already, repeated names too: for who looks at them together with other
/// fields.
pub(crate) fn append_pairs(
    bytes: &[u8],
    charset: Charset,
    texts: &mut String,
    spans: &mut Vec<PairSpan>,
) -> Result<(), FormError> {
    let before = spans.len();
    if charset == Charset::Utf8 && append_as_a_whole(bytes, texts, spans).is_some() {
        return Ok(());
    }
    spans.truncate(before);
    append_one_by_one(bytes, charset, texts, spans)
}

/// In one go: what stands between two escapes is copied at once, with the `&` and `=` in it, and because these stay
/// between the pieces, what is UTF-8 as a whole is UTF-8 in each of them. `None` if anything is odd: what,
/// [`append_one_by_one`] says.
fn append_as_a_whole(bytes: &[u8], texts: &mut String, spans: &mut Vec<PairSpan>) -> Option<()> {
    let mut decoded = Decoded { bytes, taken: 0, out: Scratch::new(), base: texts.len() };
    let most = spans.len() + MAX_PAIRS;
    let mut at = 0;
    while at < bytes.len() {
        let start = decoded.place_of(at);
        let behind_name = decoded.piece(at, &ENDS_NAME)?;
        let name = (start, decoded.place_of(behind_name));
        let end = match bytes.get(behind_name) {
            // Without a name there is nothing that the value could be the value of.
            Some(b'=') if behind_name > at => decoded.piece(behind_name + 1, &ENDS_VALUE)?,
            Some(b'=') => return None,
            _ => behind_name,
        };
        if end > at {
            if spans.len() == most {
                return None;
            }
            let value_end = decoded.place_of(end);
            spans.push(PairSpan { name, value: ((name.1 + 1).min(value_end), value_end) });
        }
        at = end + 1;
    }
    decoded.finish(texts)
}

/// Bytes that end a piece, or are an escape in it.
struct Ends([bool; 256]);

static ENDS_NAME: Ends = Ends::of(b"&=%+");
static ENDS_VALUE: Ends = Ends::of(b"&%+");

impl Ends {
    #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler, which would refuse it")]
    const fn of(mut bytes: &[u8]) -> Self {
        let mut ends = [false; 256];
        while let [first, behind @ ..] = bytes {
            ends[*first as usize] = true;
            bytes = behind;
        }
        Self(ends)
    }

    /// Where the first of them stands; behind all bytes if there is none.
    #[inline]
    fn first_in(&self, bytes: &[u8]) -> usize {
        bytes.iter().position(|byte| self.holds(*byte)).unwrap_or(bytes.len())
    }

    #[inline]
    fn holds(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte)).copied().unwrap_or_default()
    }
}

/// A form whose escapes are being undone.
struct Decoded<'b> {
    bytes: &'b [u8],
    /// How many of them are in `out` already.
    taken: usize,
    out: Scratch,
    /// How much stands before it among the texts.
    base: usize,
}

impl Decoded<'_> {
    /// Where a byte will stand among the texts.
    #[inline]
    fn place_of(&self, at: usize) -> usize {
        self.base + self.out.len() + (at - self.taken)
    }

    /// Where the piece ends that begins here, with the escapes in it undone; `None` if one cannot be.
    #[inline(always)]
    fn piece(&mut self, mut at: usize, ends: &Ends) -> Option<usize> {
        loop {
            at += ends.first_in(self.bytes.get(at..)?);
            match self.bytes.get(at) {
                Some(escape @ (b'%' | b'+')) => at = self.unescape(at, *escape)?,
                _ => return Some(at),
            }
        }
    }

    /// Undoes the escape that stands there, and says where the bytes go on; `None` if a `%` has no two digits.
    #[inline(never)]
    fn unescape(&mut self, at: usize, escape: u8) -> Option<usize> {
        let (byte, length) = match escape {
            b'%' => match self.bytes.get(at + 1..at + 3)? {
                [high, low] => (digit(*high)? << 4 | digit(*low)?, 3),
                _ => return None,
            },
            _ => (b' ', 1),
        };
        if at > self.taken {
            self.out.push(self.bytes.get(self.taken..at)?);
        }
        self.out.push(&[byte]);
        self.taken = at + length;
        Some(self.taken)
    }

    fn finish(mut self, texts: &mut String) -> Option<()> {
        self.out.push(self.bytes.get(self.taken..)?);
        texts.push_str(str::from_utf8(self.out.as_slice()).ok()?);
        Some(())
    }
}

/// Each name and value by itself: in any charset, and the first that is refused with its reason.
fn append_one_by_one(
    bytes: &[u8],
    charset: Charset,
    texts: &mut String,
    spans: &mut Vec<PairSpan>,
) -> Result<(), FormError> {
    let mut append = |escaped: &[u8], name: &[u8]| -> Result<(usize, usize), FormError> {
        let start = texts.len();
        let bytes = unescaped(escaped).ok_or_else(|| FormError::Percent { name: shown(name) })?;
        match charset.decode(&bytes) {
            Ok(text) => texts.push_str(&text),
            Err(_) => return Err(FormError::Undecodable { name: shown(name), charset }),
        }
        Ok((start, texts.len()))
    };
    let segments = bytes.split(|byte| *byte == b'&').filter(|segment| !segment.is_empty());
    for (count, segment) in segments.enumerate() {
        if count == MAX_PAIRS {
            return Err(FormError::TooManyPairs);
        }
        let mut halves = segment.splitn(2, |byte| *byte == b'=');
        let name = halves.next().unwrap_or_default();
        if name.is_empty() {
            return Err(FormError::NoName);
        }
        let value = halves.next().unwrap_or_default();
        spans.push(PairSpan { name: append(name, name)?, value: append(value, name)? });
    }
    Ok(())
}

/// Undoes `%xx` and `+`; `None` if a `%` has no two digits.
fn unescaped(escaped: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut rest = escaped;
    while let [first, behind @ ..] = rest {
        rest = behind;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => {
                let [high, low, behind @ ..] = rest else { return None };
                rest = behind;
                digit(*high)? << 4 | digit(*low)?
            }
            other => *other,
        });
    }
    Some(bytes)
}

#[inline]
fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

/// A received name, fit for a log line.
fn shown(name: &[u8]) -> String {
    let short = name.get(..SHOWN).unwrap_or(name);
    String::from_utf8_lossy(short).escape_debug().collect()
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;

    /// Both roads lead to the same pairs, and what the short one does not take, the other refuses.
    #[test]
    fn as_a_whole_or_one_by_one() {
        let pieces: [&[u8]; 16] = [
            b"&",
            b"=",
            b"+",
            b"a",
            b"name",
            b"%20",
            b"%e4%bd%a0",
            "好".as_bytes(),
            b"%E4",
            b"\xe4",
            b"\xbd\xa0",
            b"%",
            b"%4",
            b"%zz",
            b"%26",
            b"%3D",
        ];
        let mut state = 1_u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let (mut good, mut refused) = (0, 0);
        for _ in 0..20_000 {
            let bytes: Vec<u8> = (0..next(9)).flat_map(|_| pieces[next(pieces.len())].to_vec()).collect();
            let (mut texts, mut spans) = ("before".to_owned(), Vec::new());
            let whole = append_as_a_whole(&bytes, &mut texts, &mut spans)
                .map(|()| spans.iter().map(|span| span.of(&texts)).collect::<Vec<_>>());
            let (mut texts, mut spans) = ("before".to_owned(), Vec::new());
            let each = append_one_by_one(&bytes, Charset::Utf8, &mut texts, &mut spans)
                .map(|()| spans.iter().map(|span| span.of(&texts)).collect::<Vec<_>>());
            assert_eq!(whole, each.clone().ok(), "{:?}", String::from_utf8_lossy(&bytes));
            if each.is_ok() { good += 1 } else { refused += 1 }
        }
        assert!(good > 1000 && refused > 1000, "{good} {refused}");
    }
}
