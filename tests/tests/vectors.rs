//! Every message that the project claims to reproduce is reproduced: through generated code and through the interpreter.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

use std::collections::BTreeMap;

use payspec::Secret;
use payspec_runtime::{
    crypto::{Encoding, Sm2Form, Sm2PrivateKey, Sm2PublicKey, decode_signature},
    keys::KeyError,
};
use payspec_tests::vectors::{self, Run, Subject, Vector};

const YES: &str = "yes";

/// How many of each thing.
fn counts<'a>(things: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for thing in things {
        *counts.entry(thing).or_default() += 1;
    }
    counts
}

fn report(what: &str, failures: &[String]) {
    assert!(failures.is_empty(), "{} {what} do not hold:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn all_61_collected_messages_are_reproduced_by_generated_code_and_by_the_interpreter() {
    let collected = vectors::collected();
    let mut failures = Vec::new();
    println!(
        "{:<45} {:<18} {:<18} {:<9} {:<11} through",
        "message", "provenance", "algorithm", "generated", "interpreted"
    );
    for message in &collected {
        let vector = &message.vector;
        let through = format!("{} {}", vector.spec.file, vector.subject.name());
        let Run { generated, interpreted } = vectors::run(vector).unwrap_or_else(|failure| {
            failures.push(format!("{} ({through}): {failure}", vector.name));
            Run { generated: false, interpreted: false }
        });
        let mark = |held: bool| if held { YES } else { "NO" };
        println!(
            "{:<45} {:<18} {:<18} {:<9} {:<11} {through}",
            vector.name,
            vector.provenance,
            message.algorithm,
            mark(generated),
            mark(interpreted)
        );
    }
    report("messages", &failures);
    let files = counts(collected.iter().map(|message| message.file.as_str()));
    assert_eq!(
        files,
        BTreeMap::from([("aggregate-pay.json", 8), ("guanaitong.json", 31), ("ysepay.json", 22)])
    );
    let directions = counts(collected.iter().map(|message| message.direction.as_str()));
    assert_eq!(
        directions,
        BTreeMap::from([("notify", 15), ("push", 1), ("request", 34), ("response", 8), ("return", 3)])
    );
    let provenance = counts(collected.iter().map(|message| message.vector.provenance.as_str()));
    assert_eq!(
        provenance,
        BTreeMap::from([
            ("official-document", 4),
            ("official-sdk", 10),
            ("real-message", 3),
            ("self-made", 44)
        ])
    );
}

#[test]
fn every_text_for_which_a_signature_must_be_refused_is_refused_by_both() {
    let mut refused = Vec::new();
    let mut failures = Vec::new();
    for message in vectors::collected().iter().filter(|message| !message.vector.must_not_verify.is_empty()) {
        let vector = &message.vector;
        match vector.refuse_wrong_texts() {
            Ok(count) => refused.push((vector.name.clone(), count)),
            Err(failure) => failures.push(format!("{}: {failure}", vector.name)),
        }
    }
    report("wrong texts", &failures);
    let refused: Vec<(&str, usize)> = refused.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(
        refused,
        [
            ("notify_real_2018", 1),
            ("notify_real_2021_blank_card_type", 2),
            ("response_real_refund_query_2021", 3),
            ("combine_response_rsa2048_sign_last", 2),
            ("combine_response_whitespace", 1),
            ("combine_notify_rsa1024", 1),
            ("combine_notify_blank_and_unknown_fields", 1),
        ]
    );
}

#[test]
fn the_vectors_of_sm2_itself_hold_in_the_runtime() {
    let standard = vectors::standard();
    for vector in &standard {
        if let Some(container) = &vector.file_base64 {
            let password = Secret::new(vector.password.clone().unwrap());
            let key = Sm2PrivateKey::read_sm2_container(container, &password).unwrap();
            let expected = Sm2PrivateKey::read(vector.signing_key_hex.as_ref().unwrap()).unwrap();
            assert!(key.public_key().is_half_of(&expected), "{}", vector.name);
            let certified = Sm2PublicKey::read(vector.certificate_pem.as_ref().unwrap()).unwrap();
            assert!(certified.is_half_of(&key), "{}", vector.name);
            let wrong = Sm2PrivateKey::read_sm2_container(container, &Secret::new("test1235"));
            assert!(matches!(wrong, Err(KeyError::Password { .. })), "{}: {wrong:?}", vector.name);
            continue;
        }
        let key = Sm2PublicKey::read(vector.verify_key_hex.as_ref().unwrap()).unwrap();
        let der = decode_signature(&vector.signature, Encoding::Base64).unwrap();
        let raw = decode_signature(&vector.signature_raw_hex, Encoding::Hex).unwrap();
        let (id, text) = (vector.sm2_user_id.as_str(), vector.message.as_bytes());
        assert_eq!(key.verify(id, Sm2Form::Der, text, &der), Ok(()), "{}", vector.name);
        assert_eq!(key.verify(id, Sm2Form::Raw, text, &raw), Ok(()), "{}", vector.name);
        assert!(key.verify("", Sm2Form::Der, text, &der).is_err(), "{}: the id counts", vector.name);
        let other = [text, b"."].concat();
        assert!(key.verify(id, Sm2Form::Der, &other, &der).is_err(), "{}: the text counts", vector.name);
        if let Some(private) = &vector.signing_key_hex {
            let own = Sm2PrivateKey::read(private).unwrap();
            let again = own.sign(id, Sm2Form::Der, text).unwrap();
            assert_eq!(key.verify(id, Sm2Form::Der, text, &again), Ok(()), "{}", vector.name);
        }
    }
    let names: Vec<(&str, &str)> =
        standard.iter().map(|vector| (vector.name.as_str(), vector.provenance.as_str())).collect();
    assert_eq!(
        names,
        [
            ("gbt_32918_message_digest", "official-document"),
            ("java_hutool_der", "client-code-test"),
            ("der_corner_both_low_bit", "self-made"),
            ("der_corner_both_high_bit", "self-made"),
            ("der_corner_r_short", "self-made"),
            ("der_corner_s_short", "self-made"),
            ("cfca_style_sm2_container", "self-made"),
        ]
    );
}

#[test]
fn every_vector_beside_a_spec_holds_with_all_that_it_expects() {
    let mut failures = Vec::new();
    let mut held: Vec<(String, Vector, Run)> = Vec::new();
    let mut apart = Vec::new();
    for spec in vectors::specs() {
        for vector in vectors::written(&spec) {
            match vectors::run(&vector) {
                Ok(_) if vector.provenance == "unreproduced" => apart.push(vector.said.name),
                Ok(run) => held.push((spec.file.clone(), vector, run)),
                Err(failure) => failures.push(format!("{} {}: {failure}", spec.file, vector.name)),
            }
        }
    }
    println!("{:<45} {:<10} {:<9} {:<11} through", "vector", "provenance", "generated", "interpreted");
    for (file, vector, Run { generated, interpreted }) in &held {
        let mark = |held: bool| if held { YES } else { "-" };
        let kind = match vector.subject {
            Subject::Request(_) => "request",
            Subject::Response(_) => "answer",
            Subject::Callback(_) => "callback",
            Subject::Recipe(_) => "recipe",
        };
        let (generated, interpreted) = (mark(*generated), mark(*interpreted));
        let subject = vector.subject.name();
        println!(
            "{:<45} {:<10} {generated:<9} {interpreted:<11} {file} {kind} {subject}",
            vector.name, vector.provenance
        );
    }
    println!("\nprinted by the provider, and not reproducible by any reading; each is refused:");
    apart.iter().for_each(|name| println!("  {name}"));
    report("vectors", &failures);
    assert_eq!(
        apart,
        [
            "cashier_notify_printed",
            "cashier_request_printed",
            "cashier_return_printed",
            "employee_pay_notify_printed"
        ]
    );
    let of = |folder: &str| {
        let of_folder = held.iter().filter(|(file, ..)| file.starts_with(folder));
        counts(of_folder.map(|(_, vector, _)| vector.provenance.as_str()))
    };
    assert_eq!(of("specs/"), BTreeMap::from([("official", 9), ("recorded", 3), ("self_made", 48)]));
    assert_eq!(of("tests/specs/"), BTreeMap::from([("official", 12), ("recorded", 2), ("self_made", 11)]));
    // A recipe over free pairs has no typed form: those messages go through generated code by the specs of `tests/specs`.
    let on_recipes = held.iter().filter(|(.., run)| !run.generated).count();
    assert_eq!(on_recipes, 10);
    assert!(
        held.iter().all(|(_, vector, run)| run.generated || matches!(vector.subject, Subject::Recipe(_)))
    );
}
