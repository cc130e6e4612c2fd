//! Codes: what a provider's error codes mean, as tables that the runtime looks up.
//!
//! A code that means the same for most operations stands in the table of the provider; an operation lists what
//! differs, and its own table goes first.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::names::{constant, ident};
use crate::ir::{Effect, ErrorCode, ErrorKind, Operation, Provider, Reply};

/// The table of the provider: for each code that every operation lists, its most frequent meaning.
pub(super) fn common(provider: &Provider) -> Vec<&ErrorCode> {
    let lists: Vec<&[ErrorCode]> = provider
        .operations
        .iter()
        .filter_map(|operation| Some(operation.reply.as_ref()?.errors.as_slice()))
        .collect();
    let Some(first) = lists.first() else { return Vec::new() };
    let mut codes = Vec::new();
    for code in *first {
        let meanings: Option<Vec<&ErrorCode>> = lists.iter().map(|list| meaning(list, code)).collect();
        codes.extend(meanings.and_then(most_frequent));
    }
    codes
}

/// What a list says about a code: its first entry counts.
fn meaning<'a>(list: &'a [ErrorCode], code: &ErrorCode) -> Option<&'a ErrorCode> {
    list.iter().find(|known| known.field == code.field && known.value == code.value)
}

/// The most frequent; the first of several.
fn most_frequent(codes: Vec<&ErrorCode>) -> Option<&ErrorCode> {
    let mut counts: HashMap<&ErrorCode, usize> = HashMap::new();
    for code in &codes {
        *counts.entry(code).or_default() += 1;
    }
    // Of equals, `max_by_key` takes the last.
    codes.into_iter().rev().max_by_key(|code| counts.get(code))
}

/// `ERRORS`.
pub(super) fn common_table(provider: &Provider, common: &[&ErrorCode]) -> Option<TokenStream> {
    provider.operations.iter().find(|operation| operation.reply.is_some())?;
    let entries = common.iter().copied().map(entry);
    Some(quote! {
        /// Codes that mean the same for all operations, unless one of them says otherwise.
        const ERRORS: &[rt::ErrorCode] = &[#(#entries),*];
    })
}

/// `UNIFIED_ORDER_CODES`.
pub(super) fn table(common: &[&ErrorCode], operation: &Operation, reply: &Reply) -> TokenStream {
    let Reply { envelope: _, member: _, shape: _, outcome: _, lookup, errors, fault, unlisted } = reply;
    let name = constant(&operation.name, "CODES");
    let docs = super::docs::line(&format!("Codes of {}.", super::docs::code(&operation.name.wire)));
    let own = errors.iter().filter(|code| !common.contains(code)).map(entry);
    let (fault, unlisted) = (kind(*fault), kind(*unlisted));
    let has_effect = operation.effect != Effect::None;
    quote! {
        #docs
        const #name: rt::Codes = rt::Codes {
            lookup: &[#(#lookup),*],
            own: &[#(#own),*],
            common: ERRORS,
            fault: #fault,
            unlisted: #unlisted,
            has_effect: #has_effect,
        };
    }
}

fn entry(code: &ErrorCode) -> TokenStream {
    let ErrorCode { field, value, kind: means, doc, mend } = code;
    let means = kind(*means);
    let mend = match mend {
        Some(mend) => quote!(Some(#mend)),
        None => quote!(None),
    };
    quote!(rt::ErrorCode { field: #field, value: #value, kind: #means, doc: #doc, mend: #mend })
}

fn kind(kind: ErrorKind) -> TokenStream {
    let name = ident(match kind {
        ErrorKind::Rejected => "Rejected",
        ErrorKind::Configuration => "Configuration",
        ErrorKind::RateLimited => "RateLimited",
        ErrorKind::TokenExpired => "TokenExpired",
        ErrorKind::NotFound => "NotFound",
        ErrorKind::Duplicate => "Duplicate",
        ErrorKind::Unknown => "Unknown",
    });
    quote!(rt::ErrorKind::#name)
}
