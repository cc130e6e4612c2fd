//! Writes the modules of the shipped specs as formatted text, put together from the very texts that the snapshots show.

use std::{error::Error, fmt::Write, fs, path::PathBuf};

use payspec_codegen::snapshot;

/// The shipped specs; `tests/shipped.rs` holds that none is left out.
const PROVIDERS: [&str; 3] = ["aggregate_pay", "guanaitong", "ysepay"];

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    for provider in PROVIDERS {
        let spec = format!("../../specs/{provider}.yaml");
        fs::write(out.join(format!("{provider}.rs")), module(&snapshot(&spec)?)?)?;
        println!("cargo::rerun-if-changed={spec}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

/// The first text is the module without its items: they go before its last brace.
fn module(texts: &[(String, String)]) -> Result<String, Box<dyn Error>> {
    let ((_, head), items) = texts.split_first().ok_or("a snapshot has a head")?;
    let head = head.trim_end().strip_suffix('}').ok_or("the head of a module ends with its brace")?;
    let mut module = head.to_owned();
    for (_, item) in items {
        write!(module, "\n{item}")?;
    }
    module.push_str("}\n");
    Ok(module)
}
