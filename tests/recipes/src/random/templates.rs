//! Operands and filters of a draw.

use super::{
    drawing::Drawing,
    message::{Drawn, Shape},
    values::Kind,
};

/// Filters that lose nothing of a value's mark, and the kind of value that each asks for.
const LOSSLESS: &[(&str, Kind)] = &[
    ("lower", Kind::Text),
    ("upper", Kind::Text),
    ("trim", Kind::Text),
    ("url(rfc3986)", Kind::Text),
    ("url(form)", Kind::Text),
    ("url(php)", Kind::Text),
    ("url(dotnet)", Kind::Text),
    ("url(js)", Kind::Text),
    ("escape(:)", Kind::Text),
    ("reverse", Kind::Text),
    ("hex", Kind::Text),
    ("base64", Kind::Text),
    ("base64url", Kind::Text),
    ("newlines(lf)", Kind::Text),
    ("newlines(crlf)", Kind::Text),
    ("json-string", Kind::Text),
    ("without(.-)", Kind::Text),
    ("after(pre_)", Kind::Text),
    ("after-last(#)", Kind::Text),
    ("decimals(2)", Kind::Decimal),
    ("decimals(1-2)", Kind::Decimal),
    ("from-hex", Kind::Hex),
    ("from-base64", Kind::Base64),
    ("json()", Kind::Json),
    ("json(sorted)", Kind::Json),
];

/// Filters that forget most of a value.
const LOSSY: &[&str] = &["length", "first(2)", "last(2)"];

/// Filters over a whole text.
const OVER_TEXT: &[&str] = &[
    "lower",
    "upper",
    "trim",
    "url(rfc3986)",
    "url(form)",
    "url(php)",
    "url(dotnet)",
    "url(js)",
    "escape(:)",
    "reverse",
    "hex",
    "base64",
    "base64url",
    "newlines(lf)",
    "json-string",
    "without(~)",
];

/// Filters that are drawn: their text, with its bars, the kind of value, and whether nothing is lost.
pub(super) struct Filters {
    pub(super) written: String,
    pub(super) kind: Kind,
    pub(super) is_lossless: bool,
    /// The result is bytes that may be no text.
    pub(super) is_bytes: bool,
}

impl Drawing {
    /// Filters for a value; often none.
    pub(super) fn filters(&mut self) -> Filters {
        let mut filters =
            Filters { written: String::new(), kind: Kind::Text, is_lossless: true, is_bytes: false };
        if self.dice.percent(50) {
            return filters;
        }
        if self.dice.percent(12) {
            let filter = *self.dice.one(LOSSY);
            self.filter_label(filter);
            return Filters { written: format!("|{filter}"), is_lossless: false, ..filters };
        }
        let (filter, kind) = *self.dice.one(LOSSLESS);
        self.filter_label(filter);
        filters.kind = kind;
        filters.written = format!("|{filter}");
        filters.is_bytes = filter.starts_with("from-");
        if self.dice.percent(30) {
            let second = if filters.is_bytes {
                *self.dice.one(&["hex", "base64", "base64url", "url(form)"])
            } else {
                *self.dice.one(&["lower", "upper", "url(rfc3986)", "base64", "hex", "reverse", "json-string"])
            };
            self.filter_label(second);
            filters.written.push_str(&format!("|{second}"));
            filters.is_bytes = false;
        }
        filters
    }

    fn filter_label(&mut self, filter: &str) {
        self.label(format!("filter: {filter}"));
    }

    /// `transform`, sometimes.
    pub(super) fn transform(&mut self) {
        if self.raw_bytes || !self.dice.percent(50) {
            return;
        }
        let mut filters = Vec::new();
        for _ in 0..=self.dice.below(3) {
            let filter = *self.dice.one(OVER_TEXT);
            self.label(format!("transform: {filter}"));
            filters.push(filter);
        }
        self.label("transform");
        self.set("transform", format!("[{}]", filters.join(", ")));
    }

    /// A placeholder, with everything that it needs.
    pub(super) fn operand(&mut self) -> String {
        match self.dice.below(14) {
            0..=2 => self.field_operand(),
            3 | 12 => self.path_operand(),
            4 | 5 => self.credential_operand(),
            6 => self.given_operand(),
            7 => self.header_operand(),
            8 | 9 => self.message_operand(),
            10 | 11 => self.part_operand(),
            _ => self.fresh_operand(),
        }
    }

    /// A field that has to be there.
    pub(super) fn field_operand(&mut self) -> String {
        if self.list_kind.is_some_and(|kind| kind != Kind::Text) {
            return self.credential_operand();
        }
        let name = self.name();
        let filters = self.filters();
        let value = self.text(filters.kind, filters.is_lossless, "field of a template");
        let in_query = self.message.shape == Shape::Query;
        self.put(&name, Drawn::Text(value), in_query);
        self.declare(&name, "text: any");
        self.raw_bytes |= filters.is_bytes;
        let spelled = if self.dice.percent(20) {
            self.label("operand: field:");
            format!("field:{name}")
        } else {
            self.label("operand: field");
            name
        };
        format!("{{{spelled}{}}}", filters.written)
    }

    /// A value inside an object.
    fn path_operand(&mut self) -> String {
        if !self.is_json() || self.list_kind.is_some() {
            return self.field_operand();
        }
        let (name, inner) = (self.name(), self.name());
        let filters = self.filters();
        let value = self.text(filters.kind, filters.is_lossless, "path of a template");
        self.raw_bytes |= filters.is_bytes;
        self.declare(&name, "raw: json");
        let path = if self.dice.percent(55) {
            self.label("operand: path through an array");
            self.put(
                &name,
                Drawn::Array(vec![Drawn::Null, Drawn::Object(vec![(inner.clone(), Drawn::Text(value))])]),
                false,
            );
            format!("{name}.1.{inner}")
        } else {
            self.label("operand: path");
            self.put(&name, Drawn::Object(vec![(inner.clone(), Drawn::Text(value))]), false);
            format!("{name}.{inner}")
        };
        format!("{{{path}{}}}", filters.written)
    }

    fn credential_operand(&mut self) -> String {
        let mut names = vec!["appid", "secret", "hexkey", "b64key"];
        if self.alphabet.chinese {
            names.push("name_cn");
        }
        let name = self.word("operand: credential", &names);
        self.secret_in_text |= !["appid", "name_cn"].contains(&name);
        let filter = if ["hexkey", "b64key"].contains(&name) {
            if self.dice.percent(50) {
                self.raw_bytes = true;
                ""
            } else {
                *self.dice.one(&["|hex", "|base64", "|url(form)", "|length", "|base64url"])
            }
        } else {
            *self.dice.one(&["", "", "|upper", "|reverse", "|first(2)"])
        };
        format!("{{credential:{name}{filter}}}")
    }

    pub(super) fn given_operand(&mut self) -> String {
        let name = format!("g{}", self.given.len());
        let kind = self.word("given", &["secret", "public"]);
        self.given.push((name.clone(), kind.to_owned()));
        let value = self.plain(Kind::Text);
        self.message.given.push((name.clone(), value));
        self.label("operand: given");
        format!("{{given:{name}}}")
    }

    fn header_operand(&mut self) -> String {
        let name = format!("X-H{}", self.message.headers.len());
        let ascii = self.ascii();
        let value = self.covered(Kind::Text, "header of a template");
        let value = if value.is_ascii() && !value.contains(['\t', '\n']) {
            value
        } else {
            let mark = self.spots.last().expect("just marked").mark.clone();
            format!("{ascii}{mark}")
        };
        self.message.headers.push((name.clone(), value));
        self.label("operand: header");
        let name = if self.dice.percent(50) { name.to_lowercase() } else { name };
        format!("{{header:{name}}}")
    }

    /// Visible characters that a header can hold.
    pub(super) fn ascii(&mut self) -> String {
        let length = 1 + self.dice.below(8);
        self.dice.text("abcXYZ019-_.:/+*!(){}", length)
    }

    fn message_operand(&mut self) -> String {
        let mut parts = vec!["method", "host", "path", "target", "url"];
        if self.message.shape == Shape::Query {
            parts.extend(["query"; 6]);
        } else {
            parts.extend(["body", "body"]);
        }
        let part = self.word("operand: message", &parts);
        self.signs_url |= ["query", "target", "url"].contains(&part);
        if part == "body" {
            // A filter would have to read the bytes; encodings of the message are not always those of the text.
            self.raw_bytes = true;
            self.signs_body = true;
        }
        format!("{{message:{part}}}")
    }

    /// A digest, or a text, of its own recipe.
    pub(super) fn part_operand(&mut self) -> String {
        let name = format!("p{}", self.parts.len());
        let text = match self.dice.below(3) {
            0 => "{credential:secret}".to_owned(),
            1 => format!("{{credential:appid}}{}", self.field_operand()),
            _ => self.field_operand(),
        };
        let inner = match self.parts.last().cloned() {
            Some((other, _)) if self.dice.percent(90) => {
                self.label("parts: part of a part");
                format!("{{part:{other}|hex}}")
            }
            _ => String::new(),
        };
        let algorithm =
            self.word("parts: algorithm", &["md5", "sha1", "sha256", "sha512", "sm3", "hmac-sha256"]);
        let key = if algorithm.starts_with("hmac") { ", key: secret" } else { "" };
        let outputs = ["hex lower", "hex upper", "base64", "base64url", "base64url unpadded", "bytes"];
        let output = self.word("parts: output", &outputs);
        let template = crate::spec::quoted(&format!("{text}{inner}"));
        self.parts.push((
            name.clone(),
            format!("{{ text: {template}, algorithm: {algorithm}{key}, output: {output} }}"),
        ));
        self.label("operand: part");
        if output == "bytes" {
            if self.dice.percent(50) {
                return format!("{{part:{name}|hex}}");
            }
            self.raw_bytes = true;
        }
        format!("{{part:{name}}}")
    }

    /// A value of the signer's, with a place of its own.
    pub(super) fn fresh_operand(&mut self) -> String {
        let name = format!("f{}", self.fresh.len());
        let (format, length) = self.fresh_format();
        let in_list = self.list_kind.is_some_and(|kind| kind != Kind::Text);
        let only_header =
            in_list || self.signs_body || (self.signs_url && self.message.shape == Shape::Query);
        let has_query = self.message.shape == Shape::Query && !only_header;
        let is_free = !self.fresh.iter().any(|(_, fresh)| fresh.contains("query:"));
        let places: &[&str] = match () {
            () if only_header => &["header"],
            () if has_query && is_free => &["header", "field", "query", "query", "query"],
            () => &["header", "field"],
        };
        let place = match self.word("fresh: place", places) {
            "header" => format!("header: X-Fresh-{name}"),
            "query" => "query: freshly".to_owned(),
            _ => {
                let field = self.name();
                self.declare(&field, "text: any");
                format!("field: {field}")
            }
        };
        self.fresh.push((name.clone(), format!("{{ is: {format}{length}, {place} }}")));
        self.label("operand: fresh");
        format!("{{fresh:{name}}}")
    }

    /// A format that can travel, and its length where it has one.
    pub(super) fn fresh_format(&mut self) -> (String, &'static str) {
        let formats = [
            "unix seconds",
            "unix milliseconds",
            "http date",
            "iso 8601",
            "yyyyMMddHHmmss",
            "alphanumeric",
            "hex",
            "uuid",
        ];
        let format = self.word("fresh: is", &formats);
        let length = if ["alphanumeric", "hex"].contains(&format) { ", length: 16" } else { "" };
        (format!("\"{format}\""), length)
    }
}
