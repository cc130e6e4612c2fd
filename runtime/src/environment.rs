//! Where a provider is reached: one address for each of its hosts.

use crate::{HttpUrl, UrlError};

/// What every emitted `Environment` says about itself.
pub trait Environment {
    /// The addresses of the hosts, in the order of `Host`.
    fn addresses(self) -> Addresses;
}

/// The address of each host, and whether the provider offers plain http.
#[derive(Clone, Debug)]
pub struct Addresses {
    hosts: Vec<Result<HttpUrl, UrlError>>,
    plain_http: bool,
}

impl Addresses {
    /// Addresses that were supplied.
    #[must_use]
    pub fn new<const N: usize>(hosts: [HttpUrl; N], plain_http: bool) -> Self {
        Self { hosts: hosts.into_iter().map(Ok).collect(), plain_http }
    }

    /// Addresses that the spec states. An empty one is put in by [`Addresses::with`].
    #[must_use]
    pub fn fixed(hosts: &[&str], plain_http: bool) -> Self {
        Self { hosts: hosts.iter().map(|host| host.parse()).collect(), plain_http }
    }

    /// The same with this address at this place.
    #[must_use]
    pub fn with(mut self, host: usize, address: HttpUrl) -> Self {
        if let Some(known) = self.hosts.get_mut(host) {
            *known = Ok(address);
        }
        self
    }

    /// The provider offers plain http.
    pub(crate) const fn offers_plain_http(&self) -> bool {
        self.plain_http
    }

    /// All addresses, or the mistake in the first that is none.
    pub(crate) fn into_hosts(self) -> Result<Vec<HttpUrl>, UrlError> {
        self.hosts.into_iter().collect()
    }
}
