//! From dynamic values to the typed structs that a caller fills in.

use payspec_codegen::ir::{
    AmountUnit, Field, Item, JsonOf, Kind, Operation, Origin, Provider, Shape, TimeFormat, TimePattern,
    TimePiece, Type,
};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// `fn unified_order(inputs) -> typed::UnifiedOrder`.
pub(crate) fn operation(provider: &Provider, operation: &Operation) -> TokenStream {
    let fields: Vec<&Field> = operation
        .request
        .iter()
        .filter(|sent| sent.origin == Origin::Caller)
        .map(|sent| &sent.field)
        .collect();
    let (function, kind) =
        (format_ident!("{}", operation.name.snake), format_ident!("{}", operation.name.pascal));
    build(provider, &function, &kind, &fields, false)
}

/// `fn object_trade_info(inputs) -> typed::TradeInfo`, for objects that we send.
pub(crate) fn object(provider: &Provider, item: &Type) -> TokenStream {
    match &item.shape {
        Shape::Object { fields, extra, .. } if item.sent => {
            let fields: Vec<&Field> = fields.iter().collect();
            build(provider, &builder(item), &format_ident!("{}", item.name), &fields, *extra)
        }
        _ => TokenStream::new(),
    }
}

fn build(provider: &Provider, function: &Ident, kind: &Ident, fields: &[&Field], extra: bool) -> TokenStream {
    let members: Vec<&&Field> =
        fields.iter().filter(|field| !matches!(field.kind, Kind::Fixed(_) | Kind::Signature)).collect();
    let names: Vec<&String> = members.iter().map(|field| &field.name.wire).collect();
    let member = |field: &Field| {
        let (name, wire, read) =
            (format_ident!("{}", field.name.snake), &field.name.wire, input(provider, field));
        match (field.required, &field.kind) {
            (true, _) => quote!(#name: input::required(inputs, #wire, #read)?,),
            (false, Kind::Text | Kind::Enum(_)) => quote!(#name: input::optional(inputs, #wire, #read)?,),
            // An empty text has no typed form in the other kinds: it is nothing there.
            (false, _) => quote!(#name: input::optional_unless_empty(inputs, #wire, #read)?,),
        }
    };
    let required = members.iter().filter(|field| field.required).map(|field| member(field));
    let optional: Vec<_> =
        members.iter().filter(|field| !field.required).map(|field| member(field)).collect();
    let rest = if extra { quote!(extra: input::extra(inputs, &[#(#names),*])?,) } else { TokenStream::new() };
    let optional = (extra || !optional.is_empty()).then(|| {
        let kind = format_ident!("{kind}Optional");
        quote!(optional: typed::#kind { #(#optional)* #rest },)
    });
    let known = (!extra).then(|| quote!(input::known(inputs, &[#(#names),*])?;));
    quote! {
        #[allow(non_snake_case)]
        fn #function(inputs: &Map<Value>) -> Result<typed::#kind, Mismatch> {
            #known
            Ok(typed::#kind { #(#required)* #optional })
        }
    }
}

/// The function that makes a typed value of a dynamic one.
fn input(provider: &Provider, field: &Field) -> TokenStream {
    let zone = provider.defaults.zone.unwrap_or(0);
    let plain = match &field.kind {
        Kind::Text => quote!(input::text),
        Kind::Url => quote!(input::url),
        Kind::Integer { .. } => quote!(input::integer),
        Kind::Decimal { .. } => quote!(input::decimal),
        Kind::Amount { unit: AmountUnit::Yuan, .. } => quote!(input::yuan),
        Kind::Amount { unit: AmountUnit::Fen, .. } => quote!(input::fen),
        Kind::Flag { .. } => quote!(input::flag),
        Kind::Timestamp(TimeFormat::UnixSeconds) => quote!(input::unix_seconds),
        Kind::Timestamp(TimeFormat::UnixMillis) => quote!(input::unix_millis),
        Kind::Timestamp(TimeFormat::Pattern(pattern)) => {
            let pattern = strftime(pattern);
            quote!(input::timestamp(#pattern, #zone))
        }
        Kind::Date(pattern) => {
            let pattern = strftime(pattern);
            quote!(input::date(#pattern))
        }
        Kind::Duration { .. } => quote!(input::span),
        Kind::Enum(_) => quote!(input::enumeration),
        Kind::Object(id) => {
            let build = builder(&provider[*id]);
            quote!(input::object(#build))
        }
        Kind::List { of: Item::Text, .. } => quote!(input::list(input::text)),
        Kind::List { of: Item::Url, .. } => quote!(input::list(input::url)),
        Kind::List { of: Item::Object(id), .. } => {
            let build = builder(&provider[*id]);
            quote!(input::list(input::object(#build)))
        }
        Kind::Json(JsonOf::Object(id)) | Kind::Base64Json(JsonOf::Object(id)) => {
            let build = builder(&provider[*id]);
            quote!(input::json(#build))
        }
        Kind::Json(JsonOf::Any) | Kind::Base64Json(JsonOf::Any) => quote!(input::json_any),
        Kind::Rows { of, .. } => {
            let build = builder(&provider[*of]);
            quote!(input::list(input::object(#build)))
        }
        Kind::RawJson | Kind::Encrypted(_) | Kind::Fixed(_) | Kind::Signature => {
            panic!("`{}` has no member that is sent", field.name.wire)
        }
    };
    if field.sensitive { quote!(input::sensitive(#plain)) } else { plain }
}

fn builder(item: &Type) -> Ident {
    format_ident!("object_{}", item.name)
}

/// A pattern in the notation of the runtime.
pub(crate) fn strftime(pattern: &TimePattern) -> String {
    let piece = |piece: &TimePiece| match piece {
        TimePiece::Year => "%Y".to_owned(),
        TimePiece::Month => "%m".to_owned(),
        TimePiece::Day => "%d".to_owned(),
        TimePiece::Hour => "%H".to_owned(),
        TimePiece::Minute => "%M".to_owned(),
        TimePiece::Second => "%S".to_owned(),
        TimePiece::Milli => "%3f".to_owned(),
        TimePiece::Literal(text) => text.replace('%', "%%"),
    };
    pattern.pieces.iter().map(piece).collect()
}
