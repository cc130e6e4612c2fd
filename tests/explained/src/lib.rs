//! The breaker: it breaks specs, messages and keys of vectors that hold, asks `payspec-explain` what is wrong, and
//! counts how often the true cause is among the first three answers, and how often something else is accused.
//!
//! It knows nothing of the search: it knows the YAML language (it edits the text of specs) and what happens to messages
//! on their way (it edits bytes). Which changes the search knows is not looked at here, and a change that it does not
//! know stays in the count.
//!
//! | module | what |
//! |---|---|
//! | `case` | the vectors of the tree, and one of them with something broken |
//! | `spec` | single changes of a recipe, as edits of the spec's text |
//! | `message` | what frameworks, proxies and copying do to messages |
//! | `keys` | wrong keys |
//! | `outside` | damage that no setting explains: nothing may be accused |
//! | `score` | counting |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

pub mod case;
pub mod keys;
pub mod message;
pub mod outside;
pub mod random;
pub mod score;
pub mod spec;
