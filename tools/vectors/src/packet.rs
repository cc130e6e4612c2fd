//! A message as it is on the wire, and every value in it that somebody on the way could change.
//!
//! The proof that nothing signed can be changed unnoticed must not depend on what the spec says is signed. So the
//! values are looked for in the bytes alone: the host and path of a known URL, query, headers, and what is inside a
//! form, JSON, XML or multipart body, also in the members of objects and the elements of arrays. A change replaces one
//! character and leaves every other byte as it came.

mod body;

use std::ops::Range;

use payspec_codegen::ir::{self, Provider, Receive};
use payspec_interpreter::{Incoming, Message};
use payspec_runtime::Charset;

use crate::text;
use crate::vector::{Subject, Vector};

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
    /// The body as text; on the wire it is in the charset.
    pub body: String,
    /// The charset of the body.
    pub charset: Charset,
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
    #[must_use]
    pub fn of_message(message: &Message, charset: Charset) -> Self {
        let address = message.url.split('?').next().unwrap_or_default();
        Self {
            method: message.method,
            address: Some(address.to_owned()),
            query: message.query.clone(),
            headers: message.headers.clone(),
            content_type: message.content_type.clone(),
            body: text::decoded(&message.body, charset),
            charset,
        }
    }

    /// What a vector says has come in.
    #[must_use]
    pub fn of_vector(vector: &Vector, provider: &Provider) -> Self {
        let body = vector.body.clone().unwrap_or_default();
        let url = vector.url.as_deref().map(|url| url.split_once('?').unwrap_or((url, "")));
        let (address, query) = match url {
            Some((address, query)) => (Some(address.to_owned()), query.to_owned()),
            None => (None, vector.query.clone().unwrap_or_default()),
        };
        let is_type = |(name, _): &(String, String)| name.eq_ignore_ascii_case("content-type");
        let stated = vector.headers.iter().find(|header| is_type(header)).map(|(_, value)| value.clone());
        let headers = vector.headers.iter().filter(|header| !is_type(header)).cloned().collect();
        Self {
            method: if body.is_empty() && takes_get(vector, provider) { "GET" } else { "POST" },
            address,
            query,
            headers,
            content_type: stated.or_else(|| guessed_type(&body)),
            body,
            charset: text::charset(provider, &vector.settings),
        }
    }

    /// The whole URL, where the address is known.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        let address = self.address.as_ref()?;
        Some(if self.query.is_empty() { address.clone() } else { format!("{address}?{}", self.query) })
    }

    /// The bytes of the body.
    #[must_use]
    pub fn body_bytes(&self) -> Vec<u8> {
        text::encoded(&self.body, self.charset)
    }

    /// The packet as somebody receives it.
    pub fn incoming<T>(&self, receive: impl FnOnce(&Incoming<'_>) -> T) -> T {
        let (url, body) = (self.url(), self.body_bytes());
        let incoming = Incoming::new(self.method, self.query.as_bytes(), self.content_type.as_deref(), &body);
        let incoming = incoming.headers(&self.headers);
        match &url {
            Some(url) => receive(&incoming.url(url)),
            None => receive(&incoming),
        }
    }

    /// The first value under one of these names, decoded: `query sign`, `body data.sign`, or the whole `header X`.
    #[must_use]
    pub fn value(&self, names: &[String]) -> Option<String> {
        let of_header = names.iter().filter_map(|name| name.strip_prefix("header ")).find_map(|name| {
            let mut headers = self.headers.iter();
            headers.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
        });
        of_header.or_else(|| {
            let spot = self.spots().into_iter().find(|spot| names.contains(&spot.name))?;
            Some(self.plain(&spot))
        })
    }

    /// Whether some value, or some header, is this text or has it inside, character for character.
    #[must_use]
    pub fn holds(&self, text: &str) -> bool {
        let is_here = |value: &str| value.contains(text);
        self.headers.iter().any(|(_, value)| is_here(value))
            || self.spots().iter().any(|spot| is_here(&self.plain(spot)))
    }

    /// The value, or header, that has this text inside.
    pub(crate) fn around(&self, text: &str) -> String {
        let header = self.headers.iter().map(|(_, value)| value).find(|value| value.contains(text));
        let value = || self.spots().iter().map(|spot| self.plain(spot)).find(|value| value.contains(text));
        header.cloned().or_else(value).unwrap_or_default()
    }

    /// The same with another text wherever this one stands.
    pub(crate) fn with_other(&self, old: &str, new: &str) -> Self {
        let mut packet = self.clone();
        packet.headers.iter_mut().for_each(|header| header.1 = header.1.replace(old, new));
        // From behind, so that the places before stay where they are.
        for spot in self.spots().iter().rev().filter(|spot| !matches!(spot.part, Part::Header(_))) {
            let plain = self.plain(spot);
            if !old.is_empty() && plain.contains(old) {
                let changed = plain.replace(old, new);
                let written = match spot.form {
                    Form::Percent => text::percent_encoded(&changed, self.charset),
                    _ => changed,
                };
                packet = packet.replaced(spot.part, spot.range.clone(), &written);
            }
        }
        packet
    }

    fn plain(&self, spot: &Spot) -> String {
        match spot.form {
            Form::Percent => text::percent_decoded(self.raw(spot), self.charset),
            // A solidus may be escaped, and stands in base64.
            Form::JsonText => self.raw(spot).replace("\\/", "/"),
            _ => self.raw(spot).to_owned(),
        }
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
    #[must_use]
    pub fn changed(&self, spot: &Spot) -> Self {
        let changed = changed(self.raw(spot), spot.form);
        self.replaced(spot.part, spot.range.clone(), &changed)
    }

    /// The same without this value and its name; `None` where that would leave something torn.
    #[must_use]
    pub fn without(&self, spot: &Spot) -> Option<Self> {
        spot.whole.clone().map(|whole| self.replaced(spot.part, whole, ""))
    }

    fn raw(&self, spot: &Spot) -> &str {
        self.part(spot.part).get(spot.range.clone()).unwrap_or_default()
    }

    fn part(&self, part: Part) -> &str {
        match part {
            Part::Address => self.address.as_deref().unwrap_or_default(),
            Part::Query => &self.query,
            Part::Header(at) => self.headers.get(at).map(|(_, value)| value.as_str()).unwrap_or_default(),
            Part::Body => &self.body,
        }
    }

    fn replaced(&self, part: Part, range: Range<usize>, with: &str) -> Self {
        let old = self.part(part);
        let (before, behind) =
            (old.get(..range.start).unwrap_or(old), old.get(range.end..).unwrap_or_default());
        let text = format!("{before}{with}{behind}");
        let mut packet = self.clone();
        match part {
            Part::Address => packet.address = Some(text),
            Part::Query => packet.query = text,
            Part::Header(at) => {
                packet.headers.iter_mut().skip(at).take(1).for_each(|header| header.1 = text.clone())
            }
            Part::Body => packet.body = text,
        }
        packet
    }
}

/// Whether a message without a body can be a `GET`.
fn takes_get(vector: &Vector, provider: &Provider) -> bool {
    let Subject::Callback(name) = &vector.subject else { return true };
    let callback = provider.callbacks.iter().find(|callback| callback.name.wire == *name);
    callback.is_none_or(|callback: &ir::Callback| callback.receive.contains(&Receive::GetQuery))
}

/// What a body without a stated type is, by its first character.
fn guessed_type(body: &str) -> Option<String> {
    let kind = match body.trim_start().chars().next()? {
        '{' | '[' => "application/json".to_owned(),
        '<' => "text/xml".to_owned(),
        '-' if body.starts_with("--") => {
            let boundary = body.lines().next().unwrap_or_default().trim_start_matches("--");
            format!("multipart/form-data; boundary={boundary}")
        }
        _ => "application/x-www-form-urlencoded".to_owned(),
    };
    Some(kind)
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
    let at = free.get(free.len() / 2).copied();
    let split = at.and_then(|at| Some((value.get(..at)?, *value.as_bytes().get(at)?, value.get(at + 1..)?)));
    match split {
        Some((before, letter, behind)) => format!("{before}{}{behind}", char::from(other_letter(letter))),
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
    while let Some(byte) = bytes.get(at) {
        let escape = match (form, byte) {
            (Form::Percent, b'%') => 3,
            (Form::JsonText, b'\\') if bytes.get(at + 1) == Some(&b'u') => 6,
            (Form::JsonText, b'\\') => 2,
            (Form::Xml, b'&') => value.get(at..).and_then(|rest| rest.find(';')).map_or(1, |end| end + 1),
            _ => 0,
        };
        if escape == 0 {
            if byte.is_ascii_alphanumeric() {
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
    let path = address.get(host..).and_then(|rest| rest.find('/')).map_or(address.len(), |at| host + at);
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
#[path = "packet/tests.rs"]
mod tests;
