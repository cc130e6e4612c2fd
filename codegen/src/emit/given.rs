//! Values that the caller hands in with one message: parameters of the public functions, and how they are passed on.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs::{Docs, code};
use super::signatures::given_parameters;
use crate::ir::{Operation, Provider, Signature};

/// What is handed in with a message.
#[derive(Clone, Default)]
pub(super) struct Given(Vec<(Ident, TokenStream)>);

impl Given {
    /// What one signature needs.
    pub(super) fn of(provider: &Provider, signature: &Signature) -> Self {
        Self(given_parameters(provider, signature))
    }

    /// What a request needs.
    pub(super) fn of_request(provider: &Provider, operation: &Operation) -> Self {
        Self::of(provider, &operation.signature)
    }

    /// What a reply needs.
    pub(super) fn of_reply(provider: &Provider, operation: &Operation) -> Self {
        match &operation.reply {
            Some(reply) => Self::of(provider, &provider[reply.envelope].signature),
            None => Self::default(),
        }
    }

    /// Both, each once.
    pub(super) fn and(mut self, other: Self) -> Self {
        for (name, kind) in other.0 {
            if !self.0.iter().any(|(known, _)| *known == name) {
                self.0.push((name, kind));
            }
        }
        self
    }

    /// `, session_key: &rt::Secret`
    pub(super) fn parameters(&self) -> TokenStream {
        self.0.iter().map(|(name, kind)| quote!(, #name: &#kind)).collect()
    }

    /// `, session_key: &'a rt::Secret`: kept for as long as the others.
    pub(super) fn parameters_of(&self, lifetime: &TokenStream) -> TokenStream {
        self.0.iter().map(|(name, kind)| quote!(, #name: & #lifetime #kind)).collect()
    }

    /// `, session_key`
    pub(super) fn arguments(&self) -> TokenStream {
        self.0.iter().map(|(name, _)| quote!(, #name)).collect()
    }

    /// Whether a parameter has this name.
    pub(super) fn holds(&self, name: &Ident) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// A paragraph for each parameter.
    pub(super) fn document(&self, docs: Docs) -> Docs {
        self.0.iter().fold(docs, |docs, (name, kind)| {
            let is_secret = kind.to_string().contains("Secret");
            let what = if is_secret {
                "a secret that belongs to this one message"
            } else {
                "belongs to this one message"
            };
            docs.ours(format!("{}: {what}; the signature needs it.", code(&name.to_string())))
        })
    }
}
