//! Each row of the truth table, through both executions of a spec.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use std::sync::OnceLock;

use payspec_recipes::{
    plan::{self, Module, Planned},
    run::{self, Outcome},
    truth::Expected,
    truth_folder,
    wire::Packet,
};

/// What is wrong with a row, if anything.
fn wrong(
    planned: &Planned,
    through: impl FnOnce(&str, &Packet, &[(String, String)]) -> Outcome,
) -> Option<String> {
    let row = &planned.row;
    let expected = row.expected();
    let callback = match (&planned.callback, &expected) {
        (Ok(_), Expected::Uncompiled(code)) => {
            return Some(format!("compiles, and should be refused with {code}"));
        }
        (Ok(callback), _) => callback,
        (Err(refused), Expected::Uncompiled(code)) if refused.codes.contains(code) => return None,
        (Err(refused), _) => return Some(format!("does not compile:\n{}", refused.report)),
    };
    let signature = match &expected {
        Expected::Text(text) => run::hmac(text),
        _ => run::hmac(b""),
    };
    let of_elements: Vec<String> = row.texts.iter().map(|text| run::hmac(text.as_bytes())).collect();
    let packet = Packet::of_row(&row.message, &signature, &of_elements);
    let given: Vec<(String, String)> = row
        .given
        .iter()
        .map(|(name, value)| (name.as_str().unwrap().to_owned(), value.as_str().unwrap().to_owned()))
        .collect();
    let outcome = through(callback, &packet, &given);
    match (&expected, &outcome) {
        (Expected::Text(text), Outcome::Accepted(Some(composed))) if composed == text => None,
        (Expected::Text(text), Outcome::Accepted(composed) | Outcome::Mismatch(composed)) => Some(format!(
            "expected {:?}\n     got {:?} ({})",
            String::from_utf8_lossy(text),
            composed.as_ref().map(|composed| String::from_utf8_lossy(composed).into_owned()),
            if matches!(outcome, Outcome::Accepted(_)) { "accepted" } else { "mismatch" }
        )),
        (Expected::Refused(wanted), Outcome::Refused { kind, .. })
            if wanted.split(" or ").any(|wanted| wanted == *kind) =>
        {
            None
        }
        (Expected::Refused(wanted), Outcome::Mismatch(_)) if wanted == "mismatch" => None,
        (expected, outcome) => Some(format!("expected {expected:?}\n     got {outcome:?}")),
    }
}

/// The plan, made once for both tests.
fn modules() -> &'static [Module] {
    static MODULES: OnceLock<Vec<Module>> = OnceLock::new();
    MODULES.get_or_init(|| plan::plan(&truth_folder()))
}

fn assert_all(side: &str, mut through: impl FnMut(&str, &str, &Packet, &[(String, String)]) -> Outcome) {
    let mut failures = Vec::new();
    let mut count = 0;
    for module in modules() {
        for planned in &module.rows {
            count += 1;
            if let Some(wrong) =
                wrong(planned, |callback, packet, given| through(&module.name, callback, packet, given))
            {
                failures.push(format!("{} | {}\n{wrong}", planned.subject, planned.row.name));
            }
        }
    }
    println!("{count} rows through {side}");
    assert!(count >= 500, "{count} rows");
    assert!(failures.is_empty(), "{} rows are wrong\n\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn every_row_holds_in_the_interpreter() {
    let interpreters: Vec<_> = modules()
        .iter()
        .map(|module| (module.name.clone(), run::interpreter(&module.text, &module.name)))
        .collect();
    assert_all("the interpreter", |module, callback, packet, given| {
        let (_, interpreter) = interpreters.iter().find(|(name, _)| name == module).unwrap();
        run::interpreted(interpreter, callback, packet, given)
    });
}

#[test]
fn every_row_holds_in_generated_code() {
    assert_all("generated code", payspec_recipes::generated::generated);
}
