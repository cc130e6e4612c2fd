//! Everything that generated code could show somebody: `Debug` and the sentences of errors, collected on demand.
//!
//! Tests that look for secrets cannot name a typed value either; so the bridge writes down whatever passes it.

use std::{
    cell::RefCell,
    fmt::{Debug, Display, Write as _},
};

thread_local! {
    static SHOWN: RefCell<Option<String>> = const { RefCell::new(None) };
    static HANDED_IN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Begins to collect on this thread.
pub fn collect() {
    SHOWN.set(Some(String::new()));
    HANDED_IN.take();
}

/// What was shown since, and the secrets that were handed in with messages; nothing is collected any longer.
#[must_use]
pub fn collected() -> (String, Vec<String>) {
    (SHOWN.take().unwrap_or_default(), HANDED_IN.take())
}

pub(super) fn handed_in(secret: &str) {
    if SHOWN.with_borrow(Option::is_some) {
        HANDED_IN.with_borrow_mut(|secrets| secrets.push(secret.to_owned()));
    }
}

pub(super) fn value(value: &impl Debug) {
    SHOWN.with_borrow_mut(|shown| {
        if let Some(shown) = shown {
            writeln!(shown, "{value:?}\n{value:#?}").expect("a string takes everything");
        }
    });
}

pub(super) fn text(text: &str) {
    SHOWN.with_borrow_mut(|shown| {
        if let Some(shown) = shown {
            shown.push_str(text);
            shown.push('\n');
        }
    });
}

pub(super) fn result<T: Debug, E: Debug + Display>(result: &Result<T, E>) {
    match result {
        Ok(good) => value(good),
        Err(error) => {
            value(error);
            text(&error.to_string());
        }
    }
}
