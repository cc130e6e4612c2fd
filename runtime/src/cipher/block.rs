//! Ciphers of blocks: chained, or each block alone. The bytes are whole blocks already, the lengths are right.

use aes::cipher::{
    Array, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt as _, BlockModeEncrypt as _, KeyInit,
    KeyIvInit as _,
};
use aes::{Aes128, Aes192, Aes256};
use des::TdesEde3;

use super::CipherKind;

/// Encrypts in place; `None` for a length that does not fit, or for a cipher that is none of blocks.
pub(super) fn encrypt(kind: CipherKind, key: &[u8], iv: &[u8], bytes: &mut [u8]) -> Option<()> {
    match kind {
        CipherKind::Aes128Cbc => encrypt_chained::<Aes128>(key, iv, bytes),
        CipherKind::Aes192Cbc => encrypt_chained::<Aes192>(key, iv, bytes),
        CipherKind::Aes256Cbc => encrypt_chained::<Aes256>(key, iv, bytes),
        CipherKind::TripleDesCbc => encrypt_chained::<TdesEde3>(key, iv, bytes),
        CipherKind::Aes128Ecb => encrypt_alone::<Aes128>(key, bytes),
        CipherKind::Aes192Ecb => encrypt_alone::<Aes192>(key, bytes),
        CipherKind::Aes256Ecb => encrypt_alone::<Aes256>(key, bytes),
        CipherKind::Aes128Gcm | CipherKind::Aes192Gcm | CipherKind::Aes256Gcm => None,
    }
}

/// Decrypts in place; `None` as in [`encrypt`].
pub(super) fn decrypt(kind: CipherKind, key: &[u8], iv: &[u8], bytes: &mut [u8]) -> Option<()> {
    match kind {
        CipherKind::Aes128Cbc => decrypt_chained::<Aes128>(key, iv, bytes),
        CipherKind::Aes192Cbc => decrypt_chained::<Aes192>(key, iv, bytes),
        CipherKind::Aes256Cbc => decrypt_chained::<Aes256>(key, iv, bytes),
        CipherKind::TripleDesCbc => decrypt_chained::<TdesEde3>(key, iv, bytes),
        CipherKind::Aes128Ecb => decrypt_alone::<Aes128>(key, bytes),
        CipherKind::Aes192Ecb => decrypt_alone::<Aes192>(key, bytes),
        CipherKind::Aes256Ecb => decrypt_alone::<Aes256>(key, bytes),
        CipherKind::Aes128Gcm | CipherKind::Aes192Gcm | CipherKind::Aes256Gcm => None,
    }
}

fn encrypt_chained<C>(key: &[u8], iv: &[u8], bytes: &mut [u8]) -> Option<()>
where
    C: BlockCipherEncrypt + KeyInit,
{
    let mut chain = cbc::Encryptor::<C>::new_from_slices(key, iv).ok()?;
    let (blocks, rest) = Array::slice_as_chunks_mut(bytes);
    chain.encrypt_blocks(blocks);
    rest.is_empty().then_some(())
}

fn decrypt_chained<C>(key: &[u8], iv: &[u8], bytes: &mut [u8]) -> Option<()>
where
    C: BlockCipherDecrypt + KeyInit,
{
    let mut chain = cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?;
    let (blocks, rest) = Array::slice_as_chunks_mut(bytes);
    chain.decrypt_blocks(blocks);
    rest.is_empty().then_some(())
}

fn encrypt_alone<C: BlockCipherEncrypt + KeyInit>(key: &[u8], bytes: &mut [u8]) -> Option<()> {
    let (blocks, rest) = Array::slice_as_chunks_mut(bytes);
    C::new_from_slice(key).ok()?.encrypt_blocks(blocks);
    rest.is_empty().then_some(())
}

fn decrypt_alone<C: BlockCipherDecrypt + KeyInit>(key: &[u8], bytes: &mut [u8]) -> Option<()> {
    let (blocks, rest) = Array::slice_as_chunks_mut(bytes);
    C::new_from_slice(key).ok()?.decrypt_blocks(blocks);
    rest.is_empty().then_some(())
}
