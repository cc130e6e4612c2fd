//! The messages that the project reproduces, from both of its collections.
//!
//! `tests/vectors/*.json` was made outside this project; `coverage.csv` beside it says through which spec and which
//! operation or callback each message is reproduced. `*.vectors.yaml` beside the specs hold the same messages, and
//! more, in the form that spec authors write. Both become a [`Vector`]: the JSON here, by a reader that shares nothing
//! with the other but the spec and the form of a vector; the YAML by `payspec-vectors`. `run` lets one go through
//! generated code and interpreter.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod json;
mod run;
mod yaml;

use std::{
    fs,
    ops::{Deref, DerefMut},
    path::{Path, PathBuf},
    sync::Arc,
};

use payspec_codegen::ir::{Field, Kind, Provider};

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

/// A message, and everything that must come of it, with the spec that carries it.
///
/// What its file says is read through [`Deref`]: `vector.body`.
#[derive(Clone, Debug)]
pub struct Vector {
    /// What its file says. The provenance of the JSON files is in their own words.
    pub said: payspec_vectors::Vector,
    /// The spec that carries it.
    pub spec: Spec,
    /// Texts for which the signature must be refused, and why.
    pub must_not_verify: Vec<WrongText>,
}

impl Deref for Vector {
    type Target = payspec_vectors::Vector;

    fn deref(&self) -> &Self::Target {
        &self.said
    }
}

impl DerefMut for Vector {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.said
    }
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
