//! Shipped specs, written badly on purpose: the same thing in another order, indentation or quotes has one canonical
//! form, and comments put anywhere are all there afterwards, at the thing that they were put to.

use std::fmt::Write as _;
use std::sync::LazyLock;

use payspec_codegen::read::{Node, NodeValue, ScalarStyle};
use proptest::prelude::*;

use super::{content, files, formatted, tree};

static SPECS: LazyLock<Vec<(String, Node)>> = LazyLock::new(|| {
    let files = ["specs", "tests/protocols", "tests/specs"].into_iter().flat_map(files);
    let specs = files.filter(|file| !file.to_string_lossy().contains(".vectors."));
    let texts = specs.map(|file| std::fs::read_to_string(file).unwrap());
    texts.map(|text| (text.clone(), tree(&text).unwrap())).collect()
});

/// A source of small numbers that a failed case can be repeated with.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// Writes a tree with every map and list on lines of its own: canonically, or with all freedom that means nothing.
struct Writer {
    dice: Option<Dice>,
    text: String,
}

impl Writer {
    fn roll(&mut self, sides: usize) -> usize {
        self.dice.as_mut().map_or(0, |dice| dice.roll(sides))
    }

    fn map(&mut self, node: &Node, indent: usize, path: &[&str]) {
        let mut order: Vec<usize> = (0..node.entries().len()).collect();
        if is_ordered_by_the_language(path) {
            for index in (1..order.len()).rev() {
                // Without dice they stay.
                let other = if self.dice.is_some() { self.roll(index + 1) } else { index };
                order.swap(index, other);
            }
        }
        for index in order {
            let (key, value) = &node.entries()[index];
            write!(self.text, "{:indent$}", "").unwrap();
            self.scalar(&key.text, key.style);
            self.text.push(':');
            let path: Vec<&str> = path.iter().copied().chain([key.text.as_str()]).collect();
            self.value(value, indent, &path);
        }
    }

    fn value(&mut self, node: &Node, indent: usize, path: &[&str]) {
        let deeper = indent + 2 + self.roll(4);
        match &node.value {
            NodeValue::Null => self.text.push('\n'),
            NodeValue::Scalar(scalar) => {
                let blanks = 1 + self.roll(3);
                self.text.push_str(&" ".repeat(blanks));
                self.scalar(&scalar.text, scalar.style);
                self.text.push('\n');
            }
            NodeValue::Mapping(entries) if entries.is_empty() => self.text.push_str(" {}\n"),
            NodeValue::Sequence(items) if items.is_empty() => self.text.push_str(" []\n"),
            NodeValue::Mapping(_) => {
                self.text.push('\n');
                self.map(node, deeper, path);
            }
            NodeValue::Sequence(items) => {
                self.text.push('\n');
                for item in items {
                    write!(self.text, "{:deeper$}-", "").unwrap();
                    self.value(item, deeper, &[]);
                }
            }
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle) {
        let has_escapes = text.contains(['"', '\\', '\'']) || text.chars().any(char::is_control);
        match style {
            ScalarStyle::Plain => self.text.push_str(text),
            _ if !has_escapes && self.roll(2) == 1 => write!(self.text, "'{text}'").unwrap(),
            _ => {
                let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                write!(self.text, "\"{text}\"").unwrap();
            }
        }
    }
}

/// The maps of which the test knows that order means nothing; the names in them are keys of the language.
fn is_ordered_by_the_language(path: &[&str]) -> bool {
    matches!(
        path,
        ["provider" | "defaults"]
            | ["credentials" | "options" | "signatures" | "tokens" | "envelopes" | "types", _]
            | ["operations" | "callbacks" | "environments", _]
            | ["envelopes", _, "request" | "response"]
            | ["operations" | "callbacks" | "types", _, "fields" | "reply" | "outer" | "values", _]
            | ["operations" | "callbacks", _, "outcome" | "resolved_by" | "retries" | "acknowledge"]
            | ["signatures", _, "place" | "choose" | "tolerance"]
    ) || path.is_empty()
}

fn written(root: &Node, dice: Option<Dice>) -> String {
    let mut writer = Writer { dice, text: String::new() };
    writer.map(root, 0, &[]);
    writer.text
}

/// The lines of a text in which a comment can stand: not those of texts of several lines, nor what follows them.
fn lines_for_comments(text: &str, root: &Node) -> Vec<bool> {
    fn forbid(node: &Node, allowed: &mut [bool]) {
        match &node.value {
            NodeValue::Scalar(scalar) => {
                let lines = node.span.start.line..=node.span.end.line;
                if scalar.style == ScalarStyle::Block || node.span.start.line != node.span.end.line {
                    let above = lines.start().saturating_sub(2);
                    allowed.iter_mut().take(*lines.end()).skip(above).for_each(|line| *line = false);
                }
            }
            NodeValue::Sequence(items) => items.iter().for_each(|item| forbid(item, allowed)),
            NodeValue::Mapping(entries) => entries.iter().for_each(|(_, value)| forbid(value, allowed)),
            NodeValue::Null => {}
        }
    }
    let mut allowed = vec![true; text.lines().count()];
    forbid(root, &mut allowed);
    allowed
}

/// The key of a line, if the line begins with one and no dash.
fn key_of(line: &str) -> Option<&str> {
    let (key, rest) = line.trim_start().split_once(':')?;
    (!key.starts_with(['-', '#', '{']) && (rest.is_empty() || rest.starts_with(' '))).then_some(key)
}

/// Comments put into a text: (what was written, the key that it belongs to).
fn commented(text: &str, root: &Node, dice: &mut Dice) -> (String, Vec<(String, String)>) {
    let allowed = lines_for_comments(text, root);
    let (mut out, mut notes) = (String::new(), Vec::new());
    for (line, allowed) in text.lines().zip(allowed) {
        let key = key_of(line).filter(|_| allowed && !line.contains('#'));
        let indent = line.len() - line.trim_start().len();
        let blank = dice.roll(8) == 0 && allowed && !line.is_empty();
        if blank {
            out.push_str("\n\n");
        }
        match (key, dice.roll(5)) {
            (Some(key), 0) => {
                let note = format!("# above {}", notes.len());
                writeln!(out, "{:indent$}{note}\n{line}", "").unwrap();
                notes.push((note, key.to_owned()));
            }
            (Some(key), 1) => {
                let note = format!("# beside {}", notes.len());
                writeln!(out, "{line} {note}  ").unwrap();
                notes.push((note, key.to_owned()));
            }
            _ => writeln!(out, "{line}").unwrap(),
        }
    }
    (out, notes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_indentation_and_kind_of_quotes_make_no_difference(spec in 0..SPECS.len(), seed in any::<u64>()) {
        let (_, root) = &SPECS[spec];
        let badly_written = written(root, Some(Dice(seed)));
        let output = formatted(&badly_written);
        prop_assert_eq!(&output, &formatted(&written(root, None)));
        prop_assert_eq!(&output, &formatted(&output));
        prop_assert_eq!(content(&tree(&output).unwrap()), content(root));
    }

    #[test]
    fn every_comment_stays_at_its_thing(spec in 0..SPECS.len(), seed in any::<u64>()) {
        let (text, root) = &SPECS[spec];
        let (input, notes) = commented(text, root, &mut Dice(seed));
        let input = if seed % 2 == 0 { input.replace('\n', "\r\n") } else { input };
        let output = formatted(&input);
        prop_assert_eq!(content(&tree(&output).unwrap()), content(root));
        prop_assert_eq!(&output, &formatted(&output));
        prop_assert!(!output.contains("\n\n\n") && !output.contains('\r'));
        let lines: Vec<&str> = output.lines().collect();
        for (note, key) in notes {
            let found: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].trim_end().ends_with(&note)).collect();
            prop_assert_eq!(found.len(), 1, "{} in\n{}", note, output);
            let mut below = lines[found[0]..].iter().filter(|line| !line.trim_start().starts_with('#') && !line.is_empty());
            let line = below.next().map(|line| line.trim_start().trim_start_matches("- "));
            prop_assert!(line.is_some_and(|line| line.starts_with(&key)), "{} is not at {}: {:?}", note, key, line);
        }
    }
}
