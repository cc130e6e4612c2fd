//! What a spec says and what it expands to, in numbers.

use std::{error::Error, ops::AddAssign};

use payspec_codegen::{Options, compile, expand, format_rust};

use crate::specs::Spec;

/// Of one spec or of several.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counted {
    /// Entries of `operations`.
    pub(crate) operations: usize,
    /// Entries of `callbacks`.
    pub(crate) callbacks: usize,
    /// Entries of `types`.
    pub(crate) types: usize,
    /// Structs and enums in the expansion.
    pub(crate) structs: usize,
    /// Lines of the expansion, formatted, with its documentation.
    pub(crate) lines: usize,
    /// Those that are neither empty nor documentation.
    pub(crate) code: usize,
}

impl Counted {
    /// Of one spec.
    pub(crate) fn of(Spec { name, text }: &Spec) -> Result<Self, Box<dyn Error>> {
        let compiled = compile(text, name).map_err(|report| report.to_string())?;
        let provider = compiled.provider;
        let tokens = expand(text, name, &Options::default()).tokens();
        let formatted = format_rust(tokens.clone())?;
        let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
        Ok(Self {
            operations: provider.operations.len(),
            callbacks: provider.callbacks.len(),
            types: provider.types.len(),
            structs: structs(&syn::parse2::<syn::File>(tokens)?.items),
            lines: formatted.lines().count(),
            code: formatted.lines().filter(is_code).count(),
        })
    }

    /// Of all of them.
    pub(crate) fn all(specs: &[Spec]) -> Result<Self, Box<dyn Error>> {
        let mut sum = Self::default();
        for spec in specs {
            sum += Self::of(spec)?;
        }
        Ok(sum)
    }
}

impl AddAssign for Counted {
    fn add_assign(&mut self, Self { operations, callbacks, types, structs, lines, code }: Self) {
        self.operations += operations;
        self.callbacks += callbacks;
        self.types += types;
        self.structs += structs;
        self.lines += lines;
        self.code += code;
    }
}

fn structs(items: &[syn::Item]) -> usize {
    let count = |item: &syn::Item| match item {
        syn::Item::Struct(_) | syn::Item::Enum(_) => 1,
        syn::Item::Mod(module) => module.content.as_ref().map_or(0, |(_, items)| structs(items)),
        _ => 0,
    };
    items.iter().map(count).sum()
}
