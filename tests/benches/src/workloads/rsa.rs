//! The key operation of the runtime over OpenSSL, beside OpenSSL alone: sizes and digests that providers use. Keys are
//! made for each run.

use openssl::rsa::Rsa;
use payspec::{RsaPrivateKey, runtime::RsaDigest};

use super::bare_rsa;
use crate::measure::{By, Rival, Workload};

/// A text of the usual length.
static TEXT: [u8; 700] = [b'a'; 700];

const MEASURED: [(u32, RsaDigest, [&str; 2]); 6] = [
    (1024, RsaDigest::Sha1, ["sign 1024 SHA-1", "verify 1024 SHA-1"]),
    (2048, RsaDigest::Sha1, ["sign 2048 SHA-1", "verify 2048 SHA-1"]),
    (2048, RsaDigest::Sha256, ["sign 2048 SHA-256", "verify 2048 SHA-256"]),
    (2048, RsaDigest::Sha512, ["sign 2048 SHA-512", "verify 2048 SHA-512"]),
    (3072, RsaDigest::Sha256, ["sign 3072 SHA-256", "verify 3072 SHA-256"]),
    (4096, RsaDigest::Sha256, ["sign 4096 SHA-256", "verify 4096 SHA-256"]),
];

pub(super) fn workloads() -> Vec<Workload> {
    MEASURED.into_iter().flat_map(|(bits, digest, names)| of_one_key(bits, digest, names)).collect()
}

fn of_one_key(bits: u32, digest: RsaDigest, [signing, verifying]: [&'static str; 2]) -> [Workload; 2] {
    let pem = Rsa::generate(bits).unwrap().private_key_to_pem().unwrap();
    let key = RsaPrivateKey::read(&pem).unwrap();
    let public = key.public_key();
    let sign = bare_rsa::signing(&pem, digest);
    let verify = bare_rsa::verifying(&pem, digest);
    let signature = sign(&TEXT);
    assert_eq!(key.sign(digest, &TEXT).unwrap(), signature);
    let same = signature.clone();
    let what = "700 bytes, digest and key operation";
    [
        Workload {
            name: signing,
            what,
            rivals: vec![
                Rival::new(By::Bare, move || sign(&TEXT), |_| String::new()),
                Rival::new(By::Payspec, move || key.sign(digest, &TEXT).unwrap(), |_| String::new()),
            ],
        },
        Workload {
            name: verifying,
            what,
            rivals: vec![
                Rival::new(By::Bare, move || verify(&TEXT, &signature), |()| String::new()),
                Rival::new(
                    By::Payspec,
                    move || public.verify(digest, &TEXT, &same).unwrap(),
                    |()| String::new(),
                ),
            ],
        },
    ]
}
