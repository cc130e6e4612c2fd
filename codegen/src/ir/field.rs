//! Fields: what a value is, how long or large it may be, where it comes from.

use super::{CredentialPath, Name, OptionId, TypeId};

/// A named value of a message or an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// It must be there.
    pub required: bool,
    /// What it is.
    pub kind: Kind,
    /// One sentence, with the provider's own term.
    pub doc: String,
    /// Who says so: ids of sources, or `inferred`, `unknown`.
    pub sources: Vec<String>,
    /// A value that fits; checked against kind and limits.
    pub example: Option<String>,
    /// Personal data: `Debug` hides it.
    pub sensitive: bool,
    /// Why it should no longer be used.
    pub deprecated: Option<String>,
    /// Enforced where we send it, documentation where we receive it.
    pub limits: Limits,
    /// `should:` the softer level; a breach is advice.
    pub advice: Limits,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// An absolute http or https URL.
    Url,
    /// A whole number.
    Integer {
        /// How it is written inside JSON.
        json: JsonForm,
    },
    /// A decimal number.
    Decimal {
        /// Digits after the point.
        scale: u32,
        /// How it is written inside JSON.
        json: JsonForm,
    },
    /// Money.
    Amount {
        /// What one is.
        unit: AmountUnit,
        /// Digits after the point that are written, at least or exactly by `digits`.
        scale: u32,
        /// Digits after the point that are read; those beyond the unit must be zero.
        read_scale: u32,
        /// Whether trailing zeros are written.
        digits: Digits,
        /// How it is written inside JSON.
        json: JsonForm,
    },
    /// Yes or no, in the provider's words.
    Flag {
        /// Means yes.
        yes: String,
        /// Means no.
        no: String,
    },
    /// An instant.
    Timestamp(TimeFormat),
    /// A day.
    Date(TimePattern),
    /// A length of time that keeps its unit: `96h` is not `4d`.
    Duration {
        /// The units that may be used, as letters: `m`, `h`, `d`, `s`.
        units: Vec<char>,
    },
    /// A value of an enumeration.
    Enum(TypeId),
    /// A JSON object.
    Object(TypeId),
    /// Several values.
    List {
        /// What each is.
        of: Item,
        /// As text with this between the items; `None`: a JSON array.
        join: Option<String>,
    },
    /// Objects under flat numbered names, in a form or query: the field's own name carries how many there are, and
    /// a `#` in the names of the members is the number of the row. Sent only.
    Rows {
        /// What each is.
        of: TypeId,
        /// The number of the first.
        from: u32,
    },
    /// JSON as text inside a string; the exact text is kept.
    Json(JsonOf),
    /// JSON as base64 text (of either alphabet when received); the exact text is kept.
    Base64Json(JsonOf),
    /// What an encryption recipe put there; handed out opened. Received only.
    Encrypted(Opened),
    /// JSON of unknown shape, handed on as it is. Received only.
    RawJson,
    /// A constant: no member in Rust.
    Fixed(String),
    /// The signature: no member in Rust.
    Signature,
}

/// How a number is written inside JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonForm {
    /// In quotes.
    Text,
    /// As a number.
    Number,
}

/// Whether trailing zeros are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// `10.00`.
    Fixed,
    /// `10`.
    Shortest,
}

/// What one of an amount is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountUnit {
    /// Yuan, two decimals.
    Yuan,
    /// Fen, a hundredth of a yuan, whole.
    Fen,
}

/// What an item of a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Text.
    Text,
    /// A URL.
    Url,
    /// An object.
    Object(TypeId),
}

/// What an encrypted field is once it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// Text.
    Text,
    /// The text of a JSON object of this type.
    Object(TypeId),
}

/// What JSON text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonOf {
    /// An object of this type.
    Object(TypeId),
    /// Anything.
    Any,
}

/// How an instant is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeFormat {
    /// Seconds since 1970.
    UnixSeconds,
    /// Milliseconds since 1970.
    UnixMillis,
    /// In the zone of the file.
    Pattern(TimePattern),
}

/// A pattern of date and time, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimePattern {
    /// As the file says it: `yyyy-MM-dd HH:mm:ss`.
    pub text: String,
    /// Its pieces, in order.
    pub pieces: Vec<TimePiece>,
}

/// A piece of a [`TimePattern`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimePiece {
    /// `yyyy`, four digits.
    Year,
    /// `MM`, two digits.
    Month,
    /// `dd`, two digits.
    Day,
    /// `HH`, two digits, 00 to 23.
    Hour,
    /// `mm`, two digits.
    Minute,
    /// `ss`, two digits.
    Second,
    /// `SSS`, three digits.
    Milli,
    /// Anything else, as it stands.
    Literal(String),
}

/// How long or large a value may be. Empty: nothing is stated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// Length of the text (of the written text for JSON and joined lists).
    pub length: Option<Length>,
    /// Number of items of a list.
    pub items: Option<Bounds<u64>>,
    /// Range of a number, as plain decimal text in the field's own unit.
    pub range: Option<Bounds<String>>,
    /// Range of a duration.
    pub duration: Option<Bounds<Span>>,
    /// The characters that may occur.
    pub alphabet: Option<Alphabet>,
    /// What the text begins with.
    pub starts_with: Option<StartsWith>,
}

/// Both ends count; an open end is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds<T> {
    /// At least.
    pub min: Option<T>,
    /// At most.
    pub max: Option<T>,
}

/// A length and its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// How long.
    pub bounds: Bounds<u64>,
    /// Measured in what.
    pub unit: LengthUnit,
}

/// What a length counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthUnit {
    /// Unicode scalar values.
    Chars,
    /// Bytes in the encoding of the file.
    Bytes,
}

/// A length of time with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// How many.
    pub count: u64,
    /// `s`, `m`, `h` or `d`.
    pub unit: char,
}

/// A set of characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alphabet {
    /// As the file says it: `A-Za-z0-9_-`, `ascii`, `digits`, `hex`.
    pub text: String,
    /// Its ranges, both ends included, ascending.
    pub ranges: Vec<(char, char)>,
}

/// What a text begins with.
#[derive(Clone, Debug, PartialEq)]
pub enum StartsWith {
    /// The value of a public credential.
    Credential(CredentialPath),
    /// A day near today, in the zone of the file.
    Date {
        /// How it is written.
        pattern: TimePattern,
        /// How many days before or after today it may be.
        within_days: u32,
    },
}

/// A field that we send, and where its value comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct SentField {
    /// The field.
    pub field: Field,
    /// Where its value comes from.
    pub origin: Origin,
    /// Where it travels.
    pub carrier: Carrier,
}

/// Where the value of a sent field comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// The caller: a member of the operation's struct.
    Caller,
    /// A public text credential, or the wire word of a choice's alternative.
    Credential(CredentialPath),
    /// What the client chose; an option without value leaves the field out.
    Option(OptionId),
    /// The access token.
    Token,
    /// The clock.
    Now,
    /// The same for every call of this operation.
    Constant(String),
    /// The recipe.
    Signature,
}

/// Where a sent field travels. A header's name is the field's wire name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// Beside the others: query, form, or member of the JSON body.
    Outer,
    /// In the query of the URL, although the request has a body (`request.common: query`).
    Query,
    /// Inside the payload.
    Payload,
    /// In the header of this field's name.
    Header,
    /// It is the body (`body: raw`).
    Body,
}

/// A field that we receive.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceivedField {
    /// The field. Its limits are documentation only.
    pub field: Field,
    /// Read from this header instead of the body.
    pub header: Option<String>,
    /// What it must be.
    pub equals: Option<CredentialPath>,
    /// It repeats this field that we sent: the sent field's name.
    pub echo: Option<Name>,
    /// No recipe covers it although the message is signed.
    pub unsigned: bool,
}

/// An enumeration or an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// Its name, as in the YAML.
    pub name: String,
    /// What it is.
    pub doc: String,
    /// Who says so.
    pub sources: Vec<String>,
    /// Which of the two.
    pub shape: Shape,
    /// A struct or enum that we send occurs in a request.
    pub sent: bool,
    /// A struct or enum that we receive occurs in a reply or callback.
    pub received: bool,
}

/// What a type is.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// An open enumeration.
    Enum(Vec<Value>),
    /// An object.
    Object {
        /// Its fields, in order on the wire.
        fields: Vec<Field>,
        /// Rules over them.
        rules: Vec<super::Rule>,
        /// The caller may add members.
        extra: bool,
    },
}

/// A value of an enumeration.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Its text on the wire, and its variant.
    pub name: Name,
    /// What it means.
    pub doc: String,
    /// Who says so.
    pub sources: Vec<String>,
    /// What it means for money.
    pub outcome: Option<super::Word>,
}
