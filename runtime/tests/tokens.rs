//! Access tokens: made once for all, renewed ahead, renewed once when refused, and never shown.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use payspec_runtime::{
    AccessToken, CallError, Core, FixedClock, NewToken, NotSent, RefreshAt, Repeat, Timestamp, TokenCache,
    TokenError, TokenStore,
    token::{MemoryTokenStore, StoredToken, Storing, TokenStoreError},
};
use support::{Place, builder, now};

/// A provider of tokens, and a clock.
#[derive(Clone)]
struct Fixture {
    clock: FixedClock,
    core: Core,
    tokens: TokenCache,
    made: Arc<AtomicUsize>,
    making: Arc<AtomicUsize>,
    fails: Arc<AtomicBool>,
}

impl Fixture {
    fn new(refresh_at: RefreshAt) -> Self {
        Self::with_store(refresh_at, MemoryTokenStore::default())
    }

    fn with_store(refresh_at: RefreshAt, store: impl TokenStore + 'static) -> Self {
        let clock = FixedClock::new(now());
        let place = Place { address: "https://pay.example.com", plain_http: false };
        let core = builder().clock(clock.clone()).token_store(store).environment(place).build().unwrap().core;
        let tokens = TokenCache::new(&core, "access_token", "appid-1", refresh_at);
        let (made, making, fails) = Default::default();
        Self { clock, core, tokens, made, making, fails }
    }

    /// Makes `token-1`, `token-2` ..., each good for 1000 seconds.
    async fn make(&self) -> Result<NewToken, TokenError> {
        assert_eq!(self.making.fetch_add(1, Ordering::SeqCst), 0, "two creations at once");
        tokio::task::yield_now().await;
        tokio::time::sleep(Duration::from_millis(1)).await;
        self.making.fetch_sub(1, Ordering::SeqCst);
        let number = self.made.fetch_add(1, Ordering::SeqCst) + 1;
        if self.fails.load(Ordering::SeqCst) {
            let reason = "no route".to_owned();
            return Err(CallError::<Repeat>::NotSent(NotSent::Connection { reason }).into());
        }
        Ok(NewToken::new(&format!("token-{number}"), 1000))
    }

    async fn get(&self) -> Result<AccessToken, TokenError> {
        self.tokens.get(&self.core, self.make()).await
    }

    async fn text(&self) -> String {
        self.get().await.unwrap().expose().to_owned()
    }

    fn made(&self) -> usize {
        self.made.load(Ordering::SeqCst)
    }
}

/// What all of so many concurrent callers get.
async fn crowd(fixture: &Fixture, callers: usize) -> Vec<Result<String, String>> {
    let callers: Vec<_> = (0..callers)
        .map(|_| {
            let fixture = fixture.clone();
            tokio::spawn(async move {
                fixture.get().await.map(|t| t.expose().to_owned()).map_err(|e| e.to_string())
            })
        })
        .collect();
    let mut results = Vec::new();
    for caller in callers {
        results.push(caller.await.unwrap());
    }
    results
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_callers_make_one_token() {
    let fixture = Fixture::new(RefreshAt::Percent(80));
    let tokens = crowd(&fixture, 100).await;
    assert!(tokens.iter().all(|token| token.as_deref() == Ok("token-1")));
    assert_eq!(fixture.made(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_shared_by_those_who_waited() {
    let fixture = Fixture::new(RefreshAt::Percent(80));
    fixture.fails.store(true, Ordering::SeqCst);
    let results = crowd(&fixture, 100).await;
    assert!(results.iter().all(|result| result.as_ref().is_err_and(|error| error.contains("no route"))));
    assert!(fixture.made() < 50, "{} attempts", fixture.made());
    fixture.fails.store(false, Ordering::SeqCst);
    assert!(fixture.get().await.is_ok(), "the next caller tries again");
}

#[tokio::test]
async fn a_token_is_used_until_it_is_renewed_ahead_of_its_end() {
    let fixture = Fixture::new(RefreshAt::Percent(80));
    assert_eq!(fixture.text().await, "token-1");
    fixture.clock.advance(Duration::from_secs(799));
    assert_eq!(fixture.text().await, "token-1");
    fixture.clock.advance(Duration::from_secs(1));
    assert_eq!(fixture.text().await, "token-2");
    assert_eq!(fixture.text().await, "token-2");
}

#[tokio::test]
async fn a_token_may_be_renewed_seconds_before_its_end() {
    let fixture = Fixture::new(RefreshAt::SecondsBefore(600));
    assert_eq!(fixture.text().await, "token-1");
    fixture.clock.advance(Duration::from_secs(399));
    assert_eq!(fixture.text().await, "token-1");
    fixture.clock.advance(Duration::from_secs(1));
    assert_eq!(fixture.text().await, "token-2");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_one_renews_ahead_the_others_go_on_with_the_old_token() {
    let fixture = Fixture::new(RefreshAt::Percent(80));
    fixture.text().await;
    fixture.clock.advance(Duration::from_secs(900));
    let tokens = crowd(&fixture, 100).await;
    assert!(tokens.iter().all(|token| matches!(token.as_deref(), Ok("token-1" | "token-2"))));
    assert_eq!(fixture.made(), 2);
    assert_eq!(fixture.text().await, "token-2");
}

#[tokio::test]
async fn a_failed_renewal_leaves_the_old_token_and_pauses() {
    let fixture = Fixture::new(RefreshAt::Percent(50));
    fixture.text().await;
    fixture.clock.advance(Duration::from_secs(600));
    fixture.fails.store(true, Ordering::SeqCst);
    assert_eq!(fixture.text().await, "token-1");
    assert_eq!(fixture.text().await, "token-1");
    assert_eq!(fixture.made(), 2, "one attempt a minute");
    fixture.clock.advance(Duration::from_secs(60));
    assert_eq!(fixture.text().await, "token-1");
    assert_eq!(fixture.made(), 3);
    fixture.clock.advance(Duration::from_secs(340));
    assert!(fixture.get().await.is_err(), "a token that has ended is not used");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let fixture = Fixture::new(RefreshAt::Percent(80));
    let token = fixture.get().await.unwrap();
    let mut attempt = fixture.tokens.attempt();
    assert!(attempt.renew(&token));
    let token = fixture.get().await.unwrap();
    assert_eq!(token.expose(), "token-2");
    assert!(!attempt.renew(&token), "one repetition only");
    assert_eq!(fixture.text().await, "token-2", "a second refusal discards nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_whose_token_is_refused_makes_one_new_token() {
    let fixture = Fixture::new(RefreshAt::Percent(80));
    let refused = fixture.get().await.unwrap();
    for _ in 0..100 {
        assert!(fixture.tokens.attempt().renew(&refused));
    }
    assert!(crowd(&fixture, 100).await.iter().all(|token| token.as_deref() == Ok("token-2")));
    // One who was slow to hear of the refusal does not throw the new token away.
    assert!(fixture.tokens.attempt().renew(&refused));
    assert_eq!(fixture.text().await, "token-2");
    assert_eq!(fixture.made(), 2);
}

#[tokio::test]
async fn a_caller_who_gives_up_holds_nobody_up() {
    let fixture = Fixture::new(RefreshAt::Percent(80));
    let endless = fixture.tokens.get(&fixture.core, std::future::pending());
    assert!(tokio::time::timeout(Duration::from_millis(5), endless).await.is_err());
    assert_eq!(fixture.text().await, "token-1");
}

#[tokio::test]
async fn a_useless_token_is_an_error() {
    let fixture = Fixture::new(RefreshAt::Percent(80));
    for (token, lifetime) in [("", 1000), ("t", 0), ("t", -1), ("t", i64::MAX)] {
        let got =
            fixture.tokens.get(&fixture.core, std::future::ready(Ok(NewToken::new(token, lifetime)))).await;
        assert!(matches!(got, Err(TokenError::Unusable { .. })), "{token} {lifetime}");
    }
}

/// A store in which another instance is always faster.
#[derive(Debug)]
struct Raced(AtomicUsize);

fn theirs() -> StoredToken {
    let at = |seconds| Timestamp::from_unix_seconds(now().unix_seconds() + seconds).unwrap();
    StoredToken { token: AccessToken::new("theirs"), made_at: at(0), expires_at: at(1000) }
}

impl TokenStore for Raced {
    fn load<'a>(&'a self, key: &'a str) -> Storing<'a, Option<StoredToken>> {
        assert_eq!(key, "fixture@https://pay.example.com:access_token:appid-1");
        let replaced = self.0.load(Ordering::SeqCst) > 0;
        Box::pin(async move { Ok(replaced.then(theirs)) })
    }

    fn replace<'a>(
        &'a self,
        _: &'a str,
        expected: Option<&'a AccessToken>,
        _: &'a StoredToken,
    ) -> Storing<'a, bool> {
        assert_eq!(expected, None);
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(false) })
    }
}

#[tokio::test]
async fn a_late_writer_takes_the_token_that_is_there() {
    let fixture = Fixture::with_store(RefreshAt::Percent(80), Raced(AtomicUsize::new(0)));
    assert_eq!(fixture.text().await, "theirs");
    assert_eq!(fixture.made(), 1);
}

#[derive(Debug)]
struct Broken;

impl TokenStore for Broken {
    fn load<'a>(&'a self, _: &'a str) -> Storing<'a, Option<StoredToken>> {
        Box::pin(async { Err(TokenStoreError::new("no connection to the store")) })
    }

    fn replace<'a>(
        &'a self,
        _: &'a str,
        _: Option<&'a AccessToken>,
        _: &'a StoredToken,
    ) -> Storing<'a, bool> {
        Box::pin(async { Ok(true) })
    }
}

#[tokio::test]
async fn a_broken_store_makes_no_tokens() {
    let fixture = Fixture::with_store(RefreshAt::Percent(80), Broken);
    assert!(matches!(fixture.get().await, Err(TokenError::Store(_))));
    assert_eq!(fixture.made(), 0, "a store that is down must not use up the budget");
}

#[tokio::test]
async fn memory_is_compared_before_it_is_swapped() {
    let store = MemoryTokenStore::default();
    let (mine, theirs) = (AccessToken::new("mine"), theirs());
    assert_eq!(store.replace("k", Some(&mine), &theirs).await, Ok(false));
    assert_eq!(store.replace("k", None, &theirs).await, Ok(true));
    assert_eq!(store.replace("k", None, &theirs).await, Ok(false));
    assert_eq!(store.replace("k", Some(&theirs.token), &theirs).await, Ok(true));
    assert_eq!(store.load("k").await.unwrap(), Some(theirs));
    assert_eq!(store.load("other").await, Ok(None));
}

#[tokio::test]
async fn a_token_is_never_shown() {
    let fixture = Fixture::new(RefreshAt::Percent(80));
    let token = fixture.get().await.unwrap();
    assert!(fixture.tokens.attempt().renew(&token));
    let attempt = fixture.tokens.attempt();
    let shown = format!(
        "{token:?} {:?} {attempt:?} {:?} {:?}",
        fixture.tokens,
        theirs(),
        NewToken::new("token-9", 1)
    );
    assert!(!shown.contains("token-1") && !shown.contains("token-9") && !shown.contains("theirs"), "{shown}");
}
