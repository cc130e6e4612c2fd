//! JSON, read strictly and written plainly.
//!
//! The reader keeps the exact text and the place of every value, because numbers are never converted and
//! signatures cover raw text. A name that occurs twice in one object is refused, however deep; so is nesting
//! beyond [`MAX_DEPTH`]. The writer makes one form only: no white space, and no escape that JSON does not demand.

use thiserror::Error;

/// How deep objects and arrays may be nested.
pub(crate) const MAX_DEPTH: usize = 64;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Json<'a> {
    /// Its exact text, without white space around it.
    pub(crate) raw: &'a str,
    /// Where `raw` begins in the whole text.
    pub(crate) start: usize,
    /// What it is.
    pub(crate) kind: JsonKind<'a>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum JsonKind<'a> {
    Null,
    Flag,
    /// A number; its text is `raw`.
    Number,
    /// A string, unescaped.
    Text(String),
    List(Vec<Json<'a>>),
    Object(Members<'a>),
}

/// The members of an object, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Members<'a>(pub(crate) Vec<(String, Json<'a>)>);

impl<'a> Members<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

impl Json<'_> {
    pub(crate) fn end(&self) -> usize {
        self.start + self.raw.len()
    }
}

/// Why a text is no JSON that we accept.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JsonError {
    /// Something else than the grammar allows.
    #[error("no JSON at byte {at}")]
    Syntax {
        /// Offset in the text.
        at: usize,
    },
    /// A name occurs twice in one object.
    #[error("the member `{name}` occurs twice in one object")]
    Repeated {
        /// The name.
        name: String,
    },
    /// Too deeply nested.
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

/// Reads a whole text.
pub(crate) fn parse(text: &str) -> Result<Json<'_>, JsonError> {
    let mut reader = Reader { text, at: 0 };
    reader.white();
    let value = reader.value(0)?;
    reader.white();
    if reader.at == text.len() { Ok(value) } else { Err(reader.wrong()) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn wrong(&self) -> JsonError {
        JsonError::Syntax { at: self.at }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.rest().bytes().next()
    }

    /// Steps over a text that must stand here.
    fn take(&mut self, expected: &str) -> Result<(), JsonError> {
        if self.rest().starts_with(expected) {
            self.at += expected.len();
            Ok(())
        } else {
            Err(self.wrong())
        }
    }

    fn white(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json<'a>, JsonError> {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.object(depth + 1)?,
            Some(b'[') => self.list(depth + 1)?,
            Some(b'"') => JsonKind::Text(self.string()?),
            Some(b'n') => self.take("null").map(|()| JsonKind::Null)?,
            Some(b't') => self.take("true").map(|()| JsonKind::Flag)?,
            Some(b'f') => self.take("false").map(|()| JsonKind::Flag)?,
            _ => self.number().map(|()| JsonKind::Number)?,
        };
        let raw = self.text.get(start..self.at).unwrap_or_default();
        Ok(Json { raw, start, kind })
    }

    fn object(&mut self, depth: usize) -> Result<JsonKind<'a>, JsonError> {
        let mut members = Members(Vec::new());
        if self.opens('{', '}', depth)? {
            loop {
                self.white();
                let name = self.string()?;
                if members.get(&name).is_some() {
                    return Err(JsonError::Repeated { name });
                }
                self.white();
                self.take(":")?;
                self.white();
                members.0.push((name, self.value(depth)?));
                if !self.goes_on("}")? {
                    break;
                }
            }
        }
        Ok(JsonKind::Object(members))
    }

    fn list(&mut self, depth: usize) -> Result<JsonKind<'a>, JsonError> {
        let mut items = Vec::new();
        if self.opens('[', ']', depth)? {
            loop {
                self.white();
                items.push(self.value(depth)?);
                if !self.goes_on("]")? {
                    break;
                }
            }
        }
        Ok(JsonKind::List(items))
    }

    /// Steps over an opening bracket; false if it is closed at once.
    fn opens(&mut self, open: char, close: char, depth: usize) -> Result<bool, JsonError> {
        if depth > MAX_DEPTH {
            return Err(JsonError::TooDeep);
        }
        self.take(&open.to_string())?;
        self.white();
        Ok(self.take(&close.to_string()).is_err())
    }

    /// Steps over a comma (true) or the closing bracket (false).
    fn goes_on(&mut self, close: &str) -> Result<bool, JsonError> {
        self.white();
        if self.take(",").is_ok() {
            return Ok(true);
        }
        self.take(close).map(|()| false)
    }

    fn number(&mut self) -> Result<(), JsonError> {
        let _minus = self.take("-");
        if self.take("0").is_err() {
            self.digits()?;
        }
        if self.take(".").is_ok() {
            self.digits()?;
        }
        if self.take("e").is_ok() || self.take("E").is_ok() {
            let _sign = self.take("+").or_else(|_| self.take("-"));
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        if count == 0 { Err(self.wrong()) } else { Ok(()) }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.take("\"")?;
        let mut text = String::new();
        loop {
            let character = self.rest().chars().next().ok_or_else(|| self.wrong())?;
            if character < ' ' {
                return Err(self.wrong());
            }
            self.at += character.len_utf8();
            match character {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                other => text.push(other),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let letter = self.peek().ok_or_else(|| self.wrong())?;
        let character = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(self.wrong()),
        };
        self.at += 1;
        Ok(character)
    }

    /// `uXXXX`, or two of them for a character beyond U+FFFF. Half of a pair is refused.
    fn unicode(&mut self) -> Result<char, JsonError> {
        let wrong = self.wrong();
        let first = self.unit()?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        self.take("\\")?;
        let second = self.unit()?;
        match (first, second) {
            (0xd800..=0xdbff, 0xdc00..=0xdfff) => {
                char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)).ok_or(wrong)
            }
            _ => Err(wrong),
        }
    }

    fn unit(&mut self) -> Result<u32, JsonError> {
        self.take("u")?;
        let digits = self.rest().get(..4).ok_or_else(|| self.wrong())?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(self.wrong());
        }
        let unit = u32::from_str_radix(digits, 16).map_err(|_| self.wrong())?;
        self.at += 4;
        Ok(unit)
    }
}

/// A string literal: escapes only what JSON demands.
pub(crate) fn quote(text: &str) -> String {
    let mut literal = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\u{8}' => literal.push_str("\\b"),
            '\u{c}' => literal.push_str("\\f"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            control @ '\u{0}'..='\u{1f}' => literal.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => literal.push(other),
        }
    }
    literal.push('"');
    literal
}

/// An object of members that are JSON text already.
pub(crate) fn object<'a>(members: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let members: Vec<String> =
        members.into_iter().map(|(name, value)| format!("{}:{value}", quote(name))).collect();
    format!("{{{}}}", members.join(","))
}

/// An array of items that are JSON text already.
pub(crate) fn list(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    format!("[{}]", items.join(","))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn member<'a>(json: &'a Json<'a>, name: &str) -> &'a Json<'a> {
        let JsonKind::Object(members) = &json.kind else { unreachable!("{json:?}") };
        members.get(name).unwrap()
    }

    #[test]
    fn raw_text_and_place_are_kept() {
        let text = " {\"a\" : [ 1.0 , null ] ,\"b\":\"\\u6d4b\\/\" } ";
        let json = parse(text).unwrap();
        let a = member(&json, "a");
        assert_eq!(a.raw, "[ 1.0 , null ]");
        assert_eq!(text.get(a.start..a.end()), Some(a.raw));
        assert_eq!(member(&json, "b").kind, JsonKind::Text("测/".to_owned()));
    }

    #[test]
    fn a_name_that_occurs_twice_is_refused_at_every_level_and_however_escaped() {
        let repeated = |name: &str| Err(JsonError::Repeated { name: name.to_owned() });
        assert_eq!(parse(r#"{"a":1,"a":1}"#), repeated("a"));
        assert_eq!(parse(r#"{"x":[{"a":1,"\u0061":2}]}"#), repeated("a"));
        assert!(parse(r#"{"a":{"a":1}}"#).is_ok());
    }

    #[test]
    fn depth_is_limited_to_64() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(64)).is_ok());
        assert_eq!(parse(&nested(65)), Err(JsonError::TooDeep));
        assert_eq!(parse(&"[".repeat(1_000_000)), Err(JsonError::TooDeep));
        assert_eq!(parse(&"{\"a\":".repeat(1_000_000)), Err(JsonError::TooDeep));
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for wrong in [
            "",
            " ",
            "{",
            "}",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "{'a':1}",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "0x1",
            "1 2",
            "nul",
            "True",
            "\"\u{1}\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u+123\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\\udc00\"",
            "\"",
            "\"\\",
            "[1 2]",
            "{\"a\" 1}",
            "\u{feff}{}",
            "{}\u{a0}",
            "NaN",
            "\"\\u中文\"",
            "//",
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn numbers_and_pairs_of_escapes_are_read() {
        for right in ["0", "-0", "10.50", "1e5", "1E-5", "-1.5e+10"] {
            assert_eq!(parse(right).unwrap().kind, JsonKind::Number, "{right}");
        }
        assert_eq!(parse(r#""\ud83d\ude00""#).unwrap().kind, JsonKind::Text("😀".to_owned()));
    }

    #[test]
    fn only_what_must_be_escaped_is() {
        assert_eq!(
            quote("\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}中\u{2028}"),
            "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u{7f}中\u{2028}\""
        );
        assert_eq!(
            object([("a", quote("b")), ("c", list(["1".to_owned(), "2".to_owned()]))]),
            "{\"a\":\"b\",\"c\":[1,2]}"
        );
        assert_eq!(object([]), "{}");
    }
}
