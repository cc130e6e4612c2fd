//! Seals: from a composed text to a signature, and from a received signature to a yes or no.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::names::{ident, pascal, snake};
use crate::ir::{Algorithm, Case, CredentialPath, Digest, Output, Recipe, Seal, Sm2Form};

/// The signature of `text` (a `SignedText`) as text.
pub(super) fn signature(recipe: &Recipe, text: &TokenStream) -> TokenStream {
    let Seal { algorithm, key, output } = &recipe.seal;
    let key = key.as_ref().map(credential_reference);
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
    };
    let output = ident(match output {
        Output::HexLower => "hex_lower",
        Output::HexUpper => "hex_upper",
        Output::Base64 => "base64",
    });
    quote!(#sealed.#output())
}

/// Whether the received `signature` is one of `text`.
pub(super) fn verifies(recipe: &Recipe, text: &TokenStream, signature: &TokenStream) -> TokenStream {
    let Seal { algorithm, key, output: _ } = &recipe.seal;
    let key = key.as_ref().map(credential_reference);
    match algorithm {
        Algorithm::Digest(digest) => {
            let sealed = plain(*digest, text);
            quote!(#sealed.matches(#signature))
        }
        Algorithm::Hmac(digest) => {
            let sealed = keyed(*digest, &key, text);
            quote!(#sealed.matches(#signature))
        }
        Algorithm::Rsa(digest) => {
            let digest = rsa_digest(*digest);
            quote!(rt::seal::rsa_verifies(#key, #digest, #text, #signature))
        }
        Algorithm::Sm2 { user_id, form } => {
            let form = sm2_form(*form);
            quote!(rt::seal::sm2_verifies(#key, #user_id, #form, #text, #signature))
        }
    }
}

/// The decoder of a received signature.
pub(super) fn decoder(recipe: &Recipe) -> TokenStream {
    match recipe.seal.output {
        Output::HexLower | Output::HexUpper => quote!(rt::seal::received_hex),
        Output::Base64 => quote!(rt::seal::received_base64),
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
pub(super) fn choose(
    by: &CredentialPath,
    cases: &[Case],
    bound: impl Fn(&Case) -> Vec<Ident>,
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
