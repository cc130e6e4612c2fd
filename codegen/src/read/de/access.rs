//! Walking maps, lists and enums on behalf of serde.
//!
//! Each access hands the next node to the type that serde has in mind for it, and sees to it that an error is
//! reported where it happened, before it leaves.

use serde::Deserializer;
use serde::de::value::{BoolDeserializer, StrDeserializer};
use serde::de::{
    DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::report::{Error, Report};
use super::{De, Reached, key_text};
use crate::diagnostic::{Code, Span};
use crate::read::node::{Key, Node, NodeValue, ScalarStyle};
use crate::read::spanned::{self, PLACED};

/// The entries of a map. Those that failed in an earlier round are passed over.
pub(super) struct Entries<'a> {
    rest: std::slice::Iter<'a, (Key, Node)>,
    /// The keys of a struct; without them the author chooses the keys.
    keys: Option<&'static [&'static str]>,
    value: Option<(&'a Key, &'a Node)>,
    report: &'a Report,
}

impl<'a> Entries<'a> {
    pub(super) fn named(entries: &'a [(Key, Node)], report: &'a Report) -> Self {
        Entries { rest: entries.iter(), keys: None, value: None, report }
    }

    pub(super) fn members(
        entries: &'a [(Key, Node)],
        keys: &'static [&'static str],
        report: &'a Report,
    ) -> Self {
        Entries { keys: Some(keys), ..Entries::named(entries, report) }
    }

    fn is_wanted(&self, key: &Key, node: &Node) -> bool {
        self.keys.is_none_or(|keys| keys.contains(&key.text.as_str())) && !self.report.is_spoiled(node)
    }
}

impl<'a> MapAccess<'a> for Entries<'a> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        loop {
            let Some((key, node)) = self.rest.next() else { return Ok(None) };
            if self.is_wanted(key, node) {
                self.value = Some((key, node));
                let result = seed.deserialize(key_text(key, self.report));
                return result.map(Some).map_err(|error| self.report.say(error, key.span));
            }
        }
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some((key, node)) = self.value.take() else {
            return Err(Error::custom("a value comes behind its key"));
        };
        let reached = if self.keys.is_some() { Reached::Key(key) } else { Reached::Name(key) };
        let de = De { node, reached, report: self.report };
        de.settle(seed.deserialize(de)).inspect_err(|_| self.report.spoil(node))
    }
}

/// The items of a list.
pub(super) struct Items<'a> {
    rest: std::slice::Iter<'a, Node>,
    report: &'a Report,
}

impl<'a> Items<'a> {
    pub(super) fn new(items: &'a [Node], report: &'a Report) -> Self {
        Items { rest: items.iter(), report }
    }
}

impl<'a> SeqAccess<'a> for Items<'a> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(node) = self.rest.next() else { return Ok(None) };
        let de = De { node, reached: Reached::Item, report: self.report };
        de.settle(seed.deserialize(de)).map(Some)
    }
}

/// The same node again and again, as long as every try gets further than the one before.
pub(super) struct Tries<'a>(pub(super) De<'a>);

impl<'a> SeqAccess<'a> for Tries<'a> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Tries(de) = *self;
        let before = de.report.spoiled();
        match de.settle(seed.deserialize(de)) {
            Ok(value) => Ok(Some(value)),
            Err(error) if de.report.spoiled() > before => Err(error),
            Err(_) => Ok(None),
        }
    }
}

/// What `Spanned` and `Node` ask for: style, line and column of both ends, and then the value.
pub(super) struct Placed<D> {
    numbers: std::array::IntoIter<usize, 5>,
    value: Option<D>,
}

impl<'a> Placed<De<'a>> {
    pub(super) fn of_node(de: De<'a>) -> Self {
        let style = match &de.node.value {
            NodeValue::Scalar(scalar) => scalar.style,
            _ => ScalarStyle::Plain,
        };
        Placed::new(style, de.node.span, de)
    }
}

impl<D> Placed<D> {
    fn new(style: ScalarStyle, span: Span, value: D) -> Self {
        let Span { start, end } = span;
        let numbers = [spanned::number(style), start.line, start.column, end.line, end.column];
        Placed { numbers: numbers.into_iter(), value: Some(value) }
    }
}

impl<'a, D: Deserializer<'a, Error = Error>> SeqAccess<'a> for Placed<D> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if let Some(number) = self.numbers.next() {
            return seed.deserialize(number.into_deserializer()).map(Some);
        }
        self.value.take().map(|value| seed.deserialize(value)).transpose()
    }
}

/// Which of the two a `TextOr` is; both sides read the node itself.
pub(super) struct Choice<'a> {
    pub(super) de: De<'a>,
    pub(super) is_text: bool,
}

impl<'a> EnumAccess<'a> for Choice<'a> {
    type Error = Error;
    type Variant = Content<'a>;

    fn variant_seed<V: DeserializeSeed<'a>>(self, seed: V) -> Result<(V::Value, Content<'a>), Error> {
        let is_text: BoolDeserializer<Error> = self.is_text.into_deserializer();
        let content = Content { content: Some(self.de), span: self.de.node.span, report: self.de.report };
        Ok((seed.deserialize(is_text)?, content))
    }
}

/// One word, or one key with its value.
pub(super) struct Alternative<'a> {
    pub(super) said: &'a str,
    pub(super) content: Option<De<'a>>,
    pub(super) span: Span,
    pub(super) report: &'a Report,
}

impl<'a> EnumAccess<'a> for Alternative<'a> {
    type Error = Error;
    type Variant = Content<'a>;

    fn variant_seed<V: DeserializeSeed<'a>>(self, seed: V) -> Result<(V::Value, Content<'a>), Error> {
        let said: StrDeserializer<'_, Error> = self.said.into_deserializer();
        let said = seed.deserialize(said).map_err(|error| self.report.say(error, self.span))?;
        Ok((said, Content { content: self.content, span: self.span, report: self.report }))
    }
}

/// What stands behind the word of an enum.
pub(super) struct Content<'a> {
    content: Option<De<'a>>,
    span: Span,
    report: &'a Report,
}

impl<'a> Content<'a> {
    fn some(self) -> Result<De<'a>, Error> {
        let missing = || Error::mistake(Code::NotAMap, "a map is wanted here, a word alone was found");
        self.content.ok_or_else(|| self.report.say(missing(), self.span))
    }
}

impl<'a> VariantAccess<'a> for Content<'a> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.content {
            None => Ok(()),
            Some(_) => {
                let error = Error::mistake(Code::NotText, "the word stands alone here, without a value");
                Err(self.report.say(error, self.span))
            }
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'a>>(self, seed: T) -> Result<T::Value, Error> {
        let de = self.some()?;
        de.settle(seed.deserialize(de))
    }

    fn tuple_variant<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.some()?.list(visitor)
    }

    fn struct_variant<V: Visitor<'a>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let word = match self.content.map(|de| de.reached) {
            Some(Reached::Key(key)) => key.text.as_str(),
            _ => "map",
        };
        self.some()?.members(word, fields, visitor)
    }
}

/// The key of an entry: a text with its place.
pub(super) struct KeyText<'a> {
    pub(super) key: &'a Key,
    pub(super) report: &'a Report,
}

impl<'a> Deserializer<'a> for KeyText<'a> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(&self.key.text)
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == PLACED {
            visitor.visit_seq(Placed::new(self.key.style, self.key.span, self))
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let (said, span) = (self.key.text.as_str(), self.key.span);
        if !variants.contains(&said) {
            return Err(self.report.unknown_word(said, span, name, variants));
        }
        visitor.visit_enum(Alternative { said, content: None, span, report: self.report })
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}
