//! Every form that a recipe can be written in becomes the IR that it means: what the emitter and the interpreter rely on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod choices;
mod hostile;
mod lists;
mod seals;
mod templates;

use payspec_codegen::compile;
use payspec_codegen::ir::*;

const AROUND: &str = r#"
payspec: 1
provider: { name: demo, title: Demo, doc: "A demo." }
defaults: { zone: "+08:00" }
environments: { live: { hosts: { api: "https://api.demo.example" } } }
credentials:
  mchid: { text: any, doc: "Number." }
  serial_no: { text: any, doc: "Number of the certificate." }
  secret: { secret: any, doc: "Secret." }
  pin: { secret: any, doc: "PIN." }
  hex_key: { secret: any, decode: hex, doc: "Secret in hex." }
  base64_key: { secret: any, decode: base64, doc: "Secret in base64." }
  merchant_key: { key: rsa_private, doc: "Our key." }
  platform_key: { key: rsa_public, doc: "Their key." }
  platform_keys: { key: rsa_public, many: by_id, doc: "Their keys." }
  signing:
    doc: "How is signed."
    choice:
      rsa: { wire: RSA, doc: "RSA.", merchant: { key: rsa_private, doc: "Ours." } }
      md5: { wire: MD5, doc: "MD5." }
      sha: { wire: SHA, doc: "SHA." }
signatures:
RECIPES
envelopes:
  api:
    request: { body: form, signature: { none: "nothing is signed here" } }
    response:
      body: json
      signature: { none: "only TLS" }
      members: { code: { integer: any, doc: "Code." } }
      success: { code: 0 }
operations:
  ask:
    doc: "Asks."
    call: POST /ask
    effect: none
    fields: { kind: { text: any, doc: "Kind." } }
"#;

fn provider(recipes: &str) -> Provider {
    let indented: Vec<String> = recipes.lines().map(|line| format!("  {line}")).collect();
    let source = AROUND.replace("RECIPES", &indented.join("\n"));
    match compile(&source, "demo.yaml") {
        Ok(compiled) => compiled.provider,
        Err(report) => panic!("\n{report}"),
    }
}

/// The first recipe of some that no message uses.
fn recipe(text: &str) -> Recipe {
    provider(text).recipes.remove(0)
}

/// A recipe over a list, of which the text says only what matters.
fn list(keys: &str) -> List {
    let usual = [
        ("fields", "all"),
        ("empties", "drop"),
        ("order", "by name"),
        ("pair", "\"{name}={value}\""),
        ("join", "\"&\""),
    ];
    let usual = usual.into_iter().filter(|(key, _)| !keys.contains(&format!("{key}:")));
    let usual: String = usual.map(|(key, value)| format!("  {key}: {value}\n")).collect();
    let keys: String = keys.lines().map(|line| format!("  {line}\n")).collect();
    let rest = "  text: \"{fields}{credential:secret}\"\n  algorithm: md5\n  output: hex lower\n  place: { field: sign }";
    recipe(&format!("r:\n{usual}{keys}{rest}")).list.unwrap()
}

fn selection(fields: &str) -> Selection {
    list(&format!("fields: {fields}")).fields
}

fn literal(text: &str) -> Piece {
    Piece::Literal(text.to_owned())
}

fn value(from: Operand) -> Piece {
    Piece::Value { from, filters: Vec::new() }
}

fn path(text: &str) -> FieldPath {
    FieldPath(text.split('.').map(str::to_owned).collect())
}

fn field(text: &str) -> Operand {
    Operand::Field(path(text))
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The text of a recipe as a person would write it.
fn shown(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::List => "<list>".to_owned(),
        Piece::ListNames => "<names>".to_owned(),
        Piece::Signature => "<signature>".to_owned(),
        Piece::Value { from, .. } => match from {
            Operand::Field(path) => format!("<{}>", path.dotted()),
            Operand::Credential(path) => format!("<credential:{}>", path.name.wire),
            Operand::Given(name) => format!("<given:{name}>"),
            Operand::Fresh(name) => format!("<fresh:{name}>"),
            Operand::Header(name) => format!("<header:{name}>"),
            Operand::Part(name) => format!("<part:{name}>"),
            Operand::Message(part) => format!("<{part:?}>"),
        },
    };
    pieces.iter().map(piece).collect()
}
