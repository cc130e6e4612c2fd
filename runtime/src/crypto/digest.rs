//! Message digests, plain and keyed, and the bytes that they produce.
//!
//! One function per algorithm: a signing recipe names its algorithm at compile time, so there is nothing to choose
//! at run time. MD5 and SHA-1 are here because providers demand them, not because anybody should.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use hmac::digest::{Digest as _, common::Key};
use hmac::{Hmac, KeyInit as _, Mac as _};
use zeroize::Zeroize as _;

use crate::{scratch::Scratch, short::ShortText};

/// The longest digest that is kept without allocation: SHA-512.
const INLINE: usize = 64;

/// The bytes that a seal (a digest, a keyed digest, a signature) produced, ready to be written as text.
///
/// Digests live on the stack; signatures, which are longer, are moved in with `From<Vec<u8>>`, received ones are decoded
/// into memory that is used again.
/// `Debug` shows only the length: the digest that *would* be right for a forged message is worth having, and a
/// nested digest may serve as a key. There is no `==`; see [`digest_matches`](super::digest_matches).
#[derive(Clone)]
pub struct Sealed(Bytes);

#[derive(Clone)]
enum Bytes {
    Inline { bytes: [u8; INLINE], length: u8 },
    Heap(Vec<u8>),
    Kept(Scratch),
}

impl Sealed {
    fn from_digest<const N: usize>(digest: [u8; N]) -> Self {
        const { assert!(N <= INLINE) }
        let mut bytes = [0; INLINE];
        bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Self(Bytes::Inline { bytes, length: N as u8 })
    }

    /// Room for so many bytes, into which `write` writes, and says how many.
    pub(crate) fn of_bytes(room: usize, write: impl FnOnce(&mut [u8]) -> Option<usize>) -> Option<Self> {
        let mut bytes = [0; INLINE];
        if room <= INLINE {
            let length = u8::try_from(write(&mut bytes)?).ok()?;
            return Some(Self(Bytes::Inline { bytes, length }));
        }
        let mut bytes = Scratch::new();
        let mut is_good = true;
        bytes.fill(room, |place| {
            let length = write(place);
            is_good = length.is_some();
            length.unwrap_or_default()
        });
        is_good.then_some(Self(Bytes::Kept(bytes)))
    }

    /// The bytes themselves.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Bytes::Inline { bytes, length } => bytes.get(..usize::from(*length)).unwrap_or(bytes),
            Bytes::Heap(bytes) => bytes,
            Bytes::Kept(bytes) => bytes.as_slice(),
        }
    }

    /// As hexadecimal text in lower case.
    #[must_use]
    pub fn hex_lower(&self) -> ShortText {
        LOWER.write(self.as_bytes())
    }

    /// As hexadecimal text in upper case.
    #[must_use]
    pub fn hex_upper(&self) -> ShortText {
        UPPER.write(self.as_bytes())
    }

    /// As base64 text: the standard alphabet, padded.
    #[must_use]
    pub fn base64(&self) -> ShortText {
        base64(&STANDARD, self.as_bytes())
    }

    /// As base64 text of the alphabet for URLs, padded.
    #[must_use]
    pub fn base64url(&self) -> ShortText {
        base64(&URL_SAFE, self.as_bytes())
    }

    /// As base64 text of the alphabet for URLs, without padding.
    #[must_use]
    pub fn base64url_unpadded(&self) -> ShortText {
        base64(&URL_SAFE_NO_PAD, self.as_bytes())
    }
}

impl From<Vec<u8>> for Sealed {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Bytes::Heap(bytes))
    }
}

impl AsRef<[u8]> for Sealed {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.as_bytes().len())
    }
}

/// Appends hexadecimal text; `letter_a` is `a` or `A`.
pub(crate) fn push_hex(bytes: &[u8], letter_a: u8, out: &mut String) {
    let digit = |nibble: u8| char::from(if nibble < 10 { b'0' + nibble } else { letter_a + nibble - 10 });
    for byte in bytes {
        out.push(digit(byte >> 4));
        out.push(digit(byte & 0x0f));
    }
}

/// The two digits of each byte.
struct Digits([[u8; 2]; 256]);

static LOWER: Digits = Digits::new(b"0123456789abcdef");
static UPPER: Digits = Digits::new(b"0123456789ABCDEF");

impl Digits {
    #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler, which would refuse it")]
    const fn new(digits: &[u8; 16]) -> Self {
        let mut pairs = [[0; 2]; 256];
        let mut byte = 0;
        while byte < 256 {
            pairs[byte] = [digits[byte >> 4], digits[byte & 0x0f]];
            byte += 1;
        }
        Self(pairs)
    }

    fn of(&self, byte: u8) -> [u8; 2] {
        self.0.get(usize::from(byte)).copied().unwrap_or_default()
    }

    fn write(&self, bytes: &[u8]) -> ShortText {
        let mut text = ShortText::new();
        for bytes in bytes.chunks(32) {
            let mut written = [0; 64];
            for (pair, byte) in written.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
                *pair = self.of(*byte);
            }
            text.push_ascii(written.get(..bytes.len() * 2).unwrap_or_default());
        }
        text
    }
}

fn base64(engine: &GeneralPurpose, bytes: &[u8]) -> ShortText {
    let mut written = [0; 64];
    match engine.encode_slice(bytes, &mut written) {
        Ok(length) => {
            let mut text = ShortText::new();
            text.push_ascii(written.get(..length).unwrap_or_default());
            text
        }
        Err(_) => engine.encode(bytes).into(),
    }
}

/// MD5, 16 bytes.
#[must_use]
pub fn md5(message: &[u8]) -> Sealed {
    Sealed::from_digest(md5::Md5::digest(message).into())
}

/// SHA-1, 20 bytes.
#[must_use]
pub fn sha1(message: &[u8]) -> Sealed {
    Sealed::from_digest(sha1::Sha1::digest(message).into())
}

/// SHA-256, 32 bytes.
#[must_use]
pub fn sha256(message: &[u8]) -> Sealed {
    Sealed::from_digest(sha2::Sha256::digest(message).into())
}

/// SHA-512, 64 bytes.
#[must_use]
pub fn sha512(message: &[u8]) -> Sealed {
    Sealed::from_digest(sha2::Sha512::digest(message).into())
}

/// SM3, 32 bytes: the digest of the Chinese national algorithms.
#[cfg(feature = "sm")]
#[must_use]
pub fn sm3(message: &[u8]) -> Sealed {
    Sealed::from_digest(sm3::Sm3::digest(message).into())
}

/// Writes one keyed digest. A macro, because the bounds of a generic function would say more than its body.
macro_rules! hmac {
    ($(#[$doc:meta])* $name:ident, $digest:ty) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(key: &[u8], message: &[u8]) -> Sealed {
            // RFC 2104: a key longer than a block is replaced by its digest, a shorter one is filled with zeros.
            // Done here because the infallible constructor wants exactly one block.
            let mut block = Key::<Hmac<$digest>>::default();
            if key.len() <= block.len() {
                block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
            } else {
                block.iter_mut().zip(<$digest>::digest(key)).for_each(|(to, from)| *to = from);
            }
            let mac = Hmac::<$digest>::new(&block).chain_update(message).finalize();
            block.as_mut_slice().zeroize();
            Sealed::from_digest(mac.into_bytes().into())
        }
    };
}

hmac!(
    /// HMAC with MD5, 16 bytes.
    hmac_md5,
    md5::Md5
);
hmac!(
    /// HMAC with SHA-1, 20 bytes.
    hmac_sha1,
    sha1::Sha1
);
hmac!(
    /// HMAC with SHA-256, 32 bytes.
    hmac_sha256,
    sha2::Sha256
);
hmac!(
    /// HMAC with SHA-512, 64 bytes.
    hmac_sha512,
    sha2::Sha512
);
