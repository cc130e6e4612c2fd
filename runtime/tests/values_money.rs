//! Money: exact, strict, and typed by its unit.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use payspec_runtime::{Amount as _, AmountError, Decimal, Fen, Yuan, fen, yuan};

#[test]
fn plain_decimal_text_is_read_exactly() {
    for (text, fen) in [
        ("0", 0),
        ("100", 10_000),
        ("100.5", 10_050),
        ("100.01", 10_001),
        ("0.01", 1),
        ("-0.01", -1),
        ("-0", 0),
        ("007.10", 710),
        ("19.90", 1_990),
        ("92233720368547758.07", i64::MAX),
        ("-92233720368547758.08", i64::MIN),
    ] {
        assert_eq!(Yuan::parse(text), Ok(Yuan::from_fen(fen)), "{text}");
    }
    assert_eq!(Fen::parse("10001"), Ok(Fen::new(10_001)));
    assert_eq!(Fen::parse("-9223372036854775808"), Ok(Fen::new(i64::MIN)));
}

#[test]
fn odd_text_is_refused_and_the_error_says_why() {
    for (text, reason) in [
        ("", AmountError::Empty),
        ("+1", AmountError::PlusSign),
        (" 1", AmountError::WhiteSpace),
        ("1 ", AmountError::WhiteSpace),
        ("1\n", AmountError::WhiteSpace),
        ("1e2", AmountError::Exponent),
        ("1E2", AmountError::Exponent),
        ("1_000", AmountError::Separator),
        ("1,000", AmountError::Separator),
        (".5", AmountError::NoDigitBefore),
        ("-.5", AmountError::NoDigitBefore),
        (".", AmountError::NoDigitBefore),
        ("5.", AmountError::NoDigitAfter),
        ("１", AmountError::Character),
        ("٣", AmountError::Character),
        ("-", AmountError::Character),
        ("--1", AmountError::Character),
        ("1-", AmountError::Character),
        ("1.2.3", AmountError::Character),
        ("0x10", AmountError::Character),
        ("NaN", AmountError::Character),
        ("inf", AmountError::Character),
        ("1\0", AmountError::Character),
        ("¥1", AmountError::Character),
        ("0.001", AmountError::TooManyDecimals),
        ("0.010", AmountError::TooManyDecimals),
        ("92233720368547758.08", AmountError::TooLarge),
        ("-92233720368547758.09", AmountError::TooLarge),
        ("99999999999999999999999999999999999999999999", AmountError::TooLarge),
    ] {
        assert_eq!(Yuan::parse(text), Err(reason), "{text:?}");
        assert!(reason.to_string().contains("amount"), "{reason}");
    }
    assert_eq!(Fen::parse("1.0"), Err(AmountError::TooManyDecimals));
    assert_eq!(Fen::parse("9223372036854775808"), Err(AmountError::TooLarge));
}

#[test]
fn more_decimals_may_be_read_where_they_are_zero() {
    assert_eq!(Fen::parse_up_to("10000.00", 2), Ok(Fen::new(10_000)));
    assert_eq!(Fen::parse_up_to("10000", 2), Ok(Fen::new(10_000)));
    assert_eq!(Fen::parse_up_to("10000.01", 2), Err(AmountError::PartOfFen));
    assert_eq!(Fen::parse_up_to("10000.000", 2), Err(AmountError::TooManyDecimals));
    assert_eq!(Yuan::parse_up_to("1.0100", 4), Ok(yuan!("1.01")));
    assert_eq!(Yuan::parse_up_to("1.0101", 4), Err(AmountError::PartOfFen));
    assert_eq!(Yuan::parse_up_to("1.5", 1), Ok(yuan!("1.50")));
    assert_eq!(Yuan::parse_up_to("1.55", 1), Err(AmountError::TooManyDecimals));
    let endless = format!("1.{}", "0".repeat(100_000));
    assert_eq!(Yuan::parse_up_to(&endless, 100_000), Ok(yuan!("1")));
}

#[test]
fn every_amount_is_shown_as_it_is_read() {
    for fen in [0, 1, 9, 10, 99, 100, 101, 1_990, -1, -99, -100, i64::MAX, i64::MIN] {
        let amount = Yuan::from_fen(fen);
        assert_eq!(amount.to_string().parse(), Ok(amount));
        assert_eq!(Fen::new(fen).to_string().parse(), Ok(Fen::new(fen)));
        assert_eq!(Yuan::try_from(amount.to_decimal()), Ok(amount));
        assert_eq!(Fen::try_from(Fen::new(fen).to_decimal()), Ok(Fen::new(fen)));
    }
    assert_eq!(format!("{:?} {}", yuan!("-0.05"), yuan!("-0.05")), "Yuan(-0.05) -0.05");
    assert_eq!(format!("{:?} {}", fen!(-5), fen!(5)), "Fen(-5) 5");
}

#[test]
fn decimals_convert_exactly_or_not_at_all() {
    assert_eq!(Yuan::try_from(Decimal::new(1_000_100, 4)), Ok(yuan!("100.01")));
    assert_eq!(Yuan::try_from(Decimal::new(5, 3)), Err(AmountError::PartOfFen));
    assert_eq!(Yuan::try_from(Decimal::MAX), Err(AmountError::TooLarge));
    assert_eq!(Yuan::try_from(Decimal::MIN), Err(AmountError::TooLarge));
    assert_eq!(Fen::try_from(Decimal::new(10, 1)), Ok(fen!(1)));
    assert_eq!(Fen::try_from(Decimal::new(15, 1)), Err(AmountError::PartOfFen));
}

#[test]
fn a_hundred_yuan_are_ten_thousand_fen() {
    assert_eq!(Fen::from(yuan!("100.00")), fen!(10000));
    assert_eq!(fen!(10001).to_yuan(), yuan!("100.01"));
}

#[test]
fn sums_are_exact_or_none() {
    assert_eq!(Yuan::checked_sum([yuan!("0.10"), yuan!("0.20")]), Some(yuan!("0.30")));
    assert_eq!(Yuan::checked_sum([]), Some(Yuan::ZERO));
    assert_eq!(Fen::checked_sum([fen!(1), Fen::new(i64::MAX)]), None);
    assert_eq!(Yuan::from_fen(i64::MIN).checked_add(Yuan::from_fen(-1)), None);
}

#[test]
fn literals_are_constants() {
    const PRICE: Yuan = yuan!("100.01");
    const REFUND: Fen = fen!(-1);
    assert_eq!((PRICE.fen(), REFUND.get()), (10_001, -1));
}
