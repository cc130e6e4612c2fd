//! Lists at full width: which values they choose, what becomes of nested ones, how they are ordered and written.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::*;
use payspec_codegen::ir::*;
use payspec_interpreter::{Incoming, Notice, RecipeError, Refusal, Supplied};

/// A recipe over a list, in a field of the body.
fn listing(change: impl FnOnce(&mut List)) -> Recipe {
    let mut recipe = md5_recipe("notify", all(EmptyAction::Keep));
    let list = recipe.list.as_mut().unwrap();
    list.add = Vec::new();
    list.order = Order::AsListed;
    change(list);
    recipe
}

/// The text of a JSON notice.
fn json(recipe: Recipe, text: &str) -> Result<String, Refusal> {
    let interpreter = notifying(recipe, Vec::new(), Receive::PostJson);
    let incoming = Incoming::new("POST", b"", Some("application/json"), text.as_bytes());
    let texts = interpreter.received_texts("paid", &incoming, &Supplied::default())?;
    Ok(text_of(texts.last().unwrap().1.bytes()))
}

/// The text of a form.
fn form(recipe: Recipe, text: &str) -> Result<String, Refusal> {
    let interpreter = notifying(recipe, Vec::new(), Receive::PostForm);
    let incoming = Incoming::new("POST", b"", None, text.as_bytes());
    let texts = interpreter.received_texts("paid", &incoming, &Supplied::default())?;
    Ok(text_of(texts.last().unwrap().1.bytes()))
}

fn of(entries: Vec<Entry>) -> impl FnOnce(&mut List) {
    move |list| list.fields = Selection::Named(entries)
}

#[test]
fn entries_choose_paths_prefixes_and_elements() {
    let entries = || {
        vec![
            Entry::Name("b".to_owned()),
            Entry::Path(path("o.x.1")),
            Entry::Prefix("s_".to_owned()),
            Entry::Elements("l".to_owned()),
            Entry::Path(path("o.none")),
        ]
    };
    let body = r#"{"s_2":"2","o":{"x":["p",7.50]},"s_1":"1","l":["u","v"],"b":true}"#;
    assert_eq!(json(listing(of(entries())), body).unwrap(), "b=true&o.x.1=7.50&s_2=2&s_1=1&l=u&l=v&o.none=");
    let one = r#"{"o":{"x":[]},"l":"alone"}"#;
    assert_eq!(json(listing(of(entries())), one).unwrap(), "b=&o.x.1=&l=alone&o.none=");
}

#[test]
fn rows_are_counted_by_the_names_that_are_there() {
    let rows = |from| {
        of(vec![Entry::Rows {
            rows: path("rows"),
            from,
            fields: vec!["name#".to_owned(), "price#".to_owned()],
        }])
    };
    let two = "rows=9&price2=b2&name1=a1&price1=b1&name4=x";
    assert_eq!(form(listing(rows(1)), two).unwrap(), "name1=a1&price1=b1&name2=&price2=b2");
    assert_eq!(form(listing(rows(4)), two).unwrap(), "name4=x&price4=");
    assert_eq!(form(listing(rows(0)), two).unwrap(), "");
    let in_json = of(vec![Entry::Rows {
        rows: path("rows"),
        from: 0,
        fields: vec!["name".to_owned(), "price".to_owned()],
    }]);
    let text = r#"{"rows":[{"price":1,"name":"a"},{"name":"b"}]}"#;
    assert_eq!(
        json(listing(in_json), text).unwrap(),
        "rows.0.name=a&rows.0.price=1&rows.1.name=b&rows.1.price="
    );
}

#[test]
fn a_message_that_names_its_fields_must_name_them_well() {
    let naming = |split: Option<&str>, within: Option<&str>| {
        let (split, within) = (split.map(str::to_owned), within.map(path));
        listing(|list| {
            list.fields = Selection::NamedIn {
                field: FieldPath::field("names"),
                split,
                at_least: vec!["a".to_owned()],
                within,
            };
            list.add = vec![("k".to_owned(), vec![literal("K")]), ("z".to_owned(), vec![literal("Z")])];
        })
    };
    let named = |names: &str| form(naming(Some(","), None), &format!("a=1&b=2&names={names}"));
    assert_eq!(named("b,a,c").unwrap(), "b=2&a=1&c=&k=K&z=Z");
    assert_eq!(named("z,a").unwrap(), "z=Z&a=1&k=K");
    let refused = Err(Refusal::Recipe(RecipeError::Names { name: "names".to_owned() }));
    for wrong in ["", "b", "a,,b", "a,b,a", "A", "a, a"] {
        let found = named(wrong);
        assert!(found == refused || wrong == "a, a", "{wrong}: {found:?}");
    }
    assert_eq!(form(naming(Some(","), None), "a=1"), refused);
    let inner = r#"{"names":["x.y","a"],"data":{"a":1,"x":{"y":"2"}}}"#;
    assert_eq!(json(naming(None, Some("data")), inner).unwrap(), "x.y=2&a=1&k=K&z=Z");
    assert_eq!(json(naming(None, Some("data")), r#"{"names":["a",1]}"#), refused);
    assert_eq!(json(naming(None, Some("data")), r#"{"names":{"a":1}}"#), refused);
}

#[test]
fn lists_of_headers_and_of_members() {
    let headers = listing(|list| {
        list.fields = Selection::Headers(vec!["host".to_owned(), "x-none".to_owned()]);
    });
    let interpreter = notifying(headers, Vec::new(), Receive::PostForm);
    let text = |headers: &[(String, String)]| {
        let incoming = Incoming::new("POST", b"", None, b"").headers(headers);
        let texts = interpreter.received_texts("paid", &incoming, &Supplied::default())?;
        Ok(text_of(texts.last().unwrap().1.bytes()))
    };
    assert_eq!(text(&[header("Host", " a.example ")]).unwrap(), "host=a.example&x-none=");
    let twice: Result<String, Refusal> = text(&[header("Host", "a"), header("host", "b")]);
    assert_eq!(twice, Err(Refusal::Recipe(RecipeError::Header { name: "host".to_owned() })));
    let members = || listing(|list| list.fields = Selection::MembersOf(path("o")));
    assert_eq!(json(members(), r#"{"o":{"b":"1","a":null},"x":"2"}"#).unwrap(), "b=1&a=");
    assert_eq!(json(members(), r#"{"o":"{\"b\":\"1\"}"}"#).unwrap(), "b=1");
    assert!(json(members(), r#"{"o":["b"]}"#).is_err());
    assert!(json(members(), "{}").is_err());
}

#[test]
fn what_is_nested_becomes_what_the_rule_says() {
    let body = r#"{"a":{"y":[1,{"z":null}],"x":"t"},"b":[],"c":"d"}"#;
    let nested = |nested| listing(|list| (list.fields, list.nested) = (Selection::All, nested));
    assert_eq!(
        json(nested(Nested::Refuse), body),
        Err(Refusal::Recipe(RecipeError::Nested { name: "a".to_owned() }))
    );
    assert_eq!(json(nested(Nested::Raw), body).unwrap(), r#"a={"y":[1,{"z":null}],"x":"t"}&b=[]&c=d"#);
    assert_eq!(json(nested(Nested::Drop), body).unwrap(), "c=d");
    assert_eq!(json(nested(Nested::Leaves), body).unwrap(), "a.y.0=1&a.y.1.z=&a.x=t&c=d");
    let mut except = nested(Nested::Leaves);
    except.list.as_mut().unwrap().except = vec!["a.y.0".to_owned(), "c".to_owned()];
    assert_eq!(json(except, body).unwrap(), "a.y.1.z=&a.x=t");
    let mut same = nested(Nested::SameRule);
    let list = same.list.as_mut().unwrap();
    list.order = Order::ByName;
    list.empties.json_null = EmptyAction::Drop;
    assert_eq!(json(same, body).unwrap(), "a=x=t&y=1&&b=&c=d");
}

#[test]
fn numbers_are_written_anew_and_texts_of_digits_are_not() {
    let numbers = || {
        listing(|list| {
            list.fields = Selection::All;
            list.numbers = Some(Decimals { min: 2, max: 2 });
        })
    };
    assert_eq!(
        json(numbers(), r#"{"a":1,"b":"1","c":-0.005,"d":true}"#).unwrap(),
        "a=1.00&b=1&c=-0.01&d=true"
    );
    assert_eq!(
        json(numbers(), r#"{"a":1e2}"#),
        Err(Refusal::Recipe(RecipeError::Filter { filter: "decimals" }))
    );
}

#[test]
fn further_texts_count_as_empty() {
    let also = |action| {
        listing(|list| {
            list.fields = Selection::All;
            list.trim = true;
            list.also_empty = vec!["0".to_owned(), "null".to_owned()];
            list.empties.empty = action;
        })
    };
    assert_eq!(form(also(EmptyAction::Drop), "a=0&b=+null+&c=00&d=").unwrap(), "c=00");
    assert_eq!(form(also(EmptyAction::Keep), "a=0&c=00").unwrap(), "a=&c=00");
    assert_eq!(
        form(also(EmptyAction::Refuse), "a=0"),
        Err(Refusal::Recipe(RecipeError::Empty { name: "a".to_owned() }))
    );
}

#[test]
fn names_are_matched_sorted_and_written_in_one_case() {
    let upper = || {
        listing(|list| {
            list.fields = names(&["CURRENCY", "AMOUNT"]);
            list.names = Names::Upper;
            list.order = Order::ByName;
        })
    };
    assert_eq!(form(upper(), "Currency=EUR&amount=1").unwrap(), "AMOUNT=1&CURRENCY=EUR");
    assert_eq!(
        form(upper(), "Currency=EUR&currency=USD"),
        Err(Refusal::Recipe(RecipeError::Repeated { name: "CURRENCY".to_owned() }))
    );
}

#[test]
fn repeated_names_are_refused_kept_or_kept_once() {
    let repeated = |repeated| Recipe {
        repeated,
        ..listing(|list| (list.fields, list.order) = (Selection::All, Order::ByNameThenValue))
    };
    let text = "b=2&a=9&b=1&b=2";
    assert_eq!(form(repeated(Repeated::Refuse), text), Err(Refusal::RepeatedField { name: "b".to_owned() }));
    assert_eq!(form(repeated(Repeated::Each), text).unwrap(), "a=9&b=1&b=2&b=2");
    assert_eq!(form(repeated(Repeated::Distinct), text).unwrap(), "a=9&b=1&b=2");
}

#[test]
fn every_order() {
    let ordered = |order| {
        let recipe = listing(|list| {
            (list.fields, list.order) = (Selection::All, order);
            list.pair = vec![
                PairPiece::Value(Vec::new()),
                PairPiece::Literal("-".to_owned()),
                PairPiece::Name(Vec::new()),
            ];
        });
        form(recipe, "b=2&B=1&_=10&a=1").unwrap()
    };
    assert_eq!(ordered(Order::AsOnTheWire), "2-b&1-B&10-_&1-a");
    assert_eq!(ordered(Order::ByValue), "1-B&1-a&10-_&2-b");
    assert_eq!(ordered(Order::ByItem), "1-B&1-a&10-_&2-b");
    assert_eq!(ordered(Order::ByItemIgnoringCase), "1-a&1-B&10-_&2-b");
    assert_eq!(ordered(Order::ByNameIgnoringCase), "10-_&1-a&1-B&2-b");
}

#[test]
fn a_pair_holds_filters_and_secrets_and_the_names_can_stand_alone() {
    let mut recipe = listing(|list| {
        list.fields = names(&["b", "a"]);
        list.pair = vec![
            PairPiece::Name(vec![Filter::Upper]),
            PairPiece::Literal("=".to_owned()),
            PairPiece::Value(vec![Filter::Url(UrlDialect::Form)]),
            PairPiece::Operand {
                from: Operand::Credential(credential("secret")),
                filters: vec![Filter::First(2)],
            },
        ];
        list.join = ";".to_owned();
    });
    recipe.text = vec![Piece::ListNames, literal("|"), Piece::List];
    let interpreter = notifying(recipe, Vec::new(), Receive::PostForm);
    let incoming = Incoming::new("POST", b"", None, b"a=%C3%A9&b=x+y");
    let texts = interpreter.received_texts("paid", &incoming, &Supplied::default()).unwrap();
    assert_eq!(text_of(texts[0].1.bytes()), "b;a|B=x+y01;A=%C3%A901");
    assert_eq!(texts[0].1.masked(), "b;a|B=x+y******;A=%C3%A9******");
}

#[test]
fn a_notice_of_any_list_is_accepted_and_a_changed_one_is_not() {
    for nested in [Nested::Raw, Nested::Leaves, Nested::SameRule] {
        let recipe = listing(|list| {
            (list.fields, list.nested, list.order) = (Selection::All, nested, Order::ByName);
        });
        let interpreter = notifying(recipe, Vec::new(), Receive::PostJson);
        let notice = body(&[("b", r#"json:{"y":[1,"2"],"x":null}"#), ("a", "t"), ("n", "json:1.50")]);
        round(&interpreter, &notice, Receive::PostJson, &Supplied::default());
        let mut message =
            interpreter.sign_notice("paid", &notice, Receive::PostJson, &Supplied::default()).unwrap();
        message.body = text_of(&message.body).replace("1.50", "1.5").into_bytes();
        assert_eq!(
            receive(&interpreter, &message, &Supplied::default()),
            Err(Refusal::SignatureMismatch),
            "{nested:?}"
        );
    }
    let _ = Notice::default();
}
