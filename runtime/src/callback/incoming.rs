//! A request of the provider, or of a browser it sent, as it came: nothing decoded, nothing merged.

use std::fmt;

/// A shape in which a callback comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Receive {
    /// `POST`, a form.
    PostForm,
    /// `POST`, a JSON object.
    PostJson,
    /// `POST`, XML: the children of the root element.
    PostXml,
    /// `POST`, `multipart/form-data`: parts without a file name are fields, files are passed over.
    PostMultipart,
    /// `GET`, the query.
    GetQuery,
}

/// A callback as it came. Give the raw bytes: what a framework has parsed can no longer be verified.
///
/// ```
/// use payspec_runtime::Incoming;
///
/// let headers = [("X-Signature", b"00ff".as_slice())];
/// let incoming = Incoming::post_json(br#"{"order_no":"1"}"#)
///     .headers(&headers)
///     .url("https://shop.example.com/notify");
/// ```
#[derive(Clone, Copy)]
pub struct Incoming<'a> {
    pub(super) method: &'a str,
    pub(super) query: &'a [u8],
    pub(super) content_type: Option<&'a str>,
    pub(super) body: &'a [u8],
    pub(super) headers: &'a [(&'a str, &'a [u8])],
    pub(super) url: Option<&'a str>,
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
        Self { method, query, content_type, body, headers: &[], url: None }
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

    /// XML that was posted.
    #[must_use]
    pub const fn post_xml(body: &'a [u8]) -> Self {
        Self::new("POST", b"", Some("text/xml"), body)
    }

    /// A query, without its `?`.
    #[must_use]
    pub const fn get_query(query: &'a [u8]) -> Self {
        Self::new("GET", query, None, b"")
    }

    /// The headers, all of them and each as often as it came: some providers sign headers or put the signature there.
    #[must_use]
    pub const fn headers(self, headers: &'a [(&'a str, &'a [u8])]) -> Self {
        Self { headers, ..self }
    }

    /// The public address under which the provider called, with its query: some providers sign it. A server behind a
    /// proxy sees another one, so it is the application that knows it. Do not make it of the `Host` header, which
    /// anybody can choose.
    #[must_use]
    pub const fn url(self, url: &'a str) -> Self {
        Self { url: Some(url), ..self }
    }

    /// Whether the body is of one of these types, parameters aside. A body without a type is: some providers send
    /// none, and the signature decides.
    pub(super) fn is_of_type(&self, wanted: &[&str]) -> bool {
        let Some(content_type) = self.content_type else { return true };
        if wanted.contains(&content_type) {
            return true;
        }
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        wanted.iter().any(|wanted| media_type.eq_ignore_ascii_case(wanted))
    }
}

/// Shows neither query, headers nor body.
impl fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, query, content_type: _, body, headers, url: _ } = self;
        let (query, body, headers) = (query.len(), body.len(), headers.len());
        write!(f, "Incoming({method:?}, {query} bytes of query, {headers} headers, {body} bytes of body)")
    }
}
