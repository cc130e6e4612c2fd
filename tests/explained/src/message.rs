//! What happens to messages on their way into an application: parameters come in, go out, are decoded too often or not
//! at all, bodies are read and written again.

use payspec_vectors::Packet;

use crate::case::{Broken, Case, Truth};

/// Every change that can be made to the message of a case. Only of messages that come in.
pub fn breaks(case: &Case) -> Vec<Broken> {
    if !case.is_received() {
        return Vec::new();
    }
    let mut breaks = Vec::new();
    if !case.packet.query.is_empty() {
        let with = |query: String| Packet { query, ..case.packet.clone() };
        form_breaks(case, &case.packet.query, &with, &mut breaks);
    }
    let with = |body: String| Packet { body, ..case.packet.clone() };
    let body = &case.packet.body;
    match body.trim_start().chars().next() {
        Some('{' | '[') => json_breaks(case, body, &with, &mut breaks),
        Some('<') | None => {}
        Some(_) => form_breaks(case, body, &with, &mut breaks),
    }
    if !body.is_empty() {
        let whole = |kind, detail: &str, body: String| broken(case, kind, detail, "message.", with(body));
        breaks.push(whole("body: line break behind it", "\\n", format!("{body}\n")));
        breaks.push(whole("body: line breaks of Windows behind it", "\\r\\n", format!("{body}\r\n")));
        breaks.push(whole("body: byte order mark", "BOM", format!("\u{feff}{body}")));
        if !body.is_ascii() {
            let mojibake: String = body.bytes().map(char::from).collect();
            breaks.push(whole("body: UTF-8 read as Latin-1", "mojibake", mojibake));
        }
    }
    breaks.retain(|broken| broken.packet != case.packet);
    breaks
}

fn broken(case: &Case, kind: &str, detail: &str, place: &str, packet: Packet) -> Broken {
    Broken {
        kind: kind.to_owned(),
        detail: detail.to_owned(),
        truth: vec![Truth::Place(place.to_owned())],
        packet,
        ..case.unbroken()
    }
}

fn form_breaks(case: &Case, form: &str, with: &dyn Fn(String) -> Packet, breaks: &mut Vec<Broken>) {
    let signature = case.vector.signature.as_deref().unwrap_or("\u{0}");
    for (name, pair) in [("r", "r=pay/notify"), ("_t", "_t=1700000000"), ("route", "route=")] {
        let field = format!("message.field.{name}");
        let kind = "form: a parameter more";
        breaks.push(broken(case, kind, pair, &field, with(format!("{form}&{pair}"))));
        breaks.push(broken(case, kind, pair, &field, with(format!("{pair}&{form}"))));
    }
    let every = |change: &dyn Fn(&str) -> String| {
        let pairs = form.split('&').map(|pair| match pair.split_once('=') {
            Some((name, value)) => format!("{name}={}", change(value)),
            None => pair.to_owned(),
        });
        pairs.collect::<Vec<_>>().join("&")
    };
    let mut whole = |kind: &str, form: String| breaks.push(broken(case, kind, kind, "message.", with(form)));
    whole("form: encoded twice", every(&|value| value.replace('%', "%25").replace('+', "%2B")));
    whole("form: plus signs turned into spaces", form.replace("%2B", "+").replace("%2b", "+"));
    whole("form: spaces turned into plus signs", form.replace('+', "%2B").replace("%20", "%2B"));
    whole("form: quotes escaped as HTML", form.replace("%22", "%26quot%3B"));
    whole("form: ampersands escaped as HTML", form.replace("%26", "%26amp%3B"));
    whole("form: names in lower case", {
        let pairs = form.split('&').map(|pair| match pair.split_once('=') {
            Some((name, value)) => format!("{}={value}", name.to_lowercase()),
            None => pair.to_owned(),
        });
        pairs.collect::<Vec<_>>().join("&")
    });
    let encoded = signature.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    if form.contains(&encoded) {
        let changed = encoded.replace("%2B", "+");
        breaks.push(broken(
            case,
            "form: the signature's plus signs are spaces",
            "+",
            "message.",
            with(form.replace(&encoded, &changed)),
        ));
    }
    // A field that the framework has swallowed because it was empty, or has made of an absent one.
    for pair in form.split('&').filter(|pair| pair.ends_with('=')) {
        let name = pair.trim_end_matches('=');
        let fewer: Vec<&str> = form.split('&').filter(|own| own != &pair).collect();
        let field = format!("message.field.{name}");
        breaks.push(broken(case, "form: an empty parameter lost", pair, &field, with(fewer.join("&"))));
    }
}

fn json_breaks(case: &Case, body: &str, with: &dyn Fn(String) -> Packet, breaks: &mut Vec<Broken>) {
    let mut whole = |kind: &str, body: String| breaks.push(broken(case, kind, kind, "message.", with(body)));
    whole(
        "json: spaces behind separators",
        outside_strings(body, |c| match c {
            ',' => ", ".to_owned(),
            ':' => ": ".to_owned(),
            other => other.to_string(),
        }),
    );
    whole(
        "json: spaces taken out",
        outside_strings(body, |c| if c.is_ascii_whitespace() { String::new() } else { c.to_string() }),
    );
    whole("json: slashes escaped", body.replace('/', "\\/"));
    whole("json: slashes unescaped", body.replace("\\/", "/"));
    whole("json: other characters escaped", {
        body.chars()
            .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) })
            .collect()
    });
    if let Some(at) = body.rfind('}') {
        let (before, behind) = body.split_at(at);
        let more = format!("{before},\"r\":\"pay/notify\"{behind}");
        breaks.push(broken(case, "json: a member more", "r", "message.", with(more)));
    }
}

fn outside_strings(json: &str, write: impl Fn(char) -> String) -> String {
    let (mut inside, mut escaped) = (false, false);
    let mut written = String::new();
    for c in json.chars() {
        if inside || c == '"' {
            written.push(c);
        } else {
            written.push_str(&write(c));
        }
        match c {
            '"' if !escaped => inside = !inside,
            _ => {}
        }
        escaped = inside && c == '\\' && !escaped;
    }
    written
}
