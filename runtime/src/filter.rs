//! Filters: what a template does to a value before it is written.
//!
//! The set is closed, and each filter is total on the values that it is meant for; anything else is an error, and the
//! message is refused, or the request not sent. A filter over text finds bytes decoded in the recipe's charset first;
//! a filter over bytes finds those of the text in that charset.

mod decimals;
mod json;
mod url;

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose};

pub use self::url::UrlDialect;
use crate::{
    charset::Charset,
    crypto::{compare::hex_pairs, digest::push_hex},
    json as json_text,
    operand::Content,
    values,
};

pub(crate) use self::decimals::with_decimals;

/// What is done to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// ASCII and Unicode lower case, one character for one.
    Lower,
    /// ASCII and Unicode upper case, one character for one.
    Upper,
    /// Without outer white space.
    Trim,
    /// A plain decimal number with at least and at most so many decimals, half away from zero.
    Decimals(u32, u32),
    /// Percent-encoding of the bytes.
    Url(UrlDialect),
    /// A backslash before each of these characters, and before a backslash.
    Escape(&'static str),
    /// The number of bytes, in decimal.
    Length,
    /// The first characters.
    First(u32),
    /// The last characters.
    Last(u32),
    /// The characters in reverse order.
    Reverse,
    /// Bytes as lower-case hex.
    Hex,
    /// Bytes as base64, padded.
    Base64,
    /// Bytes as base64url, unpadded.
    Base64Url,
    /// Bytes of a hex text.
    FromHex,
    /// Bytes of a base64 text of either alphabet, padded or not; line breaks are passed over.
    FromBase64,
    /// JSON without white space between tokens, members in their order; numbers and strings as they are.
    Json,
    /// The same with members by name, at every level.
    SortedJson,
    /// Without these characters.
    Without(&'static str),
    /// Line breaks of any kind (CR LF, CR, LF) as this one.
    Newlines(Newline),
    /// What stands behind this beginning; the whole text where it does not begin so.
    After(&'static str),
    /// What stands behind the last of these; the whole text where there is none.
    AfterLast(&'static str),
    /// A JSON string literal.
    JsonString,
}

/// A line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newline {
    /// U+000A.
    Lf,
    /// U+000D, U+000A.
    CrLf,
}

/// Why a filter cannot be applied. The value is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterError {
    /// Not digits, maybe with a minus sign and a point.
    #[error("`decimals` found no plain decimal number")]
    NotDecimal,
    /// Not pairs of hexadecimal digits.
    #[error("`from-hex` found no hexadecimal text")]
    NotHex,
    /// Not base64.
    #[error("`from-base64` found no base64 text")]
    NotBase64,
    /// Not JSON, or an object with a name that occurs twice, or nested too deeply.
    #[error("`json` found no JSON text that can be written again")]
    NotJson,
    /// Bytes that are no text in the charset.
    #[error("a filter over text found bytes that are no {charset} text")]
    NotText {
        /// The charset.
        charset: Charset,
    },
    /// A character that the charset cannot write.
    #[error("a filter over bytes found a character that {charset} cannot write")]
    Unencodable {
        /// The charset.
        charset: Charset,
    },
}

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);

impl Filter {
    /// Whether it does to each character what it does to it anywhere: then a piece of a text can be filtered by
    /// itself, and what was hidden stays where it was.
    pub(crate) const fn is_piecewise(self) -> bool {
        matches!(self, Self::Lower | Self::Upper | Self::Url(_) | Self::Escape(_) | Self::Without(_))
    }

    pub(crate) fn apply(
        self,
        content: &Content<'_>,
        charset: Charset,
    ) -> Result<Content<'static>, FilterError> {
        let text = || text_of(content, charset);
        let bytes = || bytes_of(content, charset);
        let filtered = match self {
            Self::Lower => values::lower(&text()?),
            Self::Upper => values::upper(&text()?),
            Self::Trim => values::trim(&text()?).to_owned(),
            Self::Decimals(min, max) => with_decimals(&text()?, min, max).ok_or(FilterError::NotDecimal)?,
            Self::Url(dialect) => dialect.encode(&bytes()?),
            Self::Escape(characters) => escaped(&text()?, characters),
            Self::Length => bytes()?.len().to_string(),
            Self::First(count) => text()?.chars().take(index(count)).collect(),
            Self::Last(count) => {
                let text = text()?;
                let before = text.chars().count().saturating_sub(index(count));
                text.chars().skip(before).collect()
            }
            Self::Reverse => text()?.chars().rev().collect(),
            Self::Hex => {
                let mut hex = String::new();
                push_hex(&bytes()?, b'a', &mut hex);
                hex
            }
            Self::Base64 => general_purpose::STANDARD.encode(bytes()?),
            Self::Base64Url => general_purpose::URL_SAFE_NO_PAD.encode(bytes()?),
            Self::FromHex => {
                let decoded = hex_pairs(text()?.as_bytes()).ok_or(FilterError::NotHex)?;
                return Ok(Content::Bytes(decoded.into()));
            }
            Self::FromBase64 => return Ok(Content::Bytes(from_base64(&text()?)?.into())),
            Self::Json => json::compact(&text()?, false).ok_or(FilterError::NotJson)?,
            Self::SortedJson => json::compact(&text()?, true).ok_or(FilterError::NotJson)?,
            Self::Without(characters) => {
                text()?.chars().filter(|character| !characters.contains(*character)).collect()
            }
            Self::Newlines(newline) => with_newlines(&text()?, newline),
            Self::After(beginning) => {
                let text = text()?;
                text.strip_prefix(beginning).unwrap_or(&text).to_owned()
            }
            Self::AfterLast(mark) => {
                let text = text()?;
                text.rsplit_once(mark).map_or(&*text, |(_, behind)| behind).to_owned()
            }
            Self::JsonString => {
                let mut literal = String::new();
                json_text::write_string(&mut literal, &text()?);
                literal
            }
        };
        Ok(Content::Text(filtered.into()))
    }
}

fn text_of<'c>(content: &'c Content<'_>, charset: Charset) -> Result<Cow<'c, str>, FilterError> {
    match content {
        Content::Text(text) => Ok(Cow::Borrowed(text)),
        Content::Bytes(bytes) => charset.decode(bytes).map_err(|_| FilterError::NotText { charset }),
    }
}

fn bytes_of<'c>(content: &'c Content<'_>, charset: Charset) -> Result<Cow<'c, [u8]>, FilterError> {
    match content {
        Content::Text(text) => charset.encode(text).map_err(|_| FilterError::Unencodable { charset }),
        Content::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
    }
}

fn index(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn escaped(text: &str, characters: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '\\' || characters.contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn with_newlines(text: &str, newline: Newline) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    match newline {
        Newline::Lf => lines,
        Newline::CrLf => lines.replace('\n', "\r\n"),
    }
}

/// Either alphabet, but not both: `-` and `_` are read as `+` and `/`.
pub(crate) fn from_base64(text: &str) -> Result<Vec<u8>, FilterError> {
    let has = |characters: &[char]| text.contains(characters);
    if has(&['-', '_']) && has(&['+', '/']) {
        return Err(FilterError::NotBase64);
    }
    let standard: String = text
        .chars()
        .filter(|character| !matches!(character, '\r' | '\n'))
        .map(|character| match character {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    BASE64.decode(standard).map_err(|_| FilterError::NotBase64)
}
