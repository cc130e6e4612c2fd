//! The seal: from the text to the signature, and from a received signature to yes or no.
//!
//! Digests and key operations are those of the runtime. The algorithm is the recipe's, the key the configured
//! one; nothing in a message has a say. Digests are compared as bytes and in constant time.

use payspec_codegen::ir::{self, Algorithm, Digest, Output};
use payspec_runtime::crypto::{
    Encoding, RsaDigest, Sealed, Sm2Form, decode_signature, digest, digest_matches,
};
use thiserror::Error;

use crate::Interpreter;
use crate::credentials::CredentialValue;

/// Why nothing can be signed or verified.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SealError {
    /// The key of the recipe is not there, or is of another kind.
    #[error("the recipe has no key that fits its algorithm")]
    Key,
    /// Signing needs the private half of the key, and only the public one is given.
    #[error("signing needs the private half of the key")]
    PublicHalf,
    /// The algorithm and the digest do not go together.
    #[error("this digest cannot be used with this algorithm")]
    Digest,
    /// The key operation failed.
    #[error("the key operation failed")]
    Operation,
}

/// Why a signature is not believed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Unverified {
    #[error("the signature is not written as it should be")]
    Malformed,
    #[error("the signature does not fit")]
    Mismatch,
    #[error(transparent)]
    Seal(#[from] SealError),
}

fn plain_digest(digest: Digest, text: &[u8]) -> Sealed {
    match digest {
        Digest::Md5 => digest::md5(text),
        Digest::Sha1 => digest::sha1(text),
        Digest::Sha256 => digest::sha256(text),
        Digest::Sha512 => digest::sha512(text),
        Digest::Sm3 => digest::sm3(text),
    }
}

fn keyed_digest(digest: Digest, key: &[u8], text: &[u8]) -> Result<Sealed, SealError> {
    match digest {
        Digest::Sha1 => Ok(digest::hmac_sha1(key, text)),
        Digest::Sha256 => Ok(digest::hmac_sha256(key, text)),
        Digest::Sha512 => Ok(digest::hmac_sha512(key, text)),
        Digest::Md5 | Digest::Sm3 => Err(SealError::Digest),
    }
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

impl Interpreter {
    fn key(&self, seal: &ir::Seal) -> Result<&CredentialValue, SealError> {
        let path = seal.key.as_ref().ok_or(SealError::Key)?;
        self.settings.credential(path).ok_or(SealError::Key)
    }

    fn shared_key(&self, seal: &ir::Seal) -> Result<&[u8], SealError> {
        match self.key(seal)? {
            CredentialValue::Secret(secret) => Ok(secret.expose().as_bytes()),
            _ => Err(SealError::Key),
        }
    }

    /// The signature of the text, as it is written in a message.
    pub(crate) fn seal(&self, seal: &ir::Seal, text: &[u8]) -> Result<String, SealError> {
        let sealed = match &seal.algorithm {
            Algorithm::Digest(digest) => plain_digest(*digest, text),
            Algorithm::Hmac(digest) => keyed_digest(*digest, self.shared_key(seal)?, text)?,
            Algorithm::Rsa(digest) => match self.key(seal)? {
                CredentialValue::RsaPrivate(key) => {
                    key.sign(rsa_digest(*digest)?, text).map_err(|_| SealError::Operation)?.into()
                }
                CredentialValue::RsaPublic(_) => return Err(SealError::PublicHalf),
                _ => return Err(SealError::Key),
            },
            Algorithm::Sm2 { user_id, form } => match self.key(seal)? {
                CredentialValue::Sm2Private(key) => {
                    key.sign(user_id, sm2_form(*form), text).map_err(|_| SealError::Operation)?.into()
                }
                CredentialValue::Sm2Public(_) => return Err(SealError::PublicHalf),
                _ => return Err(SealError::Key),
            },
        };
        Ok(match seal.output {
            Output::HexLower => sealed.hex_lower(),
            Output::HexUpper => sealed.hex_upper(),
            Output::Base64 => sealed.base64(),
        })
    }

    /// Whether a received signature is one of the text.
    pub(crate) fn unseal(&self, seal: &ir::Seal, text: &[u8], received: &str) -> Result<(), Unverified> {
        let encoding = match seal.output {
            Output::HexLower | Output::HexUpper => Encoding::Hex,
            Output::Base64 => Encoding::Base64,
        };
        let received = decode_signature(received, encoding).map_err(|_| Unverified::Malformed)?;
        let fits = match &seal.algorithm {
            Algorithm::Digest(digest) => digest_matches(&received, &plain_digest(*digest, text)),
            Algorithm::Hmac(digest) => {
                digest_matches(&received, &keyed_digest(*digest, self.shared_key(seal)?, text)?)
            }
            Algorithm::Rsa(digest) => {
                let key = match self.key(seal)? {
                    CredentialValue::RsaPrivate(key) => key.public_key(),
                    CredentialValue::RsaPublic(key) => key.clone(),
                    _ => return Err(SealError::Key.into()),
                };
                key.verify(rsa_digest(*digest)?, text, &received).is_ok()
            }
            Algorithm::Sm2 { user_id, form } => {
                let key = match self.key(seal)? {
                    CredentialValue::Sm2Private(key) => key.public_key(),
                    CredentialValue::Sm2Public(key) => key.clone(),
                    _ => return Err(SealError::Key.into()),
                };
                key.verify(user_id, sm2_form(*form), text, &received).is_ok()
            }
        };
        if fits { Ok(()) } else { Err(Unverified::Mismatch) }
    }
}
