//! Elements of an array, each of which a recipe sees as a whole message.
//!
//! Verifying and signing go through them in the order of the array. An element is an object: its members are the
//! fields, and there is nothing else. What is not there, is no array, is empty or too long holds nothing that could be
//! believed.

use payspec_codegen::ir::{FieldPath, PlaceCarrier};

use crate::incoming::Refusal;
use crate::node::Node;
use crate::signed_text::{MASK, RecipeError, SignedText};
use crate::view::View;

/// More elements than any provider sends.
const MAX_ELEMENTS: usize = 1000;

/// `items.2`: an element, for messages.
pub(crate) fn place(each: &FieldPath, index: usize) -> String {
    format!("{}.{index}", each.dotted())
}

/// Names of texts, with the element that they are of: `items[2]`.
pub(crate) fn numbered(
    texts: Vec<(String, SignedText)>,
    index: usize,
) -> impl Iterator<Item = (String, SignedText)> {
    texts.into_iter().map(move |(name, text)| match name.split_once('.') {
        Some((recipe, part)) => (format!("{recipe}[{index}].{part}"), text),
        None => (format!("{name}[{index}]"), text),
    })
}

/// A place in one element, as a place of the message.
pub(crate) fn carrier(each: &FieldPath, index: usize, carrier: &PlaceCarrier) -> PlaceCarrier {
    match carrier {
        PlaceCarrier::Field(path) => {
            let within = each.0.iter().cloned().chain([index.to_string()]);
            PlaceCarrier::Field(FieldPath(within.chain(path.0.iter().cloned()).collect()))
        }
        PlaceCarrier::Header(_) | PlaceCarrier::Query(_) => carrier.clone(),
    }
}

impl View {
    /// How many elements there are; never none.
    pub(crate) fn elements(&self, each: &FieldPath) -> Result<usize, RecipeError> {
        let name = || each.dotted();
        match self.at(&each.0)? {
            Some(Node::List { items, .. }) if items.is_empty() => {
                Err(RecipeError::NoElements { name: name() })
            }
            Some(Node::List { items, .. }) if items.len() > MAX_ELEMENTS => {
                Err(RecipeError::TooManyElements { name: name() })
            }
            Some(Node::List { items, .. }) => Ok(items.len()),
            _ => Err(RecipeError::NoList { name: name() }),
        }
    }

    /// One of them as a message.
    pub(crate) fn element(&self, each: &FieldPath, index: usize) -> Result<Self, RecipeError> {
        let no_object = || RecipeError::NoObject { name: place(each, index) };
        let Some(Node::List { items, .. }) = self.at(&each.0)? else { return Err(no_object()) };
        let Some(Node::Object { members, .. }) = items.into_iter().nth(index) else {
            return Err(no_object());
        };
        let is_hidden = self.shown_field(each.first()).is_some();
        let hidden = members.iter().filter(|_| is_hidden).map(|(name, _)| (name.clone(), MASK.to_owned()));
        let notes = self.notes.clone();
        if let Some(notes) = &notes {
            notes.element(Some(index));
        }
        Ok(Self { hidden: hidden.collect(), body: members, notes, ..Self::default() })
    }
}

impl Refusal {
    /// The same of an element: names become paths of the message.
    pub(crate) fn within(self, element: &str) -> Self {
        let at = |name: String| format!("{element}.{name}");
        match self {
            Self::MissingSignature { name } => Self::MissingSignature { name: at(name) },
            Self::EmptySignature { name } => Self::EmptySignature { name: at(name) },
            Self::Recipe(error) => Self::Recipe(error.within(element)),
            other => other,
        }
    }
}

impl RecipeError {
    pub(crate) fn within(self, element: &str) -> Self {
        let at = |name: String| format!("{element}.{name}");
        match self {
            Self::Empty { name } => Self::Empty { name: at(name) },
            Self::Nested { name } => Self::Nested { name: at(name) },
            Self::Repeated { name } => Self::Repeated { name: at(name) },
            Self::NotJson { name } => Self::NotJson { name: at(name) },
            Self::Names { name } => Self::Names { name: at(name) },
            Self::Place { place } => Self::Place { place: at(place) },
            other => other,
        }
    }
}
