//! Damage that no setting explains: nothing may be accused. And two things broken at once.

use payspec_interpreter::CredentialValue;
use payspec_vectors::Runner;

use crate::case::{Broken, Case, Truth};
use crate::random::Random;
use crate::spec::{self, Edit};

/// One break of a random kind: a value or the signature tampered with, another secret, a literal nobody would guess.
pub fn damage(case: &Case, random: &mut Random) -> Option<Broken> {
    match random.below(4) {
        0 => tampered(case, random),
        1 => another_secret(case, random),
        2 => strange_literal(case, random),
        _ => strange_join(case, random),
    }
}

fn tampered(case: &Case, random: &mut Random) -> Option<Broken> {
    if !case.is_received() {
        return None;
    }
    let spots = case.packet.spots();
    let spot = spots.get(random.below(spots.len().max(1)))?;
    let packet = case.packet.changed(spot);
    Some(Broken { kind: "tampered with".into(), detail: spot.name.clone(), packet, ..case.unbroken() })
}

fn another_secret(case: &Case, random: &mut Random) -> Option<Broken> {
    let mut broken = case.unbroken();
    let credentials = broken.settings.credentials.clone();
    let (name, _) = credentials.iter().find(|(_, value)| matches!(value, CredentialValue::Secret(_)))?;
    let other = CredentialValue::Secret(random.word(24).into());
    broken.settings.credentials.insert(name, other);
    // Two credentials of a vector may have the same value: that the secret is wrong is then found out, and true.
    let truth = vec![Truth::Place("credentials.".to_owned())];
    Some(Broken { kind: "another secret".into(), detail: name.to_owned(), truth, ..broken })
}

fn strange_literal(case: &Case, random: &mut Random) -> Option<Broken> {
    let edit = spec::edits(case).into_iter().find(|edit| edit.key == "text")?;
    let strange = format!("{{fields}}{}{}", random.word(3), random.word(2));
    let names: Vec<&str> = edit.text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    let pieces: String = names.iter().map(|name| format!("{{{name}}}{}", random.word(3))).collect();
    let text = if names.is_empty() { strange } else { pieces };
    nothing(Edit { text: spec::quoted(&text), detail: text, ..edit }.applied(case)?, "strange literals")
}

fn strange_join(case: &Case, random: &mut Random) -> Option<Broken> {
    let edit = spec::edits(case).into_iter().find(|edit| edit.key == "join")?;
    let join = random.word(2);
    let text = if edit.detail.ends_with("added") { return None } else { spec::quoted(&join) };
    nothing(Edit { text, detail: join, ..edit }.applied(case)?, "strange join")
}

fn nothing(broken: Broken, kind: &str) -> Option<Broken> {
    Some(Broken { kind: kind.to_owned(), ..broken })
}

/// Two keys of the recipe changed at once.
pub fn double(case: &Case, random: &mut Random) -> Option<Broken> {
    let edits = spec::edits(case);
    if edits.len() < 2 {
        return None;
    }
    let first = &edits[random.below(edits.len())];
    let second = &edits[random.below(edits.len())];
    let apart = first.key != second.key
        && first.span.start != second.span.start
        && (first.span.end <= second.span.start || second.span.end <= first.span.start);
    // Each alone must break it, or it would be one break.
    let holds = |broken: &Broken| {
        Runner::new(&broken.provider, &case.vector).is_ok_and(|runner| runner.run().is_ok())
    };
    let breaks = |edit: &Edit| edit.applied(case).is_some_and(|broken| !holds(&broken));
    if !apart || !breaks(first) || !breaks(second) {
        return None;
    }
    let broken = spec::applied(case, &[first.clone(), second.clone()])?;
    Some(Broken { kind: "two keys of the recipe".to_owned(), ..broken })
}
