//! Limits and rules: everything that is broken at once, with path, limit and measure.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use payspec_runtime::{
    AbsentWhen, Among, Charset, Check, Date, Decimal, Fen, LengthUnit, Level, Limit, Span, Timestamp, fen,
    yuan,
};

const ZONE: i32 = 8 * 3600;

/// One line for each violation, and for each piece of advice behind `advice: `.
fn found(check: impl Fn(&mut Check<'_>)) -> Vec<String> {
    found_in(Check::new, check)
}

fn found_in<'a>(context: impl Fn() -> Check<'a>, check: impl Fn(&mut Check<'a>)) -> Vec<String> {
    let run = || {
        let mut collected = context();
        check(&mut collected);
        collected
    };
    let violations = run().finish().err().into_iter().flatten().map(|violation| violation.to_string());
    let advice = run().into_advice().into_iter().map(|advice| format!("advice: {advice}"));
    violations.chain(advice).collect()
}

fn noon() -> Timestamp {
    Timestamp::parse("2026-11-21 00:30:00", "%Y-%m-%d %H:%M:%S", ZONE).unwrap()
}

#[test]
fn a_request_within_its_limits_is_silent() {
    let quiet = found(|check| {
        check
            .text("a", "abc")
            .length(1..=3)
            .bytes(..=3, Charset::Gbk)
            .alphabet("a-z", &[('a', 'z')])
            .filled();
        check.number("b", yuan!("0.01")).range(yuan!("0.01")..=yuan!("0.01"));
        check.items("c", &["x"], |item, check| {
            check.text("d", item).length(1..=1);
        });
        check.rule_any_of(&[("a", true), ("b", false)]);
    });
    assert_eq!(quiet, Vec::<String>::new());
    assert!(Check::new().finish().is_ok());
}

#[test]
fn the_path_leads_through_objects_and_lists() {
    let lines = found(|check| {
        check.object("order", |check| {
            let amounts = [yuan!("1.00"), yuan!("2.00"), yuan!("0.00")];
            check.items("sub_order_list", &amounts, |amount, check| {
                check.number("amount", *amount).range(yuan!("0.01")..=yuan!("100000000.00"));
            });
            check.text("note", "").length(1..);
        });
        check.number("total", fen!(101)).range(..=fen!(100));
    });
    assert_eq!(
        lines,
        [
            "order.sub_order_list[2].amount: 0.00 is below 0.01 yuan",
            "order.note: missing, a value is required",
            "total: 101 is above 100 fen",
        ]
    );
}

#[test]
fn lengths_count_characters_or_bytes_of_the_charset() {
    let lines = found(|check| {
        check.text("chars", "中文😀").length(..=2);
        check.text("short", "中").length(2..=3);
        check.text("utf8", "中文").bytes(..=4, Charset::Utf8);
        check.text("gbk", "中文").bytes(..=4, Charset::Gbk);
        check.text("exact", "abcd").length(3..4);
    });
    assert_eq!(
        lines,
        [
            "chars: 3 characters, at most 2 are allowed",
            "short: 1 character, at least 2 are allowed",
            "utf8: 6 bytes in UTF-8, at most 4 are allowed",
            "exact: 4 characters, at most 3 are allowed",
        ]
    );
}

#[test]
fn a_length_is_that_of_the_characters_however_many_bytes_they_have() {
    for character in ["a", "é", "中", "😀"] {
        for count in 1..=9 {
            let text = character.repeat(count);
            for limit in 1..=9 {
                let lines = |range: (usize, usize)| {
                    found(|check| _ = check.text("t", &text).length(range.0..=range.1)).len()
                };
                let is_outside = [count < limit, count > limit].map(usize::from);
                assert_eq!([lines((limit, 99)), lines((1, limit))], is_outside, "{text} {limit}");
            }
        }
    }
}

#[test]
fn bytes_are_counted_in_the_charset_of_the_client_where_it_is_known() {
    let client = || Check::new().charset(Charset::Gbk);
    let lines = found_in(client, |check| {
        check.text("a", "中文").bytes(..=4, Charset::Utf8);
        check.text("b", "中文").bytes(..=3, Charset::Utf8);
    });
    assert_eq!(lines, ["b: 4 bytes in GBK, at most 3 are allowed"]);
}

#[test]
fn text_that_the_clients_charset_cannot_write_is_a_violation() {
    let client = || Check::new().charset(Charset::Gbk);
    let lines = found_in(client, |check| {
        check.text("subject", "午餐😀").length(..=2).bytes(..=1, Charset::Gbk);
        check.text("buyer", "😀").sensitive();
    });
    assert_eq!(
        lines,
        [
            "subject: character 3 ('😀') cannot be written in GBK",
            "subject: 3 characters, at most 2 are allowed",
            "buyer: a character cannot be written in GBK",
        ]
    );
    assert!(found(|check| _ = check.text("subject", "午餐😀")).is_empty(), "no client, no charset");
}

#[test]
fn an_absent_required_value_is_one_violation_and_what_is_absent_depends_on_the_provider() {
    let limits = |check: &mut Check<'_>| {
        check
            .text("empty", "")
            .length(1..)
            .starts_with_credential("appid")
            .starts_with_date("%Y%m%d", 1)
            .filled();
        check.text("blank", " \t").length(3..);
    };
    let of = |absent: AbsentWhen| {
        let context = move || Check::new().absent_when(absent).credential("appid", "1").now(noon(), ZONE);
        found_in(context, limits)
    };
    let (missing, short) = (": missing, a value is required", ": 2 characters, at least 3 are allowed");
    assert_eq!(of(AbsentWhen::Empty), [format!("empty{missing}"), format!("blank{short}")]);
    assert_eq!(of(AbsentWhen::Blank), [format!("empty{missing}"), format!("blank{missing}")]);
    let never = of(AbsentWhen::Never);
    assert_eq!(never.len(), 5, "{never:?}");
    assert_eq!(never[0], "empty: 0 characters, at least 1 are allowed");
    assert_eq!(never[3], format!("empty{missing}"), "`filled` holds all the same");
}

#[test]
fn an_odd_character_is_shown_with_its_place_unless_the_value_is_sensitive() {
    let digits = [('0', '9'), ('A', 'F')];
    let lines = found(|check| {
        check.text("a", "12g").alphabet("0-9A-F", &digits);
        check.text("b", "12g").sensitive().length(..=2).alphabet("0-9A-F", &digits);
        check.text("c", "12\n").alphabet("0-9A-F", &digits).sensitive();
    });
    assert_eq!(
        lines,
        [
            "a: character 3 ('g') is not one of 0-9A-F",
            "b: 3 characters, at most 2 are allowed",
            "b: a character is not one of 0-9A-F",
            "c: a character is not one of 0-9A-F",
        ]
    );
}

#[test]
fn sensitive_numbers_are_not_shown() {
    let lines = found(|check| {
        check.number("a", 123_456_i64).sensitive().range(..=9);
        check.rule_sums_to(("l", "m"), [Some(123_456_i64)], ("t", Some(7))).sensitive();
    });
    assert_eq!(lines, ["a: the value is above 9", "t: must be the sum of `l[].m`"]);
}

#[test]
fn advice_is_no_violation() {
    let lines = found(|check| {
        check.text("order_no", "201908180013410000010000000000").length(1..).should().length(..=20);
        check.items("list", &[0; 3], |_, _| {}).should().count(..=2);
        check.number("n", 3_i64).should().range(..=2);
        check.rule_any_of(&[("a", false), ("b", false)]).should();
    });
    assert_eq!(
        lines,
        [
            "advice: order_no: 30 characters, at most 20 are advised",
            "advice: list: 3 items, at most 2 are advised",
            "advice: n: 3 is above 2",
            "advice: a, b: at least one should be given",
        ]
    );
}

#[test]
fn numbers_of_every_kind_have_ranges() {
    let lines = found(|check| {
        check.number("integer", -1_i64).range(0..);
        check.number("decimal", Decimal::new(15, 1)).range(Decimal::new(2, 0)..).decimals(0);
        check.number("trailing", Decimal::new(150, 2)).decimals(1);
        check.number("span", Span::days(16)).range(Span::minutes(1)..=Span::days(15)).units(&['m', 'h', 'd']);
        check.number("unit", Span::seconds(90)).range(Span::minutes(1)..).units(&['m', 'h']);
        check.number("day", Date::new(2026, 1, 2).unwrap()).range(Date::new(2026, 1, 3).unwrap()..);
        check.number("excluded", 5_i64).range(..5);
    });
    assert_eq!(
        lines,
        [
            "integer: -1 is below 0",
            "decimal: 1.5 is below 2",
            "decimal: 1.5 has more than 0 digits after the point",
            "span: 16d is above 15d",
            "unit: 90s is not in one of the units m, h",
            "day: 2026-01-02 is below 2026-01-03",
            "excluded: 5 is above 5",
        ]
    );
}

#[test]
fn the_number_of_items_is_limited() {
    let count =
        |count: usize| found(move |check| _ = check.items("l", &vec![(); count], |(), _| {}).count(1..=2));
    assert_eq!(count(0), ["l: 0 items, at least 1 are allowed"]);
    assert!(count(1).is_empty() && count(2).is_empty());
    assert_eq!(count(3), ["l: 3 items, at most 2 are allowed"]);
}

#[test]
fn a_beginning_is_checked_only_where_the_client_is_known() {
    let limits = |check: &mut Check<'_>| {
        check.text("good", "1000000001").starts_with_credential("appid");
        check.text("bad", "2000000001").should().starts_with_credential("appid");
        check.text("other", "2000000001").starts_with_credential("unknown");
    };
    assert!(found(limits).is_empty());
    let client = || Check::new().credential("appid", "10000000");
    assert_eq!(found_in(client, limits), ["advice: bad: should begin with the credential `appid`"]);
}

#[test]
fn a_number_begins_with_a_day_near_today_in_the_providers_zone() {
    let limits = |check: &mut Check<'_>| {
        for number in [
            "20261121x",
            "20261120",
            "20261122",
            "20261119",
            "20261123",
            "2026112",
            "2026-11-21",
            "中文中文中文",
            "20261131",
        ] {
            check.text(number, number).starts_with_date("%Y%m%d", 1);
        }
    };
    assert!(found(limits).is_empty());
    let lines = found_in(|| Check::new().now(noon(), ZONE), limits);
    let bad: Vec<_> = lines.iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(bad, ["20261119", "20261123", "2026112", "2026-11-21", "中文中文中文", "20261131"]);
    assert!(lines[0].ends_with("must begin with a day written `%Y%m%d`, within 1 of today"), "{}", lines[0]);
    // Half past midnight at +08:00 is still the day before in UTC.
    let in_utc = found_in(
        || Check::new().now(noon(), 0),
        |check| {
            check.text("a", "20261119").starts_with_date("%Y%m%d", 1);
            check.text("b", "20261122").starts_with_date("%Y%m%d", 1);
        },
    );
    assert_eq!(in_utc.len(), 1);
    assert!(in_utc[0].starts_with("b:"));
}

#[test]
fn presence_rules_name_every_field() {
    let lines = found(|check| {
        check.object("o", |check| {
            check.rule_any_of(&[("a", false), ("b", false)]);
            check.rule_one_of(&[("a", true), ("b", true)]);
            check.rule_one_of(&[("a", false), ("b", false)]);
            check.rule_at_most_one_of(&[("a", true), ("b", true), ("c", false)]);
            check.rule_together(&[("a", true), ("b", false)]);
            check.rule_require(&[("a", false), ("b", true)]);
            check.rule_forbid(&[("a", false), ("b", true)]).should();
        });
    });
    assert_eq!(
        lines,
        [
            "o.a, o.b: at least one must be given",
            "o.a, o.b: exactly one must be given; given: o.a, o.b",
            "o.a, o.b: exactly one must be given",
            "o.a, o.b, o.c: at most one may be given; given: o.a, o.b",
            "o.a, o.b: all or none must be given; given: o.a",
            "o.a: must be given here",
            "advice: o.b: should not be given here",
        ]
    );
}

#[test]
fn presence_rules_hold_where_they_should() {
    let quiet = found(|check| {
        check.rule_any_of(&[("a", true), ("b", true)]);
        check.rule_one_of(&[("a", true), ("b", false)]);
        check.rule_at_most_one_of(&[("a", false), ("b", false)]);
        check.rule_together(&[("a", false), ("b", false)]);
        check.rule_together(&[("a", true), ("b", true)]);
        check.rule_require(&[("a", true)]);
        check.rule_forbid(&[("a", false)]);
    });
    assert!(quiet.is_empty(), "{quiet:?}");
}

#[test]
fn comparisons_skip_what_is_not_given_and_show_no_value() {
    let lines = found(|check| {
        check.rule_equal(("a", Some("x")), ("b", Some("y")));
        check.rule_equal(("a", Some("x")), ("b", None));
        check.rule_distinct(("a", Some("x")), ("b", Some("x")));
        check.rule_distinct(("a", None::<&str>), ("b", None));
        check.rule_ascending(("a", Some(fen!(2))), ("b", Some(fen!(1))));
        check.rule_ascending(("a", Some(fen!(1))), ("b", Some(fen!(1))));
        check.rule_ascending(("a", None), ("b", Some(fen!(1))));
    });
    assert_eq!(
        lines,
        ["a: must be equal to `b`", "a: must not be equal to `b`", "a: must not be more than `b`"]
    );
}

#[test]
fn a_repeated_member_is_found_with_its_first_place() {
    let lines = found(|check| {
        let numbers = [Some("1"), None, Some("2"), Some("1"), None, Some("1")];
        check.rule_unique("list", "no", numbers);
        check.rule_unique("list", "no", [Some(1), Some(2)]);
    });
    assert_eq!(
        lines,
        ["list[3].no: must not repeat `list[0].no`", "list[5].no: must not repeat `list[0].no`"]
    );
}

#[test]
fn sums_are_exact() {
    let lines = found(|check| {
        let parts = [Some(yuan!("0.10")), None, Some(yuan!("0.20"))];
        check.rule_sums_to(("list", "amount"), parts, ("total", Some(yuan!("0.30"))));
        check.rule_sums_to(("list", "amount"), parts, ("total", Some(yuan!("0.31"))));
        check.rule_sums_to(("list", "amount"), parts, ("total", None));
        let huge = [Some(Fen::new(i64::MAX)), Some(fen!(1))];
        check.rule_sums_to(("list", "amount"), huge, ("total", Some(fen!(0)))).should();
    });
    assert_eq!(
        lines,
        [
            "total: must be the sum of `list[].amount`: it is 0.31, they are 0.30 yuan",
            "advice: total: should be the sum of `list[].amount`: it is 0, their sum is too large to be computed",
        ]
    );
}

#[test]
fn a_value_is_among_members_and_credentials() {
    let sellers = ["s1", "s2"];
    let rule = |check: &mut Check<'_>, value: Option<&str>| {
        let places = [Among::members("list.seller", sellers), Among::credential("partner")];
        check.rule_among("seller", value, &places);
    };
    let client = || Check::new().credential("partner", "p");
    for good in [Some("s2"), Some("p"), None] {
        assert!(found_in(client, |check| rule(check, good)).is_empty());
    }
    let refused = found_in(client, |check| rule(check, Some("x")));
    assert_eq!(refused, ["seller: must be one of the values of `list.seller`, the credential `partner`"]);
    assert!(found(|check| rule(check, Some("x"))).is_empty(), "the credential is not known");
    let members_only = |check: &mut Check<'_>| {
        check.rule_among("seller", Some("x"), &[Among::members("list.seller", sellers)]);
    };
    assert_eq!(found(members_only).len(), 1);
}

#[test]
fn violations_can_be_looked_through() {
    let mut check = Check::new();
    check.text("a", "abc").length(..=2);
    let violations = check.finish().unwrap_err();
    let violation = violations.iter().next().unwrap();
    assert_eq!(violation.path, "a");
    assert_eq!(violation.limit, Limit::MaxLength { max: 2, unit: LengthUnit::Characters });
    assert_eq!(violation.measured.as_deref(), Some("3 characters"));
    assert_eq!(violation.level, Level::Must);
}

#[test]
fn no_part_of_a_sensitive_value_shows_anywhere() {
    let value = "13800138000中";
    let mut check = Check::new().charset(Charset::Gbk).credential("appid", "zz").now(noon(), ZONE);
    check
        .text("phone", value)
        .sensitive()
        .length(..=1)
        .bytes(..=1, Charset::Gbk)
        .alphabet("a-z", &[('a', 'z')])
        .starts_with_credential("appid")
        .starts_with_date("%Y%m%d", 1);
    let shown = format!("{check:?}") + &check.finish().unwrap_err().to_string();
    assert!(!shown.contains("138") && !shown.contains('中') && !shown.contains("'1'"), "{shown}");
}

#[test]
fn an_item_with_the_separator_in_it_would_arrive_as_two() {
    let lines = found(|check| check.separated("words", ["a", "b|c", "", "|"], "|"));
    assert_eq!(
        lines,
        [
            "words[1]: contains `|`, which stands between two items",
            "words[3]: contains `|`, which stands between two items"
        ]
    );
}
