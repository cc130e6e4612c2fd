//! Templates, taken apart: literal text, placeholders in braces, filters behind bars.
//!
//! Only the grammar is known here, so that it can be tested without a spec. What a placeholder names and whether it
//! may stand where it stands is the matter of `templates`, what a filter does that of `filters`.

use std::iter::Peekable;
use std::str::Chars;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Text, with doubled braces undone.
    Literal(String),
    /// What stood in braces.
    Placeholder(Placeholder),
}

/// `{kind:name|filter(argument)}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placeholder {
    /// Before the colon.
    pub(super) kind: Option<String>,
    /// Behind it.
    pub(super) name: String,
    /// From left to right.
    pub(super) filters: Vec<Call>,
}

/// A filter as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    /// Its name.
    pub(super) name: String,
    /// What stands in parentheses, without the quotes around it; `None` without parentheses.
    pub(super) argument: Option<String>,
}

impl Placeholder {
    /// As it is written, without its filters.
    pub(super) fn shown(&self) -> String {
        match &self.kind {
            Some(kind) => format!("{{{kind}:{}}}", self.name),
            None => format!("{{{}}}", self.name),
        }
    }
}

const OPEN: &str = "a `{` that is not closed";

/// The pieces of a template, or why it is none.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, &'static str> {
    let mut tokens = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' | '}' if chars.peek() == Some(&c) => {
                chars.next();
                literal.push(c);
            }
            '}' => return Err("a `}` that closes nothing"),
            '{' => {
                if !literal.is_empty() {
                    tokens.push(Token::Literal(std::mem::take(&mut literal)));
                }
                tokens.push(Token::Placeholder(placeholder(&mut chars)?));
            }
            c => literal.push(c),
        }
    }
    if !literal.is_empty() {
        tokens.push(Token::Literal(literal));
    }
    Ok(tokens)
}

/// A filter that stands alone, as in `transform`.
pub(super) fn single_call(text: &str) -> Result<Call, &'static str> {
    let mut chars = text.trim().chars().peekable();
    let call = call(&mut chars)?;
    match chars.next() {
        None => Ok(call),
        Some(_) => Err("one filter stands in each entry"),
    }
}

/// What follows an opening brace, up to the closing one.
fn placeholder(chars: &mut Peekable<Chars<'_>>) -> Result<Placeholder, &'static str> {
    let mut value = String::new();
    let mut filters = Vec::new();
    loop {
        match chars.next() {
            Some('}') => break,
            Some('|') => {
                filters.push(call(chars)?);
                match chars.peek() {
                    Some('|' | '}') => {}
                    Some('{') | None => return Err(OPEN),
                    Some(_) => return Err("something behind the argument of a filter"),
                }
            }
            Some('{') | None => return Err(OPEN),
            Some(c) => value.push(c),
        }
    }
    let (kind, name) = match value.split_once(':') {
        Some((kind, name)) => (Some(kind.to_owned()), name),
        None => (None, value.as_str()),
    };
    if name.trim() != name || name.is_empty() {
        return Err("a placeholder without a name, or with blanks in it");
    }
    Ok(Placeholder { kind, name: name.to_owned(), filters })
}

/// A filter, up to the bar, the brace or the end behind it.
fn call(chars: &mut Peekable<Chars<'_>>) -> Result<Call, &'static str> {
    let mut name = String::new();
    while let Some(c) = chars.next_if(|c| !matches!(c, '|' | '}' | '{' | '(')) {
        name.push(c);
    }
    let name = name.trim().to_owned();
    if chars.next_if_eq(&'(').is_none() {
        return Ok(Call { name, argument: None });
    }
    let argument = argument(chars)?;
    while chars.next_if_eq(&' ').is_some() {}
    Ok(Call { name, argument: Some(argument) })
}

/// What stands in parentheses: quoted, or up to the closing parenthesis.
fn argument(chars: &mut Peekable<Chars<'_>>) -> Result<String, &'static str> {
    const NOT_CLOSED: &str = "the argument of a filter is not closed";
    let quote = chars.next_if(|c| matches!(c, '"' | '\''));
    let end = quote.unwrap_or(')');
    let mut text = String::new();
    loop {
        match chars.next() {
            Some(c) if c == end => break,
            Some(c) => text.push(c),
            None => return Err(NOT_CLOSED),
        }
    }
    if quote.is_some() && chars.next_if_eq(&')').is_none() {
        return Err(NOT_CLOSED);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> Token {
        Token::Literal(text.to_owned())
    }

    fn value(kind: Option<&str>, name: &str, filters: &[(&str, Option<&str>)]) -> Token {
        let call = |(name, argument): &(&str, Option<&str>)| Call {
            name: (*name).to_owned(),
            argument: argument.map(str::to_owned),
        };
        Token::Placeholder(Placeholder {
            kind: kind.map(str::to_owned),
            name: name.to_owned(),
            filters: filters.iter().map(call).collect(),
        })
    }

    #[test]
    fn literals_placeholders_and_filters_are_told_apart() {
        assert_eq!(
            tokens("a{{b}}={header:X-Time|first(3) | lower}&{bill.id}"),
            Ok(vec![
                literal("a{b}="),
                value(Some("header"), "X-Time", &[("first", Some("3")), ("lower", None)]),
                literal("&"),
                value(None, "bill.id", &[]),
            ])
        );
    }

    #[test]
    fn an_argument_may_hold_what_would_end_it_elsewhere() {
        assert_eq!(
            tokens("{v|escape(\"|\")}{v|without(.,)}{v|after('}) ')|escape(|)}{v|json()}"),
            Ok(vec![
                value(None, "v", &[("escape", Some("|"))]),
                value(None, "v", &[("without", Some(".,"))]),
                value(None, "v", &[("after", Some("}) ")), ("escape", Some("|"))]),
                value(None, "v", &[("json", Some(""))]),
            ])
        );
        assert_eq!(
            single_call(" url(dotnet) "),
            Ok(Call { name: "url".to_owned(), argument: Some("dotnet".to_owned()) })
        );
    }

    #[test]
    fn what_is_not_closed_or_closes_nothing_is_refused() {
        for text in
            ["{", "a}", "{a", "{a{b}", "{}", "{ a}", "{a|first(1}", "{a|first(\"1)}", "{a|first(1)x}", "{:}"]
        {
            assert!(tokens(text).is_err(), "{text}");
        }
        for text in ["lower|upper", "first(1", "lower}"] {
            assert!(single_call(text).is_err(), "{text}");
        }
    }
}
