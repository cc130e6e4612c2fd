//! Values together with their place, and nodes as values.
//!
//! Serde has no notion of places. Types that want one ask the deserializer for a newtype struct with a name that
//! only ours knows, and ours answers with a sequence: style, the four numbers of the span, the value. Any other
//! deserializer goes on with the value alone, so the same model can be read by another YAML library.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use super::node::{Key, Node, NodeValue, Scalar, ScalarStyle};
use crate::diagnostic::{Position, Span};

/// The name under which a place is asked for.
pub(super) const PLACED: &str = "$payspec::Placed";

/// A value and where it stands. Equality is that of the values: where something stands is not what it says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spanned<T> {
    /// Where it stands.
    pub span: Span,
    /// What stands there.
    pub value: T,
}

impl<T> Spanned<T> {
    /// A value with its place.
    pub fn new(span: Span, value: T) -> Self {
        Spanned { span, value }
    }

    /// The same place with a value made from this one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { span: self.span, value: change(self.value) }
    }

    /// The same place with a reference to the value.
    pub fn as_ref(&self) -> Spanned<&T> {
        Spanned { span: self.span, value: &self.value }
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Placed { span, value, .. } = Placed::deserialize(deserializer)?;
        Ok(Spanned { span, value })
    }
}

/// All that our deserializer knows about a value.
struct Placed<T> {
    style: ScalarStyle,
    span: Span,
    value: T,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(PLACED, PlacedVisitor(PhantomData))
    }
}

struct PlacedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PlacedVisitor<T> {
    type Value = Placed<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value with its place")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Placed<T>, D::Error> {
        let value = T::deserialize(deserializer)?;
        Ok(Placed { style: ScalarStyle::Plain, span: Span::default(), value })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Placed<T>, E> {
        self.visit_newtype_struct(text.into_deserializer())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Placed<T>, A::Error> {
        fn next<'de, A: SeqAccess<'de>, T: Deserialize<'de>>(seq: &mut A) -> Result<T, A::Error> {
            seq.next_element()?.ok_or_else(|| A::Error::custom("a place has six parts"))
        }
        let style = style(next(&mut seq)?);
        let start = Position { line: next(&mut seq)?, column: next(&mut seq)? };
        let end = Position { line: next(&mut seq)?, column: next(&mut seq)? };
        Ok(Placed { style, span: Span { start, end }, value: next(&mut seq)? })
    }
}

/// The number that stands for a style on the way through serde.
pub(super) fn number(style: ScalarStyle) -> usize {
    match style {
        ScalarStyle::Plain => 0,
        ScalarStyle::Quoted => 1,
        ScalarStyle::Block => 2,
    }
}

fn style(number: usize) -> ScalarStyle {
    match number {
        1 => ScalarStyle::Quoted,
        2 => ScalarStyle::Block,
        _ => ScalarStyle::Plain,
    }
}

/// A node as a member of the model: the part of the tree as it was read, for what the checker walks by hand.
impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Placed { style, span, value: Body(mut value) } = Placed::deserialize(deserializer)?;
        if let NodeValue::Scalar(scalar) = &mut value {
            scalar.style = style;
        }
        Ok(Node { span, value })
    }
}

/// A node without its place.
struct Body(NodeValue);

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BodyVisitor).map(Body)
    }
}

struct BodyVisitor;

impl<'de> Visitor<'de> for BodyVisitor {
    type Value = NodeValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a list or a map")
    }

    fn visit_unit<E>(self) -> Result<NodeValue, E> {
        Ok(NodeValue::Null)
    }

    fn visit_str<E>(self, text: &str) -> Result<NodeValue, E> {
        Ok(NodeValue::Scalar(Scalar { text: text.to_owned(), style: ScalarStyle::Plain }))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<NodeValue, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(NodeValue::Sequence(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NodeValue, A::Error> {
        let mut entries = Vec::new();
        while let Some(Placed { style, span, value: text }) = map.next_key()? {
            entries.push((Key { text, span, style }, map.next_value()?));
        }
        Ok(NodeValue::Mapping(entries))
    }
}
