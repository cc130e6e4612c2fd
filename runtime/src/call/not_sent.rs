//! Why nothing was sent.

#[cfg(any(feature = "rsa", feature = "sm"))]
use crate::crypto::SignError;
use crate::{RecipeError, TokenError, UnencodablePair, Violations, text::TextError, xml::XmlUnwritable};

/// Surely nothing was sent, and it is not the request's fault. The same call may be made again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotSent {
    /// No connection: name, address, TLS.
    #[error("no connection could be made: {reason}")]
    Connection {
        /// In words, without the URL's query.
        reason: String,
    },
    /// The address is plain http, which this client may not use.
    #[error(
        "the address is plain http, where replies can be forged; use https, or call `allow_plain_http()` on the \
         client builder if the provider offers nothing else"
    )]
    PlainHttp,
    /// The environment has no address for the operation's host.
    #[error("the environment has no address for the host of this operation")]
    NoSuchHost,
    /// A value cannot be written in the provider's charset.
    #[error("the request cannot be written: {0}")]
    Form(#[source] UnencodablePair),
    /// A value cannot be written in XML.
    #[error("the request cannot be written: {0}")]
    Xml(#[source] XmlUnwritable),
    /// A header would have a character that headers do not have; with a line break, a header of somebody else's
    /// making could be added.
    #[error("the header `{name}` cannot be written: it may have visible ASCII characters and spaces only")]
    Header {
        /// The name of the header.
        name: String,
    },
    /// Something that a recipe makes has no place, or something stands there already.
    #[error("`{name}` cannot be placed: it is there already, or the body has no fields")]
    Place {
        /// The name of the field, header or parameter.
        name: String,
    },
    /// No access token could be had.
    #[error("no access token could be had: {0}")]
    Token(#[source] Box<TokenError>),
    /// The text to be signed cannot be composed.
    #[error("the text to be signed cannot be composed: {0}")]
    Text(#[source] TextError),
    /// The recipe that protects the request cannot be applied to it.
    #[error("the request cannot be signed: {0}")]
    Recipe(#[source] RecipeError),
    /// The key did not sign.
    #[cfg(any(feature = "rsa", feature = "sm"))]
    #[error("the key did not sign: {0}")]
    Signing(#[source] SignError),
}

/// Why a request could not be built.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// Your input. All violations together.
    #[error("the request breaks the rules: {0}")]
    Invalid(Violations),
    /// Something else.
    #[error("{0}")]
    NotSent(#[source] NotSent),
}

impl From<Violations> for PrepareError {
    fn from(violations: Violations) -> Self {
        Self::Invalid(violations)
    }
}

impl From<NotSent> for PrepareError {
    fn from(not_sent: NotSent) -> Self {
        Self::NotSent(not_sent)
    }
}

impl From<TextError> for PrepareError {
    fn from(error: TextError) -> Self {
        NotSent::Text(error).into()
    }
}

#[cfg(any(feature = "rsa", feature = "sm"))]
impl From<SignError> for PrepareError {
    fn from(error: SignError) -> Self {
        NotSent::Signing(error).into()
    }
}

impl From<TokenError> for PrepareError {
    fn from(error: TokenError) -> Self {
        NotSent::Token(Box::new(error)).into()
    }
}
