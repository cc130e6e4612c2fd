//! The little of ASN.1 that keys and signatures need: reading definite-length DER without copying.
//!
//! Written by hand because the ready-made crates refuse what providers really send (certificates with a negative
//! serial number, MD5 signatures) and because a reader of forty lines can be read. It knows tags and lengths;
//! what a structure means is known in [`crate::keys`] and in the signature forms.

/// Why bytes are not the DER structure that they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DerError {
    /// The structure announces more bytes than there are.
    #[error("the structure is cut off: it announces {announced} more bytes and has {present}")]
    CutOff {
        /// How many bytes should follow.
        announced: usize,
        /// How many do.
        present: usize,
    },
    /// An indefinite length, one of more than four bytes, or one that is longer than it need be.
    #[error("a length is not written in the one form that DER allows")]
    Length,
    /// Another element than expected.
    #[error("found an element with tag {found:#04x}; tag {wanted:#04x} is wanted")]
    Tag {
        /// The tag that is there.
        found: u8,
        /// The tag that belongs there.
        wanted: u8,
    },
    /// Something follows the end of the structure.
    #[error("{count} bytes follow the end of the structure")]
    Trailing {
        /// How many.
        count: usize,
    },
    /// An integer that is empty, negative or has superfluous leading zeros.
    #[error("an integer is empty, negative or not written in its shortest form")]
    Integer,
}

pub(crate) mod tag {
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(crate) const SEQUENCE: u8 = 0x30;
    /// `[0]`, constructed.
    pub(crate) const CONTEXT_0: u8 = 0xa0;
    /// `[1]`, constructed.
    pub(crate) const CONTEXT_1: u8 = 0xa1;
}

/// Walks over the elements of one structure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

/// One element: its tag and what is in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    pub(crate) fn element(&mut self) -> Result<Element<'a>, DerError> {
        let tag = self.byte()?;
        let length = self.length()?;
        Ok(Element { tag, content: self.take(length)? })
    }

    /// The content of the next element, which must have the given tag.
    pub(crate) fn expect(&mut self, wanted: u8) -> Result<&'a [u8], DerError> {
        let element = self.element()?;
        if element.tag == wanted {
            Ok(element.content)
        } else {
            Err(DerError::Tag { found: element.tag, wanted })
        }
    }

    /// The next element as a structure of its own.
    pub(crate) fn sequence(&mut self) -> Result<Self, DerError> {
        self.expect(tag::SEQUENCE).map(Self::new)
    }

    /// The content of the next element if it has the given tag; otherwise nothing is consumed.
    pub(crate) fn optional(&mut self, wanted: u8) -> Result<Option<&'a [u8]>, DerError> {
        if self.peek() == Some(wanted) { self.expect(wanted).map(Some) } else { Ok(None) }
    }

    /// A non-negative integer as big-endian bytes without leading zeros, in the one form that DER allows.
    #[cfg(feature = "sm")]
    pub(crate) fn strict_unsigned(&mut self) -> Result<&'a [u8], DerError> {
        match self.expect(tag::INTEGER)? {
            [] | [0x80..=0xff, ..] | [0, 0..=0x7f, ..] => Err(DerError::Integer),
            [0, rest @ ..] | rest => Ok(rest),
        }
    }

    /// An integer that is known to be positive, as big-endian bytes without leading zeros. Encoders that forget
    /// the leading zero, or write too many, mean the same number.
    pub(crate) fn lenient_unsigned(&mut self) -> Result<&'a [u8], DerError> {
        self.expect(tag::INTEGER).map(without_leading_zeros)
    }

    /// The bytes of a bit string, whose first byte counts unused bits and is zero for keys.
    pub(crate) fn bit_string(&mut self) -> Result<&'a [u8], DerError> {
        match self.expect(tag::BIT_STRING)? {
            [0, bytes @ ..] => Ok(bytes),
            _ => Err(DerError::Length),
        }
    }

    /// That nothing follows.
    pub(crate) const fn end(&self) -> Result<(), DerError> {
        match self.rest.len() {
            0 => Ok(()),
            count => Err(DerError::Trailing { count }),
        }
    }

    fn byte(&mut self) -> Result<u8, DerError> {
        let (first, rest) = self.rest.split_first().ok_or(DerError::CutOff { announced: 1, present: 0 })?;
        self.rest = rest;
        Ok(*first)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], DerError> {
        let present = self.rest.len();
        let (taken, rest) =
            self.rest.split_at_checked(length).ok_or(DerError::CutOff { announced: length, present })?;
        self.rest = rest;
        Ok(taken)
    }

    fn length(&mut self) -> Result<usize, DerError> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(usize::from(first));
        }
        let count = first & 0x7f;
        if count == 0 || count > 4 {
            return Err(DerError::Length);
        }
        let mut length = 0_u32;
        for _ in 0..count {
            length = length << 8 | u32::from(self.byte()?);
        }
        let shortest = match count {
            1 => length >= 0x80,
            _ => length >> (8 * (u32::from(count) - 1)) != 0,
        };
        if shortest { usize::try_from(length).map_err(|_| DerError::Length) } else { Err(DerError::Length) }
    }
}

pub(crate) fn without_leading_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}
