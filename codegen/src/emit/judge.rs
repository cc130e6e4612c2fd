//! Judging a reply: from bytes to a value that may be believed, or to an ending of the call.
//!
//! The order is fixed: decoded, verified where it is signed, judged by its codes, read, and compared with what was
//! sent and with who we are.

use proc_macro2::TokenStream;
use quote::quote;

use super::call::caller_fields;
use super::fields::sent_text;
use super::given::Given;
use super::names::{answer_of, constant, function, ident, pascal, reply_of, snake};
use super::read::from_members;
use super::reply::read_parameters;
use super::request::is_trimmed;
use super::signed::charset;
use super::structs::{place, reads_headers};
use super::unseal::{Opening, unsealing};
use super::uses::{authenticates, encrypts, needs_result};
use crate::ir::{
    Envelope, Field, Kind, Operation, Provider, ReceivedField, Reply, ReplyBody, ReplyShape, Signature,
};

/// `judge_x`: from bytes to a reply that may be believed, or to an ending.
pub(super) fn judging(
    provider: &Provider,
    operation: &Operation,
    reply: &Reply,
    echoes: &[TokenStream],
) -> TokenStream {
    let envelope = &provider[reply.envelope];
    let judge = function("judge", &operation.name, "");
    let (request, reply_type) = (pascal(&operation.name), reply_of(operation));
    let parameter = (!echoes.is_empty()).then(|| quote!(request: &#request,));
    let codes = constant(&operation.name, "CODES");
    // A status is not signed: where replies are, it decides nothing.
    let is_signed = !matches!(envelope.signature, Signature::None { .. });
    let looks_up_status = !is_signed && reply.lookup.iter().any(|field| field == "http");
    let status = looks_up_status.then(|| quote!(#codes.judge_status(response)?;));
    let charset = charset(provider, provider.defaults.encoding);
    let reading = reading(provider, operation, reply, envelope);
    let ours = own_values(provider, reply);
    let protection = if authenticates(provider, &envelope.signature) {
        quote!(rt::Protection::Signature)
    } else {
        quote!(rt::Protection::Tls)
    };
    let read = match envelope.body {
        ReplyBody::Json => quote!(json),
        ReplyBody::Xml => quote!(xml),
    };
    let given = Given::of(provider, &envelope.signature).parameters();
    quote! {
        fn #judge(&self, #parameter response: &rt::Response #given) -> Result<rt::Reply<#reply_type>, rt::Ending> {
            #status
            let document = self.core.#read(response, #charset)?;
            #reading
            #(#ours)*
            #(#echoes)*
            Ok(rt::Reply::new(reply, #protection, response))
        }
    }
}

/// Statements from `document` to `reply`.
fn reading(provider: &Provider, operation: &Operation, reply: &Reply, envelope: &Envelope) -> TokenStream {
    let has_fault = envelope.data.as_ref().is_some_and(|data| data.fault.is_some());
    let signs_data = needs_result(provider, &envelope.signature);
    let is_inside = signs_data || has_fault || !envelope.data_fields.is_empty();
    let (outer, members) = (quote!(outer), quote!(members));
    let verified = if signs_data { TokenStream::new() } else { verified(provider, envelope) };
    let read = match (&reply.member, &reply.shape) {
        (Some(member), _) if is_inside => inside(provider, operation, reply, envelope, member),
        (Some(member), ReplyShape::Fields(_)) => {
            let accepted = accepted(operation, envelope, &outer);
            let own = own_data(provider, operation, reply, &members);
            quote! {
                #accepted
                let mut members = outer.object(#member)?;
                #own
            }
        }
        (Some(_), ReplyShape::Value(_) | ReplyShape::Nothing) => {
            let accepted = accepted(operation, envelope, &outer);
            let own = own_data(provider, operation, reply, &outer);
            quote!(#accepted #own)
        }
        (None, _) => {
            let accepted = accepted(operation, envelope, &members);
            let own = own_data(provider, operation, reply, &members);
            quote!(#accepted #own)
        }
    };
    quote!(#verified #read)
}

/// What was signed is the reply as a whole, its headers or its body: verified before anything is looked up in it.
fn verified(provider: &Provider, envelope: &Envelope) -> TokenStream {
    let message = quote!(let message = document.message(response, None)?;);
    unsealed(provider, envelope, &message)
}

/// `message` is what these statements say, before and after something in the reply was opened.
fn unsealed(provider: &Provider, envelope: &Envelope, message: &TokenStream) -> TokenStream {
    if matches!(envelope.signature, Signature::None { .. }) {
        return TokenStream::new();
    }
    let steps =
        unsealing(provider, &envelope.signature, &Opening { subject: &ident("document"), after: message });
    quote!(#message #steps)
}

/// The envelope's members, read out of the outer object, say success.
fn accepted(operation: &Operation, envelope: &Envelope, outer: &TokenStream) -> TokenStream {
    let codes = constant(&operation.name, "CODES");
    let read = answer(envelope, outer, outer);
    quote! {
        let mut #outer = document.object()?;
        #read
        answer.accept(&#codes, response)?;
    }
}

/// `let answer = ..`.
fn answer(envelope: &Envelope, outer: &TokenStream, data: &TokenStream) -> TokenStream {
    let answer = answer_of(envelope);
    let arguments = read_parameters(envelope).into_iter().map(|(name, _)| match name.to_string().as_str() {
        "outer" => quote!(&mut #outer),
        "data" => quote!(&mut #data),
        _ => quote!(response),
    });
    quote!(let answer = #answer::read(#(#arguments),*)?;)
}

/// The data member says success itself, or a signature covers its bytes: verified first, read afterwards.
fn inside(
    provider: &Provider,
    operation: &Operation,
    reply: &Reply,
    envelope: &Envelope,
    member: &str,
) -> TokenStream {
    let codes = constant(&operation.name, "CODES");
    let fault = envelope.data.as_ref().and_then(|data| data.fault.as_ref());
    let is_fault = fault.map(|_| quote!(, data.is_fault()));
    let fault = match fault {
        Some(fault) => quote!(Some(#fault)),
        None => quote!(None),
    };
    let data = quote!(let data = document.data(#member, #fault)?;);
    let data = if needs_result(provider, &envelope.signature) {
        let message = quote!(#data let message = document.message(response, Some(&data))?;);
        unsealed(provider, envelope, &message)
    } else {
        data
    };
    let reads_outer = read_parameters(envelope).iter().any(|(name, _)| *name.to_string() == *"outer");
    let outer = reads_outer.then(|| quote!(let mut outer = document.object()?;));
    let read = answer(envelope, &quote!(outer), &quote!(members));
    let own = own_data(provider, operation, reply, &quote!(members));
    // What was opened is read anew.
    let data =
        if encrypts(provider, &envelope.signature) { quote!(#data #outer) } else { quote!(#outer #data) };
    quote! {
        #data
        let mut members = data.object()?;
        #read
        answer.accept(&#codes, response #is_fault)?;
        #own
    }
}

/// `let reply = ..`, read out of these members.
fn own_data(provider: &Provider, operation: &Operation, reply: &Reply, members: &TokenStream) -> TokenStream {
    let name = reply_of(operation);
    match &reply.shape {
        ReplyShape::Nothing => quote!(let reply = #name {};),
        ReplyShape::Fields(fields) => {
            let response = reads_headers(fields).then(|| quote!(, response));
            quote!(let reply = #name::read(&mut #members #response)?;)
        }
        ReplyShape::Value(field) => {
            let member = snake(&field.name);
            let mut on_the_wire = field.clone();
            if let Some(member) = &reply.member {
                on_the_wire.name.wire.clone_from(member);
            }
            let value = from_members(provider, &on_the_wire, false, members);
            quote!(let reply = #name { #member: #value };)
        }
    }
}

fn received_fields(reply: &Reply) -> &[ReceivedField] {
    match &reply.shape {
        ReplyShape::Fields(fields) => fields,
        ReplyShape::Nothing | ReplyShape::Value(_) => &[],
    }
}

/// Received values that must be our own.
fn own_values(provider: &Provider, reply: &Reply) -> Vec<TokenStream> {
    let ours = received_fields(reply).iter().filter_map(|received| {
        let path = received.equals.as_ref()?;
        Some(super::callbacks::for_us(provider, &received.field, path, &quote!(reply)))
    });
    ours.collect()
}

/// Received values that must be the ones that were sent.
pub(super) fn echoes(provider: &Provider, operation: &Operation, reply: &Reply) -> Vec<TokenStream> {
    let sent = caller_fields(operation);
    let echoes = received_fields(reply).iter().filter(|received| !received.unsigned).filter_map(|received| {
        let name = received.echo.as_ref()?;
        let sent = sent.iter().find(|field| field.name == *name)?;
        Some(echo(provider, operation, &received.field, sent))
    });
    echoes.collect()
}

fn echo(provider: &Provider, operation: &Operation, received: &Field, sent: &Field) -> TokenStream {
    let wire = &received.name.wire;
    let member = snake(&received.name);
    let sent_place = place(&quote!(request), sent);
    let as_text = matches!((&received.kind, &sent.kind), (Kind::Text, Kind::Text));
    if as_text {
        let received_text = match (received.sensitive, received.required) {
            (false, true) => quote!(Some(reply.#member.as_str())),
            (false, false) => quote!(reply.#member.as_deref()),
            (true, true) => quote!(Some(reply.#member.expose().as_str())),
            (true, false) => quote!(rt::exposed(&reply.#member)),
        };
        let trim = is_trimmed(provider, operation, sent);
        let Some(text) = sent_text(provider, sent, &sent_place, trim) else { return TokenStream::new() };
        let expr = text.expr;
        return if text.optional {
            quote!(if let Some(sent) = #expr { rt::echo(#wire, #received_text, sent)?; })
        } else {
            quote!(rt::echo(#wire, #received_text, #expr)?;)
        };
    }
    let value = if received.required { quote!(Some(&reply.#member)) } else { quote!(reply.#member.as_ref()) };
    if sent.required {
        quote!(rt::echo(#wire, #value, &#sent_place)?;)
    } else {
        quote!(if let Some(sent) = &#sent_place { rt::echo(#wire, #value, sent)?; })
    }
}
