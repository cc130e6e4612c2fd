//! What is asked of a JSON text as a whole, before anything in it is read.
//!
//! One pass over the bytes that knows only strings and brackets. It accepts texts that are not JSON at all: the
//! parser refuses those afterwards. What it guarantees is that no parser ever sees a text deeper than the limit, that
//! no object at any depth has a name twice, and that every string is text: half a surrogate is not, and two messages
//! that differ in one would otherwise be one message.

use std::{borrow::Cow, collections::HashSet};

use super::{JsonError, string};
use crate::excerpt::excerpt;

/// How deep a reply may be nested unless the client says otherwise.
pub(crate) const DEPTH_LIMIT: usize = 64;

/// Refuses a text with more than `limit` arrays and objects inside one another, with a name twice in one object, or
/// with a string that is no text.
pub(crate) fn check(text: &str, limit: usize) -> Result<(), JsonError> {
    let bytes = text.as_bytes();
    let mut names: Vec<HashSet<Cow<'_, str>>> = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = end_of_string(bytes, at);
                let content = text.get(at..end).and_then(string).ok_or_else(|| no_text(bytes, at))?;
                let is_name = bytes.get(end..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b":"));
                if let (true, Some(known)) = (is_name, names.last_mut())
                    && let Some(name) = known.replace(content)
                {
                    return Err(JsonError::Duplicate { name: excerpt(&name, 64).into_owned() });
                }
                at = end;
                continue;
            }
            b'{' | b'[' if names.len() == limit => return Err(JsonError::TooDeep { limit }),
            b'{' | b'[' => names.push(HashSet::new()),
            b'}' | b']' => drop(names.pop()),
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// The place behind the string that begins here.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut is_escaped = false;
    let inside = bytes.get(start + 1..).unwrap_or_default();
    let closing = inside.iter().position(|byte| {
        let closes = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        closes
    });
    closing.map_or(bytes.len(), |length| start + length + 2)
}

/// The string that begins here is no text.
fn no_text(bytes: &[u8], start: usize) -> JsonError {
    let before = bytes.get(..start).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    JsonError::Syntax { line, column }
}
