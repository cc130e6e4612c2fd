//! The transport: sends one request and brings back its response.
//!
//! It is a trait, so that tests and unusual networks can bring their own. What matters for money is one distinction:
//! an error is [`TransportError::NotSent`] only if surely nothing of the request was sent; everything else means that
//! the provider may have acted. A transport follows no redirects and repeats nothing.

#[cfg(feature = "reqwest")]
mod reqwest;

use std::{fmt, future::Future, pin::Pin, time::Duration};

use crate::{Prepared, Response};

#[cfg(feature = "reqwest")]
pub use self::reqwest::{ReqwestTransport, TransportSetUpError, client_builder};

/// What a transport's future is: boxed, so that the trait is object-safe.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>>;

/// Sends requests.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends one request, once, and reads the whole response within the limits. It follows no redirect: a redirect is
    /// a response.
    fn send<'a>(&'a self, request: &'a Prepared, limits: TransportLimits) -> Sending<'a>;
}

/// How much and how long a transport reads. It must keep both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransportLimits {
    /// From the first to the last byte, connecting included.
    pub timeout: Duration,
    /// Bytes of the body.
    pub reply: usize,
}

impl TransportLimits {
    /// Limits of one's own, to call a transport directly.
    #[must_use]
    pub const fn new(timeout: Duration, reply: usize) -> Self {
        Self { timeout, reply }
    }
}

/// Why there is no response. Texts must not contain the query of the address, nor anything of a body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// Surely nothing of the request was sent: no name, no connection, no TLS.
    #[error("nothing was sent: {reason}")]
    NotSent {
        /// In words.
        reason: String,
    },
    /// Something may have been sent, and no response came in time.
    #[error("no response came in time")]
    TimedOut,
    /// The response is longer than it may be.
    #[error("the response is longer than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Something may have been sent, and then the connection broke.
    #[error("{reason}")]
    Unknown {
        /// In words.
        reason: String,
    },
}
