//! Absolute http and https addresses, which keep their exact text.
//!
//! An address is sent, signed and compared as it was written, so it must not be rewritten by a parser; but it must be
//! one, or the provider finds out when the payment is to be reported. The crate `url` judges, and what it would repair
//! silently (white space, backslashes, missing slashes) is refused here.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// An absolute `http` or `https` URL, in its exact text.
///
/// User info (`https://user:password@host`) is refused: it would end in logs. A fragment is allowed, since pages to
/// return to may need one.
///
/// ```
/// use payspec_runtime::HttpUrl;
///
/// let url: HttpUrl = "https://shop.example.com/notify?shop=7".parse().unwrap();
/// assert_eq!(url.as_str(), "https://shop.example.com/notify?shop=7");
/// assert!("shop.example.com/notify".parse::<HttpUrl>().is_err());
/// ```
#[derive(Clone)]
pub struct HttpUrl {
    text: Box<str>,
    /// How many bytes of it [`HttpUrl::base`] has.
    base: usize,
    url: Url,
}

/// Why a text is no [`HttpUrl`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// Not absolute, or another scheme.
    #[error("an address begins with https:// or http://")]
    Scheme,
    /// White space or a control character, in or around it.
    #[error("an address has no white space or control characters")]
    WhiteSpace,
    /// A backslash, which some programs read as a slash.
    #[error("an address has no backslash")]
    Backslash,
    /// A name or password before the host.
    #[error("an address has no user name or password: https://host, not https://user@host")]
    UserInfo,
    /// No host, a malformed port, and the like.
    #[error("the address is malformed: {0}")]
    Malformed(url::ParseError),
}

impl HttpUrl {
    /// The exact text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host, as it is looked up: lower case, Unicode names in their ASCII form, IPv6 in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Whether it is `http` without encryption.
    #[must_use]
    pub fn is_plain_http(&self) -> bool {
        self.url.scheme() == "http"
    }

    /// Whether it can only be this machine: `localhost`, 127.0.0.0/8, `[::1]`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// The address without query, fragment and slashes at its end: what a path is put behind.
    pub(crate) fn base(&self) -> &str {
        self.text.get(..self.base).unwrap_or_default()
    }

    /// The address, taken apart.
    #[must_use]
    pub fn as_url(&self) -> &Url {
        &self.url
    }
}

impl FromStr for HttpUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        if text.chars().any(|character| character.is_whitespace() || character.is_control()) {
            return Err(UrlError::WhiteSpace);
        }
        if text.contains('\\') {
            return Err(UrlError::Backslash);
        }
        let authority = after_scheme(text).ok_or(UrlError::Scheme)?;
        if authority.contains('@') {
            return Err(UrlError::UserInfo);
        }
        // The parser would pass over further slashes.
        if authority.is_empty() {
            return Err(UrlError::Malformed(url::ParseError::EmptyHost));
        }
        let url = Url::parse(text).map_err(UrlError::Malformed)?;
        let place = text.find(['?', '#']).and_then(|end| text.get(..end)).unwrap_or(text);
        let base = place.trim_end_matches('/').len();
        Ok(Self { text: text.into(), base, url })
    }
}

/// Host and port as written, of an http or https address.
fn after_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    let known = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    if known { rest.split(['/', '?', '#']).next() } else { None }
}

impl TryFrom<&str> for HttpUrl {
    type Error = UrlError;

    fn try_from(text: &str) -> Result<Self, UrlError> {
        text.parse()
    }
}

impl AsRef<str> for HttpUrl {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for HttpUrl {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for HttpUrl {}

impl std::hash::Hash for HttpUrl {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpUrl({})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_kept_as_it_is() {
        for text in [
            "https://shop.example.com",
            "HTTPS://Shop.Example.com:443/a/../b?x=1&y=中文#done",
            "http://[::1]:8080/",
        ] {
            assert_eq!(text.parse::<HttpUrl>().map(|url| url.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_plain_address_is_refused() {
        let refusals = [
            ("", UrlError::Scheme),
            ("shop.example.com/n", UrlError::Scheme),
            ("//shop.example.com", UrlError::Scheme),
            ("https:shop.example.com", UrlError::Scheme),
            ("https:/shop.example.com", UrlError::Scheme),
            ("ftp://shop.example.com", UrlError::Scheme),
            ("javascript:alert(1)", UrlError::Scheme),
            ("javascript://shop.example.com/%0aalert(1)", UrlError::Scheme),
            (" https://shop.example.com", UrlError::WhiteSpace),
            ("https://shop.example.com\n", UrlError::WhiteSpace),
            ("https://shop.exa\tmple.com", UrlError::WhiteSpace),
            ("https://shop.example.com/\u{3000}", UrlError::WhiteSpace),
            ("https://shop.example.com/\0", UrlError::WhiteSpace),
            ("https://good.example\\@evil.example", UrlError::Backslash),
            ("https://user@shop.example.com", UrlError::UserInfo),
            ("https://user:password@shop.example.com", UrlError::UserInfo),
            ("https://@shop.example.com", UrlError::UserInfo),
            ("https:///shop.example.com", UrlError::Malformed(url::ParseError::EmptyHost)),
            ("https://", UrlError::Malformed(url::ParseError::EmptyHost)),
            ("https://shop.example.com:99999", UrlError::Malformed(url::ParseError::InvalidPort)),
        ];
        for (text, refusal) in refusals {
            assert_eq!(text.parse::<HttpUrl>().map(|url| url.to_string()), Err(refusal), "{text:?}");
        }
    }

    #[test]
    fn an_at_sign_behind_the_host_is_content() {
        assert!("https://shop.example.com/@shop?mail=a@b".parse::<HttpUrl>().is_ok());
    }

    #[test]
    fn loopback_is_recognised_by_the_parsed_host() {
        let is_loopback = |text: &str| text.parse::<HttpUrl>().map(|url| url.is_loopback());
        for text in
            ["http://localhost:80", "http://LOCALHOST", "http://127.9.9.9", "http://0x7f.1", "http://[::1]"]
        {
            assert_eq!(is_loopback(text), Ok(true), "{text}");
        }
        for text in ["http://localhost.evil.example", "http://128.0.0.1", "http://[::2]", "http://10.0.0.1"] {
            assert_eq!(is_loopback(text), Ok(false), "{text}");
        }
    }

    #[test]
    fn scheme_and_host_are_read_from_the_parsed_form() {
        let url: Result<HttpUrl, _> = "HTTP://Shop.Example.com:8080/x".parse();
        assert_eq!(url.as_ref().map(HttpUrl::host), Ok("shop.example.com"));
        assert_eq!(url.map(|url| url.is_plain_http()), Ok(true));
    }
}
