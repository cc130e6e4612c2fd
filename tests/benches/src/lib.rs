//! What payspec costs, beside what it cannot cost less than.
//!
//! Each workload is one message of a usual length, made or verified in four ways: by the public API of the generated
//! crate, by idiomatic Rust as most services have it (`BTreeMap`, `format!`), by safe Rust tuned by hand for this one
//! message, and the digest or key operation alone on the same bytes. All of them must give the same result before
//! anything is measured. `cargo run --release -p payspec-benches` prints the table of `docs/performance.md`.
//!
//! The numbers that do not depend on the machine's mood, allocations and instructions, are held by tests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

pub mod instructions;
pub mod measure;
mod wire;
pub mod workloads;

payspec::provider!("specs/wallet.yaml");
