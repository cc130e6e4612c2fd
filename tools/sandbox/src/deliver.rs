//! Callbacks: written from an order, signed as the spec says, sent to where the order asked for it.

use std::net::SocketAddr;
use std::time::Duration;

use payspec_codegen::ir::{Callback, Kind, Receive, Word};
use payspec_interpreter::{CallbackMessage, GatewayError, Supplied, Value};
use payspec_runtime::transport::client_builder;
use thiserror::Error;

use crate::book::Order;
use crate::journal::Entry;
use crate::{Sandbox, StartError};

/// How long the shop has for its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What became of a callback that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// Where it was sent.
    pub to: String,
    /// The body of the shop's answer, `None` if there was none.
    pub answer: Option<String>,
    /// The answer is what the spec wants to hear: it is not sent again.
    pub accepted: bool,
}

/// Why a callback cannot be sent.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DeliverError {
    /// The spec has no such callback.
    #[error("the spec has no callback `{0}`")]
    UnknownCallback(String),
    /// The books have no such order.
    #[error("there is no order {0}")]
    UnknownOrder(usize),
    /// The order does not say where the callback goes.
    #[error("order {0} does not say where this callback is sent (`sent_to` of the spec)")]
    NoAddress(usize),
    /// It cannot be signed.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
}

impl Sandbox {
    /// The signed callback that reports an order as it is in the books, without sending it.
    ///
    /// # Errors
    /// [`DeliverError`]: no such callback or order, or it cannot be signed.
    pub fn callback(&self, name: &str, order: usize) -> Result<CallbackMessage, DeliverError> {
        let (callback, order) = self.find(name, order)?;
        Ok(self.write(callback, &order, address(callback, &order))?)
    }

    /// Sends a callback to the address that the order gave, once, and says what the shop answered. A provider that
    /// repeats is played by calling this again.
    ///
    /// # Errors
    /// [`DeliverError`]: no such callback or order, no address, or it cannot be signed. A shop that cannot be
    /// reached is no error but a [`Delivery`] without answer.
    pub async fn deliver(&self, name: &str, order: usize) -> Result<Delivery, DeliverError> {
        let (callback, order) = self.find(name, order)?;
        let to = address(callback, &order).ok_or(DeliverError::NoAddress(order.number))?;
        let message = self.write(callback, &order, Some(to.clone()))?;
        let answer = send(&self.shared.sender, &to, &message).await;
        let accepted = callback.acknowledge.as_ref().map(|bodies| bodies.accepted.as_str());
        let accepted = answer.is_some() && answer.as_deref() == accepted;
        self.shared.state().journal.push(Entry::Sent {
            callback: name.to_owned(),
            signed: message.text.masked().to_owned(),
            answer: answer.clone(),
        });
        Ok(Delivery { to, answer, accepted })
    }

    fn find(&self, name: &str, order: usize) -> Result<(&Callback, Order), DeliverError> {
        let callback = self.shared.interpreter.callback(name);
        let callback = callback.ok_or_else(|| DeliverError::UnknownCallback(name.to_owned()))?;
        let found = self.shared.state().book.order(order).cloned();
        Ok((callback, found.ok_or(DeliverError::UnknownOrder(order))?))
    }

    fn write(
        &self,
        callback: &Callback,
        order: &Order,
        url: Option<String>,
    ) -> Result<CallbackMessage, GatewayError> {
        let shared = &self.shared;
        let mut values = shared.fill(&callback.fields, Some(order));
        if let Some(outcome) = &callback.outcome {
            shared.report(&mut values, &callback.fields, outcome, order.state);
        }
        for (name, test) in &callback.when.0 {
            if let payspec_codegen::ir::Test::Is(texts) = test {
                values.insert(&name.wire, Value::from(texts.first().map(String::as_str).unwrap_or_default()));
            }
        }
        if let Some(hint) = &callback.hint {
            shared.hint(&mut values, callback, &hint.wire, order.state);
        }
        let mut fields = Vec::new();
        for received in &callback.fields {
            let name = &received.field.name.wire;
            if received.field.kind == Kind::Signature {
                continue;
            }
            if let Some(value) = values.get(name) {
                fields.push((name.clone(), shared.interpreter.wire_text(&received.field, value)?));
            }
        }
        let shape = callback.receive.first().copied().unwrap_or(Receive::PostForm);
        let supplied = Supplied { url, ..shared.supplied() };
        shared.interpreter.sign_callback_with(&callback.name.wire, &fields, shape, &supplied)
    }
}

/// Where an order wants this callback; of several addresses the first.
fn address(callback: &Callback, order: &Order) -> Option<String> {
    match order.fields.get(&callback.sent_to.as_ref()?.wire)? {
        Value::Text(url) => Some(url.clone()),
        Value::List(urls) => urls.first().and_then(Value::as_text).map(str::to_owned),
        Value::Object(_) | Value::Json(_) => None,
    }
}

/// The client that sends callbacks: patient, without proxies, and with the hosts that were given another address.
pub(crate) fn sender(hosts: &[(String, SocketAddr)]) -> Result<reqwest::Client, StartError> {
    let builder = client_builder()?.timeout(PATIENCE);
    Ok(hosts.iter().fold(builder, |builder, (host, address)| builder.resolve(host, *address)).build()?)
}

async fn send(client: &reqwest::Client, to: &str, message: &CallbackMessage) -> Option<String> {
    // The query of the address is in that of the message already.
    let bare = to.split(['?', '#']).next().unwrap_or_default();
    let mark = if message.query.is_empty() { "" } else { "?" };
    let url = format!("{bare}{mark}{}", message.query);
    let request = match message.method {
        "GET" => client.get(url),
        _ => client.post(url).body(message.body.clone()),
    };
    let content_type = message.content_type.iter().map(|kind| ("content-type", kind.as_str()));
    let headers = message.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let request =
        content_type.chain(headers).fold(request, |request, (name, value)| request.header(name, value));
    let answer = request.send().await.ok()?;
    if !answer.status().is_success() {
        return None;
    }
    answer.text().await.ok()
}

impl crate::Shared {
    /// What a browser's return shows: the last value for a failure, the first for anything else.
    fn hint(
        &self,
        values: &mut payspec_interpreter::Map<Value>,
        callback: &Callback,
        field: &str,
        state: Word,
    ) {
        let found = callback.fields.iter().find(|own| own.field.name.wire == field);
        let Some(Kind::Enum(id)) = found.map(|own| &own.field.kind) else { return };
        let payspec_codegen::ir::Shape::Enum(listed) = &self.provider()[*id].shape else { return };
        let meant = listed.iter().find(|value| value.outcome == Some(state));
        let shown = if state == Word::Failed { listed.last() } else { listed.first() };
        if let Some(value) = meant.or(shown) {
            values.insert(field, Value::from(value.name.wire.as_str()));
        }
    }
}
