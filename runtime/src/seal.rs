//! The door between a composed text and the cryptography: sealing it, and comparing what was received.
//!
//! Emitted code names one function here for each use of a recipe, so the algorithm is fixed when the program is
//! compiled, and only a [`SignedText`] can be sealed. How text becomes bytes was decided there; how bytes become a
//! signature is the business of [`crate::crypto`].

use std::fmt;

use crate::crypto::compare::{Encoding, MalformedSignature, decode_signature, digest_matches};
use crate::crypto::digest::{self, Sealed};
#[cfg(feature = "rsa")]
use crate::crypto::rsa::{RsaDigest, RsaPrivateKey, RsaPublicKey};
#[cfg(feature = "sm")]
use crate::crypto::sm2::{Sm2Form, Sm2PrivateKey, Sm2PublicKey};
use crate::secret::Secret;
use crate::text::SignedText;

/// A signature as it was received, decoded: to be compared in constant time, or verified with a key.
#[derive(Clone)]
pub struct ReceivedSeal(Vec<u8>);

impl fmt::Debug for ReceivedSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceivedSeal({} bytes)", self.0.len())
    }
}

/// Decodes a received signature in hexadecimal digits of either case.
///
/// # Errors
/// [`MalformedSignature`] when the text is empty or anything else.
pub fn received_hex(text: &str) -> Result<ReceivedSeal, MalformedSignature> {
    decode_signature(text, Encoding::Hex).map(ReceivedSeal)
}

/// Decodes a received signature in base64: the standard alphabet, padding optional, no white space.
///
/// # Errors
/// [`MalformedSignature`] when the text is empty or anything else.
pub fn received_base64(text: &str) -> Result<ReceivedSeal, MalformedSignature> {
    decode_signature(text, Encoding::Base64).map(ReceivedSeal)
}

impl Sealed {
    /// Whether the received signature is this one, in constant time.
    #[must_use]
    pub fn matches(&self, received: &ReceivedSeal) -> bool {
        digest_matches(&received.0, self)
    }
}

/// MD5 of the text.
#[must_use]
pub fn md5(text: &SignedText) -> Sealed {
    digest::md5(text.as_bytes())
}

/// SHA-1 of the text.
#[must_use]
pub fn sha1(text: &SignedText) -> Sealed {
    digest::sha1(text.as_bytes())
}

/// SHA-256 of the text.
#[must_use]
pub fn sha256(text: &SignedText) -> Sealed {
    digest::sha256(text.as_bytes())
}

/// SHA-512 of the text.
#[must_use]
pub fn sha512(text: &SignedText) -> Sealed {
    digest::sha512(text.as_bytes())
}

/// SM3 of the text.
#[cfg(feature = "sm")]
#[must_use]
pub fn sm3(text: &SignedText) -> Sealed {
    digest::sm3(text.as_bytes())
}

/// HMAC with MD5 of the text.
#[must_use]
pub fn hmac_md5(key: &Secret, text: &SignedText) -> Sealed {
    digest::hmac_md5(key.expose().as_bytes(), text.as_bytes())
}

/// HMAC with SHA-1 of the text.
#[must_use]
pub fn hmac_sha1(key: &Secret, text: &SignedText) -> Sealed {
    digest::hmac_sha1(key.expose().as_bytes(), text.as_bytes())
}

/// HMAC with SHA-256 of the text.
#[must_use]
pub fn hmac_sha256(key: &Secret, text: &SignedText) -> Sealed {
    digest::hmac_sha256(key.expose().as_bytes(), text.as_bytes())
}

/// HMAC with SHA-512 of the text.
#[must_use]
pub fn hmac_sha512(key: &Secret, text: &SignedText) -> Sealed {
    digest::hmac_sha512(key.expose().as_bytes(), text.as_bytes())
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
    key.sign(digest, text.as_bytes()).map(Sealed::from)
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
    key.sign(user_id, form, text.as_bytes()).map(Sealed::from)
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
    key.verify(digest, text.as_bytes(), &received.0).is_ok()
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
    key.verify(user_id, form, text.as_bytes(), &received.0).is_ok()
}
