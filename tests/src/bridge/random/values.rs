//! Values of fields: as a caller gives them, and as they are received.

use payspec::{Timestamp, Yuan};
use payspec_codegen::ir::{
    AmountUnit, Bounds, Field, Item, JsonOf, Kind, Limits, Opened, Rule, Shape, Span, TimeFormat, TypeId,
};
use payspec_interpreter::{Map, Value};
use payspec_runtime::crypto::Sealed;

use super::{Draw, written_day};

impl Draw<'_> {
    /// A value for a field that the caller fills in.
    pub(super) fn given(&mut self, field: &Field, trimmed: bool) -> Value {
        let limits = &field.limits;
        Value::from(match &field.kind {
            Kind::Text => self.text(limits, trimmed),
            Kind::Url => self.url(limits),
            Kind::Enum(id) => self.listed_or_other(*id),
            Kind::Integer { .. } => self.number(limits.range.as_ref(), 0),
            Kind::Decimal { scale, .. } => self.number(limits.range.as_ref(), *scale),
            Kind::Amount { unit: AmountUnit::Yuan, .. } => {
                let yuan = self.number(limits.range.as_ref(), 2);
                self.perhaps_shorter(yuan)
            }
            Kind::Amount { unit: AmountUnit::Fen, .. } => self.number(limits.range.as_ref(), 0),
            Kind::Flag { .. } => self.pick(&["true", "false"]).to_owned(),
            Kind::Timestamp(format) => {
                let seconds = self.seconds();
                if *format == TimeFormat::UnixMillis { format!("{seconds}123") } else { seconds.to_string() }
            }
            Kind::Date(_) => self.day(),
            Kind::Duration { units } => self.span(limits.duration.as_ref(), units),
            Kind::Object(id) => return Value::Object(self.object(*id)),
            Kind::List { of, .. } => return Value::List(self.list(*of, limits)),
            Kind::Rows { of, .. } => return Value::List(self.list(Item::Object(*of), limits)),
            Kind::Base64Json(JsonOf::Object(id)) => return Value::Object(self.object(*id)),
            Kind::Base64Json(JsonOf::Any) => return self.anything(2),
            Kind::Json(JsonOf::Object(id)) => {
                let members = self.object(*id);
                if self.once_in(6) {
                    return Value::Text(self.exact(*id, &members));
                }
                return Value::Object(members);
            }
            Kind::Json(JsonOf::Any) => {
                if self.once_in(3) {
                    return self.anything(2);
                }
                self.json_text()
            }
            // These two inside of an object that is received; of the encrypted its plain text.
            Kind::Encrypted(_) => self.any_text(),
            Kind::RawJson => return Value::Json(self.json_text()),
            Kind::Fixed(_) | Kind::Signature => {
                panic!("`{}` is not given", field.name.wire)
            }
        })
    }

    /// Members of an object of a type, in its order, and others where they are allowed.
    fn object(&mut self, id: TypeId) -> Map<Value> {
        let provider = self.provider();
        let Shape::Object { fields, rules, extra } = &provider[id].shape else { panic!("an object") };
        let fields: Vec<&Field> =
            fields.iter().filter(|field| !matches!(field.kind, Kind::Fixed(_) | Kind::Signature)).collect();
        let mut members = Map::new();
        for field in &fields {
            if let Some(value) = self.perhaps(field, false) {
                members.insert(&field.name.wire, value);
            }
        }
        self.obey(&mut members, &fields, rules);
        while *extra && self.once_in(3) {
            let name = self.pick(&["goodsCategory", "附加", "a b", "x\"y"]);
            let value = if self.once_in(2) {
                Value::Json(self.pick(&["1.50", "true", "null", "{\"a\":[1]}"]).to_owned())
            } else {
                Value::Text(self.any_text())
            };
            members.insert(name, value);
        }
        members
    }

    /// Exact JSON text of members, as another writer would give it: days as the spec writes them, blanks between.
    fn exact(&self, id: TypeId, members: &Map<Value>) -> String {
        let provider = self.provider();
        let Shape::Object { fields, .. } = &provider[id].shape else { panic!("an object") };
        let kind = |name: &str| fields.iter().find(|field| field.name.wire == name).map(|field| &field.kind);
        let written = |(name, value): (&str, &Value)| {
            let value = match (kind(name), value) {
                (Some(Kind::Date(pattern)), Value::Text(day)) if !day.is_empty() => {
                    Value::from(written_day(day, pattern))
                }
                (Some(Kind::Flag { yes, no }), Value::Text(flag)) => {
                    Value::from(if flag == "true" { yes.as_str() } else { no.as_str() })
                }
                (_, value) => value.clone(),
            };
            (name.to_owned(), value)
        };
        json_of(&Value::Object(members.iter().map(written).collect()))
    }

    /// A value for a field, or nothing: absent, or in a text that counts as absent.
    pub(super) fn perhaps(&mut self, field: &Field, trimmed: bool) -> Option<Value> {
        if field.required {
            return Some(self.given(field, trimmed));
        }
        let is_text = matches!(field.kind, Kind::Text | Kind::Enum(_));
        match self.below(16) {
            0..4 => None,
            4 => Some(Value::from("")),
            5 if is_text => Some(Value::from(self.pick(&[" ", "\t", "   ", " \r\n"]))),
            _ => Some(self.given(field, trimmed)),
        }
    }

    fn list(&mut self, of: Item, limits: &Limits) -> Vec<Value> {
        let least = limits.items.and_then(|items| items.min).unwrap_or(0);
        let most = limits.items.and_then(|items| items.max).unwrap_or(least + 4);
        let wanted = if self.once_in(400) {
            most.min(60)
        } else {
            least + self.below(most.min(least + 3) - least + 1)
        };
        let none = Limits::default();
        (0..wanted)
            .map(|_| match of {
                Item::Text => Value::Text(self.text(&none, false)),
                Item::Url => {
                    Value::Text(self.url(&Limits { length: None, ..none.clone() }).chars().take(60).collect())
                }
                Item::Object(id) => Value::Object(self.object(id)),
            })
            .collect()
    }

    /// JSON of unknown shape as a dynamic value.
    fn anything(&mut self, depth: u64) -> Value {
        match self.below(if depth == 0 { 2 } else { 4 }) {
            0 => Value::Json(self.pick(&["1.0", "null", "true", "\"中\\u6587\""]).to_owned()),
            2 => Value::List((0..self.below(3)).map(|_| self.anything(depth - 1)).collect()),
            3 => {
                let members = (0..self.below(3)).map(|at| (format!("m{at}"), self.anything(depth - 1)));
                Value::Object(members.collect())
            }
            // At the top, a text would be the exact JSON.
            _ if depth == 2 => Value::Object(Map::from([("text", Value::Text(self.any_text()))])),
            _ => Value::Text(self.any_text()),
        }
    }

    pub(super) fn listed_or_other(&mut self, id: TypeId) -> String {
        let provider = self.provider();
        let Shape::Enum(values) = &provider[id].shape else { panic!("an enumeration") };
        if self.once_in(6) {
            return self.pick(&["other", "0", "901x", "新的", "a b", "UTF-8"]).to_owned();
        }
        values[self.index(values.len())].name.wire.clone()
    }

    /// Plain digits within a range, often at its ends.
    pub(super) fn number(&mut self, range: Option<&Bounds<String>>, scale: u32) -> String {
        let end = |end: Option<&String>| end.map(|end| scaled(end, scale));
        let low = end(range.and_then(|range| range.min.as_ref())).unwrap_or(0);
        let high = end(range.and_then(|range| range.max.as_ref())).unwrap_or(low + 1_000_000_000_000);
        let number = match self.below(8) {
            0 => low,
            1 => high,
            2 => (low + 1).min(high),
            3..6 => self.between(low, high.min(low + 100_000)),
            _ => self.between(low, high),
        };
        plain(number, scale)
    }

    /// `10.50` is also `10.5`, and `10.00` is `10`.
    fn perhaps_shorter(&mut self, number: String) -> String {
        if self.once_in(3) { number.trim_end_matches('0').trim_end_matches('.').to_owned() } else { number }
    }

    pub(super) fn seconds(&mut self) -> i64 {
        i64::try_from(self.below(4_000_000_000)).expect("seconds")
    }

    pub(super) fn day(&mut self) -> String {
        let seconds = self.seconds();
        Timestamp::from_unix_seconds(seconds).expect("a time").date_at(0).to_string()
    }

    pub(super) fn span(&mut self, bounds: Option<&Bounds<Span>>, units: &[char]) -> String {
        let ends: Vec<Span> = bounds.iter().flat_map(|bounds| [bounds.min, bounds.max]).flatten().collect();
        if !ends.is_empty() && self.once_in(3) {
            let Span { count, unit } = ends[self.index(ends.len())];
            return format!("{count}{unit}");
        }
        let unit = units[self.index(units.len())];
        let seconds = |unit: char| match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            _ => 86_400,
        };
        let end = |span: Option<Span>, usual: u64| span.map_or(usual, |span| span.count * seconds(span.unit));
        let low = end(bounds.and_then(|bounds| bounds.min), 0).div_ceil(seconds(unit));
        let high = end(bounds.and_then(|bounds| bounds.max), low * seconds(unit) + 1_000_000) / seconds(unit);
        format!("{}{unit}", low + self.below(high.saturating_sub(low) + 1))
    }

    /// The text of a value as a provider sends it.
    pub(super) fn received(&mut self, field: &Field) -> String {
        match &field.kind {
            Kind::Text => {
                let text = self.any_text();
                if text.trim().is_empty() && field.required { format!("{text}x") } else { text }
            }
            Kind::Url => self.url(&Limits::default()),
            Kind::Enum(id) => self.listed_or_other(*id),
            Kind::Integer { .. } => self.number(None, 0),
            Kind::Decimal { scale, .. } => self.number(None, *scale),
            Kind::Amount { unit, read_scale, .. } => self.received_amount(*unit, *read_scale),
            Kind::Flag { yes, no } => self.pick(&[yes.as_str(), no.as_str()]).to_owned(),
            Kind::Timestamp(TimeFormat::UnixSeconds) => self.seconds().to_string(),
            Kind::Timestamp(TimeFormat::UnixMillis) => format!("{}456", self.seconds()),
            Kind::Timestamp(TimeFormat::Pattern(pattern)) | Kind::Date(pattern) => {
                let day = self.day();
                let written = written_day(&day, pattern);
                if matches!(field.kind, Kind::Date(_)) {
                    written
                } else {
                    written.replace("00:00:00", "23:59:58")
                }
            }
            Kind::Duration { units } => self.span(None, units),
            Kind::Json(JsonOf::Object(id)) | Kind::Encrypted(Opened::Object(id)) => {
                json_of(&Value::Object(self.object(*id)))
            }
            Kind::Json(JsonOf::Any) | Kind::RawJson => self.json_text(),
            Kind::Encrypted(Opened::Text) => self.any_text(),
            Kind::Base64Json(of) => {
                let json = match of {
                    JsonOf::Object(id) => json_of(&Value::Object(self.object(*id))),
                    JsonOf::Any => self.json_text(),
                };
                Sealed::from(json.into_bytes()).base64().into()
            }
            Kind::Rows { .. } => panic!("`{}` is never received", field.name.wire),
            Kind::Object(id) => json_of(&Value::Object(self.object(*id))),
            Kind::List { of, join } => {
                let items = self.list(*of, &field.limits);
                match join {
                    Some(join) => items.iter().filter_map(Value::as_text).collect::<Vec<_>>().join(join),
                    None => json_of(&Value::List(items)),
                }
            }
            Kind::Fixed(text) => text.clone(),
            Kind::Signature => String::new(),
        }
    }

    fn received_amount(&mut self, unit: AmountUnit, read_scale: u32) -> String {
        let whole = match unit {
            AmountUnit::Yuan => {
                let fen = self.below(100_000_000_000);
                return Yuan::from_fen(i64::try_from(fen).expect("fen")).to_string();
            }
            AmountUnit::Fen => self.below(100_000_000_000).to_string(),
        };
        let zeros = usize::try_from(self.below(u64::from(read_scale) + 1)).expect("zeros");
        if zeros == 0 { whole } else { format!("{whole}.{}", "0".repeat(zeros)) }
    }

    /// Makes the members obey the rules over them, as far as that is simple; what is left is refused by both sides.
    pub(super) fn obey(&mut self, members: &mut Map<Value>, fields: &[&Field], rules: &[Rule]) {
        for rule in rules.iter().filter(|rule| !rule.advice && rule.when.0.is_empty()) {
            self.obey_one(members, fields, &rule.kind);
        }
    }

    fn obey_one(
        &mut self,
        members: &mut Map<Value>,
        fields: &[&Field],
        rule: &payspec_codegen::ir::RuleKind,
    ) {
        use payspec_codegen::ir::{AmongValue, RuleKind};
        match rule {
            RuleKind::AnyOf(names) | RuleKind::OneOf(names) | RuleKind::AtMostOneOf(names) => {
                let kept = self.index(names.len());
                let needed = !matches!(rule, RuleKind::AtMostOneOf(_));
                for (at, name) in names.iter().enumerate() {
                    let field = fields.iter().find(|field| field.name == *name).expect("a field of the rule");
                    if at == kept && needed {
                        let value = self.given(field, false);
                        members.insert(&name.wire, value);
                    } else if at != kept && !matches!(rule, RuleKind::AnyOf(_)) {
                        members.remove(&name.wire);
                    }
                }
            }
            RuleKind::Unique(path) => {
                let Some(Value::List(items)) = members.get(&path.list.wire) else { return };
                let mut seen = Vec::new();
                let mut kept = Vec::new();
                for item in items {
                    let Value::Object(row) = item else { continue };
                    let member = row.get(&path.member.wire).cloned();
                    if !seen.contains(&member) {
                        seen.push(member);
                        kept.push(item.clone());
                    }
                }
                members.insert(&path.list.wire, Value::List(kept));
            }
            RuleKind::Among { field, values } => {
                let chosen = match &values[self.index(values.len())] {
                    AmongValue::Credential(path) => Value::Text(self.credential(path)),
                    AmongValue::Member(path) => {
                        let Some(Value::List(items)) = members.get(&path.list.wire) else { return };
                        let Some(Value::Object(row)) = items.first() else { return };
                        row.get(&path.member.wire).cloned().unwrap_or(Value::from("x"))
                    }
                };
                members.insert(&field.wire, chosen);
            }
            _ => {}
        }
    }
}

/// A decimal number times a power of ten.
fn scaled(number: &str, scale: u32) -> i128 {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = usize::try_from(scale).expect("a scale");
    format!("{whole}{part:0<digits$}").parse().expect("a number of the spec")
}

fn plain(number: i128, scale: u32) -> String {
    if scale == 0 {
        return number.to_string();
    }
    let power = 10_i128.pow(scale);
    let digits = usize::try_from(scale).expect("a scale");
    format!("{}.{:0digits$}", number / power, number % power)
}

/// JSON text of a value, written by `serde_json`.
pub(super) fn json_of(value: &Value) -> String {
    match value {
        Value::Text(text) => serde_json::to_string(text).expect("a string"),
        Value::Json(exact) => exact.clone(),
        Value::List(items) => format!("[{}]", items.iter().map(json_of).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let name = |name: &str| serde_json::to_string(name).expect("a string");
            let members: Vec<String> =
                members.iter().map(|(own, value)| format!("{} : {}", name(own), json_of(value))).collect();
            format!("{{{}}}", members.join(","))
        }
    }
}
