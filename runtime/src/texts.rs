//! The decoded texts of one message, side by side in one piece of memory.
//!
//! What is received is decoded once, into memory that is used again ([`crate::scratch`]); recipes and readers borrow
//! from it. What a typed value keeps shares one copy of it ([`SharedStr`]), made for the first text that is kept: the
//! only allocation, however many texts there are.

use std::{
    cell::{OnceCell, RefCell},
    fmt, mem,
    sync::Arc,
};

use crate::{
    SharedStr,
    form::PairSpan,
    scratch::{self, Marked},
};

thread_local! {
    static KEPT: RefCell<Vec<Marked<PairSpan>>> = const { RefCell::new(Vec::new()) };
}

/// Where the decoded texts of a callback live while it is verified and read.
#[derive(Default)]
pub struct Texts {
    decoded: String,
    /// Where pairs stand among them.
    pairs: Vec<PairSpan>,
    shared: OnceCell<Arc<str>>,
}

impl Texts {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { decoded: String::new(), pairs: Vec::new(), shared: OnceCell::new() }
    }

    /// Those that `decode` appends to an empty text, in place of earlier ones, with where their pairs stand.
    pub(crate) fn decode<T, E>(
        &mut self,
        decode: impl FnOnce(&mut String, &mut Vec<PairSpan>) -> Result<T, E>,
    ) -> Result<T, E> {
        let (decoded, pairs) = scratch::marked(&KEPT);
        *self = Self { decoded, pairs, shared: OnceCell::new() };
        decode(&mut self.decoded, &mut self.pairs)
    }

    /// The pairs that were found.
    pub(crate) fn pairs(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.pairs.iter().map(|span| span.of(&self.decoded))
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
        if start.checked_add(text.len())? > self.decoded.len() {
            return None;
        }
        let shared = self.shared.get_or_init(|| Arc::from(self.as_str()));
        SharedStr::piece(shared, start, text.len())
    }
}

impl Drop for Texts {
    fn drop(&mut self) {
        scratch::recycle_marked(&KEPT, (mem::take(&mut self.decoded), mem::take(&mut self.pairs)));
    }
}

/// Its length only: what was received may be personal data.
impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Texts({} bytes)", self.decoded.len())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn append(text: &mut String, more: &str) -> Result<(), Infallible> {
        text.push_str(more);
        Ok(())
    }

    fn of(text: &str) -> Texts {
        let mut texts = Texts::new();
        texts.decode(|decoded, _| append(decoded, text)).unwrap();
        texts
    }

    #[test]
    fn what_stands_side_by_side_is_one_text_and_nothing_else_is() {
        let texts = of("a=1&b=2=1");
        let text = texts.as_str();
        let piece = |start: usize, end: usize| text.get(start..end).unwrap();
        assert_eq!(texts.side_by_side(piece(0, 1), b'=', piece(2, 3)), Some("a=1"));
        assert_eq!(texts.side_by_side(piece(4, 5), b'=', piece(6, 9)), Some("b=2=1"));
        assert_eq!(texts.side_by_side(piece(0, 1), b'=', piece(2, 2)), Some("a="));
        let elsewhere = "1".to_owned();
        for (name, mark, value) in [
            (piece(0, 1), b'=', piece(6, 7)),
            (piece(0, 1), b'=', piece(8, 9)),
            (piece(0, 1), b':', piece(2, 3)),
            (piece(0, 1), b'=', elsewhere.as_str()),
            (elsewhere.as_str(), b'=', piece(2, 3)),
            (piece(8, 9), b'=', ""),
        ] {
            assert_eq!(texts.side_by_side(name, mark, value), None, "{name} {value}");
        }
    }

    #[test]
    fn a_text_outlives_the_message() {
        let mut texts = of("20190818");
        let text = texts.share(texts.as_str());
        texts.decode(|text, _| append(text, "another")).unwrap();
        drop(texts);
        assert_eq!(text, "20190818");
    }

    #[test]
    fn what_is_decoded_here_is_shared_and_all_else_is_copied() {
        let texts = of("order_no20190818");
        let (name, value) = texts.as_str().split_at(8);
        let (name, value) = (texts.share(name), texts.share(value));
        assert_eq!((name.as_str(), value.as_str()), ("order_no", "20190818"));
        let elsewhere = "20190818".to_owned();
        assert_eq!(texts.share(&elsewhere), "20190818");
    }
}
