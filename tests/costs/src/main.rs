//! `cargo run -p payspec-costs`: what expansions cost a build, as the tables of `docs/performance.md`.
//!
//! `-- lines`, `-- macro`, `-- check`, `-- features`, `-- cold` measure one thing alone, `-- thousand` a crate with
//! 1,000 specs, which takes minutes and is not among the others. Run it unoptimised, as the macro is in a user's build.
//! Everything is in CPU seconds, user and system, of the processes and all that they start, because wall-clock time
//! is that of the whole machine; others can only add to them, so of several runs the least counts. Crates are made and
//! built in `target/costs`.

#![allow(clippy::indexing_slicing)]

mod counted;
mod resources;
mod scratch;
mod specs;

use std::{
    error::Error,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use payspec_codegen::{Options, expand};

use self::{counted::Counted, scratch::Scratch, specs::Spec};

/// Runs of each `cargo check`.
const RUNS: usize = 3;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["expand", count, kept] => expand_here(count.parse()?, *kept == "kept"),
        [] => ["lines", "macro", "check", "features", "cold"].into_iter().try_for_each(measure),
        names => names.iter().copied().try_for_each(measure),
    }
}

fn measure(what: &str) -> Done {
    match what {
        "lines" => lines(),
        "macro" => the_macro(),
        "check" => check(),
        "features" => features(),
        "cold" => cold(),
        "thousand" => thousand(),
        other => {
            Err(format!("{other}: there is `lines`, `macro`, `check`, `features`, `cold`, `thousand`").into())
        }
    }
}

/// The workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("/")).to_path_buf()
}

/// A crate of its own in the target directory.
fn scratch(name: &str, features: &str) -> Result<Scratch, Box<dyn Error>> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).ok_or("a program lies in target/release")?;
    Ok(Scratch::new(&root(), target.join("costs").join(name), features)?)
}

/// Without transport and providers; with what the shipped specs need under other names.
const KEYS: &str = ", default-features = false, features = [\"rsa\", \"sm\"]";

fn print(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}

/// A line of a table about specs.
fn row(what: &str, specs: &[Spec]) -> Result<(Counted, String), Box<dyn Error>> {
    let counted = Counted::all(specs)?;
    let Counted { operations, callbacks, types, structs, lines: _, code: _ } = counted;
    let line = format!("| {what} | {} | {operations} | {callbacks} | {types} | {structs} |", specs.len());
    Ok((counted, line))
}

fn lines() -> Done {
    print(
        "\n| | specs | operations | callbacks | types | structs and enums | lines | of these code | code per operation or callback |",
    )?;
    print("|---|---|---|---|---|---|---|---|---|")?;
    let mut rows = Vec::new();
    for name in specs::SHIPPED {
        rows.push((name, vec![specs::shipped(&root(), name)?]));
    }
    rows.push(("one operation, written", specs::written(1, 1, 0)));
    rows.push(("101 operations, written", specs::written(1, 101, 0)));
    for (what, specs) in rows {
        let (Counted { operations, callbacks, lines, code, .. }, row) = row(what, &specs)?;
        print(&format!("{row} {lines} | {code} | {:.0} |", code as f64 / (operations + callbacks) as f64))?;
    }
    Ok(())
}

fn the_macro() -> Done {
    print("\n| specs expanded in one process | each is let go | all are kept |\n|---|---|---|")?;
    let mut figures = Vec::new();
    for count in [100, 1000] {
        let freed = expand_apart(count, "freed")?;
        let kept = expand_apart(count, "kept")?;
        print(&format!("| {count} | {} | {} |", in_words(freed), in_words(kept)))?;
        figures.push([freed, kept]);
    }
    if let [few, many] = figures.as_slice() {
        let ratio = |place: usize| {
            let [(few_s, few_kib), (many_s, many_kib)] = [few[place], many[place]];
            format!("{:.1}, {:.1}", many_s / few_s, many_kib as f64 / few_kib as f64)
        };
        print(&format!("| ratio of time, of memory | {} | {} |", ratio(0), ratio(1)))?;
    }
    Ok(())
}

fn in_words((seconds, kib): (f64, i64)) -> String {
    format!("{seconds:.3} s, {:.1} MiB", kib as f64 / 1024.0)
}

/// Expands so many specs in a process of its own; the least of three.
fn expand_apart(count: usize, kept: &str) -> Result<(f64, i64), Box<dyn Error>> {
    let mut least = (f64::INFINITY, i64::MAX);
    for _ in 0..3 {
        let output =
            Command::new(std::env::current_exe()?).args(["expand", &count.to_string(), kept]).output()?;
        let text = String::from_utf8(output.stdout)?;
        let (seconds, kib) = text.trim().split_once(' ').ok_or("the expanding process says its costs")?;
        least = (least.0.min(seconds.parse()?), least.1.min(kib.parse()?));
    }
    Ok(least)
}

fn expand_here(count: usize, kept: bool) -> Done {
    let specs = specs::copies(&root(), count)?;
    let (before, _) = resources::own()?;
    let mut all = Vec::new();
    for Spec { name, text } in &specs {
        let expansion = expand(text, name, &Options::default());
        if expansion.report.diagnostics().has_errors() {
            return Err(expansion.report.to_string().into());
        }
        if kept {
            all.push(expansion.tokens());
        }
    }
    let (seconds, kib) = resources::own()?;
    Ok(print(&format!("{:.6} {kib}", seconds - before))?)
}

fn check() -> Done {
    print(
        "\n| `cargo check` of a crate with | specs | operations | callbacks | types | structs and enums | CPU s | less the empty crate |",
    )?;
    print("|---|---|---|---|---|---|---|---|")?;
    let shop = scratch("warm", KEYS)?;
    let empty = shop.check(RUNS)?;
    print(&format!("| nothing | 0 | 0 | 0 | 0 | 0 | {empty:.2} | |"))?;
    let above = |what: &str, specs: &[Spec]| -> Result<(Counted, f64), Box<dyn Error>> {
        shop.hold(specs)?;
        let seconds = shop.check(RUNS)?;
        let (counted, row) = row(what, specs)?;
        print(&format!("{row} {seconds:.2} | {:.2} |", seconds - empty))?;
        Ok((counted, seconds - empty))
    };
    let (few, least) = above("one operation each", &specs::written(10, 1, 0))?;
    let (more, operations) = above("21 operations each", &specs::written(10, 21, 0))?;
    let (typed, types) = above("one operation, 20 types each", &specs::written(10, 1, 20))?;
    let (all, shipped) = above("the shipped specs, 20 times", &specs::copies(&root(), 60)?)?;
    let per_hundred = |seconds: f64, count: usize| seconds * 100.0 / count as f64;
    print("\n| | CPU s | aim |\n|---|---|---|")?;
    let operation = per_hundred(operations - least, more.operations - few.operations);
    print(&format!("| 100 operations, with the three structs that each brings | {operation:.2} | |"))?;
    let of_spec = per_hundred(types - least, typed.types - few.types);
    print(&format!("| 100 types of a spec | {of_spec:.2} | 1.0 |"))?;
    let emitted = per_hundred(types - least, typed.structs - few.structs);
    print(&format!("| 100 structs and enums | {emitted:.2} | 1.0 |"))?;
    let structs = (more.structs - few.structs) as f64 * emitted / 100.0;
    let alone = per_hundred(operations - least - structs, more.operations - few.operations);
    print(&format!("| 100 operations, their structs counted as such | {alone:.2} | 1.0 |"))?;
    let allowed = |types: usize| (all.operations + types) as f64 / 100.0;
    print(&format!(
        "| the shipped specs, 20 times | {shipped:.2} | {:.2} by types of the specs, {:.2} by structs and enums |",
        allowed(all.types),
        allowed(all.structs)
    ))?;
    Ok(())
}

fn features() -> Done {
    print("\n| `cargo check` of `payspec` and an empty crate | CPU s |\n|---|---|")?;
    for count in 0..=specs::SHIPPED.len() {
        let providers = &specs::SHIPPED[..count];
        // The keys are always there, so that it is the providers that differ.
        let features: Vec<_> =
            ["rsa", "sm"].iter().chain(providers).map(|name| format!("{name:?}")).collect();
        let features = features.join(", ");
        let shop = scratch("warm", &format!(", default-features = false, features = [{features}]"))?;
        print(&format!("| {features} | {:.2} |", shop.check_payspec(RUNS)?))?;
    }
    Ok(())
}

fn cold() -> Done {
    let (seconds, crates) = scratch("cold", "")?.build_from_nothing()?;
    print("\n| `cargo build` from nothing, default features | |\n|---|---|")?;
    print(&format!("| CPU s | {seconds:.0} |\n| crates, with the new one | {crates} |"))?;
    Ok(())
}

fn thousand() -> Done {
    let shop = scratch("warm", KEYS)?;
    print("\n| `cargo check` of a crate with specs of two operations and three types | CPU s |\n|---|---|")?;
    for count in [100, 1000] {
        // Of three types one is sent; a type that holds nothing would be refused.
        shop.hold(&specs::written(count, 2, 3))?;
        print(&format!("| {count} | {:.2} |", shop.check(1)?))?;
    }
    Ok(())
}
