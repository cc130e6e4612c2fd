//! Replies: the members of an envelope, and the operation's own data.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs::{self, Docs};
use super::fields::{Side, is_member, rust_type};
use super::limits::field_docs;
use super::names::{answer_of, pascal, reply_of, snake};
use super::outcome;
use super::read::{Headers, from_members, reading};
use super::structs;
use crate::ir::{
    Condition, Envelope, Field, Kind, Name, Operation, Provider, ReceivedField, Reply, ReplyShape,
};

/// The fields of a reply's own data.
pub(super) fn own_fields(reply: &Reply) -> Vec<&Field> {
    match &reply.shape {
        ReplyShape::Nothing => Vec::new(),
        ReplyShape::Fields(fields) => fields.iter().map(|received| &received.field).collect(),
        ReplyShape::Value(field) => vec![field],
    }
}

/// `UnifiedOrderReply`: the struct, how it is read, what it means for money.
pub(super) fn reply(provider: &Provider, operation: &Operation, reply: &Reply) -> TokenStream {
    let name = reply_of(operation);
    let request = pascal(&operation.name);
    let docs = Docs::of_ours(format!("What comes back from [`{request}`]."));
    let docs = match &reply.outcome {
        Some(_) => docs.ours("[`outcome`](Self::outcome) says what it means for money."),
        None => docs.ours("It has no outcome: it does not say whether money has moved."),
    };
    let described = match &reply.shape {
        ReplyShape::Nothing => nothing(&name, &docs),
        ReplyShape::Fields(fields) => {
            structs::received(provider, &name, &docs, fields, &operation.sources, Headers::Reply)
        }
        ReplyShape::Value(field) => single(provider, &name, &docs, (reply, field), &operation.sources),
    };
    let outcome = reply.outcome.as_ref().map(|outcome| {
        let outcome = outcome::outcome(outcome, &own_fields(reply));
        quote! {
            impl #name {
                #outcome
            }
        }
    });
    quote!(#described #outcome)
}

fn nothing(name: &Ident, docs: &Docs) -> TokenStream {
    let docs = docs.attributes();
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct #name {}

        impl #name {
            fn read(_members: &mut rt::Members<'_>) -> Result<Self, rt::Malformed> {
                Ok(Self {})
            }
        }
    }
}

/// A reply whose data is a single value, the member of this name.
fn single(
    provider: &Provider,
    name: &Ident,
    docs: &Docs,
    (reply, field): (&Reply, &Field),
    sources: &[String],
) -> TokenStream {
    let docs = docs.attributes();
    let member_docs = field_docs(provider, field, sources).attributes();
    let (member, kind) = (snake(&field.name), rust_type(provider, field, Side::Received));
    let kind = if field.required { kind } else { quote!(Option<#kind>) };
    let mut on_the_wire = field.clone();
    if let Some(member) = &reply.member {
        on_the_wire.name.wire.clone_from(member);
    }
    let value = from_members(provider, &on_the_wire, false, &quote!(members));
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #member_docs
            pub #member: #kind,
        }

        impl #name {
            fn read(members: &mut rt::Members<'_>) -> Result<Self, rt::Malformed> {
                Ok(Self { #member: #value })
            }
        }
    }
}

/// The members of an envelope that every reply has, and whether they say success.
pub(super) fn answer(provider: &Provider, envelope: &Envelope) -> TokenStream {
    let Envelope {
        name: _,
        doc,
        sources,
        body: _,
        signature: _,
        members,
        data,
        data_fields,
        success,
        code,
        message,
    } = envelope;
    let name = answer_of(envelope);
    let docs = Docs::of_ours("The members that every reply has.").spec(doc).ours(docs::source(
        provider,
        sources,
        &[],
    ));
    let docs = docs.attributes();
    let fields: Vec<&ReceivedField> =
        members.iter().chain(data_fields).filter(|field| is_member(&field.field)).collect();
    let declared = fields.iter().map(|received| {
        let field = &received.field;
        let (member, kind) = (snake(&field.name), rust_type(provider, field, Side::Received));
        let docs = Docs::of_spec(&field.doc).attributes();
        if field.required { quote!(#docs #member: #kind,) } else { quote!(#docs #member: Option<#kind>,) }
    });
    let (outer, inner) = (quote!(outer), quote!(data));
    let reads = members.iter().map(|received| reading(provider, received, &outer, Headers::Reply));
    let reads =
        reads.chain(data_fields.iter().map(|received| reading(provider, received, &inner, Headers::Reply)));
    let skips = skipped(envelope).map(|wire| quote!(outer.skip(#wire);));
    let parameters = read_parameters(envelope).into_iter().map(|(name, kind)| quote!(#name: #kind));
    let has_fault = data.as_ref().is_some_and(|data| data.fault.is_some());
    let accept = accept(provider, envelope, &fields, success, (code.as_ref(), message.as_ref()), has_fault);
    quote! {
        #docs
        struct #name {
            #(#declared)*
        }

        impl #name {
            fn read(#(#parameters),*) -> Result<Self, rt::Malformed> {
                #(#skips)*
                Ok(Self { #(#reads)* })
            }

            #accept
        }
    }
}

/// Signatures that stand beside the operation's own data, which must not hand them out as further members.
fn skipped(envelope: &Envelope) -> impl Iterator<Item = &String> {
    let members = envelope.members.iter().filter(|_| envelope.data.is_none());
    let skipped = members.filter(|received| !is_member(&received.field) && received.header.is_none());
    skipped.map(|received| &received.field.name.wire)
}

/// What `read` of an envelope's members takes: the outer object, the data, the response, as far as it needs them.
pub(super) fn read_parameters(envelope: &Envelope) -> Vec<(TokenStream, TokenStream)> {
    let outer =
        envelope.members.iter().any(|received| is_member(&received.field) && received.header.is_none())
            || skipped(envelope).next().is_some();
    let data = envelope.data_fields.iter().any(|received| is_member(&received.field));
    let response = structs::reads_headers(&envelope.members);
    let members = || quote!(&mut rt::Members<'_>);
    let all = [
        (outer, quote!(outer), members()),
        (data, quote!(data), members()),
        (response, quote!(response), quote!(&rt::Response)),
    ];
    all.into_iter().filter(|(is_needed, ..)| *is_needed).map(|(_, name, kind)| (name, kind)).collect()
}

fn accept(
    provider: &Provider,
    envelope: &Envelope,
    received: &[&ReceivedField],
    success: &Condition,
    (code, message): (Option<&Name>, Option<&Name>),
    has_fault: bool,
) -> TokenStream {
    let fields: Vec<&Field> = received.iter().map(|received| &received.field).collect();
    let condition = outcome::condition(success, &fields, &|field| {
        let name = snake(&field.name);
        quote!(self.#name)
    });
    let wanted = shown_fields(provider, envelope, code, message);
    let texts = fields.iter().filter(|field| wanted.contains(&&field.name.wire)).map(|field| {
        let name = shown(&field.name);
        let text = text_of(field);
        quote!(let #name = #text;)
    });
    let lookup = lookup_of(provider, envelope);
    let values = fields.iter().filter(|field| lookup.contains(&field.name.wire)).map(|field| {
        let (wire, text) = (&field.name.wire, option_of(field));
        quote!((#wire, #text))
    });
    let option = |name: Option<&Name>| {
        let field = name.and_then(|name| fields.iter().find(|field| field.name == *name));
        field.map(|field| option_of(field)).unwrap_or_else(|| quote!(None))
    };
    let (code, message) = (option(code), option(message));
    let values = quote!(&[#(#values),*]);
    let (fault_parameter, judge) = if has_fault {
        let judge = quote! {
            Err(if is_fault {
                codes.judge_fault(#values, response.status, #code, #message)
            } else {
                codes.judge(#values, response.status, #code, #message)
            })
        };
        (quote!(, is_fault: bool), judge)
    } else {
        (quote!(), quote!(Err(codes.judge(#values, response.status, #code, #message))))
    };
    let success = if has_fault { quote!(!is_fault && #condition) } else { condition };
    quote! {
        fn accept(&self, codes: &rt::Codes, response: &rt::Response #fault_parameter) -> Result<(), rt::Ending> {
            if #success {
                return Ok(());
            }
            #(#texts)*
            #judge
        }
    }
}

/// The fields of an envelope that decide about errors, in any of its operations.
fn lookup_of(provider: &Provider, envelope: &Envelope) -> Vec<String> {
    let mut names = Vec::new();
    for operation in &provider.operations {
        let Some(reply) = &operation.reply else { continue };
        if provider[reply.envelope].name == envelope.name {
            names.extend(reply.lookup.iter().filter(|name| *name != "http").cloned());
        }
    }
    names.sort();
    names.dedup();
    names
}

fn shown_fields<'a>(
    provider: &Provider,
    envelope: &'a Envelope,
    code: Option<&'a Name>,
    message: Option<&'a Name>,
) -> Vec<&'a String> {
    let lookup = lookup_of(provider, envelope);
    let listed =
        envelope.members.iter().chain(&envelope.data_fields).map(|received| &received.field.name.wire);
    let listed = listed.filter(|wire| lookup.contains(wire));
    listed.chain(code.map(|name| &name.wire)).chain(message.map(|name| &name.wire)).collect()
}

/// The variable for the text of a member, next to the parameters of `accept`.
fn shown(name: &Name) -> Ident {
    let is_taken = ["codes", "response", "is_fault"].contains(&name.snake.as_str());
    if is_taken { super::names::ident(&format!("{}_", name.snake)) } else { snake(name) }
}

/// The text of a member, owned where it has to be written.
fn text_of(field: &Field) -> TokenStream {
    let member = snake(&field.name);
    match (&field.kind, field.required) {
        (Kind::Text | Kind::Url | Kind::Enum(_), true) => quote!(self.#member.as_str()),
        (Kind::Text, false) => quote!(self.#member.as_deref()),
        (Kind::Url | Kind::Enum(_), false) => quote!(self.#member.as_ref().map(|value| value.as_str())),
        (Kind::Integer { .. }, true) => quote!(rt::write::integer(self.#member)),
        (Kind::Integer { .. }, false) => quote!(self.#member.map(rt::write::integer)),
        (Kind::Flag { yes, no }, true) => quote!(if self.#member { #yes } else { #no }),
        (Kind::Flag { yes, no }, false) => quote!(self.#member.map(|value| if value { #yes } else { #no })),
        (_, true) => quote!(self.#member.to_string()),
        (_, false) => quote!(self.#member.as_ref().map(ToString::to_string)),
    }
}

/// `Option<&str>` of a text that [`text_of`] has put into a variable.
fn option_of(field: &Field) -> TokenStream {
    let name = shown(&field.name);
    let borrowed = matches!(field.kind, Kind::Text | Kind::Url | Kind::Enum(_) | Kind::Flag { .. });
    match (borrowed, field.required) {
        (true, true) => quote!(Some(#name)),
        (true, false) => quote!(#name),
        (false, true) => quote!(Some(&#name)),
        (false, false) => quote!(#name.as_deref()),
    }
}
