//! What a page shows, held against the compiler and the interpreter, block by block.

use std::{collections::BTreeMap, fs, sync::Arc};

use payspec_codegen::{
    Compiled, Options, compile, expand, format_rust,
    ir::{Credential, CredentialKind, KeyKind, Provider},
};
use payspec_interpreter::{CredentialValue, Instant, Interpreter, Map, Settings, Value};
use payspec_runtime::Secret;

use super::{
    frame::framed,
    markdown::{Content, Part, parts},
    root,
};

/// Everything that does not hold on a page.
pub fn check(file: &str, page: &str) -> Vec<String> {
    let mut reader = Reader::default();
    let mut wrong = Vec::new();
    for part in parts(page) {
        let Content::Block { language, text } = &part.content else { continue };
        if let Err(why) = reader.block(&part, language, text) {
            wrong.push(format!("{file}:{}: {why}", part.line));
        }
    }
    for (name, text) in &reader.walks {
        wrong.extend(clean(text).err().map(|why| format!("{file}: the spec `{name}` is not clean:\n{why}")));
    }
    wrong
}

/// What is known on the way down a page.
#[derive(Default)]
struct Reader {
    /// The specs that are written piece by piece.
    walks: BTreeMap<String, String>,
    /// The last spec that was shown.
    spec: String,
}

impl Reader {
    fn block(&mut self, part: &Part, language: &str, text: &str) -> Result<(), String> {
        if let Some(name) = part.marked("walk") {
            let walk = self.walks.entry(name.to_owned()).or_default();
            walk.push_str(text);
            self.spec = walk.clone();
            return Ok(());
        }
        if let Some(name) = part.marked("vectors") {
            return vectors(self.walks.get(name).ok_or("no such spec")?, text);
        }
        if let Some(said) = part.marked("mistake") {
            return mistake(said, text);
        }
        if let Some(said) = part.marked("signs") {
            return signs(&self.spec, said, text);
        }
        if let Some(item) = part.marked("expands") {
            return expands(&self.spec, item, text);
        }
        if let Some(said) = part.marked("shows") {
            return shows(&self.spec, said, text);
        }
        if language == "yaml" {
            self.spec = match part.marked("frame") {
                Some(path) => framed(path, text),
                None if text.starts_with("payspec: 1\n") => text.to_owned(),
                None => return Err("a fragment without a mark that says where it belongs".to_owned()),
            };
            return compiled(&self.spec).map(drop);
        }
        Ok(())
    }
}

fn compiled(spec: &str) -> Result<Compiled, String> {
    compile(spec, "block.yaml").map_err(|report| report.to_string())
}

fn clean(spec: &str) -> Result<(), String> {
    let warnings = compiled(spec)?.warnings;
    if warnings.diagnostics().is_empty() { Ok(()) } else { Err(warnings.to_string()) }
}

/// `PS006, frame: operations.pay.fields`.
fn mistake(said: &str, text: &str) -> Result<(), String> {
    let (code, path) = said.split_once(", frame: ").map_or((said, None), |(code, path)| (code, Some(path)));
    let spec = path.map_or_else(|| text.to_owned(), |path| framed(path, text));
    let report = match compile(&spec, "block.yaml") {
        Ok(compiled) => compiled.warnings,
        Err(report) => report,
    };
    let found: Vec<&str> = report.diagnostics().iter().map(|diagnostic| diagnostic.code.number()).collect();
    if found == [code] { Ok(()) } else { Err(format!("gives {found:?} instead of {code}:\n{report}")) }
}

/// `"{ amount: yuan" instead of "{ amount: fen"`.
fn shows(spec: &str, said: &str, text: &str) -> Result<(), String> {
    let quoted: Vec<&str> = said.split('"').skip(1).step_by(2).collect();
    let [now, before] = quoted[..] else { return Err("two texts in quotes".to_owned()) };
    if spec.matches(before).count() != 1 {
        return Err(format!("`{before}` stands {} times in the spec", spec.matches(before).count()));
    }
    let file = text.lines().find_map(|line| line.trim().strip_prefix("--> ")).ok_or("no place")?;
    let file = file.split(':').next().unwrap_or_default();
    let report = match compile(&spec.replacen(before, now, 1), file) {
        Ok(compiled) => compiled.warnings,
        Err(report) => report,
    };
    same(text.trim_end(), report.to_string().trim_end())
}

fn same(shown: &str, real: &str) -> Result<(), String> {
    if shown == real { Ok(()) } else { Err(format!("the page shows\n{shown}\nbut it is\n{real}")) }
}

/// `request, a=1&b=`: the text that the recipe signs over these pairs, then `sign=` and the signature.
fn signs(spec: &str, said: &str, text: &str) -> Result<(), String> {
    let (recipe, pairs) = said.split_once(", ").ok_or("a recipe and pairs")?;
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').expect("a pair");
        (name.to_owned(), value.to_owned())
    };
    let pairs: Vec<(String, String)> = pairs.split('&').map(pair).collect();
    let provider = Arc::new(compiled(spec)?.provider);
    let interpreter = interpreter(&provider, &|credential| match credential {
        "appid" | "mch_id" => Some("M1".to_owned()),
        _ => Some("s3cr3t".to_owned()),
    })?;
    let signed = interpreter.recipe_text(recipe, &pairs).ok_or("no such recipe")?;
    let signed = signed.map_err(|error| error.to_string())?;
    let signature = interpreter.recipe_signature(recipe, &signed).ok_or("no such recipe")?;
    let signature = signature.map_err(|error| format!("{error:?}"))?;
    same(text, &format!("{}\nsign={signature}\n", String::from_utf8_lossy(signed.bytes())))
}

/// Every line stands in the item, in this order. `// ...` is a gap; comments of the item may be left out.
fn expands(spec: &str, item: &str, text: &str) -> Result<(), String> {
    let expansion = expand(spec, "block.yaml", &Options::default());
    let found = expansion.items.iter().find(|found| found.name == item);
    let known = || expansion.items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>().join(", ");
    let found =
        found.ok_or_else(|| format!("no item `{item}`; there are {}\n{}", known(), expansion.report))?;
    let real = format_rust(found.tokens.clone()).map_err(|error| error.to_string())?;
    let mut lines = real.lines().map(str::trim);
    let wanted = text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "// ...");
    for line in wanted {
        if !lines.any(|real| real == line) {
            return Err(format!("`{line}` does not stand in `{item}` there:\n{real}"));
        }
    }
    Ok(())
}

/// The vectors of a file of vectors; requests only.
fn vectors(spec: &str, text: &str) -> Result<(), String> {
    let file: serde_yaml::Value = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
    let provider = Arc::new(compiled(spec)?.provider);
    if file["vectors_of"].as_str() != Some(&provider.name) {
        return Err("vectors of another provider".to_owned());
    }
    let vectors = file["vectors"].as_mapping().ok_or("no vectors")?;
    for (name, vector) in vectors {
        let account = &file["test_credentials"][&vector["credentials"]];
        let interpreter = interpreter(&provider, &|name| account[name].as_str().map(str::to_owned))?;
        let inputs = vector["inputs"].as_mapping().ok_or("no inputs")?;
        let inputs: Map<Value> =
            inputs.iter().map(|(name, value)| (text_of(name), Value::from(text_of(value)))).collect();
        let operation = text_of(&vector["operation"]);
        let message = interpreter.prepare(&operation, &inputs, Instant::from_unix_seconds(0));
        let message = message.map_err(|error| format!("{name:?}: {error}"))?;
        same(&text_of(&vector["base"]), &String::from_utf8_lossy(message.base_text()))?;
        same(&text_of(&vector["signature"]), message.signature.as_deref().unwrap_or_default())?;
    }
    Ok(())
}

fn text_of(value: &serde_yaml::Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value:?} is no text")).to_owned()
}

/// An interpreter of a spec; texts and secrets are given by name, keys are those of the tests.
fn interpreter(
    provider: &Arc<Provider>,
    given: &dyn Fn(&str) -> Option<String>,
) -> Result<Interpreter, String> {
    let settings = Settings { credentials: credentials(&provider.credentials, given), ..Settings::default() };
    Interpreter::new(Arc::clone(provider), settings).map_err(|error| error.to_string())
}

fn credentials(declared: &[Credential], given: &dyn Fn(&str) -> Option<String>) -> Map<CredentialValue> {
    let value = |credential: &Credential| {
        let text = given(&credential.name.wire).unwrap_or_default();
        let value = match &credential.kind {
            CredentialKind::Text { .. } => CredentialValue::Text(text),
            CredentialKind::Secret(_) => CredentialValue::Secret(Secret::new(text)),
            CredentialKind::Key(kind) => key(*kind),
            CredentialKind::Keys(kind) => CredentialValue::Keys([("KEY_ID", key(*kind))].into()),
            CredentialKind::Choice(alternatives) => {
                let first = alternatives.first().expect("an alternative");
                let members = credentials(&first.members, given);
                CredentialValue::Choice { alternative: first.name.wire.clone(), members }
            }
        };
        (credential.name.wire.clone(), value)
    };
    declared.iter().map(value).collect()
}

fn key(kind: KeyKind) -> CredentialValue {
    let file = match kind {
        KeyKind::RsaPrivate => "test-merchant-rsa2048.pkcs8.pem",
        KeyKind::RsaPublic => "test-platform-rsa2048.spki.pem",
        KeyKind::Sm2Private => "test-merchant-sm2.pkcs8.pem",
        KeyKind::Sm2Public => "test-platform-sm2.spki.pem",
    };
    let bytes = fs::read(root().join("tests/vectors/keys").join(file)).expect("a key of the tests");
    CredentialValue::key(kind, &bytes).expect("a key of this kind")
}
