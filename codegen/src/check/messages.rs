//! A message as its recipes see it: which fields it has, where they travel, what lies inside them.
//!
//! Requests, replies and callbacks are declared in different ways; recipes are held against this one view of them.
//! What lies inside an object that nobody declares (`raw`, `json: any`) is open: any path may lead somewhere there.

use super::Context;
use super::covers::Stand;
use crate::ir::{self, Carrier, FieldPath, Item, JsonOf, Kind, Opened, Selection, Shape, TypeId};

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Reply,
    Callback,
}

/// A message, as a recipe sees it.
pub(super) struct Message<'m> {
    /// How a person speaks of it: "operation `pay`".
    pub(super) of: String,
    pub(super) direction: Direction,
    /// Its fields in body and query, outside any payload, in order on the wire.
    pub(super) fields: Vec<(&'m ir::Field, Carrier)>,
    /// Its fields in headers, and the names of these headers.
    pub(super) headers: Vec<(&'m ir::Field, String)>,
    /// The field that holds the payload, and what is in it.
    pub(super) payload: Option<(&'m ir::Field, Vec<&'m ir::Field>)>,
    /// The data member of a reply.
    pub(super) data: Option<DataMember<'m>>,
    /// Its body is, or can be, a JSON object.
    pub(super) json: bool,
    /// Its body is, or can be, XML.
    pub(super) xml: bool,
    /// Its body is one field, as it is.
    pub(super) raw: bool,
    /// Its fields travel in the query (all of them, unless a carrier says otherwise).
    pub(super) query: bool,
    /// A browser carries it: it has no headers of ours.
    pub(super) redirect: bool,
    /// Where its fields stand, for what is covered.
    pub(super) stand: Stand<'m>,
}

/// The data member of a reply.
pub(super) struct DataMember<'m> {
    /// Its name, where it is the same in all replies.
    pub(super) name: Option<String>,
    /// The fields that it has in all replies.
    pub(super) fields: Vec<&'m ir::Field>,
}

/// What a path leads to.
pub(super) enum Found<'f> {
    /// A declared field. `certain`: it is always there.
    Field { field: &'f ir::Field, certain: bool },
    /// A place whose shape nobody declared.
    Open,
    /// Nothing; these names were possible where the path went wrong.
    Missing(Vec<&'f str>),
}

impl<'m> Message<'m> {
    pub(super) fn field(&self, wire: &str) -> Option<&'m ir::Field> {
        self.fields.iter().map(|(field, _)| *field).find(|field| field.name.wire == wire)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'m str> + '_ {
        self.fields.iter().map(|(field, _)| field.name.wire.as_str())
    }

    /// Whether it comes in.
    pub(super) fn is_received(&self) -> bool {
        self.direction != Direction::Request
    }

    /// Whether a field travels in the query.
    pub(super) fn is_in_query(&self, carrier: Carrier) -> bool {
        carrier == Carrier::Query || (self.query && carrier == Carrier::Outer)
    }

    /// Whether a list that selects by place has this field.
    pub(super) fn selects(&self, selection: &Selection, carrier: Carrier) -> bool {
        match selection {
            _ if matches!(carrier, Carrier::Body | Carrier::Header | Carrier::Payload) => false,
            Selection::All => true,
            Selection::Query => self.is_in_query(carrier),
            Selection::Body => !self.is_in_query(carrier),
            Selection::Named(_)
            | Selection::NamedIn { .. }
            | Selection::Headers(_)
            | Selection::MembersOf(_) => false,
        }
    }
}

impl Context<'_> {
    /// What a path leads to in a message.
    pub(super) fn resolve<'f>(&'f self, message: &Message<'f>, path: &FieldPath) -> Found<'f> {
        let mut steps = path.0.iter();
        let Some(first) = steps.next() else { return Found::Missing(Vec::new()) };
        let rest: Vec<&str> = steps.map(String::as_str).collect();
        if let Some((field, inside)) = &message.payload
            && field.name.wire == *first
            && let Some((member, rest)) = rest.split_first()
        {
            return self.resolve_among(inside.iter().copied(), member, rest, true);
        }
        if let Some(data) = message.data.as_ref().filter(|data| data.name.as_ref() == Some(first))
            && let Some((member, rest)) = rest.split_first()
        {
            // What else is there is the matter of each operation.
            return match data.fields.iter().find(|field| field.name.wire == *member) {
                Some(field) => self.resolve_in(field, rest, true),
                None => Found::Open,
            };
        }
        self.resolve_among(message.fields.iter().map(|(field, _)| *field), first, &rest, true)
    }

    fn resolve_among<'f>(
        &'f self,
        fields: impl Iterator<Item = &'f ir::Field> + Clone,
        name: &str,
        rest: &[&str],
        certain: bool,
    ) -> Found<'f> {
        match fields.clone().find(|field| field.name.wire == name) {
            Some(field) => self.resolve_in(field, rest, certain),
            None => Found::Missing(fields.map(|field| field.name.wire.as_str()).collect()),
        }
    }

    fn resolve_in<'f>(&'f self, field: &'f ir::Field, rest: &[&str], certain: bool) -> Found<'f> {
        let certain = certain && field.required;
        let Some((next, behind)) = rest.split_first() else { return Found::Field { field, certain } };
        if let Kind::List { of, join: None } = &field.kind {
            return match of {
                _ if next.is_empty() || !next.bytes().all(|b| b.is_ascii_digit()) => {
                    Found::Missing(Vec::new())
                }
                // An item: text, or an object whose members follow; neither is certain to be there.
                Item::Text | Item::Url if behind.is_empty() => Found::Open,
                Item::Text | Item::Url => Found::Missing(Vec::new()),
                Item::Object(id) => match behind.split_first() {
                    None => Found::Open,
                    Some((member, behind)) => {
                        self.resolve_among(self.members(*id).iter(), member, behind, false)
                    }
                },
            };
        }
        match object_of(&field.kind) {
            Some(Inside::Object(id)) => self.resolve_among(self.members(id).iter(), next, behind, certain),
            Some(Inside::Open) => Found::Open,
            None => Found::Missing(Vec::new()),
        }
    }

    /// The fields of an object.
    pub(super) fn members(&self, id: TypeId) -> &[ir::Field] {
        match self.types.get(id.0).map(|item| &item.shape) {
            Some(Shape::Object { fields, .. }) => fields,
            Some(Shape::Enum(_)) | None => &[],
        }
    }
}

/// What lies inside a value.
pub(super) enum Inside {
    /// The members of an object.
    Object(TypeId),
    /// Something that nobody declared.
    Open,
}

/// What lies inside a value that is an object, or the text of one.
pub(super) fn object_of(kind: &Kind) -> Option<Inside> {
    match kind {
        Kind::Object(id)
        | Kind::Json(JsonOf::Object(id))
        | Kind::Base64Json(JsonOf::Object(id))
        | Kind::Encrypted(Opened::Object(id)) => Some(Inside::Object(*id)),
        Kind::RawJson | Kind::Json(JsonOf::Any) | Kind::Base64Json(JsonOf::Any) => Some(Inside::Open),
        _ => None,
    }
}

/// Whether a value of this kind is a JSON object or array, and no text that holds one.
pub(super) fn is_nested(kind: &Kind) -> bool {
    matches!(kind, Kind::Object(_) | Kind::RawJson | Kind::List { join: None, .. })
}
