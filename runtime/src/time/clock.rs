//! Where the time comes from: the system, or a test.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::{LAST_SECOND, MILLIS, Timestamp};

/// Tells the time and waits. Object-safe: a client holds an `Arc<dyn Clock>`.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// Becomes ready when so much time has passed.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The clock of the system; waits by the timer of `tokio`.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // Cut to milliseconds, so that an instant is equal to what is read back from the wire.
        let now = jiff::Timestamp::now();
        Timestamp::from_unix_millis(now.as_millisecond()).unwrap_or(Timestamp(now))
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A clock that stands still until it is told otherwise. For tests; clones show the same time.
///
/// Sleeping takes no time: it moves the clock forward and is over at once.
#[derive(Clone, Debug)]
pub struct FixedClock(Arc<AtomicI64>);

impl FixedClock {
    /// A clock that stands at this instant.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(now.unix_millis())))
    }

    /// Moves the clock to this instant.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.unix_millis(), Ordering::SeqCst);
    }

    /// Moves the clock forward, at most to the end of the year 9999.
    pub fn advance(&self, duration: Duration) {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        let forward = |now: i64| now.saturating_add(millis).min(LAST_SECOND * MILLIS);
        let _ = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |now| Some(forward(now)));
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        let millis = self.0.load(Ordering::SeqCst);
        Timestamp::from_unix_millis(millis).unwrap_or(Timestamp(jiff::Timestamp::UNIX_EPOCH))
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.advance(duration);
        Box::pin(std::future::ready(()))
    }
}
