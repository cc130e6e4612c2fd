//! SM2 signatures with SM3 (GB/T 32918) on the curve sm2p256v1.
//!
//! Hides the crate behind it. The distinguishing id and the form of the signature are arguments of each call, since
//! they belong to a provider's specification and not to a key; see [`Sm2Form`].
//! Signing is deterministic (the nonce is derived from key and message as in RFC 6979): a repeated nonce gives the
//! private key away, so it must not hang on a random number generator, and equal requests stay comparable.

mod comb;
mod form;
mod identity;

use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

use sm2::dsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm2::elliptic_curve::ops::{MulByGeneratorVartime as _, Reduce as _};
use sm2::elliptic_curve::point::AffineCoordinates as _;
use sm2::elliptic_curve::sec1::ToSec1Point as _;
use sm2::{FieldBytes, ProjectivePoint, Scalar};

use self::comb::Comb;
pub use self::form::Sm2Form;
use self::identity::MAX_USER_ID;
use super::error::{SignError, VerifyError};

/// The crate ties an id to a key object, but does not use it for digests that are computed here.
const UNUSED_ID: &str = "";

/// The order of the curve, less one. A private key is below it: signing divides by one plus the key.
const ORDER_LESS_ONE: [u8; 32] = [
    0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x72,
    0x03, 0xdf, 0x6b, 0x21, 0xc6, 0x05, 0x2b, 0x53, 0xbb, 0xf4, 0x09, 0x39, 0xd5, 0x41, 0x22,
];

/// A key that verifies so often or less is left to the crate.
const OCCASIONAL: u8 = 16;

/// A private key. Cheap to clone. Read one with [`Sm2PrivateKey::read`].
#[derive(Clone)]
pub struct Sm2PrivateKey {
    signing: Arc<SigningKey>,
    public: Sm2PublicKey,
}

/// A public key. Cheap to clone. Read one with [`Sm2PublicKey::read`].
#[derive(Clone)]
pub struct Sm2PublicKey(Arc<PublicHalf>);

struct PublicHalf {
    verifying: VerifyingKey,
    /// `x` and `y`, as they are hashed into what is signed.
    coordinates: [u8; 64],
    /// Verifications so far, up to [`OCCASIONAL`].
    verified: AtomicU8,
    /// Made when the key has verified so often.
    multiples: OnceLock<Comb>,
}

impl Sm2PrivateKey {
    /// A key from its scalar; `None` if it is not a number from 1 to the order of the curve less 2.
    pub(crate) fn from_scalar(scalar: &[u8; 32]) -> Option<Self> {
        if *scalar >= ORDER_LESS_ONE {
            return None;
        }
        let signing = SigningKey::from_slice(UNUSED_ID, scalar).ok()?;
        let public = Sm2PublicKey::from_verifying(signing.verifying_key().clone())?;
        Some(Self { signing: Arc::new(signing), public })
    }

    /// Signs the message for the given id, which may be empty, in the given form.
    ///
    /// # Errors
    /// [`SignError::UserIdTooLong`]; [`SignError::Key`] with a probability that does not matter.
    pub fn sign(&self, user_id: &str, form: Sm2Form, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let too_long = SignError::UserIdTooLong { length: user_id.len(), limit: MAX_USER_ID };
        let digest = identity::digest(user_id, &self.public.0.coordinates, message).ok_or(too_long)?;
        let signature: Signature = self.signing.sign_prehash(&digest).map_err(|_| SignError::Key)?;
        Ok(form.write(signature.to_bytes().into()))
    }

    /// The other half, which may be shown to anybody.
    #[must_use]
    pub fn public_key(&self) -> Sm2PublicKey {
        self.public.clone()
    }
}

impl Sm2PublicKey {
    /// A key from a point in SEC1 form, compressed or not; `None` if it is not a point of the curve.
    pub(crate) fn from_point(point: &[u8]) -> Option<Self> {
        VerifyingKey::from_sec1_bytes(UNUSED_ID, point).ok().and_then(Self::from_verifying)
    }

    fn from_verifying(verifying: VerifyingKey) -> Option<Self> {
        let point = verifying.to_sec1_point(false);
        let [4, coordinates @ ..] = point.as_bytes() else { return None };
        let coordinates = coordinates.try_into().ok()?;
        Some(Self(Arc::new(PublicHalf {
            verifying,
            coordinates,
            verified: AtomicU8::new(0),
            multiples: OnceLock::new(),
        })))
    }

    /// Checks that the signature is one of the message, by this key, for the given id.
    ///
    /// # Errors
    /// [`VerifyError`] says whether the form, the range of the numbers or the signature itself is wrong.
    pub fn verify(
        &self,
        user_id: &str,
        form: Sm2Form,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let too_long = VerifyError::UserIdTooLong { length: user_id.len(), limit: MAX_USER_ID };
        let digest = identity::digest(user_id, &self.0.coordinates, message).ok_or(too_long)?;
        let signature = Signature::from_slice(&form.read(signature)?).map_err(|_| VerifyError::Range)?;
        let made = if self.0.is_used_often() {
            self.0.made(&signature, &digest)
        } else {
            self.0.verifying.verify_prehash(&digest, &signature).is_ok()
        };
        if made { Ok(()) } else { Err(VerifyError::Mismatch) }
    }

    /// Whether this is the public half of that private key: a sign that one's own key was configured as the
    /// provider's.
    #[must_use]
    pub fn is_half_of(&self, private: &Sm2PrivateKey) -> bool {
        self.0.coordinates == private.public.0.coordinates
    }
}

impl PublicHalf {
    /// Whether the key has verified often enough for its multiples to be worth their making, and 19 KB.
    fn is_used_often(&self) -> bool {
        // Nothing hangs on the exact number: threads may count one verification twice or not at all.
        let verified = self.verified.load(Ordering::Relaxed);
        if verified < OCCASIONAL {
            self.verified.store(verified + 1, Ordering::Relaxed);
        }
        verified == OCCASIONAL
    }

    /// Whether the signature is one of this digest (GB/T 32918.2, 7.1, from B5 on: both numbers are in range).
    ///
    /// Written here and not left to the crate, which multiplies the key's point anew for each signature, in constant
    /// time. The arithmetic is the crate's; there is no secret in it.
    fn made(&self, signature: &Signature, digest: &[u8; 32]) -> bool {
        let (r, s) = (signature.r(), signature.s());
        let t = *r + *s;
        if t.is_zero().into() {
            return false;
        }
        let multiples = self.multiples.get_or_init(|| Comb::new(self.verifying.as_affine()));
        let point = ProjectivePoint::mul_by_generator_vartime(&s) + multiples.multiply(&t);
        // The point at infinity has no coordinate.
        if point == ProjectivePoint::IDENTITY {
            return false;
        }
        *r == Scalar::reduce(&FieldBytes::from(*digest)) + Scalar::reduce(&point.to_affine().x())
    }
}

impl fmt::Debug for Sm2PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sm2PrivateKey(256 bits)")
    }
}

impl fmt::Debug for Sm2PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sm2PublicKey(256 bits)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use sm2::elliptic_curve::ff::PrimeField as _;

    use super::*;

    const DIGEST: [u8; 32] = [0x5a; 32];

    fn scalar(number: u64) -> Scalar {
        Scalar::from(number) * Scalar::from(0x9e37_79b9_7f4a_7c15_u64) * Scalar::from(u64::MAX)
    }

    fn key(number: u64) -> Sm2PrivateKey {
        Sm2PrivateKey::from_scalar(&scalar(number).to_repr().into()).unwrap()
    }

    /// Our verdict, after it was found to be the crate's.
    fn made(key: &Sm2PublicKey, r: Scalar, s: Scalar, digest: &[u8; 32]) -> bool {
        let signature = Signature::from_scalars(r, s).unwrap();
        let verdict = key.0.made(&signature, digest);
        assert_eq!(verdict, key.0.verifying.verify_prehash(digest, &signature).is_ok());
        verdict
    }

    #[test]
    fn verifying_with_kept_multiples_says_what_the_crate_says() {
        for number in 1..20 {
            let (key, other) = (key(number), key(number + 1).public_key());
            let signature: Signature = key.signing.sign_prehash(&DIGEST).unwrap();
            let (key, r, s) = (key.public_key(), *signature.r(), *signature.s());
            assert!(made(&key, r, s, &DIGEST));
            assert!(!made(&other, r, s, &DIGEST));
            assert!(!made(&key, s, r, &DIGEST));
            assert!(!made(&key, r + Scalar::ONE, s, &DIGEST));
            assert!(!made(&key, r, s + Scalar::ONE, &DIGEST));
            assert!(!made(&key, r, -s, &DIGEST));
            assert!(!made(&key, r, s, &[0xff; 32]));
        }
    }

    #[test]
    fn a_key_says_the_same_before_and_after_its_multiples_are_kept() {
        let (key, other) = (key(5), key(6).public_key());
        let signature = key.sign("", Sm2Form::Der, b"message").unwrap();
        let key = key.public_key();
        for turn in 0..=2 * OCCASIONAL {
            assert_eq!(key.verify("", Sm2Form::Der, b"message", &signature), Ok(()));
            assert_eq!(key.verify("", Sm2Form::Der, b"massage", &signature), Err(VerifyError::Mismatch));
            assert_eq!(other.verify("", Sm2Form::Der, b"message", &signature), Err(VerifyError::Mismatch));
            assert_eq!(key.0.multiples.get().is_some(), turn >= OCCASIONAL / 2, "{turn}");
        }
    }

    #[test]
    fn a_digest_above_the_order_is_reduced_on_both_sides() {
        let key = key(7);
        let signature: Signature = key.signing.sign_prehash(&[0xff; 32]).unwrap();
        assert!(made(&key.public_key(), *signature.r(), *signature.s(), &[0xff; 32]));
    }

    #[test]
    fn numbers_whose_sum_is_zero_or_whose_point_is_at_infinity_are_no_signature() {
        let key = key(3);
        assert!(!made(&key.public_key(), scalar(5), -scalar(5), &DIGEST));
        // s G + t Q with s = -t d, where Q = d G.
        let (d, t) = (**key.signing.as_nonzero_scalar(), scalar(11));
        let s = -(t * d);
        assert!(!made(&key.public_key(), t - s, s, &DIGEST));
    }
}
