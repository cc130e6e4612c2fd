//! What decoded bytes are, judged by their structure alone: every kind of key that is read, and every file that is
//! often mistaken for one.
//!
//! Certificates are walked only as far as their public key, so that a negative serial number or an MD5 signature,
//! both of which real providers use, does no harm. Nothing is computed here; whether the numbers make a key is
//! decided where keys are built.

use super::armor::is_bare_key_length;
use super::found::{Curve, Found, KeyForm};
use super::structure::oid::dotted;
use crate::crypto::der::{DerError, Element, Reader, tag};
use crate::crypto::rsa_parts::{RsaPrivateParts, RsaPublicParts};

mod oid;

/// What a block of bytes holds; everything is borrowed from it.
#[cfg_attr(not(feature = "sm"), allow(dead_code, reason = "without SM2, such keys are only named in errors"))]
pub(super) enum Content<'a> {
    /// An RSA private key.
    RsaPrivate { form: KeyForm, parts: RsaPrivateParts<'a> },
    /// An RSA public key.
    RsaPublic { form: KeyForm, parts: RsaPublicParts<'a> },
    /// A private key on a curve, with its public point if the file has it.
    EcPrivate { form: KeyForm, curve: Curve, scalar: &'a [u8], public: Option<&'a [u8]> },
    /// A public key on a curve.
    EcPublic { form: KeyForm, curve: Curve, point: &'a [u8] },
    /// Bytes without structure.
    Bare(&'a [u8]),
    /// Anything else.
    Other(Found),
}

impl Content<'_> {
    /// The same in words.
    pub(super) fn found(&self) -> Found {
        match self {
            Self::RsaPrivate { form, parts } => {
                Found::RsaPrivateKey { form: *form, bits: parts.public.bits() }
            }
            Self::RsaPublic { form, parts } => Found::RsaPublicKey { form: *form, bits: parts.bits() },
            Self::EcPrivate { form, curve, .. } => Found::EcPrivateKey { form: *form, curve: curve.clone() },
            Self::EcPublic { form, curve, .. } => Found::EcPublicKey { form: *form, curve: curve.clone() },
            Self::Bare(bytes) => Found::BareBytes { length: bytes.len() },
            Self::Other(found) => found.clone(),
        }
    }
}

/// Says what the bytes are. There is always an answer.
pub(super) fn identify(bytes: &[u8]) -> Content<'_> {
    // No key structure has one of these lengths, while a bare number can begin with any byte.
    if is_bare_key_length(bytes.len()) || bytes.first() != Some(&tag::SEQUENCE) {
        return Content::Bare(bytes);
    }
    let mut outer = Reader::new(bytes);
    let inner = match outer.sequence() {
        Ok(inner) => inner,
        Err(DerError::CutOff { announced, present }) => {
            return Content::Other(Found::CutOff { announced, present });
        }
        Err(_) => return Content::Other(Found::UnknownStructure),
    };
    // What editors and C strings leave behind is no part of the structure; anything else makes it doubtful.
    if !outer.rest().iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        return Content::Other(Found::UnknownStructure);
    }
    let candidates: &[Recognizer] = match inner.peek() {
        Some(tag::INTEGER) => &[pkcs8, sec1, pkcs1_private, pkcs1_public, pkcs12, sm2_container],
        Some(tag::SEQUENCE) => &[spki, encrypted_pkcs8, certificate, certificate_request],
        Some(tag::OBJECT_IDENTIFIER) => &[pkcs7],
        _ => &[],
    };
    candidates
        .iter()
        .find_map(|recognize| recognize(inner).ok())
        .unwrap_or(Content::Other(Found::UnknownStructure))
}

/// Recognizes one kind of structure; an error means that it is another.
type Recognizer = for<'a> fn(Reader<'a>) -> Result<Content<'a>, DerError>;

/// `SEQ { INTEGER version, SEQ algorithm, OCTET STRING key, ... }`
fn pkcs8(mut fields: Reader<'_>) -> Result<Content<'_>, DerError> {
    fields.expect(tag::INTEGER)?;
    let algorithm = Algorithm::read(&mut fields)?;
    let key = fields.expect(tag::OCTET_STRING)?;
    let form = KeyForm::Pkcs8;
    match algorithm.kind() {
        Kind::Rsa => rsa_private(Reader::new(key).sequence()?, form),
        Kind::Ec(curve) => ec_private(Reader::new(key).sequence()?, form, Some(curve)),
        Kind::Other(algorithm) => Ok(Content::Other(Found::OtherKey { form, algorithm })),
    }
}

/// `SEQ { INTEGER 0, INTEGER n, e, d, p, q, dp, dq, qinv }`
fn pkcs1_private(fields: Reader<'_>) -> Result<Content<'_>, DerError> {
    rsa_private(fields, KeyForm::Pkcs1)
}

fn rsa_private(mut fields: Reader<'_>, form: KeyForm) -> Result<Content<'_>, DerError> {
    fields.expect(tag::INTEGER)?;
    let modulus = fields.lenient_unsigned()?;
    let exponent = fields.lenient_unsigned()?;
    let private_exponent = fields.lenient_unsigned()?;
    let primes = [fields.lenient_unsigned()?, fields.lenient_unsigned()?];
    // The other three follow from these and are computed anew.
    let public = RsaPublicParts { modulus, exponent };
    Ok(Content::RsaPrivate { form, parts: RsaPrivateParts { public, private_exponent, primes } })
}

/// `SEQ { INTEGER n, INTEGER e }`
fn pkcs1_public(fields: Reader<'_>) -> Result<Content<'_>, DerError> {
    rsa_public(fields, KeyForm::Pkcs1)
}

fn rsa_public(mut fields: Reader<'_>, form: KeyForm) -> Result<Content<'_>, DerError> {
    let parts = RsaPublicParts { modulus: fields.lenient_unsigned()?, exponent: fields.lenient_unsigned()? };
    fields.end()?;
    Ok(Content::RsaPublic { form, parts })
}

/// `SEQ { INTEGER 1, OCTET STRING d, [0] curve, [1] BIT STRING public }`
fn sec1(fields: Reader<'_>) -> Result<Content<'_>, DerError> {
    ec_private(fields, KeyForm::Sec1, None)
}

fn ec_private(
    mut fields: Reader<'_>,
    form: KeyForm,
    outer_curve: Option<Curve>,
) -> Result<Content<'_>, DerError> {
    fields.expect(tag::INTEGER)?;
    let scalar = fields.expect(tag::OCTET_STRING)?;
    let inner_curve = match fields.optional(tag::CONTEXT_0)? {
        Some(parameters) => Some(curve(Some(Reader::new(parameters).element()?))),
        None => None,
    };
    let public = match fields.optional(tag::CONTEXT_1)? {
        Some(public) => Some(Reader::new(public).bit_string()?),
        None => None,
    };
    let named = outer_curve.filter(|curve| *curve != Curve::Unnamed);
    let curve = named.or(inner_curve).unwrap_or(Curve::Unnamed);
    Ok(Content::EcPrivate { form, curve, scalar, public })
}

/// `SEQ { SEQ algorithm, BIT STRING key }`
fn spki(fields: Reader<'_>) -> Result<Content<'_>, DerError> {
    public_key_info(fields, KeyForm::Spki)
}

fn public_key_info(mut fields: Reader<'_>, form: KeyForm) -> Result<Content<'_>, DerError> {
    let algorithm = Algorithm::read(&mut fields)?;
    let key = fields.bit_string()?;
    fields.end()?;
    match algorithm.kind() {
        Kind::Rsa => rsa_public(Reader::new(key).sequence()?, form),
        Kind::Ec(curve) => Ok(Content::EcPublic { form, curve, point: key }),
        Kind::Other(algorithm) => Ok(Content::Other(Found::OtherKey { form, algorithm })),
    }
}

/// `SEQ { SEQ { [0] version?, INTEGER serial, SEQ algorithm, SEQ issuer, SEQ validity, SEQ subject, SEQ key, .. }, .. }`
fn certificate(mut fields: Reader<'_>) -> Result<Content<'_>, DerError> {
    let mut signed = fields.sequence()?;
    signed.optional(tag::CONTEXT_0)?;
    signed.expect(tag::INTEGER)?;
    for _ in ["algorithm", "issuer", "validity", "subject"] {
        signed.sequence()?;
    }
    public_key_info(signed.sequence()?, KeyForm::Certificate)
}

/// The serial number of a certificate, in upper-case hexadecimal digits.
#[cfg(feature = "rsa")]
pub(super) fn serial_number(certificate: &[u8]) -> Option<String> {
    let mut signed = Reader::new(certificate).sequence().ok()?.sequence().ok()?;
    signed.optional(tag::CONTEXT_0).ok()?;
    let serial = signed.lenient_unsigned().ok()?;
    let digits: String = serial.iter().map(|byte| format!("{byte:02X}")).collect();
    Some(if digits.is_empty() { "00".to_owned() } else { digits })
}

/// `SEQ { SEQ { INTEGER 0, SEQ subject, SEQ key, [0] attributes }, .. }`
fn certificate_request(mut fields: Reader<'_>) -> Result<Content<'_>, DerError> {
    let mut signed = fields.sequence()?;
    signed.expect(tag::INTEGER)?;
    signed.sequence()?;
    public_key_info(signed.sequence()?, KeyForm::Spki)?;
    Ok(Content::Other(Found::CertificateRequest))
}

/// `SEQ { SEQ algorithm, OCTET STRING encrypted }`
fn encrypted_pkcs8(mut fields: Reader<'_>) -> Result<Content<'_>, DerError> {
    Algorithm::read(&mut fields)?;
    fields.expect(tag::OCTET_STRING)?;
    fields.end()?;
    Ok(Content::Other(Found::EncryptedPkcs8))
}

/// `SEQ { INTEGER 3, SEQ { OID of PKCS#7, .. }, .. }`
fn pkcs12(mut fields: Reader<'_>) -> Result<Content<'_>, DerError> {
    fields.expect(tag::INTEGER)?;
    pkcs7(fields.sequence()?)?;
    Ok(Content::Other(Found::Pkcs12))
}

/// `SEQ { OID of PKCS#7, [0] content }`
fn pkcs7(mut fields: Reader<'_>) -> Result<Content<'_>, DerError> {
    oid::expect_prefix(&mut fields, oid::PKCS7)?;
    fields.expect(tag::CONTEXT_0)?;
    Ok(Content::Other(Found::Pkcs7))
}

/// `SEQ { INTEGER 1, SEQ { OID of the national PKCS#7, .. }, SEQ certificate }`
fn sm2_container(mut fields: Reader<'_>) -> Result<Content<'_>, DerError> {
    fields.expect(tag::INTEGER)?;
    oid::expect_prefix(&mut fields.sequence()?, oid::GM_PKCS7)?;
    fields.sequence()?;
    Ok(Content::Other(Found::Sm2Container))
}

/// `SEQ { OID, parameters? }`
struct Algorithm<'a> {
    oid: &'a [u8],
    parameters: Option<Element<'a>>,
}

enum Kind {
    Rsa,
    Ec(Curve),
    Other(String),
}

impl<'a> Algorithm<'a> {
    fn read(fields: &mut Reader<'a>) -> Result<Self, DerError> {
        let mut algorithm = fields.sequence()?;
        let oid = algorithm.expect(tag::OBJECT_IDENTIFIER)?;
        let parameters = if algorithm.is_empty() { None } else { Some(algorithm.element()?) };
        Ok(Self { oid, parameters })
    }

    fn kind(&self) -> Kind {
        match self.oid {
            oid::RSA => Kind::Rsa,
            oid::EC_PUBLIC_KEY => Kind::Ec(curve(self.parameters)),
            // Some tools name the curve where the algorithm belongs.
            oid::SM2 => Kind::Ec(Curve::Sm2),
            other => Kind::Other(dotted(other)),
        }
    }
}

/// The prime of sm2p256v1. Parameters that are written out are only recognised by it: the arithmetic uses our own,
/// so that a file with altered parameters gains nothing.
const SM2_PRIME: [u8; 32] = [
    0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
];

fn curve(parameters: Option<Element<'_>>) -> Curve {
    match parameters {
        Some(Element { tag: tag::OBJECT_IDENTIFIER, content }) => match content {
            oid::SM2 => Curve::Sm2,
            oid::P256 => Curve::P256,
            oid::P384 => Curve::P384,
            oid::SECP256K1 => Curve::Secp256k1,
            other => Curve::Other(dotted(other)),
        },
        Some(Element { tag: tag::SEQUENCE, content }) if content.windows(32).any(|w| w == SM2_PRIME) => {
            Curve::Sm2
        }
        Some(Element { tag: tag::SEQUENCE, .. }) => Curve::Explicit,
        _ => Curve::Unnamed,
    }
}
