//! Credentials as they are written.

use serde::Deserialize;

use super::{Accepts, SourceIds};
use crate::read::{Map, Node, Spanned};

/// Something that the merchant was given.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "credential")]
pub struct Credential {
    /// Public text and its length.
    pub text: Option<Spanned<String>>,
    /// A shared secret.
    pub secret: Option<Spanned<String>>,
    /// A key and its kind.
    pub key: Option<Spanned<KeyKind>>,
    /// Alternatives. Their members stand beside `wire`, `doc` and `source`, so they are read by hand.
    pub choice: Option<Map<Node>>,
    /// How a secret is written.
    pub decode: Option<Spanned<Decode>>,
    /// Several of a kind.
    pub many: Option<Spanned<Many>>,
    /// What it is.
    pub doc: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
    /// A made-up value.
    pub example: Option<Spanned<String>>,
    /// Diagnostics accepted here.
    #[serde(default)]
    pub accepts: Accepts,
}

/// What kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "kind of key", rename_all = "snake_case")]
pub enum KeyKind {
    /// RSA, signs.
    RsaPrivate,
    /// RSA, verifies.
    RsaPublic,
    /// SM2, signs.
    Sm2Private,
    /// SM2, verifies.
    Sm2Public,
}

/// How a secret is written, and thus what its bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "way to write a secret", rename_all = "snake_case")]
pub enum Decode {
    /// As text.
    Text,
    /// In hex.
    Hex,
    /// In base64.
    Base64,
}

/// Several keys of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "way to tell keys apart", rename_all = "snake_case")]
pub enum Many {
    /// Each with an id.
    ById,
}
