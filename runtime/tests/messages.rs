//! Messages as recipes see them: headers, addresses, XML, parts, repeated names.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use std::fmt::Write as _;

use payspec_runtime::{
    Because, CallbackError, Charset, Incoming, Malformed, Message, Receive, RecipeError, Repeated, Response,
    XmlError, read,
};
use support::{SECRET, at, client};

fn receive<'a>(incoming: &Incoming<'a>, shape: Receive) -> Result<Message<'a>, CallbackError> {
    client().core.receive(Box::leak(Box::default()), incoming, &[shape], Charset::Utf8)
}

fn xml(body: &str) -> Result<Message<'_>, CallbackError> {
    receive(&Incoming::post_xml(body.as_bytes()), Receive::PostXml)
}

fn multipart(body: &str) -> Result<Message<'_>, CallbackError> {
    let content_type = Some("multipart/form-data; boundary=xYz");
    receive(&Incoming::new("POST", b"", content_type, body.as_bytes()), Receive::PostMultipart)
}

#[test]
fn headers_are_found_in_any_case_and_trimmed() {
    let headers = [("X-Signature", b" 00ff\t".as_slice()), ("X-Time", b"1")];
    let message = receive(&Incoming::post_json(b"{}").headers(&headers), Receive::PostJson).unwrap();
    assert_eq!(message.header("x-signature"), Ok(Some("00ff")));
    assert_eq!(message.header("X-TIME"), Ok(Some("1")));
    assert_eq!(message.header("X-Nonce"), Ok(None));
}

#[test]
fn a_header_that_stands_there_twice_is_refused_even_with_equal_values() {
    for second in [b"00ff".as_slice(), b"0000"] {
        let headers = [("X-Signature", b"00ff".as_slice()), ("x-signature", second)];
        let message = receive(&Incoming::post_json(b"{}").headers(&headers), Receive::PostJson).unwrap();
        let refused = message.header("X-Signature").unwrap_err();
        assert_eq!(refused, RecipeError::RepeatedHeader { name: "X-Signature".into() });
    }
}

#[test]
fn a_header_that_is_no_text_is_refused() {
    let headers = [("X-Signature", b"\xff".as_slice())];
    let message = receive(&Incoming::post_json(b"{}").headers(&headers), Receive::PostJson).unwrap();
    let refused = message.header("X-Signature").unwrap_err();
    assert_eq!(refused, RecipeError::UnreadableHeader { name: "X-Signature".into() });
}

#[test]
fn the_address_of_a_callback_is_known_only_if_it_is_given() {
    let incoming = Incoming::get_query(b"a=1");
    let message = receive(&incoming, Receive::GetQuery).unwrap();
    for part in [message.url(), message.host(), message.path(), message.target()] {
        assert!(matches!(part, Err(RecipeError::Unknown { .. })));
    }
    assert!(message.method().is_ok() && message.query().is_ok());
    let given = incoming.url("https://shop.example.com/notify?a=1");
    let message = receive(&given, Receive::GetQuery).unwrap();
    assert!(message.url().is_ok() && message.host().is_ok() && message.target().is_ok());
    let other = incoming.url("https://shop.example.com/notify?a=2");
    let refused = CallbackError::from(RecipeError::OtherUrl);
    assert_eq!(receive(&other, Receive::GetQuery).map(|_| ()), Err(refused));
}

#[test]
fn xml_is_read_like_a_form_with_nested_objects() {
    let message = xml("<xml><a>1</a><b><![CDATA[x&y]]></b><c/><d><e>2</e></d></xml>").unwrap();
    let mut members = message.members();
    assert_eq!(members.required("a", read::integer), Ok(1));
    assert_eq!(members.required("b", read::text).unwrap(), "x&y");
    assert_eq!(members.optional("c", read::text).unwrap(), None);
    let inner =
        read::object(|members: &mut payspec_runtime::Members<'_>| members.required("e", read::integer));
    assert_eq!(members.required("d", inner), Ok(2));
}

#[test]
fn xml_that_attacks_its_reader_is_refused() {
    let laughs = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><x><a>&b;</a></x>";
    let external = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><x><a>&a;</a></x>";
    for attack in [laughs, external] {
        assert_eq!(xml(attack).map(|_| ()), Err(CallbackError::BadXml(XmlError::DocumentType)));
    }
    let deep = format!("{}{}", "<a>".repeat(65), "</a>".repeat(65));
    assert_eq!(xml(&deep).map(|_| ()), Err(CallbackError::BadXml(XmlError::TooDeep { limit: 64 })));
    let repeated = xml("<x><a>1</a><a>1</a></x>").map(|_| ());
    assert_eq!(repeated, Err(CallbackError::RepeatedField { name: "a".into() }));
    assert!(matches!(xml("<x><a>1</x>"), Err(CallbackError::BadXml(XmlError::Syntax { .. }))));
}

#[test]
fn xml_is_decoded_in_the_charset_of_the_spec_whatever_it_says_itself() {
    let body = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><x><a>\xd6\xd0</a></x>";
    let message = client()
        .core
        .receive(Box::leak(Box::default()), &Incoming::post_xml(body), &[Receive::PostXml], Charset::Gbk)
        .unwrap();
    assert_eq!(message.text("a"), Some("中"));
    assert!(matches!(
        receive(&Incoming::post_xml(body), Receive::PostXml),
        Err(CallbackError::BadCharset { .. })
    ));
}

#[test]
fn parts_are_fields_and_files_are_not() {
    let part = |name: &str, value: &str| {
        format!("--xYz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file = "--xYz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\nx\r\n";
    let message =
        multipart(&format!("{}{file}{}--xYz--\r\n", part("a", "1"), part("b", "中"))).map(|message| {
            [message.text("a"), message.text("b"), message.text("f")].map(|text| text.map(str::to_owned))
        });
    assert_eq!(message, Ok([Some("1".to_owned()), Some("中".to_owned()), None]));
    let twice = format!("{}{}--xYz--", part("a", "1"), part("a", "2"));
    assert_eq!(multipart(&twice).map(|_| ()), Err(CallbackError::RepeatedField { name: "a".into() }));
    let mut bomb = String::new();
    for index in 0..2_000 {
        write!(bomb, "{}", part(&index.to_string(), "")).unwrap();
    }
    let many = at("https://pay.example.com").callback_limit(1 << 20).build().unwrap();
    let incoming = Incoming::new("POST", b"", Some("multipart/form-data; boundary=xYz"), bomb.as_bytes());
    let refused = many
        .core
        .receive(Box::leak(Box::default()), &incoming, &[Receive::PostMultipart], Charset::Utf8)
        .map(|_| ());
    assert_eq!(refused, Err(CallbackError::BadMultipart { reason: "too many parts" }));
    assert!(matches!(multipart(&bomb), Err(CallbackError::TooLarge { .. })));
}

#[test]
fn a_boundary_is_needed() {
    let incoming = Incoming::new("POST", b"", Some("multipart/form-data"), b"--x--");
    let refused = receive(&incoming, Receive::PostMultipart).map(|_| ()).unwrap_err();
    assert!(matches!(refused, CallbackError::BadMultipart { .. }), "{refused}");
    let none = Incoming::new("POST", b"", None, b"--x--");
    assert!(matches!(receive(&none, Receive::PostMultipart), Err(CallbackError::BadMultipart { .. })));
}

#[test]
fn repeated_names_are_kept_where_the_provider_sends_them() {
    let incoming = Incoming::post_form(b"a=1&b=2&a=3");
    let core = client().core;
    let message = core
        .receive_repeated(
            Box::leak(Box::default()),
            &incoming,
            &[Receive::PostForm],
            Charset::Utf8,
            Repeated::Each,
        )
        .unwrap();
    // By its name, the first is meant.
    assert_eq!(message.text("a"), Some("1"));
    assert_eq!(message.members().required("a", read::integer), Ok(1));
    assert_eq!(message.repeated(), Repeated::Each);
}

#[test]
fn what_was_opened_is_read_in_place_of_the_ciphertext() {
    let body = br#"{"resource":{"nonce":"n","ciphertext":"AAAA"},"id":"1"}"#;
    let message = receive(&Incoming::post_json(body), Receive::PostJson).unwrap();
    let message = message.opened(&["resource", "ciphertext"], "{\"amount\":1}").unwrap();
    let resource = read::object(|members: &mut payspec_runtime::Members<'_>| {
        let nonce = members.required("nonce", read::text)?;
        Ok((nonce, members.required("ciphertext", read::text)?))
    });
    let read = message.members().required("resource", resource);
    assert_eq!(read, Ok(("n".into(), "{\"amount\":1}".into())));
    let none = message.opened(&["resource", "other"], "");
    assert_eq!(none.map(|_| ()), Err(RecipeError::EmptyField { name: "resource.other".into() }));
}

#[test]
fn a_reply_in_xml_is_read_like_one_in_json() {
    let body = b"<xml><code>0</code><data><id>7</id></data></xml>".to_vec();
    let response = Response::new(200, vec![("X-Signature".into(), "00".into())], body);
    let core = client().core;
    let document = core.xml(&response, Charset::Utf8).unwrap();
    let data = document.data("data", None).unwrap();
    assert_eq!(data.object().unwrap().required("id", read::integer), Ok(7));
    let message = document.message(&response, Some(&data)).unwrap();
    assert_eq!(message.header("x-signature"), Ok(Some("00")));
    assert_eq!(message.text("code"), Some("0"));
    // The bytes of an element are no JSON that somebody could have signed.
    assert!(matches!(message.result(), Err(RecipeError::Unknown { .. })));
    assert!(matches!(message.method(), Err(RecipeError::Unknown { .. })));
}

#[test]
fn a_reply_that_is_no_xml_is_unknown() {
    let read = |body: &str| {
        let response = Response::new(200, Vec::new(), body.as_bytes().to_vec());
        client().core.xml(&response, Charset::Utf8).map(|_| ()).unwrap_err()
    };
    assert!(matches!(read("<html>"), Because::NotXml(XmlError::Syntax { .. })));
    assert!(matches!(read("<!DOCTYPE html><html/>"), Because::NotXml(XmlError::DocumentType)));
    assert!(matches!(read("<x><a/><a/></x>"), Because::DuplicateMember { .. }));
    let deep = format!("{}{}", "<a>".repeat(65), "</a>".repeat(65));
    assert!(matches!(read(&deep), Because::TooDeep { limit: 64 }));
}

#[test]
fn nothing_of_a_message_is_shown_but_names() {
    let headers = [("X-Signature", SECRET.as_bytes())];
    let body = format!("<x><buyer>{SECRET}</buyer></x>");
    let incoming = Incoming::post_xml(body.as_bytes()).headers(&headers).url("https://x.example/?k3y-that");
    let shown = format!("{incoming:?} {:?}", xml(&body).unwrap());
    assert!(!shown.contains("k3y-that") && shown.contains("buyer"), "{shown}");
    let _: Malformed = xml("<x/>").unwrap().members().required("a", read::text).unwrap_err();
}

#[test]
fn where_the_body_is_signed_the_query_adds_nothing() {
    let incoming = Incoming::new("POST", b"attach=x&sign=y", None, b"a=1");
    let message = receive(&incoming, Receive::PostForm).unwrap();
    assert_eq!(message.text("attach"), Some("x"));
    let message = message.body_alone();
    assert_eq!((message.text("attach"), message.text("a")), (None, Some("1")));
    let mut members = message.members();
    assert_eq!(members.optional("attach", read::text).unwrap(), None);
    assert_eq!(members.rest().iter().count(), 1);
    let get = receive(&Incoming::get_query(b"a=1"), Receive::GetQuery).unwrap().body_alone();
    assert_eq!(get.text("a"), Some("1"));
}
