//! What a provider's code means for money, and how a call that met it ends.
//!
//! The rule that protects shops: only a code that the spec lists as harmless ends in `Rejected`. "Number exists
//! already" does not, because it is what a repeated success looks like; "no such order" does so only where nothing
//! was asked for but information.

use crate::{Because, Ending, Rejected, Response, Said};

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// Surely nothing happened.
    Rejected,
    /// Surely nothing happened, and an operator has to mend something: a key, a clock, a permission.
    Configuration,
    /// Surely nothing happened; too many calls.
    RateLimited,
    /// Surely nothing happened; the token is no longer good. It is renewed, and the call repeated, once.
    TokenExpired,
    /// There is no such order. It says nothing about an order that is still under way.
    NotFound,
    /// The number exists already: an earlier attempt may have arrived.
    Duplicate,
    /// Nobody knows.
    Unknown,
}

/// A code that the spec lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The field that carries it; `http` is the status.
    pub field: &'static str,
    /// The code.
    pub value: &'static str,
    /// What it means.
    pub kind: ErrorKind,
    /// In words.
    pub doc: &'static str,
    /// What the operator can do.
    pub mend: Option<&'static str>,
}

/// The codes of one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codes {
    /// The fields whose listed value decides, in order.
    pub lookup: &'static [&'static str],
    /// The operation's own codes; they go before the common ones.
    pub own: &'static [ErrorCode],
    /// The codes of the provider.
    pub common: &'static [ErrorCode],
    /// The kind of a verified fault whose codes are not listed.
    pub fault: ErrorKind,
    /// The kind of any other code that is not listed.
    pub unlisted: ErrorKind,
    /// The operation does more than read.
    pub has_effect: bool,
}

impl Codes {
    /// How a call ends whose reply is no success. `values` are the lookup fields of the reply; `code` and `message`
    /// are what is shown.
    #[must_use]
    pub fn judge(
        &self,
        values: &[(&str, Option<&str>)],
        status: u16,
        code: Option<&str>,
        message: Option<&str>,
    ) -> Ending {
        self.ending(self.listed(values, status), self.unlisted, status, Said::new(code, message))
    }

    /// The same for a reply whose fault member came in place of its data.
    #[must_use]
    pub fn judge_fault(
        &self,
        values: &[(&str, Option<&str>)],
        status: u16,
        code: Option<&str>,
        message: Option<&str>,
    ) -> Ending {
        self.ending(self.listed(values, status), self.fault, status, Said::new(code, message))
    }

    /// Before a reply is read: ends the call if its HTTP status is a listed code and none of success. For replies that
    /// nobody signs: where they are signed, anybody on the way could set a status.
    ///
    /// # Errors
    /// The [`Ending`] that the code means.
    pub fn judge_status(&self, response: &Response) -> Result<(), Ending> {
        let is_success = (200..300).contains(&response.status);
        match self.listed(&[], response.status).filter(|_| !is_success) {
            None => Ok(()),
            Some(listed) => {
                let code = format!("HTTP {}", response.status);
                Err(self.ending(Some(listed), self.unlisted, response.status, Said::new(Some(&code), None)))
            }
        }
    }

    /// The first listed code among the lookup fields.
    fn listed(&self, values: &[(&str, Option<&str>)], status: u16) -> Option<&'static ErrorCode> {
        let http = status.to_string();
        self.lookup.iter().find_map(|field| {
            let found = match *field {
                "http" => Some(http.as_str()),
                field => values.iter().find(|(name, _)| *name == field).and_then(|(_, value)| *value),
            }?;
            let mut codes = self.own.iter().chain(self.common);
            codes.find(|code| code.field == *field && code.value == found)
        })
    }

    fn ending(
        &self,
        listed: Option<&ErrorCode>,
        otherwise: ErrorKind,
        status: u16,
        mut said: Said,
    ) -> Ending {
        let kind = listed.map_or(otherwise, |code| code.kind);
        said.meaning = listed.map(|code| code.doc);
        said.mend = listed.and_then(|code| code.mend);
        if self.surely_nothing_happened(kind) {
            return Ending::Rejected(Box::new(Rejected::new(kind, status, said)));
        }
        let said = Box::new(said);
        Ending::from(match listed {
            Some(_) => Because::Provider { kind, said },
            None => Because::UnlistedCode { said },
        })
    }

    const fn surely_nothing_happened(&self, kind: ErrorKind) -> bool {
        match kind {
            ErrorKind::Rejected
            | ErrorKind::Configuration
            | ErrorKind::RateLimited
            | ErrorKind::TokenExpired => true,
            ErrorKind::NotFound => !self.has_effect,
            ErrorKind::Duplicate | ErrorKind::Unknown => false,
        }
    }
}
