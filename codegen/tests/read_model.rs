//! Nodes fill structs: every scalar is text, and every mistake is reported.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use payspec_codegen::codes::Code;
use payspec_codegen::diagnostic::Diagnostics;
use payspec_codegen::read::{
    self, List, Map, Mistake, Node, NodeValue, OneOrMany, ScalarStyle, Spanned, TextOr, WHOLE_FILE,
    from_node, parsed,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Debug, PartialEq, Deserialize)]
struct Spec {
    version: Option<Spanned<String>>,
    #[serde(default)]
    fields: Map<Field>,
    #[serde(default)]
    recipes: Map<Recipe>,
    source: Option<OneOrMany<Spanned<String>>>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename = "field")]
struct Field {
    text: Option<Spanned<Range>>,
    amount: Option<Unit>,
    doc: Option<Spanned<String>>,
    length: Option<String>,
    should: Option<Should>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Should {
    text: Option<Range>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename = "unit", rename_all = "snake_case")]
enum Unit {
    Yuan,
    Fen,
    Scaled { scale: String },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename = "recipe")]
struct Recipe {
    algorithm: Spanned<String>,
    place: Place,
    fields: Option<TextOr<List<TextOr<Each>>>>,
    #[serde(default)]
    also: List<Reading>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename = "place")]
struct Place {
    field: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename = "entry")]
struct Each {
    each: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename = "reading")]
struct Reading {
    empties: String,
}

/// A text that parses itself.
#[derive(Debug, PartialEq)]
struct Range(u32, u32);

impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, |text| {
            let wrong =
                || Mistake::new(Code::NotARange, format!("`{text}` is no range")).mend("write 1..254");
            let (from, to) = text.split_once("..").ok_or_else(wrong)?;
            Ok(Range(from.parse().map_err(|_| wrong())?, to.parse().map_err(|_| wrong())?))
        })
    }
}

fn fill<T: DeserializeOwned>(source: &str) -> (Option<T>, Vec<String>) {
    let mut diagnostics = Diagnostics::new();
    let node = read::read(source, &mut diagnostics).expect("YAML");
    assert!(diagnostics.is_empty(), "{}", diagnostics.render("a.yaml", source));
    let value = from_node(&node, WHOLE_FILE, &mut diagnostics);
    let said = diagnostics
        .iter()
        .map(|d| {
            let mend = d.mend.as_ref().map(|mend| format!(" | {mend}")).unwrap_or_default();
            format!("{} {} {}{mend}", d.code, d.span.start, d.message)
        })
        .collect();
    (value, said)
}

fn good<T: DeserializeOwned>(source: &str) -> T {
    let (value, said) = fill(source);
    assert!(said.is_empty(), "{said:?}");
    value.expect("a value")
}

#[test]
fn a_good_file_fills_its_model() {
    let spec: Spec = good(
        "version: 0.10\nfields:\n  reason?: { text: 1..254, doc: \"Why.\" }\n  price: { amount: yuan }\n  \
         third: { amount: { scaled: { scale: 3 } } }\nsource: document\n",
    );
    assert_eq!(spec.version.as_deref().map(String::as_str), Some("0.10"));
    assert_eq!(spec.fields.keys().collect::<Vec<_>>(), ["reason?", "price", "third"]);
    assert_eq!(spec.fields[0].key.span.start.to_string(), "3:3");
    let text = spec.fields[0].value.text.as_ref().unwrap();
    assert_eq!((&text.value, text.span.start.to_string()), (&Range(1, 254), "3:20".to_owned()));
    assert_eq!(spec.fields.get("price").and_then(|f| f.amount.as_ref()), Some(&Unit::Yuan));
    let scaled = Unit::Scaled { scale: "3".to_owned() };
    assert_eq!(spec.fields.get("third").and_then(|f| f.amount.as_ref()), Some(&scaled));
    assert_eq!(spec.source.unwrap()[0].span.start.to_string(), "6:9");
}

#[test]
fn an_unknown_key_is_named_with_its_field_and_passed_over() {
    let (spec, said) = fill::<Spec>("fields:\n  reason: { lenght: 5, doc: d, frobnicate: 1 }\n");
    assert_eq!(
        said,
        [
            "PS002 2:13 unknown key `lenght` in field `reason` | did you mean `length`?",
            "PS002 2:32 unknown key `frobnicate` in field `reason` | known here: text, amount, doc, length, should",
        ]
    );
    assert_eq!(spec.unwrap().fields[0].value.doc.as_deref().map(String::as_str), Some("d"));
}

#[test]
fn an_unknown_key_deeper_down_is_named_with_the_nearest_name() {
    let (_, said) = fill::<Spec>(
        "fields:\n  reason:\n    should: { txt: 1..2 }\nrecipes:\n  request: { algorithm: md5, place: { field: a, filed: b }, also: [{ empties: a, x: y }] }\n",
    );
    assert_eq!(
        said,
        [
            "PS002 3:15 unknown key `txt` in should of field `reason` | did you mean `text`?",
            "PS002 5:49 unknown key `filed` in place of recipe `request` | did you mean `field`?",
            "PS002 5:82 unknown key `x` in reading of recipe `request` | known here: empties",
        ]
    );
}

#[test]
fn an_unknown_key_at_the_top_is_an_unknown_section() {
    let (_, said) = fill::<Spec>("feilds: {}\n");
    assert_eq!(said, ["PS050 1:1 unknown section `feilds` in the file | did you mean `fields`?"]);
}

#[test]
fn an_optional_member_that_fails_is_reported_and_absent() {
    let (spec, said) =
        fill::<Spec>("version: [1]\nfields:\n  a: { text: 1-5, amount: cent, doc: { x: y }, length: 7 }\n");
    assert_eq!(
        said,
        [
            "PS048 1:10 text is wanted here, a list was found",
            "PS007 3:14 `1-5` is no range | write 1..254",
            "PS067 3:27 `cent` is no unit | known here: yuan, fen, scaled",
            "PS048 3:38 text is wanted here, a map was found",
        ]
    );
    let spec = spec.unwrap();
    assert_eq!(spec.version, None);
    let field = &spec.fields[0].value;
    assert_eq!((&field.text, &field.amount, &field.doc), (&None, &None, &None));
    assert_eq!(field.length.as_deref(), Some("7"));
}

#[test]
fn an_empty_value_is_an_absent_option() {
    let spec: Spec = good("version:\nfields:\n  a:\n    doc:\n    length: \"\"\n");
    assert_eq!(spec.version, None);
    assert_eq!(spec.fields[0].value.doc, None);
    assert_eq!(spec.fields[0].value.length.as_deref(), Some(""));
}

#[test]
fn an_entry_that_fails_is_left_out_and_the_others_are_read() {
    let (spec, said) = fill::<Spec>("fields:\n  a: text\n  b: { doc: d }\n  c:\n  d: [e]\n");
    assert_eq!(
        said,
        [
            "PS046 2:6 a map is wanted here, text was found",
            "PS046 4:4 a map is wanted here, nothing was found",
            "PS046 5:6 a map is wanted here, a list was found",
        ]
    );
    assert_eq!(spec.unwrap().fields.keys().collect::<Vec<_>>(), ["b"]);
}

#[test]
fn a_missing_key_is_reported_at_the_key_of_its_struct() {
    let (spec, said) = fill::<Spec>(
        "recipes:\n  request:\n    place: { field: sign }\n  notify:\n    algorithm: md5\n    place: {}\n",
    );
    assert_eq!(
        said,
        [
            "PS049 2:3 `algorithm` is missing in recipe `request`",
            "PS049 6:5 `field` is missing in place of recipe `notify`"
        ]
    );
    assert!(spec.unwrap().recipes.is_empty());
}

#[test]
fn a_required_key_that_failed_is_not_also_called_missing() {
    let (_, said) = fill::<Spec>("recipes:\n  request: { algorithm: [md5], place: { field: {} } }\n");
    assert_eq!(
        said,
        [
            "PS048 2:25 text is wanted here, a list was found",
            "PS048 2:48 text is wanted here, a map was found"
        ]
    );
}

#[test]
fn text_or_list_and_text_or_map_keep_places_and_unknown_keys() {
    let recipe = |fields: &str| {
        format!("recipes:\n  r: {{ algorithm: a, place: {{ field: f }}, fields: {fields} }}\n")
    };
    let fields = |spec: Spec| spec.recipes.into_iter().next().unwrap().value.fields.unwrap();
    assert_eq!(fields(good(&recipe("all"))), TextOr::Text("all".to_owned()));
    let TextOr::Other(list) = fields(good(&recipe("[a, { each: b }]"))) else { panic!("a list") };
    assert_eq!(list[0].text().map(String::as_str), Some("a"));
    assert_eq!(list[1].other().unwrap().each, "b");
    let (spec, said) = fill::<Spec>(&recipe("[a, { each: b, eahc: c }, { each: [] }, d]"));
    assert_eq!(
        said,
        [
            "PS002 2:66 unknown key `eahc` in entry of recipe `r` | did you mean `each`?",
            "PS048 2:85 text is wanted here, a list was found"
        ]
    );
    assert_eq!(fields(spec.unwrap()).other().unwrap().len(), 3, "the failing item is left out");
}

#[test]
fn one_or_many_takes_a_text_or_a_list() {
    let source = |text: &str| good::<Spec>(&format!("source: {text}\n")).source.unwrap();
    assert_eq!(source("a").len(), 1);
    assert_eq!(source("[a, b]").iter().map(|s| s.value.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(source("[]").len(), 0);
    assert_eq!(
        fill::<Spec>("source: { a: b }\n").1,
        ["PS048 1:9 text or a list is wanted here, a map was found"]
    );
}

#[test]
fn an_item_that_fails_is_left_out() {
    let (spec, said) = fill::<Spec>("source: [a, [b], c]\n");
    assert_eq!(said, ["PS048 1:13 text is wanted here, a list was found"]);
    assert_eq!(spec.unwrap().source.unwrap().len(), 2);
}

#[test]
fn a_node_comes_out_as_it_was_read() {
    #[derive(Deserialize)]
    struct Whole {
        raw: Node,
    }
    let source = "raw: { a: 0.10, \"b\": [ 'c', ], d: { e: f } }\n";
    let mut diagnostics = Diagnostics::new();
    let node = read::read(source, &mut diagnostics).unwrap();
    let whole: Whole = from_node(&node, WHOLE_FILE, &mut diagnostics).unwrap();
    assert_eq!(Some(&whole.raw), node.get("raw"));
    let NodeValue::Scalar(c) = &whole.raw.get("b").unwrap().items()[0].value else { panic!("text") };
    assert_eq!(c.style, ScalarStyle::Quoted);
}

#[test]
fn numbers_and_booleans_are_never_delivered() {
    #[derive(Debug, Deserialize)]
    struct Wrong {
        #[allow(dead_code)]
        number: Option<u32>,
        #[allow(dead_code)]
        flag: Option<bool>,
    }
    let (_, said) = fill::<Wrong>("number: 1\nflag: true\n");
    assert_eq!(
        said,
        [
            "PS067 1:9 u32 is wanted here, text was found",
            "PS067 2:7 a boolean is wanted here, text was found"
        ]
    );
}

#[test]
fn a_file_that_is_no_map_is_refused() {
    for (source, found) in [("", "nothing"), ("a", "text"), ("- a", "a list")] {
        let (spec, said) = fill::<Spec>(source);
        assert!(spec.is_none());
        assert_eq!(said, [format!("PS046 1:1 a map is wanted here, {found} was found")]);
    }
}

#[test]
fn many_mistakes_in_one_struct_are_all_found() {
    let (spec, said) = fill::<Spec>(
        "recipes:\n  r: { algorithm: {}, place: [], fields: { x: y }, also: z }\n  s: { algorithm: [], place: { field: g }, also: [{ empties: [] }, 1] }\n",
    );
    assert_eq!(said.len(), 7, "{said:#?}");
    assert!(spec.unwrap().recipes.is_empty());
}

#[test]
fn a_thousand_failing_entries_are_read_in_one_pass() {
    let source: String = std::iter::once("fields:\n".to_owned())
        .chain(
            (0..3000)
                .map(|i| format!("  f{i}: {{ text: [], amount: [], doc: [], length: [], should: [] }}\n")),
        )
        .collect();
    let start = std::time::Instant::now();
    let (spec, said) = fill::<Spec>(&source);
    assert_eq!(said.len(), 1000, "no more are kept");
    assert_eq!(spec.unwrap().fields.len(), 3000);
    assert!(start.elapsed().as_secs() < 10);
}

#[test]
fn earlier_diagnostics_are_kept() {
    let mut diagnostics = Diagnostics::new();
    let node = read::read("version: 1\nversion: 2\nx: y\n", &mut diagnostics).unwrap();
    assert!(from_node::<Spec>(&node, WHOLE_FILE, &mut diagnostics).is_some());
    let codes: Vec<Code> = diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::DuplicateKey, Code::UnknownSection]);
}

#[test]
fn another_yaml_library_reads_the_same_model() {
    let source = "version: v1\nfields:\n  b: { text: 1..5, amount: fen, doc: \"d\" }\n  a: { should: { text: 1..2 } }\nrecipes:\n  r:\n    algorithm: md5\n    place: { field: sign }\n    fields: [x, { each: y }]\nsource: document\n";
    let other: Spec = serde_yaml::from_str(source).unwrap();
    assert_eq!(other, good(source));
    assert!(serde_yaml::from_str::<Spec>("fields: { a: 1 }").is_err(), "and it is strict");
}
