//! Readings, and recipes that a credential or a field chooses.

use payspec_codegen::compile;
use payspec_codegen::ir::*;

use super::{AROUND, path, recipe, shown};

#[test]
fn a_reading_is_a_whole_recipe_with_its_parts() {
    let recipe = recipe(
        r#"r:
  parts: { inner: { text: "{a}{credential:secret}", algorithm: md5, output: hex lower } }
  text: "{part:inner}{b}"
  algorithm: sha1
  output: hex lower
  place: { field: sign }
  also_accept: [{ empties: keep, transform: [lower] }, { parts: { inner: { text: "{c}{credential:secret}", algorithm: md5, output: hex lower } } }]"#,
    );
    let [first, second] = recipe.also_accept.as_slice() else { panic!() };
    assert_eq!(first.differs, "empties: keep, transform: [lower]");
    assert_eq!((first.recipe.empties.absent.clone(), first.recipe.transform.len()), (EmptyAction::Keep, 1));
    assert_eq!(first.recipe.parts, recipe.parts);
    assert_eq!(shown(&second.recipe.parts[0].text), "<c><credential:secret>");
}

const CHOSEN: &str = r#"
a: { text: "{a}{credential:secret}", algorithm: md5, output: hex lower, place: { field: sign } }
b: { like: a, text: "{b}{credential:secret}" }
c: { like: a, text: "{c}{credential:secret}" }
by_value: { choose: { by: head.kind, cases: { PAY: a, "12": b }, absent: c, otherwise: b } }
by_presence: { choose: { by: kind, present: a, absent: b } }
by_credential: { choose: { by: "credential:signing", cases: { md5: a }, otherwise: b } }"#;

fn chosen(name: &str) -> Signature {
    let indented: Vec<String> = CHOSEN.lines().map(|line| format!("  {line}")).collect();
    let source = AROUND.replace("RECIPES", &indented.join("\n"));
    let source = source.replace(
        "signature: { none: \"nothing is signed here\" }",
        &format!("signature: {name}, fields: {{ sign: {{ signature: any, doc: \"Signature.\" }} }}"),
    );
    let fields = "a: { text: any, doc: \"A.\" }, b: { text: any, doc: \"B.\" }, c: { text: any, doc: \"C.\" }, head: { json: Head, doc: \"Head.\" }";
    let source = source.replace(
        "kind: { text: any, doc: \"Kind.\" }",
        &format!("{fields}, kind: {{ text: any, doc: \"Kind.\" }}"),
    );
    let source = format!(
        "{source}types:\n  Head:\n    doc: \"Head.\"\n    fields: {{ kind: {{ text: any, doc: \"Kind.\" }} }}\n"
    );
    match compile(&source, "demo.yaml") {
        Ok(compiled) => compiled.provider.operations[0].signature.clone(),
        Err(report) => panic!("\n{report}"),
    }
}

#[test]
fn a_field_chooses_what_is_signed() {
    let case = |value: &str, recipe| FieldCase { value: value.to_owned(), recipe: RecipeId(recipe) };
    assert_eq!(
        chosen("by_value"),
        Signature::ByField {
            by: path("head.kind"),
            cases: vec![case("PAY", 0), case("12", 1)],
            absent: Some(RecipeId(2)),
            otherwise: Some(RecipeId(1)),
        }
    );
    assert_eq!(
        chosen("by_presence"),
        Signature::ByField {
            by: path("kind"),
            cases: Vec::new(),
            absent: Some(RecipeId(1)),
            otherwise: Some(RecipeId(0)),
        }
    );
}

#[test]
fn a_credential_chooses_with_otherwise_for_what_no_case_names() {
    let Signature::Chosen { cases, .. } = chosen("by_credential") else { panic!() };
    let cases: Vec<_> = cases.iter().map(|case| (case.alternative.wire.as_str(), case.recipe.0)).collect();
    assert_eq!(cases, [("rsa", 1), ("md5", 0), ("sha", 1)]);
}
