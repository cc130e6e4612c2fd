//! Text to bytes and back, in the charsets that payment providers sign and send in.
//!
//! Both directions are strict: a character that the charset cannot write and bytes that it cannot read are errors,
//! never `?` or U+FFFD, because a replaced character would be signed, sent or believed in place of the real one.
//! Which charset a message is in is decided by the specification and the client; nothing is guessed here.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use encoding_rs::{DecoderResult, EncoderResult, Encoding, GB18030, GBK};

/// A charset that signed text may be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// GBK, one or two bytes a character; GB 2312 is read and written as its superset GBK.
    Gbk,
    /// GB 18030: GBK and four-byte characters, so that all of Unicode can be written.
    Gb18030,
    /// ISO 8859-1: the first 256 characters of Unicode, one byte each.
    Latin1,
}

/// A character that the charset cannot write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{charset} cannot write the character {character:?} ({}), character {} of the text", CodePoint(*character), index + 1)]
pub struct Unencodable {
    /// The character.
    pub character: char,
    /// How many characters stand before it.
    pub index: usize,
    /// The charset.
    pub charset: Charset,
}

/// Bytes that are no text in the charset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes from offset {position} on are not {charset} text")]
pub struct Undecodable {
    /// How many good bytes stand before.
    pub position: usize,
    /// The charset.
    pub charset: Charset,
}

struct CodePoint(char);

impl fmt::Display for CodePoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "U+{:04X}", u32::from(self.0))
    }
}

impl fmt::Display for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Charset {
    /// The charset of this name, in the spellings that providers use, in any case; `None` for any other.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().as_str() {
            "UTF-8" | "UTF8" => Some(Self::Utf8),
            "GBK" | "GB2312" | "GB-2312" => Some(Self::Gbk),
            "GB18030" => Some(Self::Gb18030),
            "ISO-8859-1" | "ISO8859-1" => Some(Self::Latin1),
            _ => None,
        }
    }

    /// `UTF-8`, `GBK`, `GB18030` or `ISO-8859-1`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gbk => "GBK",
            Self::Gb18030 => "GB18030",
            Self::Latin1 => "ISO-8859-1",
        }
    }

    /// The text in this charset. Borrowed where the bytes are the same.
    ///
    /// # Errors
    /// [`Unencodable`] names the first character that the charset cannot write.
    pub fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, Unencodable> {
        if self == Self::Latin1 && !text.is_ascii() {
            return encode_latin1(text).map(Cow::Owned);
        }
        let Some(encoding) = self.table().filter(|_| !text.is_ascii()) else {
            return Ok(Cow::Borrowed(text.as_bytes()));
        };
        let mut encoder = encoding.new_encoder();
        let longest = encoder.max_buffer_length_from_utf8_without_replacement(text.len());
        let mut bytes = Vec::with_capacity(longest.unwrap_or(text.len() * 2));
        match encoder.encode_from_utf8_to_vec_without_replacement(text, &mut bytes, true) {
            (EncoderResult::InputEmpty, _) => Ok(Cow::Owned(bytes)),
            (_, read) => Err(self.unencodable(text, read)),
        }
    }

    /// The text that these bytes are in this charset. Borrowed where the bytes are the same.
    /// A byte order mark is a character like any other.
    ///
    /// # Errors
    /// [`Undecodable`] says where the first bytes stand that are no character.
    pub fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, Undecodable> {
        if self == Self::Latin1 {
            // Every byte is the character of its own number.
            return Ok(match std::str::from_utf8(bytes) {
                Ok(text) if text.is_ascii() => Cow::Borrowed(text),
                _ => bytes.iter().copied().map(char::from).collect(),
            });
        }
        let refused = |position| Undecodable { position, charset: self };
        let Some(encoding) = self.table() else {
            return std::str::from_utf8(bytes)
                .map(Cow::Borrowed)
                .map_err(|error| refused(error.valid_up_to()));
        };
        let text = encoding
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or_else(|| refused(first_malformed(encoding, bytes)))?;
        match text {
            Cow::Owned(_) if self == Self::Gbk => refuse_four_bytes(bytes).map_err(refused)?,
            _ => {}
        }
        Ok(text)
    }

    /// The range of the raw bytes that a range of their decoded text came from.
    ///
    /// `text` must be what [`Charset::decode`] made of `raw`. This is how a piece that was found in the text is cut
    /// out of the bytes that a provider signed: in GBK the second byte of a character may be `\` or `{`, so it
    /// cannot be found in the bytes themselves. `None` when the range does not lie on characters of the text.
    #[must_use]
    pub fn raw_range(self, raw: &[u8], text: &str, range: Range<usize>) -> Option<Range<usize>> {
        let before = text.get(..range.start)?;
        let inside = text.get(range)?;
        let start = self.raw_length(raw, before)?;
        let length = self.raw_length(raw.get(start..)?, inside)?;
        Some(start..start + length)
    }

    /// How many of the first bytes the text came from.
    fn raw_length(self, raw: &[u8], text: &str) -> Option<usize> {
        let length = match self {
            Self::Utf8 => text.len(),
            Self::Latin1 => text.chars().count(),
            Self::Gbk | Self::Gb18030 => {
                text.chars().try_fold(0, |at, _| Some(at + width(raw.get(at..)?)))?
            }
        };
        (length <= raw.len()).then_some(length)
    }

    /// The conversion table; none for UTF-8, which is what Rust has, and for ISO 8859-1, which needs none.
    fn table(self) -> Option<&'static Encoding> {
        match self {
            Self::Utf8 | Self::Latin1 => None,
            Self::Gbk => Some(GBK),
            Self::Gb18030 => Some(GB18030),
        }
    }

    /// The character that ends at `read`, as an error.
    fn unencodable(self, text: &str, read: usize) -> Unencodable {
        let mut characters = text.char_indices().enumerate();
        let found = characters.find(|(_, (at, character))| at + character.len_utf8() >= read);
        let (index, character) =
            found.map_or((0, char::REPLACEMENT_CHARACTER), |(index, (_, character))| (index, character));
        Unencodable { character, index, charset: self }
    }
}

fn encode_latin1(text: &str) -> Result<Vec<u8>, Unencodable> {
    let byte = |(index, character): (usize, char)| {
        u8::try_from(character).map_err(|_| Unencodable { character, index, charset: Charset::Latin1 })
    };
    text.chars().enumerate().map(byte).collect()
}

/// Bytes of the first character, of text that is known to be GBK or GB 18030.
fn width(bytes: &[u8]) -> usize {
    match bytes {
        [0x81..=0xfe, 0x30..=0x39, ..] => 4,
        [0x81..=0xfe, ..] => 2,
        _ => 1,
    }
}

/// The library reads GBK with the table of GB 18030: its four-byte characters have to be refused here.
fn refuse_four_bytes(bytes: &[u8]) -> Result<(), usize> {
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        match width(rest) {
            4 => return Err(at),
            width => at += width,
        }
    }
    Ok(())
}

/// Where the decoder stops.
fn first_malformed(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let longest = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(longest.unwrap_or(bytes.len() * 3));
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::Malformed(malformed, after), read) => {
            read.saturating_sub(usize::from(malformed) + usize::from(after))
        }
        (_, read) => read,
    }
}
