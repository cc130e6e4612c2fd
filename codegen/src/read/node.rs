//! The tree that is read from a file: text, lists and maps, each with its place.
//!
//! Nothing is interpreted: `0901`, `true` and `~` are texts of four, four and one characters. The checker walks the
//! tree by hand only where serde structs would be clumsy; everything else goes through [`super::from_node`].

use crate::diagnostic::Span;

/// One value of the file and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// From its first to behind its last character, for a map of several lines from the first key to the last value.
    pub span: Span,
    /// What it is.
    pub value: NodeValue,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeValue {
    /// Nothing at all: `key:` with nothing behind it. Empty text is `""`, which is a scalar.
    Null,
    /// Text.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in the order of the file; no key occurs twice.
    Mapping(Vec<(Key, Node)>),
}

/// A text, exactly as YAML delivers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text, without quotes.
    pub text: String,
    /// How it was written.
    pub style: ScalarStyle,
}

/// How a text was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ScalarStyle {
    /// Without quotes.
    #[default]
    Plain,
    /// In single or double quotes.
    Quoted,
    /// On lines of its own, after `|` or `>`.
    Block,
}

/// The key of an entry in a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The text of the key.
    pub text: String,
    /// Where the key stands.
    pub span: Span,
    /// How it was written.
    pub style: ScalarStyle,
}

impl Node {
    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// The items, if it is a list; otherwise none.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.value {
            NodeValue::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The entries, if it is a map; otherwise none.
    #[must_use]
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.value {
            NodeValue::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The value of a key, if it is a map that has the key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(k, _)| k.text == key).map(|(_, node)| node)
    }

    /// What it is, in the words of a message: "text", "a list", "a map" or "nothing".
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.value {
            NodeValue::Null => "nothing",
            NodeValue::Scalar(_) => "text",
            NodeValue::Sequence(_) => "a list",
            NodeValue::Mapping(_) => "a map",
        }
    }
}
