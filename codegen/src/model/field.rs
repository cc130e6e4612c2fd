//! Fields and the rules over them, as they are written.

use serde::Deserialize;

use super::{Accepts, Condition, Flag, LengthUnit, SourceIds};
use crate::read::{List, Spanned, TextOr};

/// A field: exactly one of the type keys, then what else is known.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "field", default)]
pub struct Field {
    /// Type key: text and its length.
    pub text: Option<Spanned<String>>,
    /// Type key: a URL and its length.
    pub url: Option<Spanned<String>>,
    /// Type key: a whole number and its range.
    pub integer: Option<Spanned<String>>,
    /// Type key: a decimal number and its range.
    pub decimal: Option<Spanned<String>>,
    /// Type key: money and its unit.
    pub amount: Option<Spanned<String>>,
    /// Type key: the words for yes and no.
    pub flag: Option<Spanned<List<Spanned<String>>>>,
    /// Type key: an instant and its form.
    pub timestamp: Option<Spanned<String>>,
    /// Type key: a day and its form.
    pub date: Option<Spanned<String>>,
    /// Type key: a length of time and its units.
    pub duration: Option<Spanned<List<Spanned<String>>>>,
    /// Type key: an object or enumeration.
    #[serde(rename = "type")]
    pub named: Option<Spanned<String>>,
    /// Type key: a list and what its items are.
    pub list: Option<Spanned<String>>,
    /// Type key: JSON as text, and what it holds.
    pub json: Option<Spanned<String>>,
    /// Type key: JSON as base64 text, and what it holds.
    pub base64_json: Option<Spanned<String>>,
    /// Type key: objects under flat numbered names, and what each is.
    pub rows: Option<Spanned<String>>,
    /// Type key: what an encryption put there, and what it is once it is opened.
    pub encrypted: Option<Spanned<String>>,
    /// Type key: a map of values (not yet).
    pub map: Option<Spanned<String>>,
    /// Type key: a value of unknown shape.
    pub raw: Option<Spanned<String>>,
    /// Type key: a constant.
    pub fixed: Option<Spanned<String>>,
    /// Type key: the signature and its length.
    pub signature: Option<Spanned<String>>,
    /// Type key: no longer sent, and why.
    pub withdrawn: Option<Spanned<String>>,

    /// The unit of the length.
    pub unit: Option<Spanned<LengthUnit>>,
    /// The characters that may occur.
    pub alphabet: Option<Spanned<String>>,
    /// A regular expression (not yet).
    pub pattern: Option<Spanned<String>>,
    /// What the text begins with.
    pub starts_with: Option<Spanned<TextOr<DatePrefix>>>,
    /// The range of an amount or duration.
    pub range: Option<Spanned<String>>,
    /// Digits behind the point.
    pub scale: Option<Spanned<String>>,
    /// Digits behind the point that are read.
    pub read_scale: Option<Spanned<String>>,
    /// The number of items.
    pub items: Option<Spanned<String>>,
    /// The number of the first row.
    pub first: Option<Spanned<String>>,
    /// What stands between items in a text.
    pub join: Option<Spanned<String>>,
    /// The length of the written text.
    pub length: Option<Spanned<String>>,

    /// One sentence.
    pub doc: Option<Spanned<String>>,
    /// Its name in Rust.
    pub name: Option<Spanned<String>>,
    /// Its name on the wire, where the key cannot be it.
    pub wire: Option<Spanned<String>>,
    /// A value that fits.
    pub example: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
    /// Personal data.
    pub sensitive: Option<Spanned<Flag>>,
    /// Why it should no longer be used.
    pub deprecated: Option<Spanned<String>>,
    /// Sent: where the value comes from.
    pub from: Option<Spanned<String>>,
    /// Received: what it must be.
    pub equals: Option<Spanned<String>>,
    /// Received: which sent field it repeats.
    pub echo: Option<Spanned<String>>,
    /// The header that carries it.
    pub header: Option<Spanned<String>>,
    /// Options: the value unless chosen.
    pub default: Option<Spanned<String>>,
    /// The softer level.
    pub should: Option<Spanned<Should>>,
    /// Diagnostics accepted here.
    pub accepts: Accepts,
}

/// The softer level of a field.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "should", default)]
pub struct Should {
    /// The length of a text.
    pub text: Option<Spanned<String>>,
    /// The characters of a text.
    pub alphabet: Option<Spanned<String>>,
    /// A regular expression (not yet).
    pub pattern: Option<Spanned<String>>,
    /// What a text begins with.
    pub starts_with: Option<Spanned<TextOr<DatePrefix>>>,
}

/// A text begins with a day near today.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "date prefix")]
pub struct DatePrefix {
    /// How the day is written.
    pub date: Option<Spanned<String>>,
    /// How near.
    pub within: Option<Spanned<String>>,
}

/// A rule over several fields: exactly one of its kinds, then when and how strictly.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "rule", default)]
pub struct Rule {
    /// At least one is present.
    pub any_of: Option<Spanned<List<Spanned<String>>>>,
    /// Exactly one is present.
    pub one_of: Option<Spanned<List<Spanned<String>>>>,
    /// None or one is present.
    pub at_most_one_of: Option<Spanned<List<Spanned<String>>>>,
    /// All or none are present.
    pub together: Option<Spanned<List<Spanned<String>>>>,
    /// These are present.
    pub require: Option<Spanned<List<Spanned<String>>>>,
    /// These are absent.
    pub forbid: Option<Spanned<List<Spanned<String>>>>,
    /// Same values.
    pub equal: Option<Spanned<List<Spanned<String>>>>,
    /// Different values.
    pub distinct: Option<Spanned<List<Spanned<String>>>>,
    /// The first is not more than the second.
    pub ascending: Option<Spanned<List<Spanned<String>>>>,
    /// No two items agree.
    pub unique: Option<Spanned<String>>,
    /// An exact sum.
    pub sums_to: Option<Spanned<SumsTo>>,
    /// A field is one of some values.
    pub among: Option<Spanned<Among>>,
    /// Only then.
    pub when: Option<Spanned<Condition>>,
    /// `should`: advice only.
    pub level: Option<Spanned<Level>>,
    /// In words.
    pub doc: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
}

/// An exact sum.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "sum")]
pub struct SumsTo {
    /// What is added up.
    pub parts: Option<Spanned<String>>,
    /// What it gives.
    pub total: Option<Spanned<String>>,
}

/// A field is one of some values.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "choice of values")]
pub struct Among {
    /// The field.
    pub field: Option<Spanned<String>>,
    /// Where its values come from.
    #[serde(default)]
    pub values: List<Spanned<String>>,
}

/// How strict a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "level of a rule", rename_all = "snake_case")]
pub enum Level {
    /// A breach is a violation.
    Must,
    /// A breach is advice.
    Should,
}
