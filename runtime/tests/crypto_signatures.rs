//! RSA and SM2 against the vectors of `tests/vectors`: what must be reproduced, what must verify, what must not.

#![cfg(all(feature = "rsa", feature = "sm"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::fs;
use std::path::Path;

use payspec_runtime::crypto::{
    DerError, Encoding, RsaDigest, RsaPrivateKey, RsaPublicKey, Sealed, SignError, Sm2Form, Sm2PrivateKey,
    Sm2PublicKey, VerifyError, decode_signature,
};
use serde_json::Value;

const USER_ID: &str = "1234567812345678";

fn vectors(file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(file);
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn with_algorithm(algorithm: &str) -> Vec<Value> {
    let all = vectors("ysepay.json").into_iter().chain(vectors("sm2.json"));
    let chosen: Vec<_> = all.filter(|vector| vector["algorithm"] == algorithm).collect();
    assert!(chosen.len() > 5, "the vectors are not where they should be");
    chosen
}

fn text<'a>(vector: &'a Value, member: &str) -> &'a str {
    vector[member].as_str().unwrap_or_else(|| panic!("{} has no {member}", vector["name"]))
}

fn encoded(vector: &Value, base_string: &str) -> Vec<u8> {
    let encoding = encoding_rs::Encoding::for_label(text(vector, "charset").as_bytes()).unwrap();
    let (bytes, _, unmappable) = encoding.encode(base_string);
    assert!(!unmappable);
    bytes.into_owned()
}

fn base64(text: &str) -> Vec<u8> {
    decode_signature(text, Encoding::Base64).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    decode_signature(text, Encoding::Hex).unwrap()
}

/// Every base string for which the signature of the vector must be refused.
fn forgeries(vector: &Value) -> Vec<Vec<u8>> {
    let listed = vector["must_not_verify"].as_array().cloned().unwrap_or_default();
    let mut forgeries: Vec<_> =
        listed.iter().map(|forgery| encoded(vector, text(forgery, "base_string"))).collect();
    forgeries.push(encoded(vector, &format!("{}0", text(vector, "base_string"))));
    forgeries.push(Vec::new());
    forgeries
}

#[test]
fn rsa_signing_reproduces_every_vector_exactly() {
    let mut signed = 0;
    for vector in with_algorithm("rsa-sha1-pkcs1v15") {
        let Some(pem) = vector["signing_key_pem"].as_str() else { continue };
        let message = encoded(&vector, text(&vector, "base_string"));
        let signature = RsaPrivateKey::read(pem).unwrap().sign(RsaDigest::Sha1, &message).unwrap();
        assert_eq!(Sealed::from(signature).base64(), text(&vector, "signature"), "{}", vector["name"]);
        signed += 1;
    }
    assert!(signed >= 15, "{signed}");
}

#[test]
fn rsa_verification_accepts_every_vector_by_public_key_and_by_certificate() {
    for vector in with_algorithm("rsa-sha1-pkcs1v15") {
        let message = encoded(&vector, text(&vector, "base_string"));
        let signature = base64(text(&vector, "signature"));
        for member in ["verify_key_pem", "verify_certificate_pem"] {
            let Some(pem) = vector[member].as_str() else { continue };
            let key = RsaPublicKey::read(pem).unwrap();
            assert_eq!(key.verify(RsaDigest::Sha1, &message, &signature), Ok(()), "{}", vector["name"]);
        }
    }
}

#[test]
fn rsa_verification_refuses_every_forgery() {
    let mut refused = 0;
    for vector in with_algorithm("rsa-sha1-pkcs1v15") {
        let key = RsaPublicKey::read(text(&vector, "verify_key_pem")).unwrap();
        let signature = base64(text(&vector, "signature"));
        for forgery in forgeries(&vector) {
            let verdict = key.verify(RsaDigest::Sha1, &forgery, &signature);
            assert_eq!(verdict, Err(VerifyError::Mismatch), "{}", vector["name"]);
            refused += 1;
        }
    }
    assert!(refused > 40, "{refused}");
}

#[test]
fn a_signature_over_one_digest_is_refused_under_another() {
    let vector = &with_algorithm("rsa-sha1-pkcs1v15")[3];
    let key = RsaPrivateKey::read(text(vector, "signing_key_pem")).unwrap();
    let digests = [RsaDigest::Sha1, RsaDigest::Sha256, RsaDigest::Sha512];
    for signed in digests {
        let signature = key.sign(signed, b"message").unwrap();
        for verified in digests {
            let verdict = key.public_key().verify(verified, b"message", &signature);
            assert_eq!(verdict.is_ok(), signed == verified, "{signed:?} as {verified:?}");
        }
    }
}

#[test]
fn an_rsa_signature_of_another_length_names_both_lengths() {
    let vector = &with_algorithm("rsa-sha1-pkcs1v15")[0];
    let key = RsaPublicKey::read(text(vector, "verify_key_pem")).unwrap();
    let message = encoded(vector, text(vector, "base_string"));
    let verdict = key.verify(RsaDigest::Sha1, &message, &[0; 256]);
    assert_eq!(verdict, Err(VerifyError::Length { found: 256, wanted: 128 }));
    let padded = [&[0], &base64(text(vector, "signature"))[..]].concat();
    assert_eq!(
        key.verify(RsaDigest::Sha1, &message, &padded),
        Err(VerifyError::Length { found: 129, wanted: 128 })
    );
}

fn sm2_public(vector: &Value) -> Sm2PublicKey {
    Sm2PublicKey::read(text(vector, "verify_key_hex")).unwrap()
}

#[test]
fn sm2_verification_accepts_every_vector_in_both_forms() {
    for vector in with_algorithm("sm2-sm3") {
        let message = encoded(&vector, text(&vector, "base_string"));
        let (key, id) = (sm2_public(&vector), text(&vector, "sm2_user_id"));
        let der = base64(text(&vector, "signature"));
        assert_eq!(key.verify(id, Sm2Form::Der, &message, &der), Ok(()), "{}", vector["name"]);
        if let Some(raw) = vector["signature_raw_hex"].as_str() {
            assert_eq!(key.verify(id, Sm2Form::Raw, &message, &hex(raw)), Ok(()), "{}", vector["name"]);
        }
    }
}

#[test]
fn sm2_verification_refuses_every_forgery_and_every_other_id() {
    for vector in with_algorithm("sm2-sm3") {
        let (key, id) = (sm2_public(&vector), text(&vector, "sm2_user_id"));
        let der = base64(text(&vector, "signature"));
        for forgery in forgeries(&vector) {
            assert_eq!(key.verify(id, Sm2Form::Der, &forgery, &der), Err(VerifyError::Mismatch));
        }
        let message = encoded(&vector, text(&vector, "base_string"));
        for id in ["", "1234567812345679"] {
            assert_eq!(key.verify(id, Sm2Form::Der, &message, &der), Err(VerifyError::Mismatch));
        }
    }
}

#[test]
fn sm2_signing_verifies_with_any_id_and_form_and_is_deterministic() {
    let key = Sm2PrivateKey::read(text(&vectors("sm2.json")[0], "signing_key_hex")).unwrap();
    for id in [USER_ID, "", "商户"] {
        for form in [Sm2Form::Der, Sm2Form::Raw] {
            let signature = key.sign(id, form, b"message").unwrap();
            assert_eq!(key.public_key().verify(id, form, b"message", &signature), Ok(()));
            assert_eq!(key.sign(id, form, b"message").unwrap(), signature);
            assert!(key.public_key().verify("other", form, b"message", &signature).is_err());
        }
    }
}

#[test]
fn short_numbers_survive_both_forms() {
    // One number in 256 is shorter than 32 bytes: among 600 signatures there are some of every length.
    let key = Sm2PrivateKey::read(text(&vectors("sm2.json")[2], "signing_key_hex")).unwrap();
    let mut lengths = std::collections::BTreeSet::new();
    for counter in 0..600_u32 {
        let message = counter.to_be_bytes();
        let der = key.sign(USER_ID, Sm2Form::Der, &message).unwrap();
        let raw = key.sign(USER_ID, Sm2Form::Raw, &message).unwrap();
        assert_eq!(raw.len(), 64);
        assert_eq!(der, independent_der(&raw), "{counter}");
        if der.len() < 70 {
            assert_eq!(key.public_key().verify(USER_ID, Sm2Form::Der, &message, &der), Ok(()));
        }
        lengths.insert(der.len());
    }
    assert!(lengths.contains(&72) && lengths.first().is_some_and(|shortest| *shortest < 70), "{lengths:?}");
}

/// DER written a second time, by the book and without a thought for speed.
fn independent_der(raw: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    for number in raw.chunks(32) {
        let mut digits = number.to_vec();
        while digits.len() > 1 && digits[0] == 0 && digits[1] < 0x80 {
            digits.remove(0);
        }
        if digits[0] >= 0x80 {
            digits.insert(0, 0);
        }
        content.extend([2, u8::try_from(digits.len()).unwrap()]);
        content.extend(digits);
    }
    [vec![0x30, u8::try_from(content.len()).unwrap()], content].concat()
}

/// A vector's DER signature with its `r` of 31 bytes, taken apart: `30 len 02 len r 02 len s`.
fn short_r() -> (Value, Vec<u8>, Vec<u8>) {
    let vector = vectors("sm2.json").into_iter().find(|v| v["name"] == "der_corner_r_short").unwrap();
    let (r, s) = (hex(text(&vector, "r")), hex(text(&vector, "s")));
    (vector, r, s)
}

fn der(tag: u8, r: &[u8], s: &[u8], trailing: &[u8]) -> Vec<u8> {
    let integer = |number: &[u8]| [&[2, number.len() as u8], number].concat();
    let content = [integer(r), integer(s)].concat();
    [&[tag, content.len() as u8], &content[..], trailing].concat()
}

#[test]
fn der_has_exactly_one_accepted_spelling() {
    let (vector, r, s) = short_r();
    let message = text(&vector, "message").as_bytes();
    let verdict = |signature: &[u8]| sm2_public(&vector).verify(USER_ID, Sm2Form::Der, message, signature);
    let form = |error| Err(VerifyError::Form(error));
    let (minimal_r, s) = (&r[..], &[&[0], &s[..]].concat()[..]);
    // r is 00 9b .. already: exactly the one zero that keeps it positive.
    assert_eq!(verdict(&der(0x30, minimal_r, s, &[])), Ok(()));
    assert_eq!(verdict(&der(0x30, &[&[0], minimal_r].concat(), s, &[])), form(DerError::Integer));
    assert_eq!(verdict(&der(0x30, &minimal_r[1..], s, &[])), form(DerError::Integer));
    assert_eq!(verdict(&der(0x30, &[], s, &[])), form(DerError::Integer));
    assert_eq!(verdict(&der(0x30, minimal_r, s, &[0])), form(DerError::Trailing { count: 1 }));
    assert_eq!(verdict(&der(0x31, minimal_r, s, &[])), form(DerError::Tag { found: 0x31, wanted: 0x30 }));
    let mut third = der(0x30, minimal_r, s, &[2, 1, 1]);
    third[1] += 3;
    assert_eq!(verdict(&third), form(DerError::Trailing { count: 3 }));
    let mut long_length = der(0x30, minimal_r, s, &[]);
    long_length.insert(1, 0x81);
    assert_eq!(verdict(&long_length), form(DerError::Length));
    let mut indefinite = der(0x30, minimal_r, s, &[0, 0]);
    indefinite[1] = 0x80;
    assert_eq!(verdict(&indefinite), form(DerError::Length));
    assert_eq!(verdict(&[]), form(DerError::CutOff { announced: 1, present: 0 }));
    assert_eq!(verdict(&der(0x30, &[&[1], &[7; 32][..]].concat(), s, &[])), Err(VerifyError::Range));
}

#[test]
fn numbers_out_of_range_are_refused() {
    let (vector, r, s) = short_r();
    let message = text(&vector, "message").as_bytes();
    let order = hex("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123");
    let verdict =
        |r: &[u8], s: &[u8]| sm2_public(&vector).verify(USER_ID, Sm2Form::Raw, message, &[r, s].concat());
    assert_eq!(verdict(&r, &s), Ok(()));
    for wrong in [&[0; 32][..], &order, &[0xff; 32]] {
        assert_eq!(verdict(wrong, &s), Err(VerifyError::Range));
        assert_eq!(verdict(&r, wrong), Err(VerifyError::Range));
    }
    // r + s = order: each is in range, their sum is zero.
    assert_eq!(
        verdict(&hex(&format!("{:064x}", 1)), &[&order[..31], &[0x22]].concat()),
        Err(VerifyError::Mismatch)
    );
    assert_eq!(verdict(&r, &s[..31]), Err(VerifyError::Length { found: 63, wanted: 64 }));
}

#[test]
fn an_id_too_long_to_be_hashed_is_refused_on_both_sides() {
    let key = Sm2PrivateKey::read(text(&vectors("sm2.json")[0], "signing_key_hex")).unwrap();
    let id = "x".repeat(8192);
    assert_eq!(key.sign(&id, Sm2Form::Raw, b""), Err(SignError::UserIdTooLong { length: 8192, limit: 8191 }));
    assert_eq!(
        key.public_key().verify(&id, Sm2Form::Raw, b"", &[1; 64]),
        Err(VerifyError::UserIdTooLong { length: 8192, limit: 8191 })
    );
}

#[test]
fn debug_of_keys_shows_their_size_only() {
    let vector = &with_algorithm("rsa-sha1-pkcs1v15")[3];
    let key = RsaPrivateKey::read(text(vector, "signing_key_pem")).unwrap();
    assert_eq!(format!("{key:?} {:?}", key.public_key()), "RsaPrivateKey(2048 bits) RsaPublicKey(2048 bits)");
    let key = Sm2PrivateKey::read(text(&vectors("sm2.json")[0], "signing_key_hex")).unwrap();
    assert_eq!(format!("{key:?} {:?}", key.public_key()), "Sm2PrivateKey(256 bits) Sm2PublicKey(256 bits)");
}
