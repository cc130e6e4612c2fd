//! Whatever bytes come: no panic, no endless loop, bounded memory, and a reason wherever there is no tree.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

use std::time::{Duration, Instant};

use payspec_codegen::diagnostic::Diagnostics;
use payspec_codegen::read::{self, LARGEST, Map, Node, read};

/// Pieces of real files: flow and block, quotes, wide characters, folded text, comments, dotted and numeric keys.
const SPEC: &str = r#"payspec: 1

provider:
  name: demo_pay
  title: Demo payment (综合支付)
  doc: >-
    Runs under several brands. Every merchant is given an address. One order call opens
    Alipay, WeChat or online-bank payment in the buyer's browser.
  sources:
    java_client: { mark: client_code, title: "package com.example, 2019" }

signatures:
  request:
    fields: all                      # values are signed as they are
    add: { secret: "{credential:secret}" }
    pair: "{name}={value}"
    join: "&"
  notify: { like: request, empties: keep, also_accept: [ { except: [is_jump] } ] }

types:
  BankCode:
    values:
      901: { name: Wallet, doc: "Wallet in a mobile browser (支付)." }
      -1:  { name: Paying, outcome: pending, doc: "Being paid." }

operations:
  unified_order:
    fields:
      openid?:      { text: 1.., sensitive: true, doc: "Account (公众号openid)." }
      redirect_url:
        text: any                    # not a url
        example: 'call("tradePay")'
    rules:
      - { any_of: [out_trade_no, trade_no], source: inferred }
      - among: { field: a, values: [b.c, d] }
"#;

/// Reads, also as a model of maps, and checks what must hold for any text.
fn survive(source: &str) {
    let mut diagnostics = Diagnostics::new();
    let tree = read(source, &mut diagnostics);
    assert!(tree.is_some() || diagnostics.has_errors(), "no tree and no reason: {source:?}");
    if let Some(node) = tree {
        let _: Option<Map<Map<Node>>> = read::from_node(&node, "the file", &mut diagnostics);
    }
    let text = diagnostics.render("a.yaml", source);
    assert_eq!(text.is_empty(), diagnostics.is_empty());
}

/// A small generator, the same numbers in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }
}

#[test]
fn the_sample_is_good_yaml() {
    let mut diagnostics = Diagnostics::new();
    assert!(read(SPEC, &mut diagnostics).is_some());
    assert!(diagnostics.is_empty(), "{}", diagnostics.render("a.yaml", SPEC));
}

#[test]
fn every_truncation_is_survived() {
    for (end, _) in SPEC.char_indices() {
        survive(&SPEC[..end]);
    }
}

#[test]
fn mutations_are_survived() {
    const PIECES: &[&str] = &[
        "{", "}", "[", "]", ":", ": ", ",", "\n", "\n\n", "  ", "\t", "\"", "'", "&", "&a ", "*", "*a", "!",
        "!!x ", "?", "? ", "- ", "|", ">", "%", "@", "`", "#", " #", "<<: ", "---\n", "...\n", "\r",
        "\u{feff}", "\u{0}", "支", "\\", "\"\\x", "=",
    ];
    let mut dice = Dice(7);
    for _ in 0..4000 {
        let mut text: Vec<char> = SPEC.chars().collect();
        for _ in 0..=dice.throw(4) {
            let at = dice.throw(text.len());
            let gone = at + dice.throw(3).min(text.len() - at);
            text.splice(at..gone, PIECES[dice.throw(PIECES.len())].chars());
        }
        survive(&text.into_iter().collect::<String>());
    }
}

#[test]
fn random_characters_are_survived() {
    let mut dice = Dice(11);
    let yaml: Vec<char> = "{}[]:,\n \t\"'&*!?-|>%@`#<a1\r支~.\\=".chars().collect();
    for _ in 0..20_000 {
        let length = dice.throw(40);
        survive(&(0..length).map(|_| yaml[dice.throw(yaml.len())]).collect::<String>());
    }
    for _ in 0..2000 {
        let bytes: Vec<u8> = (0..dice.throw(200)).map(|_| u8::try_from(dice.throw(256)).unwrap()).collect();
        survive(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn the_billion_laughs_are_not_laughed() {
    let mut source = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n".to_owned();
    for level in 1..30 {
        let items = vec![format!("*a{}", level - 1); 9].join(", ");
        source.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    let mut diagnostics = Diagnostics::new();
    let node = read(&source, &mut diagnostics).unwrap();
    assert_eq!(node.entries().len(), 30);
    assert_eq!(diagnostics.len(), 30 + 29 * 9);
}

#[test]
fn large_hostile_files_end_soon() {
    let filled = |piece: &str| piece.repeat(LARGEST / piece.len());
    let wide = |piece: &dyn Fn(usize) -> String| (0..40_000).map(piece).collect::<String>();
    let sources = [
        "[".repeat(100_000),
        "{".repeat(100_000),
        "{a: ".repeat(100_000),
        filled("["),
        filled("- "),
        filled("? "),
        filled("[]"),
        filled("a: "),
        filled("a\n"),
        filled("- a\n"),
        filled("\n"),
        filled(" "),
        filled("#"),
        filled("!"),
        filled("&a "),
        filled("'"),
        filled("\""),
        filled("%"),
        filled("---\n"),
        format!("[{}]", filled("a,")),
        format!("[{}", "*a, ".repeat(LARGEST / 5)),
        format!("{{{}}}", wide(&|i| format!("k{i}, "))),
        wide(&|i| format!("k{i}: {{}}\n")),
        wide(&|i| format!("k: {i}\n")),
        wide(&|i| format!("{}k:\n", " ".repeat(i.min(20)))),
        (0..1400).map(|i| format!("{}k:\n", " ".repeat(i))).collect(),
        format!("{}{}", filled("[").split_at(250).0, "a,".repeat(400_000)),
        format!("\"{}", filled("a ")).chars().take(LARGEST).collect(),
        format!("|\n{}", filled(" a\n")).chars().take(LARGEST).collect(),
    ];
    for source in sources {
        let start = Instant::now();
        survive(&source);
        let head: String = source.chars().take(12).collect();
        // Generous: an unoptimised build on a busy machine. What this finds is quadratic and takes minutes.
        assert!(start.elapsed() < Duration::from_secs(20), "{head:?} took {:?}", start.elapsed());
    }
}
