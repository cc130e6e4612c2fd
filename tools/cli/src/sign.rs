//! `payspec sign`: one message as it goes over the wire, for scripts.
//!
//! A request is made of the caller's values, a callback of the fields that the provider would send (for which the
//! private half of its key is needed, as tests have it), a recipe alone of pairs. Nothing but what was asked for goes
//! to standard output. What is printed is what the spec sends, and that never holds a secret, but for recipes whose
//! result is the secret itself.

mod wire;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use payspec_codegen::ir::{Callback, Provider, Receive};
use payspec_interpreter::{Instant, Interpreter, Map, Notice, PrepareError, SignedText, Supplied, Value};
use payspec_vectors::Subject;

use self::wire::Wire;
use crate::Exit;
use crate::explain::request::RequestArguments;
use crate::failure::Failure;
use crate::named::named;
use crate::secrets;
use crate::settings::{Given, Resolved};
use crate::source::read_spec;
use crate::terminal::{Terminal, counted};

const EXAMPLES: &str = "\
Examples:
  payspec sign shop.yaml pay --set order_no=1 --set amount=1.00        the message, as HTTP text
  payspec sign shop.yaml pay --request pay.json --part curl | sh       send it
  payspec sign shop.yaml paid --set trade_no=1 --part body > notice    a callback, for the tests of a shop
  payspec sign shop.yaml notify_md5 --set a=1 --part base              what a recipe signs, secrets masked

Secrets come from PAYSPEC_<NAME>, PAYSPEC_<NAME>_FILE, --credentials, --test-credentials or a prompt.
Exit codes: 0 signed, 1 the operation refuses the values, 2 something is missing.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The spec
    file: PathBuf,
    /// An operation, a callback or a recipe of the spec; a recipe also as signatures.NAME
    name: String,
    /// What to print; without it the whole message, of a recipe the signature
    #[arg(long, value_enum)]
    part: Option<Part>,
    /// Of a callback: in which of its forms it comes; without it the first of the spec
    #[arg(long, value_enum)]
    form: Option<Shape>,
    /// Of a callback: the URL to which it is sent
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    #[command(flatten)]
    request: RequestArguments,
    #[command(flatten)]
    given: Given,
}

/// A part of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// All of it as HTTP text: request line, headers, body
    Message,
    /// A curl command that sends it
    Curl,
    /// The body, byte for byte
    Body,
    /// The query, without `?`
    Query,
    /// The whole URL
    Url,
    /// The headers, one `Name: value` on each line
    Headers,
    /// What the recipe makes
    Signature,
    /// The signed text, secrets masked
    Base,
}

/// How a callback comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shape {
    /// GET, everything in the query
    Get,
    /// POST of a form
    Form,
    /// POST of JSON
    Json,
    /// POST of XML
    Xml,
    /// POST of a multipart form
    Multipart,
}

/// Signs one message and prints what was asked for.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let spec = read_spec(&arguments.file)?;
    let Some(provider) = spec.provider(terminal)? else { return Ok(Exit::Mistakes) };
    let subject = named(&provider, &arguments.name, true)?;
    arguments.fits(&subject)?;
    let values = arguments.request.values(&provider, &arguments.name)?;
    let resolved = arguments.given.resolve(&provider, &arguments.file, Some(&subject), terminal)?;
    let interpreter = resolved.interpreter(&provider)?;
    let signed = match &subject {
        Subject::Request(name) | Subject::Response(name) => request(&interpreter, name, &values, &resolved),
        Subject::Callback(name) => arguments.callback(&interpreter, name, &values, &resolved.supplied),
        Subject::Recipe(name) => recipe(&interpreter, name, &values),
    };
    match signed {
        Ok(wire) => {
            let part = arguments.part.unwrap_or(match subject {
                Subject::Recipe(_) => Part::Signature,
                _ => Part::Message,
            });
            print(&wire, part, terminal)?;
            Ok(Exit::Clean)
        }
        Err(Refused::Values(problems)) => {
            let concealed = resolved.concealed();
            let count = counted(problems.len(), "value");
            writeln!(terminal.err, "error: `{}` refuses {count}", arguments.name)?;
            for problem in problems {
                writeln!(terminal.err, "  - {}", concealed.text(&problem))?;
            }
            Ok(Exit::Mistakes)
        }
        Err(Refused::Other(message)) => {
            let failure = Failure::new(format!(
                "`{}` cannot be signed: {}",
                arguments.name,
                resolved.concealed().text(&message)
            ));
            Err(match mend(&provider, &message) {
                Some(mend) => failure.mend(mend),
                None => failure,
            })
        }
    }
}

/// Why there is no message.
enum Refused {
    /// The operation would not take the values.
    Values(Vec<String>),
    /// Something is missing, or does not fit.
    Other(String),
}

impl Refused {
    fn other(error: impl ToString) -> Self {
        Self::Other(error.to_string())
    }
}

impl From<PrepareError> for Refused {
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::Invalid(violations) => {
                Self::Values(violations.iter().map(ToString::to_string).collect())
            }
            error => Self::other(error),
        }
    }
}

fn request(
    interpreter: &Interpreter,
    name: &str,
    values: &Map<Value>,
    resolved: &Resolved,
) -> Result<Wire, Refused> {
    let now = resolved.supplied.now.unwrap_or_else(now);
    Ok(Wire::from(interpreter.prepare_with(name, values, now, &resolved.supplied)?))
}

/// The clock of this machine.
fn now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Instant::from_unix_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn recipe(interpreter: &Interpreter, name: &str, values: &Map<Value>) -> Result<Wire, Refused> {
    let pair = |(name, value): (&str, &Value)| match value.as_text() {
        Some(text) => Ok((name.to_owned(), text.to_owned())),
        None => Err(Refused::Values(vec![format!(
            "`{name}` is no text: a recipe alone runs over pairs of texts"
        )])),
    };
    let pairs = values.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
    let unknown = || Refused::other("the spec has no such recipe");
    let text: SignedText =
        interpreter.recipe_text(name, &pairs).ok_or_else(unknown)?.map_err(Refused::other)?;
    let signature = interpreter.recipe_signature(name, &text).ok_or_else(unknown)?;
    let signature = signature.map_err(Refused::other)?;
    Ok(Wire { base: Some(text.masked().to_owned()), signature: Some(signature), ..Wire::default() })
}

impl Arguments {
    /// What belongs to callbacks alone, and what a recipe alone does not have.
    fn fits(&self, subject: &Subject) -> Result<(), Failure> {
        let is_callback = matches!(subject, Subject::Callback(_));
        if !is_callback && (self.form.is_some() || self.url.is_some()) {
            let name = subject.name();
            return Err(Failure::new(format!(
                "`--form` and `--url` are for callbacks, and `{name}` is none"
            ))
            .mend("where a request goes is said by the spec, and by `--host NAME=URL`"));
        }
        let is_small = matches!(self.part, None | Some(Part::Signature | Part::Base));
        if matches!(subject, Subject::Recipe(_)) && !is_small {
            return Err(Failure::new(format!("the recipe `{}` makes no message", subject.name()))
                .mend("`--part signature` and `--part base` are what there is"));
        }
        Ok(())
    }

    fn callback(
        &self,
        interpreter: &Interpreter,
        name: &str,
        values: &Map<Value>,
        supplied: &Supplied,
    ) -> Result<Wire, Refused> {
        let unknown = || Refused::other("the spec has no such callback");
        let callback = interpreter.callback(name).ok_or_else(unknown)?;
        let shape = self.shape(callback)?;
        let supplied = match &self.url {
            Some(url) => supplied.clone().to(url),
            None => supplied.clone(),
        };
        let text = |(name, value): (&str, &Value)| Some((name.to_owned(), value.as_text()?.to_owned()));
        let texts: Option<Vec<(String, String)>> = values.iter().map(text).collect();
        let made = match texts {
            Some(texts) => interpreter.sign_callback_with(name, &texts, shape, &supplied),
            None => interpreter.sign_notice(name, &notice(callback, values), shape, &supplied),
        };
        Ok(Wire::of_callback(interpreter, callback, made.map_err(Refused::other)?))
    }

    fn shape(&self, callback: &Callback) -> Result<Receive, Refused> {
        let wanted = self.form.map(|form| match form {
            Shape::Get => Receive::GetQuery,
            Shape::Form => Receive::PostForm,
            Shape::Json => Receive::PostJson,
            Shape::Xml => Receive::PostXml,
            Shape::Multipart => Receive::PostMultipart,
        });
        let mut shapes = callback.receive.iter().copied();
        let shape = shapes.find(|shape| wanted.is_none_or(|wanted| wanted == *shape));
        shape.ok_or_else(|| Refused::other("it does not come in this form"))
    }
}

/// Values that are no texts: each stands where the spec reads it.
fn notice(callback: &Callback, values: &Map<Value>) -> Notice {
    let mut notice = Notice::default();
    for (name, value) in values.iter() {
        let known = callback.fields.iter().find(|received| received.field.name.wire == name);
        match (known.and_then(|received| received.header.as_ref()), value) {
            (Some(header), Value::Text(text)) => notice.headers.push((header.clone(), text.clone())),
            _ => notice.body.push((name.to_owned(), value.clone())),
        }
    }
    notice
}

/// What to do about an error that the interpreter names in its own words.
fn mend(provider: &Provider, message: &str) -> Option<String> {
    if message.contains("access token") {
        let token = provider.token.as_ref()?;
        return Some(format!("set {}", secrets::token_variable(&token.name.wire)));
    }
    if message.contains("address of the host") {
        let hosts: Vec<String> =
            provider.hosts.iter().map(|host| format!("`--host {}=https://...`", host.wire)).collect();
        return Some(format!("say where it is: {}", hosts.join(", ")));
    }
    message.contains("was not handed in").then(|| "hand it in with `--given FILE`".to_owned())
}

fn print(wire: &Wire, part: Part, terminal: &mut Terminal) -> Result<(), Failure> {
    let missing = |what: &str| Failure::new(format!("the message has no {what}"));
    let line = |text: Option<&String>, what: &str| {
        text.filter(|text| !text.is_empty())
            .map(|text| format!("{text}\n").into_bytes())
            .ok_or_else(|| missing(what))
    };
    let bytes = match part {
        Part::Message => wire.http(),
        Part::Curl => {
            wire.curl().ok_or_else(|| missing("URL").mend("give it with `--url URL`"))?.into_bytes()
        }
        Part::Body => wire.body.clone(),
        Part::Query => line(Some(&wire.query), "query")?,
        Part::Url => line(wire.url.as_ref(), "URL")?,
        Part::Headers => wire.header_lines("\n").into_bytes(),
        Part::Signature => line(wire.signature.as_ref(), "signature")?,
        Part::Base => line(wire.base.as_ref(), "signed text")?,
    };
    terminal.out.flush()?;
    // Bytes of any charset: nothing may be taken for an escape sequence and stripped.
    let mut out = io::stdout().lock();
    out.write_all(&bytes)?;
    out.flush()?;
    Ok(())
}
