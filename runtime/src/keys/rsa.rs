//! RSA keys out of whatever holds them.

use super::error::KeyError;
use super::first_fitting;
use super::found::{Found, KeyForm, Wanted};
use super::structure::{Content, serial_number};
use crate::crypto::rsa::{MAX_BITS, MIN_BITS, RsaPrivateKey, RsaPublicKey};
use crate::keys_by_id::KeysById;

impl RsaPrivateKey {
    /// Reads a private key: PKCS#8 or PKCS#1, as PEM under any label, bare base64 or DER.
    ///
    /// # Errors
    /// [`KeyError`] says what was found instead.
    pub fn read(bytes: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        first_fitting(bytes.as_ref(), Wanted::RsaPrivateKey, |content, _| match content {
            Content::RsaPrivate { parts, .. } => {
                Some(Self::from_parts(parts).ok_or_else(|| refused(content.found())))
            }
            _ => None,
        })
    }
}

impl RsaPublicKey {
    /// Reads a public key: SPKI, PKCS#1 or the one in a certificate, as PEM under any label, bare base64 or DER.
    ///
    /// # Errors
    /// [`KeyError`] says what was found instead. A private key is refused: it is not the other side's.
    pub fn read(bytes: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        first_fitting(bytes.as_ref(), Wanted::RsaPublicKey, |content, _| match content {
            Content::RsaPublic { parts, .. } => {
                Some(Self::from_parts(parts).ok_or_else(|| refused(content.found())))
            }
            _ => None,
        })
    }
}

/// Why numbers do not make a key: their size, or each other.
fn refused(found: Found) -> KeyError {
    match found {
        Found::RsaPrivateKey { bits, .. } | Found::RsaPublicKey { bits, .. }
            if !(MIN_BITS..=MAX_BITS).contains(&bits) =>
        {
            KeyError::Size { found, minimum: MIN_BITS, maximum: MAX_BITS }
        }
        _ => KeyError::Damaged { found },
    }
}

impl KeysById<RsaPublicKey> {
    /// Adds the key of a certificate, by the certificate's serial number in upper-case hexadecimal digits, and says
    /// that number.
    ///
    /// # Errors
    /// [`KeyError`] says what was found instead. A bare public key has no serial number: give it with its id.
    pub fn insert_certificate(&mut self, certificate: impl AsRef<[u8]>) -> Result<String, KeyError> {
        let (serial, key) = first_fitting(certificate.as_ref(), Wanted::RsaCertificate, |content, bytes| {
            let Content::RsaPublic { form: KeyForm::Certificate, parts } = content else { return None };
            let serial = serial_number(bytes)?;
            let key = RsaPublicKey::from_parts(parts).ok_or_else(|| refused(content.found()));
            Some(key.map(|key| (serial, key)))
        })?;
        self.insert(serial.clone(), key);
        Ok(serial)
    }
}
