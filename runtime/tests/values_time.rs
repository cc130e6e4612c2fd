//! Time: strict patterns of fixed width, a fixed zone, a clock that tests own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use payspec_runtime::{Clock, Date, FixedClock, SystemClock, TimeError, Timestamp, write};

const ZONE: i32 = 8 * 3600;
const LOCAL: &str = "%Y-%m-%d %H:%M:%S";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).unwrap()
}

#[test]
fn a_local_time_is_read_and_written_in_its_zone() {
    let paid = Timestamp::parse("2019-08-18 01:03:41", LOCAL, ZONE).unwrap();
    assert_eq!(paid, at(1_566_061_421));
    assert_eq!(paid.to_string(), "2019-08-17T17:03:41Z");
    assert_eq!(write::timestamp(paid, LOCAL, ZONE), "2019-08-18 01:03:41");
    assert_eq!(write::timestamp(paid, "%Y%m%d%H%M%S%3f", ZONE), "20190818010341000");
    assert_eq!(write::timestamp(paid, LOCAL, -3600), "2019-08-17 16:03:41");
    assert_eq!(write::unix_seconds(paid), "1566061421");
    assert_eq!(write::unix_millis(paid), "1566061421000");
}

#[test]
fn milliseconds_are_kept() {
    let precise = Timestamp::parse("20190818010341007", "%Y%m%d%H%M%S%3f", ZONE).unwrap();
    assert_eq!(precise.unix_millis(), 1_566_061_421_007);
    assert_eq!(precise.unix_seconds(), 1_566_061_421);
    assert_eq!(write::timestamp(precise, "%S.%3f", ZONE), "41.007");
    assert_eq!(Timestamp::from_unix_millis(-1).unwrap().unix_seconds(), -1);
}

#[test]
fn lenient_forms_are_refused_where_they_differ() {
    for (text, position) in [
        ("", 0),
        ("2019-8-18 01:03:41", 5),
        ("2019-08-18 1:03:41", 11),
        ("2019-08-18T01:03:41", 10),
        ("2019-08-18  01:03:41", 11),
        ("2019-08-18 01:03:41Z", 19),
        ("2019-08-18 01:03:41 ", 19),
        (" 2019-08-18 01:03:41", 0),
        ("+019-08-18 01:03:41", 0),
        ("-019-08-18 01:03:41", 0),
        ("2019-+8-18 01:03:41", 5),
        ("2019-08-18 01:03", 16),
        ("2019/08/18 01:03:41", 4),
        ("２０１９-08-18 01:03:41", 0),
        ("2019-08-中", 8),
    ] {
        let refused = TimeError::Form { pattern: LOCAL.to_owned(), position };
        assert_eq!(Timestamp::parse(text, LOCAL, ZONE), Err(refused), "{text:?}");
    }
}

#[test]
fn times_that_do_not_exist_are_refused() {
    for text in [
        "2019-02-29 00:00:00",
        "2019-13-01 00:00:00",
        "2019-00-01 00:00:00",
        "2019-01-00 00:00:00",
        "2019-01-01 24:00:00",
        "2019-01-01 00:60:00",
        "2016-12-31 23:59:60",
        "0000-01-01 00:00:00",
        "9999-12-31 23:59:59",
    ] {
        let impossible = TimeError::Impossible { pattern: LOCAL.to_owned() };
        assert_eq!(Timestamp::parse(text, LOCAL, -ZONE), Err(impossible), "{text}");
    }
    let without_year = Timestamp::parse("01:03:41", "%H:%M:%S", ZONE);
    assert_eq!(without_year, Err(TimeError::Impossible { pattern: "%H:%M:%S".to_owned() }));
}

#[test]
fn a_pattern_may_say_a_number_twice_but_only_the_same() {
    let pattern = "%Y%m%d %Y";
    assert_eq!(Date::parse("20190818 2019", pattern), Ok(Date::new(2019, 8, 18).unwrap()));
    assert!(Date::parse("20190818 2020", pattern).is_err());
}

#[test]
fn percent_signs_and_unknown_directives_stand_for_themselves() {
    let pattern = "%%%Y年%m月%d日%q";
    assert_eq!(write::date(Date::new(2026, 1, 2).unwrap(), pattern), "%2026年01月02日%q");
    assert_eq!(Date::parse("%2026年01月02日%q", pattern), Ok(Date::new(2026, 1, 2).unwrap()));
    assert_eq!(write::date(Date::new(2026, 1, 2).unwrap(), "%"), "%");
}

#[test]
fn days_are_read_written_and_ordered() {
    let day: Date = "2024-02-29".parse().unwrap();
    assert_eq!(write::date(day, "%Y%m%d"), "20240229");
    assert_eq!(day.to_string(), "2024-02-29");
    assert!(day < Date::new(2024, 3, 1).unwrap());
    assert_eq!(Date::new(2023, 2, 29), None);
    assert_eq!(Date::new(10_000, 1, 1), None);
    assert_eq!(Date::new(u16::MAX, u8::MAX, u8::MAX), None);
    assert!("2024-2-29".parse::<Date>().is_err());
    assert!(Date::parse("20240230", "%Y%m%d").is_err());
    assert_eq!(Date::new(7, 1, 1).map(|day| write::date(day, "%Y").to_string()), Some("0007".to_owned()));
}

#[test]
fn the_day_depends_on_the_zone() {
    let evening = at(1_566_061_421);
    assert_eq!(evening.date_at(0), Date::new(2019, 8, 17).unwrap());
    assert_eq!(evening.date_at(ZONE), Date::new(2019, 8, 18).unwrap());
}

#[test]
fn instants_beyond_four_digit_years_do_not_exist() {
    assert_eq!(Timestamp::from_unix_seconds(i64::MAX), None);
    assert_eq!(Timestamp::from_unix_seconds(i64::MIN), None);
    assert_eq!(Timestamp::from_unix_millis(i64::MAX), None);
    assert_eq!(Timestamp::from_unix_seconds(253_402_207_200), None);
    for zone in [i32::MIN, -93_599, 0, 93_599, i32::MAX] {
        for seconds in [-62_135_596_800, 253_402_207_199] {
            assert_eq!(write::timestamp(at(seconds), LOCAL, zone).len(), 19, "{seconds} {zone}");
        }
    }
}

#[test]
fn a_fixed_clock_moves_only_when_it_is_told() {
    let fixed = FixedClock::new(at(1_000));
    let clock: Arc<dyn Clock> = Arc::new(fixed.clone());
    assert_eq!(clock.now(), at(1_000));
    fixed.advance(Duration::from_millis(1_500));
    assert_eq!(clock.now().unix_millis(), 1_001_500);
    let mut sleep = clock.sleep(Duration::from_secs(3_600));
    assert!(sleep.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    assert_eq!(fixed.now().unix_millis(), 4_601_500);
    fixed.set(at(5));
    assert_eq!(clock.now(), at(5));
    fixed.advance(Duration::MAX);
    assert_eq!(clock.now(), at(253_402_207_199));
}

#[test]
fn the_system_clock_gives_whole_milliseconds() {
    let now = SystemClock.now();
    assert_eq!(Timestamp::from_unix_millis(now.unix_millis()), Some(now));
    assert!(now > at(1_700_000_000));
}
