//! Building clients and requests, and sending them over a scripted transport.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use std::{sync::atomic::Ordering, time::Duration};

use payspec_runtime::{
    Assemble, Because, BuildError, Charset, ClientBuilder, Core, Form, Method, NotSent, PrepareError,
    Protection, Reply, SendError, SignedText, Space, Text, TransportError,
    json::{JsonText, Object},
};
use support::{Place, SECRET, Scripted, at, builder, client, ok, url};

fn form() -> Form {
    let mut form = Form::new(Charset::Utf8, Space::Percent20);
    form.pair("order_no", "1 &");
    form.pair("token", SECRET);
    form
}

fn text() -> SignedText {
    let mut text = Text::new(Charset::Utf8);
    text.put("order_no=1&key=");
    text.put_secret(&SECRET.into());
    text.finish().unwrap()
}

#[test]
fn a_form_is_posted_with_its_charset() {
    let prepared = client().core.post_form(0, "/pay", form(), text()).unwrap();
    assert_eq!((prepared.method(), prepared.url()), (Method::Post, "https://pay.example.com/pay"));
    assert_eq!(prepared.content_type(), Some("application/x-www-form-urlencoded; charset=UTF-8"));
    assert_eq!(prepared.body(), format!("order_no=1%20%26&token={SECRET}").as_bytes());
    let gbk = client().core.post_form(0, "/pay", Form::new(Charset::Gbk, Space::Plus), text()).unwrap();
    assert_eq!(gbk.content_type(), Some("application/x-www-form-urlencoded; charset=GBK"));
}

#[test]
fn a_query_stands_behind_the_path() {
    let prepared = client().core.get(0, "/look", form(), text()).unwrap();
    assert_eq!(prepared.url(), format!("https://pay.example.com/look?order_no=1%20%26&token={SECRET}"));
    assert_eq!((prepared.content_type(), prepared.body()), (None, b"".as_slice()));
    let empty = client().core.get(0, "/look", Form::new(Charset::Utf8, Space::Plus), text()).unwrap();
    assert_eq!(empty.url(), "https://pay.example.com/look");
    let posted = client().core.post_query(0, "/look", form(), text()).unwrap();
    assert_eq!(posted.method(), Method::Post);
}

fn json_body(name: &str) -> JsonText {
    let mut body = Object::new();
    body.sensitive(|body| body.text("a", name));
    body.finish()
}

#[test]
fn json_is_posted_in_its_charset_which_is_named() {
    for (charset, bytes) in
        [(Charset::Utf8, "{\"a\":\"中\"}".as_bytes()), (Charset::Gbk, b"{\"a\":\"\xd6\xd0\"}")]
    {
        let prepared =
            client().core.post_json(0, "/j", json_body("中"), charset, SignedText::none()).unwrap();
        let content_type = format!("application/json; charset={charset}");
        assert_eq!(prepared.content_type(), Some(content_type.as_str()));
        assert_eq!(prepared.body(), bytes);
        assert_eq!(prepared.signed_text(), None);
    }
}

#[test]
fn json_that_the_charset_cannot_write_is_a_violation() {
    let refused = client().core.post_json(0, "/j", json_body("😀"), Charset::Gbk, SignedText::none());
    let Err(PrepareError::Invalid(violations)) = refused else { panic!("{refused:?}") };
    assert_eq!(violations.to_string(), "body: a character cannot be written in GBK");
}

#[test]
fn an_address_may_have_a_path_and_a_trailing_slash() {
    for (address, wanted) in [
        ("https://proxy.example.com/x/", "https://proxy.example.com/x/pay"),
        ("https://proxy.example.com:8443", "https://proxy.example.com:8443/pay"),
        ("https://proxy.example.com/x?y=1#z", "https://proxy.example.com/x/pay"),
    ] {
        let core = client().core.at(0, url(address));
        assert_eq!(core.post_form(0, "/pay", form(), text()).unwrap().url(), wanted);
    }
    assert!(client().core.at(7, url("https://x.example.com")).get(0, "/p", form(), text()).is_ok());
    assert!(matches!(
        client().core.get(7, "/p", form(), text()),
        Err(PrepareError::NotSent(NotSent::NoSuchHost))
    ));
}

#[test]
fn nothing_of_query_body_or_secret_is_shown() {
    let client = at("https://pay.example.com").explain(true).build().unwrap();
    let get = client.core.get(0, "/p", form(), text()).unwrap();
    let post = client.core.post_form(0, "/p", form(), text()).unwrap();
    let redirect = client.core.redirect(0, "/p", form(), text()).unwrap();
    let shown = format!("{get:?} {post:?} {redirect:?} {:?} {:?}", client.core, client.credentials);
    assert!(!shown.contains(SECRET) && !shown.contains("order_no"), "{shown}");
    assert!(redirect.as_str().contains(SECRET), "the address itself is whole");
}

#[test]
fn the_signed_text_is_kept_masked_and_only_when_asked_for() {
    assert_eq!(client().core.get(0, "/p", form(), text()).unwrap().signed_text(), None);
    let client = at("https://pay.example.com").explain(true).build().unwrap();
    assert_eq!(
        client.core.get(0, "/p", form(), text()).unwrap().signed_text(),
        Some("order_no=1&key=******")
    );
    let redirect = client.core.redirect(0, "/p", form(), text()).unwrap();
    assert_eq!(redirect.signed_text(), Some("order_no=1&key=******"));
}

#[test]
fn a_form_that_cannot_be_written_is_not_sent() {
    let mut form = Form::new(Charset::Gbk, Space::Plus);
    form.pair("attach", "😀");
    let error = client().core.post_form(0, "/p", form, text()).unwrap_err();
    assert!(matches!(error, PrepareError::NotSent(NotSent::Form(_))));
}

#[test]
fn plain_http_has_to_be_offered_and_asked_for() {
    let build = |plain_http, allow: bool| {
        let builder = builder().environment(Place { address: "http://pay.example.com", plain_http });
        let builder = if allow { builder.allow_plain_http() } else { builder };
        builder.build().map(|_| ())
    };
    assert!(matches!(build(false, false), Err(BuildError::PlainHttpNotOffered { .. })));
    assert!(matches!(build(false, true), Err(BuildError::PlainHttpNotOffered { .. })));
    let refused = build(true, false).unwrap_err();
    assert!(matches!(refused, BuildError::PlainHttpNotAllowed { .. }));
    assert!(refused.to_string().contains("allow_plain_http()"), "{refused}");
    assert!(build(true, true).is_ok());
}

#[test]
fn another_address_in_plain_http_is_refused_before_anything_is_built() {
    let core = client().core.at(0, url("http://pay.example.com"));
    for refused in [
        core.post_form(0, "/p", form(), text()).map(|_| ()),
        core.get(0, "/p", form(), text()).map(|_| ()),
        core.redirect(0, "/p", form(), text()).map(|_| ()),
    ] {
        assert!(matches!(refused, Err(PrepareError::NotSent(NotSent::PlainHttp))));
    }
}

#[test]
fn a_client_needs_an_environment_and_good_addresses() {
    assert!(matches!(builder().build().map(|_| ()), Err(BuildError::NoEnvironment)));
    assert!(matches!(at("not an address").build().map(|_| ()), Err(BuildError::Address(_))));
}

struct Timeless;

impl Assemble for Timeless {
    type Credentials = ();
    type Environment = Place;
    type Options = ();
    const PROVIDER: &'static str = "timeless";

    fn assemble((): (), (): (), _: Core) -> Self {
        Self
    }
}

#[test]
fn an_age_that_nothing_checks_is_refused() {
    let place = Place { address: "https://pay.example.com", plain_http: false };
    let builder = ClientBuilder::<Timeless>::new(()).environment(place).transport(Scripted::default());
    let refused = builder.callback_max_age(Duration::from_secs(300)).build().map(|_| ());
    assert!(matches!(refused, Err(BuildError::CallbackAgeUnknown)));
}

#[tokio::test]
async fn failures_to_send_are_told_apart() {
    let send = async |answer| {
        let scripted = Scripted::answering(answer);
        let client = at("https://pay.example.com").transport(scripted.clone()).build().unwrap();
        let prepared = client.core.post_form(0, "/p", form(), text()).unwrap();
        let sent = client.core.send("pay", &prepared).await;
        assert_eq!(scripted.asked.load(Ordering::SeqCst), 1, "nothing is repeated");
        sent
    };
    let reason = || "refused".to_owned();
    let not_sent = send(Err(TransportError::NotSent { reason: reason() })).await;
    assert!(matches!(not_sent, Err(SendError::NotSent(NotSent::Connection { .. }))));
    let because = async |error| match send(Err(error)).await {
        Err(SendError::Unknown(because)) => *because,
        other => panic!("{other:?}"),
    };
    assert!(matches!(because(TransportError::TimedOut).await, Because::Timeout));
    assert!(matches!(because(TransportError::TooLarge { limit: 1 }).await, Because::TooLarge { limit: 1 }));
    assert!(matches!(because(TransportError::Unknown { reason: reason() }).await, Because::Transport(_)));
    assert_eq!(send(Ok(ok("{}"))).await.unwrap().body, b"{}");
}

#[tokio::test]
async fn a_reply_over_plain_http_is_protected_by_nothing() {
    let client = at("http://pay.example.com")
        .allow_plain_http()
        .transport(Scripted::answering(Ok(ok("{}"))))
        .build()
        .unwrap();
    let prepared = client.core.get(0, "/p", form(), text()).unwrap();
    let response = client.core.send("look", &prepared).await.unwrap();
    assert_eq!(Reply::new((), Protection::Tls, &response).protected_by(), Protection::Nothing);
    assert_eq!(Reply::new((), Protection::Signature, &response).protected_by(), Protection::Signature);
}

/// Writes down every span and event with its fields.
#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<String>>);

impl tracing::field::Visit for Log {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0.lock().unwrap().push_str(&format!(" {field}={value:?}"));
    }
}

impl tracing::Subscriber for Log {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("payspec")
    }
    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        self.0.lock().unwrap().push_str(span.metadata().name());
        span.record(&mut self.clone());
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        values.record(&mut self.clone());
    }
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test]
async fn a_call_is_traced_without_any_value() {
    let log = Log::default();
    let guard = tracing::subscriber::set_default(log.clone());
    let answer = ok(&format!(r#"{{"token":"{SECRET}"}}"#));
    let client = at("https://pay.example.com").transport(Scripted::answering(Ok(answer))).build().unwrap();
    let prepared = client.core.get(0, "/p", form(), text()).unwrap();
    client.core.send("pay", &prepared).await.unwrap();
    client.core.send("pay", &prepared).await.unwrap_err();
    drop(guard);
    let seen = log.0.lock().unwrap().clone();
    let call = r#"payspec.call provider="fixture" operation="pay""#;
    assert_eq!(seen, format!(r#"{call} status=200{call} error="unknown""#));
}
