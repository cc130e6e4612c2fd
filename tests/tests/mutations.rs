//! Nothing about a signed message can be changed unnoticed.
//!
//! Every collected message is accepted as it is and refused with any one signed value changed, in the same loop, by
//! generated code and by the interpreter, which must also agree on the kind of the refusal. Requests are signed by us
//! and verified by the provider: there the interpreter plays the provider for the changed message on the wire, and both
//! executions must make another text of changed inputs, one that the old signature does not fit.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    missing_docs
)]

use std::collections::BTreeMap;

use payspec_codegen::ir::{Body, Callback, Kind};
use payspec_interpreter::{CredentialValue, Instant, Map, Message, Refusal, Settings, Value};
use payspec_runtime::Secret;
use payspec_tests::{
    bridge::{Both, Delivered, Ended, Made, Moment, Received, seal, wire},
    vectors::{self, Subject, Vector},
};

/// A way to change a value; `None` where it changes nothing.
type Change = fn(&str) -> Option<String>;

const CHANGES: [(&str, Change); 4] = [
    ("append", |value| Some(format!("{value}x"))),
    ("drop", |value| value.char_indices().next_back().map(|(at, _)| value[..at].to_owned())),
    ("swap", swapped),
    ("empty", |value| (!value.is_empty()).then(String::new)),
];

/// The first two neighbours that differ change places.
fn swapped(value: &str) -> Option<String> {
    let mut letters: Vec<char> = value.chars().collect();
    let at = letters.windows(2).position(|pair| pair[0] != pair[1])?;
    letters.swap(at, at + 1);
    Some(letters.into_iter().collect())
}

/// The signature with one character in the middle changed to another of its alphabet.
fn other_signature(signature: &str) -> String {
    let middle = signature.len() / 2;
    let other = if &signature[middle..=middle] == "0" { "1" } else { "0" };
    format!("{}{other}{}", &signature[..middle], &signature[middle + 1..])
}

/// Names and values of a query or form.
type Pairs = Vec<(String, String)>;

type Counts = BTreeMap<&'static str, usize>;

fn count(counts: &mut Counts, what: &'static str) {
    *counts.entry(what).or_default() += 1;
}

fn collected(wanted: impl Fn(&Subject) -> bool) -> Vec<Vector> {
    let all = vectors::collected().into_iter().map(|message| message.vector);
    all.filter(|vector| wanted(&vector.subject)).collect()
}

// ------------------------------------------------------------------------------------------------ callbacks

/// A callback that can be changed pair by pair.
struct Notice<'v> {
    vector: &'v Vector,
    both: Both,
    name: &'v str,
    callback: Callback,
    place: String,
    pairs: Vec<(String, String)>,
}

impl<'v> Notice<'v> {
    fn of(vector: &'v Vector) -> Self {
        let charset = wire::charset(&vector.spec.provider, &vector.settings);
        let wire = vector.query.as_deref().or(vector.body.as_deref()).unwrap();
        let name = vector.subject.name();
        let both = vector.both();
        let callback = both.interpreter.callback(name).unwrap().clone();
        let place = vector.recipe().unwrap().place_field().unwrap().to_owned();
        Self { vector, both, name, callback, place, pairs: wire::pairs_in(wire, charset) }
    }

    /// What both say to these pairs: the way of refusing, or `None`.
    fn refusal(&self, both: &Both, pairs: &[(String, String)]) -> Option<String> {
        let charset = wire::charset(&self.vector.spec.provider, &self.vector.settings);
        let wire = wire::encoded(pairs, charset);
        let (query, body) = if self.vector.query.is_some() {
            (wire.as_bytes(), &b""[..])
        } else {
            (&b""[..], wire.as_bytes())
        };
        let received = both.verify(self.name, &self.vector.incoming(query, body), &self.vector.moment());
        match received.unwrap_or_else(|difference| panic!("{}: {difference}", self.vector.name)) {
            Received::Verified { .. } => None,
            Received::Refused(label) => Some(label),
        }
    }

    fn assert_refused(&self, pairs: &[(String, String)], wanted: &str, what: &str) {
        let found = self.refusal(&self.both, pairs);
        assert_eq!(found.as_deref(), Some(wanted), "{}: {what}", self.vector.name);
    }

    fn signature(&self) -> usize {
        self.pairs.iter().position(|(name, _)| *name == self.place).unwrap()
    }

    fn with(&self, at: usize, value: String) -> Vec<(String, String)> {
        let mut pairs = self.pairs.clone();
        pairs[at].1 = value;
        pairs
    }
}

#[test]
fn a_callback_with_any_one_value_changed_is_refused() {
    let mut counts = Counts::new();
    let notices = collected(|subject| matches!(subject, Subject::Callback(_)));
    for vector in &notices {
        let notice = Notice::of(vector);
        for (at, (name, value)) in notice.pairs.iter().enumerate() {
            if *name == notice.place {
                continue;
            }
            for (change, apply) in CHANGES {
                let Some(changed) = apply(value) else { continue };
                assert_eq!(notice.refusal(&notice.both, &notice.pairs), None, "{}: unchanged", vector.name);
                let names_algorithm = notice.callback.fields.iter().any(|received| {
                    received.field.name.wire == *name
                        && received.equals.as_ref().is_some_and(|path| path.name.wire == "signing")
                });
                let absent = changed.trim().is_empty();
                let wanted = match (names_algorithm, absent) {
                    (true, false) => format!("other algorithm {name}"),
                    (true, true) => format!("missing {name}"),
                    (false, _) => "signature mismatch".to_owned(),
                };
                notice.assert_refused(&notice.with(at, changed), &wanted, &format!("{change} {name}"));
                count(&mut counts, change);
            }
        }
    }
    println!("{counts:?}");
    assert_eq!(notices.len(), 19);
    assert_eq!(counts, Counts::from([("append", 146), ("drop", 137), ("empty", 137), ("swap", 132)]));
}

#[test]
fn a_callback_whose_signature_is_touched_is_refused_in_its_own_way() {
    let mut counts = Counts::new();
    for vector in &collected(|subject| matches!(subject, Subject::Callback(_))) {
        let notice = Notice::of(vector);
        let (at, place) = (notice.signature(), &notice.place);
        let signature = notice.pairs[at].1.clone();
        assert_eq!(notice.refusal(&notice.both, &notice.pairs), None, "{}: unchanged", vector.name);

        let mut without = notice.pairs.clone();
        without.remove(at);
        notice.assert_refused(&without, &format!("missing signature {place}"), "removed");
        notice.assert_refused(
            &notice.with(at, String::new()),
            &format!("empty signature {place}"),
            "emptied",
        );
        notice.assert_refused(&notice.with(at, other_signature(&signature)), "signature mismatch", "changed");
        notice.assert_refused(
            &notice.with(at, format!("{signature}!")),
            "malformed signature",
            "no alphabet",
        );
        for what in ["removed", "emptied", "changed", "malformed"] {
            count(&mut counts, what);
        }

        for (name, value) in &notice.pairs {
            let mut doubled = notice.pairs.clone();
            doubled.push((name.clone(), value.clone()));
            notice.assert_refused(&doubled, &format!("repeated {name}"), "doubled");
            count(&mut counts, "doubled");
        }
        for received in &notice.callback.fields {
            let name = &received.field.name.wire;
            let choice =
                received.equals.as_ref().and_then(|path| vector.settings.credentials.get(&path.name.wire));
            if let Some(CredentialValue::Choice { alternative, .. }) = choice {
                let field = notice.pairs.iter().position(|(own, _)| own == name).unwrap();
                let other = if alternative == "rsa" { "SM" } else { "RSA" };
                let wanted = format!("other algorithm {name}");
                notice.assert_refused(&notice.with(field, other.to_owned()), &wanted, "other algorithm");
                count(&mut counts, "other algorithm");
            }
        }
        for settings in other_secrets(&vector.settings) {
            let both = Both::open(&vector.spec.provider, &settings).unwrap();
            let found = notice.refusal(&both, &notice.pairs);
            assert_eq!(found.as_deref(), Some("signature mismatch"), "{}: other secret", vector.name);
            count(&mut counts, "other secret");
        }
    }
    println!("{counts:?}");
    let of_the_signature = ["removed", "emptied", "changed", "malformed"].map(|what| (what, 19));
    let others = [("doubled", 165), ("other algorithm", 5), ("other secret", 14)];
    assert_eq!(counts, of_the_signature.into_iter().chain(others).collect());
}

/// The settings with one shared secret changed, for each there is.
fn other_secrets(settings: &Settings) -> Vec<Settings> {
    let changed = |value: &CredentialValue| match value {
        CredentialValue::Secret(secret) => {
            Some(CredentialValue::Secret(Secret::new(format!("{}x", secret.expose()))))
        }
        _ => None,
    };
    let mut all = Vec::new();
    for (name, value) in settings.credentials.iter() {
        let other = match value {
            CredentialValue::Choice { alternative, members } => {
                let mut members = members.clone();
                let secret =
                    members.iter().find_map(|(name, value)| Some((name.to_owned(), changed(value)?)));
                secret.map(|(name, value)| {
                    members.insert(name, value);
                    CredentialValue::Choice { alternative: alternative.clone(), members }
                })
            }
            value => changed(value),
        };
        if let Some(other) = other {
            let mut settings = settings.clone();
            settings.credentials.insert(name, other);
            all.push(settings);
        }
    }
    all
}

// ------------------------------------------------------------------------------------------------ answers

/// An answer as text, and what both make of it.
struct Answer<'v> {
    vector: &'v Vector,
    both: Both,
    inputs: Map<Value>,
    body: &'v str,
}

impl<'v> Answer<'v> {
    fn of(vector: &'v Vector) -> Self {
        let both = vector.both();
        let operation = both.interpreter.operation(vector.subject.name()).unwrap();
        let inputs = vectors::complete(&vector.spec.provider, operation, &vector.inputs);
        Self { vector, both, inputs, body: vector.body.as_deref().unwrap() }
    }

    fn ended(&self, body: &str) -> Ended {
        let body = self.vector.bytes(body);
        let name = self.vector.subject.name();
        let ended = self.both.read(name, &self.inputs, &Delivered::ok(&body), &self.vector.moment());
        ended.unwrap_or_else(|difference| panic!("{}: {difference}", self.vector.name))
    }

    fn assert_believed(&self) {
        let ended = self.ended(self.body);
        let doubtful = matches!(&ended, Ended::Unknown { because, .. } if because == "bad signature" || because == "unsigned");
        assert!(!doubtful, "{}: unchanged: {ended:?}", self.vector.name);
    }

    fn assert_unknown(&self, body: &str, wanted: &str, what: &str) {
        let ended = self.ended(body);
        let expected = Ended::Unknown { because: wanted.to_owned(), code: None };
        assert_eq!(ended, expected, "{}: {what}", self.vector.name);
    }
}

/// Where the texts and numbers of a JSON object begin and end, strings with their quotes, names left out.
fn values_in(json: &str) -> Vec<(usize, usize)> {
    let bytes = json.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'"' => {
                at += 1;
                while bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
                let is_name = json[at..].trim_start().starts_with(':');
                if !is_name {
                    found.push((start, at));
                }
            }
            b'0'..=b'9' | b'-' => {
                while matches!(bytes[at], b'0'..=b'9' | b'-' | b'.') {
                    at += 1;
                }
                found.push((start, at));
            }
            _ => at += 1,
        }
    }
    found
}

#[test]
fn a_signed_answer_with_any_one_value_changed_ends_unknown() {
    let mut counts = Counts::new();
    let answers = collected(|subject| matches!(subject, Subject::Response(_)));
    for vector in &answers {
        let answer = Answer::of(vector);
        let signed = vector.base.as_deref().unwrap();
        for (start, end) in values_in(signed) {
            let value = &signed[start..end];
            let (quote, inner) =
                if value.starts_with('"') { ("\"", &value[1..value.len() - 1]) } else { ("", value) };
            for (change, apply) in CHANGES {
                // A number stays one, and an escape stays whole.
                let changed = match (quote, change) {
                    ("", "append") => Some(format!("{inner}0")),
                    ("", "empty") => None,
                    ("", "drop") if inner.len() == 1 => None,
                    ("", _) if !inner.contains('.') && change == "swap" => None,
                    (_, "drop" | "swap") if inner.contains('\\') => None,
                    _ => apply(inner),
                };
                let Some(changed) =
                    changed.filter(|text| quote == "\"" || serde_json::from_str::<f64>(text).is_ok())
                else {
                    continue;
                };
                let text = format!("{}{quote}{changed}{quote}{}", &signed[..start], &signed[end..]);
                answer.assert_believed();
                let body = answer.body.replace(signed, &text);
                answer.assert_unknown(&body, "bad signature", &format!("{change} {value}"));
                count(&mut counts, change);
            }
        }
        // Not a value: white space inside the signed member.
        let spaced = answer.body.replace(signed, &signed.replacen(':', ": ", 1));
        answer.assert_unknown(&spaced, "bad signature", "white space");
        count(&mut counts, "white space");
    }
    println!("{counts:?}");
    assert_eq!(answers.len(), 8);
    let expected = [("append", 55), ("drop", 42), ("empty", 46), ("swap", 40), ("white space", 8)];
    assert_eq!(counts, Counts::from(expected));
}

#[test]
fn an_answer_whose_signature_is_touched_ends_unknown_in_its_own_way() {
    let mut counts = Counts::new();
    for vector in &collected(|subject| matches!(subject, Subject::Response(_))) {
        let answer = Answer::of(vector);
        answer.assert_believed();
        let signature = vector.signature.as_deref().unwrap();
        let member = format!("\"sign\":\"{signature}\"");
        assert!(answer.body.contains(&member), "{}", vector.name);
        let removed = answer.body.replace(&format!("{member},"), "").replace(&format!(",{member}"), "");
        answer.assert_unknown(&removed, "unsigned", "removed");
        answer.assert_unknown(&answer.body.replace(&member, "\"sign\":\"\""), "unsigned", "emptied");
        answer.assert_unknown(&answer.body.replace(&member, "\"sign\":null"), "unsigned", "null");
        let other = other_signature(signature);
        answer.assert_unknown(&answer.body.replace(signature, &other), "bad signature", "changed");
        answer.assert_unknown(
            &answer.body.replace(signature, &format!("{signature}!")),
            "bad signature",
            "no base64",
        );
        let doubled = answer.body.replacen('{', &format!("{{{member},"), 1);
        answer.assert_unknown(&doubled, "repeated sign", "doubled");
        for what in ["removed", "emptied", "null", "changed", "malformed", "doubled"] {
            count(&mut counts, what);
        }
        let signed = vector.base.as_deref().unwrap();
        let name = &answer.body[..answer.body.find(signed).unwrap()];
        let name = name
            .trim_end()
            .trim_end_matches(':')
            .trim_end()
            .trim_end_matches('"')
            .rsplit('"')
            .next()
            .unwrap();
        let twice = answer.body.replacen('{', &format!("{{\"{name}\":{signed},"), 1);
        answer.assert_unknown(&twice, &format!("repeated {name}"), "data doubled");
        count(&mut counts, "data doubled");
    }
    println!("{counts:?}");
    let expected = ["removed", "emptied", "null", "changed", "malformed", "doubled", "data doubled"];
    assert_eq!(counts, expected.map(|what| (what, 8)).into_iter().collect());
}

// ------------------------------------------------------------------------------------------------ requests

/// A request as both make it.
fn made(vector: &Vector) -> (Both, Message) {
    let both = vector.both();
    match both.prepare(vector.subject.name(), &vector.inputs, &vector.moment(), true) {
        Ok(Made::Made { message, .. }) => (both, *message),
        other => panic!("{}: {other:?}", vector.name),
    }
}

/// How the provider refuses a request; `None`: it takes it.
fn provider_refuses(both: &Both, vector: &Vector, query: &str, body: &[u8]) -> Option<Refusal> {
    let name = vector.subject.name();
    let method = if both.interpreter.operation(name).unwrap().method == payspec_codegen::ir::Method::Get {
        "GET"
    } else {
        "POST"
    };
    both.interpreter.check_request(name, method, query.as_bytes(), body, vector.moment().now).err()
}

#[test]
fn a_request_with_any_one_value_changed_on_its_way_is_refused_by_the_provider() {
    let mut counts = Counts::new();
    let requests = collected(|subject| matches!(subject, Subject::Request(_)));
    for vector in &requests {
        let (both, message) = made(vector);
        let operation = both.interpreter.operation(vector.subject.name()).unwrap().clone();
        let charset = wire::charset(&vector.spec.provider, &vector.settings);
        let place = vector.recipe().unwrap().place_field().unwrap().to_owned();
        let text = String::from_utf8_lossy(&message.body).into_owned();
        let is_form = operation.body == Body::Form;
        let query = wire::pairs_in(&message.query, charset);
        let form = if is_form { wire::pairs_in(&text, charset) } else { Vec::new() };
        let refused = |query: &[(String, String)], form: &[(String, String)]| {
            let body = if is_form { wire::encoded(form, charset).into_bytes() } else { message.body.clone() };
            provider_refuses(&both, vector, &wire::encoded(query, charset), &body)
        };
        for at in 0..query.len() + form.len() {
            let with = |apply: &dyn Fn(&mut Pairs, usize)| {
                let (mut query, mut form) = (query.clone(), form.clone());
                if at < query.len() {
                    apply(&mut query, at)
                } else {
                    let at = at - query.len();
                    apply(&mut form, at)
                }
                refused(&query, &form)
            };
            let (name, value) = query.iter().chain(&form).nth(at).unwrap().clone();
            assert_eq!(refused(&query, &form), None, "{}: unchanged", vector.name);
            let doubled = with(&|pairs, at| pairs.push(pairs[at].clone()));
            assert_eq!(doubled, Some(Refusal::RepeatedField { name: name.clone() }), "{}", vector.name);
            count(&mut counts, "doubled");
            if name == place {
                let place = place.clone();
                let missing = with(&|pairs, at| drop(pairs.remove(at)));
                assert_eq!(
                    missing,
                    Some(Refusal::MissingSignature { name: place.clone() }),
                    "{}",
                    vector.name
                );
                let emptied = with(&|pairs, at| pairs[at].1.clear());
                assert_eq!(emptied, Some(Refusal::EmptySignature { name: place }), "{}", vector.name);
                let changed = with(&|pairs, at| pairs[at].1 = other_signature(&value));
                assert_eq!(changed, Some(Refusal::SignatureMismatch), "{}", vector.name);
                count(&mut counts, "signature");
                continue;
            }
            for (change, apply) in CHANGES {
                let Some(changed) = apply(&value) else { continue };
                let refusal = with(&|pairs, at| pairs[at].1 = changed.clone());
                assert_eq!(refusal, Some(Refusal::SignatureMismatch), "{}: {change} {name}", vector.name);
                count(&mut counts, change);
            }
        }
        if operation.body == Body::Json {
            for (start, end) in values_in(&text) {
                let changed = format!("{}0{}", &text[..end - 1], &text[end - 1..]);
                let refusal = provider_refuses(&both, vector, &message.query, changed.as_bytes());
                assert_eq!(
                    refusal,
                    Some(Refusal::SignatureMismatch),
                    "{}: {}",
                    vector.name,
                    &text[start..end]
                );
                count(&mut counts, "in the JSON body");
            }
        }
    }
    println!("{counts:?}");
    assert_eq!(requests.len(), 34);
    let values = [("append", 231), ("drop", 231), ("empty", 231), ("swap", 224), ("in the JSON body", 15)];
    let others = [("doubled", 265), ("signature", 34)];
    assert_eq!(counts, values.into_iter().chain(others).collect());
}

/// Every text in the inputs, changed in every way.
fn changed_inputs(inputs: &Map<Value>) -> Vec<(String, Map<Value>)> {
    let mut all = Vec::new();
    for (name, value) in inputs.iter() {
        for (what, other) in changed_values(value) {
            let mut inputs = inputs.clone();
            inputs.insert(name, other);
            all.push((format!("{what} {name}"), inputs));
        }
    }
    all
}

fn changed_values(value: &Value) -> Vec<(&'static str, Value)> {
    match value {
        Value::Text(text) => {
            let changed =
                CHANGES.iter().filter_map(|(change, apply)| Some((*change, Value::from(apply(text)?))));
            changed.collect()
        }
        Value::List(items) => {
            let mut all = Vec::new();
            for (at, item) in items.iter().enumerate() {
                for (what, other) in changed_values(item) {
                    let mut items = items.clone();
                    items[at] = other;
                    all.push((what, Value::List(items)));
                }
            }
            all
        }
        Value::Object(members) => {
            let mut all = Vec::new();
            for (name, member) in members.iter() {
                for (what, other) in changed_values(member) {
                    let mut members = members.clone();
                    members.insert(name, other);
                    all.push((what, Value::Object(members)));
                }
            }
            all
        }
        Value::Json(_) => Vec::new(),
    }
}

#[test]
fn changed_inputs_give_another_text_that_the_old_signature_does_not_fit() {
    let mut counts = Counts::new();
    for vector in &collected(|subject| matches!(subject, Subject::Request(_))) {
        let (both, message) = made(vector);
        let recipe = vector.recipe().unwrap();
        let signature = vector.signature.as_deref().unwrap();
        assert!(
            seal::verifies(&vector.settings, &recipe.seal, message.base_text(), signature),
            "{}",
            vector.name
        );
        let mut judge = |what: &str, both: &Both, inputs: &Map<Value>, with: &Moment| {
            let outcome = both.prepare(vector.subject.name(), inputs, with, true);
            match outcome.unwrap_or_else(|difference| panic!("{}: {what}: {difference}", vector.name)) {
                Made::Refused => count(&mut counts, "refused by both"),
                // `10.1` and `10.10` are one amount: nothing that is signed was changed.
                Made::Made { message: other, .. } if other.base_text() == message.base_text() => {
                    count(&mut counts, "the same value");
                    assert!(means_the_same(vector, what), "{}: {what} changes nothing", vector.name);
                }
                Made::Made { message: other, .. } => {
                    let fits = seal::verifies(&vector.settings, &recipe.seal, other.base_text(), signature);
                    assert!(!fits, "{}: {what}", vector.name);
                    count(&mut counts, "another text");
                }
            }
        };
        for (what, inputs) in changed_inputs(&vector.inputs) {
            judge(&what, &both, &inputs, &vector.moment());
        }
        if both
            .interpreter
            .operation(vector.subject.name())
            .unwrap()
            .request
            .iter()
            .any(|sent| sent.origin == payspec_codegen::ir::Origin::Now)
        {
            let later = Instant::from_unix_millis(vector.moment().now.unix_millis() + 1000);
            judge("later", &both, &vector.inputs, &Moment::at(later));
        }
        for settings in other_secrets(&vector.settings) {
            let other = Both::open(&vector.spec.provider, &settings).unwrap();
            judge("other secret", &other, &vector.inputs, &vector.moment());
        }
        if let Some((name, token)) = vector.settings.tokens.iter().next() {
            let mut settings = vector.settings.clone();
            settings.tokens.insert(name, swapped(token).unwrap());
            let other = Both::open(&vector.spec.provider, &settings).unwrap();
            if both
                .interpreter
                .operation(vector.subject.name())
                .unwrap()
                .request
                .iter()
                .any(|sent| sent.origin == payspec_codegen::ir::Origin::Token)
            {
                judge("other token", &other, &vector.inputs, &vector.moment());
            }
        }
    }
    println!("{counts:?}");
    assert_eq!(
        counts,
        Counts::from([("another text", 332), ("refused by both", 211), ("the same value", 10)])
    );
}

/// Whether what was changed is a field whose texts can differ and mean the same, or one that is sent trimmed.
fn means_the_same(vector: &Vector, what: &str) -> bool {
    let name = what.rsplit(' ').next().unwrap();
    let operation =
        vector.spec.provider.operations.iter().find(|operation| operation.name.wire == vector.subject.name());
    let field = operation.unwrap().request.iter().find(|sent| sent.field.name.wire == name);
    let is_number = field.is_some_and(|sent| matches!(sent.field.kind, Kind::Amount { .. }));
    let value = vector.inputs.get(name).and_then(Value::as_text).unwrap_or_default();
    let is_trimmed = vector.recipe().unwrap().list.as_ref().is_some_and(|list| list.trim);
    is_number || (is_trimmed && value.ends_with(' ') && what.starts_with("drop"))
}
