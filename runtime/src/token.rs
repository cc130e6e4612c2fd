//! Access tokens: made rarely, shared widely, never written down.
//!
//! One token serves all calls of a merchant number. Many callers that need one at the same time wait for a single
//! creation; a token is renewed ahead of its end while it is still in use; and when the provider says that it is no
//! longer good, it is renewed once, and only if it is still the one that failed. Where it is kept is a
//! [`TokenStore`], because instances of a service share a budget of creations.

mod cache;
mod error;
mod store;

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

pub use cache::{RefreshAt, TokenAttempt, TokenCache};
pub use error::TokenError;
pub use store::{MemoryTokenStore, StoredToken, Storing, TokenStore, TokenStoreError};

/// An access token. `Debug` hides it; it is wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(Arc<Zeroizing<String>>);

impl AccessToken {
    /// A token that comes out of a store.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(Arc::new(Zeroizing::new(token.into())))
    }

    /// The token in the clear, to be sent.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(***)")
    }
}

/// A token that was just made, and how long it is good.
#[derive(Clone, Debug)]
pub struct NewToken {
    token: AccessToken,
    lifetime_seconds: i64,
}

impl NewToken {
    /// For emitted code. The lifetime is counted from the moment at which the token was asked for.
    #[must_use]
    pub fn new(token: &str, lifetime_seconds: i64) -> Self {
        Self { token: AccessToken::new(token), lifetime_seconds }
    }
}
