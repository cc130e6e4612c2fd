//! What a diagnostic looks like, and what the collector keeps.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

use payspec_codegen::codes::Code;
use payspec_codegen::diagnostic::{Diagnostic, Diagnostics, Position, Severity, Span, did_you_mean};

fn span(line: usize, from: usize, to: usize) -> Span {
    Span { start: Position { line, column: from }, end: Position { line, column: to } }
}

#[test]
fn a_diagnostic_has_the_shape_of_rustc() {
    let source = "types:\n  Demo:\n    fields:\n      reason: { lenght: 1..254 }\n";
    let found = Diagnostic::new(Code::UnknownKey, span(4, 17, 23), "unknown key `lenght` in field `reason`")
        .mend("did you mean `length`?\nfor text the length is the value: `text: 1..254`");
    let wanted = "\
error[PS002]: unknown key `lenght` in field `reason`
  --> specs/demo.yaml:4:17
   |
 4 |       reason: { lenght: 1..254 }
   |                 ^^^^^^
   = help: did you mean `length`?
           for text the length is the value: `text: 1..254`
";
    assert_eq!(found.render("specs/demo.yaml", source), wanted);
}

#[test]
fn related_places_follow_with_their_own_excerpt() {
    let source = "a: 1\n".repeat(12);
    let found = Diagnostic::new(Code::DuplicateKey, span(12, 1, 2), "duplicate key `a`; first at 3:1")
        .related(span(3, 1, 2), "first here");
    let wanted = "\
error[PS003]: duplicate key `a`; first at 3:1
   --> demo.yaml:12:1
    |
 12 | a: 1
    | ^
note: first here
   --> demo.yaml:3:1
    |
  3 | a: 1
    | ^
";
    assert_eq!(found.render("demo.yaml", &source), wanted);
}

#[test]
fn the_caret_stands_below_the_word_behind_wide_characters() {
    let source = "支付: { doc: 测试 }\n";
    let found =
        Diagnostic::new(Code::UnknownKey, span(1, 7, 10), "unknown key `doc`").render("a.yaml", source);
    // Two characters of width two, then `: { `: eight columns.
    assert!(found.ends_with(" 1 | 支付: { doc: 测试 }\n   |         ^^^\n"), "{found}");
    let wide = Diagnostic::new(Code::UnknownKey, span(1, 12, 14), "x").render("a.yaml", source);
    assert!(wide.ends_with("\n   |              ^^^^\n"), "{wide}");
}

#[test]
fn a_tab_is_four_columns() {
    let found = Diagnostic::new(Code::NotYaml, span(1, 2, 3), "x").render("a.yaml", "\tb: 1\n");
    assert!(found.ends_with(" 1 |     b: 1\n   |     ^\n"), "{found}");
}

#[test]
fn a_span_of_several_lines_is_underlined_on_its_first_line() {
    let several = Span { start: Position { line: 1, column: 4 }, end: Position { line: 2, column: 3 } };
    let found = Diagnostic::new(Code::NotText, several, "x").render("a.yaml", "a: [1,  \n 2]\n");
    assert!(found.ends_with(" 1 | a: [1,\n   |    ^^^\n"), "{found}");
}

#[test]
fn a_place_behind_the_file_is_named_without_an_excerpt() {
    let found = Diagnostic::new(Code::NotYaml, span(9, 1, 1), "x").render("a.yaml", "a: 1\n");
    assert_eq!(found, "error[PS045]: x\n  --> a.yaml:9:1\n");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_not_move_the_caret() {
    let found =
        Diagnostic::new(Code::NotText, span(1, 4, 5), "x").render("a.yaml", "\u{feff}a: b\r\nc: d\r\n");
    assert!(found.ends_with(" 1 | a: b\n   |    ^\n"), "{found}");
}

#[test]
fn a_long_line_is_cut_around_the_mistake() {
    let source = format!("{}HERE{}", "a".repeat(50_000), "b".repeat(50_000));
    let found = Diagnostic::new(Code::NotText, span(1, 50_001, 50_005), "x").render("a.yaml", &source);
    assert!(found.len() < 600, "{}", found.len());
    let mut lines = found.lines().skip(3);
    let (line, carets) = (lines.next().unwrap(), lines.next().unwrap());
    assert_eq!(line.find("HERE"), carets.find('^'));
    assert_eq!(carets.matches('^').count(), 4);
}

#[test]
fn control_and_direction_characters_of_a_file_do_not_reach_the_terminal() {
    let source = "a: \u{1b}[31m\u{202e}b\n";
    let found =
        Diagnostic::new(Code::NotText, span(1, 1, 2), "key `\u{1b}[2J\n`").render("a\u{7}.yaml", source);
    assert!(!found.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{found:?}");
    assert!(found.starts_with("error[PS048]: key `\\u{1b}[2J\\n`\n"), "{found}");
}

#[test]
fn diagnostics_are_sorted_by_place_and_said_once() {
    let mut all = Diagnostics::new();
    all.push(Diagnostic::new(Code::UnknownKey, span(2, 1, 2), "second"));
    all.push(Diagnostic::new(Code::UnknownType, span(1, 5, 6), "first, later code"));
    all.extend([
        Diagnostic::new(Code::UnknownKey, span(1, 5, 6), "first"),
        Diagnostic::new(Code::UnknownKey, span(2, 1, 2), "second"),
        Diagnostic::new(Code::UnknownKey, span(2, 1, 2), "second, other words"),
    ]);
    let messages: Vec<&str> = all.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(messages, ["first", "first, later code", "second", "second, other words"]);
}

#[test]
fn only_errors_stop_the_compilation() {
    let mut all = Diagnostics::new();
    all.push(Diagnostic::new(Code::UnusedType, Span::default(), "w"));
    all.push(Diagnostic::new(Code::UncoveredField, Span::default(), "n"));
    assert!(!all.has_errors());
    all.push(Diagnostic::new(Code::UnknownKey, Span::default(), "e"));
    assert!(all.has_errors());
}

#[test]
fn a_flood_is_bounded_and_does_not_hide_that_there_is_an_error() {
    let mut all = Diagnostics::new();
    all.extend((1..5000).map(|line| Diagnostic::new(Code::UnusedType, span(line, 1, 2), "w")));
    assert_eq!(all.len(), 1000);
    all.push(Diagnostic::new(Code::UnknownKey, span(6000, 1, 2), "e"));
    assert!(all.has_errors());
    assert!(all.render("a.yaml", "").ends_with("\n... and 901 more\n"));
}

#[test]
fn the_nearest_word_is_suggested() {
    let known = ["text", "length", "outer_trade_no", "sign_type"];
    let guess = |word| did_you_mean(word, known.into_iter());
    assert_eq!(guess("lenght"), Some("length"), "swapped neighbours");
    assert_eq!(guess("TEXT"), Some("text"), "case");
    assert_eq!(guess("outerTradeNo"), Some("outer_trade_no"), "another naming habit");
    assert_eq!(guess("signtype"), Some("sign_type"));
}

#[test]
fn a_word_that_is_far_from_all_is_not_guessed() {
    let known = ["text", "url", "no"];
    for word in ["amount", "u", "", "next_one", "支付", &"t".repeat(100_000)] {
        assert_eq!(did_you_mean(word, known.into_iter()), None, "{word}");
    }
}

#[test]
fn numbers_are_in_order_and_lead_back_to_their_code() {
    let numbers: Vec<&str> = Code::ALL.iter().map(|code| code.number()).collect();
    assert!(numbers.windows(2).all(|two| two[0] < two[1]), "each number once, in order: {numbers:?}");
    for code in Code::ALL {
        let digits = code.number().strip_prefix("PS").unwrap();
        assert!(digits.len() == 3 && digits.bytes().all(|digit| digit.is_ascii_digit()), "{code}");
        assert_eq!(Code::from_number(code.number()), Some(*code));
    }
    assert_eq!(Code::from_number("ps012"), Some(Code::SecretWouldBeSent));
    assert_eq!(Code::from_number("PS12"), None);
    assert_eq!(Code::from_number("PS999"), None);
}

#[test]
fn every_code_is_explained_in_sentences() {
    for code in Code::ALL {
        let explanation = code.explain();
        assert!(explanation.len() > 60, "{code}");
        assert!(!explanation.contains("  ") || explanation.contains("\n\n    "), "{code}: {explanation}");
        assert!(!code.title().ends_with('.') && !code.title().is_empty(), "{code}");
    }
}

#[test]
fn warnings_can_be_accepted_and_few_errors() {
    assert!(Code::WeakAlgorithm.can_be_accepted());
    assert_eq!(Code::WeakAlgorithm.severity(), Severity::Warning);
    let errors: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| code.severity() == Severity::Error && code.can_be_accepted())
        .map(|code| code.number())
        .collect();
    assert_eq!(errors, ["PS012", "PS100", "PS102"]);
}
