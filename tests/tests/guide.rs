//! The guide says what is built: every YAML block compiles, every signed text is what the recipe makes, the Rust
//! shown comes out, and every table of words is the table of the code.
//!
//! | mark before a block | what is held |
//! |---|---|
//! | none, and the block begins with `payspec: 1` | it compiles without errors |
//! | `walk: name` | all blocks of this name, one behind the other, compile without any diagnostic |
//! | `frame: path` | put into the frame at this path, it compiles without errors |
//! | `mistake: PS006, frame: path` | there, it gives exactly this code |
//! | `vectors: name` | its vectors hold for the spec of this name |
//! | `signs: recipe, a=1&b=2` | the text is what this recipe of the last spec signs; behind it `sign=` and the signature |
//! | `expands: item` | these lines stand in this item of the last spec, in this order |
//! | `shows: "a" instead of "b"` | exactly this is said about the last spec when `b` is replaced by `a` |
//! | `table: name` | see `tables` |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    unreachable_pub,
    missing_docs
)]

#[path = "guide/blocks.rs"]
mod blocks;
#[path = "guide/code.rs"]
mod code;
#[path = "guide/frame.rs"]
mod frame;
#[path = "guide/markdown.rs"]
mod markdown;
#[path = "guide/mistakes.rs"]
mod mistakes;
#[path = "guide/tables.rs"]
mod tables;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use payspec_codegen::codes::Code;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

/// Every page that shows the language, with its path from the root.
fn pages() -> Vec<(String, String)> {
    let entries =
        fs::read_dir(root().join("docs")).expect("docs").map(|entry| entry.expect("an entry").file_name());
    let mut files: Vec<String> = entries.map(|name| format!("docs/{}", name.to_string_lossy())).collect();
    files.retain(|file| file.ends_with(".md"));
    files.sort();
    files.extend(["README.md", "README.zh-CN.md", "CONTRIBUTING.md"].map(str::to_owned));
    let text = |file: String| (file.clone(), fs::read_to_string(root().join(&file)).expect("a page"));
    files.into_iter().map(text).collect()
}

fn guide() -> String {
    fs::read_to_string(root().join("docs/language.md")).expect("the guide")
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} things are wrong:\n\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn every_block_holds() {
    let wrong: Vec<String> = pages().iter().flat_map(|(file, text)| blocks::check(file, text)).collect();
    assert_none(&wrong);
}

#[test]
fn every_table_is_that_of_the_code() {
    assert_none(&tables::check(&guide()));
}

/// Keys and words of the model, and the keys of vectors files, are all in the guide.
#[test]
fn every_key_and_word_of_the_model_is_mentioned() {
    let model = ["", "/credential", "/field", "/message", "/recipe"]
        .map(|part| format!("codegen/src/model{part}.rs"));
    let mut files: Vec<&str> = model.iter().map(String::as_str).collect();
    files.push("tests/src/vectors/yaml.rs");
    let vectors = ["File", "Entry", "Wanted"]; // The others of that file are no part of the form.
    let text = guide();
    let mentioned = mentioned(&text);
    let mut missing = Vec::new();
    for file in files {
        let items = code::items(&[file]);
        let items =
            items.iter().filter(|item| !file.contains("vectors") || vectors.contains(&item.name.as_str()));
        for item in items {
            assert!(!item.words.is_empty() || file.contains("vectors"), "`{}` has no words", item.name);
            let words =
                item.words.iter().map(|(word, _)| word).filter(|word| !mentioned.contains(word.as_str()));
            missing.extend(
                words.map(|word| format!("`{word}` of `{}` ({file}) is not in the guide", item.name)),
            );
        }
    }
    assert!(mentioned.len() > 200, "the guide mentions words");
    assert_none(&missing);
}

/// Code spans as a whole and word by word, and the keys of YAML blocks.
fn mentioned(page: &str) -> BTreeSet<String> {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    let prose = markdown::prose(page);
    let mut words = BTreeSet::new();
    for line in prose.lines() {
        for span in markdown::code_spans(line) {
            words.insert(span.trim_matches('"').to_owned());
            words.extend(span.split(|letter| !is_letter(letter)).map(str::to_owned));
        }
    }
    for part in markdown::parts(page) {
        if let markdown::Content::Block { language, text } = part.content
            && language == "yaml"
        {
            let keys = text.split(':').filter_map(|before| before.rsplit(|letter| !is_letter(letter)).next());
            words.extend(keys.map(str::to_owned));
        }
    }
    words
}

#[test]
fn every_code_that_a_page_names_exists() {
    let mut wrong = Vec::new();
    for (file, text) in pages() {
        for rest in text.split("PS").skip(1) {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            // `PS000` is the example of a number.
            if digits.len() == 3 && digits != "000" && Code::from_number(&format!("PS{digits}")).is_none() {
                wrong.push(format!("{file}: there is no PS{digits}"));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut wrong = Vec::new();
    for (file, text) in pages() {
        for link in markdown::links(&text).iter().filter(|link| !link.starts_with("http")) {
            let (path, anchor) =
                link.split_once('#').map_or((link.as_str(), None), |(path, a)| (path, Some(a)));
            let folder = root().join(&file).parent().expect("a folder").to_path_buf();
            let target = if path.is_empty() { root().join(&file) } else { folder.join(path) };
            let found = fs::read_to_string(&target).is_ok_and(|page| {
                anchor.is_none_or(|anchor| markdown::anchors(&page).iter().any(|known| known == anchor))
            });
            if !found {
                wrong.push(format!("{file}: `{link}` leads nowhere"));
            }
        }
    }
    assert_none(&wrong);
}

/// `PAYSPEC_BLESS=1` writes `docs/mistakes.md` anew.
#[test]
fn the_page_of_mistakes_is_the_catalogue() {
    let path = root().join("docs/mistakes.md");
    let wanted = mistakes::page();
    if std::env::var_os("PAYSPEC_BLESS").is_some() {
        fs::write(&path, &wanted).expect("docs/mistakes.md can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "docs/mistakes.md is stale: run this test with PAYSPEC_BLESS=1");
}
