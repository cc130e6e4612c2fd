//! One change, before it is tried.

use payspec_codegen::ir::{PairPiece, Piece, Recipe, Selection};
use payspec_interpreter::{Settings, TrialMessage};

use crate::answer::Blame;
use crate::yaml;

/// A change of a recipe.
pub(crate) type RecipeEdit<'a> = Box<dyn Fn(&mut Recipe) + 'a>;

/// What is tried.
pub(crate) enum Edit<'a> {
    /// The recipe of a stage and its further readings, changed.
    Recipe { stage: usize, edit: RecipeEdit<'a> },
    /// Another recipe in the place of the one of a stage.
    OtherRecipe { stage: usize, recipe: Box<Recipe> },
    /// The message, changed.
    Message(Box<dyn Fn(&mut TrialMessage) + 'a>),
    /// Another message in its place, perhaps with a changed recipe.
    OtherMessage { message: Box<TrialMessage>, edit: RecipeEdit<'a> },
    /// Other settings.
    Settings(Box<Settings>),
}

/// What to write, written only when it is asked for: most changes do not fit.
pub(crate) enum Written {
    Text(String),
    Template(Vec<Piece>),
    Pair(Vec<PairPiece>),
    Selection(Selection),
}

impl Written {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Template(pieces) => yaml::template(pieces),
            Self::Pair(pieces) => yaml::pair(pieces),
            Self::Selection(selection) => yaml::selection(selection),
        }
    }
}

impl From<String> for Written {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Written {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A change and what is said about it when it fits.
pub(crate) struct Change<'a> {
    pub(crate) rank: u32,
    pub(crate) blame: Blame,
    pub(crate) at: String,
    pub(crate) value: Written,
    pub(crate) title: String,
    /// Empty: to write the value.
    pub(crate) mend: String,
    pub(crate) edit: Edit<'a>,
}

/// A change of one key of a recipe.
pub(crate) struct KeyChange<'a> {
    pub(crate) rank: u32,
    /// Below the recipe: `empties.empty`.
    pub(crate) key: String,
    pub(crate) value: Written,
    pub(crate) title: String,
    pub(crate) edit: RecipeEdit<'a>,
}

/// The changes of one recipe, as they are collected.
#[derive(Default)]
pub(crate) struct KeyChanges<'a>(pub(crate) Vec<KeyChange<'a>>);

impl<'a> KeyChanges<'a> {
    /// A key gets another value, and the mend is to write it.
    pub(crate) fn write(
        &mut self,
        rank: u32,
        key: &str,
        value: impl Into<Written>,
        title: impl Into<String>,
        edit: impl Fn(&mut Recipe) + 'a,
    ) {
        let (value, title) = (value.into(), title.into());
        self.0.push(KeyChange { rank, key: key.to_owned(), value, title, edit: Box::new(edit) });
    }
}

/// How a value is written at a path of the spec.
pub(crate) fn mend(at: &str, value: &str) -> String {
    let pieces: Vec<&str> = at.split('.').collect();
    match pieces.as_slice() {
        [.., parent @ ("empties" | "add" | "fresh"), last] => {
            format!("write `{parent}: {{ {last}: {value} }}`")
        }
        [.., last] => format!("write `{last}: {value}`"),
        [] => String::new(),
    }
}
