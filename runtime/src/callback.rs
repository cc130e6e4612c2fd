//! Callbacks: what the provider sends, from raw bytes to a verified value.
//!
//! [`Incoming`] holds the request as it came, [`Message`](crate::Message) its decoded fields, [`crate::Items`] the list that a
//! recipe signs. Emitted code verifies the signature before it hands out anything; each way to be refused is a
//! [`CallbackError`] of its own, so that an attack, a wrong key and a provider's probe can be told apart.

mod acknowledgement;
mod agree;
mod error;
mod incoming;
mod once_key;
mod receive;

pub use acknowledgement::Acknowledgement;
pub use agree::{Disagreement, agree};
pub use error::CallbackError;
pub use incoming::{Incoming, Receive};
pub use once_key::OnceKey;

pub(crate) use receive::{Limits, receive};
