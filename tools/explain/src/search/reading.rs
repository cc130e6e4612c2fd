//! The message that is asked about, read for trying, and what protects it.
//!
//! Requests are made as the client makes them, callbacks and replies read as they came, pairs taken for a form. What
//! cannot be read at all is an obstacle, which `unread` knows more about.

use payspec_codegen::ir::{RecipeId, Signature};
use payspec_interpreter::{Interpreter, TrialMessage};

use crate::question::{Question, Subject};

/// The message, and what protects it.
pub(super) fn read(
    interpreter: &Interpreter,
    question: &Question<'_>,
) -> Result<(TrialMessage, Signature), String> {
    let provider = question.provider;
    let unknown = || format!("the spec does not know `{}`", question.subject.name());
    match question.subject {
        Subject::Request { operation, inputs } => {
            let known = interpreter.operation(operation).ok_or_else(unknown)?;
            let message = interpreter.trial_request(operation, inputs, question.supplied);
            Ok((message.map_err(|error| error.to_string())?, known.signature.clone()))
        }
        Subject::Callback { name, incoming } => {
            let known = interpreter.callback(name).ok_or_else(unknown)?;
            let message = interpreter.trial_callback(name, &incoming).map_err(|error| error.to_string())?;
            Ok((message, known.signature.clone()))
        }
        Subject::Reply { operation, headers, body } => {
            let known = interpreter.operation(operation).ok_or_else(unknown)?;
            let envelope = &provider[known.reply.as_ref().ok_or_else(unknown)?.envelope];
            let message =
                interpreter.trial_reply(operation, headers, body).map_err(|error| error.to_string())?;
            Ok((message, envelope.signature.clone()))
        }
        Subject::Recipe { name, pairs } => {
            let found = provider.recipes.iter().position(|recipe| recipe.name.wire == name);
            let id = RecipeId(found.ok_or_else(unknown)?);
            Ok((interpreter.trial_pairs(pairs), Signature::Recipe(id)))
        }
    }
}
