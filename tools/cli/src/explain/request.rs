//! A request, as a person has it: values on the command line or in a file, a raw HTTP message, a pasted `curl` command.
//!
//! Values are for fields of the spec and become a message that is signed. A message that was sent is taken as it is,
//! with its signature, if it has one.

use std::path::PathBuf;

use clap::Args;
use payspec_codegen::diagnostic::Diagnostics;
use payspec_codegen::ir::{Body, Carrier, Operation, Origin, Provider, SentField};
use payspec_codegen::read::{self, Node, NodeValue, ScalarStyle};
use payspec_interpreter::{Map, Value};

use super::incoming::{Received, read_bytes, read_text};
use super::{curl, http};
use crate::failure::Failure;

/// The request.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Request")]
pub(crate) struct RequestArguments {
    /// The value of a field: `order_no=1`, `goods.0.name=tea`; as often as there are fields
    #[arg(long, value_name = "FIELD=VALUE", allow_hyphen_values = true)]
    set: Vec<String>,
    /// Read the request from a file, `-`: from standard input: a JSON or YAML map of values, or a raw HTTP message
    #[arg(long, value_name = "FILE", conflicts_with = "curl")]
    request: Option<PathBuf>,
    /// Read the request from a file with a pasted curl command, `-`: from standard input
    #[arg(long, value_name = "FILE")]
    curl: Option<PathBuf>,
}

/// What is asked about.
pub(crate) enum Asked {
    /// Values for the fields of an operation.
    Values(Map<Value>),
    /// A message as it was sent.
    Sent(Received),
}

impl RequestArguments {
    pub(crate) fn is_given(&self) -> bool {
        let Self { set, request, curl } = self;
        !set.is_empty() || request.is_some() || curl.is_some()
    }

    pub(crate) fn read(&self) -> Result<Asked, Failure> {
        let asked = match (&self.request, &self.curl) {
            (Some(path), _) => from_file(path)?,
            (None, Some(path)) => Asked::Sent(curl::read(&read_text(path)?)?),
            (None, None) => Asked::Values(Map::new()),
        };
        match asked {
            Asked::Values(mut values) => {
                for text in &self.set {
                    set(&mut values, text)?;
                }
                Ok(Asked::Values(values))
            }
            Asked::Sent(_) if !self.set.is_empty() => {
                Err(Failure::new("`--set` cannot change a message that was sent")
                    .mend("give all values with `--set` or in a map of values, or change the message itself"))
            }
            sent @ Asked::Sent(_) => Ok(sent),
        }
    }

    /// The values of the fields, also of a message that was sent: without what the client fills in itself.
    pub(crate) fn values(&self, provider: &Provider, subject: &str) -> Result<Map<Value>, Failure> {
        match self.read()? {
            Asked::Values(values) => Ok(values),
            Asked::Sent(sent) => {
                let operation = provider.operations.iter().find(|operation| operation.name.wire == subject);
                let unknown = || Failure::new(format!("the spec has no operation `{subject}`"));
                values_of(operation.ok_or_else(unknown)?, &sent)
            }
        }
    }
}

fn from_file(path: &PathBuf) -> Result<Asked, Failure> {
    let bytes = read_bytes(path)?;
    if http::is_request(&bytes) {
        return Ok(Asked::Sent(http::read(&bytes)?));
    }
    let name = path.display();
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::new(format!("{name} is neither UTF-8 text nor a raw HTTP message")))?;
    if text.trim_start().starts_with("curl ") {
        return Err(Failure::new(format!("{name} is a curl command")).mend("read it with `--curl`"));
    }
    values_in(&text, &name.to_string()).map(Asked::Values)
}

/// A map of values.
fn values_in(text: &str, name: &str) -> Result<Map<Value>, Failure> {
    let no_map = || {
        Failure::new(format!("{name} is neither a map of values nor a raw HTTP message")).mend(
            "write `name: value` lines or a JSON object; a raw message begins like `POST /api/pay HTTP/1.1`",
        )
    };
    let mut diagnostics = Diagnostics::new();
    let node = read::read(text, &mut diagnostics);
    if let Some(mistake) = diagnostics.iter().next() {
        let at = mistake.span.start;
        let place = format!("{name}:{}:{}", at.line, at.column);
        return Err(Failure::new(format!("{place}: {}", mistake.message))
            .mend("a map of values is YAML or JSON; a raw message begins like `POST /api/pay HTTP/1.1`"));
    }
    match node.as_ref().and_then(value_of) {
        Some(Value::Object(values)) => Ok(values),
        _ => Err(no_map()),
    }
}

/// A value as it is written: numbers are texts, so that none is rounded. `null` is no value.
fn value_of(node: &Node) -> Option<Value> {
    match &node.value {
        NodeValue::Null => None,
        NodeValue::Scalar(scalar) if scalar.style == ScalarStyle::Plain && scalar.text == "null" => None,
        NodeValue::Scalar(scalar) => Some(Value::Text(scalar.text.clone())),
        NodeValue::Sequence(items) => Some(Value::List(items.iter().filter_map(value_of).collect())),
        NodeValue::Mapping(entries) => {
            let members = entries.iter().filter_map(|(key, node)| Some((key.text.clone(), value_of(node)?)));
            Some(Value::Object(members.collect()))
        }
    }
}

/// Puts one `path=value` where it belongs.
fn set(values: &mut Map<Value>, text: &str) -> Result<(), Failure> {
    let Some((path, value)) = text.split_once('=').filter(|(path, _)| !path.is_empty()) else {
        return Err(Failure::new("a value of `--set` has no name").mend("write `--set FIELD=VALUE`"));
    };
    let mut steps = path.split('.');
    let first = steps.next().unwrap_or_default();
    let rest: Vec<&str> = steps.collect();
    let old = values.get(first).cloned();
    let new = put(old, &rest, value).ok_or_else(|| {
        Failure::new(format!("`--set {path}=...` does not go with what was set before")).mend(
            "members of an object are `field.member`, items of a list `field.0`, `field.1` in their order",
        )
    })?;
    values.insert(first, new);
    Ok(())
}

fn put(old: Option<Value>, path: &[&str], value: &str) -> Option<Value> {
    let Some((step, rest)) = path.split_first() else { return Some(Value::from(value)) };
    let index = step.parse::<usize>().ok();
    match (old, index) {
        (None, Some(0)) => Some(Value::List(vec![put(None, rest, value)?])),
        (Some(Value::List(mut items)), Some(index)) => {
            let old = items.get(index).cloned();
            let new = put(old, rest, value)?;
            let count = items.len();
            match items.get_mut(index) {
                Some(item) => *item = new,
                None if index == count => items.push(new),
                None => return None,
            }
            Some(Value::List(items))
        }
        (Some(Value::Object(mut members)), _) => {
            let old = members.get(step).cloned();
            members.insert(*step, put(old, rest, value)?);
            Some(Value::Object(members))
        }
        (None, None) => Some(Value::Object(Map::from([(*step, put(None, rest, value)?)]))),
        (_, _) => None,
    }
}

/// What the caller gave for a request that was sent.
pub(super) fn values_of(operation: &Operation, sent: &Received) -> Result<Map<Value>, Failure> {
    let charset = |_| Failure::new("the message is no UTF-8 text").mend("give its values with `--set`");
    let query = pairs(&sent.query);
    let body = match operation.body {
        Body::Form => pairs(&sent.body),
        Body::Json => {
            let text = String::from_utf8(sent.body.clone()).map_err(charset)?;
            values_in(&text, "the body")?
        }
        Body::Query | Body::Xml | Body::Raw => Map::new(),
    };
    let mut values = Map::new();
    let payload = operation.payload.as_ref().and_then(|payload| {
        let text = body.get(&payload.name.wire).or_else(|| query.get(&payload.name.wire))?.as_text()?;
        values_in(text, "the payload").ok()
    });
    let is_callers = |sent: &&SentField| sent.origin == Origin::Caller;
    for field in operation.request.iter().filter(is_callers) {
        let name = &field.field.name.wire;
        let value = match field.carrier {
            Carrier::Header => header(sent, name),
            Carrier::Body => String::from_utf8(sent.body.clone()).ok().map(Value::Text),
            Carrier::Payload => payload.as_ref().and_then(|payload| payload.get(name).cloned()),
            Carrier::Query => query.get(name).cloned(),
            Carrier::Outer => {
                let outer = if operation.body == Body::Query { &query } else { &body };
                outer.get(name).cloned()
            }
        };
        values.extend(value.map(|value| (name.clone(), value)));
    }
    Ok(values)
}

fn header(sent: &Received, name: &str) -> Option<Value> {
    let found = sent.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    found.map(|(_, value)| Value::from(value.as_str()))
}

/// The pairs of a query or form; what is no UTF-8 is left out.
fn pairs(bytes: &[u8]) -> Map<Value> {
    let text = String::from_utf8_lossy(bytes);
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?, Value::Text(decoded(value)?)))
        })
        .collect()
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
