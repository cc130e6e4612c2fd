//! The list that a recipe signs, made of received fields.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use payspec_runtime::{
    CallbackError, Charset, Empty, Incoming, Items, Receive, Received, Secret, Select, SignedText, Text,
};
use support::client;

fn received<'a>(query: &'a [u8], body: &'a [u8]) -> Received<'a> {
    let incoming = Incoming::new("POST", query, None, body);
    client().core.receive(&incoming, &[Receive::PostForm], Charset::Utf8).unwrap()
}

fn json(body: &[u8]) -> Received<'_> {
    client().core.receive(&Incoming::post_json(body), &[Receive::PostJson], Charset::Utf8).unwrap()
}

fn signed(items: &Items<'_>) -> SignedText {
    let mut text = Text::new(Charset::Utf8);
    items.write(&mut text, "&", |text, name, value| {
        text.put(name);
        text.put("=");
        text.put_value(value);
    });
    text.finish().unwrap()
}

fn written(items: &Items<'_>) -> String {
    String::from_utf8(signed(items).as_bytes().to_vec()).unwrap()
}

#[test]
fn fields_are_selected_in_the_order_of_the_wire() {
    let received = received(b"q=1", b"z=2&sign=x&a=3&skip=4");
    assert_eq!(written(&received.items(Select::All, &["sign", "skip"]).unwrap()), "q=1&z=2&a=3");
    assert_eq!(written(&received.items(Select::Query, &["sign"]).unwrap()), "q=1");
    assert_eq!(written(&received.items(Select::Body, &["sign"]).unwrap()), "z=2&a=3&skip=4");
    assert_eq!(
        written(&received.items(Select::Named(&["a", "gone", "q", "sign"]), &["sign"]).unwrap()),
        "a=3&gone=&q=1"
    );
}

#[test]
fn the_cases_of_nothing_are_treated_apart() {
    let body = br#"{"null":null,"empty":"","blank":" \t","full":"x"}"#;
    let received = json(body);
    let select = Select::Named(&["absent", "null", "empty", "blank", "full"]);
    let with = |change: &dyn Fn(&mut Items<'_>)| {
        let mut items = received.items(select, &[]).unwrap();
        change(&mut items);
        written(&items)
    };
    assert_eq!(with(&|_| {}), "absent=&null=&empty=&blank= \t&full=x");
    assert_eq!(with(&|items| items.drop_empty()), "blank= \t&full=x");
    assert_eq!(with(&|items| items.drop_blank()), "full=x");
    let each = |items: &mut Items<'_>| {
        items.treat_empty(Empty::Drop, Empty::As("null"), Empty::Keep, Empty::As("-")).unwrap();
    };
    assert_eq!(with(&each), "null=null&empty=&blank=-&full=x");
}

#[test]
fn what_may_not_be_empty_is_refused_by_name() {
    let received = received(b"", b"a=1&b=&c=+");
    let refused = |name: &str| Err(CallbackError::EmptyField { name: name.to_owned() });
    assert_eq!(received.items(Select::All, &[]).unwrap().refuse_empty(), refused("b"));
    assert_eq!(received.items(Select::Named(&["a", "d"]), &[]).unwrap().refuse_empty(), refused("d"));
    assert_eq!(received.items(Select::Named(&["a", "c"]), &[]).unwrap().refuse_empty(), Ok(()));
    let mut items = received.items(Select::All, &[]).unwrap();
    assert_eq!(items.treat_empty(Empty::Keep, Empty::Keep, Empty::Keep, Empty::Refuse), refused("c"));
    assert_eq!(received.required("a"), Ok("1"));
    assert_eq!(received.required("b"), refused("b").map(|()| ""));
    assert_eq!(received.required("d"), refused("d").map(|()| ""));
}

#[test]
fn trimming_comes_before_emptiness_and_before_except() {
    let received = received(b"", b"+b=+x+&c=++&+skip+=1&+sign+=+s+").trimmed().unwrap();
    let mut items = received.items(Select::All, &["sign", "skip"]).unwrap();
    items.drop_empty();
    assert_eq!(written(&items), "b=x");
    assert_eq!(received.signature("sign"), Ok("s"));
    assert_eq!(received.required("b"), Ok("x"));
}

#[test]
fn names_that_are_one_when_trimmed_are_refused_even_if_they_take_no_part() {
    for (body, twice) in [(b"a=1&+a+=2".as_slice(), "a"), (b"+sign+=forged&sign=s".as_slice(), "sign")] {
        let error = received(b"", body).trimmed().unwrap_err();
        assert_eq!(error, CallbackError::RepeatedField { name: twice.to_owned() });
    }
}

#[test]
fn trimmed_values_are_what_is_handed_out() {
    let received = json(br#"{" no ":" 1 ","n":2,"kept":"a\/b","rest":"\t x"}"#).trimmed().unwrap();
    let mut members = received.members();
    assert_eq!(members.required("no", payspec_runtime::read::text).unwrap(), "1");
    assert_eq!(members.required("n", payspec_runtime::read::integer).unwrap(), 2);
    let rest = members.rest();
    assert_eq!(rest.get("rest").unwrap().text(), "\"x\"");
    // What needs no trimming keeps its exact text.
    assert_eq!(rest.get("kept").unwrap().text(), "\"a\\/b\"");
}

#[test]
fn an_object_in_the_signed_list_is_refused_unless_it_takes_no_part() {
    let received = json(br#"{"a":"1","o":{ "x" : 1 },"l":[]}"#);
    let nested = |name: &str| CallbackError::NestedField { name: name.to_owned() };
    assert_eq!(received.items(Select::All, &[]).unwrap_err(), nested("o"));
    assert_eq!(received.items(Select::All, &["o"]).unwrap_err(), nested("l"));
    assert_eq!(written(&received.items(Select::All, &["o", "l"]).unwrap()), "a=1");
    assert_eq!(received.required("o"), Err(nested("o")));
}

#[test]
fn names_are_sorted_by_bytes_or_ignoring_case() {
    let received = received(b"", "b=1&B=2&_=3&a_=4&aB=5&中=6&A=7".as_bytes());
    let mut items = received.items(Select::All, &[]).unwrap();
    items.sort_by_name();
    assert_eq!(written(&items), "A=7&B=2&_=3&aB=5&a_=4&b=1&中=6");
    items.sort_by_name_ignoring_case();
    assert_eq!(written(&items), "_=3&A=7&a_=4&aB=5&B=2&b=1&中=6");
}

#[test]
fn added_items_are_sorted_with_the_others_and_secrets_are_masked() {
    let received = received(b"", b"z=1&a=2");
    let secret = Secret::new("s3cr3t");
    let mut items = received.items(Select::All, &[]).unwrap();
    items.add_secret("key", &secret);
    items.add("fix", "");
    items.add_raw("_body", received.body());
    items.sort_by_name();
    let text = signed(&items);
    assert_eq!(text.as_bytes(), b"_body=z=1&a=2&a=2&fix=&key=s3cr3t&z=1");
    assert_eq!(text.masked(), "_body=z=1&a=2&a=2&fix=&key=******&z=1");
}

#[test]
fn a_json_value_is_signed_as_it_stands() {
    let received = json(r#"{"n":1.0,"t":"\u4e2d\/","b":true}"#.as_bytes());
    assert_eq!(written(&received.items(Select::Body, &[]).unwrap()), "n=1.0&t=中/&b=true");
}
