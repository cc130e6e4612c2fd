//! Ciphers: what an encryption, a derived key or an encrypted digest hands to the runtime.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::compose::{Unit, literal};
use super::names::ident;
use super::seals::key;
use crate::ir::{Algorithm, Cipher, Iv, Padding, Piece};

/// Statements that leave a `rt::cipher::Cipher` in `cipher`.
pub(super) fn cipher(unit: Unit<'_>) -> TokenStream {
    let Algorithm::Cipher { cipher, iv, aad, padding } = &unit.recipe.seal.algorithm else {
        return TokenStream::new();
    };
    let Some(key) = key(unit) else { return TokenStream::new() };
    let (before, key) = (&key.statements, key.bytes());
    let (iv_before, iv) = match iv {
        None => (TokenStream::new(), quote!(None)),
        Some(Iv::Zeros) => {
            let length = Literal::usize_unsuffixed(iv_length(*cipher));
            (TokenStream::new(), quote!(Some(&[0; #length])))
        }
        Some(Iv::Template(pieces)) => {
            let (before, bytes) = bytes(unit, pieces, "iv");
            (before, quote!(Some(#bytes)))
        }
    };
    let (aad_before, aad) = bytes(unit, aad, "aad");
    let (kind, padding) = (kind(*cipher), padding_of(*padding));
    quote! {
        #before
        #iv_before
        #aad_before
        let cipher = rt::cipher::Cipher {
            kind: rt::cipher::CipherKind::#kind,
            key: #key,
            iv: #iv,
            aad: #aad,
            padding: #padding,
        };
    }
}

/// The bytes of a template.
fn bytes(unit: Unit<'_>, pieces: &[Piece], variable: &str) -> (TokenStream, TokenStream) {
    match literal(pieces).filter(|text| text.is_ascii()) {
        Some(text) => {
            let text = Literal::byte_string(text.as_bytes());
            (TokenStream::new(), quote!(#text))
        }
        None => {
            let variable = ident(variable);
            (unit.composed(pieces, &variable), quote!(#variable.as_bytes()))
        }
    }
}

const fn iv_length(cipher: Cipher) -> usize {
    match cipher {
        Cipher::TripleDesCbc => 8,
        Cipher::Aes128Gcm | Cipher::Aes192Gcm | Cipher::Aes256Gcm => 12,
        _ => 16,
    }
}

fn kind(cipher: Cipher) -> proc_macro2::Ident {
    ident(match cipher {
        Cipher::Aes128Cbc => "Aes128Cbc",
        Cipher::Aes192Cbc => "Aes192Cbc",
        Cipher::Aes256Cbc => "Aes256Cbc",
        Cipher::Aes128Ecb => "Aes128Ecb",
        Cipher::Aes192Ecb => "Aes192Ecb",
        Cipher::Aes256Ecb => "Aes256Ecb",
        Cipher::Aes128Gcm => "Aes128Gcm",
        Cipher::Aes192Gcm => "Aes192Gcm",
        Cipher::Aes256Gcm => "Aes256Gcm",
        Cipher::TripleDesCbc => "TripleDesCbc",
    })
}

fn padding_of(padding: Padding) -> TokenStream {
    match padding {
        Padding::Pkcs7(block) => {
            let block = Literal::u8_unsuffixed(block);
            quote!(rt::cipher::Padding::Pkcs7(#block))
        }
        Padding::Zeros => quote!(rt::cipher::Padding::Zeros),
        Padding::None => quote!(rt::cipher::Padding::None),
    }
}
