//! What a message means for money, and what codes mean, in words.

use payspec_codegen::ir::{Effect, ErrorKind, Outcome, OutcomeCase, OutcomeOf, Word};

use crate::document::{Block, Item, Text};
use crate::fields::condition;
use crate::prose;

/// How the outcome of a message is read.
pub(crate) fn blocks(outcome: &Outcome) -> Vec<Block> {
    let Outcome { of, cases, from, otherwise } = outcome;
    let about = match of {
        OutcomeOf::Payment => "payment",
        OutcomeOf::Refund => "refund",
    };
    let is = |text: Text, is: Word| text.and(": ").and_strong(word(is)).and(format!(", {}", meaning(is)));
    if cases.is_empty() && from.is_none() {
        return vec![Block::Paragraph(is(
            Text::plain(format!("What it means for the {about}, always")),
            *otherwise,
        ))];
    }
    let mut items: Vec<Item> = Vec::new();
    for OutcomeCase { when, is: then, doc } in cases {
        let text = is(Text::plain("if ").and_text(condition(when)), *then);
        items.push(text.and_line(doc.as_deref().map(prose::inline).unwrap_or_default()).into());
    }
    if let Some(from) = from {
        items.push(Text::plain("by the value of ").and_code(&from.wire).and(", as its type says").into());
    }
    items.push(is(Text::plain("otherwise"), *otherwise).into());
    vec![
        Block::Paragraph(Text::plain(format!(
            "What it means for the {about}; the first line that holds decides:"
        ))),
        Block::Steps(items),
    ]
}

/// The word of an outcome.
pub(crate) fn word(word: Word) -> &'static str {
    match word {
        Word::Paid => "paid",
        Word::Pending => "pending",
        Word::Failed => "failed",
        Word::Closed => "closed",
        Word::PartRefunded => "part refunded",
        Word::Refunded => "refunded",
        Word::Unknown => "unknown",
    }
}

/// What to do with an outcome.
pub(crate) fn meaning(word: Word) -> &'static str {
    match word {
        Word::Paid => "deliver",
        Word::Pending => "wait, ask again",
        Word::Failed => "surely not",
        Word::Closed => "closed without payment",
        Word::PartRefunded => "paid, then refunded in part",
        Word::Refunded => "paid back",
        Word::Unknown => "nobody can tell from this: find out before you act",
    }
}

/// What an operation can do.
pub(crate) fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::None => "reads",
        Effect::Creates => "creates an order",
        Effect::Pays => "moves the buyer's money",
        Effect::Refunds => "moves money back",
        Effect::Closes => "closes an order",
        Effect::Transfers => "moves your own money",
    }
}

/// The word of a kind of code.
pub(crate) fn kind(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Rejected => "rejected",
        ErrorKind::Configuration => "configuration",
        ErrorKind::RateLimited => "rate limited",
        ErrorKind::TokenExpired => "token expired",
        ErrorKind::NotFound => "not found",
        ErrorKind::Duplicate => "duplicate",
        ErrorKind::Unknown => "unknown",
    }
}

/// What a kind of code means for money, and what to do.
pub(crate) fn kind_meaning(kind: ErrorKind) -> (&'static str, &'static str) {
    match kind {
        ErrorKind::Rejected => ("Surely nothing happened.", "Mend the request; then it may be sent again."),
        ErrorKind::Configuration => (
            "Surely nothing happened.",
            "An operator has to mend keys, addresses or rights; sending again does not help.",
        ),
        ErrorKind::RateLimited => ("Surely nothing happened.", "Wait, then send it again."),
        ErrorKind::TokenExpired => {
            ("Surely nothing happened.", "The client renews the token and repeats the call once.")
        }
        ErrorKind::NotFound => {
            ("Says nothing about the order.", "A fresh order may still be coming: ask again later.")
        }
        ErrorKind::Duplicate => (
            "An earlier attempt may have arrived.",
            "Never take it for a failure: find out how that attempt ended.",
        ),
        ErrorKind::Unknown => ("Nobody knows.", "Find out before you act; never pay again on it."),
    }
}
