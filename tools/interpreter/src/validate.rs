//! Is what the caller gives what the provider takes? All violations at once, none with the value in it.
//!
//! Goes through the fields of an operation and of the objects inside, writes each value (`write`), measures it
//! against its limits, and leaves what was written for the request. Rules over several fields are in `rules`.
//! The limits under `should` give advice instead of violations.

use payspec_codegen::ir::{self, Bounds, Field, Item, JsonOf, Kind, Limits, Opened, Shape, Span, StartsWith};
use thiserror::Error;

use crate::bytes::Base64;
use crate::json::{self, JsonError};
use crate::money::Number;
use crate::read::{Raw, ReadError};
use crate::time::{self, Date, Instant};
use crate::value::{Map, Value};
use crate::write::{Entry, Written, is_url};
use crate::{Interpreter, text};

/// Something that the provider would not take, or that its document advises against.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{path}: {problem}")]
pub struct Violation {
    /// Where: `reason`, `sub_order_list[1].amount`. For a rule, the object; empty for the request.
    pub path: String,
    /// What.
    pub problem: Problem,
}

/// What is wrong with a value. Never the value itself.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// A required value is absent, or counts as absent.
    #[error("is missing")]
    Missing,
    /// The spec has no such field.
    #[error("is no field of this message")]
    Unknown,
    /// The value comes from the client itself.
    #[error("is filled in by the client")]
    NotYours,
    /// Not of the kind of the field.
    #[error("is not {wanted}")]
    Kind {
        /// What is.
        wanted: &'static str,
    },
    /// Digits behind the point that cannot be sent.
    #[error("has more than {allowed} decimals")]
    Decimals {
        /// How many can.
        allowed: u32,
    },
    /// Too short or too long.
    #[error("has a length of {found}, allowed is {allowed}")]
    Length {
        /// How long it is.
        found: u64,
        /// How long it may be, as `1..32`.
        allowed: String,
    },
    /// Too few or too many items.
    #[error("has {found} items, allowed is {allowed}")]
    Items {
        /// How many there are.
        found: u64,
        /// How many there may be.
        allowed: String,
    },
    /// An item with the text that stands between two items.
    #[error("contains `{separator}`, which stands between two items")]
    Separator {
        /// That text.
        separator: String,
    },
    /// Too small or too large.
    #[error("is out of range, allowed is {allowed}")]
    Range {
        /// What it may be.
        allowed: String,
    },
    /// A character that may not occur.
    #[error("character {position} is none of {allowed}")]
    Alphabet {
        /// The first such character, counted from 1.
        position: usize,
        /// What may occur.
        allowed: String,
    },
    /// Does not begin as it should.
    #[error("does not begin with {wanted}")]
    StartsWith {
        /// What it should begin with.
        wanted: String,
    },
    /// A character that the charset of the provider lacks.
    #[error("cannot be written in the charset of the provider")]
    Charset,
    /// No JSON.
    #[error("is not accepted: {0}")]
    Json(#[from] JsonError),
    /// JSON that is not of the declared type.
    #[error("is JSON of another shape: {0}")]
    Shape(#[from] ReadError),
    /// A rule over several fields does not hold.
    #[error("breaks the rule {rule}")]
    Rule {
        /// The rule.
        rule: String,
    },
}

/// A round of checking.
pub(crate) struct Check<'a> {
    pub(crate) interpreter: &'a Interpreter,
    pub(crate) now: Instant,
    pub(crate) violations: Vec<Violation>,
    pub(crate) advice: Vec<Violation>,
}

impl<'a> Check<'a> {
    pub(crate) fn new(interpreter: &'a Interpreter, now: Instant) -> Self {
        Self { interpreter, now, violations: Vec::new(), advice: Vec::new() }
    }

    pub(crate) fn violate(&mut self, path: &str, problem: Problem) {
        self.violations.push(Violation { path: path.to_owned(), problem });
    }

    pub(crate) fn report(&mut self, advice: bool, path: &str, problem: Problem) {
        let list = if advice { &mut self.advice } else { &mut self.violations };
        list.push(Violation { path: path.to_owned(), problem });
    }

    /// Checks and writes the value of a field; `None` if it is absent or cannot be written.
    pub(crate) fn field(
        &mut self,
        path: &str,
        field: &Field,
        value: Option<&Value>,
        trim: bool,
    ) -> Option<Entry> {
        let entry = match value.map(|value| self.write(path, &field.kind, value)) {
            Some(Ok(entry)) if trim => Some(trimmed(entry)),
            Some(Ok(entry)) => Some(entry),
            Some(Err(problem)) => {
                // An empty text is of every kind: absent.
                let absent = value.and_then(Value::as_text).is_some_and(|text| self.is_absent(text, trim));
                if !absent {
                    self.violate(path, problem);
                    return None;
                }
                None
            }
            None => None,
        };
        let present = entry.filter(|entry| !self.interpreter.is_absent(entry.written.plain()));
        match &present {
            Some(entry) => self.judge(path, field, entry, value),
            None if field.required => self.violate(path, Problem::Missing),
            None => self.judge_no_items(path, field, value),
        }
        present
    }

    /// A list that was given without items is not the same as none, although joined it is an empty text.
    fn judge_no_items(&mut self, path: &str, field: &Field, value: Option<&Value>) {
        let (Kind::List { .. }, Some(Value::List(items))) = (&field.kind, value) else { return };
        let Some(bounds) = &field.limits.items else { return };
        let found = count(items.len());
        if !within(bounds, |end| found.cmp(end)) {
            self.violate(path, Problem::Items { found, allowed: bounds_text(bounds) });
        }
    }

    fn is_absent(&self, value: &str, trim: bool) -> bool {
        self.interpreter.is_absent(if trim { text::trim(value) } else { value })
    }

    pub(crate) fn write(&mut self, path: &str, kind: &Kind, value: &Value) -> Result<Entry, Problem> {
        match (kind, value) {
            (Kind::Object(id), Value::Object(members)) => Ok(self.object(path, *id, members)),
            (Kind::List { of, join }, Value::List(items)) => self.list(path, *of, join.as_deref(), items),
            (Kind::Json(of), value) => self.json(path, *of, value),
            (Kind::Base64Json(of), value) => self.base64_json(path, *of, value),
            (Kind::Encrypted(Opened::Object(of)), value) => self.json(path, JsonOf::Object(*of), value),
            (Kind::Rows { of, from }, Value::List(items)) => Ok(self.rows(path, *of, *from, items)),
            (Kind::Object(_), _) => Err(Problem::Kind { wanted: "an object" }),
            (Kind::List { .. } | Kind::Rows { .. }, _) => Err(Problem::Kind { wanted: "a list" }),
            (Kind::RawJson, Value::Object(_) | Value::List(_) | Value::Json(_)) => {
                let json = self.any(path, value);
                Ok(Entry::new(Written::Structure(json.clone()), json))
            }
            (kind, Value::Text(text)) => self.interpreter.write_scalar(kind, text),
            _ => Err(Problem::Kind { wanted: "a text" }),
        }
    }

    /// Members in the order of the type, then what the caller adds.
    pub(crate) fn object(&mut self, path: &str, id: ir::TypeId, given: &Map<Value>) -> Entry {
        let interpreter = self.interpreter;
        let Shape::Object { fields, rules, extra } = &interpreter.provider[id].shape else {
            return Entry::new(Written::Structure(json::object([])), String::new());
        };
        let before = self.violations.len();
        let mut entries = Map::new();
        for field in fields {
            let name = &field.name.wire;
            let entry = match &field.kind {
                Kind::Fixed(text) => Some(Entry::text(text)),
                // A recipe writes it.
                Kind::Signature if given.get(name).is_none() => None,
                _ => self.field(&join_path(path, name), field, given.get(name), false),
            };
            if let Some(entry) = entry {
                entries.insert(name.clone(), entry);
            }
        }
        if self.violations.len() == before {
            self.rules(path, rules, &fields.iter().collect::<Vec<_>>(), &entries);
        }
        let mut written: Vec<(&str, String)> =
            entries.iter().map(|(name, entry)| (name, entry.written.json())).collect();
        for (name, value) in
            given.iter().filter(|(name, _)| !fields.iter().any(|field| field.name.wire == *name))
        {
            if *extra {
                written.push((name, self.any(&join_path(path, name), value)));
            } else {
                self.violate(&join_path(path, name), Problem::Unknown);
            }
        }
        let json = json::object(written);
        Entry { written: Written::Structure(json.clone()), canonical: json, rows: vec![entries] }
    }

    fn list(&mut self, path: &str, of: Item, join: Option<&str>, items: &[Value]) -> Result<Entry, Problem> {
        let mut written = Vec::new();
        let mut rows = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}[{index}]");
            match (of, item) {
                (Item::Object(id), Value::Object(members)) => {
                    let entry = self.object(&path, id, members);
                    written.push(entry.written);
                    rows.extend(entry.rows);
                }
                (Item::Url, Value::Text(url)) if !is_url(url) => {
                    self.violate(&path, Problem::Kind { wanted: "an absolute http or https URL" });
                }
                (Item::Text | Item::Url, Value::Text(text))
                    if join.is_some_and(|join| text.contains(join)) =>
                {
                    let separator = join.unwrap_or_default().to_owned();
                    self.violate(&path, Problem::Separator { separator });
                }
                (Item::Text | Item::Url, Value::Text(text)) => written.push(Written::Text(text.clone())),
                _ => self.violate(&path, Problem::Kind { wanted: "an item of this list" }),
            }
        }
        let text = match join {
            Some(join) => {
                let items: Vec<&str> = written.iter().map(Written::plain).collect();
                Written::Text(items.join(join))
            }
            None => Written::Structure(json::list(written.iter().map(Written::json))),
        };
        Ok(Entry { canonical: text.plain().to_owned(), written: text, rows })
    }

    /// JSON that travels as text: exact text, or an object that is written here.
    fn json(&mut self, path: &str, of: JsonOf, value: &Value) -> Result<Entry, Problem> {
        match (of, value) {
            (_, Value::Text(exact) | Value::Json(exact)) => {
                let parsed = json::parse(exact)?;
                if let JsonOf::Object(id) = of {
                    let members = self.interpreter.read_object(id, &Raw::Json(&parsed))?;
                    self.object(path, id, &members);
                }
                Ok(Entry::text(exact))
            }
            (JsonOf::Object(id), Value::Object(members)) => {
                let entry = self.object(path, id, members);
                Ok(Entry { rows: entry.rows, ..Entry::text(entry.written.plain()) })
            }
            (JsonOf::Any, value) => Ok(Entry::text(&self.any(path, value))),
            (JsonOf::Object(_), Value::List(_)) => Err(Problem::Kind { wanted: "an object" }),
        }
    }

    /// The same as base64.
    fn base64_json(&mut self, path: &str, of: JsonOf, value: &Value) -> Result<Entry, Problem> {
        let entry = self.json(path, of, value)?;
        let bytes = text::encode(self.interpreter.charset, entry.written.plain()).ok_or(Problem::Charset)?;
        Ok(Entry { written: Written::Text(Base64::Standard.write(&bytes)), ..entry })
    }

    /// JSON text of a value whose type nobody knows.
    pub(crate) fn any(&mut self, path: &str, value: &Value) -> String {
        match value {
            Value::Text(text) => json::quote(text),
            Value::List(items) => {
                json::list(items.iter().map(|item| self.any(path, item)).collect::<Vec<_>>())
            }
            Value::Object(members) => json::object(
                members.iter().map(|(name, value)| (name, self.any(path, value))).collect::<Vec<_>>(),
            ),
            Value::Json(exact) => match json::parse(exact) {
                Ok(json) => json.raw.to_owned(),
                Err(error) => {
                    self.violate(path, error.into());
                    String::from("null")
                }
            },
        }
    }

    fn judge(&mut self, path: &str, field: &Field, entry: &Entry, value: Option<&Value>) {
        if text::encode(self.interpreter.charset, entry.written.plain()).is_none() {
            self.violate(path, Problem::Charset);
        }
        let items = match value {
            Some(Value::List(items)) => Some(items.len()),
            _ => None,
        };
        for (advice, limits) in [(false, &field.limits), (true, &field.advice)] {
            for problem in self.measure(limits, &field.kind, entry, items) {
                self.report(advice, path, problem);
            }
        }
    }

    fn measure(&self, limits: &Limits, kind: &Kind, entry: &Entry, items: Option<usize>) -> Vec<Problem> {
        let text = entry.written.plain();
        let mut problems = Vec::new();
        if let (Some(bounds), Some(found)) = (&limits.items, items) {
            let found = count(found);
            if !within(bounds, |end| found.cmp(end)) {
                problems.push(Problem::Items { found, allowed: bounds_text(bounds) });
            }
        }
        if let Some(length) = &limits.length {
            let found = self.length(text, length.unit);
            if !within(&length.bounds, |end| found.cmp(end)) {
                problems.push(Problem::Length { found, allowed: bounds_text(&length.bounds) });
            }
        }
        if let Some(bounds) = &limits.range
            && !in_range(bounds, &entry.canonical)
        {
            problems.push(Problem::Range { allowed: bounds_text(bounds) });
        }
        if let (Some(bounds), Kind::Duration { units }) = (&limits.duration, kind) {
            problems.extend(measure_duration(bounds, units, text));
        }
        if let Some(alphabet) = &limits.alphabet {
            let allowed =
                |character| alphabet.ranges.iter().any(|(low, high)| (*low..=*high).contains(&character));
            if let Some(index) = text.chars().position(|character| !allowed(character)) {
                problems.push(Problem::Alphabet { position: index + 1, allowed: alphabet.text.clone() });
            }
        }
        problems.extend(limits.starts_with.as_ref().and_then(|wanted| self.begin(wanted, text)));
        problems
    }

    fn length(&self, text: &str, unit: ir::LengthUnit) -> u64 {
        count(match unit {
            ir::LengthUnit::Chars => text.chars().count(),
            // What cannot be written is reported as that; here it counts as in UTF-8.
            ir::LengthUnit::Bytes => {
                text::encode(self.interpreter.charset, text).map_or(text.len(), |bytes| bytes.len())
            }
        })
    }

    fn begin(&self, wanted: &StartsWith, text: &str) -> Option<Problem> {
        match wanted {
            StartsWith::Credential(path) => {
                let start = self.interpreter.public_text(path)?;
                let wanted = format!("the credential {}", path.name.wire);
                (!text.starts_with(start)).then_some(Problem::StartsWith { wanted })
            }
            StartsWith::Date { pattern, within_days } => {
                let today = self.now.date(self.interpreter.zone()).days();
                let near = Date::read_at_start(pattern, text)
                    .is_some_and(|date| date.days().abs_diff(today) <= u64::from(*within_days));
                (!near).then(|| Problem::StartsWith { wanted: format!("a day near today, {}", pattern.text) })
            }
        }
    }
}

fn trimmed(entry: Entry) -> Entry {
    match entry.written {
        Written::Text(text) if text == entry.canonical => {
            Entry { rows: entry.rows, ..Entry::text(text::trim(&text)) }
        }
        written => Entry { written: written.trimmed(), ..entry },
    }
}

pub(crate) fn join_path(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn within<T>(bounds: &Bounds<T>, compare: impl Fn(&T) -> std::cmp::Ordering) -> bool {
    bounds.min.as_ref().is_none_or(|min| compare(min).is_ge())
        && bounds.max.as_ref().is_none_or(|max| compare(max).is_le())
}

fn bounds_text<T: ToString>(bounds: &Bounds<T>) -> String {
    let end = |end: &Option<T>| end.as_ref().map(T::to_string).unwrap_or_default();
    format!("{}..{}", end(&bounds.min), end(&bounds.max))
}

fn in_range(bounds: &Bounds<String>, value: &str) -> bool {
    let Some(value) = Number::parse(value) else { return false };
    within(bounds, |end| {
        let end = Number::parse(end);
        end.and_then(|end| value.partial_cmp(&end)).unwrap_or(std::cmp::Ordering::Equal)
    })
}

fn measure_duration(bounds: &Bounds<Span>, units: &[char], text: &str) -> Option<Problem> {
    let seconds = time::span_seconds(time::read_span(text, units)?);
    if within(bounds, |end| seconds.cmp(&time::span_seconds(*end))) {
        return None;
    }
    let end = |end: &Option<Span>| end.map(time::write_span).unwrap_or_default();
    Some(Problem::Range { allowed: format!("{}..{}", end(&bounds.min), end(&bounds.max)) })
}
