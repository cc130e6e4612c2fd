//! A vectors file: from text to vectors, with every mistake at its place.
//!
//! The compiler's own reader is used, so that a mistake in a vectors file looks like one in a spec. What stands in a
//! spec is compared with it here: operations, credentials, options, hosts. Whether the messages hold is found out by
//! running them. Excerpts of the file are shown with its credentials concealed.

mod check;
mod model;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use payspec_codegen::Report;
use payspec_codegen::diagnostic::Diagnostics;
use payspec_codegen::ir::Provider;
use payspec_codegen::read::{self, Node};
use payspec_interpreter::{CredentialValue, Map};

use self::check::Checked;
pub use self::check::instant;
use self::model::File;
use crate::account::Account;
use crate::concealed::Concealed;
use crate::vector::Vector;

/// What a file says.
#[derive(Clone, Debug)]
pub struct VectorsFile {
    /// The sets of test credentials, by name.
    pub accounts: Map<Map<CredentialValue>>,
    /// The vectors, in the order of the file.
    pub vectors: Vec<Vector>,
    name: String,
    /// The text, as it may be shown.
    shown: String,
}

impl VectorsFile {
    /// The vector of this name.
    #[must_use]
    pub fn vector(&self, name: &str) -> Option<&Vector> {
        self.vectors.iter().find(|vector| vector.name == name)
    }

    /// What there is to say about the file, with excerpts that show no credential.
    #[must_use]
    pub fn report(&self, diagnostics: Diagnostics) -> Report {
        Report::new(&self.name, &self.shown, diagnostics)
    }
}

/// Reads the vectors of a spec. `path` is the file that the text is from: keys are named from its folder.
///
/// # Errors
/// Every mistake of the file, with its place.
pub fn read(source: &str, path: &Path, provider: &Arc<Provider>) -> Result<VectorsFile, Report> {
    let name = path.to_string_lossy();
    let mut diagnostics = Diagnostics::new();
    let node = read::read(source, &mut diagnostics);
    let concealed = Concealed::in_file(node.as_ref());
    let shown = concealed.source(source);
    let file: Option<File> =
        node.and_then(|node| read::from_node(&node, "the vectors file", &mut diagnostics));
    let folder = path.parent().unwrap_or(Path::new(""));
    let checked = file.map(|file| check::check(file, folder, provider, &mut diagnostics));
    match checked {
        Some(Checked { accounts, vectors }) if !diagnostics.has_errors() => {
            Ok(VectorsFile { accounts, vectors, name: name.into_owned(), shown })
        }
        _ => Err(Report::new(&name, &shown, concealed.diagnostics(diagnostics))),
    }
}

/// The sets of credentials of a vectors file, whatever else is in it.
///
/// # Errors
/// The file cannot be read, or a set cannot.
pub fn accounts(source: &str, path: &Path, provider: &Provider) -> Result<Map<Account>, Report> {
    let mut diagnostics = Diagnostics::new();
    let node = read::read(source, &mut diagnostics);
    let concealed = Concealed::in_file(node.as_ref());
    let folder = path.parent().unwrap_or(Path::new(""));
    let sets = node.as_ref().and_then(|node| node.get("test_credentials"));
    let mut accounts = Map::new();
    for (key, set) in sets.map(Node::entries).unwrap_or_default() {
        let account = Account::read(set, &provider.credentials, folder, false, &mut diagnostics);
        accounts.insert(key.text.as_str(), account);
    }
    if diagnostics.has_errors() {
        let shown = concealed.source(source);
        return Err(Report::new(&path.to_string_lossy(), &shown, concealed.diagnostics(diagnostics)));
    }
    Ok(accounts)
}

const SPEC: &str = ".yaml";
const VECTORS: &str = ".vectors.yaml";

/// The vectors file beside a spec: `x.vectors.yaml` beside `x.yaml`.
#[must_use]
pub fn beside(spec: &Path) -> PathBuf {
    with_ending(spec, SPEC, VECTORS)
}

/// The spec beside a vectors file; `None` if the name is not that of a vectors file.
#[must_use]
pub fn spec_beside(vectors: &Path) -> Option<PathBuf> {
    let name = vectors.file_name()?.to_string_lossy();
    name.ends_with(VECTORS).then(|| with_ending(vectors, VECTORS, SPEC))
}

fn with_ending(path: &Path, old: &str, new: &str) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = name.strip_suffix(old).or_else(|| name.strip_suffix(".yml")).unwrap_or(&name);
    path.with_file_name(format!("{stem}{new}"))
}
