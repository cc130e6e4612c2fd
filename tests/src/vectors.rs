//! The messages that the project reproduces, from both of its collections.
//!
//! `tests/vectors/*.json` was made outside this project; `coverage.csv` beside it says through which spec and which
//! operation or callback each message is reproduced. `*.vectors.yaml` beside the specs hold the same messages, and
//! more, in the form that spec authors write. Both become a [`Vector`]: the JSON here, by a
//! reader that shares nothing with the other but the spec; the YAML by `payspec-vectors`. `run` lets one go through
//! generated code and interpreter.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod json;
mod run;
mod yaml;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use payspec_codegen::ir::{Field, Kind, Provider};
use payspec_interpreter::{Map, Settings, Value};

use crate::bridge::Moment;

pub use payspec_vectors::{ExpectedError, Subject, complete};

pub use self::{
    json::{Collected, Standard, collected, standard},
    run::{Failure, Run, check_decoded, over_pairs, run},
    yaml::written,
};

/// A spec of the project, compiled.
#[derive(Clone, Debug)]
pub struct Spec {
    /// From the root of the repository: `specs/aggregate_pay.yaml`.
    pub file: String,
    /// The checked spec.
    pub provider: Arc<Provider>,
}

/// A message, and everything that must come of it.
#[derive(Clone, Debug)]
pub struct Vector {
    /// Its name in its file.
    pub name: String,
    /// `official`, `recorded`, `self_made`, `unreproduced`; of the JSON files their own words.
    pub provenance: String,
    /// The spec that carries it.
    pub spec: Spec,
    /// What of the spec.
    pub subject: Subject,
    /// Credentials, options and token.
    pub settings: Settings,
    /// The clock, given values, and those that the signer drew.
    pub moment: Moment,
    /// What the caller gives; for a recipe, the pairs.
    pub inputs: Map<Value>,
    /// What comes in, or what a request must send: the query.
    pub query: Option<String>,
    /// What comes in, or what a request must send: the body.
    pub body: Option<String>,
    /// Headers that come in, or that a request must send among others.
    pub headers: Vec<(String, String)>,
    /// The public address under which the message comes in, with its query.
    pub url: Option<String>,
    /// The signed text.
    pub base: Option<String>,
    /// The part whose text that is, where it is not the signed text itself: an inner digest.
    pub base_of: Option<String>,
    /// The signature.
    pub signature: Option<String>,
    /// What stands in the place of the signature, where that is more than the signature.
    pub place: Option<String>,
    /// What an encryption opens to.
    pub plain: Option<String>,
    /// The signature is randomised: it is verified, not made again.
    pub verify_only: bool,
    /// The outcome.
    pub outcome: Option<String>,
    /// How it fails.
    pub error: Option<ExpectedError>,
    /// Values, by wire name or `field.member`, as canonical text.
    pub values: Map<String>,
    /// Texts for which the signature must be refused, and why.
    pub must_not_verify: Vec<WrongText>,
}

/// A text for which a signature must be refused.
#[derive(Clone, Debug)]
pub struct WrongText {
    /// What is wrong with it.
    pub why: String,
    /// The text.
    pub text: String,
}

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

/// Every spec of `specs/` and `tests/specs/`.
///
/// # Panics
/// One does not compile.
#[must_use]
pub fn specs() -> Vec<Spec> {
    let folders = ["specs", "tests/specs"];
    folders.iter().flat_map(|folder| specs_in(folder)).collect()
}

/// Every spec of the sample of protocols.
///
/// # Panics
/// One does not compile.
#[must_use]
pub fn protocols() -> Vec<Spec> {
    specs_in("tests/protocols")
}

fn specs_in(folder: &str) -> Vec<Spec> {
    files_in(folder).iter().map(|file| spec(file)).collect()
}

fn files_in(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let names =
        entries.map(|entry| entry.expect("a readable entry").file_name().to_string_lossy().into_owned());
    let is_spec = |name: &String| name.ends_with(".yaml") && !name.ends_with(".vectors.yaml");
    let mut files: Vec<String> = names.filter(is_spec).map(|name| format!("{folder}/{name}")).collect();
    files.sort();
    files
}

/// The spec in this file, which is named from the root of the repository.
///
/// # Panics
/// It does not compile.
#[must_use]
pub fn spec(file: &str) -> Spec {
    let text = fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    match payspec_codegen::compile(&text, file) {
        Ok(compiled) => Spec { file: file.to_owned(), provider: Arc::new(compiled.provider) },
        Err(report) => panic!("{report}"),
    }
}

/// Whether the caller fills a field in.
fn is_callers(sent: &payspec_codegen::ir::SentField) -> bool {
    sent.origin == payspec_codegen::ir::Origin::Caller && is_member(&sent.field)
}

fn is_member(field: &Field) -> bool {
    !matches!(field.kind, Kind::Fixed(_) | Kind::Signature)
}
