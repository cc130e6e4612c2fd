//! Where the values of a body begin and end: form, JSON, XML, multipart, or the whole of it. What is torn ends the
//! search; what was found before it stays.

use std::ops::Range;

use super::{Form, Part, Spot, pairs};

/// Deeper nesting is not walked: no message has it, and the walk is recursive.
const DEEPEST: usize = 64;

/// Every value of a body.
pub(super) fn spots(body: &str, content_type: Option<&str>) -> Vec<Spot> {
    let content_type = content_type.unwrap_or_default();
    if body.is_empty() {
        Vec::new()
    } else if let Some((_, boundary)) = content_type.split_once("boundary=") {
        multipart(body, boundary.trim_matches('"'))
    } else if body.trim_start().starts_with(['{', '[']) {
        let mut json = Json { text: body, at: 0, spots: Vec::new() };
        let _ = json.value(&mut Vec::new());
        json.spots
    } else if body.trim_start().starts_with('<') {
        let mut spots = Vec::new();
        let _ = xml(body, &mut spots);
        spots
    } else if body.contains('=') {
        pairs(body, Part::Body, "body")
    } else {
        vec![spot("body".to_owned(), 0..body.len(), Form::Plain)]
    }
}

fn spot(name: String, range: Range<usize>, form: Form) -> Spot {
    Spot { name, part: Part::Body, range, form, whole: None }
}

/// A JSON text. `None`: it is torn here.
struct Json<'t> {
    text: &'t str,
    at: usize,
    spots: Vec<Spot>,
}

impl Json<'_> {
    fn peek(&mut self) -> Option<u8> {
        while self.text.as_bytes().get(self.at)?.is_ascii_whitespace() {
            self.at += 1;
        }
        self.text.as_bytes().get(self.at).copied()
    }

    fn value(&mut self, path: &mut Vec<String>) -> Option<()> {
        match self.peek()? {
            _ if path.len() > DEEPEST => None,
            b'{' => self.members(path),
            b'[' => self.elements(path),
            b'"' => {
                let range = self.string()?;
                self.spots.push(spot(named(path), range, Form::JsonText));
                Some(())
            }
            _ => {
                let rest = self.text.get(self.at..)?;
                let end = rest.find(|letter: char| ",]}".contains(letter) || letter.is_whitespace());
                let end = self.at + end.unwrap_or(rest.len());
                self.spots.push(spot(named(path), self.at..end, Form::JsonWord));
                self.at = end;
                Some(())
            }
        }
    }

    /// What stands between the quotes.
    fn string(&mut self) -> Option<Range<usize>> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut end = start;
        loop {
            match bytes.get(end)? {
                b'"' => break,
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        self.at = end + 1;
        Some(start..end)
    }

    fn members(&mut self, path: &mut Vec<String>) -> Option<()> {
        self.at += 1;
        while self.peek()? != b'}' {
            if self.peek()? == b',' {
                self.at += 1;
            }
            if self.peek()? != b'"' {
                return None;
            }
            let name = self.string()?;
            path.push(self.text.get(name)?.to_owned());
            if self.peek()? != b':' {
                return None;
            }
            self.at += 1;
            self.value(path)?;
            path.pop();
        }
        self.at += 1;
        Some(())
    }

    fn elements(&mut self, path: &mut Vec<String>) -> Option<()> {
        self.at += 1;
        let mut count = 0;
        while self.peek()? != b']' {
            if self.peek()? == b',' {
                self.at += 1;
            }
            let before = self.at;
            path.push(count.to_string());
            self.value(path)?;
            path.pop();
            count += 1;
            if self.at == before {
                return None;
            }
        }
        self.at += 1;
        Some(())
    }
}

fn named(path: &[String]) -> String {
    format!("body {}", path.join("."))
}

/// The texts of elements without children. `None`: it is torn.
fn xml(body: &str, spots: &mut Vec<Spot>) -> Option<()> {
    const CDATA: &str = "<![CDATA[";
    let mut rest = 0;
    while let Some(open) = body.get(rest..)?.find('<').map(|at| rest + at) {
        let close = open + body.get(open..)?.find('>')?;
        let tag = body.get(open + 1..close)?;
        rest = close + 1;
        if tag.starts_with(['/', '?', '!']) || tag.ends_with('/') {
            continue;
        }
        let name = tag.split_whitespace().next().unwrap_or_default();
        let (from, until) = match body.get(rest..)?.strip_prefix(CDATA) {
            Some(text) => {
                let from = rest + CDATA.len();
                (from, from + text.find("]]>")?)
            }
            None => (rest, rest + body.get(rest..)?.find('<')?),
        };
        let behind = body.get(until..)?.trim_start_matches("]]>");
        if behind.starts_with(&format!("</{name}>")) {
            let form = if from == rest { Form::Xml } else { Form::Plain };
            spots.push(spot(format!("body {name}"), from..until, form));
            rest = until;
        }
    }
    Some(())
}

/// The contents of parts without a file name.
fn multipart(body: &str, boundary: &str) -> Vec<Spot> {
    let delimiter = format!("--{boundary}");
    let mut spots = Vec::new();
    let mut start = 0;
    for part in body.split(&delimiter) {
        if let Some((head, _)) = part.split_once("\r\n\r\n")
            && let Some((_, name)) = head.split_once(" name=\"")
            && !head.contains("filename=")
        {
            let name = name.split('"').next().unwrap_or_default();
            let from = head.len() + 4;
            let content = start + from..start + part.trim_end_matches("\r\n").len().max(from);
            spots.push(spot(format!("body {name}"), content, Form::Plain));
        }
        start += part.len() + delimiter.len();
    }
    spots
}
