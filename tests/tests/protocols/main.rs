//! The sample of real signing protocols, all 63, through generated code and through the interpreter.
//!
//! For each of them: the text that is signed is the provider's, byte by byte; the signature is the provider's, or is
//! accepted where it cannot be made again; and in one loop the message is taken as it is and refused with any one
//! value of it changed by a character, or left out. What a protocol does not notice is listed by name, with the reason.
//!
//! The table goes to `docs/protocols.md`. `PAYSPEC_BLESS=1 cargo test -p payspec-tests --test protocols` writes it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

mod changes;
mod message;
mod sample;
mod table;
mod unnoticed;

use std::{
    collections::BTreeSet,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
};

use payspec_tests::vectors::{self, Vector};

use self::{
    changes::Tried,
    message::{Case, Proof},
    sample::SAMPLE,
};

/// What is shown of a protocol: that it holds, or why not.
type Shown = Result<(Proof, Tried), String>;

fn collected() -> Vec<Vector> {
    vectors::protocols().iter().flat_map(vectors::written).collect()
}

fn shown(vector: &Vector) -> Shown {
    let all = || {
        let case = Case::of(vector)?;
        let proof = case.prove()?;
        let tried = changes::try_all(&case)?;
        Ok((proof, tried))
    };
    catch_unwind(AssertUnwindSafe(all)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        Err(text.or_else(|| Some((*panic.downcast_ref::<&str>()?).to_owned())).unwrap_or_default())
    })
}

/// The vectors of the sample with what is shown of them, in the order of the sample.
fn sample() -> Vec<(Vector, Shown)> {
    let all = collected();
    let of = |name: &str| all.iter().find(|vector| vector.name == name);
    SAMPLE
        .iter()
        .map(|name| {
            let vector = of(name).unwrap_or_else(|| panic!("no spec has the vector {name}"));
            (vector.clone(), shown(vector))
        })
        .collect()
}

#[test]
fn the_vectors_are_those_of_the_sample_and_some_of_our_own() {
    assert_eq!(SAMPLE.iter().collect::<BTreeSet<_>>().len(), 63);
    let all = collected();
    let names: BTreeSet<&str> = all.iter().map(|vector| vector.name.as_str()).collect();
    assert_eq!(names.len(), all.len(), "no name stands twice");
    let missing: Vec<&&str> = SAMPLE.iter().filter(|name| !names.contains(**name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for vector in all.iter().filter(|vector| !SAMPLE.contains(&vector.name.as_str())) {
        assert_eq!(vector.provenance, "self_made", "{}", vector.name);
    }
}

#[test]
fn all_63_protocols_hold_in_both_and_no_change_goes_unnoticed() {
    let rows = sample();
    let page = table::page(&rows);
    println!("{page}");
    let file = vectors::root().join("docs/protocols.md");
    if std::env::var_os("PAYSPEC_BLESS").is_some() {
        fs::write(&file, &page).expect("docs can be written");
    }
    let failed: Vec<String> = rows
        .iter()
        .filter_map(|(vector, shown)| Some(format!("{}: {}", vector.name, shown.as_ref().err()?)))
        .collect();
    let unnoticed: BTreeSet<(&str, &str)> = rows
        .iter()
        .flat_map(|(vector, shown)| {
            let tried = shown.as_ref().map(|(_, tried)| tried.unnoticed.as_slice()).unwrap_or_default();
            tried.iter().map(|change| (vector.name.as_str(), change.as_str()))
        })
        .collect();
    let listed: BTreeSet<(&str, &str)> = unnoticed::UNNOTICED
        .iter()
        .flat_map(|known| known.protocols.iter().map(|name| (*name, known.change)))
        .collect();
    let unlisted: Vec<_> = unnoticed.difference(&listed).collect();
    let noticed: Vec<_> = listed.difference(&unnoticed).collect();
    assert!(
        failed.is_empty() && unlisted.is_empty() && noticed.is_empty(),
        "{} of 63 do not hold:\n{}\n\n{} changes go unnoticed and are not listed:\n{unlisted:#?}\n\n\
         listed as unnoticed, but refused:\n{noticed:#?}",
        failed.len(),
        failed.join("\n"),
        unlisted.len()
    );
    let told = fs::read_to_string(&file).expect("docs/protocols.md");
    assert!(told == page, "docs/protocols.md is stale: run this test with PAYSPEC_BLESS=1");
}

#[test]
fn the_vectors_of_our_own_hold_as_well() {
    let own = collected().into_iter().filter(|vector| !SAMPLE.contains(&vector.name.as_str()));
    let mut failed = Vec::new();
    let mut held = 0;
    for vector in own {
        match Case::of(&vector).and_then(|case| case.prove()) {
            Ok(_) => held += 1,
            Err(failure) => failed.push(format!("{}: {failure}", vector.name)),
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(held >= 13, "only {held}");
}

#[test]
fn every_signed_element_is_protected() {
    let own = collected().into_iter().filter(|vector| vector.spec.provider.name == "signed_items");
    let mut count = 0;
    for vector in own {
        let (_, tried) = shown(&vector).unwrap_or_else(|why| panic!("{}: {why}", vector.name));
        // The account is in the requests and notices alone.
        let unnoticed: Vec<&str> = tried.unnoticed.iter().map(String::as_str).collect();
        let of_reply: (&[&str], usize) = (&["credential appid"], 8);
        let (wanted, noticed) = if vector.name == "signed_items_reply" { of_reply } else { (&[][..], 14) };
        assert_eq!(unnoticed, wanted, "{}", vector.name);
        assert_eq!((tried.by_generated, tried.by_interpreter), (noticed, noticed), "{}", vector.name);
        count += 1;
    }
    assert_eq!(count, 3);
}
