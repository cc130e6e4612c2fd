//! Values that must not be seen: shared secrets and personal data.
//!
//! Both types here print as `***`, so that a derived `Debug` on a struct that holds them is safe by construction.
//! The plain value leaves through one door, `expose`, which is easy to search for in a review. Key objects
//! ([`crate::crypto`]) guard themselves; what a log line may say about a message is decided elsewhere.

use std::fmt;

use zeroize::Zeroizing;

use crate::message::decode_base64;

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
pub struct Secret {
    text: Zeroizing<String>,
    /// Where the text is hex or base64 of the bytes that are meant.
    decoded: Option<Zeroizing<Vec<u8>>>,
}

impl Secret {
    /// Takes the secret as it is, without trimming: white space can be part of it.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: Zeroizing::new(text.into()), decoded: None }
    }

    /// The secret in the clear, as it was given. What is done with the text is the caller's responsibility.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The bytes that are meant: the decoded ones, or those of the text in UTF-8.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.decoded.as_ref().map_or_else(|| self.text.as_bytes(), |bytes| bytes.as_slice())
    }

    /// Whether bytes are meant that the text only writes down.
    #[must_use]
    pub const fn is_decoded(&self) -> bool {
        self.decoded.is_some()
    }

    /// The same secret, its text read as hexadecimal digits of either case.
    ///
    /// # Errors
    /// [`MalformedSecret`]: it is empty or anything else.
    pub fn from_hex(self) -> Result<Self, MalformedSecret> {
        let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let byte = |pair: &[u8]| match pair {
            [high, low] => Some(digit(high)? << 4 | digit(low)?),
            _ => None,
        };
        let bytes = self.text.as_bytes().chunks(2).map(byte).collect::<Option<Vec<u8>>>();
        self.decoded_as(bytes, "hexadecimal digits")
    }

    /// The same secret, its text read as base64 of either alphabet, padding optional.
    ///
    /// # Errors
    /// [`MalformedSecret`]: it is empty or anything else.
    pub fn from_base64(self) -> Result<Self, MalformedSecret> {
        let bytes = decode_base64(&self.text);
        self.decoded_as(bytes, "base64")
    }

    fn decoded_as(self, bytes: Option<Vec<u8>>, wanted: &'static str) -> Result<Self, MalformedSecret> {
        let decoded = bytes.map(Zeroizing::new).filter(|bytes| !bytes.is_empty());
        let decoded = Some(decoded.ok_or(MalformedSecret { wanted })?);
        Ok(Self { decoded, ..self })
    }
}

/// A secret is not written as the provider writes it. Its text is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it should be {wanted}; copy it again, without white space")]
pub struct MalformedSecret {
    wanted: &'static str,
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
