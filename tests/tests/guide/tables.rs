//! Tables of words: the words in their first column are exactly those that the code has.
//!
//! Where the code has a list, it is asked for it. Where it has none (algorithms, filters), every candidate is compiled:
//! it stands in the table if, and only if, it compiles.

use std::collections::BTreeSet;

use payspec_codegen::compile;
use payspec_runtime::{Codes, Ending, ErrorKind};

use super::{
    code::{Item, items, words_of},
    frame::framed,
    markdown::{Content, code_spans, parts},
};

/// The tables that the guide must have.
const TABLES: &[&str] = &[
    "sections",
    "marks",
    "defaults",
    "key kinds",
    "orders",
    "message parts",
    "filters",
    "algorithms",
    "outputs",
    "error kinds",
    "field types",
    "rules",
    "outcome words",
    "effects",
];

/// Everything that does not agree.
pub fn check(guide: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for part in parts(guide) {
        let (Some(name), Content::Table(rows)) = (part.marked("table"), &part.content) else { continue };
        seen.insert(name.to_owned());
        let shown: Vec<String> = rows.iter().flat_map(|row| code_spans(&row[0])).map(word).collect();
        let (shown, real) = (sorted(shown), sorted(wanted(name)));
        if shown != real {
            wrong.push(format!(
                "table `{name}`, line {}: it has\n  {shown:?}\nthe code has\n  {real:?}",
                part.line
            ));
        }
        match name {
            "error kinds" => wrong.extend(rows.iter().filter_map(|row| wrong_ending(row))),
            "outcome words" => wrong.extend(rows.iter().filter_map(|row| wrong_for_a_refund(row))),
            _ => {}
        }
    }
    wrong
        .extend(TABLES.iter().filter(|name| !seen.contains(**name)).map(|name| format!("no table `{name}`")));
    wrong
}

/// `any_of` of `any_of: [a, b]`, `body` of `{message:body}`.
fn word(span: &str) -> String {
    let span = span.strip_prefix("{message:").and_then(|rest| rest.strip_suffix('}')).unwrap_or(span);
    span.split(": ").next().unwrap_or_default().to_owned()
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort();
    words
}

fn wanted(name: &str) -> Vec<String> {
    let model =
        items(&["codegen/src/model.rs", "codegen/src/model/credential.rs", "codegen/src/model/field.rs"]);
    let messages = items(&["codegen/src/model/message.rs"]);
    let without = |item: &str, others: &[&str]| {
        words_of(&model, item).into_iter().filter(|word| !others.contains(&word.as_str())).collect()
    };
    match name {
        "sections" => without("File", &["payspec", "accepts"]),
        "marks" => words_of(&model, "Mark"),
        "defaults" => words_of(&model, "Defaults"),
        "key kinds" => words_of(&model, "KeyKind"),
        "error kinds" => words_of(&model, "ErrorKind"),
        "field types" => type_keys(&model),
        "rules" => without("Rule", &["when", "level", "doc", "source"]),
        "effects" => words_of(&messages, "Effect"),
        "outcome words" => words_of(&items(&["codegen/src/ir/message.rs"]), "Word"),
        name => tried(name),
    }
}

fn type_keys(model: &[Item]) -> Vec<String> {
    let field = model.iter().find(|item| item.name == "Field").expect("the model has fields");
    let is_type = |(_, doc): &&(String, String)| doc.starts_with("Type key");
    field.words.iter().filter(is_type).map(|(word, _)| word.clone()).collect()
}

/// The candidates that compile.
fn tried(name: &str) -> Vec<String> {
    let candidates: Vec<String> = match name {
        "orders" => words_of(&items(&["codegen/src/model/recipe.rs"]), "Order"),
        "message parts" => ["body", "result", "method", "path", "host", "query", "target", "url", "payload"]
            .map(str::to_owned)
            .to_vec(),
        "filters" => FILTERS.map(str::to_owned).to_vec(),
        "outputs" => OUTPUTS.map(str::to_owned).to_vec(),
        "algorithms" => {
            let digests = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sm3"];
            let all = ["", "hmac-", "rsa-", "rsa-pss-", "ecdsa-"].iter();
            let all = all.flat_map(|family| digests.map(|digest| format!("{family}{digest}")));
            all.chain(["sm2", "ed25519", "crc32", "none"].map(str::to_owned)).collect()
        }
        other => panic!("nobody knows the table `{other}`"),
    };
    candidates.into_iter().filter(|candidate| compiles(name, candidate)).collect()
}

const FILTERS: [&str; 21] = [
    "lower",
    "upper",
    "trim",
    "decimals",
    "url",
    "escape",
    "length",
    "first",
    "last",
    "reverse",
    "hex",
    "base64",
    "base64url",
    "from-hex",
    "from-base64",
    "json",
    "without",
    "newlines",
    "after",
    "after-last",
    "json-string",
];

const OUTPUTS: [&str; 8] =
    ["hex lower", "hex upper", "base64", "base64url", "base64url unpadded", "decimal", "text", "bytes"];

/// Whether a recipe with this word compiles.
fn compiles(table: &str, candidate: &str) -> bool {
    let list = |order: &str, value: &str| {
        let fields = if order == "as listed" { "[appid]" } else { "all" };
        format!("fields: {fields}, empties: keep, order: {order}, pair: \"{value}\", join: \"\"")
    };
    let place = "place: { field: sign }";
    let hmac = format!("algorithm: hmac-sha256, key: secret, output: hex lower, {place}");
    let recipe = match table {
        "message parts" if candidate == "payload" => {
            format!(
                "{{ text: \"{{message:payload}}\", algorithm: aes-256-cbc, key: secret, iv: zeros, output: base64, {place} }}"
            )
        }
        "algorithms" if candidate == "none" => {
            "{ text: \"{credential:secret}\", algorithm: none, output: text, place: { header: X-Token } }"
                .to_owned()
        }
        "outputs" if candidate == "text" => {
            "{ text: \"{credential:secret}\", algorithm: none, output: text, place: { header: X-Token } }"
                .to_owned()
        }
        "outputs" if candidate == "bytes" => {
            let part = "parts: { inner: { text: \"{appid}\", algorithm: md5, output: bytes } }";
            format!("{{ {part}, text: \"{{part:inner}}{{appid}}\", {hmac} }}")
        }
        "orders" => format!("{{ {}, {hmac} }}", list(candidate, "{value}")),
        "filters" => {
            let argument = match candidate {
                "decimals" => "(2)",
                "url" => "(form)",
                "first" | "last" => "(1)",
                "json" => "()",
                "newlines" => "(lf)",
                "escape" | "without" | "after" | "after-last" => "(-)",
                _ => "",
            };
            format!("{{ {}, {hmac} }}", list("by name", &format!("{{value|{candidate}{argument}}}")))
        }
        "message parts" => format!("{{ text: \"{{message:{candidate}}}\", {hmac} }}"),
        "outputs" => {
            format!(
                "{{ text: \"{{appid}}\", algorithm: hmac-sha256, key: secret, output: {candidate}, {place} }}"
            )
        }
        _ => {
            let key = match candidate.split('-').next().unwrap_or_default() {
                "hmac" => "key: secret,",
                "rsa" | "ecdsa" => "key: signing.ours,",
                "sm2" => "key: signing.ours, user_id: \"1\", form: raw,",
                _ => "",
            };
            let text = "{appid}{credential:secret}";
            format!("{{ text: \"{text}\", algorithm: {candidate}, {key} output: base64, {place} }}")
        }
    };
    compile(&framed("signatures", &format!("tried: {recipe}")), "tried.yaml").is_ok()
}

/// The third column of the table of kinds, held against the runtime.
fn wrong_ending(row: &[String]) -> Option<String> {
    let (name, shown) = (code_spans(&row[0])[0], &row[2]);
    let kind = match name {
        "rejected" => ErrorKind::Rejected,
        "configuration" => ErrorKind::Configuration,
        "rate_limited" => ErrorKind::RateLimited,
        "token_expired" => ErrorKind::TokenExpired,
        "not_found" => ErrorKind::NotFound,
        "duplicate" => ErrorKind::Duplicate,
        _ => ErrorKind::Unknown,
    };
    let ending = |has_effect| {
        let codes = Codes { lookup: &[], own: &[], common: &[], fault: kind, unlisted: kind, has_effect };
        match codes.judge(&[], 200, None, None) {
            Ending::Rejected(_) => "Rejected",
            Ending::Unknown(_) => "Unknown",
        }
    };
    let real = [ending(false), ending(true)];
    let agrees = ["Rejected", "Unknown"]
        .iter()
        .all(|word| shown.contains(&format!("`{word}`")) == real.contains(word));
    (!agrees).then(|| format!("`{name}` ends in {real:?} (reading, with an effect), the guide says {shown}"))
}

/// The last column of the table of outcome words, held against the compiler.
fn wrong_for_a_refund(row: &[String]) -> Option<String> {
    let name = code_spans(&row[0])[0];
    let outcome = format!("outcome: {{ of: refund, always: {name} }}");
    let real = compile(&framed("operations.query", &outcome), "tried.yaml").is_ok();
    let shown = row.last().is_some_and(|cell| cell == "yes");
    (real != shown).then(|| format!("`{name}` of a refund: the guide says {shown}, the compiler {real}"))
}
