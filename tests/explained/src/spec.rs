//! Single changes of a recipe, as an author makes them: the text of the spec with another value at one key, with a key
//! less, or with a key more. The changed text is compiled as any other; what the compiler refuses is no break.

use std::sync::Arc;

use payspec_codegen::compile;
use payspec_codegen::diagnostic::{Diagnostics, Position, Span};
use payspec_codegen::read::{Key, Node, read};

use crate::case::{Broken, Case, Truth};

/// Keys and the values that are tried, as YAML.
const VALUES: &[(&str, &[&str])] = &[
    (
        "empties",
        &[
            "drop",
            "keep",
            "drop blank",
            "{ absent: drop, json_null: drop, empty: keep, blank: keep }",
            "{ absent: drop, json_null: drop, empty: drop, blank: drop }",
            "{ absent: keep, json_null: keep, empty: keep }",
            "{ absent: drop, json_null: { as: \"null\" }, empty: drop }",
        ],
    ),
    (
        "order",
        &[
            "by name",
            "by name ignoring case",
            "as listed",
            "as on the wire",
            "by value",
            "by name then value",
            "by item",
        ],
    ),
    ("names", &["as is", "lower", "upper"]),
    ("trim", &["true", "false"]),
    ("nested", &["raw", "leaves", "drop", "same rule", "refuse"]),
    ("repeated", &["refuse", "each", "distinct"]),
    ("numbers", &["as is", "decimals(2)"]),
    ("also_empty", &["[\"0\"]", "[\"null\"]"]),
    (
        "pair",
        &[
            "\"{name}={value}\"",
            "\"{value}\"",
            "\"{name}{value}\"",
            "\"{name}:{value}\"",
            "\"{name}={value|url(form)}\"",
            "\"{name}={value|url(rfc3986)}\"",
            "\"{name}={value|url(php)}\"",
            "\"{name}={value|url(dotnet)}\"",
            "\"{name|lower}={value}\"",
            "\"{name}={value|lower}\"",
            "\"{name}={value|trim}\"",
        ],
    ),
    ("join", &["\"&\"", "\"\"", "\"|\"", "\",\"", "\":\"", "\"\\n\""]),
    ("transform", &["[lower]", "[upper]", "[url(rfc3986)]", "[url(form)]", "[url(dotnet), lower]"]),
    ("charset", &["UTF-8", "GBK", "ISO-8859-1"]),
    (
        "algorithm",
        &[
            "md5",
            "sha1",
            "sha256",
            "sha512",
            "hmac-md5",
            "hmac-sha1",
            "hmac-sha256",
            "hmac-sha512",
            "rsa-sha1",
            "rsa-sha256",
            "rsa-md5",
        ],
    ),
    ("output", &["hex lower", "hex upper", "base64", "base64url"]),
    ("form", &["der", "raw"]),
    ("user_id", &["\"1234567812345678\"", "\"\""]),
];

/// Every single change of the recipes that protect the message of a case.
pub fn breaks(case: &Case) -> Vec<Broken> {
    let edits = edits(case);
    edits.into_iter().filter_map(|edit| edit.applied(case)).collect()
}

/// Every edit, whether or not it compiles.
pub fn edits(case: &Case) -> Vec<Edit> {
    let mut diagnostics = Diagnostics::new();
    let tree = read(&case.spec, &mut diagnostics).expect("readable");
    let signatures = tree.get("signatures").expect("recipes");
    let mut edits = Vec::new();
    for name in case.recipes() {
        let name = name.split('.').next().unwrap_or_default();
        let Some((_, recipe)) = signatures.entries().iter().find(|(key, _)| key.text == name) else {
            continue;
        };
        edits_of(recipe, case, &mut edits);
        for (_, part) in recipe.get("parts").map(Node::entries).unwrap_or_default() {
            edits_of(part, case, &mut edits);
        }
    }
    edits
}

/// A change of the text of a spec.
#[derive(Clone, Debug)]
pub struct Edit {
    pub key: String,
    pub detail: String,
    pub span: Span,
    pub text: String,
}

impl Edit {
    pub fn applied(&self, case: &Case) -> Option<Broken> {
        applied(case, std::slice::from_ref(self))
    }
}

/// The case with some edits, the last in the text first.
pub fn applied(case: &Case, edits: &[Edit]) -> Option<Broken> {
    let mut text = case.spec.clone();
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| edit.span.start);
    for edit in sorted.iter().rev() {
        let range = offset(&text, edit.span.start)..offset(&text, edit.span.end);
        text.replace_range(range, &edit.text);
    }
    let provider = compile(&text, &case.file).ok()?.provider;
    let first = edits.first()?;
    Some(Broken {
        kind: format!("spec: {}", first.key),
        detail: edits.iter().map(|edit| edit.detail.as_str()).collect::<Vec<_>>().join(" and "),
        truth: edits.iter().map(|edit| Truth::Key(edit.key.clone())).collect(),
        provider: Arc::new(provider),
        ..case.unbroken()
    })
}

fn edits_of(recipe: &Node, case: &Case, edits: &mut Vec<Edit>) {
    for (key, values) in VALUES {
        match recipe.entries().iter().find(|(own, _)| own.text == *key) {
            Some((own, node)) => {
                edits.extend(values.iter().map(|value| replaced(own, node, value)));
                if matches!(*key, "trim" | "names" | "transform" | "numbers" | "also_empty" | "charset") {
                    edits.extend(removed(&case.spec, own, node));
                }
            }
            None => edits.extend(values.iter().filter_map(|value| inserted(&case.spec, recipe, key, value))),
        }
    }
    if let Some((key, node)) = recipe.entries().iter().find(|(own, _)| own.text == "text")
        && let Some(text) = node.text()
    {
        edits.extend(other_texts(text).iter().map(|other| replaced(key, node, &quoted(other))));
    }
    edits.extend(other_lists(recipe, case));
}

/// What an author writes wrong in a template.
fn other_texts(text: &str) -> Vec<String> {
    let mut texts = vec![
        format!("{text}\n"),
        format!("{text}&"),
        text.trim_end_matches(['\n', '&', '|']).to_owned(),
        text.replacen("&key=", "", 1),
        text.replacen("&key=", "key=", 1),
        text.replacen("key=", "KEY=", 1),
        text.replacen("{fields}{credential", "{fields}&key={credential", 1),
        text.replacen("{fields}{credential", "{fields}&{credential", 1),
        text.replacen('\n', "", 1),
        text.replacen("{message:body}", "{message:body}\n", 1),
        text.replacen(':', "|", 1),
    ];
    // The secret at the other end.
    if let Some((before, secret)) = text.split_once("{credential:").and_then(|(before, rest)| {
        let (name, behind) = rest.split_once('}')?;
        behind.is_empty().then(|| (before, format!("{{credential:{name}}}")))
    }) {
        texts.push(format!("{secret}{before}"));
        texts.push(format!("{before}{}", secret.replace('}', "|lower}")));
    }
    texts.retain(|other| other != text);
    texts.sort();
    texts.dedup();
    texts
}

/// A listed field less, two exchanged, an exception more or less.
fn other_lists(recipe: &Node, case: &Case) -> Vec<Edit> {
    let mut edits = Vec::new();
    for name in ["fields", "except"] {
        let Some((key, node)) = recipe.entries().iter().find(|(own, _)| own.text == name) else { continue };
        let items: Vec<&str> = node.items().iter().filter_map(Node::text).collect();
        if items.len() != node.items().len() || items.len() < 2 {
            continue;
        }
        let written = |items: &[&str]| {
            let quoted: Vec<String> = items.iter().map(|item| quoted(item)).collect();
            format!("[{}]", quoted.join(", "))
        };
        let fewer: Vec<&str> = items[..items.len() - 1].to_vec();
        edits.push(replaced(key, node, &written(&fewer)));
        let mut exchanged = items.clone();
        exchanged.swap(0, 1);
        edits.push(replaced(key, node, &written(&exchanged)));
    }
    if recipe.get("except").is_none() && recipe.get("fields").and_then(Node::text) == Some("all") {
        let names = case.packet.spots();
        let named = names.iter().filter_map(|spot| spot.name.split_once(' ').map(|(_, name)| name));
        for name in named.filter(|name| !name.contains('.')).take(2) {
            edits.extend(inserted(&case.spec, recipe, "except", &format!("[{}]", quoted(name))));
        }
    }
    edits
}

fn replaced(key: &Key, node: &Node, value: &str) -> Edit {
    let detail = format!("{}: {value:?}", key.text);
    Edit { key: key.text.clone(), detail, span: node.span, text: value.to_owned() }
}

/// A whole line less; only where the key and its value have one of their own.
fn removed(spec: &str, key: &Key, node: &Node) -> Option<Edit> {
    let line = spec.split('\n').nth(key.span.start.line - 1)?;
    let starts_line = line.trim_start().starts_with(&format!("{}:", key.text));
    if !starts_line || node.span.end.line != key.span.start.line {
        return None;
    }
    let start = Position { line: key.span.start.line, column: 1 };
    let end = Position { line: key.span.start.line + 1, column: 1 };
    Some(Edit {
        key: key.text.clone(),
        detail: format!("no {}", key.text),
        span: Span { start, end },
        text: String::new(),
    })
}

/// A key before the first one, in the style of the map.
fn inserted(spec: &str, recipe: &Node, key: &str, value: &str) -> Option<Edit> {
    let (first, _) = recipe.entries().first()?;
    let line = spec.split('\n').nth(first.span.start.line - 1)?;
    let before: String = line.chars().take(first.span.start.column - 1).collect();
    let is_block = before.trim().is_empty();
    let text = if is_block { format!("{key}: {value}\n{before}") } else { format!("{key}: {value}, ") };
    let detail = format!("{key}: {value} added");
    Some(Edit { key: key.to_owned(), detail, span: first.span.beginning(), text })
}

pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn offset(text: &str, position: Position) -> usize {
    let mut start = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if number + 1 == position.line {
            let within = line.char_indices().nth(position.column - 1).map_or(line.len(), |(at, _)| at);
            return start + within;
        }
        start += line.len();
    }
    start
}
