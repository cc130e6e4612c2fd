//! A provider is data: no source file of the compiler, the runtime or the tools knows one by name.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Names of shipped providers and of others that a habit of thinking could bring in.
const NAMES: [&str; 10] = [
    "guanaitong",
    "ysepay",
    "aggregate_pay",
    "aggregate-pay",
    "alipay",
    "wechat",
    "stripe",
    "redsys",
    "paytm",
    "ecpay",
];

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
        hits.extend(NAMES.iter().filter(|name| line.contains(**name)).map(|name| (index + 1, *name)));
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
fn the_search_finds_a_name_in_a_comment() {
    assert_eq!(named_in("// one\n// as Alipay does\n"), [(2, "alipay")]);
}
