//! The checked spec: everything resolved, nothing left to look up or to doubt.
//!
//! The IR stands between the checker, which makes it, and its two independent readers: the emitter, which writes
//! Rust from it, and the interpreter, which executes it. It is their contract. References are indices into the
//! vectors of [`Provider`] (typed, so that they cannot be mixed up), names come in Rust case and as on the wire,
//! sharing by `like`, `fields_of` and envelopes is already expanded, and every limit is a number.
//!
//! What the IR does not hold: positions in the YAML (the checker has reported what there was to report) and
//! anything about HTTP or cryptography beyond the names of algorithms.

mod field;
mod list;
mod message;
mod recipe;
mod seal;
mod signature;
mod signed_text;
mod template;

pub use self::{
    field::*, list::*, message::*, recipe::*, seal::*, signature::*, signed_text::*, template::*,
};

/// One provider, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Provider {
    /// `snake_case`: module, feature, file.
    pub name: String,
    /// The provider's own name, one line.
    pub title: String,
    /// What the provider is, in a sentence or two.
    pub doc: String,
    /// Where the facts come from, in the order of the file.
    pub sources: Vec<Source>,
    /// What holds for the whole file.
    pub defaults: Defaults,
    /// The hosts that every environment has.
    pub hosts: Vec<Name>,
    /// Where the provider can be reached.
    pub environments: Vec<Environment>,
    /// What the merchant was given.
    pub credentials: Vec<Credential>,
    /// What a client may choose once.
    pub options: Vec<ClientOption>,
    /// Enumerations and objects.
    pub types: Vec<Type>,
    /// Signature recipes that a message uses, after `like` and `choose`.
    pub recipes: Vec<Recipe>,
    /// The access token, if the provider has one.
    pub token: Option<Token>,
    /// What wraps the messages of a family.
    pub envelopes: Vec<Envelope>,
    /// What we send.
    pub operations: Vec<Operation>,
    /// What they send.
    pub callbacks: Vec<Callback>,
}

impl Provider {
    /// Whether a `POST` that is protected like this is read from its body alone. Where a recipe signs the body and not
    /// the query, anybody could add a parameter to the query; elsewhere the parameters of both are one set of fields.
    #[must_use]
    pub fn reads_body_alone(&self, signature: &Signature) -> bool {
        signature.recipes().into_iter().any(|id| self[id].takes_the_body())
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $id:ident => $vector:ident: $item:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $id(pub usize);

        impl std::ops::Index<$id> for Provider {
            type Output = $item;

            // The checker makes an id only together with the item that it names.
            #[allow(clippy::indexing_slicing)]
            fn index(&self, id: $id) -> &$item {
                &self.$vector[id.0]
            }
        }
    )*};
}

ids! {
    /// An entry of [`Provider::hosts`].
    HostId => hosts: Name,
    /// An entry of [`Provider::options`].
    OptionId => options: ClientOption,
    /// An entry of [`Provider::types`].
    TypeId => types: Type,
    /// An entry of [`Provider::recipes`].
    RecipeId => recipes: Recipe,
    /// An entry of [`Provider::envelopes`].
    EnvelopeId => envelopes: Envelope,
    /// An entry of [`Provider::operations`].
    OperationId => operations: Operation,
    /// An entry of [`Provider::callbacks`].
    CallbackId => callbacks: Callback,
}

/// A name in its three spellings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// As on the wire, or as in the YAML where it never travels.
    pub wire: String,
    /// `snake_case`, a legal Rust identifier: members, functions.
    pub snake: String,
    /// `PascalCase`, a legal Rust identifier: types, variants.
    pub pascal: String,
}

/// A document or code base that vouches for facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What `source:` says.
    pub id: String,
    /// How far it is to be believed.
    pub mark: Mark,
    /// Its own heading.
    pub title: String,
    /// Where it can be read.
    pub link: Option<String>,
}

/// How far a source is to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// Bytes of what is signed and sent, and of what is received.
    pub encoding: Encoding,
    /// Seconds east of UTC of all times that are written without a zone; `None` where no such time occurs.
    pub zone: Option<i32>,
    /// Which optional values count as absent.
    pub absent_when: AbsentWhen,
    /// How a space is written in a query or form.
    pub space: Space,
}

/// Which charset the bytes of a message are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Always this one.
    Fixed(Charset),
    /// The one that the client chose: an option whose enumeration values are charset names.
    Chosen(OptionId),
}

/// A charset that signed text may be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// GBK; GB 2312 is read and written as its superset GBK.
    Gbk,
    /// GB 18030.
    Gb18030,
    /// ISO 8859-1.
    Latin1,
}

impl Charset {
    /// The charset of this name, in the spellings that providers use.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().as_str() {
            "UTF-8" | "UTF8" => Some(Self::Utf8),
            "GBK" | "GB2312" | "GB-2312" => Some(Self::Gbk),
            "GB18030" => Some(Self::Gb18030),
            "ISO-8859-1" | "ISO8859-1" => Some(Self::Latin1),
            _ => None,
        }
    }
}

/// Which optional values count as absent: neither signed nor sent, and `None` when received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbsentWhen {
    /// The empty text.
    Empty,
    /// Text of nothing but white space (U+0009..U+000D, U+0020).
    Blank,
    /// None.
    Never,
}

/// How a space is written in a query or form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// `%20`.
    Percent20,
    /// `+`.
    Plus,
}

/// Where the provider can be reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Environment {
    /// `production`, `sandbox`, ...
    pub name: Name,
    /// What it is for.
    pub doc: String,
    /// Who says so.
    pub sources: Vec<String>,
    /// No money moves here.
    pub test: bool,
    /// One for each of [`Provider::hosts`], in that order.
    pub hosts: Vec<HostAddress>,
    /// The provider offers plain http; a client uses it only when it is asked for as well.
    pub plain_http: bool,
}

/// The address of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostAddress {
    /// Known: scheme and authority, without a trailing slash.
    Fixed(String),
    /// Given to each merchant.
    Supplied,
}

/// Something that the merchant was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Credential {
    /// Its name; it never travels under it.
    pub name: Name,
    /// What it is.
    pub kind: CredentialKind,
    /// What it is, in words.
    pub doc: String,
    /// Who says so.
    pub sources: Vec<String>,
    /// A made-up value, for documentation and the fake provider.
    pub example: Option<String>,
}

/// What a credential is.
#[derive(Clone, Debug, PartialEq)]
pub enum CredentialKind {
    /// Public text.
    Text {
        /// Its length, if one is stated.
        length: Option<Length>,
    },
    /// A shared secret; it never leaves the process.
    Secret(Decode),
    /// A key.
    Key(KeyKind),
    /// Several keys, each with an id by which a message says which one it means.
    Keys(KeyKind),
    /// One of several sets of credentials, in the order of the file.
    Choice(Vec<Alternative>),
}

/// One alternative of a [`CredentialKind::Choice`].
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// Its name.
    pub name: Name,
    /// The word that the provider uses for it.
    pub wire: String,
    /// What it is, in words.
    pub doc: String,
    /// Who says so.
    pub sources: Vec<String>,
    /// What belongs to it. Never a choice again.
    pub members: Vec<Credential>,
}

/// How a secret is written, and thus what its bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decode {
    /// As text: its UTF-8 bytes.
    Text,
    /// In hex.
    Hex,
    /// In base64.
    Base64,
}

/// What kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Names a credential: `appid`, or `signing.merchant_key` for a member of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CredentialPath {
    /// The credential.
    pub name: Name,
    /// The member, where the credential is a choice. Which alternative is meant follows from the recipe's case.
    pub member: Option<Name>,
}

/// What a client may choose once.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientOption {
    /// The option, as a field that is text or an enumeration.
    pub field: Field,
    /// Its value unless chosen; `None`: not used unless chosen.
    pub default: Option<String>,
}

/// The access token.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Its name.
    pub name: Name,
    /// The operation that makes one.
    pub create: OperationId,
    /// The field of its reply that holds the token.
    pub value: Name,
    /// The field of its reply that holds the lifetime in seconds.
    pub lifetime: Name,
    /// When it is renewed ahead of its end.
    pub refresh_at: RefreshAt,
    /// The credential by whose value instances share one token.
    pub shared_by: Option<CredentialPath>,
    /// How many may be made, as the file says it: documentation.
    pub budget: Option<String>,
    /// What users should know.
    pub doc: String,
    /// Who says so.
    pub sources: Vec<String>,
}

/// When a token is renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshAt {
    /// When this percentage of its lifetime is over.
    Percent(u8),
    /// This many seconds before its end.
    SecondsBefore(u64),
}
