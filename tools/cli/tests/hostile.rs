//! Whatever is given to the command: an error that says what it is, within a second and with bounded memory.
//!
//! Exit code 2 where there is no text to check, 1 where the text has mistakes. Memory and time are bounded by the
//! operating system while the command runs, so that a file that is read as a whole, or twice too often, ends it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    missing_docs
)]

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Seconds of computing, in an unoptimised build on a slow machine; half of it is the promise, and an optimised build needs
/// a tenth. The clock is not asked: tests share the machine.
const SECONDS: u32 = 2;
/// Address space in KiB. The command alone needs some tens of MiB.
const MEMORY: u32 = 512 * 1024;
/// Seconds of the clock until waiting counts as hanging.
const PATIENCE: u32 = 60;
const MIB: usize = 1024 * 1024;

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn file(name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Checks a path, with bounded memory and time: beyond either the system ends the command.
fn check(path: &Path) -> Output {
    let script = format!("ulimit -v {MEMORY} -t {SECONDS}; exec timeout {PATIENCE} \"$0\" check \"$1\"");
    Command::new("bash")
        .args(["-c", &script, env!("CARGO_BIN_EXE_payspec")])
        .arg(path)
        .stdin(Stdio::null())
        .output()
        .expect("bash")
}

/// Checks a path, and demands the exit code and the words.
#[track_caller]
fn refused(path: &Path, exit: i32, words: &str) {
    let output = check(path);
    let said = text(&output.stderr);
    let status = output.status;
    assert_eq!(status.code(), Some(exit), "{}: {status}, {said:.2000}", path.display());
    assert!(said.contains(words), "{}: {said:.2000}", path.display());
    assert!(output.stdout.is_empty());
}

#[test]
fn what_is_no_file_cannot_be_read() {
    refused(&folder().join("absent.yaml"), 2, "absent.yaml cannot be read: No such file");
    refused(&folder(), 2, "is a directory");
    refused(&file("plain.yaml", "a: 1").join("below.yaml"), 2, "cannot be read");
    refused(Path::new("/dev/zero"), 2, "is no regular file");
    refused(Path::new("/dev/null"), 2, "is no regular file");
}

#[test]
fn a_pipe_that_nobody_fills_is_not_waited_for() {
    let path = folder().join("pipe.yaml");
    let _ = fs::remove_file(&path);
    assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
    refused(&path, 2, "is no regular file");
}

#[cfg(unix)]
#[test]
fn a_link_to_itself_is_not_followed_for_ever() {
    let path = folder().join("loop.yaml");
    let _ = fs::remove_file(&path);
    std::os::unix::fs::symlink(&path, &path).unwrap();
    refused(&path, 2, "cannot be read");
}

#[test]
fn what_is_no_text_is_called_so() {
    refused(&file("binary.yaml", b"\x7fELF\x02\x01\x01\0\0\0payspec: 1\n"), 2, "is a binary file");
    refused(&file("utf16.yaml", b"\xff\xfep\0a\0y\0"), 2, "is no UTF-8 text: byte 0, in line 1,");
    refused(&file("gbk.yaml", b"payspec: 1\ntitle: \xd6\xa7\xb8\xb6\n"), 2, "byte 20, in line 2,");
    let image: Vec<u8> = (0..=255).cycle().take(MIB).collect();
    refused(&file("image.yaml", image), 2, "begins no character");
}

#[test]
fn an_empty_file_lacks_everything() {
    refused(&file("empty.yaml", ""), 1, "error[");
    refused(&file("blank.yaml", "\n  \n\n"), 1, "error[");
    refused(&file("comment.yaml", "# nothing\n"), 1, "error[");
    refused(&file("mark.yaml", "\u{feff}"), 1, "error[");
}

#[test]
fn what_is_far_too_large_is_not_even_read() {
    let path = folder().join("large.yaml");
    let mut out = File::create(&path).unwrap();
    let line = "  - { key: value, other: \"text\" }\n".repeat(32 * 1024);
    for _ in 0..100 * MIB / line.len() + 1 {
        out.write_all(line.as_bytes()).unwrap();
    }
    assert!(out.metadata().unwrap().len() > 100 * MIB as u64);
    drop(out);
    refused(&path, 2, "has more than 4 MiB");
    fs::remove_file(&path).unwrap();
    // 100 GB that take no place on the disk.
    let path = folder().join("sparse.yaml");
    File::create(&path).unwrap().set_len(100 << 30).unwrap();
    refused(&path, 2, "has more than 4 MiB");
    fs::remove_file(&path).unwrap();
}

#[test]
fn what_is_too_large_for_a_spec_is_a_mistake() {
    let items = "- a\n".repeat(1_000_000);
    assert!(items.len() < 4 * MIB);
    refused(&file("items.yaml", format!("list:\n{items}")), 1, "error[PS052]");
}

#[test]
fn nesting_ends_at_its_limit() {
    for (name, piece) in [("brackets", "["), ("braces", "{a: "), ("dashes", "- "), ("questions", "? ")] {
        refused(&file(&format!("{name}.yaml"), piece.repeat(100_000)), 1, "error[");
    }
    let steps: String = (0..1000).map(|depth| format!("{}k:\n", " ".repeat(depth))).collect();
    refused(&file("steps.yaml", steps), 1, "error[PS051]");
}

#[test]
fn a_billion_laughs_are_refused_and_not_expanded() {
    let mut source = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n".to_owned();
    for level in 1..40 {
        let items = vec![format!("*a{}", level - 1); 9].join(", ");
        source.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    refused(&file("laughs.yaml", source), 1, "error[PS005]");
}

#[test]
fn a_very_long_line_is_shown_around_the_mistake() {
    let long = "支".repeat(MIB / 4);
    let path =
        file("long.yaml", format!("payspec: 1\nprovider: {{ name: demo, doc: \"{long}\", titel: x }}\n"));
    refused(&path, 1, "error[PS002]");
    let output = check(&path);
    assert!(output.stderr.len() < 20_000, "{} bytes are shown", output.stderr.len());
}

#[test]
fn many_keys_and_many_mistakes_are_bounded() {
    let keys: String = (0..100_000).map(|number| format!("k{number}: 1\n")).collect();
    assert!(keys.len() < MIB, "it is read as a whole");
    let path = file("keys.yaml", keys);
    refused(&path, 1, "error[PS050]");
    let output = check(&path);
    assert!(text(&output.stderr).contains("\n... and "), "what nobody reads is only counted");
    assert!(output.stderr.len() < 100_000);
    let duplicates = "provider:\n".to_owned() + &"  name: a\n".repeat(90_000);
    refused(&file("duplicates.yaml", duplicates), 1, "error[PS003]");
}

#[test]
fn a_hostile_name_does_not_reach_the_terminal() {
    let output = check(Path::new("/tmp/\u{1b}[2J\nerror: forged.yaml"));
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        !said.contains('\u{1b}') && said.lines().next().unwrap().contains("\\u{1b}[2J\\nerror"),
        "{said:?}"
    );
}

#[test]
fn a_file_that_cannot_be_read_does_not_hide_the_others() {
    let bad = file("bad.yaml", "payspec: 1\nprovider: { name: demo, lenght: 3 }\n");
    let output = Command::new(env!("CARGO_BIN_EXE_payspec"))
        .arg("check")
        .args([&folder().join("absent.yaml"), &bad])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("bad.yaml:2:25"), "{}", text(&output.stderr));
}
