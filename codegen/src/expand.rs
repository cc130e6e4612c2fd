//! From the text of a spec to the tokens that stand in its place: what the macro, `payspec expand` and snapshot tests
//! have in common.
//!
//! Nothing here reads a file or an environment variable, except [`snapshot`], and no path of the machine gets into what
//! is emitted.

use proc_macro2::TokenStream;
use quote::quote;

use crate::compile::{Compiled, Report, compile};
use crate::diagnostic::Severity;
use crate::emit::{self, Item};

/// What the caller of [`expand`] may choose.
#[derive(Clone, Debug)]
pub struct Options {
    /// The crate that re-exports the runtime as `runtime`.
    pub crate_path: TokenStream,
}

impl Default for Options {
    fn default() -> Self {
        Self { crate_path: quote!(::payspec) }
    }
}

/// What a spec expands to.
#[derive(Clone, Debug)]
pub struct Expansion {
    /// The items, in the order of the module; none if there are errors.
    pub items: Vec<Item>,
    /// Everything that was found: errors, or warnings and notes that the file does not accept.
    pub report: Report,
    /// The module without its items.
    #[cfg(feature = "snapshot")]
    head: TokenStream,
    tokens: TokenStream,
}

impl Expansion {
    /// The module; or, if there are errors, a `compile_error!` that says all of them.
    #[must_use]
    pub fn tokens(&self) -> TokenStream {
        self.tokens.clone()
    }

    fn of(compiled: Compiled, options: &Options) -> Self {
        let Options { crate_path } = options;
        let Compiled { provider, warnings } = compiled;
        let items = emit::emit(&provider);
        Self {
            report: warnings,
            #[cfg(feature = "snapshot")]
            head: emit::module(&provider, crate_path, &[]),
            tokens: emit::module(&provider, crate_path, &items),
            items,
        }
    }

    fn refused(report: Report) -> Self {
        let mut errors = report.diagnostics().clone();
        errors.retain(|diagnostic| diagnostic.severity() == Severity::Error);
        // The first line is ours, so that the arrows of the first diagnostic stand under their message.
        let text = format!("the spec does not compile\n\n{}", errors.render(report.file(), report.source()));
        let tokens = quote!(::core::compile_error!(#text););
        Self {
            items: Vec::new(),
            report,
            #[cfg(feature = "snapshot")]
            head: tokens.clone(),
            tokens,
        }
    }
}

/// Compiles a spec to Rust. `file` is what diagnostics call it; it is shown as it is given.
#[must_use]
pub fn expand(source: &str, file: &str, options: &Options) -> Expansion {
    match compile(source, file) {
        Ok(compiled) => Expansion::of(compiled, options),
        Err(report) => Expansion::refused(report),
    }
}

/// What [`snapshot`] can fail with.
#[cfg(feature = "snapshot")]
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {error}")]
    Unreadable {
        /// The file, as it was given.
        path: std::path::PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The spec does not compile.
    #[error("{0}")]
    Refused(Box<Report>),
    /// What was emitted is no Rust: a mistake of this crate.
    #[error("`{item}` is no Rust: {error}")]
    NotRust {
        /// The item.
        item: String,
        /// Why.
        error: syn::Error,
    },
}

/// The items of a spec as formatted text, in the order of the module, the module's head first: for tests that keep what
/// a spec expands to under review. The same spec gives the same text on every machine.
///
/// # Errors
/// The file cannot be read, or the spec does not compile.
#[cfg(feature = "snapshot")]
pub fn snapshot(path: impl AsRef<std::path::Path>) -> Result<Vec<(String, String)>, SnapshotError> {
    let path = path.as_ref();
    let unreadable = |error| SnapshotError::Unreadable { path: path.to_owned(), error };
    let source = std::fs::read_to_string(path).map_err(unreadable)?;
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let Expansion { items, report, head, tokens: _ } = expand(&source, &file, &Options::default());
    if report.diagnostics().has_errors() {
        return Err(SnapshotError::Refused(Box::new(report)));
    }
    let head = Item { name: "module".to_owned(), tokens: head };
    std::iter::once(head)
        .chain(items)
        .map(|Item { name, tokens }| {
            let text =
                format_rust(tokens).map_err(|error| SnapshotError::NotRust { item: name.clone(), error })?;
            Ok((name, text))
        })
        .collect()
}

/// Formats what was emitted.
///
/// # Errors
/// It is no Rust.
#[cfg(feature = "snapshot")]
pub fn format_rust(tokens: TokenStream) -> Result<String, syn::Error> {
    Ok(prettyplease::unparse(&syn::parse2(tokens)?))
}
