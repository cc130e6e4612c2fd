//! Which line of a spec says so: from a recipe and a key to the place in the file where the key is written, through
//! `like` and `also_accept`. What is written nowhere holds by default.

use payspec_codegen::diagnostic::Diagnostics;
use payspec_codegen::read::{self, Node, NodeValue};
use payspec_interpreter::{Fate, RecipeAccount, Why};

/// A value that is longer, with its key, in characters, is not repeated beside its line.
const WIDEST: usize = 48;

/// A spec as it is written.
pub(crate) struct Lines {
    root: Option<Node>,
}

/// A key in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) number: usize,
    /// The key.
    key: String,
    /// The value, on one line.
    value: String,
}

impl Line {
    /// Key and value: `empties: drop`.
    pub(crate) fn whole(&self) -> String {
        if self.value.is_empty() { self.key.clone() } else { format!("{}: {}", self.key, self.value) }
    }

    /// Key and value, or the key alone where the value is long.
    pub(crate) fn short(&self) -> String {
        let whole = self.whole();
        if whole.chars().count() > WIDEST { self.key.clone() } else { whole }
    }
}

/// A recipe, a reading of it, or a part: where keys are looked for.
#[derive(Clone, Copy)]
pub(crate) struct Where<'a> {
    pub(crate) recipe: &'a str,
    pub(crate) reading: usize,
    pub(crate) part: Option<&'a str>,
}

impl<'a> From<&'a RecipeAccount> for Where<'a> {
    fn from(account: &'a RecipeAccount) -> Self {
        Self { recipe: &account.recipe, reading: account.reading, part: account.part.as_deref() }
    }
}

impl Lines {
    pub(crate) fn of(source: &str) -> Self {
        Self { root: read::read(source, &mut Diagnostics::new()) }
    }

    /// The line of a key of a recipe; `defaults.x` is a key of the file. `None`: it is not written.
    pub(crate) fn of_key(&self, at: Where<'_>, key: &str) -> Option<Line> {
        if key.starts_with("defaults.") {
            return self.of_path(key);
        }
        let mut steps = key.split('.');
        let first = steps.next()?;
        let found = self.written(at, first)?;
        Some(deepest(found, steps))
    }

    /// The line that decides about a value.
    pub(crate) fn of_fate(&self, account: &RecipeAccount, fate: &Fate) -> Option<Line> {
        let at = Where::from(account);
        let own = self.of_key(at, &fate.key());
        match fate {
            // In a part, the places of the recipe around it count as well.
            Fate::LeftOut(Why::OwnPlace) => {
                own.or_else(|| self.of_key(Where { part: None, ..at }, &fate.key()))
            }
            _ => own,
        }
    }

    /// The line of a recipe itself.
    pub(crate) fn of_recipe(&self, at: Where<'_>) -> Option<Line> {
        match at.part {
            Some(part) => {
                let parts = self.written(Where { part: None, ..at }, "parts")?;
                Some(line(entry(parts.1, part)?))
            }
            None => Some(line(entry(self.root.as_ref()?.get("signatures")?, at.recipe)?)),
        }
    }

    /// The line of a path from the top of the file: `signatures.notify.parts.digest.output`.
    pub(crate) fn of_path(&self, path: &str) -> Option<Line> {
        let steps: Vec<&str> = path.split('.').collect();
        match steps.as_slice() {
            ["signatures", recipe, "parts", part, key @ ..] if !key.is_empty() => {
                self.of_key(Where { recipe, reading: 0, part: Some(part) }, &key.join("."))
            }
            ["signatures", recipe, key @ ..] if !key.is_empty() => {
                self.of_key(Where { recipe, reading: 0, part: None }, &key.join("."))
            }
            [first, rest @ ..] => {
                let mut found = entry(self.root.as_ref()?, first)?;
                for step in rest {
                    found = entry(found.1, step)?;
                }
                Some(line(found))
            }
            [] => None,
        }
    }

    /// A key of a recipe, where it is written: in the reading, in the recipe, or in one that it is like.
    fn written(&self, at: Where<'_>, key: &str) -> Option<Entry<'_>> {
        if let Some(part) = at.part {
            let parts = self.written(Where { part: None, ..at }, "parts")?;
            return entry(parts.1.get(part)?, key);
        }
        if let Some(index) = at.reading.checked_sub(1) {
            let readings = self.written(Where { reading: 0, ..at }, "also_accept")?;
            let reading = readings.1.items().get(index).and_then(|reading| entry(reading, key));
            if reading.is_some() {
                return reading;
            }
        }
        let signatures = self.root.as_ref()?.get("signatures")?;
        let mut name = at.recipe;
        // A spec that compiles has no circles; more steps than recipes are one.
        for _ in 0..=signatures.entries().len() {
            let recipe = signatures.get(name)?;
            let found = entry(recipe, key);
            if found.is_some() {
                return found;
            }
            name = recipe.get("like")?.text()?;
        }
        None
    }
}

type Entry<'n> = (&'n read::Key, &'n Node);

fn entry<'n>(node: &'n Node, key: &str) -> Option<Entry<'n>> {
    node.entries().iter().find(|(own, _)| own.text == key).map(|(key, node)| (key, node))
}

/// As far down as the file has the steps: `empties: drop` says it for `empties.empty` as well.
fn deepest<'n>(mut found: Entry<'n>, steps: impl Iterator<Item = &'n str>) -> Line {
    for step in steps {
        match entry(found.1, step) {
            Some(inner) => found = inner,
            None => break,
        }
    }
    line(found)
}

fn line((key, node): Entry<'_>) -> Line {
    Line { number: key.span.start.line, key: key.text.clone(), value: shown(node).replace('\n', "⏎") }
}

fn shown(node: &Node) -> String {
    match &node.value {
        NodeValue::Null => String::new(),
        NodeValue::Scalar(scalar) if scalar.style == read::ScalarStyle::Plain => scalar.text.clone(),
        NodeValue::Scalar(scalar) => format!("{:?}", scalar.text),
        NodeValue::Sequence(items) => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        NodeValue::Mapping(entries) => {
            let members = entries.iter().map(|(key, node)| format!("{}: {}", key.text, shown(node)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
    }
}
