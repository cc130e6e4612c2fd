//! `payspec doc`, run as a user runs it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn doc(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_payspec")).arg("doc").args(arguments).output().expect("the command runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A directory of this test alone, empty.
fn room(name: &str) -> PathBuf {
    let room = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("doc-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&room);
    fs::create_dir_all(&room).unwrap();
    room
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn files_in(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|entry| text(Path::new(&entry.unwrap().file_name()))).collect();
    names.sort();
    names
}

/// Every spec that is shipped, and the vectors between them, as `specs/*.yaml` names them.
fn shipped() -> Vec<String> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let mut files: Vec<String> = fs::read_dir(specs)
        .unwrap()
        .map(|entry| text(&entry.unwrap().path()))
        .filter(|name| name.ends_with(".yaml"))
        .collect();
    files.sort();
    files
}

const SMALL: &str = "\
payspec: 1
provider: { name: tiny, title: Tiny (小), doc: \"Only calls back.\", sources: { page: { mark: official, title: The page } } }
credentials:
  key: { secret: any, doc: \"The key.\", source: page }
signatures:
  notify:
    fields: all
    empties: keep
    order: by name
    pair: \"{name}={value}\"
    join: \"&\"
    algorithm: hmac-sha256
    key: key
    output: hex lower
    place: { field: sign }
    source: page
callbacks:
  paid:
    title: 支付通知
    doc: \"Paid <b>at once</b>.\"
    deliver: notify
    receive: POST form
    signature: notify
    source: page
    fields:
      order_no: { text: any, doc: \"Order (订单号).\", source: inferred }
      amount:   { amount: fen, doc: \"Amount.\" }
      sign:     { signature: any, doc: \"Signature.\" }
    outcome: { of: payment, always: paid }
    compare: [order_no, amount]
    once_per: [order_no]
    acknowledge: { accepted: ok, again: fail }
    retries: unknown
";

const VECTORS: &str = "\
payspec: 1
vectors_of: tiny
test_credentials: { test: { key: very-secret-key } }
vectors:
  paid_once:
    callback: paid
    provenance: official
    source: page
    credentials: test
    body: \"order_no=A1&amount=100&sign=68bd0b7ee8ac2f3e7e7b9a0ca1f03f8b4b8f0f3a4a7a0f4c7b1f0a3f4c2d1e0f\"
";

fn small(room: &Path) -> String {
    let path = room.join("tiny.yaml");
    fs::write(&path, SMALL).unwrap();
    text(&path)
}

#[test]
fn a_page_of_each_form_is_written_and_said() {
    let room = room("forms");
    let out = room.join("made").join("here");
    let output = doc(&[&small(&room), "--out", &text(&out)]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(files_in(&out), ["tiny.html", "tiny.md"]);
    assert!(output.stdout.is_empty());
    assert!(stderr(&output).contains("tiny.html"));
    let html = fs::read_to_string(out.join("tiny.html")).unwrap();
    assert!(html.starts_with("<!doctype html>"));
    assert!(html.contains("Paid &lt;b&gt;at once&lt;/b&gt;."));
}

#[test]
fn the_page_says_what_an_integrator_has_to_do() {
    let room = room("says");
    let output = doc(&[&small(&room), "--out", &text(&room), "--format", "markdown"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(files_in(&room), ["tiny.md", "tiny.yaml"]);
    let page = fs::read_to_string(room.join("tiny.md")).unwrap();
    for said in [
        "1. Take every parameter of query and form",
        "2. Leave out `sign`: the signature itself.",
        "Compute HMAC-SHA-256 over the bytes with the key [`key`](#credentials); it is written as lower-case hex.",
        "- **Compare**: `order_no`, `amount` with your own order, before you book",
        "- **Comes again**: when and how often is not known **\\[unknown\\]**",
        "- [ ] `key`: kept in a secret store",
        "[`paid`](#callback-paid): `order_no` **\\[inferred\\]**",
    ] {
        assert!(page.contains(said), "{said}\n\n{page}");
    }
}

#[test]
fn several_specs_have_an_index_and_vectors_files_are_passed_over() {
    let room = room("several");
    let shipped = shipped();
    let mut arguments: Vec<&str> = shipped.iter().map(String::as_str).collect();
    let out = text(&room);
    arguments.extend(["--out", &out, "--format", "html"]);
    let output = doc(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let names = files_in(&room);
    let specs = shipped.iter().filter(|name| !name.ends_with(".vectors.yaml")).count();
    assert_eq!(names.len(), specs + 1, "{names:?}");
    let index = fs::read_to_string(room.join("index.html")).unwrap();
    for name in names.iter().filter(|name| *name != "index.html") {
        assert!(index.contains(&format!("href=\"{name}\"")), "{name}");
    }
}

#[test]
fn the_same_spec_gives_the_same_page_again() {
    let room = room("again");
    let spec = small(&room);
    let run = || {
        let output = doc(&[&spec, "--out", &text(&room)]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        fs::read(room.join("tiny.html")).unwrap()
    };
    assert_eq!(run(), run());
}

#[test]
fn a_spec_with_a_mistake_writes_nothing() {
    let room = room("mistake");
    let bad = room.join("bad.yaml");
    fs::write(&bad, SMALL.replace("algorithm: hmac-sha256", "algorithm: hmac-sha257")).unwrap();
    let out = room.join("out");
    let output = doc(&[&small(&room), &text(&bad), "--out", &text(&out)]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("bad.yaml:12:"), "{}", stderr(&output));
    assert!(!out.exists(), "not even the directory");
}

#[test]
fn vectors_with_a_mistake_write_nothing_and_show_no_secret() {
    let room = room("vectors");
    fs::write(room.join("tiny.vectors.yaml"), VECTORS.replace("callback: paid", "callback: payd")).unwrap();
    let out = room.join("out");
    let output = doc(&[&small(&room), "--out", &text(&out)]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(!stderr(&output).contains("very-secret-key"));
    assert!(!out.exists());
}

#[test]
fn a_vector_that_does_not_fit_is_no_example_and_its_secret_stays_away() {
    let room = room("unfit");
    fs::write(room.join("tiny.vectors.yaml"), VECTORS).unwrap();
    let output = doc(&[&small(&room), "--out", &text(&room)]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for name in ["tiny.html", "tiny.md"] {
        let page = fs::read_to_string(room.join(name)).unwrap();
        assert!(!page.contains("very-secret-key"));
        assert!(!page.contains("Worked example"));
    }
}

#[test]
fn an_out_that_is_no_directory_cannot_be_written() {
    let room = room("no-directory");
    let spec = small(&room);
    for out in [spec.clone(), format!("{spec}/inside")] {
        let output = doc(&[&spec, "--out", &out]);
        assert_eq!(output.status.code(), Some(2), "{out}: {}", stderr(&output));
        assert!(stderr(&output).starts_with("error: "), "{}", stderr(&output));
    }
    assert_eq!(files_in(&room), ["tiny.yaml"]);
    assert_eq!(fs::read_to_string(spec).unwrap(), SMALL);
}

#[test]
fn a_directory_in_the_way_leaves_everything_as_it_was() {
    let room = room("in-the-way");
    let out = room.join("out");
    fs::create_dir_all(out.join("tiny.md")).unwrap();
    let output = doc(&[&small(&room), "--out", &text(&out)]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert_eq!(files_in(&out), ["tiny.md"]);
}

#[test]
fn two_specs_of_one_name_are_refused() {
    let room = room("twice");
    let spec = small(&room);
    let output = doc(&[&spec, &spec, "--out", &text(&room.join("out"))]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("`tiny`"));
    assert!(!room.join("out").exists());
}
