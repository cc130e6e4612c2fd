//! Typed clients for payment providers, compiled from specs.
//!
//! A spec is a YAML file that says what a provider's API document says: fields and their limits, how requests are
//! signed, how replies and callbacks are verified, what the codes mean. [`provider!`] compiles it into a module with a
//! client and types. Some providers come with this crate, each behind a feature of its name; for any other, write its
//! spec.
//!
//! # A payment, from the request to the notice
//!
//! ```
//! # #[cfg(feature = "aggregate_pay")]
//! # mod shop {
//! use payspec::aggregate_pay::{BankCode, Client, Credentials, Environment, Notify, NotifyExpected, UnifiedOrder};
//! use payspec::{Acknowledgement, CallError, Fen, Incoming, PaymentOutcome, Secret, yuan};
//!
//! // 1. A client, once.
//! # pub
//! fn client() -> Result<Client, Box<dyn std::error::Error>> {
//!     let credentials = Credentials { appid: "gpu10000000".to_owned(), secret: Secret::new("s3cr3t") };
//!     let environment = Environment::Merchant { gateway: "https://pay.example.com".parse()? };
//!     Ok(Client::builder(credentials).environment(environment).build()?)
//! }
//!
//! // 2. A call: it is checked, signed, sent and judged.
//! # pub
//! async fn pay(client: &Client) -> Result<String, Box<dyn std::error::Error>> {
//!     let order = UnifiedOrder {
//!         order_no: "20190818001341000001".to_owned(),
//!         amount: Fen::from(yuan!("100.00")), // a `Yuan` alone does not fit: the provider counts in fen
//!         product_name: "lunch".to_owned(),
//!         bank_code: BankCode::AlipayH5,
//!         notify_url: "https://shop.example.com/notify".parse()?,
//!         return_url: "https://shop.example.com/return".parse()?,
//!         optional: Default::default(),
//!     };
//!     match client.unified_order(&order).await {
//!         Ok(created) => Ok(created.redirect_url.to_string()), // created, not paid: this reply has no outcome
//!         Err(CallError::Unknown(unknown)) => {
//!             // It may have happened. The query that finds out is ready.
//!             let found = client.query_order(&unknown.resolve).await?;
//!             Err(format!("{:?}", found.outcome()).into())
//!         }
//!         Err(error) => Err(error.into()), // surely nothing happened
//!     }
//! }
//!
//! // 3. The notice: bytes in, verified value out.
//! # pub
//! fn on_notify(client: &Client, body: &[u8]) -> Result<Acknowledgement, Box<dyn std::error::Error>> {
//!     let notice = client.verify_notify(&Incoming::post_form(body))?;
//!     let amount = Fen::new(10_000); // from your own order
//!     notice.agrees_with(&NotifyExpected { order_no: "20190818001341000001", amount, actual_amount: amount })?;
//!     if notice.outcome() == PaymentOutcome::Paid {
//!         // Book it, in one transaction with `notice.once_key()`: notices are repeated.
//!     }
//!     Ok(Notify::ACCEPTED)
//! }
//! # }
//! ```
//!
//! # Where to look
//! - Four ways not to get a reply: [`CallError`]. Only `Unknown` may have moved money.
//! - Money: [`Yuan`] and [`Fen`], exact, never a float.
//! - Your own HTTP client: `prepare_x` and `read_x` of each operation, or a [`Transport`] of your own.
//! - Checks without a client: `validate` and `advice` of each request.
//!
//! # Features
//! `rustls` (default) or `native-tls`: how HTTPS is done. `rsa` and `sm`: algorithms, turned on by the providers that
//! need them; turn them on yourself for specs of your own. `cipher`: what specs with encrypted payloads need. `openssl`:
//! RSA by the system's OpenSSL in place of Rust alone, with the same types and the same bytes, four to seven times as
//! fast; its headers and `pkg-config` must be there when it is built. One feature for each shipped provider, none on by
//! default. `trace` is for tests alone: it hands out what was signed.

// Emitted code names this crate, and some of it stands here.
extern crate self as payspec;

pub use payspec_macros::provider;
#[doc(hidden)]
pub use payspec_runtime as runtime;

pub use payspec_runtime::{
    AbsentWhen, AccessToken, Acknowledgement, Because, BuildError, ByHand, CallError, CallbackError, Charset,
    Clock, Date, Decimal, Disagreement, ErrorKind, Extra, Fen, FixedClock, Hint, HttpUrl, Incoming, Json,
    Limit, NotSent, OnceKey, OtherValue, PaymentOutcome, PrepareError, Prepared, Protection, RawJson,
    RawReply, RedirectUrl, RefundOutcome, Rejected, Repeat, Reply, Response, Secret, Sensitive, SharedStr,
    Span, SystemClock, Timestamp, TokenStore, Transport, TransportError, TransportLimits, Unknown, Unsigned,
    Violation, Violations, Yuan, fen, yuan,
};

#[cfg(any(feature = "rsa", feature = "sm"))]
pub use payspec_runtime::keys;
#[cfg(feature = "rsa")]
pub use payspec_runtime::{RsaPrivateKey, RsaPublicKey};
#[cfg(feature = "sm")]
pub use payspec_runtime::{Sm2PrivateKey, Sm2PublicKey};
pub use payspec_runtime::{token, transport};

#[cfg(feature = "aggregate_pay")]
provider!("specs/aggregate_pay.yaml");
#[cfg(feature = "guanaitong")]
provider!("specs/guanaitong.yaml");
#[cfg(feature = "ysepay")]
provider!("specs/ysepay.yaml");
