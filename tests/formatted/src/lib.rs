//! What is reviewed is what runs.
//!
//! `provider!` hands tokens to the compiler; a reviewer reads formatted text. Here the compiler is given that text: the
//! snapshots of `tests/tests/snapshots.rs`, put together by `build.rs`. `tests/vectors.rs` lets messages from outside go
//! through it, so that what formatting might change or lose would be noticed.

include!(concat!(env!("OUT_DIR"), "/providers.rs"));
