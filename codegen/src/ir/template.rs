//! Templates: the pieces of a text, where their values come from, what is done with them.

use super::{CredentialPath, Decimals, FieldPath};

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Literal(String),
    /// `{fields}`.
    List,
    /// `{names}`: the names of the list, joined like it.
    ListNames,
    /// `{signature}`, in a place only.
    Signature,
    /// A value and what is done with it.
    Value {
        /// Where it comes from.
        from: Operand,
        /// What is done with it, from left to right.
        filters: Vec<Filter>,
    },
}

impl Piece {
    pub(super) fn is_plain(&self) -> bool {
        match self {
            Self::Literal(_) | Self::List => true,
            Self::ListNames | Self::Signature => false,
            Self::Value { from, filters } => from.is_plain() && filters.iter().all(Filter::is_plain),
        }
    }
}

/// Where a value of a template comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A field, or something inside it.
    Field(FieldPath),
    /// A credential: text, or a secret in its decoded form.
    Credential(CredentialPath),
    /// A value that the caller hands in, by the name in [`Recipe::given`](super::Recipe::given).
    Given(String),
    /// A value that the signer makes, by the name in [`Recipe::fresh`](super::Recipe::fresh).
    Fresh(String),
    /// A header, by its lower-cased name.
    Header(String),
    /// The result of a part, by its name.
    Part(String),
    /// A part of the message itself.
    Message(MessagePart),
}

impl Operand {
    pub(super) fn is_plain(&self) -> bool {
        use MessagePart::{Body, Method, Path, Result};
        match self {
            Self::Field(path) => path.simple().is_some(),
            Self::Credential(_) | Self::Message(Method | Path | Body | Result) => true,
            Self::Given(_) | Self::Fresh(_) | Self::Header(_) | Self::Part(_) | Self::Message(_) => false,
        }
    }
}

/// A part of the message itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessagePart {
    /// The method, upper case.
    Method,
    /// The host, with its port where it is written.
    Host,
    /// The path.
    Path,
    /// The raw query, without `?`.
    Query,
    /// Path, and `?` and query where there is one.
    Target,
    /// The whole URL as the signer saw it.
    Url,
    /// The raw body.
    Body,
    /// The raw JSON text of the reply's data member (or its fault member).
    Result,
    /// The plain text of an encryption.
    Payload,
}

/// A filter of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// ASCII and Unicode lower case.
    Lower,
    /// ASCII and Unicode upper case.
    Upper,
    /// Without outer white space.
    Trim,
    /// A decimal number with this many decimals, half away from zero.
    Decimals(Decimals),
    /// Percent-encoding of the bytes in the recipe's charset.
    Url(UrlDialect),
    /// A backslash before each of these characters, and before a backslash.
    Escape(String),
    /// The number of bytes in the recipe's charset.
    Length,
    /// The first characters.
    First(u32),
    /// The last characters.
    Last(u32),
    /// The characters in reverse order.
    Reverse,
    /// Bytes as lower-case hex.
    Hex,
    /// Bytes as base64.
    Base64,
    /// Bytes as base64url, unpadded.
    Base64Url,
    /// Bytes of a hex text.
    FromHex,
    /// Bytes of a base64 text of either alphabet; line breaks are passed over.
    FromBase64,
    /// JSON without white space between tokens; numbers and strings as received.
    Json {
        /// Members by name, at every level.
        sorted: bool,
    },
    /// Without these characters.
    Without(String),
    /// Line breaks of any kind as this one.
    Newlines(Newline),
    /// What stands behind this beginning; the whole text where it does not begin so.
    After(String),
    /// What stands behind the last of these; the whole text where there is none.
    AfterLast(String),
    /// A JSON string literal.
    JsonString,
}

impl Filter {
    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Self::Lower | Self::Upper | Self::Trim)
    }
}

/// A line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newline {
    /// U+000A.
    Lf,
    /// U+000D, U+000A.
    CrLf,
}

/// A dialect of percent-encoding. Letters and digits always stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlDialect {
    /// `-._~` stay; space `%20`; upper-case hex.
    Rfc3986,
    /// `*-._` stay; space `+`; upper-case hex.
    Form,
    /// `-._` stay; space `+`; upper-case hex.
    Php,
    /// `-_.!*()` stay; space `+`; lower-case hex.
    Dotnet,
    /// `-_.!~*'()` stay; space `%20`; upper-case hex.
    Js,
}

/// A piece of `pair`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairPiece {
    /// As it stands.
    Literal(String),
    /// `{name}`.
    Name(Vec<Filter>),
    /// `{value}`.
    Value(Vec<Filter>),
    /// Anything else that a template may hold: a secret behind every pair.
    Operand {
        /// Where it comes from.
        from: Operand,
        /// What is done with it.
        filters: Vec<Filter>,
    },
}
