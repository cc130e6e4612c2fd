//! `multipart/form-data`: parts without a file name are fields, files are passed over.
//!
//! Read strictly, because what parsers read differently is a way to show one value to the verifier and another to the
//! shop: nothing before the first boundary, one name for each part, no encoding of its own, nothing behind the end.

use payspec_codegen::ir::Charset;

use crate::text;

/// No provider sends more parts, or longer headers of one.
const MAX_PARTS: usize = 1000;
const MAX_HEADERS: usize = 4096;

/// The pairs of the parts that are no files. `None` for anything odd.
pub(crate) fn parse(content_type: &str, body: &[u8], charset: Charset) -> Option<Vec<(String, String)>> {
    let boundary = boundary(content_type)?;
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    // As if a line ended before the first boundary.
    let mut whole = b"\r\n".to_vec();
    whole.extend_from_slice(body.strip_prefix(b"\r\n").unwrap_or(body));
    let mut rest = whole.strip_prefix(delimiter.as_slice())?;
    let mut pairs = Vec::new();
    for _ in 0..=MAX_PARTS {
        if let Some(end) = rest.strip_prefix(b"--") {
            return end.iter().all(u8::is_ascii_whitespace).then_some(pairs);
        }
        let part = rest.strip_prefix(b"\r\n")?;
        let headers = part.get(..find(part, b"\r\n\r\n").filter(|length| *length <= MAX_HEADERS)?)?;
        let content = part.get(headers.len() + 4..)?;
        let value = content.get(..find(content, &delimiter)?)?;
        if let Some(name) = name_of(&text::decode(charset, headers)?)? {
            pairs.push((name, text::decode(charset, value)?));
        }
        rest = content.get(value.len() + delimiter.len()..)?;
    }
    None
}

/// The name of a part; `Some(None)` for a file.
fn name_of(headers: &str) -> Option<Option<String>> {
    let mut disposition = None;
    for line in headers.split("\r\n") {
        let (name, value) = line.split_once(':')?;
        let value = value.trim_matches([' ', '\t']);
        match name.to_ascii_lowercase().as_str() {
            "content-disposition" if disposition.is_some() => return None,
            "content-disposition" => disposition = Some(value),
            "content-transfer-encoding"
                if !["7bit", "8bit", "binary"].contains(&value.to_ascii_lowercase().as_str()) =>
            {
                return None;
            }
            _ => {}
        }
    }
    let (kind, parameters) = parameters(disposition?)?;
    let all = |wanted: &str| -> Vec<&String> {
        parameters
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value)
            .collect()
    };
    if !kind.eq_ignore_ascii_case("form-data") {
        return None;
    }
    if !all("filename").is_empty() || !all("filename*").is_empty() {
        return Some(None);
    }
    match (all("name").as_slice(), all("name*").is_empty()) {
        ([name], true) if !name.is_empty() => Some(Some((*name).clone())),
        _ => None,
    }
}

fn boundary(content_type: &str) -> Option<String> {
    let (_, parameters) = parameters(content_type)?;
    let mut found = parameters.into_iter().filter(|(name, _)| name.eq_ignore_ascii_case("boundary"));
    let (_, boundary) = found.next()?;
    let is_allowed = |own: char| own.is_ascii_alphanumeric() || "'()+_,-./:=? ".contains(own);
    let fits = (1..=70).contains(&boundary.len()) && boundary.chars().all(is_allowed);
    (fits && !boundary.ends_with(' ') && found.next().is_none()).then_some(boundary)
}

/// What stands before the first `;`, and the parameters behind it.
fn parameters(value: &str) -> Option<(&str, Vec<(String, String)>)> {
    let (kind, mut rest) = value.split_once(';').unwrap_or((value, ""));
    let white = [' ', '\t'];
    let mut parameters = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ';']);
        if rest.is_empty() {
            return Some((kind.trim(), parameters));
        }
        let (name, behind) = rest.split_once('=')?;
        let (text, behind) = match behind.strip_prefix('"') {
            // A backslash inside quotes is read differently by everybody.
            Some(quoted) => quoted.split_once('"').filter(|(text, _)| !text.contains('\\'))?,
            None => behind.split_at_checked(behind.find(';').unwrap_or(behind.len()))?,
        };
        parameters.push((name.trim().to_owned(), text.trim_matches(white).to_owned()));
        rest = behind.trim_start_matches(white);
        if !rest.is_empty() && !rest.starts_with(';') {
            return None;
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The boundary of what is written here; the longest that fits into no value by accident.
pub(crate) const BOUNDARY: &str = "------------------------7d1b0f9c3a5e2468";

/// Parts, in order; `None` if the charset lacks a character, or a name or value would break out of its part.
pub(crate) fn write(pairs: &[(String, String)], charset: Charset) -> Option<Vec<u8>> {
    let mut text = String::new();
    for (name, value) in pairs {
        if name.contains(['"', '\\', '\r', '\n']) || value.contains(BOUNDARY) {
            return None;
        }
        text.push_str(&format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    text::encode(charset, &format!("{text}--{BOUNDARY}--\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=xYz";

    fn read(body: &str) -> Option<Vec<(String, String)>> {
        parse(TYPE, body.as_bytes(), Charset::Utf8)
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn parts_are_fields_and_files_are_passed_over() {
        let body = "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--xY\r\n\
                    --xYz\r\ncontent-disposition: form-data; name=\"f\"; filename=\"x\"\r\nContent-Type: a/b\r\n\r\nz\r\n\
                    --xYz\r\nContent-Disposition:form-data;name=b\r\n\r\n\r\n--xYz--\r\n";
        assert_eq!(read(body), Some(pairs(&[("a", "1\r\n--xY"), ("b", "")])));
        assert_eq!(read("--xYz--"), Some(Vec::new()));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let all = pairs(&[("a", "1\r\n"), ("b", "中"), ("c", "")]);
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        for charset in [Charset::Utf8, Charset::Gbk] {
            let body = write(&all, charset).unwrap_or_default();
            assert_eq!(parse(&content_type, &body, charset).as_ref(), Some(&all));
        }
        assert_eq!(write(&pairs(&[("a\"", "1")]), Charset::Utf8), None);
        assert_eq!(write(&pairs(&[("a", BOUNDARY)]), Charset::Utf8), None);
    }

    #[test]
    fn what_is_odd_is_refused() {
        let part = |headers: &str| format!("--xYz\r\n{headers}\r\n\r\n1\r\n--xYz--");
        for wrong in [
            String::new(),
            "x\r\n--xYz--".to_owned(),
            "--xYz".to_owned(),
            "--xYz--x".to_owned(),
            "--xYzz--".to_owned(),
            part("Content-Type: text/plain"),
            part("Content-Disposition: attachment; name=a"),
            part("Content-Disposition: form-data"),
            part("Content-Disposition: form-data; name=\"\""),
            part("Content-Disposition: form-data; name=a; name=b"),
            part("Content-Disposition: form-data; name=a; name*=UTF-8''b"),
            part("Content-Disposition: form-data; name=\"a\\\"b\""),
            part("Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64"),
            part("Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b"),
        ] {
            assert_eq!(read(&wrong), None, "{wrong:?}");
        }
        for content_type in ["multipart/form-data", "multipart/form-data; boundary=a; boundary=b"] {
            assert_eq!(parse(content_type, b"--a--", Charset::Utf8), None);
        }
    }

    #[test]
    fn parts_are_bounded() {
        let part = "--xYz\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n";
        assert!(read(&format!("{}--xYz--", part.repeat(1000))).is_some());
        assert_eq!(read(&format!("{}--xYz--", part.repeat(1001))), None);
    }
}
