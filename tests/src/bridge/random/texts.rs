//! Texts: what they are made of, and how long they are.

use payspec_codegen::ir::{Length, LengthUnit, Limits, StartsWith};
use payspec_runtime::Charset;

use super::Draw;

/// What texts are made of where nothing is forbidden.
const PIECES: [&str; 56] = [
    "a",
    "b",
    "Z",
    "0",
    "9",
    "7",
    "中",
    "文",
    "订单",
    "测试商品",
    "果汁",
    "银",
    "%",
    "+",
    "&",
    "=",
    " ",
    "  ",
    "\"",
    "\\",
    "/",
    "'",
    "<",
    ">",
    "?",
    "#",
    ";",
    ",",
    ":",
    "{",
    "}",
    "[",
    "]",
    "%E8%AE%A2",
    "%2B",
    "%zz",
    "a=1&b=2",
    "key=",
    "\t",
    "\n",
    "\r\n",
    "\u{1}",
    "\u{1f}",
    "\u{7f}",
    "\u{3000}",
    "。",
    "€",
    "é",
    "null",
    "true",
    "-",
    "_",
    ".",
    "~",
    "*",
    "$",
];

/// What only some charsets can write.
const RARE: [&str; 8] = ["😀", "👨\u{200d}👩", "\u{2028}", "ñ", "İ", "ß", "\u{feff}", "\u{a0}"];

/// The pieces that a charset can write.
pub(super) fn pieces(charset: Charset) -> Vec<&'static str> {
    PIECES.into_iter().chain(RARE).filter(|piece| charset.encode(piece).is_ok()).collect()
}

impl Draw<'_> {
    /// A piece that the charset can write.
    fn piece(&mut self) -> &'static str {
        self.random.pieces[self.index(self.random.pieces.len())]
    }

    /// Any text of a few pieces, perhaps empty or blank.
    pub(super) fn any_text(&mut self) -> String {
        let pieces = self.below(6);
        (0..pieces).map(|_| self.piece()).collect()
    }

    /// A text within its limits; what is sent trimmed gets white space around it.
    pub(super) fn text(&mut self, limits: &Limits, trimmed: bool) -> String {
        let core = self.core_text(limits, trimmed);
        if !trimmed || !self.once_in(4) {
            return core;
        }
        let (before, after) = (self.pick(&["", " ", "\t", "  "]), self.pick(&["", " ", "\n"]));
        format!("{before}{core}{after}")
    }

    fn core_text(&mut self, limits: &Limits, trimmed: bool) -> String {
        let mut text = match &limits.starts_with {
            Some(StartsWith::Credential(path)) => self.credential(path),
            Some(StartsWith::Date { pattern, within_days }) => self.day_near(&pattern.clone(), *within_days),
            None => String::new(),
        };
        let (shortest, longest) = self.lengths(limits.length.as_ref());
        let wanted = self.wanted_length(shortest, longest).max(self.length(&text, limits.length.as_ref()));
        while self.length(&text, limits.length.as_ref()) < wanted {
            let mut next = self.character(limits);
            let is_edge = text.is_empty() || self.length(&text, limits.length.as_ref()) + 1 >= wanted;
            // Something must be there besides white space, and at the edges where they are cut off.
            while next.is_whitespace() && (text.trim().is_empty() || (trimmed && is_edge)) {
                next = self.character(limits);
            }
            text.push(next);
            if self.length(&text, limits.length.as_ref()) > longest {
                text.pop();
                text.push('x');
            }
        }
        if trimmed && text.ends_with(|last: char| last.is_ascii_whitespace() || last == '\u{b}') {
            text.pop();
            text.push('x');
        }
        text
    }

    fn character(&mut self, limits: &Limits) -> char {
        let Some(alphabet) = &limits.alphabet else {
            let piece = self.piece();
            let letters: Vec<char> = piece.chars().collect();
            return letters[self.index(letters.len())];
        };
        loop {
            let (low, high) = alphabet.ranges[self.index(alphabet.ranges.len())];
            let code = self.between(i128::from(u32::from(low)), i128::from(u32::from(high)));
            let letter = u32::try_from(code).ok().and_then(char::from_u32);
            if let Some(letter) =
                letter.filter(|letter| self.random.charset.encode(&letter.to_string()).is_ok())
            {
                return letter;
            }
        }
    }

    fn lengths(&self, length: Option<&Length>) -> (u64, u64) {
        let bounds = length.map(|length| length.bounds);
        let shortest = bounds.and_then(|bounds| bounds.min).unwrap_or(1).max(1);
        (shortest, bounds.and_then(|bounds| bounds.max).unwrap_or(shortest + 60))
    }

    /// Often the shortest or the longest, as long as that is not absurdly long.
    fn wanted_length(&mut self, shortest: u64, longest: u64) -> u64 {
        let usual = longest.min(shortest + 14);
        let rarely = if longest > 100 { 100 } else { 12 };
        if self.once_in(rarely) {
            longest
        } else if self.once_in(8) {
            shortest
        } else {
            shortest + self.below(usual - shortest + 1)
        }
    }

    fn length(&self, text: &str, length: Option<&Length>) -> u64 {
        let count = match length.map(|length| length.unit) {
            Some(LengthUnit::Bytes) => {
                self.random.charset.encode(text).map_or(text.len(), |bytes| bytes.len())
            }
            _ => text.chars().count(),
        };
        u64::try_from(count).expect("a length")
    }

    /// An address within its limits.
    pub(super) fn url(&mut self, limits: &Limits) -> String {
        let longest = limits.length.as_ref().and_then(|length| length.bounds.max).unwrap_or(200);
        let scheme = self.pick(&["https://", "https://", "http://", "HTTPS://"]);
        let host = self.pick(&["shop.example.com", "a.example", "shop.example.com:8443", "127.0.0.1:9"]);
        let mut url = format!("{scheme}{host}");
        let pieces = ["/n", "/通知", "?a=1", "&b=%20", "/a+b", "%2F", "=", "#top", "'", "~", "/订单/1"];
        let parts = self.below(6);
        for _ in 0..parts {
            let piece = self.pick(&pieces);
            let is_first = url.matches('/').count() == 2 && !url.contains('?');
            if is_first && !piece.starts_with(['/', '?', '#']) {
                url.push('/');
            }
            url.push_str(piece);
        }
        if self.random.charset.encode(&url).is_err()
            || u64::try_from(url.chars().count()).expect("short") > longest
        {
            return format!("https://{host}/");
        }
        url
    }

    /// A JSON text of unknown shape, in forms that no writer of ours gives.
    pub(super) fn json_text(&mut self) -> String {
        let texts = [
            "{}",
            "[]",
            "{\"food_order_type\":\"qr_order\"}",
            " { \"a\" : [1, 2.50, null, true] } ",
            "[1.0,-0.5,1e3]",
            "{\"b\":\"\\u6d4b\\/x\"}",
            "{\"c\":\"测试 &=+%\"}",
            "\"text\"",
            "12.30",
            "{\"nested\":\"{\\\"x\\\":1}\"}",
            "\n{\"d\":{}}\t",
        ];
        self.pick(&texts).to_owned()
    }
}
