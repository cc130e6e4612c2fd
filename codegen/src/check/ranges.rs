//! Ranges, counts and plain decimal numbers, from text.
//!
//! A range is `a..b`, `a..`, `..b` or one number; both ends count, and `any` says that nothing is stated. Numbers stay
//! text in the IR, so they are compared here digit by digit and never pass through a float.

use std::cmp::Ordering;

use super::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Bounds;
use crate::read::Spanned;

/// A plain decimal number: digits, perhaps a sign and a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    negative: bool,
    whole: String,
    fraction: String,
}

impl Number {
    /// Reads digits with an optional sign and fraction; no exponent, no blanks, no lone point.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !fraction.is_none_or(is_number) {
            return None;
        }
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.unwrap_or_default().trim_end_matches('0').to_owned();
        let negative = negative && !(whole.is_empty() && fraction.is_empty());
        Some(Number { negative, whole, fraction })
    }

    /// How many digits behind the point it needs.
    pub(super) fn decimals(&self) -> usize {
        self.fraction.len()
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |number: &Self| (number.whole.len(), number.whole.clone(), number.fraction.clone());
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => size(self).cmp(&size(other)),
            (true, true) => size(other).cmp(&size(self)),
        }
    }
}

/// The two ends of a range, or `None` for text that has not the shape of one. `any` has no ends.
fn ends(text: &str) -> Option<(Option<&str>, Option<&str>)> {
    if text == "any" {
        return Some((None, None));
    }
    let Some((min, max)) = text.split_once("..") else { return Some((Some(text), Some(text))) };
    let end = |part| Some(part).filter(|part: &&str| !part.is_empty());
    (end(min).is_some() || end(max).is_some()).then(|| (end(min), end(max)))
}

impl Context<'_> {
    /// A range whose ends are read by `end` and compared by `order`.
    pub(super) fn range<T: Clone>(
        &self,
        text: &Spanned<String>,
        end: impl Fn(&str) -> Option<T>,
        above: impl Fn(&T, &T) -> bool,
    ) -> Option<Bounds<T>> {
        let read = |part: Option<&str>| part.map_or(Some(None), |part| end(part).map(Some));
        let bounds = ends(text).and_then(|(min, max)| Some(Bounds { min: read(min)?, max: read(max)? }));
        let Some(bounds) = bounds else {
            self.say(Diagnostic::new(Code::NotARange, text.span, format!("`{text}` is no range")).mend(
                meant(text).unwrap_or_else(|| "write `1..254`, `1..`, `..254`, `32` or `any`".to_owned()),
            ));
            return None;
        };
        if let (Some(min), Some(max)) = (&bounds.min, &bounds.max)
            && above(min, max)
        {
            let (first, last) = text.split_once("..").unwrap_or((text, text));
            self.say(
                Diagnostic::new(
                    Code::RangeStartsAboveItsEnd,
                    text.span,
                    format!("`{text}` starts above its end"),
                )
                .mend(format!("write `{last}..{first}`")),
            );
            return None;
        }
        Some(bounds)
    }

    /// A range of counts or lengths; `any` has no bounds.
    pub(super) fn counts(&self, text: &Spanned<String>) -> Option<Bounds<u64>> {
        self.range(text, count, |min, max| min > max).filter(|bounds| !is_open(bounds))
    }

    /// A range of numbers with at most `scale` decimals, as text; `any` has no bounds.
    pub(super) fn numbers(&self, text: &Spanned<String>, scale: u32, of: &str) -> Option<Bounds<String>> {
        let bounds =
            self.range(text, |end| Number::parse(end).map(|n| (end.to_owned(), n)), |a, b| a.1 > b.1)?;
        for (written, number) in [&bounds.min, &bounds.max].into_iter().flatten() {
            if number.decimals() > scale as usize {
                let message = format!("range end {written} has more decimals than {of} has ({scale})");
                self.say(
                    Diagnostic::new(Code::TooManyDecimals, text.span, message)
                        .mend("shorten it, or set `scale` where the type has one"),
                );
                return None;
            }
        }
        let bounds = Bounds { min: bounds.min.map(|end| end.0), max: bounds.max.map(|end| end.0) };
        Some(bounds).filter(|bounds| !is_open(bounds))
    }

    /// A plain count.
    pub(super) fn count(&self, text: &Spanned<String>) -> Option<u64> {
        let read = count(text);
        if read.is_none() {
            let message = format!("`{text}` is no count");
            self.say(
                Diagnostic::new(Code::BadCount, text.span, message).mend("write a whole number, such as `5`"),
            );
        }
        read
    }
}

fn count(text: &str) -> Option<u64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn is_open<T>(bounds: &Bounds<T>) -> bool {
    bounds.min.is_none() && bounds.max.is_none()
}

/// The range that was meant by `1-254`, `1...254` or `1 .. 254`.
fn meant(text: &str) -> Option<String> {
    let numbers: Vec<&str> = text.split(['-', '.', '~', ',', ' ']).filter(|part| !part.is_empty()).collect();
    match numbers.as_slice() {
        [min, max] if count(min).is_some() && count(max).is_some() => Some(format!("write `{min}..{max}`")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn numbers_are_ordered_by_value() {
        let sorted = ["-10", "-9.5", "0", "0.01", "0.1", "2", "10", "99999999999999999999999999.99"];
        for pair in sorted.windows(2) {
            let [a, b] = pair else { unreachable!() };
            assert!(Number::parse(a).unwrap() < Number::parse(b).unwrap(), "{a} {b}");
        }
        assert_eq!(Number::parse("-0.0"), Number::parse("00"));
    }

    #[test]
    fn what_is_no_plain_number_is_refused() {
        for text in ["", ".", ".5", "5.", "1e2", "1_000", "+1", " 1", "٣", "--1", "1.2.3"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ranges_have_two_ends_one_end_or_one_number() {
        assert_eq!(ends("1..254"), Some((Some("1"), Some("254"))));
        assert_eq!(ends("..20"), Some((None, Some("20"))));
        assert_eq!(ends("32"), Some((Some("32"), Some("32"))));
        assert_eq!(ends("0.01..0.02"), Some((Some("0.01"), Some("0.02"))));
        assert_eq!(ends(".."), None);
    }
}
