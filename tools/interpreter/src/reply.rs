//! What comes back: from an answer to the way in which a call ends.
//!
//! A reply is believed step by step: status, size, charset, JSON, signature over the raw text of the data member,
//! the envelope, success, and only then the operation's own data and whether it is about what was asked. Whatever
//! fails before the provider's code is believed ends in `Unknown`: nobody knows whether money moved.

use payspec_codegen::ir::{
    self, Envelope, ErrorKind, Operation, ReceivedField, Reply, ReplyBody, ReplyShape,
};

use crate::Interpreter;
use crate::callback::header_raw;
use crate::ending::{Because, Ending, MAX_BYTES};
use crate::incoming::Refusal;
use crate::json::{self, Json, JsonError, JsonKind, Members};
use crate::node::{self, Node};
use crate::outcome;
use crate::read::{Raw, ReadError};
use crate::signed_text::SignedText;
use crate::supplied::Supplied;
use crate::text::Decoded;
use crate::value::{Map, Value};
use crate::verify::Checked;
use crate::view::View;
use crate::xml;

/// An answer that has been taken apart and verified.
struct Answer<'a> {
    outer: &'a Members<'a>,
    /// The data member, or what came in its place.
    data: Option<&'a Json<'a>>,
    fault: bool,
}

impl<'a> Answer<'a> {
    /// The member that a value is.
    fn name_of(&self, data: &Json<'_>) -> Option<String> {
        let mut members = self.outer.0.iter();
        members.find(|(_, json)| json.start == data.start).map(|(name, _)| name.clone())
    }

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
        self.read_reply_with(operation, inputs, status, headers, body, &Supplied::default())
    }

    /// The same with given values, and with a clock for `tolerance`.
    #[must_use]
    pub fn read_reply_with(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        status: u16,
        headers: &[(String, String)],
        body: &[u8],
        supplied: &Supplied,
    ) -> Ending {
        let found =
            self.operation(operation).and_then(|operation| Some((operation, operation.reply.as_ref()?)));
        let arrived = Arrived { status, headers, body, supplied };
        let judged = match found {
            Some((operation, reply)) => self.judge(operation, reply, inputs, &arrived),
            None => Err(Because::NoReply { operation: operation.to_owned() }.into()),
        };
        judged.unwrap_or_else(|ending| ending)
    }

    /// The texts that the recipes of a reply compose for this answer, whether or not the signature fits. See
    /// [`Interpreter::received_texts`].
    ///
    /// # Errors
    /// [`Refusal`]: the answer cannot be read, or a recipe cannot be applied to it.
    pub fn reply_texts(
        &self,
        operation: &str,
        headers: &[(String, String)],
        body: &[u8],
        supplied: &Supplied,
    ) -> Result<Vec<(String, SignedText)>, Refusal> {
        let (envelope, view) = self.view_of_answer(operation, headers, body, supplied)?;
        Ok(self.check_view(&envelope.signature, view, supplied, false)?.texts)
    }

    /// An answer as recipes see it, and its envelope.
    pub(crate) fn view_of_answer(
        &self,
        operation: &str,
        headers: &[(String, String)],
        body: &[u8],
        supplied: &Supplied,
    ) -> Result<(&Envelope, View), Refusal> {
        let unknown = || Refusal::UnknownName { name: operation.to_owned() };
        let reply =
            self.operation(operation).and_then(|operation| operation.reply.as_ref()).ok_or_else(unknown)?;
        let envelope = &self.provider[reply.envelope];
        let decoded = Decoded::new(self.charset, body).ok_or(Refusal::BadCharset)?;
        let text = self.json_of(envelope, &decoded).map_err(|_| Refusal::OtherShape)?;
        let parsed = json::parse(&text)?;
        let outer = members_of(&parsed).map_err(Refusal::BadJson)?;
        let answer = take_apart(envelope, reply, outer).map_err(|_| Refusal::OtherShape)?;
        let arrived = Arrived { status: 200, headers, body, supplied };
        let view = self.view_of_reply(envelope, &answer, &decoded, &arrived);
        let Some(shown) = answer.data.and_then(|data| self.hidden_result(reply, envelope, data.raw)) else {
            return Ok((envelope, view));
        };
        let name = view.result_name.iter().map(|name| (name.clone(), shown.clone()));
        let hidden = view.hidden.iter().cloned().chain(name).collect();
        Ok((envelope, View { hidden, shown_result: Some(shown), ..view }))
    }

    fn judge(
        &self,
        operation: &Operation,
        reply: &Reply,
        inputs: &Map<Value>,
        arrived: &Arrived<'_>,
    ) -> Result<Ending, Ending> {
        let envelope = &self.provider[reply.envelope];
        let status = arrived.status;
        let signed = !envelope.signature.recipes().is_empty();
        if !(200..300).contains(&status) {
            // An unsigned status decides nothing where replies are signed.
            let listed = listed_code(reply, status, &Map::new()).filter(|_| !signed);
            return Err(match listed {
                Some(code) => ending(operation, Some(code), reply.unlisted, None, None),
                None => Because::HttpStatus { status }.into(),
            });
        }
        if arrived.body.len() > MAX_BYTES {
            return Err(Because::TooLarge { limit: MAX_BYTES }.into());
        }
        let decoded = Decoded::new(self.charset, arrived.body).ok_or(Because::Charset)?;
        let text = self.json_of(envelope, &decoded)?;
        let parsed = json::parse(&text).map_err(Because::NotJson)?;
        let answer = take_apart(envelope, reply, members_of(&parsed).map_err(Because::NotJson)?)?;
        let checked = self.verify_reply(envelope, &answer, &decoded, arrived)?;
        let opened = checked.opened.iter().fold(text.clone(), |text, (path, plain)| {
            node::replace_in_json(&text, &path.0, plain).unwrap_or(text)
        });
        let parsed = json::parse(&opened).map_err(Because::NotJson)?;
        let answer = take_apart(envelope, reply, members_of(&parsed).map_err(Because::NotJson)?)?;
        let common = self.read_envelope(envelope, &answer, arrived.headers)?;
        accept(operation, reply, envelope, &answer, status, &common)?;
        self.read_data(operation, reply, envelope, &answer, &common, inputs, signed)
    }

    /// The JSON text of an answer; of XML, the JSON that its elements amount to.
    fn json_of(&self, envelope: &Envelope, decoded: &Decoded<'_>) -> Result<String, Because> {
        match envelope.body {
            ReplyBody::Json => Ok(decoded.text.clone()),
            ReplyBody::Xml => Ok(xml::to_json(&xml::children(&decoded.text).map_err(Because::NotXml)?)),
        }
    }

    fn view_of_reply(
        &self,
        envelope: &Envelope,
        answer: &Answer<'_>,
        decoded: &Decoded<'_>,
        arrived: &Arrived<'_>,
    ) -> View {
        let data = answer.data.filter(|_| envelope.body == ReplyBody::Json);
        View {
            headers: arrived.headers.to_vec(),
            body: answer.outer.0.iter().map(|(name, json)| (name.clone(), Node::of(json))).collect(),
            raw_body: arrived.body.to_vec(),
            result: data.and_then(|data| decoded.bytes_of(data.start, data.end())).map(<[u8]>::to_vec),
            result_name: data.and_then(|data| answer.name_of(data)),
            hidden: self.hidden_received(&envelope.members),
            ..View::default()
        }
    }

    fn verify_reply(
        &self,
        envelope: &Envelope,
        answer: &Answer<'_>,
        decoded: &Decoded<'_>,
        arrived: &Arrived<'_>,
    ) -> Result<Checked, Because> {
        let view = self.view_of_reply(envelope, answer, decoded, arrived);
        self.check_view(&envelope.signature, view, arrived.supplied, true).map_err(|refusal| match refusal {
            Refusal::MissingSignature { .. } | Refusal::EmptySignature { .. } => Because::Unsigned,
            refusal => Because::BadSignature(refusal),
        })
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
                Some(header) => header_raw(headers, header).map_err(Because::BadSignature)?,
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

    #[allow(clippy::too_many_arguments)] // one reply, taken apart
    fn read_data(
        &self,
        operation: &Operation,
        reply: &Reply,
        envelope: &Envelope,
        answer: &Answer<'_>,
        common: &Map<String>,
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
        // Fields of the envelope may be asked as well; the operation's own of the same name come first.
        let mut asked = values.clone();
        for received in envelope.members.iter().chain(&envelope.data_fields) {
            let name = &received.field.name.wire;
            if fields.iter().all(|own| own.name.wire != *name) {
                fields.push(&received.field);
                if let Some(value) = common.get(name) {
                    asked.insert(name.clone(), value.clone());
                }
            }
        }
        let outcome =
            reply.outcome.as_ref().map(|outcome| outcome::judge(&self.provider, outcome, &fields, &asked));
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

/// An answer as it arrived.
struct Arrived<'a> {
    status: u16,
    headers: &'a [(String, String)],
    body: &'a [u8],
    supplied: &'a Supplied,
}

fn members_of<'a>(json: &'a Json<'a>) -> Result<&'a Members<'a>, JsonError> {
    match &json.kind {
        JsonKind::Object(members) => Ok(members),
        _ => Err(JsonError::Syntax { at: json.start }),
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
