//! JSON, written and read with its exact text.
//!
//! [`Object`] writes the members of a request in call order, without white space and without a tree in between.
//! [`Document`] reads a reply: depth is checked before parsing, duplicate members are refused, and every value keeps
//! the text that came, so that `1.0` stays `1.0`, money never passes through a float, and a signature over a member
//! can be checked over the very bytes of the wire. What the values mean is the business of [`crate::read`].

mod document;
mod parse;
mod raw;
mod scan;
mod text;
mod write;

pub use document::{Data, Document};
pub use raw::RawJson;
pub use text::Json;
pub use write::{JsonText, Object};

pub(crate) use parse::{is_number, items, kind, members, string, value};
pub(crate) use scan::{DEPTH_LIMIT, check};
pub(crate) use write::write_string;

/// Why a text is not the JSON object that was wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// Not JSON, cut off, or followed by something else.
    #[error("it is not JSON (line {line}, column {column})")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in bytes.
        column: usize,
    },
    /// JSON, but no object.
    #[error("it is JSON, but {found} instead of an object")]
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
    /// More arrays and objects inside one another than are read.
    #[error("it is nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A name occurs twice in one object, so that two readers could see different values.
    #[error("the member `{name}` occurs twice in one object")]
    Duplicate {
        /// The name, shortened.
        name: String,
    },
}
