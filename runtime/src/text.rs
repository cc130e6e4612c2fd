//! The text that is signed (待签名字符串): composed once, in the charset of the recipe.
//!
//! Emitted code writes literals and values from left to right; nothing is collected or sorted. Each value is encoded
//! on its way in, so that the bytes need no second pass. Where secrets and personal data stand is remembered: a
//! [`SignedText`] can be shown with them masked, and they are wiped from memory when it is dropped or moved.
//! The text leaves only for [`crate::seal`].

mod hidden;

use std::borrow::Cow;
use std::fmt;
use std::mem;

use zeroize::Zeroize as _;

use self::hidden::Hidden;
use crate::charset::{Charset, Unencodable};
use crate::filter::Filter;
use crate::json::JsonText;
use crate::operand::{Content, Operand};
use crate::recipe_error::RecipeError;
use crate::scratch::Scratch;
use crate::secret::Secret;

/// What is shown in place of a secret.
const MASK: &str = "******";

/// Why a text cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// A value has a character that the charset cannot write.
    #[error("the text to be signed has the character {character:?}, which {charset} cannot write")]
    Unencodable {
        /// The first such character.
        character: char,
        /// The charset.
        charset: Charset,
    },
    /// A secret or personal data has such a character, which is not shown.
    #[error(
        "a secret or personal value in the text to be signed has a character that {charset} cannot write"
    )]
    HiddenUnencodable {
        /// The charset.
        charset: Charset,
    },
}

/// Composes a [`SignedText`]. An error is remembered and reported by [`Text::finish`].
///
/// ```
/// use payspec_runtime::{Charset, Secret, Text};
///
/// let mut text = Text::new(Charset::Utf8);
/// let mut list = text.list("&");
/// list.item("amount=", "10000");
/// list.item_if("attach=", None);
/// list.secret("secret=", &Secret::new("s3cr3t"));
/// let text = text.finish().unwrap();
/// assert_eq!(text.as_bytes(), b"amount=10000&secret=s3cr3t");
/// assert_eq!(text.masked(), "amount=10000&secret=******");
/// ```
pub struct Text {
    signed: SignedText,
    failed: Option<RecipeError>,
}

impl Text {
    /// An empty text in this charset.
    #[must_use]
    pub fn new(charset: Charset) -> Self {
        let bytes = Scratch::new();
        Self { signed: SignedText { charset, bytes, hidden: Hidden::default() }, failed: None }
    }

    /// Appends a list of items; this stands between two of them.
    pub fn list<'t>(&'t mut self, separator: &'t str) -> TextList<'t> {
        TextList { text: self, separator, is_first: true }
    }

    /// Appends a literal or a value.
    #[inline]
    pub fn put(&mut self, value: &str) {
        if self.signed.charset == Charset::Utf8 {
            self.put_raw(value.as_bytes());
        } else {
            self.put_encoded(value);
        }
    }

    /// The same of what is mostly one character: a separator that a rule names.
    #[inline(always)]
    pub(crate) fn put_mark(&mut self, mark: &str) {
        match mark.as_bytes() {
            [one] if one.is_ascii() => self.put_raw(&[*one]),
            _ => self.put(mark),
        }
    }

    /// The same, not inlined: only literals are copied faster where they stand.
    #[inline(never)]
    fn put_any(&mut self, value: &str) {
        self.put(value);
    }

    #[cold]
    fn put_encoded(&mut self, value: &str) {
        match self.signed.charset.encode(value) {
            Ok(bytes) => self.put_raw(&bytes),
            Err(Unencodable { character, charset, .. }) => {
                self.fail(TextError::Unencodable { character, charset });
            }
        }
    }

    /// Appends a secret.
    #[inline]
    pub fn put_secret(&mut self, secret: &Secret) {
        self.put_value(&Operand::secret(secret));
    }

    /// Appends personal data, which is masked like a secret where the text is shown.
    pub fn put_sensitive(&mut self, value: &str) {
        self.put_hidden(value);
    }

    /// Appends JSON text; the personal data in it is masked where the text is shown.
    pub fn put_json(&mut self, json: &JsonText) {
        for (piece, is_hidden) in json.pieces() {
            if is_hidden { self.put_sensitive(piece) } else { self.put(piece) }
        }
    }

    /// Appends a JSON body in the charset in which it is sent, whatever the charset of the text.
    pub fn put_body(&mut self, body: &JsonText, charset: Charset) {
        let own = mem::replace(&mut self.signed.charset, charset);
        self.put_json(body);
        self.signed.charset = own;
    }

    /// Appends bytes as they are, whatever the charset: a body, a piece of a received message.
    #[inline]
    pub fn put_raw(&mut self, bytes: &[u8]) {
        if !self.signed.bytes.try_push(bytes) {
            self.signed.grow(bytes.len());
            self.signed.bytes.push(bytes);
        }
    }

    /// Appends bytes as they are, which may not be shown.
    pub fn put_hidden_raw(&mut self, bytes: &[u8]) {
        let start = self.signed.bytes.len();
        self.put_raw(bytes);
        self.signed.hidden.push(start..self.signed.bytes.len());
    }

    /// Appends a value of any kind.
    #[inline]
    pub fn put_value(&mut self, value: &Operand<'_>) {
        match (value.content(), value.is_hidden()) {
            (Content::Text(text), false) => self.put(text),
            (Content::Text(text), true) => self.put_hidden(text),
            (Content::Bytes(bytes), false) => self.put_raw(bytes),
            (Content::Bytes(bytes), true) => self.put_hidden_raw(bytes),
        }
    }

    /// Appends what the filters make of a value, from left to right.
    pub fn put_filtered(&mut self, value: &Operand<'_>, filters: &[Filter]) {
        match value.borrowed().filtered(filters, self.signed.charset) {
            Ok(value) => self.put_value(&value),
            Err(error) => self.fail(error),
        }
    }

    /// Appends another text, what is hidden in it hidden here.
    pub fn put_composed(&mut self, other: &SignedText) {
        let start = self.signed.bytes.len();
        self.put_raw(other.bytes.as_slice());
        for range in other.hidden.iter() {
            self.signed.hidden.push(start + range.start..start + range.end);
        }
    }

    /// The charset of the text.
    #[must_use]
    pub const fn charset(&self) -> Charset {
        self.signed.charset
    }

    /// The composed text.
    ///
    /// # Errors
    /// The first thing that went wrong: a character that the charset cannot write, a filter that does not fit.
    pub fn finish(self) -> Result<SignedText, RecipeError> {
        match self.failed {
            None => Ok(self.signed),
            Some(error) => Err(error),
        }
    }

    /// What several pieces are together, composed in the charset of this text.
    pub(crate) fn scratch(&self) -> Self {
        Self::new(self.signed.charset)
    }

    fn put_hidden(&mut self, value: &str) {
        let charset = self.signed.charset;
        let start = self.signed.bytes.len();
        match charset.encode(value) {
            Ok(Cow::Borrowed(bytes)) => self.put_raw(bytes),
            Ok(Cow::Owned(mut bytes)) => {
                self.put_raw(&bytes);
                bytes.zeroize();
            }
            Err(_) => self.fail(TextError::HiddenUnencodable { charset }),
        }
        self.signed.hidden.push(start..self.signed.bytes.len());
    }

    /// Remembers what went wrong first.
    pub(crate) fn fail(&mut self, error: impl Into<RecipeError>) {
        self.failed.get_or_insert_with(|| error.into());
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Text").field(&self.signed.masked()).finish()
    }
}

/// Writes the items of a list, with the separator between two of them. See [`Text::list`].
///
/// Each item is literal text, a value, and literal text behind it where the method's name ends in `between`.
pub struct TextList<'t> {
    text: &'t mut Text,
    separator: &'t str,
    is_first: bool,
}

impl TextList<'_> {
    /// An item: `list.item("amount=", "10000")`.
    #[inline(always)]
    pub fn item(&mut self, before: &str, value: &str) {
        let text = self.begin_item();
        text.put(before);
        text.put_any(value);
    }

    /// An item, if there is a value.
    #[inline]
    pub fn item_if(&mut self, before: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.item(before, value);
        }
    }

    /// An item with literal text behind the value.
    #[inline]
    pub fn item_between(&mut self, before: &str, value: &str, after: &str) {
        let text = self.begin_item();
        text.put(before);
        text.put(value);
        text.put(after);
    }

    /// An item with literal text behind the value, if there is a value.
    #[inline]
    pub fn item_between_if(&mut self, before: &str, value: Option<&str>, after: &str) {
        if let Some(value) = value {
            self.item_between(before, value, after);
        }
    }

    /// An item whose value is a secret.
    #[inline]
    pub fn secret(&mut self, before: &str, secret: &Secret) {
        let text = self.begin_item();
        text.put(before);
        text.put_secret(secret);
    }

    /// An item whose value is personal data.
    pub fn sensitive(&mut self, before: &str, value: &str) {
        self.sensitive_between(before, value, "");
    }

    /// An item whose value is personal data, if there is a value.
    pub fn sensitive_if(&mut self, before: &str, value: Option<&str>) {
        self.sensitive_between_if(before, value, "");
    }

    /// An item whose value is personal data, with literal text behind it.
    pub fn sensitive_between(&mut self, before: &str, value: &str, after: &str) {
        let text = self.begin_item();
        text.put(before);
        text.put_sensitive(value);
        text.put(after);
    }

    /// An item whose value is personal data, with literal text behind it, if there is a value.
    pub fn sensitive_between_if(&mut self, before: &str, value: Option<&str>, after: &str) {
        if let Some(value) = value {
            self.sensitive_between(before, value, after);
        }
    }

    /// An item whose value is JSON text.
    pub fn json(&mut self, before: &str, value: &JsonText) {
        let text = self.begin_item();
        text.put(before);
        text.put_json(value);
    }

    /// An item whose value is bytes as they are.
    pub fn raw(&mut self, before: &str, bytes: &[u8]) {
        let text = self.begin_item();
        text.put(before);
        text.put_raw(bytes);
    }

    /// Begins an item that is composed of several pieces: writes the separator where one belongs, and hands out the
    /// text for the pieces.
    #[inline]
    pub fn begin_item(&mut self) -> &mut Text {
        if self.is_first {
            self.is_first = false;
        } else {
            self.text.put(self.separator);
        }
        self.text
    }
}

impl fmt::Debug for TextList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TextList").field(&self.text).finish()
    }
}

/// A composed text, ready to be sealed. `Debug` shows it masked; the secrets in it are wiped when it is dropped.
pub struct SignedText {
    charset: Charset,
    bytes: Scratch,
    hidden: Hidden,
}

impl SignedText {
    /// The text of a message that nothing signs: empty.
    #[must_use]
    pub fn none() -> Self {
        Self { charset: Charset::Utf8, bytes: Scratch::default(), hidden: Hidden::default() }
    }

    /// The bytes that are signed, secrets among them.
    #[must_use]
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.as_slice()
    }

    /// The text with `******` in place of each secret and of personal data. Raw bytes that are no text show as U+FFFD.
    #[must_use]
    pub fn masked(&self) -> String {
        let mut text = String::with_capacity(self.bytes.len());
        let mut shown_to = 0;
        for range in self.hidden.iter() {
            text.push_str(&self.shown(shown_to, range.start));
            text.push_str(MASK);
            shown_to = range.end;
        }
        text.push_str(&self.shown(shown_to, self.bytes.len()));
        text
    }

    /// What the filters make of the whole text. A hidden piece stays hidden by itself where a filter does to each
    /// character what it does to it anywhere; else the whole text is hidden if anything in it was.
    ///
    /// # Errors
    /// A filter that does not fit the text.
    pub fn transformed(self, filters: &[Filter]) -> Result<Self, RecipeError> {
        filters.iter().try_fold(self, |text, filter| text.filtered(*filter))
    }

    fn filtered(&self, filter: Filter) -> Result<Self, RecipeError> {
        let in_pieces = if filter.is_piecewise() { self.filtered_in_pieces(filter) } else { None };
        match in_pieces {
            Some(text) => text.finish(),
            None => {
                let mut text = Text::new(self.charset);
                text.put_filtered(&Operand::composed(self), &[filter]);
                text.finish()
            }
        }
    }

    /// `None` where a piece by itself is no text: raw bytes may end within a character.
    fn filtered_in_pieces(&self, filter: Filter) -> Option<Text> {
        let mut text = Text::new(self.charset);
        for (range, is_hidden) in self.hidden.pieces(self.bytes.len()) {
            let piece = Operand::bytes(self.as_bytes().get(range)?).hidden_if(is_hidden);
            text.put_value(&piece.filtered(&[filter], self.charset).ok()?);
        }
        Some(text)
    }

    /// The text, decoded: a template whose result is no text to be signed, but a name or a time.
    ///
    /// # Errors
    /// The bytes are no text in the charset.
    pub fn decoded(&self) -> Result<String, RecipeError> {
        let text = self.charset.decode(self.as_bytes()).map_err(|_| RecipeError::NotText)?;
        Ok(text.into_owned())
    }

    /// The text as a key.
    ///
    /// # Errors
    /// It is empty.
    pub fn into_key(self) -> Result<Self, RecipeError> {
        if self.as_bytes().is_empty() { Err(RecipeError::EmptyKey) } else { Ok(self) }
    }

    /// The charset of the text.
    pub(crate) const fn charset(&self) -> Charset {
        self.charset
    }

    /// Whether anything in it is hidden.
    pub(crate) fn has_hidden(&self) -> bool {
        self.hidden.iter().next().is_some()
    }

    /// Makes room in other memory, and leaves no secret behind in this one.
    #[cold]
    fn grow(&mut self, more: usize) {
        let mut larger = self.bytes.enlarged(more);
        mem::swap(&mut self.bytes, &mut larger);
        self.hidden.wipe(larger.as_mut_slice());
    }

    fn shown(&self, start: usize, end: usize) -> Cow<'_, str> {
        let bytes = self.as_bytes().get(start..end).unwrap_or_default();
        self.charset.decode(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes))
    }
}

impl Drop for SignedText {
    fn drop(&mut self) {
        self.hidden.wipe(self.bytes.as_mut_slice());
    }
}

impl fmt::Debug for SignedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SignedText").field(&self.masked()).finish()
    }
}
