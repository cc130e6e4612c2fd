//! Every key file in every form in which keys travel must read as the same key.
//!
//! All keys here are TEST KEYS, made for `tests/vectors`.

#![cfg(all(feature = "rsa", feature = "sm"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, missing_docs)]

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use payspec_runtime::crypto::{RsaPrivateKey, RsaPublicKey, Sm2Form, Sm2PrivateKey, Sm2PublicKey};
use payspec_runtime::keys::KeyError;
use payspec_runtime::{KeysById, Secret};

fn file(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/keys").join(name)).unwrap()
}

fn pem(name: &str) -> String {
    String::from_utf8(file(name)).unwrap()
}

fn der(pem: &str) -> Vec<u8> {
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(base64).unwrap()
}

fn wrapped(text: &str, width: usize, indent: &str, end: &str) -> String {
    text.as_bytes()
        .chunks(width)
        .map(|line| format!("{indent}{}{end}", std::str::from_utf8(line).unwrap()))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn utf16(text: &str, mark: u16, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(mark).chain(text.encode_utf16()).flat_map(unit).collect()
}

fn relabelled(pem: &str, label: &str) -> String {
    let lines = pem.lines().map(|line| match line {
        line if line.starts_with("-----BEGIN") => format!("-----BEGIN {label}-----\n"),
        line if line.starts_with("-----END") => format!("-----END {label}-----\n"),
        line => format!("{line}\n"),
    });
    lines.collect()
}

/// One PEM file in every form that it may take on its way through mails, variables and tools.
fn forms(pem: &str) -> Vec<(&'static str, Vec<u8>)> {
    let der = der(pem);
    let base64 = STANDARD.encode(&der);
    let without_end = pem.split("-----END").next().unwrap();
    let text: Vec<(&'static str, String)> = vec![
        ("as it is", pem.to_owned()),
        ("CRLF", pem.replace('\n', "\r\n")),
        ("CR only", pem.replace('\n', "\r")),
        ("byte order mark", format!("\u{feff}{pem}")),
        ("blank lines around", format!("\n\n  {pem}\n \n")),
        ("C string", format!("{pem}\0")),
        ("indented", pem.lines().map(|line| format!("    {line}\n")).collect()),
        ("one line", pem.replace('\n', " ")),
        ("line ends in words", pem.replace('\n', "\\n")),
        ("quoted, line ends in words", format!("\"{}\"", pem.replace('\n', "\\r\\n"))),
        ("last line missing", without_end.to_owned()),
        ("label of PKCS#1", relabelled(pem, "RSA PRIVATE KEY")),
        ("label of PKCS#8", relabelled(pem, "PRIVATE KEY")),
        ("label of SPKI", relabelled(pem, "PUBLIC KEY")),
        ("label of a certificate", relabelled(pem, "CERTIFICATE")),
        ("meaningless label", relabelled(pem, "MERCHANT KEY 2024")),
        ("header lines", pem.replacen("-----\n", "-----\nComment: merchant 7\nX-Usage: sign\n\n", 1)),
        ("PEM in base64", STANDARD.encode(pem)),
        ("bare, one line", base64.clone()),
        ("bare, quoted", format!("'{base64}'\n")),
        ("bare, 64 columns", wrapped(&base64, 64, "", "\n")),
        ("bare, 76 columns, CRLF", wrapped(&base64, 76, "", "\r\n")),
        ("bare, indented", wrapped(&base64, 76, "\t  ", "\n")),
        ("bare, no padding", base64.trim_end_matches('=').to_owned()),
        ("bare, URL alphabet", base64.replace('+', "-").replace('/', "_")),
        ("hexadecimal, lower case", hex(&der)),
        ("hexadecimal, upper case, 0x", format!("0x{}", hex(&der).to_uppercase())),
        ("bare, byte order mark, C string", format!("\u{feff}{base64}\0\0")),
    ];
    let mut forms: Vec<_> = text.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    forms.push(("UTF-16, little end", utf16(pem, 0xfeff, u16::to_le_bytes)));
    forms.push(("UTF-16, big end", utf16(pem, 0xfeff, u16::to_be_bytes)));
    forms.push(("text in GBK before", [&b"\xd6\xa4\xca\xe9: x\n"[..], pem.as_bytes()].concat()));
    forms.push(("DER", der.clone()));
    forms.push(("DER, line end", [&der[..], b"\r\n"].concat()));
    forms.push(("DER, C string", [&der[..], b"\0"].concat()));
    forms
}

#[test]
fn rsa_private_keys_are_read_in_every_form() {
    for (name, half) in [
        ("test-merchant-rsa2048.pkcs8.pem", "test-merchant-rsa2048.spki.pem"),
        ("test-merchant-rsa2048.pkcs1.pem", "test-merchant-rsa2048.spki.pem"),
        ("test-platform-rsa1024.pkcs8.pem", "test-platform-rsa1024.spki.pem"),
        ("test-platform-rsa2048.pkcs8.pem", "test-platform-rsa2048.spki.pem"),
    ] {
        let half = RsaPublicKey::read(file(half)).unwrap();
        for (form, bytes) in forms(&pem(name)) {
            let key = RsaPrivateKey::read(&bytes).unwrap_or_else(|error| panic!("{name}, {form}: {error}"));
            assert!(half.is_half_of(&key), "{name}, {form}");
        }
    }
}

#[test]
fn rsa_public_keys_are_read_in_every_form_and_from_certificates() {
    for (name, private) in [
        ("test-merchant-rsa2048.spki.pem", "test-merchant-rsa2048.pkcs8.pem"),
        ("test-merchant-rsa2048.cert.pem", "test-merchant-rsa2048.pkcs8.pem"),
        ("test-platform-rsa1024.spki.pem", "test-platform-rsa1024.pkcs8.pem"),
        ("test-platform-rsa1024.cert.pem", "test-platform-rsa1024.pkcs8.pem"),
        ("test-platform-rsa2048.spki.pem", "test-platform-rsa2048.pkcs8.pem"),
        ("test-platform-rsa2048.cert.pem", "test-platform-rsa2048.pkcs8.pem"),
    ] {
        let private = RsaPrivateKey::read(file(private)).unwrap();
        for (form, bytes) in forms(&pem(name)) {
            let key = RsaPublicKey::read(&bytes).unwrap_or_else(|error| panic!("{name}, {form}: {error}"));
            assert!(key.is_half_of(&private), "{name}, {form}");
        }
    }
}

#[test]
fn a_pkcs1_public_key_is_read() {
    let spki = der(&pem("test-merchant-rsa2048.spki.pem"));
    // Without its 24 bytes of header, the content of the bit string is PKCS#1.
    let key = RsaPublicKey::read(STANDARD.encode(&spki[24..])).unwrap();
    assert!(key.is_half_of(&RsaPrivateKey::read(file("test-merchant-rsa2048.pkcs8.pem")).unwrap()));
}

#[test]
fn sm2_private_keys_are_read_in_every_form() {
    for who in ["test-merchant-sm2", "test-platform-sm2"] {
        let half = Sm2PublicKey::read(file(&format!("{who}.spki.pem"))).unwrap();
        for kind in ["pkcs8", "sec1"] {
            for (form, bytes) in forms(&pem(&format!("{who}.{kind}.pem"))) {
                let key = Sm2PrivateKey::read(&bytes)
                    .unwrap_or_else(|error| panic!("{who}.{kind}, {form}: {error}"));
                assert!(half.is_half_of(&key), "{who}.{kind}, {form}");
            }
        }
    }
}

#[test]
fn sm2_public_keys_are_read_in_every_form_and_from_certificates() {
    for who in ["test-merchant-sm2", "test-platform-sm2"] {
        let private = Sm2PrivateKey::read(file(&format!("{who}.pkcs8.pem"))).unwrap();
        for kind in ["spki", "cert"] {
            for (form, bytes) in forms(&pem(&format!("{who}.{kind}.pem"))) {
                let key = Sm2PublicKey::read(&bytes)
                    .unwrap_or_else(|error| panic!("{who}.{kind}, {form}: {error}"));
                assert!(key.is_half_of(&private), "{who}.{kind}, {form}");
            }
        }
    }
}

#[test]
fn a_bare_sm2_number_is_read_as_hexadecimal_base64_and_bytes() {
    let half = Sm2PublicKey::read(file("test-merchant-sm2.spki.pem")).unwrap();
    let text = pem("test-merchant-sm2.d.hex");
    let number: Vec<u8> = (0..32).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect();
    let colons = number.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
    for form in [
        text.clone().into_bytes(),
        text.trim().to_uppercase().into_bytes(),
        format!("0x{}", text.trim()).into_bytes(),
        format!("00{}", text.trim()).into_bytes(),
        format!("00:{colons}").into_bytes(),
        STANDARD.encode(&number).into_bytes(),
        STANDARD.encode([&[0], &number[..]].concat()).into_bytes(),
        number.clone(),
    ] {
        let key = Sm2PrivateKey::read(&form).unwrap_or_else(|error| panic!("{form:?}: {error}"));
        assert!(half.is_half_of(&key));
    }
}

#[test]
fn a_bare_sm2_point_is_read_with_and_without_its_first_byte() {
    let private = Sm2PrivateKey::read(file("test-merchant-sm2.d.hex")).unwrap();
    let spki = der(&pem("test-merchant-sm2.spki.pem"));
    let point = &spki[26..];
    for form in [hex(point), hex(point).to_uppercase(), hex(&point[1..]), STANDARD.encode(point)] {
        let key = Sm2PublicKey::read(&form).unwrap_or_else(|error| panic!("{form}: {error}"));
        assert!(key.is_half_of(&private));
    }
}

/// `test-merchant-sm2` with the curve written out.
const SM2_EXPLICIT: &str = "\
-----BEGIN SM2 PRIVATE KEY-----
MIIBUQIBAQQgv6+P8x3oQKoS8+4Gfo9R+UUjqf9MQY4yLtXnmbhkqfiggeMwgeAC
AQEwLAYHKoZIzj0BAQIhAP////7/////////////////////AAAAAP//////////
MEQEIP////7/////////////////////AAAAAP/////////8BCAo6fqenZ9eNE1a
nkvPZQmn85eJ9RWrj5LdvL1BTZQOkwRBBDLEriwfGYEZX5kERmo5yZSP4wu/8mYL
4XFaRYkzTHTHvDc2ovT2d5xZvc7ja2khU9Cph3zGKkdAAt8y5SE58KACIQD////+
////////////////cgPfayHGBStTu/QJOdVBIwIBAaFEA0IABFdYYW6qnRRwL2pe
jYfS9MauB2yG3u/OC1WLMy1Hehkkzya76KJ0hzYGAKJxNFcDD2/WMQeh+zvon5Xg
6aD3d7s=
-----END SM2 PRIVATE KEY-----
";

/// `test-merchant-sm2` without its other half.
const SM2_WITHOUT_PUBLIC: &str = "\
-----BEGIN SM2 PRIVATE KEY-----
MDECAQEEIL+vj/Md6ECqEvPuBn6PUflFI6n/TEGOMi7V55m4ZKn4oAoGCCqBHM9V
AYIt
-----END SM2 PRIVATE KEY-----
";

/// The public key of `test-merchant-sm2`, compressed.
const SM2_COMPRESSED: &str = "\
-----BEGIN PUBLIC KEY-----
MDkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DIgADV1hhbqqdFHAval6Nh9L0xq4HbIbe
784LVYszLUd6GSQ=
-----END PUBLIC KEY-----
";

#[test]
fn sm2_keys_with_unusual_parameters_are_read() {
    let half = Sm2PublicKey::read(file("test-merchant-sm2.spki.pem")).unwrap();
    for pem in [SM2_EXPLICIT, SM2_WITHOUT_PUBLIC] {
        assert!(half.is_half_of(&Sm2PrivateKey::read(pem).unwrap()), "{pem}");
    }
    let private = Sm2PrivateKey::read(SM2_EXPLICIT).unwrap();
    assert!(Sm2PublicKey::read(SM2_COMPRESSED).unwrap().is_half_of(&private));
}

#[test]
fn the_key_that_fits_is_taken_out_of_a_file_with_several() {
    let all = ["test-merchant-sm2.cert.pem", "test-merchant-sm2.pkcs8.pem", "test-merchant-rsa2048.cert.pem"]
        .map(pem)
        .concat()
        + "Bag Attributes\n    friendlyName: merchant\n"
        + &pem("test-merchant-rsa2048.pkcs8.pem")
        + &pem("test-platform-rsa2048.cert.pem");
    let rsa = RsaPrivateKey::read(&all).unwrap();
    assert!(RsaPublicKey::read(&all).unwrap().is_half_of(&rsa), "the first certificate is taken");
    let sm2 = Sm2PrivateKey::read(&all).unwrap();
    assert!(Sm2PublicKey::read(&all).unwrap().is_half_of(&sm2));
}

#[test]
fn a_real_certificate_of_1024_bits_with_an_md5_signature_is_read() {
    let certificate = RsaPublicKey::read(file("ysepay-platform-2013-rsa1024.cert.pem")).unwrap();
    assert_eq!(certificate.bits(), 1024);
    let spki = der(&pem("ysepay-platform-2013-rsa1024.spki.pem"));
    assert!(RsaPublicKey::read(&spki).is_ok());
    let cert = der(&pem("ysepay-platform-2013-rsa1024.cert.pem"));
    assert!(cert.windows(spki.len()).any(|window| window == spki), "one key in both");
}

#[test]
fn a_negative_serial_number_does_no_harm() {
    let mut cert = der(&pem("ysepay-platform-2013-rsa1024.cert.pem"));
    let serial = cert.windows(4).position(|window| window == [0x20, 0xbe, 0x09, 0x63]).unwrap();
    cert[serial] |= 0x80;
    assert_eq!(RsaPublicKey::read(&cert).unwrap().bits(), 1024);
}

#[test]
fn certificates_are_known_by_their_serial_number() {
    let mut keys = KeysById::new();
    let certificate = file("test-platform-rsa2048.cert.pem");
    let serial = keys.insert_certificate(&certificate).unwrap();
    assert_eq!(serial, "78471700BB591C3BA1DA3FBCFF3ECDE271B7A0F8");
    let short = keys.insert_certificate(der(&pem("ysepay-platform-2013-rsa1024.cert.pem"))).unwrap();
    assert_eq!(short, "20BE0963");
    let private = RsaPrivateKey::read(file("test-platform-rsa2048.pkcs8.pem")).unwrap();
    assert!(keys.get(&serial).unwrap().is_half_of(&private));
    assert!(keys.get(&serial.to_lowercase()).is_none());
    assert_eq!(keys.ids().collect::<Vec<_>>(), ["20BE0963", serial.as_str()], "in their order");
}

#[test]
fn a_bare_key_has_no_serial_number() {
    let mut keys = KeysById::new();
    let refused = keys.insert_certificate(file("test-platform-rsa2048.spki.pem")).unwrap_err().to_string();
    assert!(refused.contains("a certificate with an RSA public key is wanted here"), "{refused}");
    assert!(refused.contains("a bare key has no serial number"), "{refused}");
    assert!(keys.insert_certificate(file("test-platform-sm2.cert.pem")).is_err());
    assert_eq!(keys.ids().count(), 0);
}

#[test]
fn ones_own_public_key_is_told_from_the_other_sides() {
    let own = RsaPrivateKey::read(file("test-merchant-rsa2048.pkcs8.pem")).unwrap();
    assert!(RsaPublicKey::read(file("test-merchant-rsa2048.cert.pem")).unwrap().is_half_of(&own));
    assert!(!RsaPublicKey::read(file("test-platform-rsa2048.cert.pem")).unwrap().is_half_of(&own));
    let own = Sm2PrivateKey::read(file("test-merchant-sm2.pkcs8.pem")).unwrap();
    assert!(Sm2PublicKey::read(file("test-merchant-sm2.cert.pem")).unwrap().is_half_of(&own));
    assert!(!Sm2PublicKey::read(file("test-platform-sm2.cert.pem")).unwrap().is_half_of(&own));
}

#[test]
fn an_sm2_container_opens_with_its_password_only() {
    let container = file("test-merchant-sm2.sm2");
    let binary = STANDARD.decode(String::from_utf8(container.clone()).unwrap().trim()).unwrap();
    let half = Sm2PublicKey::read(file("test-merchant-sm2.spki.pem")).unwrap();
    for form in [&container, &binary] {
        let key = Sm2PrivateKey::read_sm2_container(form, &Secret::from("test1234")).unwrap();
        assert!(half.is_half_of(&key));
        let signature = key.sign("", Sm2Form::Raw, b"message").unwrap();
        assert_eq!(half.verify("", Sm2Form::Raw, b"message", &signature), Ok(()));
    }
    // Enough wrong passwords that some of them pass the padding by chance.
    for attempt in 0..2000 {
        let password = Secret::from(format!("wrong{attempt}"));
        let error = Sm2PrivateKey::read_sm2_container(&binary, &password).unwrap_err();
        assert!(matches!(error, KeyError::Password { .. }), "{attempt}: {error}");
    }
}

#[cfg(feature = "pkcs12")]
#[test]
fn a_pkcs12_file_with_old_algorithms_opens_with_its_password_only() {
    let archive = file("test-merchant-rsa2048.legacy.pfx");
    let half = RsaPublicKey::read(file("test-merchant-rsa2048.spki.pem")).unwrap();
    for form in [archive.clone(), wrapped(&STANDARD.encode(&archive), 76, "", "\n").into_bytes()] {
        let key = RsaPrivateKey::read_pkcs12(form, &Secret::from("test1234")).unwrap();
        assert!(half.is_half_of(&key));
    }
    let error = RsaPrivateKey::read_pkcs12(&archive, &Secret::from("wrong")).unwrap_err();
    assert!(matches!(error, KeyError::Password { .. }), "{error}");
}
