//! Every value of a message changed by one character, or left out, and who notices.
//!
//! What comes in is changed on the wire: each value that the bytes of it have. What we send is changed twice: on the
//! wire, where the interpreter plays the provider and must refuse the old signature, and at its source, where both
//! must make another signature of another input. Beside these: values that the caller hands in, and credentials.

use payspec_codegen::ir::{FreshFormat, Origin};
use payspec_interpreter::{CredentialValue, Instant, Map, Settings, Value};
use payspec_runtime::{
    Secret,
    crypto::{RsaPrivateKey, RsaPublicKey},
};
use payspec_tests::{
    bridge::{Both, Made, Moment},
    packet::{self, changed_text},
    vectors::{self, Subject},
};

use super::message::{Case, Failure};

/// What came of the changes of one message.
#[derive(Debug, Default)]
pub(crate) struct Tried {
    /// How many generated code refused, or answered with another signature.
    pub(crate) by_generated: usize,
    /// How many the interpreter refused, or answered with another signature.
    pub(crate) by_interpreter: usize,
    /// Those that nobody noticed.
    pub(crate) unnoticed: Vec<String>,
}

impl Tried {
    /// Of what generated code has no say in, only the interpreter's is counted.
    fn noticed(&mut self, by_generated: bool) {
        self.by_generated += usize::from(by_generated);
        self.by_interpreter += 1;
    }
}

/// Changes everything.
pub(crate) fn try_all(case: &Case<'_>) -> Result<Tried, Failure> {
    let mut tried = Tried::default();
    on_the_wire(case, &mut tried)?;
    if let Subject::Request(_) = case.vector.subject {
        at_the_source(case, &mut tried)?;
    }
    around_it(case, &mut tried)?;
    Ok(tried)
}

fn on_the_wire(case: &Case<'_>, tried: &mut Tried) -> Result<(), Failure> {
    for spot in case.packet.spots() {
        let mut changes = vec![(spot.name.clone(), case.packet.changed(&spot))];
        if let Some(without) = case.packet.without(&spot) {
            changes.push((format!("{}, left out", spot.name), without));
        }
        for (change, packet) in changes {
            let (moment, both) = (&case.vector.moment(), &case.both);
            if !case.taken(both, &case.packet, moment)?.by_all() {
                return Err(format!("{change}: the unchanged message is refused"));
            }
            let at = |failure: Failure| format!("{change}: {failure}");
            let taken = case.taken(both, &packet, moment).map_err(at)?;
            if taken.by_any() {
                tried.unnoticed.push(change);
            } else {
                tried.noticed(taken.generated.is_some());
            }
        }
    }
    Ok(())
}

/// Another input, another instant: another signature.
fn at_the_source(case: &Case<'_>, tried: &mut Tried) -> Result<(), Failure> {
    let moment = &case.vector.moment();
    let mut changes: Vec<(String, Map<Value>, Moment)> = changed_inputs(&case.vector.inputs)
        .into_iter()
        .map(|(name, inputs)| (format!("input {name}"), inputs, moment.clone()))
        .collect();
    let operation = case.both.interpreter.operation(case.vector.subject.name()).expect("an operation");
    let recipes = case.recipes();
    let fresh: Vec<_> = recipes.iter().flat_map(|recipe| &recipe.fresh).collect();
    let is_time = |format: &FreshFormat| matches!(format, FreshFormat::Time(_));
    if operation.request.iter().any(|sent| sent.origin == Origin::Now)
        || fresh.iter().any(|fresh| is_time(&fresh.format))
    {
        let mut later = moment.clone();
        later.now = Instant::from_unix_millis(moment.now.unix_millis() + 1000);
        for fresh in fresh.iter().filter(|fresh| is_time(&fresh.format)) {
            later.fresh.remove(&fresh.name.wire);
        }
        changes.push(("a second later".to_owned(), case.vector.inputs.clone(), later));
    }
    for fresh in fresh.iter().filter(|fresh| !is_time(&fresh.format)) {
        let name = &fresh.name.wire;
        let mut other = moment.clone();
        other.fresh.insert(name, changed_text(moment.fresh.get(name).expect("the vector fixes it")));
        changes.push((format!("fresh {name}"), case.vector.inputs.clone(), other));
    }
    for (change, inputs, moment) in changes {
        let differs = is_signed_anew(case, &case.both, &inputs, &moment);
        if differs.map_err(|failure| format!("{change}: {failure}"))? {
            tried.noticed(true);
        } else {
            tried.unnoticed.push(change);
        }
    }
    Ok(())
}

/// Whether both make another signature of it, or refuse it.
fn is_signed_anew(
    case: &Case<'_>,
    both: &Both,
    inputs: &Map<Value>,
    moment: &Moment,
) -> Result<bool, Failure> {
    Ok(match both.prepare(case.vector.subject.name(), inputs, moment, true)? {
        Made::Refused => true,
        Made::Made { sent, .. } => case.placed(&packet::of_sent(&sent)) != case.placed(&case.packet),
    })
}

/// Values that the caller hands in, and credentials: nothing of them travels.
fn around_it(case: &Case<'_>, tried: &mut Tried) -> Result<(), Failure> {
    let moment = &case.vector.moment();
    for (name, value) in moment.given.iter() {
        let mut given = moment.given.clone();
        given.insert(name, changed_text(value));
        let other = moment.clone().with(given, moment.fresh.clone());
        around(case, &case.both, &format!("given {name}"), &other, tried)?;
    }
    for (change, settings) in changed_settings(&case.vector.settings) {
        match case.with_settings(&settings) {
            Some(both) => around(case, &both, &change, moment, tried)?,
            None => return Err(format!("{change}: no settings")),
        }
    }
    Ok(())
}

fn around(
    case: &Case<'_>,
    both: &Both,
    change: &str,
    moment: &Moment,
    tried: &mut Tried,
) -> Result<(), Failure> {
    if !case.taken(&case.both, &case.packet, &case.vector.moment())?.by_all() {
        return Err(format!("{change}: the unchanged message is refused"));
    }
    let at = |failure: Failure| format!("{change}: {failure}");
    let signed_anew = match case.vector.subject {
        Subject::Request(_) => is_signed_anew(case, both, &case.vector.inputs, moment).map_err(at)?,
        _ => false,
    };
    let taken = case.taken(both, &case.packet, moment).map_err(at)?;
    if taken.by_any() && !signed_anew {
        tried.unnoticed.push(change.to_owned());
    } else {
        tried.noticed(taken.generated.is_some() || signed_anew);
    }
    Ok(())
}

/// Every text in the inputs, each in inputs of its own.
fn changed_inputs(inputs: &Map<Value>) -> Vec<(String, Map<Value>)> {
    let mut all = Vec::new();
    for (name, value) in inputs.iter() {
        for (inner, other) in changed_values(value) {
            let mut inputs = inputs.clone();
            inputs.insert(name, other);
            all.push((format!("{name}{inner}"), inputs));
        }
    }
    all
}

fn changed_values(value: &Value) -> Vec<(String, Value)> {
    match value {
        Value::Text(text) => vec![(String::new(), Value::from(changed_text(text)))],
        Value::List(items) => {
            let mut all = Vec::new();
            for (at, item) in items.iter().enumerate() {
                for (inner, other) in changed_values(item) {
                    let mut items = items.clone();
                    items[at] = other;
                    all.push((format!(".{at}{inner}"), Value::List(items)));
                }
            }
            all
        }
        Value::Object(members) => {
            let changed = changed_inputs(members).into_iter();
            changed.map(|(inner, members)| (format!(".{inner}"), Value::Object(members))).collect()
        }
        Value::Json(_) => Vec::new(),
    }
}

/// The settings with one credential changed, for each that the recipe could use.
fn changed_settings(settings: &Settings) -> Vec<(String, Settings)> {
    let changed = changed_credentials(&settings.credentials).into_iter();
    changed
        .map(|(name, credentials)| {
            (format!("credential {name}"), Settings { credentials, ..settings.clone() })
        })
        .collect()
}

fn changed_credentials(credentials: &Map<CredentialValue>) -> Vec<(String, Map<CredentialValue>)> {
    let mut all = Vec::new();
    for (name, value) in credentials.iter() {
        for (inner, other) in changed_credential(value) {
            let mut credentials = credentials.clone();
            credentials.insert(name, other);
            all.push((format!("{name}{inner}"), credentials));
        }
    }
    all
}

fn changed_credential(value: &CredentialValue) -> Vec<(String, CredentialValue)> {
    let other_key = || {
        let path = vectors::root().join("tests/vectors/keys/test-platform-rsa2048.pkcs8.pem");
        RsaPrivateKey::read(std::fs::read(path).expect("the test key")).expect("an RSA key")
    };
    let own = |value| vec![(String::new(), value)];
    match value {
        CredentialValue::Text(text) => own(CredentialValue::Text(changed_text(text))),
        CredentialValue::Secret(secret) => {
            own(CredentialValue::Secret(Secret::new(changed_text(secret.expose()))))
        }
        CredentialValue::RsaPrivate(_) => own(CredentialValue::RsaPrivate(other_key())),
        CredentialValue::RsaPublic(_) => {
            let public: RsaPublicKey = other_key().public_key();
            own(CredentialValue::RsaPublic(public))
        }
        CredentialValue::Keys(keys) => {
            let changed = changed_credentials(keys).into_iter();
            changed.map(|(id, keys)| (format!(".{id}"), CredentialValue::Keys(keys))).collect()
        }
        CredentialValue::Choice { alternative, members } => {
            let changed = changed_credentials(members).into_iter();
            changed
                .map(|(name, members)| {
                    let alternative = alternative.clone();
                    (format!(".{name}"), CredentialValue::Choice { alternative, members })
                })
                .collect()
        }
        other => panic!("no vector of the sample has such a credential: {other:?}"),
    }
}
