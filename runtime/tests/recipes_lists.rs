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
    CallbackError, Charset, Empties, Empty, Entry, Filter, Incoming, Items, ListRule, Message, Names, Nested,
    Operand, Order, Receive, RecipeError, Repeated, Secret, Select, SignedText, Text,
};
use support::client;

/// Everything, written in the order of the wire, nothing left out.
const PLAIN: ListRule<'static> =
    ListRule { empties: Empties::KEEP, order: Order::AsSelected, ..ListRule::USUAL };

fn received<'a>(query: &'a [u8], body: &'a [u8]) -> Message<'a> {
    repeated(query, body, Repeated::Refuse)
}

fn repeated<'a>(query: &'a [u8], body: &'a [u8], repeated: Repeated) -> Message<'a> {
    let incoming = Incoming::new("POST", query, None, body);
    client()
        .core
        .receive_repeated(Box::leak(Box::default()), &incoming, &[Receive::PostForm], Charset::Utf8, repeated)
        .unwrap()
}

fn json(body: &str) -> Message<'_> {
    client()
        .core
        .receive(
            Box::leak(Box::default()),
            &Incoming::post_json(body.as_bytes()),
            &[Receive::PostJson],
            Charset::Utf8,
        )
        .unwrap()
}

fn pair(text: &mut Text, name: &str, value: &Operand<'_>) {
    text.put(name);
    text.put("=");
    text.put_value(value);
}

fn signed(items: &Items<'_>) -> Result<SignedText, RecipeError> {
    let mut text = Text::new(Charset::Utf8);
    items.write(&mut text, pair);
    text.finish()
}

fn try_written(message: &Message<'_>, rule: &ListRule<'_>) -> Result<String, RecipeError> {
    let text = signed(&message.items(rule)?)?;
    Ok(String::from_utf8(text.as_bytes().to_vec()).unwrap())
}

fn written(message: &Message<'_>, rule: &ListRule<'_>) -> String {
    try_written(message, rule).unwrap()
}

fn empty(name: &str) -> RecipeError {
    RecipeError::EmptyField { name: name.to_owned() }
}

#[test]
fn fields_are_selected_in_the_order_of_the_wire() {
    let message = received(b"q=1", b"z=2&sign=x&a=3&skip=4");
    let rule = |select, except| written(&message, &ListRule { select, except, ..PLAIN });
    assert_eq!(rule(Select::All, &["sign", "skip"]), "q=1&z=2&a=3");
    assert_eq!(rule(Select::Query, &["sign"]), "q=1");
    assert_eq!(rule(Select::Body, &["sign"]), "z=2&a=3&skip=4");
    assert_eq!(rule(Select::Named(&["a", "gone", "q", "sign"]), &["sign"]), "a=3&gone=&q=1");
}

#[test]
fn the_cases_of_nothing_are_treated_apart() {
    let message = json(r#"{"null":null,"empty":"","blank":" \t","full":"x"}"#);
    let select = Select::Named(&["absent", "null", "empty", "blank", "full"]);
    let with = |empties| try_written(&message, &ListRule { select, empties, ..PLAIN });
    assert_eq!(with(Empties::KEEP).unwrap(), "absent=&null=&empty=&blank= \t&full=x");
    assert_eq!(with(Empties::DROP).unwrap(), "blank= \t&full=x");
    assert_eq!(with(Empties::DROP_BLANK).unwrap(), "full=x");
    assert_eq!(with(Empties::REFUSE), Err(empty("absent")));
    let apart = Empties {
        absent: Empty::Drop,
        json_null: Empty::As("null"),
        empty: Empty::Keep,
        blank: Empty::As("-"),
    };
    assert_eq!(with(apart).unwrap(), "null=null&empty=&blank=-&full=x");
    assert_eq!(with(Empties { blank: Empty::Refuse, ..Empties::KEEP }), Err(empty("blank")));
}

#[test]
fn what_counts_as_empty_as_well_is_judged_without_white_space() {
    let message = json(r#"{"a":"0","b":" null ","c":0,"d":"00","e":"x"}"#);
    let rule = ListRule { also_empty: &["0", "null"], empties: Empties::DROP, trim: true, ..PLAIN };
    assert_eq!(written(&message, &rule), "d=00&e=x");
    let untrimmed = ListRule { trim: false, ..rule };
    assert_eq!(written(&message, &untrimmed), "b= null &d=00&e=x");
}

#[test]
fn trimming_comes_before_emptiness_and_before_except() {
    let message = received(b"", b"+b=+x+&c=++&+skip+=1&+sign+=+s+").trimmed().unwrap();
    let rule = ListRule { except: &["sign", "skip"], empties: Empties::DROP, trim: true, ..PLAIN };
    assert_eq!(written(&message, &rule), "b=x");
}

#[test]
fn names_that_are_one_when_trimmed_are_refused_even_if_they_take_no_part() {
    for (body, twice) in [(b"a=1&+a+=2".as_slice(), "a"), (b"+sign+=forged&sign=s".as_slice(), "sign")] {
        let error = received(b"", body).trimmed().unwrap_err();
        assert_eq!(CallbackError::from(error), CallbackError::RepeatedField { name: twice.to_owned() });
    }
}

#[test]
fn names_are_matched_sorted_and_written_in_their_case() {
    let message = received(b"", b"_=1&orderID=2&Currency=3&shaSign=s&skip=4");
    let rule = ListRule { names: Names::Upper, except: &["SHASIGN", "Skip"], order: Order::ByName, ..PLAIN };
    assert_eq!(written(&message, &rule), "CURRENCY=3&ORDERID=2&_=1");
    let named = ListRule { select: Select::Named(&["CURRENCY", "NONE"]), empties: Empties::DROP, ..rule };
    assert_eq!(written(&message, &named), "CURRENCY=3");
    let lower = ListRule { names: Names::Lower, ..rule };
    assert_eq!(written(&message, &lower), "_=1&currency=3&orderid=2");
}

#[test]
fn names_that_are_one_in_their_case_are_refused() {
    let message = received(b"", b"a=1&A=2");
    assert_eq!(written(&message, &PLAIN), "a=1&A=2");
    let refused = try_written(&message, &ListRule { names: Names::Upper, ..PLAIN });
    assert_eq!(refused, Err(RecipeError::RepeatedField { name: "A".to_owned() }));
}

#[test]
fn repeated_names_are_items_of_their_own_or_once_if_they_are_equal() {
    let (query, body) = (b"a=2&b=x".as_slice(), b"a=1&a=2&b=x".as_slice());
    let rule = ListRule { order: Order::ByNameThenValue, ..PLAIN };
    assert_eq!(written(&repeated(query, body, Repeated::Each), &rule), "a=1&a=2&a=2&b=x&b=x");
    assert_eq!(written(&repeated(query, body, Repeated::Distinct), &rule), "a=1&a=2&b=x");
    let named = ListRule { select: Select::Named(&["a"]), order: Order::AsSelected, ..PLAIN };
    assert_eq!(written(&repeated(query, body, Repeated::Each), &named), "a=2&a=1&a=2");
}

#[test]
fn json_numbers_have_their_decimals_and_numeric_texts_are_left_alone() {
    let message = json(r#"{"a":1.005,"b":"1.005","c":true,"d":{"e":2}}"#);
    let rule = ListRule { numbers: Some((2, 2)), nested: Nested::Leaves, ..PLAIN };
    assert_eq!(written(&message, &rule), "a=1.01&b=1.005&c=true&d.e=2.00");
    let odd = json(r#"{"a":1e2}"#);
    assert!(matches!(try_written(&odd, &rule), Err(RecipeError::Filter(_))));
    assert_eq!(written(&odd, &PLAIN), "a=1e2");
}

#[test]
fn objects_and_arrays_are_refused_left_out_raw_or_leaves() {
    let message =
        json(r#"{"a":"1","o":{ "x" : [1.0, {"y":"\u4e2d"}], "n":null, "e":{}, "f":[] },"l":[true]}"#);
    let with = |nested, except| try_written(&message, &ListRule { nested, except, ..PLAIN });
    let nested = |name: &str| Err(RecipeError::NestedField { name: name.to_owned() });
    assert_eq!(with(Nested::Refuse, &[]), nested("o"));
    assert_eq!(with(Nested::Refuse, &["o"]), nested("l"));
    assert_eq!(with(Nested::Refuse, &["o", "l"]).unwrap(), "a=1");
    assert_eq!(with(Nested::Drop, &[]).unwrap(), "a=1");
    let raw = r#"a=1&o={ "x" : [1.0, {"y":"\u4e2d"}], "n":null, "e":{}, "f":[] }&l=[true]"#;
    assert_eq!(with(Nested::Raw, &[]).unwrap(), raw);
    assert_eq!(with(Nested::Leaves, &[]).unwrap(), "a=1&o.x.0=1.0&o.x.1.y=中&o.n=&l.0=true");
    assert_eq!(with(Nested::Leaves, &["o.x.0", "l"]).unwrap(), "a=1&o.x.1.y=中&o.n=");
}

#[test]
fn a_name_that_occurs_twice_in_a_nested_object_is_refused() {
    let incoming = Incoming::post_json(br#"{"o":{"a":1,"\u0061":2}}"#);
    let refused = client()
        .core
        .receive(Box::leak(Box::default()), &incoming, &[Receive::PostJson], Charset::Utf8)
        .err();
    assert!(matches!(refused, Some(CallbackError::RepeatedField { .. })), "{refused:?}");
}

#[test]
fn an_object_is_written_by_the_same_rule_and_an_array_joined() {
    let body = r#"{"z":"1","o":{"c":"3","b":{"y":2,"x":""},"sign":"s","a":"1"},"l":["b",{"k":"v","h":"w"},[1,2],null,"a"]}"#;
    let message = json(body);
    let rule =
        ListRule { nested: Nested::SameRule, except: &["sign"], empties: Empties::DROP, ..ListRule::USUAL };
    assert_eq!(written(&message, &rule), "l=b&h=w&k=v&1&2&a&o=a=1&b=y=2&c=3&z=1");
    let kept = ListRule { empties: Empties::KEEP, ..rule };
    assert_eq!(written(&message, &kept), "l=b&h=w&k=v&1&2&&a&o=a=1&b=x=&y=2&c=3&z=1");
    assert_eq!(try_written(&message, &ListRule { empties: Empties::REFUSE, ..rule }), Err(empty("x")));
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(60), "]".repeat(60));
    assert_eq!(written(&json(&deep), &rule), "a=1");
}

#[test]
fn entries_choose_prefixes_paths_and_elements() {
    let message = json(
        r#"{"shpB":"2","a":{"b":[{"c":"x"}]},"shpA":"1","l":["q","","p"],"emb":"{\"in\":\"y\"}","n":null}"#,
    );
    let entries = [
        Entry::Name("n"),
        Entry::Prefix("shp"),
        Entry::Path(&["a", "b", "0", "c"]),
        Entry::Path(&["emb", "in"]),
        Entry::Path(&["a", "gone"]),
        Entry::Elements("l"),
        Entry::Elements("gone"),
    ];
    let rule = ListRule { select: Select::Entries(&entries), ..PLAIN };
    assert_eq!(written(&message, &rule), "n=&shpB=2&shpA=1&a.b.0.c=x&emb.in=y&a.gone=&l=q&l=&l=p&gone=");
    let dropped = ListRule { empties: Empties::DROP, ..rule };
    assert_eq!(written(&message, &dropped), "shpB=2&shpA=1&a.b.0.c=x&emb.in=y&l=q&l=p");
}

#[test]
fn rows_travel_as_json_or_under_flat_numbered_names() {
    let rows = Entry::Rows { rows: &["rows"], from: 1, fields: &["name#", "price#"] };
    let select = [rows, Entry::Name("end")];
    let rule = ListRule { select: Select::Entries(&select), ..PLAIN };
    let flat = received(b"", b"rows=2&name1=a&price1=5&name2=b&end=x&name4=never");
    assert_eq!(written(&flat, &rule), "name1=a&price1=5&name2=b&price2=&end=x");
    assert_eq!(written(&received(b"", b"end=x"), &rule), "end=x");
    let members = Entry::Rows { rows: &["o", "rows"], from: 0, fields: &["name", "price"] };
    let select = [members];
    let rule = ListRule { select: Select::Entries(&select), ..PLAIN };
    let nested = json(r#"{"o":{"rows":[{"price":5,"name":"a"},{"name":"b"}]}}"#);
    let all = "o.rows.0.name=a&o.rows.0.price=5&o.rows.1.name=b&o.rows.1.price=";
    assert_eq!(written(&nested, &rule), all);
    let odd = json(r#"{"o":{"rows":[1]}}"#);
    assert!(matches!(try_written(&odd, &rule), Err(RecipeError::NotJson { .. })));
}

#[test]
fn rows_whose_members_have_no_number_do_not_go_on_for_ever() {
    let entries = [Entry::Rows { rows: &["rows"], from: 1, fields: &["same"] }];
    let rule = ListRule { select: Select::Entries(&entries), ..PLAIN };
    assert_eq!(written(&received(b"", b"same=1"), &rule), "");
}

fn named_in<'r>(split: Option<&'r str>, within: Option<&'r [&'r str]>) -> ListRule<'r> {
    let select = Select::NamedIn { field: &["signed"], split, at_least: &["amount"], within };
    ListRule { select, except: &["sign"], ..PLAIN }
}

#[test]
fn the_message_says_what_it_signs() {
    let message = received(b"", b"signed=b,amount,gone,sign&amount=5&b=2&other=3&sign=s");
    assert_eq!(written(&message, &named_in(Some(","), None)), "b=2&amount=5&gone=");
    let array = json(r#"{"signed":["amount","b"],"b":"2","amount":"5"}"#);
    assert_eq!(written(&array, &named_in(None, None)), "amount=5&b=2");
    let inside = json(r#"{"signed":"amount;x.y","data":{"amount":"5","x":{"y":"1"}},"amount":"6"}"#);
    assert_eq!(written(&inside, &named_in(Some(";"), Some(&["data"]))), "amount=5&x.y=1");
}

#[test]
fn a_message_that_does_not_say_what_it_signs_is_refused() {
    let bad = Err(RecipeError::BadNames { field: "signed".to_owned() });
    for body in ["signed=amount,,b&b=1", "signed=amount,amount", "signed=", "amount=5", "signed=amount,"] {
        let message = received(b"", body.as_bytes());
        assert_eq!(try_written(&message, &named_in(Some(","), None)), bad, "{body}");
    }
    for body in [
        r#"{"signed":"amount"}"#,
        r#"{"signed":[]}"#,
        r#"{"signed":[1]}"#,
        r#"{"signed":["amount","amount"]}"#,
    ] {
        assert_eq!(try_written(&json(body), &named_in(None, None)), bad, "{body}");
    }
    let without = received(b"", b"signed=b&amount=5&b=2");
    let refused = try_written(&without, &named_in(Some(","), None));
    assert_eq!(refused, Err(RecipeError::NotNamed { name: "amount".to_owned() }));
}

#[test]
fn an_added_item_stands_where_the_message_names_it() {
    let message = received(b"", b"signed=b,key,amount&amount=5&b=2&key=forged");
    let secret = Secret::new("s3cr3t");
    let rule = ListRule { added: &["key", "last"], ..named_in(Some(","), None) };
    let mut items = message.items(&rule).unwrap();
    items.add("key", Operand::secret(&secret));
    items.add("last", Operand::text("9"));
    let text = signed(&items).unwrap();
    assert_eq!(text.as_bytes(), b"b=2&key=s3cr3t&amount=5&last=9");
    assert_eq!(text.masked(), "b=2&key=******&amount=5&last=9");
}

#[test]
fn headers_and_the_members_of_an_object_are_lists_too() {
    let headers = [("X-Time", b"12".as_slice()), ("Host", b"pay.example.com")];
    let incoming = Incoming::post_json(br#"{"data":{"b":"2","sign":"s","a":1},"text":"{\"c\":3}","n":1}"#)
        .headers(&headers);
    let message = client()
        .core
        .receive(Box::leak(Box::default()), &incoming, &[Receive::PostJson], Charset::Utf8)
        .unwrap();
    let rule = ListRule { select: Select::Headers(&["Host", "X-Time", "X-None"]), ..PLAIN };
    assert_eq!(written(&message, &rule), "host=pay.example.com&x-time=12&x-none=");
    let mut names = Text::new(Charset::Utf8);
    message.items(&ListRule { join: ";", ..rule }).unwrap().write_names(&mut names, pair);
    assert_eq!(names.finish().unwrap().as_bytes(), b"host;x-time;x-none");
    let members = |path| ListRule { select: Select::MembersOf(path), except: &["sign"], ..PLAIN };
    assert_eq!(written(&message, &members(&["data"])), "b=2&a=1");
    assert_eq!(written(&message, &members(&["text"])), "c=3");
    assert_eq!(try_written(&message, &members(&["gone"])), Err(empty("gone")));
    assert!(matches!(try_written(&message, &members(&["n"])), Err(RecipeError::NotJson { .. })));
}

#[test]
fn each_order_is_its_own() {
    let message = received(b"", "b=1&B=2&_=1&a_=0&aB=5&中=6&A=7".as_bytes());
    let by = |order| written(&message, &ListRule { order, ..PLAIN });
    assert_eq!(by(Order::AsSelected), "b=1&B=2&_=1&a_=0&aB=5&中=6&A=7");
    assert_eq!(by(Order::ByName), "A=7&B=2&_=1&aB=5&a_=0&b=1&中=6");
    assert_eq!(by(Order::ByNameIgnoringCase), "_=1&A=7&a_=0&aB=5&B=2&b=1&中=6");
    assert_eq!(by(Order::ByValue), "a_=0&b=1&_=1&B=2&aB=5&中=6&A=7");
}

#[test]
fn items_are_sorted_by_what_was_written_for_them() {
    let message = received(b"", b"a=Z&b=a&c=B&ab=1");
    let of = |order| {
        let rule = ListRule { order, ..PLAIN };
        let mut text = Text::new(Charset::Utf8);
        let items = message.items(&rule).unwrap();
        items.write(&mut text, |text, _, value| text.put_filtered(value, &[Filter::Trim]));
        String::from_utf8(text.finish().unwrap().as_bytes().to_vec()).unwrap()
    };
    assert_eq!(of(Order::ByItem), "1&B&Z&a");
    assert_eq!(of(Order::ByItemIgnoringCase), "1&a&B&Z");
    // `ab=1` stands before `a=Z` by name and behind it by item: `=` sorts behind letters no more.
    let rule = ListRule { order: Order::ByItem, ..PLAIN };
    assert_eq!(written(&message, &rule), "a=Z&ab=1&b=a&c=B");
}

#[test]
fn added_items_are_sorted_with_the_others_and_secrets_are_masked() {
    let message = received(b"", b"z=1&a=2");
    let secret = Secret::new("s3cr3t");
    let rule = ListRule { order: Order::ByName, ..PLAIN };
    let mut items = message.items(&rule).unwrap();
    items.add("key", Operand::secret(&secret));
    items.add("fix", Operand::text(""));
    items.add("_body", Operand::bytes(b"z=1&a=2".as_slice()));
    let text = signed(&items).unwrap();
    assert_eq!(text.as_bytes(), b"_body=z=1&a=2&a=2&fix=&key=s3cr3t&z=1");
    assert_eq!(text.masked(), "_body=z=1&a=2&a=2&fix=&key=******&z=1");
    assert!(!format!("{items:?}").contains("s3cr3t"));
}

/// A list of fields as they stand is written from where they stand, any other one item by item: to the same text, with
/// what is added in the same places.
#[test]
fn fields_that_are_written_from_where_they_stand_are_the_same_as_any_others() {
    let secret = Secret::new("s3cr3t");
    let forms = [
        "",
        "b=2&a=1",
        "amount_2=x&amount=%3D&amount_1=&key",
        "b=%26&a=1%2B+x&c==&_=%e5%a5%bd&&B",
        "key=1&fix=2",
    ];
    let added: [&[&str]; 6] =
        [&[], &["key"], &["fix", "_body"], &["_body", "fix"], &["a", "amount_1"], &["zz", "B", "0"]];
    for form in forms {
        let message = received(b"", form.as_bytes());
        for (names, order) in
            added.iter().flat_map(|names| [(names, Order::ByName), (names, Order::AsSelected)])
        {
            for (between, join) in [("=", "&"), ("", "&"), ("=", ""), (":", "\n"), ("=", "&&"), ("好", "好")]
            {
                let plain = ListRule { order, join, ..PLAIN };
                let listed = ListRule { trim: true, ..plain };
                let [plain, listed] = [&plain, &listed].map(|rule| {
                    let mut items = message.items(rule).unwrap();
                    names.iter().for_each(|name| items.add(name, Operand::secret(&secret)));
                    let mut text = Text::new(Charset::Utf8);
                    items.write_pairs(&mut text, between);
                    let text = text.finish().unwrap();
                    (text.as_bytes().to_vec(), text.masked())
                });
                assert_eq!(plain, listed, "{form} {names:?} {order:?} {between:?} {join:?}");
            }
        }
    }
}

#[test]
fn a_secret_behind_every_pair_is_masked_in_every_order_and_depth() {
    let message = json(r#"{"b":"2","a":{"c":"1"}}"#);
    let secret = Secret::new("s3cr3t");
    for order in [Order::AsSelected, Order::ByName, Order::ByItem, Order::ByItemIgnoringCase, Order::ByValue]
    {
        let rule = ListRule { nested: Nested::SameRule, order, ..PLAIN };
        let mut text = Text::new(Charset::Utf8);
        message.items(&rule).unwrap().write(&mut text, |text, name, value| {
            pair(text, name, value);
            text.put_secret(&secret);
        });
        let text = text.finish().unwrap();
        assert!(String::from_utf8_lossy(text.as_bytes()).contains("a=c=1s3cr3ts3cr3t"), "{order:?}");
        assert!(!text.masked().contains("s3cr3t"), "{order:?} {}", text.masked());
    }
}

#[test]
fn a_json_value_is_signed_as_it_stands() {
    let message = json(r#"{"n":1.0,"t":"\u4e2d\/","b":true}"#);
    let rule = ListRule { select: Select::Body, ..PLAIN };
    assert_eq!(written(&message, &rule), "n=1.0&t=中/&b=true");
}

#[test]
fn a_template_leaves_nothing_out() {
    let message = json(r#"{"a":"1","e":"","n":null,"o":{"x":2,"l":["p"]},"b":" "}"#);
    let value = |path: &[&str], empties| {
        let mut text = Text::new(Charset::Utf8);
        text.put_value(&message.field_operand(path, &empties)?);
        Ok::<_, RecipeError>(String::from_utf8(text.finish()?.as_bytes().to_vec()).unwrap())
    };
    assert_eq!(value(&["a"], Empties::REFUSE).unwrap(), "1");
    assert_eq!(value(&["b"], Empties::REFUSE).unwrap(), " ");
    assert_eq!(value(&["o", "x"], Empties::REFUSE).unwrap(), "2");
    assert_eq!(value(&["o", "l", "0"], Empties::REFUSE).unwrap(), "p");
    for (path, name) in
        [(["e"].as_slice(), "e"), (&["n"], "n"), (&["gone"], "gone"), (&["o", "l", "1"], "o.l.1")]
    {
        assert_eq!(value(path, Empties::REFUSE), Err(empty(name)));
        assert_eq!(value(path, Empties::DROP), Err(empty(name)), "dropping counts as refusing");
        assert_eq!(value(path, Empties::KEEP).unwrap(), "");
        let instead = Empties {
            absent: Empty::As("-"),
            json_null: Empty::As("-"),
            empty: Empty::As("-"),
            ..Empties::KEEP
        };
        assert_eq!(value(path, instead).unwrap(), "-");
    }
    assert_eq!(value(&["o"], Empties::KEEP), Err(RecipeError::NestedField { name: "o".to_owned() }));
}

#[test]
fn a_signature_is_read_from_its_place_and_never_from_elsewhere() {
    let headers = [("X-Sign", b"h".as_slice()), ("X-Empty", b"")];
    let incoming =
        Incoming::new("POST", b"sign=q&e=", Some("application/json"), br#"{"o":{"sign":"n"},"e":{}}"#)
            .headers(&headers);
    let message = client()
        .core
        .receive_repeated(
            Box::leak(Box::default()),
            &incoming,
            &[Receive::PostJson],
            Charset::Utf8,
            Repeated::Each,
        )
        .unwrap();
    assert_eq!(message.placed_header("x-sign"), Ok("h".to_owned().into()));
    assert_eq!(message.placed_query("sign"), Ok("q".to_owned().into()));
    assert_eq!(message.placed_field(&["o", "sign"]), Ok("n".to_owned().into()));
    let missing = |place: &str| RecipeError::MissingSignature { place: place.to_owned() };
    let empty = |place: &str| RecipeError::EmptySignature { place: place.to_owned() };
    assert_eq!(message.placed_header("x-none"), Err(missing("x-none")));
    assert_eq!(message.placed_header("x-empty"), Err(empty("x-empty")));
    assert_eq!(message.placed_query("e"), Err(empty("e")));
    assert_eq!(message.placed_query("o"), Err(missing("o")));
    assert_eq!(message.placed_field(&["o", "gone"]), Err(missing("o.gone")));
    assert_eq!(message.placed_field(&["o"]), Err(missing("o")));
}
