//! SM2 keys out of whatever holds them.

use zeroize::Zeroizing;

use super::error::KeyError;
use super::first_fitting;
use super::found::{Curve, Found, Wanted};
use super::structure::Content;
use crate::crypto::der::without_leading_zeros;
use crate::crypto::sm2::{Sm2PrivateKey, Sm2PublicKey};

impl Sm2PrivateKey {
    /// Reads a private key: PKCS#8 or SEC1, as PEM under any label, bare base64 or DER; or the bare number of
    /// 32 bytes in hexadecimal or base64.
    ///
    /// # Errors
    /// [`KeyError`] says what was found instead.
    pub fn read(bytes: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        first_fitting(bytes.as_ref(), Wanted::Sm2PrivateKey, |content, _| match content {
            Content::EcPrivate { curve: Curve::Sm2 | Curve::Unnamed, scalar, public, .. } => {
                Some(private_key(scalar, *public, &content.found()))
            }
            // Some libraries write numbers with a sign byte, which is zero.
            Content::Bare(scalar)
                if scalar.len() == 32 || (scalar.len() == 33 && scalar.starts_with(&[0])) =>
            {
                Some(private_key(scalar, None, &content.found()))
            }
            _ => None,
        })
    }
}

impl Sm2PublicKey {
    /// Reads a public key: SPKI or the one in a certificate, as PEM under any label, bare base64 or DER; or the
    /// bare point in hexadecimal or base64 (`04`, x, y; also without the `04`, also compressed).
    ///
    /// # Errors
    /// [`KeyError`] says what was found instead. A private key is refused: it is not the other side's.
    pub fn read(bytes: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        first_fitting(bytes.as_ref(), Wanted::Sm2PublicKey, |content, _| match content {
            Content::EcPublic { curve: Curve::Sm2 | Curve::Unnamed, point, .. } => {
                Some(public_key(point, &content.found()))
            }
            Content::Bare(point) if matches!(point.len(), 33 | 65) => {
                Some(public_key(point, &content.found()))
            }
            Content::Bare(coordinates) if coordinates.len() == 64 => {
                Some(public_key(&[&[4], *coordinates].concat(), &content.found()))
            }
            _ => None,
        })
    }
}

/// A key from its number and, if the file has it, its other half, which must then be right.
pub(super) fn private_key(
    scalar: &[u8],
    public: Option<&[u8]>,
    found: &Found,
) -> Result<Sm2PrivateKey, KeyError> {
    let damaged = || KeyError::Damaged { found: found.clone() };
    let scalar = padded(scalar).ok_or_else(damaged)?;
    let key = Sm2PrivateKey::from_scalar(&scalar).ok_or_else(damaged)?;
    match public {
        Some(point) if !public_key(point, found)?.is_half_of(&key) => {
            Err(KeyError::HalvesDiffer { found: found.clone() })
        }
        _ => Ok(key),
    }
}

fn public_key(point: &[u8], found: &Found) -> Result<Sm2PublicKey, KeyError> {
    Sm2PublicKey::from_point(point).ok_or_else(|| KeyError::Damaged { found: found.clone() })
}

/// The number as exactly 32 bytes: encoders drop leading zeros or add one.
fn padded(scalar: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let digits = without_leading_zeros(scalar);
    let mut bytes = Zeroizing::new([0; 32]);
    if digits.len() > bytes.len() {
        return None;
    }
    bytes.iter_mut().rev().zip(digits.iter().rev()).for_each(|(to, from)| *to = *from);
    Some(bytes)
}
