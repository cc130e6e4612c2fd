//! A message as it is on the wire, and every value in it that somebody on the way could change.
//!
//! The proof that nothing signed can be changed unnoticed must not depend on what the spec says is signed. So the
//! values are looked for in the bytes alone: the host and path of a known URL, query, headers, and what is inside a
//! form, JSON, XML or multipart body, also in the members of objects and the elements of arrays. A change replaces one
//! character and leaves every other byte as it came.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod body;

use std::ops::Range;

use payspec_runtime::Charset;

use crate::bridge::{Sent, wire};

/// A message on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Scheme, host and path, where they are known.
    pub address: Option<String>,
    /// The query, without `?`.
    pub query: String,
    /// Names and values, in their order; the content type is not among them.
    pub headers: Vec<(String, String)>,
    /// What the body is.
    pub content_type: Option<String>,
    /// The body. All messages of the sample are UTF-8.
    pub body: String,
}

/// A value in a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Where: `query amount`, `body data.items.0.id`, `header Authorization nonce`, `path`.
    pub name: String,
    part: Part,
    range: Range<usize>,
    form: Form,
    /// The whole of it, with what separates it from the next; `None` where it cannot be left out simply.
    whole: Option<Range<usize>>,
}

/// What a value is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Address,
    Query,
    Header(usize),
    Body,
}

/// How a value is written: what may not be torn apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// As it is.
    Plain,
    /// Percent-encoded.
    Percent,
    /// Inside the quotes of a JSON string.
    JsonText,
    /// A JSON number, `true`, `false` or `null`.
    JsonWord,
    /// XML text: entities.
    Xml,
}

impl Spot {
    /// Whether it stands in the body.
    #[must_use]
    pub fn is_in_body(&self) -> bool {
        self.part == Part::Body
    }
}

impl Packet {
    /// What a client sends.
    ///
    /// # Panics
    /// The body is no UTF-8.
    #[must_use]
    pub fn of_sent(sent: &Sent) -> Self {
        let (address, query) = sent.url.split_once('?').unwrap_or((&sent.url, ""));
        Self {
            method: sent.method,
            address: Some(address.to_owned()),
            query: query.to_owned(),
            headers: sent.headers.clone(),
            content_type: sent.content_type.clone(),
            body: String::from_utf8(sent.body.clone()).expect("UTF-8"),
        }
    }

    /// The whole URL, where the address is known.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        let address = self.address.as_ref()?;
        Some(if self.query.is_empty() { address.clone() } else { format!("{address}?{}", self.query) })
    }

    /// The first value under one of these names, decoded: `query sign`, `body data.sign`, or the whole `header X`.
    #[must_use]
    pub fn value(&self, names: &[String]) -> Option<String> {
        let of_header = names.iter().filter_map(|name| name.strip_prefix("header ")).find_map(|name| {
            self.headers
                .iter()
                .find(|(own, _)| own.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.clone())
        });
        let named = || self.spots().into_iter().find(|spot| names.contains(&spot.name));
        of_header.or_else(|| {
            let spot = named()?;
            let raw = &self.part(spot.part)[spot.range.clone()];
            Some(match spot.form {
                Form::Percent => wire::decoded(raw, Charset::Utf8),
                _ => raw.to_owned(),
            })
        })
    }

    /// Every value, in the order of the wire.
    #[must_use]
    pub fn spots(&self) -> Vec<Spot> {
        let mut spots = Vec::new();
        if let Some(address) = &self.address {
            spots.extend(address_spots(address));
        }
        spots.extend(pairs(&self.query, Part::Query, "query"));
        for (at, (name, value)) in self.headers.iter().enumerate() {
            spots.extend(header_spots(at, name, value));
        }
        spots.extend(body::spots(&self.body, self.content_type.as_deref()));
        spots
    }

    /// The same with one character of this value changed, or one added where there is none.
    ///
    /// # Panics
    /// The spot is none of this packet.
    #[must_use]
    pub fn changed(&self, spot: &Spot) -> Self {
        let value = &self.part(spot.part)[spot.range.clone()];
        let changed = changed(value, spot.form);
        self.replaced(spot.part, spot.range.clone(), &changed)
    }

    /// The same without this value and its name; `None` where that would leave something torn.
    ///
    /// # Panics
    /// The spot is none of this packet.
    #[must_use]
    pub fn without(&self, spot: &Spot) -> Option<Self> {
        spot.whole.clone().map(|whole| self.replaced(spot.part, whole, ""))
    }

    fn part(&self, part: Part) -> &str {
        match part {
            Part::Address => self.address.as_deref().expect("an address"),
            Part::Query => &self.query,
            Part::Header(at) => &self.headers[at].1,
            Part::Body => &self.body,
        }
    }

    fn replaced(&self, part: Part, range: Range<usize>, with: &str) -> Self {
        let mut text = self.part(part).to_owned();
        text.replace_range(range, with);
        let mut packet = self.clone();
        match part {
            Part::Address => packet.address = Some(text),
            Part::Query => packet.query = text,
            Part::Header(at) => packet.headers[at].1 = text,
            Part::Body => packet.body = text,
        }
        packet
    }
}

/// One character changed, or one added; a number stays a number, an escape stays whole.
fn changed(value: &str, form: Form) -> String {
    if form == Form::JsonWord && !value.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
        return match value {
            "true" => "false".to_owned(),
            "false" => "true".to_owned(),
            _ => "0".to_owned(),
        };
    }
    let free: Vec<usize> = free_places(value, form);
    match free.get(free.len() / 2) {
        Some(at) => {
            let other = other_letter(value.as_bytes()[*at]);
            format!("{}{}{}", &value[..*at], char::from(other), &value[at + 1..])
        }
        None => format!("{value}x"),
    }
}

/// One character of a text changed, in the same way.
#[must_use]
pub fn changed_text(value: &str) -> String {
    changed(value, Form::Plain)
}

/// Another letter of the same kind: digits stay digits, hex stays hex, the case stays.
fn other_letter(letter: u8) -> u8 {
    match letter {
        b'9' => b'0',
        b'f' => b'a',
        b'F' => b'A',
        b'z' => b'g',
        b'Z' => b'G',
        other => other + 1,
    }
}

/// Where letters and digits stand that belong to no escape.
fn free_places(value: &str, form: Form) -> Vec<usize> {
    let bytes = value.as_bytes();
    let mut free = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let escape = match (form, bytes[at]) {
            (Form::Percent, b'%') => 3,
            (Form::JsonText, b'\\') if bytes.get(at + 1) == Some(&b'u') => 6,
            (Form::JsonText, b'\\') => 2,
            (Form::Xml, b'&') => value[at..].find(';').map_or(1, |end| end + 1),
            _ => 0,
        };
        if escape == 0 {
            if bytes[at].is_ascii_alphanumeric() {
                free.push(at);
            }
            at += 1;
        } else {
            at += escape;
        }
    }
    // The leading digit of `0.01` stays: `1.01` is a number too, but `01` is none.
    if form == Form::JsonWord && value.starts_with('0') && free.len() > 1 {
        free.remove(0);
    }
    free
}

/// The values of a query or form.
fn pairs(text: &str, part: Part, place: &str) -> Vec<Spot> {
    let mut spots = Vec::new();
    let mut start = 0;
    for pair in text.split('&') {
        let end = start + pair.len();
        if let Some((name, value)) = pair.split_once('=') {
            let whole = if end < text.len() { start..end + 1 } else { start.saturating_sub(1)..end };
            spots.push(Spot {
                name: format!("{place} {name}"),
                part,
                range: end - value.len()..end,
                form: Form::Percent,
                whole: Some(whole),
            });
        }
        start = end + 1;
    }
    spots
}

/// Host and path.
fn address_spots(address: &str) -> Vec<Spot> {
    let host = address.find("://").map_or(0, |at| at + 3);
    let path = address[host..].find('/').map_or(address.len(), |at| host + at);
    let spot = |name: &str, range: Range<usize>| Spot {
        name: name.to_owned(),
        part: Part::Address,
        range,
        form: Form::Percent,
        whole: None,
    };
    [spot("host", host..path), spot("path", path..address.len())]
        .into_iter()
        .filter(|spot| !spot.range.is_empty())
        .collect()
}

/// The pieces of a header: `t=1,v1=ab` has two values.
fn header_spots(at: usize, header: &str, value: &str) -> Vec<Spot> {
    let mut spots = Vec::new();
    let mut start = 0;
    for piece in value.split(',') {
        let end = start + piece.len();
        let from = start + (piece.len() - piece.trim_start().len());
        // `digest=ab=`: what stands behind the first `=`, unless that is padding.
        let named = piece.split_once('=').filter(|(_, rest)| !rest.trim_end().trim_matches('=').is_empty());
        let (name, range) = match named {
            Some((name, rest)) => (format!("header {header} {}", name.trim()), end - rest.len()..end),
            None => (format!("header {header}"), from..end),
        };
        spots.push(Spot { name, part: Part::Header(at), range, form: Form::Plain, whole: None });
        start = end + 1;
    }
    spots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(content_type: &str, body: &str) -> Packet {
        Packet {
            method: "POST",
            address: Some("https://shop.example.com/notify".to_owned()),
            query: "a=1&b=%E4%B8%AD".to_owned(),
            headers: vec![("X-Sign".to_owned(), "t=12,v1=\"ab\"".to_owned())],
            content_type: Some(content_type.to_owned()),
            body: body.to_owned(),
        }
    }

    /// Every changed packet differs from the first in exactly one value.
    fn changes(packet: &Packet) -> Vec<(String, String)> {
        let shown = |packet: &Packet, part| packet.part(part).to_owned();
        let spots = packet.spots();
        spots.iter().map(|spot| (spot.name.clone(), shown(&packet.changed(spot), spot.part))).collect()
    }

    fn of(packet: &Packet, place: &str) -> Vec<(String, String)> {
        changes(packet).into_iter().filter(|(name, _)| name.starts_with(place)).collect()
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn the_url_and_the_headers_are_taken_apart() {
        let packet = packet("text/plain", "");
        assert_eq!(of(&packet, "host"), owned(&[("host", "https://shop.exanple.com/notify")]));
        assert_eq!(of(&packet, "path"), owned(&[("path", "https://shop.example.com/notjfy")]));
        let query = [("query a", "a=2&b=%E4%B8%AD"), ("query b", "a=1&b=%E4%B8%ADx")];
        assert_eq!(of(&packet, "query"), owned(&query));
        let headers = [("header X-Sign t", "t=13,v1=\"ab\""), ("header X-Sign v1", "t=12,v1=\"ac\"")];
        assert_eq!(of(&packet, "header"), owned(&headers));
    }

    #[test]
    fn every_value_of_a_body_is_found_whatever_the_body_is() {
        let form = packet("application/x-www-form-urlencoded", "x=&y=12+3&z=%7B%22k%22%3A1%7D");
        assert_eq!(
            of(&form, "body"),
            owned(&[
                ("body x", "x=x&y=12+3&z=%7B%22k%22%3A1%7D"),
                ("body y", "x=&y=13+3&z=%7B%22k%22%3A1%7D"),
                ("body z", "x=&y=12+3&z=%7B%22k%22%3A2%7D"),
            ])
        );
        let json = packet("application/json", r#"{"a": {"b":["x\u4e2d", 0.1, null]}, "c":true, "d":"\n"}"#);
        assert_eq!(
            of(&json, "body"),
            owned(&[
                ("body a.b.0", r#"{"a": {"b":["y\u4e2d", 0.1, null]}, "c":true, "d":"\n"}"#),
                ("body a.b.1", r#"{"a": {"b":["x\u4e2d", 0.2, null]}, "c":true, "d":"\n"}"#),
                ("body a.b.2", r#"{"a": {"b":["x\u4e2d", 0.1, 0]}, "c":true, "d":"\n"}"#),
                ("body c", r#"{"a": {"b":["x\u4e2d", 0.1, null]}, "c":false, "d":"\n"}"#),
                ("body d", r#"{"a": {"b":["x\u4e2d", 0.1, null]}, "c":true, "d":"\nx"}"#),
            ])
        );
        let xml = packet("text/xml", "<xml><a>1</a><b><![CDATA[z]]></b><c/><d></d></xml>");
        assert_eq!(
            of(&xml, "body"),
            owned(&[
                ("body a", "<xml><a>2</a><b><![CDATA[z]]></b><c/><d></d></xml>"),
                ("body b", "<xml><a>1</a><b><![CDATA[g]]></b><c/><d></d></xml>"),
                ("body d", "<xml><a>1</a><b><![CDATA[z]]></b><c/><d>x</d></xml>"),
            ])
        );
        let multipart = packet(
            "multipart/form-data; boundary=B",
            "--B\r\nContent-Disposition: form-data; name=\"m\"\r\n\r\n7\r\n--B--\r\n",
        );
        assert_eq!(
            of(&multipart, "body"),
            owned(&[("body m", "--B\r\nContent-Disposition: form-data; name=\"m\"\r\n\r\n8\r\n--B--\r\n")])
        );
        let raw = packet("text/plain", "abc");
        assert_eq!(of(&raw, "body"), owned(&[("body", "acc")]));
    }

    #[test]
    fn a_pair_is_left_out_with_its_separator() {
        let form = packet("application/x-www-form-urlencoded", "x=1&y=2&z=3");
        let left: Vec<String> = form
            .spots()
            .iter()
            .filter(|spot| spot.is_in_body())
            .map(|spot| form.without(spot).expect("a pair").body)
            .collect();
        assert_eq!(left, ["y=2&z=3", "x=1&z=3", "x=1&y=2"]);
    }
}
