//! From a received signature in text form to a yes or no.
//!
//! The text is decoded first and the bytes are compared in constant time, so that neither the case of hexadecimal
//! digits nor missing padding makes a difference, and timing tells nothing about the expected value.
//! Which encoding a provider uses is fixed by its specification; nothing is guessed here.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{DecodeError, DecodeSliceError};
use subtle::ConstantTimeEq as _;

use super::digest::Sealed;

const LENIENT_PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT_PADDING);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT_PADDING);

/// How a signature is written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Hexadecimal digits, accepted in either case.
    Hex,
    /// Base64 with `+` and `/`, padding optional.
    Base64,
    /// Base64 with `-` and `_`, padding optional.
    Base64Url,
}

impl Encoding {
    const fn name(self) -> &'static str {
        match self {
            Self::Hex => "hexadecimal",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
        }
    }
}

/// Why a received signature is not even a signature. It must be refused like a wrong one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedSignature {
    /// There is no text.
    #[error("the signature is empty; {} text is wanted", wanted.name())]
    Empty {
        /// The encoding that the specification names.
        wanted: Encoding,
    },
    /// A signature that is text is empty, or has a character that the provider's charset cannot write.
    #[error("the signature is empty, or no text in the provider's charset")]
    NoText,
    /// White space inside base64 is nearly always a `+` that was form-decoded once too often.
    #[error(
        "the signature has white space at offset {offset}; {} text has none \
         (a `+` that was form-decoded twice becomes a blank)",
        wanted.name()
    )]
    WhiteSpace {
        /// Offset in bytes.
        offset: usize,
        /// The encoding that the specification names.
        wanted: Encoding,
    },
    /// A character that the encoding does not know.
    #[error("the signature has a character at offset {offset} that is not {}", wanted.name())]
    Character {
        /// Offset in bytes.
        offset: usize,
        /// The encoding that the specification names.
        wanted: Encoding,
    },
    /// Hexadecimal digits come in pairs.
    #[error("the signature has {length} hexadecimal digits; an even number is wanted")]
    OddLength {
        /// The number of digits.
        length: usize,
    },
    /// The right characters, but cut off, or with bits left over.
    #[error("the signature has {length} characters that do not end as {} does; was it cut off?", wanted.name())]
    Ending {
        /// The number of characters.
        length: usize,
        /// The encoding that the specification names.
        wanted: Encoding,
    },
}

/// Decodes a received signature: strictly its alphabet, no white space, padding optional.
///
/// # Errors
/// [`MalformedSignature`] when the text is not of the given encoding.
pub fn decode_signature(text: &str, encoding: Encoding) -> Result<Vec<u8>, MalformedSignature> {
    decode_seal(text, encoding).map(|seal| seal.as_bytes().to_vec())
}

/// The same without allocation, where it is no longer than a digest.
pub(crate) fn decode_seal(text: &str, encoding: Encoding) -> Result<Sealed, MalformedSignature> {
    if text.is_empty() {
        return Err(MalformedSignature::Empty { wanted: encoding });
    }
    let decoded = match encoding {
        Encoding::Hex => decode_hex(text),
        Encoding::Base64 => decode_base64(text, encoding, &BASE64),
        Encoding::Base64Url => decode_base64(text, encoding, &BASE64_URL),
    };
    decoded.map_err(|error| match text.bytes().position(|byte| byte.is_ascii_whitespace()) {
        Some(offset) => MalformedSignature::WhiteSpace { offset, wanted: encoding },
        None => error,
    })
}

/// Whether the received bytes are the computed digest, compared in constant time. A different length is a no.
#[must_use]
pub fn digest_matches(received: &[u8], computed: &Sealed) -> bool {
    received.ct_eq(computed.as_bytes()).into()
}

fn decode_hex(text: &str) -> Result<Sealed, MalformedSignature> {
    let wanted = Encoding::Hex;
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let mut is_good = true;
    let decoded = Sealed::of_bytes(pairs.len(), |place| {
        for (byte, [high, low]) in place.iter_mut().zip(pairs) {
            let (high, low) = (digit(*high), digit(*low));
            is_good &= high < 16 && low < 16;
            *byte = high << 4 | low & 15;
        }
        Some(pairs.len())
    });
    match decoded.filter(|_| is_good && rest.is_empty()) {
        Some(decoded) => Ok(decoded),
        None => Err(match text.bytes().position(|byte| !byte.is_ascii_hexdigit()) {
            Some(offset) => MalformedSignature::Character { offset, wanted },
            None => MalformedSignature::OddLength { length: text.len() },
        }),
    }
}

/// What a hexadecimal digit stands for; 16 and more for any other byte. Without branches, as most digits need another
/// one than the digit before.
#[inline]
const fn digit(byte: u8) -> u8 {
    let decimal = byte.wrapping_sub(b'0');
    let letter = (byte | 0x20).wrapping_sub(b'a');
    if decimal < 10 {
        decimal
    } else if letter < 6 {
        letter + 10
    } else {
        u8::MAX
    }
}

fn hex_byte([high, low]: [u8; 2]) -> Option<u8> {
    let (high, low) = (digit(high), digit(low));
    if high < 16 && low < 16 { Some(high << 4 | low) } else { None }
}

/// Hexadecimal digits in either case to bytes; `None` for anything else. Also used for keys in this form.
pub(crate) fn hex_pairs(digits: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_chunks::<2>();
    if rest.is_empty() { pairs.iter().map(|pair| hex_byte(*pair)).collect() } else { None }
}

fn decode_base64(
    text: &str,
    wanted: Encoding,
    engine: &GeneralPurpose,
) -> Result<Sealed, MalformedSignature> {
    let refused = |error| match error {
        DecodeError::InvalidByte(offset, byte) if byte != b'=' => {
            MalformedSignature::Character { offset, wanted }
        }
        _ => MalformedSignature::Ending { length: text.len(), wanted },
    };
    let mut error = None;
    let decoded = Sealed::of_bytes(base64::decoded_len_estimate(text.len()), |place| {
        match engine.decode_slice(text, place) {
            Ok(length) => Some(length),
            Err(DecodeSliceError::DecodeError(refusal)) => {
                error = Some(refused(refusal));
                None
            }
            Err(DecodeSliceError::OutputSliceTooSmall) => None,
        }
    });
    let ending = MalformedSignature::Ending { length: text.len(), wanted };
    decoded.ok_or_else(|| error.unwrap_or(ending))
}
