//! The writer: a JSON object, member after member.
//!
//! The rule is simple because the text is often signed: members stand in call order, there is no white space, and in
//! a string only `"`, `\` and the characters below U+0020 are escaped: `\b \f \n \r \t` where JSON has a short form,
//! else `\u00xx` in lower case. `/`, U+007F, Chinese and emoji stand as they are. The interpreter follows the same
//! rule with code of its own, and the two are compared byte by byte.

use std::fmt;
use std::mem;
use std::ops::{Deref, Range};

use super::RawJson;
use crate::extra::Extra;
use crate::scratch;
use crate::values::trim;

/// A JSON object that is being written. Names of members are escaped already, where they have to be.
///
/// ```
/// use payspec_runtime::json::Object;
///
/// let mut object = Object::new();
/// object.text("subject", "午餐 \"A\"");
/// object.number("amount", "10.00");
/// object.text_if("attach", None);
/// assert_eq!(&*object.finish(), r#"{"subject":"午餐 \"A\"","amount":10.00}"#);
/// ```
#[derive(Clone)]
pub struct Object {
    text: String,
    /// Where personal data stands.
    hidden: Vec<Range<usize>>,
    /// Where the value of the first member begins that was written since somebody asked.
    first_value: Option<usize>,
}

/// The text of a JSON object, and where personal data stands in it, so that it can be signed and sent as it is and
/// shown masked. It reads like a `str`.
#[derive(Clone, PartialEq, Eq)]
pub struct JsonText {
    text: String,
    hidden: Vec<Range<usize>>,
}

impl JsonText {
    /// The text itself.
    #[must_use]
    pub fn into_string(mut self) -> String {
        mem::take(&mut self.text)
    }

    /// The same without white space at its ends.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        if trim(&self.text).len() < self.text.len() {
            // What was taken from the caller as it is has nothing hidden in it.
            self.text = trim(&self.text).to_owned();
        }
        self
    }

    /// A text that the caller has.
    pub(crate) fn exact(text: &str) -> Self {
        let mut copy = scratch::text();
        copy.push_str(text);
        Self { text: copy, hidden: Vec::new() }
    }

    /// Whether personal data stands anywhere in it.
    pub(crate) const fn has_hidden(&self) -> bool {
        !self.hidden.is_empty()
    }

    /// Whether personal data stands in this range.
    pub(crate) fn is_hidden(&self, range: Range<usize>) -> bool {
        self.hidden.iter().any(|hidden| hidden.start < range.end && range.start < hidden.end)
    }

    /// The text in pieces, each with the answer whether it may not be shown.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = (&str, bool)> {
        let ends = self.hidden.iter().flat_map(|range| [(range.start, false), (range.end, true)]);
        let mut start = 0;
        ends.chain([(self.text.len(), false)]).map(move |(end, is_hidden)| {
            let piece = self.text.get(start..end).unwrap_or_default();
            start = end;
            (piece, is_hidden)
        })
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        scratch::recycle(mem::take(&mut self.text));
    }
}

impl Drop for JsonText {
    fn drop(&mut self) {
        scratch::recycle(mem::take(&mut self.text));
    }
}

impl Deref for JsonText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl AsRef<str> for JsonText {
    fn as_ref(&self) -> &str {
        self
    }
}

/// Its length only: values may be personal.
impl fmt::Debug for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JsonText({} bytes)", self.text.len())
    }
}

/// Its length only: values may be personal.
impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Object({} bytes)", self.text.len())
    }
}

impl Default for Object {
    fn default() -> Self {
        Self::new()
    }
}

impl Object {
    /// An object without members.
    #[must_use]
    pub fn new() -> Self {
        let mut text = scratch::text();
        text.push('{');
        Self { text, hidden: Vec::new(), first_value: None }
    }

    /// A member that is a string.
    pub fn text(&mut self, name: &'static str, value: &str) {
        self.name(name);
        write_string(&mut self.text, value);
    }

    /// The same, whatever the name is.
    pub(crate) fn text_of(&mut self, name: &str, value: &str) {
        self.any_name(name);
        write_string(&mut self.text, value);
    }

    /// A member that is a string, if there is a value.
    pub fn text_if(&mut self, name: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// A member that is a number. `value` is its text, as [`crate::write`] makes it; it is not looked at.
    pub fn number(&mut self, name: &'static str, value: &str) {
        self.name(name);
        self.text.push_str(value);
    }

    /// A member that is a number, if there is a value.
    pub fn number_if(&mut self, name: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.number(name, value);
        }
    }

    /// A member that is `true` or `false`.
    pub fn boolean(&mut self, name: &'static str, value: bool) {
        self.number(name, if value { "true" } else { "false" });
    }

    /// A member that is `true` or `false`, if there is a value.
    pub fn boolean_if(&mut self, name: &'static str, value: Option<bool>) {
        if let Some(value) = value {
            self.boolean(name, value);
        }
    }

    /// A member that is an object, written by `write`.
    pub fn object(&mut self, name: &'static str, write: impl FnOnce(&mut Self)) {
        self.name(name);
        self.nested(write);
    }

    /// A member that is an object, if there is a value.
    pub fn object_if<T>(&mut self, name: &'static str, value: Option<&T>, write: impl FnOnce(&T, &mut Self)) {
        if let Some(value) = value {
            self.object(name, |object| write(value, object));
        }
    }

    /// A member that is an array of objects.
    pub fn objects<T>(&mut self, name: &'static str, items: &[T], write: impl Fn(&T, &mut Self)) {
        self.array(name, items, |object, item| object.nested(|object| write(item, object)));
    }

    /// A member that is an array of objects, if there is a value.
    pub fn objects_if<T>(&mut self, name: &'static str, items: Option<&[T]>, write: impl Fn(&T, &mut Self)) {
        if let Some(items) = items {
            self.objects(name, items, write);
        }
    }

    /// A member that is an array of strings.
    pub fn texts<T: AsRef<str>>(&mut self, name: &'static str, items: &[T]) {
        self.array(name, items, |object, item| write_string(&mut object.text, item.as_ref()));
    }

    /// A member that is an array of strings, if there is a value.
    pub fn texts_if<T: AsRef<str>>(&mut self, name: &'static str, items: Option<&[T]>) {
        if let Some(items) = items {
            self.texts(name, items);
        }
    }

    /// A member whose value is already JSON text. It stands as it is.
    pub fn raw(&mut self, name: &'static str, value: &RawJson) {
        self.name(name);
        self.text.push_str(value.text());
    }

    /// A member whose value is already JSON text, if there is one.
    pub fn raw_if(&mut self, name: &'static str, value: Option<&RawJson>) {
        if let Some(value) = value {
            self.raw(name, value);
        }
    }

    /// The members that the caller added beyond the spec, in their order.
    pub fn extra(&mut self, extra: &Extra) {
        for (name, value) in extra.iter() {
            self.any_name(name);
            self.text.push_str(value.text());
        }
    }

    /// A member that is personal data: what `write` writes is masked where the text is shown, but for its name.
    pub fn sensitive(&mut self, write: impl FnOnce(&mut Self)) {
        let outside = self.first_value.take();
        let known = self.hidden.len();
        write(self);
        if let Some(start) = self.first_value.take() {
            self.hidden.truncate(known);
            let value = self.text.get(start..).unwrap_or_default();
            let quote = usize::from(value.len() > 1 && value.starts_with('"') && value.ends_with('"'));
            self.hidden.push(start + quote..self.text.len() - quote);
        }
        self.first_value = outside;
    }

    /// The text.
    #[must_use]
    pub fn finish(mut self) -> JsonText {
        self.text.push('}');
        JsonText { text: mem::take(&mut self.text), hidden: mem::take(&mut self.hidden) }
    }

    /// The name of a member, escaped by the emitter.
    fn name(&mut self, name: &'static str) {
        debug_assert!(is_plain_name(name), "{name} has to be escaped");
        self.text.reserve(name.len() + 4);
        if self.text.ends_with('{') {
            self.text.push('"');
        } else {
            self.text.push_str(",\"");
        }
        self.text.push_str(name);
        self.text.push_str("\":");
        self.first_value.get_or_insert(self.text.len());
    }

    /// A name that has to be looked at.
    fn any_name(&mut self, name: &str) {
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
        write_string(&mut self.text, name);
        self.text.push(':');
        self.first_value.get_or_insert(self.text.len());
    }

    fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        self.text.push('{');
        write(self);
        self.text.push('}');
    }

    fn array<T>(&mut self, name: &'static str, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.name(name);
        self.text.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            write(self, item);
        }
        self.text.push(']');
    }
}

/// Appends `value` as a JSON string literal, by the rule at the head of this module.
pub(crate) fn write_string(out: &mut String, value: &str) {
    out.reserve(value.len() + 2);
    out.push('"');
    let mut rest = value;
    // Most texts have nothing to be escaped.
    if !is_plain(value.as_bytes()) {
        while let Some((plain, odd, behind)) = at_first_odd(rest) {
            out.push_str(plain);
            write_escaped(out, odd);
            rest = behind;
        }
    }
    out.push_str(rest);
    out.push('"');
}

/// What stands before the first character that has to be escaped, that character, and what stands behind it.
fn at_first_odd(text: &str) -> Option<(&str, char, &str)> {
    let at = text.bytes().position(|byte| byte < b' ' || byte == b'"' || byte == b'\\')?;
    let (plain, behind) = text.split_at_checked(at)?;
    let mut behind = behind.chars();
    Some((plain, behind.next()?, behind.as_str()))
}

fn write_escaped(out: &mut String, odd: char) {
    match odd {
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        control if control < ' ' => {
            let code = u32::from(control);
            out.push_str("\\u00");
            out.push(if code >= 0x10 { '1' } else { '0' });
            out.extend(char::from_digit(code & 0xf, 16));
        }
        quote_or_backslash => {
            out.push('\\');
            out.push(quote_or_backslash);
        }
    }
}

/// Whether a name stands as it is: only `\` may announce an escape, and something stands behind it.
fn is_plain_name(name: &str) -> bool {
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        let is_odd = character < ' ' || character == '"' || character == '\\' && characters.next().is_none();
        if is_odd {
            return false;
        }
    }
    true
}

/// Whether no byte has to be escaped: eight of them are looked at together.
fn is_plain(bytes: &[u8]) -> bool {
    match bytes.last_chunk() {
        // The last eight may have been seen in part already.
        Some(last) => bytes.as_chunks().0.iter().fold(odd_ones(last), |odd, few| odd | odd_ones(few)) == 0,
        None => bytes.iter().all(|byte| *byte >= b' ' && *byte != b'"' && *byte != b'\\'),
    }
}

/// Not zero if one of the bytes has to be escaped.
fn odd_ones(bytes: &[u8; 8]) -> u64 {
    const fn repeat(byte: u8) -> u64 {
        byte as u64 * 0x0101_0101_0101_0101
    }
    // The high bit of each byte that is zero; a borrow can only mark a byte above one that is marked rightly.
    const fn zeros(word: u64) -> u64 {
        word.wrapping_sub(repeat(1)) & !word & repeat(0x80)
    }
    let word = u64::from_le_bytes(*bytes);
    let controls = word.wrapping_sub(repeat(b' ')) & !word & repeat(0x80);
    controls | zeros(word ^ repeat(b'"')) | zeros(word ^ repeat(b'\\'))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn what_has_to_be_escaped_is_found_wherever_it_stands() {
        for byte in 0..=255_u8 {
            for place in 0..19 {
                let mut bytes = *b"0123456789~\xff\x80 abcde";
                bytes[place] = byte;
                let is_odd = byte < b' ' || byte == b'"' || byte == b'\\';
                assert_eq!(is_plain(&bytes), !is_odd, "{byte:#x} at {place}");
            }
        }
    }
}
