//! Where a command speaks: what was asked for goes to `out`, what is said about it to `err`.
//!
//! Styles are written always; the streams strip them where nobody sees them (a pipe, a file, `NO_COLOR`). Text that
//! comes from files goes through [`visible`] first, so that it cannot steer a terminal.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};

pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const FAINT: Style = Style::new().dimmed();
pub(crate) const HEADING: Style = Style::new().bold();

/// The two streams of a command.
pub(crate) struct Terminal {
    pub(crate) out: Box<dyn Write>,
    pub(crate) err: Box<dyn Write>,
    is_interactive: bool,
}

impl Terminal {
    pub(crate) fn of_the_process() -> Self {
        Self {
            out: Box::new(anstream::AutoStream::auto(io::stdout())),
            err: Box::new(anstream::AutoStream::auto(io::stderr())),
            is_interactive: io::stderr().is_terminal(),
        }
    }

    /// Somebody watches: progress may be shown.
    pub(crate) fn is_interactive(&self) -> bool {
        self.is_interactive
    }

    /// Somebody watches and can answer.
    pub(crate) fn can_ask(&self) -> bool {
        self.is_interactive && io::stdin().is_terminal()
    }
}

/// The text on one line, with control and direction characters as escapes.
pub(crate) fn visible(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if steers(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// `1 warning`, `2 warnings`, `no warnings`.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_a_terminal_is_shown_as_an_escape() {
        assert_eq!(visible("支付 \u{1b}[2J\n\u{202e}"), "支付 \\u{1b}[2J\\n\\u{202e}");
    }

    #[test]
    fn numbers_agree_with_their_nouns() {
        assert_eq!(
            [counted(0, "spec"), counted(1, "spec"), counted(2, "spec")],
            ["no specs", "1 spec", "2 specs"]
        );
    }
}
