//! One vector as a message on the wire, and what both executions say to it.

use payspec_codegen::ir::{FieldPath, Place, PlaceCarrier, Recipe, Signature};
use payspec_interpreter::{Incoming, Settings};
use payspec_runtime::{Charset, trace};
use payspec_tests::{
    bridge::{Both, Delivered, Ended, Made, Moment, Received},
    packet::{self, Packet},
    vectors::{self, Subject, Vector},
};

/// Why something does not hold.
pub(crate) type Failure = String;

/// A vector on both sides.
pub(crate) struct Case<'v> {
    pub(crate) vector: &'v Vector,
    pub(crate) both: Both,
    /// What came in; of a request what generated code sends.
    pub(crate) packet: Packet,
}

/// What was shown of an unchanged message.
pub(crate) struct Proof {
    /// The text that is signed.
    pub(crate) base: Vec<u8>,
    /// What stands in the place of the signature.
    pub(crate) signature: String,
}

/// Who took a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// `None` where generated code has no say: it sends requests, and does not receive them.
    pub(crate) generated: Option<bool>,
    pub(crate) interpreted: bool,
}

impl Taken {
    pub(crate) const fn by_all(self) -> bool {
        self.interpreted && !matches!(self.generated, Some(false))
    }

    pub(crate) const fn by_any(self) -> bool {
        self.interpreted || matches!(self.generated, Some(true))
    }
}

impl<'v> Case<'v> {
    pub(crate) fn of(vector: &'v Vector) -> Result<Self, Failure> {
        let both = Both::open(&vector.spec.provider, &vector.settings)
            .map_err(|mismatch| format!("the settings do not fit: {mismatch:?}"))?;
        let packet = match &vector.subject {
            Subject::Request(_) => sent(vector, &both, &vector.moment())?,
            _ => received(vector),
        };
        Ok(Self { vector, both, packet })
    }

    /// The recipes that protect the message.
    pub(crate) fn recipes(&self) -> Vec<&Recipe> {
        self.both.recipes(self.signature())
    }

    fn signature(&self) -> &Signature {
        let provider = self.both.interpreter.provider();
        let operation = |name| self.both.interpreter.operation(name).expect("an operation of the spec");
        match &self.vector.subject {
            Subject::Request(name) => &operation(name).signature,
            Subject::Response(name) => {
                let reply = operation(name).reply.as_ref().expect("a reply");
                &provider[reply.envelope].signature
            }
            Subject::Callback(name) => {
                &self.both.interpreter.callback(name).expect("a callback of the spec").signature
            }
            Subject::Recipe(name) => panic!("no protocol is shown by the recipe {name} alone"),
        }
    }

    /// Text and signature are those of the vector, in both.
    pub(crate) fn prove(&self) -> Result<Proof, Failure> {
        trace::forget();
        let texts = match &self.vector.subject {
            Subject::Request(name) => self.prove_request(name)?,
            Subject::Response(name) => self.prove_response(name)?,
            Subject::Callback(name) => self.prove_callback(name)?,
            Subject::Recipe(_) => unreachable!("asked before"),
        };
        let base = self.vector.base.as_deref().ok_or("the vector has no base text")?.as_bytes();
        let interpreted = texts.iter().filter(|(name, _)| match &self.vector.base_of {
            Some(part) => name.ends_with(&format!(".{part}")),
            None => !name.contains('.'),
        });
        let interpreted: Vec<&[u8]> = interpreted.map(|(_, text)| text.as_slice()).collect();
        includes("the interpreter", &interpreted, base)?;
        let generated = trace::texts();
        includes("generated code", &generated.iter().map(Vec::as_slice).collect::<Vec<_>>(), base)?;
        self.check_place()?;
        let signature = self.vector.place.as_ref().or(self.vector.signature.as_ref());
        let signature = signature.ok_or("the vector has no signature")?;
        Ok(Proof { base: base.to_vec(), signature: signature.clone() })
    }

    fn prove_request(&self, name: &str) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let made = self.both.prepare(name, &self.vector.inputs, &self.vector.moment(), true)?;
        let Made::Made { message, .. } = made else { return Err("both refuse it".to_owned()) };
        for (name, value) in &self.vector.headers {
            let sent = self.packet.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
            same(&format!("header {name}"), Some(value), sent.map(|(_, value)| value))?;
        }
        if let Some(query) = &self.vector.query {
            same("query", query, &self.packet.query)?;
        }
        if let Some(body) = &self.vector.body {
            same("body", body, &self.packet.body)?;
        }
        let taken = self.taken(&self.both, &self.packet, &self.vector.moment())?;
        if !taken.by_all() {
            let refusal = self.provider_says(&self.both, &self.packet, &self.vector.moment());
            return Err(format!("the provider refuses what was sent: {refusal:?}"));
        }
        Ok(message.texts.into_iter().map(|(name, text)| (name, text.bytes().to_vec())).collect())
    }

    fn prove_callback(&self, name: &str) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let received =
            with_incoming(&self.packet, |incoming| self.both.verify(name, incoming, &self.vector.moment()))?;
        let (verified, decoded) = match received {
            Received::Verified { verified, decoded } => (verified, decoded),
            Received::Refused(label) => return Err(format!("both refuse it: {label}")),
        };
        vectors::check_decoded(self.vector, &decoded)?;
        if let Some(plain) = &self.vector.plain {
            let holds = |value: &String| {
                value == plain || serde_json::to_string(plain).is_ok_and(|json| value.contains(&json))
            };
            let interpreted = verified.values.iter().any(|(_, value)| holds(value));
            let generated = decoded.values.iter().chain(decoded.inner.iter()).any(|(_, value)| holds(value));
            same(
                "plain text is handed out (interpreter, generated code)",
                &(true, true),
                &(interpreted, generated),
            )?;
        }
        Ok(verified.texts.into_iter().map(|(name, text)| (name, text.bytes().to_vec())).collect())
    }

    fn prove_response(&self, name: &str) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let ended = self.ended(&self.both, name, &self.packet, &self.vector.moment())?;
        let Ended::Reply { decoded, signed: true } = ended else {
            return Err(format!("no signed reply: {ended:?}"));
        };
        vectors::check_decoded(self.vector, &decoded)?;
        let texts = self.both.interpreter.reply_texts(
            name,
            &self.packet.headers,
            self.packet.body.as_bytes(),
            &self.vector.moment().supplied(),
        );
        let texts = texts.map_err(|refusal| refusal.to_string())?;
        Ok(texts.into_iter().map(|(name, text)| (name, text.bytes().to_vec())).collect())
    }

    /// What stands in the places of the recipes, among it the signature of the vector.
    fn check_place(&self) -> Result<(), Failure> {
        if self.vector.verify_only {
            return Ok(());
        }
        let placed = self.placed(&self.packet);
        let wanted = self.vector.place.as_ref().or(self.vector.signature.as_ref()).ok_or("no signature")?;
        // Where the vector has the bare signature and the place more than that, the place has it inside.
        let fits = |text: &String| match self.vector.subject {
            Subject::Request(_) => text.contains(wanted.as_str()),
            // Hex is accepted in either case.
            _ => text.to_lowercase().contains(&wanted.to_lowercase()),
        };
        if placed.iter().any(fits) {
            return Ok(());
        }
        Err(format!("signature\n  expected: {wanted}\n  found:    {placed:?}"))
    }

    /// What the recipes have written into a packet.
    pub(crate) fn placed(&self, packet: &Packet) -> Vec<String> {
        let recipes = self.recipes();
        let places = recipes.iter().flat_map(|recipe| {
            let own = recipe.place.iter().chain(recipe.parts.iter().filter_map(|part| part.place.as_ref()));
            own.flat_map(|place| spots_of(recipe, place))
        });
        places.filter_map(|spot| packet.value(&spot)).collect()
    }

    /// Who takes a packet that has come.
    pub(crate) fn taken(&self, both: &Both, packet: &Packet, moment: &Moment) -> Result<Taken, Failure> {
        Ok(match &self.vector.subject {
            Subject::Request(_) => {
                Taken { generated: None, interpreted: self.provider_says(both, packet, moment).is_ok() }
            }
            Subject::Callback(name) => {
                let received = with_incoming(packet, |incoming| both.verify(name, incoming, moment))?;
                let taken = matches!(received, Received::Verified { .. });
                Taken { generated: Some(taken), interpreted: taken }
            }
            Subject::Response(name) => {
                // What a code says is believed as well: only an unknown ending is a refusal.
                let taken = !matches!(self.ended(both, name, packet, moment)?, Ended::Unknown { .. });
                Taken { generated: Some(taken), interpreted: taken }
            }
            Subject::Recipe(_) => unreachable!("asked before"),
        })
    }

    /// The interpreter as the provider: it verifies a request.
    fn provider_says(&self, both: &Both, packet: &Packet, moment: &Moment) -> Result<(), Failure> {
        let name = self.vector.subject.name();
        let checked = with_incoming(packet, |incoming| {
            both.interpreter.check_incoming(name, incoming, moment.now, &moment.supplied())
        });
        checked.map(|_| ()).map_err(|refusal| refusal.to_string())
    }

    fn ended(&self, both: &Both, name: &str, packet: &Packet, moment: &Moment) -> Result<Ended, Failure> {
        let operation = both.interpreter.operation(name).expect("an operation of the spec");
        let inputs = vectors::complete(&self.vector.spec.provider, operation, &self.vector.inputs);
        let delivered = Delivered { status: 200, headers: &packet.headers, body: packet.body.as_bytes() };
        both.read(name, &inputs, &delivered, moment)
    }

    /// The same vector for an account with other settings; `None` where they cannot be set up.
    pub(crate) fn with_settings(&self, settings: &Settings) -> Option<Both> {
        Both::open(&self.vector.spec.provider, settings).ok()
    }
}

/// What generated code sends; the interpreter sends the same, or the two differ.
pub(crate) fn sent(vector: &Vector, both: &Both, moment: &Moment) -> Result<Packet, Failure> {
    match both.prepare(vector.subject.name(), &vector.inputs, moment, true)? {
        Made::Made { sent, .. } => Ok(packet::of_sent(&sent)),
        Made::Refused => Err("both refuse to send it".to_owned()),
    }
}

fn received(vector: &Vector) -> Packet {
    let body = vector.body.clone().unwrap_or_default();
    let (address, query) = match vector.url.as_deref().map(|url| url.split_once('?').unwrap_or((url, ""))) {
        Some((address, query)) => (Some(address.to_owned()), query.to_owned()),
        None => (None, vector.query.clone().unwrap_or_default()),
    };
    let content_type = match body.trim_start().chars().next() {
        None => None,
        Some('{' | '[') => Some("application/json".to_owned()),
        Some('<') => Some("text/xml".to_owned()),
        Some(_) => Some("application/x-www-form-urlencoded".to_owned()),
    };
    let method = if body.is_empty() { "GET" } else { "POST" };
    Packet {
        method,
        address,
        query,
        headers: vector.headers.clone(),
        content_type,
        body,
        charset: Charset::Utf8,
    }
}

/// The packet as the interpreter receives it.
pub(crate) fn with_incoming<T>(packet: &Packet, receive: impl FnOnce(&Incoming<'_>) -> T) -> T {
    let url = packet.url();
    let incoming = Incoming::new(
        packet.method,
        packet.query.as_bytes(),
        packet.content_type.as_deref(),
        packet.body.as_bytes(),
    );
    let incoming = incoming.headers(&packet.headers);
    match &url {
        Some(url) => receive(&incoming.url(url)),
        None => receive(&incoming),
    }
}

/// The names of a place; of a recipe over each element of an array, those of the first few elements.
fn spots_of(recipe: &Recipe, place: &Place) -> Vec<Vec<String>> {
    match (&recipe.each, &place.carrier) {
        (Some(each), PlaceCarrier::Field(path)) => {
            let spot = |index| vec![format!("body {}.{index}.{}", each.dotted(), path.dotted())];
            (0..10).map(spot).collect()
        }
        _ => vec![spot_of(place)],
    }
}

/// The names under which the value of a place may stand in a packet.
fn spot_of(place: &Place) -> Vec<String> {
    match &place.carrier {
        PlaceCarrier::Field(FieldPath(path)) => {
            let path = path.join(".");
            vec![format!("body {path}"), format!("query {path}")]
        }
        PlaceCarrier::Query(name) => vec![format!("query {name}")],
        PlaceCarrier::Header(name) => vec![format!("header {name}")],
    }
}

fn includes(who: &str, texts: &[&[u8]], wanted: &[u8]) -> Result<(), Failure> {
    if texts.contains(&wanted) {
        return Ok(());
    }
    let shown = |text: &[u8]| format!("{:?}", String::from_utf8_lossy(text));
    let texts: Vec<String> = texts.iter().map(|text| shown(text)).collect();
    Err(format!(
        "base text of {who}\n  expected: {}\n  found:    {}",
        shown(wanted),
        texts.join("\n            ")
    ))
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, expected: T, found: T) -> Result<(), Failure> {
    if expected == found {
        return Ok(());
    }
    Err(format!("{what}\n  expected: {expected:?}\n  found:    {found:?}"))
}
