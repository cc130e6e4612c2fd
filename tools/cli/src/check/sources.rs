//! `payspec check --sources`: who vouches for what, what is only inferred, and what nobody knows.
//!
//! It goes through the file as it was read, not through the IR, because every line is named with its place.

use std::collections::BTreeMap;

use payspec_codegen::diagnostic::{Diagnostics, Position};
use payspec_codegen::read::{Key, Node, NodeValue, read};

use crate::failure::Failure;
use crate::source::SpecFile;
use crate::terminal::{FAINT, HEADING, Terminal, WARNING, counted, visible};

/// Sections whose entries each restate a piece of the document.
const SECTIONS: [&str; 9] = [
    "environments",
    "credentials",
    "options",
    "signatures",
    "tokens",
    "envelopes",
    "types",
    "operations",
    "callbacks",
];

/// Keys whose maps hold names of the provider, where `source` is a field and not ours.
const OF_THE_PROVIDER: [&str; 5] = ["when", "success", "with", "constants", "add"];

/// Something that is said at a place of the file.
struct Place {
    at: Position,
    path: String,
    said: Vec<String>,
}

#[derive(Default)]
struct Found {
    /// Every `source`.
    sources: Vec<Place>,
    /// Every fact about a notice that is `unknown`.
    unknown: Vec<Place>,
}

/// Lists the sources of a spec that compiles.
pub(super) fn list(spec: &SpecFile, terminal: &mut Terminal) -> Result<(), Failure> {
    let Some(root) = read(&spec.text, &mut Diagnostics::new()) else { return Ok(()) };
    let declared = root.get("provider").and_then(|provider| provider.get("sources"));
    let declared: &[(Key, Node)] = declared.map_or(&[], Node::entries);
    let mut found = Found::default();
    let known: Vec<&str> =
        declared.iter().map(|(key, _)| key.text.as_str()).chain(["inferred", "unknown"]).collect();
    for (key, node) in root.entries().iter().filter(|(key, _)| key.text != "provider") {
        found.walk(node, &key.text, &known);
    }
    writeln!(terminal.out, "{HEADING}{}{HEADING:#}", visible(&spec.name()))?;
    table(declared, &found.sources, terminal)?;
    sections(&root, terminal)?;
    let rests_on = |word: &str| {
        let said = |place: &&Place| place.said.iter().any(|id| id == word);
        found.sources.iter().filter(said).collect::<Vec<&Place>>()
    };
    places("Inferred, said by no document", &rests_on("inferred"), terminal)?;
    let mut unknown = rests_on("unknown");
    unknown.extend(&found.unknown);
    unknown.sort_by_key(|place| place.at);
    places("Unknown", &unknown, terminal)?;
    Ok(())
}

impl Found {
    fn walk(&mut self, node: &Node, path: &str, known: &[&str]) {
        for (key, value) in node.entries() {
            let inner = format!("{path}.{}", key.text);
            let place = |path: &str, said| Place { at: key.span.start, path: path.to_owned(), said };
            match (key.text.as_str(), ids(value)) {
                ("source", Some(said)) if said.iter().all(|id| known.contains(&id.as_str())) => {
                    self.sources.push(place(path, said));
                }
                ("once_per" | "acknowledge" | "retries" | "outcome", Some(said)) if said == ["unknown"] => {
                    self.unknown.push(place(&inner, said));
                }
                (key, _) if OF_THE_PROVIDER.contains(&key) => {}
                _ => self.walk(value, &inner, known),
            }
        }
        for (place, item) in node.items().iter().enumerate() {
            self.walk(item, &format!("{path}.{place}"), known);
        }
    }
}

/// One id or several.
fn ids(node: &Node) -> Option<Vec<String>> {
    match &node.value {
        NodeValue::Scalar(scalar) => Some(vec![scalar.text.clone()]),
        NodeValue::Sequence(items) => items.iter().map(|item| item.text().map(str::to_owned)).collect(),
        _ => None,
    }
}

/// Each declared source and how often it is named.
fn table(declared: &[(Key, Node)], named: &[Place], terminal: &mut Terminal) -> Result<(), Failure> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for id in named.iter().flat_map(|place| &place.said) {
        *times.entry(id).or_default() += 1;
    }
    let widest = declared.iter().map(|(key, _)| key.text.chars().count()).max().unwrap_or_default();
    for (key, source) in declared {
        let text = |key: &str| visible(source.get(key).and_then(Node::text).unwrap_or_default());
        let (mark, title) = (text("mark"), text("title"));
        let times = counted(times.get(key.text.as_str()).copied().unwrap_or_default(), "place");
        writeln!(
            terminal.out,
            "  {:widest$}  {mark:12}  {times:>10}  {FAINT}{title}{FAINT:#}",
            visible(&key.text)
        )?;
    }
    Ok(())
}

/// Each entry of each section with the sources that vouch for it as a whole.
fn sections(root: &Node, terminal: &mut Terminal) -> Result<(), Failure> {
    for section in SECTIONS {
        let Some(entries) = root.get(section).map(Node::entries) else { continue };
        writeln!(terminal.out, "\n{HEADING}{section}{HEADING:#}")?;
        let widest = entries.iter().map(|(key, _)| key.text.chars().count()).max().unwrap_or_default();
        for (key, entry) in entries {
            let said = entry.get("source").and_then(ids).map(|ids| visible(&ids.join(", ")));
            let said = said.unwrap_or_else(|| format!("{FAINT}nobody is named{FAINT:#}"));
            writeln!(terminal.out, "  {:widest$}  {said}", visible(&key.text))?;
        }
    }
    Ok(())
}

fn places(title: &str, places: &[&Place], terminal: &mut Terminal) -> Result<(), Failure> {
    writeln!(terminal.out, "\n{HEADING}{title}: {}{HEADING:#}", counted(places.len(), "place"))?;
    for Place { at, path, said } in places {
        let rest: Vec<&str> =
            said.iter().map(String::as_str).filter(|id| !matches!(*id, "inferred" | "unknown")).collect();
        let beside = if rest.is_empty() { String::new() } else { format!("  (beside {})", rest.join(", ")) };
        let at = at.to_string();
        writeln!(terminal.out, "  {WARNING}{at:>7}{WARNING:#}  {}{}", visible(path), visible(&beside))?;
    }
    Ok(())
}
