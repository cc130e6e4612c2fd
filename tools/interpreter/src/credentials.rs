//! What a client or a provider is set up with: credentials, options, tokens, hosts.
//!
//! The same credentials serve both sides. A private key contains its public half, so whoever signs with a key
//! that the spec calls public (the provider) is given the private one, and whoever only checks (the provider, for
//! the merchant's key) may be given the public one. What does not fit the spec is refused when it is set up, except
//! for the half of a key: that shows when it is used.

use std::time::Duration;

use payspec_codegen::ir::{self, AbsentWhen, CredentialKind, CredentialPath, Decode, KeyKind};
use payspec_runtime::Secret;
use payspec_runtime::crypto::{RsaPrivateKey, RsaPublicKey, Sm2PrivateKey, Sm2PublicKey};
use payspec_runtime::keys::KeyError;
use thiserror::Error;

use crate::bytes::{self, Base64};
use crate::time::Instant;
use crate::validate::Problem;
use crate::value::Map;

/// What the interpreter is set up with. Names are those of the spec.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What the merchant was given.
    pub credentials: Map<CredentialValue>,
    /// What the client chose; an option that is not here has its default.
    pub options: Map<String>,
    /// Access tokens.
    pub tokens: Map<String>,
    /// Addresses of hosts, scheme and authority. A host that is not here is where the first environment has it.
    pub hosts: Map<String>,
    /// How old a callback may be. `None`: of any age.
    pub fresh: Option<Fresh>,
}

/// How old a callback may be, or how far in the future, by the time that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fresh {
    /// The present instant.
    pub now: Instant,
    /// The largest distance from it.
    pub max_age: Duration,
}

/// The value of a credential.
#[derive(Clone, Debug)]
pub enum CredentialValue {
    /// Public text.
    Text(String),
    /// A shared secret, as it is configured: also one that the spec decodes from hex or base64.
    Secret(Secret),
    /// An RSA key, both halves.
    RsaPrivate(RsaPrivateKey),
    /// An RSA key, the public half.
    RsaPublic(RsaPublicKey),
    /// An SM2 key, both halves.
    Sm2Private(Sm2PrivateKey),
    /// An SM2 key, the public half.
    Sm2Public(Sm2PublicKey),
    /// Several keys, each under its id.
    Keys(Map<CredentialValue>),
    /// One of several sets.
    Choice {
        /// Its name in the spec.
        alternative: String,
        /// Its members.
        members: Map<CredentialValue>,
    },
}

impl CredentialValue {
    /// A key in any of the forms in which keys are handed out: both halves where they are there, else the public one.
    ///
    /// # Errors
    /// [`KeyError`] says what was found instead of a key of this family.
    pub fn key(kind: KeyKind, bytes: &[u8]) -> Result<Self, KeyError> {
        match kind {
            KeyKind::RsaPrivate | KeyKind::RsaPublic => RsaPrivateKey::read(bytes)
                .map(Self::RsaPrivate)
                .or_else(|_| RsaPublicKey::read(bytes).map(Self::RsaPublic)),
            KeyKind::Sm2Private | KeyKind::Sm2Public => Sm2PrivateKey::read(bytes)
                .map(Self::Sm2Private)
                .or_else(|_| Sm2PublicKey::read(bytes).map(Self::Sm2Public)),
        }
    }
}

/// Why the settings do not fit the spec.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// A credential of the spec is not given.
    #[error("the credential `{name}` is missing")]
    Missing {
        /// Its name.
        name: String,
    },
    /// The spec has no such credential.
    #[error("the spec has no credential `{name}`")]
    UnknownCredential {
        /// The name.
        name: String,
    },
    /// Text for a key, an RSA key for an SM2 key, and the like.
    #[error("the credential `{name}` is of another kind")]
    Kind {
        /// Its name.
        name: String,
    },
    /// An empty text or secret.
    #[error("the credential `{name}` is empty")]
    Empty {
        /// Its name.
        name: String,
    },
    /// A text that is too short or too long.
    #[error("the credential `{name}` has {length} characters, which the spec does not allow")]
    Length {
        /// Its name.
        name: String,
        /// How long it is.
        length: u64,
    },
    /// A secret that is not written in hex or base64 as the spec says, or a list of keys without any.
    #[error("the credential `{name}` is not written as the spec says")]
    Encoding {
        /// Its name.
        name: String,
    },
    /// The choice has no such alternative.
    #[error("the credential `{name}` has no alternative `{alternative}`")]
    UnknownAlternative {
        /// The choice.
        name: String,
        /// What was given.
        alternative: String,
    },
    /// The spec has no such option.
    #[error("the spec has no option `{name}`")]
    UnknownOption {
        /// The name.
        name: String,
    },
    /// The spec has no such token.
    #[error("the spec has no token `{name}`")]
    UnknownToken {
        /// The name.
        name: String,
    },
    /// The spec has no such host.
    #[error("the spec has no host `{name}`")]
    UnknownHost {
        /// The name.
        name: String,
    },
    /// A chosen option breaks its limits.
    #[error("the option `{name}` {problem}")]
    Option {
        /// The option.
        name: String,
        /// What is wrong with it.
        problem: Problem,
    },
    /// The option that says the charset has a value that is none.
    #[error("the option `{option}` names no charset")]
    Charset {
        /// The option.
        option: String,
    },
}

impl Settings {
    pub(crate) fn check(&self, provider: &ir::Provider) -> Result<(), SettingsError> {
        let absent = provider.defaults.absent_when;
        check_all(&provider.credentials, &self.credentials, "", absent)?;
        let known = |name: &str, all: &[&str]| all.contains(&name);
        let options: Vec<&str> =
            provider.options.iter().map(|option| option.field.name.wire.as_str()).collect();
        if let Some((name, _)) = self.options.iter().find(|(name, _)| !known(name, &options)) {
            return Err(SettingsError::UnknownOption { name: name.to_owned() });
        }
        let tokens: Vec<&str> = provider.token.iter().map(|token| token.name.wire.as_str()).collect();
        if let Some((name, _)) = self.tokens.iter().find(|(name, _)| !known(name, &tokens)) {
            return Err(SettingsError::UnknownToken { name: name.to_owned() });
        }
        let hosts: Vec<&str> = provider.hosts.iter().map(|host| host.wire.as_str()).collect();
        match self.hosts.iter().find(|(name, _)| !known(name, &hosts)) {
            Some((name, _)) => Err(SettingsError::UnknownHost { name: name.to_owned() }),
            None => Ok(()),
        }
    }

    /// How the secret of a path is decoded.
    pub(crate) fn decode_of(&self, provider: &ir::Provider, path: &CredentialPath) -> Decode {
        let declared = provider.credentials.iter().find(|own| own.name.wire == path.name.wire);
        let kind = match (declared.map(|own| &own.kind), &path.member, self.credentials.get(&path.name.wire))
        {
            (
                Some(CredentialKind::Choice(alternatives)),
                Some(member),
                Some(CredentialValue::Choice { alternative, .. }),
            ) => alternatives
                .iter()
                .find(|own| own.name.wire == *alternative)
                .and_then(|own| own.members.iter().find(|own| own.name.wire == member.wire))
                .map(|own| &own.kind),
            (kind, _, _) => kind,
        };
        match kind {
            Some(CredentialKind::Secret(decode)) => *decode,
            _ => Decode::Text,
        }
    }

    /// A credential or a member of the chosen alternative.
    pub(crate) fn credential(&self, path: &CredentialPath) -> Option<&CredentialValue> {
        let value = self.credentials.get(&path.name.wire)?;
        match (&path.member, value) {
            (None, value) => Some(value),
            (Some(member), CredentialValue::Choice { members, .. }) => members.get(&member.wire),
            (Some(_), _) => None,
        }
    }
}

fn check_all(
    declared: &[ir::Credential],
    given: &Map<CredentialValue>,
    prefix: &str,
    absent: AbsentWhen,
) -> Result<(), SettingsError> {
    for credential in declared {
        let name = format!("{prefix}{}", credential.name.wire);
        match given.get(&credential.name.wire) {
            Some(value) => check_one(credential, value, name, absent)?,
            None => return Err(SettingsError::Missing { name }),
        }
    }
    match given.iter().find(|(name, _)| !declared.iter().any(|credential| credential.name.wire == *name)) {
        Some((name, _)) => Err(SettingsError::UnknownCredential { name: format!("{prefix}{name}") }),
        None => Ok(()),
    }
}

fn check_one(
    credential: &ir::Credential,
    value: &CredentialValue,
    name: String,
    absent: AbsentWhen,
) -> Result<(), SettingsError> {
    use CredentialValue as Given;
    match (&credential.kind, value) {
        (CredentialKind::Text { length }, Given::Text(text)) => {
            check_text(text, length.as_ref(), name, absent)
        }
        (CredentialKind::Secret(_), Given::Secret(secret)) if is_nothing(secret.expose(), absent) => {
            Err(SettingsError::Empty { name })
        }
        (CredentialKind::Secret(decode), Given::Secret(secret)) if decoded(secret, *decode).is_none() => {
            Err(SettingsError::Encoding { name })
        }
        (CredentialKind::Keys(_), Given::Keys(keys)) if keys.is_empty() => {
            Err(SettingsError::Encoding { name })
        }
        (CredentialKind::Keys(kind), Given::Keys(keys)) => {
            let single = ir::Credential { kind: CredentialKind::Key(*kind), ..credential.clone() };
            keys.iter().try_for_each(|(id, key)| check_one(&single, key, format!("{name}.{id}"), absent))
        }
        (CredentialKind::Secret(_), Given::Secret(_))
        | (
            CredentialKind::Key(KeyKind::RsaPrivate | KeyKind::RsaPublic),
            Given::RsaPrivate(_) | Given::RsaPublic(_),
        )
        | (
            CredentialKind::Key(KeyKind::Sm2Private | KeyKind::Sm2Public),
            Given::Sm2Private(_) | Given::Sm2Public(_),
        ) => Ok(()),
        (CredentialKind::Choice(alternatives), Given::Choice { alternative, members }) => {
            match alternatives.iter().find(|declared| declared.name.wire == *alternative) {
                Some(declared) => check_all(&declared.members, members, &format!("{name}."), absent),
                None => Err(SettingsError::UnknownAlternative { name, alternative: alternative.clone() }),
            }
        }
        _ => Err(SettingsError::Kind { name }),
    }
}

/// The bytes of a secret; `None` if it is not written so, or is nothing once it is decoded.
pub(crate) fn decoded(secret: &Secret, decode: Decode) -> Option<Vec<u8>> {
    let decoded = match decode {
        Decode::Text => Some(secret.expose().as_bytes().to_vec()),
        Decode::Hex => bytes::from_hex(secret.expose()),
        Decode::Base64 => Base64::read_any(secret.expose()),
    };
    decoded.filter(|bytes| !bytes.is_empty())
}

/// A credential that says nothing can only be a mistake, even where the spec takes empty values for values.
fn is_nothing(text: &str, absent: AbsentWhen) -> bool {
    text.is_empty() || crate::text::is_absent(text, absent)
}

fn check_text(
    text: &str,
    length: Option<&ir::Length>,
    name: String,
    absent: AbsentWhen,
) -> Result<(), SettingsError> {
    if is_nothing(text, absent) {
        return Err(SettingsError::Empty { name });
    }
    let Some(limit) = length else { return Ok(()) };
    // Credentials are ASCII in practice; bytes beyond it are counted in UTF-8.
    let count = match limit.unit {
        ir::LengthUnit::Chars => text.chars().count(),
        ir::LengthUnit::Bytes => text.len(),
    };
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let fits =
        limit.bounds.min.is_none_or(|min| min <= count) && limit.bounds.max.is_none_or(|max| count <= max);
    if fits { Ok(()) } else { Err(SettingsError::Length { name, length: count }) }
}
