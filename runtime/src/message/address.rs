//! Method and address of a message, as its signer saw them: nothing is rewritten.

use std::borrow::Cow;

use crate::RecipeError;

/// Where a message went. Each part is known or not: a reply has none of them, and behind a proxy a server does not
/// know under which address the provider called it, unless it is told.
#[derive(Clone, Default)]
pub(crate) struct Address<'a> {
    method: Option<&'a str>,
    query: Option<&'a str>,
    url: Option<Cow<'a, str>>,
}

impl<'a> Address<'a> {
    /// The address of a callback.
    ///
    /// # Errors
    /// The URL that was given has another query than came.
    pub(crate) fn of_callback(
        method: &'a str,
        query: &'a [u8],
        url: Option<&'a str>,
    ) -> Result<Self, RecipeError> {
        let differs = |url: &&str| query_of(url).is_some_and(|given| given.as_bytes() != query);
        if url.as_ref().is_some_and(differs) {
            return Err(RecipeError::OtherUrl);
        }
        let query = str::from_utf8(query).ok();
        Ok(Self { method: Some(method), query, url: url.map(|url| Cow::Borrowed(without_fragment(url))) })
    }

    /// The address of a request that is being written.
    pub(crate) fn of_request(method: &'a str, url: String) -> Self {
        Self { method: Some(method), query: None, url: Some(Cow::Owned(url)) }
    }

    pub(super) fn method(&self) -> Result<&str, RecipeError> {
        self.method.ok_or(RecipeError::Unknown { what: "method" })
    }

    pub(super) fn query(&self) -> Result<&str, RecipeError> {
        let of_url = || Some(query_of(self.url.as_deref()?).unwrap_or_default());
        self.query.or_else(of_url).ok_or(RecipeError::Unknown { what: "query" })
    }

    pub(super) fn url(&self) -> Result<&str, RecipeError> {
        match &self.url {
            Some(url) => Ok(url),
            None => Err(RecipeError::Unknown { what: "url" }),
        }
    }

    pub(super) fn host(&self) -> Result<&str, RecipeError> {
        Ok(split(self.url()?).0)
    }

    pub(super) fn target(&self) -> Result<&str, RecipeError> {
        match split(self.url()?).1 {
            "" => Ok("/"),
            target => Ok(target),
        }
    }

    pub(super) fn path(&self) -> Result<&str, RecipeError> {
        match self.target()?.split('?').next() {
            None | Some("") => Ok("/"),
            Some(path) => Ok(path),
        }
    }
}

/// Host and target.
fn split(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find(['/', '?']).and_then(|end| rest.split_at_checked(end)).unwrap_or((rest, ""))
}

/// What stands behind the first `?`; `None` without one.
fn query_of(url: &str) -> Option<&str> {
    without_fragment(url).split_once('?').map(|(_, query)| query)
}

/// A fragment is never sent.
fn without_fragment(url: &str) -> &str {
    url.split('#').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(url: &str) -> [String; 4] {
        let address = Address::of_request("POST", url.to_owned());
        [address.host(), address.path(), address.query(), address.target()]
            .map(|part| part.unwrap_or("?").to_owned())
    }

    #[test]
    fn an_address_is_taken_apart_as_it_is_written() {
        let all = parts("https://Pay.example.com:8443/a/b%2f?x=1&y=%3F?z");
        assert_eq!(all, ["Pay.example.com:8443", "/a/b%2f", "x=1&y=%3F?z", "/a/b%2f?x=1&y=%3F?z"]);
        assert_eq!(parts("https://pay.example.com"), ["pay.example.com", "/", "", "/"]);
        assert_eq!(parts("https://[::1]:80/?"), ["[::1]:80", "/", "", "/?"]);
    }

    #[test]
    fn a_reply_has_no_address_and_a_callback_only_if_it_is_given() {
        let reply = Address::default();
        assert_eq!(reply.method(), Err(RecipeError::Unknown { what: "method" }));
        assert_eq!(reply.url(), Err(RecipeError::Unknown { what: "url" }));
        assert_eq!(reply.query(), Err(RecipeError::Unknown { what: "query" }));
        let callback = Address::of_callback("POST", b"x=1", None);
        let callback = callback.as_ref();
        assert_eq!(callback.map(|it| it.query().ok()), Ok(Some("x=1")));
        assert_eq!(callback.map(|it| it.target().err()), Ok(Some(RecipeError::Unknown { what: "url" })));
    }

    #[test]
    fn a_given_address_with_another_query_is_refused() {
        let given = |query: &'static [u8], url| Address::of_callback("GET", query, Some(url)).map(|_| ());
        assert_eq!(given(b"x=1", "https://shop.example.com/n?x=1#top"), Ok(()));
        assert_eq!(given(b"x=1", "https://shop.example.com/n"), Ok(()));
        assert_eq!(given(b"x=2", "https://shop.example.com/n?x=1"), Err(RecipeError::OtherUrl));
        assert_eq!(given(b"", "https://shop.example.com/n?x=1"), Err(RecipeError::OtherUrl));
    }
}
