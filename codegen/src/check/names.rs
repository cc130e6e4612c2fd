//! Names: from the wire into Rust's cases, and what may not be called what.
//!
//! A name is split into words at `-`, `_`, `.`, blanks and where the case changes; digits stay with the word before.
//! What gives no identifier (another script, a leading digit) needs a `name:` from the author: nothing is invented.

use std::collections::HashMap;

use super::Context;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::ir;
use crate::read::Spanned;

/// Words that no member or function can be called.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// Types that every emitted module has, and names that it takes from the standard library by glob import: a type of
/// the same name would take their place.
const TAKEN_TYPES: &[&str] = &[
    "Arc",
    "AsMut",
    "AsRef",
    "Box",
    "Client",
    "ClientBuilder",
    "Clone",
    "Copy",
    "Credentials",
    "Debug",
    "Default",
    "Deref",
    "Display",
    "DoubleEndedIterator",
    "Drop",
    "ERRORS",
    "Environment",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Host",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Options",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
    "ZONE",
];

/// Functions that every emitted client has.
const TAKEN_FUNCTIONS: &[&str] = &[
    "access_token",
    "assemble",
    "at",
    "builder",
    "charset",
    "check",
    "checker",
    "clone",
    "clone_from",
    "drop",
    "fetch_token",
    "fmt",
];

/// The name on the wire in Rust's cases; `None` if it gives no identifier.
pub(super) fn name_of(wire: &str) -> Option<ir::Name> {
    let words = words(wire)?;
    let snake = words.join("_");
    let pascal: String = words.iter().map(|word| capitalised(word)).collect();
    Some(ir::Name { wire: wire.to_owned(), snake: legal(snake), pascal: legal(pascal) })
}

/// A name for going on with after the name's own mistake has been reported.
pub(super) fn placeholder(wire: &str) -> ir::Name {
    ir::Name { wire: wire.to_owned(), snake: format!("unnamed_{wire}"), pascal: format!("Unnamed{wire}") }
}

fn words(wire: &str) -> Option<Vec<String>> {
    let chars: Vec<char> = wire.chars().collect();
    let mut words: Vec<String> = vec![String::new()];
    for (place, &c) in chars.iter().enumerate() {
        if matches!(c, '-' | '_' | '.' | ' ') {
            words.push(String::new());
            continue;
        }
        if !c.is_ascii_alphanumeric() {
            return None;
        }
        let before = place.checked_sub(1).and_then(|before| chars.get(before)).copied().unwrap_or('_');
        let after = chars.get(place + 1).copied().unwrap_or('_');
        let begins = c.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || before.is_ascii_digit()
                || (before.is_ascii_uppercase() && after.is_ascii_lowercase()));
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    let begins_with_a_letter = words.first()?.starts_with(|c: char| c.is_ascii_alphabetic());
    begins_with_a_letter.then_some(words)
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

fn legal(name: String) -> String {
    if KEYWORDS.contains(&name.as_str()) || name == "Self" { format!("{name}_") } else { name }
}

/// Whether the text is a name in `snake_case`.
pub(super) fn is_snake(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !text.ends_with('_')
        && !text.contains("__")
}

/// Whether the text is a name in `PascalCase`.
pub(super) fn is_pascal(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Whether the text is a Rust keyword.
pub(super) fn is_keyword(text: &str) -> bool {
    KEYWORDS.contains(&text)
}

impl Context<'_> {
    /// The name of a field: as it is on the wire, with `name:` for Rust.
    pub(super) fn field_name(&self, wire: &str, span: Span, given: Option<&Spanned<String>>) -> ir::Name {
        let name = match given {
            Some(given) if is_snake(given) => {
                name_of(given).map(|name| ir::Name { wire: wire.to_owned(), ..name })
            }
            Some(given) => {
                let guess = words(given).map(|words| format!("write `{}`", words.join("_")));
                let message = format!("`{given}` is no name for a member");
                self.say(Diagnostic::new(Code::InvalidName, given.span, message).mend_if_any(guess));
                None
            }
            None => name_of(wire).or_else(|| {
                let message = format!("field `{wire}` has no Rust name");
                self.say(
                    Diagnostic::new(Code::FieldWithoutName, span, message)
                        .mend("add `name:`, such as `name: trade_no`"),
                );
                None
            }),
        };
        let Some(name) = name else { return placeholder(wire) };
        if matches!(name.snake.as_str(), "optional" | "extra") {
            let message = format!("a member cannot be called `{}`: the generated struct has one", name.snake);
            let span = given.map_or(span, |given| given.span);
            self.say(Diagnostic::new(Code::ReservedName, span, message).mend("give it another `name:`"));
        }
        name
    }

    /// The name of a value of an enumeration.
    pub(super) fn value_name(&self, wire: &Spanned<String>, given: Option<&Spanned<String>>) -> ir::Name {
        let name = match given {
            Some(given) if is_pascal(given) => name_of(given).map(|name| ir::Name {
                wire: wire.value.clone(),
                pascal: legal(given.value.clone()),
                ..name
            }),
            Some(given) => {
                let message = format!("`{given}` is no name for a value");
                self.say(
                    Diagnostic::new(Code::InvalidName, given.span, message).mend("write it in CamelCase"),
                );
                None
            }
            None => name_of(wire).or_else(|| {
                let message = format!("value `{wire}` has no Rust name");
                let mend = "add `name:`, such as `name: QrCode`";
                self.say(Diagnostic::new(Code::ValueWithoutName, wire.span, message).mend(mend));
                None
            }),
        };
        let Some(name) = name else { return placeholder(wire) };
        if matches!(name.pascal.as_str(), "Other" | "ALL") {
            let what =
                if name.pascal == "Other" { "variant of unlisted values" } else { "list of all values" };
            let message = format!("value `{wire}` cannot be called `{}`: that is the {what}", name.pascal);
            self.say(Diagnostic::new(Code::ReservedName, wire.span, message).mend("give it another `name:`"));
        }
        name
    }

    /// The name of an entry that the author named: operation, callback, credential, host ...
    pub(super) fn entry_name(&self, what: &str, key: &Spanned<String>) -> ir::Name {
        let name = if is_snake(key) { name_of(key) } else { None };
        name.unwrap_or_else(|| {
            let guess = words(key).map(|words| format!("write `{}`", words.join("_")));
            let message = format!("`{key}` is no name for {what}");
            self.say(Diagnostic::new(Code::InvalidName, key.span, message).mend_if_any(guess));
            placeholder(key)
        })
    }

    /// Names that must differ in Rust, each with its place.
    pub(super) fn distinct_names<'n>(&self, names: impl IntoIterator<Item = (&'n ir::Name, Span)>) {
        let mut seen: HashMap<&str, (&ir::Name, Span)> = HashMap::new();
        for (name, span) in names {
            let Some((first, at)) = seen.get(name.snake.as_str()) else {
                seen.insert(&name.snake, (name, span));
                continue;
            };
            let message = if first.wire == name.wire {
                format!("`{}` occurs twice in one message", name.wire)
            } else {
                format!("`{}` and `{}` are both `{}` in Rust", first.wire, name.wire, name.snake)
            };
            let diagnostic = Diagnostic::new(Code::NameTwice, span, message).related(*at, "first here");
            self.say(diagnostic.mend("give one of them a `name`"));
        }
    }
}

/// Everything that an emitted module names at its top, to find what falls together.
pub(super) struct Taken<'c, 'a> {
    cx: &'c Context<'a>,
    types: HashMap<String, (String, Span)>,
    functions: HashMap<String, (String, Span)>,
}

impl<'c, 'a> Taken<'c, 'a> {
    pub(super) fn new(cx: &'c Context<'a>) -> Self {
        Taken { cx, types: HashMap::new(), functions: HashMap::new() }
    }

    /// A type `name` that is emitted because of `owner`.
    pub(super) fn a_type(&mut self, name: String, owner: &str, span: Span) {
        if TAKEN_TYPES.contains(&name.as_str()) {
            let message =
                format!("{owner} would be called `{name}` in Rust, which the generated code needs itself");
            self.cx.say(Diagnostic::new(Code::ReservedName, span, message).mend("choose another name"));
            return;
        }
        collide(self.cx, &mut self.types, name, owner, span);
    }

    /// A function of the client that is emitted because of `owner`.
    pub(super) fn a_function(&mut self, name: String, owner: &str, span: Span) {
        if TAKEN_FUNCTIONS.contains(&name.as_str()) {
            let message =
                format!("{owner} would be called `{name}` in Rust, and every client has a function `{name}`");
            self.cx.say(Diagnostic::new(Code::ReservedName, span, message).mend("choose another name"));
            return;
        }
        collide(self.cx, &mut self.functions, name, owner, span);
    }
}

fn collide(
    cx: &Context<'_>,
    seen: &mut HashMap<String, (String, Span)>,
    name: String,
    owner: &str,
    span: Span,
) {
    match seen.get(&name) {
        Some((first, at)) if *at != span => {
            let message = format!("{first} and {owner} are both `{name}` in Rust");
            let diagnostic = Diagnostic::new(Code::NameTwice, span, message).related(*at, "first here");
            cx.say(diagnostic.mend("rename one of them"));
        }
        Some(_) => {}
        None => {
            seen.insert(name, (owner.to_owned(), span));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn both(wire: &str) -> (String, String) {
        let name = name_of(wire).unwrap();
        (name.snake, name.pascal)
    }

    #[test]
    fn names_are_split_where_the_case_changes() {
        for wire in ["outer_trade_no", "outerTradeNo", "OuterTradeNo", "outer-trade-no", "outer.trade.no"] {
            assert_eq!(both(wire), ("outer_trade_no".into(), "OuterTradeNo".into()), "{wire}");
        }
        assert_eq!(both("tradeNO").0, "trade_no");
        assert_eq!(both("skuId").0, "sku_id");
        assert_eq!(both("HTTPUrl").0, "http_url");
        assert_eq!(both("UTF-8"), ("utf_8".into(), "Utf8".into()));
        assert_eq!(both("md5Sign").0, "md5_sign");
        assert_eq!(both("_body").0, "body");
    }

    #[test]
    fn keywords_get_an_underscore() {
        assert_eq!(both("type").0, "type_");
        assert_eq!(both("Self").1, "Self_");
    }

    #[test]
    fn what_begins_with_a_digit_or_is_not_ascii_gives_no_name() {
        for wire in ["3ds_url", "901", "-1", "交易号", "", "_", "a$b"] {
            assert_eq!(name_of(wire), None, "{wire}");
        }
    }
}
