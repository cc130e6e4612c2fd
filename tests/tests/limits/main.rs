//! The limits of the providers' documents: stated in the specs, and kept by both executions.
//!
//! `limits.csv` was typed in from the documents, without looking at the specs. It is compared with the IR in both
//! directions ([`agreement`]): what a document states is in the spec, or the row says why not; what the spec states
//! where a document is its source is in a row. Then every limit of a field that a caller fills in is tried at its ends
//! ([`ends`]): a value that just fits passes, one that just does not is refused with the right kind and path, by the
//! interpreter and by the generated code. What only typed structs have ([`typed`]) is tried by hand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod agreement;
mod ends;
mod facts;
mod table;
mod tried;
mod typed;
mod values;

use std::{fs, path::Path, sync::Arc};

use payspec_codegen::{compile, ir::Provider};

/// The specs that have a document behind them.
fn shipped() -> [Arc<Provider>; 3] {
    ["aggregate_pay", "guanaitong", "ysepay"].map(|name| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../specs/{name}.yaml"));
        let compiled =
            compile(&fs::read_to_string(path).unwrap(), name).unwrap_or_else(|report| panic!("{report}"));
        Arc::new(compiled.provider)
    })
}
