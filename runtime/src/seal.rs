//! The door between a composed text and the cryptography: sealing it, and comparing what was received.
//!
//! Emitted code names one function here for each use of a recipe, so the algorithm is fixed when the program is
//! compiled, and only a [`SignedText`] can be sealed. How text becomes bytes was decided there; how bytes become a
//! signature is the business of [`crate::crypto`].

use std::fmt;

use crate::charset::Charset;
#[cfg(feature = "cipher")]
use crate::cipher::{Cipher, CipherError};
use crate::crypto::compare::{Encoding, MalformedSignature, decode_seal, digest_matches};
use crate::crypto::digest::{self, Sealed};
#[cfg(feature = "rsa")]
use crate::crypto::rsa::{RsaDigest, RsaPrivateKey, RsaPublicKey};
#[cfg(feature = "sm")]
use crate::crypto::sm2::{Sm2Form, Sm2PrivateKey, Sm2PublicKey};
use crate::recipe_error::RecipeError;
use crate::secret::Secret;
use crate::text::SignedText;
#[cfg(feature = "cipher")]
use crate::unverified::Unverified;

/// A signature as it was received, decoded: to be compared in constant time, or verified with a key.
#[derive(Clone)]
pub struct ReceivedSeal(Sealed);

impl fmt::Debug for ReceivedSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceivedSeal({} bytes)", self.as_bytes().len())
    }
}

/// Decodes a received signature in hexadecimal digits of either case.
///
/// # Errors
/// [`MalformedSignature`] when the text is empty or anything else.
pub fn received_hex(text: &str) -> Result<ReceivedSeal, MalformedSignature> {
    decode_seal(text, Encoding::Hex).map(ReceivedSeal)
}

/// Decodes a received signature in base64: the standard alphabet, padding optional, no white space.
///
/// # Errors
/// [`MalformedSignature`] when the text is empty or anything else.
pub fn received_base64(text: &str) -> Result<ReceivedSeal, MalformedSignature> {
    decode_seal(text, Encoding::Base64).map(ReceivedSeal)
}

/// Decodes a received signature in base64 of the alphabet for URLs, padding optional, no white space.
///
/// # Errors
/// [`MalformedSignature`] when the text is empty or anything else.
pub fn received_base64url(text: &str) -> Result<ReceivedSeal, MalformedSignature> {
    decode_seal(text, Encoding::Base64Url).map(ReceivedSeal)
}

/// Takes a received signature that is text as it stands, in this charset. [`MalformedSignature`] when it is empty, or
/// has a character that the charset cannot write.
pub fn received_text(charset: Charset) -> impl Fn(&str) -> Result<ReceivedSeal, MalformedSignature> {
    move |text| match charset.encode(text) {
        Ok(bytes) if !bytes.is_empty() => Ok(ReceivedSeal(bytes.into_owned().into())),
        Ok(_) | Err(_) => Err(MalformedSignature::NoText),
    }
}

/// Decodes several signatures, of which one has to fit. One that is malformed is passed over beside a good one.
///
/// # Errors
/// All are malformed: what is wrong with the first.
pub fn received_each(
    texts: &[String],
    decode: impl Fn(&str) -> Result<ReceivedSeal, MalformedSignature>,
) -> Result<Vec<ReceivedSeal>, MalformedSignature> {
    let mut first_error = None;
    let mut seals = Vec::with_capacity(texts.len());
    for text in texts {
        match decode(text) {
            Ok(seal) => seals.push(seal),
            Err(error) => {
                first_error.get_or_insert(error);
            }
        }
    }
    match first_error {
        Some(error) if seals.is_empty() => Err(error),
        _ => Ok(seals),
    }
}

impl ReceivedSeal {
    /// The decoded bytes: a ciphertext, to be opened.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl Sealed {
    /// Whether the received signature is this one, in constant time.
    #[must_use]
    pub fn matches(&self, received: &ReceivedSeal) -> bool {
        digest_matches(received.as_bytes(), self)
    }

    /// Whether one of the received signatures is this one, each compared in constant time.
    #[must_use]
    pub fn matches_any(&self, received: &[ReceivedSeal]) -> bool {
        received.iter().fold(false, |fits, received| fits | self.matches(received))
    }

    /// The bytes as text in this charset.
    ///
    /// # Errors
    /// They are none.
    pub fn text(&self, charset: Charset) -> Result<String, RecipeError> {
        let text = charset.decode(self.as_bytes()).map_err(|_| RecipeError::NotText)?;
        Ok(text.into_owned())
    }
}

/// The key of a keyed digest.
pub trait MacKey {
    /// Its bytes.
    fn key_bytes(&self) -> &[u8];
}

impl MacKey for Secret {
    fn key_bytes(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// A key that is computed.
impl MacKey for SignedText {
    fn key_bytes(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// The text itself: a constant that proves who sends.
#[must_use]
pub fn itself(text: &SignedText) -> Sealed {
    Sealed::from(traced(text).to_vec())
}

/// Whether the end of an opened seal is this text, in constant time.
#[must_use]
pub fn is_opened(opened: &[u8], text: &SignedText) -> bool {
    use subtle::ConstantTimeEq as _;
    opened.ct_eq(traced(text)).into()
}

/// The text, encrypted.
///
/// # Errors
/// A key, vector or text of the wrong length.
#[cfg(feature = "cipher")]
pub fn encrypted(cipher: &Cipher<'_>, text: &SignedText) -> Result<Sealed, RecipeError> {
    Ok(cipher.seal(traced(text))?)
}

/// What a received seal encrypts; `None` where it cannot be opened, whatever the reason.
///
/// # Errors
/// The cipher cannot be used: a key or vector of the wrong length.
#[cfg(feature = "cipher")]
pub fn opened(
    cipher: &Cipher<'_>,
    received: &ReceivedSeal,
) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>, RecipeError> {
    match cipher.open(received.as_bytes()) {
        Ok(opened) => Ok(Some(opened)),
        Err(CipherError::NotOpened) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The text that the first of the received seals encrypts that can be opened.
///
/// # Errors
/// None can, or what it encrypts is no text in this charset: one and the same error. The cipher cannot be used.
#[cfg(feature = "cipher")]
pub fn opened_text(
    cipher: &Cipher<'_>,
    received: &[ReceivedSeal],
    charset: Charset,
) -> Result<String, Unverified> {
    for received in received {
        let opened = opened(cipher, received)?;
        if let Some(text) = opened.and_then(|bytes| charset.decode(&bytes).ok().map(|text| text.into_owned()))
        {
            return Ok(text);
        }
    }
    Err(Unverified::Mismatch)
}

/// The bytes that are sealed: every text passes here, so that tests can ask what was signed.
fn traced(text: &SignedText) -> &[u8] {
    #[cfg(feature = "trace")]
    crate::trace::record(text.as_bytes());
    text.as_bytes()
}

/// MD5 of the text.
#[must_use]
pub fn md5(text: &SignedText) -> Sealed {
    digest::md5(traced(text))
}

/// SHA-1 of the text.
#[must_use]
pub fn sha1(text: &SignedText) -> Sealed {
    digest::sha1(traced(text))
}

/// SHA-256 of the text.
#[must_use]
pub fn sha256(text: &SignedText) -> Sealed {
    digest::sha256(traced(text))
}

/// SHA-512 of the text.
#[must_use]
pub fn sha512(text: &SignedText) -> Sealed {
    digest::sha512(traced(text))
}

/// SM3 of the text.
#[cfg(feature = "sm")]
#[must_use]
pub fn sm3(text: &SignedText) -> Sealed {
    digest::sm3(traced(text))
}

/// HMAC with MD5 of the text.
#[must_use]
pub fn hmac_md5(key: &impl MacKey, text: &SignedText) -> Sealed {
    digest::hmac_md5(key.key_bytes(), traced(text))
}

/// HMAC with SHA-1 of the text.
#[must_use]
pub fn hmac_sha1(key: &impl MacKey, text: &SignedText) -> Sealed {
    digest::hmac_sha1(key.key_bytes(), traced(text))
}

/// HMAC with SHA-256 of the text.
#[must_use]
pub fn hmac_sha256(key: &impl MacKey, text: &SignedText) -> Sealed {
    digest::hmac_sha256(key.key_bytes(), traced(text))
}

/// HMAC with SHA-512 of the text.
#[must_use]
pub fn hmac_sha512(key: &impl MacKey, text: &SignedText) -> Sealed {
    digest::hmac_sha512(key.key_bytes(), traced(text))
}

/// RSA signature of the text.
///
/// # Errors
/// [`SignError`](crate::crypto::SignError) when the system has no randomness or the key cannot sign.
#[cfg(feature = "rsa")]
pub fn rsa(
    key: &RsaPrivateKey,
    digest: RsaDigest,
    text: &SignedText,
) -> Result<Sealed, crate::crypto::SignError> {
    key.sign(digest, traced(text)).map(Sealed::from)
}

/// SM2 signature of the text, for a distinguishing id.
///
/// # Errors
/// [`SignError`](crate::crypto::SignError) when the id is too long or the key cannot sign.
#[cfg(feature = "sm")]
pub fn sm2(
    key: &Sm2PrivateKey,
    user_id: &str,
    form: Sm2Form,
    text: &SignedText,
) -> Result<Sealed, crate::crypto::SignError> {
    key.sign(user_id, form, traced(text)).map(Sealed::from)
}

/// Whether the received signature is one of the text under this key.
#[cfg(feature = "rsa")]
#[must_use]
pub fn rsa_verifies(
    key: &RsaPublicKey,
    digest: RsaDigest,
    text: &SignedText,
    received: &ReceivedSeal,
) -> bool {
    key.verify(digest, traced(text), received.as_bytes()).is_ok()
}

/// Whether the received signature is one of the text under this key, for a distinguishing id.
#[cfg(feature = "sm")]
#[must_use]
pub fn sm2_verifies(
    key: &Sm2PublicKey,
    user_id: &str,
    form: Sm2Form,
    text: &SignedText,
    received: &ReceivedSeal,
) -> bool {
    key.verify(user_id, form, traced(text), received.as_bytes()).is_ok()
}
