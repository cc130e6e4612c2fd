//! `payspec new`: a commented starter spec, and the beginning of its vectors.
//!
//! What is written passes `payspec check` without errors and warnings, whatever was chosen; an author replaces it section
//! by section. `starter` has the text, `questions` asks for what no flag said. Nothing is ever overwritten.

mod questions;
mod starter;
mod vectors;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use payspec_codegen::compile;

use crate::Exit;
use crate::failure::Failure;
use crate::terminal::{FAINT, GOOD, Terminal, visible};

const EXAMPLES: &str = "\
Examples:
  payspec new lantern_pay                                    asks three questions, writes lantern_pay.yaml
  payspec new lantern_pay --signature md5 --body form        without questions, for scripts
  payspec new lantern_pay --signature rsa --body json --callback --out specs/lantern_pay.yaml

Then: payspec check FILE after every section, payspec test FILE with the first example of the document.";

/// A commented starter spec that passes `check` as it stands, with a vectors file beside it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The provider's name in snake_case: it becomes the Rust module
    name: String,
    /// What signs requests and notices [default: hmac-sha256]
    #[arg(long, value_enum)]
    signature: Option<Signature>,
    /// How requests travel [default: form]
    #[arg(long, value_enum)]
    body: Option<Body>,
    /// The provider reports payments to an address of ours
    #[arg(long)]
    callback: bool,
    /// Where the spec goes; the vectors go beside it [default: NAME.yaml]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Signature {
    /// MD5 over the fields and a shared secret
    Md5,
    /// SHA-1 over the fields and a shared secret
    Sha1,
    /// SHA-256 over the fields and a shared secret
    Sha256,
    /// SM3 over the fields and a shared secret
    Sm3,
    /// HMAC-SHA256 with a shared secret
    HmacSha256,
    /// RSA with SHA-256 (RSA2)
    Rsa,
    /// RSA with SHA-1
    RsaSha1,
    /// SM2 with SM3 (国密)
    Sm2,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Body {
    /// Form parameters in a POST
    Form,
    /// A JSON object in a POST
    Json,
    /// An XML element in a POST
    Xml,
    /// Parameters of a GET
    Query,
}

/// What the starter is about.
struct Choice {
    name: String,
    signature: Signature,
    body: Body,
    callback: bool,
}

/// Writes the two files, or none.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    check_name(&arguments.name)?;
    let spec = arguments.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.yaml", arguments.name)));
    let vectors = beside(&spec)?;
    for path in [&spec, &vectors] {
        if fs::symlink_metadata(path).is_ok() {
            return Err(taken(path));
        }
    }
    let choice = choose(arguments, terminal)?;
    let text = starter::spec(&choice, &spec.to_string_lossy());
    // What else is wrong with a name, such as a word of Rust, the compiler knows.
    let report =
        compile(&text, &spec.to_string_lossy()).map_or_else(|report| report, |compiled| compiled.warnings);
    if let Some(found) = report.diagnostics().iter().next() {
        let failure = Failure::new(format!("`{}` cannot be the name: {}", choice.name, found.message));
        return Err(found.mend.iter().fold(failure, |failure, mend| failure.mend(mend.as_str())));
    }
    write_both([(&spec, &text), (&vectors, &vectors::file(&choice))])?;
    let (spec, vectors) = (visible(&spec.to_string_lossy()), visible(&vectors.to_string_lossy()));
    writeln!(terminal.err, "{GOOD}written{GOOD:#}: {spec}, {vectors}")?;
    writeln!(
        terminal.err,
        "{FAINT}next: replace it section by section, with `payspec check {spec}` after each{FAINT:#}"
    )?;
    Ok(Exit::Clean)
}

fn choose(arguments: &Arguments, terminal: &mut Terminal) -> Result<Choice, Failure> {
    let Arguments { name, signature, body, callback, out: _ } = arguments;
    let is_silent = signature.is_none() && body.is_none() && !callback;
    if is_silent && terminal.can_ask() {
        return questions::ask(name, &mut io::stdin().lock(), terminal);
    }
    Ok(Choice {
        name: name.clone(),
        signature: signature.unwrap_or(Signature::HmacSha256),
        body: body.unwrap_or(Body::Form),
        callback: *callback,
    })
}

fn check_name(name: &str) -> Result<(), Failure> {
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    let fits = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let is_snake = begins && fits && !name.ends_with('_') && !name.contains("__") && name.len() <= 64;
    if is_snake {
        return Ok(());
    }
    Err(Failure::new(format!("`{name}` cannot be the name of a provider"))
        .mend("write it in snake_case, beginning with a letter, such as `lantern_pay`"))
}

/// The vectors file that belongs to a spec.
fn beside(spec: &Path) -> Result<PathBuf, Failure> {
    let name = spec.to_string_lossy();
    let is_yaml = |end: &str| name.ends_with(end) && !name.ends_with(&format!(".vectors{end}"));
    if spec.file_stem().is_some() && (is_yaml(".yaml") || is_yaml(".yml")) {
        return Ok(spec.with_extension("vectors.yaml"));
    }
    Err(Failure::new(format!("`{name}` is no name for a spec")).mend("a spec ends in `.yaml`"))
}

fn taken(path: &Path) -> Failure {
    Failure::new(format!("{} exists already, and nothing is overwritten", path.display()))
        .mend("choose another file with `--out`, or move that one away")
}

/// Writes both files anew; after a failure neither is left behind.
fn write_both(files: [(&Path, &str); 2]) -> Result<(), Failure> {
    let mut written: Vec<&Path> = Vec::new();
    for (path, text) in files {
        // `create_new` is the promise: whatever came into being since we looked stays as it is.
        let done = OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut file| {
            written.push(path);
            file.write_all(text.as_bytes())
        });
        if let Err(error) = done {
            for path in written {
                // It is ours, and half of it; more than trying cannot be done.
                let _ = fs::remove_file(path);
            }
            if error.kind() == io::ErrorKind::AlreadyExists {
                return Err(taken(path));
            }
            return Err(Failure::new(format!("{} cannot be written: {error}", path.display())));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_snake_case() {
        for name in ["a", "lantern_pay", "pay2", "a_1_b"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in
            ["", "Pay", "2pay", "_pay", "pay_", "a__b", "lantern-pay", "支付", "../x", "a b", "a\u{1b}"]
        {
            assert!(check_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn vectors_lie_beside_their_spec() {
        assert_eq!(beside(Path::new("a/b.yaml")).ok(), Some(PathBuf::from("a/b.vectors.yaml")));
        assert_eq!(beside(Path::new("b.c.yml")).ok(), Some(PathBuf::from("b.c.vectors.yaml")));
        for name in ["", "a", "a.json", "a.vectors.yaml", "specs/", ".."] {
            assert!(beside(Path::new(name)).is_err(), "{name}");
        }
    }
}
