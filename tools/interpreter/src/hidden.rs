//! What of a request is not shown: personal data and tokens, beside the fields or inside their JSON.
//!
//! Only the form of the signed text that may be shown is concerned; the bytes stay as they are. Values are found by
//! the places that the JSON reader knows, never by their text, which may stand elsewhere as well.

use payspec_codegen::ir::{
    Body, Carrier, Envelope, Field, Item, JsonOf, Kind, Opened, Operation, Origin, ReceivedField, Reply,
    ReplyShape, Shape, TypeId,
};

use crate::Interpreter;
use crate::json::{self, JsonKind, Members};
use crate::signed_text::MASK;

impl Interpreter {
    /// How the fields of a request are shown that may not be shown as they are, by wire name.
    pub(crate) fn hidden(&self, operation: &Operation, payload: Option<&str>) -> Vec<(String, String)> {
        let outer = operation.request.iter().filter(|sent| sent.carrier != Carrier::Payload);
        let is_hidden = |sent: &&payspec_codegen::ir::SentField| {
            sent.origin == Origin::Token || self.is_personal(&sent.field)
        };
        let mut hidden: Vec<(String, String)> =
            outer.filter(is_hidden).map(|sent| (sent.field.name.wire.clone(), MASK.to_owned())).collect();
        if let (Some(field), Some(text)) = (&operation.payload, payload) {
            let inside = operation.request.iter().filter(|sent| sent.carrier == Carrier::Payload);
            let inside: Vec<&Field> = inside.map(|sent| &sent.field).collect();
            let shown = if field.sensitive { Some(MASK.to_owned()) } else { self.masked_json(text, &inside) };
            hidden.extend(shown.map(|shown| (field.name.wire.clone(), shown)));
        }
        hidden
    }

    /// The fields of a received message that are not shown.
    pub(crate) fn hidden_received(&self, fields: &[ReceivedField]) -> Vec<(String, String)> {
        let hidden = fields.iter().filter(|received| self.is_personal(&received.field));
        hidden.map(|received| (received.field.name.wire.clone(), MASK.to_owned())).collect()
    }

    /// How the data of an answer is shown where there is personal data in it.
    pub(crate) fn hidden_result(&self, reply: &Reply, envelope: &Envelope, data: &str) -> Option<String> {
        let own = match &reply.shape {
            ReplyShape::Fields(fields) => fields.as_slice(),
            ReplyShape::Value(field) if self.is_personal(field) => return Some(MASK.to_owned()),
            ReplyShape::Value(_) | ReplyShape::Nothing => &[],
        };
        let fields: Vec<&Field> =
            envelope.data_fields.iter().chain(own).map(|received| &received.field).collect();
        let is_open = !fields.iter().any(|field| self.is_personal(field));
        if is_open { None } else { Some(self.masked_json(data, &fields).unwrap_or_else(|| MASK.to_owned())) }
    }

    /// How a body is shown: JSON with its personal data masked, anything else with some in it not at all.
    pub(crate) fn hidden_body(&self, operation: &Operation, body: &str) -> Option<String> {
        let is_in_body = |sent: &&payspec_codegen::ir::SentField| match operation.body {
            Body::Raw => sent.carrier == Carrier::Body,
            _ => sent.carrier == Carrier::Outer,
        };
        let fields: Vec<&Field> =
            operation.request.iter().filter(is_in_body).map(|sent| &sent.field).collect();
        match operation.body {
            Body::Json => self.masked_json(body, &fields),
            Body::Query => None,
            Body::Form | Body::Xml | Body::Raw => {
                fields.iter().any(|field| self.is_personal(field)).then(|| MASK.to_owned())
            }
        }
    }

    fn masked_json(&self, text: &str, fields: &[&Field]) -> Option<String> {
        let parsed = json::parse(text).ok()?;
        let JsonKind::Object(members) = &parsed.kind else { return None };
        let mut places = Vec::new();
        self.places(fields, members, &mut places);
        let mut masked = String::new();
        let mut shown_to = 0;
        for (start, end, mask) in places {
            masked.push_str(text.get(shown_to..start)?);
            masked.push_str(mask);
            shown_to = end;
        }
        masked.push_str(text.get(shown_to..)?);
        Some(masked)
    }

    /// Where personal data stands in an object, in order, and what is shown instead.
    fn places(&self, fields: &[&Field], members: &Members<'_>, places: &mut Vec<(usize, usize, &str)>) {
        for (name, json) in &members.0 {
            let Some(field) = fields.iter().find(|field| field.name.wire == *name) else { continue };
            let is_text = matches!(json.kind, JsonKind::Text(_));
            if field.sensitive
                || (matches!(field.kind, Kind::Json(_) | Kind::Base64Json(_)) && self.is_personal(field))
            {
                places.push((json.start, json.end(), if is_text { "\"******\"" } else { MASK }));
                continue;
            }
            match (&field.kind, &json.kind) {
                (Kind::Object(id), JsonKind::Object(inner)) => {
                    self.places(&self.fields_of(*id).iter().collect::<Vec<_>>(), inner, places);
                }
                (Kind::List { of: Item::Object(id), .. }, JsonKind::List(items)) => {
                    for item in items {
                        if let JsonKind::Object(inner) = &item.kind {
                            self.places(&self.fields_of(*id).iter().collect::<Vec<_>>(), inner, places);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn fields_of(&self, id: TypeId) -> &[Field] {
        match &self.provider()[id].shape {
            Shape::Object { fields, .. } => fields,
            Shape::Enum(_) => &[],
        }
    }

    /// Personal data, or an object or JSON with some in it.
    fn is_personal(&self, field: &Field) -> bool {
        self.holds_personal_data(field, &mut Vec::new())
    }

    fn holds_personal_data(&self, field: &Field, known: &mut Vec<TypeId>) -> bool {
        let inside = match &field.kind {
            Kind::Object(id)
            | Kind::Json(JsonOf::Object(id))
            | Kind::Base64Json(JsonOf::Object(id))
            | Kind::Encrypted(Opened::Object(id))
            | Kind::Rows { of: id, .. }
            | Kind::List { of: Item::Object(id), .. }
                if !known.contains(id) =>
            {
                known.push(*id);
                self.fields_of(*id)
            }
            _ => &[],
        };
        field.sensitive || inside.iter().any(|field| self.holds_personal_data(field, known))
    }
}
