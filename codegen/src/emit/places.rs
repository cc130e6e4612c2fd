//! Places: reading a signature from where it stands, and writing it there.

use proc_macro2::TokenStream;
use quote::quote;

use super::compose::{Unit, segments};
use crate::ir::{FieldPath, Piece, Place, PlaceCarrier};

/// Whether what stands there is nothing but the signature.
pub(super) fn is_bare(place: &Place) -> bool {
    place.template == [Piece::Signature] && place.items.is_none()
}

/// An expression for the text that was received at a place.
pub(super) fn received(carrier: &PlaceCarrier) -> TokenStream {
    match carrier {
        PlaceCarrier::Field(path) => {
            let path = segments(path);
            quote!(message.placed_field(#path)?)
        }
        PlaceCarrier::Header(name) => quote!(message.placed_header(#name)?),
        PlaceCarrier::Query(name) => quote!(message.placed_query(#name)?),
    }
}

/// A statement that places a text (`&str`).
pub(super) fn placing(carrier: &PlaceCarrier, value: &TokenStream) -> TokenStream {
    match carrier {
        PlaceCarrier::Field(path) => {
            let name = path.dotted();
            quote!(draft.place_field(#name, #value)?;)
        }
        PlaceCarrier::Header(name) => quote!(draft.place_header(#name, #value)?;),
        PlaceCarrier::Query(name) => quote!(draft.place_query(#name, #value)?;),
    }
}

/// What an error calls the place.
fn shown(carrier: &PlaceCarrier) -> String {
    match carrier {
        PlaceCarrier::Field(FieldPath(path)) => path.join("."),
        PlaceCarrier::Header(name) | PlaceCarrier::Query(name) => name.clone(),
    }
}

/// The body of the function that makes the template of a place.
pub(super) fn template(unit: Unit<'_>, place: &Place) -> TokenStream {
    let shown = shown(&place.carrier);
    let items = match &place.items {
        Some(separator) => quote!(Some(#separator)),
        None => quote!(None),
    };
    let pieces = unit.place_pieces(place);
    quote! {
        let mut template = rt::PlaceTemplate::new(#shown, #items);
        #pieces
        Ok(template)
    }
}
