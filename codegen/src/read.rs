//! The first step of the road: text becomes a tree of nodes, and the tree fills the structs of the model.
//!
//! [`read`] turns YAML into [`Node`]s that keep what later steps need and YAML libraries throw away: the exact text of
//! every scalar (so that `0.10` stays `0.10`), where everything stands, and the order. What the language does without
//! (anchors, tags, duplicate keys, several documents) is refused here. [`from_node`] is a `serde::Deserializer` over
//! the tree in which every scalar is text and which reports *all* mistakes. The types that the model is built with
//! ([`Spanned`], [`Map`], [`List`], [`OneOrMany`], [`TextOr`]) are here as well.
//!
//! What the words mean is none of its business: that is the checker's.
//!
//! ```
//! use payspec_codegen::diagnostic::Diagnostics;
//! use payspec_codegen::read::{self, List, Map, Spanned, TextOr};
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! #[serde(rename = "callback")] // the word that messages use for it
//! struct Callback {
//!     signature: Option<Spanned<TextOr<Unsigned>>>, // `signature: notify` or `signature: { none: "reason" }`
//!     #[serde(default)]
//!     compare: List<Spanned<String>>,
//! }
//!
//! #[derive(Deserialize)]
//! #[serde(rename = "signature")]
//! struct Unsigned {
//!     none: Spanned<String>,
//! }
//!
//! let mut diagnostics = Diagnostics::new();
//! let source = "paid: { signature: notify, compare: [order_no] }\n";
//! let node = read::read(source, &mut diagnostics).unwrap();
//! let callbacks: Map<Callback> = read::from_node(&node, "the callbacks", &mut diagnostics).unwrap();
//! assert!(diagnostics.is_empty());
//! assert_eq!(callbacks.get("paid").unwrap().compare[0].span.start.column, 38);
//! ```

mod build;
mod collections;
mod de;
mod extent;
mod mistake;
mod node;
mod spanned;
mod syntax;
mod text_or;

pub use self::build::read;
pub use self::collections::{Entry, List, Map, OneOrMany};
pub use self::de::from_node;
pub use self::mistake::{Mistake, parsed};
pub use self::node::{Key, Node, NodeValue, Scalar, ScalarStyle};
pub use self::spanned::Spanned;
pub use self::text_or::TextOr;

/// What [`from_node`] is told when it reads a file from its top: unknown keys are then unknown sections.
pub const WHOLE_FILE: &str = "the file";

/// The deepest nesting that is read. The language needs a third of it.
pub const DEEPEST: usize = 32;

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 1024 * 1024;
