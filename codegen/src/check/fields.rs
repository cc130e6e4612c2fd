//! A field: its name, its keys, and which of them mean something where it stands.
//!
//! What the type keys mean is in `kinds`; whether the example fits is in `examples`.

use super::{Context, names, text_of};
use crate::diagnostic::{Code, Span};
use crate::ir;
use crate::model;
use crate::read::{Map, Spanned};

/// Where a field stands, which decides the keys that it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// In a request.
    Sent,
    /// In a reply's data or a callback.
    Received,
    /// A member or data field of an envelope.
    Envelope,
    /// In an object, which may be sent and received.
    Member,
    /// An option of the client.
    Option,
}

/// A field after its own checks, with what is left for the message to resolve.
pub(super) struct Lowered<'a> {
    pub(super) field: ir::Field,
    pub(super) model: &'a model::Field,
    /// Where its name stands.
    pub(super) key: Span,
}

/// A field of this name for going on with.
pub(super) fn stand_in(key: &Spanned<String>) -> ir::Field {
    ir::Field {
        name: names::name_of(key).unwrap_or_else(|| names::placeholder(key)),
        required: true,
        kind: ir::Kind::Text,
        doc: String::new(),
        sources: Vec::new(),
        example: None,
        sensitive: false,
        deprecated: None,
        limits: ir::Limits::default(),
        advice: ir::Limits::default(),
    }
}

impl<'a> Context<'a> {
    /// All fields of a map, without the withdrawn ones.
    pub(super) fn fields(
        &self,
        map: &'a Map<Spanned<model::Field>>,
        at: Use,
        sources: &[String],
    ) -> Vec<Lowered<'a>> {
        map.iter().filter_map(|entry| self.field(&entry.key, &entry.value, at, sources)).collect()
    }

    /// One field; `None` if it is withdrawn.
    pub(super) fn field(
        &self,
        key: &Spanned<String>,
        field: &'a Spanned<model::Field>,
        at: Use,
        sources: &[String],
    ) -> Option<Lowered<'a>> {
        self.accept(&field.accepts, Some(key.span.to(field.span)));
        let (plain, required) = key.strip_suffix('?').map_or((key.as_str(), true), |name| (name, false));
        let of = format!("field `{plain}`");
        let types = type_keys(field);
        self.one_type(&of, key.span, field, &types);
        self.keys_apply(plain, field, &types, at);
        let sources = self.sources(field.source.as_ref(), sources);
        if field.withdrawn.is_some() {
            return None;
        }
        let (kind, limits) = self.kind(field, at, plain);
        let name = self.name_of_field(plain, key.span, field, at);
        self.header_of(field, &kind, plain);
        if let (Some(said), false) = (&field.sensitive, kind == ir::Kind::Text) {
            self.not_yet(said.span, "`sensitive` on anything but text");
        }
        let lowered = ir::Field {
            name,
            required,
            kind,
            doc: self.doc(field.doc.as_ref(), &of, key.span),
            sources,
            example: text_of(field.example.as_ref()),
            sensitive: model::is_on(field.sensitive.as_ref()),
            deprecated: text_of(field.deprecated.as_ref()),
            limits,
            advice: field.should.as_ref().map(|should| self.advice(should, field)).unwrap_or_default(),
        };
        if let Some(example) = &field.example {
            self.example(&lowered, example, "example");
        }
        Some(Lowered { field: lowered, model: &field.value, key: key.span })
    }

    /// The name of a field. What we send in a header is called like the header on the wire; the number of a row in the
    /// name of a member takes no part in its name in Rust.
    fn name_of_field(&self, key: &str, span: Span, field: &model::Field, at: Use) -> ir::Name {
        let given = field.name.as_ref();
        match (&field.header, &field.wire) {
            (Some(header), None) if at == Use::Sent => {
                let name = self.field_name(key, span, given);
                return ir::Name { wire: header.value.clone(), ..name };
            }
            (Some(_), Some(wire)) if at == Use::Sent => {
                let message = "a field in a header has the name of the header on the wire";
                self.mistake(Code::KeyDoesNotApply, wire.span, message, "remove `wire`");
            }
            _ => {}
        }
        let wire = field.wire.as_ref().map_or(key, |wire| wire.value.as_str());
        if at == Use::Member && given.is_none() && wire.contains('#') {
            let name = self.field_name(&wire.replace('#', ""), span, None);
            return ir::Name { wire: wire.to_owned(), ..name };
        }
        self.field_name(wire, span, given)
    }

    /// A field in a header: the header can be one, and the value is one line of text.
    fn header_of(&self, field: &model::Field, kind: &ir::Kind, name: &str) {
        use ir::Kind::{Base64Json, Encrypted, Json, List, Object, RawJson, Rows, Signature};
        let Some(header) = &field.header else { return };
        self.header_name(header, header.span);
        match kind {
            Object(_) | List { .. } | Rows { .. } | Json(_) | Base64Json(_) | RawJson | Encrypted(_) => {
                let message = format!("`{name}` does not fit into a header");
                let mend = "a header holds a single value: text, a number, a time";
                self.mistake(Code::KeyDoesNotApply, header.span, message, mend);
            }
            Signature => {
                let message = format!("`{name}` holds the signature, which a recipe puts into a header");
                let mend =
                    format!("remove the field, and write `place: {{ header: {header} }}` in the recipe");
                self.mistake(Code::KeyDoesNotApply, header.span, message, mend);
            }
            _ => {}
        }
    }

    fn one_type(&self, of: &str, at: Span, field: &Spanned<model::Field>, types: &[(&'static str, Span)]) {
        let mend = || format!("the types are {}", TYPES.join(", "));
        match types {
            [_] => {}
            [] if self.has_failed(field.span) => {}
            [] => self.mistake(Code::FieldWithoutType, at, format!("{of} has no type"), mend()),
            [(first, _), (second, span), ..] => {
                let message = format!("{of} has two types: `{first}` and `{second}`");
                self.mistake(Code::FieldWithTwoTypes, *span, message, "keep one of them");
            }
        }
    }

    fn keys_apply(&self, name: &str, field: &model::Field, types: &[(&'static str, Span)], at: Use) {
        let [(kind, _)] = types else { return };
        for (key, span, belongs) in limit_keys(field) {
            if !belongs.contains(kind) {
                let message = format!("`{key}` does not apply to {kind}");
                self.mistake(
                    Code::KeyDoesNotApply,
                    span,
                    message,
                    format!("it belongs to {}", super::listed(belongs)),
                );
            }
        }
        for (key, span, belongs, where_) in place_keys(field) {
            if !belongs.contains(&at) {
                let message = format!("`{key}` does not apply to field `{name}` here");
                self.mistake(Code::KeyDoesNotApply, span, message, format!("it belongs to {where_}"));
            }
        }
    }

    /// The softer level.
    fn advice(&self, should: &model::Should, field: &model::Field) -> ir::Limits {
        if let Some(pattern) = &should.pattern {
            self.not_yet(pattern.span, "`pattern`");
        }
        ir::Limits {
            length: should.text.as_ref().and_then(|text| self.length(text, field.unit.as_ref())),
            alphabet: should.alphabet.as_ref().and_then(|text| self.alphabet(text)),
            starts_with: should.starts_with.as_ref().and_then(|prefix| self.starts_with(prefix)),
            ..ir::Limits::default()
        }
    }
}

/// The words that are types.
pub(crate) const TYPES: [&str; 20] = [
    "text",
    "url",
    "integer",
    "decimal",
    "amount",
    "flag",
    "timestamp",
    "date",
    "duration",
    "type",
    "list",
    "json",
    "base64_json",
    "rows",
    "encrypted",
    "map",
    "raw",
    "fixed",
    "signature",
    "withdrawn",
];

/// The type keys that a field has, in the order of the language.
pub(super) fn type_keys(field: &model::Field) -> Vec<(&'static str, Span)> {
    let spans: [Option<Span>; 20] = [
        place(&field.text),
        place(&field.url),
        place(&field.integer),
        place(&field.decimal),
        place(&field.amount),
        place(&field.flag),
        place(&field.timestamp),
        place(&field.date),
        place(&field.duration),
        place(&field.named),
        place(&field.list),
        place(&field.json),
        place(&field.base64_json),
        place(&field.rows),
        place(&field.encrypted),
        place(&field.map),
        place(&field.raw),
        place(&field.fixed),
        place(&field.signature),
        place(&field.withdrawn),
    ];
    TYPES.into_iter().zip(spans).filter_map(|(word, span)| Some((word, span?))).collect()
}

fn place<T>(value: &Option<Spanned<T>>) -> Option<Span> {
    value.as_ref().map(|value| value.span)
}

type LimitKey = (&'static str, Span, &'static [&'static str]);

/// The keys that belong to certain types.
fn limit_keys(field: &model::Field) -> Vec<LimitKey> {
    let keys: [(&'static str, Option<Span>, &'static [&'static str]); 12] = [
        ("unit", place(&field.unit), &["text", "url", "json", "base64_json", "list"]),
        ("alphabet", place(&field.alphabet), &["text"]),
        ("pattern", place(&field.pattern), &["text"]),
        ("starts_with", place(&field.starts_with), &["text"]),
        ("should", place(&field.should), &["text"]),
        ("range", place(&field.range), &["amount", "duration"]),
        ("scale", place(&field.scale), &["amount", "decimal"]),
        ("read_scale", place(&field.read_scale), &["amount"]),
        ("items", place(&field.items), &["list", "rows"]),
        ("first", place(&field.first), &["rows"]),
        ("join", place(&field.join), &["list"]),
        ("length", place(&field.length), &["json", "base64_json", "list"]),
    ];
    keys.into_iter().filter_map(|(key, span, belongs)| Some((key, span?, belongs))).collect()
}

type PlaceKey = (&'static str, Span, &'static [Use], &'static str);

/// The keys that belong to certain places.
fn place_keys(field: &model::Field) -> Vec<PlaceKey> {
    let keys: [(&'static str, Option<Span>, &'static [Use], &'static str); 5] = [
        ("from", place(&field.from), &[Use::Sent], "what we send"),
        ("equals", place(&field.equals), &[Use::Received], "callbacks"),
        ("echo", place(&field.echo), &[Use::Received], "replies and callbacks"),
        ("header", place(&field.header), &[Use::Sent, Use::Received, Use::Envelope], "fields of a message"),
        ("default", place(&field.default), &[Use::Option], "options"),
    ];
    keys.into_iter().filter_map(|(key, span, belongs, where_)| Some((key, span?, belongs, where_))).collect()
}
