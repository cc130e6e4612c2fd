//! What is explained: a request that we make, one that was sent, a callback, the answer to an operation.

use std::time::{SystemTime, UNIX_EPOCH};

use payspec_codegen::ir::{Body, Kind, Method, Provider, Receive, Signature};
use payspec_interpreter::{
    Account, Instant, Interpreter, Map, PrepareError, Refusal, Supplied, Value, words,
};
use payspec_vectors::Subject;

use super::incoming::{IncomingArguments, Received};
use super::request::{Asked, RequestArguments};
use crate::failure::Failure;
use crate::named::named;

/// A message and the part of the spec that it belongs to.
pub(crate) enum Explained {
    /// A request that is made of values.
    Request { operation: String, inputs: Map<Value> },
    /// A request as it was sent.
    Sent { operation: String, message: Received },
    /// A callback that came.
    Callback { name: String, message: Received },
    /// The answer to an operation.
    Reply { operation: String, message: Received },
    /// A recipe alone, over pairs.
    Recipe { name: String, pairs: Vec<(String, String)> },
}

impl Explained {
    /// What the arguments mean.
    pub(crate) fn of(
        provider: &Provider,
        name: &str,
        request: &RequestArguments,
        incoming: &IncomingArguments,
    ) -> Result<Self, Failure> {
        let found = named(provider, name, true)?;
        let name = name.to_owned();
        let is_operation = matches!(found, Subject::Request(_));
        if request.is_given() && incoming.is_given() {
            return Err(Failure::new("a message is either made or received: the arguments are for both")
                .mend("--set, --request and --curl are for requests; --body, --header and the like for what came in"));
        }
        if let Subject::Recipe(_) = found {
            return Self::of_recipe(name, request);
        }
        match (is_operation, request.is_given()) {
            (true, _) if incoming.is_given() => {
                if !incoming.has_body() {
                    return Err(Failure::new("the answer has no body")
                        .mend("give it with `--body FILE`, its headers with `--header`"));
                }
                Ok(Self::Reply { operation: name, message: incoming.read()? })
            }
            (true, _) => Ok(match request.read()? {
                Asked::Values(inputs) => Self::Request { operation: name, inputs },
                Asked::Sent(message) => Self::Sent { operation: name, message },
            }),
            (false, true) => match request.read()? {
                Asked::Sent(message) => Ok(Self::Callback { name, message }),
                Asked::Values(_) => Err(Failure::new(format!("`{name}` is a callback: it is not made of values"))
                    .mend("give what came in: `--body FILE`, `--header`, `--query`, or a raw message with `--request FILE`")),
            },
            (false, false) if !incoming.is_given() => {
                Err(Failure::new(format!("`{name}` is a callback, and no message is given"))
                    .mend("give what came in: `--body FILE` or `--query`, and `--header`"))
            }
            (false, false) => Ok(Self::Callback { name, message: incoming.read()? }),
        }
    }

    fn of_recipe(name: String, request: &RequestArguments) -> Result<Self, Failure> {
        let no_pairs = || {
            Failure::new(format!("`{name}` is a recipe: it takes pairs of names and texts"))
                .mend("give them with `--set NAME=VALUE`, or name the operation or callback that it signs")
        };
        let Asked::Values(values) = request.read()? else { return Err(no_pairs()) };
        let pairs = values.iter().map(|(name, value)| Some((name.to_owned(), value.as_text()?.to_owned())));
        let pairs = pairs.collect::<Option<Vec<_>>>().ok_or_else(no_pairs)?;
        Ok(Self::Recipe { name, pairs })
    }

    /// In a word.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Request { .. } => "request",
            Self::Sent { .. } => "sent_request",
            Self::Callback { .. } => "callback",
            Self::Reply { .. } => "answer",
            Self::Recipe { .. } => "recipe",
        }
    }

    fn signature<'p>(&self, provider: &'p Provider) -> Option<&'p Signature> {
        let operation = |name: &str| provider.operations.iter().find(|own| own.name.wire == name);
        match self {
            Self::Request { operation: name, .. } | Self::Sent { operation: name, .. } => {
                Some(&operation(name)?.signature)
            }
            Self::Reply { operation: name, .. } => {
                Some(&provider[operation(name)?.reply.as_ref()?.envelope].signature)
            }
            Self::Callback { name, .. } => {
                let callback = provider.callbacks.iter().find(|own| own.name.wire == *name);
                Some(&callback?.signature)
            }
            Self::Recipe { .. } => None,
        }
    }

    /// The names of the fields that the spec has for the message; `None`: any may come.
    pub(crate) fn known_fields<'p>(&self, provider: &'p Provider) -> Option<Vec<&'p str>> {
        let operation = |name: &str| provider.operations.iter().find(|own| own.name.wire == name);
        match self {
            Self::Callback { name, .. } => {
                let callback = provider.callbacks.iter().find(|own| own.name.wire == *name)?;
                Some(callback.fields.iter().map(|received| received.field.name.wire.as_str()).collect())
            }
            Self::Sent { operation: name, .. } => {
                let operation = operation(name)?;
                let has_rows =
                    operation.request.iter().any(|sent| matches!(sent.field.kind, Kind::Rows { .. }));
                let sent = operation.request.iter().map(|sent| sent.field.name.wire.as_str());
                let payload = operation.payload.as_ref().map(|payload| payload.name.wire.as_str());
                (!has_rows).then(|| sent.chain(payload).collect())
            }
            Self::Request { .. } | Self::Reply { .. } | Self::Recipe { .. } => None,
        }
    }

    /// Why nothing is signed, where the spec says so.
    pub(crate) fn unsigned<'p>(&self, provider: &'p Provider) -> Option<&'p str> {
        match self.signature(provider)? {
            Signature::None { reason } => Some(reason),
            _ => None,
        }
    }

    /// What chooses the recipe, where there are several.
    pub(crate) fn chosen_by(&self, provider: &Provider) -> Option<String> {
        match self.signature(provider)? {
            Signature::Chosen { by, .. } => {
                Some(format!("the recipe is chosen by the credential `{}`", words::credential(by)))
            }
            Signature::ByField { by, .. } => {
                Some(format!("the recipe is chosen by the field `{}`", by.dotted()))
            }
            Signature::None { .. } | Signature::Recipe(_) | Signature::Several(_) => None,
        }
    }

    /// Why a message whose signature fits is refused all the same.
    pub(crate) fn refusal(&self, interpreter: &Interpreter, supplied: &Supplied) -> Option<String> {
        match self {
            Self::Callback { name, message } => {
                let verified = interpreter.verify_callback_with(name, &message.incoming(), supplied);
                verified.err().map(|refusal| refusal.to_string())
            }
            Self::Sent { operation, message } => {
                let now = supplied.now.unwrap_or_else(machine_now);
                let checked = interpreter.check_incoming(operation, &message.incoming(), now, supplied);
                checked.err().map(|refusal| format!("the provider would refuse it: {refusal}"))
            }
            // What an answer means is judged with the request that it answers: see `payspec verify`.
            Self::Reply { .. } | Self::Request { .. } | Self::Recipe { .. } => None,
        }
    }

    /// For the settings: what of the spec takes part.
    pub(crate) fn subject(&self) -> Subject {
        match self {
            Self::Request { operation, .. } | Self::Sent { operation, .. } => {
                Subject::Request(operation.clone())
            }
            Self::Callback { name, .. } => Subject::Callback(name.clone()),
            Self::Reply { operation, .. } => Subject::Response(operation.clone()),
            Self::Recipe { name, .. } => Subject::Recipe(name.clone()),
        }
    }

    /// The message exists already; what stands at the place of its signature is compared.
    pub(crate) fn is_compared(&self) -> bool {
        !matches!(self, Self::Request { .. } | Self::Recipe { .. })
    }

    pub(crate) fn account(&self, interpreter: &Interpreter, supplied: &Supplied) -> Result<Account, Failure> {
        match self {
            Self::Request { operation, inputs } => interpreter
                .account_of_request(operation, inputs, supplied)
                .map_err(|error| unprepared(interpreter.provider(), &error)),
            Self::Sent { operation, message } => interpreter
                .account_of_sent_request(operation, &message.incoming(), supplied)
                .map_err(|refusal| self.unreadable(interpreter.provider(), &refusal)),
            Self::Callback { name, message } => interpreter
                .account_of_callback(name, &message.incoming(), supplied)
                .map_err(|refusal| self.unreadable(interpreter.provider(), &refusal)),
            Self::Reply { operation, message } => interpreter
                .account_of_reply(operation, &message.headers, &message.body, supplied)
                .map_err(|refusal| self.unreadable(interpreter.provider(), &refusal)),
            Self::Recipe { name, pairs } => interpreter
                .account_of_recipe(name, pairs)
                .ok_or_else(|| Failure::new(format!("the spec has no recipe `{name}`"))),
        }
    }

    /// A message that cannot be read, with what the spec says that it should be.
    fn unreadable(&self, provider: &Provider, refusal: &Refusal) -> Failure {
        let failure = Failure::new(format!("the message cannot be explained: {refusal}"));
        match (self, refusal) {
            (Self::Sent { operation, message }, Refusal::OtherShape) => failure.mend(format!(
                "by the spec `{operation}` is {}; the message is {} with {}",
                shape_of_operation(provider, operation),
                message.method,
                body_of(message)
            )),
            (Self::Callback { name, message }, Refusal::OtherShape) => failure.mend(format!(
                "by the spec `{name}` comes as {}; the message is {} with {}",
                shapes_of_callback(provider, name),
                message.method,
                body_of(message)
            )),
            (Self::Reply { operation, .. }, Refusal::UnknownName { .. }) => {
                failure.mend(format!("the spec says nothing about the answer to `{operation}`"))
            }
            (_, Refusal::BadCharset | Refusal::BadPercent | Refusal::BadForm | Refusal::BadJson(_)) => {
                failure.mend("the file must hold the raw bytes of the body, as they came over the wire")
            }
            _ => failure,
        }
    }
}

fn unprepared(provider: &Provider, error: &PrepareError) -> Failure {
    let failure = Failure::new(format!("the request cannot be made: {error}"));
    match (error, &provider.token) {
        (PrepareError::NoToken, Some(token)) => {
            let name = token.name.wire.to_uppercase();
            failure.mend(format!("put the access token into the variable PAYSPEC_TOKEN_{name}"))
        }
        _ => failure,
    }
}

fn body_of(message: &Received) -> String {
    match (&message.content_type, message.body.len()) {
        (Some(kind), _) => format!("`Content-Type: {kind}`"),
        (None, 0) => String::from("no body"),
        (None, bytes) => format!("a body of {bytes} bytes"),
    }
}

fn shape_of_operation(provider: &Provider, name: &str) -> String {
    let Some(operation) = provider.operations.iter().find(|operation| operation.name.wire == name) else {
        return String::new();
    };
    let method = match operation.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let body = match operation.body {
        Body::Query => "everything in the query and no body",
        Body::Form => "a form",
        Body::Json => "a JSON body",
        Body::Xml => "an XML body",
        Body::Raw => "a raw body",
    };
    format!("{method} with {body}")
}

fn shapes_of_callback(provider: &Provider, name: &str) -> String {
    let callback = provider.callbacks.iter().find(|callback| callback.name.wire == name);
    let shapes = callback.into_iter().flat_map(|callback| &callback.receive).map(|shape| match shape {
        Receive::PostForm => "POST form",
        Receive::PostJson => "POST json",
        Receive::PostXml => "POST xml",
        Receive::PostMultipart => "POST multipart",
        Receive::GetQuery => "GET query",
    });
    shapes.collect::<Vec<_>>().join(" or ")
}

fn machine_now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::from_unix_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
