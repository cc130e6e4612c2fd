//! Instructions of one operation, counted by callgrind: the same on every run of the same program.
//!
//! Each rival is run twice under callgrind, in a process of its own; the difference is what the further repetitions
//! cost, and nothing of what comes before them. Valgrind knows no SHA instructions: digests are those of the portable
//! back ends. It shows every processor with AVX2 as the same one, so that the C library copies in the same way; and
//! the program gets no environment, whose size moves the stack.

use std::{
    io::{self, Write as _},
    path::Path,
    process::Command,
};

use crate::{measure::By, workloads};

const WARM: u64 = 5;
const MORE: u64 = 200;

/// Prints a line for each workload and rival that has no key operation in it.
///
/// # Errors
/// There is no valgrind.
pub fn print() -> io::Result<()> {
    io::stdout().lock().write_all(lines(&counted(&std::env::current_exe()?)?).as_bytes())
}

/// As they are recorded: `W1,payspec,7739`.
#[must_use]
pub fn lines(counts: &[(&str, By, u64)]) -> String {
    counts.iter().map(|(name, by, count)| format!("{name},{},{count}\n", by.name())).collect()
}

/// All counts, of this program.
///
/// # Errors
/// There is no valgrind.
pub fn counted(program: &Path) -> io::Result<Vec<(&'static str, By, u64)>> {
    let mut counts = Vec::new();
    for workload in
        workloads::all().iter().filter(|workload| ["W1", "W1v", "W2", "W3", "W3v"].contains(&workload.name))
    {
        for rival in &workload.rivals {
            let total = |times| instructions(program, workload.name, rival.by, times);
            counts.push((workload.name, rival.by, (total(WARM + MORE)? - total(WARM)?) / MORE));
        }
    }
    Ok(counts)
}

fn instructions(program: &Path, name: &str, by: By, times: u64) -> io::Result<u64> {
    let output = Command::new("valgrind")
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["--repeat", name, by.name(), &times.to_string()])
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text.lines().find_map(|line| line.split_once("Collected : "));
    let count = collected.and_then(|(_, count)| count.trim().parse().ok());
    count.ok_or_else(|| io::Error::other(format!("callgrind counted nothing: {text}")))
}
