//! What is asked of a JSON text as a whole, before anything in it is read.
//!
//! One pass over the bytes that knows only strings and brackets. It accepts texts that are not JSON at all: the
//! parser refuses those afterwards. What it guarantees is that no parser ever sees a text deeper than the limit, that
//! no object at any depth has a name twice, and that every string is text: half a surrogate is not, and two messages
//! that differ in one would otherwise be one message.

use std::{borrow::Cow, cell::RefCell, mem};

use super::{JsonError, string};
use crate::{
    distinct::first_repeated,
    excerpt::excerpt,
    scratch::{self, Kept},
};

/// How deep a reply may be nested unless the client says otherwise.
pub(crate) const DEPTH_LIMIT: usize = 64;

thread_local! {
    static OPEN: Kept<usize> = const { RefCell::new(Vec::new()) };
    static NAMES: Kept<Cow<'static, str>> = const { RefCell::new(Vec::new()) };
}

/// Refuses a text with more than `limit` arrays and objects inside one another, with a name twice in one object, or
/// with a string that is no text.
pub(crate) fn check(text: &str, limit: usize) -> Result<(), JsonError> {
    let bytes = text.as_bytes();
    let mut open = Open { firsts: scratch::vector(&OPEN), names: scratch::vector(&NAMES) };
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = end_of_string(bytes, at);
                let content = text.get(at..end).and_then(string).ok_or_else(|| no_text(bytes, at))?;
                if bytes.get(end..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b":")) {
                    open.names.push(content);
                }
                at = end;
                continue;
            }
            b'{' | b'[' if open.firsts.len() == limit => return Err(JsonError::TooDeep { limit }),
            b'{' | b'[' => open.firsts.push(open.names.len()),
            b'}' | b']' => open.close()?,
            _ => {}
        }
        at += 1;
    }
    while !open.firsts.is_empty() {
        open.close()?;
    }
    Ok(())
}

/// The objects and arrays around a place: for each, where its names begin among those of all.
struct Open<'t> {
    firsts: Vec<usize>,
    names: Vec<Cow<'t, str>>,
}

impl Open<'_> {
    /// The innermost one ends: its names have to differ.
    fn close(&mut self) -> Result<(), JsonError> {
        let Some(first) = self.firsts.pop() else { return Ok(()) };
        let names = self.names.get(first..).unwrap_or_default();
        if let Some(name) = first_repeated(names.iter().map(AsRef::as_ref)) {
            return Err(JsonError::Duplicate { name: excerpt(name, 64).into_owned() });
        }
        self.names.truncate(first);
        Ok(())
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        scratch::recycle_vector(&OPEN, mem::take(&mut self.firsts));
        scratch::recycle_vector(&NAMES, mem::take(&mut self.names));
    }
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
