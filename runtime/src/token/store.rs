//! Where tokens are kept: in memory, or where all instances of a service see them.

use std::{
    collections::HashMap,
    fmt,
    future::{Future, ready},
    pin::Pin,
    sync::{Mutex, PoisonError},
};

use super::AccessToken;
use crate::Timestamp;

/// What a store's future is: boxed, so that the trait is object-safe.
pub type Storing<'a, T> = Pin<Box<dyn Future<Output = Result<T, TokenStoreError>> + Send + 'a>>;

/// Keeps tokens. A key names provider, addresses and merchant number; it holds no secret.
///
/// Replacing is a compare-and-swap, so that a late writer never overwrites a newer token of another instance.
pub trait TokenStore: fmt::Debug + Send + Sync {
    /// The token of this key, from a store that has it in memory: asking then costs nothing. `None`: it has to be
    /// [loaded](TokenStore::load).
    fn at_hand(&self, key: &str) -> Option<StoredToken> {
        let _ = key;
        None
    }

    /// The token of this key.
    fn load<'a>(&'a self, key: &'a str) -> Storing<'a, Option<StoredToken>>;

    /// Puts `new` in place of `expected` (`None`: of nothing), and says whether it did. It does not, when something
    /// else is there by now.
    fn replace<'a>(
        &'a self,
        key: &'a str,
        expected: Option<&'a AccessToken>,
        new: &'a StoredToken,
    ) -> Storing<'a, bool>;
}

/// A token and the time in which it is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredToken {
    /// The token.
    pub token: AccessToken,
    /// When it was asked for.
    pub made_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A store failed. The text must not contain a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct TokenStoreError {
    reason: String,
}

impl TokenStoreError {
    /// In words, without a token.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

/// Keeps tokens in the memory of this process.
#[derive(Debug, Default)]
pub struct MemoryTokenStore(Mutex<HashMap<String, StoredToken>>);

impl TokenStore for MemoryTokenStore {
    fn at_hand(&self, key: &str) -> Option<StoredToken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn load<'a>(&'a self, key: &'a str) -> Storing<'a, Option<StoredToken>> {
        Box::pin(ready(Ok(self.at_hand(key))))
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        expected: Option<&'a AccessToken>,
        new: &'a StoredToken,
    ) -> Storing<'a, bool> {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_expected = tokens.get(key).map(|stored| &stored.token) == expected;
        if is_expected {
            tokens.insert(key.to_owned(), new.clone());
        }
        Box::pin(ready(Ok(is_expected)))
    }
}
