//! The signature itself, damaged on its way.

use payspec_codegen::ir::{PlaceCarrier, Recipe};
use payspec_interpreter::TrialMessage;

use super::change;
use super::encoding::{base64, from_base64, from_hex};
use super::value::{decoded, unescaped};
use crate::change::Change;
use crate::rank;

/// A repair: what happened, and what was there before.
type Repair = (&'static str, &'static str, fn(&str) -> Option<String>);

const REPAIRS: [Repair; 16] = [
    ("blanks for `+`", "its `+` became blanks", |own| Some(own.replace(' ', "+"))),
    ("percent-encoded", "it was not decoded", |own| decoded(own, false)),
    ("percent-encoded twice", "it was not decoded", |own| decoded(&decoded(own, false)?, false)),
    ("line breaks", "it was broken into lines, or white space came into it", |own| {
        Some(own.chars().filter(|own| !own.is_whitespace()).collect())
    }),
    ("line breaks written out", "its line breaks are written as `\\n`", |own| {
        Some(own.replace("\\r", "").replace("\\n", ""))
    }),
    ("HTML entities", "it was escaped for HTML", |own| Some(unescaped(own))),
    ("backslashes", "its slashes are written `\\/`", |own| Some(own.replace("\\/", "/"))),
    ("quotes", "it stands in quotes", |own| Some(own.trim_matches(['"', '\'']).to_owned())),
    ("alphabet for URLs", "it is written in the alphabet for URLs", |own| {
        Some(own.replace('-', "+").replace('_', "/"))
    }),
    ("standard alphabet", "it is not written in the alphabet for URLs", |own| {
        Some(own.replace('+', "-").replace('/', "_"))
    }),
    ("0x before it", "`0x` stands before it", |own| {
        own.strip_prefix("0x").or_else(|| own.strip_prefix("0X")).map(str::to_owned)
    }),
    ("separators", "separators stand between its digits", |own| Some(own.replace([':', '-', ' '], ""))),
    ("padding", "its padding was changed", |own| Some(own.trim_end_matches(['=', ' ', '.']).to_owned())),
    ("base64 once more", "it was encoded in base64 once more", |own| {
        String::from_utf8(from_base64(own)?).ok()
    }),
    ("base64 of its hex", "the digits are in base64", |own| Some(base64(&from_hex(own)?))),
    ("algorithm before it", "words stand before it", |own| {
        own.rsplit([' ', '=', ':', ',']).find(|piece| piece.len() > 15).map(str::to_owned)
    }),
];

pub(crate) fn changes(message: &TrialMessage, recipes: &[&Recipe], all: &mut Vec<Change<'_>>) {
    let Some(written) = recipes.iter().find_map(|recipe| written(message, recipe)) else { return };
    for (word, title, repair) in REPAIRS {
        let Some(repaired) = repair(&written).filter(|repaired| *repaired != written && !repaired.is_empty())
        else {
            continue;
        };
        all.push(change(
            rank::SIGNATURE,
            String::from("message.signature"),
            word,
            format!("the signature was damaged on its way: {title}"),
            "take the signature as it came, decoded once",
            move |message| message.set_signature(&repaired),
        ));
    }
}

/// The bytes that the signature may be, repaired in every way.
pub(crate) fn bytes(written: &str) -> Vec<Vec<u8>> {
    let repaired = REPAIRS.iter().filter_map(|(_, _, repair)| repair(written));
    let mut all: Vec<Vec<u8>> = Vec::new();
    for text in std::iter::once(written.to_owned()).chain(repaired) {
        let standard = text.replace('-', "+").replace('_', "/");
        for bytes in [from_hex(&text), from_base64(&standard)].into_iter().flatten() {
            if bytes.len() > 63 && !all.contains(&bytes) {
                all.push(bytes);
            }
        }
    }
    all
}

/// What stands at the place of a recipe, where that is simple.
pub(crate) fn written(message: &TrialMessage, recipe: &Recipe) -> Option<String> {
    match &recipe.place.as_ref()?.carrier {
        PlaceCarrier::Header(name) => {
            let mut headers = message.headers().iter();
            headers.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
        }
        PlaceCarrier::Query(name) => {
            let fields = message.fields();
            fields
                .iter()
                .find(|field| field.in_query && field.name == *name)
                .map(|field| field.value.text().to_owned())
        }
        PlaceCarrier::Field(path) => {
            let fields = message.fields();
            fields
                .iter()
                .find(|field| Some(field.name.as_str()) == path.simple())
                .map(|field| field.value.text().to_owned())
        }
    }
}
