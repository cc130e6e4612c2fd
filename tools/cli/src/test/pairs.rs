//! Which files belong together: a spec, and the vectors beside it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::source::read_spec;

/// A spec, and its vectors whether they are there or not.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) spec: PathBuf,
    pub(super) vectors: PathBuf,
}

/// The pairs of these files, each once, in their order.
pub(super) fn of(files: &[PathBuf]) -> Vec<Result<Pair, (Pair, Failure)>> {
    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    for file in files {
        let pair = of_one(file);
        let spec = match &pair {
            Ok(pair) | Err((pair, _)) => &pair.spec,
        };
        let same = spec.canonicalize().unwrap_or_else(|_| spec.clone());
        if seen.insert(same) {
            pairs.push(pair);
        }
    }
    pairs
}

fn of_one(file: &Path) -> Result<Pair, (Pair, Failure)> {
    if let Some(spec) = payspec_vectors::spec_beside(file) {
        let pair = Pair { spec, vectors: file.to_owned() };
        return match () {
            () if !file.exists() => Err((pair, missing(file))),
            () if !pair.spec.exists() => {
                let message = format!("{} has no spec beside it", file.display());
                let mend = format!("the spec of a vectors file is {}", pair.spec.display());
                Err((pair, Failure::new(message).mend(mend)))
            }
            () => Ok(pair),
        };
    }
    let pair = Pair { spec: file.to_owned(), vectors: payspec_vectors::beside(file) };
    // A vectors file under another name would be taken for a spec full of mistakes.
    match read_spec(file) {
        Ok(read) if read.holds_vectors() => {
            let message =
                format!("{} holds vectors, and its name does not say of which spec", file.display());
            Err((pair, Failure::new(message).mend("name it x.vectors.yaml, beside x.yaml")))
        }
        Ok(_) => Ok(pair),
        Err(failure) => Err((pair, failure)),
    }
}

fn missing(file: &Path) -> Failure {
    match read_spec(file) {
        Err(failure) => failure,
        Ok(_) => Failure::new(format!("{} cannot be read", file.display())),
    }
}
