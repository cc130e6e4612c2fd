//! Messages for trying: requests as they are sent, callbacks and answers as they came, pairs alone.
//!
//! What verifying would refuse on its way to the signature is taken as far as it can be read, because the reason of a
//! mismatch may be just that. A request of our own is read back from the wire, so that its recipes see it as they see
//! one that came in; only its fresh values and its payload before encryption are known from making it.

use payspec_codegen::ir;

use super::TrialMessage;
use crate::Interpreter;
use crate::incoming::{self, Incoming, Parameters, Refusal};
use crate::request::{Message, PrepareError};
use crate::stored::Stored;
use crate::supplied::Supplied;
use crate::value::{Map, Value};
use crate::view::View;

impl Interpreter {
    /// A request as it is sent, for trying.
    ///
    /// # Errors
    /// As [`Interpreter::prepare_with`].
    pub fn trial_request(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        supplied: &Supplied,
    ) -> Result<TrialMessage, PrepareError> {
        let now = self.now(supplied);
        let message = self.prepare_with(operation, inputs, now, supplied)?;
        let unknown = || PrepareError::UnknownOperation { name: operation.to_owned() };
        let known = self.operation(operation).ok_or_else(unknown)?;
        let mut view = self.view_of_own(known, &message).ok_or(PrepareError::Charset)?;
        view.payload = self.own_payload(known, &message).or(view.payload);
        Ok(TrialMessage { view, fresh: Some(message.fresh), signature: None })
    }

    fn view_of_own(&self, operation: &ir::Operation, message: &Message) -> Option<View> {
        let query = message.query.as_bytes();
        let incoming = Incoming::new(message.method, query, None, &message.body)
            .headers(&message.headers)
            .url(&message.url);
        let (_, query, body) = self.read_request(&operation.name.wire, &incoming).ok()?;
        let parameters = Parameters { query: query.parameters().ok()?, body: body.parameters().ok()? };
        Some(self.view_of_request(operation, &parameters, &incoming))
    }

    /// What a request encrypts: the text of the recipe that does it.
    fn own_payload(&self, operation: &ir::Operation, message: &Message) -> Option<String> {
        let encrypting = operation.signature.recipes().into_iter().find_map(|id| {
            let recipe = &self.provider[id];
            let part = recipe.parts.iter().find(|part| part.is_encryption());
            match part {
                Some(part) => Some(format!("{}.{}", recipe.name.wire, part.name.wire)),
                None => recipe.is_encryption().then(|| recipe.name.wire.clone()),
            }
        })?;
        let (_, text) = message.texts.iter().find(|(name, _)| *name == encrypting)?;
        String::from_utf8(text.bytes().to_vec()).ok()
    }

    /// A callback as it came in, for trying. What verifying would refuse (repeated names, another content type) is
    /// taken as far as it can be read.
    ///
    /// # Errors
    /// [`Refusal`]: the message cannot be read in any of the shapes of the callback.
    pub fn trial_callback(&self, name: &str, incoming: &Incoming<'_>) -> Result<TrialMessage, Refusal> {
        let callback = self.callback(name).ok_or_else(|| Refusal::UnknownName { name: name.to_owned() })?;
        incoming::refuse_too_large(incoming.query, incoming.body)?;
        let query = self.read_form(incoming.query)?;
        let expected = incoming::shape(incoming, &callback.receive);
        let shapes = expected.map_or_else(|_| callback.receive.clone(), |shape| vec![shape]);
        let mut refusal = Refusal::OtherShape;
        for shape in shapes {
            let body = match self.read_body(shape, incoming) {
                Ok(body) => body,
                Err(error) => {
                    refusal = error;
                    continue;
                }
            };
            match body.parameters() {
                Ok(body) => {
                    let parameters = Parameters { query: query.parameters()?, body };
                    return Ok(TrialMessage::of(self.view_of_callback(callback, &parameters, incoming)));
                }
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }

    /// An answer as it came, for trying.
    ///
    /// # Errors
    /// [`Refusal`]: the answer cannot be read.
    pub fn trial_reply(
        &self,
        operation: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<TrialMessage, Refusal> {
        let (_, view) = self.view_of_answer(operation, headers, body, &Supplied::default())?;
        Ok(TrialMessage::of(view))
    }

    /// Pairs as if they were the form of a message, for a recipe alone.
    #[must_use]
    pub fn trial_pairs(&self, pairs: &[(String, String)]) -> TrialMessage {
        let stored = Stored::Pairs(pairs.to_vec());
        let body = stored.parameters().map(|parameters| incoming::nodes(&parameters)).unwrap_or_default();
        TrialMessage::of(View { body, ..View::default() })
    }
}
