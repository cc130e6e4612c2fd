//! What happens to one value on its way, undone: the value that its signer may have had.
//!
//! Each kind of mishap is undone in every way that can be told from the value itself. What leaves a value as it is
//! takes no part.

use payspec_runtime::Charset;

use crate::rank;

/// A kind of mishap.
#[derive(Clone, Copy)]
pub(crate) struct Mishap {
    pub(crate) rank: u32,
    /// What was done to the value: "has lost its `+`".
    pub(crate) title: &'static str,
    /// What to do.
    pub(crate) mend: &'static str,
    /// In a word.
    pub(crate) word: &'static str,
    /// The value before.
    pub(crate) undo: fn(&str) -> Option<String>,
}

const RAW: &str = "take the parameters from the raw query or body, and decode them once";

/// Every kind, the commonest first.
pub(crate) const MISHAPS: &[Mishap] = &[
    Mishap {
        rank: rank::PLUS,
        title: "a `+` became a blank",
        mend: RAW,
        word: "blank instead of +",
        undo: |own| Some(own.replace(' ', "+")),
    },
    Mishap {
        rank: rank::PLUS + 1,
        title: "a blank became a `+`",
        mend: RAW,
        word: "+ instead of blank",
        undo: |own| Some(own.replace('+', " ")),
    },
    Mishap {
        rank: rank::PLUS + 2,
        title: "a blank became `%20`",
        mend: RAW,
        word: "%20 instead of blank",
        undo: |own| Some(own.replace("%20", " ")),
    },
    Mishap {
        rank: rank::DECODED,
        title: "it was not decoded",
        mend: RAW,
        word: "not decoded",
        undo: |own| decoded(own, true),
    },
    Mishap {
        rank: rank::DECODED,
        title: "it was not decoded",
        mend: RAW,
        word: "not decoded, but for +",
        undo: |own| decoded(own, false),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice",
        undo: |own| Some(encoded(own, "-_.~", "%20", true)),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice (form)",
        undo: |own| Some(encoded(own, "-_.*", "+", true)),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice (lower case)",
        undo: |own| Some(encoded(own, "-_.~", "%20", false)),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice (lower case, form)",
        undo: |own| Some(encoded(own, "-_.*!()", "+", false)),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice (script)",
        undo: |own| Some(encoded(own, "-_.!~*'()", "%20", true)),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice (URL)",
        undo: |own| Some(encoded(own, "-_.!~*'();/?:@&=+$,#", "%20", true)),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice (beyond ASCII)",
        undo: |own| Some(beyond_ascii(own, true)),
    },
    Mishap {
        rank: rank::DECODED + 1,
        title: "it was decoded twice",
        mend: RAW,
        word: "decoded twice (beyond ASCII, lower case)",
        undo: |own| Some(beyond_ascii(own, false)),
    },
    Mishap {
        rank: rank::DECODED + 2,
        title: "it was decoded twice: `%25` became `%`",
        mend: RAW,
        word: "decoded twice (%)",
        undo: |own| Some(own.replace('%', "%25")),
    },
    Mishap {
        rank: rank::DECODED + 2,
        title: "it was decoded twice: `%2B` became `+`",
        mend: RAW,
        word: "decoded twice (+)",
        undo: |own| Some(own.replace('+', "%2B")),
    },
    Mishap {
        rank: rank::DECODED + 2,
        title: "it was decoded twice: `%26` became `&`",
        mend: RAW,
        word: "decoded twice (&)",
        undo: |own| Some(own.replace('&', "%26")),
    },
    Mishap {
        rank: rank::DECODED + 2,
        title: "it was decoded twice: `%20` became a blank",
        mend: RAW,
        word: "decoded twice (blank)",
        undo: |own| Some(own.replace(' ', "%20")),
    },
    Mishap {
        rank: rank::DECODED + 2,
        title: "it was decoded twice: `%2F` became `/`",
        mend: RAW,
        word: "decoded twice (/)",
        undo: |own| Some(own.replace('/', "%2F")),
    },
    Mishap {
        rank: rank::DECODED + 2,
        title: "it was decoded twice: `%3A` became `:`",
        mend: RAW,
        word: "decoded twice (:)",
        undo: |own| Some(own.replace(':', "%3A")),
    },
    Mishap {
        rank: rank::DECODED + 2,
        title: "it was decoded twice: `%3D` became `=`",
        mend: RAW,
        word: "decoded twice (=)",
        undo: |own| Some(own.replace('=', "%3D")),
    },
    Mishap {
        rank: rank::ESCAPED,
        title: "it was escaped for HTML",
        mend: "switch the filter off that escapes parameters for HTML, here at least",
        word: "escaped for HTML",
        undo: |own| Some(unescaped(own)),
    },
    Mishap {
        rank: rank::ESCAPED + 1,
        title: "its HTML entities were undone",
        mend: "take the value as it came",
        word: "entities undone",
        undo: |own| Some(escaped(own, "&#39;")),
    },
    Mishap {
        rank: rank::ESCAPED + 1,
        title: "its HTML entities were undone",
        mend: "take the value as it came",
        word: "entities undone (quotes)",
        undo: |own| Some(own.replace('"', "&quot;")),
    },
    Mishap {
        rank: rank::ESCAPED + 1,
        title: "its HTML entities were undone",
        mend: "take the value as it came",
        word: "entities undone (&)",
        undo: |own| Some(own.replace('&', "&amp;")),
    },
    Mishap {
        rank: rank::ESCAPED + 2,
        title: "backslashes were put before its slashes",
        mend: "take the text as it came",
        word: "slashes escaped",
        undo: |own| Some(own.replace("\\/", "/")),
    },
    Mishap {
        rank: rank::RESERIALISED,
        title: "blanks came between the tokens of its JSON",
        mend: "take the text as it came",
        word: "blanks between tokens",
        undo: |own| Some(own.replace("\": ", "\":").replace(", \"", ",\"")),
    },
    Mishap {
        rank: rank::ESCAPED + 2,
        title: "backslashes were put before its quotes",
        mend: "switch automatic quoting off",
        word: "backslashes",
        undo: |own| Some(own.replace("\\\"", "\"").replace("\\'", "'").replace("\\\\", "\\")),
    },
    Mishap {
        rank: rank::ESCAPED + 2,
        title: "the backslashes before its quotes were taken away",
        mend: "take the value as it came",
        word: "backslashes taken away",
        undo: |own| Some(own.replace('"', "\\\"")),
    },
    Mishap {
        rank: rank::ESCAPED + 2,
        title: "the backslashes before its slashes were taken away",
        mend: "take the value as it came",
        word: "slashes",
        undo: |own| Some(own.replace('/', "\\/")),
    },
    Mishap {
        rank: rank::ESCAPED + 2,
        title: "tags or angle brackets were taken out of it",
        mend: "switch the filter off that cleans parameters",
        word: "brackets",
        undo: |own| Some(own.replace("&lt;", "<").replace("&gt;", ">")),
    },
    Mishap {
        rank: rank::CHARSET + 1,
        title: "its UTF-8 was read as ISO 8859-1",
        mend: "read the message as UTF-8",
        word: "UTF-8 read as ISO 8859-1",
        undo: |own| misread(own, Charset::Latin1, Charset::Utf8),
    },
    Mishap {
        rank: rank::CHARSET + 1,
        title: "its UTF-8 was read as Windows-1252",
        mend: "read the message as UTF-8",
        word: "UTF-8 read as Windows-1252",
        undo: |own| String::from_utf8(windows_1252(own)?).ok(),
    },
    Mishap {
        rank: rank::CHARSET + 1,
        title: "its UTF-8 was read as GBK",
        mend: "read the message as UTF-8",
        word: "UTF-8 read as GBK",
        undo: |own| misread(own, Charset::Gb18030, Charset::Utf8),
    },
    Mishap {
        rank: rank::CHARSET + 1,
        title: "its GBK was read as ISO 8859-1",
        mend: "read the message as GBK",
        word: "GBK read as ISO 8859-1",
        undo: |own| misread(own, Charset::Latin1, Charset::Gb18030),
    },
    Mishap {
        rank: rank::CHARSET + 2,
        title: "the signer read its UTF-8 as ISO 8859-1",
        mend: "sign what the provider signs, and tell it",
        word: "signed as ISO 8859-1",
        undo: |own| misread(own, Charset::Utf8, Charset::Latin1),
    },
    Mishap {
        rank: rank::CHARSET + 2,
        title: "the signer read its UTF-8 as GBK",
        mend: "sign what the provider signs, and tell it",
        word: "signed as GBK",
        undo: |own| misread(own, Charset::Utf8, Charset::Gb18030),
    },
    Mishap {
        rank: rank::CHARSET + 3,
        title: "the signer wrote `?` for what is not ASCII",
        mend: "send ASCII only",
        word: "question marks",
        undo: |own| Some(own.chars().map(|own| if own.is_ascii() { own } else { '?' }).collect()),
    },
    Mishap {
        rank: rank::CHARSET + 3,
        title: "its `\\u` escapes were undone",
        mend: "take the value as it came",
        word: "\\u escapes undone",
        undo: |own| Some(unicode_escapes(own)),
    },
    Mishap {
        rank: rank::CHARSET + 3,
        title: "its `\\u` escapes were not undone",
        mend: "read the JSON with a JSON reader",
        word: "\\u escapes not undone",
        undo: |own| {
            super::json::parse(&format!("[\"{own}\"]")).and_then(|json| match json {
                super::json::Json::List(items) => match items.into_iter().next() {
                    Some(super::json::Json::Text(text)) => Some(text),
                    _ => None,
                },
                _ => None,
            })
        },
    },
    Mishap {
        rank: rank::TRIM,
        title: "white space came to its ends",
        mend: "take the value as it came",
        word: "white space added",
        undo: |own| Some(own.trim().to_owned()),
    },
    Mishap {
        rank: rank::TRIM + 1,
        title: "the blank at its end was lost",
        mend: "take the value as it came: nothing may trim it",
        word: "trimmed at the end",
        undo: |own| Some(format!("{own} ")),
    },
    Mishap {
        rank: rank::TRIM + 1,
        title: "the blank at its start was lost",
        mend: "take the value as it came: nothing may trim it",
        word: "trimmed at the start",
        undo: |own| Some(format!(" {own}")),
    },
    Mishap {
        rank: rank::TRIM + 2,
        title: "the line end behind it was lost",
        mend: "take the value as it came: nothing may trim it",
        word: "line end lost",
        undo: |own| Some(format!("{own}\n")),
    },
    Mishap {
        rank: rank::TRIM + 2,
        title: "the blanks at its ends were lost",
        mend: "take the value as it came: nothing may trim it",
        word: "trimmed",
        undo: |own| Some(format!(" {own} ")),
    },
    Mishap {
        rank: rank::TRIM + 2,
        title: "its line ends were changed to `\\r\\n`",
        mend: "take the value as it came",
        word: "CR LF",
        undo: |own| Some(own.replace("\r\n", "\n")),
    },
    Mishap {
        rank: rank::TRIM + 2,
        title: "its line ends were changed to `\\n`",
        mend: "take the value as it came",
        word: "LF",
        undo: |own| Some(own.replace("\r\n", "\n").replace('\n', "\r\n")),
    },
    Mishap {
        rank: rank::TRIM + 2,
        title: "its line ends were lost",
        mend: "take the value as it came",
        word: "blanks doubled",
        undo: |own| Some(own.replace("  ", " ")),
    },
    Mishap {
        rank: rank::CASE + 1,
        title: "it was put into lower case",
        mend: "take the value as it came",
        word: "lower case",
        undo: |own| Some(own.to_uppercase()),
    },
    Mishap {
        rank: rank::CASE + 1,
        title: "it was put into upper case",
        mend: "take the value as it came",
        word: "upper case",
        undo: |own| Some(own.to_lowercase()),
    },
    Mishap {
        rank: rank::CASE + 2,
        title: "its first letter was put into lower case",
        mend: "take the value as it came",
        word: "first letter",
        undo: |own| Some(first_upper(own)),
    },
    Mishap {
        rank: rank::NUMBERS + 2,
        title: "the number lost its decimals",
        mend: "keep amounts as the text that came",
        word: "two decimals",
        undo: |own| decimals(own, 2),
    },
    Mishap {
        rank: rank::NUMBERS + 2,
        title: "the number lost a decimal",
        mend: "keep amounts as the text that came",
        word: "one decimal",
        undo: |own| decimals(own, 1),
    },
    Mishap {
        rank: rank::NUMBERS + 2,
        title: "the number was given decimals",
        mend: "keep amounts as the text that came",
        word: "no zeros at the end",
        undo: shortest,
    },
    Mishap {
        rank: rank::NUMBERS + 3,
        title: "the number was written with other decimals",
        mend: "keep amounts as the text that came",
        word: "no decimals",
        undo: |own| decimals(own, 0),
    },
    Mishap {
        rank: rank::NUMBERS + 3,
        title: "the number lost its decimals",
        mend: "keep amounts as the text that came",
        word: "three decimals",
        undo: |own| decimals(own, 3),
    },
    Mishap {
        rank: rank::NUMBERS + 3,
        title: "the number lost its decimals",
        mend: "keep amounts as the text that came",
        word: "four decimals",
        undo: |own| decimals(own, 4),
    },
    Mishap {
        rank: rank::NUMBERS + 4,
        title: "the amount was changed from fen to yuan",
        mend: "keep amounts as the text that came",
        word: "fen",
        undo: |own| shifted(own, true),
    },
    Mishap {
        rank: rank::NUMBERS + 4,
        title: "the amount was changed from yuan to fen",
        mend: "keep amounts as the text that came",
        word: "yuan",
        undo: |own| shifted(own, false),
    },
    Mishap {
        rank: rank::NUMBERS + 4,
        title: "the separators of thousands were lost",
        mend: "keep amounts as the text that came",
        word: "thousands",
        undo: thousands,
    },
    Mishap {
        rank: rank::NUMBERS + 4,
        title: "the number was given separators",
        mend: "keep amounts as the text that came",
        word: "commas",
        undo: |own| {
            own.bytes()
                .all(|byte| byte.is_ascii_digit() || b",.".contains(&byte))
                .then(|| own.replace(',', ""))
        },
    },
    Mishap {
        rank: rank::NUMBERS + 4,
        title: "leading zeros were lost",
        mend: "keep the text that came",
        word: "a leading zero",
        undo: |own| is_digits(own).then(|| format!("0{own}")),
    },
    Mishap {
        rank: rank::NUMBERS + 4,
        title: "leading zeros were lost",
        mend: "keep the text that came",
        word: "two leading zeros",
        undo: |own| is_digits(own).then(|| format!("00{own}")),
    },
    Mishap {
        rank: rank::NUMBERS + 4,
        title: "the sign before the number was lost",
        mend: "keep the text that came",
        word: "a plus sign",
        undo: |own| is_digits(own).then(|| format!("+{own}")),
    },
    Mishap {
        rank: rank::NUMBERS + 5,
        title: "a flag was written in other words",
        mend: "keep the text that came",
        word: "flag",
        undo: |own| word(own, &[("true", "1"), ("false", "0"), ("True", "true"), ("False", "false")]),
    },
    Mishap {
        rank: rank::NUMBERS + 5,
        title: "a flag was written in other words",
        mend: "keep the text that came",
        word: "flag (words)",
        undo: |own| word(own, &[("1", "true"), ("0", "false"), ("true", "True"), ("false", "False")]),
    },
    Mishap {
        rank: rank::NUMBERS + 5,
        title: "a flag was written in other words",
        mend: "keep the text that came",
        word: "flag (Y or N)",
        undo: |own| word(own, &[("true", "Y"), ("false", "N"), ("1", "Y"), ("0", "N")]),
    },
    Mishap {
        rank: rank::NUMBERS + 5,
        title: "nothing was written as a word",
        mend: "keep the text that came",
        word: "null",
        undo: |own| word(own, &[("null", ""), ("undefined", ""), ("None", ""), ("NULL", "")]),
    },
    Mishap {
        rank: rank::NUMBERS + 6,
        title: "the word `null` was lost",
        mend: "keep the text that came",
        word: "null lost",
        undo: |own| word(own, &[("", "null")]),
    },
    Mishap {
        rank: rank::NUMBERS + 6,
        title: "the time was written in another way",
        mend: "keep the text that came",
        word: "T in the time",
        undo: |own| is_time(own, ' ').then(|| own.replacen(' ', "T", 1)),
    },
    Mishap {
        rank: rank::NUMBERS + 6,
        title: "the time was written in another way",
        mend: "keep the text that came",
        word: "blank in the time",
        undo: |own| is_time(own, 'T').then(|| own.replacen('T', " ", 1)),
    },
    Mishap {
        rank: rank::NUMBERS + 6,
        title: "the time was cut to seconds",
        mend: "keep the text that came",
        word: "milliseconds",
        undo: |own| (is_digits(own) && own.len() == 10).then(|| format!("{own}000")),
    },
    Mishap {
        rank: rank::NUMBERS + 6,
        title: "the time was given milliseconds",
        mend: "keep the text that came",
        word: "seconds",
        undo: |own| (is_digits(own) && own.len() == 13).then(|| own.chars().take(10).collect()),
    },
    Mishap {
        rank: rank::FIELD_VALUE,
        title: "its base64 was decoded",
        mend: "take the value as it came",
        word: "base64 decoded",
        undo: |own| (!own.is_empty()).then(|| base64(own.as_bytes())),
    },
    Mishap {
        rank: rank::FIELD_VALUE,
        title: "the slash at its end was lost",
        mend: "take the value as it came",
        word: "slash",
        undo: |own| own.starts_with("http").then(|| format!("{own}/")),
    },
    Mishap {
        rank: rank::FIELD_VALUE,
        title: "a slash came to its end",
        mend: "take the value as it came",
        word: "slash added",
        undo: |own| own.strip_suffix('/').map(str::to_owned),
    },
    Mishap {
        rank: rank::FIELD_VALUE,
        title: "the port or scheme of the address was changed",
        mend: "take the public address",
        word: "https",
        undo: |own| own.strip_prefix("http://").map(|rest| format!("https://{rest}")),
    },
    Mishap {
        rank: rank::FIELD_VALUE,
        title: "the port or scheme of the address was changed",
        mend: "take the public address",
        word: "http",
        undo: |own| own.strip_prefix("https://").map(|rest| format!("http://{rest}")),
    },
    Mishap {
        rank: rank::FIELD_VALUE,
        title: "it was put into quotes",
        mend: "take the value as it came",
        word: "quotes added",
        undo: |own| own.strip_prefix('"')?.strip_suffix('"').map(str::to_owned),
    },
    Mishap {
        rank: rank::FIELD_VALUE,
        title: "its quotes were lost",
        mend: "take the value as it came",
        word: "quotes lost",
        undo: |own| Some(format!("\"{own}\"")),
    },
];

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_time(text: &str, between: char) -> bool {
    let pieces: Vec<&str> = text.splitn(2, between).collect();
    matches!(pieces.as_slice(), [date, time] if date.len() == 10 && time.len() >= 8 && date.as_bytes().get(4) == Some(&b'-'))
}

fn word(own: &str, words: &[(&str, &str)]) -> Option<String> {
    words.iter().find(|(from, _)| *from == own).map(|(_, to)| (*to).to_owned())
}

fn first_upper(own: &str) -> String {
    let mut characters = own.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Percent-decoded, if there is anything to decode.
pub(crate) fn decoded(own: &str, plus: bool) -> Option<String> {
    let is_encoded = own.contains('%') || (plus && own.contains('+'));
    if !is_encoded {
        return None;
    }
    let mut bytes = Vec::new();
    let mut rest = own.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
            }
            b'+' if plus => bytes.push(b' '),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

/// Percent-encoded.
pub(crate) fn encoded(own: &str, also_stay: &str, space: &str, upper: bool) -> String {
    let mut text = String::new();
    for byte in own.bytes() {
        let character = char::from(byte);
        if character.is_ascii_alphanumeric() || (character.is_ascii() && also_stay.contains(character)) {
            text.push(character);
        } else if character == ' ' {
            text.push_str(space);
        } else {
            text.push_str(&percent(byte, upper));
        }
    }
    text
}

fn percent(byte: u8, upper: bool) -> String {
    if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") }
}

fn beyond_ascii(own: &str, upper: bool) -> String {
    let mut text = String::new();
    for byte in own.bytes() {
        if byte.is_ascii() { text.push(char::from(byte)) } else { text.push_str(&percent(byte, upper)) }
    }
    text
}

pub(crate) fn unescaped(own: &str) -> String {
    let plain = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#034;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#39;", "'"),
        ("&#039;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
        ("&#x27;", "'"),
        ("&#x2F;", "/"),
        ("&#43;", "+"),
    ];
    let undone =
        plain.into_iter().fold(own.to_owned(), |text, (entity, character)| text.replace(entity, character));
    undone.replace("&amp;", "&")
}

fn escaped(own: &str, apostrophe: &str) -> String {
    own.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\'', apostrophe)
}

/// Text that was read in a wrong charset, read in the right one.
fn misread(own: &str, wrong: Charset, right: Charset) -> Option<String> {
    if own.is_ascii() {
        return None;
    }
    let bytes = wrong.encode(own).ok()?;
    right.decode(&bytes).ok().map(|text| text.into_owned())
}

/// The bytes of a text in Windows-1252.
fn windows_1252(own: &str) -> Option<Vec<u8>> {
    const UPPER: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    if own.is_ascii() {
        return None;
    }
    let byte = |character: char| match UPPER.chars().position(|own| own == character) {
        Some(index) => u8::try_from(0x80 + index).ok(),
        None => u8::try_from(u32::from(character)).ok(),
    };
    own.chars().map(byte).collect()
}

fn unicode_escapes(own: &str) -> String {
    let mut text = String::new();
    for character in own.chars() {
        if character.is_ascii() {
            text.push(character);
            continue;
        }
        let mut units = [0; 2];
        for unit in character.encode_utf16(&mut units) {
            text.push_str(&format!("\\u{unit:04x}"));
        }
    }
    text
}

/// Whole digits and decimals of a plain number.
fn number(own: &str) -> Option<(&str, &str)> {
    let (whole, fraction) = own.split_once('.').unwrap_or((own, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    (is_digits(digits) && fraction.bytes().all(|byte| byte.is_ascii_digit()) && own.len() < 30)
        .then_some((whole, fraction))
}

/// With so many decimals, where only zeros are lost or gained.
fn decimals(own: &str, count: usize) -> Option<String> {
    let (whole, fraction) = number(own)?;
    let kept = fraction.get(..count.min(fraction.len()))?;
    if fraction.get(kept.len()..)?.bytes().any(|byte| byte != b'0') {
        return None;
    }
    Some(if count == 0 { whole.to_owned() } else { format!("{whole}.{kept:0<count$}") })
}

fn shortest(own: &str) -> Option<String> {
    let (whole, fraction) = number(own)?;
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

/// A hundred times as much, or a hundredth with two decimals.
fn shifted(own: &str, up: bool) -> Option<String> {
    let (whole, fraction) = number(own)?;
    let negative = whole.starts_with('-');
    let digits = whole.trim_start_matches('-');
    let all = if up {
        let moved = format!("{digits}{:0<2}", fraction.get(..2.min(fraction.len()))?);
        let moved = moved.trim_start_matches('0');
        if moved.is_empty() { "0".to_owned() } else { moved.to_owned() }
    } else if fraction.is_empty() {
        let padded = format!("{digits:0>3}");
        let (whole, cents) = padded.split_at_checked(padded.len() - 2)?;
        format!("{whole}.{cents}")
    } else {
        return None;
    };
    Some(if negative { format!("-{all}") } else { all })
}

fn thousands(own: &str) -> Option<String> {
    let (whole, fraction) = number(own)?;
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    Some(if fraction.is_empty() { grouped } else { format!("{grouped}.{fraction}") })
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for index in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * index) & 0x3f).unwrap_or_default();
            let character = ALPHABET.get(digit).copied().unwrap_or(b'=');
            text.push(if index <= three.len() { char::from(character) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_other_ways_without_changing_their_value() {
        assert_eq!(decimals("10", 2).as_deref(), Some("10.00"));
        assert_eq!(decimals("10.50", 1).as_deref(), Some("10.5"));
        assert_eq!(decimals("10.55", 1), None);
        assert_eq!(shortest("10.50").as_deref(), Some("10.5"));
        assert_eq!(shortest("10.00").as_deref(), Some("10"));
        assert_eq!(shifted("1.5", true).as_deref(), Some("150"));
        assert_eq!(shifted("5", false).as_deref(), Some("0.05"));
        assert_eq!(thousands("1234567.50").as_deref(), Some("1,234,567.50"));
        for wrong in ["", "a", "1a", "1.2.3", "中", "-", "1e3"] {
            assert_eq!(decimals(wrong, 2), None, "{wrong}");
        }
    }

    #[test]
    fn mojibake_is_undone() {
        assert_eq!(misread("ä¸\u{ad}", Charset::Latin1, Charset::Utf8).as_deref(), Some("中"));
        assert_eq!(misread("abc", Charset::Latin1, Charset::Utf8), None);
        assert_eq!(windows_1252("â‚¬").and_then(|bytes| String::from_utf8(bytes).ok()).as_deref(), Some("€"));
    }

    #[test]
    fn odd_values_do_not_break_anything() {
        for value in ["", "%", "%4", "%zz", "+", "\u{0}", "😀", "\"", "{", "-", ".", "%ff", "&amp;quot;"] {
            for mishap in MISHAPS {
                let _ = (mishap.undo)(value);
            }
        }
    }
}
