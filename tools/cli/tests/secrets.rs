//! Where secrets come from, and that none is ever printed.
//!
//! The scrub test runs every command over every vector of the repository and looks for each secret of its account, in
//! every form in which one could slip out, in both streams. The one exception is in the nature of the thing: `sign`
//! prints the message that the spec sends, and where a recipe is the secret itself, the message carries it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::type_complexity,
    missing_docs,
    unreachable_pub
)]

mod run;
#[path = "secrets/scrub.rs"]
mod scrub;

use std::fs;

use insta::assert_snapshot;

use self::run::{Ran, folder, payspec, placeless, with};

const SPEC: &str = "specs/aggregate_pay.yaml";
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const QUERY: [&str; 9] = [
    "sign",
    SPEC,
    "query_order",
    "--set",
    "order_no=20190818001341000001",
    "--part",
    "signature",
    "--host",
    "gateway=https://pay.example.com",
];
/// Of the vector `check_order`.
const SIGNATURE: &str = "3bc4c15b3bb32e1067fb9b69a438439c\n";

fn query(arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    with(&[&QUERY, arguments].concat(), variables, "")
}

#[test]
fn credentials_come_from_variables_files_and_sets() {
    let folder = folder("sources");
    let file = folder.join("secret.txt");
    // An editor has put a line break behind it.
    fs::write(&file, format!("{SECRET}\n")).unwrap();
    let file = file.to_string_lossy();
    let account = folder.join("account.yaml");
    fs::write(&account, "appid: gpu10000000\nsecret: { file: secret.txt }\n").unwrap();
    let account = account.to_string_lossy();
    let partly = folder.join("partly.yaml");
    fs::write(&partly, format!("secret: '{SECRET}'\n")).unwrap();
    let partly = partly.to_string_lossy();
    let appid = ("PAYSPEC_APPID", "gpu10000000");
    let ways: [(&[&str], &[(&str, &str)]); 7] = [
        (&["--test-credentials", "made"], &[]),
        (&[], &[appid, ("PAYSPEC_SECRET", SECRET)]),
        (&[], &[appid, ("PAYSPEC_SECRET_FILE", &file)]),
        (&["--credential", "appid=gpu10000000"], &[("PAYSPEC_SECRET", SECRET)]),
        (&["--credentials", &account], &[]),
        (&["--credentials", &partly], &[appid]),
        // What is named on the command line wins over what happens to be in the environment.
        (&["--credentials", &account], &[("PAYSPEC_SECRET", "another")]),
    ];
    for (arguments, variables) in ways {
        let ran = query(arguments, variables);
        assert_eq!(
            (ran.code, ran.out.as_str(), ran.err.as_str()),
            (0, SIGNATURE, ""),
            "{arguments:?} {variables:?}"
        );
    }
}

#[test]
fn a_secret_is_never_an_argument() {
    let ran = query(&["--credential", &format!("secret={SECRET}")], &[]);
    assert_eq!(ran.code, 2);
    assert!(!ran.err.contains(SECRET), "{}", ran.err);
    assert_snapshot!("secret_argument", ran.err);
    for twisted in [SECRET.to_owned(), format!("sekret={SECRET}"), format!("={SECRET}")] {
        let ran = query(&["--credential", &twisted], &[]);
        assert_eq!(ran.code, 2);
        assert!(!ran.err.contains(SECRET), "{}", ran.err);
    }
    let key = payspec(&[
        "sign",
        "specs/ysepay.yaml",
        "trade_order_query",
        "--credential",
        "signing.rsa.merchant_key=MIIEvQIBADAN",
    ]);
    assert_eq!(key.code, 2);
    assert!(
        key.err.contains("PAYSPEC_SIGNING__RSA__MERCHANT_KEY") && !key.err.contains("MIIEv"),
        "{}",
        key.err
    );
}

#[test]
fn what_is_missing_names_the_variables_that_were_looked_at() {
    let mut printed = String::new();
    printed.push_str(&query(&[], &[]).err);
    printed.push_str(&query(&[], &[("PAYSPEC_APPID", "gpu10000000")]).err);
    printed.push_str(&payspec(&["sign", "specs/ysepay.yaml", "trade_order_query"]).err);
    printed.push_str(&payspec(&["sign", "tests/protocols/wechat_pay_v3.yaml", "h5"]).err);
    assert_snapshot!("missing", printed);
}

#[test]
fn mistakes_about_credentials_repeat_no_value() {
    let folder = folder("wrong_credentials");
    let mut printed = String::new();
    let files = [
        ("unknown.yaml", format!("appid: gpu10000000\nsecrte: {SECRET}\n")),
        ("list.yaml", format!("[{SECRET}]\n")),
        ("nested.yaml", format!("appid: gpu10000000\nsecret: {{ value: {SECRET} }}\n")),
        ("torn.yaml", format!("appid: gpu10000000\nsecret: \"{SECRET}\n")),
        ("valueless.yaml", format!("{{ appid: gpu10000000, secret:{SECRET} }}\n")),
        ("missing_file.yaml", "appid: gpu10000000\nsecret: { file: nowhere.txt }\n".to_owned()),
        ("folder.yaml", "appid: gpu10000000\nsecret: { file: . }\n".to_owned()),
        ("public_file.yaml", "appid: { file: list.yaml }\nsecret: x\n".to_owned()),
        ("empty.yaml", "appid: gpu10000000\nsecret: \"\"\n".to_owned()),
    ];
    for (name, content) in files {
        let file = folder.join(name);
        fs::write(&file, content).unwrap();
        let ran = query(&["--credentials", &file.to_string_lossy()], &[]);
        assert_eq!(ran.code, 2, "{name}");
        assert!(!ran.err.contains(SECRET) && !ran.err.contains(&SECRET[..16]), "{name}: {}", ran.err);
        printed.push_str(&format!("--- {name}\n{}", ran.err));
    }
    let both = query(&[], &[("PAYSPEC_SECRET", SECRET), ("PAYSPEC_SECRET_FILE", "x")]);
    printed.push_str(&format!("--- both\n{}", both.err));
    let nowhere = query(&[], &[("PAYSPEC_APPID", "gpu10000000"), ("PAYSPEC_SECRET_FILE", "/nowhere")]);
    printed.push_str(&format!("--- nowhere\n{}", nowhere.err));
    assert_snapshot!("wrong_credentials", placeless(&printed, &folder));
}

#[test]
fn a_file_that_holds_another_key_is_told_what_it_holds() {
    let mut printed = String::new();
    let keys = [
        "tests/vectors/keys/test-platform-rsa2048.spki.pem",
        "tests/vectors/keys/test-merchant-sm2.pkcs8.pem",
        "rustfmt.toml",
        "tests/vectors/keys",
    ];
    for key in keys {
        let variables =
            [("PAYSPEC_PARTNER_ID", "test_partner"), ("PAYSPEC_SIGNING__RSA__MERCHANT_KEY_FILE", key)];
        let ran = with(
            &[
                "sign",
                "specs/ysepay.yaml",
                "trade_order_query",
                "--set",
                "shopdate=20180101",
                "--set",
                "out_trade_no=1",
            ],
            &variables,
            "",
        );
        assert!(ran.code != 0 && ran.out.is_empty(), "{key}");
        printed.push_str(&format!("--- {key}\n{}", ran.err));
    }
    assert_snapshot!("other_keys", printed);
}

#[test]
fn a_token_comes_from_its_variable() {
    let arguments = [
        "sign",
        "specs/guanaitong.yaml",
        "token_info",
        "--test-credentials",
        "page",
        "--now",
        "1494314043",
        "--part",
        "signature",
    ];
    let token = [("PAYSPEC_TOKEN_ACCESS_TOKEN", "cde2c369fab499c0bf0643bb1844e70c")];
    let ran = with(&arguments, &token, "");
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "ca884a9e28e31580b11bbf1a46a5e3adb0823d70\n"),
        "{}",
        ran.err
    );
}
