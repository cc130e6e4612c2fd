//! CPU seconds, which do not depend on how many others use the machine as wall-clock time does, and peak memory.

use std::{io, process::Command};

use nix::sys::{
    resource::{Usage, UsageWho, getrusage},
    time::TimeValLike as _,
};

/// User and system time of a command and all its children, in seconds.
pub(crate) fn cpu_of(command: &mut Command) -> io::Result<f64> {
    let before = seconds(&getrusage(UsageWho::RUSAGE_CHILDREN)?);
    let output = command.output()?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        let beginning = text.lines().take(12).collect::<Vec<_>>().join("\n");
        return Err(io::Error::other(format!("{command:?}: {beginning}")));
    }
    Ok(seconds(&getrusage(UsageWho::RUSAGE_CHILDREN)?) - before)
}

/// CPU seconds and peak memory in KiB of this process.
pub(crate) fn own() -> io::Result<(f64, i64)> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    Ok((seconds(&usage), usage.max_rss()))
}

fn seconds(usage: &Usage) -> f64 {
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    microseconds as f64 / 1e6
}
