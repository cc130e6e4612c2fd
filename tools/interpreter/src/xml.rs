//! XML as payment providers use it: one root element, its children are the fields. Written in `xml_writer`.
//!
//! Whatever makes XML dangerous or ambiguous is refused: document types, entities but the five predefined ones,
//! processing instructions, nesting beyond [`MAX_DEPTH`](crate::json::MAX_DEPTH), text beside elements, comments inside
//! a value. Attributes are passed over. Nested elements become the JSON object that they amount to.

use thiserror::Error;

use crate::json::{self, MAX_DEPTH};

/// More elements than any provider sends.
const MAX_ELEMENTS: usize = 10_000;

/// Why a text is no XML that we accept.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum XmlError {
    /// Something else than the grammar allows.
    #[error("no XML at byte {at}")]
    Syntax {
        /// Offset in the text.
        at: usize,
    },
    /// A document type, an unknown entity, or a processing instruction.
    #[error("a document type, an entity or an instruction, which no message needs")]
    Hostile,
    /// Too deeply nested, or too many elements.
    #[error("nested deeper than {MAX_DEPTH} levels, or more than {MAX_ELEMENTS} elements")]
    TooLarge,
    /// Text beside elements, or a comment inside a value.
    #[error("`{name}` holds text and something else")]
    Mixed {
        /// The element.
        name: String,
    },
    /// A name occurs twice in one nested element.
    #[error("`{name}` occurs twice in one element")]
    Repeated {
        /// The name.
        name: String,
    },
}

/// A child of the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    /// JSON text of an object.
    Nested(String),
}

impl Value {
    pub(crate) fn json(&self) -> String {
        match self {
            Self::Text(text) => json::quote(text),
            Self::Nested(json) => json.clone(),
        }
    }
}

/// Names and values of the root's children, in order; names may repeat.
pub(crate) fn children(text: &str) -> Result<Vec<(String, Value)>, XmlError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { text, at: 0, elements: 0 };
    if text.starts_with("<?xml") && text.get(5..).is_some_and(|rest| rest.starts_with(is_white)) {
        reader.find("?>")?;
    }
    reader.between()?;
    let (_, root) = reader.element(1)?;
    reader.between()?;
    match root {
        _ if reader.at < text.len() => Err(reader.wrong()),
        Content::Children(children) => Ok(children),
        Content::Text(text) if text.chars().all(is_white) => Ok(Vec::new()),
        Content::Text(_) => Err(XmlError::Mixed { name: "root".to_owned() }),
    }
}

enum Content {
    Text(String),
    Children(Vec<(String, Value)>),
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    elements: usize,
}

impl<'a> Reader<'a> {
    fn wrong(&self) -> XmlError {
        XmlError::Syntax { at: self.at }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, expected: &str) -> bool {
        let is_there = self.rest().starts_with(expected);
        if is_there {
            self.at += expected.len();
        }
        is_there
    }

    /// Everything up to a mark, and steps over it.
    fn find(&mut self, mark: &str) -> Result<&'a str, XmlError> {
        let (before, _) = self.rest().split_once(mark).ok_or_else(|| self.wrong())?;
        self.at += before.len() + mark.len();
        Ok(before)
    }

    /// White space and comments outside of the root.
    fn between(&mut self) -> Result<(), XmlError> {
        loop {
            self.at += self.rest().len() - self.rest().trim_start_matches(is_white).len();
            if self.rest().starts_with("<!") || self.rest().starts_with("<?") {
                self.comment()?;
            } else {
                return Ok(());
            }
        }
    }

    /// `<!-- .. -->`; nothing else may begin with `<!` or `<?`.
    fn comment(&mut self) -> Result<(), XmlError> {
        if !self.take("<!--") {
            return Err(XmlError::Hostile);
        }
        let comment = self.find("-->")?;
        if comment.contains("--") || comment.ends_with('-') { Err(self.wrong()) } else { Ok(()) }
    }

    /// An element, from its `<`. The root is at depth 1.
    fn element(&mut self, depth: usize) -> Result<(String, Content), XmlError> {
        self.elements += 1;
        if depth > MAX_DEPTH || self.elements > MAX_ELEMENTS {
            return Err(XmlError::TooLarge);
        }
        if !self.take("<") {
            return Err(self.wrong());
        }
        let (name, is_closed) = self.tag()?;
        if is_closed {
            return Ok((name, Content::Text(String::new())));
        }
        let mut text = String::new();
        let mut children = Vec::new();
        let (mut has_comment, mut has_cdata) = (false, false);
        loop {
            text.push_str(&self.characters()?);
            if self.take("</") {
                let end = self.find(">")?;
                if end.trim_end_matches(is_white) != name {
                    return Err(self.wrong());
                }
                break;
            } else if self.take("<![CDATA[") {
                let data = self.find("]]>")?;
                text.push_str(&self.checked(&newlines(data))?);
                has_cdata = true;
            } else if self.rest().starts_with("<!") || self.rest().starts_with("<?") {
                self.comment()?;
                has_comment = true;
            } else {
                let (name, content) = self.element(depth + 1)?;
                children.push((name, value(content)?));
            }
        }
        if children.is_empty() {
            let mixed = (has_comment && depth > 1) || (has_cdata && depth == 1);
            return if mixed { Err(XmlError::Mixed { name }) } else { Ok((name, Content::Text(text))) };
        }
        if has_cdata || !text.chars().all(is_white) {
            return Err(XmlError::Mixed { name });
        }
        Ok((name, Content::Children(children)))
    }

    /// Behind `<`: the name, and whether the element is closed at once.
    fn tag(&mut self) -> Result<(String, bool), XmlError> {
        let mut quote = None;
        let rest = self.rest();
        let end = rest.find(|character: char| match (quote, character) {
            (None, '>') => true,
            (None, '"' | '\'') => {
                quote = Some(character);
                false
            }
            (Some(open), close) if open == close => {
                quote = None;
                false
            }
            _ => false,
        });
        let tag = end.and_then(|end| rest.get(..end)).ok_or_else(|| self.wrong())?;
        let (inner, is_closed) = match tag.strip_suffix('/') {
            Some(inner) => (inner, true),
            None => (tag, false),
        };
        let name = inner.split(is_white).next().unwrap_or_default();
        if !is_name(name) {
            return Err(self.wrong());
        }
        self.at += tag.len() + 1;
        Ok((name.to_owned(), is_closed))
    }

    /// Text up to the next `<`, entities undone once.
    fn characters(&mut self) -> Result<String, XmlError> {
        let rest = self.rest();
        let end = rest.find('<').ok_or_else(|| self.wrong())?;
        let raw = rest.get(..end).unwrap_or_default();
        let mut text = String::new();
        let mut pieces = raw.split('&');
        text.push_str(&self.checked(&newlines(pieces.next().unwrap_or_default()))?);
        for piece in pieces {
            let (entity, behind) = piece.split_once(';').ok_or_else(|| self.wrong())?;
            text.push(self.entity(entity)?);
            text.push_str(&self.checked(&newlines(behind))?);
        }
        self.at += raw.len();
        Ok(text)
    }

    fn entity(&self, name: &str) -> Result<char, XmlError> {
        let by_number = |digits: &str, radix: u32| {
            let is_plain = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
            let number = u32::from_str_radix(digits, radix).ok().filter(|_| is_plain);
            number
                .and_then(char::from_u32)
                .filter(|character| is_character(*character))
                .ok_or_else(|| self.wrong())
        };
        match (name, name.strip_prefix("#x"), name.strip_prefix('#')) {
            ("amp", ..) => Ok('&'),
            ("lt", ..) => Ok('<'),
            ("gt", ..) => Ok('>'),
            ("quot", ..) => Ok('"'),
            ("apos", ..) => Ok('\''),
            (_, Some(digits), _) => by_number(digits, 16),
            (_, None, Some(digits)) => by_number(digits, 10),
            _ => Err(XmlError::Hostile),
        }
    }

    fn checked(&self, text: &str) -> Result<String, XmlError> {
        if text.chars().all(is_character) { Ok(text.to_owned()) } else { Err(self.wrong()) }
    }
}

fn value(content: Content) -> Result<Value, XmlError> {
    let children = match content {
        Content::Text(text) => return Ok(Value::Text(text)),
        Content::Children(children) => children,
    };
    match crate::form::repeated(children.iter().map(|(name, _)| name.as_str())) {
        Some(name) => Err(XmlError::Repeated { name: name.to_owned() }),
        None => Ok(Value::Nested(to_json(&children))),
    }
}

/// The JSON object that children amount to.
pub(crate) fn to_json(children: &[(String, Value)]) -> String {
    json::object(children.iter().map(|(name, value)| (name.as_str(), value.json())))
}

fn newlines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn is_white(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' ')
}

pub(crate) fn is_character(character: char) -> bool {
    is_white(character) || (character >= ' ' && !matches!(character, '\u{fffe}' | '\u{ffff}'))
}

pub(crate) fn is_name(name: &str) -> bool {
    let is_inner = |character: char| character.is_alphanumeric() || "_-.:".contains(character);
    name.starts_with(|first: char| first.is_alphabetic() || first == '_') && name.chars().all(is_inner)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let value = |value: Value| match value {
            Value::Text(text) | Value::Nested(text) => text,
        };
        children(text).unwrap().into_iter().map(|(name, own)| (name, value(own))).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn the_children_of_the_root_are_the_fields() {
        let text = "\u{feff}<?xml version=\"1.0\"?>\n<!-- x --><xml a='>'>\n <a b=\"/>\">1</a> <b><![CDATA[<x>&amp;]]></b>\
                    <c/><d></d><a> 2\r\n</a> </xml>\n<!-- y -->";
        assert_eq!(read(text), pairs(&[("a", "1"), ("b", "<x>&amp;"), ("c", ""), ("d", ""), ("a", " 2\n")]));
        assert_eq!(read("<r> </r>"), []);
        assert_eq!(read("<r><a>&lt;&amp;lt;&#20013;&#x4e2d;&#13;</a></r>"), pairs(&[("a", "<&lt;中中\r")]));
        assert_eq!(
            read("<r><a> <b>\"1\"</b><c><d/></c></a></r>"),
            pairs(&[("a", r#"{"b":"\"1\"","c":{"d":""}}"#)])
        );
    }

    #[test]
    fn what_is_dangerous_is_refused() {
        for hostile in [
            "<!DOCTYPE r [<!ENTITY x \"y\">]><r><a>&x;</a></r>",
            "<r><a>&x;</a></r>",
            "<r><!DOCTYPE x></r>",
            "<r><?php x?></r>",
            "<?xml-stylesheet x?><r/>",
            "<r><!ELEMENT a></r>",
        ] {
            assert_eq!(children(hostile), Err(XmlError::Hostile), "{hostile}");
        }
        let deep = |levels: usize| format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
        assert!(children(&deep(64)).is_ok());
        assert_eq!(children(&deep(65)), Err(XmlError::TooLarge));
        assert_eq!(children(&"<a>".repeat(100_000)), Err(XmlError::TooLarge));
        assert_eq!(children(&format!("<r>{}</r>", "<a/>".repeat(10_000))), Err(XmlError::TooLarge));
    }

    #[test]
    fn what_is_read_in_two_ways_is_refused() {
        for mixed in [
            "<r>x<a/></r>",
            "<r><a>1<b/></a></r>",
            "<r>x</r>",
            "<r><a>1<!-- -->2</a></r>",
            "<r><a><b/><![CDATA[]]></a></r>",
        ] {
            assert!(matches!(children(mixed), Err(XmlError::Mixed { .. })), "{mixed}");
        }
        assert_eq!(children("<r><a><b/><b/></a></r>"), Err(XmlError::Repeated { name: "b".to_owned() }));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for wrong in [
            "",
            " ",
            "x",
            "{}",
            "<r>",
            "<r></s>",
            "<r/><r/>",
            "<r/>x",
            "x<r/>",
            "<r><a></r></a>",
            "</r>",
            "<1/>",
            "<r><a>&#0;</a></r>",
            "<r><a>&#x110000;</a></r>",
            "<r><a>&#+1;</a></r>",
            "<r><a>\u{1}</a></r>",
            "<r>< a/></r>",
            "<r><a>& </a></r>",
            "<r><![CDATA[x</r>",
            "<r a=\"></r>",
            "<r><!-- -- --></r>",
        ] {
            assert!(children(wrong).is_err(), "{wrong}");
        }
    }
}
