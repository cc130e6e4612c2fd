//! Seals: what is done with the text of a recipe, and how the result is written.

use super::{CredentialPath, Piece};

/// What is done with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The key, for algorithms that have one.
    pub key: Option<Key>,
    /// How its bytes become text.
    pub output: Output,
}

impl Seal {
    /// The credential that is the key.
    #[must_use]
    pub fn credential(&self) -> Option<&CredentialPath> {
        match self.key.as_ref()? {
            Key::Credential { path, id: _ } => Some(path),
            Key::Computed(_) => None,
        }
    }

    pub(super) fn is_plain(&self) -> bool {
        let is_plain_key = matches!(self.key, None | Some(Key::Credential { id: None, .. }));
        is_plain_key
            && matches!(self.output, Output::HexLower | Output::HexUpper | Output::Base64)
            && !matches!(self.algorithm, Algorithm::Cipher { .. } | Algorithm::None)
    }
}

/// The key of a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A credential.
    Credential {
        /// Which.
        path: CredentialPath,
        /// Which of a credential that is many by id.
        id: Option<Vec<Piece>>,
    },
    /// A template whose bytes are the key.
    Computed(Vec<Piece>),
}

/// An algorithm that makes a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// A plain digest.
    Digest(Digest),
    /// HMAC with a shared secret.
    Hmac(Digest),
    /// RSA, PKCS#1 v1.5.
    Rsa(Digest),
    /// SM2 over SM3.
    Sm2 {
        /// The distinguishing id.
        user_id: String,
        /// How r and s are written.
        form: Sm2Form,
    },
    /// Encryption with a shared secret.
    Cipher {
        /// Which.
        cipher: Cipher,
        /// The initialisation vector, of gcm the nonce; `None` for ecb.
        iv: Option<Iv>,
        /// What gcm authenticates beside the text. Empty for the others.
        aad: Vec<Piece>,
        /// How the text is filled up to whole blocks. `None` for gcm.
        padding: Padding,
    },
    /// The text itself: a constant that proves who sends.
    None,
}

/// A cipher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
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

/// An initialisation vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Iv {
    /// Zero bytes.
    Zeros,
    /// The bytes of a template.
    Template(Vec<Piece>),
}

/// How a text is filled up to whole blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// PKCS#7 over blocks of this many bytes.
    Pkcs7(u8),
    /// Zero bytes; none where the text is whole.
    Zeros,
    /// Not at all: the text must be whole.
    None,
}

/// A digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
    /// SM3.
    Sm3,
}

/// How an SM2 signature is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sm2Form {
    /// `SEQUENCE { r, s }`.
    Der,
    /// r and s, 32 bytes each.
    Raw,
}

/// How the bytes of a signature become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Lower-case hex.
    HexLower,
    /// Upper-case hex.
    HexUpper,
    /// Base64 with padding.
    Base64,
    /// Base64 of the alphabet for URLs, with padding.
    Base64Url,
    /// Base64 of the alphabet for URLs, without padding.
    Base64UrlUnpadded,
    /// The bytes as they are, as text in the charset of the recipe.
    Text,
    /// The bytes as they are: of a part that is a key or is put into a text as bytes.
    Bytes,
}
