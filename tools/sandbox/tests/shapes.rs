//! The fake provider in the shapes that messages can have: XML in both directions, raw bodies with signed headers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::path::Path;
use std::sync::Arc;

use payspec_codegen::ir::Provider;
use payspec_interpreter::{
    CredentialValue, Ending, Incoming, Instant, Interpreter, Map, Message, Settings, Value,
};
use payspec_runtime::transport::client_builder;
use payspec_runtime::{Clock, Secret, SystemClock};
use payspec_sandbox::{Sandbox, Setup};

fn spec(name: &str) -> Arc<Provider> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/protocols").join(name);
    let source = std::fs::read_to_string(&path).unwrap();
    Arc::new(payspec_codegen::compile(&source, name).unwrap_or_else(|report| panic!("{report}")).provider)
}

/// A sandbox of this spec, and a client that believes that it is the provider.
async fn both(name: &str, credentials: Map<CredentialValue>) -> (Sandbox, Interpreter) {
    let provider = spec(name);
    let settings = Settings { credentials, ..Settings::default() };
    let sandbox = Sandbox::start(Setup::new(Arc::clone(&provider), settings.clone())).await.unwrap();
    let hosts = provider.hosts.iter().map(|host| (host.wire.clone(), sandbox.address().to_owned())).collect();
    (sandbox, Interpreter::new(provider, Settings { hosts, ..settings }).unwrap())
}

/// Status and body of what the sandbox answers.
async fn send(message: &Message) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let client = client_builder().unwrap().build().unwrap();
    let request = client.post(&message.url).body(message.body.clone());
    let content_type = message.content_type.iter().map(|kind| ("content-type", kind.as_str()));
    let headers = message.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let request =
        content_type.chain(headers).fold(request, |request, (name, value)| request.header(name, value));
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let headers =
        response.headers().iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect();
    (status, headers, response.bytes().await.unwrap().to_vec())
}

fn now() -> Instant {
    Instant::from_unix_millis(SystemClock.now().unix_millis())
}

fn texts<const LENGTH: usize>(texts: [(&str, &str); LENGTH]) -> Map<Value> {
    texts.into_iter().map(|(name, text)| (name, Value::from(text))).collect()
}

fn text(value: &str) -> CredentialValue {
    CredentialValue::Text(value.to_owned())
}

fn secret(value: &str) -> CredentialValue {
    CredentialValue::Secret(Secret::new(value))
}

#[tokio::test]
async fn xml_is_taken_answered_and_delivered() {
    let hmac = CredentialValue::Choice { alternative: "hmac".to_owned(), members: Map::new() };
    let credentials = Map::from([
        ("appid", text("wxd930ea5d5a258f4f")),
        ("mch_id", text("10000100")),
        ("api_key", secret("192006250b4c09247ec02edce69f6a2d")),
        ("sign_type", hmac),
    ]);
    let (sandbox, client) = both("wechat_pay_v2.yaml", credentials).await;
    let inputs = texts([("body", "<test> & more"), ("nonce_str", "ibuaiVcKdpRxkhJA")]);
    let message = client.prepare("unified_order", &inputs, now()).unwrap();
    let (status, headers, body) = send(&message).await;
    let ending = client.read_reply("unified_order", &inputs, status, &headers, &body);
    assert!(matches!(ending, Ending::Reply { .. }), "{ending:?} {}", String::from_utf8_lossy(&body));
    assert!(
        body.starts_with(b"<xml><return_code>SUCCESS</return_code>"),
        "{}",
        String::from_utf8_lossy(&body)
    );
    assert_eq!(sandbox.orders().len(), 1);

    let changed = Message { body: b"<xml/>".to_vec(), ..message };
    assert_eq!(send(&changed).await.0, 400);

    let notice = sandbox.callback("notify", 1).unwrap();
    assert_eq!(notice.content_type.as_deref(), Some("text/xml"));
    let incoming = Incoming::new(notice.method, b"", notice.content_type.as_deref(), &notice.body);
    client.verify_callback("notify", &incoming).unwrap();
}

#[tokio::test]
async fn signed_headers_over_a_raw_body_are_verified() {
    let credentials = Map::from([
        ("merchant_id", text("abc123")),
        ("key_id", text("def345")),
        ("secret_key", secret("NYlM1sgultLjvgaraWvDCXykdz1buqOW8yXE3pMlmxQ=")),
    ]);
    let (sandbox, client) = both("cybersource.yaml", credentials).await;
    let inputs = texts([("body", "{ \"a\": 1.0 }")]);
    let message = client.prepare("payment", &inputs, now()).unwrap();
    let (status, headers, body) = send(&message).await;
    let ending = client.read_reply("payment", &inputs, status, &headers, &body);
    assert!(matches!(ending, Ending::Reply { .. }), "{ending:?}");
    assert_eq!(sandbox.orders().len(), 1);

    let changed = Message { body: b"{ \"a\": 1.1 }".to_vec(), ..message.clone() };
    assert_eq!(send(&changed).await.0, 400);
    let mut unsigned = message;
    unsigned.headers.retain(|(name, _)| name != "Signature");
    assert_eq!(send(&unsigned).await.0, 400);
    assert_eq!(sandbox.orders().len(), 1);
}

#[tokio::test]
async fn every_element_of_what_is_answered_and_delivered_is_signed() {
    let credentials = Map::from([
        ("appid", text("M1")),
        ("item_key", secret("1tem-k3y")),
        ("batch_key", secret("b4tch-k3y")),
    ]);
    let (sandbox, client) = both("signed_items.yaml", credentials).await;
    let inputs = texts([("batch_no", "batch_no")]);
    let message = client.prepare("items", &inputs, now()).unwrap();
    let (status, headers, body) = send(&message).await;
    let ending = client.read_reply("items", &inputs, status, &headers, &body);
    assert!(matches!(ending, Ending::Reply { .. }), "{ending:?} {}", String::from_utf8_lossy(&body));

    let answered = String::from_utf8(body).unwrap();
    let changed = answered.replace("\"amount\":\"1.00\"", "\"amount\":\"9.00\"");
    assert_ne!(changed, answered);
    let ending = client.read_reply("items", &inputs, status, &headers, changed.as_bytes());
    assert!(matches!(ending, Ending::Unknown(_)), "{ending:?}");
    drop(sandbox);
}
