//! The cache: when a token is used, renewed ahead, or made anew; and by whom.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as Gate, MutexGuard};

use super::{AccessToken, MemoryTokenStore, NewToken, StoredToken, TokenError, TokenStore};
use crate::{Core, Timestamp};

/// After a renewal ahead of time has failed, the old token is used for this long before the next attempt.
const PAUSE_SECONDS: i64 = 60;

/// When a token is renewed ahead of its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshAt {
    /// When this percentage of its lifetime is over.
    Percent(u8),
    /// This many seconds before its end.
    SecondsBefore(u64),
}

/// Hands out the access token of a client. Clones share it.
#[derive(Clone, Debug)]
pub struct TokenCache(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    key: String,
    refresh_at: RefreshAt,
    store: Arc<dyn TokenStore>,
    /// The token that the provider refused last.
    refused: Mutex<Option<AccessToken>>,
    /// Held by the one caller that makes a token.
    making: Gate<Making>,
}

/// What the last creation left behind.
#[derive(Debug, Default)]
struct Making {
    /// Why the last one failed.
    failed: Option<String>,
    /// No renewal ahead of time before this instant.
    pause_until: Option<Timestamp>,
}

/// What may be done with the stored token.
enum State {
    Good(AccessToken),
    /// Still good, and to be renewed.
    Ageing(StoredToken),
    /// There is none, it has ended, or the provider refused it.
    Unusable(Option<StoredToken>),
}

impl TokenCache {
    /// For emitted code: the token of this name, shared by all clients with the same value of `shared_by` (a public
    /// credential, usually the merchant number) at the same addresses.
    #[must_use]
    pub fn new(core: &Core, name: &str, shared_by: &str, refresh_at: RefreshAt) -> Self {
        let store = core.token_store().unwrap_or_else(|| Arc::new(MemoryTokenStore::default()));
        let key = format!("{}:{name}:{shared_by}", core.realm());
        let (refused, making) = (Mutex::new(None), Gate::default());
        Self(Arc::new(Inner { key, refresh_at, store, refused, making }))
    }

    /// The token: the stored one, or the new one that `make` makes, of which at most one runs at a time.
    ///
    /// # Errors
    /// [`TokenError`] when there is none and none can be made.
    pub async fn get(
        &self,
        core: &Core,
        make: impl Future<Output = Result<NewToken, TokenError>>,
    ) -> Result<AccessToken, TokenError> {
        match self.state(core).await? {
            State::Good(token) => Ok(token),
            State::Ageing(stored) => self.renew_ahead(core, stored, make).await,
            State::Unusable(_) => self.make_anew(core, make).await,
        }
    }

    /// Counts the repetitions of one call: see [`TokenAttempt::renew`].
    #[must_use]
    pub fn attempt(&self) -> TokenAttempt {
        TokenAttempt { cache: self.clone(), is_first: true }
    }

    /// One caller renews; all others, and this one if it fails, go on with the old token.
    async fn renew_ahead(
        &self,
        core: &Core,
        stored: StoredToken,
        make: impl Future<Output = Result<NewToken, TokenError>>,
    ) -> Result<AccessToken, TokenError> {
        let Ok(mut making) = self.0.making.try_lock() else { return Ok(stored.token) };
        if making.pause_until.is_some_and(|until| core.now() < until) {
            return Ok(stored.token);
        }
        // Somebody may have renewed it since it was looked at.
        let State::Ageing(stored) = self.state(core).await? else { return Ok(stored.token) };
        match self.make(core, &mut making, Some(&stored), make).await {
            Ok(token) => Ok(token),
            Err(error) => {
                tracing::warn!(%error, "the access token could not be renewed; the old one is used until its end");
                let until = core.now().unix_seconds().saturating_add(PAUSE_SECONDS);
                making.pause_until = Timestamp::from_unix_seconds(until);
                Ok(stored.token)
            }
        }
    }

    /// One caller makes a token, the others wait for it; and for its failure, so that they do not all try in turn.
    async fn make_anew(
        &self,
        core: &Core,
        make: impl Future<Output = Result<NewToken, TokenError>>,
    ) -> Result<AccessToken, TokenError> {
        let (mut making, has_waited) = match self.0.making.try_lock() {
            Ok(making) => (making, false),
            Err(_) => (self.0.making.lock().await, true),
        };
        match (self.state(core).await?, &making.failed) {
            (State::Good(token), _) | (State::Ageing(StoredToken { token, .. }), _) => Ok(token),
            (State::Unusable(_), Some(reason)) if has_waited => {
                Err(TokenError::JustFailed { reason: reason.clone() })
            }
            (State::Unusable(stored), _) => self.make(core, &mut making, stored.as_ref(), make).await,
        }
    }

    async fn make(
        &self,
        core: &Core,
        making: &mut MutexGuard<'_, Making>,
        old: Option<&StoredToken>,
        make: impl Future<Output = Result<NewToken, TokenError>>,
    ) -> Result<AccessToken, TokenError> {
        // Cleared first: a caller that is dropped while it waits leaves no stale failure behind.
        making.failed = None;
        let asked_at = core.now();
        let made = match make.await {
            Ok(new) => self.keep(core, asked_at, old, new).await,
            Err(error) => Err(error),
        };
        making.failed = made.as_ref().err().map(ToString::to_string);
        made
    }

    /// Stores a new token, unless another instance has stored a usable one meanwhile: then that one counts.
    async fn keep(
        &self,
        core: &Core,
        asked_at: Timestamp,
        old: Option<&StoredToken>,
        new: NewToken,
    ) -> Result<AccessToken, TokenError> {
        let new = usable(new, asked_at)?;
        let Inner { key, store, .. } = &*self.0;
        if store.replace(key, old.map(|old| &old.token), &new).await? {
            return Ok(new.token);
        }
        match self.state(core).await? {
            State::Good(token) | State::Ageing(StoredToken { token, .. }) => Ok(token),
            State::Unusable(_) => Ok(new.token),
        }
    }

    async fn state(&self, core: &Core) -> Result<State, TokenError> {
        let Inner { key, refresh_at, store, refused, making: _ } = &*self.0;
        let stored = match store.at_hand(key) {
            Some(stored) => Some(stored),
            None => store.load(key).await?,
        };
        let Some(stored) = stored else { return Ok(State::Unusable(None)) };
        let now = core.now();
        let is_refused = lock(refused).as_ref() == Some(&stored.token);
        Ok(if is_refused || stored.expires_at <= now {
            State::Unusable(Some(stored))
        } else if refresh_at.renews_at(&stored) <= now.unix_millis() {
            State::Ageing(stored)
        } else {
            State::Good(stored.token)
        })
    }
}

impl RefreshAt {
    /// In milliseconds since 1970.
    fn renews_at(self, stored: &StoredToken) -> i64 {
        let (from, to) = (stored.made_at.unix_millis(), stored.expires_at.unix_millis());
        match self {
            Self::Percent(percent) => {
                let lifetime = i128::from(to.saturating_sub(from));
                let used = lifetime * i128::from(percent.min(100)) / 100;
                i64::try_from(used).map_or(to, |used| from.saturating_add(used))
            }
            Self::SecondsBefore(seconds) => {
                let ahead = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000);
                to.saturating_sub(ahead)
            }
        }
    }
}

/// One call's right to have the token renewed, which it has once.
#[derive(Debug)]
pub struct TokenAttempt {
    cache: TokenCache,
    is_first: bool,
}

impl TokenAttempt {
    /// The provider refused this token. `true`: ask for a token again and repeat the call; the next token is a new one
    /// unless somebody has replaced the refused one already. `false`: it has been repeated before, let it end.
    #[must_use]
    pub fn renew(&mut self, token: &AccessToken) -> bool {
        if self.is_first {
            *lock(&self.cache.0.refused) = Some(token.clone());
        }
        std::mem::replace(&mut self.is_first, false)
    }
}

fn usable(new: NewToken, asked_at: Timestamp) -> Result<StoredToken, TokenError> {
    let NewToken { token, lifetime_seconds } = new;
    if token.expose().is_empty() {
        return Err(TokenError::Unusable { reason: "it is empty" });
    }
    let refused = TokenError::Unusable { reason: "its lifetime is not positive, or longer than any time" };
    if lifetime_seconds <= 0 {
        return Err(refused);
    }
    let end =
        lifetime_seconds.checked_mul(1000).and_then(|millis| asked_at.unix_millis().checked_add(millis));
    let expires_at = end.and_then(Timestamp::from_unix_millis).ok_or(refused)?;
    Ok(StoredToken { token, made_at: asked_at, expires_at })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
