//! From the checked IR to Rust: the last step of the compiler.
//!
//! Small functions named after what they emit put tokens together; nothing is decided here and nothing can fail, for
//! what could fail was checked. The emitted code reads as if a careful person had written it: straight lines that call
//! the runtime by name. Every path goes through the alias `rt` or the glob `rt::emitted::*`, so that the code compiles
//! in any module of any crate. Structs of the IR are taken apart field by field, so that a new field does not compile
//! until somebody has looked at it here.

mod call;
mod callbacks;
mod ciphers;
mod client;
mod codes;
mod compose;
mod credentials;
mod docs;
mod draft;
mod enumerations;
mod environment;
mod features;
mod fields;
mod filters;
mod fresh;
mod given;
mod judge;
mod limits;
mod made;
mod message;
mod names;
mod needs;
mod notice;
mod objects;
mod outcome;
mod parts;
mod places;
mod read;
mod recipes;
mod reply;
mod request;
mod rules;
mod seals;
mod signatures;
mod signed;
mod structs;
mod unseal;
mod uses;
mod validate;
mod verify;

use proc_macro2::TokenStream;
use quote::quote;

use self::docs::Docs;
use self::features::Feature;
use self::made::Made;
use self::names::{pascal, snake};
use crate::ir::{Defaults, ErrorCode, Operation, Provider, Shape, Source, Type, TypeId};

/// A piece of emitted code that belongs together: what a snapshot shows, what a reviewer reads at a time.
#[derive(Clone, Debug)]
pub struct Item {
    /// Stable and unique: `operation__unified_order`, `type__bank_code`, `client`.
    pub name: String,
    /// The code.
    pub tokens: TokenStream,
}

/// The items of a provider, in the order in which they stand in its module.
pub(crate) fn emit(provider: &Provider) -> Vec<Item> {
    // Taken apart, so that a new section of a spec does not compile until it is emitted.
    let Provider {
        name: _,
        title: _,
        doc: _,
        sources: _,
        defaults: Defaults { encoding: _, zone: _, absent_when: _, space: _ },
        hosts: _,
        environments: _,
        credentials: _,
        options: _,
        types,
        recipes: _,
        token,
        envelopes,
        operations,
        callbacks,
    } = provider;
    let mut items = Items(Vec::new());
    items.add("environment", environment::environment(provider));
    items.add("environment__host", environment::host(provider));
    items.add("credentials", credentials::credentials(provider));
    items.add("credentials__options", credentials::options(provider));
    items.add("client", client::client(provider));
    items.add("client__context", client::context(provider));
    if let Some(token) = token {
        items.add("client__token", client::token(provider, token));
    }
    for (place, item) in types.iter().enumerate() {
        emit_type(&mut items, provider, TypeId(place), item);
    }
    for envelope in envelopes {
        let name = format!("envelope__{}", envelope.name.snake);
        items.add(format!("{name}__judge"), judge::in_envelope(provider, envelope));
        items.add(name, reply::answer(provider, envelope));
    }
    let common = codes::common(provider);
    items.add("codes", codes::common_table(provider, &common).unwrap_or_default());
    for operation in operations {
        emit_operation(&mut items, provider, operation, &common);
    }
    for (name, tokens) in recipes::functions(provider) {
        items.add(name, tokens);
    }
    for callback in callbacks {
        let name = format!("callback__{}", callback.name.snake);
        items.add(name.clone(), callbacks::callback(provider, callback));
        items.add(format!("{name}__value"), notice::value(provider, callback));
    }
    items.0
}

/// Items so far.
struct Items(Vec<Item>);

impl Items {
    /// Adds an item, unless it is empty.
    fn add(&mut self, name: impl Into<String>, tokens: TokenStream) {
        if !tokens.is_empty() {
            self.0.push(Item { name: name.into(), tokens });
        }
    }
}

fn emit_type(items: &mut Items, provider: &Provider, id: TypeId, item: &Type) {
    let Type { name, doc: _, sources: _, shape, sent, received } = item;
    let name = format!("type__{}", snake_case(name));
    match shape {
        Shape::Enum(values) => items.add(name, enumerations::enumeration(provider, id, values)),
        Shape::Object { fields, rules, extra } => {
            if *sent {
                items.add(name.clone(), objects::sent_object(provider, item, fields, rules, *extra));
            }
            if *received {
                let name = if *sent { format!("{name}__received") } else { name };
                items.add(name, objects::received_object(provider, item, fields));
            }
        }
    }
}

fn emit_operation(items: &mut Items, provider: &Provider, operation: &Operation, common: &[&ErrorCode]) {
    // Taken apart for the same reason; each part is handed the whole.
    let Operation {
        name,
        title: _,
        doc: _,
        sources: _,
        carriage: _,
        method: _,
        path: _,
        body: _,
        root: _,
        content_type: _,
        host: _,
        effect: _,
        idempotent_by: _,
        resolved_by: _,
        budget: _,
        request: _,
        payload: _,
        signature: _,
        signed: _,
        rules: _,
        reply,
    } = operation;
    let name = format!("operation__{}", name.snake);
    items.add(name.clone(), operation_struct(provider, operation));
    items.add(format!("{name}__validate"), operation_validation(provider, operation));
    items.add(format!("{name}__request"), request::request(provider, operation));
    items.add(format!("{name}__resolve"), call::resolve(provider, operation).unwrap_or_default());
    if let Some(reply) = reply {
        items.add(format!("{name}__call"), call::call(provider, operation, reply));
        items.add(format!("{name}__codes"), codes::table(common, operation, reply));
        items.add(format!("{name}__reply"), reply::reply(provider, operation, reply));
    }
}

fn operation_struct(provider: &Provider, operation: &Operation) -> TokenStream {
    let name = pascal(&operation.name);
    let docs = call::operation_docs(provider, operation)
        .ours(call::carried_in_words(operation))
        .ours(validate::rules_in_words(provider, &operation.rules));
    let fields = call::caller_fields(operation);
    let sent = structs::Sent { name: &name, docs, fields, extra: false, sources: &operation.sources };
    structs::sent(provider, &sent)
}

fn operation_validation(provider: &Provider, operation: &Operation) -> TokenStream {
    let name = pascal(&operation.name);
    let made = Made::of(provider, operation, &quote!(self));
    let public = validate::public_functions(provider, &made);
    let trimmed = |field: &crate::ir::Field| request::is_trimmed(provider, operation, field);
    let fields = call::caller_fields(operation);
    let check = validate::check_function(provider, &fields, &operation.rules, &trimmed, &made);
    quote! {
        impl #name {
            #public
            #check
        }
    }
}

/// The module that all items stand in. `crate_path` is the crate that re-exports the runtime: `::payspec`.
pub(crate) fn module(provider: &Provider, crate_path: &TokenStream, items: &[Item]) -> TokenStream {
    let name = names::ident(&provider.name);
    let features = features::features(provider);
    let docs = module_docs(provider, &features).inner_attributes();
    let needs = features.iter().map(|feature| {
        let needs = quote::format_ident!("needs_{}", feature.name());
        quote!(rt::#needs!();)
    });
    let items = items.iter().map(|item| &item.tokens);
    quote! {
        // What a shop does not use is no mistake of the shop; deprecated fields are still sent where it sets them.
        #[allow(dead_code, deprecated, unreachable_pub, clippy::all, clippy::pedantic)]
        pub mod #name {
            #docs

            use #crate_path::runtime as rt;
            use rt::emitted::*;

            #(#needs)*

            #(#items)*
        }
    }
}

fn module_docs(provider: &Provider, features: &[Feature]) -> Docs {
    let sources = provider.sources.iter().map(|Source { id, mark, title, link }| {
        let link = link.as_ref().map(|link| format!(", <{link}>")).unwrap_or_default();
        format!("- {} ({}): {}{link}", docs::code(id), docs::mark(*mark), docs::escape(title))
    });
    let sources: Vec<String> = sources.collect();
    let calls = provider.operations.iter().map(|operation| {
        let title =
            operation.title.as_ref().map(|title| format!(" ({})", docs::escape(title))).unwrap_or_default();
        format!("- [`Client::{}`]{title}", snake(&operation.name))
    });
    let callbacks = provider.callbacks.iter().map(|callback| {
        let title =
            callback.title.as_ref().map(|title| format!(" ({})", docs::escape(title))).unwrap_or_default();
        format!("- [`Client::{}`]{title}", names::function("verify", &callback.name, ""))
    });
    let features: Vec<String> = features.iter().map(|feature| docs::code(feature.name())).collect();
    let needed = match features.as_slice() {
        [] => String::new(),
        [one] => format!("Needs the feature {one} of payspec."),
        all => format!("Needs the features {} of payspec.", all.join(", ")),
    };
    let begin =
        if provider.operations.is_empty() && provider.callbacks.is_empty() { "" } else { "# What there is" };
    Docs::of_spec(&provider.title)
        .spec(&provider.doc)
        .ours("A client begins with [`Client::builder`].")
        .ours(needed)
        .ours(begin)
        .ours(calls.chain(callbacks).collect::<Vec<_>>().join("\n"))
        .ours(if sources.is_empty() { "" } else { "# Sources" })
        .ours(sources.join("\n"))
}

/// `BankCode` as `bank_code`.
fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for (place, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && place > 0 {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}
