//! `cargo run --release -p payspec-benches`: one table.
//!
//! `-- W1 W3v` measures these alone; `-- --repeat W1 payspec 1000` does one thing so many times and prints nothing, for
//! callgrind and other profilers; `-- --instructions` counts instructions with callgrind.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use payspec_benches::{
    instructions,
    measure::{By, Figures, Workload},
    workloads,
};

/// Rounds of one workload, and how long one rival takes in a round.
const ROUNDS: usize = 101;
const ROUND_NANOSECONDS: f64 = 400_000.0;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["--repeat", name, by, times] => repeat(name, by, times),
        ["--instructions"] => instructions::print(),
        names => print(names),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

/// Everything that the table can show.
fn measured() -> Vec<Workload> {
    #[cfg_attr(not(feature = "openssl"), allow(unused_mut, reason = "the key operations need the feature"))]
    let mut workloads = workloads::all();
    #[cfg(feature = "openssl")]
    workloads.extend(workloads::key_operations());
    workloads
}

fn repeat(name: &str, by: &str, times: &str) -> io::Result<()> {
    // Only the one that is asked for is made: profilers see what makes the others too.
    let workload = workloads::called(name).ok_or_else(|| io::Error::other("there is no such workload"))?;
    let rival = workload.rivals.iter().find(|rival| rival.by.name() == by);
    let times = times.parse().map_err(io::Error::other)?;
    rival.ok_or_else(|| io::Error::other("there is no such rival"))?.repeat(times);
    Ok(())
}

fn print(names: &[&str]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "| | by | ns, median | least | spread | ratio to bare | above bare | allocations |")?;
    writeln!(out, "|---|---|---|---|---|---|---|---|")?;
    for workload in measured() {
        if names.is_empty() || names.contains(&workload.name) {
            workload.check();
            for line in lines(&workload) {
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(())
}

fn lines(workload: &Workload) -> Vec<String> {
    let figures = workload.measure(ROUNDS, ROUND_NANOSECONDS);
    let bare = figures.iter().find(|figures| figures.by == By::Bare).copied();
    let line = |Figures { by, median, least, spread, ratio, allocations }: &Figures| {
        let name = if *by == By::Bare { workload.name } else { "" };
        let beside = |bare: Figures| format!("{ratio:.2} | {:.0}", median - bare.median);
        let beside = bare.filter(|_| *by != By::Bare).map_or(" | ".to_owned(), beside);
        format!(
            "| {name} | {} | {median:.0} | {least:.0} | {spread:.0} | {beside} | {allocations} |",
            by.name()
        )
    };
    figures.iter().map(line).collect()
}
