//! What the tests of the workspace share. Published nowhere.

pub mod bridge;
pub mod checkout;
pub mod packet;
pub mod vectors;

/// The code in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The code in the Chinese README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.zh-CN.md")]
pub struct ReadmeInChinese;
