//! The list of a recipe: which values take part, what becomes of nothing, in which order they stand.

use super::{FieldPath, PairPiece, Piece};

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
