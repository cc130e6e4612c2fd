//! JSON written in the ways in which programs write it again.
//!
//! Numbers and the characters of strings stay what they are; white space, the order of members and escapes change.

use super::encoding::from_base64;

/// A value, its tokens as they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    /// A number, `true`, `false`, `null`.
    Word(String),
    /// A string, unescaped.
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// How deep values may be nested.
const MAX_DEPTH: usize = 64;

struct Reader<'a> {
    rest: &'a str,
}

/// Reads a whole text; `None` if it is no object or array.
pub(crate) fn parse(text: &str) -> Option<Json> {
    let mut reader = Reader { rest: text.trim_start_matches('\u{feff}') };
    let value = reader.value(0)?;
    (reader.skip().is_empty() && !matches!(value, Json::Word(_) | Json::Text(_))).then_some(value)
}

/// The text of an object without each of its members in turn, by the name of what is left out.
pub(crate) fn without_each_member(text: &str) -> Vec<(String, String)> {
    let Some(Json::Object(members)) = parse(text) else { return Vec::new() };
    let ends = member_ends(text);
    let without = |(index, (name, _)): (usize, (String, Json))| {
        let (start, end) = (*ends.get(index)?, *ends.get(index + 1)?);
        // With the comma before it; of the first one with the comma behind it.
        let (from, to) =
            if index == 0 { (start + 1, end + usize::from(ends.len() > 2)) } else { (start, end) };
        Some((name, format!("{}{}", text.get(..from)?, text.get(to..)?)))
    };
    members.into_iter().enumerate().filter_map(without).collect()
}

/// Where the opening brace, the commas between members, and the closing brace stand.
fn member_ends(text: &str) -> Vec<usize> {
    let (mut depth, mut is_inside, mut is_escaped) = (0_usize, false, false);
    let mut ends = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '"' if !is_escaped => is_inside = !is_inside,
            _ if is_inside => {}
            '{' | '[' => {
                depth += 1;
                if depth == 1 {
                    ends.push(at);
                }
            }
            '}' | ']' => {
                if depth == 1 {
                    ends.push(at);
                }
                depth = depth.saturating_sub(1);
            }
            ',' if depth == 1 => ends.push(at),
            _ => {}
        }
        is_escaped = is_inside && c == '\\' && !is_escaped;
    }
    ends
}

/// Reads JSON that stands there as it is, or as the base64 of its text.
pub(crate) fn anywhere(text: &str) -> Option<Json> {
    if text.trim_start().starts_with(['{', '[']) {
        return parse(text);
    }
    let bytes = from_base64(&text.replace('-', "+").replace('_', "/"))?;
    parse(&String::from_utf8(bytes).ok()?)
}

impl<'a> Reader<'a> {
    fn skip(&mut self) -> &'a str {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.rest
    }

    fn takes(&mut self, expected: char) -> bool {
        match self.skip().strip_prefix(expected) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        if depth > MAX_DEPTH {
            return None;
        }
        if self.takes('{') {
            let mut members = Vec::new();
            if self.takes('}') {
                return Some(Json::Object(members));
            }
            loop {
                self.skip();
                let name = self.string()?;
                if !self.takes(':') {
                    return None;
                }
                members.push((name, self.value(depth + 1)?));
                if self.takes('}') {
                    return Some(Json::Object(members));
                }
                if !self.takes(',') {
                    return None;
                }
            }
        }
        if self.takes('[') {
            let mut items = Vec::new();
            if self.takes(']') {
                return Some(Json::List(items));
            }
            loop {
                items.push(self.value(depth + 1)?);
                if self.takes(']') {
                    return Some(Json::List(items));
                }
                if !self.takes(',') {
                    return None;
                }
            }
        }
        if self.skip().starts_with('"') {
            return Some(Json::Text(self.string()?));
        }
        let end = self.rest.find([',', ']', '}', ' ', '\n', '\r', '\t']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end)?;
        let is_word =
            !word.is_empty() && word.chars().all(|own| own.is_ascii_alphanumeric() || "+-.".contains(own));
        self.rest = rest;
        is_word.then(|| Json::Word(word.to_owned()))
    }

    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut characters = self.rest.strip_prefix('"')?.chars();
        loop {
            match characters.next()? {
                '"' => {
                    self.rest = characters.as_str();
                    return Some(text);
                }
                '\\' => match characters.next()? {
                    'n' => text.push('\n'),
                    'r' => text.push('\r'),
                    't' => text.push('\t'),
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{c}'),
                    'u' => {
                        let first = four_digits(&mut characters)?;
                        if (0xd800..0xdc00).contains(&first) {
                            if characters.next()? != '\\' || characters.next()? != 'u' {
                                return None;
                            }
                            let second = four_digits(&mut characters)?.checked_sub(0xdc00)?;
                            text.push(char::from_u32(0x10000 + ((first - 0xd800) << 10) + second)?);
                        } else {
                            text.push(char::from_u32(first)?);
                        }
                    }
                    own => text.push(own),
                },
                own => text.push(own),
            }
        }
    }
}

fn four_digits(characters: &mut std::str::Chars<'_>) -> Option<u32> {
    let digits: String = characters.by_ref().take(4).collect();
    if digits.len() == 4 { u32::from_str_radix(&digits, 16).ok() } else { None }
}

/// Where white space stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    None,
    /// Behind `:` and `,`, as Python writes it.
    Python,
    /// A line for each value, so many blanks for each level; 0: a tab.
    Lines(usize),
}

/// How characters beyond ASCII are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beyond {
    AsIs,
    LowerEscapes,
    UpperEscapes,
}

/// In which order members stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Members {
    AsTheyCame,
    ByName,
}

/// A way of writing JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) space: Space,
    pub(crate) beyond: Beyond,
    pub(crate) members: Members,
    /// `/` as `\/`.
    pub(crate) slashes: bool,
    /// `<`, `>`, `&` as `\u003c` and so on.
    pub(crate) html: bool,
}

impl Style {
    /// Every way, plain ones first.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for members in [Members::AsTheyCame, Members::ByName] {
            for (slashes, html) in [(false, false), (true, false), (false, true)] {
                for beyond in [Beyond::AsIs, Beyond::LowerEscapes, Beyond::UpperEscapes] {
                    for space in
                        [Space::None, Space::Python, Space::Lines(2), Space::Lines(4), Space::Lines(0)]
                    {
                        all.push(Self { space, beyond, members, slashes, html });
                    }
                }
            }
        }
        all
    }

    /// In words: what the signer wrote.
    pub(crate) fn described(self) -> String {
        let mut words = vec![match self.space {
            Space::None => "without white space",
            Space::Python => "with a blank behind `:` and `,`",
            Space::Lines(0) => "on lines indented by tabs",
            Space::Lines(2) => "on lines indented by two blanks",
            Space::Lines(_) => "on lines indented by four blanks",
        }];
        if self.members == Members::ByName {
            words.push("members by name");
        }
        if self.slashes {
            words.push("`/` as `\\/`");
        }
        if self.html {
            words.push("`<`, `>` and `&` as `\\u003c` and so on");
        }
        match self.beyond {
            Beyond::AsIs => {}
            Beyond::LowerEscapes => words.push("characters beyond ASCII as `\\u4e2d`"),
            Beyond::UpperEscapes => words.push("characters beyond ASCII as `\\u4E2D`"),
        }
        words.join(", ")
    }
}

/// Writes a value.
pub(crate) fn write(json: &Json, style: Style) -> String {
    let mut text = String::new();
    value(json, style, 0, &mut text);
    text
}

fn value(json: &Json, style: Style, level: usize, text: &mut String) {
    match json {
        Json::Word(word) => text.push_str(word),
        Json::Text(own) => string(own, style, text),
        Json::List(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, style, level + 1, text);
                value(item, style, level + 1, text);
            }
            end(items.is_empty(), style, level, text);
            text.push(']');
        }
        Json::Object(members) => {
            let mut members: Vec<&(String, Json)> = members.iter().collect();
            if style.members == Members::ByName {
                members.sort_by(|(a, _), (b, _)| a.as_bytes().cmp(b.as_bytes()));
            }
            text.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                separate(index, style, level + 1, text);
                string(name, style, text);
                text.push_str(if style.space == Space::None { ":" } else { ": " });
                value(member, style, level + 1, text);
            }
            end(members.is_empty(), style, level, text);
            text.push('}');
        }
    }
}

fn separate(index: usize, style: Style, level: usize, text: &mut String) {
    if index > 0 {
        text.push(',');
    }
    match style.space {
        Space::None => {}
        Space::Python if index > 0 => text.push(' '),
        Space::Python => {}
        Space::Lines(blanks) => line(blanks, level, text),
    }
}

fn end(is_empty: bool, style: Style, level: usize, text: &mut String) {
    if let Space::Lines(blanks) = style.space
        && !is_empty
    {
        line(blanks, level, text);
    }
}

fn line(blanks: usize, level: usize, text: &mut String) {
    text.push('\n');
    text.push_str(&if blanks == 0 { "\t".repeat(level) } else { " ".repeat(blanks * level) });
}

fn string(own: &str, style: Style, text: &mut String) {
    text.push('"');
    for character in own.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '/' if style.slashes => text.push_str("\\/"),
            '<' | '>' | '&' if style.html => text.push_str(&format!("\\u{:04x}", u32::from(character))),
            own if own.is_control() && own.is_ascii() => text.push_str(&format!("\\u{:04x}", u32::from(own))),
            own if !own.is_ascii() && style.beyond != Beyond::AsIs => escape(own, style.beyond, text),
            own => text.push(own),
        }
    }
    text.push('"');
}

fn escape(character: char, beyond: Beyond, text: &mut String) {
    let mut units = [0; 2];
    for unit in character.encode_utf16(&mut units) {
        text.push_str(&match beyond {
            Beyond::UpperEscapes => format!("\\u{unit:04X}"),
            _ => format!("\\u{unit:04x}"),
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn json_is_written_as_programs_write_it() {
        let json = parse(r#" { "b" : [1.50, "中/<"] , "a":{} , "c": null } "#).unwrap();
        let style = *Style::all().first().unwrap();
        assert_eq!(write(&json, style), r#"{"b":[1.50,"中/<"],"a":{},"c":null}"#);
        let python = Style { space: Space::Python, beyond: Beyond::LowerEscapes, ..style };
        assert_eq!(write(&json, python), r#"{"b": [1.50, "\u4e2d/<"], "a": {}, "c": null}"#);
        let sorted = Style { members: Members::ByName, slashes: true, html: true, ..style };
        assert_eq!(write(&json, sorted), r#"{"a":{},"b":[1.50,"中\/\u003c"],"c":null}"#);
        let lines = Style { space: Space::Lines(2), ..style };
        assert_eq!(
            write(&json, lines),
            "{\n  \"b\": [\n    1.50,\n    \"中/<\"\n  ],\n  \"a\": {},\n  \"c\": null\n}"
        );
    }

    #[test]
    fn what_is_no_json_is_not_read() {
        for wrong in ["", "1", "\"a\"", "{", "{\"a\"}", "[1,]x", "{\"a\":}", "[\"\\u12\"]", "[}"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        assert_eq!(parse(&"[".repeat(1000)), None);
        assert_eq!(parse(r#"["😀"]"#), parse("[\"😀\"]"));
    }
}
