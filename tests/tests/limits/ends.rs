//! Every limit at its ends, through both executions.

use std::collections::{BTreeMap, BTreeSet};

use payspec::Decimal;
use payspec_codegen::ir::{Alphabet, AmongValue, Bounds, Field, Kind, Limits, RuleKind, Span, StartsWith};
use payspec_interpreter::Value;

use crate::{
    facts::facts,
    shipped,
    tried::{Both, Breach, MERCHANT},
    values::{DAYS, Maker, Target},
};

/// A value for a field, and what becomes of it; no breach: it fits.
struct Try {
    rule: &'static str,
    value: Option<Value>,
    breach: Option<Breach>,
}

impl Try {
    fn of(rule: &'static str, value: impl Into<Value>, breach: Option<Breach>) -> Self {
        Self { rule, value: Some(value.into()), breach }
    }
}

/// The values to try for the limits of a field.
fn tries(maker: &Maker<'_>, field: &Field, limits: &Limits) -> Vec<Try> {
    let Limits { length, items, range, duration, alphabet, starts_with } = limits;
    let mut tries = Vec::new();
    if let Some(length) = length {
        tries.extend(lengths(maker, field, &length.bounds));
    }
    if let Some(items) = items {
        tries.extend(counts(maker, field, items));
    }
    if let Some(range) = range {
        tries.extend(numbers(field, range));
    }
    if let (Some(duration), Kind::Duration { units }) = (duration, &field.kind) {
        tries.extend(durations(duration, units));
    }
    if let Some(alphabet) = alphabet {
        tries.extend(characters(maker, field, alphabet));
    }
    match starts_with {
        Some(StartsWith::Date { within_days, .. }) => tries.extend(days(*within_days)),
        Some(StartsWith::Credential(_)) => {
            tries.push(Try::of("starts_with", format!("{MERCHANT}aaaa"), None));
            tries.push(Try::of("starts_with", format!("a{MERCHANT}aaa"), Some(Breach::StartsWith)));
        }
        None => {}
    }
    tries
}

fn lengths(maker: &Maker<'_>, field: &Field, bounds: &Bounds<u64>) -> Vec<Try> {
    let of_length = |length: usize, breach| {
        maker.of_length(field, length).map(|value| Try { rule: "length", value: Some(value), breach })
    };
    let mut tries = Vec::new();
    if let Some(min) = bounds.min.map(|min| usize::try_from(min).unwrap()) {
        tries.extend(of_length(min.max(maker.shortest(field)), None));
        // A text that is empty is not short, it is absent: that is the business of `required`.
        tries.extend(
            Some(min - 1)
                .filter(|length| *length > 0)
                .and_then(|length| of_length(length, Some(Breach::Short))),
        );
    }
    if let Some(max) = bounds.max.map(|max| usize::try_from(max).unwrap()) {
        tries.extend(of_length(max, None));
        tries.extend(of_length(max + 1, Some(Breach::Long)));
    }
    tries
}

fn counts(maker: &Maker<'_>, field: &Field, bounds: &Bounds<u64>) -> Vec<Try> {
    let mut tries = Vec::new();
    let items = |count: u64| maker.items(field, usize::try_from(count).unwrap());
    if let Some(min) = bounds.min {
        tries.push(Try::of("items", items(min), None));
        // Joined, nothing is left of an empty list: where one is required it is missing.
        let is_text = matches!(field.kind, Kind::List { join: Some(_), .. });
        let is_missed = is_text && min == 1 && field.required;
        tries.push(Try::of(
            "items",
            items(min - 1),
            Some(if is_missed { Breach::Missing } else { Breach::FewItems }),
        ));
    }
    if let Some(max) = bounds.max {
        tries.push(Try::of("items", items(max), None));
        tries.push(Try::of("items", items(max + 1), Some(Breach::ManyItems)));
    }
    tries
}

fn numbers(field: &Field, bounds: &Bounds<String>) -> Vec<Try> {
    let scale = match field.kind {
        Kind::Amount { scale, .. } | Kind::Decimal { scale, .. } => scale,
        _ => 0,
    };
    let step = Decimal::new(1, scale);
    let text = |number: Decimal| number.round_dp(scale).to_string();
    let mut tries = Vec::new();
    if let Some(min) = bounds.min.as_ref().map(|min| min.parse::<Decimal>().unwrap()) {
        tries.push(Try::of("range", text(min), None));
        tries.push(Try::of("range", text(min - step), Some(Breach::Below)));
    }
    if let Some(max) = bounds.max.as_ref().map(|max| max.parse::<Decimal>().unwrap()) {
        tries.push(Try::of("range", text(max), None));
        tries.push(Try::of("range", text(max + step), Some(Breach::Above)));
    }
    tries
}

/// The ends in every unit in which they are whole.
fn durations(bounds: &Bounds<Span>, units: &[char]) -> Vec<Try> {
    let seconds = |unit: char| match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => 86400,
    };
    let mut tries = Vec::new();
    for unit in units {
        let whole = |span: &Span| {
            let all = span.count * seconds(span.unit);
            all.is_multiple_of(seconds(*unit)).then(|| all / seconds(*unit))
        };
        if let Some(min) = bounds.min.as_ref().and_then(whole) {
            tries.push(Try::of("duration", format!("{min}{unit}"), None));
            tries.push(Try::of("duration", format!("{}{unit}", min - 1), Some(Breach::Below)));
        }
        if let Some(max) = bounds.max.as_ref().and_then(whole) {
            tries.push(Try::of("duration", format!("{max}{unit}"), None));
            tries.push(Try::of("duration", format!("{}{unit}", max + 1), Some(Breach::Above)));
        }
    }
    let other = ['s', 'm', 'h', 'd'].into_iter().find(|unit| !units.contains(unit));
    tries.extend(other.map(|unit| Try::of("units", format!("86400{unit}"), Some(Breach::Unit))));
    tries
}

/// The ends of every range of the alphabet, and their neighbours outside.
fn characters(maker: &Maker<'_>, field: &Field, alphabet: &Alphabet) -> Vec<Try> {
    let beginning = maker.beginning(field);
    let is_in = |letter: char| alphabet.ranges.iter().any(|(low, high)| (*low..=*high).contains(&letter));
    let ends =
        alphabet.ranges.iter().flat_map(|(low, high)| [*low, *high]).filter(|letter| !letter.is_control());
    let all: String = ends.collect();
    let mut tries = vec![Try::of("alphabet", format!("{beginning}{all}"), None)];
    let neighbours = alphabet.ranges.iter().flat_map(|(low, high)| {
        [u32::from(*low).checked_sub(1), u32::from(*high).checked_add(1)]
            .into_iter()
            .flatten()
            .filter_map(char::from_u32)
    });
    let outside: BTreeSet<char> =
        neighbours.chain(['中', 'é']).filter(|letter| !is_in(*letter) && !letter.is_whitespace()).collect();
    for letter in outside {
        tries.push(Try::of("alphabet", format!("{beginning}{letter}"), Some(Breach::Alphabet)));
    }
    tries
}

fn days(within: u32) -> Vec<Try> {
    assert_eq!(within, 1, "the days to try are made for one day around today");
    let [early, yesterday, today, tomorrow, late] = DAYS;
    let inside = [yesterday, today, tomorrow].map(|day| Try::of("date_within", format!("{day}aa"), None));
    let outside =
        [early, late].map(|day| Try::of("date_within", format!("{day}aa"), Some(Breach::StartsWith)));
    let no_day = ["20220532aa", "2022-05-25", "20220a25aa", "0"];
    let no_day = no_day.map(|text| Try::of("starts_with", text, Some(Breach::StartsWith)));
    inside.into_iter().chain(outside).chain(no_day).collect()
}

/// Which limits were tried, and with how many values.
#[derive(Default)]
struct Tally {
    tried: BTreeMap<(String, &'static str), usize>,
    wrong: Vec<String>,
}

impl Tally {
    fn note(
        &mut self,
        target: &Target<'_>,
        maker: &Maker<'_>,
        rule: &'static str,
        result: Result<(), String>,
    ) {
        let place = target.place(maker.provider);
        if let Err(why) = result {
            self.wrong.push(format!("{} ({place}), {rule}: {why}", target.path()));
        }
        *self.tried.entry((place, rule)).or_default() += 1;
    }

    fn limits(&self) -> BTreeSet<(String, &'static str)> {
        self.tried.keys().cloned().collect()
    }

    /// Nothing was wrong; how many limits of each rule were tried.
    fn counts(&self) -> BTreeMap<&'static str, usize> {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        let mut counts = BTreeMap::new();
        for (_, rule) in self.tried.keys() {
            *counts.entry(*rule).or_default() += 1;
        }
        counts
    }
}

/// The limits of this level that the specs state for fields that a caller fills in.
fn stated(level: &str) -> BTreeSet<(String, &'static str)> {
    let mut all = BTreeSet::new();
    for provider in shipped() {
        let maker = Maker { provider: &provider, credential: MERCHANT };
        let places: BTreeSet<String> = maker.targets().iter().map(|target| target.place(&provider)).collect();
        let facts = facts(&provider).into_iter().filter(|fact| fact.level == level && fact.rule != "among");
        all.extend(facts.filter(|fact| places.contains(&fact.place)).map(|fact| (fact.place, fact.rule)));
    }
    all
}

/// Lets each field of each shipped spec be tried.
fn each_field(mut try_field: impl FnMut(&Both, &Maker<'_>, &Target<'_>, &mut Tally)) -> Tally {
    let mut tally = Tally::default();
    for provider in shipped() {
        let both = Both::open(&provider);
        let maker = Maker { provider: &provider, credential: MERCHANT };
        for target in maker.targets() {
            try_field(&both, &maker, &target, &mut tally);
        }
    }
    tally
}

#[test]
fn a_value_at_the_end_of_a_limit_passes_and_the_next_one_is_refused() {
    let tally = each_field(|both, maker, target, tally| {
        for Try { rule, value, breach } in tries(maker, target.field(), &target.field().limits) {
            let inputs = maker.allowed(target, value.clone());
            let operation = &target.operation.name.wire;
            let result = match breach {
                None => both.passes(operation, &inputs),
                Some(breach) => both.refuses(operation, &inputs, &target.path(), breach),
            };
            tally.note(target, maker, rule, result.map_err(|why| format!("{value:?}: {why}")));
        }
    });
    let expected = BTreeMap::from([
        ("alphabet", 3),
        ("date_within", 1),
        ("duration", 1),
        ("items", 6),
        ("length", 42),
        ("range", 19),
        ("starts_with", 1),
        ("units", 1),
    ]);
    assert_eq!(tally.counts(), expected);
    assert_eq!(tally.limits(), stated("must"));
}

#[test]
fn advice_is_given_behind_the_end_of_a_softer_limit_and_refuses_nothing() {
    let tally = each_field(|both, maker, target, tally| {
        for Try { rule, value, breach } in tries(maker, target.field(), &target.field().advice) {
            let inputs = maker.inputs(target, value);
            let result = both.advises(&target.operation.name.wire, &inputs, &target.path(), breach);
            tally.note(target, maker, rule, result);
        }
    });
    let expected = BTreeMap::from([("date_within", 1), ("length", 2), ("starts_with", 3)]);
    assert_eq!(tally.counts(), expected);
    assert_eq!(tally.limits(), stated("should"));
}

#[test]
fn a_required_value_is_missed_and_an_optional_one_is_not() {
    let tally = each_field(|both, maker, target, tally| {
        let (field, operation) = (target.field(), &target.operation.name.wire);
        let absent = maker.inputs(target, None);
        let is_asked_for_by_a_rule =
            target.operation.rules.iter().any(
                |rule| matches!(&rule.kind, RuleKind::AnyOf(names) if names.first() == Some(&field.name)),
            );
        if field.required {
            tally.note(target, maker, "required", both.has_no_type(operation, &absent, &target.path()));
        } else if !is_asked_for_by_a_rule {
            tally.note(target, maker, "optional", both.passes(operation, &absent));
        }
        if matches!(field.kind, Kind::Text) && field.required {
            let empty = maker.inputs(target, Some(Value::from("")));
            let result = both.refuses(operation, &empty, &target.path(), Breach::Missing);
            tally.note(target, maker, "required", result.map_err(|why| format!("empty: {why}")));
        }
    });
    let expected = BTreeMap::from([("optional", 34), ("required", 48)]);
    assert_eq!(tally.counts(), expected);
}

#[test]
fn a_value_that_must_be_among_others_is_compared_with_each() {
    let tally = each_field(|both, maker, target, tally| {
        for rule in &target.operation.rules {
            let RuleKind::Among { field, values } = &rule.kind else { continue };
            if target.chain.len() > 1 || target.field().name != *field {
                continue;
            }
            let operation = &target.operation.name.wire;
            for value in values {
                let given = match value {
                    AmongValue::Credential(_) => MERCHANT.to_owned(),
                    AmongValue::Member(path) => {
                        let inputs = maker.inputs(target, None);
                        let Some(Value::List(items)) = inputs.get(&path.list.wire) else {
                            panic!("{path:?}")
                        };
                        let Some(Value::Object(item)) = items.first() else { panic!("{path:?}") };
                        item.get(&path.member.wire).and_then(Value::as_text).unwrap().to_owned()
                    }
                };
                let inputs = maker.inputs(target, Some(Value::from(given)));
                tally.note(target, maker, "among", both.passes(operation, &inputs));
            }
            let inputs = maker.inputs(target, Some(Value::from("nobody")));
            let result = both.refuses(operation, &inputs, &target.path(), Breach::Among);
            tally.note(target, maker, "among", result);
        }
    });
    assert_eq!(tally.counts(), BTreeMap::from([("among", 1)]));
    assert_eq!(tally.tried.values().sum::<usize>(), 3);
}
