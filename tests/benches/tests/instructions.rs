//! Instructions of each operation, beside the recorded ones: a change of more than three in a hundred is somebody's
//! business. `cargo test --release -p payspec-benches --features system`; recorded anew by
//! `cargo run --release -p payspec-benches -- --instructions > tests/benches/instructions.csv`.

#![allow(clippy::expect_used, clippy::panic)]

use std::path::Path;

use payspec_benches::instructions;

const RECORDED: &str = include_str!("../instructions.csv");

#[test]
fn operations_need_as_many_instructions_as_recorded() {
    if cfg!(debug_assertions) {
        panic!("run it with --release: unoptimised code has other counts");
    }
    let counted = instructions::counted(Path::new(env!("CARGO_BIN_EXE_payspec-benches"))).expect("valgrind");
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
