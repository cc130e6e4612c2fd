//! Signed text: composed, masked, sealed, compared.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use payspec_runtime::{
    Charset, Filter, Operand, RecipeError, Secret, SignedText, Text, TextError, UrlDialect, seal,
};

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
        item.put("d");
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
    text.put_value(&Operand::secret(&secret));
    assert!(!format!("{text:?}").contains("s3cr3t"));
    let text = text.finish().unwrap();
    assert_eq!(text.masked(), "******a=1&openid=******&(******)&secret=************");
    assert_eq!(format!("{text:?}"), "SignedText(\"******a=1&openid=******&(******)&secret=************\")");
    assert!(!format!("{:?}", Operand::secret(&secret)).contains("s3cr3t"));
    assert!(!format!("{:?}", Operand::text("oX12")).contains("oX12"));
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
    text.put_value(&Operand::bytes("文".as_bytes()));
    text.put_value(&Operand::text("文"));
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
    assert_eq!(refused, RecipeError::Text(TextError::Unencodable { character: '😀', charset: Charset::Gbk }));
    assert!(refused.to_string().contains("😀"));

    let mut text = Text::new(Charset::Gbk);
    text.list("&").secret("k=", &Secret::new("😀"));
    let refused = text.finish().unwrap_err();
    assert_eq!(refused, RecipeError::Text(TextError::HiddenUnencodable { charset: Charset::Gbk }));
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
    assert_ne!(seal::hmac_sha256(&key, &text).hex_lower(), &*other.hex_lower());
}

#[test]
fn the_debug_form_of_a_received_seal_shows_its_length_only() {
    assert_eq!(format!("{:?}", seal::received_hex("00ff").unwrap()), "ReceivedSeal(2 bytes)");
}

#[test]
fn a_filter_over_the_whole_text_keeps_hidden_pieces_hidden_where_they_stand() {
    let compose = |filters: &[Filter]| {
        let text = text_of(|text| {
            text.put("Key=");
            text.put_secret(&Secret::new("A b"));
            text.put("&Name=中 X");
        });
        text.transformed(filters).unwrap()
    };
    let lowered = compose(&[Filter::Url(UrlDialect::Dotnet), Filter::Lower]);
    assert_eq!(lowered.as_bytes(), b"key%3da+b%26name%3d%e4%b8%ad+x".as_slice());
    assert_eq!(lowered.masked(), "key%3d******%26name%3d%e4%b8%ad+x");
    let encoded = compose(&[Filter::Base64]);
    assert_eq!(encoded.as_bytes(), b"S2V5PUEgYiZOYW1lPeS4rSBY");
    assert_eq!(encoded.masked(), "******");
    let reversed = compose(&[Filter::Reverse, Filter::Upper]);
    assert_eq!(reversed.as_bytes(), "X 中=EMAN&B A=YEK".as_bytes());
    assert_eq!(reversed.masked(), "******");
    let shown = text_of(|text| text.put("ab")).transformed(&[Filter::Hex]).unwrap();
    assert_eq!(shown.masked(), "6162");
}

#[test]
fn raw_bytes_that_end_within_a_character_are_filtered_as_a_whole() {
    let text = text_of(|text| {
        text.put_hidden_raw(b"\xe4\xb8");
        text.put_raw(b"\xadA");
    });
    let text = text.transformed(&[Filter::Lower]).unwrap();
    assert_eq!(text.as_bytes(), "中a".as_bytes());
    assert_eq!(text.masked(), "******");
}

#[test]
fn a_filter_that_does_not_fit_is_told_when_the_text_is_finished() {
    let mut text = Text::new(Charset::Utf8);
    text.put_filtered(&Operand::text("1e2"), &[Filter::Decimals(2, 2)]);
    text.put("behind");
    let refused = text.finish().unwrap_err();
    assert!(matches!(refused, RecipeError::Filter(_)), "{refused:?}");
}

#[test]
fn every_output_can_be_read_back_and_no_other_alphabet() {
    // md5("abc"), from RFC 1321, and bytes that differ between the alphabets.
    let sealed = seal::itself(&text_of(|text| text.put_raw(&[0xfb, 0xff, 0xfe, 0x01])));
    assert_eq!(sealed.base64(), "+//+AQ==");
    assert_eq!(sealed.base64url(), "-__-AQ==");
    assert_eq!(sealed.base64url_unpadded(), "-__-AQ");
    for text in ["-__-AQ==", "-__-AQ"] {
        assert!(sealed.matches(&seal::received_base64url(text).unwrap()), "{text}");
    }
    for odd in ["+//+AQ==", "-__-A", "-__-A Q", ""] {
        assert!(seal::received_base64url(odd).is_err(), "{odd:?}");
    }
    assert_eq!(sealed.text(Charset::Utf8), Err(RecipeError::NotText));
    let constant = seal::itself(&text_of(|text| text.put("中")));
    assert_eq!(constant.text(Charset::Utf8).unwrap(), "中");
    assert!(constant.matches(&seal::received_text(Charset::Utf8)("中").unwrap()));
    assert!(!constant.matches(&seal::received_text(Charset::Utf8)("中 ").unwrap()));
    assert!(seal::received_text(Charset::Utf8)("").is_err());
    assert!(seal::received_text(Charset::Latin1)("中").is_err());
}

#[test]
fn a_malformed_candidate_is_passed_over_beside_a_good_one() {
    let sealed = seal::md5(&text_of(|text| text.put("abc")));
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let good = texts(&["zz", "900150983cd24fb0d6963f7d28e17f72"]);
    let seals = seal::received_each(&good, seal::received_hex).unwrap();
    assert!(seals.iter().any(|seal| sealed.matches(seal)));
    assert!(seal::received_each(&texts(&["zz", ""]), seal::received_hex).is_err());
}

#[test]
fn a_key_that_is_computed_is_used_as_its_bytes() {
    // RFC 4231, test case 1 (HMAC with SHA-256 and SHA-512): a key of bytes that are no text.
    let key = text_of(|text| text.put_raw(&[0x0b; 20]));
    let text = text_of(|text| text.put("Hi There"));
    assert_eq!(
        seal::hmac_sha256(&key, &text).hex_lower(),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    );
    assert!(seal::hmac_sha512(&key, &text).hex_lower().starts_with("87aa7cdea5ef619d4ff0b4241a1d6cb0"));
}
