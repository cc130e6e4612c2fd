//! Filters: what a template does with a value before it is written.
//!
//! A value is text or bytes. A filter over text reads bytes in the charset of the recipe first; a filter over bytes
//! takes the bytes of a text in that charset. A filter that cannot be applied is an error, never an empty value.

use payspec_codegen::ir::{Charset, Decimals, Filter, Newline, UrlDialect};

use crate::bytes::{self, Base64};
use crate::json::{self, Json, JsonKind};
use crate::money::Number;
use crate::signed_text::{MASK, RecipeError, Shown, SignedText};
use crate::text;

/// A value in the making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Text(String),
    Bytes(Vec<u8>),
}

impl Content {
    pub(crate) fn bytes(self, charset: Charset) -> Result<Vec<u8>, RecipeError> {
        match self {
            Self::Text(text) => text::encode(charset, &text).ok_or(RecipeError::Charset),
            Self::Bytes(bytes) => Ok(bytes),
        }
    }

    pub(crate) fn text(self, charset: Charset) -> Result<String, RecipeError> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Bytes(bytes) => text::decode(charset, &bytes).ok_or(RecipeError::Charset),
        }
    }
}

/// The value after all filters, from left to right.
pub(crate) fn apply_all(
    content: Content,
    filters: &[Filter],
    charset: Charset,
) -> Result<Content, RecipeError> {
    filters.iter().try_fold(content, |content, filter| apply(content, filter, charset))
}

fn apply(content: Content, filter: &Filter, charset: Charset) -> Result<Content, RecipeError> {
    let failed = |filter| RecipeError::Filter { filter };
    let written = match filter {
        Filter::Hex => bytes::hex(&content.bytes(charset)?),
        Filter::Base64 => Base64::Standard.write(&content.bytes(charset)?),
        Filter::Base64Url => Base64::Url.write_unpadded(&content.bytes(charset)?),
        Filter::Length => content.bytes(charset)?.len().to_string(),
        Filter::FromHex => {
            let bytes = bytes::from_hex(&content.text(charset)?);
            return bytes.map(Content::Bytes).ok_or(failed("from-hex"));
        }
        Filter::FromBase64 => {
            let text = content.text(charset)?.replace(['\r', '\n'], "");
            return Base64::read_any(&text).map(Content::Bytes).ok_or(failed("from-base64"));
        }
        Filter::Url(dialect) => percent_encode(&content.bytes(charset)?, *dialect),
        Filter::Decimals(decimals) => {
            let number = Number::parse(&content.text(charset)?);
            number.map(|number| rounded(&number, *decimals)).ok_or(failed("decimals"))?
        }
        Filter::Json { sorted } => {
            let text = content.text(charset)?;
            let parsed = json::parse(&text).map_err(|_| failed("json"))?;
            let mut written = String::new();
            write_json(&parsed, *sorted, &mut written);
            written
        }
        filter => of_text(&content.text(charset)?, filter),
    };
    Ok(Content::Text(written))
}

/// Filters from text to text that always succeed.
fn of_text(text: &str, filter: &Filter) -> String {
    let count = |count: &u32| usize::try_from(*count).unwrap_or(usize::MAX);
    match filter {
        Filter::Lower => text::lower(text),
        Filter::Upper => text::upper(text),
        Filter::Trim => text::trim(text).to_owned(),
        Filter::Escape(special) => {
            let mut escaped = String::new();
            for character in text.chars() {
                if character == '\\' || special.contains(character) {
                    escaped.push('\\');
                }
                escaped.push(character);
            }
            escaped
        }
        Filter::First(length) => text.chars().take(count(length)).collect(),
        Filter::Last(length) => {
            let before = text.chars().count().saturating_sub(count(length));
            text.chars().skip(before).collect()
        }
        Filter::Reverse => text.chars().rev().collect(),
        Filter::Without(unwanted) => text.chars().filter(|own| !unwanted.contains(*own)).collect(),
        Filter::Newlines(newline) => {
            let lines = text.replace("\r\n", "\n").replace('\r', "\n");
            match newline {
                Newline::Lf => lines,
                Newline::CrLf => lines.replace('\n', "\r\n"),
            }
        }
        Filter::After(start) => text.strip_prefix(start.as_str()).unwrap_or(text).to_owned(),
        Filter::AfterLast(mark) => {
            text.rsplit_once(mark.as_str()).map_or(text, |(_, behind)| behind).to_owned()
        }
        Filter::JsonString => json::quote(text),
        _ => text.to_owned(),
    }
}

/// With so many decimals, half away from zero.
pub(crate) fn rounded(number: &Number, decimals: Decimals) -> String {
    let count = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
    number.rounded(count(decimals.min), count(decimals.max))
}

fn percent_encode(bytes: &[u8], dialect: UrlDialect) -> String {
    let (also_stay, space, upper) = match dialect {
        UrlDialect::Rfc3986 => ("-._~", "%20", true),
        UrlDialect::Form => ("*-._", "+", true),
        UrlDialect::Php => ("-._", "+", true),
        UrlDialect::Dotnet => ("-_.!*()", "+", false),
        UrlDialect::Js => ("-_.!~*'()", "%20", true),
    };
    let mut written = String::new();
    for byte in bytes {
        let character = char::from(*byte);
        if character.is_ascii_alphanumeric() || (character.is_ascii() && also_stay.contains(character)) {
            written.push(character);
        } else if character == ' ' {
            written.push_str(space);
        } else if upper {
            written.push_str(&format!("%{byte:02X}"));
        } else {
            written.push_str(&format!("%{byte:02x}"));
        }
    }
    written
}

/// Without white space between tokens; numbers and strings as received.
fn write_json(json: &Json<'_>, sorted: bool, written: &mut String) {
    let separated = |index: usize, written: &mut String| {
        if index > 0 {
            written.push(',');
        }
    };
    match &json.kind {
        JsonKind::List(items) => {
            written.push('[');
            for (index, item) in items.iter().enumerate() {
                separated(index, written);
                write_json(item, sorted, written);
            }
            written.push(']');
        }
        JsonKind::Object(members) => {
            let mut before = json.start + 1;
            let mut named = Vec::new();
            for (name, value) in &members.0 {
                named.push((name, exact_name(json, before, value.start), value));
                before = value.end();
            }
            if sorted {
                named.sort_by(|(a, ..), (b, ..)| a.as_bytes().cmp(b.as_bytes()));
            }
            written.push('{');
            for (index, (_, name, value)) in named.into_iter().enumerate() {
                separated(index, written);
                written.push_str(name);
                written.push(':');
                write_json(value, sorted, written);
            }
            written.push('}');
        }
        _ => written.push_str(json.raw),
    }
}

/// A name as it was received, quotes included: what stands between one value and the next, without its punctuation.
fn exact_name<'a>(object: &Json<'a>, from: usize, to: usize) -> &'a str {
    let between = object.raw.get(from - object.start..to - object.start).unwrap_or_default();
    let white = [' ', '\t', '\n', '\r'];
    let name = between.trim_start_matches(white).trim_start_matches(',').trim_matches(white);
    name.strip_suffix(':').unwrap_or(name).trim_matches(white)
}

/// Whether a filter works character by character, so that what is hidden stays hidden and the rest can be shown.
fn is_by_character(filter: &Filter) -> bool {
    matches!(filter, Filter::Lower | Filter::Upper | Filter::Url(_) | Filter::Escape(_) | Filter::Without(_))
}

/// Filters over the whole text.
pub(crate) fn transform(
    text: SignedText,
    filters: &[Filter],
    charset: Charset,
) -> Result<SignedText, RecipeError> {
    filters.iter().try_fold(text, |text, filter| {
        let content = apply(Content::Bytes(text.bytes().to_vec()), filter, charset)?;
        let whole = match &content {
            Content::Text(text) => text.clone(),
            Content::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        };
        let bytes = content.bytes(charset)?;
        if is_by_character(filter) {
            let shown: Vec<Shown> =
                text.shown().map(|(piece, own)| filtered(piece, own, filter, charset)).collect();
            return Ok(SignedText::new(bytes, shown));
        }
        let is_hidden = text.is_hidden();
        Ok(SignedText::whole(bytes, if is_hidden { MASK.to_owned() } else { whole }, is_hidden))
    })
}

fn filtered(piece: &Shown, own: &[u8], filter: &Filter, charset: Charset) -> Shown {
    let apply = |content| apply(content, filter, charset).ok();
    let bytes = apply(Content::Bytes(own.to_vec())).and_then(|content| content.bytes(charset).ok());
    // A length that is not known fits nowhere: then no byte is shown at all, see `SignedText::masked_bytes`.
    let length = bytes.map_or(usize::MAX, |bytes| bytes.len());
    if piece.hidden {
        return Shown { length, ..piece.clone() };
    }
    let filtered = apply(Content::Text(piece.text.clone())).and_then(|content| content.text(charset).ok());
    match filtered {
        Some(text) => Shown { text, hidden: false, length },
        None => Shown { text: MASK.to_owned(), hidden: true, length },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn text(value: &str, filter: Filter) -> Result<String, RecipeError> {
        apply(Content::Text(value.to_owned()), &filter, Charset::Utf8)?.text(Charset::Utf8)
    }

    #[test]
    fn each_dialect_keeps_its_own_characters() {
        let all: String = (0x20..0x7f).map(char::from).filter(|own| !own.is_ascii_alphanumeric()).collect();
        let kept = |dialect| {
            let encoded = text(&all, Filter::Url(dialect)).unwrap();
            let pieces: Vec<&str> = encoded.split('%').collect();
            let behind = pieces.iter().enumerate().map(|(index, piece)| match index {
                0 => *piece,
                _ => piece.get(2..).unwrap_or_default(),
            });
            let mut kept: Vec<char> = behind.collect::<String>().chars().collect();
            kept.sort_unstable();
            kept.into_iter().collect::<String>()
        };
        assert_eq!(kept(UrlDialect::Rfc3986), "-._~");
        assert_eq!(kept(UrlDialect::Form), "*+-._");
        assert_eq!(kept(UrlDialect::Php), "+-._");
        assert_eq!(kept(UrlDialect::Dotnet), "!()*+-._");
        assert_eq!(kept(UrlDialect::Js), "!'()*-._~");
        assert_eq!(text("ü/", Filter::Url(UrlDialect::Dotnet)).unwrap(), "%c3%bc%2f");
        assert_eq!(text("ü/", Filter::Url(UrlDialect::Php)).unwrap(), "%C3%BC%2F");
    }

    #[test]
    fn decimals_are_rounded_half_away_from_zero() {
        let exact = |value: &str| text(value, Filter::Decimals(Decimals { min: 2, max: 2 }));
        for (given, wanted) in [
            ("1", "1.00"),
            ("1.005", "1.01"),
            ("-1.005", "-1.01"),
            ("0.994", "0.99"),
            ("9.999", "10.00"),
            ("-0.001", "0.00"),
            ("007.5", "7.50"),
        ] {
            assert_eq!(exact(given).unwrap(), wanted, "{given}");
        }
        let range = |value: &str| text(value, Filter::Decimals(Decimals { min: 1, max: 2 })).unwrap();
        assert_eq!([range("5"), range("5.10"), range("5.126")], ["5.0", "5.1", "5.13"]);
        for wrong in ["", "1e2", "1,0", "+1", ".5", " 1", "NaN"] {
            assert_eq!(exact(wrong), Err(RecipeError::Filter { filter: "decimals" }), "{wrong}");
        }
    }

    #[test]
    fn characters_are_counted_taken_and_turned_round() {
        assert_eq!(text("中a", Filter::Length).unwrap(), "4");
        assert_eq!(
            apply(Content::Text("中a".to_owned()), &Filter::Length, Charset::Gbk).unwrap(),
            Content::Text("3".to_owned())
        );
        assert_eq!(text("中ab", Filter::First(2)).unwrap(), "中a");
        assert_eq!(text("中ab", Filter::Last(2)).unwrap(), "ab");
        assert_eq!(text("a", Filter::Last(9)).unwrap(), "a");
        assert_eq!(text("中ab", Filter::Reverse).unwrap(), "ba中");
        assert_eq!(text("a.b,c", Filter::Without(".,".to_owned())).unwrap(), "abc");
        assert_eq!(text(r"a:b\c", Filter::Escape(":".to_owned())).unwrap(), r"a\:b\\c");
        assert_eq!(text("/a/b", Filter::AfterLast("/".to_owned())).unwrap(), "b");
        assert_eq!(text("ab", Filter::AfterLast("/".to_owned())).unwrap(), "ab");
        assert_eq!(text("xab", Filter::After("x".to_owned())).unwrap(), "ab");
        assert_eq!(text("a\r\nb\rc\n", Filter::Newlines(Newline::CrLf)).unwrap(), "a\r\nb\r\nc\r\n");
        assert_eq!(text("a\r\nb\rc\n", Filter::Newlines(Newline::Lf)).unwrap(), "a\nb\nc\n");
        assert_eq!(text("a\"", Filter::JsonString).unwrap(), "\"a\\\"\"");
    }

    #[test]
    fn json_keeps_the_characters_of_numbers_and_strings() {
        let json = r#" { "b" : [ 1.0 , "\u00e9\/" ] , "\u0061,:" : {"d":1,"c":null} } "#;
        assert_eq!(
            text(json, Filter::Json { sorted: false }).unwrap(),
            r#"{"b":[1.0,"\u00e9\/"],"\u0061,:":{"d":1,"c":null}}"#
        );
        assert_eq!(
            text(json, Filter::Json { sorted: true }).unwrap(),
            r#"{"\u0061,:":{"c":null,"d":1},"b":[1.0,"\u00e9\/"]}"#
        );
        assert_eq!(text("{", Filter::Json { sorted: true }), Err(RecipeError::Filter { filter: "json" }));
    }

    #[test]
    fn bytes_are_encoded_and_decoded() {
        assert_eq!(text("é", Filter::Hex).unwrap(), "c3a9");
        assert_eq!(text("??>", Filter::Base64Url).unwrap(), "Pz8-");
        assert_eq!(text("c3A9", Filter::FromHex).unwrap(), "é");
        assert_eq!(text("Pz\r\n8-", Filter::FromBase64).unwrap(), "??>");
        assert!(text("c", Filter::FromHex).is_err());
        assert!(text("c c", Filter::FromBase64).is_err());
        let bytes = apply(Content::Bytes(vec![0xff]), &Filter::Lower, Charset::Utf8);
        assert_eq!(bytes, Err(RecipeError::Charset));
    }

    #[test]
    fn a_transformed_text_keeps_its_masks() {
        let mut whole = SignedText::plain("A b=", Charset::Utf8).unwrap();
        whole.join(&SignedText::plain("S/x", Charset::Utf8).unwrap().shown_as(MASK));
        let by_character = [Filter::Url(UrlDialect::Dotnet), Filter::Lower];
        let shown = transform(whole.clone(), &by_character, Charset::Utf8).unwrap();
        assert_eq!((shown.bytes(), shown.masked()), (&b"a+b%3ds%2fx"[..], "a+b%3d******"));
        let turned = transform(whole, &[Filter::Reverse], Charset::Utf8).unwrap();
        assert_eq!((turned.bytes(), turned.masked()), (&b"x/S=b A"[..], MASK));
        let open = SignedText::plain("ab", Charset::Utf8).unwrap();
        assert_eq!(transform(open, &[Filter::Reverse], Charset::Utf8).unwrap().masked(), "ba");
    }
}
