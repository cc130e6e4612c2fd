//! RSA private keys out of PKCS#12 files (`.pfx`, `.p12`), the form in which certificate authorities issue them.
//!
//! The crate behind this opens the old algorithms that such files still use. It is a feature of its own because it
//! brings ciphers and certificate parsers along that nothing else here needs.

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error;
use zeroize::Zeroizing;

use super::error::KeyError;
use super::first_fitting;
use super::found::{Found, Wanted};
use super::structure::Content;
use crate::crypto::rsa::RsaPrivateKey;
use crate::secret::Secret;

impl RsaPrivateKey {
    /// Reads the first RSA private key of a PKCS#12 file, given as bytes or as base64 text.
    ///
    /// # Errors
    /// [`KeyError::Password`] when the password does not open it; otherwise what was found instead.
    pub fn read_pkcs12(bytes: impl AsRef<[u8]>, password: &Secret) -> Result<Self, KeyError> {
        first_fitting(bytes.as_ref(), Wanted::RsaPrivateKey, |content, bytes| match content {
            Content::Other(Found::Pkcs12) => Some(open(bytes, password)),
            _ => None,
        })
    }
}

fn open(bytes: &[u8], password: &Secret) -> Result<RsaPrivateKey, KeyError> {
    let found = Found::Pkcs12;
    let archive = Pkcs12Archive::from_pkcs12(bytes, password.expose()).map_err(|error| match error {
        Error::MacError(_) | Error::UnpadError => KeyError::Password { found: found.clone() },
        _ => KeyError::Container { found: found.clone(), wanted: Wanted::RsaPrivateKey },
    })?;
    let keys = archive.keys.into_iter().map(|bag| Zeroizing::new(bag.key.as_der().to_vec()));
    let mut others = vec![found];
    for key in keys {
        match RsaPrivateKey::read(&*key) {
            Err(KeyError::Unfit { found, .. }) => others.extend(found),
            read => return read,
        }
    }
    Err(KeyError::Unfit { found: others, wanted: Wanted::RsaPrivateKey })
}
