//! Messages in every shape: XML, raw bodies, parts, headers, rows, encrypted fields, several recipes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use std::sync::Arc;

use common::*;
use payspec_codegen::ir::*;
use payspec_interpreter::{
    Answer, Because, Ending, Incoming, Interpreter, Map, Message, PrepareError, RecipeError, Refusal,
    Supplied, Value as Given,
};

fn message(part: MessagePart) -> Piece {
    value(Operand::Message(part))
}

/// A provider with one operation `pay` that this recipe protects.
fn paying(change: impl FnOnce(&mut Operation, &mut Provider), recipe: Recipe) -> Interpreter {
    let mut spec = provider();
    spec.recipes = vec![recipe];
    let mut pay = operation("pay", vec![sent("order", Kind::Text), sent("note?", Kind::Text)]);
    change(&mut pay, &mut spec);
    spec.operations = vec![pay];
    interpreter(spec)
}

fn prepared(interpreter: &Interpreter, inputs: &Map<Given>) -> Message {
    interpreter.prepare("pay", inputs, NOW).unwrap()
}

fn check(interpreter: &Interpreter, message: &Message) -> Result<Map<Given>, Refusal> {
    let (query, content_type) = (message.query.as_bytes(), message.content_type.as_deref());
    let incoming =
        Incoming::new(message.method, query, content_type, &message.body).headers(&message.headers);
    let incoming = incoming.url(&message.url);
    let request = interpreter.check_incoming("pay", &incoming, NOW, &Supplied::default())?;
    assert_eq!(request.texts, message.texts);
    Ok(request.inputs)
}

#[test]
fn a_request_in_xml_is_signed_field_by_field() {
    let recipe = md5_recipe("request", all(EmptyAction::Drop));
    let interpreter = paying(|pay, _| pay.body = Body::Xml, recipe);
    let given = inputs([("order", "<1>&\r"), ("note", "中")]);
    let message = prepared(&interpreter, &given);
    assert_eq!(message.content_type.as_deref(), Some("text/xml; charset=UTF-8"));
    let sign = message.signature.clone().unwrap();
    assert_eq!(
        text_of(&message.body),
        format!("<xml><order>&lt;1&gt;&amp;&#13;</order><note>中</note><sign>{sign}</sign></xml>")
    );
    assert_eq!(text_of(message.base_text()), format!("note=中&order=<1>&\r&secret={SECRET}"));
    assert_eq!(check(&interpreter, &message).unwrap(), given);
    let changed = Message { body: text_of(&message.body).replace('中', "东").into_bytes(), ..message };
    assert_eq!(check(&interpreter, &changed), Err(Refusal::SignatureMismatch));
    let unwritable = interpreter.prepare("pay", &inputs([("order", "\u{1}")]), NOW);
    assert_eq!(unwritable.map(|_| ()).unwrap_err(), PrepareError::Charset);
}

#[test]
fn a_raw_body_is_sent_as_it_is_and_headers_travel_as_headers() {
    let recipe = header_recipe(vec![
        message(MessagePart::Method),
        literal(" "),
        message(MessagePart::Target),
        literal(" "),
        message(MessagePart::Host),
        literal(" "),
        value(Operand::Header("x-shop".to_owned())),
        literal("\n"),
        message(MessagePart::Body),
    ]);
    let interpreter = paying(
        |pay, _| {
            pay.body = Body::Raw;
            pay.content_type = Some("application/json".to_owned());
            pay.request = vec![
                SentField { carrier: Carrier::Body, ..sent("body", Kind::Json(JsonOf::Any)) },
                SentField { carrier: Carrier::Header, ..sent("X-Shop", Kind::Text) },
                SentField { carrier: Carrier::Query, ..sent("page?", Kind::Text) },
            ];
        },
        recipe,
    );
    let given = inputs([("body", "{ \"a\": 1.0 }"), ("X-Shop", "shop 1"), ("page", "a b")]);
    let message = prepared(&interpreter, &given);
    assert_eq!(text_of(&message.body), "{ \"a\": 1.0 }");
    assert_eq!(text_of(message.base_text()), "POST /pay?page=a%20b api.example shop 1\n{ \"a\": 1.0 }");
    assert_eq!(message.headers[0], header("X-Shop", "shop 1"));
    assert_eq!(message.headers[1].0, "X-Sign");
    assert_eq!(check(&interpreter, &message).unwrap(), given);
    let mut changed = message.clone();
    changed.headers[0].1 = "shop 2".to_owned();
    assert_eq!(check(&interpreter, &changed), Err(Refusal::SignatureMismatch));
    for wrong in ["a\r\nX-Admin: 1", "é", "\u{0}"] {
        let refused = interpreter.prepare("pay", &inputs([("body", "1"), ("X-Shop", wrong)]), NOW);
        let unwritable = RecipeError::Unwritable { place: "X-Shop".to_owned() };
        assert_eq!(refused.map(|_| ()).unwrap_err(), PrepareError::Recipe(unwritable), "{wrong:?}");
    }
}

#[test]
fn rows_travel_under_numbered_names() {
    let mut recipe = md5_recipe("request", all(EmptyAction::Drop));
    let list = recipe.list.as_mut().unwrap();
    list.order = Order::AsListed;
    list.fields = Selection::Named(vec![
        Entry::Name("order".to_owned()),
        Entry::Rows { rows: path("rows"), from: 1, fields: vec!["name#".to_owned(), "price#".to_owned()] },
    ]);
    let interpreter = paying(
        |pay, spec| {
            spec.types.push(object(
                "Row",
                vec![field("name#", Kind::Text), field("price#?", Kind::Text)],
                false,
            ));
            pay.request.push(sent("rows", Kind::Rows { of: TypeId(0), from: 1 }));
        },
        recipe,
    );
    let row = |pairs: &[(&str, &str)]| {
        Given::Object(pairs.iter().map(|(name, text)| (*name, Given::from(*text))).collect())
    };
    let mut given = inputs([("order", "1")]);
    given.insert("rows", Given::List(vec![row(&[("name#", "a"), ("price#", "2")]), row(&[("name#", "b")])]));
    let message = prepared(&interpreter, &given);
    assert!(text_of(&message.body).starts_with("order=1&rows=2&name1=a&price1=2&name2=b&sign="));
    assert_eq!(text_of(message.base_text()), format!("order=1&name1=a&price1=2&name2=b&secret={SECRET}"));
    assert_eq!(check(&interpreter, &message).unwrap(), given);
}

#[test]
fn callbacks_come_in_xml_and_in_parts() {
    let fields = || vec![received("order", Kind::Text), received("o?", Kind::RawJson)];
    for shape in
        [Receive::PostXml, Receive::PostMultipart, Receive::PostForm, Receive::PostJson, Receive::GetQuery]
    {
        let interpreter = notifying(md5_recipe("notify", all(EmptyAction::Keep)), fields(), shape);
        let notice = body(&[("order", "<1>&\"中"), ("attach", "")]);
        let verified = round(&interpreter, &notice, shape, &Supplied::default());
        assert_eq!(text_of(verified.base_text()), format!("attach=&order=<1>&\"中&secret={SECRET}"));
        assert_eq!(verified.values.get("order").map(String::as_str), Some("<1>&\"中"));
        let mut message = interpreter.sign_notice("paid", &notice, shape, &Supplied::default()).unwrap();
        message.body = text_of(&message.body).replace('1', "2").into_bytes();
        message.query = message.query.replace("%3C1", "%3C2");
        assert!(receive(&interpreter, &message, &Supplied::default()).is_err(), "{shape:?}");
    }
}

#[test]
fn hostile_bodies_are_refused_and_never_panic() {
    let deep = format!("{}1{}", "<a>".repeat(100), "</a>".repeat(100));
    let bodies: Vec<Vec<u8>> = [
        "<!DOCTYPE x [<!ENTITY a \"b\">]><xml><order>&a;</order></xml>",
        "<xml><order>&a;</order></xml>",
        "<xml><order>1</order><order>2</order></xml>",
        "<xml><sign><b>1</b></sign></xml>",
        deep.as_str(),
        "<xml/>",
        "",
        "{}",
        "--x",
        "--x\r\n\r\n",
        "--x--",
        "order=1&order=2&sign=1",
        "sign=&sign",
        "{\"sign\":[],\"order\":{}}",
        "{\"sign\":null}",
        "\u{0}",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .chain([vec![0xff; 100], b"{".repeat(60_000), b"a=%".to_vec(), vec![b'&'; 60_000]])
    .collect();
    for shape in [Receive::PostXml, Receive::PostMultipart, Receive::PostForm, Receive::PostJson] {
        let mut recipe = md5_recipe("notify", all(EmptyAction::Keep));
        recipe.list.as_mut().unwrap().nested = Nested::Leaves;
        let interpreter = notifying(recipe, vec![received("order", Kind::Text)], shape);
        for content_type in [None, Some("multipart/form-data; boundary=x"), Some("text/xml"), Some("é;=\"")]
        {
            for body in &bodies {
                let incoming = Incoming::new("POST", b"", content_type, body);
                assert!(interpreter.verify_callback("paid", &incoming).is_err(), "{shape:?} {body:?}");
            }
        }
        let large = vec![b'a'; 64 * 1024 + 1];
        let refused = interpreter.verify_callback("paid", &Incoming::new("POST", b"", None, &large));
        assert_eq!(refused, Err(Refusal::TooLarge { limit: 64 * 1024 }));
    }
}

/// `resource.ciphertext` is encrypted, with a nonce and data beside it; the whole body is signed.
fn encrypted() -> Interpreter {
    let of = |dotted: &str| vec![value(Operand::Field(path(dotted)))];
    let algorithm = Algorithm::Cipher {
        cipher: Cipher::Aes128Gcm,
        iv: Some(Iv::Template(of("resource.nonce"))),
        aad: of("resource.associated_data"),
        padding: Padding::None,
    };
    let opening = Recipe {
        place: Some(in_carrier(PlaceCarrier::Field(path("resource.ciphertext")))),
        ..text_recipe(
            "resource",
            vec![message(MessagePart::Payload)],
            Seal { algorithm, key: key_of("secret"), output: Output::Base64 },
        )
    };
    let mut spec = provider();
    spec.recipes = vec![opening, header_recipe(vec![message(MessagePart::Body)])];
    let inner = Kind::Encrypted(Opened::Object(TypeId(1)));
    spec.types = vec![
        object("Resource", vec![field("nonce", Kind::Text), field("ciphertext", inner)], true),
        object("Paid", vec![field("order", Kind::Text)], true),
    ];
    spec.callbacks = vec![Callback {
        receive: vec![Receive::PostJson],
        signature: Signature::Several(vec![Signature::Recipe(RecipeId(0)), Signature::Recipe(RecipeId(1))]),
        ..callback("paid", vec![received("id", Kind::Text), received("resource", Kind::Object(TypeId(0)))])
    }];
    interpreter(spec)
}

#[test]
fn an_encrypted_resource_is_opened_after_the_signature_over_it_fits() {
    let interpreter = encrypted();
    let resource = r#"json:{"nonce":"4196a5b75276","associated_data":"x","ciphertext":"{\"order\":\"o1\"}"}"#;
    let notice = body(&[("id", "1"), ("resource", resource)]);
    let message = interpreter.sign_notice("paid", &notice, Receive::PostJson, &Supplied::default()).unwrap();
    let sent = text_of(&message.body);
    assert!(!sent.contains("o1"), "{sent}");
    assert_eq!(
        message.texts.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["resource", "notify"]
    );
    assert_eq!(text_of(message.text.bytes()), sent);
    assert!(!format!("{message:?}").contains("o1"));
    let verified = receive(&interpreter, &message, &Supplied::default()).unwrap();
    assert_eq!(
        verified.values.get("resource").unwrap(),
        r#"{"nonce":"4196a5b75276","associated_data":"x","ciphertext":"{\"order\":\"o1\"}"}"#
    );
    for (from, to) in [("4196", "4197"), ("\"x\"", "\"y\""), ("\"id\":\"1\"", "\"id\":\"2\"")] {
        let mut changed = message.clone();
        changed.body = sent.replace(from, to).into_bytes();
        assert_eq!(receive(&interpreter, &changed, &Supplied::default()), Err(Refusal::SignatureMismatch));
    }
}

#[test]
fn wrong_padding_and_wrong_tags_are_one_error() {
    for (cipher, iv, padding) in [
        (Cipher::Aes128Cbc, Some(Iv::Zeros), Padding::Pkcs7(16)),
        (Cipher::Aes128Ecb, None, Padding::Pkcs7(32)),
        (Cipher::Aes128Gcm, Some(Iv::Template(vec![literal("0123456789ab")])), Padding::None),
    ] {
        let algorithm = Algorithm::Cipher { cipher, iv, aad: Vec::new(), padding };
        let seal = Seal { algorithm, key: key_of("secret"), output: Output::Base64 };
        let recipe = Recipe {
            place: Some(in_field("data")),
            ..text_recipe("notify", vec![message(MessagePart::Payload)], seal)
        };
        let data = received("data", Kind::Encrypted(Opened::Text));
        let interpreter = notifying(recipe, vec![data], Receive::PostForm);
        let verified =
            round(&interpreter, &body(&[("data", "中 plain")]), Receive::PostForm, &Supplied::default());
        assert_eq!(verified.values.get("data").map(String::as_str), Some("中 plain"));
        for wrong in ["AAAA", "!", "AAAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
        {
            let body = format!("data={}", wrong.replace('=', "%3D"));
            let incoming = Incoming::new("POST", b"", None, body.as_bytes());
            assert_eq!(
                interpreter.verify_callback("paid", &incoming),
                Err(Refusal::SignatureMismatch),
                "{cipher:?} {wrong}"
            );
        }
    }
}

#[test]
fn a_field_chooses_what_is_signed() {
    let case = |value: &str, recipe| FieldCase { value: value.to_owned(), recipe: RecipeId(recipe) };
    let over = |wire: &str, fields: &[&str]| {
        let mut recipe = md5_recipe(wire, all(EmptyAction::Keep));
        recipe.list.as_mut().unwrap().fields = names(fields);
        recipe
    };
    let mut spec = provider();
    spec.recipes = vec![over("short", &["kind", "a"]), over("long", &["kind", "a", "b"])];
    spec.callbacks = vec![Callback {
        signature: Signature::ByField {
            by: path("kind"),
            cases: vec![case("S", 0), case("L", 1)],
            absent: Some(RecipeId(1)),
            otherwise: None,
        },
        ..callback("paid", vec![received("a", Kind::Text)])
    }];
    let interpreter = interpreter(spec);
    let text = |fields: &[(&str, &str)]| {
        text_of(round(&interpreter, &body(fields), Receive::PostForm, &Supplied::default()).base_text())
    };
    assert_eq!(text(&[("kind", "S"), ("a", "1"), ("b", "2")]), format!("a=1&kind=S&secret={SECRET}"));
    assert_eq!(text(&[("kind", "L"), ("a", "1"), ("b", "2")]), format!("a=1&b=2&kind=L&secret={SECRET}"));
    assert_eq!(text(&[("a", "1")]), format!("a=1&b=&kind=&secret={SECRET}"));
    let other = interpreter.verify_callback("paid", &Incoming::new("POST", b"", None, b"kind=X&a=1&sign=00"));
    assert_eq!(other, Err(Refusal::Recipe(RecipeError::NoCase { name: "kind".to_owned() })));
}

/// A reply in XML, its signature over a header and the body.
fn answering(change: impl FnOnce(&mut Envelope)) -> Interpreter {
    let mut spec = provider();
    spec.recipes = vec![
        md5_recipe("request", all(EmptyAction::Drop)),
        header_recipe(vec![value(Operand::Header("x-time".to_owned())), message(MessagePart::Body)]),
    ];
    let envelope = &mut spec.envelopes[0];
    envelope.signature = Signature::Recipe(RecipeId(1));
    envelope.members = vec![
        received("status", Kind::Integer { json: JsonForm::Number }),
        ReceivedField { header: Some("X-Time".to_owned()), ..received("time", Kind::Text) },
    ];
    envelope.data = None;
    envelope.message = None;
    change(envelope);
    let mut pay = operation("pay", vec![sent("order", Kind::Text)]);
    let reply = pay.reply.as_mut().unwrap();
    reply.member = None;
    reply.shape = ReplyShape::Fields(vec![received("number", Kind::Text)]);
    spec.operations = vec![pay];
    interpreter(spec)
}

#[test]
fn replies_are_verified_over_headers_and_body_in_json_and_xml() {
    for body in [ReplyBody::Json, ReplyBody::Xml] {
        let interpreter = answering(|envelope| envelope.body = body);
        let answer = Answer {
            members: inputs([("status", "1"), ("time", "77")]),
            data: Some(Given::Object(inputs([("number", "n<1>")]))),
            fault: false,
        };
        let message = interpreter.sign_reply_with("pay", &answer, &Supplied::default()).unwrap();
        let wanted = match body {
            ReplyBody::Json => r#"{"status":1,"number":"n<1>"}"#,
            ReplyBody::Xml => "<xml><status>1</status><number>n&lt;1&gt;</number></xml>",
        };
        assert_eq!(text_of(&message.body), wanted);
        assert_eq!(text_of(message.text.bytes()), format!("77{wanted}"));
        let given = inputs([("order", "1")]);
        let read = |headers: &[(String, String)], body: &[u8]| {
            interpreter.read_reply("pay", &given, 200, headers, body)
        };
        let Ending::Reply { values, signed: true, .. } = read(&message.headers, &message.body) else {
            panic!("{:?}", read(&message.headers, &message.body))
        };
        assert_eq!(values.get("number").map(String::as_str), Some("n<1>"));
        let texts = interpreter.reply_texts("pay", &message.headers, &message.body, &Supplied::default());
        assert_eq!(texts.unwrap(), message.texts);
        let changed = wanted.replace('1', "2");
        let mismatch = Ending::Unknown(Because::BadSignature(Refusal::SignatureMismatch));
        assert_eq!(read(&message.headers, changed.as_bytes()), mismatch);
        assert_eq!(read(&message.headers[..1], &message.body), Ending::Unknown(Because::Unsigned));
        let mut late = message.headers.clone();
        late[0].1 = "78".to_owned();
        assert_eq!(read(&late, &message.body), mismatch);
    }
    let xml = answering(|envelope| envelope.body = ReplyBody::Xml);
    for hostile in ["<!DOCTYPE x><xml/>", "<xml>&x;</xml>", "{}", "", "<xml><a>1</a><a>2</a></xml>"] {
        let ending = xml.read_reply("pay", &Map::new(), 200, &[], hostile.as_bytes());
        assert!(
            matches!(ending, Ending::Unknown(Because::NotXml(_) | Because::NotJson(_))),
            "{hostile}: {ending:?}"
        );
    }
}

#[test]
fn two_signatures_in_two_places_are_both_needed() {
    let mut spec = provider();
    let second = Recipe { place: Some(in_field("sign2")), ..md5_recipe("second", all(EmptyAction::Keep)) };
    spec.recipes = vec![md5_recipe("first", all(EmptyAction::Keep)), second];
    spec.callbacks = vec![Callback {
        signature: Signature::Several(vec![Signature::Recipe(RecipeId(0)), Signature::Recipe(RecipeId(1))]),
        ..callback("paid", vec![received("a", Kind::Text)])
    }];
    let interpreter = Interpreter::new(Arc::new(spec), settings()).unwrap();
    let verified = round(&interpreter, &body(&[("a", "1")]), Receive::PostForm, &Supplied::default());
    assert_eq!(text_of(verified.texts[0].1.bytes()), format!("a=1&secret={SECRET}"));
    assert!(text_of(verified.texts[1].1.bytes()).starts_with("a=1&secret="), "{:?}", verified.texts);
    assert!(text_of(verified.texts[1].1.bytes()).contains("&sign="));
    let message = interpreter
        .sign_notice("paid", &body(&[("a", "1")]), Receive::PostForm, &Supplied::default())
        .unwrap();
    let sent = text_of(&message.body);
    let pieces: Vec<&str> = sent.split('&').collect();
    for without in 1..3 {
        let left: Vec<&str> = pieces
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != without)
            .map(|(_, piece)| *piece)
            .collect();
        let incoming = left.join("&");
        let refused =
            interpreter.verify_callback("paid", &Incoming::new("POST", b"", None, incoming.as_bytes()));
        assert!(refused.is_err(), "{incoming}");
    }
}

#[test]
fn json_in_base64_is_written_and_read() {
    let kind = || Kind::Base64Json(JsonOf::Any);
    let mut recipe = md5_recipe("r", all(EmptyAction::Keep));
    recipe.text = vec![value(Operand::Field(path("p.order"))), literal("/"), Piece::List];
    let interpreter = paying(|pay, _| pay.request = vec![sent("p", kind())], recipe.clone());
    let mut given = Map::new();
    given.insert("p", Given::from(r#"{"order":"7"}"#));
    let message = prepared(&interpreter, &given);
    assert_eq!(text_of(message.base_text()), format!("7/p=eyJvcmRlciI6IjcifQ==&secret={SECRET}"));
    assert_eq!(check(&interpreter, &message).unwrap(), given);
    let receiver = notifying(recipe, vec![received("p", kind())], Receive::PostForm);
    let notice = body(&[("p", "eyJvcmRlciI6IjcifQ")]);
    let verified = round(&receiver, &notice, Receive::PostForm, &Supplied::default());
    assert_eq!(verified.values.get("p").map(String::as_str), Some(r#"{"order":"7"}"#));
}
