//! AES in Galois/Counter Mode: the tag, 16 bytes, follows the ciphertext.

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::AesGcm;
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead as _, KeyInit as _, Nonce, Payload};

use super::{Cipher, CipherError, CipherKind};

/// Bytes of the nonce.
const NONCE: usize = 12;

/// Encrypts, where the cipher is one of these.
pub(super) fn seal(cipher: &Cipher<'_>, text: &[u8]) -> Result<Option<Vec<u8>>, CipherError> {
    let sealed = match cipher.kind {
        CipherKind::Aes128Gcm => with!(Aes128, encrypt, cipher, text),
        CipherKind::Aes192Gcm => with!(Aes192, encrypt, cipher, text),
        CipherKind::Aes256Gcm => with!(Aes256, encrypt, cipher, text),
        _ => return Ok(None),
    };
    sealed.map(Some).ok_or(CipherError::TooLong)
}

/// Decrypts, where the cipher is one of these.
pub(super) fn open(cipher: &Cipher<'_>, sealed: &[u8]) -> Result<Option<Vec<u8>>, CipherError> {
    let text = match cipher.kind {
        CipherKind::Aes128Gcm => with!(Aes128, decrypt, cipher, sealed),
        CipherKind::Aes192Gcm => with!(Aes192, decrypt, cipher, sealed),
        CipherKind::Aes256Gcm => with!(Aes256, decrypt, cipher, sealed),
        _ => return Ok(None),
    };
    text.map(Some).ok_or(CipherError::NotOpened)
}

fn nonce(cipher: &Cipher<'_>) -> Result<[u8; NONCE], CipherError> {
    let iv = cipher.iv.unwrap_or_default();
    iv.try_into().map_err(|_| CipherError::IvLength { found: iv.len(), wanted: NONCE })
}

/// One operation of one key length: the bounds of a generic function would say more than its body.
macro_rules! with {
    ($aes:ty, $operation:ident, $cipher:ident, $bytes:ident) => {{
        let nonce = Nonce::<AesGcm<$aes, U12>>::from(nonce($cipher)?);
        let payload = Payload { msg: $bytes, aad: $cipher.aad };
        let key = AesGcm::<$aes, U12>::new_from_slice($cipher.key).ok();
        key.and_then(|key| key.$operation(&nonce, payload).ok())
    }};
}
use with;
