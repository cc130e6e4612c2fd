//! Documents and specs agree, in both directions.

use payspec::Decimal;

use crate::{
    facts::{Fact, facts},
    shipped,
    table::{Row, rows},
};

fn all_facts() -> Vec<Fact> {
    shipped().iter().flat_map(|provider| facts(provider)).collect()
}

/// Why the spec does not say what the row says; nothing if it does.
fn disagreement(row: &Row, facts: &[Fact]) -> Option<String> {
    if row.spec.is_empty() {
        return Some("the row names no place in a spec".to_owned());
    }
    let here: Vec<&Fact> = facts.iter().filter(|fact| fact.place == row.spec).collect();
    if here.is_empty() {
        return Some("the spec has no such place".to_owned());
    }
    let required = here.iter().find_map(|fact| fact.required);
    let mark = match row.required.as_str() {
        "Y" => Some(true),
        "N" => Some(false),
        _ => None,
    };
    if let (Some(said), Some(is)) = (mark, required)
        && said != is
    {
        return Some(format!("required is {is} in the spec"));
    }
    let same_rule =
        |fact: &&&Fact| fact.rule == row.rule && (fact.level == row.level || row.level.is_empty());
    match (here.iter().find(same_rule), row.states_nothing() && row.rule != "presence") {
        (None, true) => None,
        (None, false) => Some("the spec states nothing of the kind".to_owned()),
        (Some(fact), true) => Some(format!("the document states nothing, the spec {fact:?}")),
        (Some(fact), false) => (!says_the_same(row, fact)).then(|| format!("the spec says {fact:?}")),
    }
}

fn says_the_same(row: &Row, fact: &Fact) -> bool {
    // How often and how long a notice is repeated is an upper end only.
    let is_upper = matches!(row.rule.as_str(), "interval" | "times" | "within");
    (is_upper || same_number(&row.min, &fact.min))
        && same_number(&row.max, &fact.max)
        && row.value == fact.value
        && row.unit == fact.unit
}

/// `0.00` is `0`; what is no number is compared as text.
fn same_number(one: &str, other: &str) -> bool {
    let number = |text: &str| text.parse::<Decimal>().ok();
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

#[test]
fn what_a_document_states_is_in_its_spec() {
    let facts = all_facts();
    let rows = rows();
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let disagreement = disagreement(row, &facts);
            let problem = match (disagreement, row.differs.is_empty(), row.is_undocumented()) {
                (Some(why), true, _) | (Some(why), false, true) => why,
                (None, true, true) => "no document states it, and the row does not say so".to_owned(),
                (None, false, false) => format!("the spec agrees, `differs` is out of date: {}", row.differs),
                _ => return None,
            };
            Some(format!("line {}, {} {}: {problem}", row.line, row.spec, row.rule))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(rows.len(), 253);
    let (aside, agreeing): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| !row.differs.is_empty());
    assert_eq!((agreeing.len(), aside.len()), (207, 46));
}

#[test]
fn what_a_spec_states_by_a_document_has_a_row() {
    let rows = rows();
    let facts: Vec<Fact> = all_facts().into_iter().filter(|fact| fact.documented).collect();
    // That a field is there, and whether it must be, stands in each of its rows.
    let has_row = |fact: &Fact| {
        rows.iter().any(|row| row.spec == fact.place && (row.rule == fact.rule || fact.rule == "presence"))
    };
    let without: Vec<String> = facts
        .iter()
        .filter(|fact| !has_row(fact))
        .map(|fact| format!("{} {}", fact.place, fact.rule))
        .collect();
    assert!(without.is_empty(), "{}", without.join("\n"));
    assert_eq!(facts.len(), 298);
}

#[test]
fn a_wrong_number_in_the_table_is_found() {
    let facts = all_facts();
    let row = |rule: &str, spec: &str| {
        rows().into_iter().find(|row| row.rule == rule && row.spec == spec && row.differs.is_empty()).unwrap()
    };
    let reason = row("length", "guanaitong.cashier.reason");
    let amount = row("range", "ysepay.SubOrder.amount");
    let query = row("presence", "aggregate_pay.query_order.order_no");
    for right in [&reason, &amount, &query] {
        assert_eq!(disagreement(right, &facts), None);
    }
    for wrong in [
        Row { max: "255".to_owned(), ..reason.clone() },
        Row { min: String::new(), ..reason.clone() },
        Row { unit: "bytes".to_owned(), ..reason.clone() },
        Row { level: "should".to_owned(), ..reason.clone() },
        Row { spec: "guanaitong.cashier.reasons".to_owned(), ..reason },
        Row { min: "0.02".to_owned(), ..amount.clone() },
        Row { unit: "fen".to_owned(), ..amount },
        Row { required: "N".to_owned(), ..query },
    ] {
        assert!(disagreement(&wrong, &facts).is_some(), "{wrong:?}");
    }
}
