//! Where a text parts from the expected one.
//!
//! The expected text is somebody's own and may hold the secret in any form, so both sides are masked: every known
//! secret in its usual spellings, and whatever the composer itself hides.

use payspec_interpreter::SignedText;

use crate::answer::Difference;

const MASK: &str = "******";
/// How many characters are shown on each side.
const SHOWN: usize = 24;

/// The first place where ours and theirs part.
pub(crate) fn between(ours: &SignedText, theirs: &[u8], secrets: &[String]) -> Option<Difference> {
    let own = ours.bytes();
    let at = own.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    if own.len() == theirs.len() && at == own.len() {
        return None;
    }
    let spellings = spellings(secrets, ours);
    let hidden = hidden_ranges(own, &spellings);
    // Inside a secret nothing of either side is shown: not even how far they agree.
    let at = hidden.iter().find(|(start, end)| *start < at && at < *end).map_or(at, |(start, _)| *start);
    let is_inside = hidden.iter().any(|(start, end)| *start <= at && at < *end);
    let before = shown(own.get(..at).unwrap_or_default(), &spellings);
    let our_rest = shown(own.get(at..).unwrap_or_default(), &spellings);
    let their_rest = shown(theirs.get(at..).unwrap_or_default(), &spellings);
    let theirs = if is_inside { String::from(MASK) } else { first(&their_rest) };
    Some(Difference { at, before: last(&before), ours: first(&our_rest), theirs })
}

/// Every secret as texts spell it, longest first; and what the composer hides beside them.
fn spellings(secrets: &[String], ours: &SignedText) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for secret in secrets {
        let encoded = crate::message::encoded(secret);
        let spelled = [
            secret.to_lowercase(),
            secret.to_uppercase(),
            encoded.to_lowercase(),
            encoded.clone(),
            encoded.to_uppercase(),
        ];
        all.push(secret.clone());
        all.extend(spelled);
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        all.extend([
            hex.to_uppercase(),
            hex,
            crate::message::base64(secret.as_bytes()),
            secret.chars().rev().collect(),
        ]);
    }
    all.extend(hidden_by_composer(ours));
    all.retain(|text| text.len() > 2);
    all.sort_by_key(|text| std::cmp::Reverse(text.len()));
    all.dedup();
    all
}

/// What stands in the text where its masked form has a mask.
fn hidden_by_composer(ours: &SignedText) -> Vec<String> {
    let text = String::from_utf8_lossy(ours.bytes()).into_owned();
    let mut rest = text.as_str();
    let mut hidden = Vec::new();
    let mut pieces = ours.masked().split(MASK);
    let Some(start) = pieces.next() else { return hidden };
    rest = rest.strip_prefix(start).unwrap_or(rest);
    for piece in pieces {
        let end = if piece.is_empty() { Some(rest.len()) } else { rest.find(piece) };
        let Some((found, behind)) = end.and_then(|end| rest.split_at_checked(end)) else { break };
        hidden.push(found.to_owned());
        rest = behind.get(piece.len()..).unwrap_or_default();
    }
    hidden
}

fn hidden_ranges(own: &[u8], spellings: &[String]) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    for spelling in spellings {
        let wanted = spelling.as_bytes();
        for (start, window) in own.windows(wanted.len()).enumerate() {
            if window == wanted {
                ranges.push((start, start + wanted.len()));
            }
        }
    }
    ranges
}

fn shown(bytes: &[u8], spellings: &[String]) -> String {
    let text = String::from_utf8_lossy(bytes).into_owned();
    spellings.iter().fold(text, |text, spelling| text.replace(spelling.as_str(), MASK))
}

fn first(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

fn last(text: &str) -> String {
    let count = text.chars().count();
    text.chars().skip(count.saturating_sub(SHOWN)).collect()
}
