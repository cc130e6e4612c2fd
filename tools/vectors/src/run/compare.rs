//! What was expected beside what came, both in a form that may be shown.
//!
//! What the interpreter composed knows where its secrets are. The expected text does not: there they are found by their
//! value, and, should the vector have been made with another secret, by standing where a secret should stand.

use payspec_interpreter::SignedText;

use super::{Failed, Runner};
use crate::concealed::{Concealed, MASK};
use crate::text;

/// Two texts that should be the same, secrets masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What they are: `base text`, `signature`, `body`.
    pub what: String,
    /// The text of the vector.
    pub expected: String,
    /// What came.
    pub found: String,
    /// Where they begin to differ, in characters; `None` if that is inside of what is masked.
    pub at: Option<usize>,
}

impl Runner<'_> {
    /// The stated text is among those that were composed.
    pub(super) fn compare_base(&self, texts: &[(String, SignedText)]) -> Result<(), Failed> {
        let Some(wanted) = &self.vector.base else { return Ok(()) };
        let is_meant = |name: &str| match &self.vector.base_of {
            Some(part) => name.ends_with(&format!(".{part}")),
            None => !name.contains('.'),
        };
        let candidates: Vec<&SignedText> =
            texts.iter().filter(|(name, _)| is_meant(name)).map(|(_, text)| text).collect();
        let bytes = text::encoded(wanted, self.charset);
        let is_wanted = |text: &&SignedText| text.bytes() == bytes || text.bytes() == wanted.as_bytes();
        if candidates.iter().any(is_wanted) {
            return Ok(());
        }
        let Some(found) = candidates.last() else {
            return Err(self.failed(match &self.vector.base_of {
                Some(part) => format!("no recipe of this message has a part `{part}`"),
                None => "the vector has a `base`, and nothing signs this message".to_owned(),
            }));
        };
        let expected = beside(wanted, found.masked(), self.concealed());
        let difference = Difference::between("base text", expected, found.masked().to_owned());
        Err(self.mismatch("the signed text is another one").with(difference))
    }

    /// Two texts that are not composed: whole values of the message.
    pub(super) fn difference(&self, what: &str, expected: &str, found: &str) -> Difference {
        Difference::between(what, self.concealed().text(expected), self.concealed().text(found))
    }

    /// They are the same.
    pub(super) fn same(&self, what: &str, expected: &str, found: &str) -> Result<(), Failed> {
        if expected == found {
            return Ok(());
        }
        Err(self.failed(format!("{what} is another one")).with(self.difference(what, expected, found)))
    }
}

impl Difference {
    fn between(what: &str, expected: String, found: String) -> Self {
        let same = expected.chars().zip(found.chars()).take_while(|(one, other)| one == other).count();
        let at = (expected != found).then_some(same);
        Self { what: what.to_owned(), expected, found, at }
    }
}

/// An expected text with a mask wherever the text that came has one.
fn beside(expected: &str, found: &str, concealed: &Concealed) -> String {
    let mut pieces = found.split(MASK).peekable();
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = expected.strip_prefix(first) else {
        // They differ before the first secret: what is secret behind that is known by its value alone.
        return concealed.text(expected);
    };
    let mut shown = concealed.text(first);
    while let Some(piece) = pieces.next() {
        let is_last = pieces.peek().is_none();
        shown.push_str(MASK);
        let behind = if is_last && piece.is_empty() {
            Some("")
        } else if is_last {
            rest.strip_suffix(piece).map(|_| piece).or_else(|| behind_secret(rest, piece))
        } else {
            behind_secret(rest, piece)
        };
        match behind {
            Some(text) if text.starts_with(piece) => {
                shown.push_str(&concealed.text(piece));
                rest = text.strip_prefix(piece).unwrap_or_default();
            }
            Some(text) => {
                // Here they differ: a secret further behind could stand anywhere.
                shown.push_str(&if is_last {
                    concealed.text(text)
                } else {
                    concealed.text(common(text, piece))
                });
                shown.push_str(if is_last { "" } else { "..." });
                return shown;
            }
            None => {
                shown.push_str("...");
                return shown;
            }
        }
    }
    shown
}

/// What stands behind a secret of unknown length: from where the following piece, or the beginning of it, is found.
fn behind_secret<'t>(rest: &'t str, piece: &str) -> Option<&'t str> {
    let ends = piece.char_indices().map(|(at, letter)| at + letter.len_utf8()).rev();
    ends.filter_map(|end| piece.get(..end)).find_map(|beginning| rest.get(rest.find(beginning)?..))
}

/// What two texts have in common at their beginning.
fn common<'t>(text: &'t str, other: &str) -> &'t str {
    let same = text.char_indices().zip(other.chars()).take_while(|((_, one), other)| one == other).last();
    same.and_then(|((at, letter), _)| text.get(..at + letter.len_utf8())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(expected: &str, found: &str) -> String {
        beside(expected, found, &Concealed::default())
    }

    #[test]
    fn a_secret_of_the_expected_text_is_masked_where_the_other_has_one() {
        assert_eq!(shown("a=1&key=OLD&b=2", "a=1&key=******&b=2"), "a=1&key=******&b=2");
        assert_eq!(shown("a=1&key=OLD", "a=1&key=******"), "a=1&key=******");
        assert_eq!(shown("OLDa=1OLD", "******a=1******"), "******a=1******");
    }

    #[test]
    fn behind_a_difference_no_secret_is_guessed() {
        assert_eq!(shown("a=1&key=OLD&b=3", "a=1&key=******&b=2"), "a=1&key=******&b=3");
        assert_eq!(shown("a=1&key=OLD&b=3OLD", "a=1&key=******&b=2******"), "a=1&key=******&b=...");
        assert_eq!(shown("a=1&key=OLD", "a=1&key=******zzz"), "a=1&key=******...");
    }

    #[test]
    fn the_first_difference_is_counted_in_characters() {
        let difference = Difference::between("body", "中a".to_owned(), "中b".to_owned());
        assert_eq!(difference.at, Some(1));
        assert_eq!(Difference::between("body", "a".to_owned(), "a".to_owned()).at, None);
    }
}
