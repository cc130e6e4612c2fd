//! The command, run as a user runs it: from the root of the repository, without the variables of this machine.

#![allow(dead_code)] // each test uses what it needs

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
    pub bytes: Vec<u8>,
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A folder of this test alone.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

pub fn payspec(arguments: &[&str]) -> Ran {
    with(arguments, &[], "")
}

/// With these variables and this on standard input.
pub fn with(arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_payspec"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PAYSPEC_")) {
        command.env_remove(name);
    }
    command.current_dir(root()).args(arguments).envs(variables.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command runs");
    // A command that reads nothing has closed its end by then.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
        bytes: output.stdout,
    }
}

/// A spec of the repository and its vectors in a folder of their own, changed.
pub fn copy(folder: &Path, spec: &str, change: impl Fn(String) -> String) -> String {
    let vectors = spec.replace(".yaml", ".vectors.yaml");
    let name = Path::new(spec).file_name().unwrap();
    fs::copy(root().join(spec), folder.join(name)).unwrap();
    let text = fs::read_to_string(root().join(&vectors)).unwrap();
    let changed = change(text.clone());
    assert_ne!(changed, text, "the change hits nothing");
    fs::write(folder.join(Path::new(&vectors).file_name().unwrap()), changed).unwrap();
    folder.join(name).to_string_lossy().into_owned()
}

/// The text without the folders of this machine.
pub fn placeless(text: &str, folder: &Path) -> String {
    text.replace(&format!("{}/", folder.display()), "")
}

/// The text of a key of a vector that stands on one line.
pub fn of_vector(file: &str, vector: &str, key: &str) -> String {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let (_, rest) = text.split_once(&format!("\n  {vector}:\n")).unwrap();
    let line = rest.lines().find_map(|line| line.trim().strip_prefix(&format!("{key}: "))).unwrap();
    line.trim_matches(['"', '\'']).to_owned()
}
