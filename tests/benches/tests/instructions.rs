//! Instructions of each operation, beside the recorded ones: a change of more than three in a hundred is somebody's
//! business. `cargo test --release -p payspec-benches --features system --test instructions`, which records them anew
//! with `PAYSPEC_BLESS=1` before it. They hold for x86-64 under the compiler and the lock file of this repository.

#![allow(clippy::expect_used, clippy::panic)]

use std::{fs, path::Path};

use payspec_benches::instructions;

const RECORDED: &str = include_str!("../instructions.csv");

#[test]
fn operations_need_as_many_instructions_as_recorded() {
    if cfg!(debug_assertions) {
        panic!("run it with --release: unoptimised code has other counts");
    }
    let counted = instructions::counted(Path::new(env!("CARGO_BIN_EXE_payspec-benches"))).expect("valgrind");
    if std::env::var_os("PAYSPEC_BLESS").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/instructions.csv");
        fs::write(file, instructions::lines(&counted)).expect("the file can be written");
        return;
    }
    let mut odd = Vec::new();
    for (name, by, count) in counted {
        let line = RECORDED.lines().find_map(|line| line.strip_prefix(&format!("{name},{},", by.name())));
        let recorded: u64 = line.and_then(|count| count.parse().ok()).expect("every rival is recorded");
        if count.abs_diff(recorded) * 100 > recorded * 3 {
            odd.push(format!("{name} {}: {count} instructions, {recorded} are recorded", by.name()));
        }
    }
    assert!(odd.is_empty(), "{odd:#?}");
}
