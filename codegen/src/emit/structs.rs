//! Structs: what the caller fills in, and what is received.
//!
//! A sent struct is a plain literal: required members first, all others in `optional`, which has a default. A received
//! struct can only be made by reading, keeps what the spec does not list in `extra`, and may grow.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs::{self, Docs};
use super::fields::{Side, is_member, rust_type};
use super::limits::field_docs;
use super::names::{optional_of, snake};
use super::read::{Headers, reading};
use crate::ir::{Field, Provider, ReceivedField};

/// What a sent struct is made of.
pub(super) struct Sent<'a> {
    /// Its name.
    pub(super) name: &'a Ident,
    /// Its doc comment.
    pub(super) docs: Docs,
    /// Its fields, those without a member too.
    pub(super) fields: Vec<&'a Field>,
    /// The caller may add members.
    pub(super) extra: bool,
    /// The sources of the whole.
    pub(super) sources: &'a [String],
}

/// The struct that the caller fills in, and the one of its optional members.
pub(super) fn sent(provider: &Provider, sent: &Sent<'_>) -> TokenStream {
    let Sent { name, docs, fields, extra, sources } = sent;
    let docs = docs.attributes();
    let members: Vec<_> = fields.iter().copied().filter(|field| is_member(field)).collect();
    let required: Vec<_> = members.iter().filter(|field| field.required).collect();
    let default = required.is_empty().then(|| quote!(Default,));
    let required = required.iter().map(|field| {
        let docs = field_docs(provider, field, sources).attributes();
        let (deprecated, name) = (deprecated(field), snake(&field.name));
        let kind = rust_type(provider, field, Side::Sent);
        quote!(#docs #deprecated pub #name: #kind,)
    });
    let has_optional = has_optional(fields, *extra);
    let member = has_optional.then(|| {
        let optional = optional_of(name);
        quote! {
            /// What may be left out.
            pub optional: #optional,
        }
    });
    let optional = has_optional.then(|| optional_struct(provider, sent));
    quote! {
        #docs
        #[derive(Clone, Debug, #default PartialEq)]
        pub struct #name {
            #(#required)*
            #member
        }

        #optional
    }
}

fn optional_struct(provider: &Provider, sent: &Sent<'_>) -> TokenStream {
    let Sent { name, docs: _, fields, extra, sources } = sent;
    let optional = optional_of(name);
    let docs = docs::line(&format!("What may be left out of [`{name}`]."));
    let members = fields.iter().filter(|field| is_member(field) && !field.required).map(|field| {
        let docs = field_docs(provider, field, sources).attributes();
        let (deprecated, name) = (deprecated(field), snake(&field.name));
        let kind = rust_type(provider, field, Side::Sent);
        quote!(#docs #deprecated pub #name: Option<#kind>,)
    });
    let extra = extra.then(|| {
        quote! {
            /// Further members, sent behind the others as they are.
            pub extra: rt::Extra,
        }
    });
    quote! {
        #docs
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct #optional {
            #(#members)*
            #extra
        }
    }
}

/// Whether a sent struct has the member `optional`.
pub(super) fn has_optional(fields: &[&Field], extra: bool) -> bool {
    extra || fields.iter().any(|field| is_member(field) && !field.required)
}

/// Where a sent struct has the value of a field.
pub(super) fn place(owner: &TokenStream, field: &Field) -> TokenStream {
    let name = snake(&field.name);
    if field.required { quote!(#owner.#name) } else { quote!(#owner.optional.#name) }
}

fn deprecated(field: &Field) -> Option<TokenStream> {
    field.deprecated.as_ref().map(|why| quote!(#[deprecated(note = #why)]))
}

/// A received struct and how it is read.
pub(super) fn received(
    provider: &Provider,
    name: &Ident,
    docs: &Docs,
    fields: &[ReceivedField],
    sources: &[String],
    headers: Headers,
) -> TokenStream {
    let docs = docs.attributes();
    let listed: Vec<_> = fields.iter().filter(|received| is_member(&received.field)).collect();
    let members = listed.iter().map(|received| received_member(provider, received, sources));
    let members_of = quote!(members);
    let readings = fields.iter().map(|received| reading(provider, received, &members_of, headers));
    let skipped = fields.iter().filter(|received| !is_member(&received.field)).map(|received| {
        let wire = &received.field.name.wire;
        quote!(members.skip(#wire);)
    });
    let headers = reads_headers(fields).then(|| match headers {
        Headers::Reply => quote!(, response: &rt::Response),
        Headers::Callback => quote!(, message: &rt::Message<'_>),
    });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #(#members)*
            /// Members that the spec does not list.
            pub extra: rt::Extra,
        }

        impl #name {
            fn read(members: &mut rt::Members<'_> #headers) -> Result<Self, rt::Malformed> {
                #(#skipped)*
                Ok(Self {
                    #(#readings)*
                    extra: members.rest(),
                })
            }
        }
    }
}

/// Whether a struct has members that travel in headers.
pub(super) fn reads_headers(fields: &[ReceivedField]) -> bool {
    fields.iter().any(|received| received.header.is_some() && is_member(&received.field))
}

fn received_member(provider: &Provider, received: &ReceivedField, around: &[String]) -> TokenStream {
    let ReceivedField { field, header: _, equals, echo, unsigned } = received;
    let mut facts = Vec::new();
    facts.extend(equals.as_ref().map(|path| {
        format!(
            "Always the credential {}, or the message is refused.",
            docs::code(&super::names::credential_words(path))
        )
    }));
    facts.extend(echo.as_ref().map(|name| format!("Repeats {} of the request.", docs::code(&name.wire))));
    if *unsigned {
        facts.push("No signature covers it: anybody on the way may have changed it.".to_owned());
    }
    let docs = field_docs(provider, field, around).ours(facts.join(" ")).attributes();
    let (deprecated, name) = (deprecated(field), snake(&field.name));
    let kind = rust_type(provider, field, Side::Received);
    let kind = if *unsigned { quote!(rt::Unsigned<#kind>) } else { kind };
    let kind = if field.required { kind } else { quote!(Option<#kind>) };
    quote!(#docs #deprecated pub #name: #kind,)
}
