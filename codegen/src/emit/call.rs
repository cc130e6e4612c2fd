//! Calls: sending, reading, judging. The emitted functions are thin; what money questions mean is in the tables.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, Docs, code};
use super::fields::sent_text;
use super::names::{answer_of, constant, function, ident, optional_of, pascal, reply_of, snake};
use super::read::from_members;
use super::reply::read_parameters;
use super::request::{is_trimmed, needs_token, sign_arguments};
use super::signed::charset;
use super::structs::{has_optional, place};
use crate::ir::{
    Effect, Envelope, Field, Kind, Name, Operation, Origin, Provider, ReceivedField, Reply, ReplyShape,
    Resolution, Signature,
};

/// The doc comment that an operation's struct and its redirect have: what it does, what it can do, who says so.
pub(super) fn operation_docs(provider: &Provider, operation: &Operation) -> Docs {
    let idempotent_by = operation.idempotent_by.as_ref().map(|name| name.wire.as_str());
    let budget = operation.budget.as_ref().map(|budget| format!("By the document {}.", docs::escape(budget)));
    heading(operation)
        .ours(docs::effect(operation.effect, idempotent_by))
        .ours(docs::resolution(provider, operation.resolved_by.as_ref()))
        .ours(budget.unwrap_or_default())
        .ours(docs::source(provider, &operation.sources, &[]))
}

/// The provider's own heading, and what it does.
fn heading(operation: &Operation) -> Docs {
    let title =
        operation.title.as_ref().map(|title| format!("{}: ", docs::escape(title))).unwrap_or_default();
    Docs::of_ours(format!("{title}{}", docs::escape(&operation.doc)))
}

/// `x`, `read_x` and `judge_x`.
pub(super) fn call(provider: &Provider, operation: &Operation, reply: &Reply) -> TokenStream {
    let (call, read) = (snake(&operation.name), function("read", &operation.name, ""));
    let (request, reply_type) = (pascal(&operation.name), reply_of(operation));
    let resolves_with = resolve_type(provider, operation);
    let result = quote!(Result<rt::Reply<#reply_type>, rt::CallError<#resolves_with>>);
    let docs = call_docs(provider, operation).attributes();
    let read_docs = Docs::of_ours(format!(
        "Reads an answer to [`Client::prepare_{}`] that came over a transport of your own.",
        snake(&operation.name)
    ))
    .ours("# Errors")
    .ours(format!("As [`Client::{call}`]."))
    .attributes();
    let body = if needs_token(operation) { repeating(operation) } else { sending(operation) };
    let judge = function("judge", &operation.name, "");
    let echoes = echoes(provider, operation, reply);
    let resolving = resolving(operation);
    let parameter =
        if echoes.is_empty() && !asks_request(operation) { quote!(_request) } else { quote!(request) };
    let argument = (!echoes.is_empty()).then(|| quote!(request,));
    let judging = judging(provider, operation, reply, &echoes);
    quote! {
        impl Client {
            #docs
            pub async fn #call(&self, request: &#request) -> #result {
                #body
            }

            #read_docs
            pub fn #read(&self, #parameter: &#request, response: &rt::Response) -> #result {
                self.#judge(#argument response).map_err(|ending| ending.resolved_by(response, || #resolving))
            }

            #judging
        }
    }
}

fn call_docs(provider: &Provider, operation: &Operation) -> Docs {
    let request = pascal(&operation.name);
    let errors = match operation.effect {
        Effect::None => {
            "The request breaks a rule, nothing was sent, the provider said no, or the answer could not be \
                         had or believed: then the call may be repeated."
        }
        _ => {
            "`Invalid` and `NotSent`: nothing was sent. `Rejected`: surely nothing happened. `Unknown`: it may have \
              happened; never treat it as failed, find out with `resolve`."
        }
    };
    heading(operation)
        .ours(format!("Sends [`{request}`]."))
        .ours(docs::resolution(provider, operation.resolved_by.as_ref()))
        .ours("# Errors")
        .ours(errors)
}

fn sending(operation: &Operation) -> TokenStream {
    let name = &operation.name.wire;
    let (prepare, read) = (function("prepare", &operation.name, ""), function("read", &operation.name, ""));
    let failed = failed(operation);
    quote! {
        let prepared = self.#prepare(request)?;
        let response = self.core.send(#name, &prepared).await #failed?;
        self.#read(request, &response)
    }
}

/// With a token: checked before one is fetched, and repeated once when the provider says that it is no longer good.
fn repeating(operation: &Operation) -> TokenStream {
    let name = &operation.name.wire;
    let (sign, read) = (function("sign", &operation.name, ""), function("read", &operation.name, ""));
    let failed = failed(operation);
    let now = super::request::has_origin(operation, &Origin::Now).then(|| quote!(let now = self.core.now();));
    let arguments = sign_arguments(operation);
    quote! {
        let mut check = self.checker(self.core.now());
        request.check(&mut check);
        check.finish()?;
        let mut attempt = self.tokens.attempt();
        loop {
            let access_token = self.access_token().await?;
            #now
            let prepared = self.#sign(request #arguments)?;
            let response = self.core.send(#name, &prepared).await #failed?;
            match self.#read(request, &response) {
                Err(error) if error.is_token_expired() && attempt.renew(&access_token) => {}
                result => return result,
            }
        }
    }
}

fn failed(operation: &Operation) -> TokenStream {
    let resolving = resolving(operation);
    quote!(.map_err(|failure| failure.resolved_by(|| #resolving)))
}

/// The expression that makes what finds out the truth.
fn resolving(operation: &Operation) -> TokenStream {
    if operation.effect == Effect::None { quote!(rt::Repeat) } else { quote!(request.resolve()) }
}

fn asks_request(operation: &Operation) -> bool {
    operation.effect != Effect::None
}

/// The type of what finds out the truth.
fn resolve_type(provider: &Provider, operation: &Operation) -> TokenStream {
    match (&operation.resolved_by, operation.effect) {
        (_, Effect::None) => quote!(rt::Repeat),
        (Some(Resolution { operation: Some(query), by_hand: false, .. }), _) => {
            let query = pascal(&provider[*query].name);
            quote!(#query)
        }
        _ => quote!(rt::ByHand),
    }
}

/// `fn resolve` of an operation with an effect.
pub(super) fn resolve(provider: &Provider, operation: &Operation) -> Option<TokenStream> {
    if operation.effect == Effect::None {
        return None;
    }
    let request = pascal(&operation.name);
    let kind = resolve_type(provider, operation);
    let value = match &operation.resolved_by {
        Some(Resolution { operation: Some(query), fill, by_hand: false, callback: _ }) => {
            filled(operation, &provider[*query], fill)
        }
        other => {
            let advice = by_hand(provider, other.as_ref());
            quote!(rt::ByHand::new(#advice))
        }
    };
    Some(quote! {
        impl #request {
            /// What tells how it ended, when that is not known.
            #[must_use]
            pub fn resolve(&self) -> #kind {
                #value
            }
        }
    })
}

fn by_hand(provider: &Provider, resolved_by: Option<&Resolution>) -> String {
    let Some(Resolution { operation, fill: _, by_hand: _, callback }) = resolved_by else {
        return "ask the provider".to_owned();
    };
    let asking = operation.map(|id| format!("ask with `{}`", provider[id].name.wire));
    let waiting = callback.map(|id| format!("wait for the callback `{}`", provider[id].name.wire));
    let ways: Vec<String> = waiting.into_iter().chain(asking).collect();
    if ways.is_empty() { "ask the provider".to_owned() } else { ways.join(", or ") }
}

/// The query, filled from the request.
fn filled(operation: &Operation, query: &Operation, fill: &[(Name, Name)]) -> TokenStream {
    let name = pascal(&query.name);
    let theirs = caller_fields(query);
    let value = |their: &Field| {
        let (_, ours) = fill.iter().find(|(name, _)| *name == their.name)?;
        let ours = caller_fields(operation).into_iter().find(|field| field.name == *ours)?;
        let place = place(&quote!(self), ours);
        let member = snake(&their.name);
        Some(match (their.required, ours.required) {
            (false, true) => quote!(#member: Some(#place.clone())),
            _ => quote!(#member: #place.clone()),
        })
    };
    let required = theirs.iter().filter(|field| field.required).filter_map(|field| value(field));
    let optional: Vec<_> =
        theirs.iter().filter(|field| !field.required).filter_map(|field| value(field)).collect();
    let member = has_optional(&theirs, false).then(|| {
        let optional_name = optional_of(&name);
        let all = theirs.iter().filter(|field| !field.required).count();
        match optional.len() {
            0 => quote!(optional: #optional_name::default(),),
            some if some == all => quote!(optional: #optional_name { #(#optional),* },),
            _ => quote!(optional: #optional_name { #(#optional,)* ..Default::default() },),
        }
    });
    quote!(#name { #(#required,)* #member })
}

/// The fields of an operation that are members of its struct.
pub(super) fn caller_fields(operation: &Operation) -> Vec<&Field> {
    let fields =
        operation.request.iter().filter(|sent| sent.origin == Origin::Caller).map(|sent| &sent.field);
    fields.filter(|field| super::fields::is_member(field)).collect()
}

/// `judge_x`: from bytes to a reply that may be believed, or to an ending.
fn judging(provider: &Provider, operation: &Operation, reply: &Reply, echoes: &[TokenStream]) -> TokenStream {
    let envelope = &provider[reply.envelope];
    let judge = function("judge", &operation.name, "");
    let (request, reply_type) = (pascal(&operation.name), reply_of(operation));
    let parameter = (!echoes.is_empty()).then(|| quote!(request: &#request,));
    let codes = constant(&operation.name, "CODES");
    let status =
        reply.lookup.iter().any(|field| field == "http").then(|| quote!(#codes.judge_status(response)?;));
    let charset = charset(provider, provider.defaults.encoding);
    let reading = reading(provider, operation, reply, envelope);
    let ours = own_values(provider, reply);
    let protection = match envelope.signature {
        Signature::None { reason: _ } => quote!(rt::Protection::Tls),
        Signature::Recipe(_) | Signature::Chosen { .. } => quote!(rt::Protection::Signature),
    };
    quote! {
        fn #judge(&self, #parameter response: &rt::Response) -> Result<rt::Reply<#reply_type>, rt::Ending> {
            #status
            let document = self.core.json(response, #charset)?;
            #reading
            #(#ours)*
            #(#echoes)*
            Ok(rt::Reply::new(reply, #protection, response))
        }
    }
}

/// Statements from `document` to `reply`.
fn reading(provider: &Provider, operation: &Operation, reply: &Reply, envelope: &Envelope) -> TokenStream {
    let codes = constant(&operation.name, "CODES");
    let answer = answer_of(envelope);
    let fault = envelope.data.as_ref().and_then(|data| data.fault.as_ref());
    let is_signed = !matches!(envelope.signature, Signature::None { .. });
    let is_inside = is_signed || fault.is_some() || !envelope.data_fields.is_empty();
    let is_fault = fault.is_some().then(|| quote!(, data.is_fault()));
    let accept = quote!(answer.accept(&#codes, response #is_fault)?;);
    let read = |outer: TokenStream, data: TokenStream| {
        let arguments =
            read_parameters(envelope).into_iter().map(|(name, _)| match name.to_string().as_str() {
                "outer" => outer.clone(),
                "data" => data.clone(),
                _ => quote!(response),
            });
        quote!(let answer = #answer::read(#(#arguments),*)?;)
    };
    match (&reply.member, &envelope.data) {
        (Some(member), Some(_)) if is_inside => {
            let fault = match fault {
                Some(fault) => quote!(Some(#fault)),
                None => quote!(None),
            };
            let verify = is_signed.then(|| {
                let verify = ident(&format!("verify_{}_reply", snake(&envelope.name)));
                quote!(self.#verify(&mut outer, &data)?;)
            });
            let needs_outer =
                is_signed || read_parameters(envelope).iter().any(|(name, _)| name.to_string() == "outer");
            let outer = needs_outer.then(|| quote!(let mut outer = document.object()?;));
            let read = read(quote!(&mut outer), quote!(&mut members));
            let own = own_data(provider, operation, reply, &quote!(members));
            quote! {
                #outer
                let data = document.data(#member, #fault)?;
                #verify
                let mut members = data.object()?;
                #read
                #accept
                #own
            }
        }
        (Some(member), _) => {
            let read = read(quote!(&mut outer), quote!(&mut outer));
            let own = match &reply.shape {
                ReplyShape::Fields(_) => {
                    let own = own_data(provider, operation, reply, &quote!(members));
                    quote!(let mut members = outer.object(#member)?; #own)
                }
                ReplyShape::Value(_) | ReplyShape::Nothing => {
                    own_data(provider, operation, reply, &quote!(outer))
                }
            };
            quote! {
                let mut outer = document.object()?;
                #read
                #accept
                #own
            }
        }
        (None, _) => {
            let read = read(quote!(&mut members), quote!(&mut members));
            let own = own_data(provider, operation, reply, &quote!(members));
            quote! {
                let mut members = document.object()?;
                #read
                #accept
                #own
            }
        }
    }
}

/// `let reply = ..`, read out of these members.
fn own_data(provider: &Provider, operation: &Operation, reply: &Reply, members: &TokenStream) -> TokenStream {
    let name = reply_of(operation);
    match &reply.shape {
        ReplyShape::Nothing => quote!(let reply = #name {};),
        ReplyShape::Fields(fields) => {
            let response =
                fields.iter().any(|received| received.header.is_some()).then(|| quote!(, response));
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
fn echoes(provider: &Provider, operation: &Operation, reply: &Reply) -> Vec<TokenStream> {
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

/// The sentence that names how a request is sent: for the struct's doc comment.
pub(super) fn carried_in_words(operation: &Operation) -> String {
    let call = snake(&operation.name);
    let method = match operation.method {
        crate::ir::Method::Get => "GET",
        crate::ir::Method::Post => "POST",
    };
    format!("Sent by [`Client::{call}`] ({}).", code(&format!("{method} {}", operation.path)))
}
