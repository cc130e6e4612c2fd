//! Vectors in the project's own form, as `payspec test` reads them.
//!
//! Reader and credentials are those of `payspec-vectors`; here a vector gets its spec. `tests/two_readers.rs`
//! reads every such file with another YAML library as well.

use std::fs;

use payspec::Timestamp;
use payspec_interpreter::Instant;

use super::{Spec, Vector, root};

/// The vectors beside a spec, by their names.
///
/// # Panics
/// The file is missing or says something that no vector says.
#[must_use]
pub fn written(spec: &Spec) -> Vec<Vector> {
    let path = payspec_vectors::beside(&root().join(&spec.file));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file =
        payspec_vectors::read(&text, &path, &spec.provider).unwrap_or_else(|report| panic!("{report}"));
    let vectors = file.vectors.into_iter();
    let mut vectors: Vec<Vector> =
        vectors.map(|said| Vector { said, spec: spec.clone(), must_not_verify: Vec::new() }).collect();
    vectors.sort_by(|one, other| one.name.cmp(&other.name));
    vectors
}

/// Unix seconds, or `yyyy-MM-dd HH:mm:ss` in the zone of the spec: as the JSON files write times, and some values.
pub(super) fn instant(text: &str, spec: &Spec) -> Instant {
    if let Ok(seconds) = text.parse() {
        return Instant::from_unix_seconds(seconds);
    }
    let zone = spec.provider.defaults.zone.expect("a zone");
    let time = Timestamp::parse(text, "%Y-%m-%d %H:%M:%S", zone).expect("a time of day");
    Instant::from_unix_millis(time.unix_millis())
}
