//! What the value of a callback can do: answer it, say what it means for money, compare it with the shop's own order,
//! recognise its repetitions.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, Docs};
use super::fields::{Side, rust_type, sent_text};
use super::names::{expected_of, pascal, snake};
use super::outcome;
use crate::ir::{Acknowledge, Callback, Field, Kind, Name, Provider};

/// What the value of a callback can do, and the struct that it is compared with.
pub(super) fn value(provider: &Provider, callback: &Callback) -> TokenStream {
    let Callback {
        name,
        title: _,
        doc: _,
        sources: _,
        deliver: _,
        receive: _,
        of: _,
        when: _,
        signature: _,
        fields,
        outcome,
        hint,
        sent_to: _,
        sent_at: _,
        compare: _,
        once_per: _,
        acknowledge,
        retries: _,
    } = callback;
    let kind = pascal(name);
    let fields: Vec<&Field> = fields.iter().map(|received| &received.field).collect();
    let acknowledgements = acknowledge.as_ref().map(acknowledgements);
    let outcome = outcome.as_ref().map(|outcome| outcome::outcome(outcome, &fields));
    let hint = hint.as_ref().and_then(|hint| self::hint(provider, &fields, hint));
    let compared = compared(callback);
    let agrees = (!compared.is_empty()).then(|| agrees_with(callback, &compared));
    let once = once_key(provider, callback, &fields);
    let methods = quote!(#acknowledgements #outcome #agrees #once #hint);
    if methods.is_empty() {
        return TokenStream::new();
    }
    let expected = (!compared.is_empty()).then(|| expected(provider, callback, &compared));
    quote! {
        impl #kind {
            #methods
        }

        #expected
    }
}

fn acknowledgements(acknowledge: &Acknowledge) -> TokenStream {
    let Acknowledge { accepted, again, content_type } = acknowledge;
    quote! {
        /// The exact answer that stops the repetitions. Send it when your handler has succeeded, never before.
        pub const ACCEPTED: rt::Acknowledgement = rt::Acknowledgement::new(#accepted, #content_type);

        /// The exact answer that asks for a repetition.
        pub const AGAIN: rt::Acknowledgement = rt::Acknowledgement::new(#again, #content_type);
    }
}

fn hint(provider: &Provider, fields: &[&Field], hint: &Name) -> Option<TokenStream> {
    let field = fields.iter().find(|field| field.name == *hint)?;
    let (member, kind) = (snake(hint), rust_type(provider, field, Side::Received));
    let (kind, value) = if field.required {
        (quote!(&#kind), quote!(&self.#member))
    } else {
        (quote!(Option<&#kind>), quote!(self.#member.as_ref()))
    };
    Some(quote! {
        /// What the browser says, for choosing which page to show. It decides nothing.
        #[must_use]
        pub fn hint(&self) -> rt::Hint<#kind> {
            rt::Hint::new(#value)
        }
    })
}

fn compared(callback: &Callback) -> Vec<&Field> {
    let fields = callback
        .compare
        .iter()
        .filter_map(|name| callback.fields.iter().find(|received| received.field.name == *name));
    fields.map(|received| &received.field).collect()
}

/// Whether a value is handed around as a reference: text as `&str`, other owned values as `&T`.
fn is_borrowed(kind: &Kind) -> bool {
    !matches!(
        kind,
        Kind::Integer { .. }
            | Kind::Decimal { .. }
            | Kind::Amount { .. }
            | Kind::Flag { .. }
            | Kind::Timestamp(_)
            | Kind::Date(_)
            | Kind::Duration { .. }
    )
}

fn expected(provider: &Provider, callback: &Callback, compared: &[&Field]) -> TokenStream {
    let name = expected_of(callback);
    let kind = pascal(&callback.name);
    let lifetime = compared.iter().any(|field| is_borrowed(&field.kind)).then(|| quote!(<'a>));
    let members = compared.iter().map(|field| {
        let docs = Docs::of_spec(&field.doc).attributes();
        let member = snake(&field.name);
        let kind = match &field.kind {
            Kind::Text => quote!(&'a str),
            kind if is_borrowed(kind) => {
                let kind = rust_type(provider, field, Side::Received);
                quote!(&'a #kind)
            }
            _ => rust_type(provider, &Field { sensitive: false, ..(*field).clone() }, Side::Received),
        };
        quote!(#docs pub #member: #kind,)
    });
    let docs = docs::line(&format!("What your own order says, for [`{kind}::agrees_with`]."));
    quote! {
        #docs
        #[derive(Clone, Debug)]
        pub struct #name #lifetime {
            #(#members)*
        }
    }
}

fn agrees_with(callback: &Callback, compared: &[&Field]) -> TokenStream {
    let name = expected_of(callback);
    let lifetime = compared.iter().any(|field| is_borrowed(&field.kind)).then(|| quote!(<'_>));
    let agreeing = compared.iter().map(|field| {
        let (wire, member) = (&field.name.wire, snake(&field.name));
        match (&field.kind, field.required) {
            (Kind::Text, true) if field.sensitive => {
                quote!(rt::agree(#wire, self.#member.expose().as_str(), expected.#member)?;)
            }
            (Kind::Text, false) if field.sensitive => {
                quote!(rt::agree(#wire, &rt::exposed(&self.#member), &Some(expected.#member))?;)
            }
            (Kind::Text, true) => quote!(rt::agree(#wire, self.#member.as_str(), expected.#member)?;),
            (Kind::Text, false) => {
                quote!(rt::agree(#wire, &self.#member.as_deref(), &Some(expected.#member))?;)
            }
            (kind, true) if is_borrowed(kind) => quote!(rt::agree(#wire, &self.#member, expected.#member)?;),
            (kind, false) if is_borrowed(kind) => {
                quote!(rt::agree(#wire, &self.#member.as_ref(), &Some(expected.#member))?;)
            }
            (_, true) => quote!(rt::agree(#wire, &self.#member, &expected.#member)?;),
            (_, false) => quote!(rt::agree(#wire, &self.#member, &Some(expected.#member))?;),
        }
    });
    quote! {
        /// Compares with your own order. A signature proves who sent a notice, not that it is about the right order or
        /// the right amount. A field that did not come disagrees.
        ///
        /// # Errors
        /// The first field that differs. Book nothing then.
        pub fn agrees_with(&self, expected: &#name #lifetime) -> Result<(), rt::Disagreement> {
            #(#agreeing)*
            Ok(())
        }
    }
}

fn once_key(provider: &Provider, callback: &Callback, fields: &[&Field]) -> Option<TokenStream> {
    if callback.once_per.is_empty() {
        return None;
    }
    let notice = format!("{}.{}", provider.name, callback.name.wire);
    let parts = callback.once_per.iter().filter_map(|name| {
        let field = fields.iter().find(|field| field.name == *name)?;
        let member = snake(name);
        let text = sent_text(provider, field, &quote!(self.#member), false)?;
        let value = text.on_the_spot();
        Some(if field.required { quote!(.part(#value)) } else { quote!(.part_if(#value)) })
    });
    Some(quote! {
        /// Equal in repetitions of the same notice, different in different ones. Store it in the transaction that
        /// books.
        #[must_use]
        pub fn once_key(&self) -> rt::OnceKey {
            rt::OnceKey::new(#notice)#(#parts)*
        }
    })
}
