//! The vectors of the tree, and what is asked about one of them when something is broken.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use payspec_codegen::compile;
use payspec_codegen::ir::Provider;
use payspec_explain::{Answer, Expected, Question, Subject, neighbours};
use payspec_interpreter::{Map, Settings, Value};
use payspec_vectors::{Packet, Subject as VectorSubject, Vector, beside, read};

/// A vector with the spec that it belongs to.
#[derive(Clone, Debug)]
pub struct Case {
    pub file: String,
    pub spec: String,
    pub provider: Arc<Provider>,
    pub vector: Vector,
    pub packet: Packet,
}

/// A case in which something is wrong.
#[derive(Clone, Debug)]
pub struct Broken {
    /// What was done, in a word: misses are listed by it.
    pub kind: String,
    /// What was done, exactly.
    pub detail: String,
    /// The places of which one must be named. Empty: nothing may be accused.
    pub truth: Vec<Truth>,
    pub provider: Arc<Provider>,
    pub settings: Settings,
    pub packet: Packet,
    pub inputs: Map<Value>,
}

/// A place that may be named as the cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// A key of a recipe, `empties`; wherever the recipe takes it from.
    Key(String),
    /// A place outside the spec, by the beginning of its name: `message.field.r`.
    Place(String),
}

impl Truth {
    pub fn is_named_by(&self, at: &str) -> bool {
        match self {
            Self::Key(key) => at.starts_with("signatures.") && at.split('.').skip(2).any(|word| word == key),
            Self::Place(place) => at.starts_with(place.as_str()),
        }
    }
}

/// Every vector of the tree that holds.
pub fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files: Vec<PathBuf> = ["specs", "tests/protocols"]
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| beside(path).is_file() && !path.to_string_lossy().contains(".vectors."))
        .collect();
    files.sort();
    files.iter().flat_map(|file| cases_of(file)).collect()
}

fn cases_of(file: &Path) -> Vec<Case> {
    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
    let spec = fs::read_to_string(file).unwrap();
    let provider = Arc::new(compile(&spec, &name).expect("a good spec").provider);
    let path = beside(file);
    let vectors = read(&fs::read_to_string(&path).unwrap(), &path, &provider).expect("good vectors");
    let holding = vectors.vectors.into_iter().filter(|vector| !vector.is_unreproduced());
    let cases = holding.map(|vector| Case {
        file: name.clone(),
        spec: spec.clone(),
        provider: Arc::clone(&provider),
        packet: Packet::of_vector(&vector, &provider),
        vector,
    });
    cases.filter(|case| case.unbroken().asked(&case.vector).as_it_is).collect()
}

impl Case {
    pub fn unbroken(&self) -> Broken {
        Broken {
            kind: String::new(),
            detail: String::new(),
            truth: Vec::new(),
            provider: Arc::clone(&self.provider),
            settings: self.vector.settings.clone(),
            packet: self.packet.clone(),
            inputs: self.vector.inputs.clone(),
        }
    }

    pub fn is_received(&self) -> bool {
        matches!(self.vector.subject, VectorSubject::Callback(_) | VectorSubject::Response(_))
    }

    /// The recipes that may protect the message, by name.
    pub fn recipes(&self) -> Vec<String> {
        let named = |signature: &payspec_codegen::ir::Signature| {
            signature.recipes().iter().map(|id| self.provider[*id].name.wire.clone()).collect()
        };
        let operation = |name: &str| self.provider.operations.iter().find(|own| own.name.wire == name);
        match &self.vector.subject {
            VectorSubject::Request(name) => operation(name).map(|own| named(&own.signature)),
            VectorSubject::Response(name) => {
                let reply = operation(name).and_then(|own| own.reply.as_ref());
                reply.map(|reply| named(&self.provider[reply.envelope].signature))
            }
            VectorSubject::Callback(name) => {
                let mut callbacks = self.provider.callbacks.iter();
                callbacks.find(|own| own.name.wire == *name).map(|own| named(&own.signature))
            }
            VectorSubject::Recipe(name) => Some(vec![name.clone()]),
        }
        .unwrap_or_default()
    }
}

impl Broken {
    /// What the search says.
    pub fn asked(&self, vector: &Vector) -> Answer {
        let expected = match (&vector.subject, &vector.place, &vector.signature, &vector.base) {
            (VectorSubject::Callback(_) | VectorSubject::Response(_), ..) => Expected::InMessage,
            (_, _, Some(signature), _) => Expected::Signature(signature),
            (_, _, None, Some(base)) => Expected::Text(base.as_bytes()),
            _ => Expected::InMessage,
        };
        let ask = |subject: Subject<'_>| {
            neighbours(&Question {
                provider: &self.provider,
                settings: &self.settings,
                supplied: &vector.supplied,
                subject,
                expected,
            })
        };
        match &vector.subject {
            VectorSubject::Request(operation) => ask(Subject::Request { operation, inputs: &self.inputs }),
            VectorSubject::Response(operation) => {
                let body = self.packet.body_bytes();
                ask(Subject::Reply { operation, headers: &self.packet.headers, body: &body })
            }
            VectorSubject::Callback(name) => {
                self.packet.incoming(|incoming| ask(Subject::Callback { name, incoming: *incoming }))
            }
            VectorSubject::Recipe(name) => {
                let text = |value: &Value| value.as_text().unwrap_or_default().to_owned();
                let pairs: Vec<(String, String)> =
                    self.inputs.iter().map(|(name, value)| (name.to_owned(), text(value))).collect();
                ask(Subject::Recipe { name, pairs: &pairs })
            }
        }
    }
}
