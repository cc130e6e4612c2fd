//! A `serde::Deserializer` over nodes: every scalar is text, and every mistake is reported.
//!
//! Serde stops at the first error. To go on, a value that failed is reported and marked as *spoiled*, and the nearest
//! part that can do without it is read again, now as if the value were absent: the entry of a [`Map`](super::Map), the
//! item of a [`List`](super::List), or the whole. An optional member then becomes `None`; a required one spoils what
//! it belongs to, without another word. Every round spoils at least one more node, so it ends.
//!
//! `access` walks maps, lists and enums; `report` keeps the diagnostics, the spoiled nodes and where we are.

mod access;
mod report;

use serde::Deserializer;
use serde::de::{DeserializeOwned, Visitor};

use self::access::{Alternative, Choice, Entries, Items, KeyText, Placed, Tries};
use self::report::{Error, Report};
use super::collections::{ATTEMPT, LIST, MAP, ONE_OR_MANY};
use super::node::{Key, Node, NodeValue};
use super::spanned::PLACED;
use super::text_or::TEXT_OR;
use crate::diagnostic::{Code, Diagnostics, Span};

/// Fills a struct of the model from a node and reports everything that does not fit.
///
/// `what` names the whole in messages: [`super::WHOLE_FILE`], or "the recipe `notify`". `None` if the whole cannot be
/// made; why is then among the diagnostics. A value that is returned may lack what failed inside.
///
/// For the model: name structs with `#[serde(rename = "field")]`, the word that messages shall use. Members are
/// `Option` or `#[serde(default)]` where the checker can say more than "missing". Use the collections of this module
/// and [`super::TextOr`]; not `flatten` and not `untagged`, which lose places and unknown keys. An enum is a word, or a
/// map with one key; members of type [`Node`] get their part of the tree. Numbers and booleans are never delivered.
pub fn from_node<T: DeserializeOwned>(
    node: &Node,
    what: &'static str,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let report = Report::new(what, std::mem::take(diagnostics));
    let root = De { node, reached: Reached::Top, report: &report };
    let value = loop {
        let before = report.spoiled();
        match root.settle(T::deserialize(root)) {
            Ok(value) => break Some(value),
            Err(_) if report.spoiled() > before => {}
            Err(_) => break None,
        }
    };
    *diagnostics = report.into_diagnostics();
    value
}

/// One node that is to be read.
#[derive(Clone, Copy)]
struct De<'a> {
    node: &'a Node,
    reached: Reached<'a>,
    report: &'a Report,
}

/// How we came to a node, which is how a person speaks of it.
#[derive(Clone, Copy)]
enum Reached<'a> {
    Top,
    /// Under a name that the author chose.
    Name(&'a Key),
    /// Under a key of the language.
    Key(&'a Key),
    Item,
}

impl<'a> De<'a> {
    /// Reports an error that was not reported yet, at this node.
    fn settle<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| self.report.say(error, self.node.span))
    }

    fn wanted<T>(&self, code: Code, wanted: &str) -> Result<T, Error> {
        let message = format!("{wanted} is wanted here, {} was found", self.node.kind());
        Err(self.report.say(Error::mistake(code, message), self.node.span))
    }

    /// Where to say that something is missing: at the key, because a map of several lines begins below it.
    fn head(&self) -> Span {
        match self.reached {
            Reached::Name(key) | Reached::Key(key) => key.span,
            Reached::Top | Reached::Item => self.node.span,
        }
    }

    fn text<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node.text() {
            Some(text) => self.settle(visitor.visit_str(text)),
            None => self.wanted(Code::NotText, "text"),
        }
    }

    fn list<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.value {
            NodeValue::Sequence(items) => self.settle(visitor.visit_seq(Items::new(items, self.report))),
            _ => self.wanted(Code::NotAList, "a list"),
        }
    }

    fn one_or_many<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.value {
            NodeValue::Sequence(_) => self.list(visitor),
            NodeValue::Scalar(_) => {
                let items = std::slice::from_ref(self.node);
                self.settle(visitor.visit_seq(Items::new(items, self.report)))
            }
            _ => self.wanted(Code::NotText, "text or a list"),
        }
    }

    /// A map whose keys the author chooses.
    fn map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.value {
            NodeValue::Mapping(entries) => {
                self.settle(visitor.visit_map(Entries::named(entries, self.report)))
            }
            _ => self.wanted(Code::NotAMap, "a map"),
        }
    }

    /// Text or something else, decided by what is found.
    fn text_or<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        let is_text = match &self.node.value {
            NodeValue::Null => return self.wanted(Code::NotText, "text or a map"),
            value => matches!(value, NodeValue::Scalar(_)),
        };
        self.settle(visitor.visit_enum(Choice { de: self, is_text }))
    }

    /// A map with the keys of the language. Unknown keys are reported and passed over.
    fn members<V: Visitor<'a>>(
        self,
        word: &str,
        keys: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let NodeValue::Mapping(entries) = &self.node.value else {
            return self.wanted(Code::NotAMap, "a map");
        };
        let scope = self.report.enter(word, self.reached);
        for (key, _) in entries.iter().filter(|(key, _)| !keys.contains(&key.text.as_str())) {
            self.report.unknown_key(key, &scope, keys);
        }
        let result = visitor.visit_map(Entries::members(entries, keys, self.report));
        self.report.leave();
        match result {
            // It is there, and failed before: that has been said.
            Err(Error::Missing(name)) if entries.iter().any(|(key, _)| key.text == name) => Err(Error::Said),
            Err(Error::Missing(name)) => Err(self.report.missing_key(name, &scope, self.head())),
            result => self.settle(result),
        }
    }

    /// One of several words, or one of several keys with its value.
    fn alternative<V: Visitor<'a>>(
        self,
        word: &str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let (said, span, content) = match &self.node.value {
            NodeValue::Scalar(scalar) => (scalar.text.as_str(), self.node.span, None),
            NodeValue::Mapping(entries) => match entries.as_slice() {
                [(key, node)] => {
                    (key.text.as_str(), key.span, Some(De { node, reached: Reached::Key(key), ..self }))
                }
                _ => return self.wanted(Code::NotAMap, "a map with exactly one key"),
            },
            _ => return self.wanted(Code::NotText, "text"),
        };
        if !words.contains(&said) {
            return Err(self.report.unknown_word(said, span, word, words));
        }
        self.settle(visitor.visit_enum(Alternative { said, content, span, report: self.report }))
    }
}

impl<'a> Deserializer<'a> for De<'a> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node.value {
            NodeValue::Null => self.settle(visitor.visit_unit()),
            NodeValue::Scalar(_) => self.text(visitor),
            NodeValue::Sequence(_) => self.list(visitor),
            NodeValue::Mapping(_) => self.map(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node.value {
            NodeValue::Null => self.settle(visitor.visit_none()),
            _ => self.settle(visitor.visit_some(self)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            PLACED => self.settle(visitor.visit_seq(Placed::of_node(self))),
            ATTEMPT => self.settle(visitor.visit_seq(Tries(self))),
            MAP => self.map(visitor),
            LIST => self.list(visitor),
            ONE_OR_MANY => self.one_or_many(visitor),
            TEXT_OR => self.text_or(visitor),
            _ => self.settle(visitor.visit_newtype_struct(self)),
        }
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.members(name, fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.alternative(name, variants, visitor)
    }

    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text(visitor)
    }

    fn deserialize_string<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text(visitor)
    }

    fn deserialize_identifier<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text(visitor)
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.list(visitor)
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.map(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.settle(visitor.visit_unit())
    }

    // Numbers, booleans and the like get text as well: what asks for them says that it wanted something else.
    serde::forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
    }
}

/// The text of a key, for the access types.
fn key_text<'a>(key: &'a Key, report: &'a Report) -> KeyText<'a> {
    KeyText { key, report }
}
