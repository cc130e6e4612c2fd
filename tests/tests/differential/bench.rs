//! One spec on both sides: random messages for each of its accounts, and every difference.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    sync::Arc,
};

use payspec_codegen::ir::{Provider, Receive};
use payspec_interpreter::{Incoming, Instant, Interpreter, Map, Settings, Value};
use payspec_runtime::crypto::digest;
use payspec_tests::bridge::{
    Both, Delivered, Difference, Ended, Made, Moment, Received,
    random::{Account, Answered, Draw, Random, Tampering, Told},
    wire,
};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// Of a hundred requests, where RSA and SM2 can be chosen.
const RSA_SHARE: u64 = 5;

/// Where callbacks are sent.
const ADDRESS: &str = "https://shop.example.com/notify";

/// What became of a message.
pub(crate) enum Judged {
    /// Both did the same with a valid one.
    Same,
    /// Both refused it in the same way.
    Refused,
}

/// Runs until so many messages were valid, or one is judged differently; says how many were refused on the way.
fn run<T: std::fmt::Debug + 'static>(
    name: &str,
    cases: u32,
    strategy: &impl proptest::strategy::Strategy<Value = T>,
    judge: impl Fn(&T) -> Result<Judged, Difference>,
) -> Result<u32, String> {
    // The seed is the name: the same messages every time, others for every operation.
    let seed = digest::sha256(name.as_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::XorShift, &seed.as_bytes()[..16]);
    let config =
        Config { cases, max_global_rejects: cases * 4, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let refused = Cell::new(0);
    let first = RefCell::new(None);
    let result = runner.run(strategy, |message| match judge(&message) {
        Ok(Judged::Same) => Ok(()),
        Ok(Judged::Refused) => {
            refused.set(refused.get() + 1);
            Err(TestCaseError::reject("refused by both"))
        }
        Err(difference) => {
            first.borrow_mut().get_or_insert(format!("{difference}\n{message:?}"));
            Err(TestCaseError::fail("they differ"))
        }
    });
    match result {
        Ok(()) => Ok(refused.get()),
        Err(TestError::Abort(reason)) => Err(format!("{name}: {reason} ({} refused)", refused.get())),
        Err(TestError::Fail(..)) => Err(format!("{name}: {}", first.take().unwrap_or_default())),
    }
}

/// One spec on both sides, with an account for each kind of set-up.
pub(crate) struct Bench {
    pub(crate) accounts: Vec<Set>,
}

/// One account on both sides, and signers for the provider's messages.
pub(crate) struct Set {
    random: Random,
    pub(crate) both: Both,
    settings: Settings,
    is_rsa: bool,
    /// For each reading of each recipe: the spec in which that reading is the recipe.
    signers: Vec<Interpreter>,
}

impl Bench {
    /// The interpreter executes this spec, generated code the one of this name, for these accounts.
    pub(crate) fn of(provider: &Arc<Provider>, generated: &str, accounts: Vec<Account>) -> Self {
        let sets = accounts.into_iter().map(|Account { name, settings }| Set {
            random: Random::new(provider, &settings),
            both: Both::with_names(provider, generated, &settings).unwrap(),
            is_rsa: name.split(' ').any(|word| word == "rsa"),
            signers: signers(provider, &settings),
            settings,
        });
        Self { accounts: sets.collect() }
    }

    /// The account for a draw: all the same, but for the share of RSA where there is a choice.
    fn account(&self, share: u64, at: u64) -> &Set {
        let wanted = share % 100 < RSA_SHARE;
        let fitting: Vec<&Set> = self.accounts.iter().filter(|set| set.is_rsa == wanted).collect();
        let fitting = if fitting.is_empty() { self.accounts.iter().collect() } else { fitting };
        fitting[usize::try_from(at).unwrap() % fitting.len()]
    }

    pub(crate) fn requests(&self, operation: &str, cases: u32) -> Result<u32, String> {
        let known = self.accounts[0].both.interpreter.operation(operation).expect("an operation");
        let signature = known.signature.clone();
        self.run(
            operation,
            cases,
            move |draw, operation| (draw.inputs(operation), draw.moment(&signature), draw.once_in(10)),
            |set, message| {
                let (inputs, moment, verify): &(Map<Value>, Moment, bool) = message;
                Ok(match set.both.prepare(operation, inputs, moment, *verify)? {
                    Made::Made { .. } => Judged::Same,
                    Made::Refused => Judged::Refused,
                })
            },
        )
    }

    pub(crate) fn callbacks(&self, callback: &str, cases: u32) -> Result<u32, String> {
        let readings = self.accounts[0].signers.len();
        self.run(
            callback,
            cases,
            move |draw, callback| draw.told(callback, readings),
            |set, told| set.told(callback, told),
        )
    }

    pub(crate) fn answers(&self, operation: &str, cases: u32) -> Result<u32, String> {
        self.run(
            operation,
            cases,
            |draw, operation| draw.answered(operation),
            |set, answered| set.answered(operation, answered),
        )
    }

    /// Draws for each message an account, and from it the message.
    fn run<T: std::fmt::Debug + 'static>(
        &self,
        name: &str,
        cases: u32,
        draw: impl Fn(&mut Draw<'_>, &str) -> T + Clone + 'static,
        judge: impl Fn(&Set, &T) -> Result<Judged, Difference>,
    ) -> Result<u32, String> {
        // Accounts take turns; each has its own share of the messages, and its own seed.
        let total = u64::from(cases);
        let mut shares = vec![0_u32; self.accounts.len()];
        for at in 0..total {
            let set = self.account(at * 100 / total, at);
            let place = self.accounts.iter().position(|known| std::ptr::eq(known, set)).unwrap();
            shares[place] += 1;
        }
        let mut refused = 0;
        for (at, (set, share)) in self.accounts.iter().zip(shares).enumerate() {
            let (own, draw) = (name.to_owned(), draw.clone());
            let strategy = set.random.strategy(move |draws| draw(draws, &own));
            refused += run(&format!("{name} {at}"), share, &strategy, |message| judge(set, message))?;
        }
        Ok(refused)
    }
}

impl Set {
    /// The provider signs and sends; both receive.
    fn told(&self, callback: &str, told: &Told) -> Result<Judged, Difference> {
        let signer = &self.signers[told.reading % self.signers.len()];
        // What the recipe refuses, no provider can send.
        let supplied = told.moment.supplied().to(ADDRESS);
        let message = signer.sign_callback_with(callback, &told.fields, told.shape, &supplied);
        let Ok(message) = message else { return Ok(Judged::Refused) };
        let provider = self.both.interpreter.provider();
        let charset = wire::charset(provider, &self.settings);
        let (mut query, mut body) = (message.query.into_bytes(), message.body);
        if let Some(tampering) = told.tampering {
            let touched = if told.shape == Receive::GetQuery { &mut query } else { &mut body };
            tamper(touched, tampering, charset);
        }
        let query_text = String::from_utf8_lossy(&query);
        let url = if query.is_empty() { ADDRESS.to_owned() } else { format!("{ADDRESS}?{query_text}") };
        let incoming = Incoming::new(message.method, &query, message.content_type.as_deref(), &body)
            .headers(&message.headers)
            .url(&url);
        Ok(match self.both.verify(callback, &incoming, &told.moment)? {
            Received::Verified { .. } => Judged::Same,
            Received::Refused(_) => Judged::Refused,
        })
    }
}

impl Set {
    /// The provider signs and answers; both read. An ending that is no reply is compared like one that is.
    fn answered(&self, operation: &str, answered: &Answered) -> Result<Judged, Difference> {
        let Answered { inputs, answer, status, tampered } = answered;
        let moment = Moment::at(Instant::from_unix_seconds(0));
        let message = self.signers[0].sign_reply_with(operation, answer, &moment.supplied());
        let Ok(message) = message else { return Ok(Judged::Refused) };
        let mut body = message.body;
        if let Some(at) = tampered {
            let at = at % body.len();
            body[at] ^= 1;
        }
        let delivered = Delivered { status: *status, headers: &message.headers, body: &body };
        let ended = self.both.read(operation, inputs, &delivered, &moment)?;
        ENDINGS.with_borrow_mut(|endings| *endings.entry(ending(&ended)).or_default() += 1);
        Ok(Judged::Same)
    }
}

thread_local! {
    /// How calls have ended in this thread.
    pub(crate) static ENDINGS: RefCell<BTreeMap<&'static str, u32>> = const { RefCell::new(BTreeMap::new()) };
}

fn ending(ended: &Ended) -> &'static str {
    match ended {
        Ended::Reply { .. } => "replies",
        Ended::Rejected { .. } => "rejected",
        Ended::Unknown { .. } => "unknown",
        Ended::NotRead => "not read",
    }
}

fn tamper(wire: &mut Vec<u8>, tampering: Tampering, charset: payspec_runtime::Charset) {
    let text = String::from_utf8_lossy(wire).into_owned();
    let mut pairs = wire::pairs_in(&text, charset);
    let count = pairs.len();
    match tampering {
        Tampering::Byte(at) => {
            let at = at % wire.len();
            wire[at] ^= 1;
            return;
        }
        Tampering::Drop(at) => drop(pairs.remove(at % count)),
        Tampering::Double(at) => pairs.push(pairs[at % count].clone()),
        Tampering::Change(at) => pairs[at % count].1.push('x'),
    }
    *wire = wire::encoded(&pairs, charset).into_bytes();
}

/// The provider's side: one signer for each reading that some recipe of the account accepts.
fn signers(provider: &Arc<Provider>, settings: &Settings) -> Vec<Interpreter> {
    let readings = provider.recipes.iter().map(|recipe| recipe.also_accept.len()).max().unwrap_or(0);
    (0..=readings)
        .map(|reading| {
            let mut own = (**provider).clone();
            for recipe in &mut own.recipes {
                if let Some(other) = reading.checked_sub(1).and_then(|at| recipe.also_accept.get(at)) {
                    *recipe = other.recipe.clone();
                }
            }
            Interpreter::new(Arc::new(own), settings.clone()).unwrap()
        })
        .collect()
}
