//! OpenSSL as a machine may have configured it: what cannot be done is an error of ours, and never done badly.

#![cfg(feature = "openssl")]
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use payspec_runtime::crypto::{RsaDigest, RsaPrivateKey, SignError};

/// Set for the second process: the file of a signature that the first one made.
const SIGNATURE: &str = "PAYSPEC_TEST_SIGNATURE";

/// Every algorithm has to be of a FIPS module, and there is none: neither random numbers nor digests can be had.
const CONFIGURATION: &str = "\
openssl_conf = everything
[everything]
alg_section = algorithms
[algorithms]
default_properties = fips=yes
";

fn key() -> RsaPrivateKey {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/keys");
    RsaPrivateKey::read(fs::read(keys.join("test-merchant-rsa2048.pkcs8.pem")).unwrap()).unwrap()
}

#[test]
fn without_randomness_nothing_is_signed_and_signatures_still_verify() {
    // Before OpenSSL 3 no configuration takes it away.
    if openssl::version::number() < 0x3000_0000 {
        return;
    }
    if let Some(signature) = env::var_os(SIGNATURE) {
        assert_eq!(key().sign(RsaDigest::Sha256, b"message"), Err(SignError::Randomness));
        let signature = fs::read(signature).unwrap();
        assert_eq!(key().public_key().verify(RsaDigest::Sha256, b"message", &signature), Ok(()));
        return;
    }
    // OpenSSL reads its configuration once, when it starts: this needs a process of its own.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (configuration, signature) = (folder.join("no-randomness.cnf"), folder.join("signature"));
    fs::write(&configuration, CONFIGURATION).unwrap();
    fs::write(&signature, key().sign(RsaDigest::Sha256, b"message").unwrap()).unwrap();
    let second = Command::new(env::current_exe().unwrap())
        .args(["--exact", "without_randomness_nothing_is_signed_and_signatures_still_verify"])
        .env("OPENSSL_CONF", configuration)
        .env(SIGNATURE, signature)
        .output()
        .unwrap();
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stdout));
}
