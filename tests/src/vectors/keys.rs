//! Credentials: from what a file says to what the interpreter is set up with.

use payspec_codegen::ir::{Credential, CredentialKind, KeyKind};
use payspec_interpreter::{CredentialValue, Map};
use payspec_runtime::{
    Secret,
    crypto::{RsaPrivateKey, RsaPublicKey, Sm2PrivateKey, Sm2PublicKey},
};

/// What a file says about credentials: a text, or named things inside.
pub(super) trait Said {
    /// What it says about a name, and the key in it, if it is one.
    fn said(&self, name: &str) -> Option<&Self>;
    /// The names that it says something about.
    fn names(&self) -> Vec<String>;
    /// A text, or the content of the file that is named.
    fn text(&self) -> String;
}

/// The credentials of a spec.
pub(super) fn credentials<S: Said>(declared: &[Credential], said: &S) -> Map<CredentialValue> {
    let value = |credential: &Credential| {
        let name = &credential.name.wire;
        let own = said.said(name).unwrap_or_else(|| panic!("the credential `{name}` is not given"));
        (name.clone(), value_of(credential, own))
    };
    declared.iter().map(value).collect()
}

fn value_of<S: Said>(credential: &Credential, said: &S) -> CredentialValue {
    match &credential.kind {
        CredentialKind::Text { .. } => CredentialValue::Text(said.text()),
        CredentialKind::Secret(_) => CredentialValue::Secret(Secret::new(said.text())),
        CredentialKind::Key(kind) => key(*kind, &said.text()),
        CredentialKind::Keys(kind) => {
            let keys = said.names().into_iter().map(|id| {
                let text = said.said(&id).expect("what it has just named").text();
                (id, key(*kind, &text))
            });
            CredentialValue::Keys(keys.collect())
        }
        CredentialKind::Choice(alternatives) => {
            let chosen = alternatives.iter().find_map(|alternative| {
                let members = said.said(&alternative.name.wire)?;
                let members = credentials(&alternative.members, members);
                Some(CredentialValue::Choice { alternative: alternative.name.wire.clone(), members })
            });
            chosen.unwrap_or_else(|| panic!("no alternative of `{}` is given", credential.name.wire))
        }
    }
}

/// A key of this kind, from any text that the runtime reads.
pub(super) fn key(kind: KeyKind, text: &str) -> CredentialValue {
    match kind {
        KeyKind::RsaPrivate => {
            CredentialValue::RsaPrivate(RsaPrivateKey::read(text).expect("an RSA private key"))
        }
        KeyKind::RsaPublic => {
            CredentialValue::RsaPublic(RsaPublicKey::read(text).expect("an RSA public key"))
        }
        KeyKind::Sm2Private => {
            CredentialValue::Sm2Private(Sm2PrivateKey::read(text).expect("an SM2 private key"))
        }
        KeyKind::Sm2Public => {
            CredentialValue::Sm2Public(Sm2PublicKey::read(text).expect("an SM2 public key"))
        }
    }
}
