//! Answers, as a provider gives them: success, every listed code and others, data that is odd or missing.

use payspec_codegen::ir::{Envelope, Field, Kind, Operation, ReceivedField, Reply, ReplyShape, Test};
use payspec_interpreter::{Answer, Map, Value};

use super::{Draw, values::json_of};

/// An answer before it is signed, and the request that it is given to.
#[derive(Clone, Debug)]
pub struct Answered {
    /// What was asked.
    pub inputs: Map<Value>,
    /// The answer.
    pub answer: Answer,
    /// The HTTP status.
    pub status: u16,
    /// A byte that somebody changes on the way.
    pub tampered: Option<usize>,
}

impl Draw<'_> {
    /// An answer to an operation that has a reply.
    ///
    /// # Panics
    /// The spec has no such operation, or it has no reply.
    pub fn answered(&mut self, operation: &str) -> Answered {
        let inputs = self.inputs(operation);
        let provider = self.provider();
        let operation =
            provider.operations.iter().find(|known| known.name.wire == operation).expect("an operation");
        let reply = operation.reply.as_ref().expect("a reply");
        let envelope = &provider[reply.envelope];
        let fault = envelope.data.as_ref().is_some_and(|data| data.fault.is_some()) && self.once_in(10);
        let succeeds = !fault && !self.once_in(4);
        let members = self.common(envelope, &envelope.members, reply, succeeds);
        let inside = self.common(envelope, &envelope.data_fields, reply, succeeds);
        let data = self.data(operation, reply, &inputs, inside, succeeds);
        Answered {
            answer: Answer { members, data: if self.once_in(30) { None } else { data }, fault },
            status: if self.once_in(30) { 500 } else { 200 },
            tampered: self.once_in(20).then(|| self.index(4096)),
            inputs,
        }
    }

    /// Fields that every answer of the envelope has, with a code of success or another.
    fn common(
        &mut self,
        envelope: &Envelope,
        fields: &[ReceivedField],
        reply: &Reply,
        succeeds: bool,
    ) -> Map<Value> {
        let mut members = Map::new();
        for received in fields
            .iter()
            .filter(|received| received.header.is_none() && received.field.kind != Kind::Signature)
        {
            let field = &received.field;
            let asked = envelope.success.0.iter().find(|(name, _)| *name == field.name);
            let listed: Vec<&str> = reply
                .errors
                .iter()
                .filter(|code| code.field == field.name.wire)
                .map(|code| code.value.as_str())
                .collect();
            let text = match asked {
                Some((_, Test::Is(words))) if succeeds => Some(words[self.index(words.len())].clone()),
                _ if !succeeds && !listed.is_empty() && !self.once_in(4) => {
                    Some(self.pick(&listed).to_owned())
                }
                _ => None,
            };
            let value = match text {
                Some(text) => Some(self.scalar(&text)),
                None if !field.required && self.once_in(3) => None,
                None => Some(self.told_value(field)),
            };
            if let Some(value) = value {
                members.insert(&field.name.wire, value);
            }
        }
        members
    }

    fn data(
        &mut self,
        operation: &Operation,
        reply: &Reply,
        inputs: &Map<Value>,
        mut inside: Map<Value>,
        succeeds: bool,
    ) -> Option<Value> {
        match &reply.shape {
            ReplyShape::Nothing => None,
            ReplyShape::Value(field) => {
                Some(if succeeds { self.told_value(field) } else { Value::Json("null".to_owned()) })
            }
            ReplyShape::Fields(fields) => {
                // What an outcome asks of the envelope is a member of both, and told once.
                let told = self.provider()[reply.envelope].members.clone();
                let is_own =
                    |field: &&ReceivedField| !told.iter().any(|known| known.field.name == field.field.name);
                for received in fields.iter().filter(is_own) {
                    if !succeeds && self.once_in(2) {
                        continue;
                    }
                    if let Some(value) = self.own(operation, received, inputs) {
                        inside.insert(&received.field.name.wire, value);
                    }
                }
                if self.once_in(3) {
                    inside.insert(
                        "new_member",
                        Value::Json(self.pick(&["{\"x\":[1.0,null]}", "\"中 \\u6587\"", "0"]).to_owned()),
                    );
                }
                Some(Value::Object(inside))
            }
        }
    }

    /// A field of the operation's own data; what repeats the request does so nearly always.
    fn own(&mut self, operation: &Operation, received: &ReceivedField, inputs: &Map<Value>) -> Option<Value> {
        let field = &received.field;
        let repeated = received.echo.as_ref().and_then(|echo| {
            let sent = operation.request.iter().find(|sent| sent.field.name == *echo)?;
            inputs.get(&sent.field.name.wire)?.as_text()
        });
        if let Some(text) = repeated.filter(|text| !text.is_empty())
            && !self.once_in(30)
        {
            return Some(Value::Json(json_of(&Value::from(text))));
        }
        match self.below(if field.required { 60 } else { 6 }) {
            0 => None,
            1 => Some(Value::Json(self.pick(&["null", "\"\"", "\" \"", "[]"]).to_owned())),
            _ => Some(self.told_value(field)),
        }
    }

    /// A value of its kind as exact JSON; numbers as text or as numbers.
    fn told_value(&mut self, field: &Field) -> Value {
        let text = self.received(field);
        match &field.kind {
            Kind::RawJson | Kind::Object(_) | Kind::List { join: None, .. } => Value::Json(text),
            Kind::Integer { .. } | Kind::Decimal { .. } | Kind::Amount { .. } | Kind::Timestamp(_) => {
                self.scalar(&text)
            }
            _ => Value::Json(json_of(&Value::from(text))),
        }
    }

    /// Digits as a number or as a text, everything else as a text.
    fn scalar(&mut self, text: &str) -> Value {
        let is_number = serde_json::from_str::<f64>(text).is_ok();
        if is_number && self.once_in(2) {
            Value::Json(text.to_owned())
        } else {
            Value::Json(json_of(&Value::from(text)))
        }
    }
}
