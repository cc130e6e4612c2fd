//! (to be written)

mod absent;
mod call;
mod callback;
mod charset;
mod check;
mod client;
mod core;
pub mod crypto;
mod doubt;
pub mod emitted;
mod environment;
mod excerpt;
mod extra;
mod form;
mod http;
pub mod json;
#[cfg(any(feature = "rsa", feature = "sm"))]
pub mod keys;
mod malformed;
mod members;
mod money;
mod other_value;
mod outcome;
pub mod read;
pub mod seal;
pub mod secret;
mod span;
mod text;
mod time;
pub mod token;
pub mod transport;
mod url;
mod values;
pub mod write;

pub use self::core::Core;
pub use self::url::{HttpUrl, UrlError};
pub use absent::AbsentWhen;
pub use call::{
    Because, ByHand, CallError, Codes, Ending, ErrorCode, ErrorKind, ForSomebodyElse, NotSent, PrepareError,
    Prepared, Protection, RawReply, RedirectUrl, Rejected, Repeat, Reply, Said, SendError, Unknown, echo,
    for_us,
};
pub use callback::{
    Acknowledgement, CallbackError, Disagreement, Empty, Incoming, Items, OnceKey, Receive, Received, Select,
    agree,
};
pub use charset::{Charset, Undecodable, Unencodable};
pub use check::{
    Addend, Among, Check, ItemsCheck, LengthUnit, Level, Limit, NumberCheck, Quantity, RuleCheck, TextCheck,
    Violation, Violations,
};
pub use client::{Assemble, BuildError, ClientBuilder};
#[cfg(feature = "rsa")]
pub use crypto::{RsaDigest, RsaPrivateKey, RsaPublicKey};
#[cfg(feature = "sm")]
pub use crypto::{Sm2Form, Sm2PrivateKey, Sm2PublicKey};
pub use doubt::{Hint, Unsigned};
pub use environment::{Addresses, Environment};
pub use extra::Extra;
pub use form::{Form, FormError, MAX_PAIRS, Space, UnencodablePair, decode_pairs};
pub use http::{Method, Response, read_header};
pub use json::{Data, Document, Json, RawJson};
pub use malformed::Malformed;
pub use members::{Members, Value};
pub use money::{Amount, AmountError, Fen, Yuan};
pub use other_value::{Enumeration, OtherValue};
pub use outcome::{PaymentOutcome, RefundOutcome};
pub use rust_decimal::Decimal;
pub use secret::{Secret, Sensitive};
pub use span::{Span, SpanError};
pub use text::{ItemValue, SignedText, Text, TextError, TextList};
pub use time::{Clock, Date, FixedClock, SystemClock, TimeError, Timestamp};
pub use token::{AccessToken, NewToken, RefreshAt, TokenAttempt, TokenCache, TokenError, TokenStore};
pub use transport::{Transport, TransportError, TransportLimits};
pub use values::{exposed, is_blank, lower, trim, unless_blank, unless_empty, upper};
