//! The fields that the spec declares for the message that is asked about, in the order of the spec.
//!
//! The search tells by them what belongs to a message and what was added to it; the changes of messages tell what is
//! lost. What stands in headers is no field. A recipe alone declares nothing.

use payspec_codegen::ir::{CredentialPath, Field, Operation, Origin, Provider, ReceivedField};

use crate::question::{Question, Subject};

/// A field of the spec.
#[derive(Clone, Copy)]
pub(crate) struct Declared<'p> {
    pub(crate) field: &'p Field,
    /// The credential that it repeats.
    pub(crate) equals: Option<&'p CredentialPath>,
}

impl<'p> Declared<'p> {
    pub(crate) fn name(&self) -> &'p str {
        &self.field.name.wire
    }
}

/// The fields, and the credentials that they repeat.
pub(crate) fn declared<'p>(question: &Question<'p>) -> Vec<Declared<'p>> {
    let provider = question.provider;
    match question.subject {
        Subject::Request { operation, .. } => {
            operation_named(provider, operation).map(sent).unwrap_or_default()
        }
        Subject::Callback { name, .. } => {
            let callback = provider.callbacks.iter().find(|own| own.name.wire == name);
            received(callback.into_iter().flat_map(|own| &own.fields))
        }
        Subject::Reply { operation, .. } => {
            let reply = operation_named(provider, operation).and_then(|own| own.reply.as_ref());
            received(reply.into_iter().flat_map(|reply| &provider[reply.envelope].members))
        }
        Subject::Recipe { .. } => Vec::new(),
    }
}

fn operation_named<'p>(provider: &'p Provider, name: &str) -> Option<&'p Operation> {
    provider.operations.iter().find(|own| own.name.wire == name)
}

fn sent(operation: &Operation) -> Vec<Declared<'_>> {
    let sent = operation.request.iter().map(|own| {
        let equals = match &own.origin {
            Origin::Credential(path) => Some(path),
            _ => None,
        };
        Declared { field: &own.field, equals }
    });
    sent.collect()
}

fn received<'p>(fields: impl Iterator<Item = &'p ReceivedField>) -> Vec<Declared<'p>> {
    let fields = fields.filter(|own| own.header.is_none());
    fields.map(|own| Declared { field: &own.field, equals: own.equals.as_ref() }).collect()
}
