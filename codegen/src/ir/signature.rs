//! What protects a message: recipes, and how one of several is chosen; where in a message a value lies.

use super::{CredentialPath, Name, RecipeId};

/// What protects a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Signature {
    /// Nothing, and why.
    None {
        /// Why.
        reason: String,
    },
    /// One recipe.
    Recipe(RecipeId),
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
        absent: Option<RecipeId>,
        /// For any other value; `None`: refused.
        otherwise: Option<RecipeId>,
    },
    /// All of these: made in this order, verified in the reverse order. Never empty, never nested, never `None` inside.
    Several(Vec<Signature>),
}

impl Signature {
    /// The recipes that it can lead to, in order.
    #[must_use]
    pub fn recipes(&self) -> Vec<RecipeId> {
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
    pub recipe: RecipeId,
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
    pub recipe: RecipeId,
}
