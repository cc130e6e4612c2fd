//! Building a client: credentials and environment are the merchant's, everything else has a sensible value.

use std::{sync::Arc, time::Duration};

use crate::{
    AbsentWhen, Clock, Core, Environment, HttpUrl, MalformedSecret, Randomness, SystemClock,
    SystemRandomness, TokenStore, Transport, UrlError, Violations,
    core::{Settings, Shared},
    json::DEPTH_LIMIT,
};

/// What an emitted client says to [`ClientBuilder`].
pub trait Assemble: Sized {
    /// What the merchant was given.
    type Credentials;
    /// Where the provider is reached.
    type Environment: Environment;
    /// What a client may choose once.
    type Options: Default;
    /// The provider's name.
    const PROVIDER: &'static str;
    /// Which received values count as absent.
    const ABSENT_WHEN: AbsentWhen = AbsentWhen::Empty;
    /// Every callback names the time at which it was sent, and emitted code checks it with [`Core::fresh`].
    const CHECKS_CALLBACK_AGE: bool = false;

    /// Decodes the secrets that are written in hex or base64.
    ///
    /// # Errors
    /// [`BuildError::Secret`] names the one that is malformed.
    fn decode(credentials: Self::Credentials) -> Result<Self::Credentials, BuildError> {
        Ok(credentials)
    }

    /// Looks at credentials and options before a client is made of them.
    ///
    /// # Errors
    /// What is wrong with them.
    fn check(_credentials: &Self::Credentials, _options: &Self::Options) -> Result<(), Violations> {
        Ok(())
    }

    /// Puts the client together.
    fn assemble(credentials: Self::Credentials, options: Self::Options, core: Core) -> Self;
}

/// Builds a client.
#[must_use = "call build()"]
pub struct ClientBuilder<C: Assemble> {
    credentials: C::Credentials,
    environment: Option<C::Environment>,
    options: C::Options,
    transport: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    token_store: Option<Arc<dyn TokenStore>>,
    settings: Settings,
}

impl<C: Assemble> ClientBuilder<C> {
    /// Begins with the merchant's credentials.
    pub fn new(credentials: C::Credentials) -> Self {
        Self {
            credentials,
            environment: None,
            options: C::Options::default(),
            transport: None,
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
            token_store: None,
            settings: Settings {
                allow_plain_http: false,
                explain: false,
                reply_limit: 1024 * 1024,
                callback_limit: 64 * 1024,
                json_depth: DEPTH_LIMIT,
                timeout: Duration::from_secs(30),
                callback_max_age: None,
            },
        }
    }

    /// Where the provider is reached. Required.
    pub fn environment(mut self, environment: C::Environment) -> Self {
        self.environment = Some(environment);
        self
    }

    /// What a client may choose once.
    pub fn options(mut self, options: C::Options) -> Self {
        self.options = options;
        self
    }

    /// Sends requests in place of the transport of the crate's features.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Tells the time in place of the system.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Gives nonces and salts in place of the system. For tests: whoever can guess a nonce can forge.
    pub fn randomness(mut self, randomness: impl Randomness + 'static) -> Self {
        self.randomness = Arc::new(randomness);
        self
    }

    /// Keeps access tokens in place of the memory of this process, for providers that have tokens. Instances that
    /// share a merchant number should share a store.
    pub fn token_store(mut self, store: impl TokenStore + 'static) -> Self {
        self.token_store = Some(Arc::new(store));
        self
    }

    /// Allows plain http where the provider offers it, and to a custom address. Replies that are not signed can then
    /// be forged by anybody on the way.
    pub fn allow_plain_http(mut self) -> Self {
        self.settings.allow_plain_http = true;
        self
    }

    /// Keeps the signed text of each request, secrets and personal data masked. See [`crate::Prepared::signed_text`].
    pub fn explain(mut self, explain: bool) -> Self {
        self.settings.explain = explain;
        self
    }

    /// How many bytes of a reply are read. 1 MiB unless said.
    pub fn reply_limit(mut self, bytes: usize) -> Self {
        self.settings.reply_limit = bytes;
        self
    }

    /// How many bytes of a callback are read. 64 KiB unless said.
    pub fn callback_limit(mut self, bytes: usize) -> Self {
        self.settings.callback_limit = bytes;
        self
    }

    /// How deep JSON may be nested. 64 unless said.
    pub fn json_depth(mut self, levels: usize) -> Self {
        self.settings.json_depth = levels;
        self
    }

    /// How long a call may take, connecting included. 30 seconds unless said.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// How old a callback may be, or how far in the future, by the time that it names. No limit unless said: some
    /// providers repeat a notice for days with the time of the first. Where the spec does not say which field names
    /// the time, `build` refuses it.
    pub fn callback_max_age(mut self, age: Duration) -> Self {
        self.settings.callback_max_age = Some(age);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// [`BuildError`] says what is missing or does not fit.
    pub fn build(self) -> Result<C, BuildError> {
        let Self { credentials, environment, options, transport, clock, randomness, token_store, settings } =
            self;
        let credentials = C::decode(credentials)?;
        C::check(&credentials, &options).map_err(BuildError::Invalid)?;
        if settings.callback_max_age.is_some() && !C::CHECKS_CALLBACK_AGE {
            return Err(BuildError::CallbackAgeUnknown);
        }
        let addresses = environment.ok_or(BuildError::NoEnvironment)?.addresses();
        let offers_plain_http = addresses.offers_plain_http();
        let hosts = addresses.into_hosts().map_err(BuildError::Address)?;
        if let Some(plain) = hosts.iter().find(|host| host.is_plain_http()) {
            refuse_plain_http(plain, offers_plain_http, settings.allow_plain_http)?;
        }
        let transport = match transport {
            Some(transport) => transport,
            None => default_transport()?,
        };
        let shared = Shared {
            provider: C::PROVIDER,
            transport,
            clock,
            randomness,
            token_store,
            absent: C::ABSENT_WHEN,
            settings,
        };
        Ok(C::assemble(credentials, options, Core::new(shared, hosts)))
    }
}

/// Shows no credentials.
impl<C: Assemble> std::fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { settings, transport, clock, .. } = self;
        f.debug_struct("ClientBuilder")
            .field("provider", &C::PROVIDER)
            .field("settings", settings)
            .field("transport", transport)
            .field("clock", clock)
            .finish_non_exhaustive()
    }
}

fn refuse_plain_http(address: &HttpUrl, is_offered: bool, is_allowed: bool) -> Result<(), BuildError> {
    let host = address.host().to_owned();
    match (is_offered, is_allowed) {
        (false, _) => Err(BuildError::PlainHttpNotOffered { host }),
        (true, false) => Err(BuildError::PlainHttpNotAllowed { host }),
        (true, true) => Ok(()),
    }
}

#[cfg(feature = "reqwest")]
fn default_transport() -> Result<Arc<dyn Transport>, BuildError> {
    Ok(Arc::new(crate::transport::ReqwestTransport::new().map_err(BuildError::Transport)?))
}

#[cfg(not(feature = "reqwest"))]
fn default_transport() -> Result<Arc<dyn Transport>, BuildError> {
    Err(BuildError::NoTransport)
}

impl BuildError {
    /// For emitted code: says which secret is malformed.
    pub fn secret(name: &'static str) -> impl FnOnce(MalformedSecret) -> Self {
        move |reason| Self::Secret { name, reason }
    }
}

/// Why no client could be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// `environment` was not called.
    #[error("no environment was chosen: call `environment(..)` on the client builder")]
    NoEnvironment,
    /// Credentials or options that cannot be right.
    #[error("credentials or options do not fit: {0}")]
    Invalid(Violations),
    /// A secret that is not written as the provider writes it. Its text is not shown.
    #[error("the secret `{name}` cannot be read: {reason}")]
    Secret {
        /// The credential.
        name: &'static str,
        /// How it should be written.
        reason: MalformedSecret,
    },
    /// `callback_max_age` was called, and would protect nothing.
    #[error(
        "the spec does not say where callbacks name their time: `callback_max_age` cannot be kept, leave it out"
    )]
    CallbackAgeUnknown,
    /// The spec states an address that is none.
    #[error("the spec states an address that is none: {0}")]
    Address(UrlError),
    /// The address is plain http, which the provider does not offer.
    #[error("the address of {host} is plain http, which the provider does not offer: use https")]
    PlainHttpNotOffered {
        /// The host.
        host: String,
    },
    /// The address is plain http, and nobody has said that it may be.
    #[error(
        "the address of {host} is plain http, where anybody on the way can forge replies: use https, or call \
         `allow_plain_http()` on the client builder if there is nothing else"
    )]
    PlainHttpNotAllowed {
        /// The host.
        host: String,
    },
    /// There is nothing to send with.
    #[error(
        "there is no transport: turn on the feature `rustls` or `native-tls`, or call `transport(..)` on the client \
         builder"
    )]
    NoTransport,
    /// The transport of the crate's features cannot be made.
    #[cfg(feature = "reqwest")]
    #[error("{0}")]
    Transport(#[source] crate::transport::TransportSetUpError),
}
