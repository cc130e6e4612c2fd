//! What there is to choose from: the names in the message and in the spec, and the credentials.

use payspec_codegen::ir::{self, CredentialKind, CredentialPath, Decode, KeyKind};
use payspec_interpreter::{CredentialValue, Settings, TrialMessage, TrialValue};

use crate::message::json::{self, Json};

/// More values inside JSON are not looked at.
const MAX_PATHS: usize = 60;

/// What a credential is, as far as a recipe is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CredentialUse {
    /// Public text.
    Text,
    Secret(Decode),
    Key(KeyKind),
    Keys(KeyKind),
    Choice,
}

/// A field of the message.
#[derive(Clone, Debug)]
pub(crate) struct KnownField {
    pub(crate) name: String,
    pub(crate) value: TrialValue,
}

/// What there is to choose from.
pub(crate) struct Context {
    /// The fields of the message, in its order.
    pub(crate) fields: Vec<KnownField>,
    /// The fields that the spec declares, whether they are there or not.
    pub(crate) declared: Vec<String>,
    /// Values inside the JSON of fields.
    pub(crate) paths: Vec<ir::FieldPath>,
    /// Lower-cased names of the headers.
    pub(crate) headers: Vec<String>,
    pub(crate) credentials: Vec<(CredentialPath, CredentialUse)>,
    /// It has a method and a URL.
    pub(crate) has_address: bool,
    pub(crate) has_body: bool,
    pub(crate) has_result: bool,
    /// It is one of ours.
    pub(crate) is_own: bool,
}

impl Context {
    pub(crate) fn new(
        provider: &ir::Provider,
        settings: &Settings,
        message: &TrialMessage,
        declared: Vec<String>,
    ) -> Self {
        let fields = message.fields().into_iter();
        let fields: Vec<KnownField> =
            fields.map(|field| KnownField { name: field.name, value: field.value }).collect();
        let mut paths = Vec::new();
        for field in &fields {
            if let Some(json) = json::anywhere(field.value.text()) {
                inside(&json, &mut vec![field.name.clone()], &mut paths);
            }
        }
        Self {
            fields,
            paths,
            declared,
            headers: message.headers().iter().map(|(name, _)| name.to_lowercase()).collect(),
            credentials: credentials(&provider.credentials, settings),
            has_address: message.method().is_some(),
            has_body: !message.body().is_empty(),
            has_result: message.result().is_some(),
            is_own: message.is_own(),
        }
    }

    /// The names of all fields, in the message first.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let all = self.fields.iter().map(|field| &field.name).chain(&self.declared);
        for name in all {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    /// Credentials that can stand in a text: secrets first, then public text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &CredentialPath> {
        let of = |wanted: fn(&CredentialUse) -> bool| {
            self.credentials.iter().filter(move |(_, kind)| wanted(kind)).map(|(path, _)| path)
        };
        of(|kind| matches!(kind, CredentialUse::Secret(_)))
            .chain(of(|kind| matches!(kind, CredentialUse::Text | CredentialUse::Choice)))
    }

    /// Shared secrets.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = (&CredentialPath, Decode)> {
        self.credentials.iter().filter_map(|(path, kind)| match kind {
            CredentialUse::Secret(decode) => Some((path, *decode)),
            _ => None,
        })
    }
}

/// The paths of all values inside, outer ones first.
fn inside(json: &Json, path: &mut Vec<String>, paths: &mut Vec<ir::FieldPath>) {
    let mut below = |name: String, value: &Json| {
        if paths.len() < MAX_PATHS {
            path.push(name);
            paths.push(ir::FieldPath(path.clone()));
            inside(value, path, paths);
            path.pop();
        }
    };
    match json {
        Json::Object(members) => members.iter().for_each(|(name, member)| below(name.clone(), member)),
        Json::List(items) => {
            items.iter().enumerate().for_each(|(index, item)| below(index.to_string(), item))
        }
        Json::Word(_) | Json::Text(_) => {}
    }
}

fn use_of(kind: &CredentialKind) -> CredentialUse {
    match kind {
        CredentialKind::Text { .. } => CredentialUse::Text,
        CredentialKind::Secret(decode) => CredentialUse::Secret(*decode),
        CredentialKind::Key(kind) => CredentialUse::Key(*kind),
        CredentialKind::Keys(kind) => CredentialUse::Keys(*kind),
        CredentialKind::Choice(_) => CredentialUse::Choice,
    }
}

/// Every credential, and the members of the alternative that is configured.
fn credentials(declared: &[ir::Credential], settings: &Settings) -> Vec<(CredentialPath, CredentialUse)> {
    let mut all = Vec::new();
    for credential in declared {
        let path = |member| CredentialPath { name: credential.name.clone(), member };
        all.push((path(None), use_of(&credential.kind)));
        if let (CredentialKind::Choice(alternatives), Some(CredentialValue::Choice { alternative, .. })) =
            (&credential.kind, settings.credentials.get(&credential.name.wire))
        {
            let chosen = alternatives.iter().filter(|own| own.name.wire == *alternative);
            let members = chosen.flat_map(|own| &own.members);
            all.extend(members.map(|member| (path(Some(member.name.clone())), use_of(&member.kind))));
        }
    }
    all
}
