//! A signed message, and the forms in which it is printed.

use payspec_codegen::ir::{Callback, Place, PlaceCarrier};
use payspec_interpreter::{CallbackMessage, Interpreter, Message};
use payspec_runtime::Charset;
use payspec_vectors::Packet;

/// A signed message.
#[derive(Clone, Debug, Default)]
pub(super) struct Wire {
    pub(super) method: &'static str,
    pub(super) url: Option<String>,
    pub(super) query: String,
    /// The content type among them, first.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) signature: Option<String>,
    /// The signed text, masked.
    pub(super) base: Option<String>,
}

impl From<Message> for Wire {
    fn from(message: Message) -> Self {
        Self {
            method: message.method,
            base: Some(message.masked_text().to_owned()),
            query: message.query,
            headers: headers(message.content_type, message.headers),
            body: message.body,
            signature: message.signature,
            url: Some(message.url),
        }
    }
}

impl Wire {
    /// A callback; its signature is what stands in the place of its last recipe.
    pub(super) fn of_callback(
        interpreter: &Interpreter,
        callback: &Callback,
        message: CallbackMessage,
    ) -> Self {
        let packet = Packet {
            method: message.method,
            address: None,
            query: message.query.clone(),
            headers: message.headers.clone(),
            content_type: message.content_type.clone(),
            // Signatures are ASCII: whatever the charset is, they stand there as they are.
            body: String::from_utf8_lossy(&message.body).into_owned(),
            charset: Charset::Utf8,
        };
        let recipes = callback.signature.recipes().into_iter().rev().map(|id| &interpreter.provider()[id]);
        let placed =
            recipes.filter_map(|recipe| recipe.place.as_ref()).find_map(|place| packet.value(&names(place)));
        Self {
            method: message.method,
            base: Some(message.text.masked().to_owned()),
            url: message.url,
            query: message.query,
            headers: headers(message.content_type, message.headers),
            body: message.body,
            signature: placed,
        }
    }

    /// As HTTP text. Where the URL is not known, there is no host.
    pub(super) fn http(&self) -> Vec<u8> {
        let (host, path) = match self.url.as_deref().and_then(|url| url.split_once("://")) {
            Some((_, rest)) => rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len())),
            None => ("", ""),
        };
        let path = path.split(['?', '#']).next().filter(|path| !path.is_empty()).unwrap_or("/");
        let mark = if self.query.is_empty() { "" } else { "?" };
        let mut text = format!("{} {path}{mark}{} HTTP/1.1\r\n", self.method, self.query);
        if !host.is_empty() {
            text.push_str(&format!("Host: {host}\r\n"));
        }
        text.push_str(&self.header_lines("\r\n"));
        if self.method != "GET" || !self.body.is_empty() {
            text.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        text.push_str("\r\n");
        [text.as_bytes(), &self.body].concat()
    }

    pub(super) fn header_lines(&self, end: &str) -> String {
        self.headers.iter().map(|(name, value)| format!("{name}: {value}{end}")).collect()
    }

    /// A command that sends the message; `None` where nobody knows where to.
    pub(super) fn curl(&self) -> Option<String> {
        let url = self.url.as_ref()?;
        let whole = match (url.contains('?'), self.query.is_empty()) {
            (false, false) => format!("{url}?{}", self.query),
            _ => url.clone(),
        };
        let mut command = format!("curl --request {} {}", self.method, quoted(whole.as_bytes()));
        for (name, value) in &self.headers {
            command.push_str(&format!(" \\\n  --header {}", quoted(format!("{name}: {value}").as_bytes())));
        }
        if !self.body.is_empty() {
            // `--data-binary @...` would read a file.
            let option = if self.body.starts_with(b"@") { "--data-raw" } else { "--data-binary" };
            command.push_str(&format!(" \\\n  {option} {}", quoted(&self.body)));
        }
        command.push('\n');
        Some(command)
    }
}

fn headers(content_type: Option<String>, headers: Vec<(String, String)>) -> Vec<(String, String)> {
    let is_given = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let own = content_type.filter(|_| !is_given).map(|kind| ("Content-Type".to_owned(), kind));
    own.into_iter().chain(headers).collect()
}

/// Where in a packet the result of a recipe stands.
fn names(place: &Place) -> Vec<String> {
    match &place.carrier {
        PlaceCarrier::Field(path) => {
            let path = path.dotted();
            vec![format!("body {path}"), format!("query {path}")]
        }
        PlaceCarrier::Query(name) => vec![format!("query {name}")],
        PlaceCarrier::Header(name) => vec![format!("header {name}")],
    }
}

/// One word of a shell. What is no printable text is written as bytes, which bash, zsh and ksh understand.
fn quoted(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(|letter| letter.is_control() && letter != '\n') => {
            format!("'{}'", text.replace('\'', "'\\''"))
        }
        _ => {
            let mut word = String::from("$'");
            for byte in bytes {
                match byte {
                    b'\'' | b'\\' => word.push_str(&format!("\\{}", char::from(*byte))),
                    b' '..=b'~' => word.push(char::from(*byte)),
                    byte => word.push_str(&format!("\\x{byte:02x}")),
                }
            }
            word.push('\'');
            word
        }
    }
}
