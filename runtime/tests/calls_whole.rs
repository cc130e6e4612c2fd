//! Calls from beginning to end: lazy, sent once, resolved, repeated with a new token at most once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use payspec_runtime::{
    AccessToken, Call, CallError, Charset, Check, Codes, Core, Ending, ErrorCode, ErrorKind, Form,
    HoldsToken, NewToken, PrepareError, Prepared, Protection, RefreshAt, Reply, Response, SignedText, Space,
    TokenCache, TokenError, TransportError, Violations,
};
use support::{Place, Scripted, builder, ok};

/// `1`: the token is not good. `2`: refused.
const CODES: Codes = Codes {
    lookup: &["code"],
    own: &[
        ErrorCode { field: "code", value: "1", kind: ErrorKind::TokenExpired, doc: "Expired.", mend: None },
        ErrorCode { field: "code", value: "2", kind: ErrorKind::Rejected, doc: "Refused.", mend: None },
    ],
    common: &[],
    fault: ErrorKind::Unknown,
    unlisted: ErrorKind::Unknown,
    has_effect: true,
};

/// A reply is its own code, `0` is success.
fn judge(response: &Response) -> Result<Reply<String>, Ending> {
    let code = String::from_utf8(response.body.clone()).unwrap();
    if code == "0" {
        return Ok(Reply::new(code, Protection::Tls, response));
    }
    Err(CODES.judge(&[("code", Some(&code))], response.status, Some(&code), None))
}

/// What finds out the truth.
#[derive(Debug, PartialEq)]
struct Query(u8);

struct Client {
    core: Core,
    tokens: TokenCache,
    transport: Scripted,
    fetched: AtomicUsize,
    signed_with: Mutex<Vec<String>>,
}

impl HoldsToken for Client {
    fn core(&self) -> &Core {
        &self.core
    }

    fn tokens(&self) -> &TokenCache {
        &self.tokens
    }

    async fn fetch_token(&self) -> Result<NewToken, TokenError> {
        let number = self.fetched.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(NewToken::new(&format!("token-{number}"), 1000))
    }
}

impl Client {
    /// Whose provider gives these answers, one after the other.
    fn answered(answers: &[Result<&str, TransportError>]) -> Self {
        let transport = Scripted::default();
        let answers = answers.iter().rev().map(|answer| answer.clone().map(ok));
        transport.answers.lock().unwrap().extend(answers);
        let place = Place { address: "https://pay.example.com", plain_http: false };
        let core = builder().transport(transport.clone()).environment(place).build().unwrap().core;
        let tokens = TokenCache::new(&core, "access_token", "1", RefreshAt::Percent(80));
        Self { core, tokens, transport, fetched: AtomicUsize::new(0), signed_with: Mutex::default() }
    }

    fn prepare(&self) -> Result<Prepared, PrepareError> {
        self.core.get(0, "/pay", Form::new(Charset::Utf8, Space::Plus), SignedText::none())
    }

    fn pay(&self) -> Call<'_, String, Query> {
        Call::new(&self.core, "pay", || self.prepare(), judge, || Query(1))
    }

    fn pay_with_token<'a>(
        &'a self,
        check: impl FnOnce() -> Result<u8, Violations> + Send + 'a,
    ) -> Call<'a, String, Query> {
        let sign = |made: &u8, token: &AccessToken| {
            self.signed_with.lock().unwrap().push(format!("{made} {}", token.expose()));
            self.prepare()
        };
        Call::with_token(self, "pay", check, sign, judge, || Query(1))
    }

    fn sent(&self) -> usize {
        self.transport.asked.load(Ordering::SeqCst)
    }
}

fn broken() -> Result<u8, Violations> {
    let mut check = Check::new();
    check.text("order_no", "").length(1..=32);
    check.finish().map(|()| 7)
}

/// A call can be handed to any runtime.
fn assert_send<T: Send>(value: T) -> T {
    value
}

#[tokio::test]
async fn nothing_happens_before_it_is_awaited() {
    let client = Client::answered(&[Ok("0")]);
    let checked = AtomicUsize::new(0);
    let call = client.pay_with_token(|| Ok(checked.fetch_add(1, Ordering::SeqCst) as u8));
    assert_eq!(format!("{call:?}"), "Call(..)");
    drop((call, client.pay()));
    let fetched = client.fetched.load(Ordering::SeqCst);
    assert_eq!((checked.into_inner(), client.sent(), fetched), (0, 0, 0));
}

#[tokio::test]
async fn a_good_answer_is_a_reply() {
    let client = Client::answered(&[Ok("0")]);
    let reply = assert_send(client.pay()).await.unwrap();
    assert_eq!((reply.as_str(), client.sent()), ("0", 1));
}

#[tokio::test]
async fn what_could_not_be_prepared_is_not_sent() {
    let client = Client::answered(&[Ok("0")]);
    let prepare = || Err(PrepareError::Invalid(broken().unwrap_err()));
    let call: Call<'_, String, Query> = Call::new(&client.core, "pay", prepare, judge, || Query(1));
    assert!(matches!(call.await, Err(CallError::Invalid(_))));
    assert_eq!(client.sent(), 0);
}

#[tokio::test]
async fn an_unknown_ending_says_what_finds_out_the_truth() {
    for answer in [Err(TransportError::TimedOut), Ok("9")] {
        let client = Client::answered(std::slice::from_ref(&answer));
        let Err(CallError::Unknown(unknown)) = client.pay().await else { panic!("{answer:?}") };
        assert_eq!(unknown.resolve, Query(1));
        assert_eq!(unknown.raw.is_some(), answer.is_ok());
        assert_eq!(client.sent(), 1, "what may have happened is not sent again");
    }
}

#[tokio::test]
async fn a_refusal_is_an_ending_that_nothing_follows() {
    let client = Client::answered(&[Ok("2"), Ok("0")]);
    let Err(CallError::Rejected(no)) = client.pay_with_token(|| Ok(7)).await else { panic!() };
    assert_eq!((no.kind, client.sent()), (ErrorKind::Rejected, 1));
}

#[tokio::test]
async fn a_request_that_breaks_a_rule_costs_no_token() {
    let client = Client::answered(&[Ok("0")]);
    assert!(matches!(client.pay_with_token(broken).await, Err(CallError::Invalid(_))));
    assert_eq!((client.sent(), client.fetched.load(Ordering::SeqCst)), (0, 0));
}

#[tokio::test]
async fn a_request_whose_token_was_refused_is_signed_anew_once() {
    let client = Client::answered(&[Ok("1"), Ok("0")]);
    let reply = assert_send(client.pay_with_token(|| Ok(7))).await.unwrap();
    assert_eq!(reply.as_str(), "0");
    assert_eq!(*client.signed_with.lock().unwrap(), ["7 token-1", "7 token-2"]);

    let client = Client::answered(&[Ok("1"), Ok("1"), Ok("0")]);
    let Err(error) = client.pay_with_token(|| Ok(7)).await else { panic!() };
    assert!(error.is_token_expired());
    assert_eq!(client.sent(), 2, "a second refusal ends the call");
}

#[tokio::test]
async fn a_call_that_may_have_happened_is_not_repeated_with_a_new_token() {
    let client = Client::answered(&[Err(TransportError::TimedOut), Ok("0")]);
    assert!(matches!(client.pay_with_token(|| Ok(7)).await, Err(CallError::Unknown(_))));
    assert_eq!(client.sent(), 1);
}
