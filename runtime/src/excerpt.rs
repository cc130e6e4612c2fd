//! What an error may show of a value that came from outside: a bounded piece of it, on one line.

use std::borrow::Cow;

/// At most `limit` characters of `text`; control characters become `\u{..}`, what is cut off becomes `…`.
pub(crate) fn excerpt(text: &str, limit: usize) -> Cow<'_, str> {
    if text.chars().all(|character| !character.is_control()) && text.chars().nth(limit).is_none() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    for character in text.chars().take(limit) {
        if character.is_control() { shown.extend(character.escape_default()) } else { shown.push(character) }
    }
    if text.chars().nth(limit).is_some() {
        shown.push('…');
    }
    Cow::Owned(shown)
}
