//! One tolerant reader for every way in which providers and tools hand out keys.
//!
//! Merchants receive keys as PEM, as bare base64 on one line or wrapped, with a label that lies, inside a
//! certificate, as DER, as hexadecimal digits. The same four functions take all of it: [`RsaPrivateKey::read`],
//! [`RsaPublicKey::read`], [`Sm2PrivateKey::read`] and [`Sm2PublicKey::read`]. Two steps: `armor` gets from
//! text to bytes, `structure` says what the bytes are; labels are not believed. When the right thing is not
//! there, [`KeyError`] says what is. Certificates only carry keys here: neither chain nor date is checked.
//!
//! [`RsaPrivateKey::read`]: crate::crypto::RsaPrivateKey::read
//! [`RsaPublicKey::read`]: crate::crypto::RsaPublicKey::read
//! [`Sm2PrivateKey::read`]: crate::crypto::Sm2PrivateKey::read
//! [`Sm2PublicKey::read`]: crate::crypto::Sm2PublicKey::read

mod armor;
mod error;
mod found;
#[cfg(feature = "pkcs12")]
mod pkcs12;
#[cfg(feature = "rsa")]
mod rsa;
#[cfg(feature = "sm")]
mod sm2;
#[cfg(feature = "sm")]
mod sm2_container;
mod structure;

use self::armor::Block;
pub use self::error::KeyError;
pub use self::found::{Curve, Found, KeyForm, Wanted};
use self::structure::{Content, identify};

/// The key that fits, out of everything that the input holds: `build` says no by `None`, and what it fails to
/// build is an error at once, since passing over a damaged key would hide the damage. It gets the content of each
/// block and the bytes themselves.
fn first_fitting<K>(
    input: &[u8],
    wanted: Wanted,
    build: impl Fn(&Content<'_>, &[u8]) -> Option<Result<K, KeyError>>,
) -> Result<K, KeyError> {
    let mut found = Vec::new();
    for block in armor::open(input, wanted)? {
        match block {
            Block::Known(kind) => found.push(kind),
            Block::Bytes(bytes) => {
                let content = identify(&bytes);
                if let Some(key) = build(&content, &bytes) {
                    return key;
                }
                found.push(content.found());
            }
        }
    }
    Err(KeyError::Unfit { found, wanted })
}
