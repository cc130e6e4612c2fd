//! What is done to a received message before anything in it is believed: verified, and opened where something in it
//! is encrypted, in the reverse of the signer's order.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::signatures::{opening, verifying};
use super::uses::encrypts;
use crate::ir::{PlaceCarrier, Provider, Repeated, Signature};

/// Where a message was opened, it is put together anew: `subject` is the local that can be opened, and `after` what
/// is made of it.
pub(super) struct Opening<'a> {
    /// `message` of a callback, `document` of a reply.
    pub(super) subject: &'a Ident,
    /// Statements that follow.
    pub(super) after: &'a TokenStream,
}

/// Statements over the local `message`; each that fails ends the function.
pub(super) fn unsealing(provider: &Provider, signature: &Signature, opening: &Opening<'_>) -> TokenStream {
    let Opening { subject, after } = opening;
    match signature {
        Signature::None { reason: _ } => TokenStream::new(),
        Signature::Several(all) => all.iter().rev().map(|one| unsealing(provider, one, opening)).collect(),
        one if encrypts(provider, one) => {
            let opened = opened(provider, one, subject);
            quote!(#opened #after)
        }
        Signature::Recipe(_) | Signature::Chosen { .. } | Signature::ByField { .. } => {
            let verified = verifying(provider, signature);
            quote!(#verified?;)
        }
    }
}

/// Statements that put the plain text in the place of the ciphertext. Alternatives have one place.
fn opened(provider: &Provider, signature: &Signature, subject: &Ident) -> TokenStream {
    let place = signature.recipes().first().and_then(|id| provider[*id].place.as_ref());
    let path = match place.map(|place| &place.carrier) {
        Some(PlaceCarrier::Field(path)) => path.0.as_slice(),
        Some(PlaceCarrier::Query(name)) => std::slice::from_ref(name),
        Some(PlaceCarrier::Header(_)) | None => return TokenStream::new(),
    };
    let open = opening(provider, signature);
    quote! {
        let plain = #open?;
        let #subject = #subject.opened(&[#(#path),*], &plain)?;
    }
}

/// What becomes of names that a message has twice: all its recipes agree.
pub(super) fn repeated(provider: &Provider, signature: &Signature) -> Option<TokenStream> {
    let first = signature.recipes().into_iter().next()?;
    match provider[first].repeated {
        Repeated::Refuse => None,
        Repeated::Each => Some(quote!(rt::Repeated::Each)),
        Repeated::Distinct => Some(quote!(rt::Repeated::Distinct)),
    }
}
