//! `multipart/form-data` (RFC 7578), as some providers post their notices: read once and strictly.
//!
//! Parts without a file name are fields; files are passed over. What parsers read differently is refused: a part
//! without a name, with two names or two dispositions, an encoding of its own, text before the first part. All of
//! the body is in memory already and bounded; parts and the headers of a part are bounded here.

use std::borrow::Cow;

use crate::{charset::Charset, form::MAX_PAIRS};

/// The longest boundary (RFC 2046).
const MAX_BOUNDARY: usize = 70;

/// Bytes of the headers of one part.
const MAX_HEADERS: usize = 4 * 1024;

/// Why a body is no form of parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MultipartError {
    /// What is wrong, in words.
    Malformed(&'static str),
    /// A name or a value is no text in the charset.
    Undecodable,
}

use MultipartError::{Malformed, Undecodable};

/// Names and values of the parts that are no files, in their order, repeated ones too.
pub(crate) fn parts<'a>(
    content_type: &str,
    body: &'a [u8],
    charset: Charset,
) -> Result<Vec<(String, Cow<'a, str>)>, MultipartError> {
    let boundary = boundary(content_type).ok_or(Malformed("the content type has no boundary"))?;
    let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
    let opening = delimiter.get(2..).unwrap_or_default();
    let body = body.strip_prefix(b"\r\n").unwrap_or(body);
    let mut rest = body.strip_prefix(opening).ok_or(Malformed("it does not begin with its boundary"))?;
    let mut fields = Vec::new();
    let mut count = 0;
    loop {
        if let Some(end) = rest.strip_prefix(b"--") {
            let is_blank = end.iter().all(u8::is_ascii_whitespace);
            return if is_blank { Ok(fields) } else { Err(Malformed("something follows its end")) };
        }
        count += 1;
        if count > MAX_PAIRS {
            return Err(Malformed("too many parts"));
        }
        let part = rest.strip_prefix(b"\r\n").ok_or(Malformed("a boundary does not end its line"))?;
        let (headers, content) = split_headers(part)?;
        let end = find(content, &delimiter).ok_or(Malformed("it is cut off"))?;
        let (value, behind) = content.split_at_checked(end).ok_or(Malformed("it is cut off"))?;
        if let Some(name) = field_name(headers, charset)? {
            fields.push((name, charset.decode(value).map_err(|_| Undecodable)?));
        }
        rest = behind.get(delimiter.len()..).unwrap_or_default();
    }
}

/// The headers of a part and what follows them.
fn split_headers(part: &[u8]) -> Result<(&[u8], &[u8]), MultipartError> {
    // A part without headers begins with an empty line.
    let head = part.get(..MAX_HEADERS.min(part.len())).unwrap_or_default();
    let end = find(head, b"\r\n\r\n").ok_or(Malformed("the headers of a part do not end"))?;
    Ok((part.get(..end).unwrap_or_default(), part.get(end + 4..).unwrap_or_default()))
}

/// The name of a part; `None` for a file.
fn field_name(headers: &[u8], charset: Charset) -> Result<Option<String>, MultipartError> {
    let headers = charset.decode(headers).map_err(|_| Undecodable)?;
    let mut disposition = None;
    for line in headers.split("\r\n") {
        let (name, value) = line.split_once(':').ok_or(Malformed("a part has a malformed header"))?;
        let value = value.trim_matches([' ', '\t']);
        if name.eq_ignore_ascii_case("content-disposition") && disposition.replace(value).is_some() {
            return Err(Malformed("a part has two dispositions"));
        }
        let is_plain = ["7bit", "8bit", "binary"].iter().any(|plain| value.eq_ignore_ascii_case(plain));
        if name.eq_ignore_ascii_case("content-transfer-encoding") && !is_plain {
            return Err(Malformed("a part has a transfer encoding"));
        }
    }
    let disposition = disposition.ok_or(Malformed("a part has no disposition"))?;
    let (kind, parameters) = split_parameters(disposition).ok_or(Malformed("a malformed disposition"))?;
    if !kind.eq_ignore_ascii_case("form-data") {
        return Err(Malformed("a part is no form data"));
    }
    let all = |wanted: &str| parameters.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).count();
    if all("filename") + all("filename*") > 0 {
        return Ok(None);
    }
    match parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case("name")) {
        Some((_, name)) if all("name") == 1 && all("name*") == 0 && !name.is_empty() => {
            Ok(Some(name.clone()))
        }
        _ => Err(Malformed("a part without one name")),
    }
}

/// The boundary parameter of a content type.
fn boundary(content_type: &str) -> Option<String> {
    let (_, parameters) = split_parameters(content_type)?;
    let mut found = parameters.into_iter().filter(|(name, _)| name.eq_ignore_ascii_case("boundary"));
    let (_, boundary) = found.next()?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte);
    let fits = (1..=MAX_BOUNDARY).contains(&boundary.len())
        && boundary.bytes().all(is_allowed)
        && !boundary.ends_with(' ');
    (fits && found.next().is_none()).then_some(boundary)
}

/// `form-data; name="a"; x=y`: what stands before the first `;`, and the parameters.
fn split_parameters(value: &str) -> Option<(&str, Vec<(String, String)>)> {
    let (kind, mut rest) = value.split_once(';').unwrap_or((value, ""));
    let mut parameters = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ';']);
        if rest.is_empty() {
            return Some((kind.trim(), parameters));
        }
        let (name, behind) = rest.split_once('=')?;
        let (text, behind) = match behind.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => behind.split_at_checked(behind.find(';').unwrap_or(behind.len()))?,
        };
        let text = text.trim_matches([' ', '\t']).to_owned();
        parameters.push((name.trim().to_owned(), text));
        rest = behind.trim_start_matches([' ', '\t']);
        if !(rest.is_empty() || rest.starts_with(';')) {
            return None;
        }
    }
}

/// What stands before the closing quote, which has no backslash, and what follows. Browsers write a quote as `%22`;
/// a backslash is read differently by everybody, and refused.
fn unquote(quoted: &str) -> Option<(&str, &str)> {
    let (text, behind) = quoted.split_once('"')?;
    (!text.contains('\\')).then_some((text, behind))
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=xYz";

    fn body(parts: &[&str]) -> String {
        let parts: Vec<String> = parts.iter().map(|part| format!("--xYz\r\n{part}\r\n")).collect();
        format!("{}--xYz--\r\n", parts.concat())
    }

    fn read(text: &str) -> Result<Vec<(String, String)>, MultipartError> {
        let parts = parts(TYPE, text.as_bytes(), Charset::Utf8)?;
        Ok(parts.into_iter().map(|(name, value)| (name, value.into_owned())).collect())
    }

    fn field(name: &str, value: &str) -> String {
        format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}")
    }

    #[test]
    fn parts_are_fields_and_files_are_passed_over() {
        let file = "content-disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nx";
        let unquoted =
            "Content-Disposition:form-data;name=c\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n中";
        let text = body(&[&field("a", "1\r\n--xY\r\n"), file, &field("b", ""), unquoted, &field("a", "2")]);
        let all = [("a", "1\r\n--xY\r\n"), ("b", ""), ("c", "中"), ("a", "2")];
        assert_eq!(read(&text), Ok(all.map(|(name, value)| (name.to_owned(), value.to_owned())).into()));
        assert_eq!(read("--xYz--"), Ok(Vec::new()));
    }

    #[test]
    fn the_boundary_comes_from_the_content_type() {
        assert_eq!(boundary("multipart/form-data; charset=x; Boundary=\"a b:c\"").as_deref(), Some("a b:c"));
        for none in [
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=\"a",
            "multipart/form-data; boundary=a; boundary=b",
            "multipart/form-data; boundary=\"a\r\nb\"",
        ] {
            assert_eq!(boundary(none), None, "{none}");
        }
        assert_eq!(boundary(&format!("x; boundary={}", "a".repeat(71))), None);
    }

    #[test]
    fn what_parsers_read_differently_is_refused() {
        let disposition = |text: &str| body(&[&format!("Content-Disposition: {text}\r\n\r\n1")]);
        for bad in [
            String::new(),
            "preamble\r\n--xYz--".to_owned(),
            "--xYz".to_owned(),
            "--xYz\r\n".to_owned(),
            "--xYzz--".to_owned(),
            format!("{}epilogue", body(&[&field("a", "1")])),
            format!("--xYz\r\n{}", field("a", "1")),
            body(&["1"]),
            body(&["\r\n1"]),
            body(&["Content-Type: text/plain\r\n\r\n1"]),
            disposition("form-data"),
            disposition("form-data; name=\"\""),
            disposition("form-data; name=\"a\"; name=\"b\""),
            disposition("form-data; name=\"a\"; name*=UTF-8''b"),
            disposition("form-data; name=\"a\\\"b\""),
            disposition("form-data; name=\"a"),
            disposition("attachment; name=\"a\""),
            body(&[
                "Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\n1",
            ]),
            body(&[
                "Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ==",
            ]),
        ] {
            assert!(matches!(read(&bad), Err(Malformed(_))), "{bad:?}");
        }
    }

    #[test]
    fn parts_and_headers_are_bounded() {
        let many = vec![field("a", "1"); MAX_PAIRS + 1];
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(read(&body(&many)), Err(Malformed("too many parts")));
        let long = format!("X: {}\r\n{}", "x".repeat(MAX_HEADERS), field("a", "1"));
        assert_eq!(read(&body(&[&long])), Err(Malformed("the headers of a part do not end")));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        let text = b"--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--xYz--";
        assert_eq!(parts(TYPE, text, Charset::Utf8), Err(Undecodable));
        assert!(parts(TYPE, text, Charset::Gbk).is_err());
    }
}
