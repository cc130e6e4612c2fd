//! Forms and queries (`application/x-www-form-urlencoded`): written for a request, read strictly from what came.
//!
//! Both directions work on bytes in the charset of the message: a character is encoded into the charset first and
//! percent-encoded then, and read the other way round, once. Which pairs are sent, in which order, is the emitted
//! code's business; what the pairs that came mean is that of the callback readers.

mod read;

use std::borrow::Cow;
use std::fmt;

use crate::charset::Charset;

pub(crate) use self::read::decode_all_pairs;
pub use self::read::{FormError, MAX_PAIRS, decode_pairs};

/// How a space is written. Read, both forms are a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// `%20`, as in RFC 3986.
    Percent20,
    /// `+`, as HTML forms write it.
    Plus,
}

/// A name or value that the charset of a form cannot write. The value is not repeated: it may be personal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` has a character that {charset} cannot write")]
pub struct UnencodablePair {
    /// The name of the pair.
    pub name: String,
    /// The charset.
    pub charset: Charset,
}

/// Writes a form or a query: everything but `A-Z a-z 0-9 - . _ ~` is percent-encoded, in upper-case hex.
///
/// ```
/// use payspec_runtime::{Charset, Form, Space};
///
/// let mut form = Form::new(Charset::Gbk, Space::Percent20);
/// form.pair("subject", "中 1");
/// form.pair_if("attach", None);
/// assert_eq!(form.finish().unwrap(), "subject=%D6%D0%201");
/// ```
pub struct Form {
    charset: Charset,
    space: Space,
    encoded: String,
    failed: Option<UnencodablePair>,
}

/// Room for a usual request with its signature.
const USUAL_LENGTH: usize = 1024;

impl Form {
    /// An empty form.
    #[must_use]
    pub fn new(charset: Charset, space: Space) -> Self {
        Self { charset, space, encoded: String::with_capacity(USUAL_LENGTH), failed: None }
    }

    /// Appends a pair.
    pub fn pair(&mut self, name: &str, value: &str) {
        if !self.encoded.is_empty() {
            self.encoded.push('&');
        }
        let is_written = self.write(name).is_some();
        self.encoded.push('=');
        if !is_written || self.write(value).is_none() {
            let charset = self.charset;
            self.failed.get_or_insert_with(|| UnencodablePair { name: name.to_owned(), charset });
        }
    }

    /// Appends a pair, if there is a value.
    pub fn pair_if(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.pair(name, value);
        }
    }

    /// The encoded form: ASCII text.
    ///
    /// # Errors
    /// [`UnencodablePair`] names the first pair that the charset cannot write.
    pub fn finish(self) -> Result<String, UnencodablePair> {
        match self.failed {
            None => Ok(self.encoded),
            Some(error) => Err(error),
        }
    }

    /// The charset of the form.
    pub(crate) const fn charset(&self) -> Charset {
        self.charset
    }

    fn write(&mut self, text: &str) -> Option<()> {
        let bytes: Cow<'_, [u8]> = self.charset.encode(text).ok()?;
        self.encoded.reserve(bytes.len());
        for byte in bytes.iter().copied() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    self.encoded.push(char::from(byte));
                }
                b' ' if self.space == Space::Plus => self.encoded.push('+'),
                other => {
                    self.encoded.push('%');
                    self.encoded.push(upper_hex(other >> 4));
                    self.encoded.push(upper_hex(other & 0x0f));
                }
            }
        }
        Some(())
    }
}

impl fmt::Debug for Form {
    /// Its length only: values may be personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Form({} bytes)", self.encoded.len())
    }
}

fn upper_hex(nibble: u8) -> char {
    char::from(if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 })
}
