//! A fake payment provider, made from any spec.
//!
//! It listens on loopback and behaves as the spec says: it refuses what is not signed or breaks a limit, books
//! orders, answers queries from its books, signs answers and callbacks, and makes mistakes on demand ([`Mishap`]).
//! Everything about the protocol it takes from the interpreter, which reads the same spec as the compiler but shares
//! no code with what the compiler emits: when a generated client and this provider understand each other, two
//! readings of the spec agree.
//!
//! A buyer does not exist here: [`Sandbox::settle`] says what became of an order, [`Sandbox::deliver`] reports it.

mod answer;
mod book;
mod deliver;
mod journal;
mod mishap;
mod server;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use payspec_codegen::ir::{Provider, Word};
use payspec_interpreter::{Instant, Interpreter, Map, Settings, SettingsError, Supplied, Value};
use payspec_runtime::transport::TransportSetUpError;
use payspec_runtime::{Clock, SystemClock};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use self::book::Order;
pub use self::deliver::{DeliverError, Delivery};
pub use self::journal::Entry;
pub use self::mishap::Mishap;

use self::book::Book;

/// What a fake provider is made from.
pub struct Setup {
    provider: Arc<Provider>,
    settings: Settings,
    clock: Arc<dyn Clock>,
    hosts: Vec<(String, SocketAddr)>,
    given: Map<String>,
}

/// Given values may be secrets.
impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Setup({}, {:?})", self.provider.name, self.settings)
    }
}

impl Setup {
    /// A provider with the credentials of one merchant. Keys are the mirror image of the client's: the provider
    /// needs the private half of what the client verifies with.
    #[must_use]
    pub fn new(provider: Arc<Provider>, settings: Settings) -> Self {
        Self { provider, settings, clock: Arc::new(SystemClock), hosts: Vec::new(), given: Map::new() }
    }

    /// With another clock, so that what it answers can be foretold.
    #[must_use]
    pub fn clock(self, clock: impl Clock + 'static) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }

    /// Callbacks to this host go to this address instead: a shop on loopback can then have a name that does not
    /// change with its port, and a signed text that can be foretold.
    #[must_use]
    pub fn resolve(mut self, host: &str, address: SocketAddr) -> Self {
        self.hosts.push((host.to_owned(), address));
        self
    }

    /// A given value of the spec: the same for every message, as one merchant with one buyer has it.
    #[must_use]
    pub fn given(mut self, name: &str, value: &str) -> Self {
        self.given.insert(name, value.to_owned());
        self
    }
}

/// Why a fake provider cannot start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The credentials do not fit the spec.
    #[error("the settings do not fit the spec: {0}")]
    Settings(#[from] SettingsError),
    /// No port on loopback is to be had.
    #[error("no port on the loopback address: {0}")]
    Listen(#[from] io::Error),
    /// Callbacks cannot be sent.
    #[error("no client for callbacks: {0}")]
    Client(#[from] reqwest::Error),
    /// Callbacks cannot be sent over TLS.
    #[error(transparent)]
    Tls(#[from] TransportSetUpError),
}

/// A fake provider that is running. It stops when the last handle is dropped.
#[derive(Clone, Debug)]
pub struct Sandbox {
    shared: Arc<Shared>,
    server: Arc<Server>,
}

#[derive(Debug)]
struct Server {
    address: String,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What the server and the handles share.
struct Shared {
    interpreter: Interpreter,
    clock: Arc<dyn Clock>,
    given: Map<String>,
    sender: reqwest::Client,
    state: Mutex<State>,
}

/// Given values may be secrets, and so may fields in the books.
impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shared({})", self.provider().name)
    }
}

#[derive(Debug, Default)]
struct State {
    book: Book,
    journal: Vec<Entry>,
    mishap: Option<Mishap>,
    /// Values that the next successful answer has instead of made-up ones.
    wishes: Vec<(String, Value)>,
    tokens: Vec<String>,
}

impl Shared {
    /// The state. A panic of another holder cannot have left it half changed: every change is one call.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn provider(&self) -> &Provider {
        self.interpreter.provider()
    }

    /// What goes with each message beside its fields.
    fn supplied(&self) -> Supplied {
        Supplied::given(self.given.clone()).at(self.now())
    }

    fn now(&self) -> Instant {
        Instant::from_unix_millis(self.clock.now().unix_millis())
    }
}

impl Sandbox {
    /// Starts listening on a free port of the loopback address.
    ///
    /// # Errors
    /// [`StartError`]: the credentials do not fit the spec, or there is no port.
    pub async fn start(setup: Setup) -> Result<Self, StartError> {
        let interpreter = Interpreter::new(setup.provider, setup.settings)?;
        let sender = deliver::sender(&setup.hosts)?;
        let shared = Arc::new(Shared {
            interpreter,
            clock: setup.clock,
            given: setup.given,
            sender,
            state: Mutex::default(),
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let task = tokio::spawn(server::serve(listener, Arc::clone(&shared)));
        Ok(Self { shared, server: Arc::new(Server { address, task }) })
    }

    /// Scheme, host and port: what every host of the spec is replaced by.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.server.address
    }

    /// Goes wrong with the next call.
    pub fn fail_next(&self, mishap: Mishap) {
        self.shared.state().mishap = Some(mishap);
    }

    /// Puts this value into the data of the next successful answer.
    pub fn answer_next_with(&self, field: &str, value: impl Into<Value>) {
        self.shared.state().wishes.push((field.to_owned(), value.into()));
    }

    /// What was seen and done since the last time that somebody asked.
    #[must_use]
    pub fn take_journal(&self) -> Vec<Entry> {
        std::mem::take(&mut self.shared.state().journal)
    }

    /// The books.
    #[must_use]
    pub fn orders(&self) -> Vec<Order> {
        self.shared.state().book.orders().to_vec()
    }

    /// Decides what became of an order, as a buyer would. `None`: there is no order of this number.
    #[must_use]
    pub fn settle(&self, number: usize, state: Word) -> Option<Order> {
        self.shared.state().book.settle(number, state)
    }
}
