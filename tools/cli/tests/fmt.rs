//! `payspec fmt`, run as a user runs it: the form that it gives, the comments that it keeps, the files that it leaves.
//!
//! The inputs of the snapshots lie in `fmt/`, each named after what is tricky in it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "fmt/random.rs"]
mod random;

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use payspec_codegen::diagnostic::Diagnostics;
use payspec_codegen::read::{Node, NodeValue, read};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The YAML files of a folder of the tree.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension() == Some(OsStr::new("yaml"))).collect();
    files.sort();
    assert!(!files.is_empty(), "{folder} has no specs");
    files
}

fn fmt(arguments: &[&OsStr], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_payspec"))
        .arg("fmt")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    // Closed early where the command reads a file instead.
    let _ = writer.join().unwrap();
    output
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What a text becomes on its way through the pipe.
fn formatted(input: &str) -> String {
    let output = fmt(&[OsStr::new("-")], input);
    assert_eq!(output.status.code(), Some(0), "{}\n{input}", text(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn tree(text: &str) -> Option<Node> {
    let mut diagnostics = Diagnostics::new();
    read(text, &mut diagnostics).filter(|_| !diagnostics.has_errors())
}

/// The texts of a tree, the keys of every map sorted: what has to be equal whatever the order.
fn content(node: &Node) -> String {
    match &node.value {
        NodeValue::Null => "~".to_owned(),
        NodeValue::Scalar(scalar) => format!("{:?}", scalar.text),
        NodeValue::Sequence(items) => {
            format!("[{}]", items.iter().map(content).collect::<Vec<_>>().join(", "))
        }
        NodeValue::Mapping(entries) => {
            let entry = |(key, value): &(_, Node)| {
                let key: &payspec_codegen::read::Key = key;
                format!("{:?}: {}", key.text, content(value))
            };
            let mut entries: Vec<String> = entries.iter().map(entry).collect();
            entries.sort_unstable();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// The names that the author gave, in their order: the keys of the maps at such a path.
fn names<'n>(node: &'n Node, path: &[&str]) -> Vec<&'n str> {
    match path {
        [] => node.entries().iter().map(|(key, _)| key.text.as_str()).collect(),
        ["*", rest @ ..] => node.entries().iter().flat_map(|(_, value)| names(value, rest)).collect(),
        [key, rest @ ..] => node.get(key).map(|value| names(value, rest)).unwrap_or_default(),
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fmt").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

macro_rules! tricky {
    ($($name:ident)*) => { $(
        #[test]
        fn $name() {
            let input = include_str!(concat!("fmt/", stringify!($name), ".yaml"));
            let output = formatted(input);
            insta::assert_snapshot!(stringify!($name), output);
            assert_eq!(formatted(&output), output, "formatting once is enough");
            assert_eq!(formatted(&input.replace('\n', "\r\n")), output, "line ends make no difference");
            assert_eq!(content(&tree(input).unwrap()), content(&tree(&output).unwrap()));
        }
    )* };
}

tricky! { comments flow_in_flow lists chinese quotes blocks empty order vectors }

#[test]
fn every_spec_of_the_tree_is_in_canonical_form() {
    let files: Vec<PathBuf> = ["specs", "tests/protocols"].iter().flat_map(|folder| files(folder)).collect();
    let mut arguments = vec![OsStr::new("--check")];
    arguments.extend(files.iter().map(|file| file.as_os_str()));
    let output = fmt(&arguments, "");
    assert_eq!(output.status.code(), Some(0), "run `payspec fmt` on\n{}", text(&output.stdout));
}

#[test]
fn no_spec_changes_its_meaning() {
    let folder = folder("meaning");
    let places = [
        "specs",
        "tests/protocols",
        "tests/specs",
        "tests/faults",
        "codegen/tests/specs",
        "codegen/tests/mistakes",
    ];
    let mut copies = Vec::new();
    for (number, file) in places.iter().flat_map(|place| files(place)).enumerate() {
        let Ok(before) = fs::read_to_string(&file) else { continue };
        let copy = folder.join(format!("{number}.yaml"));
        fs::write(&copy, &before).unwrap();
        copies.push((file, copy, before));
    }
    fmt(&copies.iter().map(|(_, copy, _)| copy.as_os_str()).collect::<Vec<_>>(), "");
    let once: Vec<String> = copies.iter().map(|(_, copy, _)| fs::read_to_string(copy).unwrap()).collect();
    let (mut changed, mut left) = (0, 0);
    for ((file, _, before), after) in copies.iter().zip(&once) {
        let Some(tree_before) = tree(before) else {
            assert_eq!(before, after, "{} is no spec and is left as it is", file.display());
            left += 1;
            continue;
        };
        let tree_after = tree(after).unwrap();
        assert_eq!(content(&tree_before), content(&tree_after), "{}", file.display());
        for path in [
            &["types"][..],
            &["types", "*", "fields"],
            &["types", "*", "values"],
            &["operations"],
            &["operations", "*", "fields"],
            &["operations", "*", "reply"],
            &["callbacks", "*", "fields"],
            &["envelopes", "*", "request", "fields"],
            &["signatures"],
            &["signatures", "*", "add"],
            &["credentials"],
            &["errors", "values", "*"],
            &["vectors"],
            &["vectors", "*", "inputs"],
        ] {
            assert_eq!(names(&tree_before, path), names(&tree_after, path), "{} in {path:?}", file.display());
        }
        changed += usize::from(before != after);
    }
    assert!(changed > 50 && left > 3, "{changed} formatted, {left} left: is this the tree?");
    let output = fmt(&copies.iter().map(|(_, copy, _)| copy.as_os_str()).collect::<Vec<_>>(), "");
    assert!(!text(&output.stderr).contains(" formatted"), "once is enough");
    assert!(!text(&output.stderr).contains("defect"), "{}", text(&output.stderr));
}

#[test]
fn a_file_is_written_in_place_and_named() {
    let folder = folder("in_place");
    let (file, good) = (folder.join("demo.yaml"), folder.join("good.yaml"));
    fs::write(&file, "payspec: 1\r\nprovider: {name: demo}").unwrap();
    fs::write(&good, "payspec: 1\n\nprovider: { name: demo }\n").unwrap();
    let output = fmt(&[file.as_os_str(), good.as_os_str()], "");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), format!("{} formatted\n", file.display()), "only what changed");
    assert!(output.stdout.is_empty());
    assert_eq!(fs::read_to_string(&file).unwrap(), "payspec: 1\n\nprovider: { name: demo }\n");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "nothing else is left behind");
}

#[cfg(unix)]
#[test]
fn permissions_and_links_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("permissions");
    let (file, link) = (folder.join("demo.yaml"), folder.join("link.yaml"));
    fs::write(&file, "provider: {name: demo}\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&file, &link).unwrap();
    assert_eq!(fmt(&[link.as_os_str()], "").status.code(), Some(0));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&file).unwrap(), "provider: { name: demo }\n");
}

#[test]
fn check_names_files_and_changes_nothing() {
    let file = folder("check").join("demo.yaml");
    let before = "payspec: 1\n\nprovider: {name: demo}\n";
    fs::write(&file, before).unwrap();
    let output = fmt(&[OsStr::new("--check"), file.as_os_str()], "");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), format!("{}\n", file.display()));
    let difference =
        format!("{}:3\n- provider: {{name: demo}}\n+ provider: {{ name: demo }}\n", file.display());
    assert_eq!(text(&output.stderr), difference);
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
}

#[test]
fn a_file_that_is_no_yaml_is_reported_and_left() {
    let folder = folder("no_yaml");
    for (name, before) in [
        ("syntax", "payspec: 1\nprovider: { name: demo\n"),
        ("duplicate", "payspec: 1\nprovider: { name: a, name: b }\n"),
        ("comma", "payspec: 1\nprovider: { doc: one, or two }\n"),
        ("alias", "payspec: 1\nprovider: &a { name: demo }\n"),
        ("tab", "payspec: 1\nprovider:\n\tname: demo\n"),
    ] {
        let file = folder.join(format!("{name}.yaml"));
        fs::write(&file, before).unwrap();
        let output = fmt(&[file.as_os_str()], "");
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(text(&output.stderr).contains(&format!("{name}.yaml:")), "{}", text(&output.stderr));
        assert_eq!(fs::read_to_string(&file).unwrap(), before, "{name}");
    }
}

#[test]
fn what_cannot_be_read_is_no_mistake_of_the_spec() {
    let folder = folder("unreadable");
    let good = folder.join("good.yaml");
    fs::write(&good, "provider: {name: demo}\n").unwrap();
    let output = fmt(&[folder.join("none.yaml").as_os_str(), folder.as_os_str(), good.as_os_str()], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("is a directory"), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(&good).unwrap(), "provider: { name: demo }\n", "the others are formatted");
}

#[test]
fn yaml_of_another_kind_is_left() {
    let file = folder("other").join("compose.yaml");
    let before = "services:\n    web: {image: nginx}\n";
    fs::write(&file, before).unwrap();
    let output = fmt(&[file.as_os_str()], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("neither a spec nor"), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
}

#[test]
fn large_and_deep_files_are_handled_within_seconds() {
    let long_line = format!(
        "payspec: 1\ntypes: {{ {} }}\n",
        (0..5_000).map(|n| format!("类{n}: {{ doc: x }}")).collect::<Vec<_>>().join(", ")
    );
    let deep = format!("payspec: 1\ntypes: {}{}\n", "[".repeat(30), "]".repeat(30));
    let bottomless = format!("payspec: 1\ntypes: {}\n", "[".repeat(100_000));
    for (input, code) in [(long_line, 0), (deep, 0), (bottomless, 1)] {
        let begun = std::time::Instant::now();
        let output = fmt(&[OsStr::new("-")], &input);
        assert_eq!(output.status.code(), Some(code), "{:.300}", text(&output.stderr));
        assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    }
}
