//! Readers: how a received value becomes a value of Rust. One expression for each kind, from `rt::read`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::fields::{Side, is_member, strftime, type_name};
use super::names::snake;
use crate::ir::{AmountUnit, Field, Item, JsonOf, Kind, Opened, Provider, ReceivedField, TimeFormat};

/// Whose headers a struct reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Headers {
    /// Those of a reply: `response`.
    Reply,
    /// Those of a callback: `message`.
    Callback,
}

/// The initialiser of a received member: `order_no: members.required("order_no", rt::read::text)?,`
pub(super) fn reading(
    provider: &Provider,
    received: &ReceivedField,
    members: &TokenStream,
    headers: Headers,
) -> TokenStream {
    let ReceivedField { field, header, equals: _, echo: _, unsigned } = received;
    if !is_member(field) {
        return TokenStream::new();
    }
    let value = match header {
        Some(header) => from_header(provider, field, *unsigned, header, headers),
        None => from_members(provider, field, *unsigned, members),
    };
    let name = snake(&field.name);
    quote!(#name: #value,)
}

/// Reads a field out of a header.
fn from_header(
    provider: &Provider,
    field: &Field,
    unsigned: bool,
    header: &str,
    headers: Headers,
) -> TokenStream {
    let is_plain = field.kind == Kind::Text && !field.required && !field.sensitive && !unsigned;
    let value = match headers {
        Headers::Reply if is_plain => return quote!(rt::read_header(response, #header)),
        Headers::Reply => quote!(response.header(#header)),
        Headers::Callback => quote!(message.read_header(#header)),
    };
    let reader = marked(reader(provider, field), unsigned);
    if field.required {
        quote!(rt::read::required_header(#header, #value, #reader)?)
    } else {
        quote!(rt::read::optional_header(#header, #value, #reader)?)
    }
}

fn marked(reader: TokenStream, unsigned: bool) -> TokenStream {
    if unsigned { quote!(rt::read::unsigned(#reader)) } else { reader }
}

/// Reads a field out of `members`.
pub(super) fn from_members(
    provider: &Provider,
    field: &Field,
    unsigned: bool,
    members: &TokenStream,
) -> TokenStream {
    let wire = &field.name.wire;
    let reader = marked(reader(provider, field), unsigned);
    if field.required {
        quote!(#members.required(#wire, #reader)?)
    } else {
        quote!(#members.optional(#wire, #reader)?)
    }
}

/// The function that reads a value of this field.
pub(super) fn reader(provider: &Provider, field: &Field) -> TokenStream {
    let plain = match &field.kind {
        Kind::Text => quote!(rt::read::text),
        Kind::Url => quote!(rt::read::url),
        Kind::Integer { .. } => quote!(rt::read::integer),
        Kind::Decimal { scale, json: _ } => {
            let scale = Literal::u32_unsuffixed(*scale);
            quote!(rt::read::decimal(#scale))
        }
        Kind::Amount { unit, read_scale, .. } => {
            let scale = Literal::u32_unsuffixed(*read_scale);
            match unit {
                AmountUnit::Yuan => quote!(rt::read::yuan(#scale)),
                AmountUnit::Fen => quote!(rt::read::fen(#scale)),
            }
        }
        Kind::Flag { yes, no } => quote!(rt::read::flag(#yes, #no)),
        Kind::Timestamp(TimeFormat::UnixSeconds) => quote!(rt::read::unix_seconds),
        Kind::Timestamp(TimeFormat::UnixMillis) => quote!(rt::read::unix_millis),
        Kind::Timestamp(TimeFormat::Pattern(pattern)) => {
            let pattern = strftime(pattern);
            quote!(rt::read::timestamp(#pattern, ZONE))
        }
        Kind::Date(pattern) => {
            let pattern = strftime(pattern);
            quote!(rt::read::date(#pattern))
        }
        Kind::Duration { units } => quote!(rt::read::span(&[#(#units),*])),
        Kind::Enum(id) => {
            let name = type_name(provider, *id, Side::Received);
            quote!(rt::read::enumeration::<#name>)
        }
        Kind::Object(id) => {
            let name = type_name(provider, *id, Side::Received);
            quote!(rt::read::object(#name::read))
        }
        Kind::List { of, join } => list_reader(provider, *of, join.as_deref()),
        Kind::Json(JsonOf::Object(id)) => {
            let name = type_name(provider, *id, Side::Received);
            quote!(rt::read::json(#name::read))
        }
        Kind::Json(JsonOf::Any) => quote!(rt::read::json_any),
        // A constant that is received is read as text and forgotten.
        Kind::RawJson => quote!(rt::read::raw),
        Kind::Base64Json(JsonOf::Object(id)) => {
            let name = type_name(provider, *id, Side::Received);
            quote!(rt::read::base64_json(#name::read))
        }
        Kind::Base64Json(JsonOf::Any) => quote!(rt::read::base64_json_any),
        Kind::Encrypted(Opened::Object(id)) => {
            let name = type_name(provider, *id, Side::Received);
            quote!(rt::read::opened(#name::read))
        }
        // Rows are only sent.
        Kind::Encrypted(Opened::Text) | Kind::Rows { .. } => quote!(rt::read::text),
        Kind::Fixed(_) | Kind::Signature => quote!(rt::read::text),
    };
    if field.sensitive { quote!(rt::read::sensitive(#plain)) } else { plain }
}

fn list_reader(provider: &Provider, of: Item, join: Option<&str>) -> TokenStream {
    let item = match of {
        Item::Text => quote!(rt::read::text),
        Item::Url => quote!(rt::read::url),
        Item::Object(id) => {
            let name = type_name(provider, id, Side::Received);
            quote!(rt::read::object(#name::read))
        }
    };
    match join {
        Some(join) => quote!(rt::read::joined(#join, #item)),
        None => quote!(rt::read::list(#item)),
    }
}
