//! When a notice is sent again: four shapes, one form in the IR.

use super::{Context, text_of, times};
use crate::diagnostic::{Code, Span};
use crate::ir;
use crate::model::{self, Retries};
use crate::read::Spanned;

/// More repetitions than these are no plan.
const MOST: u64 = 1000;

impl Context<'_> {
    /// A plan of repetitions.
    pub(super) fn retries(&self, said: &Retries, span: Span) -> Option<ir::Retries> {
        let shapes = [said.after.is_some(), said.every.is_some(), model::is_on(said.growing.as_ref())];
        let shapes = shapes.into_iter().filter(|shape| *shape).count();
        let is_unknown = said.times.as_ref().is_some_and(|times| times.value == "unknown");
        if shapes > 1 || (shapes == 0 && !is_unknown) {
            let mend = "`after: [4m, ...]`, `every: 1m` with `times`, `growing: true`, or `times: unknown`";
            self.mistake(Code::RuleShape, span, "a plan of repetitions has exactly one shape", mend);
            return None;
        }
        self.sources(said.source.as_ref(), &[]);
        let within = said.within.as_ref().and_then(|text| self.duration(text));
        let times = said.times.as_ref().filter(|_| !is_unknown).and_then(|text| self.times(text));
        let mut lowered =
            ir::Retries { after: Vec::new(), times, within: within.map(times::seconds), doc: String::new() };
        let mut words = Vec::new();
        if let Some(after) = &said.after {
            let all: Vec<ir::Span> = after.iter().filter_map(|text| self.duration(text)).collect();
            lowered.after = all.iter().copied().map(times::seconds).collect();
            lowered.times = times.or_else(|| u32::try_from(all.len()).ok());
            words.push(format!("after {}", all.iter().map(shown).collect::<Vec<_>>().join(", ")));
        } else if let Some(every) = &said.every {
            let each = self.duration(every);
            if said.times.is_none() {
                self.required::<()>(
                    None,
                    "times",
                    "`retries`",
                    (span.beginning(), span),
                    "how many repetitions, or `unknown`",
                );
            }
            let count = times.map_or(1, |times| times as usize);
            lowered.after = each.map(|each| vec![times::seconds(each); count]).unwrap_or_default();
            words.extend(each.map(|each| format!("every {}", shown(&each))));
            words.extend(times.map(|times| format!("{times} times")));
        } else if is_unknown {
            words.push("how often is not known".to_owned());
        } else {
            words.push("at growing intervals".to_owned());
            words.extend(times.map(|times| format!("{times} times")));
        }
        words.extend(within.map(|within| format!("for {}", shown(&within))));
        lowered.doc = sentence(&words.join(", "), text_of(said.doc.as_ref()));
        Some(lowered)
    }

    fn times(&self, text: &Spanned<String>) -> Option<u32> {
        let times = self.count(text)?;
        if !(1..=MOST).contains(&times) {
            let message = format!("`{text}` is no number of repetitions");
            self.mistake(Code::BadCount, text.span, message, format!("from 1 to {MOST}"));
            return None;
        }
        u32::try_from(times).ok()
    }
}

fn shown(span: &ir::Span) -> String {
    format!("{}{}", span.count, span.unit)
}

fn sentence(words: &str, more: Option<String>) -> String {
    let mut chars = words.chars();
    let first: String = chars.next().map(|c| c.to_ascii_uppercase()).into_iter().collect();
    let said = format!("{first}{}.", chars.as_str());
    match more {
        Some(more) => format!("{said} {more}"),
        None => said,
    }
}
