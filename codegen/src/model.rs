//! The model: a spec as its author wrote it, one struct for each kind of map, one member for each key.
//!
//! It is filled from the node tree by [`crate::read::from_node`], which reports unknown keys and values of the wrong
//! shape. Nearly every member is optional here, because the checker reports what is missing with a mend of its own.
//! Every scalar is text; what ranges, references and templates mean is found out by the checker. Keys of the
//! language that no provider needed yet are members as well, so that they are refused as "not yet" and not as unknown.

mod credential;
mod field;
mod message;
mod recipe;

use serde::Deserialize;

pub use self::credential::*;
pub use self::field::*;
pub use self::message::*;
pub use self::recipe::*;
use crate::read::{List, Map, Node, OneOrMany, Spanned};

/// Who vouches for something: ids of `provider.sources`, `inferred` or `unknown`.
pub type SourceIds = OneOrMany<Spanned<String>>;

/// Accepted diagnostics, each with the reason.
pub type Accepts = Map<Spanned<String>>;

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "file", default)]
pub struct File {
    /// The version of the language.
    pub payspec: Option<Spanned<String>>,
    /// Who the provider is.
    pub provider: Option<Spanned<Provider>>,
    /// What holds for the whole file.
    pub defaults: Option<Defaults>,
    /// Where the provider is reached.
    pub environments: Map<Spanned<Environment>>,
    /// What the merchant was given.
    pub credentials: Option<Map<Spanned<Credential>>>,
    /// What a client chooses once.
    pub options: Map<Spanned<Field>>,
    /// Recipes.
    pub signatures: Option<Map<Spanned<Recipe>>>,
    /// Access tokens.
    pub tokens: Map<Spanned<Token>>,
    /// What wraps every message of a family.
    pub envelopes: Map<Spanned<Envelope>>,
    /// Codes and what they mean for money.
    pub errors: Option<Errors>,
    /// Objects and enumerations.
    pub types: Map<Spanned<Type>>,
    /// What we send.
    pub operations: Map<Spanned<Operation>>,
    /// What they send.
    pub callbacks: Map<Spanned<Callback>>,
    /// Diagnostics accepted everywhere in the file.
    pub accepts: Accepts,
}

/// Who the provider is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "provider")]
pub struct Provider {
    /// Module and feature.
    pub name: Option<Spanned<String>>,
    /// The provider's own name.
    pub title: Option<Spanned<String>>,
    /// A sentence or two.
    pub doc: Option<Spanned<String>>,
    /// Where the facts come from.
    #[serde(default)]
    pub sources: Map<Spanned<Source>>,
}

/// A document or code base.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "source")]
pub struct Source {
    /// How far it is to be believed.
    pub mark: Option<Spanned<Mark>>,
    /// Its own heading.
    pub title: Option<Spanned<String>>,
    /// Where it can be read.
    pub link: Option<Spanned<String>>,
}

/// How far a source is to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "mark", rename_all = "snake_case")]
pub enum Mark {
    /// The provider's document.
    Official,
    /// Code that the provider published.
    OfficialSdk,
    /// Code of somebody who integrated the provider.
    ClientCode,
    /// Computed or observed.
    Measured,
}

/// What holds for the whole file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "defaults", default)]
pub struct Defaults {
    /// A charset or `options.x`.
    pub encoding: Option<Spanned<String>>,
    /// `+08:00`.
    pub zone: Option<Spanned<String>>,
    /// Unit of lengths.
    pub length: Option<Spanned<LengthUnit>>,
    /// Which optional values count as absent.
    pub absent_when: Option<Spanned<AbsentWhen>>,
    /// How a space is written in a query or form.
    pub space: Option<Spanned<Space>>,
    /// How amounts and decimals are written inside JSON.
    pub json_amount: Option<Spanned<JsonForm>>,
    /// How integers are written inside JSON.
    pub json_integer: Option<Spanned<JsonForm>>,
    /// Whether amounts keep trailing zeros.
    pub digits: Option<Spanned<Digits>>,
}

/// What a length counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "unit of length", rename_all = "snake_case")]
pub enum LengthUnit {
    /// Unicode scalar values.
    Chars,
    /// Bytes in the encoding.
    Bytes,
}

/// Which optional values count as absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "kind of absence", rename_all = "snake_case")]
pub enum AbsentWhen {
    /// The empty text.
    Empty,
    /// White space only.
    Blank,
    /// None.
    Never,
}

/// How a space is written in a query or form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "way to write a space")]
pub enum Space {
    /// `%20`.
    #[serde(rename = "%20")]
    Percent20,
    /// `+`.
    #[serde(rename = "+")]
    Plus,
}

/// How a number is written inside JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "form of a number", rename_all = "snake_case")]
pub enum JsonForm {
    /// In quotes.
    Text,
    /// Without quotes.
    Number,
}

/// Whether amounts keep trailing zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "way to write digits", rename_all = "snake_case")]
pub enum Digits {
    /// `10.00`.
    Fixed,
    /// `10`.
    Shortest,
}

/// Where the provider is reached.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "environment")]
pub struct Environment {
    /// Addresses, or `supplied`.
    pub hosts: Option<Map<Spanned<String>>>,
    /// `https`, and `http` where the provider offers it.
    pub schemes: Option<List<Spanned<Scheme>>>,
    /// No money moves here.
    pub test: Option<Spanned<Flag>>,
    /// What it is for.
    pub doc: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
}

/// A scheme of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "scheme", rename_all = "snake_case")]
pub enum Scheme {
    /// Protected by TLS.
    Https,
    /// Open.
    Http,
}

/// A switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "switch", rename_all = "snake_case")]
pub enum Flag {
    /// On.
    True,
    /// Off.
    False,
}

/// Whether a switch is on.
#[must_use]
pub fn is_on(flag: Option<&Spanned<Flag>>) -> bool {
    flag.is_some_and(|flag| flag.value == Flag::True)
}

/// An access token.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "token")]
pub struct Token {
    /// The operation that makes one.
    pub create: Option<Spanned<String>>,
    /// The field of its reply with the token.
    pub value: Option<Spanned<String>>,
    /// The field of its reply with the lifetime in seconds.
    pub lifetime: Option<Spanned<String>>,
    /// `80%`, or `600s` before the end.
    pub refresh_at: Option<Spanned<String>>,
    /// A credential.
    pub shared_by: Option<Spanned<String>>,
    /// How many may be made.
    pub budget: Option<Spanned<String>>,
    /// What users should know.
    pub doc: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
}

/// An object or an enumeration.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "type")]
pub struct Type {
    /// What it is.
    pub doc: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
    /// The values of an enumeration, by their text on the wire.
    pub values: Option<Map<Spanned<Value>>>,
    /// The fields of an object.
    pub fields: Option<Map<Spanned<Field>>>,
    /// Rules over the fields.
    #[serde(default)]
    pub rules: List<Spanned<Rule>>,
    /// Whether the caller may add members.
    pub extra: Option<Spanned<Extra>>,
    /// Diagnostics accepted here.
    #[serde(default)]
    pub accepts: Accepts,
}

/// Whether the caller may add members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "word for extra members", rename_all = "snake_case")]
pub enum Extra {
    /// Yes.
    Allowed,
    /// No.
    Refused,
}

/// A value of an enumeration.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "value")]
pub struct Value {
    /// Its name in Rust.
    pub name: Option<Spanned<String>>,
    /// What it means.
    pub doc: Option<Spanned<String>>,
    /// What it means for money.
    pub outcome: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
}

/// Codes and what they mean for money.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "errors", default)]
pub struct Errors {
    /// The fields whose listed value decides, in order.
    pub lookup: List<Spanned<String>>,
    /// The kind of a fault member whose codes are not listed.
    pub fault: Option<Spanned<ErrorKind>>,
    /// The kind of an unlisted code.
    pub unlisted: Option<Spanned<ErrorKind>>,
    /// Who says so.
    pub source: Option<SourceIds>,
    /// Codes, by field and value.
    pub values: Map<Map<Spanned<ErrorEntry>>>,
}

/// What a code means.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "error code")]
pub struct ErrorEntry {
    /// Its kind.
    pub kind: Option<Spanned<ErrorKind>>,
    /// In words.
    pub doc: Option<Spanned<String>>,
    /// What the operator can do.
    pub mend: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
}

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "kind of error", rename_all = "snake_case")]
pub enum ErrorKind {
    /// Surely nothing happened.
    Rejected,
    /// Surely nothing happened; an operator has to mend something.
    Configuration,
    /// Surely nothing happened; too many calls.
    RateLimited,
    /// The token is no longer good.
    TokenExpired,
    /// Says nothing about the order.
    NotFound,
    /// An earlier attempt may have arrived.
    Duplicate,
    /// Nobody knows.
    Unknown,
}

/// A condition: field and what is asked of it, read by hand because it is text, a list or `{ text: present }`.
pub type Condition = Map<Node>;
