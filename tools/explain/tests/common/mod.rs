//! Every vector of the tree as a question, broken or not; and the table of what is found.

#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use payspec_codegen::ir::{Provider, Recipe, RecipeId, Signature};
use payspec_explain::{Answer, Expected, Question, Subject, neighbours};
use payspec_interpreter::{Incoming, Interpreter, Settings};
use payspec_vectors::{Subject as Of, Vector, complete};

/// A vector and its spec.
pub(crate) struct Case {
    pub(crate) file: String,
    pub(crate) provider: Arc<Provider>,
    pub(crate) vector: Vector,
    pub(crate) message: Message,
    /// Of a request: its signature and its text.
    pub(crate) signature: Option<String>,
    pub(crate) text: Option<Vec<u8>>,
}

/// A message that came in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    pub(crate) method: &'static str,
    pub(crate) query: String,
    pub(crate) body: Vec<u8>,
    pub(crate) content_type: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) url: Option<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every vector that holds and is signed.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for folder in ["specs", "tests/protocols"] {
        let mut files: Vec<PathBuf> =
            fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for spec in files {
            let name = spec.to_string_lossy().into_owned();
            let vectors = payspec_vectors::beside(&spec);
            if !name.ends_with(".yaml") || name.ends_with(".vectors.yaml") || !vectors.exists() {
                continue;
            }
            let source = fs::read_to_string(&spec).unwrap();
            let provider = Arc::new(payspec_codegen::compile(&source, &name).unwrap().provider);
            let text = fs::read_to_string(&vectors).unwrap();
            let file = payspec_vectors::read(&text, &vectors, &provider).unwrap();
            for vector in file.vectors.into_iter().filter(|vector| !vector.is_unreproduced()) {
                cases.extend(case(&provider, vector));
            }
        }
    }
    cases
}

fn case(provider: &Arc<Provider>, mut vector: Vector) -> Option<Case> {
    let message = message(provider, &vector);
    let interpreter = Interpreter::new(provider.clone(), vector.settings.clone()).unwrap();
    let (mut signature, mut text) = (None, None);
    match &vector.subject {
        Of::Request(name) => {
            vector.inputs = complete(provider, interpreter.operation(name)?, &vector.inputs);
            let now = vector.supplied.now.unwrap_or(payspec_interpreter::Instant::from_unix_seconds(0));
            vector.supplied.now = Some(now);
            let made = interpreter.prepare_with(name, &vector.inputs, now, &vector.supplied).ok()?;
            signature = if vector.verify_only { vector.signature.clone() } else { made.signature };
            text = Some(made.text.bytes().to_vec());
            vector.supplied.fresh = made.fresh;
        }
        Of::Recipe(_) => signature = vector.signature.clone(),
        Of::Callback(_) | Of::Response(_) => {}
    }
    let case =
        Case { file: provider.name.clone(), provider: provider.clone(), vector, message, signature, text };
    let answer = case.ask(provider, &case.vector.settings, &case.message);
    answer.as_it_is.then_some(case)
}

fn message(provider: &Provider, vector: &Vector) -> Message {
    let body = vector.body.clone().unwrap_or_default();
    let query = match &vector.url {
        Some(url) => url.split_once('?').map_or("", |(_, query)| query).to_owned(),
        None => vector.query.clone().unwrap_or_default(),
    };
    let is_get = body.is_empty()
        && provider
            .callbacks
            .iter()
            .filter(|own| own.name.wire == vector.subject.name())
            .any(|own| own.receive.contains(&payspec_codegen::ir::Receive::GetQuery));
    let is_type = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("content-type");
    let charset = charset(provider, &vector.settings);
    Message {
        method: if is_get { "GET" } else { "POST" },
        query,
        body: charset.encode(&body).unwrap().into_owned(),
        content_type: vector.headers.iter().find(is_type).map(|(_, value)| value.clone()),
        headers: vector.headers.iter().filter(|header| !is_type(header)).cloned().collect(),
        url: vector.url.clone(),
    }
}

fn charset(provider: &Provider, settings: &Settings) -> payspec_runtime::Charset {
    let name = match provider.defaults.encoding {
        payspec_codegen::ir::Encoding::Fixed(payspec_codegen::ir::Charset::Gbk) => "GBK",
        payspec_codegen::ir::Encoding::Fixed(_) => "UTF-8",
        payspec_codegen::ir::Encoding::Chosen(id) => {
            let option = &provider[id];
            let chosen = settings.options.get(&option.field.name.wire).or(option.default.as_ref());
            return payspec_runtime::Charset::from_name(chosen.unwrap()).unwrap();
        }
    };
    payspec_runtime::Charset::from_name(name).unwrap()
}

impl Case {
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.file, self.vector.name)
    }

    pub(crate) fn is_received(&self) -> bool {
        matches!(self.vector.subject, Of::Callback(_) | Of::Response(_))
    }

    pub(crate) fn expected(&self) -> Expected<'_> {
        match &self.signature {
            Some(signature) => Expected::Signature(signature),
            None => Expected::InMessage,
        }
    }

    /// Asks about the message with another spec or other settings.
    pub(crate) fn ask(&self, provider: &Arc<Provider>, settings: &Settings, message: &Message) -> Answer {
        self.ask_for(provider, settings, message, self.expected())
    }

    pub(crate) fn ask_for(
        &self,
        provider: &Arc<Provider>,
        settings: &Settings,
        message: &Message,
        expected: Expected<'_>,
    ) -> Answer {
        let url = message.url.as_ref().map(|url| {
            let before = url.split('?').next().unwrap();
            if message.query.is_empty() { before.to_owned() } else { format!("{before}?{}", message.query) }
        });
        let incoming = Incoming::new(
            message.method,
            message.query.as_bytes(),
            message.content_type.as_deref(),
            &message.body,
        )
        .headers(&message.headers);
        let incoming = match &url {
            Some(url) => incoming.url(url),
            None => incoming,
        };
        let pairs: Vec<(String, String)> = match &self.vector.subject {
            Of::Recipe(_) => self
                .vector
                .inputs
                .iter()
                .map(|(name, value)| (name.to_owned(), value.as_text().unwrap().to_owned()))
                .collect(),
            _ => Vec::new(),
        };
        let subject = match &self.vector.subject {
            Of::Request(operation) => Subject::Request { operation, inputs: &self.vector.inputs },
            Of::Response(operation) => {
                Subject::Reply { operation, headers: &message.headers, body: &message.body }
            }
            Of::Callback(name) => Subject::Callback { name, incoming },
            Of::Recipe(name) => Subject::Recipe { name, pairs: &pairs },
        };
        neighbours(&Question { provider, settings, supplied: &self.vector.supplied, subject, expected })
    }

    /// The recipes that protect it.
    pub(crate) fn recipes(&self) -> Vec<RecipeId> {
        let all = self.possible_recipes();
        let is_used = |id: &RecipeId| {
            let broken =
                self.broken(*id, &|own| own.text.push(payspec_codegen::ir::Piece::Literal("§§".into())));
            let answer = broken.map(|provider| {
                self.ask_for(&provider, &self.vector.settings, &self.message, self.expected())
            });
            answer.is_some_and(|answer| !answer.as_it_is)
        };
        if all.len() == 1 { all } else { all.into_iter().filter(is_used).collect() }
    }

    /// The recipes that may protect it.
    fn possible_recipes(&self) -> Vec<RecipeId> {
        let provider = &self.provider;
        let operation =
            |name: &str| provider.operations.iter().find(|own| own.name.wire == name).expect("an operation");
        let signature = match &self.vector.subject {
            Of::Request(name) => operation(name).signature.clone(),
            Of::Response(name) => {
                provider[operation(name).reply.as_ref().expect("a reply").envelope].signature.clone()
            }
            Of::Callback(name) => {
                provider.callbacks.iter().find(|own| own.name.wire == *name).expect("one").signature.clone()
            }
            Of::Recipe(name) => Signature::Recipe(RecipeId(
                provider.recipes.iter().position(|own| own.name.wire == *name).expect("one"),
            )),
        };
        signature.recipes()
    }

    /// The spec with one of its recipes changed, readings included; `None` if nothing changes.
    pub(crate) fn broken(&self, id: RecipeId, edit: &dyn Fn(&mut Recipe)) -> Option<Arc<Provider>> {
        let mut provider = (*self.provider).clone();
        let recipe = &mut provider.recipes[id.0];
        let before = recipe.clone();
        edit(recipe);
        if *recipe == before {
            return None;
        }
        for reading in &mut recipe.also_accept {
            edit(&mut reading.recipe);
        }
        Some(Arc::new(provider))
    }
}

/// What was found, for each kind of break.
#[derive(Default)]
pub(crate) struct Table {
    rows: BTreeMap<String, [usize; 6]>,
    pub(crate) misses: Vec<String>,
    pub(crate) slowest: Duration,
    pub(crate) slowest_name: String,
    pub(crate) tries: usize,
    pub(crate) stopped: usize,
}

impl Table {
    /// `is_cause` says whether a neighbour names the true cause.
    pub(crate) fn add(
        &mut self,
        kind: &str,
        name: &str,
        answer: &Answer,
        took: Duration,
        is_cause: impl Fn(&str) -> bool,
    ) {
        let of = |own: &payspec_explain::Neighbour| {
            is_cause(&own.at) || own.alike.iter().any(|alike| is_cause(&alike.at))
        };
        let rank = answer.matches.iter().position(of);
        let row = self.rows.entry(kind.to_owned()).or_default();
        row[0] += 1;
        row[match rank {
            Some(place @ 0..=2) => place + 1,
            Some(_) => 4,
            None => 5,
        }] += 1;
        if rank.is_none_or(|place| place > 2) {
            let found: Vec<String> =
                answer.matches.iter().take(5).map(|own| format!("{} = {}", own.at, own.value)).collect();
            self.misses
                .push(format!("{kind}: {name}: {found:?} tried {} stopped {}", answer.tried, answer.stopped));
        }
        if took > self.slowest {
            self.slowest = took;
            self.slowest_name = format!("{kind}: {name}: {} tries", answer.tried);
        }
        self.tries = self.tries.max(answer.tried);
        self.stopped += usize::from(answer.stopped);
    }

    pub(crate) fn total(&self) -> usize {
        self.rows.values().map(|row| row[0]).sum()
    }

    /// Of a hundred, how many true causes are among the first three answers.
    pub(crate) fn share(&self) -> f64 {
        let found: usize = self.rows.values().map(|row| row[1] + row[2] + row[3]).sum();
        #[allow(clippy::cast_precision_loss)]
        let share = 100.0 * found as f64 / self.total().max(1) as f64;
        share
    }

    #[allow(clippy::print_stdout)]
    pub(crate) fn print(&self, title: &str) {
        println!(
            "\n{title}\n{:<34} {:>5} {:>5} {:>5} {:>5} {:>6} {:>6}",
            "break", "all", "1st", "2nd", "3rd", "later", "missed"
        );
        for (kind, row) in &self.rows {
            println!(
                "{kind:<34} {:>5} {:>5} {:>5} {:>5} {:>6} {:>6}",
                row[0], row[1], row[2], row[3], row[4], row[5]
            );
        }
        println!(
            "{} breaks, {:.1} of 100 in the first three; slowest {:?} ({}); at most {} tries; {} stopped",
            self.total(),
            self.share(),
            self.slowest,
            self.slowest_name,
            self.tries,
            self.stopped
        );
        for miss in &self.misses {
            println!("  {miss}");
        }
    }
}

pub(crate) fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = run();
    (result, start.elapsed())
}

/// Which breaks are tried: every thirtieth, or as `PAYSPEC_EXPLAIN_STEP` says (1: all of them).
pub(crate) struct Sample {
    step: usize,
    count: usize,
}

impl Sample {
    pub(crate) fn new() -> Self {
        let step = std::env::var("PAYSPEC_EXPLAIN_STEP").ok().and_then(|step| step.parse().ok());
        Self { step: step.unwrap_or(30), count: 0 }
    }

    pub(crate) fn all() -> Self {
        Self { step: 1, count: 0 }
    }

    pub(crate) fn takes(&mut self) -> bool {
        self.count += 1;
        self.count.is_multiple_of(self.step)
    }
}
