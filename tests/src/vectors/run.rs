//! One vector through generated code and interpreter, and everything that it says held against what they do.

use std::sync::Arc;

use payspec_codegen::ir::{self, Callback, Deliver, Name, Provider, Receive, Signature};
use payspec_interpreter::{CredentialValue, Incoming, Interpreter, Refusal, Settings, Value};
use payspec_runtime::crypto::{RsaDigest, RsaPrivateKey};

use super::{ExpectedError, Spec, Subject, Vector, complete, root};
use crate::bridge::{Both, Decoded, Delivered, Ended, Made, Moment, Received, label_of_refusal, seal, wire};

/// What was done with a vector that held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Through generated code.
    pub generated: bool,
    /// Through the interpreter.
    pub interpreted: bool,
}

/// Why a vector does not hold.
pub type Failure = String;

const BOTH: Run = Run { generated: true, interpreted: true };

/// Lets a vector go through both executions; one on a recipe through the interpreter alone.
///
/// # Errors
/// What does not hold. An unreproduced vector must fail: its success is an error here.
pub fn run(vector: &Vector) -> Result<Run, Failure> {
    match &vector.subject {
        Subject::Request(operation) => request(vector, operation),
        Subject::Response(operation) => response(vector, operation),
        Subject::Callback(callback) => self::callback(vector, callback),
        Subject::Recipe(name) => recipe(vector, name),
    }
}

impl Vector {
    /// What is supplied, for both executions.
    ///
    /// # Panics
    /// There is no clock, which every vector has.
    #[must_use]
    pub fn moment(&self) -> Moment {
        let supplied = &self.supplied;
        let now = supplied.now.expect("a vector has a clock");
        Moment::at(now).with(supplied.given.clone(), supplied.fresh.clone())
    }

    /// Both executions with the settings of the vector.
    ///
    /// # Panics
    /// The settings do not fit the spec.
    #[must_use]
    pub fn both(&self) -> Both {
        Both::open(&self.spec.provider, &self.settings)
            .unwrap_or_else(|error| panic!("{}: {error:?}", self.name))
    }

    /// The bytes of a text in the charset of the message.
    ///
    /// # Panics
    /// The charset cannot write it.
    #[must_use]
    pub fn bytes(&self, text: &str) -> Vec<u8> {
        let charset = wire::charset(&self.spec.provider, &self.settings);
        charset.encode(text).expect("the charset has every character").into_owned()
    }

    /// What protects the message.
    ///
    /// # Panics
    /// The spec has nothing of this name.
    #[must_use]
    pub fn recipe(&self) -> Option<&ir::Recipe> {
        let provider = &self.spec.provider;
        let operation = |name: &str| {
            provider.operations.iter().find(|operation| operation.name.wire == name).expect("an operation")
        };
        let signature = match &self.subject {
            Subject::Request(name) => &operation(name).signature,
            Subject::Response(name) => {
                let reply = operation(name).reply.as_ref().expect("a reply");
                &provider[reply.envelope].signature
            }
            Subject::Callback(name) => {
                let callback = provider.callbacks.iter().find(|callback| callback.name.wire == *name);
                &callback.expect("a callback").signature
            }
            Subject::Recipe(name) => {
                return Some(
                    provider.recipes.iter().find(|recipe| recipe.name.wire == *name).expect("a recipe"),
                );
            }
        };
        seal::recipe(provider, signature, &self.settings)
    }

    /// A callback as it comes in.
    #[must_use]
    pub fn incoming<'v>(&self, query: &'v [u8], body: &'v [u8]) -> Incoming<'v> {
        if self.query.is_some() {
            Incoming::new("GET", query, None, body)
        } else {
            Incoming::new("POST", query, Some("application/x-www-form-urlencoded"), body)
        }
    }

    /// Text and signature belong together, whatever the two executions say.
    fn check_seal(&self) -> Result<(), Failure> {
        let (Some(recipe), Some(base), Some(signature)) = (self.recipe(), &self.base, &self.signature) else {
            return Ok(());
        };
        if seal::verifies(&self.settings, &recipe.seal, &self.bytes(base), signature) {
            return Ok(());
        }
        Err("the signature does not fit the base text of the vector itself".to_owned())
    }
}

fn expect<T: PartialEq + std::fmt::Debug + ?Sized>(
    what: &str,
    expected: &T,
    found: &T,
) -> Result<(), Failure> {
    if expected == found {
        Ok(())
    } else {
        Err(format!("{what}\n  expected: {expected:?}\n  found:    {found:?}"))
    }
}

fn request(vector: &Vector, operation: &str) -> Result<Run, Failure> {
    vector.check_seal()?;
    let made = vector.both().prepare(operation, &vector.inputs, &vector.moment(), true)?;
    let Made::Made { message, sent } = made else {
        return Err("both refuse it".to_owned());
    };
    if let Some(base) = &vector.base {
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        expect("base text", &shown(&vector.bytes(base)), &shown(message.base_text()))?;
    }
    let recipe = vector.recipe().ok_or("nothing signs it")?;
    let charset = wire::charset(&vector.spec.provider, &vector.settings);
    let body = String::from_utf8_lossy(&sent.body).into_owned();
    let is_form = sent.content_type.as_deref().is_some_and(|kind| kind.starts_with("application/x-www-form"));
    let body_pairs = if is_form { wire::pairs_in(&body, charset) } else { Vec::new() };
    let query_pairs = wire::pairs_in(sent.query(), charset);
    if !vector.verify_only {
        let mut all = query_pairs.iter().chain(&body_pairs);
        let place = recipe.place_field();
        let made = all.find(|(name, _)| Some(name.as_str()) == place).map(|(_, signature)| signature);
        expect("signature of generated code", &vector.signature.as_ref(), &made)?;
        expect("signature of the interpreter", &vector.signature, &message.signature)?;
    }
    let without = |pairs: Vec<(String, String)>| {
        let mut pairs: Vec<_> = pairs
            .into_iter()
            .filter(|(name, _)| !vector.verify_only || Some(name.as_str()) != recipe.place_field())
            .collect();
        pairs.sort();
        pairs
    };
    if let Some(query) = &vector.query {
        expect("query", &without(wire::pairs_in(query, charset)), &without(query_pairs))?;
    }
    if let Some(wanted) = &vector.body {
        if is_form {
            expect("body", &without(wire::pairs_in(wanted, charset)), &without(body_pairs))?;
        } else {
            expect("body", wanted, &body)?;
        }
    }
    Ok(BOTH)
}

fn response(vector: &Vector, operation: &str) -> Result<Run, Failure> {
    vector.check_seal()?;
    let both = vector.both();
    let known = both.interpreter.operation(operation).ok_or("no such operation")?;
    let inputs = complete(&vector.spec.provider, known, &vector.inputs);
    let body = vector.bytes(vector.body.as_deref().ok_or("an answer has a body")?);
    let ended = both.read(operation, &inputs, &Delivered::ok(&body), &vector.moment())?;
    match (&vector.error, &ended) {
        (None, Ended::Reply { decoded, signed }) => {
            expect("signed", &vector.recipe().is_some(), signed)?;
            check_decoded(vector, decoded)?;
        }
        (Some(wanted), ended) => check_error(wanted, ended)?,
        (None, other) => return Err(format!("no reply: {other:?}")),
    }
    Ok(BOTH)
}

fn check_error(wanted: &ExpectedError, ended: &Ended) -> Result<(), Failure> {
    let (kind, code) = match ended {
        Ended::Rejected { kind, code } => (kind.as_str(), code),
        Ended::Unknown { because, code: None } if because == "malformed" => ("Unknown", &None),
        Ended::Unknown { because, code } => (because.as_str(), code),
        other => return Err(format!("no error: {other:?}")),
    };
    if wanted.kind != "*" {
        expect("kind of the error", pascal(&wanted.kind).as_str(), kind)?;
    }
    expect("code", &wanted.code, code)
}

/// `part_refunded` as `PartRefunded`.
fn pascal(word: &str) -> String {
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    };
    word.split('_').map(capital).collect()
}

fn callback(vector: &Vector, callback: &str) -> Result<Run, Failure> {
    let both = vector.both();
    let body = vector.bytes(vector.body.as_deref().filter(|_| vector.query.is_none()).unwrap_or_default());
    let query = vector.query.clone().unwrap_or_default();
    let incoming = vector.incoming(query.as_bytes(), &body);
    match (both.verify(callback, &incoming, &vector.moment())?, !vector.is_unreproduced()) {
        (Received::Refused(label), false) => expect("refusal", "signature mismatch", &label)?,
        (Received::Refused(label), true) => return Err(format!("both refuse it: {label}")),
        (Received::Verified { .. }, false) => {
            return Err("it is said not to reproduce, but it does".to_owned());
        }
        (Received::Verified { verified, decoded }, true) => {
            vector.check_seal()?;
            if let Some(base) = &vector.base {
                expect("base text", vector.bytes(base).as_slice(), verified.base_text())?;
            }
            check_decoded(vector, &decoded)?;
        }
    }
    Ok(BOTH)
}

/// Outcome and values are those of the vector.
///
/// # Errors
/// What differs.
pub fn check_decoded(vector: &Vector, decoded: &Decoded) -> Result<(), Failure> {
    if let Some(outcome) = &vector.outcome {
        expect("outcome", &Some(pascal(outcome)), &decoded.outcome)?;
    }
    for (name, wanted) in vector.values.iter() {
        let further = || decoded.extra.get(name).and_then(|json| serde_json::from_str::<String>(json).ok());
        let found = decoded.values.get(name).or_else(|| decoded.inner.get(name)).cloned().or_else(further);
        let found = found.ok_or_else(|| format!("`{name}` is not there: {decoded:?}"))?;
        // Vectors may write a time as it is on the wire.
        let is_time = wanted.len() == 19 && wanted.contains(' ');
        let wanted = if is_time {
            super::yaml::instant(wanted, &vector.spec).unix_seconds().to_string()
        } else {
            wanted.clone()
        };
        expect(name, &wanted, &found)?;
    }
    Ok(())
}

fn recipe(vector: &Vector, name: &str) -> Result<Run, Failure> {
    let text = |value: &Value| value.as_text().expect("a pair is text").to_owned();
    let pairs: Vec<(String, String)> =
        vector.inputs.iter().map(|(name, value)| (name.to_owned(), text(value))).collect();
    let signature = vector.signature.as_deref().ok_or("a vector on a recipe has a signature")?;
    match (over_pairs(&vector.spec, name, &vector.settings, &pairs, signature), !vector.is_unreproduced()) {
        (Ok(base), true) => {
            vector.check_seal()?;
            let wanted = vector.base.as_deref().map(|base| vector.bytes(base));
            expect("base text", &wanted.unwrap_or_else(|| base.clone()), &base)?;
        }
        (Err(label), false) => expect("refusal", "signature mismatch", &label)?,
        (Ok(_), false) => return Err("it is said not to reproduce, but it does".to_owned()),
        (Err(label), true) => return Err(format!("refused: {label}")),
    }
    Ok(Run { generated: false, interpreted: true })
}

/// Verifies a signature over free pairs by a recipe of a spec, and hands out the text that it covers.
///
/// The pairs are shown to the interpreter as a callback of a spec that is the same but for this one callback.
///
/// # Errors
/// The way in which it is refused.
///
/// # Panics
/// The spec has no such recipe.
pub fn over_pairs(
    spec: &Spec,
    recipe: &str,
    settings: &Settings,
    pairs: &[(String, String)],
    signature: &str,
) -> Result<Vec<u8>, String> {
    let mut provider: Provider = (*spec.provider).clone();
    let place =
        provider.recipes.iter().position(|known| known.name.wire == recipe).expect("a recipe of the spec");
    provider.callbacks = vec![pairs_callback(ir::RecipeId(place))];
    let field = provider.recipes[place].place_field().expect("a field").to_owned();
    let charset = wire::charset(&provider, settings);
    let interpreter = Interpreter::new(Arc::new(provider), settings.clone()).expect("settings of the spec");
    let signed: Vec<(String, String)> =
        pairs.iter().cloned().chain([(field, signature.to_owned())]).collect();
    let body = wire::encoded(&signed, charset);
    let incoming = Incoming::new("POST", b"", None, body.as_bytes());
    match interpreter.verify_callback("pairs", &incoming) {
        Ok(verified) => Ok(verified.base_text().to_vec()),
        Err(refusal @ Refusal::Recipe(_)) => Err(refusal.to_string()),
        Err(refusal) => Err(label_of_refusal(&refusal)),
    }
}

fn pairs_callback(recipe: ir::RecipeId) -> Callback {
    let name = |text: &str| Name { wire: text.to_owned(), snake: text.to_owned(), pascal: text.to_owned() };
    Callback {
        name: name("pairs"),
        title: None,
        doc: String::new(),
        sources: Vec::new(),
        deliver: Deliver::Notify,
        receive: vec![Receive::PostForm],
        of: None,
        sent_to: None,
        sent_at: None,
        when: ir::Condition::default(),
        signature: Signature::Recipe(recipe),
        fields: Vec::new(),
        outcome: None,
        hint: None,
        compare: Vec::new(),
        once_per: Vec::new(),
        acknowledge: None,
        retries: None,
    }
}

impl Vector {
    /// Every text for which the signature must be refused is refused: by the key, and by both executions, when a
    /// message comes with a signature over that text or with that text in place of the right one.
    ///
    /// # Errors
    /// A wrong text that somebody takes.
    ///
    /// # Panics
    /// The vector is signed with something else than RSA.
    pub fn refuse_wrong_texts(&self) -> Result<usize, Failure> {
        let recipe = self.recipe().ok_or("nothing signs it")?;
        let signature = self.signature.as_deref().ok_or("no signature")?;
        let right = self.base.as_deref().ok_or("no base text")?;
        for wrong in &self.must_not_verify {
            let at = |failure: Failure| format!("{}: {failure}", wrong.why);
            if seal::verifies(&self.settings, &recipe.seal, &self.bytes(&wrong.text), signature) {
                return Err(at("the key takes the signature".to_owned()));
            }
            let (forger, key) = self.signed_by_test_key();
            let sign = |text: &str| {
                let signature = key.sign(RsaDigest::Sha1, &self.bytes(text)).expect("the test key signs");
                payspec_runtime::crypto::Sealed::from(signature).base64()
            };
            expect("over the right text", "taken", &forger.delivered(signature, &sign(right), None)?)
                .map_err(at)?;
            expect("over the wrong text", "refused", &forger.delivered(signature, &sign(&wrong.text), None)?)
                .map_err(at)?;
            if matches!(self.subject, Subject::Response(_)) {
                let swapped = Some((right, wrong.text.as_str()));
                expect("text replaced", "refused", &self.delivered(signature, signature, swapped)?)
                    .map_err(at)?;
            }
        }
        Ok(self.must_not_verify.len())
    }

    /// The same message for an account whose provider has the test key.
    fn signed_by_test_key(&self) -> (Self, RsaPrivateKey) {
        let path = root().join("tests/vectors/keys/test-platform-rsa2048.pkcs8.pem");
        let key = RsaPrivateKey::read(std::fs::read(path).expect("the test key")).expect("an RSA key");
        let mut forged = self.clone();
        let credentials = &mut forged.settings.credentials;
        let choices: Vec<String> = credentials.iter().map(|(name, _)| name.to_owned()).collect();
        for name in choices {
            let Some(CredentialValue::Choice { alternative, members }) = credentials.get(&name).cloned()
            else {
                continue;
            };
            let members = members.into_iter().map(|(name, value)| match value {
                CredentialValue::RsaPublic(_) => (name, CredentialValue::RsaPublic(key.public_key())),
                other => (name, other),
            });
            let members = members.collect();
            credentials.insert(name, CredentialValue::Choice { alternative, members });
        }
        (forged, key)
    }

    /// Whether both take the message when this signature, or this text, is put in place of the one that it has.
    fn delivered(&self, old: &str, new: &str, text: Option<(&str, &str)>) -> Result<String, Failure> {
        let both = self.both();
        let taken = |is_taken| if is_taken { "taken".to_owned() } else { "refused".to_owned() };
        let body = self.body.as_deref().ok_or("a message with a body")?;
        match &self.subject {
            Subject::Callback(name) => {
                let charset = wire::charset(&self.spec.provider, &self.settings);
                let mut pairs = wire::pairs_in(body, charset);
                for (_, value) in pairs.iter_mut().filter(|(_, value)| value == old) {
                    *value = new.to_owned();
                }
                let body = wire::encoded(&pairs, charset);
                match both.verify(name, &self.incoming(b"", body.as_bytes()), &self.moment())? {
                    Received::Verified { .. } => Ok(taken(true)),
                    Received::Refused(label) => {
                        expect("refusal", "signature mismatch", &label)?;
                        Ok(taken(false))
                    }
                }
            }
            Subject::Response(name) => {
                let body = body.replace(old, new);
                let body = text.map_or(body.clone(), |(right, wrong)| body.replace(right, wrong));
                let operation = both.interpreter.operation(name).ok_or("no such operation")?;
                let inputs = complete(&self.spec.provider, operation, &self.inputs);
                let body = self.bytes(&body);
                let ended = both.read(name, &inputs, &Delivered::ok(&body), &self.moment())?;
                Ok(taken(!matches!(ended, Ended::Unknown { because, .. } if because == "bad signature")))
            }
            other => Err(format!("no wrong texts for {other:?}")),
        }
    }
}
