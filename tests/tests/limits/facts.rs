//! What the IR of a spec says, as statements of the same form as the rows of the table.

use payspec_codegen::ir::{
    Alternative, AmongValue, AmountUnit, Callback, CredentialKind, Envelope, Field, Kind, LengthUnit, Limits,
    Operation, Origin, Provider, Reply, ReplyShape, Rule, RuleKind, Shape, StartsWith, Test, TimeFormat,
    Type,
};

/// A statement of a spec.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fact {
    /// `provider.message.field`.
    pub(crate) place: String,
    pub(crate) rule: &'static str,
    /// `must`, `should`, or nothing.
    pub(crate) level: &'static str,
    pub(crate) min: String,
    pub(crate) max: String,
    pub(crate) value: String,
    pub(crate) unit: &'static str,
    /// Of a field.
    pub(crate) required: Option<bool>,
    /// One of the four documents is the source of the message or type that it stands in.
    pub(crate) documented: bool,
}

/// The four documents, by their ids in the specs.
const DOCUMENTS: [&str; 4] = ["document", "cashier_page", "employee_page", "combine_page"];

/// Everything that a spec states.
pub(crate) fn facts(provider: &Provider) -> Vec<Fact> {
    let mut facts = Facts { provider: provider.name.clone(), documented: false, facts: Vec::new() };
    provider.types.iter().for_each(|item| facts.item(item));
    provider.envelopes.iter().for_each(|envelope| facts.envelope(envelope));
    provider.operations.iter().for_each(|operation| facts.operation(operation));
    provider.callbacks.iter().for_each(|callback| facts.callback(callback));
    for credential in &provider.credentials {
        if let CredentialKind::Choice(alternatives) = &credential.kind {
            facts.within(&credential.sources);
            alternatives.iter().for_each(|own| facts.alternative(&credential.name.wire, own));
        }
    }
    facts.facts
}

struct Facts {
    provider: String,
    documented: bool,
    facts: Vec<Fact>,
}

impl Facts {
    /// What follows stands in something that these sources vouch for.
    fn within(&mut self, sources: &[String]) {
        self.documented = sources.iter().any(|source| DOCUMENTS.contains(&source.as_str()));
    }

    fn put(&mut self, place: &str, fact: Fact) {
        let place = format!("{}.{place}", self.provider);
        self.facts.push(Fact { place, documented: self.documented, ..fact });
    }

    /// Without a source of its own in the IR: looked for where the table names it, and no row is asked for.
    fn put_aside(&mut self, place: &str, fact: Fact) {
        let documented = std::mem::take(&mut self.documented);
        self.put(place, fact);
        self.documented = documented;
    }

    fn put_value(&mut self, place: &str, rule: &'static str, value: &str) {
        self.put(place, value_fact(rule, value));
    }

    fn item(&mut self, item: &Type) {
        self.within(&item.sources);
        match &item.shape {
            Shape::Enum(values) => {
                for value in values {
                    self.put_value(&format!("{}.{}", item.name, value.name.wire), "value", &value.name.wire);
                }
            }
            Shape::Object { fields, rules, extra: _ } => {
                fields.iter().for_each(|field| self.field(&item.name, field));
                self.rules(&item.name, rules);
            }
        }
    }

    fn envelope(&mut self, envelope: &Envelope) {
        self.within(&envelope.sources);
        let name = &envelope.name.wire;
        for received in envelope.members.iter().chain(&envelope.data_fields) {
            self.field(name, &received.field);
        }
        for (field, test) in &envelope.success.0 {
            if let Test::Is(values) = test {
                let place = format!("{name}.success.{}", field.wire);
                values.iter().for_each(|value| self.put_aside(&place, value_fact("value", value)));
            }
        }
    }

    fn operation(&mut self, operation: &Operation) {
        self.within(&operation.sources);
        let name = &operation.name.wire;
        for sent in &operation.request {
            self.field(name, &sent.field);
            if let Origin::Constant(text) = &sent.origin {
                self.put_value(&format!("{name}.{}", sent.field.name.wire), "value", text);
            }
        }
        operation.payload.iter().for_each(|payload| self.field(name, payload));
        self.rules(name, &operation.rules);
        operation.reply.iter().for_each(|reply| self.reply(name, reply));
    }

    fn reply(&mut self, operation: &str, reply: &Reply) {
        let around = format!("{operation}.reply");
        match &reply.shape {
            ReplyShape::Nothing => {}
            ReplyShape::Fields(fields) => {
                fields.iter().for_each(|received| self.field(&around, &received.field))
            }
            ReplyShape::Value(field) => self.field(&around, field),
        }
        if reply.member.is_some() {
            let place = format!("{operation}.constants.response");
            self.put_aside(&place, Fact { rule: "presence", required: Some(true), ..Fact::default() });
        }
        for code in &reply.errors {
            let place = format!("errors.{}.{}", code.field, code.value);
            self.put_aside(&place, value_fact("value", &code.value));
        }
    }

    fn callback(&mut self, callback: &Callback) {
        self.within(&callback.sources);
        let name = &callback.name.wire;
        callback.fields.iter().for_each(|received| self.field(name, &received.field));
        for (field, test) in &callback.when.0 {
            if let Test::Is(values) = test {
                let place = format!("{name}.when.{}", field.wire);
                values.iter().for_each(|value| self.put_value(&place, "value", value));
            }
        }
        if let Some(acknowledge) = &callback.acknowledge {
            for (place, body) in [("accepted", &acknowledge.accepted), ("again", &acknowledge.again)] {
                self.put_aside(&format!("{name}.acknowledge.{place}"), value_fact("acknowledge", body));
            }
        }
        if let Some(retries) = &callback.retries {
            let most = |place: &str, rule, most: u64, unit| {
                let place = format!("{name}.retries.{place}");
                (place, Fact { rule, max: most.to_string(), unit, ..Fact::default() })
            };
            let steady =
                retries.after.first().filter(|first| retries.after.iter().all(|step| step == *first));
            let every = steady.map(|seconds| most("every", "interval", seconds / 60, "minutes"));
            let times = retries.times.map(|times| most("times", "times", times.into(), "items"));
            let within = retries.within.map(|seconds| most("for", "within", seconds / 3600, "hours"));
            for (place, fact) in [every, times, within].into_iter().flatten() {
                self.put_aside(&place, fact);
            }
        }
    }

    fn alternative(&mut self, credential: &str, alternative: &Alternative) {
        let place = format!("credentials.{credential}.{}", alternative.name.wire);
        self.put_value(&place, "value", &alternative.wire);
    }

    fn rules(&mut self, around: &str, rules: &[Rule]) {
        for rule in rules {
            if let RuleKind::Among { field, values } = &rule.kind {
                let value = values.iter().map(|value| match value {
                    AmongValue::Member(path) => format!("{}.{}", path.list.wire, path.member.wire),
                    AmongValue::Credential(path) => path.name.wire.clone(),
                });
                let value = value.collect::<Vec<_>>().join(" ");
                let level = if rule.advice { "should" } else { "must" };
                self.put(
                    &format!("{around}.{}", field.wire),
                    Fact { rule: "among", level, value, ..Fact::default() },
                );
            }
        }
    }

    fn field(&mut self, around: &str, field: &Field) {
        let place = format!("{around}.{}", field.name.wire);
        let unit = amount_unit(&field.kind);
        let required = Some(field.required);
        self.put(&place, Fact { rule: "presence", unit, required, ..Fact::default() });
        if let Some(fact) = kind_facts(&field.kind) {
            self.put(&place, Fact { required, ..fact });
        }
        for (level, limits) in [("must", &field.limits), ("should", &field.advice)] {
            for fact in limit_facts(limits, unit) {
                self.put(&place, Fact { required, level, ..fact });
            }
        }
    }
}

fn value_fact(rule: &'static str, value: &str) -> Fact {
    Fact { rule, value: value.to_owned(), ..Fact::default() }
}

fn amount_unit(kind: &Kind) -> &'static str {
    match kind {
        Kind::Amount { unit: AmountUnit::Yuan, .. } => "yuan",
        Kind::Amount { unit: AmountUnit::Fen, .. } => "fen",
        _ => "",
    }
}

/// How a time is written, and in which units a duration may be.
fn kind_facts(kind: &Kind) -> Option<Fact> {
    let format = |text: &str| Fact { rule: "format", value: text.to_owned(), ..Fact::default() };
    match kind {
        Kind::Timestamp(TimeFormat::UnixSeconds) => Some(format("unix_seconds")),
        Kind::Timestamp(TimeFormat::UnixMillis) => Some(format("unix_millis")),
        Kind::Timestamp(TimeFormat::Pattern(pattern)) | Kind::Date(pattern) => Some(format(&pattern.text)),
        Kind::Duration { units } => {
            let value = units.iter().map(char::to_string).collect::<Vec<_>>().join(" ");
            Some(Fact { rule: "units", level: "must", value, ..Fact::default() })
        }
        _ => None,
    }
}

fn limit_facts(limits: &Limits, amount: &'static str) -> Vec<Fact> {
    let Limits { length, items, range, duration, alphabet, starts_with } = limits;
    let mut facts = Vec::new();
    let mut bounds = |rule, min: Option<String>, max: Option<String>, unit| {
        let (min, max) = (min.unwrap_or_default(), max.unwrap_or_default());
        facts.push(Fact { rule, min, max, unit, ..Fact::default() });
    };
    let number = |end: Option<u64>| end.map(|end| end.to_string());
    if let Some(length) = length {
        let unit = if length.unit == LengthUnit::Chars { "chars" } else { "bytes" };
        bounds("length", number(length.bounds.min), number(length.bounds.max), unit);
    }
    if let Some(items) = items {
        bounds("items", number(items.min), number(items.max), "items");
    }
    if let Some(range) = range {
        bounds("range", range.min.clone(), range.max.clone(), amount);
    }
    if let Some(duration) = duration {
        let end =
            |end: Option<payspec_codegen::ir::Span>| end.map(|span| format!("{}{}", span.count, span.unit));
        bounds("duration", end(duration.min), end(duration.max), "");
    }
    match starts_with {
        Some(StartsWith::Date { pattern, within_days }) => {
            let days = Some(within_days.to_string());
            bounds("date_within", days.clone(), days, "days");
            facts.push(Fact { rule: "starts_with", value: pattern.text.clone(), ..Fact::default() });
        }
        Some(StartsWith::Credential(path)) => {
            facts.push(Fact { rule: "starts_with", value: path.name.wire.clone(), ..Fact::default() });
        }
        None => {}
    }
    if let Some(alphabet) = alphabet {
        facts.push(Fact { rule: "alphabet", value: alphabet.text.clone(), ..Fact::default() });
    }
    facts
}
