//! Fresh values: made by the signer, placed where they have a place of their own; received by the verifier.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::compose::segments;
use super::filters::written_time;
use super::places::placing;
use crate::ir::{Fresh, FreshFormat, Operand, Piece, PlaceCarrier, Provider, Recipe};

/// Statements that make the values in `fresh`, and place those that have a place of their own.
pub(super) fn making(provider: &Provider, recipe: &Recipe) -> TokenStream {
    let is_time = |fresh: &Fresh| matches!(fresh.format, FreshFormat::Time(_));
    let now = recipe.fresh.iter().any(is_time).then(|| quote!(let now = self.core.now();));
    let now_of =
        |fresh: &Fresh| if is_time(fresh) || now.is_some() { quote!(now) } else { quote!(self.core.now()) };
    let made = recipe.fresh.iter().map(|fresh| {
        let Fresh { name, format, length, place } = fresh;
        let (name, format, now) = (&name.wire, format_of(provider, format, *length), now_of(fresh));
        let placed = place.as_ref().map(|carrier| placing(carrier, &quote!(fresh.text(#name)?)));
        quote! {
            fresh.make(#name, #format, #now, self.core.randomness())?;
            #placed
        }
    });
    quote! {
        #now
        let mut fresh = rt::FreshValues::new();
        #(#made)*
    }
}

fn format_of(provider: &Provider, format: &FreshFormat, length: Option<u32>) -> TokenStream {
    let length = Literal::u32_unsuffixed(length.unwrap_or(32));
    match format {
        FreshFormat::Time(time) => {
            let time = written_time(provider, time);
            quote!(rt::FreshFormat::Time(#time))
        }
        FreshFormat::Alphanumeric => quote!(rt::FreshFormat::Alphanumeric(#length)),
        FreshFormat::Hex => quote!(rt::FreshFormat::Hex(#length)),
        FreshFormat::Uuid => quote!(rt::FreshFormat::Uuid),
        FreshFormat::Bytes => quote!(rt::FreshFormat::Bytes(#length)),
    }
}

/// Statements that take over the values that stand in places of their own.
pub(super) fn receiving(recipe: &Recipe) -> TokenStream {
    let received = recipe.fresh.iter().filter_map(|Fresh { name, format: _, length: _, place }| {
        let name = &name.wire;
        Some(match place.as_ref()? {
            PlaceCarrier::Field(path) => {
                let path = segments(path);
                quote!(fresh.receive_field(#name, message, #path)?;)
            }
            PlaceCarrier::Header(header) => quote!(fresh.receive_header(#name, message, #header)?;),
            PlaceCarrier::Query(parameter) => quote!(fresh.receive_query(#name, message, #parameter)?;),
        })
    });
    received.collect()
}

/// Statements that refuse a received time that is none. `unknown` are values that are not received yet.
pub(super) fn checking(provider: &Provider, recipe: &Recipe, unknown: &[&Fresh]) -> TokenStream {
    let times = recipe.fresh.iter().filter(|fresh| !unknown.contains(fresh)).filter_map(|fresh| {
        let FreshFormat::Time(time) = &fresh.format else { return None };
        let (name, time) = (&fresh.name.wire, written_time(provider, time));
        Some(quote!(#time.check(fresh.text(#name)?)?;))
    });
    times.collect()
}

/// The values of known length that stand at the end of a text and nowhere else, the last one first.
pub(super) fn at_the_end(recipe: &Recipe) -> Vec<&Fresh> {
    let placed = |fresh: &Fresh| {
        let template = recipe.place.iter().flat_map(|place| &place.template);
        let is_it = |piece: &Piece| matches!(piece, Piece::Value { from: Operand::Fresh(name), filters: _ } if *name == fresh.name.wire);
        fresh.place.is_some() || template.into_iter().any(is_it)
    };
    let mut end = Vec::new();
    for piece in recipe.text.iter().rev() {
        let Piece::Value { from: Operand::Fresh(name), filters } = piece else { break };
        let declared = recipe.fresh.iter().find(|fresh| fresh.name.wire == *name && !placed(fresh));
        match declared {
            Some(fresh) if filters.is_empty() && !end.contains(&fresh) => end.push(fresh),
            _ => break,
        }
    }
    end
}
