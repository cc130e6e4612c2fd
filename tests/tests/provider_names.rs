//! A provider is data: no source file of the compiler, the runtime or the tools knows one by name.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Distinctive words of the names of the shipped providers and of those of the sample, wherever they stand in a line.
const NAMES: [&str; 52] = [
    "guanaitong",
    "ysepay",
    "aggregate_pay",
    "aggregate-pay",
    "alipay",
    "authnet",
    "authorize.net",
    "authorizenet",
    "binance",
    "bluesnap",
    "cardbizpay",
    "cashfree",
    "checkout finland",
    "checkout_finland",
    "cybersource",
    "defupay",
    "dotpay",
    "easypay",
    "ecpay",
    "esewa",
    "fiserv",
    "fiuu",
    "ingenico",
    "klarna",
    "maksuturva",
    "midtrans",
    "molpay",
    "ninedg",
    "novalnet",
    "ogone",
    "opayo",
    "paxum",
    "paytm",
    "qiwi",
    "rbkmoney",
    "redsys",
    "robokassa",
    "sagepay",
    "saobei",
    "sofort",
    "stripe",
    "tegro",
    "trustpay",
    "twilio",
    "ums_open",
    "unionpay",
    "vnpay",
    "wechat",
    "weixin",
    "worldline",
    "worldpay",
    "支付宝",
];

/// Shorter ones, which other words could contain: as whole words only (`_` ends a word).
const WORDS: [&str; 10] = ["9dg", "doku", "migs", "momo", "ppro", "rbk", "shaout", "svea", "ums", "vcode"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

/// Every `.rs` file below a folder, `tests` and `target` left out: fixtures may name what they are made of.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" && name != "target" {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn named_in(text: &str) -> Vec<(usize, &'static str)> {
    let mut hits = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.to_lowercase();
        let words: Vec<&str> = line.split(|letter: char| !letter.is_alphanumeric()).collect();
        let names = NAMES.iter().filter(|name| line.contains(**name));
        let words = WORDS.iter().filter(|name| words.contains(name));
        hits.extend(names.chain(words).map(|name| (index + 1, *name)));
    }
    hits
}

#[test]
fn the_compiler_the_runtime_and_the_tools_know_no_provider() {
    let mut files = Vec::new();
    for folder in ["codegen", "runtime", "tools"] {
        sources(&root().join(folder), &mut files);
    }
    assert!(files.len() > 30, "the sources were found");
    let mut hits = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a readable source file");
        hits.extend(
            named_in(&text).into_iter().map(|(line, name)| format!("{}:{line}: {name}", file.display())),
        );
    }
    assert!(hits.is_empty(), "a provider is named where providers are data:\n{}", hits.join("\n"));
}

#[test]
fn the_search_finds_a_name_in_a_comment_and_a_short_one_as_a_word_only() {
    assert_eq!(named_in("// one\n// as Alipay does\n"), [(2, "alipay")]);
    assert_eq!(named_in("fn ppro_webhook() {}\nsupport, approach, columns"), [(1, "ppro")]);
}
