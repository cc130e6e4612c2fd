//! Outcomes: what a message means for money.

use super::Context;
use crate::diagnostic::{Code, Span};
use crate::ir::{self, OutcomeOf, Word};
use crate::model;
use crate::read::Spanned;

const WORDS: &[(&str, Word)] = &[
    ("paid", Word::Paid),
    ("pending", Word::Pending),
    ("failed", Word::Failed),
    ("closed", Word::Closed),
    ("part_refunded", Word::PartRefunded),
    ("refunded", Word::Refunded),
    ("unknown", Word::Unknown),
];

/// Whether a refund can be it.
fn fits_a_refund(word: Word) -> bool {
    matches!(word, Word::Refunded | Word::Pending | Word::Failed | Word::Unknown)
}

impl Context<'_> {
    /// A word for an outcome.
    pub(super) fn word(&self, text: &Spanned<String>) -> Option<Word> {
        let found = WORDS.iter().find(|(word, _)| *word == text.value).map(|(_, word)| *word);
        if found.is_none() {
            let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
            let message = format!("outcome word `{text}`");
            self.mistake(Code::UnknownOutcome, text.span, message, format!("there are {}", words.join(", ")));
        }
        found
    }

    fn word_of(&self, text: Option<&Spanned<String>>, of: OutcomeOf) -> Option<Word> {
        let text = text?;
        let word = self.word(text)?;
        if of == OutcomeOf::Refund && !fits_a_refund(word) {
            let message = format!("`of: refund` cannot be `{text}`");
            self.mistake(
                Code::WrongKindOfOutcome,
                text.span,
                message,
                "refunded, pending, failed or unknown",
            );
        }
        Some(word)
    }

    /// The outcome of a message with these fields.
    pub(super) fn outcome(
        &self,
        outcome: &model::Outcome,
        span: Span,
        fields: &[&ir::Field],
        message: &str,
    ) -> Option<ir::Outcome> {
        let here = (span.beginning(), span);
        let of = self.required(
            outcome.of.as_ref(),
            "of",
            "the outcome",
            here,
            "write `of: payment` or `of: refund`",
        );
        let of = match of?.value {
            model::OutcomeOf::Payment => OutcomeOf::Payment,
            model::OutcomeOf::Refund => OutcomeOf::Refund,
        };
        let says_something = !outcome.cases.is_empty() || outcome.from.is_some() || outcome.always.is_some();
        if !says_something {
            self.required::<()>(None, "from", "the outcome", here, "say `cases`, `from` or `always`");
        }
        if let Some(always) = &outcome.always
            && (!outcome.cases.is_empty() || outcome.from.is_some() || outcome.otherwise.is_some())
        {
            let mend = "leave it out, or write `otherwise`";
            self.mistake(Code::KeyDoesNotApply, always.span, "`always` stands alone in an outcome", mend);
        }
        if let (Some(from), Some(otherwise)) = (&outcome.from, &outcome.otherwise)
            && otherwise.value != "unknown"
        {
            let message = format!("`otherwise: {otherwise}` has no effect beside `from: {from}`");
            let mend = "what a value means stands at the value, and one that is not listed is `unknown`";
            self.mistake(Code::KeyDoesNotApply, otherwise.span, message, mend);
        }
        let cases: Vec<(Span, ir::OutcomeCase)> = outcome
            .cases
            .iter()
            .filter_map(|case| Some((case.span, self.outcome_case(case, of, fields, message)?)))
            .collect();
        self.every_case_is_reached(&cases);
        let cases = cases.into_iter().map(|(_, case)| case).collect();
        let from = outcome.from.as_ref().and_then(|from| self.outcome_from(from, of, fields, message));
        let otherwise = outcome.always.as_ref().or(outcome.otherwise.as_ref());
        let otherwise = self.word_of(otherwise, of).unwrap_or(Word::Unknown);
        Some(ir::Outcome { of, cases, from, otherwise })
    }

    fn outcome_case(
        &self,
        case: &Spanned<model::OutcomeCase>,
        of: OutcomeOf,
        fields: &[&ir::Field],
        message: &str,
    ) -> Option<ir::OutcomeCase> {
        let here = (case.span.beginning(), case.span);
        let when = self.required(case.when.as_ref(), "when", "the case", here, "say when it holds");
        let is = self.required(case.is.as_ref(), "is", "the case", here, "say what it means: `is: paid`");
        let is = self.word_of(is, of);
        let when = self.condition(when?, fields, message);
        Some(ir::OutcomeCase { when, is: is?, doc: super::text_of(case.doc.as_ref()) })
    }

    fn outcome_from(
        &self,
        from: &Spanned<String>,
        of: OutcomeOf,
        fields: &[&ir::Field],
        message: &str,
    ) -> Option<ir::Name> {
        let field = self.known_field(from, from.span, fields, message)?;
        let Some((item, values)) = self.values_of(&field.kind) else {
            let text = format!("outcome from `{from}`, which is no enumeration");
            self.mistake(Code::OutcomeFromNothing, from.span, text, "declare its values in `types`");
            return Some(field.name.clone());
        };
        let words = || values.iter().filter_map(|value| value.outcome);
        if words().next().is_none() {
            let text = format!("outcome from `{from}`: type `{}` has no value with an outcome", item.name);
            let mend = "add `outcome: paid` to the value that means paid";
            self.mistake(Code::OutcomeFromNothing, from.span, text, mend);
        }
        match of {
            OutcomeOf::Refund => {
                if let Some(value) =
                    values.iter().find(|value| value.outcome.is_some_and(|word| !fits_a_refund(word)))
                {
                    let text = format!(
                        "`of: refund` cannot be what `{}` of type `{}` says",
                        value.name.wire, item.name
                    );
                    self.mistake(
                        Code::WrongKindOfOutcome,
                        from.span,
                        text,
                        "refunded, pending, failed or unknown",
                    );
                }
            }
            OutcomeOf::Payment => {
                if words().next().is_some() && !words().any(|word| word == Word::Paid) {
                    self.never_paid(item);
                }
            }
        }
        Some(field.name.clone())
    }

    fn never_paid(&self, item: &ir::Type) {
        let entry = self.file.types.iter().find(|entry| entry.key.value == item.name);
        if let Some(entry) = entry {
            let message = format!("no value of `{}` is `paid`", item.name);
            self.mistake(
                Code::NeverPaid,
                entry.key.span,
                message,
                "no order will ever count as paid; was the word forgotten?",
            );
        }
    }
}
