//! Seals, read a third time and for verification only: does this signature fit this text?
//!
//! Vectors state text and signature; randomised signatures cannot be made again. Both are checked here with nothing
//! but the runtime's digests and keys.

use payspec_codegen::ir::{
    Algorithm, CredentialPath, Digest, Output, Provider, Recipe, Seal, Signature, Sm2Form,
};
use payspec_interpreter::{CredentialValue, Settings};
use payspec_runtime::{
    Secret,
    crypto::{self, Encoding, RsaDigest, decode_signature, digest, digest_matches},
};

/// The recipe that the configured credentials lead to.
#[must_use]
pub fn recipe<'p>(provider: &'p Provider, signature: &Signature, settings: &Settings) -> Option<&'p Recipe> {
    match signature {
        Signature::None { .. } => None,
        Signature::Recipe(id) => Some(&provider[*id]),
        Signature::Chosen { by, cases } => {
            let CredentialValue::Choice { alternative, .. } = settings.credentials.get(&by.name.wire)? else {
                return None;
            };
            let case = cases.iter().find(|case| case.alternative.wire == *alternative)?;
            Some(&provider[case.recipe])
        }
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

/// Whether the signature is one of the text, by the key of the settings.
///
/// # Panics
/// The settings have no key for the seal.
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
        Algorithm::Hmac(kind) => panic!("no spec of the tests seals with an HMAC of {kind:?}"),
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
    }
}

fn key<'s>(settings: &'s Settings, seal: &Seal) -> &'s CredentialValue {
    let path = seal.key.as_ref().expect("the seal names a key");
    credential(settings, path).expect("the settings have the key")
}
