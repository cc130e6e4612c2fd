//! A draw in the making: the recipe's keys so far, what the message must have for them, and what was used.

use super::{
    dice::Dice,
    message::{Drawn, Message, Shape, Spot},
    values::{self, Alphabet, Kind},
};
use crate::spec::{self, quoted};

/// Everything that the steps of a draw add to.
#[derive(Clone, Debug)]
pub(super) struct Drawing {
    pub(super) dice: Dice,
    /// `defaults.encoding`.
    pub(super) encoding: &'static str,
    pub(super) alphabet: Alphabet,
    /// Keys of the recipe, with their values as YAML.
    pub(super) keys: Vec<(&'static str, String)>,
    pub(super) parts: Vec<(String, String)>,
    pub(super) fresh: Vec<(String, String)>,
    pub(super) given: Vec<(String, String)>,
    /// Declared fields.
    pub(super) fields: Vec<(String, String)>,
    pub(super) message: Message,
    pub(super) spots: Vec<Spot>,
    /// Recipes that the recipe needs.
    pub(super) others: Vec<String>,
    /// Keys and values of the language that were used.
    pub(super) labels: Vec<String>,
    /// Raw bytes stand in the text, so no filter over the whole of it can be used.
    pub(super) raw_bytes: bool,
    /// Something secret stands in the text.
    pub(super) secret_in_text: bool,
    /// The raw body is signed: nothing can be placed in it.
    pub(super) signs_body: bool,
    /// The query is signed as it is: nothing can be placed in it.
    pub(super) signs_url: bool,
    /// Every field takes part in the list, and has to be of this kind.
    pub(super) list_kind: Option<Kind>,
    marks: usize,
    names: Vec<String>,
}

impl Drawing {
    pub(super) fn new(dice: Dice, encoding: &'static str, alphabet: Alphabet, shape: Shape) -> Self {
        let message = Message {
            shape,
            query: Vec::new(),
            body: Vec::new(),
            headers: Vec::new(),
            address: "https://shop.example/pay/notify".to_owned(),
            given: Vec::new(),
        };
        Self {
            dice,
            encoding,
            alphabet,
            keys: Vec::new(),
            parts: Vec::new(),
            fresh: Vec::new(),
            given: Vec::new(),
            fields: Vec::new(),
            message,
            spots: Vec::new(),
            others: Vec::new(),
            labels: Vec::new(),
            raw_bytes: false,
            secret_in_text: false,
            signs_body: false,
            signs_url: false,
            list_kind: None,
            marks: 0,
            names: Vec::new(),
        }
    }

    /// Forgets what was drawn since; the dice go on.
    pub(super) fn back_to(&mut self, before: Self) {
        *self = Self { dice: self.dice.clone(), ..before };
    }

    pub(super) fn label(&mut self, label: impl Into<String>) {
        self.labels.push(label.into());
    }

    /// One of these words, as a value of a key of the language.
    pub(super) fn word<'w>(&mut self, key: &str, words: &[&'w str]) -> &'w str {
        let word = *self.dice.one(words);
        self.label(format!("{key}: {word}"));
        word
    }

    pub(super) fn set(&mut self, key: &'static str, yaml: impl Into<String>) {
        self.keys.push((key, yaml.into()));
    }

    pub(super) fn is_json(&self) -> bool {
        self.message.shape == Shape::Json
    }

    /// A name that the message does not have yet, in any case of its letters.
    pub(super) fn name(&mut self) -> String {
        const ALPHABET: &str = "abcdeABCDE_019";
        loop {
            let length = self.dice.below(4);
            let first = self.dice.text("abcdexyzABCDEXYZ_", 1);
            let name = format!("{first}{}", self.dice.text(ALPHABET, length));
            if name.trim_matches('_').is_empty() || ["sign", "fields"].contains(&name.as_str()) {
                continue;
            }
            let lower = name.to_lowercase();
            if !self.names.contains(&lower) {
                self.names.push(lower);
                return name;
            }
        }
    }

    /// A text of this kind that nothing covers.
    pub(super) fn plain(&mut self, kind: Kind) -> String {
        values::unmarked(kind, self.alphabet, &mut self.dice)
    }

    /// A text of this kind whose change must be noticed.
    pub(super) fn covered(&mut self, kind: Kind, what: &str) -> String {
        self.marks += 1;
        let (mark, changed) = values::mark(kind, self.marks);
        let text = values::marked(kind, &mark, self.alphabet, &mut self.dice);
        self.spots.push(Spot { mark, changed, what: what.to_owned() });
        text
    }

    /// A text that is covered if `is_covered`.
    pub(super) fn text(&mut self, kind: Kind, is_covered: bool, what: &str) -> String {
        if is_covered { self.covered(kind, what) } else { self.plain(kind) }
    }

    pub(super) fn put(&mut self, name: &str, value: Drawn, in_query: bool) {
        match value {
            Drawn::Text(text) if in_query => self.message.query.push((name.to_owned(), text)),
            value => self.message.body.push((name.to_owned(), value)),
        }
    }

    pub(super) fn declare(&mut self, name: &str, declaration: &str) {
        let number = self.fields.len();
        self.fields.push(spec::field(name, number, declaration));
    }

    /// The recipe as YAML.
    pub(super) fn recipe(&self) -> String {
        written(&self.entries())
    }

    /// Keys of the recipe with their values as YAML.
    pub(super) fn entries(&self) -> Vec<(&'static str, String)> {
        let mut entries = self.keys.clone();
        let groups = [("parts", &self.parts), ("fresh", &self.fresh), ("given", &self.given)];
        for (key, group) in groups {
            if !group.is_empty() {
                let group: Vec<(&str, String)> =
                    group.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
                entries.push((key, written(&group)));
            }
        }
        entries
    }
}

/// A map of YAML in braces.
pub(super) fn written(entries: &[(&str, String)]) -> String {
    let entries: Vec<String> =
        entries.iter().map(|(name, value)| format!("{}: {value}", quoted(name))).collect();
    format!("{{ {} }}", entries.join(", "))
}
