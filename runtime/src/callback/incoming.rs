//! A request of the provider, or of a browser it sent, as it came: nothing decoded, nothing merged.

use std::fmt;

/// A shape in which a callback comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Receive {
    /// `POST`, a form.
    PostForm,
    /// `POST`, a JSON object.
    PostJson,
    /// `GET`, the query.
    GetQuery,
}

/// A callback as it came. Give the raw bytes: what a framework has parsed can no longer be verified.
#[derive(Clone, Copy)]
pub struct Incoming<'a> {
    pub(super) method: &'a str,
    pub(super) query: &'a [u8],
    pub(super) content_type: Option<&'a str>,
    pub(super) body: &'a [u8],
}

impl<'a> Incoming<'a> {
    /// A callback: the method, the query without its `?`, the value of the `Content-Type` header if there is one, and
    /// the body.
    #[must_use]
    pub const fn new(
        method: &'a str,
        query: &'a [u8],
        content_type: Option<&'a str>,
        body: &'a [u8],
    ) -> Self {
        Self { method, query, content_type, body }
    }

    /// A form that was posted.
    #[must_use]
    pub const fn post_form(body: &'a [u8]) -> Self {
        Self::new("POST", b"", Some("application/x-www-form-urlencoded"), body)
    }

    /// A JSON object that was posted.
    #[must_use]
    pub const fn post_json(body: &'a [u8]) -> Self {
        Self::new("POST", b"", Some("application/json"), body)
    }

    /// A query, without its `?`.
    #[must_use]
    pub const fn get_query(query: &'a [u8]) -> Self {
        Self::new("GET", query, None, b"")
    }

    /// Whether the body is of this type, parameters aside. A body without a type is: some providers send none, and
    /// the signature decides.
    pub(super) fn is_of_type(&self, wanted: &str) -> bool {
        let Some(content_type) = self.content_type else { return true };
        let media_type = content_type.split(';').next().unwrap_or_default();
        media_type.trim().eq_ignore_ascii_case(wanted)
    }
}

/// Shows neither query nor body.
impl fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, query, content_type: _, body } = self;
        write!(f, "Incoming({method:?}, {} bytes of query, {} bytes of body)", query.len(), body.len())
    }
}
