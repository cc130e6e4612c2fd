//! The credentials of every spec of this crate, for generated code and interpreter: made up, and public.

use std::sync::LazyLock;

use payspec_interpreter::{CredentialValue, Map, Settings};
use payspec_runtime::{
    KeysById, Secret,
    crypto::{RsaPrivateKey, RsaPublicKey, Sm2PrivateKey, Sm2PublicKey},
};

/// Public text.
pub const APPID: &str = "M1";
/// Public text that is not ASCII.
pub const NAME_CN: &str = "中";
/// A secret as text.
pub const SECRET: &str = "s3cr3t";
/// Four bytes that are no text.
pub const HEXKEY: &str = "00ff1080";
/// Two bytes that are no text.
pub const B64KEY: &str = "+/8=";
/// Keys of ciphers.
pub const KEY16: &str = "000102030405060708090a0b0c0d0e0f";
/// Keys of ciphers.
pub const KEY24: &str = "000102030405060708090a0b0c0d0e0f1011121314151617";
/// Keys of ciphers.
pub const KEY32: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

const RSA: &[u8] = include_bytes!("../../vectors/keys/test-platform-rsa1024.pkcs8.pem");
const RSA_OTHER: &[u8] = include_bytes!("../../vectors/keys/test-platform-rsa2048.pkcs8.pem");
const SM2: &[u8] = include_bytes!("../../vectors/keys/test-platform-sm2.pkcs8.pem");

/// The key that the provider signs with.
///
/// # Panics
/// Never: the file is one.
#[must_use]
pub fn rsa() -> RsaPrivateKey {
    static KEY: LazyLock<RsaPrivateKey> = LazyLock::new(|| RsaPrivateKey::read(RSA).expect("a key"));
    KEY.clone()
}

/// Its other key.
///
/// # Panics
/// Never: the file is one.
#[must_use]
pub fn rsa_other() -> RsaPrivateKey {
    static KEY: LazyLock<RsaPrivateKey> = LazyLock::new(|| RsaPrivateKey::read(RSA_OTHER).expect("a key"));
    KEY.clone()
}

/// Its SM2 key.
///
/// # Panics
/// Never: the file is one.
#[must_use]
pub fn sm2() -> Sm2PrivateKey {
    static KEY: LazyLock<Sm2PrivateKey> = LazyLock::new(|| Sm2PrivateKey::read(SM2).expect("a key"));
    KEY.clone()
}

/// What a client has: public halves, by id.
#[must_use]
pub fn rsa_many() -> KeysById<RsaPublicKey> {
    [("k1".to_owned(), rsa().public_key()), ("k2".to_owned(), rsa_other().public_key())].into_iter().collect()
}

/// What a client has.
#[must_use]
pub fn rsa_public() -> RsaPublicKey {
    rsa().public_key()
}

/// What a client has.
#[must_use]
pub fn sm2_public() -> Sm2PublicKey {
    sm2().public_key()
}

/// The same for the interpreter, which plays both sides: keys have both halves.
#[must_use]
pub fn interpreter() -> Settings {
    let secret = |text: &str| CredentialValue::Secret(Secret::new(text));
    let keys = [("k1", CredentialValue::RsaPrivate(rsa())), ("k2", CredentialValue::RsaPrivate(rsa_other()))];
    let credentials = Map::from([
        ("appid", CredentialValue::Text(APPID.to_owned())),
        ("name_cn", CredentialValue::Text(NAME_CN.to_owned())),
        ("secret", secret(SECRET)),
        ("hexkey", secret(HEXKEY)),
        ("b64key", secret(B64KEY)),
        ("key16", secret(KEY16)),
        ("key24", secret(KEY24)),
        ("key32", secret(KEY32)),
        ("rsa", CredentialValue::RsaPrivate(rsa())),
        ("rsa_many", CredentialValue::Keys(Map::from(keys))),
        ("sm2", CredentialValue::Sm2Private(sm2())),
    ]);
    Settings { credentials, ..Settings::default() }
}
