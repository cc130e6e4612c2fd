//! What is found while nodes are read, and where we are.
//!
//! One `Report` is shared by all deserializers of one tree. It turns errors of serde into diagnostics at the moment
//! when the place is known; from then on the error is only a sign that something failed.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::Reached;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span, did_you_mean};
use crate::read::WHOLE_FILE;
use crate::read::mistake::Mistake;
use crate::read::node::{Key, Node};

/// More words than these are not listed in a mend.
const MOST_LISTED: usize = 16;

/// Why something could not be read.
#[derive(Debug)]
pub(super) enum Error {
    /// It has been reported.
    Said,
    /// A struct lacks this key; the struct knows where.
    Missing(&'static str),
    /// It has yet to be reported, by whoever knows the place.
    Mistake(Mistake),
}

impl Error {
    pub(super) fn mistake(code: Code, message: impl Into<String>) -> Self {
        Error::Mistake(Mistake::new(code, message))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Said => f.write_str("reported"),
            Error::Missing(name) => write!(f, "`{name}` is missing"),
            Error::Mistake(mistake) => mistake.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Error::Mistake(Mistake::unpack(&message.to_string()))
    }

    fn missing_field(field: &'static str) -> Self {
        Error::Missing(field)
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Map => "a map",
            Unexpected::Seq => "a list",
            Unexpected::Unit => "nothing",
            _ => "text",
        };
        // Types of the model say "a map", "a list", "text"; serde's own say "a string", "a sequence", "u32".
        let wanted = wanted.to_string();
        let code = match wanted.as_str() {
            wanted if wanted.contains("map") => Code::NotAMap,
            wanted if wanted.contains("list") || wanted.contains("sequence") => Code::NotAList,
            wanted if wanted.contains("text") || wanted.contains("string") => Code::NotText,
            _ => Code::UnknownValue,
        };
        Error::mistake(code, format!("{wanted} is wanted here, {found} was found"))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let mistake = Mistake::new(Code::UnknownKey, format!("unknown key `{field}`"));
        Error::Mistake(Mistake { mend: guess(field, expected), ..mistake })
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let mistake = Mistake::new(Code::UnknownValue, format!("unknown word `{variant}`"));
        Error::Mistake(Mistake { mend: guess(variant, expected), ..mistake })
    }
}

pub(super) struct Report {
    what: &'static str,
    diagnostics: RefCell<Diagnostics>,
    /// The addresses of nodes that failed; the tree does not move while it is read.
    spoiled: RefCell<HashSet<*const Node>>,
    /// The structs that we are in, outermost first, by word and name.
    scopes: RefCell<Vec<(String, Option<String>)>>,
}

impl Report {
    pub(super) fn new(what: &'static str, diagnostics: Diagnostics) -> Self {
        let (spoiled, scopes) = (RefCell::default(), RefCell::default());
        Report { what, diagnostics: RefCell::new(diagnostics), spoiled, scopes }
    }

    pub(super) fn into_diagnostics(self) -> Diagnostics {
        self.diagnostics.into_inner()
    }

    fn push(&self, diagnostic: Diagnostic) -> Error {
        self.diagnostics.borrow_mut().push(diagnostic);
        Error::Said
    }

    /// Reports an error at `span`, unless it has been.
    pub(super) fn say(&self, error: Error, span: Span) -> Error {
        match error {
            Error::Said => Error::Said,
            // A struct that came by another way than `deserialize_struct`.
            Error::Missing(name) => {
                self.push(Diagnostic::new(Code::MissingKey, span, format!("`{name}` is missing here")))
            }
            Error::Mistake(mistake) => self.push(mistake.at(span)),
        }
    }

    /// How many nodes failed so far.
    pub(super) fn spoiled(&self) -> usize {
        self.spoiled.borrow().len()
    }

    pub(super) fn spoil(&self, node: &Node) {
        self.spoiled.borrow_mut().insert(std::ptr::from_ref(node));
    }

    pub(super) fn is_spoiled(&self, node: &Node) -> bool {
        self.spoiled.borrow().contains(&std::ptr::from_ref(node))
    }

    /// Notes that a struct is read, and returns how a person speaks of it.
    pub(super) fn enter(&self, name: &str, reached: Reached<'_>) -> String {
        let word = human(name);
        let mut scopes = self.scopes.borrow_mut();
        let spoken = match reached {
            Reached::Top => self.what.to_owned(),
            Reached::Name(key) => format!("{word} `{}`", key.text),
            Reached::Key(_) | Reached::Item => match scopes.iter().rev().find(|(_, name)| name.is_some()) {
                Some((parent, Some(name))) if *parent != word => format!("{word} of {parent} `{name}`"),
                Some((parent, Some(name))) => format!("{parent} `{name}`"),
                _ => word.clone(),
            },
        };
        let name = match reached {
            Reached::Name(key) => Some(key.text.clone()),
            _ => None,
        };
        scopes.push((word, name));
        spoken
    }

    pub(super) fn leave(&self) {
        self.scopes.borrow_mut().pop();
    }

    pub(super) fn unknown_key(&self, key: &Key, scope: &str, known: &[&'static str]) {
        // Guessing takes time, and a hostile file has a hundred thousand such keys, which nobody will see.
        if self.diagnostics.borrow().is_full() {
            return;
        }
        let (code, word) =
            if scope == WHOLE_FILE { (Code::UnknownSection, "section") } else { (Code::UnknownKey, "key") };
        let message = format!("unknown {word} `{}` in {scope}", key.text);
        self.push(Diagnostic::new(code, key.span, message).mend_if_any(guess(&key.text, known)));
    }

    pub(super) fn missing_key(&self, name: &str, scope: &str, span: Span) -> Error {
        self.push(Diagnostic::new(Code::MissingKey, span, format!("`{name}` is missing in {scope}")))
    }

    pub(super) fn unknown_word(&self, said: &str, span: Span, name: &str, known: &[&'static str]) -> Error {
        let message = format!("`{said}` is no {}", human(name));
        self.push(Diagnostic::new(Code::UnknownValue, span, message).mend_if_any(guess(said, known)))
    }
}

/// The word that was meant, or else all that are known.
fn guess(said: &str, known: &[&'static str]) -> Option<String> {
    if let Some(word) = did_you_mean(said, known.iter().copied()) {
        return Some(format!("did you mean `{word}`?"));
    }
    let listed = (1..=MOST_LISTED).contains(&known.len());
    listed.then(|| format!("known here: {}", known.join(", ")))
}

/// A struct's name as words: `RecipePlace` is "recipe place"; what was renamed stays as it is.
fn human(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 2);
    for (place, c) in name.chars().enumerate() {
        if c.is_uppercase() && place > 0 && !words.ends_with([' ', '_']) {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}
