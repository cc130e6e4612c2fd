//! From decimal text to a whole number of fen: strict, exact, and possible while a program is compiled.

use rust_decimal::Decimal;

/// Why something is no amount. The text itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.reason())]
#[non_exhaustive]
pub enum AmountError {
    /// There is no text.
    Empty,
    /// `+1`.
    PlusSign,
    /// ` 1`, `1 `, or white space anywhere.
    WhiteSpace,
    /// `1e2`.
    Exponent,
    /// `1_000`, `1,000`.
    Separator,
    /// `.5`, `-.5`.
    NoDigitBefore,
    /// `5.`.
    NoDigitAfter,
    /// Any other character, full-width digits among them.
    Character,
    /// More digits after the point than are read here.
    TooManyDecimals,
    /// A digit beyond a whole fen that is not zero.
    PartOfFen,
    /// Beyond some 92 quadrillion yuan.
    TooLarge,
}

impl AmountError {
    /// What is wrong and what is wanted.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Empty => "an amount is wanted, there is no text",
            Self::PlusSign => "an amount has no plus sign: write 1, not +1",
            Self::WhiteSpace => "an amount has no white space, neither inside nor around it",
            Self::Exponent => "an amount has no exponent: write 100, not 1e2",
            Self::Separator => "an amount has no separators: write 1000, not 1_000 or 1,000",
            Self::NoDigitBefore => "an amount has a digit before the point: write 0.5, not .5",
            Self::NoDigitAfter => "an amount has a digit after the point: write 5, not 5.",
            Self::Character => "an amount has only the digits 0 to 9, one point, and a leading minus",
            Self::TooManyDecimals => "the amount has more digits after the point than are allowed here",
            Self::PartOfFen => "the amount has a part of a fen that is not zero; amounts are never rounded",
            Self::TooLarge => "the amount is too large",
        }
    }
}

/// Reads plain decimal text of at most `readable` decimals as a count of units of `10^-decimals`.
pub(super) const fn scaled(text: &str, decimals: u32, readable: u32) -> Result<i64, AmountError> {
    let (is_negative, digits) = match text.as_bytes() {
        [] => return Err(AmountError::Empty),
        [b'-', rest @ ..] => (true, rest),
        all => (false, all),
    };
    let count = match short(digits, decimals, readable) {
        Some(count) => Ok(-count),
        None => below_zero(digits, decimals, readable),
    };
    match count {
        Ok(count) if is_negative => Ok(count),
        Ok(count) => match count.checked_neg() {
            Some(count) => Ok(count),
            None => Err(AmountError::TooLarge),
        },
        Err(error) => Err(error),
    }
}

/// Most digits of a number that has room in 64 bits, whatever they are.
const MOST_DIGITS: usize = 18;

/// Reads what nearly every amount is: a few digits and a point, all as it should be. `None`: [`below_zero`] says what it
/// is.
const fn short(mut digits: &[u8], decimals: u32, readable: u32) -> Option<i64> {
    if digits.len() + decimals as usize > MOST_DIGITS {
        return None;
    }
    let mut count = 0;
    let mut before = 0;
    let mut after: Option<u32> = None;
    while let [first, rest @ ..] = digits {
        digits = rest;
        let digit = first.wrapping_sub(b'0');
        match after {
            None if digit < 10 => {
                count = count * 10 + digit as i64;
                before += 1;
            }
            None if *first == b'.' && before > 0 => after = Some(0),
            Some(seen) if digit < 10 && seen < readable => {
                after = Some(seen + 1);
                if seen < decimals {
                    count = count * 10 + digit as i64;
                } else if digit > 0 {
                    return None;
                }
            }
            _ => return None,
        }
    }
    let mut seen = match after {
        None if before > 0 => 0,
        None | Some(0) => return None,
        Some(seen) => seen,
    };
    while seen < decimals {
        count *= 10;
        seen += 1;
    }
    Some(count)
}

/// Reads digits and a point, and counts below zero, where `i64` has one number more.
const fn below_zero(mut digits: &[u8], decimals: u32, readable: u32) -> Result<i64, AmountError> {
    let mut count = Ok(0);
    let mut has_digit = false;
    let mut after: Option<u32> = None;
    while let (Ok(so_far), [first, rest @ ..]) = (count, digits) {
        digits = rest;
        count = match (*first, after) {
            (digit @ b'0'..=b'9', None) => {
                has_digit = true;
                shift(so_far, digit)
            }
            (digit @ b'0'..=b'9', Some(seen)) => {
                after = Some(seen + 1);
                decimal_place(so_far, digit, seen, decimals, readable)
            }
            (b'.', None) if has_digit => {
                after = Some(0);
                Ok(so_far)
            }
            (b'.', None) => Err(AmountError::NoDigitBefore),
            (other, _) => Err(refused(other)),
        };
    }
    match (count, after) {
        (Err(error), _) => Err(error),
        (Ok(_), Some(0)) => Err(AmountError::NoDigitAfter),
        (Ok(count), Some(seen)) => filled(count, seen, decimals),
        (Ok(count), None) if has_digit => filled(count, 0, decimals),
        (Ok(_), None) => Err(AmountError::Character),
    }
}

/// Appends the decimals that were not written.
const fn filled(mut count: i64, mut seen: u32, decimals: u32) -> Result<i64, AmountError> {
    while seen < decimals {
        count = match shift(count, b'0') {
            Ok(count) => count,
            Err(error) => return Err(error),
        };
        seen += 1;
    }
    Ok(count)
}

/// One more digit behind a count below zero.
const fn shift(count: i64, digit: u8) -> Result<i64, AmountError> {
    let Some(tenfold) = count.checked_mul(10) else { return Err(AmountError::TooLarge) };
    match tenfold.checked_sub((digit - b'0') as i64) {
        Some(count) => Ok(count),
        None => Err(AmountError::TooLarge),
    }
}

/// A digit after the point, where so many have been seen.
const fn decimal_place(
    count: i64,
    digit: u8,
    seen: u32,
    decimals: u32,
    readable: u32,
) -> Result<i64, AmountError> {
    if seen >= readable {
        return Err(AmountError::TooManyDecimals);
    }
    if seen < decimals {
        return shift(count, digit);
    }
    if digit == b'0' { Ok(count) } else { Err(AmountError::PartOfFen) }
}

const fn refused(byte: u8) -> AmountError {
    match byte {
        b'+' => AmountError::PlusSign,
        b'\t'..=b'\r' | b' ' => AmountError::WhiteSpace,
        b'e' | b'E' => AmountError::Exponent,
        b'_' | b',' | b'\'' => AmountError::Separator,
        _ => AmountError::Character,
    }
}

/// A decimal number as a count of units of `10^-decimals`.
pub(super) fn whole_fen(value: Decimal, decimals: u32) -> Result<i64, AmountError> {
    let value = value.normalize();
    let Some(missing) = decimals.checked_sub(value.scale()) else { return Err(AmountError::PartOfFen) };
    let count = value.mantissa().checked_mul(10_i128.pow(missing)).ok_or(AmountError::TooLarge)?;
    i64::try_from(count).map_err(|_| AmountError::TooLarge)
}
