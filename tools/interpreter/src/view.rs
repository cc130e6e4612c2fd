//! One read-only view of a message, whichever way it goes: what a recipe can ask for.
//!
//! A callback, a reply, a request that came in and one that is being written all look the same to a recipe: fields in
//! the order of the wire, headers, the parts of the address, the raw body. Nothing here is believed or checked
//! beyond what the question needs.

use std::sync::Arc;

use crate::node::Node;
use crate::notes::Notes;
use crate::signed_text::RecipeError;

/// A message as a recipe sees it.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    /// `None` for a reply.
    pub(crate) method: Option<String>,
    /// As the signer saw it; `None` where nobody knows.
    pub(crate) url: Option<String>,
    /// The raw query; `None` for a reply.
    pub(crate) raw_query: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    /// Parameters of the query.
    pub(crate) query: Vec<(String, Node)>,
    /// Fields of the body.
    pub(crate) body: Vec<(String, Node)>,
    pub(crate) raw_body: Vec<u8>,
    /// Fields are those of the body alone: parameters of the query are only for lists and places.
    pub(crate) body_alone: bool,
    /// The raw text of a reply's data.
    pub(crate) result: Option<Vec<u8>>,
    /// The name of the member that holds it.
    pub(crate) result_name: Option<String>,
    /// What is shown in place of it.
    pub(crate) shown_result: Option<String>,
    /// What is to be encrypted.
    pub(crate) payload: Option<String>,
    /// What is shown in place of fields, by name.
    pub(crate) hidden: Vec<(String, String)>,
    /// What is shown in place of the raw body.
    pub(crate) shown_body: Option<String>,
    /// Who is told what recipes do with the message; `None`: nobody.
    pub(crate) notes: Option<Arc<Notes>>,
}

impl View {
    /// The fields in the order of the wire: query, then body.
    pub(crate) fn all(&self) -> impl Iterator<Item = &(String, Node)> {
        self.query.iter().chain(&self.body)
    }

    /// The value at a path; of a repeated name the first. `None`: there is none.
    pub(crate) fn at(&self, path: &[String]) -> Result<Option<Node>, RecipeError> {
        let Some((first, rest)) = path.split_first() else { return Ok(None) };
        let mut fields = self.query.iter().filter(|_| !self.body_alone).chain(&self.body);
        match fields.find(|(own, _)| own == first) {
            None => Ok(None),
            Some((_, Node::Null)) if !rest.is_empty() => Ok(None),
            Some((_, Node::Text(text))) if !rest.is_empty() && text.is_empty() => Ok(None),
            Some((_, node)) => node.below(&path.join("."), rest),
        }
    }

    /// A header, by its name in any case, without the white space around it.
    pub(crate) fn header(&self, name: &str) -> Result<Option<&str>, RecipeError> {
        let mut found = self.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some((_, value)), None) => Ok(Some(value.trim_matches([' ', '\t']))),
            (Some(_), Some(_)) => Err(RecipeError::Header { name: name.to_owned() }),
        }
    }

    pub(crate) fn method(&self) -> Result<&str, RecipeError> {
        self.method.as_deref().ok_or(RecipeError::NoPart { part: "method" })
    }

    pub(crate) fn query(&self) -> Result<&str, RecipeError> {
        self.raw_query.as_deref().ok_or(RecipeError::NoPart { part: "query" })
    }

    /// The whole URL, without a fragment, which is never sent.
    pub(crate) fn url(&self) -> Result<&str, RecipeError> {
        if self.method.is_none() {
            return Err(RecipeError::NoPart { part: "url" });
        }
        let url = self.url.as_deref().and_then(|url| url.split('#').next()).ok_or(RecipeError::Url)?;
        let query = url.split_once('?').map(|(_, query)| query);
        match query {
            // Behind a gateway the query may be lost from the public URL, but never be another one.
            Some(query) if Some(query) != self.raw_query.as_deref() => Err(RecipeError::Url),
            _ => Ok(url),
        }
    }

    /// Host, with its port where one is written, and what stands behind it.
    fn split_url(&self) -> Result<(&str, &str), RecipeError> {
        let url = self.url()?;
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        Ok(rest.find(['/', '?']).and_then(|end| rest.split_at_checked(end)).unwrap_or((rest, "")))
    }

    pub(crate) fn host(&self) -> Result<&str, RecipeError> {
        Ok(self.split_url()?.0)
    }

    pub(crate) fn target(&self) -> Result<&str, RecipeError> {
        Ok(match self.split_url()?.1 {
            "" => "/",
            target => target,
        })
    }

    pub(crate) fn path(&self) -> Result<&str, RecipeError> {
        Ok(match self.target()?.split('?').next() {
            None | Some("") => "/",
            Some(path) => path,
        })
    }

    /// What is shown in place of a field.
    pub(crate) fn shown_field(&self, name: &str) -> Option<&str> {
        self.hidden.iter().find(|(hidden, _)| hidden == name).map(|(_, shown)| shown.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str, query: &str) -> View {
        View {
            method: Some("POST".to_owned()),
            url: Some(url.to_owned()),
            raw_query: Some(query.to_owned()),
            ..View::default()
        }
    }

    #[test]
    fn an_address_is_taken_apart_as_it_is_written() {
        let view = at("https://A.example:8443/x/y%2f?z=1&w=?2#top", "z=1&w=?2");
        assert_eq!(view.host(), Ok("A.example:8443"));
        assert_eq!(view.path(), Ok("/x/y%2f"));
        assert_eq!(view.target(), Ok("/x/y%2f?z=1&w=?2"));
        assert_eq!(view.url(), Ok("https://A.example:8443/x/y%2f?z=1&w=?2"));
        assert_eq!(at("https://a.example", "").target(), Ok("/"));
    }

    #[test]
    fn an_address_that_nobody_knows_or_that_differs_is_refused() {
        assert_eq!(View::default().url(), Err(RecipeError::NoPart { part: "url" }));
        assert_eq!(View { url: None, ..at("", "") }.path(), Err(RecipeError::Url));
        assert_eq!(at("https://a.example/?x=1", "x=2").host(), Err(RecipeError::Url));
        assert_eq!(at("https://a.example/", "x=2").host(), Ok("a.example"));
    }

    #[test]
    fn a_header_that_is_there_twice_has_no_value() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let view = View {
            headers: vec![header("X-A", " 1\t"), header("x-b", "2"), header("X-B", "2")],
            ..View::default()
        };
        assert_eq!(view.header("x-a"), Ok(Some("1")));
        assert_eq!(view.header("X-C"), Ok(None));
        assert_eq!(view.header("X-b"), Err(RecipeError::Header { name: "X-b".to_owned() }));
    }
}
