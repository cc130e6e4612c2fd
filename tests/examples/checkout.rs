//! The main job, played against fake providers on loopback: `cargo run --example checkout`.
//!
//! The scenes are in `tests/src/checkout/`: they read like an integrator's code.

use std::io;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    payspec_tests::checkout::play(&mut io::stdout().lock()).await
}
