//! The signed text of a request, its order fixed when the spec was compiled. Only plain recipes have one.

use super::{Filter, Operand, Piece, RecipeId};

/// The signed text of a request, its order fixed when the spec was compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedText {
    /// The recipe that it follows.
    pub recipe: RecipeId,
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
