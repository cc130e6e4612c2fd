//! (to be written)

mod check;
pub mod codes;
mod compile;
pub mod diagnostic;
mod emit;
mod expand;
pub mod ir;
pub mod model;
pub mod read;

pub use self::compile::{Compiled, Report, compile};
pub use self::emit::Item;
pub use self::expand::{Expansion, Options, expand};
#[cfg(feature = "snapshot")]
pub use self::expand::{SnapshotError, format_rust, snapshot};
