//! Recipes as they are written: flat keys, each of which `like` can replace.

use serde::Deserialize;

use super::{Accepts, Flag, SourceIds};
use crate::read::{List, Map, Node, Spanned};

/// A rule for making and checking a signature.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename = "recipe", default)]
pub struct Recipe {
    /// Sharing: this recipe is the other one with the keys written here.
    pub like: Option<Spanned<String>>,
    /// Sharing: which recipe, by a credential.
    pub choose: Option<Spanned<Choose>>,

    /// Select: `all`, `query`, `body`, or a list of names.
    pub fields: Option<Node>,
    /// Select: names that take no part.
    pub except: Option<Spanned<List<Spanned<String>>>>,
    /// Select: further items, never sent.
    pub add: Option<Spanned<Map<Spanned<String>>>>,
    /// Select: names and values lose outer white space.
    pub trim: Option<Spanned<Flag>>,
    /// Select: what becomes of nothing; a word or the four cases.
    pub empties: Option<Node>,

    /// Compose: the order of the list.
    pub order: Option<Spanned<Order>>,
    /// Compose: how an item is written.
    pub pair: Option<Spanned<String>>,
    /// Compose: what stands between two items.
    pub join: Option<Spanned<String>>,
    /// Compose: the text.
    pub text: Option<Spanned<String>>,
    /// Compose: the charset of the text.
    pub charset: Option<Node>,

    /// Seal: the algorithm.
    pub algorithm: Option<Spanned<String>>,
    /// Seal: a credential, or `none`.
    pub key: Option<Spanned<String>>,
    /// Seal: the distinguishing id of SM2.
    pub user_id: Option<Spanned<String>>,
    /// Seal: how r and s are written.
    pub form: Option<Spanned<SealForm>>,
    /// Seal: how bytes become text.
    pub output: Option<Spanned<String>>,

    /// Place: where the signature goes.
    pub place: Option<Spanned<Place>>,
    /// Place: further readings.
    pub also_accept: Option<Spanned<List<Node>>>,

    /// What it is.
    pub doc: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
    /// Diagnostics accepted here.
    pub accepts: Accepts,

    /// Not yet, except `as is`.
    pub names: Option<Node>,
    /// Not yet, except `as is`.
    pub numbers: Option<Node>,
    /// Not yet, except `refuse`.
    pub nested: Option<Node>,
    /// Not yet, except `refuse`.
    pub repeated: Option<Node>,
    /// Not yet.
    pub path: Option<Node>,
    /// Not yet.
    pub also_empty: Option<Node>,
    /// Not yet.
    pub transform: Option<Node>,
    /// Not yet.
    pub parts: Option<Node>,
    /// Not yet.
    pub key_id: Option<Node>,
    /// Not yet.
    pub iv: Option<Node>,
    /// Not yet.
    pub aad: Option<Node>,
    /// Not yet.
    pub padding: Option<Node>,
    /// Not yet.
    pub fresh: Option<Node>,
    /// Not yet.
    pub given: Option<Node>,
    /// Not yet.
    pub tolerance: Option<Node>,
    /// Not yet.
    pub each: Option<Node>,
}

/// Which recipe, by a credential.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename = "choose")]
pub struct Choose {
    /// `credential:name`.
    pub by: Option<Spanned<String>>,
    /// A recipe for each alternative.
    #[serde(default)]
    pub cases: Map<Spanned<String>>,
    /// Not yet.
    pub present: Option<Node>,
    /// Not yet.
    pub absent: Option<Node>,
    /// For the alternatives that no case names.
    pub otherwise: Option<Spanned<String>>,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename = "order")]
pub enum Order {
    /// By the bytes of the names.
    #[serde(rename = "by name")]
    ByName,
    /// By the lower-cased names.
    #[serde(rename = "by name ignoring case")]
    ByNameIgnoringCase,
    /// As in the list.
    #[serde(rename = "as listed")]
    AsListed,
    /// As written or received.
    #[serde(rename = "as on the wire")]
    AsOnTheWire,
    /// Not yet.
    #[serde(rename = "by value")]
    ByValue,
    /// Not yet.
    #[serde(rename = "by name then value")]
    ByNameThenValue,
    /// Not yet.
    #[serde(rename = "by item")]
    ByItem,
    /// Not yet.
    #[serde(rename = "by item ignoring case")]
    ByItemIgnoringCase,
}

/// How r and s are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename = "form of a signature", rename_all = "snake_case")]
pub enum SealForm {
    /// `SEQUENCE { r, s }`.
    Der,
    /// r and s, padded.
    Raw,
}

/// Where the signature goes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename = "place")]
pub struct Place {
    /// A field of the message.
    pub field: Option<Spanned<String>>,
    /// Not yet.
    pub header: Option<Node>,
    /// Not yet.
    pub query: Option<Node>,
    /// Not yet.
    pub template: Option<Node>,
    /// Not yet.
    pub items: Option<Node>,
}
