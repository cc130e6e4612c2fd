//! Setting a generated client up: the interpreter's settings become typed credentials, a preset token, a clock and a
//! source of randomness that the test fixes.

use std::{
    collections::VecDeque,
    future::{Future, ready},
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use payspec::{
    AccessToken, FixedClock, HttpUrl, Prepared, Secret, Timestamp, Transport, TransportError,
    TransportLimits,
    token::{StoredToken, Storing},
    transport::Sending,
};
use payspec_interpreter::{CredentialValue, Instant, Map, Settings};
use payspec_runtime::{
    Assemble, ClientBuilder, KeysById, NoRandomness, Randomness, TokenStore,
    crypto::{RsaPrivateKey, RsaPublicKey, Sm2PrivateKey, Sm2PublicKey},
};

use super::{Mismatch, Moment};

type Credentials = Map<CredentialValue>;

fn credential<T>(
    values: &Credentials,
    name: &str,
    pick: impl FnOnce(&CredentialValue) -> Option<T>,
) -> Result<T, Mismatch> {
    let value = values.get(name).ok_or_else(|| Mismatch::new(name, "is missing"))?;
    pick(value).ok_or_else(|| Mismatch::new(name, "is a credential of another kind"))
}

pub(super) fn text(values: &Credentials, name: &str) -> Result<String, Mismatch> {
    credential(values, name, |value| match value {
        CredentialValue::Text(text) => Some(text.clone()),
        _ => None,
    })
}

pub(super) fn secret(values: &Credentials, name: &str) -> Result<Secret, Mismatch> {
    credential(values, name, |value| match value {
        CredentialValue::Secret(secret) => Some(secret.clone()),
        _ => None,
    })
}

pub(super) fn rsa_private(values: &Credentials, name: &str) -> Result<RsaPrivateKey, Mismatch> {
    credential(values, name, |value| match value {
        CredentialValue::RsaPrivate(key) => Some(key.clone()),
        _ => None,
    })
}

/// Settings that also play the provider hold the private half: the public one is in it.
pub(super) fn rsa_public(values: &Credentials, name: &str) -> Result<RsaPublicKey, Mismatch> {
    credential(values, name, |value| match value {
        CredentialValue::RsaPublic(key) => Some(key.clone()),
        CredentialValue::RsaPrivate(key) => Some(key.public_key()),
        _ => None,
    })
}

/// Keys of which a message says by an id which one it means.
pub(super) fn rsa_public_by_id(values: &Credentials, name: &str) -> Result<KeysById<RsaPublicKey>, Mismatch> {
    credential(values, name, |value| match value {
        CredentialValue::Keys(keys) => keys
            .iter()
            .map(|(id, key)| match key {
                CredentialValue::RsaPublic(key) => Some((id.to_owned(), key.clone())),
                CredentialValue::RsaPrivate(key) => Some((id.to_owned(), key.public_key())),
                _ => None,
            })
            .collect(),
        _ => None,
    })
}

pub(super) fn sm2_private(values: &Credentials, name: &str) -> Result<Sm2PrivateKey, Mismatch> {
    credential(values, name, |value| match value {
        CredentialValue::Sm2Private(key) => Some(key.clone()),
        _ => None,
    })
}

pub(super) fn sm2_public(values: &Credentials, name: &str) -> Result<Sm2PublicKey, Mismatch> {
    credential(values, name, |value| match value {
        CredentialValue::Sm2Public(key) => Some(key.clone()),
        CredentialValue::Sm2Private(key) => Some(key.public_key()),
        _ => None,
    })
}

pub(super) fn choice<'v>(
    values: &'v Credentials,
    name: &str,
) -> Result<(&'v str, &'v Credentials), Mismatch> {
    match values.get(name) {
        Some(CredentialValue::Choice { alternative, members }) => Ok((alternative, members)),
        _ => Err(Mismatch::new(name, "is no choice")),
    }
}

pub(super) fn host(settings: &Settings, name: &str) -> Result<HttpUrl, Mismatch> {
    let address = settings.hosts.get(name).ok_or_else(|| Mismatch::new(name, "has no address"))?;
    address.parse().map_err(|_| Mismatch::new(name, "is no address"))
}

pub(super) fn timestamp(now: Instant) -> Timestamp {
    Timestamp::from_unix_millis(now.unix_millis()).expect("a time between the years 1 and 9999")
}

/// What a test fixes for one message: the clock, and what is drawn.
#[derive(Debug)]
pub(super) struct Fixed {
    clock: FixedClock,
    drawn: Drawn,
}

impl Fixed {
    pub(super) fn set(&self, with: &Moment) {
        self.clock.set(timestamp(with.now));
        *self.drawn.0.lock().expect("no test has panicked here") = with.drawn.clone().into();
    }
}

/// Gives the bytes of the test, and nothing when they are used up.
#[derive(Clone, Debug, Default)]
struct Drawn(Arc<Mutex<VecDeque<u8>>>);

impl Randomness for Drawn {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        let mut drawn = self.0.lock().expect("no test has panicked here");
        for byte in bytes {
            *byte = drawn.pop_front().ok_or(NoRandomness)?;
        }
        Ok(())
    }
}

/// The client, and what can be fixed about it.
pub(super) fn client<C: Assemble>(
    settings: &Settings,
    credentials: C::Credentials,
    options: C::Options,
    environment: C::Environment,
) -> Result<(C, Fixed), Mismatch> {
    let drawn = Drawn::default();
    let clock = FixedClock::new(timestamp(Instant::from_unix_seconds(0)));
    let token = settings.tokens.iter().next().map(|(_, token)| AccessToken::new(token));
    let client = ClientBuilder::<C>::new(credentials)
        .environment(environment)
        .options(options)
        .clock(clock.clone())
        .randomness(drawn.clone())
        .token_store(PresetToken(token))
        .transport(NoTransport)
        .allow_plain_http()
        .explain(true)
        .build();
    match client {
        Ok(client) => Ok((client, Fixed { clock, drawn })),
        Err(error) => Err(Mismatch::new("settings", error.to_string())),
    }
}

/// A future that has nothing to wait for: the token is there.
pub(super) fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a request with a preset token waits for nothing"),
    }
}

/// Always the token of the settings, good for ever.
#[derive(Debug)]
struct PresetToken(Option<AccessToken>);

impl TokenStore for PresetToken {
    fn load<'a>(&'a self, _: &'a str) -> Storing<'a, Option<StoredToken>> {
        let (made_at, expires_at) =
            (Timestamp::from_unix_seconds(0), Timestamp::from_unix_seconds(253_402_200_000));
        let stored = self.0.clone().zip(made_at.zip(expires_at));
        let stored = stored.map(|(token, (made_at, expires_at))| StoredToken { token, made_at, expires_at });
        Box::pin(ready(Ok(stored)))
    }

    fn replace<'a>(
        &'a self,
        _: &'a str,
        _: Option<&'a AccessToken>,
        _: &'a StoredToken,
    ) -> Storing<'a, bool> {
        Box::pin(ready(Ok(true)))
    }
}

/// Nothing is ever sent here.
#[derive(Debug)]
struct NoTransport;

impl Transport for NoTransport {
    fn send<'a>(&'a self, _: &'a Prepared, _: TransportLimits) -> Sending<'a> {
        Box::pin(ready(Err(TransportError::NotSent { reason: "the bridge sends nothing".to_owned() })))
    }
}
