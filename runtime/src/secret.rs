//! Values that must not be seen: shared secrets and personal data.
//!
//! Both types here print as `***`, so that a derived `Debug` on a struct that holds them is safe by construction.
//! The plain value leaves through one door, `expose`, which is easy to search for in a review. Key objects
//! ([`crate::crypto`]) guard themselves; what a log line may say about a message is decided elsewhere.

use std::fmt;

use zeroize::Zeroizing;

/// What `Debug` shows instead of the value.
const MASK: &str = "***";

/// A shared secret: an application secret, a signing key in text form, a password.
///
/// It is wiped from memory when dropped. There is no `Display`, no serialization and no `==`: a secret is
/// given to a digest, and digests are compared in constant time.
///
/// ```
/// use payspec_runtime::secret::Secret;
///
/// let secret = Secret::new("s3cr3t");
/// assert_eq!(format!("{secret:?}"), "Secret(***)");
/// assert_eq!(secret.expose(), "s3cr3t");
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the secret as it is, without trimming: white space can be part of it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The secret in the clear. This is the only way to it; what is done with the text is the caller's responsibility.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({MASK})")
    }
}

/// Personal data, such as a buyer's id or telephone number: sent and received in the clear, never logged.
///
/// ```
/// use payspec_runtime::secret::Sensitive;
///
/// let buyer: Sensitive<String> = "2088000000000001".into();
/// assert_eq!(format!("{buyer:?}"), "***");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Marks a value as not to be shown.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value in the clear.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value in the clear, given away.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Sensitive<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}
