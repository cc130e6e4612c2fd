//! The account of what happens: a line a step, the same every time.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes the account while the scenes are played, so that a reader sees how far it is.
pub(super) struct Account<'a> {
    out: &'a mut dyn Write,
    scenes: usize,
}

impl<'a> Account<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, scenes: 0 }
    }

    /// A part of the account.
    pub(super) fn title(&mut self, title: &str) -> io::Result<()> {
        writeln!(self.out, "\n{title}\n{}", "=".repeat(title.len()))
    }

    /// A new scene.
    pub(super) fn scene(&mut self, title: &str) -> io::Result<()> {
        self.scenes += 1;
        writeln!(self.out, "\n{}. {title}", self.scenes)
    }

    /// A step: who or what, and what happened. Further lines stand below the first.
    pub(super) fn step(&mut self, who: &str, what: impl Display) -> io::Result<()> {
        for (index, line) in what.to_string().lines().enumerate() {
            let who = if index == 0 { who } else { "" };
            writeln!(self.out, "   {who:<10} {line}")?;
        }
        self.out.flush()
    }
}
