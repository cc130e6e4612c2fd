//! Headers that were changed on the way: each mishap undone in each header alone.
//!
//! Gateways and filters treat headers as they treat parameters. Where the signature itself stands in a header, what
//! happened to it is undone by `signature` as well.

use payspec_interpreter::TrialMessage;

use super::change;
use super::value::mishaps;
use crate::change::Change;
use crate::rank;

pub(super) fn changes(message: &TrialMessage, all: &mut Vec<Change<'_>>) {
    let headers = message.headers().to_vec();
    for (index, (name, value)) in headers.iter().enumerate() {
        for mishap in mishaps() {
            let Some(undone) = (mishap.undo)(value).filter(|undone| undone != value) else { continue };
            let mut changed = headers.clone();
            if let Some((_, slot)) = changed.get_mut(index) {
                *slot = undone;
            }
            all.push(change(
                rank::HEADER + mishap.rank / 100,
                format!("message.header.{name}"),
                mishap.word,
                format!("the header `{name}` was changed on its way: {}", mishap.title),
                "hand over the headers as they came",
                move |message| message.set_headers(changed.clone()),
            ));
        }
    }
}
