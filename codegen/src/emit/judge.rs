//! Judging a reply: from bytes to a value that may be believed, or to an ending of the call.
//!
//! The order is fixed: decoded, verified where it is signed, judged by its codes, read, and compared with what was
//! sent and with who we are.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::call::caller_fields;
use super::fields::sent_text;
use super::given::Given;
use super::names::{answer_of, constant, function, ident, pascal, reply_of, snake};
use super::reply::read_parameters;
use super::request::is_trimmed;
use super::signed::charset;
use super::structs::{self, place};
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
    let place = Place::of(provider, reply);
    let in_envelope = place.judging(envelope);
    let member = place.member(reply).map(|member| quote!(#member,));
    let reads_headers = structs::reads_headers(received_fields(reply));
    let read = if reads_headers {
        quote!(|members| #reply_type::read(members, response))
    } else {
        quote!(#reply_type::read)
    };
    let given = Given::of(provider, &envelope.signature);
    let (parameters, arguments) = (given.parameters(), given.arguments());
    let judged = quote!(self.#in_envelope(response, &#codes, #member #read #arguments));
    let ours = own_values(provider, reply);
    let judged = if ours.is_empty() && echoes.is_empty() {
        judged
    } else {
        quote!(let reply = #judged?; #(#ours)* #(#echoes)* Ok(reply))
    };
    quote! {
        fn #judge(&self, #parameter response: &rt::Response #parameters) -> Result<rt::Reply<#reply_type>, rt::Ending> {
            #status
            #judged
        }
    }
}

/// Where an operation's own data stands in the reply.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a member, which is an object.
    Member,
    /// Beside the members of the envelope, or it is a member that is no object.
    Beside,
}

impl Place {
    fn of(provider: &Provider, reply: &Reply) -> Self {
        match (&reply.member, &reply.shape) {
            (Some(_), _) if is_inside(provider, &provider[reply.envelope]) => Self::Member,
            (Some(_), ReplyShape::Fields(_)) => Self::Member,
            _ => Self::Beside,
        }
    }

    fn member(self, reply: &Reply) -> Option<&str> {
        reply.member.as_deref().filter(|_| self == Self::Member)
    }

    /// The function that judges replies in this envelope.
    fn judging(self, envelope: &Envelope) -> Ident {
        match self {
            Self::Member => function("judge_data_in", &envelope.name, ""),
            Self::Beside => function("judge_in", &envelope.name, ""),
        }
    }
}

/// The data member says success itself, or a signature covers its bytes.
fn is_inside(provider: &Provider, envelope: &Envelope) -> bool {
    let has_fault = envelope.data.as_ref().is_some_and(|data| data.fault.is_some());
    needs_result(provider, &envelope.signature) || has_fault || !envelope.data_fields.is_empty()
}

/// What is the same for all replies in an envelope: verified, judged by the operation's codes, read by its reader.
pub(super) fn in_envelope(provider: &Provider, envelope: &Envelope) -> TokenStream {
    let replies = || provider.operations.iter().filter_map(|operation| operation.reply.as_ref());
    let is_used = |place: &Place| {
        replies().any(|reply| {
            provider[reply.envelope].name == envelope.name && Place::of(provider, reply) == *place
        })
    };
    let functions = [Place::Member, Place::Beside].into_iter().filter(is_used);
    let functions: Vec<_> = functions.map(|place| judging_in(provider, envelope, place)).collect();
    if functions.is_empty() {
        return TokenStream::new();
    }
    quote! {
        impl Client {
            #(#functions)*
        }
    }
}

fn judging_in(provider: &Provider, envelope: &Envelope, place: Place) -> TokenStream {
    let name = place.judging(envelope);
    let charset = charset(provider, provider.defaults.encoding);
    let protection = if authenticates(provider, &envelope.signature) {
        quote!(rt::Protection::Signature)
    } else {
        quote!(rt::Protection::Tls)
    };
    let document = match envelope.body {
        ReplyBody::Json => quote!(json),
        ReplyBody::Xml => quote!(xml),
    };
    let given = Given::of(provider, &envelope.signature).parameters();
    let (doc, member) = match place {
        Place::Member => ("Judges a reply whose data is an object in a member.", Some(quote!(member: &str,))),
        Place::Beside => ("Judges a reply whose data stands beside the common members.", None),
    };
    let doc = super::docs::line(doc);
    let members = members(provider, envelope, place);
    quote! {
        #doc
        fn #name<T>(
            &self,
            response: &rt::Response,
            codes: &rt::Codes,
            #member
            read: impl FnOnce(&mut rt::Members<'_>) -> Result<T, rt::Malformed>
            #given
        ) -> Result<rt::Reply<T>, rt::Ending> {
            let document = self.core.#document(response, #charset)?;
            #members
            let reply = read(&mut members)?;
            Ok(rt::Reply::new(reply, #protection, response))
        }
    }
}

/// Statements from `document` to `members`, where the operation's own data stands.
fn members(provider: &Provider, envelope: &Envelope, place: Place) -> TokenStream {
    let signs_data = needs_result(provider, &envelope.signature);
    let verified = if signs_data { TokenStream::new() } else { verified(provider, envelope) };
    let members = match place {
        Place::Member if is_inside(provider, envelope) => inside(provider, envelope),
        Place::Member => {
            let accepted = accepted(envelope, &quote!(outer));
            quote!(#accepted let mut members = outer.object(member)?;)
        }
        Place::Beside => accepted(envelope, &quote!(members)),
    };
    quote!(#verified #members)
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
fn accepted(envelope: &Envelope, outer: &TokenStream) -> TokenStream {
    let read = answer(envelope, outer, outer);
    quote! {
        let mut #outer = document.object()?;
        #read
        answer.accept(codes, response)?;
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
fn inside(provider: &Provider, envelope: &Envelope) -> TokenStream {
    let fault = envelope.data.as_ref().and_then(|data| data.fault.as_ref());
    let is_fault = fault.map(|_| quote!(, data.is_fault()));
    let fault = match fault {
        Some(fault) => quote!(Some(#fault)),
        None => quote!(None),
    };
    let data = quote!(let data = document.data(member, #fault)?;);
    let data = if needs_result(provider, &envelope.signature) {
        let message = quote!(#data let message = document.message(response, Some(&data))?;);
        unsealed(provider, envelope, &message)
    } else {
        data
    };
    let reads_outer = read_parameters(envelope).iter().any(|(name, _)| *name.to_string() == *"outer");
    let outer = reads_outer.then(|| quote!(let mut outer = document.object()?;));
    let read = answer(envelope, &quote!(outer), &quote!(members));
    // What was opened is read anew.
    let data =
        if encrypts(provider, &envelope.signature) { quote!(#data #outer) } else { quote!(#outer #data) };
    quote! {
        #data
        let mut members = data.object()?;
        #read
        answer.accept(codes, response #is_fault)?;
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
