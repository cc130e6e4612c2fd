//! Recipes, exhaustively: a truth table that was worked out by hand, and random ones.
//!
//! The table is `tests/truth/*.yaml`; each row goes through the interpreter and through generated code. Random recipes
//! are drawn from the grammar together with messages that fit, signed as the provider signs, verified, and changed.
//! `build.rs` shares the modules that make specs, and writes the generated code of all rows and of the first draws.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

pub mod declared;
pub mod generated;
pub mod page;
pub mod plan;
pub mod random;
pub mod run;
pub mod settings;
pub mod spec;
pub mod truth;
pub mod wire;

use std::path::{Path, PathBuf};

/// The folder of the truth table.
#[must_use]
pub fn truth_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../truth")
}
