//! The names of the standard library that emitted code uses, so that it also compiles where there is no prelude
//! (`#![no_implicit_prelude]`). A glob import of this module is the only import that emitted code has besides the
//! crate itself.

pub use core::{
    clone::Clone,
    cmp::{Eq, PartialEq},
    convert::{AsRef, From, Into},
    default::Default,
    fmt::Debug,
    hash::Hash,
    iter::{IntoIterator, Iterator},
    marker::Copy,
    ops::{Deref, FnOnce},
    option::Option::{self, None, Some},
    prelude::v1::derive,
    result::Result::{self, Err, Ok},
};
pub use std::{
    borrow::ToOwned,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
