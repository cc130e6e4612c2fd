//! The seal of a recipe: algorithm, key, output and place; and whether anything secret takes part.

use super::Context;
use super::references::Named;
use crate::diagnostic::Code;
use crate::ir::{
    self, Algorithm, CredentialKind, CredentialPath, Digest, KeyKind, Output, Part, Piece, Seal, Sm2Form,
};
use crate::model::{Recipe, SealForm};
use crate::read::Spanned;

impl Context<'_> {
    pub(super) fn recipe_charset(&self, recipe: &Recipe) -> ir::Encoding {
        let Some(node) = &recipe.charset else { return self.encoding };
        match node.text() {
            Some(text) => self.charset(text, node.span).map_or(self.encoding, ir::Encoding::Fixed),
            None => {
                self.not_yet(node.span, "a charset from a field");
                self.encoding
            }
        }
    }

    pub(super) fn seal(&self, name: &Spanned<String>, recipe: &Recipe) -> Option<Seal> {
        if recipe.algorithm.is_none() {
            self.missing(name, "algorithm", "such as `algorithm: sha256`");
        }
        if recipe.output.is_none() {
            self.missing(name, "output", "hex lower, hex upper or base64");
        }
        let algorithm = recipe.algorithm.as_ref().and_then(|text| self.algorithm(name, text, recipe));
        let output = recipe.output.as_ref().and_then(|text| self.output(text));
        let key = recipe.key.as_ref().filter(|key| key.value != "none");
        let algorithm = algorithm?;
        let key = match (&algorithm, key) {
            (Algorithm::Digest(_), None) => None,
            (Algorithm::Digest(_), Some(key)) => {
                let message = "a plain digest takes no key";
                let mend = "a secret inside the text is `{credential:x}`; an inherited key is dropped with `key: none`";
                self.mistake(Code::KeyMissingOrUnused, key.span, message, mend);
                None
            }
            (_, None) => {
                let at = recipe.algorithm.as_ref().map_or(name.span, |text| text.span);
                let message = format!("recipe `{name}` has no `key`");
                self.mistake(Code::KeyMissingOrUnused, at, message, "name the credential: `key: x`");
                None
            }
            (_, Some(key)) => Some(self.key(&algorithm, key)?),
        };
        Some(Seal { algorithm, key, output: output? })
    }

    fn algorithm(
        &self,
        name: &Spanned<String>,
        text: &Spanned<String>,
        recipe: &Recipe,
    ) -> Option<Algorithm> {
        if text.value == "sm2" {
            return self.sm2(name, text, recipe);
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
        let sm2_keys = [
            ("user_id", recipe.user_id.as_ref().map(|text| text.span)),
            ("form", recipe.form.as_ref().map(|form| form.span)),
        ];
        for (word, span) in sm2_keys {
            if let (Some(span), true) = (span, found.is_some()) {
                let message = format!("`{word}` does not apply to {text}");
                self.mistake(Code::KeyDoesNotApply, span, message, "it belongs to sm2");
            }
        }
        found
    }

    fn no_algorithm(&self, text: &Spanned<String>) {
        let later = ["sha384", "crc32", "none", "ed25519"];
        let families = ["rsa-", "hmac-", "ecdsa-", "aes-", "3des-", "sm4-"];
        if later.contains(&text.as_str()) || families.iter().any(|family| text.starts_with(family)) {
            self.not_yet(text.span, &format!("algorithm `{text}`"));
        } else {
            let known =
                ["md5", "sha1", "sha256", "sha512", "sm3", "sm2", "hmac-sha256", "rsa-sha1", "rsa-sha256"];
            let message = format!("unknown algorithm `{text}`");
            self.unknown(Code::UnknownValue, text.span, message, text, known.into_iter());
        }
    }

    fn sm2(&self, name: &Spanned<String>, text: &Spanned<String>, recipe: &Recipe) -> Option<Algorithm> {
        if recipe.user_id.is_none() || recipe.form.is_none() {
            let message = format!("recipe `{name}`: sm2 needs `user_id` and `form`");
            let mend = "most use `user_id: \"1234567812345678\"`; `form` is `der` or `raw`";
            self.mistake(Code::Sm2Incomplete, text.span, message, mend);
        }
        let form = match recipe.form.as_ref()?.value {
            SealForm::Der => Sm2Form::Der,
            SealForm::Raw => Sm2Form::Raw,
        };
        Some(Algorithm::Sm2 { user_id: recipe.user_id.as_ref()?.value.clone(), form })
    }

    fn output(&self, text: &Spanned<String>) -> Option<Output> {
        match text.value.as_str() {
            "hex lower" => Some(Output::HexLower),
            "hex upper" => Some(Output::HexUpper),
            "base64" => Some(Output::Base64),
            "base64url" | "base64url unpadded" | "decimal" | "text" | "bytes" => {
                self.not_yet(text.span, &format!("`output: {text}`"));
                None
            }
            other => {
                let known = ["hex lower", "hex upper", "base64"];
                self.unknown(
                    Code::UnknownValue,
                    text.span,
                    format!("`{other}` is no form of output"),
                    other,
                    known.into_iter(),
                );
                None
            }
        }
    }

    fn key(&self, algorithm: &Algorithm, key: &Spanned<String>) -> Option<CredentialPath> {
        if key.contains('{') {
            self.not_yet(key.span, "a key that is computed");
            return None;
        }
        let (path, named) = self.credential_named(key, key.span, key)?;
        let fits = match &named {
            Named::One(credential) => fits(algorithm, &credential.kind),
            Named::Members(members) => members.iter().any(|(_, member)| fits(algorithm, &member.kind)),
        };
        if !fits {
            let message = format!("`{key}` is no key for this algorithm: it needs {}", needed(algorithm));
            self.mistake(Code::KeyOfTheWrongKind, key.span, message, "name a credential of that kind");
        }
        Some(path)
    }

    pub(super) fn place(&self, name: &Spanned<String>, recipe: &Recipe) -> Option<String> {
        let Some(place) = &recipe.place else {
            self.missing(name, "place", "such as `place: { field: sign }`");
            return None;
        };
        for (word, node) in [
            ("header", &place.header),
            ("query", &place.query),
            ("template", &place.template),
            ("items", &place.items),
        ] {
            if let Some(node) = node {
                self.not_yet(node.span, &format!("`{word}` of a place"));
                return None;
            }
        }
        if place.field.is_none() {
            self.required::<()>(
                None,
                "field",
                "`place`",
                (place.span, place.span),
                "such as `place: { field: sign }`",
            );
        }
        place.field.as_ref().map(|field| field.value.clone())
    }

    pub(super) fn something_secret(
        &self,
        name: &Spanned<String>,
        recipe: &Recipe,
        seal: &Seal,
        add: &[(String, Vec<Piece>)],
        text: &[Piece],
    ) {
        let added = add.iter().flat_map(|(_, pieces)| pieces);
        let secret = |piece: &Piece| match piece {
            Piece::Value { from: Part::Credential(path), .. } => self.is_secret(path),
            _ => false,
        };
        let is_digest = matches!(seal.algorithm, Algorithm::Digest(_));
        let templates = recipe.add.iter().flat_map(|add| add.iter()).map(|entry| entry.value.span);
        if templates.chain(recipe.text.as_ref().map(|text| text.span)).any(|span| self.is_wrong(span)) {
            return;
        }
        if is_digest
            && !text.iter().chain(added).any(secret)
            && recipe.key.as_ref().is_none_or(|key| key.value == "none")
        {
            let at = recipe.algorithm.as_ref().map_or(name.span, |text| text.span);
            let message =
                format!("nothing secret takes part in recipe `{name}`: anybody could make this signature");
            self.mistake(
                Code::NothingSecret,
                at,
                message,
                "let a secret take part: `add: { key: \"{credential:secret}\" }`",
            );
        }
    }

    /// Whether a credential is a shared secret.
    pub(super) fn is_secret(&self, path: &CredentialPath) -> bool {
        self.kinds_of(path).iter().any(|kind| matches!(kind, CredentialKind::Secret))
    }

    /// What a path can be: one kind, or that of the member in each alternative.
    pub(super) fn kinds_of(&self, path: &CredentialPath) -> Vec<&CredentialKind> {
        let Some(credential) = self.credentials.iter().find(|credential| credential.name == path.name) else {
            return Vec::new();
        };
        match (&credential.kind, &path.member) {
            (CredentialKind::Choice(alternatives), Some(member)) => alternatives
                .iter()
                .flat_map(|alternative| &alternative.members)
                .filter(|credential| credential.name == *member)
                .map(|credential| &credential.kind)
                .collect(),
            (kind, _) => vec![kind],
        }
    }
}

/// Whether a credential of this kind is a key for the algorithm.
pub(super) fn fits(algorithm: &Algorithm, kind: &CredentialKind) -> bool {
    use KeyKind::{RsaPrivate, RsaPublic, Sm2Private, Sm2Public};
    match algorithm {
        Algorithm::Digest(_) => false,
        Algorithm::Hmac(_) => matches!(kind, CredentialKind::Secret),
        Algorithm::Rsa(_) => matches!(kind, CredentialKind::Key(RsaPrivate | RsaPublic)),
        Algorithm::Sm2 { .. } => matches!(kind, CredentialKind::Key(Sm2Private | Sm2Public)),
    }
}

/// The kind of key that the algorithm needs.
pub(super) fn needed(algorithm: &Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Digest(_) => "no key",
        Algorithm::Hmac(_) => "a shared secret",
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
