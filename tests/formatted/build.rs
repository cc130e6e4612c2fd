//! Writes the modules of the shipped specs as formatted text, put together from the very texts that the snapshots show.

use std::{error::Error, fmt::Write, fs, path::PathBuf};

use payspec_codegen::snapshot;

const SPECS: &str = "../../specs";

fn main() -> Result<(), Box<dyn Error>> {
    let mut modules = String::new();
    for spec in specs()? {
        modules.push_str(&module(&snapshot(spec)?)?);
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("providers.rs"), modules)?;
    println!("cargo::rerun-if-changed={SPECS}");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

/// Every spec that is shipped, in the order of the names.
fn specs() -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut specs = Vec::new();
    for entry in fs::read_dir(SPECS)? {
        let path = entry?.path();
        let name = path.to_string_lossy();
        if name.ends_with(".yaml") && !name.ends_with(".vectors.yaml") {
            specs.push(path);
        }
    }
    specs.sort();
    Ok(specs)
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
