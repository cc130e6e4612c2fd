//! Calls: sending, reading, judging. The emitted functions are thin; what money questions mean is in the tables.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, Docs, code};
use super::given::Given;
use super::judge::{echoes, judging};
use super::made::Made;
use super::names::{function, optional_of, pascal, reply_of, snake};
use super::request::{checking, needs_token, sign_arguments};
use super::structs::{has_optional, place};
use crate::ir::{Effect, Field, Name, Operation, Origin, Provider, Reply, Resolution};

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
    let title = operation.title.as_ref().map(|title| format!("{title}: ")).unwrap_or_default();
    Docs::of_spec(&format!("{title}{}", operation.doc))
}

/// `x`, `read_x` and `judge_x`.
pub(super) fn call(provider: &Provider, operation: &Operation, reply: &Reply) -> TokenStream {
    let (call, read) = (snake(&operation.name), function("read", &operation.name, ""));
    let (request, reply_type) = (pascal(&operation.name), reply_of(operation));
    let resolves_with = resolve_type(provider, operation);
    let result = quote!(Result<rt::Reply<#reply_type>, rt::CallError<#resolves_with>>);
    // What a query is resolved by stands in the type's definition.
    let resolve_argument = asks_request(operation).then(|| quote!(, #resolves_with));
    let (lifetime, echoes) = (quote!('a), echoes(provider, operation, reply));
    let (of_request, of_reply) =
        (Given::of_request(provider, operation), Given::of_reply(provider, operation));
    let given = of_request.clone().and(of_reply.clone());
    let docs = call_docs(provider, operation, &given).attributes();
    let read_docs = Docs::of_ours(format!(
        "Reads an answer to [`Client::prepare_{}`] that came over a transport of your own.",
        snake(&operation.name)
    ));
    let read_docs =
        of_reply.document(read_docs).ours("# Errors").ours(format!("As [`Client::{call}`].")).attributes();
    let given = given.parameters_of(&lifetime);
    let (reply_parameters, reply_arguments) = (of_reply.parameters(), of_reply.arguments());
    let sending = if needs_token(operation) {
        sending_with_token(provider, operation, &echoes)
    } else {
        sending(provider, operation, &echoes)
    };
    let judge = function("judge", &operation.name, "");
    let resolving = resolving(operation);
    let parameter =
        if echoes.is_empty() && !asks_request(operation) { quote!(_request) } else { quote!(request) };
    let argument = (!echoes.is_empty()).then(|| quote!(request,));
    let judging = judging(provider, operation, reply, &echoes);
    quote! {
        impl Client {
            #docs
            pub fn #call<'a>(&'a self, request: &'a #request #given) -> rt::Call<'a, #reply_type #resolve_argument> {
                #sending
            }

            #read_docs
            pub fn #read(&self, #parameter: &#request, response: &rt::Response #reply_parameters) -> #result {
                self.#judge(#argument response #reply_arguments).map_err(|ending| ending.resolved_by(response, || #resolving))
            }

            #judging
        }
    }
}

fn call_docs(provider: &Provider, operation: &Operation, given: &Given) -> Docs {
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
    let docs = heading(operation)
        .ours(format!("Sends [`{request}`]."))
        .ours(docs::resolution(provider, operation.resolved_by.as_ref()));
    given.document(docs).ours("# Errors").ours(errors)
}

/// The closures that say how an answer is judged and what finds out the truth.
fn endings(provider: &Provider, operation: &Operation, echoes: &[TokenStream]) -> TokenStream {
    let of_reply = Given::of_reply(provider, operation).arguments();
    let judge = function("judge", &operation.name, "");
    let request = (!echoes.is_empty()).then(|| quote!(request,));
    let resolving = resolving(operation);
    quote!(move |response| self.#judge(#request response #of_reply), move || #resolving)
}

fn sending(provider: &Provider, operation: &Operation, echoes: &[TokenStream]) -> TokenStream {
    let of_request = Given::of_request(provider, operation).arguments();
    let (name, prepare) = (&operation.name.wire, function("prepare", &operation.name, ""));
    let endings = endings(provider, operation, echoes);
    quote!(rt::Call::new(&self.core, #name, move || self.#prepare(request #of_request), #endings))
}

/// With a token: checked before one is fetched. What is made for the check is handed on.
fn sending_with_token(provider: &Provider, operation: &Operation, echoes: &[TokenStream]) -> TokenStream {
    let (name, sign) = (&operation.name.wire, function("sign", &operation.name, ""));
    let made = Made::of(provider, operation, &quote!(request));
    let (is_empty, made) = (made.is_empty(), made.pattern());
    let arguments = sign_arguments(provider, operation, &quote!(access_token));
    let checking = checking(provider, operation);
    let checking = if is_empty { checking } else { quote!(#checking?; Ok(#made)) };
    let now = super::request::has_origin(operation, &Origin::Now).then(|| quote!(let now = self.core.now();));
    let endings = endings(provider, operation, echoes);
    quote! {
        rt::Call::with_token(
            self,
            #name,
            move || { #checking },
            move |#made, access_token| {
                #now
                self.#sign(request #arguments)
            },
            #endings
        )
    }
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

/// The sentence that names how a request is sent: for the struct's doc comment.
pub(super) fn carried_in_words(operation: &Operation) -> String {
    let call = snake(&operation.name);
    let method = match operation.method {
        crate::ir::Method::Get => "GET",
        crate::ir::Method::Post => "POST",
    };
    format!("Sent by [`Client::{call}`] ({}).", code(&format!("{method} {}", operation.path)))
}
