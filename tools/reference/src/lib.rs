//! Reference pages of payspec specs: one self-contained page for each provider, as HTML and as Markdown.
//!
//! ```text
//! IR, vectors --chapters--> Document --html, markdown--> text
//! ```
//!
//! The chapters (environments, credentials, signing, operations, ...) put what a spec says into sentences and tables,
//! once, in a small model of a page; two writers write the model down and escape all of it. The same spec gives the
//! same page, byte for byte. Secrets of a vectors file do not get into a page: see [`page`].

mod access;
mod book;
mod browser;
mod callbacks;
mod checklist;
mod codes;
mod document;
mod example;
mod fields;
mod html;
mod markdown;
mod notation;
mod operations;
mod outcome;
mod page;
mod prose;
mod recipe;
mod seals;
mod selection;
mod signing;
mod types;
mod values;

use std::sync::Arc;

use payspec_codegen::ir::Provider;
use payspec_vectors::VectorsFile;

pub use self::document::Document;
pub use self::html::html;
pub use self::markdown::markdown;

use self::book::Book;
use self::example::Examples;

/// The page of a provider. `text` is the spec that it was compiled from; of the vectors each recipe shows the one that
/// is best vouched for, worked by the interpreter with its secrets masked.
#[must_use]
pub fn page(provider: &Arc<Provider>, text: &str, vectors: Option<&VectorsFile>) -> Document {
    let examples = Examples::of(provider, vectors);
    page::page(&Book::new(provider, text, examples))
}

/// A page that leads to all of these, in their order.
#[must_use]
pub fn index(pages: &[Document]) -> Document {
    page::index(pages)
}
