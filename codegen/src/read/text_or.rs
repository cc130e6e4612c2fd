//! Text, or something with more to say.
//!
//! The language often lets a plain word stand where a map can say more: `signature: notify` or
//! `signature: { none: "reason" }`. Serde's untagged enums buffer their input, and with it places and unknown keys are
//! lost; [`TextOr`] decides by the kind of node instead, and reads either side as if it stood there alone.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    Deserialize, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};

/// The name under which the choice is asked for.
pub(super) const TEXT_OR: &str = "$payspec::TextOr";

/// A text, read as `S`, or a map or list, read as `T`.
///
/// Empty (`key:` with nothing behind it) is neither; [`Spanned`](super::Spanned) around it gives the place of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextOr<T, S = String> {
    /// A text.
    Text(S),
    /// A map or a list.
    Other(T),
}

impl<T, S> TextOr<T, S> {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&S> {
        match self {
            TextOr::Text(text) => Some(text),
            TextOr::Other(_) => None,
        }
    }

    /// The map or list, if it is one.
    pub fn other(&self) -> Option<&T> {
        match self {
            TextOr::Text(_) => None,
            TextOr::Other(other) => Some(other),
        }
    }
}

impl<'de, T: Deserialize<'de>, S: Deserialize<'de>> Deserialize<'de> for TextOr<T, S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(TEXT_OR, TextOrVisitor(PhantomData))
    }
}

struct TextOrVisitor<T, S>(PhantomData<(T, S)>);

impl<'de, T: Deserialize<'de>, S: Deserialize<'de>> Visitor<'de> for TextOrVisitor<T, S> {
    type Value = TextOr<T, S>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a list or a map")
    }

    /// Our deserializer: it says which of the two it is, and the side reads the node itself.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Self::Value, A::Error> {
        let (is_text, variant) = data.variant::<bool>()?;
        if is_text {
            variant.newtype_variant().map(TextOr::Text)
        } else {
            variant.newtype_variant().map(TextOr::Other)
        }
    }

    /// Any other deserializer: it says what it found.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        S::deserialize(text.into_deserializer()).map(TextOr::Text)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(TextOr::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(seq)).map(TextOr::Other)
    }
}
