//! Writes the generated code of every row of the truth table and of the first random recipes that compile.
//!
//! `generated.rs` has a module for each spec. `glue.rs` has a function for each, which verifies one of its callbacks,
//! chosen by name; what a client hands out is dropped, because here only the signature matters.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    dead_code,
    unreachable_pub
)]

#[path = "src/declared.rs"]
mod declared;
#[path = "src/plan.rs"]
mod plan;
#[path = "src/random/mod.rs"]
#[allow(unused_imports)]
mod random;
#[path = "src/spec.rs"]
mod spec;
#[path = "src/truth.rs"]
mod truth;

use std::{fmt::Write, fs, path::PathBuf};

use payspec_codegen::{
    Options, compile, expand,
    ir::{Provider, Signature},
};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let mut modules: Vec<(String, String)> =
        plan::plan(&root.join("../truth")).into_iter().map(|module| (module.name, module.text)).collect();
    modules.extend(plan::compiled_draws().0.into_iter().map(|module| (module.name, module.text)));
    let (mut generated, mut glue) = (String::new(), String::new());
    for (name, text) in &modules {
        let expansion = expand(text, name, &Options::default());
        writeln!(generated, "{}", expansion.tokens()).expect("a String can be written");
        let provider = match compile(text, name) {
            Ok(compiled) => compiled.provider,
            Err(report) => panic!("{report}"),
        };
        glue.push_str(&verifier(&provider));
    }
    glue.push_str(&dispatcher(&modules));
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("generated.rs"), generated).expect("OUT_DIR is writable");
    fs::write(out.join("glue.rs"), glue).expect("OUT_DIR is writable");
    for changed in ["build.rs", "src", "../truth"] {
        println!("cargo::rerun-if-changed={changed}");
    }
}

/// A function that verifies any callback of one spec.
fn verifier(provider: &Provider) -> String {
    let name = &provider.name;
    let (mut arms, mut takes_given) = (String::new(), false);
    for callback in &provider.callbacks {
        let callback_name = &callback.name.wire;
        let given = given(provider, &callback.signature);
        takes_given |= !given.is_empty();
        writeln!(
            arms,
            "        {callback_name:?} => client.verify_{callback_name}(incoming{given}).map(drop),"
        )
        .expect("a String can be written");
    }
    let unused = if takes_given { "" } else { "_" };
    format!(
        "fn {name}(callback: &str, incoming: &Incoming<'_>, {unused}given: &Given<'_>) -> Result<(), CallbackError> {{\n    \
         let client = client!({name});\n    match callback {{\n{arms}        other => panic!(\"no callback {{other}}\"),\n    \
         }}\n}}\n"
    )
}

/// Given values in the order in which the function takes them, each once.
fn given(provider: &Provider, signature: &Signature) -> String {
    let mut names: Vec<(String, bool)> = Vec::new();
    for recipe in signature.recipes() {
        for given in &provider[recipe].given {
            let name = (given.name.wire.clone(), given.secret);
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
        .iter()
        .map(|(name, is_secret)| {
            if *is_secret {
                format!(", &given.secret({name:?})")
            } else {
                format!(", given.public({name:?})")
            }
        })
        .collect()
}

fn dispatcher(modules: &[(String, String)]) -> String {
    let arms: String = modules
        .iter()
        .map(|(name, _)| format!("        {name:?} => {name}(callback, incoming, given),\n"))
        .collect();
    format!(
        "/// Verifies a callback of a spec with generated code.\n///\n/// # Errors\n/// As the generated code says.\n///\n\
         /// # Panics\n/// There is no such spec or callback.\npub fn verify(spec: &str, callback: &str, incoming: &Incoming<'_>, \
         given: &Given<'_>) -> Result<(), CallbackError> {{\n    match spec {{\n{arms}        other => panic!(\"no spec \
         {{other}}\"),\n    }}\n}}\n"
    )
}
