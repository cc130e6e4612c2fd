//! The reference pages of every spec in a real browser: on a phone and on a desk, light and dark.
//!
//! Behind the feature `system`, because it needs Chromium and its driver (Debian: `chromium`, `chromium-driver`). The
//! checks run inside the page (`pages/check.js`): nothing scrolls sideways, everything has a label, every text can be
//! read against what is behind it. What is asked for is counted by the server that the pages come from.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

#[path = "pages/driver.rs"]
mod driver;
#[path = "pages/server.rs"]
mod server;

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use payspec_reference::{Document, html, index, page};
use serde_json::Value;

use self::{driver::Browser, server::Server};

const CHECK: &str = include_str!("pages/check.js");
const WIDTHS: [u32; 2] = [390, 1280];

/// The page of every spec, and the index of them.
fn pages() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut documents: Vec<Document> = Vec::new();
    for folder in ["specs", "tests/protocols", "tests/specs"] {
        let mut files: Vec<_> =
            fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files {
            let name = file.to_string_lossy().into_owned();
            if !name.ends_with(".yaml") || name.ends_with(".vectors.yaml") {
                continue;
            }
            let text = fs::read_to_string(&file).unwrap();
            let compiled = payspec_codegen::compile(&text, &name).unwrap_or_else(|report| panic!("{report}"));
            let provider = Arc::new(compiled.provider);
            let beside = payspec_vectors::beside(&file);
            let vectors = fs::read_to_string(&beside).unwrap();
            let vectors = payspec_vectors::read(&vectors, &beside, &provider)
                .unwrap_or_else(|report| panic!("{report}"));
            documents.push(page(&provider, &text, Some(&vectors)));
        }
    }
    assert!(documents.len() > 40, "only {} specs", documents.len());
    documents.push(index(&documents));
    let written =
        documents.iter().enumerate().map(|(at, page)| (format!("/{at}-{}", page.file()), html(page)));
    written.collect()
}

fn browser(name: &str) -> Browser {
    let profile =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("chromium-{name}-{}", std::process::id()));
    Browser::start(&profile)
}

/// What is wrong with the page that is open.
fn complaints(browser: &Browser) -> Vec<String> {
    let found = browser.run(CHECK);
    let found = found.as_array().unwrap_or_else(|| panic!("no list: {found}"));
    found.iter().map(|text| text.as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn every_page_is_readable_on_a_phone_and_on_a_desk_in_light_and_in_dark() {
    let pages = pages();
    let server = Server::start(pages.clone());
    let browser = browser("readable");
    let mut wrong = Vec::new();
    for width in WIDTHS {
        for is_dark in [false, true] {
            browser.screen(width, is_dark);
            for path in pages.keys() {
                browser.open(&server.address(path));
                let found = complaints(&browser);
                wrong.extend(
                    found.into_iter().map(|text| format!("{path} at {width}, dark {is_dark}: {text}")),
                );
                assert_eq!(server.asked(), [path.as_str()], "the page asks for nothing but itself");
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_keyboard_finds_its_way() {
    let pages = pages();
    let path = pages.keys().next().unwrap().clone();
    let server = Server::start(pages);
    let browser = browser("keyboard");
    browser.screen(390, false);
    browser.open(&server.address(&path));
    for expected in ["Skip to the content", "the checklist"] {
        browser.press_tab();
        let state = browser.run(
            "const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
             return [e.textContent, s.outlineStyle, b.left >= 0 && b.top >= 0 && b.right <= innerWidth];",
        );
        assert_eq!(state, serde_json::json!([expected, "solid", true]));
    }
}

/// The checks themselves: each fault that they look for is found where it is planted.
#[test]
fn a_page_with_faults_is_complained_about() {
    let faults = [
        ("wide", "<div style='width:900px'>wide</div>", "scrolls sideways"),
        ("pale", "<p class='pale'>pale</p>", "contrast 1."),
        ("nameless", "<a href='#top'></a>", "no name"),
        ("lost", "<a href='#nowhere'>there</a>", "leads nowhere"),
        ("jump", "<h4>deep</h4>", "heading jumps"),
        ("bare", "<table><tbody><tr><td>a</td></tr></tbody></table>", "no header cells"),
        ("asking", "<img src='/picture.png' alt=''>", "asked for"),
        ("twice", "<p id='top'>again</p>", "id twice"),
    ];
    let whole = |fault: &str| {
        let words = "<p>some words</p>".repeat(12);
        format!(
            "<!doctype html><html lang=en><meta name=viewport content='width=device-width'><title>t</title>
             <style>:root{{color-scheme:light}}.pale{{color:#ddd;background:#fff}}</style>
             <body style='background:#fff;color:#000'><h1 id=top>t</h1>{words}{fault}</body></html>"
        )
    };
    let pages = faults.iter().map(|(name, fault, _)| (format!("/{name}"), whole(fault))).collect();
    let server = Server::start(pages);
    let browser = browser("faults");
    browser.screen(390, false);
    for (name, _, expected) in faults {
        browser.open(&server.address(&format!("/{name}")));
        let found = complaints(&browser);
        assert!(found.iter().any(|text| text.starts_with(expected)), "{name}: {found:?}");
    }
    assert!(server.asked().contains(&"/picture.png".to_owned()), "the server notices what a page asks for");
    assert_eq!(browser.run("return null"), Value::Null);
}
