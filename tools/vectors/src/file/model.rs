//! A vectors file as its author wrote it: one member for each key. Filled by the compiler's reader.

use payspec_codegen::read::{Map, Node, OneOrMany, Spanned};
use serde::Deserialize;

/// A file of vectors.
#[derive(Deserialize)]
#[serde(rename = "vectors file")]
pub(super) struct File {
    pub(super) payspec: Spanned<String>,
    pub(super) vectors_of: Spanned<String>,
    pub(super) test_credentials: Map<Node>,
    pub(super) vectors: Map<Entry>,
}

/// A vector as it is written.
#[derive(Deserialize)]
#[serde(rename = "vector")]
pub(super) struct Entry {
    pub(super) operation: Option<Spanned<String>>,
    pub(super) callback: Option<Spanned<String>>,
    pub(super) recipe: Option<Spanned<String>>,
    pub(super) direction: Option<Spanned<String>>,
    pub(super) provenance: Spanned<String>,
    #[serde(default)]
    #[allow(dead_code)] // who vouches for it is for readers of the file
    source: OneOrMany<String>,
    pub(super) credentials: Spanned<String>,
    pub(super) now: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) options: Map<Spanned<String>>,
    #[serde(default)]
    pub(super) tokens: Map<Spanned<String>>,
    #[serde(default)]
    pub(super) inputs: Map<Node>,
    #[serde(default)]
    pub(super) given: Map<String>,
    #[serde(default)]
    pub(super) fresh: Map<String>,
    #[serde(default)]
    pub(super) hosts: Map<Spanned<String>>,
    pub(super) url: Option<String>,
    #[serde(default)]
    pub(super) headers: Map<String>,
    pub(super) query: Option<String>,
    pub(super) body: Option<String>,
    pub(super) base: Option<String>,
    pub(super) base_of: Option<String>,
    pub(super) signature: Option<String>,
    pub(super) place: Option<String>,
    pub(super) plain: Option<String>,
    pub(super) verify_only: Option<Spanned<String>>,
    #[allow(dead_code)] // which key signed it is for readers of the file
    signed_by: Option<String>,
    pub(super) outcome: Option<Spanned<String>>,
    pub(super) error: Option<Wanted>,
    #[serde(default)]
    pub(super) values: Map<String>,
}

/// An expected error.
#[derive(Deserialize)]
#[serde(rename = "error")]
pub(super) struct Wanted {
    pub(super) kind: Spanned<String>,
    pub(super) code: Option<String>,
}
