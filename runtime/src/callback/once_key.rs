//! The key by which repetitions of a notice are recognised.

use std::fmt;

/// Equal in repetitions of the same notice, different in different ones. Store it in the transaction that books.
///
/// The text is stable between versions: the name of the notice, then its parts, each after a `:`. In a part, `%`, `:`
/// and `~` are percent-encoded; a part that is missing is `~`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OnceKey(String);

impl OnceKey {
    /// A key of this notice, written `provider.notice`.
    #[must_use]
    pub fn new(notice: &str) -> Self {
        Self(notice.to_owned())
    }

    /// Appends a part.
    #[must_use]
    pub fn part(mut self, part: &str) -> Self {
        self.0.push(':');
        for character in part.chars() {
            match character {
                '%' => self.0.push_str("%25"),
                ':' => self.0.push_str("%3A"),
                '~' => self.0.push_str("%7E"),
                other => self.0.push(other),
            }
        }
        self
    }

    /// Appends a part that may be missing.
    #[must_use]
    pub fn part_if(mut self, part: Option<&str>) -> Self {
        match part {
            Some(part) => self.part(part),
            None => {
                self.0.push_str(":~");
                self
            }
        }
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OnceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
