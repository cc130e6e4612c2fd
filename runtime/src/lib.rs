//! (to be written)

mod absent;
mod charset;
mod check;
mod form;
mod money;
mod other_value;
mod span;
mod text;
mod time;
mod url;
mod values;
pub mod crypto;
#[cfg(any(feature = "rsa", feature = "sm"))]
pub mod keys;
pub mod seal;
pub mod secret;
pub mod write;

pub use absent::AbsentWhen;
pub use charset::{Charset, Undecodable, Unencodable};
pub use check::{
    Addend, Among, Check, ItemsCheck, LengthUnit, Level, Limit, NumberCheck, Quantity, RuleCheck,
    TextCheck, Violation, Violations,
};
pub use form::{Form, FormError, MAX_PAIRS, Space, UnencodablePair, decode_pairs};
pub use money::{Amount, AmountError, Fen, Yuan};
pub use other_value::{Enumeration, OtherValue};
pub use rust_decimal::Decimal;
pub use span::{Span, SpanError};
pub use text::{ItemValue, SignedText, Text, TextError, TextList};
pub use time::{Clock, Date, FixedClock, SystemClock, TimeError, Timestamp};
pub use self::url::{HttpUrl, UrlError};
pub use values::{exposed, is_blank, lower, trim, unless_blank, unless_empty, upper};
pub use secret::{Secret, Sensitive};
