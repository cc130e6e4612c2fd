//! From a given value to the text on the wire, by the kind of its field. Limits are judged in `validate`.

use payspec_codegen::ir::{self, Digits, JsonForm, Kind};

use crate::money::{self, Number};
use crate::time::{self, Date};
use crate::validate::Problem;
use crate::value::Map;
use crate::{Interpreter, json, text};

/// A value as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// In JSON, a string.
    Text(String),
    /// In JSON, a number, or `true` or `false`.
    Number(String),
    /// JSON text: an object or array. In a form, that text.
    Structure(String),
    /// Under flat numbered names, only in a form or query: how many rows there are, and the members of all.
    Rows { count: String, members: Vec<(String, String)> },
}

impl Written {
    /// In a query or form.
    pub(crate) fn plain(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Structure(text) => text,
            Self::Rows { count, .. } => count,
        }
    }

    /// Inside JSON.
    pub(crate) fn json(&self) -> String {
        match self {
            Self::Text(text) => json::quote(text),
            Self::Number(text) | Self::Structure(text) => text.clone(),
            Self::Rows { count, .. } => json::quote(count),
        }
    }

    /// A flag whose words are those of JSON is one of JSON.
    fn flag(yes: &str, no: &str, word: &str) -> Self {
        if is_json_flag(yes, no) { Self::Number(word.to_owned()) } else { Self::Text(word.to_owned()) }
    }

    fn number(form: JsonForm, text: String) -> Self {
        match form {
            JsonForm::Text => Self::Text(text),
            JsonForm::Number => Self::Number(text),
        }
    }

    /// The same without outer white space.
    pub(crate) fn trimmed(self) -> Self {
        match self {
            Self::Text(text) => Self::Text(text::trim(&text).to_owned()),
            Self::Structure(text) => Self::Structure(text::trim(&text).to_owned()),
            Self::Rows { count, members } => {
                let trim = |(name, value): (String, String)| (name, text::trim(&value).to_owned());
                Self::Rows { count, members: members.into_iter().map(trim).collect() }
            }
            number @ Self::Number(_) => number,
        }
    }
}

/// A value that is there: how it is sent, and its canonical text for rules and comparisons.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) written: Written,
    pub(crate) canonical: String,
    /// The members of each object, where it is a list of objects.
    pub(crate) rows: Vec<Map<Entry>>,
}

impl Entry {
    pub(crate) fn new(written: Written, canonical: String) -> Self {
        Self { written, canonical, rows: Vec::new() }
    }

    /// Text whose canonical form is itself.
    pub(crate) fn text(text: &str) -> Self {
        Self::new(Written::Text(text.to_owned()), text.to_owned())
    }
}

impl Interpreter {
    /// Writes a value that is no list, object or JSON.
    pub(crate) fn write_scalar(&self, kind: &Kind, value: &str) -> Result<Entry, Problem> {
        let wanted = |wanted| Problem::Kind { wanted };
        match kind {
            Kind::Text | Kind::Enum(_) => Ok(Entry::text(value)),
            Kind::Url if is_url(value) => Ok(Entry::text(value)),
            Kind::Url => Err(wanted("an absolute http or https URL")),
            Kind::Integer { json } => {
                let number = money::integer(value).ok_or(wanted("a whole number"))?.to_string();
                Ok(Entry::new(Written::number(*json, number.clone()), number))
            }
            Kind::Decimal { scale, json } => write_decimal(value, *scale, *json),
            Kind::Amount { unit, scale, digits, json, .. } => {
                write_amount(value, *unit, *scale, *digits, *json)
            }
            Kind::Flag { yes, no } => {
                let word = match value {
                    "true" => yes,
                    "false" => no,
                    _ => return Err(wanted("`true` or `false`")),
                };
                Ok(Entry::new(Written::flag(yes, no, word), value.to_owned()))
            }
            Kind::Timestamp(format) => {
                self.write_timestamp(format, value).ok_or(wanted("an instant, in Unix seconds"))
            }
            Kind::Date(pattern) => {
                let date = Date::from_canonical(value).or_else(|| Date::read(pattern, value));
                let written =
                    |date: Date| Some(Entry::new(Written::Text(date.write(pattern)?), date.canonical()));
                date.and_then(written).ok_or(wanted("a day, yyyy-MM-dd"))
            }
            Kind::Duration { units } => {
                let span = time::read_span(value, units).ok_or(wanted("a length of time"))?;
                Ok(Entry::text(&time::write_span(span)))
            }
            Kind::Object(_)
            | Kind::List { .. }
            | Kind::Rows { .. }
            | Kind::Json(_)
            | Kind::Base64Json(_)
            | Kind::RawJson => Err(wanted("no text")),
            // The provider's side: what a recipe will encrypt.
            Kind::Encrypted(_) => Ok(Entry::text(value)),
            Kind::Fixed(_) | Kind::Signature => Err(Problem::NotYours),
        }
    }

    fn write_timestamp(&self, format: &ir::TimeFormat, value: &str) -> Option<Entry> {
        let instant = if value.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) {
            time::from_canonical_instant(format, value)?
        } else {
            time::read_instant(format, value, self.zone())?
        };
        self.write_instant(format, instant)
    }

    pub(crate) fn write_instant(&self, format: &ir::TimeFormat, instant: time::Instant) -> Option<Entry> {
        let written = time::write_instant(format, instant, self.zone())?;
        Some(Entry::new(Written::Text(written), time::canonical_instant(format, instant)))
    }
}

/// Whether the words of a flag are `true` and `false`, which in JSON are no strings.
pub(crate) fn is_json_flag(yes: &str, no: &str) -> bool {
    yes == "true" && no == "false"
}

fn write_decimal(value: &str, scale: u32, json: JsonForm) -> Result<Entry, Problem> {
    let number = Number::parse(value).ok_or(Problem::Kind { wanted: "a decimal number" })?;
    if number.written_decimals() > decimals(scale) {
        return Err(Problem::Decimals { allowed: scale });
    }
    if !money::is_manageable(&number) {
        return Err(Problem::Kind { wanted: "a decimal number that fits" });
    }
    Ok(Entry::new(Written::number(json, number.plain()), number.plain()))
}

fn write_amount(
    value: &str,
    unit: ir::AmountUnit,
    scale: u32,
    digits: Digits,
    json: JsonForm,
) -> Result<Entry, Problem> {
    let number = Number::parse(value).ok_or(Problem::Kind { wanted: "an amount" })?;
    let too_fine = || Problem::Decimals { allowed: scale };
    let fixed = number.fixed(decimals(scale)).ok_or_else(too_fine)?;
    let canonical = money::amount(&number, unit).ok_or(Problem::Kind { wanted: "an amount that fits" })?;
    let written = match digits {
        Digits::Fixed => fixed,
        Digits::Shortest => number.shortest(),
    };
    Ok(Entry::new(Written::number(json, written), canonical))
}

fn decimals(scale: u32) -> usize {
    usize::try_from(scale).unwrap_or(usize::MAX)
}

/// An absolute http or https URL with a host: no white space, control character or backslash anywhere, and no user
/// info before the host.
pub(crate) fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (authority, ""),
    };
    let printable =
        |character: char| !character.is_control() && !character.is_whitespace() && character != '\\';
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
        && !host.is_empty()
        && !authority.contains('@')
        && (port.is_empty()
            || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()))
        && text.chars().all(printable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_absolute_and_plain() {
        for right in [
            "https://a.example/n?x=1&y=%20#top",
            "HTTP://a",
            "https://a:8443",
            "http://[::1]:80/",
            "http://[::1]",
            "https://商店.example/",
        ] {
            assert!(is_url(right), "{right}");
        }
        for wrong in [
            "",
            "a.example",
            "//a.example",
            "ftp://a",
            "https://",
            "https:///a",
            "https://u:p@a",
            "https://a b",
            " https://a",
            "https://a\\b",
            "https://a:99999",
            "https://a:x",
            "https://:80",
            "https:/a",
            "https://a\n",
            "https://?a",
        ] {
            assert!(!is_url(wrong), "{wrong}");
        }
    }
}
