//! What the tests of the workspace share. Published nowhere.

pub mod bridge;
pub mod checkout;
