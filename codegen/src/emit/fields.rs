//! Fields: the Rust type of a member, and how its value becomes the text that is signed and sent.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::names::{received_type_of, type_of};
use crate::ir::{
    AbsentWhen, AmountUnit, Digits, Field, Item, JsonOf, Kind, Opened, Provider, TimeFormat, TimePattern,
    TimePiece, TypeId,
};

/// Whether a value goes out or comes in: objects differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// We send it.
    Sent,
    /// We receive it.
    Received,
}

/// The type of a member, without `Option`.
pub(super) fn rust_type(provider: &Provider, field: &Field, side: Side) -> TokenStream {
    let plain = match &field.kind {
        Kind::Text => text_type(side),
        Kind::Url => quote!(rt::HttpUrl),
        Kind::Integer { .. } => quote!(i64),
        Kind::Decimal { .. } => quote!(rt::Decimal),
        Kind::Amount { unit: AmountUnit::Yuan, .. } => quote!(rt::Yuan),
        Kind::Amount { unit: AmountUnit::Fen, .. } => quote!(rt::Fen),
        Kind::Flag { .. } => quote!(bool),
        Kind::Timestamp(_) => quote!(rt::Timestamp),
        Kind::Date(_) => quote!(rt::Date),
        Kind::Duration { .. } => quote!(rt::Span),
        Kind::Enum(id) | Kind::Object(id) => type_name(provider, *id, side),
        Kind::List { of, join: _ } => {
            let item = item_type(provider, *of, side);
            quote!(Vec<#item>)
        }
        Kind::Json(JsonOf::Object(id)) => {
            let name = type_name(provider, *id, side);
            quote!(rt::Json<#name>)
        }
        Kind::Json(JsonOf::Any) => quote!(rt::Json<rt::RawJson>),
        Kind::RawJson => quote!(rt::RawJson),
        Kind::Rows { of, from: _ } => {
            let name = type_name(provider, *of, side);
            quote!(Vec<#name>)
        }
        Kind::Base64Json(JsonOf::Object(id)) => {
            let name = type_name(provider, *id, side);
            quote!(rt::Json<#name>)
        }
        Kind::Base64Json(JsonOf::Any) => quote!(rt::Json<rt::RawJson>),
        Kind::Encrypted(Opened::Text) => text_type(side),
        Kind::Encrypted(Opened::Object(id)) => type_name(provider, *id, Side::Received),
        // No member comes of these two.
        Kind::Fixed(_) | Kind::Signature => quote!(()),
    };
    if field.sensitive { quote!(rt::Sensitive<#plain>) } else { plain }
}

/// Received texts share the memory of their message.
fn text_type(side: Side) -> TokenStream {
    match side {
        Side::Sent => quote!(String),
        Side::Received => quote!(rt::SharedStr),
    }
}

/// The name of an enumeration or object.
pub(super) fn type_name(provider: &Provider, id: TypeId, side: Side) -> TokenStream {
    let item = &provider[id];
    let name: Ident = match side {
        Side::Received if super::enumerations::values_of(item).is_none() => received_type_of(item),
        Side::Sent | Side::Received => type_of(item),
    };
    quote!(#name)
}

fn item_type(provider: &Provider, item: Item, side: Side) -> TokenStream {
    match item {
        Item::Text => text_type(side),
        Item::Url => quote!(rt::HttpUrl),
        Item::Object(id) => type_name(provider, id, side),
    }
}

/// Whether a field is a member in Rust.
pub(super) fn is_member(field: &Field) -> bool {
    !matches!(field.kind, Kind::Fixed(_) | Kind::Signature)
}

/// An expression for the text of a value: `&str` or `String`, perhaps in an `Option`.
#[derive(Clone, Debug)]
pub(super) struct Text {
    /// The expression.
    pub(super) expr: TokenStream,
    /// It makes a `String`.
    pub(super) owned: bool,
    /// It is an `Option`.
    pub(super) optional: bool,
}

impl Text {
    /// Borrowed text that is always there.
    pub(super) fn always(expr: TokenStream) -> Self {
        Self { expr, owned: false, optional: false }
    }

    /// `&str` or `Option<&str>` of a variable that holds the value.
    pub(super) fn borrowed(&self, variable: &TokenStream) -> TokenStream {
        match (self.owned, self.optional) {
            (false, _) => quote!(#variable),
            (true, false) => quote!(&#variable),
            (true, true) => quote!(#variable.as_deref()),
        }
    }

    /// `&str` or `Option<&str>` made on the spot.
    pub(super) fn on_the_spot(&self) -> TokenStream {
        self.borrowed(&self.expr)
    }
}

/// How the member at `place` is written. `None` for what has no text of its own: objects, arrays, raw JSON.
pub(super) fn sent_text(provider: &Provider, field: &Field, place: &TokenStream, trim: bool) -> Option<Text> {
    let place = if field.sensitive && field.required { &quote!(#place.expose()) } else { place };
    let borrowed = match (&field.kind, field.required) {
        (Kind::Text, true) if trim => Some(quote!(rt::trim(&#place))),
        (Kind::Enum(_), true) if trim => Some(quote!(rt::trim(#place.as_str()))),
        (Kind::Text | Kind::Url | Kind::Enum(_), true) => Some(quote!(#place.as_str())),
        (Kind::Text, false) => Some(optional_text(provider, field, place, trim)),
        (Kind::Url, false) => Some(quote!(#place.as_ref().map(rt::HttpUrl::as_str))),
        (Kind::Enum(id), false) => {
            let name = type_of(&provider[*id]);
            let trim = trim.then(|| quote!(.map(rt::trim)));
            Some(unless_absent(provider, &quote!(#place.as_ref().map(#name::as_str)#trim)))
        }
        (Kind::Flag { yes, no }, true) => Some(quote!(if #place { #yes } else { #no })),
        (Kind::Flag { yes, no }, false) => Some(quote!(#place.map(|value| if value { #yes } else { #no }))),
        (Kind::Json(JsonOf::Any), true) if trim => Some(quote!(rt::trim(#place.as_str()))),
        (Kind::Json(JsonOf::Any), true) => Some(quote!(#place.as_str())),
        (Kind::Json(JsonOf::Any), false) => {
            let trim = trim.then(|| quote!(.map(rt::trim)));
            Some(quote!(#place.as_ref().map(rt::Json::as_str)#trim))
        }
        _ => None,
    };
    if let Some(expr) = borrowed {
        return Some(Text { expr, owned: false, optional: !field.required });
    }
    let expr = written(provider, field, place)?;
    // Numbers and times have no outer white space; what the caller has written may have some.
    let may_have_space = matches!(field.kind, Kind::Json(_) | Kind::List { of: Item::Text, .. });
    let expr = match (trim && may_have_space, field.required) {
        (false, _) => expr,
        (true, true) if matches!(field.kind, Kind::Json(_)) => quote!(#expr.trimmed()),
        (true, false) if matches!(field.kind, Kind::Json(_)) => {
            quote!(#expr.map(rt::json::JsonText::trimmed))
        }
        (true, true) => quote!(rt::trim(&#expr).to_owned()),
        (true, false) => quote!(#expr.map(|text| rt::trim(&text).to_owned())),
    };
    Some(Text { expr, owned: true, optional: !field.required })
}

fn optional_text(provider: &Provider, field: &Field, place: &TokenStream, trim: bool) -> TokenStream {
    let text = if field.sensitive { quote!(rt::exposed(&#place)) } else { quote!(#place.as_deref()) };
    let text = if trim { quote!(#text.map(rt::trim)) } else { text };
    unless_absent(provider, &text)
}

/// An optional text, `None` where the file counts it as absent.
fn unless_absent(provider: &Provider, text: &TokenStream) -> TokenStream {
    match provider.defaults.absent_when {
        AbsentWhen::Empty => quote!(rt::unless_empty(#text)),
        AbsentWhen::Blank => quote!(rt::unless_blank(#text)),
        AbsentWhen::Never => text.clone(),
    }
}

/// A value that is written anew: numbers, money, times, joined lists, JSON text.
fn written(provider: &Provider, field: &Field, place: &TokenStream) -> Option<TokenStream> {
    if let (Kind::Json(JsonOf::Object(id)), true) = (&field.kind, field.required) {
        let name = type_name(provider, *id, Side::Sent);
        return Some(quote!(#place.to_text(#name::write)));
    }
    if let Kind::Base64Json(of) = &field.kind {
        return Some(base64(provider, field, *of, place));
    }
    let (function, arguments, by_reference) = writer(provider, &field.kind)?;
    Some(match (field.required, by_reference) {
        (true, false) => quote!(#function(#place #arguments)),
        (true, true) => quote!(#function(&#place #arguments)),
        (false, false) if arguments.is_empty() => quote!(#place.map(#function)),
        (false, false) => quote!(#place.map(|value| #function(value #arguments))),
        (false, true) if arguments.is_empty() => quote!(#place.as_ref().map(#function)),
        (false, true) => quote!(#place.as_ref().map(|value| #function(value #arguments))),
    })
}

/// JSON text as base64.
fn base64(provider: &Provider, field: &Field, of: JsonOf, place: &TokenStream) -> TokenStream {
    let text = |value: &TokenStream| match of {
        JsonOf::Object(id) => {
            let name = type_name(provider, id, Side::Sent);
            quote!(rt::write::base64(#value.to_text(#name::write)))
        }
        JsonOf::Any => quote!(rt::write::base64(#value.as_str())),
    };
    if field.required {
        text(place)
    } else {
        let text = text(&quote!(value));
        quote!(#place.as_ref().map(|value| #text))
    }
}

/// The function that writes a value, its further arguments, and whether it takes the value by reference.
fn writer(provider: &Provider, kind: &Kind) -> Option<(TokenStream, TokenStream, bool)> {
    Some(match kind {
        Kind::Integer { .. } => (quote!(rt::write::integer), quote!(), false),
        Kind::Decimal { scale: _, json: _ } => (quote!(rt::write::decimal), quote!(), false),
        Kind::Amount { unit, scale, read_scale: _, digits, json: _ } => {
            let (function, arguments) = amount_writer(*unit, *scale, *digits);
            (function, arguments, false)
        }
        Kind::Timestamp(format) => {
            let (function, arguments) = time_writer(format);
            (function, arguments, false)
        }
        Kind::Date(pattern) => {
            let pattern = strftime(pattern);
            (quote!(rt::write::date), quote!(, #pattern), false)
        }
        Kind::Duration { units: _ } => (quote!(rt::write::span), quote!(), false),
        Kind::List { of: Item::Text | Item::Url, join: Some(join) } => {
            (quote!(rt::write::joined), quote!(, #join), true)
        }
        Kind::Json(JsonOf::Object(id)) => {
            let name = type_name(provider, *id, Side::Sent);
            (quote!(rt::Json::to_text), quote!(, #name::write), true)
        }
        _ => return None,
    })
}

fn amount_writer(unit: AmountUnit, scale: u32, digits: Digits) -> (TokenStream, TokenStream) {
    let scale_literal = Literal::u32_unsuffixed(scale);
    match (unit, scale, digits) {
        (AmountUnit::Fen, 0, _) => (quote!(rt::write::fen), quote!()),
        (AmountUnit::Fen, _, Digits::Fixed) => (quote!(rt::write::fen_fixed), quote!(, #scale_literal)),
        (AmountUnit::Fen, _, Digits::Shortest) => (quote!(rt::write::fen), quote!()),
        (AmountUnit::Yuan, 2, Digits::Fixed) => (quote!(rt::write::yuan), quote!()),
        (AmountUnit::Yuan, _, Digits::Fixed) => (quote!(rt::write::yuan_fixed), quote!(, #scale_literal)),
        (AmountUnit::Yuan, _, Digits::Shortest) => (quote!(rt::write::yuan_shortest), quote!()),
    }
}

/// The function that writes an instant, and its further arguments.
pub(super) fn time_writer(format: &TimeFormat) -> (TokenStream, TokenStream) {
    match format {
        TimeFormat::UnixSeconds => (quote!(rt::write::unix_seconds), quote!()),
        TimeFormat::UnixMillis => (quote!(rt::write::unix_millis), quote!()),
        TimeFormat::Pattern(pattern) => {
            let pattern = strftime(pattern);
            (quote!(rt::write::timestamp), quote!(, #pattern, ZONE))
        }
    }
}

/// A pattern in the notation of the runtime: `%Y-%m-%d %H:%M:%S`.
pub(super) fn strftime(pattern: &TimePattern) -> String {
    let pieces = pattern.pieces.iter().map(|piece| match piece {
        TimePiece::Year => "%Y".to_owned(),
        TimePiece::Month => "%m".to_owned(),
        TimePiece::Day => "%d".to_owned(),
        TimePiece::Hour => "%H".to_owned(),
        TimePiece::Minute => "%M".to_owned(),
        TimePiece::Second => "%S".to_owned(),
        TimePiece::Milli => "%3f".to_owned(),
        TimePiece::Literal(text) => text.replace('%', "%%"),
    });
    pieces.collect()
}

/// A whole number as a literal, its thousands set apart: `9_999_999_999`.
pub(super) fn integer(number: i64) -> TokenStream {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && digits.len() > 4 && (digits.len() - place).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    let plain = Literal::u64_unsuffixed(number.unsigned_abs());
    let literal = text.parse::<Literal>().unwrap_or(plain);
    if number < 0 { quote!(-#literal) } else { quote!(#literal) }
}
