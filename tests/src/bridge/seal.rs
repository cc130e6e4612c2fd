//! Seals, read a third time and for verification only: does this signature fit this text?
//!
//! Vectors state text and signature; randomised signatures cannot be made again. Both are checked here with nothing
//! but the runtime's digests and keys. Only signatures with a key that is a credential are read here: a computed key
//! or a cipher would be the recipe once more.

use payspec_codegen::ir::{
    Algorithm, Case, CredentialPath, Digest, Key, Output, Provider, Recipe, Seal, Signature, Sm2Form,
};
use payspec_interpreter::{CredentialValue, Settings};
use payspec_runtime::{
    Secret,
    crypto::{self, Encoding, RsaDigest, decode_signature, digest, digest_matches},
};

/// The first recipe that the configured credentials lead to. A field of the message chooses none here.
#[must_use]
pub fn recipe<'p>(provider: &'p Provider, signature: &Signature, settings: &Settings) -> Option<&'p Recipe> {
    recipes(provider, signature, settings).into_iter().next()
}

/// The recipes that the configured credentials lead to, in the signer's order; where a field of the message chooses,
/// all of them.
#[must_use]
pub fn recipes<'p>(provider: &'p Provider, signature: &Signature, settings: &Settings) -> Vec<&'p Recipe> {
    match signature {
        Signature::Chosen { by, cases } => {
            let chosen = |alternative: &str| {
                let fits = |case: &&Case| case.alternative.wire == alternative;
                cases.iter().find(fits).map(|case| &provider[case.recipe])
            };
            match settings.credentials.get(&by.name.wire) {
                Some(CredentialValue::Choice { alternative, .. }) => {
                    chosen(alternative).into_iter().collect()
                }
                _ => Vec::new(),
            }
        }
        Signature::Several(all) => {
            all.iter().flat_map(|signature| recipes(provider, signature, settings)).collect()
        }
        signature => signature.recipes().into_iter().map(|id| &provider[id]).collect(),
    }
}

fn credential<'s>(settings: &'s Settings, path: &CredentialPath) -> Option<&'s CredentialValue> {
    match (settings.credentials.get(&path.name.wire)?, &path.member) {
        (CredentialValue::Choice { members, .. }, Some(member)) => members.get(&member.wire),
        (value, _) => Some(value),
    }
}

pub(super) fn secret<'s>(settings: &'s Settings, path: &CredentialPath) -> Option<&'s Secret> {
    match credential(settings, path)? {
        CredentialValue::Secret(secret) => Some(secret),
        _ => None,
    }
}

/// Whether the signature is one of the text, by the key of the settings; `None` for seals that are not read here.
///
/// # Panics
/// The settings have no key for the seal.
#[must_use]
pub fn fits(settings: &Settings, seal: &Seal, text: &[u8], signature: &str) -> Option<bool> {
    let is_read = matches!(seal.key, None | Some(Key::Credential { id: None, .. }))
        && matches!(seal.output, Output::HexLower | Output::HexUpper | Output::Base64)
        && matches!(seal.algorithm, Algorithm::Digest(_) | Algorithm::Rsa(_) | Algorithm::Sm2 { .. });
    is_read.then(|| verifies(settings, seal, text, signature))
}

/// Whether the signature is one of the text, by the key of the settings.
///
/// # Panics
/// The settings have no key for the seal, or seals of this kind are not read here.
#[must_use]
pub fn verifies(settings: &Settings, seal: &Seal, text: &[u8], signature: &str) -> bool {
    let encoding = if seal.output == Output::Base64 { Encoding::Base64 } else { Encoding::Hex };
    let Ok(received) = decode_signature(signature, encoding) else { return false };
    match &seal.algorithm {
        Algorithm::Digest(kind) => {
            let computed = match kind {
                Digest::Md5 => digest::md5(text),
                Digest::Sha1 => digest::sha1(text),
                Digest::Sha256 => digest::sha256(text),
                Digest::Sha512 => digest::sha512(text),
                Digest::Sm3 => digest::sm3(text),
            };
            digest_matches(&received, &computed)
        }
        Algorithm::Rsa(kind) => {
            let kind = match kind {
                Digest::Sha1 => RsaDigest::Sha1,
                Digest::Sha256 => RsaDigest::Sha256,
                Digest::Sha512 => RsaDigest::Sha512,
                other => panic!("RSA with {other:?}"),
            };
            let key = match key(settings, seal) {
                CredentialValue::RsaPublic(key) => key.clone(),
                CredentialValue::RsaPrivate(key) => key.public_key(),
                _ => panic!("no RSA key"),
            };
            key.verify(kind, text, &received).is_ok()
        }
        Algorithm::Sm2 { user_id, form } => {
            let form = match form {
                Sm2Form::Der => crypto::Sm2Form::Der,
                Sm2Form::Raw => crypto::Sm2Form::Raw,
            };
            let key = match key(settings, seal) {
                CredentialValue::Sm2Public(key) => key.clone(),
                CredentialValue::Sm2Private(key) => key.public_key(),
                _ => panic!("no SM2 key"),
            };
            key.verify(user_id, form, text, &received).is_ok()
        }
        other => panic!("seals with {other:?} are not read here"),
    }
}

fn key<'s>(settings: &'s Settings, seal: &Seal) -> &'s CredentialValue {
    let path = seal.credential().expect("the seal names a key");
    credential(settings, path).expect("the settings have the key")
}
