//! What comes back: the changes that would make it fit, the likeliest first.

use std::fmt;

/// The neighbours that fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// It fits as it is: nothing was changed, and `matches` is empty.
    pub as_it_is: bool,
    /// The changes of which each alone would make it fit, the likeliest first. They cannot be told apart by this
    /// message. Empty: no single change that is known fits.
    pub matches: Vec<Neighbour>,
    /// How many changes were tried.
    pub tried: usize,
    /// The search was stopped before it had tried everything.
    pub stopped: bool,
    /// Why nothing could be tried: the message cannot be read, the settings do not fit the spec, nothing is signed.
    pub obstacle: Option<String>,
    /// Of an expected text: where ours and theirs part.
    pub difference: Option<Difference>,
    /// What is known beside the matches, in sentences: whether the signature was made with the configured key at all.
    pub remarks: Vec<String>,
}

impl Answer {
    /// One change that fits, found without a search.
    pub(crate) fn of(neighbour: Neighbour) -> Self {
        Self { matches: vec![neighbour], tried: 1, ..Self::default() }
    }
}

/// One change that would make it fit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Neighbour {
    /// Who has made the mistake, if this is it.
    pub blame: Blame,
    /// What is changed: a key of the spec by its path in the file (`signatures.request.empties`,
    /// `signatures.notify.parts.digest.output`), or `message.field.NAME`, `message.body`, `message.signature`,
    /// `credentials.NAME`.
    pub at: String,
    /// What to write there, as YAML; of a message or key, what was done to it.
    pub value: String,
    /// What it is, in a sentence without its end.
    pub title: String,
    /// What to do.
    pub mend: String,
    /// Further changes of the same thing that this message cannot tell apart from this one, the likeliest first.
    pub alike: Vec<Alike>,
}

/// A change that cannot be told apart from another one by this message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alike {
    /// What is changed.
    pub at: String,
    /// What to write there.
    pub value: String,
    /// What it is.
    pub title: String,
}

/// Who has made a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Blame {
    /// The spec says something else than the provider does.
    Spec,
    /// The application, or what stands before it, has changed the message.
    Application,
    /// The keys are other ones.
    Keys,
    /// The provider does what nobody would expect.
    Provider,
}

impl fmt::Display for Blame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Spec => "spec",
            Self::Application => "application",
            Self::Keys => "keys",
            Self::Provider => "provider",
        })
    }
}

/// Where two texts part. Secrets are `******`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// How many bytes are the same.
    pub at: usize,
    /// What stands before, in both.
    pub before: String,
    /// How ours goes on.
    pub ours: String,
    /// How theirs goes on.
    pub theirs: String,
}
