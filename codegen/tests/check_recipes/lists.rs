//! Lists: which values, in which order, how names, numbers, objects and nothing are written.

use payspec_codegen::ir::*;

use super::{list, names, path, recipe, selection};

#[test]
fn values_are_selected_by_name_path_beginning_element_and_row() {
    let Selection::Named(entries) = selection(
        "[id, bill.amount.value, \"shp*\", \"tags[]\", { each: rows, fields: [\"name#\", price] }, { each: a.b, from: 0, fields: [c] }]",
    ) else {
        panic!()
    };
    let rows = |rows, from, fields: &[&str]| Entry::Rows { rows: path(rows), from, fields: names(fields) };
    let expected = [
        Entry::Name("id".to_owned()),
        Entry::Path(path("bill.amount.value")),
        Entry::Prefix("shp".to_owned()),
        Entry::Elements("tags".to_owned()),
        rows("rows", 1, &["name#", "price"]),
        rows("a.b", 0, &["c"]),
    ];
    assert_eq!(entries, expected);
}

#[test]
fn the_message_may_name_what_is_signed() {
    assert_eq!(
        selection("{ named_in: signed, split: \",\", at_least: [amount, id] }"),
        Selection::NamedIn {
            field: path("signed"),
            split: Some(",".to_owned()),
            at_least: names(&["amount", "id"]),
            within: None,
        }
    );
    assert_eq!(
        selection("{ named_in: meta.signed, at_least: [amount], within: data.order }"),
        Selection::NamedIn {
            field: path("meta.signed"),
            split: None,
            at_least: names(&["amount"]),
            within: Some(path("data.order")),
        }
    );
}

#[test]
fn headers_and_the_members_of_an_object_make_a_list() {
    assert_eq!(selection("{ headers: [Date, X-Nonce] }"), Selection::Headers(names(&["date", "x-nonce"])));
    assert_eq!(selection("{ members_of: data.order }"), Selection::MembersOf(path("data.order")));
    assert_eq!(selection("query"), Selection::Query);
}

#[test]
fn a_list_says_how_names_numbers_objects_and_nothing_are_written() {
    let list = list(
        "names: upper\ntrim: true\nnumbers: decimals(2)\nnested: leaves\nalso_empty: [\"0\", \"null\"]\nexcept: [A]\n\
         empties: { absent: drop, json_null: { as: \"null\" }, empty: keep }",
    );
    assert_eq!((list.names, list.trim, list.nested), (Names::Upper, true, Nested::Leaves));
    assert_eq!(list.numbers, Some(Decimals { min: 2, max: 2 }));
    assert_eq!(list.also_empty, ["0", "null"]);
    let empties = Empties {
        absent: EmptyAction::Drop,
        json_null: EmptyAction::As("null".to_owned()),
        empty: EmptyAction::Keep,
        blank: EmptyAction::Keep,
    };
    assert_eq!(list.empties, empties);
}

#[test]
fn objects_are_raw_dropped_leaves_or_written_by_the_same_rule() {
    let nested = |word| list(&format!("nested: {word}")).nested;
    let all = ["refuse", "raw", "drop", "leaves", "same rule"].map(nested);
    assert_eq!(all, [Nested::Refuse, Nested::Raw, Nested::Drop, Nested::Leaves, Nested::SameRule]);
}

#[test]
fn every_order_is_known() {
    let order = |word| list(&format!("order: {word}")).order;
    assert_eq!(order("by value"), Order::ByValue);
    assert_eq!(order("by name then value"), Order::ByNameThenValue);
    assert_eq!(order("by item"), Order::ByItem);
    assert_eq!(order("by item ignoring case"), Order::ByItemIgnoringCase);
    assert_eq!(order("by name ignoring case"), Order::ByNameIgnoringCase);
    assert_eq!(order("as on the wire"), Order::AsOnTheWire);
}

#[test]
fn a_pair_may_hold_a_secret_filters_and_the_value_twice() {
    let pair = list("pair: \"{name|upper}={value|url(rfc3986)}{value|length}{credential:secret}\"").pair;
    let PairPiece::Operand { from: Operand::Credential(secret), filters } = &pair[4] else { panic!() };
    assert_eq!((secret.name.wire.as_str(), filters.len()), ("secret", 0));
    let expected = [
        PairPiece::Name(vec![Filter::Upper]),
        PairPiece::Literal("=".to_owned()),
        PairPiece::Value(vec![Filter::Url(UrlDialect::Rfc3986)]),
        PairPiece::Value(vec![Filter::Length]),
    ];
    assert_eq!(pair[..4], expected);
}

#[test]
fn positional_values_keep_their_empty_slots() {
    let recipe = recipe(
        r#"notify: { fields: [id, control, amount], empties: keep, order: as listed, pair: ":{value}", join: "", text: "{credential:pin}{fields}", algorithm: md5, output: hex lower, place: { field: md5 } }"#,
    );
    let list = recipe.list.unwrap();
    assert_eq!(
        (list.order, list.join.as_str(), list.empties.absent),
        (Order::AsListed, "", EmptyAction::Keep)
    );
    assert_eq!(list.fields.plain_names().unwrap(), ["id", "control", "amount"]);
}

#[test]
fn repeated_names_are_said_for_the_message() {
    let repeated = |word: &str| {
        recipe(&format!(
            "r: {{ repeated: {word}, text: \"{{message:url}}\", algorithm: hmac-sha1, key: secret, output: base64, place: {{ header: X-Sign }} }}"
        ))
        .repeated
    };
    assert_eq!((repeated("distinct"), repeated("each")), (Repeated::Distinct, Repeated::Each));
}

#[test]
fn only_what_leaves_no_trace_when_it_is_absent_has_a_fixed_order() {
    let is_plain = |fields: &str, empties: &str| {
        recipe(&format!(
            "r: {{ fields: {fields}, empties: {empties}, order: by name, pair: \"{{value}}\", join: \"|\", \
             text: \"{{fields}}{{credential:secret}}\", algorithm: md5, output: hex lower, place: {{ field: sign }} }}"
        ))
        .is_plain()
    };
    assert!(is_plain("all", "keep") && is_plain("all", "drop") && is_plain("[a, b]", "drop"));
    assert!(!is_plain("[a, b]", "keep") && !is_plain("[a, b]", "refuse") && !is_plain("all", "refuse"));
    assert!(!is_plain("all", "{ empty: { as: \"-\" } }"));
}
