//! Reading a form or query, once and strictly.
//!
//! What the standard (WHATWG URL, "application/x-www-form-urlencoded parsing") reads in one way is read in that way:
//! empty segments (`a=1&&b=2`, a leading or trailing `&`) are passed over, a segment without `=` is a name with an
//! empty value, `+` is a space. What parsers read differently is refused, because it lets a message mean one thing to
//! who signed it and another to who believes it: repeated names, malformed percent-encoding, bytes that are no text
//! in the charset, an empty name.

use std::borrow::Cow;

use crate::{charset::Charset, distinct::first_repeated, scratch};

/// More pairs than any provider sends; a longer message is an attack on our time.
pub const MAX_PAIRS: usize = 1000;

/// A name or value with its escapes undone.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

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

/// Reads the pairs, in their order. Borrowed where nothing is escaped.
///
/// # Errors
/// [`FormError`] names the first pair that is refused.
pub fn decode_pairs(bytes: &[u8], charset: Charset) -> Result<Vec<Pair<'_>>, FormError> {
    let mut pairs = Vec::new();
    each_pair(bytes, charset, |name, value| pairs.push((name, value)))?;
    refuse_repeated(&pairs)?;
    Ok(pairs)
}

/// Hands out the pairs, in their order, repeated names too: for who looks at them together with other fields.
pub(crate) fn each_pair<'a>(
    bytes: &'a [u8],
    charset: Charset,
    mut take: impl FnMut(Cow<'a, str>, Cow<'a, str>),
) -> Result<(), FormError> {
    // What is text as a whole is text in each of its pieces, which need not be looked at again.
    let text = if charset == Charset::Utf8 { str::from_utf8(bytes).ok() } else { None };
    let mut segment = Segment::default();
    let (mut count, mut at) = (0, 0);
    loop {
        // To the next byte that means something, or to the end.
        let rest = bytes.get(at..).unwrap_or_default();
        at += rest.iter().position(|byte| MEANS_SOMETHING.holds(*byte)).unwrap_or(rest.len());
        match bytes.get(at) {
            Some(b'=') => {
                segment.equals.get_or_insert(at);
            }
            Some(b'%' | b'+') => segment.is_escaped = true,
            _ => {
                if at > segment.start {
                    if count == MAX_PAIRS {
                        return Err(FormError::TooManyPairs);
                    }
                    count += 1;
                    let plain = text.filter(|_| !segment.is_escaped).and_then(|text| segment.plain(text, at));
                    let (name, value) = match plain {
                        Some((name, value)) => (Cow::Borrowed(name), Cow::Borrowed(value)),
                        None => decode_pair(bytes.get(segment.start..at).unwrap_or_default(), charset)?,
                    };
                    take(name, value);
                }
                segment = Segment { start: at + 1, ..Segment::default() };
            }
        }
        if at == bytes.len() {
            return Ok(());
        }
        at += 1;
    }
}

/// Bytes that mean something in a form.
struct Meaning([bool; 256]);

#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler, which would refuse it")]
static MEANS_SOMETHING: Meaning = {
    let mut bytes = [false; 256];
    bytes[b'&' as usize] = true;
    bytes[b'=' as usize] = true;
    bytes[b'%' as usize] = true;
    bytes[b'+' as usize] = true;
    Meaning(bytes)
};

impl Meaning {
    #[inline]
    fn holds(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte)).copied().unwrap_or_default()
    }
}

/// What stands between two `&`.
#[derive(Default)]
struct Segment {
    start: usize,
    equals: Option<usize>,
    is_escaped: bool,
}

impl Segment {
    /// Name and value of one that ends here and is not escaped; `None` without a name.
    fn plain<'t>(&self, text: &'t str, end: usize) -> Option<(&'t str, &'t str)> {
        let equals = self.equals.unwrap_or(end);
        let name = text.get(self.start..equals).filter(|name| !name.is_empty())?;
        Some((name, text.get(equals + 1..end).unwrap_or_default()))
    }
}

fn decode_pair(segment: &[u8], charset: Charset) -> Result<Pair<'_>, FormError> {
    let mut halves = segment.splitn(2, |byte| *byte == b'=');
    let name = halves.next().unwrap_or_default();
    let value = halves.next().unwrap_or_default();
    if name.is_empty() {
        return Err(FormError::NoName);
    }
    Ok((decode(name, name, charset)?, decode(value, name, charset)?))
}

/// One name or value. The raw name is for errors.
fn decode<'a>(escaped: &'a [u8], name: &[u8], charset: Charset) -> Result<Cow<'a, str>, FormError> {
    let undecodable = |_| FormError::Undecodable { name: shown(name), charset };
    match unescape(escaped) {
        Some(Cow::Borrowed(bytes)) => charset.decode(bytes).map_err(undecodable),
        Some(Cow::Owned(bytes)) if charset == Charset::Utf8 => match String::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err(_) => Err(FormError::Undecodable { name: shown(name), charset }),
        },
        Some(Cow::Owned(bytes)) => {
            let text = charset.decode(&bytes).map_err(undecodable)?;
            Ok(Cow::Owned(text.into_owned()))
        }
        None => Err(FormError::Percent { name: shown(name) }),
    }
}

/// Undoes `%xx` and `+`; `None` if a `%` has no two digits.
fn unescape(escaped: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !escaped.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return Some(Cow::Borrowed(escaped));
    }
    let mut bytes = scratch::text().into_bytes();
    bytes.reserve(escaped.len());
    let mut rest = escaped;
    while let [first, behind @ ..] = rest {
        rest = behind;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let [high, low, behind @ ..] = rest else { return None };
                bytes.push(digit(*high)? << 4 | digit(*low)?);
                rest = behind;
            }
            other => bytes.push(*other),
        }
    }
    Some(Cow::Owned(bytes))
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

fn refuse_repeated(pairs: &[Pair<'_>]) -> Result<(), FormError> {
    match first_repeated(pairs.iter().map(|(name, _)| name.as_ref())) {
        Some(name) => Err(FormError::Repeated { name: shown(name.as_bytes()) }),
        None => Ok(()),
    }
}

/// A received name, fit for a log line.
fn shown(name: &[u8]) -> String {
    let short = name.get(..SHOWN).unwrap_or(name);
    String::from_utf8_lossy(short).escape_debug().collect()
}
