//! How a text is filled up to whole blocks, and how much of an opened one is text.

use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _, ConstantTimeGreater as _};

use super::CipherError;

/// How a text is filled up to whole blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// PKCS#7 over blocks of this many bytes: some signers fill up to more than the cipher's own block. Always at
    /// least one byte, each of which says how many there are.
    Pkcs7(u8),
    /// Zero bytes; none where the text is whole. Opened, every zero byte at the end is taken for one of them.
    Zeros,
    /// Not at all: the text must be whole.
    None,
}

impl Padding {
    /// Fills the text up. `block` is the cipher's own.
    pub(super) fn add(self, bytes: &mut Vec<u8>, block: usize) -> Result<(), CipherError> {
        let length = bytes.len();
        match self {
            Self::Pkcs7(size) => {
                let size = usize::from(size).max(1);
                let count = size - length % size;
                bytes.resize(length + count, u8::try_from(count).unwrap_or(u8::MAX));
            }
            Self::Zeros => bytes.resize(length.next_multiple_of(block), 0),
            Self::None => {}
        }
        // A size that is no multiple of the block leaves a piece over, as no padding does.
        if bytes.len().is_multiple_of(block) { Ok(()) } else { Err(CipherError::NotWhole { length, block }) }
    }

    /// How many of the opened bytes are text; `None` if the padding is wrong. Which of its bytes is wrong takes no
    /// time of its own.
    pub(super) fn text_length(self, bytes: &[u8]) -> Option<usize> {
        match self {
            Self::Pkcs7(size) => {
                let last = *bytes.last()?;
                let mut good = !last.ct_eq(&0)
                    & !last.ct_gt(&size)
                    & Choice::from(u8::from(usize::from(last) <= bytes.len()));
                for (index, byte) in bytes.iter().rev().take(usize::from(size)).enumerate() {
                    let is_padding = last.ct_gt(&u8::try_from(index).unwrap_or(u8::MAX));
                    let wanted = u8::conditional_select(byte, &last, is_padding);
                    good &= byte.ct_eq(&wanted);
                }
                bool::from(good).then(|| bytes.len().saturating_sub(usize::from(last)))
            }
            Self::Zeros => Some(bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)),
            Self::None => Some(bytes.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn padded(padding: Padding, text: &[u8], block: usize) -> Result<Vec<u8>, CipherError> {
        let mut bytes = text.to_vec();
        padding.add(&mut bytes, block).map(|()| bytes)
    }

    #[test]
    fn each_padding_fills_whole_blocks_and_is_taken_off_again() {
        for length in 0..70 {
            let text = vec![b'x'; length];
            for (padding, block) in [
                (Padding::Pkcs7(16), 16),
                (Padding::Pkcs7(8), 8),
                (Padding::Pkcs7(32), 16),
                (Padding::Zeros, 8),
            ] {
                let bytes = padded(padding, &text, block).unwrap_or_default();
                assert!(bytes.len().is_multiple_of(block), "{padding:?} {length}");
                assert_eq!(padding.text_length(&bytes), Some(length), "{padding:?} {length}");
            }
        }
        assert_eq!(padded(Padding::Pkcs7(32), b"0123456789abcdef", 16).map(|bytes| bytes.len()), Ok(32));
        assert_eq!(padded(Padding::Zeros, b"01234567", 8).map(|bytes| bytes.len()), Ok(8));
        assert_eq!(padded(Padding::None, b"01234567", 8).map(|bytes| bytes.len()), Ok(8));
        assert_eq!(padded(Padding::None, b"0123456", 8), Err(CipherError::NotWhole { length: 7, block: 8 }));
    }

    #[test]
    fn a_wrong_padding_is_no_text() {
        let mut bytes = [b'x'; 16];
        for (last, wrong) in [(0, 0), (17, 17), (2, 1), (16, b'x')] {
            bytes[15] = last;
            bytes[14] = wrong;
            assert_eq!(Padding::Pkcs7(16).text_length(&bytes), None, "{last} {wrong}");
        }
        assert_eq!(Padding::Pkcs7(16).text_length(b""), None);
        assert_eq!(Padding::Pkcs7(32).text_length(&[32; 16]), None);
    }
}
