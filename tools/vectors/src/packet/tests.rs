#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;

fn packet(content_type: &str, body: &str) -> Packet {
    Packet {
        method: "POST",
        address: Some("https://shop.example.com/notify".to_owned()),
        query: "a=1&b=%E4%B8%AD".to_owned(),
        headers: vec![("X-Sign".to_owned(), "t=12,v1=\"ab\"".to_owned())],
        content_type: Some(content_type.to_owned()),
        body: body.to_owned(),
        charset: Charset::Utf8,
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

#[test]
fn a_torn_body_gives_what_stands_before_the_tear() {
    for torn in [
        "{",
        "{\"a\":\"1\",",
        "{\"a\":\"1\",\"b",
        "[\"1\"",
        "[1,,]",
        "{\"a\" 1}",
        "{1:2}",
        "[",
        "\"",
        "<",
        "<a",
        "<a>",
        "<a><![CDATA[x",
        "<a>1",
    ] {
        let packet = packet("application/json", torn);
        for spot in packet.spots() {
            let _ = packet.changed(&spot);
        }
    }
    let deep = "[".repeat(100_000);
    assert!(of(&packet("application/json", &deep), "body").is_empty());
    assert_eq!(of(&packet("application/json", "{\"a\":1,\"b"), "body").len(), 1);
}
