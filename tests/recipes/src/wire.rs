//! Raw messages: what a row or a draw says, as bytes.

use crate::truth;

/// A message as it comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packet {
    /// `GET` or `POST`.
    pub method: String,
    /// The raw query, without `?`.
    pub query: Vec<u8>,
    /// The raw body.
    pub body: Vec<u8>,
    /// The type of the body.
    pub content_type: Option<String>,
    /// Headers, as they come.
    pub headers: Vec<(String, String)>,
    /// The public URL.
    pub url: String,
}

const BOUNDARY: &str = "boundary0123456789";

impl Packet {
    /// The message of a row. `signature` stands wherever the row says `{signature}`; where it says nothing of a place,
    /// it stands in the header `X-Sign`. Those of elements stand wherever it says `{signature:0}` and so on.
    #[must_use]
    pub fn of_row(row: &truth::Message, signature: &str, of_elements: &[String]) -> Self {
        let fill = |bytes: Vec<u8>| match String::from_utf8(bytes) {
            Ok(text) => {
                let text = text.replace("{signature}", signature);
                let filled = of_elements.iter().enumerate().fold(text, |text, (index, signature)| {
                    text.replace(&format!("{{signature:{index}}}"), signature)
                });
                filled.into_bytes()
            }
            Err(error) => error.into_bytes(),
        };
        let raw = |raw: &Option<truth::Raw>| raw.as_ref().map(|raw| fill(raw.bytes()));
        let mut query = raw(&row.query).unwrap_or_default();
        let mut url = row.url.clone().unwrap_or_else(|| "https://shop.example/notify".to_owned());
        match url.split_once('?') {
            Some((_, own)) => query = own.as_bytes().to_vec(),
            None if !query.is_empty() => url = format!("{url}?{}", String::from_utf8_lossy(&query)),
            None => {}
        }
        let multipart = row.multipart.as_ref().map(|parts| {
            let parts =
                parts.iter().map(|(name, value)| (name.clone(), value.replace("{signature}", signature)));
            multipart(&parts.collect::<Vec<_>>())
        });
        let bodies = [
            (raw(&row.form), "application/x-www-form-urlencoded".to_owned()),
            (raw(&row.json), "application/json".to_owned()),
            (raw(&row.xml), "text/xml".to_owned()),
            (multipart, format!("multipart/form-data; boundary={BOUNDARY}")),
        ];
        let body = bodies.into_iter().find_map(|(body, kind)| Some((body?, kind)));
        let mut headers: Vec<(String, String)> = row
            .headers
            .iter()
            .map(|(name, value)| {
                let text = |value: &serde_yaml::Value| value.as_str().expect("headers are text").to_owned();
                (text(name), text(value).replace("{signature}", signature))
            })
            .collect();
        if !headers.iter().any(|(name, _)| name == "X-Sign") {
            headers.push(("X-Sign".to_owned(), signature.to_owned()));
        }
        let (body, content_type) = body.map_or((Vec::new(), None), |(body, kind)| (body, Some(kind)));
        let method = row.method.clone().unwrap_or_else(|| "POST".to_owned());
        Self { method, query, body, content_type, headers, url }
    }

    /// How often the bytes occur.
    #[must_use]
    pub fn count(&self, mark: &str) -> usize {
        let in_bytes =
            |bytes: &[u8]| bytes.windows(mark.len()).filter(|window| *window == mark.as_bytes()).count();
        let in_headers: usize = self.headers.iter().map(|(_, value)| value.matches(mark).count()).sum();
        in_bytes(&self.query) + in_bytes(&self.body) + in_headers
    }

    /// The same message with these bytes in place of others, everywhere.
    #[must_use]
    pub fn changed(&self, mark: &str, changed: &str) -> Self {
        let in_bytes = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            for at in 0..bytes.len().saturating_sub(mark.len() - 1) {
                if bytes[at..].starts_with(mark.as_bytes()) {
                    bytes[at..at + mark.len()].copy_from_slice(changed.as_bytes());
                }
            }
            bytes
        };
        let headers = self.headers.iter().map(|(name, value)| (name.clone(), value.replace(mark, changed)));
        Self {
            query: in_bytes(&self.query),
            body: in_bytes(&self.body),
            headers: headers.collect(),
            url: self.url.replace(mark, changed),
            ..self.clone()
        }
    }
}

fn multipart(pairs: &[(String, String)]) -> Vec<u8> {
    let mut body = String::new();
    for (name, value) in pairs {
        body.push_str(&format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(&format!("--{BOUNDARY}--\r\n"));
    body.into_bytes()
}
