//! What was broken, where, and by how much.

use std::fmt;

use crate::charset::Charset;

/// Whether a limit must be kept, or is only advised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// A violation: the request is not sent.
    Must,
    /// Advice: the provider's document suggests it.
    Should,
}

/// What a length counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LengthUnit {
    /// Unicode scalar values.
    Characters,
    /// Bytes in this charset.
    Bytes(Charset),
}

/// The one limit that a value breaks. Bounds are given as they are written in the field's own unit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// A required value is empty (or blank, where blank values count as absent).
    Missing,
    /// The charset of the client cannot write every character.
    Unencodable {
        /// The charset.
        charset: Charset,
    },
    /// At least so long.
    MinLength {
        /// The shortest length.
        min: usize,
        /// What it counts.
        unit: LengthUnit,
    },
    /// At most so long.
    MaxLength {
        /// The longest length.
        max: usize,
        /// What it counts.
        unit: LengthUnit,
    },
    /// Only these characters.
    Alphabet {
        /// The characters, as the specification writes them: `A-Za-z0-9_-`.
        name: String,
    },
    /// Begins with a public credential.
    StartsWithCredential {
        /// The credential's name.
        name: String,
    },
    /// Begins with a day near today.
    StartsWithDate {
        /// How the day is written: `%Y%m%d`.
        pattern: String,
        /// How many days before or after today it may be.
        within_days: u32,
    },
    /// At least so much.
    Minimum {
        /// The least.
        min: String,
        /// `yuan`, `fen`, or nothing.
        unit: &'static str,
    },
    /// At most so much.
    Maximum {
        /// The most.
        max: String,
        /// `yuan`, `fen`, or nothing.
        unit: &'static str,
    },
    /// At most so many digits after the point.
    Decimals {
        /// The most digits.
        max: u32,
    },
    /// One of these units of time.
    Units {
        /// The letters: `m, h, d`.
        letters: String,
    },
    /// At least so many items.
    MinItems {
        /// The least.
        min: usize,
    },
    /// At most so many items.
    MaxItems {
        /// The most.
        max: usize,
    },
    /// Not the text that stands between two items.
    Separator {
        /// That text.
        separator: String,
    },
    /// At least one of the named fields is given.
    AnyOf,
    /// Exactly one of the named fields is given.
    OneOf,
    /// No more than one of the named fields is given.
    AtMostOneOf,
    /// All of the named fields are given, or none.
    Together,
    /// The field is given, because of others.
    Require,
    /// The field is not given, because of others.
    Forbid,
    /// The same value as another field.
    Equal {
        /// Path of the other field.
        other: String,
    },
    /// Another value than another field.
    Distinct {
        /// Path of the other field.
        other: String,
    },
    /// Not more than another field.
    Ascending {
        /// Path of the other field.
        other: String,
    },
    /// Another value than every other item.
    Unique {
        /// Path of the first that has the same value.
        first: String,
    },
    /// The exact sum of the items' members.
    SumsTo {
        /// Path of the members: `sub_order_list[].amount`.
        parts: String,
    },
    /// One of the values that stand elsewhere.
    Among {
        /// Where: paths and names of credentials.
        places: Vec<String>,
    },
}

/// A limit that a value breaks.
///
/// `Display` gives one line that says path, limit and measure, and never the value of a sensitive field:
/// `order.sub_order_list[2].amount: 0.00 is below 0.01 yuan`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The field, from the top: `sub_order_list[2].amount`. Several, separated by commas, for a rule over several.
    pub path: String,
    /// What was broken.
    pub limit: Limit,
    /// What was found, in words that fit the limit: a length (`30 characters`), a number. `None` where there is
    /// nothing to measure or the value is sensitive.
    pub measured: Option<String>,
    /// Whether it must be mended.
    pub level: Level,
}

impl Violation {
    /// Takes away whatever tells the value; a length may stay.
    pub(super) fn conceal(&mut self) {
        if !matches!(self.limit, Limit::MinLength { .. } | Limit::MaxLength { .. }) {
            self.measured = None;
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path)?;
        self.fmt_limit(f)
    }
}

impl Violation {
    /// Limits of one value; the others are rules.
    fn fmt_limit(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.measured.as_deref().unwrap_or("the value");
        let character = self.measured.as_deref().unwrap_or("a character");
        let (allowed, must) = match self.level {
            Level::Must => ("allowed", "must"),
            Level::Should => ("advised", "should"),
        };
        match &self.limit {
            Limit::Missing => f.write_str("missing, a value is required"),
            Limit::Unencodable { charset } => write!(f, "{character} cannot be written in {charset}"),
            Limit::MinLength { min, .. } | Limit::MinItems { min } => {
                write!(f, "{value}, at least {min} are {allowed}")
            }
            Limit::MaxLength { max, .. } | Limit::MaxItems { max } => {
                write!(f, "{value}, at most {max} are {allowed}")
            }
            Limit::Alphabet { name } => write!(f, "{character} is not one of {name}"),
            Limit::StartsWithCredential { name } => write!(f, "{must} begin with the credential `{name}`"),
            Limit::StartsWithDate { pattern, within_days } => {
                write!(f, "{must} begin with a day written `{pattern}`, within {within_days} of today")
            }
            Limit::Minimum { min, unit } => write!(f, "{value} is below {min}{}", Unit(unit)),
            Limit::Maximum { max, unit } => write!(f, "{value} is above {max}{}", Unit(unit)),
            Limit::Decimals { max } => write!(f, "{value} has more than {max} digits after the point"),
            Limit::Units { letters } => write!(f, "{value} is not in one of the units {letters}"),
            Limit::Separator { separator } => {
                write!(f, "contains `{separator}`, which stands between two items")
            }
            rule => self.fmt_rule(rule, must, f),
        }
    }

    fn fmt_rule(&self, rule: &Limit, must: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = Behind("; given: ", self.measured.as_deref());
        match rule {
            Limit::AnyOf => write!(f, "at least one {must} be given"),
            Limit::OneOf => write!(f, "exactly one {must} be given{given}"),
            Limit::AtMostOneOf => write!(f, "at most one {} be given{given}", may(self.level)),
            Limit::Together => write!(f, "all or none {must} be given{given}"),
            Limit::Require => write!(f, "{must} be given here"),
            Limit::Forbid => write!(f, "{must} not be given here"),
            Limit::Equal { other } => write!(f, "{must} be equal to `{other}`"),
            Limit::Distinct { other } => write!(f, "{must} not be equal to `{other}`"),
            Limit::Ascending { other } => write!(f, "{must} not be more than `{other}`"),
            Limit::Unique { first } => write!(f, "{must} not repeat `{first}`"),
            Limit::SumsTo { parts } => {
                write!(f, "{must} be the sum of `{parts}`{}", Behind(": ", self.measured.as_deref()))
            }
            Limit::Among { places } => write!(f, "{must} be one of the values of {}", places.join(", ")),
            // The limits of one value: written above.
            Limit::Missing
            | Limit::Unencodable { .. }
            | Limit::MinLength { .. }
            | Limit::MaxLength { .. }
            | Limit::MinItems { .. }
            | Limit::MaxItems { .. }
            | Limit::Alphabet { .. }
            | Limit::StartsWithCredential { .. }
            | Limit::StartsWithDate { .. }
            | Limit::Minimum { .. }
            | Limit::Maximum { .. }
            | Limit::Decimals { .. }
            | Limit::Units { .. }
            | Limit::Separator { .. } => Ok(()),
        }
    }
}

const fn may(level: Level) -> &'static str {
    match level {
        Level::Must => "may",
        Level::Should => "should",
    }
}

struct Unit<'a>(&'a str);

impl fmt::Display for Unit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, " {}", self.0) }
    }
}

/// What was found, with words before it; nothing where nothing is to be shown.
struct Behind<'a>(&'a str, Option<&'a str>);

impl fmt::Display for Behind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.1.map_or(Ok(()), |found| write!(f, "{}{found}", self.0))
    }
}

/// Everything that is wrong with a request: at least one [`Violation`]. `Display` gives a line for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    pub(super) fn of(violations: Vec<Violation>) -> Result<(), Self> {
        if violations.is_empty() { Ok(()) } else { Err(Self(violations)) }
    }

    /// One after the other, in the order of the fields.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }
}

impl<'v> IntoIterator for &'v Violations {
    type Item = &'v Violation;
    type IntoIter = std::slice::Iter<'v, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            let line_break = if index == 0 { "" } else { "\n" };
            write!(f, "{line_break}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}
