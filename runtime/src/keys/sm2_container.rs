//! The password-protected file (`.sm2`) in which certificate authorities issue SM2 keys.
//!
//! `SEQ { 1, SEQ { OID, OID of SM4-CBC, OCTET STRING encrypted }, SEQ { OID, OCTET STRING certificate } }`, as
//! base64 or DER. `SM3(password || 00000001)` is half initialisation vector, half SM4 key; inside is the bare
//! number of the private key. The container has no checksum: whether the password was right shows in the padding.
//! The certificate's key must be the other half.

use sm3::{Digest as _, Sm3};
use sm4::Sm4;
use sm4::cipher::{BlockCipherDecrypt as _, KeyInit as _};
use zeroize::Zeroizing;

use super::error::KeyError;
use super::first_fitting;
use super::found::{Curve, Found, Wanted};
use super::sm2::private_key;
use super::structure::{Content, identify};
use crate::crypto::der::{DerError, Reader, tag};
use crate::crypto::sm2::Sm2PrivateKey;
use crate::secret::Secret;

/// 1.2.156.10197.1.104 and 1.2.156.10197.1.104.2: SM4, where the second one names the mode.
const SM4: &[u8] = &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x68];

const BLOCK: usize = 16;

/// The length of what is inside.
const NUMBER: usize = 32;

/// The two parts of a container.
struct Container<'a> {
    encrypted: &'a [u8],
    certificate: &'a [u8],
}

impl Sm2PrivateKey {
    /// Reads a private key out of a password-protected `.sm2` file, given as base64 text or DER.
    ///
    /// # Errors
    /// [`KeyError::Password`] when the password does not open it; otherwise what was found instead.
    pub fn read_sm2_container(bytes: impl AsRef<[u8]>, password: &Secret) -> Result<Self, KeyError> {
        first_fitting(bytes.as_ref(), Wanted::Sm2PrivateKey, |content, bytes| match content {
            Content::Other(Found::Sm2Container) => Some(open(bytes, password)),
            _ => None,
        })
    }
}

fn open(bytes: &[u8], password: &Secret) -> Result<Sm2PrivateKey, KeyError> {
    let found = Found::Sm2Container;
    let container = parse(bytes)
        .map_err(|_| KeyError::Container { found: found.clone(), wanted: Wanted::Sm2PrivateKey })?;
    let plain = decrypt(container.encrypted, password)
        // A wrong password passes the padding once in 256 times, but not with a whole block of it.
        .filter(|plain| plain.len() == NUMBER)
        .ok_or_else(|| KeyError::Password { found: found.clone() })?;
    let public = match identify(container.certificate) {
        Content::EcPublic { curve: Curve::Sm2, point, .. } => Some(point),
        _ => None,
    };
    private_key(&plain, public, &found)
}

fn parse(bytes: &[u8]) -> Result<Container<'_>, DerError> {
    let mut fields = Reader::new(bytes).sequence()?;
    fields.expect(tag::INTEGER)?;
    let mut key = fields.sequence()?;
    key.expect(tag::OBJECT_IDENTIFIER)?;
    if !key.expect(tag::OBJECT_IDENTIFIER)?.starts_with(SM4) {
        return Err(DerError::Tag { found: tag::OBJECT_IDENTIFIER, wanted: tag::OBJECT_IDENTIFIER });
    }
    let encrypted = key.expect(tag::OCTET_STRING)?;
    let mut public = fields.sequence()?;
    public.expect(tag::OBJECT_IDENTIFIER)?;
    Ok(Container { encrypted, certificate: public.expect(tag::OCTET_STRING)? })
}

/// CBC over SM4, and PKCS#7 padding taken off. Written out: three blocks are not worth another crate.
fn decrypt(encrypted: &[u8], password: &Secret) -> Option<Zeroizing<Vec<u8>>> {
    let derived: [u8; 2 * BLOCK] =
        Sm3::new().chain_update(password.expose()).chain_update([0, 0, 0, 1]).finalize().into();
    let derived = Zeroizing::new(derived);
    let ([vector, key], []) = derived.as_chunks::<BLOCK>() else { return None };
    let cipher = Sm4::new(key.into());
    let (blocks, []) = encrypted.as_chunks::<BLOCK>() else { return None };
    let mut plain = Zeroizing::new(Vec::with_capacity(encrypted.len()));
    let mut previous = vector;
    for block in blocks {
        let mut buffer = (*block).into();
        cipher.decrypt_block(&mut buffer);
        plain.extend(buffer.iter().zip(previous).map(|(byte, mask)| byte ^ mask));
        previous = block;
    }
    let padding = plain.last().copied().filter(|count| (1..=BLOCK as u8).contains(count))?;
    let length = plain.len().checked_sub(usize::from(padding))?;
    if plain.get(length..)?.iter().any(|byte| *byte != padding) {
        return None;
    }
    plain.truncate(length);
    Some(plain)
}
