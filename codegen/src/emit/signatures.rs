//! Whole signatures: which recipes protect a message, chosen by a credential or a field, or several of them; and the
//! calls of the functions that [`super::recipes`] emits for each.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::compose::segments;
use super::names::{pascal, snake};
use super::needs::Needs;
use super::recipes::Emitted;
use crate::ir::{Case, FieldCase, Provider, RecipeId, Signature};

/// What one use of a recipe is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Seal,
    Verify,
    Open,
}

impl Use {
    fn needs(self, emitted: Emitted<'_>) -> Needs {
        match self {
            Self::Seal => emitted.sealing_needs(),
            Self::Verify | Self::Open => emitted.verifying_needs(),
        }
    }

    /// An expression that ends the function with an error, or is the result.
    fn call(self, provider: &Provider, id: RecipeId) -> TokenStream {
        let emitted = Emitted::new(provider, &provider[id]);
        let arguments = self.needs(emitted).arguments(emitted.recipe);
        let (what, message) = match self {
            Self::Seal => ("seal", quote!(&mut draft)),
            Self::Verify => ("verify", quote!(&message)),
            Self::Open => ("open", quote!(&message)),
        };
        let name = emitted.name(what);
        quote!(self.#name(#message #arguments))
    }
}

/// An expression of type `Result<String, rt::Unverified>` over the local `message`: what an encryption, or the one that
/// is chosen, holds.
pub(super) fn opening(provider: &Provider, signature: &Signature) -> TokenStream {
    one_of(provider, signature, Use::Open)
}

/// Statements that seal the local `draft` by a whole signature.
pub(super) fn sealing_draft(provider: &Provider, signature: &Signature) -> TokenStream {
    match signature {
        Signature::Several(all) => all.iter().map(|one| sealing_draft(provider, one)).collect(),
        Signature::None { .. } => TokenStream::new(),
        one => {
            let sealing = one_of(provider, one, Use::Seal);
            quote!(#sealing?;)
        }
    }
}

/// An expression of type `Result<(), rt::Unverified>` over the local `message`: whether a whole signature fits, what is
/// encrypted aside.
pub(super) fn verifying(provider: &Provider, signature: &Signature) -> TokenStream {
    match signature {
        Signature::Several(all) => {
            let signatures = all.iter().rev().filter(|one| !is_encryption(provider, one));
            let mut verifying: Vec<_> = signatures.map(|one| verifying(provider, one)).collect();
            let last = verifying.pop().unwrap_or_else(nothing_to_verify);
            if verifying.is_empty() { last } else { quote!({ #(#verifying?;)* #last }) }
        }
        Signature::None { .. } => nothing_to_verify(),
        one if is_encryption(provider, one) => nothing_to_verify(),
        one => one_of(provider, one, Use::Verify),
    }
}

fn nothing_to_verify() -> TokenStream {
    quote!(Ok::<(), rt::Unverified>(()))
}

fn is_encryption(provider: &Provider, signature: &Signature) -> bool {
    signature.recipes().iter().all(|id| provider[*id].is_encryption())
}

/// A recipe, or the one that is chosen.
fn one_of(provider: &Provider, signature: &Signature, used: Use) -> TokenStream {
    match signature {
        Signature::Recipe(id) => used.call(provider, *id),
        Signature::Chosen { by, cases } => {
            let (member, choice) = (snake(&by.name), pascal(&by.name));
            let arms = cases.iter().map(|Case { alternative, recipe }| {
                let alternative = pascal(alternative);
                let bound = used.needs(Emitted::new(provider, &provider[*recipe])).bindings();
                let call = used.call(provider, *recipe);
                quote!(#choice::#alternative { #(#bound,)* .. } => #call,)
            });
            quote!(match &self.credentials.#member { #(#arms)* })
        }
        Signature::ByField { by, cases, absent, otherwise } => {
            let (path, name) = (segments(by), by.dotted());
            let refused = match used {
                Use::Seal => quote!(Err(rt::PrepareError::from(rt::RecipeError::NoRecipe { field: #name }))),
                Use::Verify | Use::Open => {
                    quote!(Err(rt::Unverified::from(rt::RecipeError::NoRecipe { field: #name })))
                }
            };
            let arms = cases.iter().map(|FieldCase { value, recipe }| {
                let call = used.call(provider, *recipe);
                quote!(Some(#value) => #call,)
            });
            let other = |id: &Option<RecipeId>| match id {
                Some(id) => used.call(provider, *id),
                None => refused.clone(),
            };
            let (absent, otherwise) = (other(absent), other(otherwise));
            let message = if used == Use::Seal { quote!(draft.message()?) } else { quote!(message) };
            quote! {
                match #message.chooser(#path)?.as_deref() {
                    #(#arms)*
                    None => #absent,
                    Some(_) => #otherwise,
                }
            }
        }
        Signature::None { .. } | Signature::Several(_) => nothing_to_verify(),
    }
}

/// Given values that a whole signature needs, each once: parameters of the functions around.
pub(super) fn given_parameters(provider: &Provider, signature: &Signature) -> Vec<(Ident, TokenStream)> {
    let mut parameters: Vec<(Ident, TokenStream)> = Vec::new();
    for id in signature.recipes() {
        let emitted = Emitted::new(provider, &provider[id]);
        // Hardly any recipe declares some, and what is needed takes long to find out.
        if emitted.recipe.given.is_empty() {
            continue;
        }
        let needs = emitted.sealing_needs().and(emitted.verifying_needs());
        for (name, kind) in needs.given(emitted.recipe) {
            if !parameters.iter().any(|(known, _)| *known == name) {
                parameters.push((name, kind));
            }
        }
    }
    parameters
}
