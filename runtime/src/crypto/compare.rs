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
    if let Some(offset) = text.bytes().position(|byte| byte.is_ascii_whitespace()) {
        return Err(MalformedSignature::WhiteSpace { offset, wanted: encoding });
    }
    match encoding {
        Encoding::Hex => decode_hex(text),
        Encoding::Base64 => decode_base64(text, encoding, &BASE64),
        Encoding::Base64Url => decode_base64(text, encoding, &BASE64_URL),
    }
}

/// Whether the received bytes are the computed digest, compared in constant time. A different length is a no.
#[must_use]
pub fn digest_matches(received: &[u8], computed: &Sealed) -> bool {
    received.ct_eq(computed.as_bytes()).into()
}

fn decode_hex(text: &str) -> Result<Sealed, MalformedSignature> {
    let wanted = Encoding::Hex;
    if let Some(offset) = text.bytes().position(|byte| !byte.is_ascii_hexdigit()) {
        return Err(MalformedSignature::Character { offset, wanted });
    }
    let odd = || MalformedSignature::OddLength { length: text.len() };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return Err(odd());
    }
    Sealed::of_bytes(pairs.len(), |place| {
        for (byte, pair) in place.iter_mut().zip(pairs) {
            *byte = hex_byte(*pair)?;
        }
        Some(pairs.len())
    })
    .ok_or_else(odd)
}

fn hex_byte([high, low]: [u8; 2]) -> Option<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    Some(value(high)? << 4 | value(low)?)
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
