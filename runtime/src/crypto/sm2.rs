//! SM2 signatures with SM3 (GB/T 32918) on the curve sm2p256v1.
//!
//! Hides the crate behind it. The distinguishing id and the form of the signature are arguments of each call, since
//! they belong to a provider's specification and not to a key; see [`Sm2Form`].
//! Signing is deterministic (the nonce is derived from key and message as in RFC 6979): a repeated nonce gives the
//! private key away, so it must not hang on a random number generator, and equal requests stay comparable.

mod form;
mod identity;

use std::fmt;
use std::sync::Arc;

use sm2::dsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm2::elliptic_curve::sec1::ToSec1Point as _;

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
        Some(Self(Arc::new(PublicHalf { verifying, coordinates })))
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
        self.0.verifying.verify_prehash(&digest, &signature).map_err(|_| VerifyError::Mismatch)
    }

    /// Whether this is the public half of that private key: a sign that one's own key was configured as the
    /// provider's.
    #[must_use]
    pub fn is_half_of(&self, private: &Sm2PrivateKey) -> bool {
        self.0.coordinates == private.public.0.coordinates
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
