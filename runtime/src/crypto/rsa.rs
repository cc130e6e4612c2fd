//! RSA signatures, PKCS#1 v1.5.
//!
//! The door: types, limits and what both backends share. Behind it is one of two rooms, chosen when the crate is
//! compiled: `pure` over the crate `rsa`, or, with the feature `openssl`, the system's OpenSSL. They are the only
//! modules that know the crates behind them; keys arrive as plain numbers from [`crate::keys`], and both refuse the
//! same numbers, sign with the same bytes and know the same errors.
//! Signing is blinded in both. The result is deterministic all the same. Nothing is ever decrypted.

use std::fmt;

use subtle::ConstantTimeEq as _;

#[cfg(feature = "openssl")]
use self::openssl as backend;
#[cfg(not(feature = "openssl"))]
use self::pure as backend;
use super::digest;
use super::error::{SignError, VerifyError};
use super::rsa_parts::{RsaPrivateParts, RsaPublicParts};

#[cfg(feature = "openssl")]
mod openssl;
// Cargo's features only add: with `openssl` the crate `rsa` is still compiled, and nothing of it is called but by tests
// that hold the two backends against each other.
#[cfg(any(test, not(feature = "openssl")))]
mod pure;
#[cfg(all(test, feature = "openssl"))]
mod tests;

/// Keys below are refused: they can be factored. Providers still hand out keys of exactly this size.
pub(crate) const MIN_BITS: usize = 1024;
/// Keys above are refused: one operation would take seconds.
pub(crate) const MAX_BITS: usize = 8192;

/// The padding of PKCS #1 v1.5 begins so; of another key this much of it comes out once in 2^80.
const PADDING: [u8; 10] = [0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

/// The digest that is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RsaDigest {
    /// SHA-1, often called `RSA` by providers.
    Sha1,
    /// SHA-256, often called `RSA2`.
    Sha256,
    /// SHA-512.
    Sha512,
}

impl RsaDigest {
    fn of(self, message: &[u8]) -> digest::Sealed {
        match self {
            Self::Sha1 => digest::sha1(message),
            Self::Sha256 => digest::sha256(message),
            Self::Sha512 => digest::sha512(message),
        }
    }
}

/// A private key. Cheap to clone; wiped from memory with its last clone. Read one with
/// [`RsaPrivateKey::read`].
#[derive(Clone)]
pub struct RsaPrivateKey(backend::PrivateKey);

/// A public key. Cheap to clone. Read one with [`RsaPublicKey::read`].
#[derive(Clone)]
pub struct RsaPublicKey(backend::PublicKey);

impl RsaPrivateKey {
    /// A key from its numbers; `None` if they are not those of one key, or not within the limits of size.
    pub(crate) fn from_parts(parts: &RsaPrivateParts<'_>) -> Option<Self> {
        // The limits come first: checking the numbers of a huge key against each other would take for ever.
        if !(MIN_BITS..=MAX_BITS).contains(&parts.public.bits()) {
            return None;
        }
        // One prime twice is no key. One backend would find it out when it signs for the first time.
        let [p, q] = parts.primes;
        if p.ct_eq(q).into() {
            return None;
        }
        backend::PrivateKey::from_parts(parts).map(Self)
    }

    /// Signs the message: digest, padding, private operation. As long as the modulus.
    ///
    /// # Errors
    /// [`SignError::Randomness`] when the operating system gives none, [`SignError::Key`] otherwise.
    pub fn sign(&self, digest: RsaDigest, message: &[u8]) -> Result<Vec<u8>, SignError> {
        self.0.sign(digest, digest.of(message).as_bytes())
    }

    /// The other half, which may be shown to anybody.
    #[must_use]
    pub fn public_key(&self) -> RsaPublicKey {
        RsaPublicKey(self.0.public_key())
    }

    /// The length of the modulus.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.0.bits()
    }
}

impl RsaPublicKey {
    /// A key from its numbers; `None` if they cannot be those of a key, or are not within the limits of size.
    pub(crate) fn from_parts(parts: &RsaPublicParts<'_>) -> Option<Self> {
        if !(MIN_BITS..=MAX_BITS).contains(&parts.bits()) {
            return None;
        }
        backend::PublicKey::from_parts(parts).map(Self)
    }

    /// Checks that the signature is one of the message under this key.
    ///
    /// # Errors
    /// [`VerifyError::Length`] when another key must have made it, [`VerifyError::Mismatch`] otherwise.
    pub fn verify(&self, digest: RsaDigest, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
        let wanted = self.0.size();
        if signature.len() != wanted {
            return Err(VerifyError::Length { found: signature.len(), wanted });
        }
        if self.0.is_signature(digest, digest.of(message).as_bytes(), signature) {
            Ok(())
        } else {
            Err(VerifyError::Mismatch)
        }
    }

    /// Whether this is the public half of that private key.
    ///
    /// A merchant's own public key configured as the provider's makes every callback look forged; this tells
    /// the mistake apart when a client is built.
    #[must_use]
    pub fn is_half_of(&self, private: &RsaPrivateKey) -> bool {
        self.0.is_half_of(&private.0)
    }

    /// Whether the signature was made with the private half of this key, whatever was signed.
    ///
    /// It tells a wrong key from a wrong text, to explain a failure. It says nothing about a message: never accept one
    /// for it.
    #[must_use]
    pub fn made(&self, signature: &[u8]) -> bool {
        signature.len() == self.0.size()
            && self.0.opened(signature).is_some_and(|padded| padded.starts_with(&PADDING))
    }

    /// The length of the modulus.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.0.bits()
    }
}

impl fmt::Debug for RsaPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPrivateKey({} bits)", self.bits())
    }
}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPublicKey({} bits)", self.bits())
    }
}
