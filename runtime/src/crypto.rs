//! Digests, signatures and the comparison of what came with what was computed.
//!
//! Everything here works on bytes: which bytes are signed is the business of the wire formats, and where a key
//! comes from is that of [`crate::keys`]. The algorithm is always chosen by the caller, never by a message.
//! Each public-key algorithm is one module that hides its backend, so that another backend can be put in.

pub mod compare;
#[cfg(any(feature = "rsa", feature = "sm"))]
pub(crate) mod der;
pub mod digest;
#[cfg(any(feature = "rsa", feature = "sm"))]
mod error;
#[cfg(feature = "rsa")]
pub mod rsa;
#[cfg(any(feature = "rsa", feature = "sm"))]
pub(crate) mod rsa_parts;
#[cfg(feature = "sm")]
pub mod sm2;

pub use compare::{Encoding, MalformedSignature, decode_signature, digest_matches};
#[cfg(any(feature = "rsa", feature = "sm"))]
pub use der::DerError;
pub use digest::Sealed;
#[cfg(any(feature = "rsa", feature = "sm"))]
pub use error::{SignError, VerifyError};
#[cfg(feature = "rsa")]
pub use rsa::{RsaDigest, RsaPrivateKey, RsaPublicKey};
#[cfg(feature = "sm")]
pub use sm2::{Sm2Form, Sm2PrivateKey, Sm2PublicKey};
