//! Reading a spec from the disk, whatever lies there: bounded, and with a message for everything that is no spec.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use payspec_codegen::ir::Provider;
use payspec_codegen::{Compiled, Report, compile};

use crate::failure::Failure;
use crate::terminal::Terminal;

/// The largest file that is read, in bytes. The largest spec has a hundredth of it; what is smaller and still too large
/// for a spec is a mistake of the spec.
const LARGEST: u64 = 4 << 20;

/// A spec as it lies on the disk.
#[derive(Debug)]
pub(crate) struct SpecFile {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

impl SpecFile {
    /// The name that diagnostics show.
    pub(crate) fn name(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    pub(crate) fn compile(&self) -> Result<Compiled, Report> {
        compile(&self.text, &self.name())
    }

    /// The checked spec; `None` where it has mistakes, which have been shown then.
    pub(crate) fn provider(&self, terminal: &mut Terminal) -> Result<Option<Arc<Provider>>, Failure> {
        match self.compile() {
            Ok(compiled) => Ok(Some(Arc::new(compiled.provider))),
            Err(report) => {
                write!(terminal.err, "{report}")?;
                Ok(None)
            }
        }
    }

    /// Whether the file holds vectors of a spec, which `specs/*.yaml` names as well: only these have the key `vectors_of`.
    pub(crate) fn holds_vectors(&self) -> bool {
        const KEY: &str = "vectors_of";
        self.text.match_indices(KEY).any(|(at, _)| {
            let before = self.text.get(..at).unwrap_or_default();
            let behind = self.text.get(at + KEY.len()..).unwrap_or_default();
            let begins_line = before.is_empty() || before.ends_with(['\n', '\r', '\u{FEFF}']);
            begins_line && behind.trim_start().starts_with(':')
        })
    }
}

/// Reads a spec.
pub(crate) fn read_spec(path: &Path) -> Result<SpecFile, Failure> {
    let name = path.display();
    let bytes = read_bounded(path, LARGEST)?;
    if bytes.contains(&0) && std::str::from_utf8(&bytes).is_ok() {
        return Err(Failure::new(format!("{name} is a binary file")).mend("a spec is YAML: a text file"));
    }
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(path, &error))?;
    Ok(SpecFile { path: path.to_owned(), text })
}

/// Reads a regular file of at most `most` bytes.
pub(crate) fn read_bounded(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let name = path.display();
    let cannot = |error: io::Error| unreadable(path, &error);
    // Before it is opened: opening a FIFO waits for its other end.
    let found = fs::metadata(path).map_err(cannot)?;
    if found.is_dir() {
        return Err(Failure::new(format!("{name} is a directory"))
            .mend("name the files in it, such as `specs/*.yaml`"));
    }
    if !found.is_file() {
        return Err(Failure::new(format!("{name} is no regular file"))
            .mend("a device or a pipe has no place that a mistake could be shown at; save the text first"));
    }
    let too_large = || {
        Failure::new(format!("{name} has more than {} MiB", most >> 20))
            .mend("a spec has some hundred lines; is this another file?")
    };
    if found.len() > most {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).map_err(cannot)?;
    if bytes.len() as u64 > most {
        return Err(too_large());
    }
    Ok(bytes)
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::new(format!("{} cannot be read: {error}", path.display()));
    match error.kind() {
        io::ErrorKind::NotFound if path.to_string_lossy().contains(['*', '?']) => {
            failure.mend("no file fits the pattern")
        }
        io::ErrorKind::NotFound => failure.mend("`payspec new` writes a first spec"),
        _ => failure,
    }
}

fn not_utf8(path: &Path, error: &std::string::FromUtf8Error) -> Failure {
    let name = path.display();
    let at = error.utf8_error().valid_up_to();
    let before = error.as_bytes().get(..at).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    Failure::new(format!("{name} is no UTF-8 text: byte {at}, in line {line}, begins no character"))
        .mend("specs are UTF-8; a GBK file is converted with `iconv -f gbk -t utf-8`")
}
