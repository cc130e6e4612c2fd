//! Why a command could not run: said in one line, with the mend below it.

use std::fmt;
use std::io;

use crate::terminal::{ERROR, HEADING, visible};

/// The command could not do what it was asked for.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    mend: Option<String>,
    is_closed_pipe: bool,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), mend: None, is_closed_pipe: false }
    }

    /// Adds what to do about it.
    pub(crate) fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn help(&self) -> Option<&str> {
        self.mend.as_deref()
    }

    /// The reader of our output has seen enough and gone: no failure at all.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        self.is_closed_pipe
    }
}

/// In the styles of the terminal, which its streams strip where nobody sees them.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ERROR}error{ERROR:#}: {HEADING}{}{HEADING:#}", visible(&self.message))?;
        match &self.mend {
            Some(mend) => write!(f, "\n  = help: {}", visible(mend)),
            None => Ok(()),
        }
    }
}

/// Only for what is written to the terminal or a pipe.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let is_closed_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        Self { is_closed_pipe, ..Self::new(format!("the output cannot be written: {error}")) }
    }
}
