//! Ciphers: encrypted payloads, keys that are derived by encrypting, digests that travel encrypted.
//!
//! The spec names cipher, padding, initialisation vector; emitted code puts them into a [`Cipher`] with the bytes of
//! this message. A key or vector of the wrong length is an error and never padded or cut. Opening has one error for
//! everything that can be wrong with what was received, so that nobody learns from it which part was right.

mod block;
mod gcm;
mod padding;

use std::fmt;

use zeroize::Zeroizing;

pub use self::padding::Padding;
use crate::crypto::Sealed;

/// Which cipher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CipherKind {
    /// AES-128, chained blocks.
    Aes128Cbc,
    /// AES-192, chained blocks.
    Aes192Cbc,
    /// AES-256, chained blocks.
    Aes256Cbc,
    /// AES-128, each block alone.
    Aes128Ecb,
    /// AES-192, each block alone.
    Aes192Ecb,
    /// AES-256, each block alone.
    Aes256Ecb,
    /// AES-128, authenticated; the 16-byte tag follows the ciphertext.
    Aes128Gcm,
    /// AES-192, authenticated.
    Aes192Gcm,
    /// AES-256, authenticated.
    Aes256Gcm,
    /// Triple DES with a 24-byte key, chained blocks.
    TripleDesCbc,
}

/// A cipher with all that it needs beside the text.
#[derive(Clone, Copy)]
pub struct Cipher<'a> {
    /// Which.
    pub kind: CipherKind,
    /// The key, of exactly the cipher's length.
    pub key: &'a [u8],
    /// The initialisation vector, of gcm the nonce; `None` for ecb, and for zero bytes in cbc.
    pub iv: Option<&'a [u8]>,
    /// What gcm authenticates beside the text. Not looked at by the others.
    pub aad: &'a [u8],
    /// How the text is filled up to whole blocks. Not looked at by gcm.
    pub padding: Padding,
}

/// Why a cipher cannot be used: the set-up is wrong, whatever the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CipherError {
    /// The key has the wrong length.
    #[error("the key has {found} bytes; the cipher needs {wanted}")]
    KeyLength {
        /// Bytes of the key.
        found: usize,
        /// Bytes that the cipher needs.
        wanted: usize,
    },
    /// The initialisation vector, or nonce, has the wrong length.
    #[error("the initialisation vector has {found} bytes; the cipher needs {wanted}")]
    IvLength {
        /// Bytes of the vector.
        found: usize,
        /// Bytes that the cipher needs.
        wanted: usize,
    },
    /// The text has to be filled up to whole blocks, and the spec says that it is not.
    #[error("the text has {length} bytes, which are no whole blocks of {block}, and there is no padding")]
    NotWhole {
        /// Bytes of the text.
        length: usize,
        /// Bytes of a block.
        block: usize,
    },
    /// The text is longer than the cipher can encrypt.
    #[error("the text is longer than the cipher can encrypt")]
    TooLong,
    /// What was received cannot be opened: its length, its padding or its tag is wrong.
    #[error("what was received cannot be decrypted: check the key; if it is right, it is forged")]
    NotOpened,
}

/// The length of an AES block.
const AES_BLOCK: usize = 16;
/// The length of a DES block.
const DES_BLOCK: usize = 8;

impl CipherKind {
    const fn key_length(self) -> usize {
        match self {
            Self::Aes128Cbc | Self::Aes128Ecb | Self::Aes128Gcm => 16,
            Self::Aes192Cbc | Self::Aes192Ecb | Self::Aes192Gcm | Self::TripleDesCbc => 24,
            Self::Aes256Cbc | Self::Aes256Ecb | Self::Aes256Gcm => 32,
        }
    }

    const fn block(self) -> usize {
        if matches!(self, Self::TripleDesCbc) { DES_BLOCK } else { AES_BLOCK }
    }
}

impl Cipher<'_> {
    /// Encrypts.
    ///
    /// # Errors
    /// [`CipherError`]: a wrong length.
    pub fn seal(&self, text: &[u8]) -> Result<Sealed, CipherError> {
        self.check_key()?;
        if let Some(sealed) = gcm::seal(self, text)? {
            return Ok(Sealed::from(sealed));
        }
        let iv = self.block_iv()?;
        let mut bytes = Vec::with_capacity(text.len() + usize::from(u8::MAX));
        bytes.extend_from_slice(text);
        self.padding.add(&mut bytes, self.kind.block())?;
        block::encrypt(self.kind, self.key, &iv, &mut bytes).ok_or(CipherError::TooLong)?;
        Ok(Sealed::from(bytes))
    }

    /// Decrypts.
    ///
    /// # Errors
    /// [`CipherError::NotOpened`] for whatever is wrong with what was received; a wrong length of key or vector.
    pub fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CipherError> {
        self.check_key()?;
        if let Some(text) = gcm::open(self, sealed)? {
            return Ok(Zeroizing::new(text));
        }
        let iv = self.block_iv()?;
        if !sealed.len().is_multiple_of(self.kind.block()) {
            return Err(CipherError::NotOpened);
        }
        let mut bytes = Zeroizing::new(sealed.to_vec());
        block::decrypt(self.kind, self.key, &iv, &mut bytes).ok_or(CipherError::NotOpened)?;
        let length = self.padding.text_length(&bytes).ok_or(CipherError::NotOpened)?;
        bytes.truncate(length);
        Ok(bytes)
    }

    fn check_key(&self) -> Result<(), CipherError> {
        let wanted = self.kind.key_length();
        if self.key.len() == wanted {
            Ok(())
        } else {
            Err(CipherError::KeyLength { found: self.key.len(), wanted })
        }
    }

    /// The vector of a cipher of blocks; zeros where there is none, which is not looked at by ecb.
    fn block_iv(&self) -> Result<Vec<u8>, CipherError> {
        let wanted = self.kind.block();
        match self.iv {
            None => Ok(vec![0; wanted]),
            Some(iv) if iv.len() == wanted => Ok(iv.to_vec()),
            Some(iv) => Err(CipherError::IvLength { found: iv.len(), wanted }),
        }
    }
}

/// Shows neither key nor vector.
impl fmt::Debug for Cipher<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cipher({:?}, {:?})", self.kind, self.padding)
    }
}
