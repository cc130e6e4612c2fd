//! JSON written again without white space between tokens, members by name if wanted. Numbers and strings keep the
//! spelling in which they came: they are copied, never parsed into values.

use crate::json::{check, items, kind, members, string};

/// How deep JSON may be nested.
const DEPTH: usize = 64;

/// The compact text; `None` if it is no JSON, nested too deeply, or has a name twice in one object.
pub(super) fn compact(text: &str, sorted: bool) -> Option<String> {
    check(text, DEPTH).ok()?;
    let value: &serde_json::value::RawValue = serde_json::from_str(text).ok()?;
    let mut out = String::with_capacity(text.len());
    write(value.get(), sorted, &mut out)?;
    Some(out)
}

fn write(text: &str, sorted: bool, out: &mut String) -> Option<()> {
    match kind(text) {
        "an object" => write_object(text, sorted, out),
        "an array" => {
            out.push('[');
            for (index, item) in items(text)?.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item.get(), sorted, out)?;
            }
            out.push(']');
            Some(())
        }
        _ => {
            out.push_str(text.trim_ascii());
            Some(())
        }
    }
}

fn write_object(text: &str, sorted: bool, out: &mut String) -> Option<()> {
    // The names' own spelling is wanted, which a parser does not keep: they are cut out between the values.
    let members = members(text).ok()?;
    let mut written = Vec::with_capacity(members.len());
    let mut rest_at = 0;
    for (name, value) in &members {
        let start = (value.get().as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
        let before = text.get(rest_at..start)?;
        let literal = before.get(before.find('"')?..=before.rfind('"')?)?;
        // A check on the cutting: the literal must read as the name.
        if string(literal)?.as_ref() != name.as_ref() {
            return None;
        }
        written.push((name, literal, value.get()));
        rest_at = start.checked_add(value.get().len())?;
    }
    if sorted {
        written.sort_by_key(|(name, ..)| *name);
    }
    out.push('{');
    for (index, (_, literal, value)) in written.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(literal);
        out.push(':');
        write(value, sorted, out)?;
    }
    out.push('}');
    Some(())
}
