//! Places: what is written where a signature is placed, and how it is taken apart.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use payspec_runtime::{
    Charset, FreshValues, Operand, Parts, PlaceTemplate, Placed, RecipeError, Text, Unverified,
};

/// `t={fresh:t},v1={signature}` as a list.
fn dated() -> PlaceTemplate {
    let mut template = PlaceTemplate::new("Seal", Some(","));
    template.literal("t=");
    template.fresh("t");
    template.literal(",v1=");
    template.signature();
    template
}

/// `S mchid="1900",nonce="{fresh:nonce}",signature="{signature}"` as one piece.
fn composite() -> PlaceTemplate {
    let mut template = PlaceTemplate::new("Authorization", None);
    template.literal("S mchid=\"");
    template.value(&composed(Operand::text("1900"))).unwrap();
    template.literal("\",nonce=\"");
    template.fresh("nonce");
    template.literal("\",signature=\"");
    template.signature();
    template.literal("\"");
    template
}

fn composed(value: Operand<'_>) -> payspec_runtime::SignedText {
    let mut text = Text::new(Charset::Utf8);
    text.put_value(&value);
    text.finish().unwrap()
}

fn fresh_of(placed: &Placed, name: &str) -> String {
    let mut fresh = FreshValues::new();
    placed.fresh_into(&mut fresh).unwrap();
    fresh.text(name).unwrap().to_owned()
}

fn refused(template: &PlaceTemplate, received: &str) {
    assert!(matches!(template.read(received), Err(Unverified::OtherForm { .. })), "{received:?}");
}

#[test]
fn what_the_signer_fills_in_the_verifier_takes_apart() {
    let mut fresh = FreshValues::new();
    assert!(fresh.receive("nonce", "n0nce") && fresh.receive("t", "1617451200"));
    for template in [dated(), composite()] {
        let filled = template.fill("c2lnbg==", &fresh, &Parts::new()).unwrap();
        let placed = template.read(&filled).unwrap();
        assert_eq!(placed.candidates(), ["c2lnbg=="]);
    }
    let filled = composite().fill("c2lnbg==", &fresh, &Parts::new()).unwrap();
    assert_eq!(filled, "S mchid=\"1900\",nonce=\"n0nce\",signature=\"c2lnbg==\"");
    assert_eq!(fresh_of(&composite().read(&filled).unwrap(), "nonce"), "n0nce");
}

#[test]
fn items_come_in_any_order_with_others_between_and_several_signatures() {
    for received in ["t=12,v1=aa,v1=bb", "v1=aa,v0=zz, v1=bb ,t=12", "x,,v1=aa, t=12,v1=bb"] {
        let placed = dated().read(received).unwrap();
        assert_eq!(placed.candidates(), ["aa", "bb"], "{received}");
        assert_eq!(fresh_of(&placed, "t"), "12");
    }
}

#[test]
fn items_that_are_missing_or_twice_or_empty_are_refused() {
    for received in [
        "",
        ",",
        "t=12",
        "v1=aa",
        "t=12,v1=",
        "t=,v1=aa",
        "t=12,t=12,v1=aa",
        "t=12,t=13,v1=aa",
        "T=12,v1=aa",
        "t=12;v1=aa",
    ] {
        refused(&dated(), received);
    }
}

#[test]
fn no_more_than_sixteen_signatures_are_candidates() {
    let with = |count: usize| format!("t=12{}", ",v1=aa".repeat(count));
    assert_eq!(dated().read(&with(16)).unwrap().candidates().len(), 16);
    refused(&dated(), &with(17));
    refused(&dated(), &with(100_000));
}

#[test]
fn everything_known_must_be_equal() {
    let good = "S mchid=\"1900\",nonce=\"n\",signature=\"s\"";
    assert!(composite().read(good).is_ok());
    for odd in [
        good.replace("1900", "1901"),
        good.replace("S ", "T "),
        format!("{good} "),
        format!(" {good}"),
        good.replace("\"n\"", "\"\""),
        good.replace("\"s\"", "\"\""),
        good.replace("\",signature", "\" ,signature"),
        good.trim_end_matches('"').to_owned(),
        "中".to_owned(),
        String::new(),
    ] {
        refused(&composite(), &odd);
    }
}

#[test]
fn a_fresh_value_that_stands_twice_must_be_the_same() {
    let mut template = PlaceTemplate::new("X", None);
    template.fresh("n");
    template.literal(":");
    template.fresh("n");
    template.literal(":");
    template.signature();
    assert!(template.read("a:a:s").is_ok());
    refused(&template, "a:b:s");
    let placed = template.read("a:a:s").unwrap();
    let mut known = FreshValues::new();
    assert!(known.receive("n", "b"));
    assert!(placed.fresh_into(&mut known).is_err(), "another value stands elsewhere");
}

#[test]
fn the_result_of_a_part_beside_the_signature_is_compared() {
    let mut template = PlaceTemplate::new("X", None);
    template.part("digest");
    template.literal(".");
    template.signature();
    let placed = template.read("00ff.s").unwrap();
    let mut parts = Parts::new();
    parts.add("digest", "00ff".to_owned());
    assert!(placed.agrees_with(&parts));
    let mut other = Parts::new();
    other.add("digest", "00fe".to_owned());
    assert!(!placed.agrees_with(&other));
    assert!(!placed.agrees_with(&Parts::new()));
    let filled = template.fill("s", &FreshValues::new(), &parts).unwrap();
    assert_eq!(filled, "00ff.s");
}

#[test]
fn what_is_no_text_is_never_placed_and_what_is_shows_nowhere() {
    let mut template = PlaceTemplate::new("X", None);
    template.value(&composed(Operand::sensitive("s3cr3t"))).unwrap();
    assert!(!format!("{template:?}").contains("s3cr3t"));
    let refused = template.value(&composed(Operand::bytes(b"\xff".as_slice())));
    assert_eq!(refused, Err(RecipeError::NotText));
    assert!(!format!("{:?} {:?}", dated(), dated().read("t=1,v1=s3cr3t").unwrap()).contains("s3cr3t"));
}

#[test]
fn unknown_pieces_side_by_side_have_no_border() {
    let mut template = PlaceTemplate::new("X", None);
    template.fresh("n");
    template.signature();
    refused(&template, "ab");
}
