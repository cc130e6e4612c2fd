//! Places and what stands beside a signature: templates, items, fresh and given values, tolerance, placed parts.
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
use payspec_interpreter::{CallbackMessage, Instant, Interpreter, Map, RecipeError, Refusal, Supplied};

fn fresh(wire: &str) -> Piece {
    value(Operand::Fresh(wire.to_owned()))
}

fn body_piece() -> Piece {
    value(Operand::Message(MessagePart::Body))
}

fn time(wire: &str) -> Fresh {
    let format = FreshFormat::Time(WrittenTime::Field(TimeFormat::UnixSeconds));
    Fresh { name: name(wire), format, length: None, place: None }
}

/// `t=<time>,v1=<signature>` in any order, with five minutes of tolerance.
fn webhook() -> Interpreter {
    let place = Place {
        carrier: PlaceCarrier::Header("X-Sign".to_owned()),
        template: vec![literal("t="), fresh("t"), literal(",v1="), Piece::Signature],
        items: Some(",".to_owned()),
    };
    let recipe = Recipe {
        place: Some(place),
        fresh: vec![time("t")],
        tolerance: Some(Tolerance {
            of: vec![fresh("t")],
            format: WrittenTime::Field(TimeFormat::UnixSeconds),
            within: 300,
        }),
        ..header_recipe(vec![fresh("t"), literal("."), body_piece()])
    };
    notifying(recipe, vec![received("a", Kind::Text)], Receive::PostJson)
}

fn signed(interpreter: &Interpreter, supplied: &Supplied) -> CallbackMessage {
    interpreter.sign_notice("paid", &body(&[("a", "1")]), Receive::PostJson, supplied).unwrap()
}

fn at(seconds: i64) -> Supplied {
    Supplied::default().at(Instant::from_unix_seconds(seconds))
}

fn with_header(message: &CallbackMessage, value: &str) -> CallbackMessage {
    CallbackMessage { headers: vec![header("x-sign", value)], ..message.clone() }
}

#[test]
fn pieces_come_in_any_order_and_one_of_several_signatures_fits() {
    let interpreter = webhook();
    let message = signed(&interpreter, &at(1000));
    let good = message.headers[0].1.split_once(",v1=").unwrap().1.to_owned();
    assert_eq!(message.headers[0].1, format!("t=1000,v1={good}"));
    for right in [
        format!("v1={good},t=1000"),
        format!(" t=1000 , v0=x, v1=00 ,v1={good}, y"),
        format!("t=1000,{}v1={good}", "v1=ff,".repeat(15)),
    ] {
        assert!(receive(&interpreter, &with_header(&message, &right), &at(1000)).is_ok(), "{right}");
    }
    let disagrees = RecipeError::Place { place: "X-Sign".to_owned() };
    for wrong in [
        format!("t=1000,t=1000,v1={good}"),
        format!("t=1000,t=2,v1={good}"),
        format!("v1={good}"),
        "t=1000".to_owned(),
        format!("t=1000,{}v1={good}", "v1=ff,".repeat(16)),
        ",".to_owned(),
    ] {
        assert_eq!(
            receive(&interpreter, &with_header(&message, &wrong), &at(1000)),
            Err(Refusal::Recipe(disagrees.clone())),
            "{wrong}"
        );
    }
    assert_eq!(
        receive(&interpreter, &with_header(&message, &format!("t=1001,v1={good}")), &at(1000)),
        Err(Refusal::SignatureMismatch)
    );
    assert_eq!(
        receive(&interpreter, &with_header(&message, &format!("t=1000;v1={good}")), &at(1000)),
        Err(Refusal::Recipe(RecipeError::Fresh { name: "t".to_owned() }))
    );
    assert_eq!(
        receive(&interpreter, &with_header(&message, "t=1e3,v1=00"), &at(1000)),
        Err(Refusal::Recipe(RecipeError::Fresh { name: "t".to_owned() }))
    );
    assert_eq!(
        receive(&interpreter, &with_header(&message, "t=1000,v1=x"), &at(1000)),
        Err(Refusal::MalformedSignature)
    );
}

#[test]
fn a_notice_is_refused_before_and_after_its_time_but_only_if_it_is_genuine() {
    let interpreter = webhook();
    let message = signed(&interpreter, &at(1000));
    for within in [700, 1000, 1300] {
        assert!(receive(&interpreter, &message, &at(within)).is_ok(), "{within}");
    }
    for (beyond, seconds) in [(699, 301), (1301, 301)] {
        let stale = Refusal::Stale { name: "t".to_owned(), seconds };
        assert_eq!(receive(&interpreter, &message, &at(beyond)), Err(stale));
    }
    let forged = CallbackMessage { body: b"{\"a\":\"2\"}".to_vec(), ..message };
    assert_eq!(receive(&interpreter, &forged, &at(9999)), Err(Refusal::SignatureMismatch));
}

#[test]
fn what_stands_beside_the_signature_must_be_ours() {
    let template = vec![
        literal("ID "),
        value(Operand::Credential(credential("appid"))),
        literal(" nonce=\""),
        fresh("n"),
        literal("\",s=\""),
        Piece::Signature,
        literal("\""),
    ];
    let place = Place { carrier: PlaceCarrier::Header("X-Sign".to_owned()), template, items: None };
    let nonce = Fresh { format: FreshFormat::Hex, length: Some(8), ..time("n") };
    let recipe =
        Recipe { place: Some(place), fresh: vec![nonce], ..header_recipe(vec![fresh("n"), body_piece()]) };
    let interpreter = notifying(recipe, Vec::new(), Receive::PostJson);
    let fixed = Supplied::default().fresh(Map::from([("n", "00c0ffee".to_owned())]));
    let message = signed(&interpreter, &fixed);
    let written = message.headers[0].1.clone();
    assert!(written.starts_with("ID gpu1 nonce=\"00c0ffee\",s=\""), "{written}");
    assert!(receive(&interpreter, &message, &Supplied::default()).is_ok());
    let disagrees = Err(Refusal::Recipe(RecipeError::Place { place: "X-Sign".to_owned() }));
    for wrong in [
        written.replace("gpu1", "gpu2"),
        written.replace("ID ", "id "),
        format!("{written} "),
        written.trim_end_matches('"').to_owned(),
        "ID gpu1".to_owned(),
    ] {
        let found = receive(&interpreter, &with_header(&message, &wrong), &Supplied::default());
        assert!(found == disagrees || wrong.ends_with(' '), "{wrong}: {found:?}");
    }
    let other = with_header(&message, &written.replace("00c0ffee", "00c0ffef"));
    assert_eq!(receive(&interpreter, &other, &Supplied::default()), Err(Refusal::SignatureMismatch));
    let empty = with_header(&message, "ID gpu1 nonce=\"00c0ffee\",s=\"\"");
    assert!(matches!(
        receive(&interpreter, &empty, &Supplied::default()),
        Err(Refusal::EmptySignature { .. })
    ));
}

#[test]
fn fresh_values_have_places_of_their_own() {
    let own = |carrier| Fresh { place: Some(carrier), ..time("t") };
    for (carrier, wanted) in [
        (PlaceCarrier::Header("X-Time".to_owned()), "header"),
        (PlaceCarrier::Field(FieldPath::field("time")), "field"),
        (PlaceCarrier::Query("time".to_owned()), "query"),
    ] {
        let recipe = Recipe { fresh: vec![own(carrier)], ..header_recipe(vec![fresh("t"), body_piece()]) };
        let interpreter = notifying(recipe, Vec::new(), Receive::PostJson);
        let message = signed(&interpreter, &at(77));
        let found = match wanted {
            "header" => message.headers[0] == header("X-Time", "77"),
            "field" => text_of(&message.body) == r#"{"a":"1","time":"77"}"#,
            _ => message.query == "time=77",
        };
        assert!(found, "{wanted}: {message:?}");
        assert_eq!(text_of(message.text.bytes()), format!("77{}", text_of(&message.body)));
        assert!(receive(&interpreter, &message, &Supplied::default()).is_ok(), "{wanted}");
        let mut other = message.clone();
        match wanted {
            "header" => other.headers[0].1 = "78".to_owned(),
            "field" => other.body = text_of(&message.body).replace("77", "78").into_bytes(),
            _ => other.query = "time=78".to_owned(),
        }
        assert_eq!(receive(&interpreter, &other, &Supplied::default()), Err(Refusal::SignatureMismatch));
    }
}

#[test]
fn given_values_take_part_and_secret_ones_are_not_shown() {
    let given = |wire: &str, secret| Given { name: name(wire), secret };
    let operand = |wire: &str| value(Operand::Given(wire.to_owned()));
    let recipe = Recipe {
        given: vec![given("session", true), given("shop", false)],
        ..header_recipe(vec![operand("session"), literal("/"), operand("shop"), literal("/"), body_piece()])
    };
    let interpreter = notifying(recipe, Vec::new(), Receive::PostJson);
    let supplied = Supplied::given(Map::from([("session", "s3ss".to_owned()), ("shop", "7".to_owned())]));
    let message = signed(&interpreter, &supplied);
    assert_eq!(text_of(message.text.bytes()), r#"s3ss/7/{"a":"1"}"#);
    assert_eq!(message.text.masked(), r#"******/7/{"a":"1"}"#);
    assert!(!format!("{supplied:?}{message:?}").contains("s3ss"));
    assert!(receive(&interpreter, &message, &supplied).is_ok());
    let other = Supplied::given(Map::from([("session", "S3ss".to_owned()), ("shop", "7".to_owned())]));
    assert_eq!(receive(&interpreter, &message, &other), Err(Refusal::SignatureMismatch));
    assert_eq!(
        receive(&interpreter, &message, &Supplied::default()),
        Err(Refusal::Recipe(RecipeError::NotGiven { name: "session".to_owned() }))
    );
}

/// The digest of the body stands in a header and is signed there.
fn digested() -> Interpreter {
    let part = Recipe {
        place: Some(Place { template: vec![literal("SHA-256="), Piece::Signature], ..in_header("Digest") }),
        ..text_recipe(
            "digest",
            vec![body_piece()],
            Seal { algorithm: Algorithm::Digest(Digest::Sha256), key: None, output: Output::Base64 },
        )
    };
    let recipe = Recipe {
        parts: vec![part],
        ..header_recipe(vec![
            value(Operand::Header("digest".to_owned())),
            literal("\n"),
            value(Operand::Part("digest".to_owned())),
        ])
    };
    notifying(recipe, Vec::new(), Receive::PostJson)
}

#[test]
fn a_placed_part_must_be_what_we_compute() {
    let interpreter = digested();
    let message = signed(&interpreter, &Supplied::default());
    let digest = message.headers[0].1.clone();
    assert!(digest.starts_with("SHA-256=") && digest.len() == 52, "{digest}");
    assert_eq!(text_of(message.text.bytes()), format!("{digest}\n{}", &digest[8..]));
    assert!(receive(&interpreter, &message, &Supplied::default()).is_ok());
    let body = CallbackMessage { body: b"{}".to_vec(), ..message.clone() };
    assert_eq!(receive(&interpreter, &body, &Supplied::default()), Err(Refusal::SignatureMismatch));
    let mut missing = message.clone();
    missing.headers.remove(0);
    assert_eq!(
        receive(&interpreter, &missing, &Supplied::default()),
        Err(Refusal::MissingSignature { name: "Digest".to_owned() })
    );
    let mut twice = message;
    twice.headers.push(header("digest", &digest));
    assert!(receive(&interpreter, &twice, &Supplied::default()).is_err());
}

#[test]
fn a_query_place_is_read_from_the_query_alone() {
    let recipe = Recipe {
        place: Some(in_carrier(PlaceCarrier::Query("sig".to_owned()))),
        ..header_recipe(vec![value(Operand::Message(MessagePart::Path)), literal("&"), body_piece()])
    };
    let interpreter = notifying(recipe, vec![received("a", Kind::Text)], Receive::PostJson);
    let supplied = Supplied::default().to("https://shop.example/paid?x=1");
    let message = signed(&interpreter, &supplied);
    assert!(message.query.starts_with("x=1&sig="), "{}", message.query);
    assert_eq!(message.url.as_deref(), Some(format!("https://shop.example/paid?{}", message.query).as_str()));
    assert!(receive(&interpreter, &message, &Supplied::default()).is_ok());
    // A parameter of the address is no field where the body alone is signed.
    let appended = CallbackMessage {
        body: b"{}".to_vec(),
        query: format!("a=2&{}", message.query),
        url: None,
        ..message.clone()
    };
    assert!(receive(&interpreter, &appended, &Supplied::default()).is_err());
    let unknown = CallbackMessage { url: None, ..message.clone() };
    assert_eq!(receive(&interpreter, &unknown, &Supplied::default()), Err(Refusal::Recipe(RecipeError::Url)));
    let in_body = CallbackMessage {
        body: format!(r#"{{"a":"1","sig":"{}"}}"#, message.query.split_once("sig=").unwrap().1).into_bytes(),
        query: String::new(),
        url: Some("https://shop.example/paid".to_owned()),
        ..message
    };
    assert_eq!(
        receive(&interpreter, &in_body, &Supplied::default()),
        Err(Refusal::MissingSignature { name: "sig".to_owned() })
    );
}

#[test]
fn a_header_never_holds_what_could_end_it() {
    let constant = |text: &str| {
        let seal = Seal { algorithm: Algorithm::None, key: None, output: Output::Text };
        let recipe =
            Recipe { place: Some(in_header("X-Sign")), ..text_recipe("notify", vec![literal(text)], seal) };
        let interpreter = notifying(recipe, Vec::new(), Receive::PostJson);
        interpreter.sign_notice("paid", &body(&[]), Receive::PostJson, &Supplied::default()).map(|_| ())
    };
    assert!(constant("visible ~").is_ok());
    for wrong in ["a\r\nX-Admin: 1", "a\u{7f}", "中", "a\tb"] {
        assert!(constant(wrong).is_err(), "{wrong:?}");
    }
}
