//! Files and pipes of the formatter: a file is replaced as a whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use payspec_codegen::read::LARGEST;

use crate::failure::Failure;

/// Reads standard input, up to the size of a spec.
pub(super) fn read_pipe() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let cannot = |error: io::Error| Failure::new(format!("standard input cannot be read: {error}"));
    io::stdin().take(LARGEST as u64 + 1).read_to_end(&mut bytes).map_err(cannot)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format!("standard input is no UTF-8 text: byte {at} begins no character"))
    })
}

/// Replaces the text of a file: it is written beside the file and takes its place, so that a file is never half
/// written. A link keeps pointing to where it points.
pub(super) fn replace(file: &Path, text: &str) -> Result<(), Failure> {
    let cannot = |error: io::Error| Failure::new(format!("{} cannot be written: {error}", file.display()));
    let target = fs::canonicalize(file).map_err(cannot)?;
    let mut name = target.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = target.with_file_name(name);
    let stored = store(&beside, &target, text);
    if stored.is_err() {
        // It may never have been there.
        let _ = fs::remove_file(&beside);
    }
    stored.map_err(cannot)
}

fn store(beside: &Path, target: &Path, text: &str) -> io::Result<()> {
    let permissions = fs::metadata(target)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is write-protected"));
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(beside)?;
    file.set_permissions(permissions)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    drop(file);
    fs::rename(beside, target)
}

/// The first line that formatting changes, as it is and as it would be.
pub(super) fn first_difference(name: &str, before: &str, after: &str) -> String {
    let lines = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (lines(before), lines(after));
    let same = before.iter().zip(&after).take_while(|(before, after)| before == after).count();
    let shown = |sign: char, lines: &[String]| {
        lines.get(same).map(|line| format!("{sign} {}\n", line.replace('\r', "\\r"))).unwrap_or_default()
    };
    format!("{name}:{}\n{}{}", same + 1, shown('-', &before), shown('+', &after))
}
