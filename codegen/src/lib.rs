//! The payspec compiler: a payment provider's spec, written as YAML, becomes typed Rust.
//!
//! ```text
//! text --read--> nodes --model--> --check--> IR --emit--> tokens
//! ```
//!
//! [`compile`] goes as far as the [`ir`], which the emitter and the interpreter read; [`expand`] goes to the end. Every
//! mistake is reported at once, with code, place, cause and mend: see [`diagnostic`] and [`codes`]. This is a library
//! so that everything can be tested outside the compiler; `payspec-macros` is the door to it. It knows no provider,
//! and depends on neither HTTP nor cryptography, because it is what every user's build compiles first.
//!
//! ```
//! let spec = "payspec: 1\nprovider: { name: demo, lenght: 3 }\n";
//! let report = payspec_codegen::compile(spec, "demo.yaml").unwrap_err();
//! assert!(report.to_string().contains("demo.yaml:2:25"));
//! ```

mod check;
pub mod codes;
mod compile;
pub mod diagnostic;
mod emit;
mod expand;
pub mod ir;
pub mod model;
pub mod read;
#[cfg(feature = "schema")]
mod schema;

pub use self::compile::{Compiled, Report, compile};
pub use self::emit::Item;
pub use self::expand::{Expansion, Options, expand};
#[cfg(feature = "snapshot")]
pub use self::expand::{SnapshotError, format_rust, snapshot};
#[cfg(feature = "schema")]
pub use self::schema::json_schema;
