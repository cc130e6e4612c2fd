//! How signing and verifying with a key pair can fail. Neither error contains key material or the message.

use super::der::DerError;

/// Why nothing was signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The operating system gave no randomness, without which the private key would not be protected while in use.
    #[error("the operating system's random number generator failed")]
    Randomness,
    /// The private key and the operation do not fit.
    #[error("the private key cannot sign this")]
    Key,
    /// SM2 hashes the length of the distinguishing id in bits, as a 16-bit number.
    #[error("the SM2 user id has {length} bytes; at most {limit} are possible")]
    UserIdTooLong {
        /// Bytes of the id.
        length: usize,
        /// The most that are possible.
        limit: usize,
    },
}

/// Why a signature is refused. Every case means the same for the message: it is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The length alone shows that this key did not make the signature.
    #[error("the signature has {found} bytes; this key makes signatures of {wanted} bytes")]
    Length {
        /// Bytes of the received signature.
        found: usize,
        /// Bytes of every signature under this key, in this form.
        wanted: usize,
    },
    /// The signature should be a DER structure and is not.
    #[error("the signature is not the DER form of two integers: {0}")]
    Form(#[from] DerError),
    /// One of the two numbers of the signature is zero or not below the order of the curve.
    #[error("a number of the signature is out of range")]
    Range,
    /// The id is too long to be hashed.
    #[error("the SM2 user id has {length} bytes; at most {limit} are possible")]
    UserIdTooLong {
        /// Bytes of the id.
        length: usize,
        /// The most that are possible.
        limit: usize,
    },
    /// The signature is well-formed, and is not one of this message under this key.
    #[error("the signature does not fit the message under this key")]
    Mismatch,
}
