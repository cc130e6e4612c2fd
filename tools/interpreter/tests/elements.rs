//! Recipes over every element of an array: signed one by one, verified one by one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::sync::Arc;

use payspec_codegen::ir::Receive;
use payspec_interpreter::{
    CallbackMessage, CredentialValue, GatewayError, Incoming, Interpreter, Map, Notice, RecipeError, Refusal,
    Settings, Supplied, Value, Verified,
};
use payspec_runtime::Secret;

const SPEC: &str = r#"payspec: 1
provider: { name: demo, title: Demo, doc: "A demo." }
credentials:
  secret: { secret: any, doc: "Secret." }
signatures:
  item:
    each: data.items
    parts: { digest: { text: "{no}", algorithm: md5, output: hex lower, place: { field: digest } } }
    fresh: { nonce: { is: hex, length: 8, field: nonce } }
    fields: all
    nested: leaves
    empties: keep
    order: by name
    pair: "{name}={value}"
    join: "&"
    text: "{fields}"
    algorithm: hmac-sha256
    key: secret
    output: hex lower
    place: { field: auth.sign, template: "v1:{signature}" }
  batch:
    fields: all
    nested: leaves
    empties: keep
    order: by name
    pair: "{name}={value}"
    join: "&"
    algorithm: hmac-sha256
    key: secret
    output: hex lower
    place: { field: sign }
types:
  Data: { doc: "Data.", fields: { items: { list: Item, doc: "Items." } } }
  Auth: { doc: "Proof.", fields: { kind: { text: any, doc: "Kind." }, sign: { signature: any, doc: "Signature." } } }
  Item:
    doc: "Item."
    fields:
      no:     { text: any, doc: "Number." }
      digest: { signature: any, doc: "Digest." }
      auth:   { type: Auth, doc: "Proof." }
callbacks:
  settled:
    doc: "Reports a batch."
    deliver: notify
    receive: POST json
    signature: [item, batch]
    fields:
      data: { type: Data, doc: "Data." }
      sign: { signature: any, doc: "Signature." }
    outcome: unknown
    once_per: unknown
    acknowledge: unknown
    retries: unknown
"#;

fn interpreter() -> Interpreter {
    let compiled = payspec_codegen::compile(SPEC, "demo.yaml").unwrap_or_else(|report| panic!("{report}"));
    let secret = CredentialValue::Secret(Secret::new("s3cr3t"));
    let settings = Settings { credentials: Map::from([("secret", secret)]), ..Settings::default() };
    Interpreter::new(Arc::new(compiled.provider), settings).unwrap()
}

fn signed(data: &str) -> Result<CallbackMessage, GatewayError> {
    let body = vec![("data".to_owned(), Value::Json(data.to_owned()))];
    let notice = Notice { body, ..Notice::default() };
    interpreter().sign_notice("settled", &notice, Receive::PostJson, &Supplied::default())
}

fn verified(body: &str) -> Result<Verified, Refusal> {
    let incoming = Incoming::new("POST", b"", Some("application/json"), body.as_bytes());
    interpreter().verify_callback("settled", &incoming)
}

const TWO: &str = r#"{"items":[{"no":"A1","auth":{"kind":"mac"}},{"no":"A2","auth":{"kind":"mac"}}]}"#;

#[test]
fn what_is_signed_element_by_element_verifies_so() {
    let message = signed(TWO).unwrap();
    let names: Vec<&str> = message.texts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["item[0].digest", "item[0]", "item[1].digest", "item[1]", "batch"]);
    let body = String::from_utf8(message.body).unwrap();
    assert_eq!(body.matches("\"sign\":\"v1:").count(), 2, "{body}");
    let verified = verified(&body).unwrap();
    let texts: Vec<(&str, String)> =
        verified.texts.iter().map(|(name, text)| (name.as_str(), text.masked().to_owned())).collect();
    assert_eq!(texts.iter().map(|(name, _)| *name).collect::<Vec<_>>(), names);
    assert_eq!(texts[0].1, "A1");
    assert!(
        texts[3].1.starts_with("auth.kind=mac&digest=") && texts[3].1.contains("&no=A2&nonce="),
        "{}",
        texts[3].1
    );
    // The recipe around takes the signatures of the elements as they are.
    assert!(texts[4].1.contains("data.items.1.auth.sign=v1:"), "{}", texts[4].1);
}

/// A change that the recipe around cannot notice, because it is made anew behind it.
fn with_element(change: impl Fn(&str) -> String) -> Refusal {
    let body = String::from_utf8(signed(TWO).unwrap().body).unwrap();
    let start = body.find("\"data\":").unwrap() + 7;
    let end = body.rfind(",\"sign\"").unwrap();
    let changed = change(&body[start..end]);
    assert_ne!(changed, body[start..end]);
    // Signed by a spec that has no recipe for the elements.
    let spec = SPEC.replace("signature: [item, batch]", "signature: batch");
    let spec = spec
        .replace("{ signature: any", "{ text: any")
        .replace("      sign: { text: any", "      sign: { signature: any");
    let compiled = payspec_codegen::compile(&spec, "demo.yaml").unwrap_or_else(|report| panic!("{report}"));
    let secret = CredentialValue::Secret(Secret::new("s3cr3t"));
    let settings = Settings { credentials: Map::from([("secret", secret)]), ..Settings::default() };
    let around = Interpreter::new(Arc::new(compiled.provider), settings).unwrap();
    let notice = Notice { body: vec![("data".to_owned(), Value::Json(changed))], ..Notice::default() };
    let message = around.sign_notice("settled", &notice, Receive::PostJson, &Supplied::default()).unwrap();
    verified(&String::from_utf8(message.body).unwrap()).unwrap_err()
}

#[test]
fn a_change_in_any_element_is_refused_and_named() {
    assert_eq!(with_element(|data| data.replace("A2", "A3")), Refusal::SignatureMismatch);
    assert_eq!(
        with_element(|data| data.replacen("\"kind\":\"mac\"", "\"kind\":\"mad\"", 1)),
        Refusal::SignatureMismatch
    );
    let last = |data: &str, from: &str, to: &str| {
        let at = data.rfind(from).unwrap();
        format!("{}{to}{}", &data[..at], &data[at + from.len()..])
    };
    let name = || "data.items.1.auth.sign".to_owned();
    let renamed = with_element(|data| last(data, "\"sign\":", "\"other\":"));
    assert_eq!(renamed, Refusal::MissingSignature { name: name() });
    let form = with_element(|data| last(data, "v1:", "v2:"));
    assert_eq!(form, Refusal::Recipe(RecipeError::Place { place: name() }));
    let digest = with_element(|data| last(data, "\"digest\":", "\"digits\":"));
    assert_eq!(digest, Refusal::MissingSignature { name: "data.items.1.digest".to_owned() });
}

#[test]
fn an_array_without_elements_is_neither_signed_nor_verified() {
    let name = || "data.items".to_owned();
    let refused = |data: &str| match signed(data) {
        Err(GatewayError::Recipe(error)) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused("{}"), RecipeError::NoList { name: name() });
    assert_eq!(refused(r#"{"items":{}}"#), RecipeError::NoList { name: name() });
    assert_eq!(refused(r#"{"items":[]}"#), RecipeError::NoElements { name: name() });
    assert_eq!(refused(r#"{"items":[1]}"#), RecipeError::NoObject { name: "data.items.0".to_owned() });
    let many = format!(r#"{{"items":[{}]}}"#, vec!["1"; 1001].join(","));
    assert_eq!(refused(&many), RecipeError::TooManyElements { name: name() });
    for (data, wanted) in [
        (r#"{"items":[]}"#, RecipeError::NoElements { name: name() }),
        (many.as_str(), RecipeError::TooManyElements { name: name() }),
    ] {
        assert_eq!(with_element(|_| data.to_owned()), Refusal::Recipe(wanted));
    }
}
