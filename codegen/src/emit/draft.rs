//! Requests that are written as a whole before they are signed: a draft, its recipes, the message.
//!
//! The short road, where the checker has fixed the order of the signed text, is in [`super::message`] and
//! [`super::signed`]; this is the other one. Recipes place what they make themselves, so nothing of it stands here.

use proc_macro2::TokenStream;
use quote::quote;

use super::fields::integer;
use super::message::{json_outer, on_the_wire, space};
use super::names::{local, pascal};
use super::request::{Local, is_trimmed};
use super::signatures::sealing_draft;
use super::signed::charset;
use super::structs::place;
use super::uses::encrypts;
use crate::ir::{
    Body, Carriage, Carrier, Field, Kind, Method, Operation, Origin, Provider, SentField, Signature,
};

/// Whether a request takes the long road.
pub(super) fn is_drafted(provider: &Provider, operation: &Operation) -> bool {
    let is_plain = || operation.signature.recipes().iter().all(|id| provider[*id].is_plain());
    let is_one = matches!(
        operation.signature,
        Signature::None { .. } | Signature::Recipe(_) | Signature::Chosen { .. }
    );
    let is_simple = |sent: &SentField| {
        !matches!(sent.carrier, Carrier::Header | Carrier::Body)
            && !matches!(sent.field.kind, Kind::Rows { .. })
    };
    !(is_one
        && is_plain()
        && operation.signed.len() == operation.signature.recipes().len()
        && matches!(operation.body, Body::Query | Body::Form | Body::Json)
        && operation.request.iter().all(is_simple))
}

/// Statements from the values to the message.
pub(super) fn drafting(provider: &Provider, operation: &Operation, locals: &[Local]) -> TokenStream {
    let (host, path) = (pascal(&provider[operation.host]), &operation.path);
    let (charset, space) = (charset(provider, provider.defaults.encoding), space(provider));
    let method = match operation.method {
        Method::Get => quote!(rt::Method::Get),
        Method::Post => quote!(rt::Method::Post),
    };
    let query = query(provider, operation, locals);
    let body = body(provider, operation, locals);
    let headers = headers(operation, locals);
    let payload = payload(provider, operation);
    let placed = placed_in_query(operation);
    let sealing = sealing_draft(provider, &operation.signature);
    let finish = match operation.carriage {
        Carriage::Call => quote!(prepare),
        Carriage::Redirect => quote!(redirect_to),
    };
    let steps = quote!(#query #body #headers #payload #placed #sealing);
    let mutable = (!steps.is_empty()).then(|| quote!(mut));
    quote! {
        let #mutable draft = self.core.draft(#method, Host::#host as usize, #path, #charset, #space)?;
        #steps
        self.core.#finish(draft)
    }
}

/// What travels here, without what recipes make.
fn written<'a>(provider: &Provider, operation: &'a Operation, carrier: Carrier) -> Vec<&'a Field> {
    let is_encrypted = |field: &Field| {
        encrypts(provider, &operation.signature)
            && operation.payload.as_ref().is_some_and(|payload| payload.name == field.name)
    };
    let fields = on_the_wire(operation, carrier).into_iter();
    fields.filter(|field| !is_made(operation, field) && !is_encrypted(field)).collect()
}

fn is_made(operation: &Operation, field: &Field) -> bool {
    let mut sent = operation.request.iter().filter(|sent| sent.field.name == field.name);
    field.kind == Kind::Signature || sent.any(|sent| sent.origin == Origin::Signature)
}

fn query(provider: &Provider, operation: &Operation, locals: &[Local]) -> TokenStream {
    let carrier = if operation.body == Body::Query { Carrier::Outer } else { Carrier::Query };
    let fields = written(provider, operation, carrier);
    pairs(provider, operation, locals, &fields, &quote!(query))
}

/// `form.pair(..)` for each of these fields, and the form handed to the draft.
fn pairs(
    provider: &Provider,
    operation: &Operation,
    locals: &[Local],
    fields: &[&Field],
    variable: &TokenStream,
) -> TokenStream {
    if fields.is_empty() && *variable.to_string() == *"query" {
        return TokenStream::new();
    }
    let pairs: Vec<_> = fields.iter().map(|field| pair(provider, locals, field, variable)).collect();
    let mutable = (!pairs.is_empty()).then(|| quote!(mut));
    let is_trimmed_row =
        |field: &&&Field| matches!(field.kind, Kind::Rows { .. }) && is_trimmed(provider, operation, field);
    let trimmed = fields.iter().find(is_trimmed_row).map(|_| quote!(.trimmed()));
    quote! {
        let #mutable #variable = rt::Pairs::new();
        #(#pairs)*
        draft.#variable(#variable #trimmed);
    }
}

fn pair(provider: &Provider, locals: &[Local], field: &Field, variable: &TokenStream) -> TokenStream {
    let wire = &field.name.wire;
    if let Kind::Rows { of, from } = &field.kind {
        let (row, first) = (super::names::type_of(&provider[*of]), integer(i64::from(*from)));
        let place = place(&quote!(request), field);
        return if field.required {
            quote!(#variable.rows(#wire, &#place, #first, #row::write_row);)
        } else {
            quote!(#variable.rows_if(#wire, #place.as_deref(), #first, #row::write_row);)
        };
    }
    let Some(known) = locals.iter().find(|known| known.snake == field.name.snake) else {
        return TokenStream::new();
    };
    let value = known.reference();
    let function = match (known.json, known.sensitive, known.optional) {
        (true, ..) => quote!(json),
        (false, false, false) => quote!(pair),
        (false, false, true) => quote!(pair_if),
        (false, true, false) => quote!(sensitive),
        (false, true, true) => quote!(sensitive_if),
    };
    quote!(#variable.#function(#wire, #value);)
}

fn body(provider: &Provider, operation: &Operation, locals: &[Local]) -> TokenStream {
    let fields = || written(provider, operation, Carrier::Outer);
    match operation.body {
        Body::Query => TokenStream::new(),
        Body::Form => pairs(provider, operation, locals, &fields(), &quote!(form)),
        Body::Json => {
            let object = object(provider, locals, &fields());
            quote!(#object draft.json(body);)
        }
        Body::Xml => {
            let (object, root) = (object(provider, locals, &fields()), &operation.root);
            quote!(#object draft.xml(#root, body);)
        }
        Body::Raw => raw(operation, locals),
    }
}

fn object(provider: &Provider, locals: &[Local], fields: &[&Field]) -> TokenStream {
    let members: Vec<_> = fields.iter().map(|field| json_outer(provider, locals, field)).collect();
    let mutable = (!members.is_empty()).then(|| quote!(mut));
    quote! {
        let #mutable body = rt::json::Object::new();
        #(#members)*
    }
}

/// The body is one field, as it is.
fn raw(operation: &Operation, locals: &[Local]) -> TokenStream {
    let field = operation.request.iter().find(|sent| sent.carrier == Carrier::Body).map(|sent| &sent.field);
    let known = field.and_then(|field| locals.iter().find(|known| known.snake == field.name.snake));
    let Some(known) = known else { return TokenStream::new() };
    let value = known.reference();
    let value = if known.optional { quote!(#value.unwrap_or_default()) } else { value };
    let function = if known.sensitive { quote!(sensitive_raw) } else { quote!(raw) };
    let content_type = operation.content_type.as_deref().unwrap_or("application/json; charset=utf-8");
    quote!(draft.#function(#content_type, #value);)
}

fn headers(operation: &Operation, locals: &[Local]) -> TokenStream {
    let sent = operation.request.iter().filter(|sent| sent.carrier == Carrier::Header);
    let headers = sent.filter_map(|sent| {
        let known = locals.iter().find(|known| known.snake == sent.field.name.snake)?;
        let (wire, value) = (&sent.field.name.wire, known.reference());
        let function = if known.optional { quote!(header_if) } else { quote!(header) };
        Some(quote!(draft.#function(#wire, #value)?;))
    });
    headers.collect()
}

/// What a recipe encrypts is handed to it, and sent only encrypted.
fn payload(provider: &Provider, operation: &Operation) -> TokenStream {
    let Some(field) = operation.payload.as_ref().filter(|_| encrypts(provider, &operation.signature)) else {
        return TokenStream::new();
    };
    let name = local(&field.name);
    quote!(draft.payload(&#name)?;)
}

/// A signature that travels in the query although there is a body.
fn placed_in_query(operation: &Operation) -> TokenStream {
    let made = operation.request.iter().filter(|sent| {
        sent.carrier == Carrier::Query && sent.origin == Origin::Signature && operation.body != Body::Query
    });
    let names: Vec<_> = made.map(|sent| &sent.field.name.wire).collect();
    if names.is_empty() { TokenStream::new() } else { quote!(draft.place_in_query(&[#(#names),*]);) }
}
