//! Writes one `provider!` line for each spec of `tests/protocols`: a new file there needs no Rust.
//!
//! The macro itself tells the compiler to look at each spec again, so that a changed one is expanded anew; this script
//! runs again when a file comes or goes.

use std::{error::Error, fmt::Write, fs, path::PathBuf};

const SPECS: &str = "../protocols";

fn main() -> Result<(), Box<dyn Error>> {
    let mut lines = String::new();
    for spec in specs()? {
        writeln!(lines, "payspec::provider!(\"{SPECS}/{spec}\");")?;
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("protocols.rs"), lines)?;
    println!("cargo::rerun-if-changed={SPECS}");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

/// File names of the specs, in their order. Vectors stand beside them.
fn specs() -> Result<Vec<String>, Box<dyn Error>> {
    let mut specs = Vec::new();
    for entry in fs::read_dir(SPECS)? {
        let name = entry?.file_name().into_string().map_err(|name| format!("{name:?} is no UTF-8"))?;
        if name.ends_with(".yaml") && !name.ends_with(".vectors.yaml") {
            specs.push(name);
        }
    }
    specs.sort();
    Ok(specs)
}
