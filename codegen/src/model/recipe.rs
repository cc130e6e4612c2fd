//! Recipes as they are written: flat keys, each of which `like` can replace.

use serde::Deserialize;

use super::{Accepts, Flag, SourceIds};
use crate::read::{List, Map, Node, Spanned, TextOr};

/// A rule for making and checking a signature, or a part of one.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "recipe", default)]
pub struct Recipe {
    /// Sharing: this recipe is the other one with the keys written here.
    pub like: Option<Spanned<String>>,
    /// Sharing: which recipe, by a credential or by a field.
    pub choose: Option<Spanned<Choose>>,

    /// Select: `all`, `query`, `body`; a list of names and [`Rows`]; or one of [`NamedIn`], [`Headers`] and
    /// [`MembersOf`]. Read by hand, because text, list and map all have a meaning.
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::Fields>"))]
    pub fields: Option<Node>,
    /// Select: names that take no part.
    pub except: Option<Spanned<List<Spanned<String>>>>,
    /// Select: further items, never sent.
    pub add: Option<Spanned<Map<Spanned<String>>>>,
    /// Select: names are matched, sorted and written in this case.
    pub names: Option<Spanned<Names>>,
    /// Select: names and values lose outer white space.
    pub trim: Option<Spanned<Flag>>,
    /// Select: texts that count as empty as well.
    pub also_empty: Option<Spanned<List<Spanned<String>>>>,
    /// Select: what becomes of nothing; a word or the four cases.
    pub empties: Option<Spanned<TextOr<Empties>>>,
    /// Select: `as is`, or `decimals(2)` for JSON numbers.
    pub numbers: Option<Spanned<String>>,
    /// Select: what becomes of objects and arrays.
    pub nested: Option<Spanned<Nested>>,
    /// Select: how the names of leaves are written.
    pub path: Option<Spanned<PathStyle>>,
    /// Select: what becomes of a name that the message has twice.
    pub repeated: Option<Spanned<Repeated>>,
    /// Select: the recipe is about each element of this array of objects, not about the message around it.
    pub each: Option<Spanned<String>>,

    /// Compose: the order of the list.
    pub order: Option<Spanned<Order>>,
    /// Compose: how an item is written.
    pub pair: Option<Spanned<String>>,
    /// Compose: what stands between two items.
    pub join: Option<Spanned<String>>,
    /// Compose: the text.
    pub text: Option<Spanned<String>>,
    /// Compose: filters over the whole text.
    pub transform: Option<Spanned<List<Spanned<String>>>>,
    /// Compose: the charset of the text.
    pub charset: Option<Spanned<TextOr<CharsetOf>>>,
    /// Compose: recipes inside this one.
    pub parts: Option<Spanned<Map<Spanned<Recipe>>>>,

    /// Seal: the algorithm.
    pub algorithm: Option<Spanned<String>>,
    /// Seal: a credential, a template, or `none`.
    pub key: Option<Spanned<String>>,
    /// Seal: which of a credential that is many by id.
    pub key_id: Option<Spanned<String>>,
    /// Seal: the initialisation vector of a cipher: a template, or `zeros`.
    pub iv: Option<Spanned<String>>,
    /// Seal: what a cipher authenticates beside the text.
    pub aad: Option<Spanned<String>>,
    /// Seal: `pkcs7`, `pkcs7(32)`, `zeros` or `none`.
    pub padding: Option<Spanned<String>>,
    /// Seal: the distinguishing id of SM2.
    pub user_id: Option<Spanned<String>>,
    /// Seal: how r and s are written.
    pub form: Option<Spanned<SealForm>>,
    /// Seal: how bytes become text.
    pub output: Option<Spanned<String>>,

    /// Place: where the signature goes.
    pub place: Option<Spanned<Place>>,
    /// Place: values that the signer makes for this message.
    pub fresh: Option<Spanned<Map<Spanned<Fresh>>>>,
    /// Place: values that the caller hands in with this message.
    pub given: Option<Spanned<Map<Spanned<Given>>>>,
    /// Place: how old or new a received message may be.
    pub tolerance: Option<Spanned<Tolerance>>,
    /// Place: further readings, each a map of the keys that differ. Read by hand, to be shown as they are written.
    pub also_accept: Option<Spanned<List<Node>>>,

    /// What it is.
    pub doc: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
    /// Diagnostics accepted here.
    pub accepts: Accepts,
}

/// Which recipe, by a credential or by a field.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "choose")]
pub struct Choose {
    /// `credential:name`, or a field.
    pub by: Option<Spanned<String>>,
    /// A recipe for each alternative, or for values of the field.
    #[serde(default)]
    pub cases: Map<Spanned<String>>,
    /// Where the field is there, whatever it says.
    pub present: Option<Spanned<String>>,
    /// Where the field is absent, `null` or empty.
    pub absent: Option<Spanned<String>>,
    /// For the alternatives or values that no case names.
    pub otherwise: Option<Spanned<String>>,
}

/// For each row of a list field, these members.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "entry of the list")]
pub struct Rows {
    /// The list field.
    pub each: Option<Spanned<String>>,
    /// The number of the first row, for a `#` in names; 1 if left out.
    pub from: Option<Spanned<String>>,
    /// Members of a row.
    pub fields: Option<Spanned<List<Spanned<String>>>>,
}

/// The fields that a field of the message names.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "choice of fields")]
pub struct NamedIn {
    /// The field.
    pub named_in: Option<Spanned<String>>,
    /// What stands between two names; left out: the field is a JSON array.
    pub split: Option<Spanned<String>>,
    /// Names that must be among them.
    pub at_least: Option<Spanned<List<Spanned<String>>>>,
    /// The names are paths below this member.
    pub within: Option<Spanned<String>>,
}

/// These headers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "choice of headers")]
pub struct Headers {
    /// Their names.
    pub headers: Option<Spanned<List<Spanned<String>>>>,
}

/// The members of one object.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "choice of members")]
pub struct MembersOf {
    /// The object.
    pub members_of: Option<Spanned<String>>,
}

/// The case of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "case of names")]
pub enum Names {
    /// As they are.
    #[serde(rename = "as is")]
    AsIs,
    /// Upper case.
    #[serde(rename = "upper")]
    Upper,
    /// Lower case.
    #[serde(rename = "lower")]
    Lower,
}

/// What becomes of nothing, by case; a case that is not named is an error, a blank one stays as it is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "case of empty values")]
pub struct Empties {
    /// A listed name that the message does not have.
    pub absent: Option<Spanned<TextOr<EmptyAs, EmptyWord>>>,
    /// JSON `null`.
    pub json_null: Option<Spanned<TextOr<EmptyAs, EmptyWord>>>,
    /// `""`.
    pub empty: Option<Spanned<TextOr<EmptyAs, EmptyWord>>>,
    /// White space alone.
    pub blank: Option<Spanned<TextOr<EmptyAs, EmptyWord>>>,
}

/// What becomes of a value that is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "way to treat an empty value", rename_all = "snake_case")]
pub enum EmptyWord {
    /// Left out.
    Drop,
    /// Written as nothing.
    Keep,
    /// An error.
    Refuse,
}

/// A text for a value that is nothing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "text for an empty value")]
pub struct EmptyAs {
    /// The text.
    #[serde(rename = "as")]
    pub text: Spanned<String>,
}

/// What becomes of objects and arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "way to sign an object")]
pub enum Nested {
    /// An error.
    #[serde(rename = "refuse")]
    Refuse,
    /// The JSON text as on the wire.
    #[serde(rename = "raw")]
    Raw,
    /// Each scalar inside, under its path.
    #[serde(rename = "leaves")]
    Leaves,
    /// Left out.
    #[serde(rename = "drop")]
    Drop,
    /// By the rule of the list around it.
    #[serde(rename = "same rule")]
    SameRule,
}

/// How the names of leaves are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "way to write a path", rename_all = "snake_case")]
pub enum PathStyle {
    /// `a.b.0`.
    Dots,
    /// `a[b][0]` (not yet).
    Brackets,
}

/// What becomes of a name that a message has twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "way to treat repeated names", rename_all = "snake_case")]
pub enum Repeated {
    /// The message is refused.
    Refuse,
    /// Each is an item.
    Each,
    /// Each is an item, equal ones once.
    Distinct,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// By the bytes of the values.
    #[serde(rename = "by value")]
    ByValue,
    /// By name, equal names by value.
    #[serde(rename = "by name then value")]
    ByNameThenValue,
    /// By what `pair` wrote.
    #[serde(rename = "by item")]
    ByItem,
    /// By what `pair` wrote, lower-cased.
    #[serde(rename = "by item ignoring case")]
    ByItemIgnoringCase,
}

/// A charset that a field names (not yet).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "charset")]
pub struct CharsetOf {
    /// The field.
    pub field: Option<Spanned<String>>,
}

/// How r and s are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "form of a signature", rename_all = "snake_case")]
pub enum SealForm {
    /// `SEQUENCE { r, s }`.
    Der,
    /// r and s, padded.
    Raw,
}

/// Where the signature goes: one of a field, a header and a parameter of the query.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "place")]
pub struct Place {
    /// A field of the message, or something inside it.
    pub field: Option<Spanned<String>>,
    /// A header.
    pub header: Option<Spanned<String>>,
    /// A parameter of the query.
    pub query: Option<Spanned<String>>,
    /// What is written there, with `{signature}` in it.
    pub template: Option<Spanned<String>>,
    /// The separator of a list whose pieces may come in any order.
    pub items: Option<Spanned<String>>,
}

/// A value that the signer makes for one message.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "fresh value")]
pub struct Fresh {
    /// What it is: `unix seconds`, `alphanumeric`, a date pattern ...
    pub is: Option<Spanned<String>>,
    /// How many characters (of `bytes`: bytes).
    pub length: Option<Spanned<String>>,
    /// A place of its own: a field.
    pub field: Option<Spanned<String>>,
    /// A place of its own: a header.
    pub header: Option<Spanned<String>>,
    /// A place of its own: a parameter of the query.
    pub query: Option<Spanned<String>>,
}

/// Whether a value that the caller hands in may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "kind of given value", rename_all = "snake_case")]
pub enum Given {
    /// It may not.
    Secret,
    /// It may.
    Public,
}

/// How old or new a received message may be.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "tolerance")]
pub struct Tolerance {
    /// The time that the message states: a template.
    pub of: Option<Spanned<String>>,
    /// How it is written; `unix seconds` if left out.
    pub is: Option<Spanned<String>>,
    /// How far it may be away from now.
    pub within: Option<Spanned<String>>,
}
