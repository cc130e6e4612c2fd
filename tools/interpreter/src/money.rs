//! Numbers as text: integers, decimals, amounts of money.
//!
//! A number is kept as its digits, never as a float and never rounded. Accepted is an optional minus, digits, and
//! optionally a point with digits on both sides; `1e2`, `+1`, `1_000`, `.5` and `5.` are no numbers here.

use std::cmp::Ordering;

use payspec_codegen::ir::AmountUnit;

/// A decimal number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    negative: bool,
    /// Without leading zeros; empty for zero.
    whole: String,
    /// As it was written, trailing zeros included.
    fraction: String,
}

impl Number {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (minus, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some(halves) => halves,
            None => (digits, ""),
        };
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let zero = format!("{whole}{fraction}").bytes().all(|byte| byte == b'0');
        Some(Self {
            negative: minus && !zero,
            whole: whole.trim_start_matches('0').to_owned(),
            fraction: fraction.to_owned(),
        })
    }

    /// Digits behind the point, as written.
    pub(crate) fn written_decimals(&self) -> usize {
        self.fraction.len()
    }

    /// Digits behind the point that are needed.
    pub(crate) fn decimals(&self) -> usize {
        self.significant().len()
    }

    fn significant(&self) -> &str {
        self.fraction.trim_end_matches('0')
    }

    fn with_fraction(&self, fraction: &str) -> String {
        let minus = if self.negative { "-" } else { "" };
        let whole = if self.whole.is_empty() { "0" } else { &self.whole };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{minus}{whole}{point}{fraction}")
    }

    /// As written, without leading zeros.
    pub(crate) fn plain(&self) -> String {
        self.with_fraction(&self.fraction)
    }

    /// With exactly so many digits behind the point; `None` if more are needed.
    pub(crate) fn fixed(&self, decimals: usize) -> Option<String> {
        let missing = decimals.checked_sub(self.decimals())?;
        Some(self.with_fraction(&format!("{}{}", self.significant(), "0".repeat(missing))))
    }

    /// With as few digits as possible.
    pub(crate) fn shortest(&self) -> String {
        self.with_fraction(self.significant())
    }

    /// With at least and at most so many digits behind the point, half away from zero.
    pub(crate) fn rounded(&self, min: usize, max: usize) -> String {
        let (kept, lost) = self.fraction.split_at_checked(max).unwrap_or((&self.fraction, ""));
        let mut digits: Vec<u8> = format!("0{}{kept}", self.whole).into_bytes();
        if lost.bytes().next().is_some_and(|first| first >= b'5') {
            for digit in digits.iter_mut().rev() {
                if *digit < b'9' {
                    *digit += 1;
                    break;
                }
                *digit = b'0';
            }
        }
        let digits: String = digits.into_iter().map(char::from).collect();
        let (whole, fraction) = digits.split_at_checked(digits.len() - kept.len()).unwrap_or((&digits, ""));
        let significant = fraction.trim_end_matches('0').len().max(min.min(fraction.len()));
        let fraction = fraction.get(..significant).unwrap_or_default();
        let fraction = format!("{fraction:0<min$}");
        let minus = if self.negative { "-" } else { "" };
        // Parsed again, so that nothing negative is left of a zero.
        let point = if fraction.is_empty() { "" } else { "." };
        Self::parse(&format!("{minus}{whole}{point}{fraction}"))
            .map_or_else(String::new, |number| number.plain())
    }

    /// The number of hundredths, thousandths ...; `None` if that is no whole number, or a huge one.
    fn units(&self, decimals: usize) -> Option<i128> {
        let digits = self.fixed(decimals)?.replace('.', "");
        digits.parse().ok()
    }

    /// The exact sum; `None` if it does not fit.
    pub(crate) fn sum(numbers: &[Self]) -> Option<Self> {
        let decimals = numbers.iter().map(Self::decimals).max().unwrap_or(0);
        let mut total: i128 = 0;
        for number in numbers {
            total = total.checked_add(number.units(decimals)?)?;
        }
        let minus = if total < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", total.unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = digits.split_at_checked(digits.len() - decimals)?;
        let point = if fraction.is_empty() { "" } else { "." };
        Self::parse(&format!("{minus}{whole}{point}{fraction}"))
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        self.whole
            .len()
            .cmp(&other.whole.len())
            .then_with(|| self.whole.cmp(&other.whole))
            .then_with(|| self.significant().cmp(other.significant()))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(match (self.negative, other.negative) {
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        })
    }
}

/// An amount in its own form: yuan with two decimals, fen whole. `None` for a part of a fen, and for more than 64
/// bits of fen.
pub(crate) fn amount(number: &Number, unit: AmountUnit) -> Option<String> {
    let decimals = match unit {
        AmountUnit::Yuan => 2,
        AmountUnit::Fen => 0,
    };
    i64::try_from(number.units(decimals)?).ok()?;
    number.fixed(decimals)
}

/// Whether a decimal number fits into the 96 bits and 28 decimals that decimal types offer.
pub(crate) fn is_manageable(number: &Number) -> bool {
    let units = number.units(number.written_decimals());
    number.written_decimals() <= 28 && units.is_some_and(|units| units.unsigned_abs() < 1 << 96)
}

/// A whole number that fits into 64 bits.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn only_plain_decimals_are_numbers() {
        for wrong in [
            "", "-", "+1", "1e2", "1_000", ".5", "5.", "1.2.3", " 1", "0x1", "１", "--1", "1,0", "NaN", "-.5",
        ] {
            assert_eq!(Number::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn digits_are_kept_and_never_rounded() {
        assert_eq!(number("10.10").plain(), "10.10");
        assert_eq!(number("010.10").shortest(), "10.1");
        assert_eq!(number("10").fixed(2).as_deref(), Some("10.00"));
        assert_eq!(number("10000.00").fixed(0).as_deref(), Some("10000"));
        assert_eq!(number("0.005").fixed(2), None);
        assert_eq!(number("-0.00").fixed(2).as_deref(), Some("0.00"));
        assert_eq!(number("0").shortest(), "0");
        assert_eq!(number("-1.50").shortest(), "-1.5");
    }

    #[test]
    fn numbers_of_any_length_compare() {
        let ascending = [
            "-100000000000000000000000000000000000000000",
            "-1.5",
            "-1.05",
            "0",
            "0.009",
            "0.01",
            "9",
            "10.0",
            "10.01",
        ];
        for pair in ascending.windows(2) {
            let [low, high] = pair else { continue };
            assert!(number(low) < number(high), "{low} {high}");
        }
        assert_eq!(number("1.0").partial_cmp(&number("01")), Some(Ordering::Equal));
    }

    #[test]
    fn sums_are_exact() {
        let sum = |texts: &[&str]| Number::sum(&texts.iter().map(|text| number(text)).collect::<Vec<_>>());
        assert_eq!(sum(&["0.01", "0.02"]).unwrap().plain(), "0.03");
        assert_eq!(sum(&["0.1", "0.2", "-0.35"]).unwrap().plain(), "-0.05");
        assert_eq!(sum(&[]).unwrap().plain(), "0");
        assert_eq!(sum(&["170141183460469231731687303715884105727", "1"]), None);
    }

    #[test]
    fn amounts_are_whole_fen_and_fit_into_64_bits() {
        assert_eq!(amount(&number("1.5"), AmountUnit::Yuan).as_deref(), Some("1.50"));
        assert_eq!(amount(&number("1.5"), AmountUnit::Fen), None);
        assert_eq!(amount(&number("0.005"), AmountUnit::Yuan), None);
        assert_eq!(
            amount(&number("9223372036854775807"), AmountUnit::Fen).as_deref(),
            Some("9223372036854775807")
        );
        assert_eq!(amount(&number("9223372036854775807"), AmountUnit::Yuan), None);
        assert!(is_manageable(&number("79228162514264337593543950335")));
        assert!(!is_manageable(&number("79228162514264337593543950336")));
        assert!(!is_manageable(&number(&"9".repeat(1000))));
    }

    #[test]
    fn integers_fit_into_64_bits() {
        assert_eq!(integer("-007"), Some(-7));
        assert_eq!(integer("9223372036854775808"), None);
        for wrong in ["", "-", "+1", "1.0", "1e3", "1_0", " 1"] {
            assert_eq!(integer(wrong), None, "{wrong:?}");
        }
    }
}
