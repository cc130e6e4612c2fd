//! Memory that is used again: what a request or a callback needs only until it is signed or verified.
//!
//! A thread keeps a few buffers, so that a text that is composed, hashed and forgotten costs no allocation once the
//! first ones have been made. What is kept is overwritten first: memory that is kept must not show what was in it longer
//! than memory that is freed. Secrets are wiped by whoever wrote them ([`crate::text`]), kept or not.

use std::{cell::RefCell, mem, thread::LocalKey};

/// A new buffer has room for a usual request.
const USUAL_ROOM: usize = 1024;
/// Larger buffers are not kept, nor more than so many.
const LARGEST_KEPT: usize = 8 * 1024;
const MOST_KEPT: usize = 16;
/// Nor vectors with room for more fields than most messages have.
const LONGEST_KEPT: usize = 64;

thread_local! {
    static BYTES: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
    static TEXTS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Bytes that are written from left to right.
#[derive(Default)]
pub(crate) struct Scratch {
    /// Initialised as far as it goes: writing is copying into a slice, and nothing else.
    room: Vec<u8>,
    length: usize,
}

impl Scratch {
    /// An empty buffer, of the thread where it keeps one.
    #[inline]
    pub(crate) fn new() -> Self {
        Self { room: take(&BYTES).unwrap_or_else(|| vec![0; USUAL_ROOM]), length: 0 }
    }

    /// What has been written.
    #[inline]
    pub(crate) fn as_slice(&self) -> &[u8] {
        self.room.get(..self.length).unwrap_or_default()
    }

    /// The same, to be wiped.
    pub(crate) fn as_mut_slice(&mut self) -> &mut [u8] {
        self.room.get_mut(..self.length).unwrap_or_default()
    }

    /// How many bytes have been written.
    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.length
    }

    /// Whether so many more bytes can be written.
    #[inline]
    pub(crate) const fn has_room(&self, more: usize) -> bool {
        self.room.len() - self.length >= more
    }

    /// The same bytes, and room for so many more, in other memory.
    #[cold]
    pub(crate) fn enlarged(&self, more: usize) -> Self {
        let mut room = vec![0; (self.length + more).max(self.room.len() * 2).max(USUAL_ROOM)];
        let written = self.as_slice();
        if let Some(place) = room.get_mut(..written.len()) {
            place.copy_from_slice(written);
        }
        Self { room, length: self.length }
    }

    /// Appends bytes.
    #[inline]
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if !self.try_push(bytes) {
            self.enlarge(bytes.len());
            self.try_push(bytes);
        }
    }

    /// Appends bytes if there is room for them.
    #[inline]
    pub(crate) fn try_push(&mut self, bytes: &[u8]) -> bool {
        let end = self.length + bytes.len();
        let place = self.room.get_mut(self.length..end);
        place.is_some_and(|place| {
            place.copy_from_slice(bytes);
            self.length = end;
            true
        })
    }

    #[cold]
    fn enlarge(&mut self, more: usize) {
        *self = self.enlarged(more);
    }

    /// Lets `write` write into room for so many bytes, and say how many of them it has used.
    #[inline]
    pub(crate) fn fill(&mut self, most: usize, write: impl FnOnce(&mut [u8]) -> usize) {
        if !self.has_room(most) {
            self.enlarge(most);
        }
        if let Some(place) = self.room.get_mut(self.length..self.length + most) {
            self.length += write(place).min(most);
        }
    }
}

impl Clone for Scratch {
    fn clone(&self) -> Self {
        let mut copy = Self::new();
        copy.push(self.as_slice());
        copy
    }
}

impl Drop for Scratch {
    #[inline]
    fn drop(&mut self) {
        if (1..=LARGEST_KEPT).contains(&self.room.len()) {
            self.as_mut_slice().fill(0);
            let room = mem::take(&mut self.room);
            keep(&BYTES, room);
        }
    }
}

/// An empty text with room, of the thread where it keeps one.
pub(crate) fn text() -> String {
    take(&TEXTS).unwrap_or_default()
}

/// Keeps the memory of a text for the next one.
pub(crate) fn recycle(text: String) {
    if let Some(text) = wiped(text) {
        keep(&TEXTS, text);
    }
}

/// The memory of a text, overwritten, if it is worth to be kept.
fn wiped(text: String) -> Option<String> {
    if !(1..=LARGEST_KEPT).contains(&text.capacity()) {
        return None;
    }
    let mut bytes = text.into_bytes();
    bytes.fill(0);
    bytes.clear();
    String::from_utf8(bytes).ok()
}

/// A text, and values that say what stands where in it: kept together, because they are needed together.
pub(crate) type Marked<T> = (String, Vec<T>);

/// An empty text without marks, with room for both where the thread keeps some.
pub(crate) fn marked<T>(kept: &'static LocalKey<RefCell<Vec<Marked<T>>>>) -> Marked<T> {
    take(kept).unwrap_or_default()
}

/// Keeps the memory of a text and of its marks for the next one.
pub(crate) fn recycle_marked<T>(
    kept: &'static LocalKey<RefCell<Vec<Marked<T>>>>,
    (text, mut marks): Marked<T>,
) {
    marks.clear();
    if let Some(text) = wiped(text)
        && marks.capacity() <= LONGEST_KEPT
    {
        keep(kept, (text, marks));
    }
}

/// Memory that a thread keeps for vectors of one kind.
pub(crate) type Kept<T> = RefCell<Vec<Vec<T>>>;

/// An empty vector, with room where the thread keeps some.
pub(crate) fn vector<T>(kept: &'static LocalKey<Kept<T>>) -> Vec<T> {
    take(kept).unwrap_or_default()
}

/// Keeps the memory of a vector for the next one, whose values may have another lifetime.
#[inline]
pub(crate) fn recycle_vector<T, U>(kept: &'static LocalKey<Kept<U>>, vector: Vec<T>) {
    if vector.capacity() > 0 {
        recycle_plain(kept, emptied(vector));
    }
}

/// The same, of values that borrow nothing.
pub(crate) fn recycle_plain<T>(kept: &'static LocalKey<Kept<T>>, mut vector: Vec<T>) {
    vector.clear();
    if (1..=LONGEST_KEPT).contains(&vector.capacity()) {
        keep(kept, vector);
    }
}

/// The memory of a vector without what stands in it, for values of another lifetime. The standard library collects in
/// place; if it ever stopped, there would be an allocation.
fn emptied<T, U>(mut vector: Vec<T>) -> Vec<U> {
    vector.clear();
    vector.into_iter().filter_map(|_| None).collect()
}

/// One of those that the thread keeps.
#[inline]
fn take<T>(kept: &'static LocalKey<RefCell<Vec<T>>>) -> Option<T> {
    kept.try_with(|kept| kept.try_borrow_mut().ok()?.pop()).ok()?
}

/// Keeps one more, unless there are enough. At the end of a thread there is nobody left to keep it.
#[inline]
fn keep<T>(kept: &'static LocalKey<RefCell<Vec<T>>>, one: T) {
    let _ = kept.try_with(|kept| {
        if let Ok(mut kept) = kept.try_borrow_mut()
            && kept.len() < MOST_KEPT
        {
            kept.push(one);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read_however_long_it_gets() {
        let mut scratch = Scratch::new();
        let mut expected = Vec::new();
        for number in 0..3000_u32 {
            let bytes = number.to_be_bytes();
            scratch.push(&bytes);
            expected.extend_from_slice(&bytes);
            scratch.fill(9, |place| {
                place.fill(7);
                2
            });
            expected.extend_from_slice(&[7, 7]);
        }
        assert_eq!(scratch.as_slice(), expected);
    }

    #[test]
    fn what_is_kept_is_overwritten() {
        let mut scratch = Scratch::new();
        scratch.push(b"a card number");
        drop(scratch);
        recycle("a card number".to_owned());
        BYTES.with_borrow(|kept| assert!(kept.iter().flatten().all(|byte| *byte == 0)));
        TEXTS.with_borrow(|kept| assert!(kept.iter().all(String::is_empty)));
    }

    #[test]
    fn the_memory_of_a_vector_is_kept_when_it_is_emptied() {
        let mut vector = Vec::with_capacity(23);
        vector.push("a");
        let emptied: Vec<&'static str> = emptied(vector);
        assert_eq!((emptied.len(), emptied.capacity()), (0, 23));
    }

    #[test]
    fn a_buffer_that_is_used_again_is_empty() {
        for text in ["a longer one", "short"] {
            let mut scratch = Scratch::new();
            assert!(scratch.as_slice().is_empty());
            scratch.push(text.as_bytes());
            assert_eq!(scratch.as_slice(), text.as_bytes());
        }
    }

    #[test]
    fn a_thread_keeps_a_few_small_buffers_and_no_large_one() {
        let many: Vec<_> = (0..MOST_KEPT + 5).map(|_| Scratch::new()).collect();
        drop(many);
        let mut large = Scratch::new();
        large.push(&vec![1; LARGEST_KEPT + 1]);
        drop(large);
        recycle(String::with_capacity(LARGEST_KEPT + 1));
        BYTES.with_borrow(|kept| {
            assert!(kept.len() <= MOST_KEPT);
            assert!(kept.iter().all(|room| room.len() <= LARGEST_KEPT));
        });
        TEXTS.with_borrow(|kept| assert!(kept.iter().all(|text| text.capacity() <= LARGEST_KEPT)));
    }
}
