//! The dynamic values that go in and come out: text, lists, objects, and maps that keep their order.
//!
//! There are no types here: what a text means (an amount, a date) is said by the field of the spec that it is
//! given for. Numbers are text throughout, so that none is ever rounded.

/// A value that a caller gives for a field.
///
/// | field of the spec | value |
/// |---|---|
/// | text, url, enumeration | [`Value::Text`], as it is |
/// | integer, decimal, amount | [`Value::Text`], plain decimal digits in the field's own unit |
/// | flag | [`Value::Text`], `true` or `false` |
/// | timestamp | [`Value::Text`]: Unix seconds (milliseconds where the format has them), or the text on the wire where that is not all digits |
/// | date | [`Value::Text`]: `yyyy-MM-dd`, or the text on the wire |
/// | duration | [`Value::Text`], `96h` |
/// | object | [`Value::Object`] |
/// | list | [`Value::List`] |
/// | JSON as text | [`Value::Object`], or the exact text as [`Value::Text`] or [`Value::Json`] |
/// | further members of an object | any; [`Value::Json`] for what is no text |
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text; also every number.
    Text(String),
    /// Several values.
    List(Vec<Value>),
    /// Named values, in order.
    Object(Map<Value>),
    /// Exact JSON text.
    Json(String),
}

impl Value {
    /// The text, if it is text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// Named things in the order in which they were put in; each name once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map<T>(Vec<(String, T)>);

impl<T> Map<T> {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// What has this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// Whether something has this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Puts something in; what had the name before is replaced and handed back.
    pub fn insert(&mut self, name: impl Into<String>, value: T) -> Option<T> {
        let name = name.into();
        match self.0.iter_mut().find(|(own, _)| *own == name) {
            Some((_, old)) => Some(std::mem::replace(old, value)),
            None => {
                self.0.push((name, value));
                None
            }
        }
    }

    /// Takes something out.
    pub fn remove(&mut self, name: &str) -> Option<T> {
        let at = self.0.iter().position(|(own, _)| own == name)?;
        Some(self.0.remove(at).1)
    }

    /// Everything, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// How many things there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, N: Into<String>> FromIterator<(N, T)> for Map<T> {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(items: I) -> Self {
        let mut map = Self::new();
        map.extend(items);
        map
    }
}

impl<T, N: Into<String>> Extend<(N, T)> for Map<T> {
    fn extend<I: IntoIterator<Item = (N, T)>>(&mut self, items: I) {
        for (name, value) in items {
            self.insert(name, value);
        }
    }
}

impl<T, N: Into<String>, const LENGTH: usize> From<[(N, T); LENGTH]> for Map<T> {
    fn from(items: [(N, T); LENGTH]) -> Self {
        items.into_iter().collect()
    }
}

impl<T> IntoIterator for Map<T> {
    type Item = (String, T);
    type IntoIter = std::vec::IntoIter<(String, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_keeps_its_order_and_each_name_once() {
        let mut map = Map::from([("b", 1), ("a", 2)]);
        assert_eq!(map.insert("b", 3), Some(1));
        assert_eq!(map.iter().collect::<Vec<_>>(), [("b", &3), ("a", &2)]);
        assert_eq!(map.remove("b"), Some(3));
        assert_eq!(map.remove("b"), None);
    }
}
