//! For tests alone: the very bytes that were signed or compared, secrets among them.
//!
//! Nothing of this exists without the feature `trace`, which must never be on in production: the bytes stay in memory,
//! and whoever reads them can sign.

use std::cell::RefCell;

thread_local! {
    static TEXTS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// The bytes that this thread has sealed, or compared with a received seal, last. `None` before the first.
#[must_use]
pub fn last_text() -> Option<Vec<u8>> {
    TEXTS.with_borrow(|texts| texts.last().cloned())
}

/// All of them since [`forget`], in their order: parts before the text that they stand in, each reading that was tried.
#[must_use]
pub fn texts() -> Vec<Vec<u8>> {
    TEXTS.with_borrow(Clone::clone)
}

/// Forgets them.
pub fn forget() {
    TEXTS.set(Vec::new());
}

pub(crate) fn record(text: &[u8]) {
    /// Who never forgets keeps only so many.
    const KEPT: usize = 64;
    TEXTS.with_borrow_mut(|texts| {
        if texts.len() == KEPT {
            texts.remove(0);
        }
        texts.push(text.to_vec());
    });
}
