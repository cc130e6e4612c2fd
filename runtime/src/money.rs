//! Money: exact, and typed by its unit.
//!
//! [`Yuan`] and [`Fen`] both count fen in an `i64`, so nothing is ever rounded; they are two types because providers
//! take one or the other, and a mix-up is wrong by a factor of a hundred. `Fen::from(yuan)` is exact and allowed;
//! the way back has to be named. Nothing converts from floating point:
//!
//! ```compile_fail
//! let amount = payspec_runtime::Yuan::from(100.01_f64);
//! ```
//! ```compile_fail
//! let amount: payspec_runtime::Yuan = payspec_runtime::Fen::new(1).into();
//! ```
//! ```compile_fail
//! let equal = payspec_runtime::Yuan::from_fen(1) == payspec_runtime::Fen::new(1);
//! ```

mod parse;

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

pub use self::parse::AmountError;

/// Digits of a fen after the point of a yuan.
const YUAN_DECIMALS: u32 = 2;

/// An amount of yuan (元) with two decimals. See [`yuan!`](crate::yuan) for literals.
///
/// ```
/// use payspec_runtime::{Fen, Yuan, yuan};
///
/// assert_eq!(yuan!("100.01").to_string(), "100.01");
/// assert_eq!(Yuan::parse("0.5").unwrap(), yuan!("0.50"));
/// assert_eq!(Fen::from(yuan!("100.01")), Fen::new(10001));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Yuan(i64);

/// An amount of fen (分): a hundredth of a yuan, whole. See [`fen!`](crate::fen) for literals.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(i64);

/// What can be read from a provider's amount: [`Yuan`] or [`Fen`].
pub trait Amount: Copy + Ord + fmt::Display {
    /// Reads plain decimal text with at most so many digits after the point. Digits beyond the unit (the third
    /// decimal of a yuan, any decimal of a fen) must be zero.
    ///
    /// # Errors
    /// [`AmountError`] says why the text is no such amount.
    fn parse_up_to(text: &str, decimals: u32) -> Result<Self, AmountError>;
}

impl Yuan {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many fen, as yuan: `Yuan::from_fen(10001)` is 100.01 yuan.
    #[must_use]
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    /// The amount in fen.
    #[must_use]
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Reads plain decimal text with at most two decimals: `100`, `100.5`, `100.01`, `-0.01`.
    ///
    /// # Errors
    /// [`AmountError`] says why the text is no such amount.
    pub const fn parse(text: &str) -> Result<Self, AmountError> {
        match parse::scaled(text, YUAN_DECIMALS, YUAN_DECIMALS) {
            Ok(fen) => Ok(Self(fen)),
            Err(error) => Err(error),
        }
    }

    /// The amount as a decimal number with two decimals.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, YUAN_DECIMALS)
    }

    /// The sum, unless it is too large.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The sum of all, unless it is too large.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }
}

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many fen.
    #[must_use]
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// The number of fen.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Reads a whole number: `10001`, `-1`.
    ///
    /// # Errors
    /// [`AmountError`] says why the text is no such amount.
    pub const fn parse(text: &str) -> Result<Self, AmountError> {
        match parse::scaled(text, 0, 0) {
            Ok(fen) => Ok(Self(fen)),
            Err(error) => Err(error),
        }
    }

    /// The same amount in yuan. Exact, and to be asked for by name: 1 fen is 0.01 yuan.
    #[must_use]
    pub const fn to_yuan(self) -> Yuan {
        Yuan(self.0)
    }

    /// The amount as a decimal number of fen, without decimals.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 0)
    }

    /// The sum, unless it is too large.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The sum of all, unless it is too large.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }
}

impl Amount for Yuan {
    fn parse_up_to(text: &str, decimals: u32) -> Result<Self, AmountError> {
        parse::scaled(text, YUAN_DECIMALS, decimals).map(Self)
    }
}

impl Amount for Fen {
    fn parse_up_to(text: &str, decimals: u32) -> Result<Self, AmountError> {
        parse::scaled(text, 0, decimals).map(Self)
    }
}

impl From<Yuan> for Fen {
    fn from(yuan: Yuan) -> Self {
        Self(yuan.0)
    }
}

impl TryFrom<Decimal> for Yuan {
    type Error = AmountError;

    /// So many yuan. A part of a fen that is not zero is refused, never rounded.
    fn try_from(yuan: Decimal) -> Result<Self, AmountError> {
        parse::whole_fen(yuan, YUAN_DECIMALS).map(Self)
    }
}

impl TryFrom<Decimal> for Fen {
    type Error = AmountError;

    /// So many fen. A part of a fen that is not zero is refused, never rounded.
    fn try_from(fen: Decimal) -> Result<Self, AmountError> {
        parse::whole_fen(fen, 0).map(Self)
    }
}

impl FromStr for Yuan {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        Self::parse(text)
    }
}

impl FromStr for Fen {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        Self::parse(text)
    }
}

impl fmt::Display for Yuan {
    /// The number alone, always with two decimals: `100.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

impl fmt::Display for Fen {
    /// The number alone: `10000`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Yuan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Yuan({self})")
    }
}

impl fmt::Debug for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fen({self})")
    }
}

/// An amount of yuan, checked when the program is compiled: `yuan!("100.01")`.
///
/// ```compile_fail
/// let amount = payspec_runtime::yuan!("1e2");
/// ```
/// ```compile_fail
/// let amount = payspec_runtime::yuan!("0.001");
/// ```
#[macro_export]
macro_rules! yuan {
    ($text:literal) => {{
        // An item, not a `const` block: those are not evaluated by `cargo check`.
        const AMOUNT: $crate::Yuan = match $crate::Yuan::parse($text) {
            ::core::result::Result::Ok(amount) => amount,
            ::core::result::Result::Err(error) => ::core::panic!("{}", error.reason()),
        };
        AMOUNT
    }};
}

/// An amount of fen: `fen!(10000)` is a hundred yuan.
///
/// ```compile_fail
/// let amount = payspec_runtime::fen!(100.5);
/// ```
#[macro_export]
macro_rules! fen {
    ($count:literal) => {
        const { $crate::Fen::new($count) }
    };
    (- $count:literal) => {
        const { $crate::Fen::new(-$count) }
    };
}
