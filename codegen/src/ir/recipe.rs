//! Recipes: what is signed, in which order, how it is sealed, where the signature goes.
//!
//! A [`Recipe`] is the rule, complete, after `like` and `also_accept` have been expanded. For a request, whose
//! fields are known, the checker also writes down the [`SignedText`]: the same rule applied once, with the order
//! decided. The emitter uses that; the interpreter applies the rule itself, so that the two can be compared.

use super::{CredentialPath, Encoding, Name};

/// What protects a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Signature {
    /// Nothing, and why.
    None {
        /// Why.
        reason: String,
    },
    /// One recipe.
    Recipe(super::RecipeId),
    /// The one that the configured credential chooses.
    Chosen {
        /// A credential that is a choice.
        by: CredentialPath,
        /// A recipe for each alternative, in the order of the alternatives.
        cases: Vec<Case>,
    },
}

impl Signature {
    /// The recipes that it can lead to, in order.
    #[must_use]
    pub fn recipes(&self) -> Vec<super::RecipeId> {
        match self {
            Self::None { .. } => Vec::new(),
            Self::Recipe(recipe) => vec![*recipe],
            Self::Chosen { cases, .. } => cases.iter().map(|case| case.recipe).collect(),
        }
    }
}

/// A case of [`Signature::Chosen`].
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The alternative.
    pub alternative: Name,
    /// Its recipe.
    pub recipe: super::RecipeId,
}

/// A rule for making and checking a signature.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Its name.
    pub name: Name,
    /// The list that stands in the text as `{fields}`.
    pub list: Option<List>,
    /// The text.
    pub text: Vec<Piece>,
    /// The charset of the text.
    pub charset: Encoding,
    /// What is done with the text.
    pub seal: Seal,
    /// The field that carries the signature.
    pub place: String,
    /// Further readings, tried in order when verifying, never when signing; their own `also_accept` is empty.
    pub also_accept: Vec<Reading>,
}

/// A further reading of a recipe.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What differs, as the file says it: `empties: keep`.
    pub differs: String,
    /// The whole recipe with the difference applied.
    pub recipe: Recipe,
}

/// A list of values.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// Which values.
    pub fields: Selection,
    /// Which of them not. The signature's own field never takes part.
    pub except: Vec<String>,
    /// Further items, never sent.
    pub add: Vec<(String, Vec<Piece>)>,
    /// Names and values lose outer white space, before the empties are judged; a request sends them trimmed.
    pub trim: bool,
    /// What becomes of nothing.
    pub empties: Empties,
    /// In which order.
    pub order: Order,
    /// How an item is written.
    pub pair: Vec<PairPiece>,
    /// What stands between two items.
    pub join: String,
}

/// Which values are in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Every parameter of query and form together, or every member of the JSON object.
    All,
    /// Every parameter of the query.
    Query,
    /// Every parameter of the form, or every member of the JSON object.
    Body,
    /// These.
    Named(Vec<String>),
}

/// What becomes of nothing, for each of the four cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Empties {
    /// A listed name that the message does not have.
    pub absent: EmptyAction,
    /// JSON `null`.
    pub json_null: EmptyAction,
    /// `""`.
    pub empty: EmptyAction,
    /// Only white space. `Keep` leaves it as it is.
    pub blank: EmptyAction,
}

/// What becomes of a value that is nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmptyAction {
    /// Left out; in a request, not sent either.
    Drop,
    /// Written as nothing (blank: as it is).
    Keep,
    /// An error.
    Refuse,
    /// Written as this text.
    As(String),
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By the UTF-8 bytes of the names.
    ByName,
    /// By the lower-cased names, equal ones by bytes.
    ByNameIgnoringCase,
    /// As in the list; `add` at the end.
    AsListed,
    /// As written or received; `add` at the end.
    AsOnTheWire,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Literal(String),
    /// `{fields}`.
    List,
    /// A value and what is done with it.
    Value {
        /// Where it comes from.
        from: Part,
        /// What is done with it, from left to right.
        filters: Vec<Filter>,
    },
}

/// Where a value of a template comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A field, by its wire name.
    Field(String),
    /// A credential: text or secret.
    Credential(CredentialPath),
    /// The raw body.
    Body,
    /// The raw JSON text of the reply's data member (or its fault member).
    Result,
    /// The method, upper case.
    Method,
    /// The path.
    Path,
}

/// A filter of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// ASCII and Unicode lower case.
    Lower,
    /// ASCII and Unicode upper case.
    Upper,
    /// Without outer white space.
    Trim,
}

/// A piece of `pair`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairPiece {
    /// As it stands.
    Literal(String),
    /// `{name}`.
    Name,
    /// `{value}`.
    Value(Vec<Filter>),
}

/// What is done with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The key, for algorithms that have one.
    pub key: Option<CredentialPath>,
    /// How its bytes become text.
    pub output: Output,
}

/// An algorithm that makes a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// A plain digest.
    Digest(Digest),
    /// HMAC with a shared secret.
    Hmac(Digest),
    /// RSA, PKCS#1 v1.5.
    Rsa(Digest),
    /// SM2 over SM3.
    Sm2 {
        /// The distinguishing id.
        user_id: String,
        /// How r and s are written.
        form: Sm2Form,
    },
}

/// A digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
    /// SM3.
    Sm3,
}

/// How an SM2 signature is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sm2Form {
    /// `SEQUENCE { r, s }`.
    Der,
    /// r and s, 32 bytes each.
    Raw,
}

/// How the bytes of a signature become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Lower-case hex.
    HexLower,
    /// Upper-case hex.
    HexUpper,
    /// Base64 with padding.
    Base64,
}

/// The signed text of a request, its order fixed when the spec was compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedText {
    /// The recipe that it follows.
    pub recipe: super::RecipeId,
    /// What is written, from left to right.
    pub steps: Vec<Step>,
}

/// A step of a [`SignedText`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// As it stands.
    Literal(String),
    /// A value of the template.
    Value {
        /// Where it comes from.
        from: Part,
        /// What is done with it.
        filters: Vec<Filter>,
    },
    /// The list.
    List {
        /// What stands between two items.
        join: String,
        /// The items, in their order.
        items: Vec<ListItem>,
    },
}

/// An item of a compiled list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListItem {
    /// Literal text before the value: `amount=`.
    pub before: String,
    /// The value.
    pub value: ItemValue,
    /// Filters over the value.
    pub filters: Vec<Filter>,
    /// Literal text behind the value.
    pub after: String,
}

/// The value of a compiled item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemValue {
    /// A sent field, by its wire name; left out when it is absent. The payload field counts as one.
    Field(String),
    /// An item of `add`, always there.
    Added(Vec<Piece>),
}
