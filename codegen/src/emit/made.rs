//! Texts that are made before a request is checked: JSON text, and base64 of it.
//!
//! Such a text is measured by the limits of its field, signed and sent, and all three want the same bytes. It is made
//! once, in front of the check, and handed to `check` and to `sign_x` from there. What stands inside a payload is
//! written with it, and all other values cost so little that the check looks at them where they are.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::fields::{Text, sent_text};
use super::request::{is_trimmed, local_name};
use super::structs::place;
use crate::ir::{Carrier, Field, JsonOf, Kind, Operation, Origin, Provider, SentField};

/// The texts of one request that are made before it is checked.
#[derive(Default)]
pub(super) struct Made<'a>(Vec<One<'a>>);

struct One<'a> {
    field: &'a Field,
    name: Ident,
    text: Text,
}

impl<'a> Made<'a> {
    /// Of a request that is in the variable `owner`.
    pub(super) fn of(provider: &Provider, operation: &'a Operation, owner: &TokenStream) -> Self {
        let made = operation.request.iter().filter(|sent| is_made(sent)).filter_map(|sent| {
            let field = &sent.field;
            let trim = is_trimmed(provider, operation, field);
            let text = sent_text(provider, field, &place(owner, field), trim)?;
            Some(One { field, name: local_name(provider, operation, sent), text })
        });
        Self(made.collect())
    }

    /// `let goods = request.goods.to_text(Goods::write);`
    pub(super) fn statements(&self) -> TokenStream {
        let made = self.0.iter().map(|One { field: _, name, text }| {
            let expr = &text.expr;
            quote!(let #name = #expr;)
        });
        made.collect()
    }

    /// `, &goods`
    pub(super) fn arguments(&self) -> TokenStream {
        let made = self.0.iter().map(|One { field: _, name, text }| {
            let reference = text.borrowed(&quote!(#name));
            quote!(, #reference)
        });
        made.collect()
    }

    /// Whether nothing is made before the check.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `goods`, or what holds several.
    pub(super) fn pattern(&self) -> TokenStream {
        let names: Vec<_> = self.0.iter().map(|one| &one.name).collect();
        match names.as_slice() {
            [name] => quote!(#name),
            names => quote!((#(#names),*)),
        }
    }

    /// `, goods: &str`
    pub(super) fn parameters(&self) -> TokenStream {
        let made = self.0.iter().map(|One { field: _, name, text }| {
            let kind = if text.optional { quote!(Option<&str>) } else { quote!(&str) };
            quote!(, #name: #kind)
        });
        made.collect()
    }

    /// The parameter that holds the text of this field.
    pub(super) fn parameter(&self, field: &Field) -> Option<&Ident> {
        self.0.iter().find(|one| one.field.name == field.name).map(|one| &one.name)
    }
}

/// Whether the text of a field is made before the check.
pub(super) fn is_made(sent: &SentField) -> bool {
    let SentField { field, origin, carrier } = sent;
    let is_composed = matches!(field.kind, Kind::Json(JsonOf::Object(_)) | Kind::Base64Json(_));
    is_composed && !field.sensitive && *origin == Origin::Caller && *carrier != Carrier::Payload
}
