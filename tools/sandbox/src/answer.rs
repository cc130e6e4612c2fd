//! What the fake provider answers: values for the fields of a reply or callback, taken from the order, the spec's
//! examples, the clock, and the outcome that is to be reported.

use payspec_codegen::ir::{
    AmountUnit, Condition, Envelope, ErrorCode, Field, Item, JsonOf, Kind, Opened, Outcome, ReceivedField,
    Reply, ReplyShape, Shape, Test, TimeFormat, Word,
};
use payspec_interpreter::{Answer, Map, Value};
use serde_json::{Map as JsonMap, Value as Json};

use crate::Shared;
use crate::book::Order;

impl Shared {
    /// A successful answer about an order, or about nothing.
    pub(crate) fn success(&self, reply: &Reply, order: Option<&Order>, state: Word) -> Answer {
        let envelope = &self.provider()[reply.envelope];
        let mut members = self.fill(&envelope.members, order);
        let mut common = self.fill(&envelope.data_fields, order);
        for (name, test) in &envelope.success.0 {
            if let Test::Is(texts) = test {
                let value = Value::from(texts.first().map(String::as_str).unwrap_or_default());
                let is_common = envelope.data_fields.iter().any(|own| own.field.name.wire == name.wire);
                let _ = if is_common {
                    common.insert(&name.wire, value)
                } else {
                    members.insert(&name.wire, value)
                };
            }
        }
        let data = match &reply.shape {
            ReplyShape::Nothing => None,
            ReplyShape::Fields(fields) => {
                let mut own = self.fill(fields, order);
                if let Some(outcome) = &reply.outcome {
                    self.report(&mut own, fields, outcome, state);
                }
                Some(Value::Object(common.into_iter().chain(own).collect()))
            }
            ReplyShape::Value(field) => Some(self.single(field, order, state)),
        };
        Answer { members, data, fault: false }
    }

    /// An answer with this code, as the spec describes it.
    pub(crate) fn failure(&self, reply: &Reply, code: &ErrorCode) -> Answer {
        let envelope = &self.provider()[reply.envelope];
        let mut members = self.fill(&envelope.members, None);
        let mut common = self.fill(&envelope.data_fields, None);
        for fields in [&mut members, &mut common] {
            tell(fields, envelope, reply, code);
        }
        let data = (!common.is_empty()).then_some(Value::Object(common));
        Answer { members, data, fault: false }
    }

    /// Values for fields that are read, in order; optional ones only where the order or an example has a value.
    pub(crate) fn fill(&self, fields: &[ReceivedField], order: Option<&Order>) -> Map<Value> {
        let wanted = fields.iter().filter(|own| own.field.kind != Kind::Signature);
        wanted.filter_map(|own| Some((own.field.name.wire.clone(), self.value(own, order)?))).collect()
    }

    fn value(&self, received: &ReceivedField, order: Option<&Order>) -> Option<Value> {
        let field = &received.field;
        if let Some(path) = &received.equals {
            return self.interpreter.public_text(path).map(Value::from);
        }
        if let Some(echo) = &received.echo {
            let sent = order.and_then(|order| order.fields.get(&echo.wire).cloned());
            if sent.is_some() || !field.required {
                return sent;
            }
        }
        let example = field.example.as_deref().map(Value::from);
        example.or_else(|| field.required.then(|| self.made_up(field)))
    }

    /// Any value of the kind.
    pub(crate) fn made_up(&self, field: &Field) -> Value {
        let now = self.now();
        match &field.kind {
            Kind::Integer { .. } => Value::from("0"),
            Kind::Decimal { .. } => Value::from("1"),
            Kind::Amount { unit: AmountUnit::Yuan, .. } => Value::from("1.00"),
            Kind::Amount { unit: AmountUnit::Fen, .. } => Value::from("100"),
            Kind::Flag { .. } => Value::from("true"),
            Kind::Timestamp(TimeFormat::UnixMillis) => Value::from(now.unix_millis().to_string()),
            Kind::Timestamp(_) => Value::from(now.unix_seconds().to_string()),
            Kind::Date(_) => Value::from("2026-01-01"),
            Kind::Duration { units } => Value::from(format!("1{}", units.first().copied().unwrap_or('d'))),
            Kind::Url => Value::from("https://pay.example.com/"),
            Kind::Enum(id) => Value::from(self.words(*id, |_| true).into_iter().next().unwrap_or_default()),
            Kind::Object(id)
            | Kind::Json(JsonOf::Object(id))
            | Kind::Base64Json(JsonOf::Object(id))
            | Kind::Encrypted(Opened::Object(id)) => self.made_up_object(*id),
            Kind::Json(JsonOf::Any) | Kind::Base64Json(JsonOf::Any) | Kind::RawJson => {
                Value::Json(String::from("{}"))
            }
            // Elements that are signed one by one: there has to be one.
            Kind::List { of: Item::Object(id), join: None } if self.is_signed(*id) => {
                Value::List(vec![self.made_up_object(*id)])
            }
            Kind::List { .. } | Kind::Rows { .. } => Value::List(Vec::new()),
            Kind::Fixed(text) => Value::from(text.as_str()),
            Kind::Text | Kind::Signature | Kind::Encrypted(Opened::Text) => {
                Value::from(field.name.wire.as_str())
            }
        }
    }

    fn made_up_object(&self, id: payspec_codegen::ir::TypeId) -> Value {
        let Shape::Object { fields, .. } = &self.provider()[id].shape else {
            return Value::Object(Map::new());
        };
        let required = fields.iter().filter(|field| field.required && field.kind != Kind::Signature);
        let value = |field: &Field| field.example.as_deref().map_or_else(|| self.made_up(field), Value::from);
        Value::Object(required.map(|field| (field.name.wire.clone(), value(field))).collect())
    }

    /// Whether objects of this type carry signatures of their own.
    fn is_signed(&self, id: payspec_codegen::ir::TypeId) -> bool {
        match &self.provider()[id].shape {
            Shape::Object { fields, .. } => fields.iter().any(|field| field.kind == Kind::Signature),
            Shape::Enum(_) => false,
        }
    }

    /// The single value of a reply: an example, or for JSON of unknown shape what the books say.
    fn single(&self, field: &Field, order: Option<&Order>, state: Word) -> Value {
        match (&field.kind, order) {
            (Kind::RawJson, Some(order)) => Value::Json(record(order, state)),
            _ => field.example.as_deref().map_or_else(|| self.made_up(field), Value::from),
        }
    }

    /// Wire texts of an enumeration's values with a wished outcome.
    fn words(&self, id: payspec_codegen::ir::TypeId, wanted: impl Fn(Option<Word>) -> bool) -> Vec<String> {
        match &self.provider()[id].shape {
            Shape::Enum(values) => values
                .iter()
                .filter(|value| wanted(value.outcome))
                .map(|value| value.name.wire.clone())
                .collect(),
            Shape::Object { .. } => Vec::new(),
        }
    }

    /// Changes the values so that they report this state, if the spec has a way to say it.
    pub(crate) fn report(
        &self,
        values: &mut Map<Value>,
        fields: &[ReceivedField],
        outcome: &Outcome,
        state: Word,
    ) {
        let mut tries: Vec<Map<Value>> = Vec::new();
        if let Some(from) = &outcome.from
            && let Some(Kind::Enum(id)) = kind_of(fields, &from.wire)
        {
            for word in self.words(*id, |own| own == Some(state)) {
                let mut changed = values.clone();
                changed.insert(&from.wire, Value::from(word));
                tries.push(changed);
            }
        }
        for case in outcome.cases.iter().filter(|case| case.is == state) {
            let mut changed = values.clone();
            self.fulfil(&mut changed, fields, &case.when);
            tries.push(changed);
        }
        let mut without = values.clone();
        for (name, _) in outcome.cases.iter().flat_map(|case| &case.when.0) {
            without.remove(&name.wire);
        }
        tries.push(without);
        let meant = |values: &Map<Value>| self.meaning(values, fields, outcome) == state;
        if let Some(found) = tries.into_iter().find(meant) {
            *values = found;
        }
    }

    fn fulfil(&self, values: &mut Map<Value>, fields: &[ReceivedField], condition: &Condition) {
        for (name, test) in &condition.0 {
            let _ = match test {
                Test::Is(texts) => values
                    .insert(&name.wire, Value::from(texts.first().map(String::as_str).unwrap_or_default())),
                Test::Absent => values.remove(&name.wire),
                Test::Present if values.contains(&name.wire) => None,
                Test::Present => fields.iter().find(|own| own.field.name.wire == name.wire).and_then(|own| {
                    let value =
                        own.field.example.as_deref().map_or_else(|| self.made_up(&own.field), Value::from);
                    values.insert(&name.wire, value)
                }),
            };
        }
    }

    /// What these values mean: cases from top to bottom, then the value's own outcome, then the rest.
    fn meaning(&self, values: &Map<Value>, fields: &[ReceivedField], outcome: &Outcome) -> Word {
        if let Some(case) = outcome.cases.iter().find(|case| holds(&case.when, values)) {
            return case.is;
        }
        let Some(from) = &outcome.from else { return outcome.otherwise };
        let told = values.get(&from.wire).and_then(Value::as_text);
        let (Some(told), Some(Kind::Enum(id))) = (told, kind_of(fields, &from.wire)) else {
            return outcome.otherwise;
        };
        let Shape::Enum(listed) = &self.provider()[*id].shape else { return outcome.otherwise };
        listed
            .iter()
            .find(|value| value.name.wire == told)
            .and_then(|value| value.outcome)
            .unwrap_or(Word::Unknown)
    }
}

/// Puts code and message where the envelope has them, and something that is no success where it looks for that.
fn tell(fields: &mut Map<Value>, envelope: &Envelope, reply: &Reply, code: &ErrorCode) {
    for (name, _) in &envelope.success.0 {
        let listed = reply.errors.iter().find(|own| own.field == name.wire);
        if fields.contains(&name.wire) {
            fields.insert(&name.wire, Value::from(listed.map_or("ERROR", |own| own.value.as_str())));
        }
    }
    let is_declared = |name: &str, own: &[ReceivedField]| own.iter().any(|own| own.field.name.wire == name);
    let here = fields.iter().next().map(|(name, _)| name.to_owned()).unwrap_or_default();
    let own = if is_declared(&here, &envelope.members) { &envelope.members } else { &envelope.data_fields };
    if is_declared(&code.field, own) {
        fields.insert(&code.field, Value::from(code.value.as_str()));
    }
    if let Some(message) = envelope.message.as_ref().filter(|name| is_declared(&name.wire, own)) {
        fields.insert(&message.wire, Value::from(code.doc.as_str()));
    }
}

fn kind_of<'a>(fields: &'a [ReceivedField], name: &str) -> Option<&'a Kind> {
    fields.iter().find(|own| own.field.name.wire == name).map(|own| &own.field.kind)
}

fn holds(condition: &Condition, values: &Map<Value>) -> bool {
    condition.0.iter().all(|(name, test)| {
        let value = values.get(&name.wire);
        match test {
            Test::Is(texts) => {
                value.and_then(Value::as_text).is_some_and(|told| texts.iter().any(|text| text == told))
            }
            Test::Present => value.is_some(),
            Test::Absent => value.is_none(),
        }
    })
}

/// What the books say about an order, as JSON.
fn record(order: &Order, state: Word) -> String {
    let mut json = JsonMap::new();
    for (name, value) in order.fields.iter() {
        if let Value::Text(text) = value {
            json.insert(name.to_owned(), Json::String(text.clone()));
        }
    }
    json.insert(String::from("state"), Json::String(format!("{state:?}").to_lowercase()));
    Json::Object(json).to_string()
}
