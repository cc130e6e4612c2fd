//! The provider of payspec's README: one YAML file, one line of Rust.

#![deny(warnings, missing_docs)]

payspec::provider!("demo_pay.yaml");
