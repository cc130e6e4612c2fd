//! Generated code and interpreter do the same: for every operation and callback of every spec, over random messages.
//!
//! The two are independent readers of one IR. What is compared: method, address, query, body, signed text and signature
//! of requests; values, further fields and outcome of callbacks, or the kind and field of the refusal. 10,000 valid
//! messages for each operation and callback; messages that both refuse come on top.
//!
//! RSA signatures take most of the time of a debug build. Where the account chooses the algorithm, `RSA_SHARE` of a
//! hundred messages are signed with RSA (a 1024-bit key) and compared byte by byte; the others are signed with SM2,
//! where everything but the randomised signature is compared, and the signature of one message in ten is verified over
//! the interpreter's text. Base text and body are compared for all of them.
//!
//! A comparison that finds nothing proves something only if it finds what is there: ten seeded faults turn it red.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Instant as Clock,
};

use payspec_codegen::ir::{self, Provider, Receive};
use payspec_interpreter::{CredentialValue, Incoming, Instant, Interpreter, Map, Settings, Value};
use payspec_runtime::crypto::{RsaPrivateKey, Sm2PrivateKey, digest};
use payspec_tests::{
    bridge::{
        Both, Difference, Ended, Made, Received,
        random::{Account, Answered, Draw, Keys, Random, Tampering, Told, accounts},
        wire,
    },
    vectors,
};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

const CASES: u32 = 10_000;

/// Of a hundred requests, where RSA and SM2 can be chosen.
const RSA_SHARE: u64 = 5;

fn keys() -> Keys {
    let file = |name: &str| std::fs::read(vectors::root().join("tests/vectors/keys").join(name)).unwrap();
    Keys {
        rsa: CredentialValue::RsaPrivate(
            RsaPrivateKey::read(file("test-platform-rsa1024.pkcs8.pem")).unwrap(),
        ),
        sm2: CredentialValue::Sm2Private(Sm2PrivateKey::read(file("test-platform-sm2.pkcs8.pem")).unwrap()),
    }
}

/// What became of a message.
enum Judged {
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
struct Bench {
    accounts: Vec<Set>,
}

/// One account on both sides, and signers for the provider's messages.
struct Set {
    random: Random,
    both: Both,
    settings: Settings,
    is_rsa: bool,
    /// For each reading of each recipe: the spec in which that reading is the recipe.
    signers: Vec<Interpreter>,
}

impl Bench {
    /// The interpreter executes this spec, generated code the one of this name.
    fn new(provider: &Arc<Provider>, generated: &str, keys: &Keys) -> Self {
        let sets = accounts(provider, keys).into_iter().map(|Account { name, settings }| Set {
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

    fn requests(&self, operation: &str, cases: u32) -> Result<u32, String> {
        self.run(
            operation,
            cases,
            |draw, operation| (draw.inputs(operation), draw.now, draw.once_in(10)),
            |set, message| {
                let (inputs, now, verify): &(Map<Value>, Instant, bool) = message;
                Ok(match set.both.prepare(operation, inputs, *now, *verify)? {
                    Made::Made { .. } => Judged::Same,
                    Made::Refused => Judged::Refused,
                })
            },
        )
    }

    fn callbacks(&self, callback: &str, cases: u32) -> Result<u32, String> {
        let readings = self.accounts[0].signers.len();
        self.run(
            callback,
            cases,
            move |draw, callback| draw.told(callback, readings),
            |set, told| set.told(callback, told),
        )
    }

    fn answers(&self, operation: &str, cases: u32) -> Result<u32, String> {
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
        let Ok(message) = signer.sign_callback(callback, &told.fields, told.shape) else {
            return Ok(Judged::Refused);
        };
        let provider = self.both.interpreter.provider();
        let charset = wire::charset(provider, &self.settings);
        let (mut query, mut body) = (message.query.into_bytes(), message.body);
        if let Some(tampering) = told.tampering {
            let touched = if told.shape == Receive::GetQuery { &mut query } else { &mut body };
            tamper(touched, tampering, charset);
        }
        let incoming = Incoming {
            method: message.method,
            query: &query,
            body: &body,
            content_type: message.content_type,
        };
        Ok(match self.both.verify(callback, &incoming)? {
            Received::Verified { .. } => Judged::Same,
            Received::Refused(_) => Judged::Refused,
        })
    }
}

impl Set {
    /// The provider signs and answers; both read. An ending that is no reply is compared like one that is.
    fn answered(&self, operation: &str, answered: &Answered) -> Result<Judged, Difference> {
        let Answered { inputs, answer, status, tampered } = answered;
        let Ok(mut body) = self.signers[0].sign_reply(operation, answer) else { return Ok(Judged::Refused) };
        if let Some(at) = tampered {
            let at = at % body.len();
            body[at] ^= 1;
        }
        let ended = self.both.read(operation, inputs, *status, &body)?;
        ENDINGS.with_borrow_mut(|endings| *endings.entry(ending(&ended)).or_default() += 1);
        Ok(Judged::Same)
    }
}

thread_local! {
    /// How calls have ended in this thread.
    static ENDINGS: RefCell<BTreeMap<&'static str, u32>> = const { RefCell::new(BTreeMap::new()) };
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

/// Everything that is compared: spec, and operation or callback.
fn jobs(specs: &[vectors::Spec]) -> Vec<(Arc<Provider>, String, bool)> {
    let mut jobs = Vec::new();
    for spec in specs {
        let provider = &spec.provider;
        let operations = provider.operations.iter().map(|operation| (operation.name.wire.clone(), false));
        let callbacks = provider.callbacks.iter().map(|callback| (callback.name.wire.clone(), true));
        jobs.extend(
            operations.chain(callbacks).map(|(name, is_callback)| (Arc::clone(provider), name, is_callback)),
        );
    }
    jobs
}

#[test]
fn every_operation_and_callback_gives_the_same_in_both_for_ten_thousand_messages() {
    let (specs, keys) = (vectors::specs(), keys());
    let mut jobs = jobs(&specs);
    let total = jobs.len();
    // Those with key operations take longest, the combined order longest of all: they are taken first, from the end.
    jobs.reverse();
    jobs.sort_by_key(|(provider, ..)| provider.credentials.iter().any(|known| known.name.wire == "signing"));
    let queue = Mutex::new(jobs);
    let (failures, lines) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let work = || {
        while let Some((provider, name, is_callback)) = { queue.lock().unwrap().pop() } {
            let started = Clock::now();
            let bench = Bench::new(&provider, &provider.name, &keys);
            let result =
                if is_callback { bench.callbacks(&name, CASES) } else { bench.requests(&name, CASES) };
            let took = started.elapsed();
            match result {
                Ok(refused) => lines.lock().unwrap().push(format!(
                    "{:<22} {:<9} {name:<24} {CASES} the same, {refused:>5} refused by both, {:>5.1} s",
                    provider.name,
                    if is_callback { "callback" } else { "request" },
                    took.as_secs_f32()
                )),
                Err(failure) => failures.lock().unwrap().push(format!("{} {failure}", provider.name)),
            }
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> =
            (1..std::thread::available_parallelism().unwrap().get()).map(|_| scope.spawn(work)).collect();
        work();
        others.into_iter().for_each(|other| other.join().unwrap());
    });
    let mut lines = lines.into_inner().unwrap();
    lines.sort();
    println!("{}", lines.join("\n"));
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} of {total} differ:\n{}", failures.len(), failures.join("\n\n"));
    assert_eq!(lines.len(), total);
    assert_eq!(total, 36);
}

#[test]
fn every_answer_ends_the_call_in_the_same_way_in_both() {
    const ANSWERS: u32 = 500;
    let keys = keys();
    let mut read = 0;
    for spec in vectors::specs() {
        let bench = Bench::new(&spec.provider, &spec.provider.name, &keys);
        for operation in spec.provider.operations.iter().filter(|operation| operation.reply.is_some()) {
            let name = &operation.name.wire;
            bench.answers(name, ANSWERS).unwrap_or_else(|failure| panic!("{} {failure}", spec.file));
            read += ANSWERS;
        }
    }
    let endings = ENDINGS.take();
    println!("{read} answers: {endings:?}");
    assert_eq!(endings.values().sum::<u32>(), read);
    assert!(
        ["replies", "rejected", "unknown"].iter().all(|ending| endings[ending] > read / 20),
        "{endings:?}"
    );
    assert!(!endings.contains_key("not read"));
}

// ------------------------------------------------------------------------------------------------ seeded faults

/// How many messages the search for a fault may take.
const SEARCH: u32 = 2_000;

fn small() -> Arc<Provider> {
    vectors::spec("tests/faults/small.yaml").provider
}

/// The first difference between the interpreter of this spec and the generated code of this name.
fn first_difference(provider: &Arc<Provider>, generated: &str) -> Result<(), String> {
    let bench = Bench::new(provider, generated, &keys());
    bench.requests("ask", SEARCH)?;
    bench.callbacks("told", SEARCH)?;
    Ok(())
}

#[test]
fn the_small_spec_has_no_difference_before_a_fault_is_seeded() {
    assert_eq!(first_difference(&small(), "small"), Ok(()));
}

#[test]
fn five_faults_on_the_generated_side_are_found() {
    for fault in ["fault_order", "fault_join", "fault_hex", "fault_space", "fault_number"] {
        let found = first_difference(&small(), fault);
        let difference = found.expect_err(fault);
        println!("{fault}: {}", difference.lines().take(3).collect::<Vec<_>>().join(" "));
    }
}

#[test]
fn five_faults_on_the_interpreted_side_are_found() {
    type Fault = (&'static str, fn(&mut Provider));
    let faults: [Fault; 4] = [
        ("empties: a notice drops what is empty", |provider| {
            for list in lists(provider, "notice") {
                list.empties.empty = ir::EmptyAction::Drop;
                list.empties.blank = ir::EmptyAction::Drop;
            }
        }),
        ("trim: values keep their outer white space", |provider| {
            lists(provider, "request").for_each(|list| list.trim = false);
        }),
        ("charset: GBK in place of UTF-8", |provider| {
            provider.defaults.encoding = ir::Encoding::Fixed(ir::Charset::Gbk);
            for recipe in &mut provider.recipes {
                recipe.charset = ir::Encoding::Fixed(ir::Charset::Gbk);
            }
        }),
        ("absent: a blank counts as a value", |provider| {
            provider.defaults.absent_when = ir::AbsentWhen::Empty
        }),
    ];
    for (fault, seed) in faults {
        let mut provider = (*small()).clone();
        seed(&mut provider);
        let difference = first_difference(&Arc::new(provider), "small").expect_err(fault);
        println!("{fault}: {}", difference.lines().take(3).collect::<Vec<_>>().join(" "));
    }
    // How bytes are escaped no spec can say: this one is seeded in what the interpreter has written.
    let mut bench = Bench::new(&small(), "small", &keys());
    for set in &mut bench.accounts {
        set.both.seed(|message| {
            let body = String::from_utf8(message.body.clone()).unwrap();
            message.body = body.replace("%7B", "%7b").into_bytes();
        });
    }
    let difference = bench.requests("ask", SEARCH).expect_err("escape: percent-encoding with small letters");
    println!("escape: {}", difference.lines().take(3).collect::<Vec<_>>().join(" "));
}

fn lists<'p>(provider: &'p mut Provider, recipe: &'static str) -> impl Iterator<Item = &'p mut ir::List> {
    let recipes = provider.recipes.iter_mut().filter(move |known| known.name.wire == recipe);
    recipes.filter_map(|recipe| recipe.list.as_mut())
}
