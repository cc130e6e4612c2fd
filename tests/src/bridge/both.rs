//! Generated code and interpreter side by side: one message through both, and every difference named.

use std::sync::Arc;

use payspec::{CallbackError, Response};
use payspec_codegen::ir::{self, Field, Kind, Opened, PairPiece, Provider};
use payspec_interpreter::{
    Incoming, Interpreter, Map, Message, PrepareError, Refusal, Settings, Value, Verified,
};

use super::{
    Decoded, Ended, Generated, Mismatch, Moment, PRESENT, Refused, Sent, labels, open,
    seal::{recipes, verifies},
    wire,
};

/// Both executions of one spec, with the same settings.
pub struct Both {
    /// The interpreter.
    pub interpreter: Interpreter,
    /// The generated code.
    pub generated: Box<dyn Generated>,
    settings: Settings,
    seeded: Option<fn(&mut Message)>,
}

/// The commonest way of refusing.
const MISMATCH: &str = "signature mismatch";

/// A difference between the two, in words.
pub type Difference = String;

/// An answer as it comes in.
#[derive(Clone, Copy, Debug)]
pub struct Delivered<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: &'a [(String, String)],
    /// The body.
    pub body: &'a [u8],
}

impl<'a> Delivered<'a> {
    /// A body with status 200, and no headers.
    #[must_use]
    pub const fn ok(body: &'a [u8]) -> Self {
        Self { status: 200, headers: &[], body }
    }
}

/// What became of a request.
#[derive(Clone, Debug)]
pub enum Prepared {
    /// Both made it, and made the same.
    Made {
        /// By the interpreter.
        message: Box<Message>,
        /// By generated code.
        sent: Box<Sent>,
    },
    /// Both refused it.
    Refused,
}

/// What became of a callback.
#[derive(Clone, Debug)]
pub enum Received {
    /// Both verified it, and read the same.
    Verified {
        /// By the interpreter.
        verified: Box<Verified>,
        /// By generated code.
        decoded: Box<Decoded>,
    },
    /// Both refused it, in this way.
    Refused(String),
}

impl Both {
    /// Sets both up.
    ///
    /// # Errors
    /// The settings do not fit the spec.
    ///
    /// # Panics
    /// No generated code has this name.
    pub fn open(provider: &Arc<Provider>, settings: &Settings) -> Result<Self, Mismatch> {
        Self::with_names(provider, &provider.name, settings)
    }

    /// The interpreter executes this spec, generated code the one of this name.
    ///
    /// # Errors
    /// The settings do not fit the spec.
    ///
    /// # Panics
    /// No generated code has this name.
    pub fn with_names(
        provider: &Arc<Provider>,
        generated: &str,
        settings: &Settings,
    ) -> Result<Self, Mismatch> {
        let interpreter = Interpreter::new(Arc::clone(provider), settings.clone())
            .map_err(|error| Mismatch::new("settings", error.to_string()))?;
        let generated =
            open(generated, settings).unwrap_or_else(|| panic!("no generated code is called {generated}"))?;
        Ok(Self { interpreter, generated, settings: settings.clone(), seeded: None })
    }

    /// Seeds a fault in what the interpreter sends, for faults that no spec can say.
    pub fn seed(&mut self, fault: fn(&mut Message)) {
        self.seeded = Some(fault);
    }

    /// Builds and signs a request with both, and compares method, address, query, body, signed text and signature.
    ///
    /// A randomised signature is verified over the interpreter's text instead; `verify: false` leaves that out, and of
    /// other signatures the comparison of the masked texts.
    ///
    /// # Errors
    /// What differs.
    pub fn prepare(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        with: &Moment,
        verify: bool,
    ) -> Result<Prepared, Difference> {
        let interpreted = self.interpreter.prepare_with(operation, inputs, with.now, &with.supplied());
        super::shown::result(&interpreted);
        let known = self.interpreter.operation(operation);
        let signed_by = known.map(|known| self.recipes(&known.signature)).unwrap_or_default();
        let generated = self.generated.prepare(operation, inputs, &with.drawing(&signed_by));
        match (interpreted, generated) {
            (Ok(mut message), Ok(sent)) => {
                if let Some(fault) = self.seeded {
                    fault(&mut message);
                }
                self.compare_requests(operation, &message, &sent, verify)?;
                Ok(Prepared::Made { message: Box::new(message), sent: Box::new(sent) })
            }
            (Err(PrepareError::Invalid(_)), Err(_)) => Ok(Prepared::Refused),
            (Err(_), Err(Refused::Prepare(_))) => Ok(Prepared::Refused),
            (Err(error), Err(Refused::Untyped(mismatch))) => {
                Err(format!("interpreted: {error}; generated: no typed form of {mismatch:?}"))
            }
            (Ok(_), Err(refused)) => Err(format!("only generated code refuses: {refused:?}")),
            (Err(error), Ok(_)) => Err(format!("only the interpreter refuses: {error}")),
        }
    }

    fn compare_requests(
        &self,
        operation: &str,
        message: &Message,
        sent: &Sent,
        verify: bool,
    ) -> Result<(), Difference> {
        let provider = self.interpreter.provider();
        let operation = self.interpreter.operation(operation).expect("an operation of the spec");
        let recipe = self.recipes(&operation.signature).into_iter().next();
        let random = recipe.filter(|recipe| matches!(recipe.seal.algorithm, ir::Algorithm::Sm2 { .. }));
        let place = random.and_then(ir::Recipe::place_field);
        let strip = |url: &str| url.split('?').next().unwrap_or_default().to_owned();
        same("method", message.method, sent.method)?;
        same("address", &strip(&message.url), &strip(&sent.url))?;
        same_pairs("query", &message.query, sent.query(), place)?;
        match operation.body {
            ir::Body::Form => {
                let (ours, theirs) =
                    (String::from_utf8_lossy(&message.body), String::from_utf8_lossy(&sent.body));
                same_pairs("body", &ours, &theirs, place)?;
            }
            _ => same("body", &Shown(&message.body), &Shown(&sent.body))?,
        }
        same("content type", &message.content_type, &sent.content_type)?;
        same("headers", &message.headers, &sent.headers)?;
        same("signed text", &Shown(message.base_text()), &Shown(&sent.composed))?;
        // An equal digest or RSA signature has shown already that the texts are equal.
        let expected = if random.is_some() || verify {
            let listed = masked(provider, operation, recipe, message, &self.settings);
            listed.or_else(|| masked_texts(message, &self.recipes(&operation.signature)))
        } else {
            None
        };
        if let Some(expected) = expected {
            same("masked text", expected.as_str(), sent.masked_text.as_deref().unwrap_or_default())?;
        }
        if let Some(recipe) = random.filter(|_| verify) {
            let charset = wire::charset(provider, &self.settings);
            let body = String::from_utf8_lossy(&sent.body);
            let mut pairs =
                wire::pairs_in(&body, charset).into_iter().chain(wire::pairs_in(sent.query(), charset));
            let signature = pairs.find(|(name, _)| Some(name.as_str()) == recipe.place_field());
            let (_, signature) = signature.ok_or("generated code has sent no signature")?;
            if !verifies(&self.settings, &recipe.seal, message.base_text(), &signature) {
                return Err("the signature of generated code does not fit the interpreter's text".to_owned());
            }
        }
        Ok(())
    }

    /// Verifies a callback with both, and compares values, further fields and outcome, or the way of refusing.
    ///
    /// # Errors
    /// What differs.
    pub fn verify(
        &self,
        callback: &str,
        incoming: &Incoming<'_>,
        with: &Moment,
    ) -> Result<Received, Difference> {
        let interpreted = self.interpreter.verify_callback_with(callback, incoming, &with.supplied());
        super::shown::result(&interpreted);
        match (interpreted, self.verify_generated(callback, incoming, with)) {
            (Ok(verified), Ok(decoded)) => {
                let fields = self.interpreter.callback(callback).expect("a callback of the spec");
                let fields = fields.fields.iter().map(|received| &received.field);
                same("values", &comparable(fields, &verified.values), &decoded.values)?;
                same("further fields", &verified.extra, &decoded.extra)?;
                same("outcome", &verified.outcome.map(|word| format!("{word:?}")), &decoded.outcome)?;
                Ok(Received::Verified { verified: Box::new(verified), decoded: Box::new(decoded) })
            }
            (Err(refusal), Err(error)) => {
                let (label, generated) = (labels::label_of_refusal(&refusal), labels::label_of_error(&error));
                if !(generated == MISMATCH && self.is_missing_part(callback, &label)) {
                    same("refusal", label.as_str(), generated.as_str())?;
                }
                Ok(Received::Refused(label))
            }
            (Ok(_), Err(error)) => Err(format!("only generated code refuses: {error}")),
            (Err(refusal), Ok(_)) => Err(format!("only the interpreter refuses: {refusal}")),
        }
    }

    /// Verifies a callback with generated code alone.
    ///
    /// # Errors
    /// The client's own.
    pub fn verify_generated(
        &self,
        callback: &str,
        incoming: &Incoming<'_>,
        with: &Moment,
    ) -> Result<Decoded, CallbackError> {
        let Incoming { method, query, body, content_type, headers, url } = *incoming;
        let headers: Vec<(&str, &[u8])> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        let mut incoming = payspec::Incoming::new(method, query, content_type, body).headers(&headers);
        if let Some(url) = url {
            incoming = incoming.url(url);
        }
        self.generated.verify(callback, &incoming, with)
    }

    /// Verifies a callback with the interpreter alone.
    ///
    /// # Errors
    /// The interpreter's own.
    pub fn verify_interpreted(
        &self,
        callback: &str,
        incoming: &Incoming<'_>,
        with: &Moment,
    ) -> Result<Verified, Refusal> {
        self.interpreter.verify_callback_with(callback, incoming, &with.supplied())
    }

    /// A digest that should be placed beside the signature is missing. Where the signature covers its place, there are
    /// two reasons to refuse, and either may be told.
    fn is_missing_part(&self, callback: &str, label: &str) -> bool {
        let callback = self.interpreter.callback(callback).expect("a callback of the spec");
        let recipes = self.recipes(&callback.signature);
        let places = recipes.iter().flat_map(|recipe| &recipe.parts).filter_map(|part| part.place.as_ref());
        places.into_iter().any(|place| {
            let name = match &place.carrier {
                ir::PlaceCarrier::Field(path) => path.dotted(),
                ir::PlaceCarrier::Header(name) | ir::PlaceCarrier::Query(name) => name.clone(),
            };
            label == format!("missing signature {name}") || label == format!("empty signature {name}")
        })
    }

    /// What signs or verifies a message of these settings.
    #[must_use]
    pub fn recipes(&self, signature: &ir::Signature) -> Vec<&ir::Recipe> {
        recipes(self.interpreter.provider(), signature, &self.settings)
    }

    /// Reads an answer with both, and compares how the call ends.
    ///
    /// # Errors
    /// What differs.
    pub fn read(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        answer: &Delivered<'_>,
        with: &Moment,
    ) -> Result<Ended, Difference> {
        let Delivered { status, headers, body } = *answer;
        let response = Response::new(status, headers.to_vec(), body.to_vec());
        let generated = self.generated.read(operation, inputs, &response, with);
        let generated = generated.map_err(|mismatch| format!("no typed form of {mismatch:?}"))?;
        let supplied = with.supplied();
        let interpreted =
            self.interpreter.read_reply_with(operation, inputs, status, headers, body, &supplied);
        super::shown::value(&interpreted);
        let mut interpreted = Ended::interpreted(interpreted);
        if let Ended::Reply { decoded, .. } = &mut interpreted {
            let operation = self.interpreter.operation(operation).expect("an operation of the spec");
            let fields: Vec<&Field> = match operation.reply.as_ref().map(|reply| &reply.shape) {
                Some(ir::ReplyShape::Fields(fields)) => {
                    fields.iter().map(|received| &received.field).collect()
                }
                Some(ir::ReplyShape::Value(field)) => vec![field],
                _ => Vec::new(),
            };
            decoded.values = comparable(fields.into_iter(), &decoded.values);
        }
        let mut compared = generated.clone().without_inner();
        shorten_odd_codes(&mut interpreted, &mut compared);
        same("end of the call", &interpreted, &compared)?;
        Ok(generated)
    }
}

fn same<T: PartialEq + std::fmt::Debug + ?Sized>(
    what: &str,
    interpreted: &T,
    generated: &T,
) -> Result<(), Difference> {
    if interpreted == generated {
        return Ok(());
    }
    Err(format!("{what}\n  interpreted: {interpreted:?}\n  generated:   {generated:?}"))
}

/// Byte by byte, but for the pair of this name.
fn same_pairs(what: &str, interpreted: &str, generated: &str, but: Option<&str>) -> Result<(), Difference> {
    match but {
        Some(name) => same(what, &wire::without(interpreted, name), &wire::without(generated, name)),
        None => same(what, interpreted, generated),
    }
}

/// Generated code shows long codes shortened and control characters escaped: such a code is not compared.
fn shorten_odd_codes(interpreted: &mut Ended, generated: &mut Ended) {
    let is_odd = |code: &String| code.chars().count() > 64 || code.chars().any(char::is_control);
    if let Some(code) = interpreted.code_mut().filter(|code| code.as_ref().is_some_and(is_odd)) {
        *code = None;
        if let Some(code) = generated.code_mut() {
            *code = None;
        }
    }
}

/// Bytes that show as text.
#[derive(PartialEq)]
struct Shown<'a>(&'a [u8]);

impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(self.0))
    }
}

/// Typed code keeps no text of objects and arrays: only that they are there.
fn comparable<'f>(fields: impl Iterator<Item = &'f Field>, values: &Map<String>) -> Map<String> {
    let mut values = values.clone();
    for field in fields {
        let typed = matches!(
            field.kind,
            Kind::Object(_) | Kind::List { join: None, .. } | Kind::Encrypted(Opened::Object(_))
        );
        if typed && values.contains(&field.name.wire) {
            values.insert(&field.name.wire, PRESENT.to_owned());
        }
    }
    values
}

/// The interpreter's text with everything hidden that generated code hides: secrets, tokens, personal data. `None`
/// where the pairs of the recipe are not `name=value`, so that a value cannot be found in the text.
fn masked(
    provider: &Provider,
    operation: &ir::Operation,
    recipe: Option<&ir::Recipe>,
    message: &Message,
    settings: &Settings,
) -> Option<String> {
    let recipe = recipe.filter(|recipe| recipe.text == [ir::Piece::List] && recipe.transform.is_empty())?;
    let list = recipe.list.as_ref()?;
    let plain =
        [PairPiece::Name(Vec::new()), PairPiece::Literal("=".to_owned()), PairPiece::Value(Vec::new())];
    if list.pair != plain {
        return None;
    }
    let charset = wire::charset(provider, settings);
    let mut text = charset.decode(message.base_text()).ok()?.into_owned();
    let hidden = operation
        .request
        .iter()
        .filter(|sent| sent.field.sensitive || sent.origin == ir::Origin::Token)
        .map(|sent| &sent.field)
        .chain(operation.payload.iter().filter(|payload| payload.sensitive));
    let hidden: Vec<&str> = hidden.map(|field| field.name.wire.as_str()).collect();
    for (name, value) in message.fields.iter().filter(|(name, _)| hidden.contains(&name.as_str())) {
        text = hide(&text, &list.join, name, value);
    }
    for name in hidden_in_json(provider, operation) {
        text = hide_member(&text, name);
    }
    for (name, pieces) in &list.add {
        if let [ir::Piece::Value { from: ir::Operand::Credential(path), .. }] = pieces.as_slice()
            && let Some(secret) = super::seal::secret(settings, path)
        {
            text = hide(&text, &list.join, name, secret.expose());
        }
    }
    Some(text)
}

/// The interpreter's masked texts, a line for each recipe. `None` where parts stand in them: a digest that is part of a
/// text is shown by the one and hidden by the other.
fn masked_texts(message: &Message, signed_by: &[&ir::Recipe]) -> Option<String> {
    if signed_by.is_empty() || signed_by.iter().any(|recipe| !recipe.parts.is_empty()) {
        return None;
    }
    let texts = message.texts.iter().map(|(_, text)| text.masked());
    Some(texts.collect::<Vec<_>>().join("\n"))
}

/// Personal data inside the payload, or inside JSON of a known type.
fn hidden_in_json<'p>(provider: &'p Provider, operation: &'p ir::Operation) -> Vec<&'p str> {
    let payload =
        operation.request.iter().filter(|sent| sent.carrier == ir::Carrier::Payload).map(|sent| &sent.field);
    let objects = provider.types.iter().filter(|item| item.sent).flat_map(|item| match &item.shape {
        ir::Shape::Object { fields, .. } => fields.as_slice(),
        ir::Shape::Enum(_) => &[],
    });
    payload.chain(objects).filter(|field| field.sensitive).map(|field| field.name.wire.as_str()).collect()
}

/// Hides the content of each JSON string of this name. Inside of strings the quotes of a name are escaped.
fn hide_member(text: &str, name: &str) -> String {
    let member = format!("\"{name}\":\"");
    let mut parts = text.split(member.as_str());
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut escaped = false;
        let end = part.find(|letter| {
            let ends = letter == '"' && !escaped;
            escaped = letter == '\\' && !escaped;
            ends
        });
        let (_, rest) = part.split_at(end.expect("a string of the writer has an end"));
        shown.extend([member.as_str(), "******", rest]);
    }
    shown
}

fn hide(text: &str, join: &str, name: &str, value: &str) -> String {
    let (shown, hidden) = (format!("{name}={value}"), format!("{name}=******"));
    match text.strip_prefix(&shown) {
        Some(rest) if rest.is_empty() || rest.starts_with(join) => format!("{hidden}{rest}"),
        _ => text.replacen(&format!("{join}{shown}"), &format!("{join}{hidden}"), 1),
    }
}
