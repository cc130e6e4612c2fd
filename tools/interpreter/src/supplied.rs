//! What is handed in with one message beside its fields: given values, fresh values that a test fixes, the clock.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::time::Instant;
use crate::value::Map;

/// What goes with one message beside its fields. The default gives nothing, makes fresh values at random, and takes
/// the time from the machine.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Supplied {
    /// Values of `given`, by name.
    pub given: Map<String>,
    /// Fresh values, by name, in place of random ones and of the time; values of the format `bytes` in hex. When a
    /// message is verified they are not looked at.
    pub fresh: Map<String>,
    /// The present instant: of fresh times, and what `tolerance` is measured from. `None`: that of the settings
    /// ([`Settings::fresh`](crate::Settings::fresh)), else of the machine.
    pub now: Option<Instant>,
    /// Of a callback that is signed: where it will be sent, as the signer sees it.
    pub url: Option<String>,
}

impl Supplied {
    /// These given values, and nothing else.
    #[must_use]
    pub fn given(given: Map<String>) -> Self {
        Self { given, ..Self::default() }
    }

    /// These fresh values as well.
    #[must_use]
    pub fn fresh(self, fresh: Map<String>) -> Self {
        Self { fresh, ..self }
    }

    /// At this instant.
    #[must_use]
    pub fn at(self, now: Instant) -> Self {
        Self { now: Some(now), ..self }
    }

    /// To this URL.
    #[must_use]
    pub fn to(self, url: &str) -> Self {
        Self { url: Some(url.to_owned()), ..self }
    }
}

/// Given values may be secrets: names only.
impl fmt::Debug for Supplied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { given, fresh, now, url } = self;
        let names = |map: &Map<String>| map.iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
        f.debug_struct("Supplied")
            .field("given", &names(given))
            .field("fresh", &names(fresh))
            .field("now", now)
            .field("url", url)
            .finish()
    }
}

/// The clock of the machine.
pub(crate) fn machine_now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::from_unix_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
