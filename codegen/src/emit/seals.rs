//! Seals: from a composed text to a signature, and from a received signature to a yes or no.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::ciphers::cipher;
use super::compose::Unit;
use super::credentials::is_secret;
use super::names::{ident, pascal, snake};
use super::needs::member_variable;
use crate::ir::{
    Algorithm, Case, CredentialPath, Digest, Key, Operand, Output, Piece, Recipe, Seal, Sm2Form,
};

/// The signature of `text` (a `SignedText`) as text.
pub(super) fn signature(recipe: &Recipe, text: &TokenStream) -> TokenStream {
    let Seal { algorithm, key, output } = &recipe.seal;
    let key = key.as_ref().and_then(key_reference);
    let sealed = match algorithm {
        Algorithm::Digest(digest) => plain(*digest, text),
        Algorithm::Hmac(digest) => keyed(*digest, &key, text),
        Algorithm::Rsa(digest) => {
            let digest = rsa_digest(*digest);
            quote!(rt::seal::rsa(#key, #digest, #text)?)
        }
        Algorithm::Sm2 { user_id, form } => {
            let form = sm2_form(*form);
            quote!(rt::seal::sm2(#key, #user_id, #form, #text)?)
        }
        // No plain recipe has one of these.
        Algorithm::Cipher { .. } | Algorithm::None => TokenStream::new(),
    };
    let output = ident(match output {
        Output::HexLower => "hex_lower",
        Output::HexUpper => "hex_upper",
        // A plain recipe has no other.
        _ => "base64",
    });
    quote!(#sealed.#output())
}

/// The credential that is the key.
fn key_reference(key: &Key) -> Option<TokenStream> {
    match key {
        Key::Credential { path, id: _ } => Some(credential_reference(path)),
        Key::Computed(_) => None,
    }
}

/// Where the bytes, or the object, of a key are.
pub(super) struct KeyAt {
    /// What has to be done before.
    pub(super) statements: TokenStream,
    /// The value or a reference to it, to call methods on.
    place: TokenStream,
    is_reference: bool,
}

impl KeyAt {
    /// As an argument: a reference.
    fn reference(&self) -> TokenStream {
        let place = &self.place;
        if self.is_reference { quote!(#place) } else { quote!(&#place) }
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> TokenStream {
        let place = &self.place;
        quote!(#place.as_bytes())
    }
}

/// The key of a recipe; `None` for an algorithm without one.
pub(super) fn key(unit: Unit<'_>) -> Option<KeyAt> {
    let none = TokenStream::new();
    let at = |path: &CredentialPath| match member_variable(path) {
        Some(variable) => KeyAt { statements: none.clone(), place: quote!(#variable), is_reference: true },
        None => {
            let name = snake(&path.name);
            KeyAt { statements: none.clone(), place: quote!(self.credentials.#name), is_reference: false }
        }
    };
    let key = match unit.recipe.seal.key.as_ref()? {
        Key::Credential { path, id: None } => at(path),
        Key::Credential { path, id: Some(id) } => {
            let (id, keys) = (unit.composed(id, &ident("key_id")), at(path).place);
            let statements = quote!(#id let key = #keys.named(&key_id.decoded()?)?;);
            KeyAt { statements, place: quote!(key), is_reference: true }
        }
        Key::Computed(pieces) => match pieces.as_slice() {
            [Piece::Value { from: Operand::Credential(path), filters }]
                if filters.is_empty() && is_secret(unit.provider, path) =>
            {
                at(path)
            }
            pieces => {
                let composed = unit.composed(pieces, &ident("key"));
                KeyAt {
                    statements: quote!(#composed let key = key.into_key()?;),
                    place: quote!(key),
                    is_reference: false,
                }
            }
        },
    };
    Some(key)
}

/// The seal of `text` (a `SignedText`): what has to be done before, and an expression of type `Sealed`.
pub(super) fn sealed(unit: Unit<'_>) -> (TokenStream, TokenStream) {
    let key = key(unit);
    let (before, reference) = match &key {
        Some(key) => (key.statements.clone(), key.reference()),
        None => (TokenStream::new(), TokenStream::new()),
    };
    let text = quote!(&text);
    let sealed = match &unit.recipe.seal.algorithm {
        Algorithm::Digest(digest) => plain(*digest, &text),
        Algorithm::Hmac(digest) => keyed(*digest, &Some(reference), &text),
        Algorithm::Rsa(digest) => {
            let digest = rsa_digest(*digest);
            quote!(rt::seal::rsa(#reference, #digest, #text)?)
        }
        Algorithm::Sm2 { user_id, form } => {
            let form = sm2_form(*form);
            quote!(rt::seal::sm2(#reference, #user_id, #form, #text)?)
        }
        Algorithm::Cipher { .. } => return (cipher(unit), quote!(rt::seal::encrypted(&cipher, #text)?)),
        Algorithm::None => quote!(rt::seal::itself(#text)),
    };
    (before, sealed)
}

/// Whether one of the received `signatures` is that of `text`: what has to be done before, and the answer.
pub(super) fn fits(unit: Unit<'_>) -> (TokenStream, TokenStream) {
    let key = key(unit);
    let (before, reference) = match &key {
        Some(key) => (key.statements.clone(), key.reference()),
        None => (TokenStream::new(), TokenStream::new()),
    };
    match &unit.recipe.seal.algorithm {
        Algorithm::Rsa(digest) => {
            let digest = rsa_digest(*digest);
            let verifies = quote!(rt::seal::rsa_verifies(#reference, #digest, &text, signature));
            (before, quote!(signatures.iter().any(|signature| #verifies)))
        }
        Algorithm::Sm2 { user_id, form } => {
            let form = sm2_form(*form);
            let verifies = quote!(rt::seal::sm2_verifies(#reference, #user_id, #form, &text, signature));
            (before, quote!(signatures.iter().any(|signature| #verifies)))
        }
        Algorithm::Digest(_) | Algorithm::Hmac(_) | Algorithm::Cipher { .. } | Algorithm::None => {
            let (before, sealed) = sealed(unit);
            (before, quote!(#sealed.matches_any(&signatures)))
        }
    }
}

/// A seal as text, to be placed.
pub(super) fn output(unit: Unit<'_>, sealed: &TokenStream) -> TokenStream {
    let charset = unit.charset();
    match unit.recipe.seal.output {
        Output::HexLower => quote!(#sealed.hex_lower()),
        Output::HexUpper => quote!(#sealed.hex_upper()),
        Output::Base64 => quote!(#sealed.base64()),
        Output::Base64Url => quote!(#sealed.base64url()),
        Output::Base64UrlUnpadded => quote!(#sealed.base64url_unpadded()),
        Output::Text | Output::Bytes => quote!(#sealed.text(#charset)?),
    }
}

/// The decoder of a received signature.
pub(super) fn decoder(unit: Unit<'_>) -> TokenStream {
    let charset = unit.charset();
    match unit.recipe.seal.output {
        Output::HexLower | Output::HexUpper => quote!(rt::seal::received_hex),
        Output::Base64 => quote!(rt::seal::received_base64),
        Output::Base64Url | Output::Base64UrlUnpadded => quote!(rt::seal::received_base64url),
        Output::Text | Output::Bytes => quote!(rt::seal::received_text(#charset)),
    }
}

fn plain(digest: Digest, text: &TokenStream) -> TokenStream {
    let function = ident(digest_name(digest));
    quote!(rt::seal::#function(#text))
}

fn keyed(digest: Digest, key: &Option<TokenStream>, text: &TokenStream) -> TokenStream {
    let function = ident(&format!("hmac_{}", digest_name(digest)));
    quote!(rt::seal::#function(#key, #text))
}

fn digest_name(digest: Digest) -> &'static str {
    match digest {
        Digest::Md5 => "md5",
        Digest::Sha1 => "sha1",
        Digest::Sha256 => "sha256",
        Digest::Sha512 => "sha512",
        Digest::Sm3 => "sm3",
    }
}

fn rsa_digest(digest: Digest) -> TokenStream {
    let name = ident(match digest {
        Digest::Md5 => "Md5",
        Digest::Sha1 => "Sha1",
        Digest::Sha256 => "Sha256",
        Digest::Sha512 => "Sha512",
        Digest::Sm3 => "Sm3",
    });
    quote!(rt::RsaDigest::#name)
}

fn sm2_form(form: Sm2Form) -> TokenStream {
    match form {
        Sm2Form::Der => quote!(rt::Sm2Form::Der),
        Sm2Form::Raw => quote!(rt::Sm2Form::Raw),
    }
}

/// A reference to a credential. A member of a choice is bound by the match around it.
pub(super) fn credential_reference(path: &CredentialPath) -> TokenStream {
    match &path.member {
        Some(member) => {
            let member = snake(member);
            quote!(#member)
        }
        None => {
            let name = snake(&path.name);
            quote!(&self.credentials.#name)
        }
    }
}

/// A match over the configured alternative: `bound` are the members that each arm needs, `arm` makes its body.
pub(super) fn choose<B: ToTokens>(
    by: &CredentialPath,
    cases: &[Case],
    bound: impl Fn(&Case) -> Vec<B>,
    arm: impl Fn(&Case) -> TokenStream,
) -> TokenStream {
    let (member, choice) = (snake(&by.name), pascal(&by.name));
    let arms = cases.iter().map(|case| {
        let alternative = pascal(&case.alternative);
        let (bound, body) = (bound(case), arm(case));
        quote!(#choice::#alternative { #(#bound,)* .. } => #body,)
    });
    quote! {
        match &self.credentials.#member {
            #(#arms)*
        }
    }
}

/// The number as a literal without a type.
pub(super) fn number(number: usize) -> Literal {
    Literal::usize_unsuffixed(number)
}
