//! What happens to one value on its way, undone: the value that its signer may have had.
//!
//! Each kind of mishap is undone in every way that can be told from the value itself. What leaves a value as it is
//! takes no part. The kinds stand in a room each, with the tools that undo them; which values, bodies, queries and
//! headers they are tried on is said by the rooms around this one.
//!
//! | module | what |
//! |---|---|
//! | `percent` | `+`, blank and percent-encoding |
//! | `escapes` | HTML entities, backslashes |
//! | `charset` | characters beyond ASCII |
//! | `white_space`, `case` | blanks and line ends; upper and lower case |
//! | `number`, `typed` | numbers; flags, nothing and times |
//! | `rare` | what seldom happens |

mod case;
mod charset;
mod escapes;
mod number;
mod percent;
mod rare;
mod typed;
mod white_space;

pub(super) use self::escapes::unescaped;
pub(super) use self::percent::{decoded, encoded};

/// A kind of mishap.
#[derive(Clone, Copy)]
pub(crate) struct Mishap {
    pub(crate) rank: u32,
    /// What was done to the value: "has lost its `+`".
    pub(crate) title: &'static str,
    /// What to do.
    pub(crate) mend: &'static str,
    /// In a word.
    pub(crate) word: &'static str,
    /// The value before.
    pub(crate) undo: fn(&str) -> Option<String>,
}

/// Every kind, the commonest first.
pub(super) fn mishaps() -> impl Iterator<Item = &'static Mishap> {
    [
        percent::MISHAPS,
        escapes::MISHAPS,
        charset::MISHAPS,
        white_space::MISHAPS,
        case::MISHAPS,
        number::MISHAPS,
        typed::MISHAPS,
        rare::MISHAPS,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_values_do_not_break_anything() {
        for value in ["", "%", "%4", "%zz", "+", "\u{0}", "😀", "\"", "{", "-", ".", "%ff", "&amp;quot;"] {
            for mishap in mishaps() {
                let _ = (mishap.undo)(value);
            }
        }
    }
}
