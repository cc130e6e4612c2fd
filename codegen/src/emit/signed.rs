//! The signed text of a request: its order was fixed by the checker, so it is written from left to right.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::credentials::is_secret;
use super::names::{ident, local, snake};
use super::request::Local;
use super::seals::{choose, credential_reference, signature};
use crate::ir::{
    Case, CredentialPath, Encoding, Filter, ItemValue, ListItem, MessagePart, Method, Operand, Operation,
    Piece, Provider, Recipe, Signature, SignedText, Step,
};

/// Statements that leave the signed text in `text` and the signature in the local of its field; nothing for `none`.
pub(super) fn sealing(provider: &Provider, operation: &Operation, locals: &[Local]) -> TokenStream {
    match &operation.signature {
        Signature::None { reason: _ } | Signature::ByField { .. } | Signature::Several(_) => {
            TokenStream::new()
        }
        Signature::Recipe(id) => {
            let recipe = &provider[*id];
            let text =
                operation.signed.first().map(|signed| composing(provider, operation, locals, recipe, signed));
            let place = place_of(operation, recipe);
            let sign = signature(recipe, &quote!(&text));
            quote!(#text let #place = #sign;)
        }
        Signature::Chosen { by, cases } => chosen(provider, operation, locals, by, cases),
    }
}

/// Statements for a choice of recipes. A text that all of them share is composed once.
fn chosen(
    provider: &Provider,
    operation: &Operation,
    locals: &[Local],
    by: &CredentialPath,
    cases: &[Case],
) -> TokenStream {
    let Some((first, signed)) = cases.first().zip(operation.signed.first()) else {
        return TokenStream::new();
    };
    let place = place_of(operation, &provider[first.recipe]);
    let key_of = |case: &Case| provider[case.recipe].seal.credential().and_then(bound_member);
    if is_shared(provider, operation) {
        let text = composing(provider, operation, locals, &provider[first.recipe], signed);
        let sign = choose(
            by,
            cases,
            |case| key_of(case).into_iter().collect(),
            |case| signature(&provider[case.recipe], &quote!(&text)),
        );
        return quote!(#text let #place = #sign;);
    }
    let signed_of = |case: &Case| operation.signed.iter().find(|signed| signed.recipe == case.recipe);
    let both = choose(
        by,
        cases,
        |case| {
            let mut bound: Vec<Ident> = key_of(case).into_iter().collect();
            let used = signed_of(case).map(members_used).unwrap_or_default();
            bound.extend(used);
            bound.sort();
            bound.dedup();
            bound
        },
        |case| {
            let recipe = &provider[case.recipe];
            let text = signed_of(case).map(|signed| composing(provider, operation, locals, recipe, signed));
            let sign = signature(recipe, &quote!(&text));
            quote!({ #text let sign = #sign; (text, sign) })
        },
    );
    quote!(let (text, #place) = #both;)
}

/// Whether a field stands in the signed text of an operation by itself.
pub(super) fn is_signed(operation: &Operation, wire: &str) -> bool {
    let is_field = |from: &Operand| matches!(from, Operand::Field(path) if path.first() == wire);
    operation.signed.iter().flat_map(|signed| &signed.steps).any(|step| match step {
        Step::Literal(_) => false,
        Step::Value { from, filters: _ } => is_field(from),
        Step::List { join: _, items } => items.iter().any(|item| match &item.value {
            ItemValue::Field(name) => name == wire,
            ItemValue::Added(_) => added_parts(item).into_iter().any(is_field),
        }),
    })
}

/// Whether all recipes of a choice compose the same text, out of nothing that only one alternative has.
fn is_shared(provider: &Provider, operation: &Operation) -> bool {
    let mut texts = operation.signed.iter().map(|signed| (&signed.steps, provider[signed.recipe].charset));
    let first = texts.next();
    texts.all(|text| Some(text) == first)
        && operation.signed.iter().all(|signed| members_used(signed).is_empty())
}

/// The members of a choice that stand in a text.
fn members_used(signed: &SignedText) -> Vec<Ident> {
    let parts = signed.steps.iter().flat_map(|step| match step {
        Step::Literal(_) => Vec::new(),
        Step::Value { from, filters: _ } => vec![from],
        Step::List { join: _, items } => items.iter().flat_map(added_parts).collect(),
    });
    parts.filter_map(member_of_choice).collect()
}

fn added_parts(item: &ListItem) -> Vec<&Operand> {
    let ItemValue::Added(pieces) = &item.value else { return Vec::new() };
    let parts = pieces.iter().filter_map(|piece| match piece {
        Piece::Value { from, filters: _ } => Some(from),
        Piece::Literal(_) | Piece::List | Piece::ListNames | Piece::Signature => None,
    });
    parts.collect()
}

/// The variable of a member of a choice.
pub(super) fn member_of_choice(part: &Operand) -> Option<Ident> {
    match part {
        Operand::Credential(path) => bound_member(path),
        _ => None,
    }
}

/// The variable that a match binds for a member of a choice.
pub(super) fn bound_member(path: &CredentialPath) -> Option<Ident> {
    path.member.as_ref().map(snake)
}

/// The local variable of the field that carries the signature.
fn place_of(operation: &Operation, recipe: &Recipe) -> Ident {
    match operation.request.iter().find(|sent| Some(sent.field.name.wire.as_str()) == recipe.place_field()) {
        Some(sent) => local(&sent.field.name),
        None => ident("sign"),
    }
}

/// Statements that leave the composed text in `text`.
fn composing(
    provider: &Provider,
    operation: &Operation,
    locals: &[Local],
    recipe: &Recipe,
    signed: &SignedText,
) -> TokenStream {
    let composer = Composer { provider, operation, locals };
    let charset = charset(provider, recipe.charset);
    let steps = signed.steps.iter().map(|step| composer.step(step));
    quote! {
        let mut text = rt::Text::new(#charset);
        #(#steps)*
        let text = text.finish()?;
    }
}

/// The charset of a message.
pub(super) fn charset(provider: &Provider, encoding: Encoding) -> TokenStream {
    match encoding {
        Encoding::Fixed(charset) => {
            let name = ident(match charset {
                crate::ir::Charset::Utf8 => "Utf8",
                crate::ir::Charset::Gbk => "Gbk",
                crate::ir::Charset::Gb18030 => "Gb18030",
                crate::ir::Charset::Latin1 => "Latin1",
            });
            quote!(rt::Charset::#name)
        }
        Encoding::Chosen(option) => {
            let function = snake(&provider[option].field.name);
            quote!(self.#function())
        }
    }
}

struct Composer<'a> {
    provider: &'a Provider,
    operation: &'a Operation,
    locals: &'a [Local],
}

impl Composer<'_> {
    fn step(&self, step: &Step) -> TokenStream {
        match step {
            Step::Literal(literal) => quote!(text.put(#literal);),
            Step::Value { from, filters } => self.put(from, filters, &quote!(text)),
            Step::List { join, items } => {
                let items = items.iter().map(|item| self.item(item));
                quote! {
                    let mut list = text.list(#join);
                    #(#items)*
                }
            }
        }
    }

    /// Appends a part to `text`.
    fn put(&self, from: &Operand, filters: &[Filter], text: &TokenStream) -> TokenStream {
        if let Operand::Credential(path) = from {
            let credential = credential_reference(path);
            if is_secret(self.provider, path) {
                return quote!(#text.put_secret(#credential););
            }
        }
        if *from == Operand::Message(MessagePart::Body) && filters.is_empty() {
            let charset = charset(self.provider, self.provider.defaults.encoding);
            return quote!(#text.put_body(&body, #charset););
        }
        let json =
            matches!(from, Operand::Field(path) if self.field(path.first()).is_some_and(|local| local.json));
        let value = self.part(from);
        if json && filters.is_empty() {
            return quote!(#text.put_json(#value););
        }
        let value = filtered(&value, filters);
        if self.is_sensitive(from) {
            quote!(#text.put_sensitive(#value);)
        } else {
            quote!(#text.put(#value);)
        }
    }

    /// The value of a part that is no secret.
    fn part(&self, from: &Operand) -> TokenStream {
        match from {
            Operand::Field(path) => {
                self.field(path.first()).map(Local::reference).unwrap_or_else(|| quote!(""))
            }
            Operand::Credential(path) => credential_reference(path),
            Operand::Message(MessagePart::Method) => match self.operation.method {
                Method::Get => quote!("GET"),
                Method::Post => quote!("POST"),
            },
            Operand::Message(MessagePart::Path) => {
                let path = &self.operation.path;
                quote!(#path)
            }
            Operand::Message(MessagePart::Body) => quote!(&body),
            // A plain recipe of a request has nothing else.
            _ => quote!(""),
        }
    }

    fn field(&self, wire: &str) -> Option<&Local> {
        self.locals.iter().find(|local| local.wire == wire)
    }

    fn is_sensitive(&self, from: &Operand) -> bool {
        matches!(from, Operand::Field(path) if self.field(path.first()).is_some_and(|local| local.sensitive))
    }

    fn item(&self, item: &ListItem) -> TokenStream {
        let ListItem { before, value, filters, after } = item;
        match value {
            ItemValue::Field(wire) => match self.field(wire) {
                Some(local) => field_item(local, before, filters, after),
                None => TokenStream::new(),
            },
            ItemValue::Added(pieces) => self.added_item(before, pieces, after),
        }
    }

    fn added_item(&self, before: &str, pieces: &[Piece], after: &str) -> TokenStream {
        match pieces {
            [Piece::Value { from: Operand::Credential(path), filters: _ }]
                if after.is_empty() && is_secret(self.provider, path) =>
            {
                let secret = credential_reference(path);
                quote!(list.secret(#before, #secret);)
            }
            [Piece::Literal(literal)] if after.is_empty() => quote!(list.item(#before, #literal);),
            [Piece::Value { from, filters }]
                if after.is_empty()
                    && !self.is_sensitive(from)
                    && *from != Operand::Message(MessagePart::Body) =>
            {
                let value = filtered(&self.part(from), filters);
                quote!(list.item(#before, #value);)
            }
            several => {
                let item = quote!(item);
                let pieces = several.iter().map(|piece| match piece {
                    Piece::Literal(literal) => quote!(item.put(#literal);),
                    Piece::Value { from, filters } => self.put(from, filters, &item),
                    Piece::List | Piece::ListNames | Piece::Signature => TokenStream::new(),
                });
                quote! {
                    let item = list.begin_item();
                    item.put(#before);
                    #(#pieces)*
                    item.put(#after);
                }
            }
        }
    }
}

fn field_item(local: &Local, before: &str, filters: &[Filter], after: &str) -> TokenStream {
    let value = local.reference();
    if local.json && filters.is_empty() && after.is_empty() {
        return quote!(list.json(#before, #value););
    }
    let value = if local.optional { filtered_option(&value, filters) } else { filtered(&value, filters) };
    match (local.sensitive && after.is_empty(), local.optional, after.is_empty()) {
        (true, false, _) => quote!(list.sensitive(#before, #value);),
        (true, true, _) => quote!(list.sensitive_if(#before, #value);),
        (false, false, true) => quote!(list.item(#before, #value);),
        (false, true, true) => quote!(list.item_if(#before, #value);),
        (false, false, false) => quote!(list.item_between(#before, #value, #after);),
        (false, true, false) => quote!(list.item_between_if(#before, #value, #after);),
    }
}

/// A `&str` after these filters.
pub(super) fn filtered(value: &TokenStream, filters: &[Filter]) -> TokenStream {
    filters.iter().fold(value.clone(), |value, filter| match filter {
        Filter::Lower => quote!(&rt::lower(#value)),
        Filter::Upper => quote!(&rt::upper(#value)),
        Filter::Trim => quote!(rt::trim(#value)),
        // A plain recipe has no other.
        _ => value,
    })
}

/// An `Option<&str>` after these filters.
fn filtered_option(value: &TokenStream, filters: &[Filter]) -> TokenStream {
    filters.iter().fold(value.clone(), |value, filter| match filter {
        Filter::Lower => quote!(#value.map(rt::lower).as_deref()),
        Filter::Upper => quote!(#value.map(rt::upper).as_deref()),
        Filter::Trim => quote!(#value.map(rt::trim)),
        _ => value,
    })
}
