//! Credentials that a message does not need, but a client has: something of the right kind that signs nothing.
//!
//! A client is set up whole. Who verifies one callback has no reason to look for the merchant's private key; it is
//! never used then, and a public key in its place could not sign if it were.

use payspec_codegen::ir::{Credential, CredentialKind, Decode, KeyKind};
use payspec_runtime::Secret;
use payspec_vectors::Account;

/// Nobody's key: its private half was thrown away.
const RSA: &str = include_str!("nobody_rsa.pem");
/// The base point of the curve.
const SM2: &str = "0432C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7\
                   BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0";
const TEXT: &str = "(not asked for)";

/// Puts something in the place of a credential.
pub(super) fn put(account: &mut Account, path: &str, kind: &CredentialKind) {
    let parts: Vec<&str> = path.split('.').collect();
    put_at(account, &parts, kind);
}

fn put_at(account: &mut Account, path: &[&str], kind: &CredentialKind) {
    let key = |kind: KeyKind| match kind {
        KeyKind::RsaPrivate | KeyKind::RsaPublic => RSA,
        KeyKind::Sm2Private | KeyKind::Sm2Public => SM2,
    };
    match kind {
        CredentialKind::Text { length } => {
            let bounds = length.as_ref().map(|length| &length.bounds);
            let least = bounds.and_then(|bounds| bounds.min).unwrap_or(1).max(1);
            let text = if bounds.is_some() {
                "x".repeat(usize::try_from(least).unwrap_or(1))
            } else {
                TEXT.to_owned()
            };
            account.put(path, Secret::new(text));
        }
        CredentialKind::Secret(Decode::Text) => account.put(path, Secret::new(TEXT)),
        CredentialKind::Secret(Decode::Hex) => account.put(path, Secret::new("00".repeat(32))),
        CredentialKind::Secret(Decode::Base64) => account.put(path, Secret::new("AAAA".repeat(8))),
        CredentialKind::Key(kind) => account.put(path, Secret::new(key(*kind))),
        CredentialKind::Keys(kind) => {
            account.put(&[path, &[TEXT]].concat(), Secret::new(key(*kind)));
        }
        CredentialKind::Choice(alternatives) => {
            let Some(first) = alternatives.first() else { return };
            for Credential { name, kind, .. } in &first.members {
                put_at(account, &[path, &[first.name.wire.as_str(), name.wire.as_str()]].concat(), kind);
            }
        }
    }
}
