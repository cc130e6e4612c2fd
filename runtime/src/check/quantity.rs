//! What can be compared with a least and a most, and what can be added up.

use std::fmt;

use rust_decimal::Decimal;

use crate::money::{Fen, Yuan};
use crate::span::Span;
use crate::time::Date;

/// A number with a unit.
pub trait Quantity: Copy + PartialOrd + fmt::Display {
    /// The unit, as it stands behind the number in a message; empty where the number says it.
    const UNIT: &'static str;
}

/// A quantity whose exact sum can be asked for.
pub trait Addend: Quantity {
    /// Nothing.
    const ZERO: Self;

    /// The exact sum, unless it is too large.
    fn checked_sum(self, other: Self) -> Option<Self>;
}

macro_rules! quantities {
    ($($type:ty: $unit:literal,)*) => {$(
        impl Quantity for $type {
            const UNIT: &'static str = $unit;
        }
    )*};
}

quantities! {
    Yuan: "yuan",
    Fen: "fen",
    i64: "",
    Decimal: "",
    Span: "",
    Date: "",
}

macro_rules! addends {
    ($($type:ty: $zero:expr,)*) => {$(
        impl Addend for $type {
            const ZERO: Self = $zero;

            fn checked_sum(self, other: Self) -> Option<Self> {
                self.checked_add(other)
            }
        }
    )*};
}

addends! {
    Yuan: Self::ZERO,
    Fen: Self::ZERO,
    i64: 0,
    Decimal: Self::ZERO,
}
