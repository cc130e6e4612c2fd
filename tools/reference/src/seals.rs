//! Seals in words: algorithm, key, and how the result is written.

use payspec_codegen::ir::{Algorithm, Cipher, Digest, Iv, Key, Output, Padding, Recipe, Seal, Sm2Form};

use crate::book::{Book, credential};
use crate::document::Text;
use crate::notation;
use crate::recipe::Direction;

impl Book<'_> {
    /// What is done with the bytes of the text.
    pub(crate) fn seal_step(&self, recipe: &Recipe, direction: Direction) -> Text {
        let Seal { algorithm, key, output } = &recipe.seal;
        let key = key.as_ref().map(key_words);
        let with_key = |text: Text, kind: &str| match &key {
            Some(key) => text.and(format!(" with {kind} ")).and_text(key.clone()),
            None => text,
        };
        let (sign, encrypt) =
            if direction.sent { ("Sign", "Encrypt") } else { ("Verify the signature", "Decrypt") };
        let sealed = match algorithm {
            Algorithm::Digest(digest) => {
                Text::plain(format!("Compute {} over the bytes", digest_name(*digest)))
            }
            Algorithm::Hmac(digest) => with_key(
                Text::plain(format!("Compute HMAC-{} over the bytes", digest_name(*digest))),
                "the key",
            ),
            Algorithm::Rsa(digest) => with_key(
                Text::plain(format!("{sign} with RSA, PKCS#1 v1.5 and {},", digest_name(*digest))),
                "the key",
            ),
            Algorithm::Sm2 { user_id, form } => {
                let form = match form {
                    Sm2Form::Der => "as DER",
                    Sm2Form::Raw => "as r and s, 32 bytes each",
                };
                let text =
                    Text::plain(format!("{sign} with SM2 over SM3, distinguishing id ")).and_code(user_id);
                with_key(text.and(format!(", r and s {form},")), "the key")
            }
            Algorithm::Cipher { cipher, iv, aad, padding } => {
                let text = Text::plain(format!("{encrypt} with {}", cipher_name(*cipher)));
                let text = with_key(text, "the key").and_text(iv.as_ref().map_or(Text::default(), iv_words));
                let text = if aad.is_empty() {
                    text
                } else {
                    text.and(", authenticating also ").and_code(notation::template(aad))
                };
                text.and_text(padding_words(*padding))
            }
            Algorithm::None => Text::plain("The result is the text itself: a constant that proves who sends"),
        };
        match (algorithm, output_words(*output)) {
            (Algorithm::None, _) | (_, None) => sealed.and("."),
            (_, Some(words)) if direction.sent => {
                sealed.and(", and write the result as ").and(words).and(".")
            }
            (_, Some(words)) => sealed.and("; it is written as ").and(words).and("."),
        }
    }
}

/// Algorithm and output in a few words, for tables.
pub(crate) fn short(seal: &Seal) -> String {
    let algorithm = match &seal.algorithm {
        Algorithm::Digest(digest) => digest_name(*digest).to_owned(),
        Algorithm::Hmac(digest) => format!("HMAC-{}", digest_name(*digest)),
        Algorithm::Rsa(digest) => format!("RSA with {}", digest_name(*digest)),
        Algorithm::Sm2 { .. } => "SM2 with SM3".to_owned(),
        Algorithm::Cipher { cipher, .. } => cipher_name(*cipher).to_owned(),
        Algorithm::None => "a constant".to_owned(),
    };
    match (&seal.algorithm, output_words(seal.output)) {
        (Algorithm::None, _) | (_, None) => algorithm,
        (_, Some(output)) => format!("{algorithm}, {output}"),
    }
}

fn key_words(key: &Key) -> Text {
    match key {
        Key::Credential { path, id: None } => credential(path),
        Key::Credential { path, id: Some(id) } => credential(path)
            .and(" (of several, the one that ")
            .and_code(notation::template(id))
            .and(" names; an unknown id is refused)"),
        Key::Computed(pieces) => Text::code(notation::template(pieces)),
    }
}

fn iv_words(iv: &Iv) -> Text {
    match iv {
        Iv::Zeros => Text::plain(", initialisation vector of zero bytes"),
        Iv::Template(pieces) => Text::plain(", initialisation vector ").and_code(notation::template(pieces)),
    }
}

fn padding_words(padding: Padding) -> Text {
    match padding {
        Padding::Pkcs7(block) => Text::plain(format!(", padded by PKCS#7 to blocks of {block} bytes")),
        Padding::Zeros => Text::plain(", padded with zero bytes"),
        Padding::None => Text::default(),
    }
}

fn digest_name(digest: Digest) -> &'static str {
    match digest {
        Digest::Md5 => "MD5",
        Digest::Sha1 => "SHA-1",
        Digest::Sha256 => "SHA-256",
        Digest::Sha512 => "SHA-512",
        Digest::Sm3 => "SM3",
    }
}

fn cipher_name(cipher: Cipher) -> &'static str {
    match cipher {
        Cipher::Aes128Cbc => "AES-128-CBC",
        Cipher::Aes192Cbc => "AES-192-CBC",
        Cipher::Aes256Cbc => "AES-256-CBC",
        Cipher::Aes128Ecb => "AES-128-ECB",
        Cipher::Aes192Ecb => "AES-192-ECB",
        Cipher::Aes256Ecb => "AES-256-ECB",
        Cipher::Aes128Gcm => "AES-128-GCM (the tag follows the ciphertext)",
        Cipher::Aes192Gcm => "AES-192-GCM (the tag follows the ciphertext)",
        Cipher::Aes256Gcm => "AES-256-GCM (the tag follows the ciphertext)",
        Cipher::TripleDesCbc => "3DES-CBC",
    }
}

fn output_words(output: Output) -> Option<&'static str> {
    match output {
        Output::HexLower => Some("lower-case hex"),
        Output::HexUpper => Some("upper-case hex"),
        Output::Base64 => Some("base64"),
        Output::Base64Url => Some("base64 of the alphabet for URLs, with padding"),
        Output::Base64UrlUnpadded => Some("base64 of the alphabet for URLs, without padding"),
        Output::Text => Some("text"),
        Output::Bytes => None,
    }
}
