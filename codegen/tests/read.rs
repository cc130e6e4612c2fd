//! Text becomes nodes: what is kept exactly, and what the language refuses.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

use payspec_codegen::codes::Code;
use payspec_codegen::diagnostic::Diagnostics;
use payspec_codegen::read::{Node, NodeValue, ScalarStyle, read};

fn good(source: &str) -> Node {
    let mut diagnostics = Diagnostics::new();
    let node = read(source, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{}", diagnostics.render("a.yaml", source));
    node.expect("a tree")
}

/// The tree, and code, place and words of each complaint.
fn bad(source: &str) -> (Option<Node>, Vec<String>) {
    let mut diagnostics = Diagnostics::new();
    let node = read(source, &mut diagnostics);
    let said = diagnostics.iter().map(|d| format!("{} {} {}", d.code, d.span.start, d.message)).collect();
    (node, said)
}

fn mend(source: &str) -> String {
    let mut diagnostics = Diagnostics::new();
    let _ = read(source, &mut diagnostics);
    assert_eq!(diagnostics.len(), 1, "{}", diagnostics.render("a.yaml", source));
    diagnostics.iter().next().and_then(|d| d.mend.clone()).unwrap_or_default()
}

fn place(node: &Node) -> String {
    format!("{}-{}", node.span.start, node.span.end)
}

#[test]
fn every_scalar_is_the_text_of_the_file() {
    let node =
        good("a: 0.10\nb: 0901\nc: 1e3\nd: 0x10\ne: true\nf: ~\ng: null\nh: 2019-08-18\ni: -1\nj: no\n");
    let texts: Vec<&str> = node.entries().iter().filter_map(|(_, node)| node.text()).collect();
    assert_eq!(texts, ["0.10", "0901", "1e3", "0x10", "true", "~", "null", "2019-08-18", "-1", "no"]);
}

#[test]
fn nothing_is_told_apart_from_empty_text() {
    let node = good("a:\nb: \"\"\nc: ''\nd: [ '' ]\n");
    assert_eq!(node.get("a").map(Node::kind), Some("nothing"));
    assert_eq!(node.get("b").and_then(Node::text), Some(""));
    assert_eq!(node.get("c").and_then(Node::text), Some(""));
}

#[test]
fn order_and_style_are_kept() {
    let node = good("z: plain\na: 'single'\nm: \"double\"\nb: |\n  block\nc: >-\n  folded\n  text\n");
    let keys: Vec<&str> = node.entries().iter().map(|(key, _)| key.text.as_str()).collect();
    assert_eq!(keys, ["z", "a", "m", "b", "c"]);
    let styles: Vec<ScalarStyle> = node
        .entries()
        .iter()
        .map(|(_, node)| match &node.value {
            NodeValue::Scalar(scalar) => scalar.style,
            other => panic!("{other:?}"),
        })
        .collect();
    use ScalarStyle::{Block, Plain, Quoted};
    assert_eq!(styles, [Plain, Quoted, Quoted, Block, Block]);
    assert_eq!(node.get("b").and_then(Node::text), Some("block\n"));
    assert_eq!(node.get("c").and_then(Node::text), Some("folded text"));
}

#[test]
fn lines_and_columns_count_from_one_in_characters() {
    let node = good("交易号: { doc: 号, b: [x, \"y z\"] }\nc:\n  d: e\n");
    let first = &node.entries()[0];
    assert_eq!(first.0.span.end.column, 4);
    assert_eq!(place(&first.1), "1:6-1:31");
    assert_eq!(place(first.1.get("doc").unwrap()), "1:13-1:14");
    assert_eq!(place(first.1.get("b").unwrap()), "1:19-1:29");
    assert_eq!(place(&first.1.get("b").unwrap().items()[1]), "1:23-1:28");
    assert_eq!(
        place(node.get("c").unwrap()),
        "3:3-3:7",
        "a block map reaches from its first key to its last value"
    );
    assert_eq!(place(&node), "1:1-3:7");
}

#[test]
fn a_byte_order_mark_and_other_line_ends_change_nothing() {
    let plain = good("a: 1\nb:\n  c: 2\n");
    assert_eq!(good("\u{feff}a: 1\r\nb:\r\n  c: 2\r\n"), plain);
    assert_eq!(good("---\na: 1\nb:\n  c: 2\n...\n").get("b").and_then(|b| b.get("c")?.text()), Some("2"));
}

#[test]
fn an_empty_file_is_nothing() {
    assert_eq!(good("").kind(), "nothing");
    assert_eq!(good("# only a comment\n").kind(), "nothing");
}

#[test]
fn a_duplicate_key_is_refused_and_the_first_one_counts() {
    let (node, said) = bad("1: a\nb: c\n\"1\": d\nb: { x: 1, x: 2 }\n");
    assert_eq!(
        said,
        [
            "PS003 3:1 duplicate key `1`; first at 1:1",
            "PS003 4:1 duplicate key `b`; first at 2:1",
            "PS003 4:12 duplicate key `x`; first at 4:6"
        ]
    );
    assert_eq!(node.unwrap().get("1").and_then(Node::text), Some("a"));
}

#[test]
fn anchors_aliases_and_merge_keys_are_refused_and_reading_goes_on() {
    let (node, said) = bad("a: &x { b: 1 }\nc: *x\n<<: *x\nd: &y\ne: 5\ne: 6\n");
    assert_eq!(
        said,
        [
            "PS005 1:4 anchors are not part of the language",
            "PS005 2:4 aliases are not part of the language",
            "PS005 3:1 merge keys are not part of the language",
            "PS005 3:5 aliases are not part of the language",
            "PS005 4:4 anchors are not part of the language",
            "PS003 6:1 duplicate key `e`; first at 5:1",
        ]
    );
    assert_eq!(node.unwrap().get("e").and_then(Node::text), Some("5"));
}

#[test]
fn a_quoted_merge_sign_is_a_key() {
    assert_eq!(good("\"<<\": a\n").get("<<").and_then(Node::text), Some("a"));
}

#[test]
fn tags_are_refused() {
    assert_eq!(
        bad("a: !!str b\nc: !mine d\n").1,
        ["PS054 1:4 tags are not part of the language", "PS054 2:4 tags are not part of the language"]
    );
    assert_eq!(bad("a: !x!y z\n").1, ["PS054 1:4 tags are not part of the language"]);
}

#[test]
fn a_second_document_is_refused() {
    let (node, said) = bad("a: 1\n---\nb: 2\n---\nc: 3\n");
    assert_eq!(said, ["PS053 2:1 a second document begins here"]);
    assert_eq!(node.unwrap().get("a").and_then(Node::text), Some("1"));
}

#[test]
fn a_key_that_is_no_text_is_refused_with_its_value() {
    let (node, said) = bad("{ [a, b]: { c: d }, e: f }");
    assert_eq!(said, ["PS048 1:3 a key is text, a list was found"]);
    assert_eq!(node.unwrap().entries().len(), 1);
    assert_eq!(bad("? { a: b }\n: c\n").1, ["PS048 1:3 a key is text, a map was found"]);
    assert_eq!(bad(": a\n").1, ["PS048 1:1 a key is text, nothing was found"]);
}

#[test]
fn text_that_fell_to_pieces_at_its_commas_is_put_together_in_the_mend() {
    let source = "x: { kind: rejected, doc: Wrong appid, or the address, or both, mend: \"a, b\" }\n";
    let (node, said) = bad(source);
    assert_eq!(said, ["PS004 1:40 key `or the address` has no value"]);
    assert_eq!(mend(source), "text with a comma needs quotes: doc: \"Wrong appid, or the address, or both\"");
    assert_eq!(node.unwrap().get("x").unwrap().entries().len(), 3);
}

#[test]
fn an_unquoted_placeholder_is_a_template_without_quotes() {
    assert_eq!(bad("text: {fields}\n").1, ["PS004 1:8 key `fields` has no value"]);
    assert_eq!(mend("text: {fields}\n"), "a template needs quotes: \"{fields}\"");
}

#[test]
fn a_key_without_a_value_on_its_own_line_is_nothing_and_no_mistake() {
    assert_eq!(good("a:\n  b:\n  c: 1\n").get("a").unwrap().entries().len(), 2);
}

#[test]
fn unquoted_templates_are_recognised_where_yaml_ends() {
    let (node, said) = bad("a: 1\npair: {name}={value}\n");
    assert!(node.is_none());
    assert_eq!(said, ["PS045 2:13 text that begins with `{` was read as a map"]);
    assert_eq!(mend("pair: {name}={value}\n"), "quote it: pair: \"{name}={value}\"");
    assert_eq!(mend("a: { pair: {name}={value}, join: x }\n"), "quote it: \"{name}={value}\"");
}

#[test]
fn characters_that_begin_no_text_ask_for_quotes() {
    assert_eq!(bad("a: @b\n").1, ["PS045 1:4 text cannot begin with `@`"]);
    assert_eq!(mend("a: @b\n"), "quote it: a: \"@b\"");
    assert_eq!(mend("a: `b`\n"), "quote it: a: \"`b`\"");
    assert_eq!(mend("join: %\n"), "quote it: join: \"%\"");
    assert_eq!(bad("join: &\n").1, ["PS005 1:7 anchors and aliases are not part of the language"]);
    assert!(mend("join: &\n").ends_with("quote it: join: \"&\""));
    assert_eq!(bad("a: *nobody\n").1, ["PS005 1:4 anchors and aliases are not part of the language"]);
}

#[test]
fn a_tab_in_the_indentation_is_found_where_it_is() {
    assert_eq!(bad("a:\n\tb: 1\n").1, ["PS045 2:1 a tab in the indentation"]);
    assert_eq!(bad("a:\n  b: 1\n\tc: 2\n").1, ["PS045 3:1 a tab in the indentation"]);
    assert_eq!(mend("a:\n\tb: 1\n"), "indent with blanks: two for each level");
}

#[test]
fn a_quote_that_is_never_closed_is_shown_where_it_opens() {
    assert_eq!(bad("a: \"x\nb: 2\n").1, ["PS045 1:4 the quote that opens here is not closed in its line"]);
    assert_eq!(bad("a: 'x\n  y\n").1, ["PS045 1:4 the quote that opens here is never closed"]);
    assert_eq!(bad("a: 'it's'\n").1, ["PS045 1:8 text goes on behind the closing quote"]);
}

#[test]
fn other_syntax_errors_have_a_place_and_a_mend() {
    for (source, place) in [
        ("doc: Wrong: it\n", "1:11"),
        ("a: [1, 2\nb: 3\n", "2:2"),
        ("a: {b: 1\nc: 2\n", "2:2"),
        ("a: }\n", "1:4"),
        ("a:\n  b: 1\n c: 2\n", "3:2"),
        ("- a\nb: c\n", "2:1"),
        ("a: - b\n", "1:4"),
        ("a: | x\n", "1:4"),
        ("a: , b\n", "1:4"),
        ("a: \"\\q\"\n", "1:4"),
        ("a: {\n}\n", "2:1"),
        ("a: [b", "1:5"),
    ] {
        let (node, said) = bad(source);
        assert!(node.is_none(), "{source:?}");
        assert_eq!(said.len(), 1, "{source:?}: {said:?}");
        assert!(said[0].starts_with(&format!("PS045 {place} ")), "{source:?}: {said:?}");
        assert!(!mend(source).is_empty(), "{source:?}");
    }
}

#[test]
fn control_characters_are_refused() {
    assert_eq!(bad("a: b\r\nc: 支\u{7}\n").1, ["PS045 2:5 the invisible character U+0007 is not allowed"]);
    assert_eq!(bad("a: \u{feff}b\n").1, ["PS045 1:4 the invisible character U+FEFF is not allowed"]);
}

#[test]
fn nesting_is_read_to_its_limit_and_no_deeper() {
    let nested = |depth: usize| format!("a: 1\nb: {}x{}\nc: 2\n", "[".repeat(depth), "]".repeat(depth));
    good(&nested(31));
    let (node, said) = bad(&nested(32));
    assert_eq!(said, ["PS051 2:35 more than 32 lists and maps inside each other"]);
    assert_eq!(node.unwrap().get("c").and_then(Node::text), Some("2"), "reading goes on behind it");
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let source = "a: b\n".repeat(300_000);
    let (node, said) = bad(&source);
    assert!(node.is_none());
    assert_eq!(said, ["PS052 1:1 the file has 1500000 bytes, at most 1048576 are read"]);
}

#[test]
fn the_code_of_a_syntax_error_stops_the_compilation() {
    let mut diagnostics = Diagnostics::new();
    assert!(read("a: @b", &mut diagnostics).is_none());
    assert!(diagnostics.has_errors());
    assert_eq!(diagnostics.iter().next().unwrap().code, Code::NotYaml);
}
