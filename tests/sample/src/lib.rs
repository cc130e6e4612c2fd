//! The sample of real signing protocols, compiled: a module with a client for each spec of `tests/protocols`.
//!
//! Nothing here is written by hand. `payspec-tests` drives these modules over the vectors beside the specs, side by
//! side with the interpreter (`tests/tests/protocols.rs`).

include!(concat!(env!("OUT_DIR"), "/protocols.rs"));
