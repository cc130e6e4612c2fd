//! (to be written)

pub mod codes;
pub mod diagnostic;
pub mod read;
