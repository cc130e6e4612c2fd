//! Parts: recipes inside a recipe, whose results stand in its text, its key or its place, or in a place of their own.

use proc_macro2::TokenStream;
use quote::quote;

use super::needs::Needs;
use super::places::{is_bare, placing, received};
use super::recipes::Emitted;
use super::seals::{output, sealed};
use crate::ir::{Output, Recipe};

/// What the function of a part is handed, beside the results of earlier parts.
fn needs(part: &Recipe) -> Needs {
    Needs::of_text(part).and(Needs::of_seal(part)).without_parts()
}

/// Composes and seals a part, and adds its result to `parts`.
pub(super) fn function_of_part(emitted: Emitted<'_>, part: &Recipe) -> TokenStream {
    let name = emitted.name(&format!("part_{}", part.name.snake));
    let docs = emitted.docs(&format!("The part {} of", super::docs::code(&part.name.wire)));
    let parameters = emitted.parameters(&needs(part));
    let unit = emitted.unit().part(part);
    let text = unit.text();
    let (before, sealed) = sealed(unit);
    let (wire, result) = (&part.name.wire, output(unit, &sealed));
    let adding = if part.seal.output == Output::Bytes {
        quote!(parts.add_bytes(#wire, #sealed.as_bytes());)
    } else {
        quote!(parts.add(#wire, #result);)
    };
    quote! {
        #docs
        fn #name(#parameters, parts: &mut rt::Parts) -> Result<(), rt::RecipeError> {
            #text
            #before
            #adding
            Ok(())
        }
    }
}

/// A call of the function of a part. `message` is an expression for a reference.
fn call(emitted: Emitted<'_>, part: &Recipe, message: &TokenStream) -> TokenStream {
    let name = emitted.name(&format!("part_{}", part.name.snake));
    let needs = needs(part);
    let message = needs.message.then(|| quote!(#message,));
    let fresh = needs.fresh.then(|| quote!(&fresh,));
    let others: TokenStream = needs.arguments(emitted.recipe).into_iter().skip(1).collect();
    let comma = (!others.is_empty()).then(|| quote!(,));
    quote!(self.#name(#message #fresh #others #comma &mut parts)?;)
}

/// Statements that leave the results of all parts in `parts`, of a received message.
pub(super) fn composing(emitted: Emitted<'_>) -> TokenStream {
    if emitted.recipe.parts.is_empty() {
        return TokenStream::new();
    }
    let calls = emitted.recipe.parts.iter().map(|part| call(emitted, part, &quote!(message)));
    quote! {
        let mut parts = rt::Parts::new();
        #(#calls)*
    }
}

/// The same for a request: each part that has a place is placed before the next one is composed.
pub(super) fn sealing_parts(emitted: Emitted<'_>) -> TokenStream {
    if emitted.recipe.parts.is_empty() {
        return TokenStream::new();
    }
    let steps = emitted.recipe.parts.iter().map(|part| {
        let call = call(emitted, part, &quote!(&draft.message()?));
        let wire = &part.name.wire;
        let placed = part.place.as_ref().map(|place| {
            if is_bare(place) {
                return placing(&place.carrier, &quote!(parts.text(#wire)?));
            }
            let filling = emitted.filling(place, Some(part));
            let message =
                Needs::of_place(place, part).message.then(|| quote!(let message = &draft.message()?;));
            let placing = placing(&place.carrier, &quote!(&placed));
            quote! {
                let placed = {
                    #message
                    let signature = parts.text(#wire)?;
                    #filling
                    placed
                };
                #placing
            }
        });
        quote!(#call #placed)
    });
    quote! {
        let mut parts = rt::Parts::new();
        #(#steps)*
    }
}

/// `&& ..`: what was received in the place of a part is the part's result.
pub(super) fn checking_placed(emitted: Emitted<'_>) -> TokenStream {
    let checks = emitted.recipe.parts.iter().filter_map(|part| {
        let place = part.place.as_ref()?;
        let (wire, received) = (&part.name.wire, received(&place.carrier));
        Some(if is_bare(place) {
            quote!(&& parts.is(#wire, &#received))
        } else {
            let template = emitted.template(emitted.unit().part(part), place, Some(part));
            quote!(&& parts.is_one_of(#wire, #template.read(&#received)?.candidates()))
        })
    });
    checks.collect()
}
