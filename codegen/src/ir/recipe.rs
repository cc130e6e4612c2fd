//! Recipes: what is signed, in which order, how it is sealed, where the signature goes.
//!
//! A [`Recipe`] is the rule, complete, after `like` and `also_accept` have been expanded. For a request whose fields
//! are known and whose recipe is [plain](Recipe::is_plain), the checker also writes down the
//! [`SignedText`](super::SignedText): the same rule applied once, with the order decided. The emitter uses that, and for every other recipe the rule; the
//! interpreter always applies the rule itself, so that the two can be compared.

use super::{
    Empties, EmptyAction, Encoding, Entry, FieldPath, Filter, List, MessagePart, Name, Names, Nested,
    Operand, Order, PairPiece, Piece, Seal, Selection, TimeFormat,
};

/// A rule for making and checking a signature, a nested digest, a derived key, or an encryption.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Its name.
    pub name: Name,
    /// The recipe protects each element of this array of objects instead of the message: everything below, the place
    /// too, is about the members of one element. Readings have the same, parts have none.
    pub each: Option<FieldPath>,
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
    /// The field that holds the signature, where that is a field of the top level: of the message, or of an element.
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
            && self.each.is_none()
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
