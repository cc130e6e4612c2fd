//! Signed text: composed, masked, sealed, compared.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use payspec_runtime::{Charset, ItemValue, Secret, SignedText, Text, TextError, seal};

fn text_of(compose: impl FnOnce(&mut Text)) -> SignedText {
    let mut text = Text::new(Charset::Utf8);
    compose(&mut text);
    text.finish().unwrap()
}

#[test]
fn items_stand_with_the_separator_between_them() {
    let text = text_of(|text| {
        text.put("<");
        let mut list = text.list("&");
        list.item_if("none=", None);
        list.item("a=", "1");
        list.item_if("b=", Some("2"));
        list.item_between("(", "3", ")");
        list.item_between_if("(", None, ")");
        list.item_between_if("[", Some("4"), "]");
        list.raw("body=", b"{\"x\":1}");
        let item = list.begin_item();
        item.put("c");
        item.put_if(Some("d"));
        item.put_if(None);
        list.secret("key=", &Secret::new("s3cr3t"));
        text.put(">");
    });
    assert_eq!(text.as_bytes(), b"<a=1&b=2&(3)&[4]&body={\"x\":1}&cd&key=s3cr3t>".as_slice());
    assert_eq!(text.masked(), "<a=1&b=2&(3)&[4]&body={\"x\":1}&cd&key=******>");
}

#[test]
fn a_list_without_items_is_nothing() {
    let text = text_of(|text| {
        let mut list = text.list("&");
        list.item_if("a=", None);
        list.sensitive_if("b=", None);
    });
    assert_eq!(text.as_bytes(), b"");
    assert_eq!(text.masked(), "");
}

#[test]
fn secrets_and_personal_data_show_nowhere() {
    let secret = Secret::new("s3cr3t");
    let mut text = Text::new(Charset::Utf8);
    text.put_secret(&secret);
    let mut list = text.list("&");
    list.item("a=", "1");
    list.sensitive_if("openid=", Some("oX12"));
    assert!(!format!("{list:?}").contains("s3cr3t"));
    list.sensitive_between("(", "oX12", ")");
    list.sensitive_between_if("(", None, ")");
    list.secret("secret=", &secret);
    text.put_value(ItemValue::Secret(&secret));
    assert!(!format!("{text:?}").contains("s3cr3t"));
    let text = text.finish().unwrap();
    assert_eq!(text.masked(), "******a=1&openid=******&(******)&secret=************");
    assert_eq!(format!("{text:?}"), "SignedText(\"******a=1&openid=******&(******)&secret=************\")");
    assert!(!format!("{:?}", ItemValue::Secret(&secret)).contains("s3cr3t"));
    assert!(!format!("{:?}", ItemValue::Text("oX12")).contains("oX12"));
}

#[test]
fn an_empty_secret_is_masked_all_the_same() {
    let text = text_of(|text| text.list("&").secret("secret=", &Secret::new("")));
    assert_eq!(text.masked(), "secret=******");
}

#[test]
fn masks_hold_when_the_text_grows_past_its_first_room() {
    let long = "x".repeat(100_000);
    let text = text_of(|text| {
        text.put_secret(&Secret::new("first"));
        text.put(&long);
        text.put_secret(&Secret::new("second"));
        text.put(&long);
    });
    assert_eq!(text.as_bytes().len(), 200_011);
    assert_eq!(text.masked(), format!("******{long}******{long}"));
}

#[test]
fn values_are_encoded_and_raw_bytes_are_not_touched() {
    let mut text = Text::new(Charset::Gbk);
    text.put("中");
    text.put_secret(&Secret::new("密"));
    text.put_raw(b"\xff\xfe");
    text.put_value(ItemValue::Raw("文".as_bytes()));
    text.put_value(ItemValue::Text("文"));
    let text = text.finish().unwrap();
    assert_eq!(text.as_bytes(), b"\xd6\xd0\xc3\xdc\xff\xfe\xe6\x96\x87\xce\xc4");
    assert!(text.masked().starts_with("中******"));
}

#[test]
fn a_character_that_the_charset_cannot_write_is_named_unless_it_is_secret() {
    let mut text = Text::new(Charset::Gbk);
    text.put("a😀ë");
    text.put_secret(&Secret::new("ë"));
    let refused = text.finish().unwrap_err();
    assert_eq!(refused, TextError::Unencodable { character: '😀', charset: Charset::Gbk });
    assert!(refused.to_string().contains("😀"));

    let mut text = Text::new(Charset::Gbk);
    text.list("&").secret("k=", &Secret::new("😀"));
    let refused = text.finish().unwrap_err();
    assert_eq!(refused, TextError::HiddenUnencodable { charset: Charset::Gbk });
    assert!(!refused.to_string().contains("😀"));
}

#[test]
fn a_text_is_sealed_and_a_received_seal_compared() {
    // md5("abc"), from RFC 1321.
    let digest = "900150983cd24fb0d6963f7d28e17f72";
    let sealed = seal::md5(&text_of(|text| text.put("abc")));
    assert_eq!(sealed.hex_lower(), digest);
    assert!(sealed.matches(&seal::received_hex(digest).unwrap()));
    assert!(sealed.matches(&seal::received_hex(&digest.to_uppercase()).unwrap()));
    assert!(sealed.matches(&seal::received_base64("kAFQmDzST7DWlj99KOF/cg==").unwrap()));
    assert!(sealed.matches(&seal::received_base64("kAFQmDzST7DWlj99KOF/cg").unwrap()));
    assert!(!sealed.matches(&seal::received_hex("900150983cd24fb0d6963f7d28e17f73").unwrap()));
    assert!(!sealed.matches(&seal::received_hex("9001").unwrap()), "a prefix is no match");
}

#[test]
fn what_is_no_seal_is_refused_before_it_is_compared() {
    for odd in ["", " ", "90015", "zz", "90 01", "９０"] {
        assert!(seal::received_hex(odd).is_err(), "{odd:?}");
    }
    for odd in ["", "kAFQ mDzS", "kAFQ-_", "k"] {
        assert!(seal::received_base64(odd).is_err(), "{odd:?}");
    }
}

#[test]
fn each_digest_is_the_one_of_its_name() {
    let text = text_of(|text| text.put("abc"));
    let key = Secret::new("key");
    assert_eq!(seal::sha1(&text).hex_lower(), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert!(seal::sha256(&text).hex_lower().starts_with("ba7816bf8f01cfea414140de5dae2223"));
    assert!(seal::sha512(&text).hex_lower().starts_with("ddaf35a193617abacc417349ae204131"));
    // RFC 2202, test case 2.
    let jefe = text_of(|text| text.put("what do ya want for nothing?"));
    assert_eq!(seal::hmac_md5(&Secret::new("Jefe"), &jefe).hex_lower(), "750c783e6ab0b503eaa86e310a5db738");
    assert_eq!(seal::hmac_sha1(&key, &text).as_bytes().len(), 20);
    assert_eq!(seal::hmac_sha256(&key, &text).as_bytes().len(), 32);
    assert_eq!(seal::hmac_sha512(&key, &text).as_bytes().len(), 64);
    let other = seal::hmac_sha256(&Secret::new("yek"), &text);
    assert_ne!(seal::hmac_sha256(&key, &text).hex_lower(), other.hex_lower());
}

#[test]
fn the_debug_form_of_a_received_seal_shows_its_length_only() {
    assert_eq!(format!("{:?}", seal::received_hex("00ff").unwrap()), "ReceivedSeal(2 bytes)");
}
