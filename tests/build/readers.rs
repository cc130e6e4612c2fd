//! From the typed values of replies and callbacks to the interpreter's canonical text.

use payspec_codegen::ir::{
    Field, JsonOf, Kind, Opened, Operation, Provider, ReceivedField, ReplyShape, Shape, TimeFormat, TypeId,
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::bridge;

/// `fn decoded_notify(value) -> Decoded` for each callback and reply.
pub(crate) fn readers(provider: &Provider) -> TokenStream {
    let callbacks = provider.callbacks.iter().map(|callback| {
        let fields = plain(&callback.fields);
        decoded(
            provider,
            &callback.name.snake,
            &callback.name.pascal,
            &fields,
            true,
            callback.outcome.is_some(),
        )
    });
    let replies = provider.operations.iter().filter_map(|operation| {
        let reply = operation.reply.as_ref()?;
        let (fields, extra) = match &reply.shape {
            ReplyShape::Nothing => (Vec::new(), false),
            ReplyShape::Fields(fields) => (plain(fields), true),
            ReplyShape::Value(field) => (vec![(field, false)], false),
        };
        let (function, kind) = (reply_reader(operation), format!("{}Reply", operation.name.pascal));
        Some(decoded(provider, &function, &kind, &fields, extra, reply.outcome.is_some()))
    });
    quote!(#(#callbacks)* #(#replies)*)
}

fn reply_reader(operation: &Operation) -> String {
    format!("{}_reply", operation.name.snake)
}

fn plain(fields: &[ReceivedField]) -> Vec<(&Field, bool)> {
    fields.iter().map(|received| (&received.field, received.unsigned)).collect()
}

/// The arm of `read`: the request, the answer, how the call ends.
pub(crate) fn read(provider: &Provider, operation: &Operation) -> TokenStream {
    let (wire, request) = (&operation.name.wire, format_ident!("{}", operation.name.snake));
    let read = format_ident!("read_{}", operation.name.snake.trim_matches('_'));
    let reader = format_ident!("decoded_{}", reply_reader(operation));
    let reply = operation.reply.as_ref().expect("an operation with a reply");
    let given = bridge::given(provider, &provider[reply.envelope].signature);
    quote! {
        #wire => {
            let request = #request(inputs)?;
            let result = self.client.#read(&request, response #(, #given)*);
            shown::result(&result);
            Ok(Ended::of(result, #reader))
        }
    }
}

fn decoded(
    provider: &Provider,
    function: &str,
    kind: &str,
    fields: &[(&Field, bool)],
    extra: bool,
    outcome: bool,
) -> TokenStream {
    let (function, kind) = (format_ident!("decoded_{function}"), format_ident!("{kind}"));
    let puts = fields
        .iter()
        .filter(|(field, _)| is_member(field))
        .map(|(field, unsigned)| put(provider, field, *unsigned));
    let extra = extra.then(|| quote!(decoded.extra(&value.extra);));
    let outcome = outcome.then(|| quote!(decoded.outcome(value.outcome());));
    quote! {
        fn #function(value: &typed::#kind) -> Decoded {
            let mut decoded = Decoded::default();
            #(#puts)*
            #extra
            #outcome
            decoded
        }
    }
}

fn is_member(field: &Field) -> bool {
    !matches!(field.kind, Kind::Fixed(_) | Kind::Signature)
}

/// Puts the value of a member down, and those inside it, if it is JSON of a known type.
fn put(provider: &Provider, field: &Field, unsigned: bool) -> TokenStream {
    let (member, wire) = (format_ident!("{}", field.name.snake), &field.name.wire);
    let place = if field.required { quote!(value.#member) } else { quote!((*member)) };
    let mut value = place;
    if unsigned {
        value = quote!((*#value.unverified()));
    }
    if field.sensitive {
        value = quote!((*#value.expose()));
    }
    let text = text(field, &value);
    let inner = match &field.kind {
        Kind::Json(JsonOf::Object(id)) | Kind::Base64Json(JsonOf::Object(id)) => {
            let puts = inner(provider, *id, wire);
            quote!(if let Some(object) = #value.value() { #puts })
        }
        Kind::Object(id) => {
            let puts = inner(provider, *id, wire);
            quote!({ let object = &#value; #puts })
        }
        _ => TokenStream::new(),
    };
    let put = quote!(decoded.put(#wire, #text); #inner);
    if field.required { put } else { quote!(if let Some(member) = &value.#member { #put }) }
}

/// Members of an `object`, also of JSON inside a text, one level deep, under `field.member`.
fn inner(provider: &Provider, id: TypeId, around: &str) -> TokenStream {
    let Shape::Object { fields, .. } = &provider[id].shape else { return TokenStream::new() };
    let puts = fields.iter().filter(|field| is_member(field)).map(|field| {
        let (member, path) = (format_ident!("{}", field.name.snake), format!("{around}.{}", field.name.wire));
        let place = if field.required { quote!(object.#member) } else { quote!((*member)) };
        let place = if field.sensitive { quote!((*#place.expose())) } else { place };
        let text = text(field, &place);
        let put = quote!(decoded.put_inner(#path, #text););
        if field.required { put } else { quote!(if let Some(member) = &object.#member { #put }) }
    });
    quote!(#(#puts)*)
}

/// The canonical text of a value, an expression that makes a `String`.
fn text(field: &Field, value: &TokenStream) -> TokenStream {
    match &field.kind {
        Kind::Text => quote!(#value.to_string()),
        Kind::Url => quote!(#value.as_str().to_owned()),
        Kind::Enum(_) => quote!(Enumeration::as_wire(&#value).to_owned()),
        Kind::Integer { .. }
        | Kind::Decimal { .. }
        | Kind::Amount { .. }
        | Kind::Flag { .. }
        | Kind::Date(_)
        | Kind::Duration { .. } => quote!(#value.to_string()),
        Kind::Timestamp(TimeFormat::UnixMillis) => quote!(#value.unix_millis().to_string()),
        Kind::Timestamp(TimeFormat::Pattern(pattern)) if shows_millis(pattern) => {
            quote!(#value.unix_millis().to_string())
        }
        Kind::Timestamp(_) => quote!(#value.unix_seconds().to_string()),
        Kind::Json(_) | Kind::Base64Json(_) => quote!(#value.exact().unwrap_or_default().to_owned()),
        Kind::Encrypted(Opened::Text) => quote!(#value.to_string()),
        Kind::RawJson => quote!(#value.text().to_owned()),
        // Typed, they no longer have the text that was received: only that they are there can be compared.
        Kind::Object(_) | Kind::List { .. } | Kind::Rows { .. } | Kind::Encrypted(Opened::Object(_)) => {
            quote!(PRESENT.to_owned())
        }
        Kind::Fixed(_) | Kind::Signature => quote!(String::new()),
    }
}

fn shows_millis(pattern: &payspec_codegen::ir::TimePattern) -> bool {
    pattern.pieces.contains(&payspec_codegen::ir::TimePiece::Milli)
}
