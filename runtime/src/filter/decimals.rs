//! Decimal numbers as text, rounded half away from zero, of any length. No number type is in between, so nothing is
//! cut off and nothing is inexact.

/// A plain decimal number (digits, maybe a minus sign before, maybe a point and digits behind) with at least `min` and
/// at most `max` decimals; `None` for anything else. Zeros before the first digit go, and so does the sign of a zero.
pub(crate) fn with_decimals(text: &str, min: u32, max: u32) -> Option<String> {
    let (is_negative, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text),
    };
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((_, "")) => return None,
        Some(halves) => halves,
        None => (unsigned, ""),
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let (min, max) = (usize::try_from(min).ok()?, usize::try_from(max.max(min)).ok()?);
    let kept = fraction.len().min(max);
    let mut digits = format!("{whole}{}", fraction.get(..kept)?).into_bytes();
    if fraction.as_bytes().get(kept).is_some_and(|next| *next >= b'5') {
        increment(&mut digits);
    }
    Some(written(is_negative, &digits, kept, min))
}

/// Adds one to a number of digits.
fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
}

/// The number whose last `decimals` digits stand behind the point.
fn written(is_negative: bool, digits: &[u8], decimals: usize, min: usize) -> String {
    let digits: String = digits.iter().copied().map(char::from).collect();
    let (whole, fraction) =
        digits.split_at_checked(digits.len().saturating_sub(decimals)).unwrap_or(("", &digits));
    let whole = whole.trim_start_matches('0');
    let mut fraction = fraction.trim_end_matches('0').to_owned();
    let is_zero = whole.is_empty() && fraction.is_empty();
    while fraction.len() < min {
        fraction.push('0');
    }
    let sign = if is_negative && !is_zero { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}
