//! Vectors: messages that a spec must reproduce, read from `*.vectors.yaml` and run over the interpreter.
//!
//! ```text
//! text --read--> VectorsFile --Runner--> what holds and what does not --Trial--> who notices a change
//! ```
//!
//! [`read`] reports every mistake of a file with its place, in the compiler's own words; [`Account`] makes credentials
//! of what a file, a variable or a person says. [`Runner`] lets one vector through the interpreter, in the direction
//! that it says, and then again with each value of the message changed. A [`Packet`] is a message as bytes on the
//! wire: what can be changed in it is looked for in the bytes alone, never in the spec. Nothing that comes out of this
//! crate shows a secret: see [`Concealed`].
//!
//! What drives generated code with the same vectors stays in the tests of the workspace.

mod account;
mod complete;
mod concealed;
mod file;
mod key_file;
mod mutate;
mod packet;
mod run;
pub mod text;
mod value;
mod vector;

pub use self::account::{Account, Missing, Unfit};
pub use self::complete::complete;
pub use self::concealed::Concealed;
pub use self::file::{VectorsFile, accounts, beside, instant, read, spec_beside};
pub use self::key_file::read as read_secret;
pub use self::mutate::Tried;
pub use self::packet::{Packet, Spot, changed_text};
pub use self::run::{Difference, Failed, Held, Runner};
pub use self::value::value;
pub use self::vector::{ExpectedError, Subject, Vector};
