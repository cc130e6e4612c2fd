//! A client of no provider, and transports that say what they are told.
#![allow(dead_code, clippy::unwrap_used)]

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use payspec_runtime::{
    AbsentWhen, Addresses, Assemble, ClientBuilder, Core, Environment, FixedClock, HttpUrl, Prepared,
    Response, Secret, Timestamp, Transport, TransportError, TransportLimits, transport::Sending,
};

/// What must never be seen.
pub(crate) const SECRET: &str = "k3y-that-must-not-be-seen";

#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    pub(crate) secret: Secret,
}

pub(crate) struct Client {
    pub(crate) credentials: Credentials,
    pub(crate) core: Core,
}

pub(crate) struct Place {
    pub(crate) address: &'static str,
    pub(crate) plain_http: bool,
}

impl Environment for Place {
    fn addresses(self) -> Addresses {
        Addresses::fixed(&[self.address], self.plain_http)
    }
}

impl Assemble for Client {
    type Credentials = Credentials;
    type Environment = Place;
    type Options = ();
    const PROVIDER: &'static str = "fixture";
    const ABSENT_WHEN: AbsentWhen = AbsentWhen::Empty;
    const CHECKS_CALLBACK_AGE: bool = true;

    fn assemble(credentials: Credentials, (): (), core: Core) -> Self {
        Self { credentials, core }
    }
}

pub(crate) fn builder() -> ClientBuilder<Client> {
    ClientBuilder::new(Credentials { secret: Secret::new(SECRET) })
        .clock(FixedClock::new(now()))
        .transport(Scripted::default())
}

pub(crate) fn at(address: &'static str) -> ClientBuilder<Client> {
    builder().environment(Place { address, plain_http: true })
}

pub(crate) fn client() -> Client {
    at("https://pay.example.com").build().unwrap()
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_700_000_000).unwrap()
}

pub(crate) fn url(text: &str) -> HttpUrl {
    text.parse().unwrap()
}

/// Answers with what it was given, last first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scripted {
    pub(crate) answers: Arc<Mutex<Vec<Result<Response, TransportError>>>>,
    pub(crate) asked: Arc<AtomicUsize>,
}

impl Scripted {
    pub(crate) fn answering(answer: Result<Response, TransportError>) -> Self {
        Self { answers: Arc::new(Mutex::new(vec![answer])), ..Self::default() }
    }
}

impl Transport for Scripted {
    fn send<'a>(&'a self, _: &'a Prepared, _: TransportLimits) -> Sending<'a> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answers.lock().unwrap().pop();
        Box::pin(async move { answer.unwrap_or(Err(TransportError::TimedOut)) })
    }
}

pub(crate) fn ok(body: &str) -> Response {
    Response::new(200, Vec::new(), body.as_bytes().to_vec())
}
