//! RSA signatures, PKCS#1 v1.5.
//!
//! The only module that knows the crate behind it; keys arrive as plain numbers from [`crate::keys`], so another
//! backend needs to replace nothing else.
//! Signing is blinded with randomness of the operating system, named explicitly: a backend that lost its random
//! number generator would not compile. The result is deterministic all the same. Nothing is ever decrypted.

use std::fmt;
use std::sync::Arc;

use getrandom::SysRng;
use rsa::BoxedUint;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::traits::{PublicKeyParts as _, SignatureScheme as _};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::digest;
use super::error::{SignError, VerifyError};
use super::rsa_parts::{RsaPrivateParts, RsaPublicParts};

/// Keys below are refused: they can be factored. Providers still hand out keys of exactly this size.
pub(crate) const MIN_BITS: usize = 1024;
/// Keys above are refused: one operation would take seconds.
pub(crate) const MAX_BITS: usize = 8192;

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

    fn scheme(self) -> Pkcs1v15Sign {
        match self {
            Self::Sha1 => Pkcs1v15Sign::new::<Sha1>(),
            Self::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
            Self::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        }
    }
}

/// A private key. Cheap to clone; wiped from memory with its last clone. Read one with
/// [`RsaPrivateKey::read`].
#[derive(Clone)]
pub struct RsaPrivateKey(Arc<rsa::RsaPrivateKey>);

/// A public key. Cheap to clone. Read one with [`RsaPublicKey::read`].
#[derive(Clone)]
pub struct RsaPublicKey(Arc<rsa::RsaPublicKey>);

impl RsaPrivateKey {
    /// A key from its numbers; `None` if they are not those of one key, or not within the limits of size.
    pub(crate) fn from_parts(parts: &RsaPrivateParts<'_>) -> Option<Self> {
        // The limits come first: checking the numbers of a huge key against each other would take for ever.
        if !(MIN_BITS..=MAX_BITS).contains(&parts.public.bits()) {
            return None;
        }
        let precision = u32::try_from(parts.public.bits()).ok()?;
        let secret = |bytes| BoxedUint::from_be_slice(bytes, precision).ok();
        let [p, q] = parts.primes;
        rsa::RsaPrivateKey::from_components(
            secret(parts.public.modulus)?,
            BoxedUint::from_be_slice_vartime(parts.public.exponent),
            secret(parts.private_exponent)?,
            vec![secret(p)?, secret(q)?],
        )
        .ok()
        .map(|key| Self(Arc::new(key)))
    }

    /// Signs the message: digest, padding, private operation. As long as the modulus.
    ///
    /// # Errors
    /// [`SignError::Randomness`] when the operating system gives none, [`SignError::Key`] otherwise.
    pub fn sign(&self, digest: RsaDigest, message: &[u8]) -> Result<Vec<u8>, SignError> {
        digest.scheme().sign(Some(&mut SysRng), &self.0, digest.of(message).as_bytes()).map_err(|error| {
            match error {
                rsa::Error::Rng => SignError::Randomness,
                _ => SignError::Key,
            }
        })
    }

    /// The other half, which may be shown to anybody.
    #[must_use]
    pub fn public_key(&self) -> RsaPublicKey {
        RsaPublicKey(Arc::new(self.0.to_public_key()))
    }

    /// The length of the modulus.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.0.n().bits_vartime() as usize
    }
}

impl RsaPublicKey {
    /// A key from its numbers; `None` if they cannot be those of a key, or are not within the limits of size.
    pub(crate) fn from_parts(parts: &RsaPublicParts<'_>) -> Option<Self> {
        if !(MIN_BITS..=MAX_BITS).contains(&parts.bits()) {
            return None;
        }
        rsa::RsaPublicKey::new(
            BoxedUint::from_be_slice_vartime(parts.modulus),
            BoxedUint::from_be_slice_vartime(parts.exponent),
        )
        .ok()
        .map(|key| Self(Arc::new(key)))
    }

    /// Checks that the signature is one of the message under this key.
    ///
    /// # Errors
    /// [`VerifyError::Length`] when another key must have made it, [`VerifyError::Mismatch`] otherwise.
    pub fn verify(&self, digest: RsaDigest, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
        if signature.len() != self.0.size() {
            return Err(VerifyError::Length { found: signature.len(), wanted: self.0.size() });
        }
        self.0
            .verify(digest.scheme(), digest.of(message).as_bytes(), signature)
            .map_err(|_| VerifyError::Mismatch)
    }

    /// Whether this is the public half of that private key.
    ///
    /// A merchant's own public key configured as the provider's makes every callback look forged; this tells
    /// the mistake apart when a client is built.
    #[must_use]
    pub fn is_half_of(&self, private: &RsaPrivateKey) -> bool {
        self.0.as_ref() == private.0.as_public_key()
    }

    /// Whether the signature was made with the private half of this key, whatever was signed.
    ///
    /// It tells a wrong key from a wrong text, to explain a failure. It says nothing about a message: never accept one
    /// for it.
    #[must_use]
    pub fn made(&self, signature: &[u8]) -> bool {
        let (modulus, exponent) = (self.0.n(), self.0.e());
        if signature.len() != self.0.size() {
            return false;
        }
        let Ok(sealed) = BoxedUint::from_be_slice(signature, modulus.bits_precision()) else { return false };
        let mut opened = sealed.clone();
        for index in (0..exponent.bits_vartime().saturating_sub(1)).rev() {
            opened = opened.square_mod_vartime(modulus);
            if exponent.bit_vartime(index) {
                opened = opened.mul_mod(&sealed, modulus);
            }
        }
        let bytes = opened.to_be_bytes();
        let padded = bytes.get(bytes.len().saturating_sub(signature.len())..).unwrap_or_default();
        // The padding of PKCS #1 v1.5; of another key this much of it comes out once in 2^80.
        padded.starts_with(&[0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
    }

    /// The length of the modulus.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.0.n().bits_vartime() as usize
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
