//! The decoded texts of one message, side by side in one piece of memory.
//!
//! What is received is decoded once, into memory that is used again ([`crate::scratch`]); recipes and readers borrow
//! from it. What a typed value keeps shares one copy of it ([`SharedStr`]), made for the first text that is kept: the
//! only allocation, however many texts there are.

use std::{cell::OnceCell, fmt, mem, sync::Arc};

use crate::{SharedStr, scratch};

/// Where the decoded texts of a callback live while it is verified and read.
#[derive(Default)]
pub struct Texts {
    decoded: String,
    shared: OnceCell<Arc<str>>,
}

impl Texts {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { decoded: String::new(), shared: OnceCell::new() }
    }

    /// Those that were decoded, in place of earlier ones.
    pub(crate) fn keep(&mut self, decoded: String) -> &Self {
        *self = Self { decoded, shared: OnceCell::new() };
        self
    }

    /// All of them, one behind the other.
    pub(crate) fn as_str(&self) -> &str {
        &self.decoded
    }

    /// A text for a typed value: a piece of the shared copy if it is one of these texts, else a copy of its own.
    pub(crate) fn share(&self, text: &str) -> SharedStr {
        self.piece(text).unwrap_or_else(|| SharedStr::from(text))
    }

    /// A name, a mark and a value as one text, if that is how they stand among these texts.
    #[inline]
    pub(crate) fn side_by_side(&self, name: &str, mark: u8, value: &str) -> Option<&str> {
        let start = self.place_of(name)?;
        let mark_at = start + name.len();
        let is_there =
            self.decoded.as_bytes().get(mark_at) == Some(&mark) && self.place_of(value)? == mark_at + 1;
        if is_there { self.decoded.get(start..mark_at + 1 + value.len()) } else { None }
    }

    /// How far behind the beginning of these texts a text stands. It is one of them only if there is one there.
    #[inline]
    fn place_of(&self, text: &str) -> Option<usize> {
        (text.as_ptr() as usize).checked_sub(self.decoded.as_ptr() as usize)
    }

    fn piece(&self, text: &str) -> Option<SharedStr> {
        let start = self.place_of(text)?;
        self.decoded.get(start..start.checked_add(text.len())?)?;
        let shared = self.shared.get_or_init(|| Arc::from(self.as_str()));
        SharedStr::piece(shared, start, text.len())
    }
}

impl Drop for Texts {
    fn drop(&mut self) {
        scratch::recycle(mem::take(&mut self.decoded));
    }
}

/// Its length only: what was received may be personal data.
impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Texts({} bytes)", self.decoded.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_outlives_the_message() {
        let mut texts = Texts::new();
        let kept = texts.keep("20190818".to_owned());
        let text = kept.share(kept.as_str());
        texts.keep("another".to_owned());
        drop(texts);
        assert_eq!(text, "20190818");
    }

    #[test]
    fn what_is_decoded_here_is_shared_and_all_else_is_copied() {
        let mut texts = Texts::new();
        let texts = texts.keep("order_no20190818".to_owned());
        let (name, value) = texts.as_str().split_at(8);
        let (name, value) = (texts.share(name), texts.share(value));
        assert_eq!((name.as_str(), value.as_str()), ("order_no", "20190818"));
        let elsewhere = "20190818".to_owned();
        assert_eq!(texts.share(&elsewhere), "20190818");
    }
}
