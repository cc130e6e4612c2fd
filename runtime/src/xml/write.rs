//! XML for requests: the members of a JSON object become the children of a root element.
//!
//! Requests are written as objects whatever carries them, so one writer of nested types serves JSON and XML. Text is
//! escaped; there is no CDATA, no declaration and no white space between elements.

use super::{is_character, is_name};
use crate::json;

/// A name or value that XML cannot hold. The value is not repeated: it may be personal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` cannot be written in XML: a name or a character that XML does not have")]
pub struct XmlUnwritable {
    /// The name of the element.
    pub name: String,
}

/// The XML of a JSON object: strings are text, numbers and booleans their own text, objects nested elements, arrays an
/// element for each item, `null` an empty element.
pub(crate) fn write(root: &str, object: &str) -> Result<String, XmlUnwritable> {
    let mut out = String::new();
    element(&mut out, root, object)?;
    Ok(out)
}

fn element(out: &mut String, name: &str, value: &str) -> Result<(), XmlUnwritable> {
    if let Some(items) = json::items(value) {
        return items.iter().try_for_each(|item| element(out, name, item.get()));
    }
    if !is_name(name) {
        return Err(XmlUnwritable { name: name.to_owned() });
    }
    out.extend(["<", name, ">"]);
    if value.starts_with('{') {
        for (name, value) in json::members(value).unwrap_or_default() {
            element(out, &name, value.get())?;
        }
    } else if let Some(content) = json::string(value) {
        text(out, &content).ok_or_else(|| XmlUnwritable { name: name.to_owned() })?;
    } else if value != "null" {
        out.push_str(value);
    }
    out.extend(["</", name, ">"]);
    Ok(())
}

fn text(out: &mut String, content: &str) -> Option<()> {
    for character in content.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A reader would make a line feed of it.
            '\r' => out.push_str("&#13;"),
            other if is_character(other) => out.push(other),
            _ => return None,
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_nothing_can_break_out() {
        let object = r#"{"a":"</a><b>1</b>&]]>","c":"x\r\n\"中","n":1.0,"t":true,"z":null}"#;
        assert_eq!(
            write("xml", object).as_deref(),
            Ok(
                "<xml><a>&lt;/a&gt;&lt;b&gt;1&lt;/b&gt;&amp;]]&gt;</a><c>x&#13;\n\"中</c><n>1.0</n><t>true</t><z></z></xml>"
            )
        );
    }

    #[test]
    fn objects_nest_and_items_of_arrays_repeat() {
        let object = r#"{"a":{"b":"1","c":{}},"d":["1",{"e":"2"}],"f":[]}"#;
        assert_eq!(write("r", object).as_deref(), Ok("<r><a><b>1</b><c></c></a><d>1</d><d><e>2</e></d></r>"));
    }

    #[test]
    fn what_xml_cannot_hold_is_refused() {
        let refused = |object| write("r", object).map_err(|error| error.name);
        assert_eq!(refused(r#"{"a":"\u0000"}"#), Err("a".to_owned()));
        assert_eq!(refused(r#"{"a b":"1"}"#), Err("a b".to_owned()));
        assert_eq!(refused(r#"{"a><b":"1"}"#), Err("a><b".to_owned()));
        assert_eq!(refused(r#"{"":"1"}"#), Err(String::new()));
    }

    #[test]
    fn what_was_written_is_read_again() {
        let object = r#"{"a":" <&>\r\n","b":{"c":"1"}}"#;
        let children = super::super::children(&write("r", object).unwrap_or_default(), 8);
        assert_eq!(children.map(|children| super::super::to_json(&children)).as_deref(), Ok(object));
    }
}
