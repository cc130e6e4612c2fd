//! The raw body, the data of a reply, the query and the URL.

use payspec_codegen::ir::Recipe;
use payspec_interpreter::TrialMessage;

use super::json::{self, Style};
use super::value::{decoded, encoded, mishaps};
use super::{asked, change};
use crate::change::Change;
use crate::rank;

const RAW: &str = "hand over the bytes of the body as they came, before any framework reads them";
const ADDRESS: &str = "hand over the public URL and the raw query as the sender saw them";

pub(crate) fn changes(message: &TrialMessage, recipes: &[&Recipe], all: &mut Vec<Change<'_>>) {
    let asked = asked(recipes);
    if asked.body {
        texts(message.body(), "message.body", "the body", all, |message, bytes| message.set_body(bytes));
    }
    if let Some(result) = message.result().filter(|_| asked.result) {
        texts(result, "message.result", "the data of the reply", all, |message, bytes| {
            message.set_result(bytes)
        });
    }
    if asked.address {
        query(message, all);
        url(message, all);
    }
}

type Set = fn(&mut TrialMessage, Vec<u8>);

/// Line ends, a mark at the start, JSON written again, decoding.
fn texts(own: &[u8], at: &str, what: &str, all: &mut Vec<Change<'_>>, set: Set) {
    let mut push = |rank: u32, value: &str, title: String, mend: &str, bytes: Vec<u8>| {
        if bytes != own {
            all.push(change(rank, at.to_owned(), value, title, mend, move |message| {
                set(message, bytes.clone())
            }));
        }
    };
    let with = |before: &[u8], behind: &[u8]| [before, own, behind].concat();
    let trimmed = own.trim_ascii().to_vec();
    push(
        rank::BODY,
        "with a line end",
        format!("the line end behind {what} was lost"),
        RAW,
        with(b"", b"\n"),
    );
    push(
        rank::BODY,
        "without white space around it",
        format!("white space came to the ends of {what}"),
        RAW,
        trimmed,
    );
    push(
        rank::BODY,
        "without the line end",
        format!("a line end came behind {what}"),
        RAW,
        own.trim_ascii_end().to_vec(),
    );
    push(
        rank::BODY + 1,
        "with CR LF behind it",
        format!("the line end behind {what} was lost"),
        RAW,
        with(b"", b"\r\n"),
    );
    push(
        rank::BODY + 1,
        "with a blank behind it",
        format!("the blank behind {what} was lost"),
        RAW,
        with(b"", b" "),
    );
    push(
        rank::BODY + 1,
        "with a line end before it",
        format!("the line end before {what} was lost"),
        RAW,
        with(b"\n", b""),
    );
    let mark = b"\xef\xbb\xbf";
    push(
        rank::BODY,
        "with a byte order mark",
        format!("the byte order mark before {what} was lost"),
        RAW,
        with(mark, b""),
    );
    if let Some(rest) = own.strip_prefix(mark) {
        push(
            rank::BODY,
            "without the byte order mark",
            format!("a byte order mark came before {what}"),
            RAW,
            rest.to_vec(),
        );
    }
    push(rank::RARE, "empty", format!("{what} was not signed"), RAW, Vec::new());
    let Ok(text) = std::str::from_utf8(own) else { return };
    for (name, fewer) in json::without_each_member(text) {
        let title = format!("a member `{name}` was added to {what}");
        push(rank::ADDED_FIELD, &format!("without `{name}`"), title, RAW, fewer.into_bytes());
    }
    for mishap in mishaps() {
        if let Some(undone) = (mishap.undo)(text) {
            let title = format!("{what} was changed on its way: {}", mishap.title);
            push(mishap.rank + 2, mishap.word, title, mishap.mend, undone.into_bytes());
        }
    }
    if let Some(json) = json::parse(text) {
        for style in Style::all() {
            for (end, also) in [("", ""), ("\n", ", with a line end behind it")] {
                let written = format!("{}{end}", json::write(&json, style));
                let title =
                    format!("{what} was parsed and written again; it was signed {}{also}", style.described());
                push(
                    rank::RESERIALISED + u32::from(!end.is_empty()),
                    &style.described(),
                    title,
                    RAW,
                    written.into_bytes(),
                );
            }
        }
    }
    pairs(text, all, at, what, set);
}

/// A form or query: each pair without, pairs sorted, the order turned round.
fn pairs(text: &str, all: &mut Vec<Change<'_>>, at: &str, what: &str, set: Set) {
    let own: Vec<&str> = text.split('&').collect();
    if own.len() < 2 || !text.contains('=') || text.trim_start().starts_with(['{', '[', '<']) {
        return;
    }
    for (index, pair) in own.iter().enumerate() {
        let mut less = own.clone();
        less.remove(index);
        let name = pair.split('=').next().unwrap_or_default().to_owned();
        let bytes = less.join("&").into_bytes();
        all.push(change(
            rank::ADDED_FIELD + 4,
            format!("message.field.{name}"),
            "left out",
            format!("`{name}` was not signed in {what}: the application, its framework or a proxy added it"),
            RAW,
            move |message| set(message, bytes.clone()),
        ));
    }
    let ends = [own.get(2..), own.get(..own.len().saturating_sub(2))];
    for kept in ends.into_iter().flatten().filter(|kept| !kept.is_empty()) {
        let bytes = kept.join("&").into_bytes();
        let title =
            format!("two parameters were not signed in {what}: the application or its framework added them");
        all.push(change(
            rank::ADDED_FIELD + 5,
            String::from("message.fields"),
            "left out",
            title,
            RAW,
            move |message| {
                set(message, bytes.clone());
            },
        ));
    }
    let mut sorted = own.clone();
    sorted.sort_unstable();
    let bytes = sorted.join("&").into_bytes();
    all.push(change(
        rank::RESERIALISED,
        at.to_owned(),
        "sorted",
        format!("the pairs of {what} were sorted when it was signed"),
        RAW,
        move |message| set(message, bytes.clone()),
    ));
}

fn query(message: &TrialMessage, all: &mut Vec<Change<'_>>) {
    let Some(query) = message.query().map(str::to_owned) else { return };
    let set = |message: &mut TrialMessage, bytes: Vec<u8>| {
        if let Ok(query) = String::from_utf8(bytes) {
            message.set_query(&query);
        }
    };
    pairs(&query, all, "message.query", "the query", set);
    let mut push = |rank: u32, value: &str, title: String, changed: String| {
        if changed != query {
            all.push(change(rank, "message.query".to_owned(), value, title, ADDRESS, move |message| {
                message.set_query(&changed)
            }));
        }
    };
    for mishap in mishaps() {
        if let Some(undone) = (mishap.undo)(&query) {
            let title = format!("the query was changed on its way: {}", mishap.title);
            push(mishap.rank + 2, mishap.word, title, undone);
        }
    }
    let encoded = query.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        format!("{name}={}", encoded(value, "-_.~", "%20", true))
    });
    push(
        rank::DECODED + 2,
        "values percent-encoded",
        String::from("the query was decoded on its way"),
        encoded.collect::<Vec<_>>().join("&"),
    );
    push(
        rank::RARE,
        "blank as %20",
        String::from("blanks of the query were written in another way"),
        query.replace('+', "%20"),
    );
    push(
        rank::RARE,
        "blank as +",
        String::from("blanks of the query were written in another way"),
        query.replace("%20", "+"),
    );
    push(
        rank::ADDED_FIELD + 3,
        "left out",
        String::from("the query was not signed: it was added on the way"),
        String::new(),
    );
}

/// Scheme, port, slash at the end: what a proxy changes.
fn url(message: &TrialMessage, all: &mut Vec<Change<'_>>) {
    let Some(url) = message.url().map(str::to_owned) else { return };
    let (before, behind) = url
        .split_once('?')
        .map_or((url.as_str(), String::new()), |(before, query)| (before, format!("?{query}")));
    let (scheme, rest) = before.split_once("://").unwrap_or(("https", before));
    let (host, path) = rest.find('/').and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
    let bare = host.split(':').next().unwrap_or_default();
    let mut forms: Vec<(&str, String)> = Vec::new();
    for scheme in ["https", "http"] {
        for host in [
            host.to_owned(),
            bare.to_owned(),
            format!("{bare}:443"),
            format!("{bare}:80"),
            format!("{bare}:8080"),
        ] {
            forms.push(("another scheme or port", format!("{scheme}://{host}{path}{behind}")));
        }
    }
    forms.push(("with a slash at its end", format!("{scheme}://{host}{path}/{behind}")));
    forms.push((
        "without the slash at its end",
        format!("{scheme}://{host}{}{behind}", path.trim_end_matches('/')),
    ));
    let www = bare.strip_prefix("www.").map_or_else(|| format!("www.{host}"), str::to_owned);
    forms.push(("with or without `www.`", format!("{scheme}://{www}{path}{behind}")));
    forms.push(("host in lower case", format!("{scheme}://{}{path}{behind}", host.to_lowercase())));
    forms.push(("path in lower case", format!("{scheme}://{host}{}{behind}", path.to_lowercase())));
    forms.push(("without the query", format!("{scheme}://{host}{path}")));
    if let Some((_, rest)) = path.trim_start_matches('/').split_once('/') {
        forms.push(("without the first step of its path", format!("{scheme}://{host}/{rest}{behind}")));
    }
    for prefix in ["api", "v1", "index.php"] {
        forms.push(("with one more step of its path", format!("{scheme}://{host}/{prefix}{path}{behind}")));
    }
    if let Some(decoded) = decoded(path, false) {
        forms.push(("path decoded", format!("{scheme}://{host}{decoded}{behind}")));
    }
    for (word, form) in forms.into_iter().filter(|(_, form)| *form != url) {
        let title = format!("the URL was another one when it was signed: {word}");
        all.push(change(rank::HEADER, "message.url".to_owned(), word, title, ADDRESS, move |message| {
            message.set_url(&form)
        }));
    }
}
