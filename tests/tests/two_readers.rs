//! Two readers of YAML that share no code read the same in every spec and every vectors file.
//!
//! One is ours (`payspec_codegen::read`, over `saphyr-parser`), the other is `serde_yaml`, over a port of libyaml.
//!
//! Compared are the structure, the order, every key and the exact text of every scalar: `serde_yaml` is asked, place by
//! place along our tree, for a list, a map or a *string*, and a string is what stands in the file (`0.10` stays
//! `0.10`). A place where it has something else, one entry more or one less is a difference. A second pass reads the
//! file as [`Value`], in which `serde_yaml` decides for itself what a scalar is: what we call quoted or block has to be
//! a string there, what we call nothing has to be null.
//!
//! Not compared, because serde has no words for them: positions, comments, and how a plain scalar was meant (in our
//! language each is text). What our reader refuses (anchors, tags, duplicate keys) is tested in `codegen`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use payspec_codegen::{
    diagnostic::Diagnostics,
    read::{Key, Node, NodeValue, Scalar, ScalarStyle, read},
};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_yaml::Value;

/// Our reading, as far as it succeeds.
fn ours(text: &str) -> Option<Node> {
    let mut diagnostics = Diagnostics::new();
    read(text, &mut diagnostics).filter(|_| !diagnostics.has_errors())
}

/// Where the two differ; nothing if they agree.
fn difference(node: &Node, text: &str) -> Option<String> {
    let texts = Same(node).deserialize(serde_yaml::Deserializer::from_str(text));
    let kinds = || match serde_yaml::from_str(text) {
        Ok(value) => same_kind(node, &value, "the file"),
        Err(error) => Err(error.to_string()),
    };
    texts.map_err(|error| error.to_string()).and_then(|()| kinds()).err()
}

/// Asks the second reader for what the first has read here.
struct Same<'n>(&'n Node);

impl<'de> DeserializeSeed<'de> for Same<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match &self.0.value {
            NodeValue::Null => deserializer.deserialize_str(SameText("")),
            NodeValue::Scalar(Scalar { text, style: _ }) => deserializer.deserialize_str(SameText(text)),
            NodeValue::Sequence(items) => deserializer.deserialize_seq(SameItems(items)),
            NodeValue::Mapping(entries) => deserializer.deserialize_map(SameEntries(entries)),
        }
    }
}

struct SameText<'n>(&'n str);

impl<'de> DeserializeSeed<'de> for SameText<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for SameText<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the text {:?}", self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if text == self.0 { Ok(()) } else { Err(E::custom(format!("{text:?} is not {:?}", self.0))) }
    }
}

struct SameItems<'n>(&'n [Node]);

impl<'de> Visitor<'de> for SameItems<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {}", self.0.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        for (place, item) in self.0.iter().enumerate() {
            let there = items.next_element_seed(Same(item))?;
            there.ok_or_else(|| A::Error::custom(format!("there is no item {place}")))?;
        }
        match items.next_element::<Value>()? {
            Some(more) => Err(A::Error::custom(format!("there is one item more: {more:?}"))),
            None => Ok(()),
        }
    }
}

struct SameEntries<'n>(&'n [(Key, Node)]);

impl<'de> Visitor<'de> for SameEntries<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a map of {}", self.0.len())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        for (Key { text, .. }, node) in self.0 {
            let there = entries.next_key_seed(SameText(text))?;
            there.ok_or_else(|| A::Error::custom(format!("there is no key {text:?}")))?;
            entries.next_value_seed(Same(node))?;
        }
        match entries.next_key::<Value>()? {
            Some(more) => Err(A::Error::custom(format!("there is one key more: {more:?}"))),
            None => Ok(()),
        }
    }
}

/// What the second reader takes for nothing, a list, a map and (where it is not plain) a string is that to us as well.
fn same_kind(node: &Node, value: &Value, place: &str) -> Result<(), String> {
    let differ = || Err(format!("{place} is {} here, and {value:?} there", node.kind()));
    match (&node.value, value) {
        (NodeValue::Null, Value::Null) => Ok(()),
        (NodeValue::Scalar(Scalar { style: ScalarStyle::Plain, .. }), value) => {
            if value.is_sequence() || value.is_mapping() { differ() } else { Ok(()) }
        }
        (NodeValue::Scalar(Scalar { text, .. }), Value::String(theirs)) if text == theirs => Ok(()),
        (NodeValue::Sequence(items), Value::Sequence(theirs)) if items.len() == theirs.len() => {
            items.iter().zip(theirs).try_for_each(|(item, value)| same_kind(item, value, place))
        }
        (NodeValue::Mapping(entries), Value::Mapping(theirs)) if entries.len() == theirs.len() => {
            let both = entries.iter().zip(theirs);
            both.into_iter().try_for_each(|((key, node), (_, value))| {
                same_kind(node, value, &format!("{place}, {}", key.text))
            })
        }
        _ => differ(),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The YAML files of a folder, with their texts.
fn files(folder: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".yaml")).collect();
    names.sort();
    let file = |name: String| format!("{folder}/{name}");
    names
        .into_iter()
        .map(file)
        .map(|file| (file.clone(), fs::read_to_string(root().join(file)).unwrap()))
        .collect()
}

#[test]
fn every_spec_and_every_vectors_file_reads_the_same() {
    let mut read = 0;
    let folders = [
        "specs",
        "tests/specs",
        "tests/protocols",
        "tests/faults",
        "tests/third-party",
        "codegen/tests/specs",
    ];
    for folder in folders {
        for (file, text) in files(folder) {
            let node = ours(&text).unwrap_or_else(|| panic!("{file} is not read"));
            assert_eq!(difference(&node, &text), None, "{file}");
            read += 1;
        }
    }
    // Three shipped specs, six of the tests and 45 of the sample with their vectors, the small ones.
    assert!(read >= 113, "only {read} files were compared");
}

#[test]
fn specs_with_mistakes_read_the_same_where_they_are_read_at_all() {
    let files = files("codegen/tests/mistakes");
    let read: Vec<(&String, Node, &String)> =
        files.iter().filter_map(|(file, text)| Some((file, ours(text)?, text))).collect();
    for (file, node, text) in &read {
        assert_eq!(difference(node, text), None, "{file}");
    }
    assert!(read.len() >= 100, "only {} of {} files are read", read.len(), files.len());
}

#[test]
fn hazards_of_yaml_read_the_same() {
    let text = concat!(
        "decimal: 0.10\noctal: 0901\nhex: 0x1F\nyes: no\nnothing:\ntilde: ~\nempty: ''\nnull_word: null\n",
        "901: number as key\ntrue: word as key\ntime: 2022-05-25 12:00:00\nbig: 12345678901234567890\n",
        "folded: >-\n  one\n  two\n\n  three\nliteral: |\n  a\n   b\n\nescaped: \"\\u94f6\\t\\\"\"\nsingle: 'it''s'\n",
        "flow: { a: [1, [2, {}]], b: 1..32, c: {d: ..20} }\nlist:\n- - a\n  - b\n-\n- c: d\n  e: f\n",
        "plain: over\n  two lines\n中文: 关爱通\n",
    );
    let node = ours(text).unwrap();
    assert_eq!(difference(&node, text), None);
    assert_eq!(node.get("decimal").and_then(Node::text), Some("0.10"));
}

#[test]
fn a_difference_is_found() {
    let right = "a: { b: 0.10, c: [x, 'y'] }\nd:\ne: ''\n";
    let cases = [
        ("another number", "a: { b: 0.1, c: [x, 'y'] }\nd:\ne: ''\n"),
        ("another order", "a: { c: [x, 'y'], b: 0.10 }\nd:\ne: ''\n"),
        ("an entry more", "a: { b: 0.10, c: [x, 'y'], f: g }\nd:\ne: ''\n"),
        ("an entry less", "a: { b: 0.10, c: [x, 'y'] }\nd:\n"),
        ("an item more", "a: { b: 0.10, c: [x, 'y', z] }\nd:\ne: ''\n"),
        ("an item less", "a: { b: 0.10, c: [x] }\nd:\ne: ''\n"),
        ("another key", "a: { b: 0.10, C: [x, 'y'] }\nd:\ne: ''\n"),
        ("a map for a list", "a: { b: 0.10, c: {x: 'y'} }\nd:\ne: ''\n"),
        ("a list for a text", "a: { b: [0.10], c: [x, 'y'] }\nd:\ne: ''\n"),
        ("a text for nothing", "a: { b: 0.10, c: [x, 'y'] }\nd: ''\ne: ''\n"),
        ("nothing for a text", "a: { b: 0.10, c: [x, 'y'] }\nd:\ne:\n"),
        ("another text", "a: { b: 0.10, c: [x, 'y '] }\nd:\ne: ''\n"),
    ];
    let node = ours(right).unwrap();
    assert_eq!(difference(&node, right), None);
    for (what, wrong) in cases {
        assert!(difference(&node, wrong).is_some(), "{what}");
    }
}
