//! Why no key could be read: always what was found, what is wanted, and what to do; never any of the content.

use std::fmt;

use super::found::{Found, Wanted, advice};

/// Why no key could be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Nothing but white space, if that.
    #[error("found an empty input; {wanted} is wanted here: is the variable or file that holds it set?")]
    Empty {
        /// What is wanted.
        wanted: Wanted,
    },
    /// More than any key file has.
    #[error(
        "found {length} bytes; {wanted} is wanted here, of at most {limit} bytes: is this the right file?"
    )]
    TooLong {
        /// Bytes of the input.
        length: usize,
        /// The most that is read.
        limit: usize,
        /// What is wanted.
        wanted: Wanted,
    },
    /// A name instead of the content.
    #[error(
        "found what looks like the path of a file; {wanted} is wanted here: read the file and pass its content"
    )]
    Path {
        /// What is wanted.
        wanted: Wanted,
    },
    /// The input was understood, but holds no key of the wanted kind.
    #[error("found {}; {wanted} is wanted here: {}", Listed(found), mend(found, *wanted))]
    Unfit {
        /// Everything that the input holds, in its order.
        found: Vec<Found>,
        /// What is wanted.
        wanted: Wanted,
    },
    /// A key of the right kind whose numbers do not make a key.
    #[error("found {found}, but its numbers do not fit together: was it damaged when it was copied?")]
    Damaged {
        /// What it claims to be.
        found: Found,
    },
    /// A private key that carries a public key which is not its own.
    #[error(
        "found {found} together with a public key that is not its other half; use the file as it was issued"
    )]
    HalvesDiffer {
        /// What it claims to be.
        found: Found,
    },
    /// An RSA key that is too short to be safe, or too long to be used.
    #[error("found {found}; a key of {minimum} to {maximum} bits is wanted: ask for a new one")]
    Size {
        /// The key.
        found: Found,
        /// The shortest key that is read.
        minimum: usize,
        /// The longest key that is read.
        maximum: usize,
    },
    /// A container was recognised, but its password does not open it.
    #[error(
        "found {found}, which the given password does not open; the password that was set for this file is wanted"
    )]
    Password {
        /// The container.
        found: Found,
    },
    /// A container was recognised, but is damaged or uses an algorithm that is not known here.
    #[error(
        "found {found}, which is damaged or uses algorithms that are not known here; {wanted} in PKCS#8 is wanted"
    )]
    Container {
        /// The container.
        found: Found,
        /// What is wanted.
        wanted: Wanted,
    },
}

struct Listed<'a>(&'a [Found]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, found) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { " and " };
            write!(f, "{separator}{found}")?;
        }
        Ok(())
    }
}

/// The advice for the first thing found: usually there is only one.
fn mend(found: &[Found], wanted: Wanted) -> &'static str {
    found.first().map_or("give the content of a key file", |first| advice(first, wanted))
}
