//! Sets of characters, from text: a character class without its brackets, or one of three words.

use super::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Alphabet;
use crate::read::Spanned;

/// The ranges of an alphabet, ascending and without overlaps; or why there are none.
fn ranges(text: &str) -> Result<Vec<(char, char)>, &'static str> {
    match text {
        "" => return Err("name at least one character"),
        "ascii" => return Ok(vec![('\0', '\x7f')]),
        "digits" => return Ok(vec![('0', '9')]),
        "hex" => return Ok(vec![('0', '9'), ('A', 'F'), ('a', 'f')]),
        _ => {}
    }
    if text.starts_with('^') {
        return Err("there is no negation: name the characters that may occur");
    }
    if text.starts_with('[') && text.ends_with(']') {
        return Err("write it without brackets");
    }
    let chars: Vec<char> = text.chars().collect();
    let mut ranges = Vec::new();
    let mut rest = chars.as_slice();
    loop {
        rest = match rest {
            [] => break,
            ['\\', ..] => return Err("there are no escapes: a `-` stands first or last"),
            [first, '-', last, behind @ ..] => {
                if first > last {
                    return Err("a range starts above its end");
                }
                ranges.push((*first, *last));
                behind
            }
            [single, behind @ ..] => {
                ranges.push((*single, *single));
                behind
            }
        };
    }
    Ok(merged(ranges))
}

fn merged(mut ranges: Vec<(char, char)>) -> Vec<(char, char)> {
    ranges.sort_unstable();
    let mut merged: Vec<(char, char)> = Vec::new();
    for (first, last) in ranges {
        match merged.last_mut() {
            Some(before) if u32::from(first) <= u32::from(before.1) + 1 => before.1 = before.1.max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

impl Context<'_> {
    /// The characters that may occur.
    pub(super) fn alphabet(&self, text: &Spanned<String>) -> Option<Alphabet> {
        match ranges(text) {
            Ok(ranges) => Some(Alphabet { text: text.value.clone(), ranges }),
            Err(mend) => {
                let message = format!("`{text}` is no alphabet");
                self.say(Diagnostic::new(Code::BadAlphabet, text.span, message).mend(mend));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_sorted_and_merged() {
        assert_eq!(
            ranges("a-zA-Z0-9_-"),
            Ok(vec![('-', '-'), ('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')])
        );
        assert_eq!(ranges("a-cb-e"), Ok(vec![('a', 'e')]));
        assert_eq!(ranges("-"), Ok(vec![('-', '-')]));
        assert_eq!(ranges("一-龥"), Ok(vec![('一', '龥')]));
    }

    #[test]
    fn what_would_be_read_differently_elsewhere_is_refused() {
        for text in ["", "^a-z", "[a-z]", "z-a", "a\\-z"] {
            assert!(ranges(text).is_err(), "{text}");
        }
    }
}
