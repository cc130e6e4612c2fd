//! Objects: structs that travel inside JSON, checked and written where we send them, read where we receive them.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, Docs};
use super::fields::{Side, sent_text, type_name};
use super::made::Made;
use super::names::{received_type_of, type_of};
use super::read::Headers;
use super::request::holds_personal_data;
use super::structs::{self, Sent, place};
use super::validate;
use crate::ir::{Field, Item, JsonForm, JsonOf, Kind, Provider, ReceivedField, Rule, Shape, Type};

/// The struct of an object that we send, and what it does.
pub(super) fn sent_object(
    provider: &Provider,
    item: &Type,
    fields: &[Field],
    rules: &[Rule],
    extra: bool,
) -> TokenStream {
    let name = type_of(item);
    let members: Vec<_> = fields.iter().collect();
    let docs = object_docs(provider, item);
    let described = structs::sent(
        provider,
        &Sent { name: &name, docs, fields: members.clone(), extra, sources: &item.sources },
    );
    let check = validate::check_function(provider, &members, rules, &|_| false, &Made::default());
    let owner = quote!(self);
    let object = quote!(object);
    let writes = fields.iter().map(|field| json_member(provider, field, &place(&owner, field), &object));
    let extra = extra.then(|| quote!(object.extra(&self.optional.extra);));
    let row = is_row(provider, item).then(|| row_writer(provider, fields));
    let write = (row.is_none() || is_nested(provider, item)).then(|| {
        quote! {
            fn write(&self, object: &mut rt::json::Object) {
                #(#writes)*
                #extra
            }
        }
    });
    quote! {
        #described

        impl #name {
            #check

            #write

            #row
        }
    }
}

/// Whether objects of this type travel as rows under flat numbered names.
fn is_row(provider: &Provider, item: &Type) -> bool {
    let mut fields = provider.operations.iter().flat_map(|operation| &operation.request);
    fields
        .any(|sent| matches!(&sent.field.kind, Kind::Rows { of, from: _ } if provider[*of].name == item.name))
}

/// Whether objects of this type travel inside JSON or XML.
fn is_nested(provider: &Provider, item: &Type) -> bool {
    let of_operations = provider.operations.iter().flat_map(|operation| &operation.request);
    let of_types = provider.types.iter().filter_map(|item| match &item.shape {
        Shape::Object { fields, .. } => Some(fields),
        Shape::Enum(_) => None,
    });
    let mut fields = of_operations.map(|sent| &sent.field).chain(of_types.flatten());
    fields.any(|field| match &field.kind {
        Kind::Object(id)
        | Kind::Json(JsonOf::Object(id))
        | Kind::Base64Json(JsonOf::Object(id))
        | Kind::List { of: Item::Object(id), .. } => provider[*id].name == item.name,
        _ => false,
    })
}

/// `write_row`: the members as pairs; the runtime puts the number of the row into their names.
fn row_writer(provider: &Provider, fields: &[Field]) -> TokenStream {
    let pairs = fields.iter().map(|field| {
        let wire = &field.name.wire;
        if let Kind::Fixed(text) = &field.kind {
            return quote!(row.pair(#wire, #text););
        }
        let Some(text) = sent_text(provider, field, &place(&quote!(self), field), false) else {
            return TokenStream::new();
        };
        let value = text.on_the_spot();
        match (holds_personal_data(provider, field), text.optional) {
            (false, false) => quote!(row.pair(#wire, #value);),
            (false, true) => quote!(row.pair_if(#wire, #value);),
            (true, false) => quote!(row.sensitive(#wire, #value);),
            (true, true) => quote!(row.sensitive_if(#wire, #value);),
        }
    });
    quote! {
        fn write_row(&self, row: &mut rt::Pairs) {
            #(#pairs)*
        }
    }
}

/// The struct of an object that we receive.
pub(super) fn received_object(provider: &Provider, item: &Type, fields: &[Field]) -> TokenStream {
    let fields: Vec<_> = fields.iter().map(as_received).collect();
    let (name, docs) = (received_type_of(item), object_docs(provider, item));
    structs::received(provider, &name, &docs, &fields, &item.sources, Headers::Reply)
}

fn as_received(field: &Field) -> ReceivedField {
    ReceivedField { field: field.clone(), header: None, equals: None, echo: None, unsigned: false }
}

fn object_docs(provider: &Provider, item: &Type) -> Docs {
    let Type { name: _, doc, sources, shape, sent: _, received: _ } = item;
    let rules = match shape {
        Shape::Object { fields: _, rules, extra: _ } => validate::rules_in_words(provider, rules),
        Shape::Enum(_) => String::new(),
    };
    Docs::of_spec(doc).ours(rules).ours(docs::source(provider, sources, &[]))
}

/// Writes the value at `place` as a member of a JSON object.
pub(super) fn json_member(
    provider: &Provider,
    field: &Field,
    place: &TokenStream,
    object: &TokenStream,
) -> TokenStream {
    // Members of an object are masked one by one, JSON inside a text as a whole.
    let is_text = matches!(field.kind, Kind::Json(_) | Kind::Base64Json(_));
    let is_sensitive = if is_text { holds_personal_data(provider, field) } else { field.sensitive };
    concealed(is_sensitive, plain_member(provider, field, place, object), object)
}

/// Personal data is masked where the text is shown.
fn concealed(is_sensitive: bool, written: TokenStream, object: &TokenStream) -> TokenStream {
    if is_sensitive && !written.is_empty() {
        quote!(#object.sensitive(|#object| { #written });)
    } else {
        written
    }
}

fn plain_member(
    provider: &Provider,
    field: &Field,
    place: &TokenStream,
    object: &TokenStream,
) -> TokenStream {
    let wire = escaped(&field.name.wire);
    match &field.kind {
        Kind::Fixed(text) => return quote!(#object.text(#wire, #text);),
        Kind::Object(id) => {
            let name = type_name(provider, *id, Side::Sent);
            return if field.required {
                quote!(#object.object(#wire, |object| #place.write(object));)
            } else {
                quote!(#object.object_if(#wire, #place.as_ref(), #name::write);)
            };
        }
        Kind::Flag { .. } if is_json_flag(&field.kind) => {
            return if field.required {
                quote!(#object.boolean(#wire, #place);)
            } else {
                quote!(#object.boolean_if(#wire, #place);)
            };
        }
        Kind::List { of, join: None } => return json_array(provider, field, *of, place, object),
        _ => {}
    }
    match sent_text(provider, field, place, false) {
        Some(text) => {
            let value = text.on_the_spot();
            plain_member_of(field, &value, object)
        }
        None => TokenStream::new(),
    }
}

/// Writes text that is already made as a member of a JSON object.
pub(super) fn member_of(field: &Field, value: &TokenStream, object: &TokenStream) -> TokenStream {
    concealed(field.sensitive, plain_member_of(field, value, object), object)
}

fn plain_member_of(field: &Field, value: &TokenStream, object: &TokenStream) -> TokenStream {
    let wire = escaped(&field.name.wire);
    match (is_number(&field.kind), field.required) {
        (false, true) => quote!(#object.text(#wire, #value);),
        (false, false) => quote!(#object.text_if(#wire, #value);),
        (true, true) => quote!(#object.number(#wire, #value);),
        (true, false) => quote!(#object.number_if(#wire, #value);),
    }
}

/// Whether the words of a flag are JSON's own, which stand there without quotes.
pub(super) fn is_json_flag(kind: &Kind) -> bool {
    matches!(kind, Kind::Flag { yes, no } if yes == "true" && no == "false")
}

fn is_number(kind: &Kind) -> bool {
    match kind {
        Kind::Integer { json } | Kind::Decimal { json, .. } | Kind::Amount { json, .. } => {
            *json == JsonForm::Number
        }
        _ => false,
    }
}

fn json_array(
    provider: &Provider,
    field: &Field,
    of: Item,
    place: &TokenStream,
    object: &TokenStream,
) -> TokenStream {
    let wire = escaped(&field.name.wire);
    match (of, field.required) {
        (Item::Text | Item::Url, true) => quote!(#object.texts(#wire, &#place);),
        (Item::Text | Item::Url, false) => quote!(#object.texts_if(#wire, #place.as_deref());),
        (Item::Object(id), true) => {
            let name = type_name(provider, id, Side::Sent);
            quote!(#object.objects(#wire, &#place, #name::write);)
        }
        (Item::Object(id), false) => {
            let name = type_name(provider, id, Side::Sent);
            quote!(#object.objects_if(#wire, #place.as_deref(), #name::write);)
        }
    }
}

/// A name as it stands in JSON: the runtime writes it as it is.
fn escaped(name: &str) -> String {
    let mut escaped = String::new();
    for character in name.chars() {
        match character {
            '"' | '\\' => escaped.extend(['\\', character]),
            '\u{8}' => escaped.push_str("\\b"),
            '\u{c}' => escaped.push_str("\\f"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            control if control < ' ' => escaped.push_str(&format!("\\u{:04x}", u32::from(control))),
            plain => escaped.push(plain),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_name_is_escaped_as_the_runtime_escapes_a_value() {
        assert_eq!(escaped("subject/中\u{7f}"), "subject/中\u{7f}");
        assert_eq!(
            escaped("\"\\\u{8}\u{c}\n\r\t\u{0}\u{b}\u{1f}"),
            "\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u000b\\u001f"
        );
    }
}
