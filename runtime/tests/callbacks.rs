//! Callbacks: every way to be refused has its own kind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use std::time::Duration;

use std::borrow::Cow;

use payspec_runtime::{
    CallbackError, Charset, Incoming, Message, OnceKey, Receive, Timestamp, agree, for_us, read, seal,
};
use support::{SECRET, at, client, now};

fn receive_in<'a>(
    incoming: &Incoming<'a>,
    shapes: &[Receive],
    charset: Charset,
) -> Result<Message<'a>, CallbackError> {
    client().core.receive(Box::leak(Box::default()), incoming, shapes, charset)
}

fn form(body: &[u8]) -> Result<Message<'_>, CallbackError> {
    receive_in(&Incoming::post_form(body), &[Receive::PostForm], Charset::Utf8)
}

fn json(body: &[u8]) -> Result<Message<'_>, CallbackError> {
    receive_in(&Incoming::post_json(body), &[Receive::PostJson], Charset::Utf8)
}

#[test]
fn a_callback_that_is_too_large_is_not_read() {
    let client = at("https://pay.example.com").callback_limit(8).build().unwrap();
    let receive = |query, body| {
        let incoming = Incoming::new("POST", query, None, body);
        client
            .core
            .receive(Box::leak(Box::default()), &incoming, &[Receive::PostForm], Charset::Utf8)
            .map(|_| ())
    };
    assert_eq!(receive(b"", b"a=123456"), Ok(()));
    assert_eq!(receive(b"", b"a=1234567"), Err(CallbackError::TooLarge { limit: 8 }));
    assert_eq!(receive(b"b=12", b"a=123"), Err(CallbackError::TooLarge { limit: 8 }));
    let default = vec![b'a'; 64 * 1024 + 1];
    assert!(matches!(form(&default), Err(CallbackError::TooLarge { limit: 65_536 })));
}

#[test]
fn another_method_is_refused() {
    let get = Incoming::get_query(b"a=1");
    let refused = receive_in(&get, &[Receive::PostForm], Charset::Utf8).unwrap_err();
    assert_eq!(refused, CallbackError::WrongMethod { wanted: "POST" });
    let post = Incoming::post_form(b"a=1");
    let refused = receive_in(&post, &[Receive::GetQuery], Charset::Utf8).unwrap_err();
    assert_eq!(refused, CallbackError::WrongMethod { wanted: "GET" });
    for method in ["PUT", "HEAD", "post", ""] {
        let odd = Incoming::new(method, b"", None, b"a=1");
        let both = [Receive::PostForm, Receive::GetQuery];
        assert!(
            matches!(receive_in(&odd, &both, Charset::Utf8), Err(CallbackError::WrongMethod { .. })),
            "{method}"
        );
    }
}

#[test]
fn another_content_type_is_refused() {
    let of_type = |content_type| {
        let incoming = Incoming::new("POST", b"", content_type, b"a=1");
        receive_in(&incoming, &[Receive::PostForm], Charset::Utf8).map(|_| ())
    };
    for good in [
        None,
        Some("application/x-www-form-urlencoded"),
        Some("Application/X-WWW-Form-Urlencoded ; charset=GBK"),
    ] {
        assert_eq!(of_type(good), Ok(()));
    }
    for bad in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "",
        "application/x-www-form-urlencodedx",
    ] {
        assert!(matches!(of_type(Some(bad)), Err(CallbackError::WrongContentType { .. })), "{bad}");
    }
}

#[test]
fn the_content_type_chooses_among_the_allowed_shapes() {
    let shapes = [Receive::PostForm, Receive::PostJson, Receive::GetQuery];
    for incoming in
        [Incoming::post_form(b"a=1"), Incoming::post_json(br#"{"a":1}"#), Incoming::get_query(b"a=1")]
    {
        let received = receive_in(&incoming, &shapes, Charset::Utf8).unwrap();
        assert_eq!(received.members().required("a", read::integer), Ok(1));
    }
}

#[test]
fn malformed_encoding_and_bytes_are_told_apart() {
    for body in ["a=%", "a=%4", "a=%zz", "%=1", "a=%e4%"] {
        assert!(matches!(form(body.as_bytes()), Err(CallbackError::BadPercentEncoding { .. })), "{body}");
    }
    assert!(matches!(form(b"a=%ff%fe"), Err(CallbackError::BadCharset { .. })));
    assert!(matches!(form(b"a=\xff"), Err(CallbackError::BadCharset { .. })));
    assert!(matches!(form(b"a=%d6%d0"), Err(CallbackError::BadCharset { .. })));
    let gbk = |body| receive_in(&Incoming::post_form(body), &[Receive::PostForm], Charset::Gbk);
    assert_eq!(gbk(b"a=%d6%d0").unwrap().members().required("a", read::text).unwrap(), "中");
    assert!(matches!(gbk(b"a=%d6"), Err(CallbackError::BadCharset { .. })));
    assert!(matches!(form(b"=1"), Err(CallbackError::BadForm { .. })));
    let many = "a&".repeat(2_000);
    assert!(form(many.as_bytes()).is_err());
}

#[test]
fn a_repeated_field_is_refused_wherever_it_stands() {
    for body in ["a=1&a=1", "a=1&b=2&a=3", "a=1&%61=2", "a&a"] {
        assert!(matches!(form(body.as_bytes()), Err(CallbackError::RepeatedField { .. })), "{body}");
    }
    let in_both = Incoming::new("POST", b"a=1", None, b"a=2");
    let refused = receive_in(&in_both, &[Receive::PostForm], Charset::Utf8).unwrap_err();
    assert_eq!(refused, CallbackError::RepeatedField { name: "a".into() });
    assert!(matches!(json(br#"{"a":1,"\u0061":2}"#), Err(CallbackError::RepeatedField { .. })));
}

#[test]
fn a_json_body_must_be_one_object() {
    for body in ["", "[]", "{", "null", "a=1", r#"{"a":1}{"#] {
        assert!(matches!(json(body.as_bytes()), Err(CallbackError::BadJson(_))), "{body}");
    }
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(64), "]".repeat(64));
    assert!(matches!(json(deep.as_bytes()), Err(CallbackError::BadJson(_))));
    assert!(matches!(json(b"{\"a\":\"\xff\"}"), Err(CallbackError::BadCharset { .. })));
}

#[test]
fn a_plus_is_a_space_and_an_escaped_plus_a_plus() {
    let received = form(b"a=1+2%2B3&b=x%3Dy%26z&c").unwrap();
    let mut members = received.members();
    assert_eq!(members.required("a", read::text).unwrap(), "1 2+3");
    assert_eq!(members.required("b", read::text).unwrap(), "x=y&z");
    assert_eq!(members.optional("c", read::text).unwrap(), None);
}

#[test]
fn missing_empty_and_malformed_signatures_are_told_apart() {
    let sign = |message: Message<'_>| {
        message.placed_field(&["sign"]).map(Cow::into_owned).map_err(CallbackError::from)
    };
    let missing = CallbackError::MissingSignature { field: "sign".to_owned() };
    assert_eq!(sign(form(b"a=1").unwrap()), Err(missing.clone()));
    assert_eq!(
        sign(form(b"sign=").unwrap()),
        Err(CallbackError::EmptySignature { field: "sign".to_owned() })
    );
    assert_eq!(sign(json(br#"{"sign":null}"#).unwrap()), Err(missing));
    for malformed in ["zz", "0", "00 11", "+"] {
        let refused = CallbackError::from(seal::received_hex(malformed).unwrap_err());
        assert!(matches!(refused, CallbackError::MalformedSignature(_)), "{malformed}");
    }
}

#[test]
fn the_message_may_only_agree_with_the_configured_algorithm() {
    let agrees = |body: &[u8]| form(body).unwrap().agrees("sign_type", "RSA", CallbackError::other_algorithm);
    assert_eq!(agrees(b"sign_type=RSA"), Ok(()));
    assert_eq!(agrees(b"sign_type=MD5"), Err(CallbackError::OtherAlgorithm { field: "sign_type" }));
    assert_eq!(agrees(b"x=1"), Err(CallbackError::EmptyField { name: "sign_type".into() }));
}

#[test]
fn what_is_wrong_behind_the_signature_is_called_authentic() {
    let missing = CallbackError::from(form(b"a=").unwrap().members().required("a", read::text).unwrap_err());
    assert_eq!(missing, CallbackError::MissingField { name: "a".into() });
    let bad = CallbackError::from(form(b"a=1e2").unwrap().members().required("a", read::fen(2)).unwrap_err());
    assert!(matches!(bad, CallbackError::BadField(_)));
    let other = CallbackError::from(for_us("appid", "theirs", "ours").unwrap_err());
    assert_eq!(other, CallbackError::for_somebody_else("appid"));
    let notice = CallbackError::other_notice("type", Some("refund"));
    assert!(notice.to_string().contains("\"refund\""));
    for error in [missing, bad, other, notice] {
        assert!(error.is_authentic(), "{error}");
    }
    assert!(!CallbackError::SignatureMismatch.is_authentic());
}

#[test]
fn an_old_callback_is_stale_if_the_client_says_so() {
    let sent = |seconds| Timestamp::from_unix_seconds(now().unix_seconds() + seconds).unwrap();
    assert_eq!(client().core.fresh("time", sent(-1_000_000)), Ok(()));
    let strict = at("https://pay.example.com").callback_max_age(Duration::from_secs(300)).build().unwrap();
    assert_eq!(strict.core.fresh("time", sent(-300)), Ok(()));
    assert_eq!(strict.core.fresh("time", sent(300)), Ok(()));
    for seconds in [-301, 301] {
        assert_eq!(
            strict.core.fresh("time", sent(seconds)),
            Err(CallbackError::Stale { field: "time", seconds: 301 })
        );
    }
}

#[test]
fn what_is_left_of_a_form_is_kept() {
    let received = form(b"a=1&b=x+%22y%22&c=").unwrap();
    let mut members = received.members();
    members.required("a", read::text).unwrap();
    let rest = members.rest();
    assert_eq!(rest.text("b").unwrap(), "x \"y\"");
    assert_eq!(rest.text("c").unwrap(), "");
    assert_eq!(rest.iter().count(), 2);
}

#[test]
fn nothing_of_a_callback_is_shown() {
    let body = format!("buyer=13800000000&sign={SECRET}");
    let incoming = Incoming::post_form(body.as_bytes());
    let received = form(body.as_bytes()).unwrap();
    let shown = format!("{incoming:?} {received:?} {:?}", received.members());
    assert!(!shown.contains("138") && !shown.contains(SECRET), "{shown}");
    assert!(shown.contains("buyer"), "{shown}");
}

#[test]
fn a_notice_is_compared_with_the_order() {
    assert!(agree("order_no", &"1".to_owned(), "1").is_ok());
    let differs = agree("amount", &1, &2).unwrap_err();
    assert_eq!(differs.field(), "amount");
    assert!(differs.to_string().contains("book nothing"));
}

#[test]
fn once_keys_are_equal_only_for_the_same_parts() {
    let key = |parts: &[Option<&str>]| {
        parts.iter().fold(OnceKey::new("p.notify"), |key, part| key.part_if(*part)).as_str().to_owned()
    };
    assert_eq!(key(&[Some("20190818"), Some("1")]), "p.notify:20190818:1");
    let different = [
        key(&[Some("a:b"), Some("c")]),
        key(&[Some("a"), Some("b:c")]),
        key(&[Some("a"), None]),
        key(&[Some("a"), Some("")]),
        key(&[Some("a"), Some("~")]),
        key(&[Some("a"), Some("%7E")]),
        key(&[Some("a")]),
    ];
    for (index, one) in different.iter().enumerate() {
        assert!(different.iter().skip(index + 1).all(|other| other != one), "{one}");
    }
}
