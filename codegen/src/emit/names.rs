//! Names in emitted code: what an operation's struct, its reply, its codes are called, and the local variables that
//! hold values on their way to the wire.
//!
//! Names of the spec arrive as legal Rust identifiers in the IR; here they are only put together.

use proc_macro2::{Ident, Span};
use quote::format_ident;

use crate::ir::{Callback, CredentialPath, Envelope, Name, Operation, Type};

/// Locals that emitted functions use for themselves: a field of such a name gets an underscore.
const TAKEN: &[&str] = &[
    "access_token",
    "attempt",
    "authentic",
    "body",
    "check",
    "data",
    "document",
    "draft",
    "form",
    "incoming",
    "items",
    "list",
    "members",
    "message",
    "now",
    "object",
    "outer",
    "payload",
    "prepared",
    "query",
    "request",
    "response",
    "rt",
    "text",
    "texts",
    "value",
];

/// An identifier of this text.
pub(super) fn ident(text: &str) -> Ident {
    Ident::new(text, Span::call_site())
}

/// The member or function of this name.
pub(super) fn snake(name: &Name) -> Ident {
    ident(&name.snake)
}

/// The type or variant of this name.
pub(super) fn pascal(name: &Name) -> Ident {
    ident(&name.pascal)
}

/// The local variable that holds the value of a field.
pub(super) fn local(name: &Name) -> Ident {
    if TAKEN.contains(&name.snake.as_str()) { format_ident!("{}_", name.snake) } else { snake(name) }
}

/// A function named after something: `prepare_unified_order`, `notify_text`. Empty parts are left out.
pub(super) fn function(before: &str, name: &Name, after: &str) -> Ident {
    let parts = [before, name.snake.trim_matches('_'), after];
    ident(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_"))
}

/// A constant named after something: `UNIFIED_ORDER_CODES`.
pub(super) fn constant(name: &Name, after: &str) -> Ident {
    ident(&format!("{}_{after}", name.snake.trim_matches('_').to_uppercase()))
}

/// What may be left out of the struct of this name.
pub(super) fn optional_of(owner: &Ident) -> Ident {
    format_ident!("{owner}Optional")
}

/// What comes back from an operation.
pub(super) fn reply_of(operation: &Operation) -> Ident {
    format_ident!("{}Reply", operation.name.pascal)
}

/// What a shop expects a callback to say.
pub(super) fn expected_of(callback: &Callback) -> Ident {
    format_ident!("{}Expected", callback.name.pascal)
}

/// The members of an envelope's replies.
pub(super) fn answer_of(envelope: &Envelope) -> Ident {
    format_ident!("{}Answer", envelope.name.pascal)
}

/// The struct of an object that we send, or the enum.
pub(super) fn type_of(item: &Type) -> Ident {
    ident(&item.name)
}

/// The struct of an object that we receive: a name of its own only where the object is also sent.
pub(super) fn received_type_of(item: &Type) -> Ident {
    if item.sent { format_ident!("Received{}", item.name) } else { type_of(item) }
}

/// A credential as the file names it: `signing.merchant_key`.
pub(super) fn credential_words(path: &CredentialPath) -> String {
    match &path.member {
        Some(member) => format!("{}.{}", path.name.wire, member.wire),
        None => path.name.wire.clone(),
    }
}
