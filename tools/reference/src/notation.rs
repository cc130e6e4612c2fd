//! Templates and filters as specs write them, and what they mean in words.

use std::fmt::Write as _;

use payspec_codegen::ir::{Decimals, Filter, MessagePart, Newline, Operand, PairPiece, Piece, UrlDialect};
pub(crate) use payspec_interpreter::words::operand;

use crate::document::Text;

/// A template.
pub(crate) fn template(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => literal(&mut out, text),
            Piece::List => out.push_str("{fields}"),
            Piece::ListNames => out.push_str("{names}"),
            Piece::Signature => out.push_str("{signature}"),
            Piece::Value { from, filters } => placeholder(&mut out, &operand(from), filters),
        }
    }
    out
}

/// The template of one item.
pub(crate) fn pair(pieces: &[PairPiece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            PairPiece::Literal(text) => literal(&mut out, text),
            PairPiece::Name(filters) => placeholder(&mut out, "name", filters),
            PairPiece::Value(filters) => placeholder(&mut out, "value", filters),
            PairPiece::Operand { from, filters } => placeholder(&mut out, &operand(from), filters),
        }
    }
    out
}

fn literal(out: &mut String, text: &str) {
    out.push_str(&text.replace('{', "{{").replace('}', "}}"));
}

fn placeholder(out: &mut String, what: &str, filters: &[Filter]) {
    let _ = write!(out, "{{{what}");
    for one in filters {
        let _ = write!(out, "|{}", filter(one));
    }
    out.push('}');
}

/// What a placeholder stands for, where its name does not say it.
pub(crate) fn operand_words(operand: &Operand) -> Option<Text> {
    Some(match operand {
        Operand::Field(_) => return None,
        Operand::Credential(_) => Text::plain("the credential of this name"),
        Operand::Given(_) => Text::plain("handed in with this message"),
        Operand::Fresh(_) => Text::plain("made for this message, see above"),
        Operand::Header(_) => Text::plain("the header of this name"),
        Operand::Part(_) => Text::plain("the result of the part, see above"),
        Operand::Message(part) => Text::plain(match part {
            MessagePart::Method => "the method in upper case",
            MessagePart::Host => "the host, with its port where one is written",
            MessagePart::Path => "the path of the URL",
            MessagePart::Query => "the raw query, without the question mark",
            MessagePart::Target => "path and query, with the question mark between them",
            MessagePart::Url => "the whole URL as the signer sees it",
            MessagePart::Body => "the raw body, byte for byte",
            MessagePart::Result => "the raw JSON text of the data member, byte for byte",
            MessagePart::Payload => "the plain text that is encrypted",
        }),
    })
}

/// The values of a template, each once.
pub(crate) fn operands(pieces: &[Piece]) -> Vec<&Operand> {
    distinct(pieces.iter().filter_map(|piece| match piece {
        Piece::Value { from, filters: _ } => Some(from),
        _ => None,
    }))
}

/// The values of the template of an item, each once.
pub(crate) fn pair_operands(pieces: &[PairPiece]) -> Vec<&Operand> {
    distinct(pieces.iter().filter_map(|piece| match piece {
        PairPiece::Operand { from, filters: _ } => Some(from),
        _ => None,
    }))
}

fn distinct<'a>(all: impl Iterator<Item = &'a Operand>) -> Vec<&'a Operand> {
    let mut once = Vec::new();
    for one in all {
        if !once.contains(&one) {
            once.push(one);
        }
    }
    once
}

/// The filters of a template, each once.
pub(crate) fn filters_in<'a>(pieces: &'a [Piece], pairs: &'a [PairPiece]) -> Vec<&'a Filter> {
    let of_piece = pieces.iter().filter_map(|piece| match piece {
        Piece::Value { from: _, filters } => Some(filters),
        _ => None,
    });
    let of_pair = pairs.iter().filter_map(|piece| match piece {
        PairPiece::Name(filters) | PairPiece::Value(filters) | PairPiece::Operand { from: _, filters } => {
            Some(filters)
        }
        PairPiece::Literal(_) => None,
    });
    let mut once: Vec<&Filter> = Vec::new();
    for filter in of_piece.chain(of_pair).flatten() {
        if !once.contains(&filter) {
            once.push(filter);
        }
    }
    once
}

/// A filter as specs write it.
pub(crate) fn filter(filter: &Filter) -> String {
    match filter {
        Filter::Lower => "lower".to_owned(),
        Filter::Upper => "upper".to_owned(),
        Filter::Trim => "trim".to_owned(),
        Filter::Decimals(decimals) => format!("decimals({})", decimals_range(*decimals)),
        Filter::Url(dialect) => format!("url({})", dialect_name(*dialect)),
        Filter::Escape(characters) => format!("escape(\"{characters}\")"),
        Filter::Length => "length".to_owned(),
        Filter::First(count) => format!("first({count})"),
        Filter::Last(count) => format!("last({count})"),
        Filter::Reverse => "reverse".to_owned(),
        Filter::Hex => "hex".to_owned(),
        Filter::Base64 => "base64".to_owned(),
        Filter::Base64Url => "base64url".to_owned(),
        Filter::FromHex => "from-hex".to_owned(),
        Filter::FromBase64 => "from-base64".to_owned(),
        Filter::Json { sorted: true } => "json(sorted)".to_owned(),
        Filter::Json { sorted: false } => "json()".to_owned(),
        Filter::Without(characters) => format!("without(\"{characters}\")"),
        Filter::Newlines(Newline::Lf) => "newlines(lf)".to_owned(),
        Filter::Newlines(Newline::CrLf) => "newlines(crlf)".to_owned(),
        Filter::After(beginning) => format!("after(\"{beginning}\")"),
        Filter::AfterLast(separator) => format!("after-last(\"{separator}\")"),
        Filter::JsonString => "json-string".to_owned(),
    }
}

pub(crate) fn decimals_range(decimals: Decimals) -> String {
    if decimals.min == decimals.max {
        decimals.min.to_string()
    } else {
        format!("{}-{}", decimals.min, decimals.max)
    }
}

fn dialect_name(dialect: UrlDialect) -> &'static str {
    match dialect {
        UrlDialect::Rfc3986 => "rfc3986",
        UrlDialect::Form => "form",
        UrlDialect::Php => "php",
        UrlDialect::Dotnet => "dotnet",
        UrlDialect::Js => "js",
    }
}

/// What a filter does.
pub(crate) fn filter_words(filter: &Filter) -> Text {
    match filter {
        Filter::Lower => "in lower case".into(),
        Filter::Upper => "in upper case".into(),
        Filter::Trim => "without white space at both ends".into(),
        Filter::Decimals(decimals) => {
            Text::plain(format!("a number with {} decimals, half away from zero", decimals_range(*decimals)))
        }
        Filter::Url(dialect) => dialect_words(*dialect),
        Filter::Escape(characters) => {
            Text::plain("a backslash before each of ").and_code(characters).and(" and before a backslash")
        }
        Filter::Length => "the number of bytes".into(),
        Filter::First(count) => Text::plain(format!("the first {count} characters")),
        Filter::Last(count) => Text::plain(format!("the last {count} characters")),
        Filter::Reverse => "the characters from the last to the first".into(),
        Filter::Hex => "the bytes as lower-case hex".into(),
        Filter::Base64 => "the bytes as base64".into(),
        Filter::Base64Url => "the bytes as base64 of the alphabet for URLs, unpadded".into(),
        Filter::FromHex => "the bytes of the hex text".into(),
        Filter::FromBase64 => "the bytes of the base64 text".into(),
        Filter::Json { sorted: true } => {
            "JSON without white space, members in the order of their names at every level".into()
        }
        Filter::Json { sorted: false } => "JSON without white space, members in their order".into(),
        Filter::Without(characters) => Text::plain("without the characters ").and_code(characters),
        Filter::Newlines(Newline::Lf) => "line breaks of any kind as a line feed".into(),
        Filter::Newlines(Newline::CrLf) => "line breaks of any kind as carriage return and line feed".into(),
        Filter::After(beginning) => Text::plain("what stands behind the beginning ").and_code(beginning),
        Filter::AfterLast(separator) => Text::plain("what stands behind the last ").and_code(separator),
        Filter::JsonString => "a JSON string literal with its quotes".into(),
    }
}

fn dialect_words(dialect: UrlDialect) -> Text {
    let (stay, space, case, known) = match dialect {
        UrlDialect::Rfc3986 => ("-._~", "%20", "upper", "RFC 3986"),
        UrlDialect::Form => ("*-._", "+", "upper", "HTML forms, Java URLEncoder"),
        UrlDialect::Php => ("-._", "+", "upper", "PHP urlencode"),
        UrlDialect::Dotnet => ("-_.!*()", "+", "lower", ".NET HttpUtility.UrlEncode"),
        UrlDialect::Js => ("-_.!~*'()", "%20", "upper", "JavaScript encodeURIComponent"),
    };
    Text::plain(format!("percent-encoded as by {known}: letters, digits and "))
        .and_code(stay)
        .and(" stay, a space is ")
        .and_code(space)
        .and(format!(", hex digits are {case} case"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_written_as_in_a_spec() {
        let pieces = [
            Piece::Literal("{a}=".to_owned()),
            Piece::List,
            Piece::Value {
                from: Operand::Message(MessagePart::Body),
                filters: vec![
                    Filter::Trim,
                    Filter::Url(UrlDialect::Php),
                    Filter::Decimals(Decimals { min: 1, max: 2 }),
                ],
            },
        ];
        assert_eq!(template(&pieces), "{{a}}={fields}{message:body|trim|url(php)|decimals(1-2)}");
    }
}
