//! What the merchant was given, and what a client may choose once.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, Docs, code};
use super::fields::rust_type;
use super::limits::{field_docs, in_words};
use super::names::{pascal, snake};
use crate::ir::{
    Alternative, ClientOption, Credential, CredentialKind, CredentialPath, Decode, KeyKind, Kind, Limits,
    Name, Provider,
};

/// `Credentials`, and an enum for each choice.
pub(super) fn credentials(provider: &Provider) -> TokenStream {
    let members = provider.credentials.iter().map(|credential| member(provider, credential, true));
    let choices = provider.credentials.iter().filter_map(|credential| match &credential.kind {
        CredentialKind::Choice(alternatives) => Some(choice(provider, credential, alternatives)),
        CredentialKind::Text { .. }
        | CredentialKind::Secret(_)
        | CredentialKind::Key(_)
        | CredentialKind::Keys(_) => None,
    });
    quote! {
        /// What the merchant was given. Secrets and keys never appear in `Debug`, errors or logs.
        #[derive(Clone, Debug)]
        pub struct Credentials {
            #(#members)*
        }

        #(#choices)*
    }
}

/// A member of `Credentials` (public) or of an alternative (as public as its enum).
fn member(provider: &Provider, credential: &Credential, public: bool) -> TokenStream {
    let Credential { name, kind, doc, sources, example } = credential;
    let docs =
        Docs::of_spec(doc).ours(facts(kind, example.as_deref())).ours(docs::source(provider, sources, &[]));
    let docs = docs.attributes();
    let kind = match kind {
        CredentialKind::Text { .. } => quote!(String),
        CredentialKind::Secret(_) => quote!(rt::Secret),
        CredentialKind::Key(kind) => key_type(*kind),
        CredentialKind::Keys(kind) => {
            let key = key_type(*kind);
            quote!(rt::KeysById<#key>)
        }
        CredentialKind::Choice(_) => {
            let name = pascal(name);
            quote!(#name)
        }
    };
    let name = snake(name);
    let public = public.then(|| quote!(pub));
    quote!(#docs #public #name: #kind,)
}

fn facts(kind: &CredentialKind, example: Option<&str>) -> String {
    let limits = match kind {
        CredentialKind::Text { length } => Limits { length: *length, ..Limits::default() },
        CredentialKind::Secret(_)
        | CredentialKind::Key(_)
        | CredentialKind::Keys(_)
        | CredentialKind::Choice(_) => Limits::default(),
    };
    let length = in_words(&limits, &Kind::Text).map(|words| format!("By the document {words}."));
    let written = match kind {
        CredentialKind::Secret(Decode::Hex) => Some("Written in hexadecimal digits."),
        CredentialKind::Secret(Decode::Base64) => Some("Written in base64."),
        CredentialKind::Keys(_) => Some("A message says by its id which one it means."),
        _ => None,
    };
    let length = length.into_iter().chain(written.map(str::to_owned));
    let example = example.map(|example| format!("Example: {}.", code(example)));
    length.chain(example).collect::<Vec<_>>().join(" ")
}

pub(super) fn key_type(kind: KeyKind) -> TokenStream {
    match kind {
        KeyKind::RsaPrivate => quote!(rt::RsaPrivateKey),
        KeyKind::RsaPublic => quote!(rt::RsaPublicKey),
        KeyKind::Sm2Private => quote!(rt::Sm2PrivateKey),
        KeyKind::Sm2Public => quote!(rt::Sm2PublicKey),
    }
}

fn choice(provider: &Provider, credential: &Credential, alternatives: &[Alternative]) -> TokenStream {
    let Credential { name, kind: _, doc, sources, example: _ } = credential;
    let name = pascal(name);
    let docs = Docs::of_spec(doc).ours(docs::source(provider, sources, &[])).attributes();
    let variants = alternatives.iter().map(|alternative| {
        let Alternative { name, wire, doc, sources: own, members } = alternative;
        let docs = Docs::of_ours(format!("{}: {}", code(wire), docs::escape(doc)));
        let docs = docs.ours(docs::source(provider, own, sources)).attributes();
        let name = pascal(name);
        let members = members.iter().map(|credential| member(provider, credential, false));
        quote!(#docs #name { #(#members)* },)
    });
    let arms = alternatives.iter().map(|Alternative { name, wire, doc: _, sources: _, members: _ }| {
        let name = pascal(name);
        quote!(Self::#name { .. } => #wire,)
    });
    let texts = text_members(alternatives).into_iter().map(|member| text_member(alternatives, member));
    quote! {
        #docs
        #[derive(Clone, Debug)]
        pub enum #name {
            #(#variants)*
        }

        impl #name {
            /// The provider's word for it.
            #[must_use]
            pub fn wire(&self) -> &'static str {
                match self {
                    #(#arms)*
                }
            }

            #(#texts)*
        }
    }
}

/// The public texts among the members of a choice, each name once.
fn text_members(alternatives: &[Alternative]) -> Vec<&Name> {
    let mut names: Vec<&Name> = Vec::new();
    for credential in alternatives.iter().flat_map(|alternative| &alternative.members) {
        if matches!(credential.kind, CredentialKind::Text { .. }) && !names.contains(&&credential.name) {
            names.push(&credential.name);
        }
    }
    names
}

fn holds_text(alternative: &Alternative, name: &Name) -> bool {
    let mut texts =
        alternative.members.iter().filter(|member| matches!(member.kind, CredentialKind::Text { .. }));
    texts.any(|member| member.name == *name)
}

/// A public text of a choice, wherever the chosen alternative has it.
fn text_member(alternatives: &[Alternative], name: &Name) -> TokenStream {
    let member = snake(name);
    let arms = alternatives.iter().map(|alternative| {
        let variant = pascal(&alternative.name);
        if holds_text(alternative, name) {
            quote!(Self::#variant { #member, .. } => Some(#member.as_str()),)
        } else {
            quote!(Self::#variant { .. } => None,)
        }
    });
    let docs = docs::line(&format!("{}, where this alternative has it.", code(&name.wire)));
    quote! {
        #docs
        fn #member(&self) -> Option<&str> {
            match self {
                #(#arms)*
            }
        }
    }
}

/// The credential of a path's first part.
pub(super) fn find<'a>(provider: &'a Provider, path: &CredentialPath) -> Option<&'a Credential> {
    provider.credentials.iter().find(|credential| credential.name == path.name)
}

/// Whether a credential is a choice.
pub(super) fn is_choice(provider: &Provider, path: &CredentialPath) -> bool {
    find(provider, path).is_some_and(|credential| matches!(credential.kind, CredentialKind::Choice(_)))
}

/// Whether a credential is a shared secret, wherever it lies.
pub(super) fn is_secret(provider: &Provider, path: &CredentialPath) -> bool {
    let Some(credential) = find(provider, path) else { return false };
    match (&credential.kind, &path.member) {
        (CredentialKind::Choice(alternatives), Some(name)) => {
            let mut members = alternatives.iter().flat_map(|alternative| &alternative.members);
            members.any(|member| member.name == *name && matches!(member.kind, CredentialKind::Secret(_)))
        }
        (kind, _) => matches!(kind, CredentialKind::Secret(_)),
    }
}

/// `Options`: what a client may choose once.
pub(super) fn options(provider: &Provider) -> TokenStream {
    let members = provider.options.iter().map(|option| {
        let ClientOption { field, default } = option;
        let default = match default {
            Some(default) => format!("{} unless chosen.", code(default)),
            None => "Left out unless chosen.".to_owned(),
        };
        let docs = field_docs(provider, field, &[]).ours(default).attributes();
        let (name, kind) = (snake(&field.name), rust_type(provider, field, super::fields::Side::Sent));
        quote!(#docs pub #name: Option<#kind>,)
    });
    quote! {
        /// What a client may choose once, with [`ClientBuilder::options`](rt::ClientBuilder::options).
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Options {
            #(#members)*
        }
    }
}
