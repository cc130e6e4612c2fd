//! Enumerations: open, so that a new value of the provider breaks nobody.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, Docs, code};
use super::names::{ident, pascal};
use super::outcome::{word, word_type};
use crate::ir::{Carriage, Kind, Outcome, OutcomeOf, Provider, Shape, Type, TypeId, Value};

/// The enum, its texts, and what its values mean for money.
pub(super) fn enumeration(provider: &Provider, id: TypeId, values: &[Value]) -> TokenStream {
    let Type { name, doc, sources, shape: _, sent: _, received: _ } = &provider[id];
    let name = ident(name);
    let docs = Docs::of_spec(doc)
        .ours("Open: a value that the spec does not list is kept as `Other`.")
        .ours(docs::source(provider, sources, &[]))
        .attributes();
    let variants: Vec<_> = values.iter().map(|value| pascal(&value.name)).collect();
    let variant_docs = values.iter().map(|value| value_docs(provider, value, sources));
    let texts: Vec<_> = values.iter().map(|value| &value.name.wire).collect();
    let outcomes = outcomes(provider, id, values);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #variants,)*
            /// A value that the spec does not list. `from` makes one of any text.
            Other(rt::OtherValue),
        }

        impl #name {
            /// Every listed value, in the order of the spec.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            /// The text on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #texts,)*
                    Self::Other(other) => other.as_str(),
                }
            }

            #outcomes
        }

        impl From<&str> for #name {
            fn from(text: &str) -> Self {
                match text {
                    #(#texts => Self::#variants,)*
                    other => Self::Other(rt::OtherValue::new(other)),
                }
            }
        }

        impl rt::Enumeration for #name {
            fn from_wire(text: &str) -> Self {
                Self::from(text)
            }

            fn as_wire(&self) -> &str {
                self.as_str()
            }
        }
    }
}

fn value_docs(provider: &Provider, value: &Value, around: &[String]) -> TokenStream {
    let Value { name, doc, sources, outcome: _ } = value;
    Docs::of_ours(format!("{}: {}", code(&name.wire), docs::escape(doc)))
        .ours(docs::source(provider, sources, around))
        .attributes()
}

/// What values mean for money. Private: messages have exceptions, and only their `outcome` knows them.
fn outcomes(provider: &Provider, id: TypeId, values: &[Value]) -> TokenStream {
    let (payment, refund) = (OutcomeOf::Payment, OutcomeOf::Refund);
    [(payment, "payment_outcome", "payment"), (refund, "refund_outcome", "refund")]
        .into_iter()
        .filter(|(of, _, _)| decides(provider, id, *of))
        .map(|(of, function, what)| {
            let doc =
                docs::line(&format!("What this value alone says about a {what}; messages may know better."));
            let function = ident(function);
            let kind = word_type(of);
            let said = values.iter().filter_map(|value| {
                let variant = pascal(&value.name);
                let word = word(of, value.outcome?);
                Some(quote!(Self::#variant => #word,))
            });
            quote! {
                #doc
                fn #function(&self) -> #kind {
                    match self {
                        #(#said)*
                        _ => #kind::Unknown,
                    }
                }
            }
        })
        .collect()
}

/// Whether some outcome of this sort is read from a field of this enumeration.
fn decides(provider: &Provider, id: TypeId, of: OutcomeOf) -> bool {
    let replies =
        provider.operations.iter().filter(|operation| operation.carriage == Carriage::Call).filter_map(
            |operation| {
                let reply = operation.reply.as_ref()?;
                Some((reply.outcome.as_ref()?, super::reply::own_fields(reply)))
            },
        );
    let callbacks = provider.callbacks.iter().filter_map(|callback| {
        let fields = callback.fields.iter().map(|received| &received.field).collect::<Vec<_>>();
        Some((callback.outcome.as_ref()?, fields))
    });
    replies.chain(callbacks).any(|(outcome, fields)| {
        let Outcome { of: about, cases: _, from, otherwise: _ } = outcome;
        *about == of
            && from.as_ref().is_some_and(|from| {
                fields.iter().any(|field| field.name == *from && field.kind == Kind::Enum(id))
            })
    })
}

/// Whether a type is an enumeration, and its values.
pub(super) fn values_of(item: &Type) -> Option<&[Value]> {
    match &item.shape {
        Shape::Enum(values) => Some(values),
        Shape::Object { .. } => None,
    }
}
