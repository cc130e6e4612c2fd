//! A raw HTTP message, as a log or a proxy shows it: request line, headers, an empty line, the body.

use super::incoming::{Received, content_type, header};
use crate::failure::Failure;

/// Whether a text begins like an HTTP request.
pub(crate) fn is_request(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    std::str::from_utf8(line).is_ok_and(|line| request_line(line.trim_end_matches('\r')).is_some())
}

/// Method and target.
fn request_line(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let version = words.next();
    let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_target = target.starts_with('/') || target.contains("://");
    let is_version = version.is_none_or(|version| version.starts_with("HTTP/"));
    (is_method && is_target && is_version && words.next().is_none()).then_some((method, target))
}

/// Reads a request.
pub(crate) fn read(bytes: &[u8]) -> Result<Received, Failure> {
    let (head, body) = split(bytes);
    let head = std::str::from_utf8(head).map_err(|_| {
        Failure::new("the head of the message is no UTF-8 text")
            .mend("save the message as it was sent; only its body may be in another charset")
    })?;
    let mut lines = head.lines();
    let Some((method, target)) = lines.next().and_then(request_line) else {
        return Err(Failure::new("the message does not begin with a request line")
            .mend("such as `POST /api/pay HTTP/1.1`"));
    };
    let headers = lines
        .enumerate()
        .map(|(index, line)| {
            header(line).map_err(|_| {
                Failure::new(format!("line {} of the message is no header", index + 2))
                    .mend("headers are `Name: value`; an empty line stands between them and the body")
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let named = |name: &str| headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    let target = target.split('#').next().unwrap_or(target);
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let url = match named("host") {
        _ if target.contains("://") => Some(target.to_owned()),
        Some((_, host)) => Some(format!("https://{host}{target}")),
        None => None,
    };
    let length = named("content-length").map(|(_, length)| length.trim().parse::<usize>().ok());
    Ok(Received {
        method: method.to_owned(),
        query: query.as_bytes().to_vec(),
        body: of_length(body, length)?.to_vec(),
        content_type: content_type(&headers),
        url,
        headers,
    })
}

/// Head and body.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            let (head, rest) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
            return (head, rest.get(line.len()..).unwrap_or_default());
        }
        at += line.len();
    }
    (bytes, &[])
}

/// A file may have a line break behind the body, which the header of the length does not count.
fn of_length(body: &[u8], length: Option<Option<usize>>) -> Result<&[u8], Failure> {
    let Some(length) = length else { return Ok(body) };
    let told = length.and_then(|length| body.split_at_checked(length));
    match told {
        Some((body, rest)) if rest.iter().all(u8::is_ascii_whitespace) => Ok(body),
        _ => {
            let has = body.len();
            let says = length.map_or_else(|| String::from("no number"), |length| length.to_string());
            Err(Failure::new(format!("the body has {has} bytes, its `Content-Length` says {says}")).mend(
                "save the body as it was sent; a log may have cut or decoded it. Without the header the body is taken as it is",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn a_message_is_taken_apart_with_either_line_break() {
        for text in [
            "POST /a/b?x=1&y=%2B HTTP/1.1\r\nHost: pay.example\r\nContent-Type: text/x\r\nContent-Length: 5\r\n\r\na=1\n2\n",
            "POST /a/b?x=1&y=%2B\nHost: pay.example\nContent-Type: text/x\nContent-Length: 5\n\na=1\n2\n",
        ] {
            let message = read(text.as_bytes()).unwrap();
            assert_eq!((message.method.as_str(), message.query.as_slice()), ("POST", &b"x=1&y=%2B"[..]));
            assert_eq!(message.body, b"a=1\n2");
            assert_eq!(message.url.as_deref(), Some("https://pay.example/a/b?x=1&y=%2B"));
            assert_eq!(message.content_type.as_deref(), Some("text/x"));
        }
        let bare = read(b"GET https://pay.example/?a=1").unwrap();
        assert_eq!(bare.url.as_deref(), Some("https://pay.example/?a=1"));
        assert!(bare.body.is_empty());
    }

    #[test]
    fn what_is_no_message_says_why() {
        let why = |text: &[u8]| read(text).err().map(|failure| failure.to_string()).unwrap_or_default();
        assert!(why(b"hello").contains("does not begin with a request line"));
        assert!(why(b"POST /a HTTP/1.1\nHost pay\n\n").contains("line 2 of the message is no header"));
        assert!(why(b"POST /a\nContent-Length: 9\n\na=1").contains("has 3 bytes"));
        assert!(why(b"POST /a\nContent-Length: x\n\na=1").contains("says no number"));
        assert!(why(b"POST /\xff\n\n").contains("no UTF-8"));
        for (text, is) in [("GET /", true), ("{\"a\":1}", false), ("a: 1", false), ("get / HTTP/1.1", false)]
        {
            assert_eq!(is_request(text.as_bytes()), is, "{text}");
        }
    }
}
