//! Which bytes of a text must not be seen, and must not stay in memory.

use std::ops::Range;

use arrayvec::ArrayVec;
use zeroize::Zeroize as _;

/// Ranges of a text, ascending. The first need no allocation: a text usually has one secret and one token, or none.
#[derive(Default)]
pub(super) struct Hidden {
    first: ArrayVec<Range<usize>, 3>,
    others: Vec<Range<usize>>,
}

impl Hidden {
    /// Remembers a range that lies behind the ones before.
    pub(super) fn push(&mut self, range: Range<usize>) {
        if let Err(full) = self.first.try_push(range) {
            self.others.push(full.element());
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Range<usize>> {
        self.first.iter().chain(&self.others)
    }

    /// All of a text of this length, in pieces, each with the answer whether it is hidden. None is empty, unless it is
    /// hidden.
    pub(super) fn pieces(&self, length: usize) -> Vec<(Range<usize>, bool)> {
        let mut pieces = Vec::new();
        let mut shown_to = 0;
        for range in self.iter() {
            if range.start > shown_to {
                pieces.push((shown_to..range.start, false));
            }
            pieces.push((range.clone(), true));
            shown_to = range.end;
        }
        if length > shown_to {
            pieces.push((shown_to..length, false));
        }
        pieces
    }

    /// Overwrites what must not stay in memory. The rest of a text is sent in the clear anyway.
    pub(super) fn wipe(&self, bytes: &mut [u8]) {
        for range in self.iter() {
            if let Some(bytes) = bytes.get_mut(range.clone()) {
                bytes.zeroize();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hidden_byte_is_wiped_and_no_other() {
        let mut hidden = Hidden::default();
        hidden.push(1..3);
        hidden.push(4..4);
        hidden.push(5..6);
        hidden.push(7..7);
        hidden.push(9..20);
        let mut bytes = *b"abcdefgh";
        hidden.wipe(&mut bytes);
        assert_eq!(bytes, *b"a\0\0de\0gh");
    }
}
