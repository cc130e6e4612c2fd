//! A request that is built and signed, ready to be sent by any transport.

use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, OnceLock},
};

use crate::{HttpUrl, Method};

/// A signed request. For a transport of one's own: send it unchanged, and read what comes back with the `read_..`
/// function of the operation.
///
/// `Debug` shows neither query, headers nor body: tokens and personal data travel there.
#[derive(Clone, PartialEq, Eq)]
pub struct Prepared {
    pub(crate) method: Method,
    pub(crate) url: Target,
    pub(crate) content_type: Option<Cow<'static, str>>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) signed_text: Option<String>,
    #[cfg(feature = "trace")]
    pub(crate) composed: Vec<u8>,
}

impl Prepared {
    /// The method.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// The whole address, with its query.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// The `Content-Type` header; `None` without a body.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Further headers, which must be sent as they are: some of them are signed.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The text that was signed, secrets and personal data masked, if the client was built with `explain(true)`.
    #[must_use]
    pub fn signed_text(&self) -> Option<&str> {
        self.signed_text.as_deref()
    }

    /// The bytes that were signed, secrets among them: for tests alone. Of several recipes, those of the last.
    #[cfg(feature = "trace")]
    #[must_use]
    pub fn composed_text(&self) -> &[u8] {
        &self.composed
    }

    /// The address without its query, to be shown.
    pub(crate) fn shown_url(&self) -> &str {
        without_query(self.url())
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prepared({} {}, {} bytes)", self.method, self.shown_url(), self.body.len())
    }
}

/// Where a request goes: an address, or a path below one, which is composed when somebody asks for it.
#[derive(Clone)]
pub(crate) enum Target {
    Whole(String),
    Below { hosts: Arc<[HttpUrl]>, host: usize, path: &'static str, whole: OnceLock<String> },
}

impl Target {
    /// A path below one of the hosts.
    pub(crate) const fn below(hosts: Arc<[HttpUrl]>, host: usize, path: &'static str) -> Self {
        Self::Below { hosts, host, path, whole: OnceLock::new() }
    }

    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Whole(url) => url,
            Self::Below { hosts, host, path, whole } => {
                whole.get_or_init(|| [hosts.get(*host).map_or("", HttpUrl::base), path].concat())
            }
        }
    }
}

impl PartialEq for Target {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Target {}

/// A signed address that the browser is sent to, with status 302.
///
/// It carries the signature, and maybe an access token: hand it to that browser and to nobody else. `Debug` does not
/// show its query.
#[derive(Clone, PartialEq, Eq)]
pub struct RedirectUrl {
    pub(crate) url: String,
    pub(crate) signed_text: Option<String>,
    #[cfg(feature = "trace")]
    pub(crate) composed: Vec<u8>,
}

impl RedirectUrl {
    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// The text that was signed, secrets and personal data masked, if the client was built with `explain(true)`.
    #[must_use]
    pub fn signed_text(&self) -> Option<&str> {
        self.signed_text.as_deref()
    }

    /// The bytes that were signed, secrets among them: for tests alone. Of several recipes, those of the last.
    #[cfg(feature = "trace")]
    #[must_use]
    pub fn composed_text(&self) -> &[u8] {
        &self.composed
    }
}

impl AsRef<str> for RedirectUrl {
    fn as_ref(&self) -> &str {
        &self.url
    }
}

impl fmt::Debug for RedirectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedirectUrl({})", without_query(&self.url))
    }
}

fn without_query(url: &str) -> &str {
    url.split('?').next().unwrap_or_default()
}
