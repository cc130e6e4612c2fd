//! What the key reader says when it cannot read, that it never says what a key contains, and that no input makes
//! it panic.

#![cfg(all(feature = "rsa", feature = "sm"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use payspec_runtime::Secret;
use payspec_runtime::crypto::{RsaPrivateKey, RsaPublicKey, Sm2PrivateKey, Sm2PublicKey};
use payspec_runtime::keys::KeyError;

/// An RSA public key of 512 bits.
const RSA_512_PUBLIC: &str = "\
-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL8+9GswT33vXDbBLw6CfbRPJ1O71q+O
ytB0Z4wlQhm6b4g6RjW6f1ZCQVV7zWuOpLg5EFrJ+zAIVH6aH/N8R1UCAwEAAQ==
-----END PUBLIC KEY-----
";

/// An SM2 key, encrypted as PKCS#8.
const ENCRYPTED_PKCS8: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAj23+dI9YI11AICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEJObtsHxo3XcdYlTy9e4lfwEgZBP
NM8qL7TmKjxKrFmuS4AIOG7nwRGQ9PB7uq+symI2N1wzDUUXCqCDb9hBtF+3Y03M
+wq3PrmC9AW3EBvLBU9w0GCIcL90Uj67LRe0dJuhyI98HJr/to1nV3d1z3cxEiPQ
hCrps5OiJ2OMUYI0Z4s7sIcJrKdFLqaf8/Q6Xa3sCnzsjGhySvKdBCV5F5XRkJY=
-----END ENCRYPTED PRIVATE KEY-----
";

/// A key on another curve.
const P256_PRIVATE: &str = "\
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIEub6HuLDyPWWrqdQiLfhGU1o7srlRpY3KnXUV5vxlFxoAoGCCqGSM49
AwEHoUQDQgAEFNq3yS2oxzQjM3zMg9OAZqP7WO/wh6usynYI0F9pg83xU43ph0bQ
u0aTcKWXpwjVJljO/0ZDFQ9WAMpb1aSnmg==
-----END EC PRIVATE KEY-----
";

/// Its other half.
const P256_PUBLIC: &str = "\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEFNq3yS2oxzQjM3zMg9OAZqP7WO/w
h6usynYI0F9pg83xU43ph0bQu0aTcKWXpwjVJljO/0ZDFQ9WAMpb1aSnmg==
-----END PUBLIC KEY-----
";

/// A key of another algorithm.
const ED25519_PUBLIC: &str = "\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAzGy/JS0sKnLoOTdVZ17AFHCdUmpKqUfE5El/TdH3eaI=
-----END PUBLIC KEY-----
";

/// A certificate request.
const REQUEST: &str = "\
-----BEGIN CERTIFICATE REQUEST-----
MIHFMG4CAQAwDDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BBTat8ktqMc0IzN8zIPTgGaj+1jv8IerrMp2CNBfaYPN8VON6YdG0LtGk3Cll6cI
1SZYzv9GQxUPVgDKW9Wkp5qgADAKBggqhkjOPQQDAgNHADBEAiASTlEpdfa3yx4o
0KnoNost/iPvYJq2XCrD/m9MSJ1oTgIgQrK8a6IMdnHB1wWU6FRiG7WVoJCKmWlV
Wr9hV1eUETA=
-----END CERTIFICATE REQUEST-----
";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/keys")
}

fn file(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

fn der(name: &str) -> Vec<u8> {
    let text = String::from_utf8(file(name)).unwrap();
    STANDARD.decode(text.lines().filter(|line| !line.starts_with('-')).collect::<String>()).unwrap()
}

fn rsa_private(input: impl AsRef<[u8]>) -> String {
    RsaPrivateKey::read(input).unwrap_err().to_string()
}

fn rsa_public(input: impl AsRef<[u8]>) -> String {
    RsaPublicKey::read(input).unwrap_err().to_string()
}

fn sm2_private(input: impl AsRef<[u8]>) -> String {
    Sm2PrivateKey::read(input).unwrap_err().to_string()
}

fn sm2_public(input: impl AsRef<[u8]>) -> String {
    Sm2PublicKey::read(input).unwrap_err().to_string()
}

#[test]
fn the_wrong_half_is_named_with_its_form_and_size() {
    assert_eq!(
        rsa_private(file("test-platform-rsa2048.spki.pem")),
        "found an RSA public key (SPKI, 2048 bits); an RSA private key is wanted here: \
         that is the half which may be shown; use the private key that was made together with it"
    );
    assert_eq!(
        rsa_public(file("test-merchant-rsa2048.pkcs1.pem")),
        "found an RSA private key (PKCS#1, 2048 bits); an RSA public key is wanted here: \
         a private key is never the other side's: use the public key or certificate that the provider gave you"
    );
    assert!(
        sm2_private(file("test-merchant-sm2.cert.pem"))
            .starts_with("found an SM2 public key (X.509 certificate); an SM2 private key is wanted here: ")
    );
    assert!(sm2_public(file("test-merchant-sm2.pkcs8.pem")).starts_with(
        "found an SM2 private key (PKCS#8); an SM2 public key is wanted here: a private key is never"
    ));
}

#[test]
fn a_key_of_another_algorithm_or_curve_is_named() {
    let agree = "check which algorithm was agreed with the provider";
    assert_eq!(
        sm2_private(file("test-platform-rsa1024.pkcs8.pem")),
        format!("found an RSA private key (PKCS#8, 1024 bits); an SM2 private key is wanted here: {agree}")
    );
    assert_eq!(
        sm2_private(P256_PRIVATE),
        format!(
            "found an elliptic-curve (P-256) private key (SEC1); an SM2 private key is wanted here: {agree}"
        )
    );
    assert_eq!(
        sm2_public(P256_PUBLIC),
        format!(
            "found an elliptic-curve (P-256) public key (SPKI); an SM2 public key is wanted here: {agree}"
        )
    );
    assert_eq!(
        rsa_public(ED25519_PUBLIC),
        format!(
            "found a key of another algorithm (SPKI, 1.3.101.112); an RSA public key is wanted here: {agree}"
        )
    );
}

#[test]
fn everything_in_a_file_is_listed_when_nothing_fits() {
    let both = [file("test-merchant-sm2.cert.pem"), file("test-merchant-rsa2048.cert.pem")].concat();
    assert!(rsa_private(both).starts_with(
        "found an SM2 public key (X.509 certificate) and an RSA public key (X.509 certificate, 2048 bits); \
         an RSA private key is wanted here: "
    ));
}

#[test]
fn an_rsa_key_below_1024_bits_is_refused() {
    assert_eq!(
        rsa_public(RSA_512_PUBLIC),
        "found an RSA public key (SPKI, 512 bits); a key of 1024 to 8192 bits is wanted: ask for a new one"
    );
}

#[test]
fn a_huge_rsa_key_is_refused_at_once() {
    let modulus = [0xff; 8193 / 8 + 1];
    let header = |tag, content: &[u8]| {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x82, length[0], length[1]][..], content].concat()
    };
    let numbers = [header(2, &[&[0], &modulus[..]].concat()), vec![2, 3, 1, 0, 1]].concat();
    assert!(rsa_public(header(0x30, &numbers)).contains("8200 bits); a key of 1024 to 8192 bits is wanted"));
}

#[test]
fn files_that_need_a_password_are_named_with_the_way_to_open_them() {
    assert!(sm2_private(ENCRYPTED_PKCS8).contains("found an encrypted PKCS#8 private key; "));
    assert!(sm2_private(ENCRYPTED_PKCS8).contains("openssl pkey -in FILE"));
    let traditional = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,1587\n\n\
                       AAAA\n-----END RSA PRIVATE KEY-----";
    assert!(
        rsa_private(traditional).contains("found an encrypted private key (PEM with Proc-Type: 4,ENCRYPTED)")
    );
    let archive = rsa_private(file("test-merchant-rsa2048.legacy.pfx"));
    assert!(
        archive.starts_with(
            "found a PKCS#12 file (.pfx, .p12); an RSA private key is wanted here: open it with"
        )
    );
    assert!(archive.contains("`RsaPrivateKey::read_pkcs12` (feature `pkcs12`)"));
    assert!(sm2_private(file("test-merchant-sm2.sm2")).contains("`Sm2PrivateKey::read_sm2_container`"));
}

#[test]
fn files_that_are_mistaken_for_keys_are_named() {
    let bundle =
        [&[0x30, 15, 6, 9][..], b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", &[0xa0, 2, 0x30, 0]].concat();
    for (input, name) in [
        (REQUEST.as_bytes(), "a certificate request (.csr)"),
        (&bundle, "a PKCS#7 bundle of certificates (.p7b)"),
        (b"ssh-rsa AAAAB3NzaC1yc2E me@host", "an OpenSSH key"),
        (
            b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r\n-----END OPENSSH PRIVATE KEY-----",
            "an OpenSSH key",
        ),
        (b"\xfe\xed\xfe\xed\0\0\0\x02", "a Java key store (.jks)"),
        (b"<RSAKeyValue><Modulus>", "a key in XML"),
        (b"{\"kty\":\"RSA\"}", "a key in JSON"),
        (
            b"-----BEGIN PRIVATE KEY-----\n$%&\n-----END PRIVATE KEY-----",
            "a PEM block without readable base64",
        ),
        (b"-----BEGIN", "a PEM block without readable base64"),
        (b"\x30\x03\x02\x01\x80", "a DER structure that is no key"),
        (b"\x7fELF\x02\x01", "6 bytes that are neither text nor DER"),
        (b"changeme!", "9 bytes of text that is neither PEM nor base64 nor hexadecimal"),
        (b"abcd", "2 bare bytes that are no key structure"),
    ] {
        let message = rsa_private(input);
        assert!(
            message.starts_with(&format!("found {name}; an RSA private key is wanted here: ")),
            "{message}"
        );
    }
}

#[test]
fn nothing_at_all_is_called_empty() {
    for input in ["", " \r\n\t", "\u{feff}", "\0\0", "\"\""] {
        assert_eq!(
            rsa_public(input),
            "found an empty input; an RSA public key is wanted here: is the variable or file that holds it set?"
        );
    }
}

#[test]
fn a_path_is_called_a_path() {
    for input in [
        "/etc/payments/merchant.pem",
        "./merchant.key",
        "C:\\keys\\merchant.pfx",
        "merchant_private_key.pem",
        "~/keys/merchant",
        "file:///keys/merchant.der",
        "/etc/payments/merchant",
    ] {
        assert_eq!(
            rsa_private(input),
            "found what looks like the path of a file; an RSA private key is wanted here: \
             read the file and pass its content",
            "{input}"
        );
    }
}

#[test]
fn a_key_that_lost_its_end_or_a_digit_is_called_cut_off() {
    let whole = der("test-merchant-rsa2048.pkcs8.pem");
    let cut = &whole[..whole.len() - 100];
    for form in [cut.to_vec(), STANDARD.encode(cut).into_bytes()] {
        let message = rsa_private(form);
        assert!(
            message.starts_with("found a structure that announces 1214 bytes and has 1114; "),
            "{message}"
        );
        assert!(message.ends_with("was it cut off when it was copied?"), "{message}");
    }
    let digits = String::from_utf8(file("test-merchant-sm2.d.hex")).unwrap();
    assert!(sm2_private(&digits[1..64]).starts_with("found 63 hexadecimal digits, an odd number; "));
}

#[test]
fn a_private_key_beside_a_foreign_public_key_is_refused() {
    let (own, other) = (der("test-merchant-sm2.sec1.pem"), der("test-platform-sm2.sec1.pem"));
    // The last 65 bytes of SEC1 are the public point.
    let mixed = [&own[..own.len() - 65], &other[other.len() - 65..]].concat();
    assert_eq!(
        sm2_private(mixed),
        "found an SM2 private key (SEC1) together with a public key that is not its other half; \
         use the file as it was issued"
    );
}

#[test]
fn numbers_that_make_no_sm2_key_are_refused() {
    let order = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
    let order_less_one = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122";
    let order_less_two = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54121";
    for number in [&"0".repeat(64), order, order_less_one, &"f".repeat(64)] {
        assert!(sm2_private(number).contains("its numbers do not fit together"), "{number}");
    }
    assert!(Sm2PrivateKey::read(order_less_two).is_ok());
    assert!(sm2_public(format!("04{}", "1".repeat(128))).contains("its numbers do not fit together"));
}

#[test]
fn an_input_beyond_any_key_file_is_refused_unread() {
    assert_eq!(
        rsa_private(vec![b' '; 65_537]),
        "found 65537 bytes; an RSA private key is wanted here, of at most 65536 bytes: is this the right file?"
    );
    let padded = [vec![b' '; 65_536 - 2000], file("test-merchant-rsa2048.pkcs8.pem")].concat();
    assert!(RsaPrivateKey::read(padded).is_ok());
}

/// Every message and its debug form, whichever key was wanted.
fn all_answers(input: &[u8]) -> Vec<String> {
    let password = Secret::from("test1234");
    let say = |error: Option<KeyError>| error.map(|error| format!("{error} {error:?}"));
    let answers = [
        say(RsaPrivateKey::read(input).err()),
        say(RsaPublicKey::read(input).err()),
        say(Sm2PrivateKey::read(input).err()),
        say(Sm2PublicKey::read(input).err()),
        say(Sm2PrivateKey::read_sm2_container(input, &password).err()),
    ];
    answers.into_iter().flatten().collect()
}

#[test]
fn no_error_contains_any_of_the_input() {
    for entry in fs::read_dir(folder()).unwrap() {
        let Ok(text) = fs::read_to_string(entry.unwrap().path()) else { continue };
        let lines: Vec<_> = text.lines().filter(|line| line.len() >= 8 && !line.contains("-----")).collect();
        for damaged in [text.clone(), text[..text.len() / 2].to_owned(), text.replace('M', "!")] {
            for answer in all_answers(damaged.as_bytes()) {
                assert!(!lines.iter().any(|line| answer.contains(&line[..8])), "{answer}");
            }
        }
    }
}

#[test]
fn truncated_and_damaged_files_never_panic() {
    for entry in fs::read_dir(folder()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for length in (0..bytes.len()).step_by(3) {
            all_answers(&bytes[..length]);
        }
        for offset in (0..bytes.len()).step_by(2) {
            let mut damaged = bytes.clone();
            damaged[offset] ^= 1 << (offset / 2 % 8);
            all_answers(&damaged);
        }
    }
}

#[test]
fn truncated_der_is_never_a_key() {
    for name in
        ["test-merchant-rsa2048.pkcs8.pem", "test-merchant-rsa2048.cert.pem", "test-merchant-sm2.sec1.pem"]
    {
        let whole = der(name);
        for length in 0..whole.len() {
            assert_eq!(all_answers(&whole[..length]).len(), 5, "{name}, {length} bytes");
        }
    }
}

#[test]
fn a_flipped_bit_never_makes_another_private_key() {
    let half = RsaPublicKey::read(file("test-platform-rsa1024.spki.pem")).unwrap();
    for damaged in flipped(&der("test-platform-rsa1024.pkcs8.pem")) {
        assert!(RsaPrivateKey::read(damaged).map_or(true, |key| half.is_half_of(&key)));
    }
    let half = Sm2PublicKey::read(file("test-merchant-sm2.spki.pem")).unwrap();
    for damaged in flipped(&der("test-merchant-sm2.pkcs8.pem")) {
        assert!(Sm2PrivateKey::read(damaged).map_or(true, |key| half.is_half_of(&key)));
    }
}

fn flipped(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len() * 8).map(|bit| {
        let mut damaged = bytes.to_vec();
        damaged[bit / 8] ^= 1 << (bit % 8);
        damaged
    })
}

#[test]
fn pseudorandom_bytes_never_panic() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for round in 0..4000_usize {
        let bytes: Vec<u8> = (0..round % 150)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            })
            .collect();
        all_answers(&bytes);
        // With a header that promises a structure, the bytes are looked at more closely.
        let mut structure = vec![0x30, u8::try_from(bytes.len()).unwrap() & 0x7f, 0x02, 0x01, 0x00, 0x30];
        structure.extend(&bytes);
        all_answers(&structure);
        all_answers(STANDARD.encode(&structure).as_bytes());
    }
}
