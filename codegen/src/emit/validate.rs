//! Validation: every limit of a sent struct as a call of the runtime's `Check`, all of them stated, none decided here.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::docs::code;
use super::fields::{Side, sent_text, strftime, type_name};
use super::made::Made;
use super::names::credential_words;
use super::outcome::condition_in_words;
use super::rules;
use super::seals::number;
use super::signed::charset;
use super::structs::place;
use crate::ir::{
    AbsentWhen, Alphabet, AmountUnit, Bounds, Encoding, Field, Item, JsonOf, Kind, Length, LengthUnit,
    Limits, Provider, Rule, Span, StartsWith,
};

/// `fn check`: the limits of these fields, and `fn check_rules` where there are rules over them. `trimmed` says which
/// values lose outer white space; texts that are `made` before are handed in.
pub(super) fn check_function(
    provider: &Provider,
    fields: &[&Field],
    rules: &[Rule],
    trimmed: &dyn Fn(&Field) -> bool,
    made: &Made<'_>,
) -> TokenStream {
    let limits = fields.iter().map(|field| match made.parameter(field) {
        Some(text) => made_limits(provider, field, text),
        None => field_limits(provider, field, trimmed(field)),
    });
    let limits: Vec<_> = limits.collect();
    let rules: Vec<_> = rules.iter().map(|rule| rules::rule(provider, fields, rule, trimmed)).collect();
    let nothing = limits.iter().chain(&rules).all(TokenStream::is_empty);
    let check = if nothing { quote!(_check) } else { quote!(check) };
    let texts = made.parameters();
    let calls_rules = (!rules.is_empty()).then(|| quote!(self.check_rules(check);));
    let rules = (!rules.is_empty()).then(|| {
        quote! {
            fn check_rules(&self, check: &mut rt::Check<'_>) {
                #(#rules)*
            }
        }
    });
    quote! {
        fn check(&self, #check: &mut rt::Check<'_> #texts) {
            #(#limits)*
            #calls_rules
        }

        #rules
    }
}

/// `validate` and `advice` of a request, over its `check`.
pub(super) fn public_functions(provider: &Provider, made: &Made<'_>) -> TokenStream {
    let absent = absent_rule(provider);
    let (texts, arguments) = (made.statements(), made.arguments());
    quote! {
        /// Checks every limit that needs nothing of a client, and reports all that are broken. A client checks again,
        /// with its charset, its clock and its credentials.
        ///
        /// # Errors
        /// Everything that is broken, each with its path, the limit and the measure.
        pub fn validate(&self) -> Result<(), rt::Violations> {
            #texts
            let mut check = rt::Check::new()#absent;
            self.check(&mut check #arguments);
            check.finish()
        }

        /// What the document advises and this request does otherwise. Nothing is refused for it.
        #[must_use]
        pub fn advice(&self) -> Vec<rt::Violation> {
            #texts
            let mut check = rt::Check::new()#absent;
            self.check(&mut check #arguments);
            check.into_advice()
        }
    }
}

/// Which values count as absent, where it is not the empty text.
pub(super) fn absent_rule(provider: &Provider) -> TokenStream {
    match provider.defaults.absent_when {
        AbsentWhen::Empty => TokenStream::new(),
        AbsentWhen::Blank => quote!(.absent_when(rt::AbsentWhen::Blank)),
        AbsentWhen::Never => quote!(.absent_when(rt::AbsentWhen::Never)),
    }
}

/// The limits of one field, inside an `if let` where it may be left out.
fn field_limits(provider: &Provider, field: &Field, trim: bool) -> TokenStream {
    let place = place(&quote!(self), field);
    let checks = |value: &TokenStream| value_limits(provider, field, value, trim);
    match &field.kind {
        Kind::Text | Kind::Url | Kind::Enum(_) | Kind::Json(JsonOf::Any) => {
            let Some(text) = sent_text(provider, field, &place, trim) else { return TokenStream::new() };
            let expr = text.expr;
            if field.required { checks(&expr) } else { given(&checks(&quote!(value)), &expr) }
        }
        Kind::Integer { .. } | Kind::Decimal { .. } | Kind::Amount { .. } | Kind::Duration { .. } => {
            let exposed = if field.sensitive { quote!(*#place.expose()) } else { quote!(#place) };
            if field.required { checks(&exposed) } else { given(&checks(&quote!(value)), &place) }
        }
        Kind::Object(_)
        | Kind::List { .. }
        | Kind::Rows { .. }
        | Kind::Json(JsonOf::Object(_))
        | Kind::Base64Json(_) => {
            if field.required {
                checks(&quote!(#place))
            } else {
                given(&checks(&quote!(value)), &quote!(&#place))
            }
        }
        Kind::Flag { .. } | Kind::Timestamp(_) | Kind::Date(_) => TokenStream::new(),
        Kind::RawJson | Kind::Fixed(_) | Kind::Signature => TokenStream::new(),
        // Only received.
        Kind::Encrypted(_) => TokenStream::new(),
    }
}

/// The limits of a text that was made before, and of the value that it was made of.
fn made_limits(provider: &Provider, field: &Field, text: &Ident) -> TokenStream {
    let (wire, limits) = (&field.name.wire, text_limits(provider, field));
    let value = place(&quote!(self), field);
    let (text, value) = if field.required {
        (quote!(check.text(#wire, #text)#limits;), quote!(#value.value()))
    } else {
        let checks = quote!(check.text(#wire, value)#limits;);
        (given(&checks, &quote!(#text)), quote!(#value.as_ref().and_then(rt::Json::value)))
    };
    let inside = matches!(field.kind, Kind::Json(JsonOf::Object(_)) | Kind::Base64Json(JsonOf::Object(_)));
    let inside = inside.then(|| {
        quote! {
            if let Some(inner) = #value {
                check.object(#wire, |check| inner.check(check));
            }
        }
    });
    quote!(#text #inside)
}

fn given(checks: &TokenStream, value: &TokenStream) -> TokenStream {
    if checks.is_empty() {
        return TokenStream::new();
    }
    quote! {
        if let Some(value) = #value {
            #checks
        }
    }
}

/// The limits of a value that is there.
fn value_limits(provider: &Provider, field: &Field, value: &TokenStream, trim: bool) -> TokenStream {
    let wire = &field.name.wire;
    match &field.kind {
        Kind::Text | Kind::Url | Kind::Enum(_) | Kind::Json(JsonOf::Any) => {
            let limits = text_limits(provider, field);
            quote!(check.text(#wire, #value)#limits;)
        }
        Kind::Integer { .. } | Kind::Decimal { .. } | Kind::Amount { .. } | Kind::Duration { .. } => {
            let limits = number_limits(field);
            if limits.is_empty() { TokenStream::new() } else { quote!(check.number(#wire, #value)#limits;) }
        }
        Kind::Object(_) => quote!(check.object(#wire, |check| #value.check(check));),
        Kind::Json(JsonOf::Object(id)) => {
            let name = type_name(provider, *id, Side::Sent);
            let limits = text_limits(provider, field);
            let text = quote!(&#value.to_text(#name::write));
            let text = if trim { quote!(rt::trim(#text)) } else { text };
            quote! {
                check.text(#wire, #text)#limits;
                if let Some(inner) = #value.value() {
                    check.object(#wire, |check| inner.check(check));
                }
            }
        }
        Kind::Base64Json(of) => base64_limits(provider, field, *of, value),
        Kind::Rows { of, from: _ } => list_limits(provider, field, Item::Object(*of), None, value),
        Kind::List { of, join } => list_limits(provider, field, *of, join.as_deref(), value),
        _ => TokenStream::new(),
    }
}

/// The length of the base64, and what is inside.
fn base64_limits(provider: &Provider, field: &Field, of: JsonOf, value: &TokenStream) -> TokenStream {
    let wire = &field.name.wire;
    let limits = text_limits(provider, field);
    match of {
        JsonOf::Any => quote!(check.text(#wire, &rt::write::base64(#value.as_str()))#limits;),
        JsonOf::Object(id) => {
            let name = type_name(provider, id, Side::Sent);
            quote! {
                check.text(#wire, &rt::write::base64(#value.to_text(#name::write)))#limits;
                if let Some(inner) = #value.value() {
                    check.object(#wire, |check| inner.check(check));
                }
            }
        }
    }
}

fn list_limits(
    provider: &Provider,
    field: &Field,
    of: Item,
    join: Option<&str>,
    value: &TokenStream,
) -> TokenStream {
    let wire = &field.name.wire;
    let items = if field.required { quote!(&#value) } else { value.clone() };
    let text = join.map(|join| {
        let limits = text_limits(provider, field);
        quote! {
            check.text(#wire, &rt::write::joined(#items, #join))#limits;
            check.separated(#wire, #items, #join);
        }
    });
    let each = match of {
        Item::Object(id) => {
            let name = type_name(provider, id, Side::Sent);
            quote!(#name::check)
        }
        Item::Text | Item::Url => quote!(|_, _| {}),
    };
    let must = count(field.limits.items.as_ref());
    let should = count(field.advice.items.as_ref()).map(|count| quote!(.should()#count));
    let is_needed = must.is_some() || should.is_some() || matches!(of, Item::Object(_));
    let count = is_needed.then(|| quote!(check.items(#wire, #items, #each)#must #should;));
    quote!(#text #count)
}

fn count(bounds: Option<&Bounds<u64>>) -> Option<TokenStream> {
    let range = range(bounds?, |count| {
        let literal = Literal::u64_unsuffixed(*count);
        quote!(#literal)
    })?;
    Some(quote!(.count(#range)))
}

/// `.sensitive().length(1..=32).should().length(..=20)`.
pub(super) fn text_limits(provider: &Provider, field: &Field) -> TokenStream {
    let must = text_level(provider, &field.limits);
    let should = text_level(provider, &field.advice);
    let should = if should.is_empty() { should } else { quote!(.should()#should) };
    let limits = quote!(#must #should);
    match (field.sensitive, limits.is_empty()) {
        (true, true) => quote!(.sensitive().length(..)),
        (true, false) => quote!(.sensitive()#limits),
        (false, _) => limits,
    }
}

fn text_level(provider: &Provider, limits: &Limits) -> TokenStream {
    let Limits { length, items: _, range: _, duration: _, alphabet, starts_with } = limits;
    let length = length.as_ref().and_then(|length| length_limit(provider, length));
    let alphabet = alphabet.as_ref().map(alphabet_limit);
    let start = starts_with.as_ref().map(|start| match start {
        StartsWith::Credential(path) => {
            let name = credential_words(path);
            quote!(.starts_with_credential(#name))
        }
        StartsWith::Date { pattern, within_days } => {
            let (pattern, days) = (strftime(pattern), Literal::u32_unsuffixed(*within_days));
            quote!(.starts_with_date(#pattern, #days))
        }
    });
    quote!(#length #alphabet #start)
}

pub(super) fn length_limit(provider: &Provider, length: &Length) -> Option<TokenStream> {
    let Length { bounds, unit } = length;
    let range = range(bounds, |length| {
        let literal = Literal::u64_unsuffixed(*length);
        quote!(#literal)
    })?;
    Some(match unit {
        LengthUnit::Chars => quote!(.length(#range)),
        LengthUnit::Bytes => {
            let charset = charset(provider, Encoding::Fixed(usual_charset(provider)));
            quote!(.bytes(#range, #charset))
        }
    })
}

/// The charset of a client that chooses none.
fn usual_charset(provider: &Provider) -> crate::ir::Charset {
    match provider.defaults.encoding {
        Encoding::Fixed(charset) => charset,
        Encoding::Chosen(option) => provider[option]
            .default
            .as_deref()
            .and_then(crate::ir::Charset::from_name)
            .unwrap_or(crate::ir::Charset::Utf8),
    }
}

fn alphabet_limit(alphabet: &Alphabet) -> TokenStream {
    let Alphabet { text, ranges } = alphabet;
    let ranges = ranges.iter().map(|(first, last)| quote!((#first, #last)));
    quote!(.alphabet(#text, &[#(#ranges),*]))
}

fn number_limits(field: &Field) -> TokenStream {
    let sensitive = field.sensitive.then(|| quote!(.sensitive()));
    let form = match &field.kind {
        Kind::Decimal { scale, json: _ } => {
            let scale = Literal::u32_unsuffixed(*scale);
            quote!(.decimals(#scale))
        }
        Kind::Duration { units } => quote!(.units(&[#(#units),*])),
        _ => TokenStream::new(),
    };
    let must = number_level(&field.kind, &field.limits);
    let should = number_level(&field.kind, &field.advice).map(|limits| quote!(.should()#limits));
    if form.is_empty() && must.is_none() && should.is_none() {
        return TokenStream::new();
    }
    quote!(#sensitive #form #must #should)
}

fn number_level(kind: &Kind, limits: &Limits) -> Option<TokenStream> {
    let Limits { length: _, items: _, range: numbers, duration, alphabet: _, starts_with: _ } = limits;
    let numbers = numbers.as_ref().and_then(|bounds| range(bounds, |text| quantity(kind, text)));
    let range = numbers.or_else(|| duration.as_ref().and_then(|bounds| range(bounds, span)))?;
    Some(quote!(.range(#range)))
}

/// A number of a spec in the type of its field.
fn quantity(kind: &Kind, text: &str) -> TokenStream {
    match kind {
        Kind::Amount { unit: AmountUnit::Yuan, .. } => {
            let fen = super::fields::integer(scaled(text, 2));
            quote!(rt::Yuan::from_fen(#fen))
        }
        Kind::Amount { unit: AmountUnit::Fen, .. } => {
            let fen = super::fields::integer(scaled(text, 0));
            quote!(rt::Fen::new(#fen))
        }
        Kind::Decimal { .. } => {
            let scale = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            let mantissa = super::fields::integer(scaled(text, scale));
            let scale = number(scale);
            quote!(rt::Decimal::new(#mantissa, #scale))
        }
        _ => super::fields::integer(scaled(text, 0)),
    }
}

/// The number of units of so many decimals in a plain decimal text. The checker has made sure that it fits.
fn scaled(text: &str, scale: usize) -> i64 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let decimals: String = decimals.chars().chain(std::iter::repeat('0')).take(scale).collect();
    format!("{whole}{decimals}").parse().unwrap_or_default()
}

fn span(span: &Span) -> TokenStream {
    let Span { count, unit } = span;
    let count = Literal::u64_unsuffixed(*count);
    match unit {
        's' => quote!(rt::Span::seconds(#count)),
        'm' => quote!(rt::Span::minutes(#count)),
        'h' => quote!(rt::Span::hours(#count)),
        _ => quote!(rt::Span::days(#count)),
    }
}

/// `1..=32`, `1..`, `..=20`.
fn range<T>(bounds: &Bounds<T>, write: impl Fn(&T) -> TokenStream) -> Option<TokenStream> {
    let (min, max) = (bounds.min.as_ref().map(&write), bounds.max.as_ref().map(&write));
    match (min, max) {
        (None, None) => None,
        (Some(min), None) => Some(quote!(#min..)),
        (None, Some(max)) => Some(quote!(..=#max)),
        (Some(min), Some(max)) => Some(quote!(#min..=#max)),
    }
}

/// The rules of a struct as a list for its doc comment.
pub(super) fn rules_in_words(provider: &Provider, rules: &[Rule]) -> String {
    let lines = rules.iter().map(|rule| {
        let Rule { kind, when, advice, doc, sources } = rule;
        let level = if *advice { "advised: " } else { "" };
        let when =
            if when.0.is_empty() { String::new() } else { format!(", when {}", condition_in_words(when)) };
        let doc = doc.as_ref().map(|doc| format!(" {}", super::docs::escape(doc))).unwrap_or_default();
        let source = super::docs::source(provider, sources, &[]);
        let source = if source.is_empty() { source } else { format!(" {source}") };
        format!("- {level}{}{when}.{doc}{source}", rules::in_words(kind))
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { String::new() } else { format!("Rules:\n{}", lines.join("\n")) }
}

/// Names in code spans, with commas.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(code).collect::<Vec<_>>().join(", ")
}
