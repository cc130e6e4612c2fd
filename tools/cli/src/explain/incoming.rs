//! A message as it came in, from what was noted of it: body, headers, query, URL.
//!
//! Bytes are taken as they are. A line break that an editor has put at the end of a file is part of the body: whether
//! that is the reason why a signature does not fit is for the neighbours to find out.

use std::io::Read;
use std::path::PathBuf;

use clap::Args;
use payspec_interpreter::Incoming;

use crate::failure::Failure;

/// The largest message that is read, in bytes.
const LARGEST: u64 = 4 << 20;

/// The message that was received.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Received message")]
pub(crate) struct IncomingArguments {
    /// Read the raw body from a file, `-`: from standard input
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// A header: `Name: value`; as often as there are headers
    #[arg(long, value_name = "HEADER", allow_hyphen_values = true)]
    header: Vec<String>,
    /// The raw query, without `?`
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    query: Option<String>,
    /// The method; without it POST where there is a body
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,
    /// The public address, as the sender saw it
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

/// A message, whichever way it went: the raw bytes.
#[derive(Clone, Default)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) query: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) content_type: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) url: Option<String>,
}

impl Received {
    pub(crate) fn incoming(&self) -> Incoming<'_> {
        let incoming = Incoming::new(&self.method, &self.query, self.content_type.as_deref(), &self.body)
            .headers(&self.headers);
        match &self.url {
            Some(url) => incoming.url(url),
            None => incoming,
        }
    }
}

impl IncomingArguments {
    /// Something was said about a received message.
    pub(crate) fn is_given(&self) -> bool {
        let Self { body, header, query, method, url } = self;
        body.is_some() || !header.is_empty() || query.is_some() || method.is_some() || url.is_some()
    }

    /// There is a body, or at least headers: what an answer has.
    pub(crate) fn has_body(&self) -> bool {
        self.body.is_some() || !self.header.is_empty()
    }

    pub(crate) fn read(&self) -> Result<Received, Failure> {
        let body = match &self.body {
            Some(path) => read_bytes(path)?,
            None => Vec::new(),
        };
        let headers = self.header.iter().map(|line| header(line)).collect::<Result<Vec<_>, _>>()?;
        let in_url = self.url.as_ref().and_then(|url| url.split('#').next()?.split_once('?'));
        let query = match (&self.query, in_url) {
            (Some(query), _) => query.strip_prefix('?').unwrap_or(query),
            (None, Some((_, query))) => query,
            (None, None) => "",
        };
        let usual = if self.body.is_some() { "POST" } else { "GET" };
        Ok(Received {
            method: self.method.as_deref().unwrap_or(usual).to_ascii_uppercase(),
            query: query.as_bytes().to_vec(),
            body,
            content_type: content_type(&headers),
            headers,
            url: self.url.clone(),
        })
    }
}

pub(crate) fn content_type(headers: &[(String, String)]) -> Option<String> {
    let named = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    named.map(|(_, value)| value.clone())
}

/// A header line.
pub(crate) fn header(line: &str) -> Result<(String, String), Failure> {
    let name = line.split_once(':').map(|(name, value)| (name.trim(), value.trim_matches([' ', '\t'])));
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    match name.filter(|(name, _)| is_name(name)) {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        // What it says may be a secret: it is not repeated.
        None => Err(Failure::new(format!(
            "a header of {} characters has no name with a colon behind it",
            line.chars().count()
        ))
        .mend("write `Name: value`, such as `Content-Type: application/json`")),
    }
}

/// The bytes of a file, or of standard input.
pub(crate) fn read_bytes(path: &PathBuf) -> Result<Vec<u8>, Failure> {
    let name = path.display();
    let cannot = |error: std::io::Error| Failure::new(format!("{name} cannot be read: {error}"));
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes).map_err(cannot)?;
    } else {
        let found = std::fs::metadata(path).map_err(cannot)?;
        if found.is_dir() {
            return Err(Failure::new(format!("{name} is a directory")).mend("name the file with the message"));
        }
        if !found.is_file() {
            return Err(
                Failure::new(format!("{name} is no regular file")).mend("standard input is read with `-`")
            );
        }
        let file = std::fs::File::open(path).map_err(cannot)?;
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(cannot)?;
    }
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::new(format!("{name} has more than {LARGEST} bytes"))
            .mend("no message of a payment provider is so large; is this another file?"));
    }
    Ok(bytes)
}

/// The text of a file, which must be UTF-8.
pub(crate) fn read_text(path: &PathBuf) -> Result<String, Failure> {
    String::from_utf8(read_bytes(path)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format!("{} is no UTF-8 text: byte {at} begins no character", path.display()))
    })
}
