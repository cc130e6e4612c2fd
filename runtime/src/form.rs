//! Forms and queries (`application/x-www-form-urlencoded`): written for a request, read strictly from what came.
//!
//! Both directions work on bytes in the charset of the message: a character is encoded into the charset first and
//! percent-encoded then, and read the other way round, once. Which pairs are sent, in which order, is the emitted
//! code's business; what the pairs that came mean is that of the callback readers.

mod escape;
mod read;

use std::fmt;

use self::escape::{escape, is_plain};
use crate::charset::Charset;
use crate::scratch::Scratch;

pub(crate) use self::read::{FormError, MAX_PAIRS, PairSpan, append_pairs};

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
    encoded: Scratch,
    failed: Option<UnencodablePair>,
}

impl Form {
    /// An empty form.
    #[must_use]
    pub fn new(charset: Charset, space: Space) -> Self {
        Self { charset, space, encoded: Scratch::new(), failed: None }
    }

    /// Appends a pair. The name is escaped already, where it has to be: emitted code knows it.
    #[inline]
    pub fn pair(&mut self, name: &'static str, value: &str) {
        self.name(name);
        self.value(name, value);
    }

    /// Appends a pair, if there is a value.
    #[inline]
    pub fn pair_if(&mut self, name: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.pair(name, value);
        }
    }

    /// Appends a pair whose value needs no escape: digits, a plain number or word.
    #[inline]
    pub fn plain(&mut self, name: &'static str, value: &str) {
        debug_assert!(is_plain(value), "the value of {name} has to be escaped");
        self.name(name);
        self.encoded.push(value.as_bytes());
    }

    /// Appends such a pair, if there is a value.
    #[inline]
    pub fn plain_if(&mut self, name: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.plain(name, value);
        }
    }

    /// Appends a pair whose name is escaped like its value.
    pub fn pair_of(&mut self, name: &str, value: &str) {
        self.begin();
        self.value(name, name);
        self.encoded.push(b"=");
        self.value(name, value);
    }

    /// The same, if there is a value.
    pub fn pair_of_if(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.pair_of(name, value);
        }
    }

    /// The encoded form: ASCII text.
    ///
    /// # Errors
    /// [`UnencodablePair`] names the first pair that the charset cannot write.
    pub fn finish(self) -> Result<String, UnencodablePair> {
        let mut text = String::with_capacity(self.encoded.len());
        text.push_str(self.text()?);
        Ok(text)
    }

    /// The encoded form, as it is sent.
    pub(crate) fn into_body(self) -> Result<Vec<u8>, UnencodablePair> {
        match self.failed {
            None => Ok(self.encoded.as_slice().to_vec()),
            Some(error) => Err(error),
        }
    }

    /// The encoded form, to be copied.
    pub(crate) fn text(&self) -> Result<&str, UnencodablePair> {
        match &self.failed {
            // Nothing but ASCII has been written.
            None => Ok(str::from_utf8(self.encoded.as_slice()).unwrap_or_default()),
            Some(error) => Err(error.clone()),
        }
    }

    /// The charset of the form.
    pub(crate) const fn charset(&self) -> Charset {
        self.charset
    }

    #[inline]
    fn begin(&mut self) {
        if self.encoded.len() > 0 {
            self.encoded.push(b"&");
        }
    }

    /// Begins a pair. The name is a literal, and copied as one where this is inlined.
    #[inline]
    fn name(&mut self, name: &'static str) {
        debug_assert!(is_plain(name), "{name} has to be escaped");
        self.begin();
        self.encoded.push(name.as_bytes());
        self.encoded.push(b"=");
    }

    #[cold]
    fn fail(&mut self, name: &str) {
        let charset = self.charset;
        self.failed.get_or_insert_with(|| UnencodablePair { name: name.to_owned(), charset });
    }

    #[inline(never)]
    fn value(&mut self, name: &str, text: &str) {
        if self.charset == Charset::Utf8 {
            escape(text.as_bytes(), self.space, &mut self.encoded);
        } else {
            match self.charset.encode(text) {
                Ok(bytes) => escape(&bytes, self.space, &mut self.encoded),
                Err(_) => self.fail(name),
            }
        }
    }
}

impl fmt::Debug for Form {
    /// Its length only: values may be personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Form({} bytes)", self.encoded.len())
    }
}
