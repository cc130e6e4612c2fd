//! Paths: where a value lies inside a message, such as `bill.amount.value` or `items.0.id`.

use super::Context;
use crate::diagnostic::{Code, Span};
use crate::ir::FieldPath;

/// The most steps of a path. No message of a provider is nearly as deep.
const MOST_STEPS: usize = 16;

fn path(text: &str) -> Option<FieldPath> {
    let steps: Vec<String> = text.split('.').map(str::to_owned).collect();
    let is_step = |step: &String| !step.is_empty() && step.trim() == step;
    (steps.iter().all(is_step) && steps.len() <= MOST_STEPS).then_some(FieldPath(steps))
}

impl Context<'_> {
    /// A field, or something inside it.
    pub(super) fn path(&self, text: &str, span: Span) -> Option<FieldPath> {
        let found = path(text);
        if found.is_none() {
            let message = format!("`{text}` is no path");
            let mend = "write the names with a dot between two, such as `bill.amount` or `items.0.id`";
            self.mistake(Code::BadPath, span, message, mend);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_names_between_dots() {
        let steps = |text: &str| path(text).map(|path| path.0.join("/"));
        assert_eq!(steps("items.0.id").as_deref(), Some("items/0/id"));
        assert_eq!(steps("order no").as_deref(), Some("order no"));
        for text in ["", ".", "a.", ".a", "a..b", " a", "a. b", &"a.".repeat(20)] {
            assert!(path(text).is_none(), "{text}");
        }
    }
}
