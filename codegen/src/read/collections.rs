//! Maps and lists of the model, which survive a wrong entry.
//!
//! Serde's own collections stop at the first entry that fails. These leave it out and go on, so that ten wrong fields
//! are ten diagnostics. The failing entry has been reported by then: that is what [`Attempt`] stands for, which only
//! our deserializer grants. Read by any other one, they are as strict as serde's own.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{
    Deserialize, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};

use super::spanned::Spanned;

/// The names under which the collections ask for what only our deserializer grants.
pub(super) const MAP: &str = "$payspec::Map";
pub(super) const LIST: &str = "$payspec::List";
pub(super) const ONE_OR_MANY: &str = "$payspec::OneOrMany";
pub(super) const ATTEMPT: &str = "$payspec::Attempt";

/// A map whose keys the author chooses (fields, operations, codes), in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map<T>(pub Vec<Entry<T>>);

/// One entry of a [`Map`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<T> {
    /// The key as it is written, with its place.
    pub key: Spanned<String>,
    /// The value.
    pub value: T,
}

/// A list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

/// A list, or a single text instead of a list of one: `source: document` or `source: [document, client]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Map<T> {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0.iter().find(|entry| *entry.key == key).map(|entry| &entry.value)
    }

    /// The keys, for [`did_you_mean`](crate::diagnostic::did_you_mean).
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|entry| entry.key.value.as_str())
    }
}

macro_rules! is_a_vector {
    ($($name:ident<$t:ident> of $item:ty;)+) => {$(
        impl<$t> Default for $name<$t> {
            fn default() -> Self {
                $name(Vec::new())
            }
        }

        impl<$t> Deref for $name<$t> {
            type Target = [$item];

            fn deref(&self) -> &[$item] {
                &self.0
            }
        }

        impl<$t> IntoIterator for $name<$t> {
            type Item = $item;
            type IntoIter = std::vec::IntoIter<$item>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.into_iter()
            }
        }

        impl<'a, $t> IntoIterator for &'a $name<$t> {
            type Item = &'a $item;
            type IntoIter = std::slice::Iter<'a, $item>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.iter()
            }
        }
    )+};
}

is_a_vector! {
    Map<T> of Entry<T>;
    List<T> of T;
    OneOrMany<T> of T;
}

/// What became of reading a `T`; if it failed, that has been reported.
enum Attempt<T> {
    Done(T),
    Failed,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Attempt<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(ATTEMPT, AttemptVisitor(PhantomData))
    }
}

struct AttemptVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AttemptVisitor<T> {
    type Value = Attempt<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    /// Any other deserializer: there is one try, and its error is nobody else's to report.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Attempt<T>, D::Error> {
        T::deserialize(deserializer).map(Attempt::Done)
    }

    /// Ours: every element is another try; an error means that the next one gets further, the end that there is no hope.
    fn visit_seq<A: SeqAccess<'de>>(self, mut tries: A) -> Result<Attempt<T>, A::Error> {
        loop {
            match tries.next_element() {
                Ok(Some(value)) => return Ok(Attempt::Done(value)),
                Ok(None) => return Ok(Attempt::Failed),
                Err(_) => {}
            }
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(MAP, MapVisitor(PhantomData))
    }
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MapVisitor<T> {
    type Value = Map<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Map<T>, D::Error> {
        deserializer.deserialize_map(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Map<T>, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key()? {
            if let Attempt::Done(value) = map.next_value()? {
                entries.push(Entry { key, value });
            }
        }
        Ok(Map(entries))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = ListVisitor { one: false, of: PhantomData };
        deserializer.deserialize_newtype_struct(LIST, visitor).map(List)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = ListVisitor { one: true, of: PhantomData };
        deserializer.deserialize_newtype_struct(ONE_OR_MANY, visitor).map(OneOrMany)
    }
}

struct ListVisitor<T> {
    /// Whether a text may stand for a list of one. Our deserializer sees to it itself.
    one: bool,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.one { "text or a list" } else { "a list" })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        if self.one { deserializer.deserialize_any(self) } else { deserializer.deserialize_seq(self) }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        if !self.one {
            return Err(E::invalid_type(Unexpected::Str(text), &self));
        }
        T::deserialize(text.into_deserializer()).map(|item| vec![item])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            if let Attempt::Done(item) = item {
                items.push(item);
            }
        }
        Ok(items)
    }
}
