//! Ciphers: initialisation vector, padding, and the length of the key.

use super::Context;
use super::recipes::Written;
use super::templates::{Scope, Stand};
use crate::diagnostic::Code;
use crate::ir::{Algorithm, Cipher, CredentialPath, Decode, Iv, Padding, Piece};
use crate::read::Spanned;

/// How the blocks hang together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Chained,
    Alone,
    Authenticated,
}

/// The cipher of this name.
pub(super) fn cipher(name: &str) -> Option<Cipher> {
    match name {
        "aes-128-cbc" => Some(Cipher::Aes128Cbc),
        "aes-192-cbc" => Some(Cipher::Aes192Cbc),
        "aes-256-cbc" => Some(Cipher::Aes256Cbc),
        "aes-128-ecb" => Some(Cipher::Aes128Ecb),
        "aes-192-ecb" => Some(Cipher::Aes192Ecb),
        "aes-256-ecb" => Some(Cipher::Aes256Ecb),
        "aes-128-gcm" => Some(Cipher::Aes128Gcm),
        "aes-192-gcm" => Some(Cipher::Aes192Gcm),
        "aes-256-gcm" => Some(Cipher::Aes256Gcm),
        "3des-cbc" => Some(Cipher::TripleDesCbc),
        _ => None,
    }
}

fn mode(cipher: Cipher) -> Mode {
    match cipher {
        Cipher::Aes128Cbc | Cipher::Aes192Cbc | Cipher::Aes256Cbc | Cipher::TripleDesCbc => Mode::Chained,
        Cipher::Aes128Ecb | Cipher::Aes192Ecb | Cipher::Aes256Ecb => Mode::Alone,
        Cipher::Aes128Gcm | Cipher::Aes192Gcm | Cipher::Aes256Gcm => Mode::Authenticated,
    }
}

/// Bytes of a block.
fn block(cipher: Cipher) -> u8 {
    if cipher == Cipher::TripleDesCbc { 8 } else { 16 }
}

/// Bytes of the key.
fn key_length(cipher: Cipher) -> u64 {
    match cipher {
        Cipher::Aes128Cbc | Cipher::Aes128Ecb | Cipher::Aes128Gcm => 16,
        Cipher::Aes192Cbc | Cipher::Aes192Ecb | Cipher::Aes192Gcm | Cipher::TripleDesCbc => 24,
        Cipher::Aes256Cbc | Cipher::Aes256Ecb | Cipher::Aes256Gcm => 32,
    }
}

/// `pkcs7(32)`: over blocks of 32 bytes.
fn pkcs7(text: &str, block: u8) -> Option<Padding> {
    let length = match text.strip_prefix("pkcs7")? {
        "" => block,
        argument => argument.strip_prefix('(')?.strip_suffix(')')?.parse().ok()?,
    };
    (length > 0 && length % block == 0).then_some(Padding::Pkcs7(length))
}

impl Context<'_> {
    /// A cipher with all that it needs.
    pub(super) fn cipher(
        &self,
        written: &Written<'_>,
        text: &Spanned<String>,
        cipher: Cipher,
        scope: &Scope,
    ) -> Option<Algorithm> {
        let recipe = written.recipe;
        let mode = mode(cipher);
        let iv = recipe.iv.as_ref().and_then(|said| self.iv(text, said, cipher, scope));
        match (&recipe.iv, mode) {
            (Some(said), Mode::Alone) => {
                let message = format!("`{text}` takes no `iv`");
                self.mistake(
                    Code::CipherIncomplete,
                    said.span,
                    message,
                    "take it out: each block stands alone",
                );
            }
            (None, Mode::Chained | Mode::Authenticated) => {
                let message = format!("`{text}` needs an `iv`");
                let mend = "write what the document names, such as `iv: \"{credential:iv}\"`; or `iv: zeros`";
                self.mistake(Code::CipherIncomplete, text.span, message, mend);
            }
            _ => {}
        }
        let aad = recipe.aad.as_ref().map(|said| self.template(said, Stand::Aad, scope)).unwrap_or_default();
        if let (Some(said), Mode::Chained | Mode::Alone) = (&recipe.aad, mode) {
            let message = format!("`{text}` authenticates nothing, so `aad` has no meaning");
            self.mistake(Code::KeyDoesNotApply, said.span, message, "it belongs to gcm");
        }
        let padding = self.padding(written, text, cipher);
        let iv = if mode == Mode::Alone { None } else { Some(iv?) };
        Some(Algorithm::Cipher { cipher, iv, aad, padding: padding? })
    }

    fn iv(
        &self,
        algorithm: &Spanned<String>,
        said: &Spanned<String>,
        cipher: Cipher,
        scope: &Scope,
    ) -> Option<Iv> {
        let is_gcm = mode(cipher) == Mode::Authenticated;
        if said.value == "zeros" {
            if is_gcm {
                let message = format!("the nonce of `{algorithm}` is never the same twice");
                let mend = "write where the message carries it, such as `iv: \"{nonce}\"`";
                self.mistake(Code::CipherIncomplete, said.span, message, mend);
            }
            return Some(Iv::Zeros);
        }
        let template = self.template(said, Stand::Iv, scope);
        let wanted = if is_gcm { 12 } else { usize::from(block(cipher)) };
        if let [Piece::Literal(literal)] = template.as_slice()
            && literal.len() != wanted
        {
            let message =
                format!("the `iv` of `{algorithm}` has {wanted} bytes, and this has {}", literal.len());
            self.mistake(
                Code::CipherIncomplete,
                said.span,
                message,
                "copy it from the document, or write `zeros`",
            );
        }
        Some(Iv::Template(template))
    }

    fn padding(&self, written: &Written<'_>, algorithm: &Spanned<String>, cipher: Cipher) -> Option<Padding> {
        let is_gcm = mode(cipher) == Mode::Authenticated;
        let Some(said) = &written.recipe.padding else {
            return Some(if is_gcm { Padding::None } else { Padding::Pkcs7(block(cipher)) });
        };
        if is_gcm && said.value != "none" {
            let message = format!("`{algorithm}` encrypts text of any length, so `padding` has no meaning");
            self.mistake(Code::KeyDoesNotApply, said.span, message, "it belongs to cbc and ecb");
        }
        let found = match said.value.as_str() {
            "zeros" => Some(Padding::Zeros),
            "none" => Some(Padding::None),
            other => pkcs7(other, block(cipher)),
        };
        if found.is_none() {
            let message = format!("`{said}` is no padding of `{algorithm}`");
            let block = block(cipher);
            let mend = format!("write `pkcs7`, `pkcs7(n)` with a multiple of {block}, `zeros` or `none`");
            self.mistake(Code::UnknownValue, said.span, message, mend);
        }
        found
    }

    /// A key whose declared length cannot be that of the cipher.
    pub(super) fn key_is_long_enough(&self, cipher: Cipher, path: &CredentialPath, key: &Spanned<String>) {
        let credentials = self.file.credentials.iter().flat_map(|all| all.iter());
        let found = credentials.into_iter().find(|entry| entry.key.value == path.name.wire);
        let Some(credential) = found.filter(|_| path.member.is_none()).map(|entry| &entry.value) else {
            return;
        };
        let Some(said) = &credential.secret else { return };
        let kind = self.kinds_of(path);
        let decode = match kind.first() {
            Some(crate::ir::CredentialKind::Secret(decode)) => *decode,
            _ => Decode::Text,
        };
        let bytes = key_length(cipher);
        let written = match decode {
            Decode::Text => bytes..=bytes,
            Decode::Hex => bytes * 2..=bytes * 2,
            Decode::Base64 => (bytes * 8).div_ceil(6)..=bytes.div_ceil(3) * 4,
        };
        let (least, most) = match said.value.split_once("..") {
            None => (said.parse().ok(), said.parse().ok()),
            Some((least, most)) => (least.parse().ok(), most.parse().ok()),
        };
        let is_too_long = least.is_some_and(|least: u64| least > *written.end());
        let is_too_short = most.is_some_and(|most: u64| most < *written.start());
        if is_too_long || is_too_short {
            let message =
                format!("the cipher needs a key of {bytes} bytes, and `{key}` is declared with `{said}`");
            let mend = "a key is never cut or filled up: compare the name of the cipher with the document";
            self.mistake(Code::CipherIncomplete, key.span, message, mend);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pkcs7_pads_to_whole_blocks() {
        assert_eq!(pkcs7("pkcs7", 16), Some(Padding::Pkcs7(16)));
        assert_eq!(pkcs7("pkcs7(32)", 16), Some(Padding::Pkcs7(32)));
        for text in ["pkcs7(20)", "pkcs7(0)", "pkcs7(256)", "pkcs7()", "pkcs7 (32)", "pkcs5"] {
            assert_eq!(pkcs7(text, 16), None, "{text}");
        }
    }
}
