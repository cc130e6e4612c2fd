//! Requests in the making: what recipes see of them, what can be placed, what is sent.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use payspec_runtime::{
    BuildError, Charset, Draft, KeysById, Method, NotSent, Pairs, PrepareError, Prepared, RecipeError,
    Secret, Space, json::Object,
};
use support::client;

fn draft(method: Method) -> Draft {
    client().core.draft(method, 0, "/pay", Charset::Utf8, Space::Plus).unwrap()
}

fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    let mut all = Pairs::new();
    pairs.iter().for_each(|(name, value)| all.pair(name, value));
    all
}

fn prepared(draft: Draft) -> Prepared {
    client().core.prepare(draft).unwrap()
}

#[test]
fn a_form_is_viewed_decoded_and_sent_encoded() {
    let mut draft = draft(Method::Post);
    draft.query(pairs(&[("v", "1 2")]));
    draft.form(pairs(&[("subject", "午 餐"), ("amount", "1")]));
    assert_eq!(draft.message().unwrap().text("subject"), Some("午 餐"));
    assert_eq!(draft.message().unwrap().text("v"), Some("1 2"));
    draft.place_field("sign", "00+f").unwrap();
    let sent = prepared(draft);
    assert_eq!(sent.url(), "https://pay.example.com/pay?v=1+2");
    assert_eq!(sent.body(), b"subject=%E5%8D%88+%E9%A4%90&amount=1&sign=00%2Bf");
    assert_eq!(sent.content_type(), Some("application/x-www-form-urlencoded; charset=UTF-8"));
}

#[test]
fn without_a_body_fields_are_placed_in_the_query() {
    let mut draft = draft(Method::Get);
    draft.query(pairs(&[("a", "1")]));
    draft.place_field("sign", "x").unwrap();
    draft.place_query("nonce", "y").unwrap();
    let sent = prepared(draft);
    assert_eq!(sent.url(), "https://pay.example.com/pay?a=1&sign=x&nonce=y");
    assert_eq!((sent.content_type(), sent.body()), (None, b"".as_slice()));
}

#[test]
fn a_signature_may_stand_in_the_query_beside_a_body() {
    let mut draft = draft(Method::Post);
    draft.json(Object::new());
    draft.place_in_query(&["sign"]);
    draft.place_field("sign", "x").unwrap();
    let sent = prepared(draft);
    assert_eq!((sent.url(), sent.body()), ("https://pay.example.com/pay?sign=x", b"{}".as_slice()));
}

#[test]
fn json_is_viewed_with_its_exact_text() {
    let mut object = Object::new();
    object.number("amount", "1.0");
    object.object("buyer", |buyer| buyer.sensitive(|buyer| buyer.text("id", "7")));
    let mut draft = draft(Method::Post);
    draft.json(object);
    assert_eq!(draft.message().unwrap().text("amount"), Some("1.0"));
    assert_eq!(draft.message().unwrap().text("buyer"), Some("{\"id\":\"7\"}"));
    draft.place_field("sign", "\"").unwrap();
    let sent = prepared(draft);
    assert_eq!(sent.body(), br#"{"amount":1.0,"buyer":{"id":"7"},"sign":"\""}"#);
    assert_eq!(sent.content_type(), Some("application/json; charset=UTF-8"));
}

#[test]
fn xml_is_viewed_as_its_receiver_will_see_it() {
    let mut object = Object::new();
    object.text("body", "a<b>&c\r\n");
    object.number("total_fee", "1");
    object.object("scene", |scene| scene.boolean("vip", true));
    let mut draft = draft(Method::Post);
    draft.xml("xml", object);
    assert_eq!(draft.message().unwrap().text("body"), Some("a<b>&c\r\n"));
    assert_eq!(draft.message().unwrap().text("scene"), Some("{\"vip\":\"true\"}"));
    draft.place_field("sign", "00").unwrap();
    let sent = prepared(draft);
    assert_eq!(
        String::from_utf8_lossy(sent.body()),
        "<xml><body>a&lt;b&gt;&amp;c&#13;\n</body><total_fee>1</total_fee><scene><vip>true</vip></scene>\
         <sign>00</sign></xml>"
    );
    assert_eq!(sent.content_type(), Some("text/xml; charset=UTF-8"));
}

#[test]
fn what_xml_cannot_hold_is_not_sent() {
    let mut object = Object::new();
    object.text("body", "\u{1}");
    let mut draft = draft(Method::Post);
    draft.xml("xml", object);
    let refused = client().core.prepare(draft).unwrap_err();
    assert!(
        matches!(&refused, PrepareError::NotSent(NotSent::Xml(error)) if error.name == "body"),
        "{refused}"
    );
}

#[test]
fn a_raw_body_is_sent_as_it_is_and_has_no_fields() {
    let mut draft = draft(Method::Post);
    draft.raw("application/json", "[1, 2]");
    assert_eq!(draft.message().unwrap().text("a"), None);
    assert!(matches!(
        draft.place_field("sign", "x").unwrap_err(),
        PrepareError::NotSent(NotSent::Place { .. })
    ));
    let sent = prepared(draft);
    assert_eq!((sent.body(), sent.content_type()), (b"[1, 2]".as_slice(), Some("application/json")));
}

#[test]
fn headers_are_sent_as_they_are_and_can_carry_nothing_else() {
    let mut draft = draft(Method::Post);
    draft.header("X-Api-Key", "abc def").unwrap();
    draft.header_if("X-None", None).unwrap();
    draft.place_header("Authorization", "A b=\"c\"").unwrap();
    for bad in ["a\r\nX-Admin: 1", "a\nb", "a\0b", "中", "a\tb", "\u{7f}"] {
        let refused = draft.place_header("X-Bad", bad).unwrap_err();
        assert!(
            matches!(&refused, PrepareError::NotSent(NotSent::Header { name }) if name == "X-Bad"),
            "{bad:?}"
        );
        assert!(!refused.to_string().contains("Admin"));
    }
    assert!(draft.place_header("X Bad", "x").is_err());
    assert!(draft.place_header("x-api-key", "y").is_err());
    assert_eq!(draft.message().unwrap().header("AUTHORIZATION"), Ok(Some("A b=\"c\"")));
    let sent = prepared(draft);
    let headers: Vec<_> = sent.headers().collect();
    assert_eq!(headers, [("X-Api-Key", "abc def"), ("Authorization", "A b=\"c\"")]);
    assert!(!format!("{sent:?}").contains("abc"));
}

#[test]
fn nothing_is_placed_over_something_else() {
    let mut draft = draft(Method::Post);
    draft.form(pairs(&[("sign", "mine")]));
    let taken = |result: Result<(), PrepareError>| {
        assert!(matches!(result, Err(PrepareError::NotSent(NotSent::Place { .. }))), "{result:?}");
    };
    taken(draft.place_field("sign", "x"));
    draft.place_query("q", "x").unwrap();
    taken(draft.place_query("q", "y"));
}

#[test]
fn rows_have_flat_numbered_names() {
    let mut all = Pairs::new();
    all.rows("item_count", &["a", "b"], 1, |item, row| {
        row.pair("item_#_name", item);
        row.pair("item_#_quantity", "1");
    });
    let mut draft = draft(Method::Post);
    draft.form(all);
    assert_eq!(
        prepared(draft).body(),
        b"item_count=2&item_1_name=a&item_1_quantity=1&item_2_name=b&item_2_quantity=1"
    );
}

#[test]
fn a_character_that_the_charset_lacks_is_not_sent() {
    let mut draft = client().core.draft(Method::Post, 0, "/pay", Charset::Gbk, Space::Plus).unwrap();
    draft.form(pairs(&[("subject", "\u{1f600}")]));
    assert!(matches!(draft.message().unwrap_err(), PrepareError::NotSent(NotSent::Form(_))));
    let mut object = Object::new();
    object.text("subject", "\u{1f600}");
    draft.json(object);
    assert!(matches!(client().core.prepare(draft).unwrap_err(), PrepareError::Invalid(_)));
}

#[test]
fn an_address_of_the_browser_carries_what_was_placed() {
    let mut draft = draft(Method::Get);
    draft.query(pairs(&[("a", "1")]));
    draft.place_field("sign", "x").unwrap();
    assert_eq!(client().core.redirect_to(draft).unwrap().as_str(), "https://pay.example.com/pay?a=1&sign=x");
}

#[test]
fn keys_are_found_by_their_id_and_by_nothing_else() {
    let mut keys = KeysById::new();
    keys.insert("A1", "key one");
    keys.insert("B2", "key two");
    assert_eq!(keys.get("A1"), Some(&"key one"));
    assert_eq!(keys.named("a1"), Err(RecipeError::UnknownKey { id: "a1".into() }));
    assert_eq!(keys.named(""), Err(RecipeError::UnknownKey { id: String::new() }));
    assert_eq!(format!("{keys:?}"), "KeysById{\"A1\", \"B2\"}");
}

#[test]
fn secrets_are_decoded_once_and_never_shown() {
    assert_eq!(Secret::new("00Ff").from_hex().unwrap().as_bytes(), [0x00, 0xff]);
    assert_eq!(Secret::new("AP-_").from_base64().unwrap().as_bytes(), [0x00, 0xff, 0xbf]);
    assert_eq!(Secret::new("AP8=").from_base64().unwrap().as_bytes(), [0x00, 0xff]);
    assert_eq!(Secret::new("00ff").as_bytes(), b"00ff");
    for bad in ["", "0", "0g", "00 ff", "中文"] {
        let error = BuildError::secret("api_key")(Secret::new(bad).from_hex().unwrap_err());
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("api_key") && (bad.len() < 3 || !shown.contains(bad)), "{shown}");
    }
    for bad in ["", "A", "AA AA", "A*AA", "AP8=x"] {
        assert!(Secret::new(bad).from_base64().is_err(), "{bad}");
    }
}
