//! XML for requests, and for what the provider's side sends: text is escaped; no CDATA, no declaration, no white space
//! between elements.

use crate::json::{self, Json, JsonKind};
use crate::xml::{is_character, is_name};

/// A root with these children, each of them JSON text: strings as text, objects as nested elements, arrays as an
/// element for each item, `null` as an empty element. `None` for a name or character that XML does not have.
pub(crate) fn write<'a>(root: &str, children: impl IntoIterator<Item = (&'a str, String)>) -> Option<String> {
    let mut written = String::new();
    for (name, value) in children {
        write_element(name, &json::parse(&value).ok()?, &mut written)?;
    }
    is_name(root).then(|| format!("<{root}>{written}</{root}>"))
}

fn write_element(name: &str, value: &Json<'_>, written: &mut String) -> Option<()> {
    let mut inner = String::new();
    match &value.kind {
        JsonKind::List(items) => {
            return items.iter().try_for_each(|item| write_element(name, item, written));
        }
        JsonKind::Object(members) => {
            for (name, member) in &members.0 {
                write_element(name, member, &mut inner)?;
            }
        }
        JsonKind::Text(text) => inner = escape(text)?,
        JsonKind::Number | JsonKind::Flag => inner.push_str(value.raw),
        JsonKind::Null => {}
    }
    if !is_name(name) {
        return None;
    }
    written.push_str(&format!("<{name}>{inner}</{name}>"));
    Some(())
}

fn escape(text: &str) -> Option<String> {
    // A line feed is what a reader would make of a carriage return.
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#13;");
    escaped.chars().all(is_character).then_some(escaped)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::xml::{Value, children};

    #[test]
    fn what_is_written_is_read_again() {
        let values = [
            ("a", json::quote("<&>\"'\r\n")),
            ("b", r#"{"c":1,"d":null}"#.to_owned()),
            ("e", r#"["x",2]"#.to_owned()),
        ];
        let text = write("xml", values).unwrap();
        assert_eq!(text, "<xml><a>&lt;&amp;&gt;\"'&#13;\n</a><b><c>1</c><d></d></b><e>x</e><e>2</e></xml>");
        let text_of = |text: &str| Value::Text(text.to_owned());
        let read = children(&text).unwrap();
        let found: Vec<(&str, &Value)> = read.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let nested = Value::Nested(r#"{"c":"1","d":""}"#.to_owned());
        assert_eq!(
            found,
            [("a", &text_of("<&>\"'\r\n")), ("b", &nested), ("e", &text_of("x")), ("e", &text_of("2"))]
        );
        assert_eq!(write("xml", [("1", String::from("1"))]), None);
        assert_eq!(write("xml", [("a", json::quote("\u{1}"))]), None);
    }
}
