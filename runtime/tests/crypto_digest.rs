//! Digests against published values, their text forms, the decoding and comparison of received signatures, and
//! the silence of secrets.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use payspec_runtime::crypto::digest::{hmac_sha1, hmac_sha256, hmac_sha512, md5, sha1, sha256, sha512};
use payspec_runtime::crypto::{Encoding, MalformedSignature, Sealed, decode_signature, digest_matches};
use payspec_runtime::{Secret, Sensitive};

#[test]
fn digests_are_those_of_their_standards() {
    assert_eq!(md5(b"abc").hex_lower(), "900150983cd24fb0d6963f7d28e17f72");
    assert_eq!(sha1(b"abc").hex_lower(), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_eq!(
        sha256(b"abc").hex_lower(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(
        sha512(b"abc").hex_lower(),
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
         2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
    );
}

#[cfg(feature = "sm")]
#[test]
fn sm3_is_that_of_its_standard() {
    assert_eq!(
        payspec_runtime::crypto::digest::sm3(b"abc").hex_lower(),
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    );
}

#[test]
fn keyed_digests_are_those_of_rfc_2202_and_rfc_4231() {
    let (key, message) = (b"Jefe", b"what do ya want for nothing?");
    assert_eq!(hmac_sha1(key, message).hex_lower(), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    assert_eq!(
        hmac_sha256(key, message).hex_lower(),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    assert_eq!(
        hmac_sha512(key, message).hex_lower(),
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
         9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
    );
}

#[test]
fn a_key_longer_than_a_block_is_digested_first() {
    let message = b"Test Using Larger Than Block-Size Key - Hash Key First";
    assert_eq!(
        hmac_sha256(&[0xaa; 131], message).hex_lower(),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    );
    assert_eq!(
        hmac_sha512(&[0xaa; 131], message).hex_lower(),
        "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
         6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"
    );
}

#[test]
fn a_seal_is_written_in_each_text_form() {
    let sealed = Sealed::from(vec![0x00, 0x0a, 0xfb, 0xff]);
    assert_eq!(sealed.hex_lower(), "000afbff");
    assert_eq!(sealed.hex_upper(), "000AFBFF");
    assert_eq!(sealed.base64(), "AAr7/w==");
    let long = Sealed::from((0..=255).collect::<Vec<u8>>());
    assert!(long.hex_lower().starts_with("000102") && long.hex_lower().ends_with("fdfeff"));
    assert_eq!((long.hex_lower().len(), long.base64().len()), (512, 344));
}

#[test]
fn a_seal_longer_than_any_digest_keeps_all_its_bytes() {
    let sealed = Sealed::from(vec![7; 256]);
    assert_eq!(sealed.as_bytes(), [7; 256]);
}

#[test]
fn hexadecimal_digits_are_accepted_in_either_case() {
    let computed = sha1(b"abc");
    for text in [computed.hex_lower(), computed.hex_upper()] {
        let received = decode_signature(&text, Encoding::Hex).unwrap();
        assert!(digest_matches(&received, &computed));
    }
}

#[test]
fn a_digest_with_one_bit_changed_or_cut_short_does_not_match() {
    let computed = md5(b"abc");
    let whole = computed.as_bytes().to_vec();
    for bit in 0..128 {
        let mut received = whole.clone();
        received[bit / 8] ^= 1 << (bit % 8);
        assert!(!digest_matches(&received, &computed), "bit {bit}");
    }
    assert!(!digest_matches(&whole[..15], &computed));
    assert!(!digest_matches(&[], &computed));
    assert!(!digest_matches(&[&whole[..], &[0]].concat(), &computed));
}

#[test]
fn padding_of_base64_is_optional() {
    assert_eq!(decode_signature("AAr7/w==", Encoding::Base64).unwrap(), [0, 0x0a, 0xfb, 0xff]);
    assert_eq!(decode_signature("AAr7/w", Encoding::Base64).unwrap(), [0, 0x0a, 0xfb, 0xff]);
    assert_eq!(decode_signature("AAr7_w", Encoding::Base64Url).unwrap(), [0, 0x0a, 0xfb, 0xff]);
}

#[test]
fn each_base64_alphabet_refuses_the_other() {
    let character = |wanted| MalformedSignature::Character { offset: 4, wanted };
    let refused = |text, encoding| decode_signature(text, encoding).unwrap_err();
    assert_eq!(refused("AAr7_w==", Encoding::Base64), character(Encoding::Base64));
    assert_eq!(refused("AAr7/w==", Encoding::Base64Url), character(Encoding::Base64Url));
}

#[test]
fn a_malformed_signature_is_refused_with_its_reason() {
    let refused = |text, encoding| decode_signature(text, encoding).unwrap_err();
    let (hex, base64) = (Encoding::Hex, Encoding::Base64);
    assert_eq!(refused("", hex), MalformedSignature::Empty { wanted: hex });
    assert_eq!(refused("00 1", hex), MalformedSignature::WhiteSpace { offset: 2, wanted: hex });
    assert_eq!(refused("AAr7\n/w==", base64), MalformedSignature::WhiteSpace { offset: 4, wanted: base64 });
    assert_eq!(refused("0g", hex), MalformedSignature::Character { offset: 1, wanted: hex });
    assert_eq!(refused("0€", hex), MalformedSignature::Character { offset: 1, wanted: hex });
    assert_eq!(refused("abc", hex), MalformedSignature::OddLength { length: 3 });
    assert_eq!(refused("AAr7/", base64), MalformedSignature::Ending { length: 5, wanted: base64 });
    assert_eq!(refused("AAr7/x==", base64), MalformedSignature::Ending { length: 8, wanted: base64 });
    assert_eq!(refused("AA==AAAA", base64), MalformedSignature::Ending { length: 8, wanted: base64 });
}

#[test]
fn a_blank_in_base64_is_explained_by_double_decoding() {
    let error = decode_signature("AAr7 w==", Encoding::Base64).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the signature has white space at offset 4; base64 text has none \
         (a `+` that was form-decoded twice becomes a blank)"
    );
}

#[test]
fn debug_shows_neither_secrets_nor_personal_data_nor_digests() {
    let secret = Secret::from("topsecret".to_owned());
    assert_eq!(format!("{secret:?} {:?}", Some(secret.clone())), "Secret(***) Some(Secret(***))");
    assert_eq!(format!("{:?}", Sensitive::<String>::from("13800138000")), "***");
    assert_eq!(format!("{:#?}", Sensitive::new(42)), "***");
    assert_eq!(format!("{:?}", md5(b"abc")), "Sealed(16 bytes)");
}

#[test]
fn a_secret_keeps_its_white_space() {
    assert_eq!(Secret::new(" s ").expose(), " s ");
}

#[test]
fn personal_data_is_compared_and_given_back() {
    let buyer = Sensitive::<String>::from("2088");
    assert_eq!(buyer, Sensitive::new("2088".to_owned()));
    assert_ne!(buyer, Sensitive::default());
    assert_eq!(buyer.into_inner(), "2088");
}
