//! `payspec verify`: one message that came in, for scripts: its values as JSON, or why it is not believed.
//!
//! A callback, the answer to an operation (`--body`), or a request as the provider receives it (a raw message with
//! `--request`, a pasted command with `--curl`). A refusal leaves standard output empty, so that a pipe never goes on
//! with something that was not verified.

use std::path::PathBuf;

use clap::Args;
use payspec_interpreter::{Because, Ending, Instant, Interpreter, Map, Refusal, Supplied, Value};
use payspec_vectors::{Concealed, Subject};
use serde_json::{Map as Object, Value as Json, json};

use crate::Exit;
use crate::explain::incoming::{IncomingArguments, Received};
use crate::explain::request::{Asked, RequestArguments};
use crate::failure::Failure;
use crate::named::named;
use crate::settings::Given;
use crate::source::read_spec;
use crate::terminal::{ERROR, Terminal, visible};

const EXAMPLES: &str = "\
Examples:
  payspec verify shop.yaml paid --body notify.txt --header 'Content-Type: application/x-www-form-urlencoded'
  payspec verify shop.yaml paid --body - --credentials account.yaml < notify.txt | jq .values
  payspec verify shop.yaml returned --query 'order_no=1&sign=ab12'
  payspec verify shop.yaml pay --body answer.json --set order_no=1     the answer to `pay`, for this order
  payspec verify shop.yaml pay --request sent.http                    the request itself, as the provider checks it

On standard output: { name, kind, outcome, values, unlisted, ... }; values are canonical text, unlisted ones JSON text.
Exit codes: 0 verified, 1 refused (why is said on standard error), 2 the command could not run.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The spec
    file: PathBuf,
    /// A callback, or an operation: its answer
    name: String,
    #[command(flatten)]
    incoming: IncomingArguments,
    /// Of an answer: its HTTP status
    #[arg(long, default_value_t = 200, value_name = "CODE")]
    status: u16,
    #[command(flatten)]
    request: RequestArguments,
    #[command(flatten)]
    given: Given,
}

/// What is verified.
enum Message {
    Callback { name: String, received: Received },
    Reply { operation: String, received: Received, inputs: Map<Value> },
    Request { operation: String, received: Received },
}

/// Why it is not believed: in a word for programs, and in a sentence.
struct Refused {
    kind: String,
    reason: String,
}

/// Verifies one message and prints what it says.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let spec = read_spec(&arguments.file)?;
    let Some(provider) = spec.provider(terminal)? else { return Ok(Exit::Mistakes) };
    let message = arguments.message(named(&provider, &arguments.name, false)?)?;
    let subject = message.subject();
    let resolved = arguments.given.resolve(&provider, &arguments.file, Some(&subject), terminal)?;
    let interpreter = resolved.interpreter(&provider)?;
    let concealed = resolved.concealed();
    match message.verify(&interpreter, &resolved.supplied, arguments.status) {
        Ok(document) => {
            writeln!(terminal.out, "{:#}", hidden(document, &concealed))?;
            Ok(Exit::Clean)
        }
        Err(Refused { kind, reason }) => {
            let reason = visible(&concealed.text(&reason));
            writeln!(terminal.err, "{ERROR}refused{ERROR:#}[{kind}]: {reason}")?;
            let name = subject.name();
            let file = arguments.file.display();
            writeln!(
                terminal.err,
                "  = help: `payspec explain {file} {name}` with the same arguments says why"
            )?;
            Ok(Exit::Mistakes)
        }
    }
}

impl Arguments {
    fn message(&self, subject: Subject) -> Result<Message, Failure> {
        let nothing = |name: &str| {
            Failure::new(format!("no message of `{name}` is given"))
                .mend("give what came in: `--body FILE` (`-` for standard input), `--query`, `--header`, or a raw message with `--request FILE`")
        };
        match subject {
            Subject::Callback(name) | Subject::Recipe(name) => {
                let received = match (self.incoming.is_given(), self.request.is_given()) {
                    (true, false) => self.incoming.read()?,
                    (false, true) => match self.request.read()? {
                        Asked::Sent(received) => received,
                        Asked::Values(_) => {
                            return Err(Failure::new(format!(
                                "`{name}` is a callback: it is not made of values"
                            ))
                            .mend("give what came in: `--body FILE`, `--query`, `--header`"));
                        }
                    },
                    (true, true) => return Err(both()),
                    (false, false) => return Err(nothing(&name)),
                };
                Ok(Message::Callback { name, received })
            }
            Subject::Request(operation) | Subject::Response(operation) => {
                if self.incoming.is_given() {
                    let inputs = match self.request.read()? {
                        Asked::Values(values) => values,
                        Asked::Sent(_) => return Err(both()),
                    };
                    let received = self.incoming.read()?;
                    return Ok(Message::Reply { operation, received, inputs });
                }
                match self.request.read()? {
                    Asked::Sent(received) => Ok(Message::Request { operation, received }),
                    Asked::Values(_) => Err(nothing(&operation)),
                }
            }
        }
    }
}

fn both() -> Failure {
    Failure::new("two messages are given").mend("keep `--body` and its headers, or the raw message")
}

impl Message {
    fn subject(&self) -> Subject {
        match self {
            Self::Callback { name, .. } => Subject::Callback(name.clone()),
            Self::Reply { operation, .. } => Subject::Response(operation.clone()),
            Self::Request { operation, .. } => Subject::Request(operation.clone()),
        }
    }

    fn verify(&self, interpreter: &Interpreter, supplied: &Supplied, status: u16) -> Result<Json, Refused> {
        match self {
            Self::Callback { name, received } => {
                let verified = interpreter.verify_callback_with(name, &received.incoming(), supplied)?;
                Ok(json!({
                    "name": name,
                    "kind": "callback",
                    "outcome": verified.outcome.map(|word| snake(&word)),
                    "values": object(&verified.values),
                    "unlisted": object(&verified.extra),
                    "reading": verified.reading,
                }))
            }
            Self::Reply { operation, received, inputs } => {
                let Received { headers, body, .. } = received;
                let ending = interpreter.read_reply_with(operation, inputs, status, headers, body, supplied);
                reply(operation, ending)
            }
            Self::Request { operation, received } => {
                let now = supplied.now.unwrap_or_else(clock);
                let request = interpreter.check_incoming(operation, &received.incoming(), now, supplied)?;
                let values: Object<String, Json> =
                    request.inputs.iter().map(|(name, value)| (name.to_owned(), json_of(value))).collect();
                Ok(json!({ "name": operation, "kind": "request", "values": values }))
            }
        }
    }
}

/// A believed answer, whatever it means; what is not believed is refused.
fn reply(operation: &str, ending: Ending) -> Result<Json, Refused> {
    let coded = |ending: &str, kind: String, code: Option<String>, message: Option<String>| {
        Ok(json!({
            "name": operation, "kind": "answer", "ending": ending,
            "error": { "kind": kind, "code": code, "message": message },
        }))
    };
    match ending {
        Ending::Reply { values, extra, outcome, signed } => Ok(json!({
            "name": operation,
            "kind": "answer",
            "ending": "reply",
            "signed": signed,
            "outcome": outcome.map(|word| snake(&word)),
            "values": object(&values),
            "unlisted": object(&extra),
        })),
        Ending::Rejected { kind, code, message, .. } => coded("rejected", snake(&kind), code, message),
        Ending::Unknown(Because::Code { kind, code, message, .. }) => {
            coded("unknown", snake(&kind), code, message)
        }
        Ending::Unknown(Because::BadSignature(refusal)) => Err(refusal.into()),
        Ending::Unknown(because) => Err(Refused { kind: snake(&because), reason: because.to_string() }),
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { kind: snake(&refusal), reason: refusal.to_string() }
    }
}

fn clock() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Instant::from_unix_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn object(texts: &Map<String>) -> Object<String, Json> {
    texts.iter().map(|(name, text)| (name.to_owned(), Json::from(text.as_str()))).collect()
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::Text(text) | Value::Json(text) => Json::from(text.as_str()),
        Value::List(items) => items.iter().map(json_of).collect(),
        Value::Object(members) => {
            Json::Object(members.iter().map(|(name, value)| (name.to_owned(), json_of(value))).collect())
        }
    }
}

/// Without secrets: a constant that proves who sends stands in the message as it is.
fn hidden(document: Json, concealed: &Concealed) -> Json {
    match document {
        Json::String(text) => Json::String(concealed.value(&text)),
        Json::Array(items) => items.into_iter().map(|item| hidden(item, concealed)).collect(),
        Json::Object(members) => {
            Json::Object(members.into_iter().map(|(name, value)| (name, hidden(value, concealed))).collect())
        }
        other => other,
    }
}

/// The name of a variant, `SignatureMismatch { .. }` as `signature_mismatch`.
fn snake(word: &impl std::fmt::Debug) -> String {
    let mut snake = String::new();
    for letter in format!("{word:?}").chars().take_while(char::is_ascii_alphanumeric) {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
