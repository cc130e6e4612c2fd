//! Compiles the specs of the tests, and writes the bridge between generated code and dynamic values.
//!
//! Generated code is typed, one struct for each message; the tests that compare it with the interpreter and with the
//! vectors have names and texts. The bridge stands between the two. It is made here from the IR of every spec, so that
//! no test knows a provider by hand: from named values it builds the typed request, and it writes the typed values of
//! a reply or callback down as the interpreter does. Two files go to `OUT_DIR`:
//! `generated.rs`, the emitted code of the specs under `tests/`, and `bridge.rs`, a module for each provider.
//!
//! The specs of `specs/` and `tests/protocols/` are not compiled again: their bridges use the modules of the crates
//! `payspec` and `payspec-sample`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "build/bridge.rs"]
mod bridge;
#[path = "build/callers.rs"]
mod callers;
#[path = "build/faults.rs"]
mod faults;
#[path = "build/readers.rs"]
mod readers;

use std::{
    fs,
    path::{Path, PathBuf},
};

use payspec_codegen::{Options, compile, expand, format_rust, ir::Provider};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// What goes to `OUT_DIR`.
#[derive(Default)]
struct Output {
    generated: TokenStream,
    bridges: TokenStream,
    opening: TokenStream,
}

impl Output {
    /// A spec that is compiled here.
    fn compile(&mut self, text: &str, file: &str) {
        let expansion = expand(text, file, &Options::default());
        let provider = provider(text, file);
        self.generated.extend(expansion.tokens());
        let module = format_ident!("{}", provider.name);
        self.bridge(&provider, &quote!(crate::bridge::generated::#module));
    }

    /// A spec whose module another crate has.
    fn elsewhere(&mut self, text: &str, file: &str, its: &str) {
        let provider = provider(text, file);
        let (its, module) = (format_ident!("{its}"), format_ident!("{}", provider.name));
        self.bridge(&provider, &quote!(::#its::#module));
    }

    fn bridge(&mut self, provider: &Provider, module: &TokenStream) {
        let (name, wire) = (format_ident!("{}", provider.name), &provider.name);
        self.bridges.extend(bridge::bridge(provider, module));
        self.opening.extend(quote!(#wire => Some(#name::open(settings)),));
    }

    fn write(self) {
        let Self { generated, bridges, opening } = self;
        let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
        let bridges = quote! {
            #bridges

            /// A client of the provider's generated code; `None` if there is no such provider.
            pub fn open(provider: &str, settings: &Settings) -> Option<Result<Box<dyn Generated>, Mismatch>> {
                match provider {
                    #opening
                    _ => None,
                }
            }
        };
        for (name, tokens) in [("generated.rs", generated), ("bridge.rs", bridges)] {
            let text = format_rust(tokens).unwrap_or_else(|error| panic!("{name} is no Rust: {error}"));
            fs::write(out.join(name), text).expect("OUT_DIR is writable");
        }
    }
}

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let mut output = Output::default();
    for (file, text) in specs(&root.join("../specs")) {
        output.elsewhere(&text, &file, "payspec");
    }
    for (file, text) in specs(&root.join("protocols")) {
        output.elsewhere(&text, &file, "payspec_sample");
    }
    for (file, text) in specs(&root.join("specs")) {
        output.compile(&text, &file);
    }
    for (file, text) in specs(&root.join("faults")) {
        output.compile(&text, &file);
        for fault in faults::ALL {
            output.compile(&fault.applied_to(&text), fault.name);
        }
    }
    output.write();
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
}

/// The specs of a folder with their text, in the order of their names.
fn specs(folder: &Path) -> Vec<(String, String)> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    files.sort();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    files
        .into_iter()
        .filter(|path| name(path).ends_with(".yaml") && !name(path).ends_with(".vectors.yaml"))
        .map(|path| (name(&path), fs::read_to_string(&path).expect("a readable spec")))
        .collect()
}

fn provider(text: &str, file: &str) -> Provider {
    match compile(text, file) {
        Ok(compiled) => compiled.provider,
        Err(report) => panic!("{report}"),
    }
}
