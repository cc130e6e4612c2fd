//! Reading a form or query, once and strictly.
//!
//! What the standard (WHATWG URL, "application/x-www-form-urlencoded parsing") reads in one way is read in that way:
//! empty segments (`a=1&&b=2`, a leading or trailing `&`) are passed over, a segment without `=` is a name with an
//! empty value, `+` is a space. What parsers read differently is refused, because it lets a message mean one thing to
//! who signed it and another to who believes it: malformed percent-encoding, bytes that are no text in the charset, an
//! empty name. Repeated names are refused by the message, which also sees what stands elsewhere.

use std::{mem, num::NonZeroUsize, string::FromUtf8Error};

use crate::charset::Charset;

/// More pairs than any provider sends; a longer message is an attack on our time.
pub(crate) const MAX_PAIRS: usize = 1000;

/// A name or value with its escapes undone.
type Pair<'a> = (&'a str, &'a str);

/// A name in an error is cut off here: it comes from anybody.
const SHOWN: usize = 64;

/// Why a form or query is refused. Names are shown, with odd characters escaped; values never.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormError {
    /// More than 1,000 pairs.
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

/// Decodes the pairs behind what is in `texts` already, repeated names too: for who looks at them together with other
/// fields.
pub(crate) fn append_pairs(
    bytes: &[u8],
    charset: Charset,
    texts: &mut String,
    spans: &mut Vec<PairSpan>,
) -> Result<(), FormError> {
    if bytes.is_empty() {
        return Ok(());
    }
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
    let mut out = mem::take(texts).into_bytes();
    let before = out.len();
    out.reserve(bytes.len());
    let is_decoded = Decoder::new(bytes, &mut out, spans).decode().is_some();
    let read = if is_decoded { String::from_utf8(out).map_err(FromUtf8Error::into_bytes) } else { Err(out) };
    match read {
        Ok(read) => {
            *texts = read;
            Some(())
        }
        Err(mut out) => {
            // What was there before is text; what has been received is not left behind it.
            out.get_mut(before..).unwrap_or_default().fill(0);
            out.truncate(before);
            *texts = String::from_utf8(out).unwrap_or_default();
            None
        }
    }
}

/// Undoes the escapes of a form, and says where its pairs stand then.
struct Decoder<'f> {
    bytes: &'f [u8],
    /// How many of them are in `out` already.
    taken: usize,
    /// The texts, as bytes.
    out: &'f mut Vec<u8>,
    spans: &'f mut Vec<PairSpan>,
    most: usize,
    /// Where the pair begins, among the bytes and among the texts.
    pair: (usize, usize),
    /// Where its name, which is not empty, ends among the texts, once its `=` has been seen.
    name_end: Option<NonZeroUsize>,
    /// How much farther from the beginning a byte stands among the texts; less with each escape.
    ahead: usize,
}

impl<'f> Decoder<'f> {
    fn new(bytes: &'f [u8], out: &'f mut Vec<u8>, spans: &'f mut Vec<PairSpan>) -> Self {
        let (pair, most) = ((0, out.len()), spans.len() + MAX_PAIRS);
        Self { bytes, taken: 0, out, spans, most, pair, name_end: None, ahead: pair.1 }
    }

    /// Goes from mark to mark; nothing is decided for the bytes in between.
    fn decode(mut self) -> Option<()> {
        for start in (0..self.bytes.len()).step_by(BLOCK) {
            let mut marks = marks_in(self.bytes.get(start..)?);
            while marks != 0 {
                let at = start + marks.trailing_zeros() as usize;
                marks &= marks - 1;
                match self.bytes.get(at)? {
                    b'&' => self.end_pair(at)?,
                    b'=' => self.end_name(at)?,
                    b'%' => {
                        let [high, low] = self.bytes.get(at + 1..)?.first_chunk()?;
                        self.replace(at, 3, digit(*high)? << 4 | digit(*low)?)?;
                    }
                    _ => self.replace(at, 1, b' ')?,
                }
            }
        }
        self.end_pair(self.bytes.len())?;
        self.out.extend_from_slice(self.bytes.get(self.taken..)?);
        Some(())
    }

    /// Where a byte will stand among the texts.
    #[inline(always)]
    fn place_of(&self, at: usize) -> usize {
        at.wrapping_add(self.ahead)
    }

    /// The first `=` of a pair; `None` without a name before it: there is nothing that the value could be the value of.
    #[inline(always)]
    fn end_name(&mut self, at: usize) -> Option<()> {
        if self.name_end.is_none() {
            if at == self.pair.0 {
                return None;
            }
            self.name_end = NonZeroUsize::new(self.place_of(at));
        }
        Some(())
    }

    /// An empty segment is none; `None` if there are too many pairs.
    #[inline(always)]
    fn end_pair(&mut self, at: usize) -> Option<()> {
        let (start, end) = (self.pair.1, self.place_of(at));
        if at > self.pair.0 {
            if self.spans.len() == self.most {
                return None;
            }
            let name_end = self.name_end.take().map_or(end, NonZeroUsize::get);
            self.spans.push(PairSpan { name: (start, name_end), value: ((name_end + 1).min(end), end) });
        }
        self.pair = (at + 1, end + 1);
        Some(())
    }

    /// What an escape of this length stands for takes its place.
    #[inline]
    fn replace(&mut self, at: usize, length: usize, byte: u8) -> Option<()> {
        if at > self.taken {
            self.out.extend_from_slice(self.bytes.get(self.taken..at)?);
        }
        self.out.push(byte);
        self.taken = at + length;
        self.ahead = self.ahead.wrapping_sub(length - 1);
        Some(())
    }
}

/// So many bytes are looked at together.
const BLOCK: usize = u64::BITS as usize;

/// Which of the first bytes are escapes, or end a name or a value; the lowest bit is the first byte's. Written so that
/// the compiler compares sixteen of them at once.
#[inline(always)]
fn marks_in(bytes: &[u8]) -> u64 {
    /// Eight bytes that are one or zero, times this, have them side by side in their highest byte.
    const SIDE_BY_SIDE: u64 = 0x0102_0408_1020_4080;
    let mut last = [0; BLOCK];
    let block = bytes.first_chunk().unwrap_or_else(|| {
        last.get_mut(..bytes.len()).unwrap_or_default().copy_from_slice(bytes);
        &last
    });
    let is_mark =
        block.map(|byte| u8::from((byte == b'&') | (byte == b'=') | (byte == b'%') | (byte == b'+')));
    let eights = is_mark.as_chunks().0.iter().rev();
    eights.fold(0, |marks, eight| marks << 8 | u64::from_le_bytes(*eight).wrapping_mul(SIDE_BY_SIDE) >> 56)
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
mod tests;
