//! Pieces of a recipe as a spec writes them: the words of the interpreter, and what has to be put together.

use payspec_codegen::ir::{
    Charset, Decimals, EmptyAction, Entry, Filter, Key, Names, Nested, Newline, Padding, PairPiece, Piece,
    Selection, UrlDialect,
};
pub(crate) use payspec_interpreter::words::{algorithm, cipher, credential, operand, order, output};

/// A text in double quotes, so that line ends and the like can be seen.
pub(crate) fn quoted(text: &str) -> String {
    let mut written = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            own if own.is_control() || own == '\u{feff}' => {
                written.push_str(&format!("\\u{:04x}", u32::from(own)));
            }
            own => written.push(own),
        }
    }
    written.push('"');
    written
}

fn literal(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

fn placeholder(inner: &str, filters: &[Filter]) -> String {
    let filters: String = filters.iter().map(|own| format!("|{}", filter(own))).collect();
    format!("{{{inner}{filters}}}")
}

/// A template, in quotes.
pub(crate) fn template(pieces: &[Piece]) -> String {
    let text: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Literal(text) => literal(text),
            Piece::List => String::from("{fields}"),
            Piece::ListNames => String::from("{names}"),
            Piece::Signature => String::from("{signature}"),
            Piece::Value { from, filters } => placeholder(&operand(from), filters),
        })
        .collect();
    quoted(&text)
}

/// The template of `pair`, in quotes.
pub(crate) fn pair(pieces: &[PairPiece]) -> String {
    let text: String = pieces
        .iter()
        .map(|piece| match piece {
            PairPiece::Literal(text) => literal(text),
            PairPiece::Name(filters) => placeholder("name", filters),
            PairPiece::Value(filters) => placeholder("value", filters),
            PairPiece::Operand { from, filters } => placeholder(&operand(from), filters),
        })
        .collect();
    quoted(&text)
}

pub(crate) fn decimals(decimals: Decimals) -> String {
    if decimals.min == decimals.max {
        format!("decimals({})", decimals.min)
    } else {
        format!("decimals({}-{})", decimals.min, decimals.max)
    }
}

pub(crate) const fn dialect(dialect: UrlDialect) -> &'static str {
    match dialect {
        UrlDialect::Rfc3986 => "rfc3986",
        UrlDialect::Form => "form",
        UrlDialect::Php => "php",
        UrlDialect::Dotnet => "dotnet",
        UrlDialect::Js => "js",
    }
}

fn argument(text: &str) -> String {
    let is_plain =
        !text.is_empty() && text.chars().all(|own| own.is_ascii_graphic() && !"\"'(),|{}".contains(own));
    if is_plain { text.to_owned() } else { quoted(text) }
}

pub(crate) fn filter(filter: &Filter) -> String {
    match filter {
        Filter::Lower => String::from("lower"),
        Filter::Upper => String::from("upper"),
        Filter::Trim => String::from("trim"),
        Filter::Decimals(own) => decimals(*own),
        Filter::Url(own) => format!("url({})", dialect(*own)),
        Filter::Escape(text) => format!("escape({})", argument(text)),
        Filter::Length => String::from("length"),
        Filter::First(count) => format!("first({count})"),
        Filter::Last(count) => format!("last({count})"),
        Filter::Reverse => String::from("reverse"),
        Filter::Hex => String::from("hex"),
        Filter::Base64 => String::from("base64"),
        Filter::Base64Url => String::from("base64url"),
        Filter::FromHex => String::from("from-hex"),
        Filter::FromBase64 => String::from("from-base64"),
        Filter::Json { sorted: true } => String::from("json(sorted)"),
        Filter::Json { sorted: false } => String::from("json()"),
        Filter::Without(text) => format!("without({})", argument(text)),
        Filter::Newlines(Newline::Lf) => String::from("newlines(lf)"),
        Filter::Newlines(Newline::CrLf) => String::from("newlines(crlf)"),
        Filter::After(text) => format!("after({})", argument(text)),
        Filter::AfterLast(text) => format!("after-last({})", argument(text)),
        Filter::JsonString => String::from("json-string"),
    }
}

pub(crate) fn filters(filters: &[Filter]) -> String {
    format!("[{}]", filters.iter().map(filter).collect::<Vec<_>>().join(", "))
}

pub(crate) const fn names(names: Names) -> &'static str {
    match names {
        Names::AsIs => "as is",
        Names::Upper => "upper",
        Names::Lower => "lower",
    }
}

pub(crate) const fn nested(nested: Nested) -> &'static str {
    match nested {
        Nested::Refuse => "refuse",
        Nested::Raw => "raw",
        Nested::Leaves => "leaves",
        Nested::Drop => "drop",
        Nested::SameRule => "same rule",
    }
}

pub(crate) fn empty_action(action: &EmptyAction) -> String {
    match action {
        EmptyAction::Drop => String::from("drop"),
        EmptyAction::Keep => String::from("keep"),
        EmptyAction::Refuse => String::from("refuse"),
        EmptyAction::As(text) => format!("{{ as: {} }}", quoted(text)),
    }
}

pub(crate) const fn charset(charset: Charset) -> &'static str {
    match charset {
        Charset::Utf8 => "utf-8",
        Charset::Gbk => "gbk",
        Charset::Gb18030 => "gb18030",
        Charset::Latin1 => "iso-8859-1",
    }
}

pub(crate) fn padding(padding: Padding) -> String {
    match padding {
        Padding::Pkcs7(16) => String::from("pkcs7"),
        Padding::Pkcs7(block) => format!("pkcs7({block})"),
        Padding::Zeros => String::from("zeros"),
        Padding::None => String::from("none"),
    }
}

pub(crate) fn key(key: &Key) -> String {
    match key {
        Key::Credential { path, .. } => credential(path),
        Key::Computed(pieces) => template(pieces),
    }
}

pub(crate) fn selection(selection: &Selection) -> String {
    match selection {
        Selection::All => String::from("all"),
        Selection::Query => String::from("query"),
        Selection::Body => String::from("body"),
        Selection::Named(entries) => {
            format!("[{}]", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Selection::NamedIn { field, split, at_least, within } => {
            let split = split.as_ref().map(|split| format!(", split: {}", quoted(split))).unwrap_or_default();
            let within =
                within.as_ref().map(|path| format!(", within: {}", path.dotted())).unwrap_or_default();
            format!("{{ named_in: {}{split}, at_least: [{}]{within} }}", field.dotted(), at_least.join(", "))
        }
        Selection::Headers(names) => format!("{{ headers: [{}] }}", names.join(", ")),
        Selection::MembersOf(path) => format!("{{ members_of: {} }}", path.dotted()),
    }
}

fn entry(entry: &Entry) -> String {
    match entry {
        Entry::Name(name) => plain_name(name),
        Entry::Path(path) => plain_name(&path.dotted()),
        Entry::Prefix(start) => quoted(&format!("{start}*")),
        Entry::Elements(name) => quoted(&format!("{name}[]")),
        Entry::Rows { rows, from, fields } => {
            let fields: Vec<String> = fields.iter().map(|name| plain_name(name)).collect();
            format!("{{ each: {}, from: {from}, fields: [{}] }}", rows.dotted(), fields.join(", "))
        }
    }
}

/// A name as it stands in a list: in quotes where YAML would take it for something else.
pub(crate) fn plain_name(name: &str) -> String {
    let is_plain = name.starts_with(|own: char| own.is_ascii_alphabetic() || own == '_')
        && name.chars().all(|own| own.is_ascii_alphanumeric() || "_-.".contains(own))
        && !["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
            .contains(&name.to_lowercase().as_str());
    if is_plain { name.to_owned() } else { quoted(name) }
}
