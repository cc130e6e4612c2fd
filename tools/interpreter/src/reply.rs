//! What comes back: from an answer to the way in which a call ends.
//!
//! A reply is believed step by step: status, size, charset, JSON, signature over the raw text of the data member,
//! the envelope, success, and only then the operation's own data and whether it is about what was asked. Whatever
//! fails before the provider's code is believed ends in `Unknown`: nobody knows whether money moved.

use payspec_codegen::ir::{self, Envelope, ErrorKind, Operation, ReceivedField, Reply, ReplyShape, Word};
use thiserror::Error;

use crate::Interpreter;
use crate::incoming::Refusal;
use crate::json::{self, Json, JsonError, JsonKind, Members};
use crate::outcome;
use crate::read::{Raw, ReadError};
use crate::recipe::{Item, Source};
use crate::text::Decoded;
use crate::value::{Map, Value};

/// Replies beyond this many bytes are not read.
const MAX_BYTES: usize = 1024 * 1024;

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The reply.
    Reply {
        /// The operation's own values that are there, by wire name, as canonical text.
        values: Map<String>,
        /// What else the data has, as JSON text.
        extra: Map<String>,
        /// What it means for money; `None` where the spec does not say.
        outcome: Option<Word>,
        /// The reply was signed.
        signed: bool,
    },
    /// Surely nothing happened.
    Rejected {
        /// What the code means.
        kind: ErrorKind,
        /// The listed code that decided, as (field, value).
        decided_by: Option<(String, String)>,
        /// The code that the envelope shows.
        code: Option<String>,
        /// The provider's own message.
        message: Option<String>,
    },
    /// Nobody knows.
    Unknown(Because),
}

/// Why nobody knows how a call ended.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Because {
    /// The spec has no such operation, or it has no reply.
    #[error("the spec has no reply for `{operation}`")]
    NoReply {
        /// The operation.
        operation: String,
    },
    /// The status is none of success, and no listed code.
    #[error("HTTP status {status}")]
    HttpStatus {
        /// The status.
        status: u16,
    },
    /// Too many bytes.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// No text in the charset of the provider.
    #[error("no text in the charset of the provider")]
    Charset,
    /// No JSON object, or one that is refused.
    #[error("no JSON: {0}")]
    NotJson(JsonError),
    /// There is no signature where there should be one.
    #[error("the reply is not signed")]
    Unsigned,
    /// The signature does not fit, or is none.
    #[error("the signature does not fit: {0}")]
    BadSignature(Refusal),
    /// A member is missing or cannot be read.
    #[error("the reply cannot be read: {0}")]
    Malformed(ReadError),
    /// The reply is about another order.
    #[error("`{name}` is not what was sent")]
    OtherOrder {
        /// The field that differs.
        name: String,
    },
    /// The reply is for another merchant.
    #[error("`{name}` is somebody else's")]
    ForSomebodyElse {
        /// The field that differs.
        name: String,
    },
    /// The provider sent a code that leaves it open.
    #[error("code {code:?}: {message:?}")]
    Code {
        /// What the code means.
        kind: ErrorKind,
        /// The listed code that decided, as (field, value); `None`: no code is listed.
        decided_by: Option<(String, String)>,
        /// The code that the envelope shows.
        code: Option<String>,
        /// The provider's own message.
        message: Option<String>,
    },
}

impl From<ReadError> for Because {
    fn from(error: ReadError) -> Self {
        Self::Malformed(error)
    }
}

impl From<Because> for Ending {
    fn from(because: Because) -> Self {
        Self::Unknown(because)
    }
}

/// An answer that has been taken apart and verified.
struct Answer<'a> {
    outer: &'a Members<'a>,
    /// The data member, or what came in its place.
    data: Option<&'a Json<'a>>,
    fault: bool,
}

impl<'a> Answer<'a> {
    /// The object that holds the fields of the data: the member, or the answer itself where there is none.
    fn fields(&self, envelope: &Envelope) -> Option<&'a Members<'a>> {
        match (&envelope.data, self.data) {
            (None, _) => Some(self.outer),
            (Some(_), Some(Json { kind: JsonKind::Object(members), .. })) => Some(members),
            (Some(_), _) => None,
        }
    }
}

impl Interpreter {
    /// Judges an answer. `inputs` are those that were sent, `headers` as they came.
    #[must_use]
    pub fn read_reply(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        status: u16,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Ending {
        let judged = match self
            .operation(operation)
            .and_then(|operation| Some((operation, operation.reply.as_ref()?)))
        {
            Some((operation, reply)) => self.judge(operation, reply, inputs, status, headers, body),
            None => Err(Because::NoReply { operation: operation.to_owned() }.into()),
        };
        judged.unwrap_or_else(|ending| ending)
    }

    fn judge(
        &self,
        operation: &Operation,
        reply: &Reply,
        inputs: &Map<Value>,
        status: u16,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<Ending, Ending> {
        let envelope = &self.provider[reply.envelope];
        let signed = self.recipe(&envelope.signature).is_some();
        if !(200..300).contains(&status) {
            // An unsigned status decides nothing where replies are signed.
            let listed = listed_code(reply, status, &Map::new()).filter(|_| !signed);
            return Err(match listed {
                Some(code) => ending(operation, Some(code), reply.unlisted, None, None),
                None => Because::HttpStatus { status }.into(),
            });
        }
        if body.len() > MAX_BYTES {
            return Err(Because::TooLarge { limit: MAX_BYTES }.into());
        }
        let decoded = Decoded::new(self.charset, body).ok_or(Because::Charset)?;
        let parsed = json::parse(&decoded.text).map_err(Because::NotJson)?;
        let JsonKind::Object(outer) = &parsed.kind else {
            return Err(Because::NotJson(JsonError::Syntax { at: parsed.start }).into());
        };
        let answer = take_apart(envelope, reply, outer)?;
        self.verify_reply(envelope, &answer, &decoded, body)?;
        let common = self.read_envelope(envelope, &answer, headers)?;
        accept(operation, reply, envelope, &answer, status, &common)?;
        self.read_data(operation, reply, envelope, &answer, inputs, signed)
    }

    fn verify_reply(
        &self,
        envelope: &Envelope,
        answer: &Answer<'_>,
        decoded: &Decoded<'_>,
        body: &[u8],
    ) -> Result<(), Because> {
        let Some(recipe) = self.recipe(&envelope.signature) else { return Ok(()) };
        let received = match answer.outer.get(&recipe.place).map(|json| &json.kind) {
            Some(JsonKind::Text(text)) if !text.is_empty() => text,
            _ => return Err(Because::Unsigned),
        };
        let body_items: Vec<(String, Item)> =
            answer.outer.0.iter().map(|(name, json)| (name.clone(), Item::of(json))).collect();
        let result = answer.data.and_then(|data| decoded.bytes_of(data.start, data.end()));
        let source = Source { body: &body_items, raw_body: body, result, ..Source::default() };
        self.verify_readings(recipe, &source, received).map(|_| ()).map_err(Because::BadSignature)
    }

    /// Members, headers and common data fields.
    fn read_envelope(
        &self,
        envelope: &Envelope,
        answer: &Answer<'_>,
        headers: &[(String, String)],
    ) -> Result<Map<String>, Because> {
        let mut values = Map::new();
        for received in &envelope.members {
            let raw = match &received.header {
                Some(header) => headers
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case(header))
                    .map(|(_, value)| Raw::Text(value)),
                None => answer.outer.get(&received.field.name.wire).map(Raw::Json),
            };
            self.keep(&mut values, received, raw)?;
        }
        if !envelope.data_fields.is_empty() {
            let member = answer.fields(envelope);
            for received in &envelope.data_fields {
                let raw = member.and_then(|member| member.get(&received.field.name.wire)).map(Raw::Json);
                self.keep(&mut values, received, raw)?;
            }
        }
        Ok(values)
    }

    fn keep(
        &self,
        values: &mut Map<String>,
        received: &ReceivedField,
        raw: Option<Raw<'_>>,
    ) -> Result<(), Because> {
        let name = &received.field.name.wire;
        if let Some(reading) = self.read_field(name, &received.field, raw)? {
            values.insert(name.clone(), reading.canonical);
        }
        Ok(())
    }

    fn read_data(
        &self,
        operation: &Operation,
        reply: &Reply,
        envelope: &Envelope,
        answer: &Answer<'_>,
        inputs: &Map<Value>,
        signed: bool,
    ) -> Result<Ending, Ending> {
        let mut values = Map::new();
        let mut extra = Map::new();
        let mut fields: Vec<&ir::Field> = Vec::new();
        match &reply.shape {
            ReplyShape::Nothing => {}
            ReplyShape::Value(field) => {
                let raw = answer.data.map(Raw::Json);
                let name = &field.name.wire;
                if let Some(reading) = self.read_field(name, field, raw).map_err(Because::from)? {
                    values.insert(name.clone(), reading.canonical);
                }
                fields.push(field);
            }
            ReplyShape::Fields(own) => {
                let path = reply.member.clone().unwrap_or_default();
                let bad = ReadError::Bad { path, wanted: "a JSON object" };
                let members = answer.fields(envelope).ok_or(Because::Malformed(bad))?;
                for received in own {
                    self.keep(&mut values, received, members.get(&received.field.name.wire).map(Raw::Json))?;
                }
                self.echo(operation, own, &values, inputs)?;
                extra = further(envelope, own, members);
                fields.extend(own.iter().map(|received| &received.field));
            }
        }
        let outcome =
            reply.outcome.as_ref().map(|outcome| outcome::judge(&self.provider, outcome, &fields, &values));
        Ok(Ending::Reply { values, extra, outcome, signed })
    }

    /// What the reply repeats must be what was sent.
    fn echo(
        &self,
        operation: &Operation,
        own: &[ReceivedField],
        values: &Map<String>,
        inputs: &Map<Value>,
    ) -> Result<(), Because> {
        if let Some(name) = self.not_ours(own, values) {
            return Err(Because::ForSomebodyElse { name: name.to_owned() });
        }
        let sent = self.sent_texts(operation, inputs);
        for received in own {
            let name = &received.field.name.wire;
            let asked = received.echo.as_ref().and_then(|echo| sent.get(&echo.wire));
            if let (Some(asked), Some(told)) = (asked, values.get(name))
                && asked != told
            {
                return Err(Because::OtherOrder { name: name.clone() });
            }
        }
        Ok(())
    }
}

/// Finds the data member, or the fault in its place. Both at once is no answer.
fn take_apart<'a>(envelope: &Envelope, reply: &Reply, outer: &'a Members<'a>) -> Result<Answer<'a>, Because> {
    let data = reply.member.as_ref().and_then(|name| outer.get(name));
    let fault_name = envelope.data.as_ref().and_then(|data| data.fault.as_ref());
    match (data, fault_name.and_then(|name| outer.get(name))) {
        (Some(_), Some(_)) => {
            let path = fault_name.cloned().unwrap_or_default();
            Err(ReadError::Bad { path, wanted: "alone: the data came as well" }.into())
        }
        (None, Some(fault)) => Ok(Answer { outer, data: Some(fault), fault: true }),
        (data, None) => Ok(Answer { outer, data, fault: false }),
    }
}

/// Success, or the ending that the codes say.
fn accept(
    operation: &Operation,
    reply: &Reply,
    envelope: &Envelope,
    answer: &Answer<'_>,
    status: u16,
    common: &Map<String>,
) -> Result<(), Ending> {
    let fields: Vec<&ir::Field> =
        envelope.members.iter().chain(&envelope.data_fields).map(|received| &received.field).collect();
    if !answer.fault && outcome::holds(&envelope.success, &fields, common) {
        return Ok(());
    }
    let shown = |name: &Option<ir::Name>| name.as_ref().and_then(|name| common.get(&name.wire)).cloned();
    let otherwise = if answer.fault { reply.fault } else { reply.unlisted };
    let listed = listed_code(reply, status, common);
    Err(ending(operation, listed, otherwise, shown(&envelope.code), shown(&envelope.message)))
}

/// The first of the fields whose value is listed decides.
fn listed_code<'a>(reply: &'a Reply, status: u16, values: &Map<String>) -> Option<&'a ir::ErrorCode> {
    let status = status.to_string();
    reply.lookup.iter().find_map(|field| {
        let value = if field == "http" { Some(&status) } else { values.get(field) }?;
        reply.errors.iter().find(|code| code.field == *field && code.value == *value)
    })
}

fn ending(
    operation: &Operation,
    listed: Option<&ir::ErrorCode>,
    otherwise: ErrorKind,
    code: Option<String>,
    message: Option<String>,
) -> Ending {
    let kind = listed.map_or(otherwise, |listed| listed.kind);
    let decided_by = listed.map(|listed| (listed.field.clone(), listed.value.clone()));
    let nothing_happened = match kind {
        ErrorKind::Rejected | ErrorKind::Configuration | ErrorKind::RateLimited | ErrorKind::TokenExpired => {
            true
        }
        ErrorKind::NotFound => operation.effect == ir::Effect::None,
        ErrorKind::Duplicate | ErrorKind::Unknown => false,
    };
    if nothing_happened {
        Ending::Rejected { kind, decided_by, code, message }
    } else {
        Because::Code { kind, decided_by, code, message }.into()
    }
}

/// Members of the data that neither the envelope nor the operation lists.
fn further(envelope: &Envelope, own: &[ReceivedField], members: &Members<'_>) -> Map<String> {
    let mut known: Vec<&str> =
        own.iter().chain(&envelope.data_fields).map(|field| field.field.name.wire.as_str()).collect();
    if envelope.data.is_none() {
        known.extend(envelope.members.iter().map(|field| field.field.name.wire.as_str()));
    }
    members
        .0
        .iter()
        .filter(|(name, _)| !known.contains(&name.as_str()))
        .map(|(name, json)| (name.clone(), json.raw.to_owned()))
        .collect()
}
