//! RSA over the crate `rsa`, in Rust alone: the backend of every build without the feature `openssl`.
//!
//! The blinding takes its randomness from the operating system, named explicitly: a backend that lost its random
//! number generator would not compile. Limits of size and lengths of signatures are the door's business.

use std::sync::Arc;

use getrandom::SysRng;
use rsa::BoxedUint;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::traits::{PublicKeyParts as _, SignatureScheme as _};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::RsaDigest;
use crate::crypto::error::SignError;
use crate::crypto::rsa_parts::{RsaPrivateParts, RsaPublicParts};

#[derive(Clone)]
pub(super) struct PrivateKey(Arc<rsa::RsaPrivateKey>);

#[derive(Clone)]
pub(super) struct PublicKey(Arc<rsa::RsaPublicKey>);

impl PrivateKey {
    pub(super) fn from_parts(parts: &RsaPrivateParts<'_>) -> Option<Self> {
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

    pub(super) fn sign(&self, digest: RsaDigest, hash: &[u8]) -> Result<Vec<u8>, SignError> {
        scheme(digest).sign(Some(&mut SysRng), &self.0, hash).map_err(|error| match error {
            rsa::Error::Rng => SignError::Randomness,
            _ => SignError::Key,
        })
    }

    pub(super) fn public_key(&self) -> PublicKey {
        PublicKey(Arc::new(self.0.to_public_key()))
    }

    pub(super) fn bits(&self) -> usize {
        self.0.n().bits_vartime() as usize
    }
}

impl PublicKey {
    pub(super) fn from_parts(parts: &RsaPublicParts<'_>) -> Option<Self> {
        rsa::RsaPublicKey::new(
            BoxedUint::from_be_slice_vartime(parts.modulus),
            BoxedUint::from_be_slice_vartime(parts.exponent),
        )
        .ok()
        .map(|key| Self(Arc::new(key)))
    }

    pub(super) fn is_signature(&self, digest: RsaDigest, hash: &[u8], signature: &[u8]) -> bool {
        self.0.verify(scheme(digest), hash, signature).is_ok()
    }

    pub(super) fn is_half_of(&self, private: &PrivateKey) -> bool {
        self.0.as_ref() == private.0.as_public_key()
    }

    /// What the signature is when the private operation is undone: padding and digest, as long as the modulus.
    pub(super) fn opened(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let (modulus, exponent) = (self.0.n(), self.0.e());
        let sealed = BoxedUint::from_be_slice(signature, modulus.bits_precision()).ok()?;
        let mut opened = sealed.clone();
        for index in (0..exponent.bits_vartime().saturating_sub(1)).rev() {
            opened = opened.square_mod_vartime(modulus);
            if exponent.bit_vartime(index) {
                opened = opened.mul_mod(&sealed, modulus);
            }
        }
        let bytes = opened.to_be_bytes();
        bytes.get(bytes.len().checked_sub(signature.len())?..).map(<[u8]>::to_vec)
    }

    pub(super) fn size(&self) -> usize {
        self.0.size()
    }

    pub(super) fn bits(&self) -> usize {
        self.0.n().bits_vartime() as usize
    }
}

fn scheme(digest: RsaDigest) -> Pkcs1v15Sign {
    match digest {
        RsaDigest::Sha1 => Pkcs1v15Sign::new::<Sha1>(),
        RsaDigest::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
        RsaDigest::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
    }
}
