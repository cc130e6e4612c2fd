//! Where the values of a body begin and end: form, JSON, XML, multipart, or the whole of it.

use std::ops::Range;

use super::{Form, Part, Spot, pairs};

/// Every value of a body.
pub(super) fn spots(body: &str, content_type: Option<&str>) -> Vec<Spot> {
    let content_type = content_type.unwrap_or_default();
    if body.is_empty() {
        Vec::new()
    } else if let Some((_, boundary)) = content_type.split_once("boundary=") {
        multipart(body, boundary.trim_matches('"'))
    } else if body.trim_start().starts_with(['{', '[']) {
        let mut json = Json { text: body, at: 0, spots: Vec::new() };
        json.value(&mut Vec::new());
        json.spots
    } else if body.trim_start().starts_with('<') {
        xml(body)
    } else if body.contains('=') {
        pairs(body, Part::Body, "body")
    } else {
        vec![spot("body".to_owned(), 0..body.len(), Form::Plain)]
    }
}

fn spot(name: String, range: Range<usize>, form: Form) -> Spot {
    Spot { name, part: Part::Body, range, form, whole: None }
}

/// A JSON text that is known to be well-formed.
struct Json<'t> {
    text: &'t str,
    at: usize,
    spots: Vec<Spot>,
}

impl Json<'_> {
    fn peek(&mut self) -> u8 {
        while self.text.as_bytes()[self.at].is_ascii_whitespace() {
            self.at += 1;
        }
        self.text.as_bytes()[self.at]
    }

    fn value(&mut self, path: &mut Vec<String>) {
        match self.peek() {
            b'{' => self.members(path),
            b'[' => self.elements(path),
            b'"' => {
                let range = self.string();
                self.spots.push(spot(named(path), range, Form::JsonText));
            }
            _ => {
                let rest = &self.text[self.at..];
                let end = rest.find(|letter: char| ",]}".contains(letter) || letter.is_whitespace());
                let end = self.at + end.unwrap_or(rest.len());
                self.spots.push(spot(named(path), self.at..end, Form::JsonWord));
                self.at = end;
            }
        }
    }

    /// What stands between the quotes.
    fn string(&mut self) -> Range<usize> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut end = start;
        while bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        self.at = end + 1;
        start..end
    }

    fn members(&mut self, path: &mut Vec<String>) {
        self.at += 1;
        while self.peek() != b'}' {
            if self.peek() == b',' {
                self.at += 1;
                self.peek();
            }
            let name = self.string();
            path.push(self.text[name].to_owned());
            assert_eq!(self.peek(), b':', "a well-formed object");
            self.at += 1;
            self.value(path);
            path.pop();
        }
        self.at += 1;
    }

    fn elements(&mut self, path: &mut Vec<String>) {
        self.at += 1;
        let mut count = 0;
        while self.peek() != b']' {
            if self.peek() == b',' {
                self.at += 1;
            }
            path.push(count.to_string());
            self.value(path);
            path.pop();
            count += 1;
        }
        self.at += 1;
    }
}

fn named(path: &[String]) -> String {
    format!("body {}", path.join("."))
}

/// The texts of elements without children.
fn xml(body: &str) -> Vec<Spot> {
    const CDATA: &str = "<![CDATA[";
    let mut spots = Vec::new();
    let mut rest = 0;
    while let Some(open) = body[rest..].find('<').map(|at| rest + at) {
        let close = open + body[open..].find('>').expect("a tag has an end");
        let tag = &body[open + 1..close];
        rest = close + 1;
        if tag.starts_with(['/', '?', '!']) || tag.ends_with('/') {
            continue;
        }
        let name = tag.split_whitespace().next().unwrap_or_default();
        let (from, until) = match body[rest..].strip_prefix(CDATA) {
            Some(text) => {
                let from = rest + CDATA.len();
                (from, text.find("]]>").map(|at| from + at))
            }
            None => (rest, body[rest..].find('<').map(|at| rest + at)),
        };
        let until = until.expect("an element has an end");
        let behind = body[until..].trim_start_matches("]]>");
        if behind.starts_with(&format!("</{name}>")) {
            let form = if from == rest { Form::Xml } else { Form::Plain };
            spots.push(spot(format!("body {name}"), from..until, form));
            rest = until;
        }
    }
    spots
}

/// The contents of parts without a file name.
fn multipart(body: &str, boundary: &str) -> Vec<Spot> {
    let delimiter = format!("--{boundary}");
    let mut spots = Vec::new();
    let mut start = 0;
    for part in body.split(&delimiter) {
        if let Some(head) = part.find("\r\n\r\n")
            && let Some((_, name)) = part[..head].split_once(" name=\"")
            && !part[..head].contains("filename=")
        {
            let name = name.split('"').next().unwrap_or_default();
            let content = start + head + 4..start + part.trim_end_matches("\r\n").len().max(head + 4);
            spots.push(spot(format!("body {name}"), content, Form::Plain));
        }
        start += part.len() + delimiter.len();
    }
    spots
}
