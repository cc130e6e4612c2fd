//! Ciphers, against the published vectors of NIST, and against everything that can be wrong with what came.
#![cfg(feature = "cipher")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use payspec_runtime::cipher::{Cipher, CipherError, CipherKind, Padding};

fn bytes(hex: &str) -> Vec<u8> {
    let hex: String = hex.split_whitespace().collect();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// Keys and text of NIST SP 800-38A, appendix F.
const KEY_128: &str = "2b7e151628aed2a6abf7158809cf4f3c";
const KEY_192: &str = "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b";
const KEY_256: &str = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
const IV: &str = "000102030405060708090a0b0c0d0e0f";
const TEXT: &str = "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51
                    30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710";

fn holds(kind: CipherKind, key: &str, iv: Option<&str>, padding: Padding, text: &[u8], sealed: &[u8]) {
    let (key, iv) = (bytes(key), iv.map(bytes));
    let cipher = Cipher { kind, key: &key, iv: iv.as_deref(), aad: b"", padding };
    assert_eq!(cipher.seal(text).unwrap().as_bytes(), sealed, "{kind:?}");
    assert_eq!(cipher.open(sealed).unwrap().as_slice(), text, "{kind:?}");
}

#[test]
fn chained_aes_is_that_of_nist_sp_800_38a() {
    // F.2.1, F.2.3, F.2.5: the first two blocks.
    for (kind, key, sealed) in [
        (CipherKind::Aes128Cbc, KEY_128, "7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2"),
        (CipherKind::Aes192Cbc, KEY_192, "4f021db243bc633d7178183a9fa071e8 b4d9ada9ad7dedf4e5e738763f69145a"),
        (CipherKind::Aes256Cbc, KEY_256, "f58c4c04d6e5f1ba779eabfb5f7bfbd6 9cfc4e967edb808d679f777bc6702c7d"),
    ] {
        holds(kind, key, Some(IV), Padding::None, &bytes(TEXT)[..32], &bytes(sealed));
    }
}

#[test]
fn aes_of_single_blocks_is_that_of_nist_sp_800_38a() {
    // F.1.1, F.1.3, F.1.5: the first two blocks.
    for (kind, key, sealed) in [
        (CipherKind::Aes128Ecb, KEY_128, "3ad77bb40d7a3660a89ecaf32466ef97 f5d3d58503b9699de785895a96fdbaaf"),
        (CipherKind::Aes192Ecb, KEY_192, "bd334f1d6e45f25ff712a214571fa5cc 974104846d0ad3ad7734ecb3ecee4eef"),
        (CipherKind::Aes256Ecb, KEY_256, "f3eed1bdb5d2a03c064b5a7e3db181f8 591ccb10d410ed26dc5ba74a31362870"),
    ] {
        holds(kind, key, None, Padding::None, &bytes(TEXT)[..32], &bytes(sealed));
    }
}

#[test]
fn authenticated_aes_is_that_of_the_gcm_specification() {
    // McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, test cases 4, 10 and 16.
    let text = bytes(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
         1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    );
    let key = "feffe9928665731c6d6a8f9467308308";
    let aad = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let nonce = bytes("cafebabefacedbaddecaf888");
    for (kind, key, sealed) in [
        (
            CipherKind::Aes128Gcm,
            key.to_owned(),
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e
             21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091
             5bc94fbc3221a5db94fae95ae7121a47",
        ),
        (
            CipherKind::Aes192Gcm,
            format!("{key}feffe9928665731c"),
            "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c
             7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710
             2519498e80f1478f37ba55bd6d27618c",
        ),
        (
            CipherKind::Aes256Gcm,
            format!("{key}{key}"),
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
             8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662
             76fc6ece0f4e1768cddf8853bb2d551b",
        ),
    ] {
        let (key, sealed) = (bytes(&key), bytes(sealed));
        let cipher = Cipher { kind, key: &key, iv: Some(&nonce), aad: &aad, padding: Padding::None };
        assert_eq!(cipher.seal(&text).unwrap().as_bytes(), sealed, "{kind:?}");
        assert_eq!(cipher.open(&sealed).unwrap().as_slice(), text, "{kind:?}");
        for at in 0..sealed.len() {
            let mut forged = sealed.clone();
            forged[at] ^= 1;
            assert_eq!(cipher.open(&forged).unwrap_err(), CipherError::NotOpened);
        }
        let other = Cipher { aad: b"", ..cipher };
        assert_eq!(other.open(&sealed).unwrap_err(), CipherError::NotOpened);
        for short in [&sealed[..15], &[]] {
            assert_eq!(cipher.open(short).unwrap_err(), CipherError::NotOpened);
        }
    }
}

#[test]
fn triple_des_is_that_of_nist_sp_800_67() {
    // SP 800-67, appendix B.1 (each block alone): chained, each block is its own chain with a vector of zeros.
    let key = "0123456789abcdef 23456789abcdef01 456789abcdef0123";
    for (text, sealed) in [
        ("5468652071756663", "a826fd8ce53b855f"),
        ("6b2062726f776e20", "cce21c8112256fe6"),
        ("666f78206a756d70", "68d5c05dd9b6b900"),
    ] {
        holds(CipherKind::TripleDesCbc, key, None, Padding::None, &bytes(text), &bytes(sealed));
    }
}

#[test]
fn a_key_that_is_derived_by_triple_des_is_that_of_a_published_payment_protocol() {
    // Redsys: key sq7HjrUOBfKmC576ILgskD5srU870gJ7 (base64), order 1446068581; computed by the published client.
    let key = "b2aec78eb50e05f2a60b9efa20b82c903e6cad4f3bd2027b";
    let cipher_key = bytes(key);
    let cipher = Cipher {
        kind: CipherKind::TripleDesCbc,
        key: &cipher_key,
        iv: Some(&[0; 8]),
        aad: b"",
        padding: Padding::Zeros,
    };
    let sealed = cipher.seal(b"1446068581").unwrap();
    assert_eq!(sealed.as_bytes().len(), 16);
    assert_eq!(cipher.open(sealed.as_bytes()).unwrap().as_slice(), b"1446068581");
}

#[test]
fn a_key_or_vector_of_another_length_is_refused_and_never_padded() {
    let iv = [0; 16];
    for length in [0, 1, 15, 17, 24, 32, 64] {
        let key = vec![1; length];
        let cipher = Cipher {
            kind: CipherKind::Aes128Cbc,
            key: &key,
            iv: Some(&iv),
            aad: b"",
            padding: Padding::Pkcs7(16),
        };
        let refused = CipherError::KeyLength { found: length, wanted: 16 };
        assert_eq!(cipher.seal(b"text").unwrap_err(), refused);
        assert_eq!(cipher.open(&[0; 16]).unwrap_err(), refused);
    }
    let key = [1; 24];
    for (kind, wanted) in [(CipherKind::TripleDesCbc, 8), (CipherKind::Aes192Gcm, 12)] {
        let cipher = Cipher { kind, key: &key, iv: Some(&iv), aad: b"", padding: Padding::Zeros };
        assert_eq!(cipher.seal(b"text").unwrap_err(), CipherError::IvLength { found: 16, wanted });
    }
    let unset =
        Cipher { kind: CipherKind::Aes192Gcm, key: &key, iv: None, aad: b"", padding: Padding::Zeros };
    assert_eq!(unset.seal(b"text").unwrap_err(), CipherError::IvLength { found: 0, wanted: 12 });
}

#[test]
fn a_text_that_is_not_whole_is_refused_where_nothing_fills_it_up() {
    let cipher =
        Cipher { kind: CipherKind::Aes128Ecb, key: &[1; 16], iv: None, aad: b"", padding: Padding::None };
    assert_eq!(cipher.seal(b"text").unwrap_err(), CipherError::NotWhole { length: 4, block: 16 });
    assert_eq!(cipher.open(b"text").unwrap_err(), CipherError::NotOpened);
}

#[test]
fn whatever_is_wrong_with_what_came_is_the_same_error() {
    let cipher = Cipher {
        kind: CipherKind::Aes256Cbc,
        key: &[7; 32],
        iv: Some(&[9; 16]),
        aad: b"",
        padding: Padding::Pkcs7(32),
    };
    let sealed = cipher.seal(b"0123456789abcdef0").unwrap().as_bytes().to_vec();
    assert_eq!(sealed.len(), 32);
    assert_eq!(cipher.open(&sealed).unwrap().as_slice(), b"0123456789abcdef0");
    let mut forged = sealed.clone();
    *forged.last_mut().unwrap() ^= 1;
    for odd in [forged.as_slice(), &sealed[..31], &sealed[..16], b""] {
        assert_eq!(cipher.open(odd).unwrap_err(), CipherError::NotOpened, "{} bytes", odd.len());
    }
}

#[test]
fn neither_key_nor_vector_shows() {
    let cipher = Cipher {
        kind: CipherKind::Aes128Cbc,
        key: b"0123456789abcdef",
        iv: None,
        aad: b"",
        padding: Padding::Zeros,
    };
    assert_eq!(format!("{cipher:?}"), "Cipher(Aes128Cbc, Zeros)");
}
