//! The door to RSA and SM2: a composed text in its charset is what is signed and verified.

#![cfg(all(feature = "rsa", feature = "sm"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::fs;
use std::path::Path;

use payspec_runtime::crypto::{RsaDigest, RsaPrivateKey, RsaPublicKey, Sm2Form, Sm2PrivateKey};
use payspec_runtime::{Charset, SignedText, Text, seal};
use serde_json::Value;

const USER_ID: &str = "1234567812345678";

fn signed(text: &str, charset: Charset) -> SignedText {
    let mut signed = Text::new(charset);
    signed.put(text);
    signed.finish().unwrap()
}

#[test]
fn rsa_vectors_in_every_charset_verify_over_the_composed_text() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/ysepay.json");
    let vectors: Vec<Value> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let mut charsets = Vec::new();
    for vector in vectors.iter().filter(|vector| vector["algorithm"] == "rsa-sha1-pkcs1v15") {
        let member = |name: &str| vector[name].as_str().unwrap();
        let charset = Charset::from_name(member("charset")).unwrap();
        let text = signed(member("base_string"), charset);
        let key = RsaPublicKey::read(member("verify_key_pem")).unwrap();
        let received = seal::received_base64(member("signature")).unwrap();
        assert!(seal::rsa_verifies(&key, RsaDigest::Sha1, &text, &received), "{}", vector["name"]);
        let other = signed(&format!("{}0", member("base_string")), charset);
        assert!(!seal::rsa_verifies(&key, RsaDigest::Sha1, &other, &received), "{}", vector["name"]);
        if let Some(pem) = vector["signing_key_pem"].as_str() {
            let key = RsaPrivateKey::read(pem).unwrap();
            let sealed = seal::rsa(&key, RsaDigest::Sha1, &text).unwrap();
            assert_eq!(sealed.base64(), member("signature"), "{}", vector["name"]);
        }
        charsets.push(charset);
    }
    assert!(charsets.contains(&Charset::Gbk) && charsets.contains(&Charset::Utf8), "{charsets:?}");
}

#[test]
fn an_sm2_seal_verifies_only_for_its_text_id_and_form() {
    let key = Sm2PrivateKey::read("11".repeat(32)).unwrap();
    let text = signed("amount=1&名=乗", Charset::Gbk);
    let sealed = seal::sm2(&key, USER_ID, Sm2Form::Der, &text).unwrap();
    let received = seal::received_base64(&sealed.base64()).unwrap();
    let verifies = |id: &str, form: Sm2Form, text: &SignedText| {
        seal::sm2_verifies(&key.public_key(), id, form, text, &received)
    };
    assert!(verifies(USER_ID, Sm2Form::Der, &text));
    assert!(!verifies("", Sm2Form::Der, &text));
    assert!(!verifies(USER_ID, Sm2Form::Raw, &text));
    assert!(!verifies(USER_ID, Sm2Form::Der, &signed("amount=1&名=乗", Charset::Utf8)));
}
