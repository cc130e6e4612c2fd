//! The seal: from the text to the signature, and from a received signature to yes or no.
//!
//! Digests, ciphers and key operations are those of the runtime. The algorithm is the recipe's, the key the configured
//! one or one that the recipe computes; nothing in a message has a say, but for the id of one of several keys. What
//! came is decoded first and compared in constant time.

use payspec_codegen::ir::{self, Algorithm, Digest, Iv, Key, Output};
use payspec_runtime::cipher::{Cipher, CipherKind, Padding};
use payspec_runtime::crypto::{RsaDigest, Sm2Form, digest};
use thiserror::Error;

use crate::bytes::{self, Base64};
use crate::compose::Composer;
use crate::credentials::{self, CredentialValue};
use crate::filter::Content;
use crate::signed_text::RecipeError;
use crate::text;

/// Why nothing can be signed or verified.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SealError {
    /// The key of the recipe is not there, or is of another kind.
    #[error("the recipe has no key that fits its algorithm")]
    Key,
    /// The message names a key that is not known.
    #[error("there is no key of the id that the message names")]
    UnknownKey,
    /// Signing needs the private half of the key, and only the public one is given.
    #[error("signing needs the private half of the key")]
    PublicHalf,
    /// The algorithm and the digest do not go together.
    #[error("this digest cannot be used with this algorithm")]
    Digest,
    /// The key operation failed.
    #[error("the key operation failed")]
    Operation,
    /// Key, initialisation vector or text have a length that the cipher cannot use.
    #[error("key, initialisation vector or text have a length that the cipher cannot use")]
    Cipher,
}

/// Why a signature is not believed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Unverified {
    #[error("the signature is not written as it should be")]
    Malformed,
    #[error("the signature does not fit")]
    Mismatch,
    #[error(transparent)]
    Recipe(#[from] RecipeError),
}

impl From<SealError> for Unverified {
    fn from(error: SealError) -> Self {
        Self::Recipe(error.into())
    }
}

fn plain_digest(digest: Digest, text: &[u8]) -> Vec<u8> {
    match digest {
        Digest::Md5 => digest::md5(text),
        Digest::Sha1 => digest::sha1(text),
        Digest::Sha256 => digest::sha256(text),
        Digest::Sha512 => digest::sha512(text),
        Digest::Sm3 => digest::sm3(text),
    }
    .as_bytes()
    .to_vec()
}

/// HMAC, as RFC 2104 has it.
fn keyed_digest(digest: Digest, key: &[u8], text: &[u8]) -> Vec<u8> {
    let block = if digest == Digest::Sha512 { 128 } else { 64 };
    let mut padded = if key.len() > block { plain_digest(digest, key) } else { key.to_vec() };
    padded.resize(block, 0);
    let with = |mask: u8, text: &[u8]| {
        let mut whole: Vec<u8> = padded.iter().map(|byte| byte ^ mask).collect();
        whole.extend_from_slice(text);
        plain_digest(digest, &whole)
    };
    with(0x5c, &with(0x36, text))
}

fn rsa_digest(digest: Digest) -> Result<RsaDigest, SealError> {
    match digest {
        Digest::Sha1 => Ok(RsaDigest::Sha1),
        Digest::Sha256 => Ok(RsaDigest::Sha256),
        Digest::Sha512 => Ok(RsaDigest::Sha512),
        Digest::Md5 | Digest::Sm3 => Err(SealError::Digest),
    }
}

fn sm2_form(form: ir::Sm2Form) -> Sm2Form {
    match form {
        ir::Sm2Form::Der => Sm2Form::Der,
        ir::Sm2Form::Raw => Sm2Form::Raw,
    }
}

fn cipher_kind(cipher: ir::Cipher) -> CipherKind {
    match cipher {
        ir::Cipher::Aes128Cbc => CipherKind::Aes128Cbc,
        ir::Cipher::Aes192Cbc => CipherKind::Aes192Cbc,
        ir::Cipher::Aes256Cbc => CipherKind::Aes256Cbc,
        ir::Cipher::Aes128Ecb => CipherKind::Aes128Ecb,
        ir::Cipher::Aes192Ecb => CipherKind::Aes192Ecb,
        ir::Cipher::Aes256Ecb => CipherKind::Aes256Ecb,
        ir::Cipher::Aes128Gcm => CipherKind::Aes128Gcm,
        ir::Cipher::Aes192Gcm => CipherKind::Aes192Gcm,
        ir::Cipher::Aes256Gcm => CipherKind::Aes256Gcm,
        ir::Cipher::TripleDesCbc => CipherKind::TripleDesCbc,
    }
}

/// The result of a seal as it is written.
pub(crate) fn write_output(
    bytes: Vec<u8>,
    output: Output,
    charset: ir::Charset,
) -> Result<Content, RecipeError> {
    Ok(Content::Text(match output {
        Output::HexLower => bytes::hex(&bytes),
        Output::HexUpper => bytes::hex(&bytes).to_uppercase(),
        Output::Base64 => Base64::Standard.write(&bytes),
        Output::Base64Url => Base64::Url.write(&bytes),
        Output::Base64UrlUnpadded => Base64::Url.write_unpadded(&bytes),
        Output::Text => text::decode(charset, &bytes).ok_or(RecipeError::Charset)?,
        Output::Bytes => return Ok(Content::Bytes(bytes)),
    }))
}

/// The bytes that were written so; `None`: nothing is written so.
pub(crate) fn read_output(text: &str, output: Output, charset: ir::Charset) -> Option<Vec<u8>> {
    match output {
        Output::HexLower | Output::HexUpper => bytes::from_hex(text),
        Output::Base64 => Base64::Standard.read(text),
        Output::Base64Url | Output::Base64UrlUnpadded => Base64::Url.read(text),
        Output::Text | Output::Bytes => text::encode(charset, text),
    }
}

impl Composer<'_> {
    fn key(&self) -> Result<&CredentialValue, RecipeError> {
        let Some(Key::Credential { path, id }) = &self.recipe.seal.key else {
            return Err(SealError::Key.into());
        };
        let value = self.interpreter.settings.credential(path).ok_or(SealError::Key)?;
        match (value, id) {
            (CredentialValue::Keys(keys), Some(id)) => {
                let id = self.pieces(id)?;
                let id = text::decode(self.charset, id.bytes()).ok_or(RecipeError::Charset)?;
                Ok(keys.get(&id).ok_or(SealError::UnknownKey)?)
            }
            (CredentialValue::Keys(_), None) | (_, Some(_)) => Err(SealError::Key.into()),
            (value, None) => Ok(value),
        }
    }

    fn shared_key(&self) -> Result<Vec<u8>, RecipeError> {
        let Some(Key::Credential { path, .. }) = &self.recipe.seal.key else {
            let Some(Key::Computed(pieces)) = &self.recipe.seal.key else {
                return Err(SealError::Key.into());
            };
            return Ok(self.pieces(pieces)?.bytes().to_vec());
        };
        match self.key()? {
            CredentialValue::Secret(secret) => {
                let decode = self.interpreter.settings.decode_of(&self.interpreter.provider, path);
                Ok(credentials::decoded(secret, decode).ok_or(SealError::Key)?)
            }
            _ => Err(SealError::Key.into()),
        }
    }

    /// What a cipher does with some bytes.
    fn with_cipher<T>(
        &self,
        algorithm: &Algorithm,
        run: impl FnOnce(&Cipher<'_>) -> T,
    ) -> Result<T, RecipeError> {
        let Algorithm::Cipher { cipher, iv, aad, padding } = algorithm else {
            return Err(SealError::Key.into());
        };
        let key = self.shared_key()?;
        let iv = match iv {
            None | Some(Iv::Zeros) => None,
            Some(Iv::Template(pieces)) => Some(self.pieces(pieces)?.bytes().to_vec()),
        };
        let aad = self.pieces(aad)?;
        let padding = match padding {
            ir::Padding::Pkcs7(block) => Padding::Pkcs7(*block),
            ir::Padding::Zeros => Padding::Zeros,
            ir::Padding::None => Padding::None,
        };
        // Nothing but zeros is a vector of zeros; gcm wants it written out.
        let zeros = [0; 12];
        let is_gcm = matches!(cipher, ir::Cipher::Aes128Gcm | ir::Cipher::Aes192Gcm | ir::Cipher::Aes256Gcm);
        let iv = iv.as_deref().or_else(|| is_gcm.then_some(zeros.as_slice()));
        Ok(run(&Cipher { kind: cipher_kind(*cipher), key: &key, iv, aad: aad.bytes(), padding }))
    }

    /// The bytes of the seal.
    pub(crate) fn sealed(&self, text: &[u8]) -> Result<Vec<u8>, RecipeError> {
        match &self.recipe.seal.algorithm {
            Algorithm::Digest(digest) => Ok(plain_digest(*digest, text)),
            Algorithm::Hmac(digest) => Ok(keyed_digest(*digest, &self.shared_key()?, text)),
            Algorithm::Rsa(digest) => match self.key()? {
                CredentialValue::RsaPrivate(key) => {
                    Ok(key.sign(rsa_digest(*digest)?, text).map_err(|_| SealError::Operation)?)
                }
                CredentialValue::RsaPublic(_) => Err(SealError::PublicHalf.into()),
                _ => Err(SealError::Key.into()),
            },
            Algorithm::Sm2 { user_id, form } => match self.key()? {
                CredentialValue::Sm2Private(key) => {
                    Ok(key.sign(user_id, sm2_form(*form), text).map_err(|_| SealError::Operation)?)
                }
                CredentialValue::Sm2Public(_) => Err(SealError::PublicHalf.into()),
                _ => Err(SealError::Key.into()),
            },
            algorithm @ Algorithm::Cipher { .. } => {
                let sealed = self.with_cipher(algorithm, |cipher| cipher.seal(text))?;
                Ok(sealed.map_err(|_| SealError::Cipher)?.as_bytes().to_vec())
            }
            Algorithm::None => Ok(text.to_vec()),
        }
    }

    /// The signature of the text, as it is written.
    pub(crate) fn signature(&self, text: &[u8]) -> Result<Content, RecipeError> {
        write_output(self.sealed(text)?, self.recipe.seal.output, self.charset)
    }

    /// What was encrypted. One error for whatever is wrong with what came.
    pub(crate) fn opened(&self, received: &str) -> Result<Vec<u8>, Unverified> {
        let sealed =
            read_output(received, self.recipe.seal.output, self.charset).ok_or(Unverified::Mismatch)?;
        let opened = self.with_cipher(&self.recipe.seal.algorithm, |cipher| cipher.open(&sealed))?;
        match opened {
            Ok(opened) => Ok(opened.to_vec()),
            Err(payspec_runtime::cipher::CipherError::NotOpened) => Err(Unverified::Mismatch),
            Err(_) => Err(SealError::Cipher.into()),
        }
    }

    /// Whether a received signature is one of the text.
    pub(crate) fn verified(&self, text: &[u8], received: &str) -> Result<(), Unverified> {
        let seal = &self.recipe.seal;
        let received = read_output(received, seal.output, self.charset).ok_or(Unverified::Malformed)?;
        let fits = match &seal.algorithm {
            Algorithm::Rsa(digest) => {
                let key = match self.key()? {
                    CredentialValue::RsaPrivate(key) => key.public_key(),
                    CredentialValue::RsaPublic(key) => key.clone(),
                    _ => return Err(SealError::Key.into()),
                };
                key.verify(rsa_digest(*digest)?, text, &received).is_ok()
            }
            Algorithm::Sm2 { user_id, form } => {
                let key = match self.key()? {
                    CredentialValue::Sm2Private(key) => key.public_key(),
                    CredentialValue::Sm2Public(key) => key.clone(),
                    _ => return Err(SealError::Key.into()),
                };
                key.verify(user_id, sm2_form(*form), text, &received).is_ok()
            }
            _ => bytes::are_equal(&received, &self.sealed(text)?),
        };
        if fits { Ok(()) } else { Err(Unverified::Mismatch) }
    }
}
