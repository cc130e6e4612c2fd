//! How calls end: which codes are a no, which leave it open, and what the errors say.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use payspec_runtime::{
    Because, ByHand, CallError, Charset, Check, Codes, Ending, ErrorCode, ErrorKind, NotSent, PrepareError,
    Protection, Repeat, Reply, Response, SendError, Text, TokenError, echo, for_us, read_header,
};
use support::ok;

const fn code(field: &'static str, value: &'static str, kind: ErrorKind) -> ErrorCode {
    ErrorCode { field, value, kind, doc: "what it means", mend: None }
}

const COMMON: &[ErrorCode] = &[
    code("code", "1", ErrorKind::Rejected),
    code("code", "2", ErrorKind::Configuration),
    code("code", "3", ErrorKind::RateLimited),
    code("code", "4", ErrorKind::TokenExpired),
    code("code", "5", ErrorKind::NotFound),
    code("code", "6", ErrorKind::Duplicate),
    code("code", "7", ErrorKind::Unknown),
    code("sub_code", "S", ErrorKind::Unknown),
    code("http", "429", ErrorKind::RateLimited),
];

const PAYING: Codes = Codes {
    lookup: &["http", "sub_code", "code"],
    own: &[code("code", "9", ErrorKind::Rejected)],
    common: COMMON,
    fault: ErrorKind::Rejected,
    unlisted: ErrorKind::Unknown,
    has_effect: true,
};
const READING: Codes = Codes { unlisted: ErrorKind::Rejected, has_effect: false, ..PAYING };

fn judge(codes: &Codes, code: &str) -> Ending {
    codes.judge(&[("code", Some(code))], 200, Some(code), Some("text of the provider"))
}

fn is_rejected(ending: &Ending) -> bool {
    matches!(ending, Ending::Rejected(_))
}

#[test]
fn only_harmless_codes_are_a_no() {
    let ends_in_rejected = ["1", "2", "3", "4", "9"];
    for code in ["1", "2", "3", "4", "5", "6", "7", "9", "unlisted", ""] {
        assert_eq!(is_rejected(&judge(&PAYING, code)), ends_in_rejected.contains(&code), "{code}");
    }
}

#[test]
fn a_reading_operation_may_end_in_no_for_more() {
    for (code, rejected) in [("5", true), ("6", false), ("7", false), ("unlisted", true)] {
        assert_eq!(is_rejected(&judge(&READING, code)), rejected, "{code}");
    }
}

#[test]
fn the_first_listed_field_decides() {
    let both = |sub| PAYING.judge(&[("sub_code", sub), ("code", Some("1"))], 200, None, None);
    assert!(!is_rejected(&both(Some("S"))));
    assert!(is_rejected(&both(Some("not listed"))));
    assert!(is_rejected(&both(None)));
    let by_status = PAYING.judge(&[("sub_code", Some("S"))], 429, None, None);
    assert!(is_rejected(&by_status));
}

#[test]
fn an_operations_own_code_goes_before_the_common_one() {
    const OWN: &[ErrorCode] = &[code("code", "1", ErrorKind::NotFound)];
    let codes = Codes { own: OWN, ..PAYING };
    assert!(!is_rejected(&judge(&codes, "1")));
}

#[test]
fn a_verified_fault_has_its_own_kind() {
    let values: &[(&str, Option<&str>)] = &[("code", Some("unlisted"))];
    assert!(is_rejected(&PAYING.judge_fault(values, 200, None, None)));
    assert!(!is_rejected(&PAYING.judge(values, 200, None, None)));
    let listed: &[(&str, Option<&str>)] = &[("code", Some("7"))];
    assert!(!is_rejected(&PAYING.judge_fault(listed, 200, None, None)));
}

#[test]
fn a_listed_http_status_decides_before_the_body() {
    let too_many = Response::new(429, Vec::new(), b"<html>".to_vec());
    assert!(
        matches!(PAYING.judge_status(&too_many), Err(Ending::Rejected(no)) if no.kind == ErrorKind::RateLimited)
    );
    assert!(PAYING.judge_status(&Response::new(500, Vec::new(), Vec::new())).is_ok());
    let codes = Codes { lookup: &["code"], ..PAYING };
    assert!(codes.judge_status(&too_many).is_ok());
    let own = &[ErrorCode { field: "http", value: "202", kind: ErrorKind::Rejected, doc: "", mend: None }];
    let codes = Codes { own, ..PAYING };
    assert!(codes.judge_status(&Response::new(202, Vec::new(), Vec::new())).is_ok(), "success is read first");
}

#[test]
fn a_rejection_carries_what_the_provider_said() {
    let CallError::Rejected(no) = judge(&PAYING, "1").resolved_by(&ok("{}"), || Repeat) else {
        panic!("no rejection")
    };
    assert_eq!((no.kind, no.code.as_deref(), no.status), (ErrorKind::Rejected, Some("1"), 200));
    let shown = no.to_string();
    for part in ["refused", "code 1", "text of the provider", "what it means"] {
        assert!(shown.contains(part), "{shown}");
    }
}

#[test]
fn what_the_provider_says_is_bounded_and_on_one_line() {
    let long = "x\n\u{1b}[31m".repeat(10_000);
    let Ending::Rejected(no) = PAYING.judge(&[("code", Some("1"))], 200, Some(&long), Some(&long)) else {
        panic!()
    };
    let shown = no.to_string();
    assert!(shown.len() < 3_000 && !shown.chars().any(char::is_control), "{shown}");
}

#[test]
fn an_unknown_ending_carries_the_query_and_the_answer() {
    let response = Response::new(500, Vec::new(), "中".repeat(10_000).into_bytes());
    let ending = Ending::from(Because::HttpStatus { status: 500 });
    let CallError::Unknown(unknown) = ending.resolved_by(&response, || "ready query") else {
        panic!("not unknown")
    };
    assert_eq!(unknown.resolve, "ready query");
    assert_eq!(unknown.status, Some(500));
    let raw = unknown.raw.as_ref().unwrap();
    assert_eq!(raw.length(), 30_000);
    assert!(raw.to_text().starts_with("中中") && raw.as_bytes().len() == 8 * 1024);
    let shown = CallError::Unknown(unknown).to_string();
    assert!(shown.contains("do not treat it as failed"), "{shown}");
}

#[test]
fn the_answer_is_not_shown() {
    let response = ok(r#"{"phone":"13800000000"}"#);
    let error = Ending::bad_signature().resolved_by(&response, || ByHand::new("ask"));
    let shown = format!("{error} {error:?} {response:?}");
    assert!(!shown.contains("138"), "{shown}");
    let reply = Reply::new((), Protection::Signature, &response);
    assert!(!format!("{reply:?}").contains("138"));
    assert_eq!(reply.raw(), response.body);
}

#[test]
fn a_reply_is_the_value_and_says_what_protects_it() {
    let reply = Reply::new(vec![1, 2], Protection::Tls, &ok("{}"));
    assert_eq!(reply.len(), 2);
    assert_eq!(reply.protected_by(), Protection::Tls);
    assert_eq!(reply.into_inner(), [1, 2]);
}

#[test]
fn an_answer_about_something_else_is_unknown() {
    assert!(echo("order_no", Some(&"1".to_owned()), &"1".to_owned()).is_ok());
    assert!(echo("order_no", None::<&String>, &"1".to_owned()).is_ok());
    let other = echo("order_no", Some("2"), "1").unwrap_err();
    assert!(
        matches!(other, Ending::Unknown(because) if matches!(*because, Because::OtherOrder { field: "order_no" }))
    );
    let refused: Result<(), Ending> = for_us("appid", "theirs", "ours").map_err(Ending::from);
    assert!(matches!(refused, Err(Ending::Unknown(_))));
}

#[test]
fn an_unwritable_text_is_not_sent() {
    let mut text = Text::new(Charset::Gbk);
    text.put("😀");
    let error = PrepareError::from(text.finish().unwrap_err());
    assert!(matches!(CallError::<Repeat>::from(error), CallError::NotSent(NotSent::Text(_))));
}

#[test]
fn violations_end_as_invalid_and_show_all() {
    let mut check = Check::new();
    check.text("a", "");
    check.text("b", "");
    let violations = check.finish().unwrap_err();
    let error = CallError::<Repeat>::from(PrepareError::from(violations));
    assert!(error.nothing_happened());
    let shown = error.to_string();
    assert!(shown.contains("a:") && shown.contains("b:"), "{shown}");
}

#[test]
fn what_kept_a_token_from_being_made_is_told() {
    let CallError::<Repeat>::Rejected(no) = judge(&PAYING, "2").resolved_by(&ok("{}"), || Repeat) else {
        panic!()
    };
    let error = PrepareError::from(TokenError::from(CallError::<Repeat>::Rejected(no)));
    let shown = CallError::<Repeat>::from(error).to_string();
    assert!(shown.contains("token") && shown.contains("code 2") && shown.contains("mend"), "{shown}");
}

#[test]
fn a_token_code_is_recognised() {
    let expired: CallError<Repeat> = judge(&PAYING, "4").resolved_by(&ok("{}"), || Repeat);
    assert!(expired.is_token_expired());
    let other: CallError<Repeat> = judge(&PAYING, "1").resolved_by(&ok("{}"), || Repeat);
    assert!(!other.is_token_expired());
}

#[test]
fn errors_are_small_enough_to_return_everywhere() {
    assert!(size_of::<Ending>() <= 16);
    assert!(size_of::<CallError<[u8; 1024]>>() <= 64, "{}", size_of::<CallError<[u8; 1024]>>());
    assert!(size_of::<SendError>() <= 64, "{}", size_of::<SendError>());
}

#[test]
fn headers_are_found_in_any_case() {
    let response =
        Response::new(200, vec![("X-Trace-Id".into(), "t1".into()), ("e".into(), String::new())], Vec::new());
    assert_eq!(read_header(&response, "x-trace-id").as_deref(), Some("t1"));
    assert_eq!(read_header(&response, "e"), None);
    assert_eq!(read_header(&response, "missing"), None);
}
