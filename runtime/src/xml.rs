//! XML as payment providers use it: one root element, its children are the fields.
//!
//! `quick-xml` finds the tokens; everything that makes XML dangerous is refused here, before anything is believed: a
//! document type (and with it every entity but the five predefined ones), elements nested too deeply or too many,
//! text beside elements, comments inside a value. Attributes and name spaces are passed over: names are what is
//! written. What comes out is decoded text, and for nested elements the JSON object that they amount to, so that the
//! readers of [`crate::Members`] serve both. [`write()`](fn@write) goes the other way, for requests.

mod write;

use std::collections::HashSet;

use quick_xml::{
    Reader,
    events::{BytesRef, Event},
};

pub use self::write::XmlUnwritable;
pub(crate) use self::write::write;
use crate::{excerpt::excerpt, json};

/// More elements than any provider sends; a longer message is an attack on our memory.
const MAX_ELEMENTS: usize = 10_000;

/// Why a text is not the XML that was wanted. Names are shown, values never.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XmlError {
    /// Not well-formed, or cut off.
    #[error("it is not well-formed XML (at byte {position})")]
    Syntax {
        /// How many bytes were read before, of the text in UTF-8.
        position: u64,
    },
    /// `<!DOCTYPE ..>`, by which a message could make its reader fetch files or fill its memory.
    #[error("it has a document type (`<!DOCTYPE`), which no message needs and attacks are made of")]
    DocumentType,
    /// `&name;` that is none of the five predefined entities.
    #[error(
        "it has the entity `&{name};`; only `&amp; &lt; &gt; &quot; &apos;` and characters by number are read"
    )]
    Entity {
        /// The name, shortened.
        name: String,
    },
    /// A processing instruction.
    #[error("it has a processing instruction (`<?..?>`), which no message needs")]
    Instruction,
    /// More elements inside one another than are read.
    #[error("it is nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// More elements than are read.
    #[error("it has more than {limit} elements")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// Text beside elements, or a comment inside a value: readers take different values from it.
    #[error("`{name}` holds text and something else beside it, which readers read differently")]
    Mixed {
        /// The element.
        name: String,
    },
    /// A name that stands twice inside one nested element.
    #[error("`{name}` stands more than once in one nested element")]
    Repeated {
        /// The name.
        name: String,
    },
}

/// A child of the root.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum XmlValue {
    /// Its text, entities and CDATA undone.
    Text(String),
    /// The JSON object that its children amount to.
    Nested(String),
}

/// Names and values of the root's children, in their order, repeated ones too. The root counts as a level of depth.
pub(crate) fn children(text: &str, depth: usize) -> Result<Vec<(String, XmlValue)>, XmlError> {
    let mut reader = Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let config = reader.config_mut();
    config.check_comments = true;
    config.expand_empty_elements = true;
    let mut tree = Tree::new(depth);
    loop {
        let event =
            reader.read_event().map_err(|_| XmlError::Syntax { position: reader.error_position() })?;
        let is_done = tree.take(event).map_err(|refused| match refused {
            Refused::Syntax => XmlError::Syntax { position: reader.buffer_position() },
            Refused::Because(error) => error,
        })?;
        if is_done {
            return tree.root.ok_or(XmlError::Syntax { position: reader.buffer_position() });
        }
    }
}

/// What the children of a nested element amount to in JSON.
pub(crate) fn to_json(children: &[(String, XmlValue)]) -> String {
    let mut out = String::from("{");
    for (index, (name, value)) in children.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        json::write_string(&mut out, name);
        out.push(':');
        match value {
            XmlValue::Text(text) => json::write_string(&mut out, text),
            XmlValue::Nested(json) => out.push_str(json),
        }
    }
    out.push('}');
    out
}

/// The elements that are open, and what was found so far.
struct Tree {
    open: Vec<Element>,
    root: Option<Vec<(String, XmlValue)>>,
    elements: usize,
    depth: usize,
    has_begun: bool,
}

#[derive(Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<(String, XmlValue)>,
    /// A value may be nothing but text: a comment inside would cut it in two for some readers.
    has_comment: bool,
    has_cdata: bool,
}

enum Refused {
    Syntax,
    Because(XmlError),
}

impl From<XmlError> for Refused {
    fn from(error: XmlError) -> Self {
        Self::Because(error)
    }
}

impl Tree {
    const fn new(depth: usize) -> Self {
        Self { open: Vec::new(), root: None, elements: 0, depth, has_begun: false }
    }

    /// Takes one event; the answer is whether it was the last.
    fn take(&mut self, event: Event<'_>) -> Result<bool, Refused> {
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        match event {
            Event::Start(start) | Event::Empty(start) => self.start(start.name().as_ref())?,
            Event::End(_) => self.end()?,
            Event::Text(text) => self.text(&text.xml10_content())?,
            Event::CData(data) => {
                self.text(&data.xml10_content())?;
                self.inner()?.has_cdata = true;
            }
            Event::GeneralRef(reference) => self.text(resolve(&reference)?.encode_utf8(&mut [0; 4]))?,
            Event::Comment(_) => {
                if let Some(element) = self.open.last_mut() {
                    element.has_comment = true;
                }
            }
            Event::Decl(_) if is_first => {}
            Event::Decl(_) | Event::PI(_) => return Err(XmlError::Instruction.into()),
            Event::DocType(_) => return Err(XmlError::DocumentType.into()),
            Event::Eof => {
                return if self.open.is_empty() && self.root.is_some() {
                    Ok(true)
                } else {
                    Err(Refused::Syntax)
                };
            }
        }
        Ok(false)
    }

    fn start(&mut self, name: &str) -> Result<(), Refused> {
        self.elements += 1;
        if self.root.is_some() || !is_name(name) {
            return Err(Refused::Syntax);
        }
        if self.elements > MAX_ELEMENTS {
            return Err(XmlError::TooMany { limit: MAX_ELEMENTS }.into());
        }
        if self.open.len() >= self.depth {
            return Err(XmlError::TooDeep { limit: self.depth }.into());
        }
        self.open.push(Element { name: name.to_owned(), ..Element::default() });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Refused> {
        let element = self.open.pop().ok_or(Refused::Syntax)?;
        let Element { name, text, children, has_comment, has_cdata } = element;
        let has_text = has_cdata || !text.chars().all(is_white_space);
        let is_root = self.open.is_empty();
        let is_leaf = children.is_empty() && !is_root;
        if (has_text && !is_leaf) || (is_leaf && has_comment) {
            return Err(XmlError::Mixed { name: shown(&name) }.into());
        }
        if is_root {
            self.root = Some(children);
            return Ok(());
        }
        let value = if is_leaf { XmlValue::Text(text) } else { nested(&children)? };
        self.inner()?.children.push((name, value));
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Refused> {
        if !text.chars().all(is_character) {
            return Err(Refused::Syntax);
        }
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.chars().all(is_white_space) => {}
            None => return Err(Refused::Syntax),
        }
        Ok(())
    }

    fn inner(&mut self) -> Result<&mut Element, Refused> {
        self.open.last_mut().ok_or(Refused::Syntax)
    }
}

fn nested(children: &[(String, XmlValue)]) -> Result<XmlValue, XmlError> {
    let mut names = HashSet::with_capacity(children.len());
    match children.iter().find(|(name, _)| !names.insert(name.as_str())) {
        Some((name, _)) => Err(XmlError::Repeated { name: shown(name) }),
        None => Ok(XmlValue::Nested(to_json(children))),
    }
}

/// A character by number, or one of the five predefined entities.
fn resolve(reference: &BytesRef<'_>) -> Result<char, Refused> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten().ok_or(Refused::Syntax);
    }
    match &**reference {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        other => Err(XmlError::Entity { name: shown(other) }.into()),
    }
}

/// A name as providers write them; the few others that XML allows besides are not needed.
pub(crate) fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters
            .all(|character| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':'))
}

/// A character that XML 1.0 can hold.
pub(crate) const fn is_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

const fn is_white_space(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' ')
}

fn shown(name: &str) -> String {
    excerpt(name, 64).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEPTH: usize = 4;

    fn read(text: &str) -> Result<Vec<(String, XmlValue)>, XmlError> {
        children(text, DEPTH)
    }

    fn texts(text: &str) -> Vec<(String, String)> {
        let value = |value| match value {
            XmlValue::Text(text) => text,
            XmlValue::Nested(json) => json,
        };
        read(text).unwrap_or_default().into_iter().map(|(name, it)| (name, value(it))).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_children_of_the_root_are_the_fields() {
        let text = "<?xml version=\"1.0\" encoding=\"GBK\"?>\n<xml id=\"1\">\n  <a>1</a>\n  <b><![CDATA[<x>&amp;]]></b>\n  \
                    <c/><d></d><a>2</a>\n</xml>\n";
        assert_eq!(texts(text), pairs(&[("a", "1"), ("b", "<x>&amp;"), ("c", ""), ("d", ""), ("a", "2")]));
        assert_eq!(texts("\u{feff}<xml/>"), []);
    }

    #[test]
    fn entities_and_numbers_are_undone_once() {
        assert_eq!(
            texts("<r><a>&lt;&amp;lt;&#20013;&#x4E2D;&quot;&apos;&gt;</a><b> x\r\ny&#13; </b></r>"),
            pairs(&[("a", "<&lt;中中\"'>"), ("b", " x\ny\r ")])
        );
    }

    #[test]
    fn nested_elements_are_objects() {
        assert_eq!(
            texts("<r><a> <b>1</b> <c><d>\"x\"</d></c> </a></r>"),
            pairs(&[("a", r#"{"b":"1","c":{"d":"\"x\""}}"#)])
        );
    }

    #[test]
    fn entities_that_grow_are_refused_before_they_do() {
        let laughs = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]>\
                      <lolz>&lol2;</lolz>";
        assert_eq!(read(laughs), Err(XmlError::DocumentType));
        let file = "<!DOCTYPE r [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><r><a>&f;</a></r>";
        assert_eq!(read(file), Err(XmlError::DocumentType));
        assert_eq!(read("<r><a>&lol;</a></r>"), Err(XmlError::Entity { name: "lol".into() }));
        assert_eq!(read("<r><!DOCTYPE x><a>1</a></r>"), Err(XmlError::DocumentType));
    }

    #[test]
    fn depth_and_number_are_bounded() {
        let deep = |levels: usize| format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
        assert!(read(&deep(DEPTH)).is_ok());
        assert_eq!(read(&deep(DEPTH + 1)), Err(XmlError::TooDeep { limit: DEPTH }));
        assert_eq!(read(&deep(100_000)), Err(XmlError::TooDeep { limit: DEPTH }));
        let wide = |count: usize| format!("<r>{}</r>", "<a/>".repeat(count));
        assert!(read(&wide(MAX_ELEMENTS - 1)).is_ok());
        assert_eq!(read(&wide(MAX_ELEMENTS)), Err(XmlError::TooMany { limit: MAX_ELEMENTS }));
    }

    #[test]
    fn what_readers_read_differently_is_refused() {
        for mixed in
            ["<r>x<a>1</a></r>", "<r><a>1<b/>2</a></r>", "<r><a><b/><![CDATA[]]></a></r>", "<r>x</r>"]
        {
            assert!(matches!(read(mixed), Err(XmlError::Mixed { .. })), "{mixed}");
        }
        assert_eq!(read("<r><a>1<!-- -->2</a></r>"), Err(XmlError::Mixed { name: "a".into() }));
        assert_eq!(read("<r><a><b>1</b><b>2</b></a></r>"), Err(XmlError::Repeated { name: "b".into() }));
        assert_eq!(read("<r><?php x?></r>"), Err(XmlError::Instruction));
        assert_eq!(texts("<!-- x --><r><!-- y --><a>1</a></r><!-- z -->"), pairs(&[("a", "1")]));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for bad in [
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
            "<r><a>&#0;</a></r>",
            "<r><a>&#x110000;</a></r>",
            "<r><a>&#8;</a></r>",
            "<r><a>\u{1}</a></r>",
            "<r><1/></r>",
            "<r>< a/></r>",
            "<r><a>&amp</a></r>",
            "<r><a>& </a></r>",
            "<r><a><![CDATA[x</a></r>",
            "<r/><?xml version=\"1.0\"?>",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
