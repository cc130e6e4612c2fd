//! Fresh values: how they are made, written and read back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::collections::HashSet;

use payspec_runtime::{
    FixedRandomness, FreshFormat, FreshValues, Randomness, RecipeError, SystemRandomness, Timestamp,
    Unverified, WrittenTime,
};

/// 2021-04-03T12:00:00.123Z, a Saturday.
fn noon() -> Timestamp {
    Timestamp::from_unix_millis(1_617_451_200_123).unwrap()
}

fn made(format: FreshFormat, randomness: &dyn Randomness) -> String {
    let mut values = FreshValues::new();
    values.make("it", format, noon(), randomness).unwrap();
    values.text("it").unwrap().to_owned()
}

#[test]
fn times_are_written_in_each_form_and_read_back() {
    let read = |time: WrittenTime, text: &str| time.tolerate(text.as_bytes(), noon(), 0);
    for (time, written) in [
        (WrittenTime::UnixSeconds, "1617451200"),
        (WrittenTime::UnixMillis, "1617451200123"),
        (WrittenTime::HttpDate, "Sat, 03 Apr 2021 12:00:00 GMT"),
        (WrittenTime::Iso8601, "2021-04-03T12:00:00Z"),
        (WrittenTime::Pattern("%Y%m%d%H%M%S", 28_800), "20210403200000"),
    ] {
        assert_eq!(made(FreshFormat::Time(time), &SystemRandomness), written, "{time:?}");
        assert_eq!(time.tolerate(written.as_bytes(), noon(), 1), Ok(()), "{time:?}");
    }
    assert_eq!(read(WrittenTime::Iso8601, "2021-04-03T20:00:00.123456+08:00"), Ok(()));
    assert_eq!(read(WrittenTime::Iso8601, "2021-04-03T07:30:00.123-0430"), Ok(()));
}

#[test]
fn the_day_of_the_week_is_that_of_the_calendar() {
    // RFC 9110, section 5.6.7.
    let rfc = Timestamp::from_unix_seconds(784_111_777).unwrap();
    assert_eq!(WrittenTime::HttpDate.tolerate(b"Sun, 06 Nov 1994 08:49:37 GMT", rfc, 0), Ok(()));
    let before = Timestamp::from_unix_seconds(-1).unwrap();
    assert_eq!(WrittenTime::HttpDate.tolerate(b"Wed, 31 Dec 1969 23:59:59 GMT", before, 0), Ok(()));
    let wrong = WrittenTime::HttpDate.tolerate(b"Mon, 06 Nov 1994 08:49:37 GMT", rfc, 0);
    assert_eq!(wrong, Err(Unverified::UnreadableTime));
}

#[test]
fn what_is_no_time_is_refused() {
    for (time, odd) in [
        (
            WrittenTime::UnixSeconds,
            vec!["", " 1617451200", "1617451200.0", "+1617451200", "1e9", "99999999999999999999", "９"],
        ),
        (WrittenTime::UnixMillis, vec!["", "x", "9223372036854775807"]),
        (
            WrittenTime::HttpDate,
            vec![
                "",
                "Sat, 3 Apr 2021 12:00:00 GMT",
                "Sat, 03 Abc 2021 12:00:00 GMT",
                "Sat, 03 Apr 2021 12:00:00 UTC",
                "Sat, 0中 2021",
            ],
        ),
        (
            WrittenTime::Iso8601,
            vec![
                "",
                "2021-04-03",
                "2021-04-03T12:00:00",
                "2021-04-03T12:00:00.Z",
                "2021-04-03T12:00:00+25:00",
                "2021-04-03T12:00:00+8",
                "2021-04-03T12:00:0中Z",
                "2021-04-03T12:00:00,5Z",
            ],
        ),
        (WrittenTime::Pattern("%Y%m%d", 0), vec!["20210431", "2021-04-03"]),
    ] {
        for odd in odd {
            assert_eq!(
                time.tolerate(odd.as_bytes(), noon(), u64::MAX),
                Err(Unverified::UnreadableTime),
                "{time:?} {odd:?}"
            );
            assert!(time.check(odd).is_err());
        }
    }
    let no_text = WrittenTime::UnixSeconds.tolerate(b"\xff", noon(), 1);
    assert_eq!(no_text, Err(Unverified::UnreadableTime));
}

#[test]
fn a_time_is_tolerated_up_to_the_limit_in_both_directions() {
    let now = Timestamp::from_unix_seconds(1_000_000).unwrap();
    let stated = |seconds: i64| {
        WrittenTime::UnixSeconds.tolerate((1_000_000 + seconds).to_string().as_bytes(), now, 300)
    };
    assert_eq!(stated(-300), Ok(()));
    assert_eq!(stated(300), Ok(()));
    assert_eq!(stated(-301), Err(Unverified::OutOfTime { seconds: 301, within: 300 }));
    assert_eq!(stated(301), Err(Unverified::OutOfTime { seconds: 301, within: 300 }));
    // The part of a second counts.
    let late = Timestamp::from_unix_millis(1_000_300_001).unwrap();
    let refused = WrittenTime::UnixSeconds.tolerate(b"1000000", late, 300);
    assert_eq!(refused, Err(Unverified::OutOfTime { seconds: 300, within: 300 }));
}

#[test]
fn random_values_have_their_length_and_alphabet() {
    let is = |format, length: usize, good: fn(char) -> bool| {
        let text = made(format, &SystemRandomness);
        assert_eq!(text.chars().count(), length, "{format:?}");
        assert!(text.chars().all(good), "{format:?} {text}");
    };
    for length in [0, 1, 31, 32, 100] {
        is(FreshFormat::Alphanumeric(length), length, |character| character.is_ascii_alphanumeric());
        is(FreshFormat::Hex(length), length, |character| matches!(character, '0'..='9' | 'a'..='f'));
    }
    let many: HashSet<String> =
        (0..100).map(|_| made(FreshFormat::Alphanumeric(16), &SystemRandomness)).collect();
    assert_eq!(many.len(), 100);
}

#[test]
fn a_uuid_is_of_version_4() {
    let uuid = made(FreshFormat::Uuid, &FixedRandomness::new([0xff]));
    assert_eq!(uuid, "ffffffff-ffff-4fff-bfff-ffffffffffff");
    let uuid = made(FreshFormat::Uuid, &FixedRandomness::new([0]));
    assert_eq!(uuid, "00000000-0000-4000-8000-000000000000");
}

#[test]
fn fixed_randomness_makes_the_same_values_and_biased_bytes_are_thrown_away() {
    let made = |bytes: &[u8]| made(FreshFormat::Alphanumeric(4), &FixedRandomness::new(bytes));
    assert_eq!(made(&[0, 25, 26, 61]), "AZa9");
    // 248 and above would make the first letters likelier.
    assert_eq!(made(&[248, 255, 62, 0]), "AAAA");
    let mut values = FreshValues::new();
    let broken = values.make("it", FreshFormat::Alphanumeric(4), noon(), &FixedRandomness::new([255]));
    assert_eq!(broken, Err(RecipeError::Randomness));
    let empty = values.make("it", FreshFormat::Bytes(4), noon(), &FixedRandomness::new([]));
    assert_eq!(empty, Err(RecipeError::Randomness));
}

#[test]
fn a_received_value_that_stands_twice_must_be_the_same() {
    let mut values = FreshValues::new();
    assert!(values.receive("nonce", "a"));
    assert!(values.receive("nonce", "a"));
    assert!(!values.receive("nonce", "b"));
    assert_eq!(values.text("nonce"), Ok("a"));
    assert!(values.text("salt").is_err());
    assert!(!format!("{values:?}").contains("\"a\""));
}
