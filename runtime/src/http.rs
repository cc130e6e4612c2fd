//! HTTP as far as calls need it: a method, headers, a response. No HTTP library shows here, so that a transport of
//! one's own can bring any.

use std::fmt;

use crate::SharedStr;

/// Method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
}

impl Method {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What came back.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body, as it came: not decoded, but unpacked if it was compressed.
    pub body: Vec<u8>,
    /// It came without TLS. Only the client knows.
    pub(crate) plain: bool,
}

impl Response {
    /// A response that came over a transport of one's own. It is taken to have come over TLS.
    #[must_use]
    pub const fn new(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Self {
        Self { status, headers, body, plain: false }
    }

    /// The first header of this name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Shows neither headers nor body: both may hold tokens and personal data.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({}, {} bytes)", self.status, self.body.len())
    }
}

/// The value of a header of a reply, unless it is missing or empty.
#[must_use]
pub fn read_header(response: &Response, name: &str) -> Option<SharedStr> {
    response.header(name).filter(|value| !value.is_empty()).map(SharedStr::from)
}
