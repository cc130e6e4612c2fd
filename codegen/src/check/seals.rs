//! The seal of a recipe: algorithm, key, output.

use super::Context;
use super::ciphers::cipher;
use super::recipes::Written;
use super::references::Named;
use super::templates::{Scope, Stand};
use crate::diagnostic::{Code, Span, did_you_mean};
use crate::ir::{self, Algorithm, CredentialKind, Digest, Key, KeyKind, Output, Seal, Sm2Form};
use crate::model::{Recipe, SealForm};
use crate::read::{Spanned, TextOr};

/// How bytes become text.
pub(crate) const OUTPUTS: &[&str] =
    &["hex lower", "hex upper", "base64", "base64url", "base64url unpadded", "text", "bytes"];

/// The algorithms that can be said.
pub(crate) const ALGORITHMS: &[&str] = &[
    "md5",
    "sha1",
    "sha256",
    "sha512",
    "sm3",
    "sm2",
    "none",
    "hmac-md5",
    "hmac-sha1",
    "hmac-sha256",
    "hmac-sha512",
    "rsa-sha1",
    "rsa-sha256",
    "rsa-sha512",
    "aes-128-cbc",
    "aes-192-cbc",
    "aes-256-cbc",
    "aes-128-ecb",
    "aes-192-ecb",
    "aes-256-ecb",
    "aes-128-gcm",
    "aes-192-gcm",
    "aes-256-gcm",
    "3des-cbc",
];

impl Context<'_> {
    pub(super) fn recipe_charset(&self, recipe: &Recipe) -> ir::Encoding {
        let Some(said) = &recipe.charset else { return self.encoding };
        match &said.value {
            TextOr::Text(text) => self.charset(text, said.span).map_or(self.encoding, ir::Encoding::Fixed),
            TextOr::Other(_) => {
                self.not_yet(said.span, "a charset from a field");
                self.encoding
            }
        }
    }

    pub(super) fn seal(&self, written: &Written<'_>, scope: &Scope) -> Option<Seal> {
        let recipe = written.recipe;
        if recipe.algorithm.is_none() {
            self.missing(written, "algorithm", "such as `algorithm: sha256`");
        }
        if recipe.output.is_none() && written.default_output.is_none() {
            self.missing(written, "output", "hex lower, hex upper or base64");
        }
        let algorithm = recipe.algorithm.as_ref().and_then(|text| self.algorithm(written, text, scope));
        let output = match &recipe.output {
            Some(text) => self.output(written, text, algorithm.as_ref()),
            None => written.default_output,
        };
        let algorithm = algorithm?;
        let key = self.key(written, &algorithm, scope);
        Some(Seal { algorithm, key: key?, output: output? })
    }

    fn algorithm(&self, written: &Written<'_>, text: &Spanned<String>, scope: &Scope) -> Option<Algorithm> {
        self.keys_of_other_algorithms(written.recipe, text);
        if text.value == "sm2" {
            return self.sm2(written, text);
        }
        if text.value == "none" {
            return Some(Algorithm::None);
        }
        if let Some(cipher) = cipher(text) {
            return self.cipher(written, text, cipher, scope);
        }
        let found = match text.split_once('-') {
            None => digest(text).map(Algorithm::Digest),
            Some(("hmac", rest)) => digest(rest).filter(|d| *d != Digest::Sm3).map(Algorithm::Hmac),
            Some(("rsa", rest)) => {
                digest(rest).filter(|d| !matches!(d, Digest::Sm3 | Digest::Md5)).map(Algorithm::Rsa)
            }
            Some(_) => None,
        };
        if found.is_none() {
            self.no_algorithm(text);
        }
        found
    }

    fn keys_of_other_algorithms(&self, recipe: &Recipe, text: &Spanned<String>) {
        let is_sm2 = text.value == "sm2";
        let is_cipher = cipher(text).is_some();
        let keys: [(&str, Option<Span>, bool, &str); 5] = [
            ("user_id", recipe.user_id.as_ref().map(|text| text.span), is_sm2, "sm2"),
            ("form", recipe.form.as_ref().map(|form| form.span), is_sm2, "sm2"),
            ("iv", recipe.iv.as_ref().map(|text| text.span), is_cipher, "ciphers, such as aes-256-cbc"),
            ("aad", recipe.aad.as_ref().map(|text| text.span), is_cipher, "ciphers, such as aes-256-gcm"),
            (
                "padding",
                recipe.padding.as_ref().map(|text| text.span),
                is_cipher,
                "ciphers, such as aes-256-cbc",
            ),
        ];
        for (word, span, applies, owner) in keys {
            if let (Some(span), false) = (span, applies) {
                let message = format!("`{word}` does not apply to {text}");
                self.mistake(Code::KeyDoesNotApply, span, message, format!("it belongs to {owner}"));
            }
        }
    }

    fn no_algorithm(&self, text: &Spanned<String>) {
        let later = ["sha384", "crc32", "ed25519", "hmac-sha384", "hmac-sm3", "rsa-md5", "rsa-sha384"];
        let families = ["rsa-pss-", "ecdsa-", "sm4-"];
        if later.contains(&text.as_str()) || families.iter().any(|family| text.starts_with(family)) {
            self.not_yet(text.span, &format!("algorithm `{text}`"));
        } else {
            let message = format!("unknown algorithm `{text}`");
            let mend = match did_you_mean(text, ALGORITHMS.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "such as `sha256`, `hmac-sha256`, `rsa-sha256`, `sm2` or `aes-256-gcm`".to_owned(),
            };
            self.mistake(Code::UnknownValue, text.span, message, mend);
        }
    }

    fn sm2(&self, written: &Written<'_>, text: &Spanned<String>) -> Option<Algorithm> {
        let recipe = written.recipe;
        if recipe.user_id.is_none() || recipe.form.is_none() {
            let message = format!("recipe `{}`: sm2 needs `user_id` and `form`", written.name);
            let mend = "most use `user_id: \"1234567812345678\"`; `form` is `der` or `raw`";
            self.mistake(Code::Sm2Incomplete, text.span, message, mend);
        }
        let form = match recipe.form.as_ref()?.value {
            SealForm::Der => Sm2Form::Der,
            SealForm::Raw => Sm2Form::Raw,
        };
        Some(Algorithm::Sm2 { user_id: recipe.user_id.as_ref()?.value.clone(), form })
    }

    fn output(
        &self,
        written: &Written<'_>,
        text: &Spanned<String>,
        algorithm: Option<&Algorithm>,
    ) -> Option<Output> {
        let output = match text.value.as_str() {
            "hex lower" => Output::HexLower,
            "hex upper" => Output::HexUpper,
            "base64" => Output::Base64,
            "base64url" => Output::Base64Url,
            "base64url unpadded" => Output::Base64UrlUnpadded,
            "text" => Output::Text,
            "bytes" => Output::Bytes,
            "decimal" => {
                self.not_yet(text.span, "`output: decimal`");
                return None;
            }
            other => {
                let message = format!("`{other}` is no form of output");
                self.unknown(Code::UnknownValue, text.span, message, other, OUTPUTS.iter().copied());
                return None;
            }
        };
        if output == Output::Text && algorithm.is_some_and(|algorithm| *algorithm != Algorithm::None) {
            let message = "the result of this algorithm is bytes, which are no text";
            self.mistake(Code::KeyDoesNotApply, text.span, message, "write `hex lower` or `base64`");
        }
        if output == Output::Bytes && (!written.is_part || written.recipe.place.is_some()) {
            let message = "bytes cannot be written into a field or a header";
            self.mistake(Code::KeyDoesNotApply, text.span, message, "write `hex lower` or `base64`");
        }
        Some(output)
    }

    /// The key; `None` where it cannot be understood, `Some(None)` where the algorithm has none.
    fn key(&self, written: &Written<'_>, algorithm: &Algorithm, scope: &Scope) -> Option<Option<Key>> {
        let recipe = written.recipe;
        let at = recipe.algorithm.as_ref().map_or(written.name.span, |text| text.span);
        let key = recipe.key.as_ref().filter(|key| key.value != "none");
        let is_keyless = matches!(algorithm, Algorithm::Digest(_) | Algorithm::None);
        let found = match key {
            None if is_keyless => None,
            None => {
                let message = match written.is_part {
                    true => format!("part `{}` has no `key`", written.name),
                    false => format!("recipe `{}` has no `key`", written.name),
                };
                self.mistake(Code::KeyMissingOrUnused, at, message, "name the credential: `key: x`");
                return None;
            }
            Some(key) if is_keyless => {
                let message = match algorithm {
                    Algorithm::None => "where nothing is sealed there is no key",
                    _ => "a plain digest takes no key",
                };
                let mend = "a secret inside the text is `{credential:x}`; an inherited key is dropped with `key: none`";
                self.mistake(Code::KeyMissingOrUnused, key.span, message, mend);
                None
            }
            Some(key) if key.contains('{') => Some(self.computed_key(algorithm, key, scope)),
            Some(key) => return self.named_key(written, algorithm, key, scope).map(Some),
        };
        if let Some(id) = &recipe.key_id {
            let message = "`key_id` says which of several keys, and here is no such credential";
            self.mistake(
                Code::KeyIdMismatch,
                id.span,
                message,
                "name a credential that is many by id, or drop it",
            );
        }
        Some(found)
    }

    fn computed_key(&self, algorithm: &Algorithm, key: &Spanned<String>, scope: &Scope) -> Key {
        if matches!(algorithm, Algorithm::Rsa(_) | Algorithm::Sm2 { .. }) {
            let message =
                format!("a computed key is a shared secret, and this algorithm needs {}", needed(algorithm));
            self.mistake(Code::KeyOfTheWrongKind, key.span, message, "name a credential of that kind");
        }
        Key::Computed(self.template(key, Stand::Key, scope))
    }

    fn named_key(
        &self,
        written: &Written<'_>,
        algorithm: &Algorithm,
        key: &Spanned<String>,
        scope: &Scope,
    ) -> Option<Key> {
        let id = written.recipe.key_id.as_ref();
        let template = id.map(|id| self.template(id, Stand::KeyId, scope));
        let (path, named) = self.credential_named(key, key.span, key)?;
        let fits = match &named {
            Named::One(credential) => fits(algorithm, &credential.kind),
            Named::Members(members) => members.iter().any(|(_, member)| fits(algorithm, &member.kind)),
        };
        if !fits {
            let message = format!("`{key}` is no key for this algorithm: it needs {}", needed(algorithm));
            self.mistake(Code::KeyOfTheWrongKind, key.span, message, "name a credential of that kind");
            return Some(Key::Credential { path, id: template });
        }
        if let Algorithm::Cipher { cipher, .. } = algorithm {
            self.key_is_long_enough(*cipher, &path, key);
        }
        let is_many = |kind: &&CredentialKind| matches!(kind, CredentialKind::Keys(_));
        match (id, self.kinds_of(&path).iter().any(is_many)) {
            (None, true) => {
                let message = format!("`{key}` is many by id: which one is it?");
                let mend = "say it with `key_id`, such as `key_id: \"{header:X-Serial}\"`";
                self.mistake(Code::KeyIdMismatch, key.span, message, mend);
            }
            (Some(id), false) => {
                let message = format!("`{key}` is a single key and has no id");
                let mend = format!("drop `key_id`, or add `many: by_id` to the credential `{key}`");
                self.mistake(Code::KeyIdMismatch, id.span, message, mend);
            }
            _ => {}
        }
        Some(Key::Credential { path, id: template })
    }
}

/// Whether a credential of this kind is a key for the algorithm.
pub(super) fn fits(algorithm: &Algorithm, kind: &CredentialKind) -> bool {
    use CredentialKind::{Key, Keys};
    use KeyKind::{RsaPrivate, RsaPublic, Sm2Private, Sm2Public};
    match algorithm {
        Algorithm::Digest(_) | Algorithm::None => false,
        Algorithm::Hmac(_) | Algorithm::Cipher { .. } => matches!(kind, CredentialKind::Secret(_)),
        Algorithm::Rsa(_) => matches!(kind, Key(RsaPrivate | RsaPublic) | Keys(RsaPrivate | RsaPublic)),
        Algorithm::Sm2 { .. } => matches!(kind, Key(Sm2Private | Sm2Public) | Keys(Sm2Private | Sm2Public)),
    }
}

/// The kind of key that the algorithm needs.
pub(super) fn needed(algorithm: &Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Digest(_) | Algorithm::None => "no key",
        Algorithm::Hmac(_) | Algorithm::Cipher { .. } => "a shared secret",
        Algorithm::Rsa(_) => "an RSA key",
        Algorithm::Sm2 { .. } => "an SM2 key",
    }
}

fn digest(text: &str) -> Option<Digest> {
    match text {
        "md5" => Some(Digest::Md5),
        "sha1" => Some(Digest::Sha1),
        "sha256" => Some(Digest::Sha256),
        "sha512" => Some(Digest::Sha512),
        "sm3" => Some(Digest::Sm3),
        _ => None,
    }
}
