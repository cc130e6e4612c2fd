//! Numbers on the way: parsed, and written with other decimals, in another unit, with separators or without zeros.
//!
//! An amount that was a number for a moment is the same to everybody but to its signature. Only zeros are lost or gained
//! here, and fen and yuan taken for each other; nothing is calculated in floating point.

use super::Mishap;
use crate::rank;

pub(super) const MISHAPS: &[Mishap] = &[
    Mishap {
        rank: rank::NUMBERS + 2,
        title: "the number lost its decimals",
        mend: "keep amounts as the text that came",
        word: "two decimals",
        undo: |own| decimals(own, 2),
    },
    Mishap {
        rank: rank::NUMBERS + 2,
        title: "the number lost a decimal",
        mend: "keep amounts as the text that came",
        word: "one decimal",
        undo: |own| decimals(own, 1),
    },
    Mishap {
        rank: rank::NUMBERS + 2,
        title: "the number was given decimals",
        mend: "keep amounts as the text that came",
        word: "no zeros at the end",
        undo: shortest,
    },
    Mishap {
        rank: rank::NUMBERS + 3,
        title: "the number was written with other decimals",
        mend: "keep amounts as the text that came",
        word: "no decimals",
        undo: |own| decimals(own, 0),
    },
    Mishap {
        rank: rank::NUMBERS + 3,
        title: "the number lost its decimals",
        mend: "keep amounts as the text that came",
        word: "three decimals",
        undo: |own| decimals(own, 3),
    },
    Mishap {
        rank: rank::NUMBERS + 3,
        title: "the number lost its decimals",
        mend: "keep amounts as the text that came",
        word: "four decimals",
        undo: |own| decimals(own, 4),
    },
    Mishap {
        rank: rank::NUMBERS + 4,
        title: "the amount was changed from fen to yuan",
        mend: "keep amounts as the text that came",
        word: "fen",
        undo: |own| shifted(own, true),
    },
    Mishap {
        rank: rank::NUMBERS + 4,
        title: "the amount was changed from yuan to fen",
        mend: "keep amounts as the text that came",
        word: "yuan",
        undo: |own| shifted(own, false),
    },
    Mishap {
        rank: rank::NUMBERS + 4,
        title: "the separators of thousands were lost",
        mend: "keep amounts as the text that came",
        word: "thousands",
        undo: thousands,
    },
    Mishap {
        rank: rank::NUMBERS + 4,
        title: "the number was given separators",
        mend: "keep amounts as the text that came",
        word: "commas",
        undo: |own| {
            own.bytes()
                .all(|byte| byte.is_ascii_digit() || b",.".contains(&byte))
                .then(|| own.replace(',', ""))
        },
    },
    Mishap {
        rank: rank::NUMBERS + 4,
        title: "leading zeros were lost",
        mend: "keep the text that came",
        word: "a leading zero",
        undo: |own| is_digits(own).then(|| format!("0{own}")),
    },
    Mishap {
        rank: rank::NUMBERS + 4,
        title: "leading zeros were lost",
        mend: "keep the text that came",
        word: "two leading zeros",
        undo: |own| is_digits(own).then(|| format!("00{own}")),
    },
    Mishap {
        rank: rank::NUMBERS + 4,
        title: "the sign before the number was lost",
        mend: "keep the text that came",
        word: "a plus sign",
        undo: |own| is_digits(own).then(|| format!("+{own}")),
    },
];

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whole digits and decimals of a plain number.
fn number(own: &str) -> Option<(&str, &str)> {
    let (whole, fraction) = own.split_once('.').unwrap_or((own, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    (is_digits(digits) && fraction.bytes().all(|byte| byte.is_ascii_digit()) && own.len() < 30)
        .then_some((whole, fraction))
}

/// With so many decimals, where only zeros are lost or gained.
fn decimals(own: &str, count: usize) -> Option<String> {
    let (whole, fraction) = number(own)?;
    let kept = fraction.get(..count.min(fraction.len()))?;
    if fraction.get(kept.len()..)?.bytes().any(|byte| byte != b'0') {
        return None;
    }
    Some(if count == 0 { whole.to_owned() } else { format!("{whole}.{kept:0<count$}") })
}

fn shortest(own: &str) -> Option<String> {
    let (whole, fraction) = number(own)?;
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

/// A hundred times as much, or a hundredth with two decimals.
fn shifted(own: &str, up: bool) -> Option<String> {
    let (whole, fraction) = number(own)?;
    let negative = whole.starts_with('-');
    let digits = whole.trim_start_matches('-');
    let all = if up {
        let moved = format!("{digits}{:0<2}", fraction.get(..2.min(fraction.len()))?);
        let moved = moved.trim_start_matches('0');
        if moved.is_empty() { "0".to_owned() } else { moved.to_owned() }
    } else if fraction.is_empty() {
        let padded = format!("{digits:0>3}");
        let (whole, cents) = padded.split_at_checked(padded.len() - 2)?;
        format!("{whole}.{cents}")
    } else {
        return None;
    };
    Some(if negative { format!("-{all}") } else { all })
}

fn thousands(own: &str) -> Option<String> {
    let (whole, fraction) = number(own)?;
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    Some(if fraction.is_empty() { grouped } else { format!("{grouped}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_other_ways_without_changing_their_value() {
        assert_eq!(decimals("10", 2).as_deref(), Some("10.00"));
        assert_eq!(decimals("10.50", 1).as_deref(), Some("10.5"));
        assert_eq!(decimals("10.55", 1), None);
        assert_eq!(shortest("10.50").as_deref(), Some("10.5"));
        assert_eq!(shortest("10.00").as_deref(), Some("10"));
        assert_eq!(shifted("1.5", true).as_deref(), Some("150"));
        assert_eq!(shifted("5", false).as_deref(), Some("0.05"));
        assert_eq!(thousands("1234567.50").as_deref(), Some("1,234,567.50"));
        for wrong in ["", "a", "1a", "1.2.3", "中", "-", "1e3"] {
            assert_eq!(decimals(wrong, 2), None, "{wrong}");
        }
    }
}
