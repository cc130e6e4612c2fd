//! Seals at full width: ciphers, outputs, computed keys, keys by id, constants, digests that travel encrypted.
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
    CredentialValue, Instant, Interpreter, Map, RecipeError, Refusal, SealError, SettingsError, Supplied,
};
use payspec_runtime::Secret;

fn field_of(name: &str) -> Piece {
    value(Operand::Field(path(name)))
}

fn cipher(cipher: Cipher, iv: Option<Iv>, padding: Padding) -> Algorithm {
    Algorithm::Cipher { cipher, iv, aad: Vec::new(), padding }
}

/// A provider with one secret of this text and decoding, and one recipe.
fn with_secret(secret: &str, decode: Decode, recipe: Recipe) -> Result<Interpreter, SettingsError> {
    let mut spec = provider();
    spec.recipes = vec![recipe];
    spec.callbacks =
        vec![Callback { signature: Signature::Recipe(RecipeId(0)), ..callback("paid", Vec::new()) }];
    spec.credentials[1].kind = CredentialKind::Secret(decode);
    let mut settings = settings();
    settings.credentials.insert("secret", CredentialValue::Secret(Secret::new(secret)));
    Interpreter::new(Arc::new(spec), settings)
}

/// The signature of `a=<value>`.
fn sealed(interpreter: &Interpreter, value: &str) -> Result<String, SealError> {
    let text = interpreter.recipe_text("notify", &pairs(&[("a", value)])).unwrap().unwrap();
    interpreter.recipe_signature("notify", &text).unwrap()
}

#[test]
fn ciphers_give_what_is_published() {
    // FIPS 197, appendix C: one block of AES.
    let block = |kind, key: &str| {
        let seal = Seal {
            algorithm: cipher(kind, None, Padding::None),
            key: key_of("secret"),
            output: Output::HexLower,
        };
        let text = Piece::Value { from: Operand::Field(path("a")), filters: vec![Filter::FromHex] };
        sealed(
            &with_secret(key, Decode::Hex, text_recipe("notify", vec![text], seal)).unwrap(),
            "00112233445566778899aabbccddeeff",
        )
    };
    let key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    assert_eq!(block(Cipher::Aes128Ecb, &key[..32]).unwrap(), "69c4e0d86a7b0430d8cdb78070b4c55a");
    assert_eq!(block(Cipher::Aes192Ecb, &key[..48]).unwrap(), "dda97ca4864cdfe06eaf70a0ec0d7191");
    assert_eq!(block(Cipher::Aes256Ecb, key).unwrap(), "8ea2b7ca516745bfeafc49904b496089");
    assert_eq!(block(Cipher::Aes256Ecb, &key[..32]), Err(SealError::Cipher));
}

#[test]
fn a_key_is_computed_from_the_message() {
    // A published notice: the key of the order is the order number, encrypted.
    let part = Recipe {
        name: name("order_key"),
        place: None,
        ..text_recipe(
            "order_key",
            vec![field_of("p.DS_MERCHANT_ORDER")],
            Seal {
                algorithm: cipher(Cipher::TripleDesCbc, Some(Iv::Zeros), Padding::Zeros),
                key: key_of("secret"),
                output: Output::Bytes,
            },
        )
    };
    let seal = Seal {
        algorithm: Algorithm::Hmac(Digest::Sha256),
        key: Some(Key::Computed(vec![value(Operand::Part("order_key".to_owned()))])),
        output: Output::Base64,
    };
    let recipe = Recipe { parts: vec![part], ..text_recipe("notify", vec![field_of("p")], seal) };
    let interpreter = with_secret("sq7HjrUOBfKmC576ILgskD5srU870gJ7", Decode::Base64, recipe).unwrap();
    let parameters = "eyJEU19NRVJDSEFOVF9BTU9VTlQiOiIxNDUiLCJEU19NRVJDSEFOVF9PUkRFUiI6IjE0NDYwNjg1ODEiLCJEU19NRVJDSEFOVF9NRVJDSEFOVENPREUiOiI5OTkwMDg4ODEiLCJEU19NRVJDSEFOVF9DVVJSRU5DWSI6Ijk3OCIsIkRTX01FUkNIQU5UX1RSQU5TQUNUSU9OVFlQRSI6IjAiLCJEU19NRVJDSEFOVF9URVJNSU5BTCI6IjEifQ==";
    let signed = body(&[("p", parameters)]);
    let message = interpreter.sign_notice("paid", &signed, Receive::PostForm, &Supplied::default()).unwrap();
    assert!(text_of(&message.body).ends_with("&sign=WFo2U4uBjjSMNrb3ISYMD3Vy%2BwWmPO9eK5iqrnZ8c54%3D"));
    round(&interpreter, &signed, Receive::PostForm, &Supplied::default());
    assert_eq!(message.texts[0].0, "notify.order_key");
    assert_eq!(text_of(message.texts[0].1.bytes()), "1446068581");
    // What is derived from a secret is never shown.
    assert!(!format!("{message:?}").contains("sq7H"));
}

#[test]
fn every_output_is_written_and_read() {
    let seal = |output| Seal { algorithm: Algorithm::Digest(Digest::Md5), key: None, output };
    for (output, wanted) in [
        (Output::HexLower, "fbade9e36a3f36d3d676c1b808451dd7"),
        (Output::HexUpper, "FBADE9E36A3F36D3D676C1B808451DD7"),
        (Output::Base64, "+63p42o/NtPWdsG4CEUd1w=="),
        (Output::Base64Url, "-63p42o_NtPWdsG4CEUd1w=="),
        (Output::Base64UrlUnpadded, "-63p42o_NtPWdsG4CEUd1w"),
    ] {
        let recipe = text_recipe("notify", vec![field_of("a")], seal(output));
        let interpreter = with_secret(SECRET, Decode::Text, recipe).unwrap();
        assert_eq!(sealed(&interpreter, "z").unwrap(), wanted);
        let accepts =
            |signature: &str| interpreter.recipe_accepts("notify", &pairs(&[("a", "z")]), signature).unwrap();
        assert_eq!(accepts(wanted), Ok(0));
        assert_eq!(accepts(" "), Err(Refusal::MalformedSignature), "{output:?}");
    }
}

#[test]
fn secrets_are_decoded_when_the_client_is_set_up() {
    let hmac = |decode, secret: &str| {
        let seal = Seal {
            algorithm: Algorithm::Hmac(Digest::Sha256),
            key: key_of("secret"),
            output: Output::HexLower,
        };
        let text = vec![
            field_of("a"),
            Piece::Value { from: Operand::Credential(credential("secret")), filters: vec![Filter::Hex] },
        ];
        with_secret(secret, decode, text_recipe("notify", text, seal))
    };
    let text = hmac(Decode::Text, "\u{b}\u{b}").unwrap();
    for same in [hmac(Decode::Hex, "0B0b").unwrap(), hmac(Decode::Base64, "Cws=").unwrap()] {
        assert_eq!(sealed(&same, "x"), sealed(&text, "x"));
    }
    for (decode, wrong) in
        [(Decode::Hex, "0"), (Decode::Hex, "xx"), (Decode::Base64, "!"), (Decode::Base64, "=")]
    {
        assert_eq!(
            hmac(decode, wrong).map(|_| ()),
            Err(SettingsError::Encoding { name: "secret".to_owned() }),
            "{wrong}"
        );
    }
}

#[test]
fn a_constant_proves_who_sends() {
    let seal = Seal { algorithm: Algorithm::None, key: None, output: Output::Text };
    let recipe = Recipe {
        place: Some(in_header("Authorization")),
        ..text_recipe(
            "notify",
            vec![literal("Basic "), value(Operand::Credential(credential("secret")))],
            seal,
        )
    };
    let interpreter = notifying(recipe, vec![received("a", Kind::Text)], Receive::PostForm);
    let message = interpreter
        .sign_notice("paid", &body(&[("a", "1")]), Receive::PostForm, &Supplied::default())
        .unwrap();
    assert_eq!(message.headers, [header("Authorization", &format!("Basic {SECRET}"))]);
    assert_eq!(message.text.masked(), "Basic ******");
    assert!(receive(&interpreter, &message, &Supplied::default()).is_ok());
    let mut other = message.clone();
    other.headers[0].1.push('x');
    assert_eq!(receive(&interpreter, &other, &Supplied::default()), Err(Refusal::SignatureMismatch));
    other.headers.clear();
    assert!(matches!(
        receive(&interpreter, &other, &Supplied::default()),
        Err(Refusal::MissingSignature { .. })
    ));
}

/// A digest over the fields and a salt, encrypted with the salt behind it.
fn salted() -> Interpreter {
    let digest = Recipe {
        list: md5_recipe("x", all(EmptyAction::Keep)).list,
        place: None,
        ..text_recipe(
            "digest",
            vec![Piece::List, literal("|"), value(Operand::Fresh("salt".to_owned()))],
            Seal { algorithm: Algorithm::Digest(Digest::Sha256), key: None, output: Output::HexLower },
        )
    };
    let seal = Seal {
        algorithm: cipher(
            Cipher::Aes128Cbc,
            Some(Iv::Template(vec![literal("@@@@&&&&####$$$$")])),
            Padding::Pkcs7(16),
        ),
        key: key_of("secret"),
        output: Output::Base64,
    };
    let text = vec![
        value(Operand::Part("digest".to_owned())),
        literal("."),
        value(Operand::Fresh("salt".to_owned())),
    ];
    let salt = FreshFormat::Alphanumeric;
    let recipe = Recipe {
        fresh: vec![Fresh { name: name("salt"), format: salt, length: Some(4), place: None }],
        parts: vec![digest],
        ..text_recipe("notify", text, seal)
    };
    notifying(recipe, vec![received("a", Kind::Text)], Receive::PostForm)
}

#[test]
fn an_encrypted_digest_is_opened_and_its_salt_read_from_the_end() {
    let interpreter = salted();
    let verified = round(&interpreter, &body(&[("a", "1")]), Receive::PostForm, &Supplied::default());
    let salted = text_of(verified.texts[0].1.bytes());
    assert!(salted.starts_with(&format!("a=1&secret={SECRET}|")) && salted.len() == 28 + 4, "{salted}");
    assert!(!verified.texts[0].1.masked().contains(SECRET));
    let fixed = Supplied::default().fresh(Map::from([("salt", "1wQ5".to_owned())]));
    let message = interpreter.sign_notice("paid", &body(&[("a", "1")]), Receive::PostForm, &fixed).unwrap();
    assert!(text_of(message.texts[0].1.bytes()).ends_with("|1wQ5"));
    assert!(receive(&interpreter, &message, &Supplied::default()).is_ok());
}

#[test]
fn whatever_is_wrong_with_an_encrypted_digest_is_one_error() {
    let interpreter = salted();
    let message = interpreter
        .sign_notice("paid", &body(&[("a", "1")]), Receive::PostForm, &Supplied::default())
        .unwrap();
    let sent = text_of(&message.body);
    let (fields, signature) = sent.split_once("&sign=").unwrap();
    for wrong in [
        format!("a=2&sign={signature}"),
        format!(
            "{fields}&sign={}",
            signature.replacen(&signature[..1], if &signature[..1] == "A" { "B" } else { "A" }, 1)
        ),
        format!("{fields}&sign=AAAA"),
        format!("{fields}&sign=!"),
        format!("{fields}&sign={}", "A".repeat(4096)),
    ] {
        let changed =
            payspec_interpreter::CallbackMessage { body: wrong.clone().into_bytes(), ..message.clone() };
        assert_eq!(
            receive(&interpreter, &changed, &Supplied::default()),
            Err(Refusal::SignatureMismatch),
            "{wrong}"
        );
    }
}

#[test]
fn a_message_says_which_of_several_keys_it_means() {
    let private = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/vectors/keys/test-platform-rsa1024.pkcs8.pem"
    ));
    let Ok(private) = private else { panic!("the key of the workspace is missing") };
    let seal = Seal {
        algorithm: Algorithm::Rsa(Digest::Sha256),
        key: Some(Key::Credential {
            path: credential("keys"),
            id: Some(vec![value(Operand::Header("x-id".to_owned()))]),
        }),
        output: Output::Base64,
    };
    let mut spec = provider();
    spec.recipes = vec![Recipe {
        place: Some(in_header("X-Sign")),
        ..text_recipe("notify", vec![value(Operand::Message(MessagePart::Body))], seal)
    }];
    spec.callbacks = vec![Callback {
        receive: vec![Receive::PostJson],
        signature: Signature::Recipe(RecipeId(0)),
        ..callback(
            "paid",
            vec![ReceivedField { header: Some("X-Id".to_owned()), ..received("id", Kind::Text) }],
        )
    }];
    spec.credentials.push(Credential {
        name: name("keys"),
        kind: CredentialKind::Keys(KeyKind::RsaPublic),
        ..spec.credentials[0].clone()
    });
    let mut settings = settings();
    let keys = Map::from([("k1", CredentialValue::key(KeyKind::RsaPublic, &private).unwrap())]);
    settings.credentials.insert("keys", CredentialValue::Keys(keys));
    let interpreter = Interpreter::new(Arc::new(spec), settings).unwrap();
    let mut notice = body(&[("a", "1")]);
    notice.headers.push(header("X-Id", "k1"));
    let verified = round(
        &interpreter,
        &notice,
        Receive::PostJson,
        &Supplied::default().at(Instant::from_unix_seconds(0)),
    );
    assert_eq!(verified.values.get("id").map(String::as_str), Some("k1"));
    let mut message =
        interpreter.sign_notice("paid", &notice, Receive::PostJson, &Supplied::default()).unwrap();
    message.headers[0].1 = "k2".to_owned();
    assert_eq!(
        receive(&interpreter, &message, &Supplied::default()),
        Err(Refusal::Seal(SealError::UnknownKey))
    );
    message.headers.remove(0);
    assert_eq!(
        receive(&interpreter, &message, &Supplied::default()),
        Err(Refusal::Recipe(RecipeError::Empty { name: "x-id".to_owned() }))
    );
}
