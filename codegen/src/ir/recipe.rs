//! Recipes: what is signed, in which order, how it is sealed, where the signature goes.
//!
//! A [`Recipe`] is the rule, complete, after `like` and `also_accept` have been expanded. For a request whose fields
//! are known and whose recipe is [plain](Recipe::is_plain), the checker also writes down the [`SignedText`]: the same
//! rule applied once, with the order decided. The emitter uses that, and for every other recipe the rule; the
//! interpreter always applies the rule itself, so that the two can be compared.

use super::{CredentialPath, Encoding, Name, TimeFormat};

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
    /// The one that a field of the message chooses. It decides what is signed, never algorithm or key.
    ByField {
        /// The field.
        by: FieldPath,
        /// A recipe for each listed value.
        cases: Vec<FieldCase>,
        /// Where the field is absent, `null` or empty; `None`: refused.
        absent: Option<super::RecipeId>,
        /// For any other value; `None`: refused.
        otherwise: Option<super::RecipeId>,
    },
    /// All of these: made in this order, verified in the reverse order. Never empty, never nested, never `None` inside.
    Several(Vec<Signature>),
}

impl Signature {
    /// The recipes that it can lead to, in order.
    #[must_use]
    pub fn recipes(&self) -> Vec<super::RecipeId> {
        match self {
            Self::None { .. } => Vec::new(),
            Self::Recipe(recipe) => vec![*recipe],
            Self::Chosen { cases, .. } => cases.iter().map(|case| case.recipe).collect(),
            Self::ByField { cases, absent, otherwise, .. } => {
                cases.iter().map(|case| case.recipe).chain(*absent).chain(*otherwise).collect()
            }
            Self::Several(all) => all.iter().flat_map(Self::recipes).collect(),
        }
    }
}

/// A case of [`Signature::ByField`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldCase {
    /// The value of the field.
    pub value: String,
    /// Its recipe.
    pub recipe: super::RecipeId,
}

/// Where a value lies: the wire name of a field, then members of objects, indices of arrays (decimal digits), also
/// through fields that hold JSON as text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldPath(pub Vec<String>);

impl FieldPath {
    /// The field itself.
    #[must_use]
    pub fn field(name: &str) -> Self {
        Self(vec![name.to_owned()])
    }

    /// The wire name of the field.
    #[must_use]
    pub fn first(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// The wire name, where the path is nothing but a field.
    #[must_use]
    pub fn simple(&self) -> Option<&str> {
        match self.0.as_slice() {
            [name] => Some(name),
            _ => None,
        }
    }

    /// As in a spec: `bill.amount.value`.
    #[must_use]
    pub fn dotted(&self) -> String {
        self.0.join(".")
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

/// A rule for making and checking a signature, a nested digest, a derived key, or an encryption.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Its name.
    pub name: Name,
    /// The list that stands in the text as `{fields}`.
    pub list: Option<List>,
    /// What becomes of nothing in a template: an absent, `null`, empty or blank field there. Never `Drop`, because
    /// nothing can be left out of a template.
    pub empties: Empties,
    /// The text.
    pub text: Vec<Piece>,
    /// Filters over the whole text.
    pub transform: Vec<Filter>,
    /// The charset of the text.
    pub charset: Encoding,
    /// What becomes of a name that the message has twice, in any recipe of the message.
    pub repeated: Repeated,
    /// Recipes inside this one, in an order in which each uses only earlier ones. They have no parts, readings, fresh
    /// or given values and no tolerance of their own: all of these belong to the recipe around them.
    pub parts: Vec<Recipe>,
    /// What is done with the text.
    pub seal: Seal,
    /// Where the result goes; `None`: only into the text, key or place of the recipe around it.
    pub place: Option<Place>,
    /// Values that the signer makes for this message.
    pub fresh: Vec<Fresh>,
    /// Values that the caller hands in with this message.
    pub given: Vec<Given>,
    /// How old or new a received message may be.
    pub tolerance: Option<Tolerance>,
    /// Further readings, tried in order when verifying, never when signing; their own `also_accept` is empty.
    pub also_accept: Vec<Reading>,
}

impl Recipe {
    /// The field that holds the signature, where that is a field of the message's top level.
    #[must_use]
    pub fn place_field(&self) -> Option<&str> {
        match &self.place.as_ref()?.carrier {
            PlaceCarrier::Field(path) => path.simple(),
            PlaceCarrier::Header(_) | PlaceCarrier::Query(_) => None,
        }
    }

    /// Whether the recipe is a plain one: a list or template over sent values, sealed and put into a field as it is.
    /// For these the order of a request is fixed when the spec is compiled.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let is_plain_place = |place: &Place| {
            place.template == [Piece::Signature]
                && place.items.is_none()
                && matches!(&place.carrier, PlaceCarrier::Field(path) if path.simple().is_some())
        };
        let is_left_out_or_kept =
            |action: &EmptyAction| matches!(action, EmptyAction::Drop | EmptyAction::Keep);
        let is_plain_list = |list: &List| {
            list.names == Names::AsIs
                && list.numbers.is_none()
                && list.nested == Nested::Refuse
                && list.also_empty.is_empty()
                && matches!(
                    list.order,
                    Order::ByName | Order::ByNameIgnoringCase | Order::AsListed | Order::AsOnTheWire
                )
                && is_left_out_or_kept(&list.empties.empty)
                && is_left_out_or_kept(&list.empties.blank)
                && match &list.fields {
                    Selection::All | Selection::Query | Selection::Body => true,
                    // What is listed and not sent leaves no trace in a fixed order.
                    Selection::Named(entries) => {
                        list.empties.absent == EmptyAction::Drop
                            && entries.iter().all(|entry| matches!(entry, Entry::Name(_)))
                    }
                    Selection::NamedIn { .. } | Selection::Headers(_) | Selection::MembersOf(_) => false,
                }
                && list.add.iter().all(|(_, pieces)| pieces.iter().all(Piece::is_plain))
                && list.pair.iter().filter(|piece| matches!(piece, PairPiece::Value(_))).count() == 1
                && list.pair.iter().all(|piece| match piece {
                    PairPiece::Literal(_) => true,
                    PairPiece::Name(filters) => filters.is_empty(),
                    PairPiece::Value(filters) => filters.iter().all(Filter::is_plain),
                    PairPiece::Operand { .. } => false,
                })
        };
        let is_field = |piece: &Piece| matches!(piece, Piece::Value { from: Operand::Field(_), .. });
        let added = self.list.iter().flat_map(|list| list.add.iter().flat_map(|(_, pieces)| pieces));
        let has_plain_empties =
            self.empties == Empties::REFUSE || !self.text.iter().chain(added).any(is_field);
        has_plain_empties
            && self.place.as_ref().is_some_and(is_plain_place)
            && self.list.as_ref().is_none_or(is_plain_list)
            && self.text.iter().all(Piece::is_plain)
            && self.transform.is_empty()
            && self.repeated == Repeated::Refuse
            && self.parts.is_empty()
            && self.fresh.is_empty()
            && self.given.is_empty()
            && self.seal.is_plain()
    }

    /// Whether the body as such takes part, in any reading or part: its bytes, or the fields in it alone.
    #[must_use]
    pub fn takes_the_body(&self) -> bool {
        let body = Operand::Message(MessagePart::Body);
        let added = self.list.iter().flat_map(|list| list.add.iter().flat_map(|(_, pieces)| pieces));
        let is_body = |piece: &Piece| matches!(piece, Piece::Value { from, .. } if *from == body);
        self.list.as_ref().is_some_and(|list| list.fields == Selection::Body)
            || self.text.iter().chain(added).any(is_body)
            || self.parts.iter().any(Self::takes_the_body)
            || self.also_accept.iter().any(|reading| reading.recipe.takes_the_body())
    }

    /// Whether it encrypts: its text is the payload, and a receiver opens it instead of comparing.
    #[must_use]
    pub fn is_encryption(&self) -> bool {
        let payload = Operand::Message(MessagePart::Payload);
        self.text.iter().any(|piece| matches!(piece, Piece::Value { from, .. } if *from == payload))
    }
}

/// Where the result of a recipe goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where.
    pub carrier: PlaceCarrier,
    /// What is written there, with [`Piece::Signature`] in it once.
    pub template: Vec<Piece>,
    /// Separator of a list whose pieces (the template, split at it) may come in any order; unknown pieces are passed
    /// over, several with the signature are several candidates.
    pub items: Option<String>,
}

/// What carries the result of a recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceCarrier {
    /// A field of the message (of the body, or of the query where there is no body).
    Field(FieldPath),
    /// A header.
    Header(String),
    /// A parameter of the query.
    Query(String),
}

/// A value that the signer makes for one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fresh {
    /// Its name.
    pub name: Name,
    /// What it is.
    pub format: FreshFormat,
    /// How many characters (of `bytes`: bytes) it has.
    pub length: Option<u32>,
    /// A place of its own, beside the signature's.
    pub place: Option<PlaceCarrier>,
}

/// What a fresh value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FreshFormat {
    /// The present instant.
    Time(WrittenTime),
    /// Letters and digits.
    Alphanumeric,
    /// Lower-case hex digits.
    Hex,
    /// A random UUID with hyphens.
    Uuid,
    /// Random bytes.
    Bytes,
}

/// How an instant is written in a header or a signed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenTime {
    /// As fields write it: Unix seconds, milliseconds, or a pattern in the zone of the file.
    Field(TimeFormat),
    /// `Sat, 03 Apr 2021 12:00:00 GMT`.
    HttpDate,
    /// `2021-04-03T12:00:00Z`; read with any offset.
    Iso8601,
}

/// A value that the caller hands in with one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Its name.
    pub name: Name,
    /// It is a secret.
    pub secret: bool,
}

/// How old or new a received message may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tolerance {
    /// The time that the message states.
    pub of: Vec<Piece>,
    /// How it is written.
    pub format: WrittenTime,
    /// How many seconds it may be away from now.
    pub within: u64,
}

/// What becomes of a name that a message has twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeated {
    /// The message is refused.
    Refuse,
    /// Each is an item.
    Each,
    /// Each is an item, equal ones once.
    Distinct,
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
    /// Names are matched, sorted and written in this case.
    pub names: Names,
    /// Names and values lose outer white space, before the empties are judged; a request sends them trimmed.
    pub trim: bool,
    /// JSON numbers (not numeric text) are written with this many decimals; `None`: as on the wire.
    pub numbers: Option<Decimals>,
    /// What becomes of objects and arrays.
    pub nested: Nested,
    /// Texts that count as empty as well.
    pub also_empty: Vec<String>,
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
    /// These, in this order.
    Named(Vec<Entry>),
    /// Those that a field of the message names.
    NamedIn {
        /// The field.
        field: FieldPath,
        /// What stands between two names; `None`: the field is a JSON array of names.
        split: Option<String>,
        /// Names that must be among them on a received message: only these count as covered.
        at_least: Vec<String>,
        /// The names are paths below this member.
        within: Option<FieldPath>,
    },
    /// These headers, by their lower-cased names, which are written so.
    Headers(Vec<String>),
    /// The members of one object.
    MembersOf(FieldPath),
}

impl Selection {
    /// The listed names, where the list is nothing but names.
    #[must_use]
    pub fn plain_names(&self) -> Option<Vec<&str>> {
        let Self::Named(entries) = self else { return None };
        entries
            .iter()
            .map(|entry| match entry {
                Entry::Name(name) => Some(name.as_str()),
                _ => None,
            })
            .collect()
    }
}

/// An entry of a list of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A field.
    Name(String),
    /// A value inside a field; its name in the list is the dotted path.
    Path(FieldPath),
    /// Every field whose name begins so, in the order of the wire.
    Prefix(String),
    /// Each element of a list value, in order, under the field's name.
    Elements(String),
    /// For each row, in order, these members.
    Rows {
        /// The field: a JSON array of objects, or rows under flat numbered names.
        rows: FieldPath,
        /// The number of the first row, for a `#` in names.
        from: u32,
        /// Members; a `#` is the row's number where rows travel as flat numbered names.
        fields: Vec<String>,
    },
}

/// The case of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// As they are.
    AsIs,
    /// Upper case.
    Upper,
    /// Lower case.
    Lower,
}

/// How many decimals are written, half away from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimals {
    /// At least.
    pub min: u32,
    /// At most.
    pub max: u32,
}

/// What becomes of objects and arrays in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nested {
    /// An error.
    Refuse,
    /// The JSON text as on the wire.
    Raw,
    /// Each scalar inside, in document order, with its dotted path as its name.
    Leaves,
    /// Left out.
    Drop,
    /// Objects are written by the same rule and stand as the value; items of arrays are joined.
    SameRule,
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

impl Empties {
    /// Nothing is an error; a value of white space is as it is.
    pub const REFUSE: Self = Self {
        absent: EmptyAction::Refuse,
        json_null: EmptyAction::Refuse,
        empty: EmptyAction::Refuse,
        blank: EmptyAction::Keep,
    };
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
    /// By the UTF-8 bytes of the values; equal ones keep their order.
    ByValue,
    /// By name, equal names by value.
    ByNameThenValue,
    /// By what `pair` wrote.
    ByItem,
    /// By what `pair` wrote, lower-cased, equal ones by bytes.
    ByItemIgnoringCase,
}

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
    fn is_plain(&self) -> bool {
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
    /// A value that the caller hands in, by the name in [`Recipe::given`].
    Given(String),
    /// A value that the signer makes, by the name in [`Recipe::fresh`].
    Fresh(String),
    /// A header, by its lower-cased name.
    Header(String),
    /// The result of a part, by its name.
    Part(String),
    /// A part of the message itself.
    Message(MessagePart),
}

impl Operand {
    fn is_plain(&self) -> bool {
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
    fn is_plain(&self) -> bool {
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

/// What is done with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The key, for algorithms that have one.
    pub key: Option<Key>,
    /// How its bytes become text.
    pub output: Output,
}

impl Seal {
    /// The credential that is the key.
    #[must_use]
    pub fn credential(&self) -> Option<&CredentialPath> {
        match self.key.as_ref()? {
            Key::Credential { path, id: _ } => Some(path),
            Key::Computed(_) => None,
        }
    }

    fn is_plain(&self) -> bool {
        let is_plain_key = matches!(self.key, None | Some(Key::Credential { id: None, .. }));
        is_plain_key
            && matches!(self.output, Output::HexLower | Output::HexUpper | Output::Base64)
            && !matches!(self.algorithm, Algorithm::Cipher { .. } | Algorithm::None)
    }
}

/// The key of a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A credential.
    Credential {
        /// Which.
        path: CredentialPath,
        /// Which of a credential that is many by id.
        id: Option<Vec<Piece>>,
    },
    /// A template whose bytes are the key.
    Computed(Vec<Piece>),
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
    /// Encryption with a shared secret.
    Cipher {
        /// Which.
        cipher: Cipher,
        /// The initialisation vector, of gcm the nonce; `None` for ecb.
        iv: Option<Iv>,
        /// What gcm authenticates beside the text. Empty for the others.
        aad: Vec<Piece>,
        /// How the text is filled up to whole blocks. `None` for gcm.
        padding: Padding,
    },
    /// The text itself: a constant that proves who sends.
    None,
}

/// A cipher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
    /// AES-128, chained blocks.
    Aes128Cbc,
    /// AES-192, chained blocks.
    Aes192Cbc,
    /// AES-256, chained blocks.
    Aes256Cbc,
    /// AES-128, each block alone.
    Aes128Ecb,
    /// AES-192, each block alone.
    Aes192Ecb,
    /// AES-256, each block alone.
    Aes256Ecb,
    /// AES-128, authenticated; the 16-byte tag follows the ciphertext.
    Aes128Gcm,
    /// AES-192, authenticated.
    Aes192Gcm,
    /// AES-256, authenticated.
    Aes256Gcm,
    /// Triple DES with a 24-byte key, chained blocks.
    TripleDesCbc,
}

/// An initialisation vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Iv {
    /// Zero bytes.
    Zeros,
    /// The bytes of a template.
    Template(Vec<Piece>),
}

/// How a text is filled up to whole blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// PKCS#7 over blocks of this many bytes.
    Pkcs7(u8),
    /// Zero bytes; none where the text is whole.
    Zeros,
    /// Not at all: the text must be whole.
    None,
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
    /// Base64 of the alphabet for URLs, with padding.
    Base64Url,
    /// Base64 of the alphabet for URLs, without padding.
    Base64UrlUnpadded,
    /// The bytes as they are, as text in the charset of the recipe.
    Text,
    /// The bytes as they are: of a part that is a key or is put into a text as bytes.
    Bytes,
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
        from: Operand,
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
