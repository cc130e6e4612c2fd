//! `provider!("path.yaml")`: a thin door on `payspec-codegen`, which does all the work.
//!
//! A procedural macro runs inside the compiler, where nothing can be tested; so it only finds the file, hands its text
//! over, and tells cargo to look at the file again when it changes.

use std::path::{Path, PathBuf};

use payspec_codegen::{Options, expand};
use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token};

/// Compiles the spec of a payment provider into a module of its name.
///
/// ```ignore
/// payspec::provider!("specs/my_provider.yaml");
/// ```
///
/// The path begins at the directory of the package's `Cargo.toml`. A crate that re-exports payspec under another name
/// says so: `provider!("specs/my_provider.yaml", crate = my_payspec)`.
#[proc_macro]
pub fn provider(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let tokens = match syn::parse::<Input>(input) {
        Ok(input) => compile(&input),
        Err(error) => error.to_compile_error(),
    };
    tokens.into()
}

/// What stands between the parentheses.
struct Input {
    path: LitStr,
    options: Options,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path = input.parse()?;
        let mut options = Options::default();
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        if !input.is_empty() {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            let named = syn::Path::parse_mod_style(input)?;
            let is_whole = named.leading_colon.is_some() || named.segments.iter().any(|part| part.ident == "crate");
            options.crate_path = if is_whole { quote!(#named) } else { quote!(::#named) };
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(Self { path, options })
    }
}

fn compile(Input { path, options }: &Input) -> TokenStream {
    let file = path.value();
    let (absolute, relative_to) = resolve(&file);
    match std::fs::read_to_string(&absolute) {
        Ok(source) => {
            let expanded = expand(&source, &file, options).tokens();
            let absolute = absolute.to_string_lossy();
            // In the error branch too: or cargo would never see that the mistake was mended.
            quote! {
                #expanded
                const _: &[u8] = ::core::include_bytes!(#absolute);
            }
        }
        Err(error) => {
            let tried = absolute.display();
            let text = format!("`{file}` cannot be read ({error}); tried {tried}, because the path begins at {relative_to}");
            syn::Error::new(path.span(), text).to_compile_error()
        }
    }
}

/// Where the file is, and what its path is relative to.
fn resolve(file: &str) -> (PathBuf, String) {
    match std::env::var("CARGO_MANIFEST_DIR") {
        Ok(root) => (Path::new(&root).join(file), format!("the directory of Cargo.toml ({root})")),
        Err(_) => (PathBuf::from(file), "the working directory (cargo has not set CARGO_MANIFEST_DIR)".to_owned()),
    }
}
