//! The HTTP side: finds the operation of a request, lets the interpreter judge it, books it, answers.
//!
//! What the spec gives a code for is answered as the provider would answer it. What it has no code for (a wrong
//! signature, a broken limit) is answered with an HTTP status and a sentence, so that a developer sees at once what
//! is wrong; a client takes that for an unknown outcome, as it should.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State as Shelf;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method as HttpMethod, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use payspec_codegen::ir::{Effect, ErrorKind, Operation, OperationId, Origin, Reply, Word};
use payspec_interpreter::{Answer, Incoming, ReceivedRequest, Refusal, ReplyMessage, Value};
use tokio::net::TcpListener;

use crate::book::Order;
use crate::journal::Entry;
use crate::mishap::Mishap;
use crate::{Shared, State};

/// Longer than any client waits.
const NEVER: Duration = Duration::from_secs(600);

/// Serves until the task is stopped.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let router = Router::new().fallback(handle).with_state(shared);
    // An error here is the end of the listener; there is nobody left to tell.
    let _ = axum::serve(listener, router).await;
}

async fn handle(
    Shelf(shared): Shelf<Arc<Shared>>,
    method: HttpMethod,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let headers = texts(&headers);
    let url = url(&headers, &uri);
    let incoming = Incoming::new(method.as_str(), uri.query().unwrap_or_default().as_bytes(), None, &body);
    let incoming = incoming.headers(&headers).url(&url);
    let (id, request) = match shared.recognise(uri.path(), &incoming) {
        Ok(found) => found,
        Err((status, reason)) => {
            shared
                .state()
                .journal
                .push(Entry::Refused { path: uri.path().to_owned(), reason: reason.clone() });
            return (status, reason).into_response();
        }
    };
    let mishap = shared.state().mishap.take();
    let answer = shared.act(id, request);
    match mishap {
        Some(Mishap::BookedButNotAnswered) => {
            tokio::time::sleep(NEVER).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        None => respond(answer),
    }
}

fn respond(answer: Result<ReplyMessage, String>) -> Response {
    let message = match answer {
        Ok(message) => message,
        Err(reason) => return (StatusCode::INTERNAL_SERVER_ERROR, reason).into_response(),
    };
    let mut response = ([(header::CONTENT_TYPE, message.content_type)], message.body).into_response();
    for (name, value) in &message.headers {
        // The interpreter has written names and values that a header can hold.
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// The headers as the interpreter takes them.
fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

/// The URL as the client wrote it: it believes that it speaks with this host.
fn url(headers: &[(String, String)], uri: &Uri) -> String {
    let host = headers.iter().find(|(name, _)| name == "host").map_or("", |(_, host)| host);
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    format!("http://{host}{target}")
}

impl Shared {
    /// The operation that takes this request. Operations may share a path; then their constants tell them apart.
    fn recognise(
        &self,
        path: &str,
        incoming: &Incoming<'_>,
    ) -> Result<(OperationId, ReceivedRequest), (StatusCode, String)> {
        let mut refusal = None;
        for (index, operation) in self.provider().operations.iter().enumerate() {
            if operation.path != path {
                continue;
            }
            let name = &operation.name.wire;
            match self.interpreter.check_incoming(name, incoming, self.now(), &self.supplied()) {
                Ok(request) => return Ok((OperationId(index), request)),
                Err(reason) if is_another_operation(operation, &reason) && refusal.is_some() => {}
                Err(reason) => refusal = Some(reason),
            }
        }
        match refusal {
            Some(reason) => Err((StatusCode::BAD_REQUEST, describe(&reason))),
            None => Err((StatusCode::NOT_FOUND, format!("no operation of the spec has the path {path}"))),
        }
    }

    /// Books what is to be booked, and writes the answer.
    fn act(&self, id: OperationId, request: ReceivedRequest) -> Result<ReplyMessage, String> {
        let operation = &self.provider()[id];
        let mut state = self.state();
        let signed = request.text.masked().to_owned();
        state.journal.push(Entry::Taken { operation: operation.name.wire.clone(), signed });
        let Some(reply) = &operation.reply else {
            let order = state.book.enter(self.provider(), id, request.inputs);
            state.journal.push(Entry::Booked(order));
            return Ok(ReplyMessage {
                body: b"{\"page\":\"the buyer pays here\"}".to_vec(),
                content_type: String::from("application/json"),
                ..ReplyMessage::default()
            });
        };
        let mut answer = self.answer(&mut state, id, operation, reply, request);
        if let Some(Value::Object(data)) = &mut answer.data {
            for (field, value) in std::mem::take(&mut state.wishes) {
                data.insert(field, value);
            }
        }
        let supplied = self.supplied();
        let signed = self.interpreter.sign_reply_with(&operation.name.wire, &answer, &supplied);
        signed.map_err(|error| error.to_string())
    }

    fn answer(
        &self,
        state: &mut State,
        id: OperationId,
        operation: &Operation,
        reply: &Reply,
        request: ReceivedRequest,
    ) -> Answer {
        let code = |kind: ErrorKind| reply.errors.iter().find(|code| code.kind == kind);
        if let Some(expired) =
            code(ErrorKind::TokenExpired).filter(|_| !has_good_token(state, operation, &request))
        {
            return self.failure(reply, expired);
        }
        if operation.effect != Effect::None {
            return self.book(state, id, reply, request);
        }
        if self.provider().token.as_ref().is_some_and(|token| token.create == id) {
            return self.issue(state, reply);
        }
        let provider = self.provider();
        if let Some(order) = state.book.asked_for(provider, id, &request.inputs) {
            return self.success(reply, Some(order), order.state);
        }
        let is_query = provider.operations.iter().any(|other| {
            other.resolved_by.as_ref().is_some_and(|resolution| resolution.operation == Some(id))
        });
        match code(ErrorKind::NotFound).or_else(|| code(ErrorKind::Rejected)).filter(|_| is_query) {
            Some(code) => self.failure(reply, code),
            None => self.success(reply, None, Word::Unknown),
        }
    }

    fn book(&self, state: &mut State, id: OperationId, reply: &Reply, request: ReceivedRequest) -> Answer {
        let provider = self.provider();
        let duplicate = reply.errors.iter().find(|code| code.kind == ErrorKind::Duplicate);
        if let Some(order) = state.book.same(provider, id, &request.inputs) {
            return match duplicate {
                Some(code) => self.failure(reply, code),
                None => self.success(reply, Some(order), order.state),
            };
        }
        let order: Order = state.book.enter(provider, id, request.inputs);
        state.journal.push(Entry::Booked(order.clone()));
        self.success(reply, Some(&order), order.state)
    }

    /// A new token: like the example, with its own number at the end.
    fn issue(&self, state: &mut State, reply: &Reply) -> Answer {
        let mut answer = self.success(reply, None, Word::Unknown);
        let token = self.provider().token.as_ref();
        if let (Some(token), Some(Value::Object(data))) = (token, &mut answer.data) {
            let example = data.get(&token.value.wire).and_then(|value| value.as_text()).unwrap_or_default();
            let number = format!("{:04}", state.tokens.len() + 1);
            let kept = example.chars().count().saturating_sub(number.len());
            let issued: String = example.chars().take(kept).chain(number.chars()).collect();
            data.insert(&token.value.wire, Value::from(issued.as_str()));
            state.tokens.push(issued);
        }
        answer
    }
}

/// Whether the refusal only says that the request belongs to another operation with the same path.
fn is_another_operation(operation: &Operation, refusal: &Refusal) -> bool {
    let constants = operation.request.iter().filter(|sent| matches!(sent.origin, Origin::Constant(_)));
    match refusal {
        Refusal::BadField { name, .. } => constants.into_iter().any(|sent| sent.field.name.wire == *name),
        Refusal::OtherShape | Refusal::UnknownField { .. } | Refusal::MissingField { .. } => true,
        _ => false,
    }
}

fn describe(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Invalid(violations) => violations.iter().map(|violation| format!("{violation}\n")).collect(),
        other => other.to_string(),
    }
}

/// An operation that uses a token must carry one that was issued here.
fn has_good_token(state: &State, operation: &Operation, request: &ReceivedRequest) -> bool {
    let mut uses = operation.request.iter().filter(|sent| sent.origin == Origin::Token);
    uses.all(|sent| {
        let told = request.fields.iter().find(|(name, _)| *name == sent.field.name.wire);
        told.is_some_and(|(_, value)| state.tokens.contains(value))
    })
}
