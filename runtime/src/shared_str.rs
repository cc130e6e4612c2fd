//! Received text: a piece of a buffer that all texts of one message share.

use std::{borrow::Borrow, cmp::Ordering, fmt, hash, ops::Deref, sync::Arc};

/// Text that was received. It reads like a `str` and costs no allocation of its own: all texts of one callback are
/// pieces of one buffer, which lives as long as the last of them. A clone is cheap.
///
/// ```
/// use payspec_runtime::SharedStr;
///
/// let order_no = SharedStr::from("20190818001341000001");
/// assert_eq!(order_no, "20190818001341000001");
/// assert!(order_no.starts_with("2019"));
/// let owned: String = order_no.into();
/// # assert_eq!(owned.len(), 20);
/// ```
///
/// To keep one text for a long time, and not the whole message with it, keep it as a `String`.
#[derive(Clone, Default)]
pub struct SharedStr {
    buffer: Arc<str>,
    start: u32,
    length: u32,
}

impl SharedStr {
    /// The piece of the buffer from `start`, `length` bytes long; `None` if there is no such piece.
    pub(crate) fn piece(buffer: &Arc<str>, start: usize, length: usize) -> Option<Self> {
        buffer.get(start..start.checked_add(length)?)?;
        let (start, length) = (u32::try_from(start).ok()?, u32::try_from(length).ok()?);
        Some(Self { buffer: Arc::clone(buffer), start, length })
    }

    /// The text.
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> &str {
        let start = self.start as usize;
        self.buffer.get(start..start + self.length as usize).unwrap_or_default()
    }
}

impl From<&str> for SharedStr {
    fn from(text: &str) -> Self {
        // What is longer than 4 GiB is more than any limit of a message lets pass.
        let buffer = Arc::from(text);
        Self::piece(&buffer, 0, text.len()).unwrap_or_default()
    }
}

impl From<String> for SharedStr {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<SharedStr> for String {
    fn from(text: SharedStr) -> Self {
        text.as_str().to_owned()
    }
}

impl Deref for SharedStr {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for SharedStr {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for SharedStr {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for SharedStr {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for SharedStr {}

impl PartialEq<str> for SharedStr {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for SharedStr {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<String> for SharedStr {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<SharedStr> for str {
    fn eq(&self, other: &SharedStr) -> bool {
        self == other.as_str()
    }
}

impl PartialEq<SharedStr> for String {
    fn eq(&self, other: &SharedStr) -> bool {
        self == other.as_str()
    }
}

impl PartialOrd for SharedStr {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SharedStr {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

/// As that of the `str`, so that a map can be asked with one.
impl hash::Hash for SharedStr {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Display for SharedStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for SharedStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn it_reads_compares_and_hashes_like_the_text() {
        let text = SharedStr::from("订单1");
        assert_eq!(text, "订单1");
        assert_eq!("订单1".to_owned(), text);
        assert_eq!(format!("{text:>5} {text:?}"), "  订单1 \"订单1\"");
        assert_eq!(HashMap::from([(text, 7)]).get("订单1"), Some(&7));
    }

    #[test]
    fn a_piece_ends_with_characters_and_within_the_buffer() {
        let buffer: Arc<str> = Arc::from("a订b");
        assert_eq!(SharedStr::piece(&buffer, 1, 3).as_deref(), Some("订"));
        assert_eq!(SharedStr::piece(&buffer, 5, 0).as_deref(), Some(""));
        for (start, length) in [(2, 2), (1, 2), (4, 2), (6, 0), (usize::MAX, 2)] {
            assert_eq!(SharedStr::piece(&buffer, start, length), None, "{start}, {length}");
        }
    }

    #[test]
    fn it_goes_wherever_the_application_goes() {
        fn is_shared<T: Send + Sync + 'static>() {}
        is_shared::<SharedStr>();
    }
}
