//! Mistakes of an integrator that the compiler finds, and what it says.
//!
//! One program for each mistake, named after it. What the compiler says is kept beside it and reviewed: it is part of
//! what an integrator gets. Mistakes of a spec are in `spec_edits.rs`, because their messages name files.

#[test]
fn wrong_calls_do_not_compile() {
    trybuild::TestCases::new().compile_fail("cases/*.rs");
}
