//! What needs the real compiler. The tests are in `tests/`, the programs that must not compile in `cases/`.
//!
//! A crate of its own because `trybuild` builds the dependencies of the crate that it stands in a second time: here
//! these are few.
