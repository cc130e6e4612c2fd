//! RSA over the system's OpenSSL, with the feature `openssl`: four to seven times as fast as Rust alone.
//!
//! It calls OpenSSL's RSA itself and not the `EVP` interface around it. Nothing has to be made anew for each message
//! then (there is no context, and what a modulus needs is kept with the key); and a security level, the policy of a
//! distribution against SHA-1 or a provider from `openssl.cnf` cannot make a signature fail on one machine that
//! verifies on the next. Digests are made in Rust, as everywhere here.
//! Blinding is OpenSSL's own, on by default, as is its check of the result against faults. Private numbers are wiped
//! here when a key is refused, and by OpenSSL (`BN_clear_free`) when the last clone of a key is dropped.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use arrayvec::ArrayVec;
use openssl::bn::{BigNum, BigNumContext};
use openssl::error::ErrorStack;
use openssl::pkey::{Private, Public};
use openssl::rsa::{Padding, Rsa};

use super::{MAX_BITS, RsaDigest};
use crate::crypto::error::SignError;
use crate::crypto::rsa_parts::{RsaPrivateParts, RsaPublicParts};

/// Exponents above are refused: verifying would be as slow as signing.
const MAX_EXPONENT: u64 = (1 << 33) - 1;
/// Exponents below are none.
const MIN_EXPONENT: u64 = 3;

/// `ERR_LIB_RAND`: the part of OpenSSL that makes random numbers.
const RANDOM_NUMBERS: i32 = 36;

/// `SEQUENCE { SEQUENCE { the digest's identifier, NULL }, OCTET STRING of so many bytes`: what is signed before the
/// digest (RFC 8017, 9.2).
const SHA1: &[u8] = &[0x30, 0x21, 0x30, 0x09, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0, 4, 20];
const SHA256: &[u8] = &[0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 32];
const SHA512: &[u8] = &[0x30, 0x51, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 64];

/// The longest of them with its digest.
const MAX_INFO: usize = 19 + 64;

#[derive(Clone)]
pub(super) struct PrivateKey {
    private: Arc<Rsa<Private>>,
    public: PublicKey,
}

#[derive(Clone)]
pub(super) struct PublicKey(Arc<Rsa<Public>>);

impl PrivateKey {
    pub(super) fn from_parts(parts: &RsaPrivateParts<'_>) -> Option<Self> {
        let public = PublicKey::from_parts(&parts.public)?;
        let numbers = PrivateNumbers::read(parts)?;
        let private = numbers.make_key_of(&public.0).ok()??;
        Some(Self { private: Arc::new(private), public })
    }

    pub(super) fn sign(&self, digest: RsaDigest, hash: &[u8]) -> Result<Vec<u8>, SignError> {
        let info = digest_info(digest, hash).ok_or(SignError::Key)?;
        let mut signature = vec![0; self.public.size()];
        let length =
            self.private.private_encrypt(&info, &mut signature, Padding::PKCS1).map_err(|errors| {
                let randomness = |error: &openssl::error::Error| error.library_code() == RANDOM_NUMBERS;
                if errors.errors().iter().any(randomness) { SignError::Randomness } else { SignError::Key }
            })?;
        if length == signature.len() { Ok(signature) } else { Err(SignError::Key) }
    }

    pub(super) fn public_key(&self) -> PublicKey {
        self.public.clone()
    }

    pub(super) fn bits(&self) -> usize {
        self.public.bits()
    }
}

impl PublicKey {
    pub(super) fn from_parts(parts: &RsaPublicParts<'_>) -> Option<Self> {
        let exponent = parts.exponent;
        if exponent.len() > size_of::<u64>() {
            return None;
        }
        let value = exponent.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
        let modulus_is_odd = parts.modulus.last().is_some_and(|last| last % 2 == 1);
        if !modulus_is_odd || value % 2 == 0 || !(MIN_EXPONENT..=MAX_EXPONENT).contains(&value) {
            return None;
        }
        let modulus = BigNum::from_slice(parts.modulus).ok()?;
        let exponent = BigNum::from_slice(exponent).ok()?;
        Rsa::from_public_components(modulus, exponent).ok().map(|key| Self(Arc::new(key)))
    }

    pub(super) fn is_signature(&self, digest: RsaDigest, hash: &[u8], signature: &[u8]) -> bool {
        // All of the padding is fixed by the length of what follows it, and OpenSSL looks at every byte of it: the
        // signature fits only if all of it is what would be signed.
        let mut opened = [0; MAX_BITS / 8];
        let Some(opened) = opened.get_mut(..self.size()) else { return false };
        let Ok(length) = self.0.public_decrypt(signature, opened, Padding::PKCS1) else { return false };
        let info = digest_info(digest, hash);
        info.is_some_and(|info| opened.get(..length) == Some(&*info))
    }

    pub(super) fn is_half_of(&self, private: &PrivateKey) -> bool {
        let (ours, theirs) = (&self.0, &private.public.0);
        ours.n() == theirs.n() && ours.e() == theirs.e()
    }

    /// What the signature is when the private operation is undone: padding and digest, as long as the modulus.
    pub(super) fn opened(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let mut opened = vec![0; self.size()];
        self.0.public_decrypt(signature, &mut opened, Padding::NONE).ok()?;
        Some(opened)
    }

    pub(super) fn size(&self) -> usize {
        self.0.size() as usize
    }

    pub(super) fn bits(&self) -> usize {
        usize::try_from(self.0.n().num_bits()).unwrap_or_default()
    }
}

/// The numbers of a private key, before it is known that they are those of one.
struct PrivateNumbers {
    exponent: Wiped,
    primes: [Wiped; 2],
}

impl PrivateNumbers {
    /// `None` if one is longer than it can be: a prime has half the bits of the modulus.
    fn read(parts: &RsaPrivateParts<'_>) -> Option<Self> {
        let read = |bytes: &[u8], limit: usize| {
            if bytes.len() > limit.div_ceil(8) {
                return None;
            }
            let number = Wiped::from_slice(bytes).ok()?;
            usize::try_from(number.num_bits()).is_ok_and(|bits| bits <= limit).then_some(number)
        };
        let bits = parts.public.bits();
        let [p, q] = parts.primes.map(|prime| read(prime, bits.div_ceil(2)));
        Some(Self { exponent: read(parts.private_exponent, bits)?, primes: [p?, q?] })
    }

    /// The key, if they belong to each other and to the public half. OpenSSL checks nothing of its own accord, and its
    /// check on demand looks for primes, which takes longer than a thousand signatures.
    fn make_key_of(&self, public: &Rsa<Public>) -> Result<Option<Rsa<Private>>, ErrorStack> {
        let mut context = BigNumContext::new()?;
        let (modulus, [p, q]) = (public.n(), &self.primes);
        let mut product = Wiped::new()?;
        product.checked_mul(p, q, &mut context)?;
        if &**product != modulus || &**self.exponent >= modulus {
            return Ok(None);
        }
        let mut both = Wiped::new()?;
        both.checked_mul(&self.exponent, public.e(), &mut context)?;
        let Some(in_p) = self.exponent_below(p, &both, &mut context)? else { return Ok(None) };
        let Some(in_q) = self.exponent_below(q, &both, &mut context)? else { return Ok(None) };
        let mut inverse = Wiped::new()?;
        // There is none if the primes are one and the same: no key either.
        if inverse.mod_inverse(q, p, &mut context).is_err() {
            return Ok(None);
        }
        Rsa::from_private_components(
            modulus.to_owned()?,
            public.e().to_owned()?,
            self.exponent.to_owned()?,
            p.0.to_owned()?,
            q.0.to_owned()?,
            in_p.to_owned()?,
            in_q.to_owned()?,
            inverse.to_owned()?,
        )
        .map(Some)
    }

    /// The private exponent modulo the prime less one; `None` if it does not undo the public one there. `both` is the
    /// product of the two exponents.
    fn exponent_below(
        &self,
        prime: &Wiped,
        both: &Wiped,
        context: &mut BigNumContext,
    ) -> Result<Option<Wiped>, ErrorStack> {
        let mut less_one = Wiped(prime.0.to_owned()?);
        less_one.sub_word(1)?;
        less_one.set_const_time();
        if less_one.num_bits() < 2 {
            return Ok(None);
        }
        let mut remainder = Wiped::new()?;
        remainder.checked_rem(both, &less_one, context)?;
        if remainder.num_bits() != 1 {
            return Ok(None);
        }
        let mut exponent = Wiped::new()?;
        exponent.checked_rem(&self.exponent, &less_one, context)?;
        Ok(Some(exponent))
    }
}

/// A secret number. OpenSSL frees without wiping whatever is not part of a key.
struct Wiped(BigNum);

impl Wiped {
    fn new() -> Result<Self, ErrorStack> {
        BigNum::new().map(Self)
    }

    fn from_slice(bytes: &[u8]) -> Result<Self, ErrorStack> {
        let mut number = BigNum::from_slice(bytes)?;
        number.set_const_time();
        Ok(Self(number))
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.clear();
    }
}

impl Deref for Wiped {
    type Target = BigNum;

    fn deref(&self) -> &BigNum {
        &self.0
    }
}

impl DerefMut for Wiped {
    fn deref_mut(&mut self) -> &mut BigNum {
        &mut self.0
    }
}

/// What is signed of a digest; `None` if it is too long to be one.
fn digest_info(digest: RsaDigest, hash: &[u8]) -> Option<ArrayVec<u8, MAX_INFO>> {
    let identifier = match digest {
        RsaDigest::Sha1 => SHA1,
        RsaDigest::Sha256 => SHA256,
        RsaDigest::Sha512 => SHA512,
    };
    let mut info = ArrayVec::new();
    info.try_extend_from_slice(identifier).ok()?;
    info.try_extend_from_slice(hash).ok()?;
    Some(info)
}
