//! Filters: what stands behind a bar in a template, and in `transform`.
//!
//! The set is closed. Here their arguments are read, and it is asked whether a filter can do anything with what it is
//! given; whether it fits the type of a field is asked where a message uses the recipe.

use super::Context;
use super::placeholders::{Call, single_call};
use crate::diagnostic::{Code, Span};
use crate::ir::{Decimals, Filter, MessagePart, Newline, Operand, UrlDialect};
use crate::read::{List, Spanned};

/// Every filter.
const FILTERS: &[&str] = &[
    "lower",
    "upper",
    "trim",
    "decimals",
    "url",
    "escape",
    "length",
    "first",
    "last",
    "reverse",
    "hex",
    "base64",
    "base64url",
    "from-hex",
    "from-base64",
    "json",
    "without",
    "newlines",
    "after",
    "after-last",
    "json-string",
];

/// The most decimals of a number.
const MOST_DECIMALS: u32 = 28;

/// The filter, or what its argument should be.
fn filter(call: &Call) -> Result<Filter, &'static str> {
    let argument = call.argument.as_deref();
    let some_text = |mend| argument.filter(|text| !text.is_empty()).map(str::to_owned).ok_or(mend);
    let count = |mend| argument.and_then(number).filter(|count| *count > 0).ok_or(mend);
    let bare = |filter: Filter| match argument {
        None => Ok(filter),
        Some(_) => Err("it takes no argument"),
    };
    match call.name.as_str() {
        "lower" => bare(Filter::Lower),
        "upper" => bare(Filter::Upper),
        "trim" => bare(Filter::Trim),
        "decimals" => argument.and_then(decimals).map(Filter::Decimals).ok_or(
            "write how many decimals, such as `decimals(2)`, or at least and at most, `decimals(1-2)`",
        ),
        "url" => argument
            .and_then(dialect)
            .map(Filter::Url)
            .ok_or("write the dialect: `url(rfc3986)`, `url(form)`, `url(php)`, `url(dotnet)` or `url(js)`"),
        "escape" => {
            some_text("write the characters, such as `escape(:)` or `escape(\"|\")`").map(Filter::Escape)
        }
        "length" => bare(Filter::Length),
        "first" => count("write how many characters, such as `first(8)`").map(Filter::First),
        "last" => count("write how many characters, such as `last(8)`").map(Filter::Last),
        "reverse" => bare(Filter::Reverse),
        "hex" => bare(Filter::Hex),
        "base64" => bare(Filter::Base64),
        "base64url" => bare(Filter::Base64Url),
        "from-hex" => bare(Filter::FromHex),
        "from-base64" => bare(Filter::FromBase64),
        "json" => match argument {
            Some("sorted") => Ok(Filter::Json { sorted: true }),
            Some("") => Ok(Filter::Json { sorted: false }),
            _ => Err("write `json(sorted)`, or `json()` to keep the order of the members"),
        },
        "without" => some_text("write the characters, such as `without(.,)`").map(Filter::Without),
        "newlines" => match argument {
            Some("lf") => Ok(Filter::Newlines(Newline::Lf)),
            Some("crlf") => Ok(Filter::Newlines(Newline::CrLf)),
            _ => Err("write `newlines(lf)` or `newlines(crlf)`"),
        },
        "after" => some_text("write the beginning, such as `after(Bearer )`").map(Filter::After),
        "after-last" => {
            some_text("write what it stands behind, such as `after-last(/)`").map(Filter::AfterLast)
        }
        _ => bare(Filter::JsonString),
    }
}

/// `2`, or `1-2`.
fn decimals(text: &str) -> Option<Decimals> {
    let number = |text| number(text).filter(|number| *number <= MOST_DECIMALS);
    let (min, max) = text.split_once('-').unwrap_or((text, text));
    let decimals = Decimals { min: number(min)?, max: number(max)? };
    (decimals.min <= decimals.max).then_some(decimals)
}

fn number(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

fn dialect(text: &str) -> Option<UrlDialect> {
    match text {
        "rfc3986" => Some(UrlDialect::Rfc3986),
        "form" => Some(UrlDialect::Form),
        "php" => Some(UrlDialect::Php),
        "dotnet" => Some(UrlDialect::Dotnet),
        "js" => Some(UrlDialect::Js),
        _ => None,
    }
}

/// A filter that wants more than any text: its name, and what that is.
fn wanted(filter: &Filter) -> Option<(&'static str, &'static str)> {
    match filter {
        Filter::Decimals(_) => Some(("decimals", "a number")),
        Filter::Json { .. } => Some(("json", "JSON")),
        _ => None,
    }
}

/// Why a filter can do nothing with what comes from here.
fn cannot_apply(from: &Operand, before: &[Filter], filter: &Filter) -> Option<&'static str> {
    use MessagePart::{Body, Host, Method, Path, Query, Target, Url};
    let shape = |filter: &Filter| match filter {
        Filter::Hex | Filter::Base64 | Filter::Base64Url => Some(Some("encoded bytes")),
        Filter::Url(_) => Some(Some("percent-encoded text")),
        Filter::JsonString => Some(Some("a JSON string")),
        Filter::FromHex | Filter::FromBase64 => Some(None),
        _ => None,
    };
    let encoded = before.iter().rev().find_map(shape).flatten();
    let source = match from {
        Operand::Message(Body) => Some("the whole body"),
        Operand::Message(Method | Host | Path | Query | Target | Url) => Some("a part of the address"),
        Operand::Credential(_) => Some("a credential"),
        Operand::Part(_) => Some("the result of a part"),
        _ => None,
    };
    match filter {
        Filter::Decimals(_) => encoded.or(source),
        Filter::Json { .. } => encoded.or(match from {
            Operand::Message(Body) => None,
            _ => source,
        }),
        _ => None,
    }
}

impl Context<'_> {
    /// The filters of a placeholder or of `transform`.
    pub(super) fn filters(&self, calls: &[Call], span: Span) -> Vec<Filter> {
        calls.iter().filter_map(|call| self.filter(call, span)).collect()
    }

    fn filter(&self, call: &Call, span: Span) -> Option<Filter> {
        let name = call.name.as_str();
        if !FILTERS.contains(&name) {
            let message = format!("filter `{name}` does not exist");
            self.unknown(Code::UnknownFilter, span, message, name, FILTERS.iter().copied());
            return None;
        }
        filter(call)
            .map_err(|mend| {
                let message = match &call.argument {
                    Some(argument) => format!("`{argument}` is no argument of filter `{name}`"),
                    None => format!("filter `{name}` lacks its argument"),
                };
                self.mistake(Code::FilterArgument, span, message, mend);
            })
            .ok()
    }

    /// Whether the filters can do anything with what they are given.
    pub(super) fn filters_apply(&self, from: &Operand, shown: &str, filters: &[Filter], span: Span) {
        for (place, filter) in filters.iter().enumerate() {
            let before = filters.get(..place).unwrap_or_default();
            if let (Some((name, wanted)), Some(found)) = (wanted(filter), cannot_apply(from, before, filter))
            {
                let message = format!("`{name}` over `{shown}` wants {wanted}, and finds {found}");
                self.mistake(Code::FilterDoesNotApply, span, message, "take the filter out, or put it first");
            }
        }
    }

    /// The filters over the whole text.
    pub(super) fn transform(&self, filters: Option<&Spanned<List<Spanned<String>>>>) -> Vec<Filter> {
        let mut lowered = Vec::new();
        for text in filters.into_iter().flat_map(|filters| filters.value.iter()) {
            match single_call(text) {
                Ok(call) => lowered.extend(self.filter(&call, text.span)),
                Err(why) => {
                    let message = format!("`{text}` is no filter: {why}");
                    self.mistake(
                        Code::FilterArgument,
                        text.span,
                        message,
                        "such as `transform: [url(dotnet), lower]`",
                    );
                }
            }
        }
        lowered
    }

    /// `numbers`: how JSON numbers are written.
    pub(super) fn numbers_as(&self, text: &Spanned<String>) -> Option<Decimals> {
        if text.value == "as is" {
            return None;
        }
        match single_call(text).as_ref().map(filter) {
            Ok(Ok(Filter::Decimals(decimals))) => Some(decimals),
            _ => {
                let message = format!("`{text}` is no way to write numbers");
                self.mistake(Code::UnknownValue, text.span, message, "write `as is` or `decimals(2)`");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Filter, &'static str> {
        filter(&single_call(text)?)
    }

    #[test]
    fn arguments_are_read() {
        assert_eq!(read("decimals(1-2)"), Ok(Filter::Decimals(Decimals { min: 1, max: 2 })));
        assert_eq!(read("url(php)"), Ok(Filter::Url(UrlDialect::Php)));
        assert_eq!(read("json()"), Ok(Filter::Json { sorted: false }));
        assert_eq!(read("escape(\"|\")"), Ok(Filter::Escape("|".to_owned())));
        assert_eq!(read("last(4)"), Ok(Filter::Last(4)));
    }

    #[test]
    fn wrong_arguments_are_refused() {
        let wrong = [
            "lower()",
            "decimals",
            "decimals(2-1)",
            "decimals(+2)",
            "decimals(29)",
            "decimals(-1)",
            "url",
            "url(java)",
            "first(0)",
            "first(99999999999)",
            "first(-1)",
            "first(+1)",
            "json",
            "escape()",
            "newlines(cr)",
            "after",
            "json-string(x)",
        ];
        for text in wrong {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
