//! The message of a request: query and body in the order of the wire, and how they are handed to the runtime.
//!
//! Fields stand in the order of the spec, the payload behind the fields beside it, the signature last. This is the
//! short road of forms, queries and JSON; [`super::draft`] is the other one.

use proc_macro2::TokenStream;
use quote::quote;

use super::names::{local, pascal};
use super::objects::{is_json_flag, json_member, member_of};
use super::request::Local;
use super::signed::charset;
use super::structs::place;
use crate::ir::{
    Body, Carriage, Carrier, Field, Kind, Method, Operation, Origin, Output, Provider, Recipe, Signature,
    Space, TimeFormat,
};

/// How a message is written.
pub(super) struct Message {
    /// Statements that leave the query in `query`; empty if there is none.
    pub(super) query: TokenStream,
    /// Statements that leave the body in `form` or `body`; empty if there is none.
    pub(super) body: TokenStream,
    /// The last expression: the message, handed to the runtime.
    pub(super) sending: TokenStream,
}

/// How the message of an operation is written.
pub(super) fn message(provider: &Provider, operation: &Operation, locals: &[Local]) -> Message {
    let in_query = match operation.body {
        Body::Query => on_the_wire(operation, Carrier::Outer),
        Body::Form | Body::Json | Body::Xml | Body::Raw => on_the_wire(operation, Carrier::Query),
    };
    let has_query = operation.body == Body::Query || !in_query.is_empty();
    let query = if has_query {
        pairs(provider, operation, locals, &in_query, &quote!(query))
    } else {
        TokenStream::new()
    };
    let in_body = on_the_wire(operation, Carrier::Outer);
    let body = match operation.body {
        Body::Query | Body::Xml | Body::Raw => TokenStream::new(),
        Body::Form => pairs(provider, operation, locals, &in_body, &quote!(form)),
        Body::Json => {
            let members = in_body.iter().map(|field| json_outer(provider, locals, field));
            let mutable = (!in_body.is_empty()).then(|| quote!(mut));
            quote! {
                let #mutable body = rt::json::Object::new();
                #(#members)*
                let body = body.finish();
            }
        }
    };
    Message { sending: sending(provider, operation, has_query), query, body }
}

/// The fields that travel here, the payload behind them, the signature last.
pub(super) fn on_the_wire(operation: &Operation, carrier: Carrier) -> Vec<&Field> {
    let here = || operation.request.iter().filter(move |sent| sent.carrier == carrier);
    let payload = operation.payload.iter().filter(|_| carrier == Carrier::Outer);
    let fields = here().filter(|sent| sent.origin != Origin::Signature).map(|sent| &sent.field);
    let signature = here().filter(|sent| sent.origin == Origin::Signature).map(|sent| &sent.field);
    fields.chain(payload).chain(signature).collect()
}

/// A query or form of these fields, in a variable of this name.
fn pairs(
    provider: &Provider,
    operation: &Operation,
    locals: &[Local],
    fields: &[&Field],
    variable: &TokenStream,
) -> TokenStream {
    let pair = |field: &&Field| pair(locals, field, is_plain_value(provider, operation, field), variable);
    let pairs: Vec<_> = fields.iter().map(pair).collect();
    let charset = charset(provider, provider.defaults.encoding);
    let space = space(provider);
    let mutable = (!pairs.is_empty()).then(|| quote!(mut));
    quote! {
        let #mutable #variable = rt::Form::new(#charset, #space);
        #(#pairs)*
    }
}

/// How a space is written.
pub(super) fn space(provider: &Provider) -> TokenStream {
    match provider.defaults.space {
        Space::Percent20 => quote!(rt::Space::Percent20),
        Space::Plus => quote!(rt::Space::Plus),
    }
}

fn pair(locals: &[Local], field: &Field, is_plain_value: bool, variable: &TokenStream) -> TokenStream {
    let wire = &field.name.wire;
    let known = locals.iter().find(|known| known.snake == field.name.snake);
    let function = match (is_plain(wire), is_plain_value, known.is_some_and(|known| known.optional)) {
        (true, true, false) => quote!(plain),
        (true, true, true) => quote!(plain_if),
        (true, false, false) => quote!(pair),
        (true, false, true) => quote!(pair_if),
        (false, _, false) => quote!(pair_of),
        (false, _, true) => quote!(pair_of_if),
    };
    let value = match known {
        Some(known) => known.reference(),
        None => {
            let signature = local(&field.name);
            quote!(&#signature)
        }
    };
    quote!(#variable.#function(#wire, #value);)
}

/// Whether a value is written in characters that need no percent-encoding, whatever it is.
fn is_plain_value(provider: &Provider, operation: &Operation, field: &Field) -> bool {
    match operation.request.iter().find(|sent| sent.field.name == field.name).map(|sent| &sent.origin) {
        Some(Origin::Constant(text)) => return is_plain(text),
        Some(Origin::Caller | Origin::Now | Origin::Signature) => {}
        // What comes from elsewhere is somebody's text.
        _ => return false,
    }
    match &field.kind {
        Kind::Fixed(text) => is_plain(text),
        Kind::Integer { .. } | Kind::Amount { .. } | Kind::Decimal { .. } | Kind::Duration { .. } => true,
        Kind::Timestamp(TimeFormat::UnixSeconds | TimeFormat::UnixMillis) => true,
        Kind::Signature => {
            let recipes = operation.signature.recipes();
            let is_hex = |recipe: &Recipe| matches!(recipe.seal.output, Output::HexLower | Output::HexUpper);
            !recipes.is_empty() && recipes.iter().all(|id| is_hex(&provider[*id]))
        }
        _ => false,
    }
}

/// Whether a name needs no percent-encoding.
fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

/// A member of a JSON body.
pub(super) fn json_outer(provider: &Provider, locals: &[Local], field: &Field) -> TokenStream {
    let body = quote!(body);
    let known = locals.iter().find(|known| known.snake == field.name.snake);
    match (known, &field.kind) {
        (Some(known), kind) if !is_json_flag(kind) => {
            let field = Field { required: !known.optional, sensitive: known.sensitive, ..field.clone() };
            member_of(&field, &known.reference(), &body)
        }
        (None, Kind::Signature) => {
            let signature = local(&field.name);
            member_of(field, &quote!(&#signature), &body)
        }
        _ => json_member(provider, field, &place(&quote!(request), field), &body),
    }
}

fn sending(provider: &Provider, operation: &Operation, has_query: bool) -> TokenStream {
    let host = pascal(&provider[operation.host]);
    let path = &operation.path;
    let text = match &operation.signature {
        Signature::None { reason: _ } => quote!(rt::Text::new(rt::Charset::Utf8).finish()?),
        _ => quote!(text),
    };
    let (function, message) = match (operation.carriage, operation.body, operation.method) {
        (Carriage::Redirect, ..) => (quote!(redirect), quote!(query)),
        (Carriage::Call, Body::Query, Method::Get) => (quote!(get), quote!(query)),
        (Carriage::Call, Body::Query, Method::Post) => (quote!(post_query), quote!(query)),
        (Carriage::Call, Body::Form, _) => (quote!(post_form), quote!(form)),
        (Carriage::Call, Body::Json | Body::Xml | Body::Raw, _) => {
            let charset = charset(provider, provider.defaults.encoding);
            (quote!(post_json), quote!(body, #charset))
        }
    };
    let call = quote!(self.core.#function(Host::#host as usize, #path, #message, #text));
    if has_query && operation.body != Body::Query {
        quote! {
            let prepared = #call?;
            self.core.with_query(prepared, query)
        }
    } else {
        call
    }
}
