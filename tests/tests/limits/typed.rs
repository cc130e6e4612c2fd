//! What the bridge does not carry: advice of typed requests, and the limits of credentials and options.

use payspec::{
    BuildError, Limit, Secret, Violation,
    aggregate_pay::{BankCode, UnifiedOrder, UnifiedOrderOptional},
    fen, guanaitong,
};

use crate::tried::MERCHANT;

fn order(order_no: &str, product_name: &str) -> UnifiedOrder {
    UnifiedOrder {
        order_no: order_no.to_owned(),
        amount: fen!(1),
        product_name: product_name.to_owned(),
        bank_code: BankCode::AlipayH5,
        notify_url: "https://shop.example.com/notify".parse().unwrap(),
        return_url: "https://shop.example.com/return".parse().unwrap(),
        optional: UnifiedOrderOptional::default(),
    }
}

#[test]
fn a_softer_limit_gives_advice_and_no_violation() {
    let (fits, longer) = ("名".repeat(20), "名".repeat(21));
    assert_eq!(order(&fits, &fits).advice(), []);
    let order = order(&longer, &longer);
    assert_eq!(order.validate(), Ok(()));
    let advice = order.advice();
    let paths: Vec<&str> = advice.iter().map(|found| found.path.as_str()).collect();
    assert_eq!(paths, ["order_no", "product_name"]);
    assert!(advice.iter().all(|found| matches!(found.limit, Limit::MaxLength { max: 20, .. })), "{advice:?}");
}

#[test]
fn every_violation_of_a_request_is_reported_at_once() {
    let order = UnifiedOrder { amount: fen!(0), ..order("", " \u{7f}") };
    let found: Vec<Violation> = order.validate().unwrap_err().into_iter().collect();
    let paths: Vec<&str> = found.iter().map(|violation| violation.path.as_str()).collect();
    assert_eq!(paths, ["order_no", "amount"]);
}

fn guanaitong(appid: &str, version: Option<&str>) -> Result<guanaitong::Client, BuildError> {
    let credentials = guanaitong::Credentials { appid: appid.to_owned(), appsecret: Secret::new("s3cr3t") };
    guanaitong::Client::builder(credentials)
        .environment(guanaitong::Environment::Sandbox)
        .options(guanaitong::Options { version: version.map(str::to_owned) })
        .build()
}

/// The one violation.
fn violation(built: Result<guanaitong::Client, BuildError>) -> Violation {
    let Err(BuildError::Invalid(found)) = built else { panic!("{built:?}") };
    let mut found = found.into_iter();
    let (Some(violation), None) = (found.next(), found.next()) else { panic!("not one violation") };
    violation
}

#[test]
fn credentials_and_options_keep_their_limits() {
    assert!(guanaitong(&"1".repeat(32), Some("1.0.0")).is_ok());
    assert!(guanaitong(MERCHANT, None).is_ok());
    let long = violation(guanaitong(&"1".repeat(33), None));
    assert!(matches!((long.path.as_str(), long.limit), ("appid", Limit::MaxLength { max: 32, .. })));
    let long = violation(guanaitong(MERCHANT, Some("1.0.00")));
    assert!(matches!((long.path.as_str(), long.limit), ("version", Limit::MaxLength { max: 5, .. })));
    let none = violation(guanaitong("", None));
    assert!(matches!((none.path.as_str(), none.limit), ("appid", Limit::Missing)));
}
