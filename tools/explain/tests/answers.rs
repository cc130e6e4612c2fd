//! What an answer says, and what it never says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::{Case, cases};
use payspec_codegen::ir::{EmptyAction, Filter, Piece};
use payspec_explain::{Answer, Blame, Expected};
use payspec_interpreter::{CredentialValue, Map};

fn case(name: &str) -> Case {
    cases().into_iter().find(|case| case.name() == name).unwrap_or_else(|| panic!("{name}"))
}

fn secrets(credentials: &Map<CredentialValue>) -> Vec<String> {
    let mut secrets = Vec::new();
    for (_, value) in credentials.iter() {
        match value {
            CredentialValue::Secret(secret) => secrets.push(secret.expose().to_owned()),
            CredentialValue::Choice { members, .. } => secrets.extend(self::secrets(members)),
            _ => {}
        }
    }
    secrets
}

fn assert_shows_no_secret(case: &Case, answer: &Answer) {
    let shown = format!("{answer:?}").to_lowercase();
    for secret in secrets(&case.vector.settings.credentials).iter().filter(|secret| secret.len() > 7) {
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!shown.contains(&secret.to_lowercase()), "{} shows a secret: {shown}", case.name());
        assert!(!shown.contains(&hex), "{} shows a secret in hex: {shown}", case.name());
    }
}

#[test]
fn no_answer_shows_a_secret() {
    for case in cases().into_iter().step_by(4) {
        let Some(id) = case.recipes().first().copied() else { continue };
        for text in ["&key=", "\n"] {
            let broken = case.broken(id, &|own| {
                own.text.push(Piece::Literal(text.into()));
            });
            let provider = broken.unwrap();
            assert_shows_no_secret(&case, &case.ask(&provider, &case.vector.settings, &case.message));
            // The expected text holds the secret, and the place where the two part may lie inside it.
            if let Some(text) = &case.text {
                let cut = text.len() / 2;
                let other = [&text[..cut], b"\xe4\xb8\xad", &text[cut..]].concat();
                let expected = Expected::Text(&other);
                let answer = case.ask_for(&case.provider, &case.vector.settings, &case.message, expected);
                assert!(answer.difference.is_some() || answer.as_it_is, "{}", case.name());
                assert_shows_no_secret(&case, &answer);
            }
        }
    }
}

#[test]
fn a_message_that_fits_is_not_accused() {
    for case in cases() {
        let answer = case.ask(&case.provider, &case.vector.settings, &case.message);
        assert!(answer.as_it_is && answer.matches.is_empty() && answer.tried == 0, "{}", case.name());
    }
}

#[test]
fn what_no_single_change_explains_accuses_nobody() {
    for case in cases().iter().filter(|case| case.is_received()).step_by(6) {
        let Some(id) = case.recipes().first().copied() else { continue };
        let broken = case.broken(id, &|own| {
            own.text.insert(0, Piece::Literal("one thing".into()));
            own.transform.push(Filter::Reverse);
        });
        let answer = case.ask(&broken.unwrap(), &case.vector.settings, &case.message);
        assert_eq!(answer.matches, [], "{}", case.name());
        assert!(!answer.as_it_is);
    }
}

#[test]
fn the_yaml_to_write_is_named() {
    let case = case("aggregate_pay/notify_empty_attach_kept");
    let id = case.recipes()[0];
    let provider =
        case.broken(id, &|own| own.list.as_mut().unwrap().empties.empty = EmptyAction::Drop).unwrap();
    let answer = case.ask(&provider, &case.vector.settings, &case.message);
    let first = &answer.matches[0];
    assert_eq!(first.blame, Blame::Spec);
    assert_eq!((first.at.as_str(), first.value.as_str()), ("signatures.notify.empties", "keep"));
    assert!(first.mend.starts_with("write `empties: keep`"), "{}", first.mend);
    assert_eq!(first.title, "empty values are kept");
}

#[test]
fn a_parameter_of_the_framework_is_named() {
    let case = case("aggregate_pay/notify_empty_attach_kept");
    let mut message = case.message.clone();
    message.query = "r=pay%2Fnotify".into();
    let answer = case.ask(&case.provider, &case.vector.settings, &message);
    let first = &answer.matches[0];
    assert_eq!((first.blame, first.at.as_str()), (Blame::Application, "message.field.r"));
    assert!(first.title.contains("`r` was not signed"), "{}", first.title);
}

#[test]
fn our_own_key_in_the_place_of_the_providers_is_named() {
    let case = case("ysepay/combine_notify_rsa1024");
    let mut settings = case.vector.settings.clone();
    let Some(CredentialValue::Choice { alternative, mut members }) =
        settings.credentials.get("signing").cloned()
    else {
        panic!("a choice")
    };
    let Some(CredentialValue::RsaPrivate(own)) = members.get("merchant_key").cloned() else {
        panic!("a key")
    };
    members.insert("platform_key", CredentialValue::RsaPublic(own.public_key()));
    settings.credentials.insert("signing", CredentialValue::Choice { alternative, members });
    let answer = case.ask(&case.provider, &settings, &case.message);
    let first = &answer.matches[0];
    assert_eq!((first.blame, first.at.as_str()), (Blame::Keys, "credentials.signing.platform_key"));
    assert!(first.title.contains("public half of our own"), "{}", first.title);
}

#[test]
fn where_two_texts_part_is_shown() {
    let case = case("aggregate_pay/check_order");
    let text = String::from_utf8(case.text.clone().unwrap()).unwrap();
    let other = text.replace("order_no=2019", "order_no=2020");
    let expected = Expected::Text(other.as_bytes());
    let answer = case.ask_for(&case.provider, &case.vector.settings, &case.message, expected);
    let difference = answer.difference.unwrap();
    assert_eq!(&other[..difference.at], &text[..difference.at]);
    assert!(difference.ours.starts_with("19") && difference.theirs.starts_with("20"), "{difference:?}");
    assert!(difference.before.ends_with("order_no=20"), "{difference:?}");
}
