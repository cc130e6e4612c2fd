//! A pasted `curl` command: what it would send, without sending it.
//!
//! Its words are told apart as a POSIX shell does, with quotes, backslashes and continued lines; nothing is expanded
//! and nothing is run. Of the options those are understood that say what is sent; those that say how are passed over.

use super::incoming::{Received, content_type, header};
use crate::failure::Failure;

/// Options without a value that change nothing about the message.
const FLAGS: &[&str] = &[
    "--compressed",
    "--fail",
    "--globoff",
    "--http1.0",
    "--http1.1",
    "--http2",
    "--include",
    "--insecure",
    "--ipv4",
    "--ipv6",
    "--location",
    "--no-buffer",
    "--progress-bar",
    "--show-error",
    "--silent",
    "--verbose",
];
/// Short ones of the same kind, and `-G`.
const SHORT_FLAGS: &str = "fgiIkLNsSv#046";
/// Options with a value that change nothing about the message.
const PASSED_OVER: &[&str] = &[
    "--cacert",
    "--cert",
    "--connect-timeout",
    "--key",
    "--max-time",
    "--output",
    "--proxy",
    "--resolve",
    "--retry",
    "--write-out",
];
const MEND: &str = "paste the whole command with its quotes; -X, -H, -d, --data-raw, --data-binary, \
                    --data-urlencode, --json, -G and the URL are understood";

/// What a command says, piece by piece.
#[derive(Default)]
struct Command {
    method: Option<String>,
    url: Option<String>,
    headers: Vec<(String, String)>,
    data: Option<String>,
    is_get: bool,
    is_json: bool,
}

/// Reads a command.
pub(crate) fn read(text: &str) -> Result<Received, Failure> {
    let words = words(text)?;
    let mut words = words.into_iter().skip_while(|word| word == "$" || word == "%");
    match words.next() {
        Some(word) if word == "curl" || word.ends_with("/curl") || word == "curl.exe" => {}
        _ => return Err(Failure::new("this is no curl command: it does not begin with `curl`").mend(MEND)),
    }
    let mut command = Command::default();
    while let Some(word) = words.next() {
        command.take(&word, &mut words)?;
    }
    command.message()
}

impl Command {
    fn take(&mut self, word: &str, rest: &mut impl Iterator<Item = String>) -> Result<(), Failure> {
        if let Some(long) = word.strip_prefix("--").filter(|long| !long.is_empty()) {
            return self.long(long, rest);
        }
        match word.strip_prefix('-').filter(|short| !short.is_empty()) {
            Some(short) => self.short(short, rest),
            None => self.address(word),
        }
    }

    fn long(&mut self, long: &str, rest: &mut impl Iterator<Item = String>) -> Result<(), Failure> {
        let name = format!("--{long}");
        if FLAGS.contains(&name.as_str()) {
            return Ok(());
        }
        if long == "get" {
            self.is_get = true;
            return Ok(());
        }
        let value = |rest: &mut dyn Iterator<Item = String>| {
            rest.next()
                .ok_or_else(|| Failure::new(format!("the option {name} of curl has no value")).mend(MEND))
        };
        match long {
            "request" => self.method = Some(value(rest)?),
            "url" => {
                let url = value(rest)?;
                self.address(&url)?;
            }
            "header" => self.header(&value(rest)?)?,
            "user-agent" => self.header(&format!("User-Agent: {}", value(rest)?))?,
            "cookie" => self.header(&format!("Cookie: {}", value(rest)?))?,
            "referer" => self.header(&format!("Referer: {}", value(rest)?))?,
            "data" | "data-ascii" | "data-binary" => self.data(&in_the_command(&name, value(rest)?)?),
            "data-raw" => self.data(&value(rest)?),
            "data-urlencode" => self.data(&url_encoded(&name, &value(rest)?)?),
            "json" => {
                self.is_json = true;
                self.data(&in_the_command(&name, value(rest)?)?);
            }
            _ if PASSED_OVER.contains(&name.as_str()) => drop(value(rest)?),
            _ => return Err(unknown(&name)),
        }
        Ok(())
    }

    /// Short options, of which several may stand in one word, the last one with its value behind it.
    fn short(&mut self, short: &str, rest: &mut impl Iterator<Item = String>) -> Result<(), Failure> {
        let mut letters = short.chars();
        while let Some(letter) = letters.next() {
            if letter == 'G' {
                self.is_get = true;
            } else if !SHORT_FLAGS.contains(letter) {
                let name = match letter {
                    'X' => "request",
                    'H' => "header",
                    'd' => "data",
                    'A' => "user-agent",
                    'b' => "cookie",
                    'e' => "referer",
                    'm' => "max-time",
                    'o' => "output",
                    'w' => "write-out",
                    'x' => "proxy",
                    _ => return Err(unknown(&format!("-{letter}"))),
                };
                let attached = letters.as_str();
                let attached = (!attached.is_empty()).then(|| attached.to_owned());
                return self.long(name, &mut attached.into_iter().chain(rest));
            }
        }
        Ok(())
    }

    fn address(&mut self, url: &str) -> Result<(), Failure> {
        if self.url.replace(url.to_owned()).is_some() {
            return Err(Failure::new("the curl command has two addresses").mend(MEND));
        }
        Ok(())
    }

    fn header(&mut self, line: &str) -> Result<(), Failure> {
        // `Name:` takes a header away that curl would send, `Name;` sends it empty.
        match line.strip_suffix(';').filter(|name| !name.contains(':')) {
            Some(name) => self.headers.push((name.to_owned(), String::new())),
            None if line.trim_end().ends_with(':') && line.matches(':').count() == 1 => {}
            None => self.headers.push(header(line)?),
        }
        Ok(())
    }

    fn data(&mut self, data: &str) {
        match &mut self.data {
            Some(known) => {
                if !self.is_json {
                    known.push('&');
                }
                known.push_str(data);
            }
            None => self.data = Some(data.to_owned()),
        }
    }

    fn message(self) -> Result<Received, Failure> {
        let Some(url) = self.url else {
            return Err(Failure::new("the curl command has no address").mend(MEND));
        };
        let url = if url.contains("://") { url } else { format!("http://{url}") };
        let mut url = url.split('#').next().unwrap_or_default().to_owned();
        let mut body = self.data;
        if self.is_get
            && let Some(data) = body.take()
        {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&data);
        }
        let query = url.split_once('?').map(|(_, query)| query.as_bytes().to_vec()).unwrap_or_default();
        let usual = if body.is_some() { "POST" } else { "GET" };
        let usual_type = match (&body, self.is_json) {
            (None, _) => None,
            (Some(_), true) => Some("application/json"),
            (Some(_), false) => Some("application/x-www-form-urlencoded"),
        };
        let content_type = content_type(&self.headers).or(usual_type.map(str::to_owned));
        Ok(Received {
            method: self.method.unwrap_or_else(|| usual.to_owned()).to_ascii_uppercase(),
            query,
            body: body.map(String::into_bytes).unwrap_or_default(),
            content_type,
            headers: self.headers,
            url: Some(url),
        })
    }
}

fn unknown(name: &str) -> Failure {
    let mend = match name {
        "-F" | "--form" => "multipart forms are not read from a curl command; use `--set`",
        "-u" | "--user" => "write the header that curl would make: -H 'Authorization: Basic ...'",
        "-T" | "--upload-file" => "write the body into the command with --data-raw, or use `--request FILE`",
        _ => MEND,
    };
    Failure::new(format!("the option {name} of curl is not understood")).mend(mend)
}

/// Files that a command names are not read: it may come from anywhere.
fn in_the_command(option: &str, data: String) -> Result<String, Failure> {
    if data.starts_with('@') {
        return Err(Failure::new(format!("{option} of the curl command names a file"))
            .mend("write its content into the command with --data-raw"));
    }
    Ok(data)
}

/// As curl encodes: everything but letters, digits and `-._~`.
fn url_encoded(option: &str, data: &str) -> Result<String, Failure> {
    let (name, content) = match data.split_once('=') {
        Some((name, content)) => (name, content),
        None if data.contains('@') => {
            return in_the_command(option, String::from("@"));
        }
        None => ("", data),
    };
    let mut encoded = if name.is_empty() { String::new() } else { format!("{name}=") };
    for byte in content.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte))
            }
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(encoded)
}

/// The words of a command, as a POSIX shell sees them.
fn words(text: &str) -> Result<Vec<String>, Failure> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('\n') => {}
                Some('\r') if characters.peek() == Some(&'\n') => drop(characters.next()),
                Some(escaped) => word.get_or_insert_default().push(escaped),
                None => {}
            },
            '\'' => {
                let quoted = word.get_or_insert_default();
                single(&mut characters, quoted)?;
            }
            '"' => {
                let quoted = word.get_or_insert_default();
                double(&mut characters, quoted)?;
            }
            '$' if characters.peek() == Some(&'\'') => {
                characters.next();
                let quoted = word.get_or_insert_default();
                ansi(&mut characters, quoted)?;
            }
            character if character.is_whitespace() => words.extend(word.take()),
            character => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    Ok(words)
}

type Characters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn open_quote(quote: &str) -> Failure {
    Failure::new(format!("a {quote} of the curl command is never closed")).mend(MEND)
}

fn single(characters: &mut Characters<'_>, word: &mut String) -> Result<(), Failure> {
    for character in characters.by_ref() {
        if character == '\'' {
            return Ok(());
        }
        word.push(character);
    }
    Err(open_quote("'"))
}

fn double(characters: &mut Characters<'_>, word: &mut String) -> Result<(), Failure> {
    while let Some(character) = characters.next() {
        match character {
            '"' => return Ok(()),
            '\\' => match characters.next() {
                Some('\n') => {}
                Some(escaped @ ('"' | '\\' | '$' | '`')) => word.push(escaped),
                Some(other) => word.extend(['\\', other]),
                None => break,
            },
            character => word.push(character),
        }
    }
    Err(open_quote("\""))
}

/// `$'...'`, as browsers copy bodies with line breaks and apostrophes.
fn ansi(characters: &mut Characters<'_>, word: &mut String) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    while let Some(character) = characters.next() {
        match character {
            '\'' => {
                let text = String::from_utf8(bytes).map_err(|_| {
                    Failure::new("the curl command has bytes that are no UTF-8 text")
                        .mend("use `--request FILE`")
                })?;
                word.push_str(&text);
                return Ok(());
            }
            '\\' => escaped(characters, &mut bytes).ok_or_else(|| open_quote("$'"))?,
            character => bytes.extend(character.to_string().bytes()),
        }
    }
    Err(open_quote("$'"))
}

fn escaped(characters: &mut Characters<'_>, bytes: &mut Vec<u8>) -> Option<()> {
    let mut push = |character: char| bytes.extend(character.to_string().bytes());
    match characters.next()? {
        'n' => push('\n'),
        't' => push('\t'),
        'r' => push('\r'),
        'u' => {
            let unit = u32::from_str_radix(&hex(characters, 4), 16).ok()?;
            let high = unit.checked_sub(0xd800).filter(|high| *high < 0x400);
            let code = match high {
                Some(high) => {
                    (characters.next()? == '\\' && characters.next()? == 'u').then_some(())?;
                    let low = u32::from_str_radix(&hex(characters, 4), 16).ok()?.checked_sub(0xdc00)?;
                    0x10000 + (high << 10) + low
                }
                None => unit,
            };
            push(char::from_u32(code)?);
        }
        'x' => {
            let byte = u8::from_str_radix(&hex(characters, 2), 16).ok()?;
            bytes.push(byte);
        }
        other => push(other),
    }
    Some(())
}

fn hex(characters: &mut Characters<'_>, most: usize) -> String {
    let mut digits = String::new();
    while digits.len() < most
        && let Some(digit) = characters.next_if(char::is_ascii_hexdigit)
    {
        digits.push(digit);
    }
    digits
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn body(command: &str) -> String {
        match read(command) {
            Ok(message) => String::from_utf8(message.body).unwrap(),
            Err(failure) => panic!("{failure}"),
        }
    }

    #[test]
    fn a_command_over_several_lines_is_one_message() {
        let message = read(
            "curl --location --request POST 'https://pay.example/api?x=1' \\\n  -H \"Content-Type: application/json\" \\\r\n  \
             --data-raw '{\"a\":\"it'\\''s\"}'\n",
        )
        .unwrap();
        assert_eq!(message.method, "POST");
        assert_eq!(message.body, br#"{"a":"it's"}"#);
        assert_eq!(message.query, b"x=1");
        assert_eq!(message.content_type.as_deref(), Some("application/json"));
    }

    #[test]
    fn data_is_joined_and_encoded_as_curl_does() {
        assert_eq!(
            body("curl h.example -d a=1 -d 'b=2 3' --data-urlencode 'c=中 +&'"),
            "a=1&b=2 3&c=%E4%B8%AD%20%2B%26"
        );
        assert_eq!(body("curl -sSd a=1 -XPUT h.example"), "a=1");
        assert_eq!(body(r#"curl h.example -d "a=\"\$x\" \n""#), r#"a="$x" \n"#);
        assert_eq!(body(r"curl h.example --data-raw $'a=\u4e2d\n\x41\ud83d\ude00\''"), "a=中\nA😀'");
        let get = read("curl -G h.example/p?x=1 -d a=1 --data-urlencode b=%").unwrap();
        assert_eq!((get.method.as_str(), get.query.as_slice()), ("GET", &b"x=1&a=1&b=%25"[..]));
        assert!(get.body.is_empty() && get.content_type.is_none());
    }

    #[test]
    fn what_is_no_command_says_why() {
        let why = |text: &str| read(text).err().map(|failure| failure.to_string()).unwrap_or_default();
        assert!(why("wget x").contains("no curl command"));
        assert!(why("").contains("no curl command"));
        assert!(why("curl -d 'a=1 https://x").contains("a ' of the curl command is never closed"));
        assert!(why("curl -d a=1").contains("no address"));
        assert!(why("curl x y").contains("two addresses"));
        assert!(why("curl x -d").contains("--data of curl has no value"));
        assert!(why("curl x -d @file").contains("names a file"));
        assert!(why("curl x --data-urlencode name@file").contains("names a file"));
        assert!(why("curl x -F a=1").contains("-F of curl is not understood"));
        assert!(why("curl x -H nocolon").contains("no name with a colon"));
        assert!(why(r"curl x -d $'\ud83d'").contains("never closed"));
    }
}
