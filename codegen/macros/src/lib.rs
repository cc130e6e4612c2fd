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
/// ```text
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
            let is_whole =
                named.leading_colon.is_some() || named.segments.iter().any(|part| part.ident == "crate");
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
            let text = format!(
                "`{file}` cannot be read ({error}); tried {tried}, because the path begins at {relative_to}"
            );
            syn::Error::new(path.span(), text).to_compile_error()
        }
    }
}

/// Where the file is, and what its path is relative to.
fn resolve(file: &str) -> (PathBuf, String) {
    match std::env::var("CARGO_MANIFEST_DIR") {
        Ok(root) => (Path::new(&root).join(file), format!("the directory of Cargo.toml ({root})")),
        Err(_) => {
            (PathBuf::from(file), "the working directory (cargo has not set CARGO_MANIFEST_DIR)".to_owned())
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn expanded(input: &str) -> String {
        compile(&syn::parse_str(input).unwrap()).to_string()
    }

    #[test]
    fn a_missing_file_is_named_with_the_path_that_was_tried() {
        let text = expanded(r#""specs/absent.yaml""#);
        assert!(text.contains("compile_error"), "{text}");
        assert!(text.contains("`specs/absent.yaml` cannot be read"), "{text}");
        assert!(text.contains(concat!(env!("CARGO_MANIFEST_DIR"), "/specs/absent.yaml")), "{text}");
        assert!(text.contains("the directory of Cargo.toml"), "{text}");
    }

    #[test]
    fn cargo_is_told_to_watch_the_file_even_when_it_has_mistakes() {
        let text = expanded(r#""Cargo.toml""#);
        assert!(text.contains("compile_error"), "{text}");
        assert!(text.contains("include_bytes"), "{text}");
    }

    #[test]
    fn a_crate_of_another_name_stands_in_every_path() {
        let spec = r#""../tests/specs/form.yaml", crate = my_payspec"#;
        let text = expanded(spec);
        assert!(text.contains("use :: my_payspec :: runtime as rt"), "{text}");
        assert!(!text.contains(":: payspec ::"), "{text}");
        assert!(
            expanded(&spec.replace("my_", "crate::my_")).contains("use crate :: my_payspec :: runtime as rt")
        );
    }

    #[test]
    fn anything_else_between_the_parentheses_is_refused() {
        for input in
            ["", "specs", r#""a.yaml" crate = b"#, r#""a.yaml", path = b"#, r#""a.yaml", crate = b, c"#]
        {
            assert!(syn::parse_str::<Input>(input).is_err(), "{input}");
        }
    }
}
