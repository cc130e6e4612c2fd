//! Object identifiers, in the encoding in which they are compared.

use crate::crypto::der::{DerError, Reader, tag};

/// 1.2.840.113549.1.1.1, rsaEncryption.
pub(super) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// 1.2.840.10045.2.1, id-ecPublicKey.
pub(super) const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// 1.2.156.10197.1.301, sm2p256v1.
pub(super) const SM2: &[u8] = &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d];
/// 1.2.840.10045.3.1.7.
pub(super) const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// 1.3.132.0.34.
pub(super) const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
/// 1.3.132.0.10.
pub(super) const SECP256K1: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x0a];
/// 1.2.840.113549.1.7, the branch of PKCS#7.
pub(super) const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
/// 1.2.156.10197.6.1.4.2, the branch of the Chinese national form of PKCS#7.
pub(super) const GM_PKCS7: &[u8] = &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x06, 0x01, 0x04, 0x02];

/// That the next element is an object identifier below the given branch.
pub(super) fn expect_prefix(fields: &mut Reader<'_>, branch: &[u8]) -> Result<(), DerError> {
    let tag = tag::OBJECT_IDENTIFIER;
    if fields.expect(tag)?.starts_with(branch) {
        Ok(())
    } else {
        Err(DerError::Tag { found: tag, wanted: tag })
    }
}

/// The usual notation, for an error message.
pub(super) fn dotted(oid: &[u8]) -> String {
    let mut arcs = Vec::new();
    let mut arc = 0_u64;
    for byte in oid {
        // Saturating: a nonsensical identifier may print as nonsense, but must not overflow.
        arc = arc.saturating_mul(128).saturating_add(u64::from(byte & 0x7f));
        if byte & 0x80 == 0 {
            arcs.push(std::mem::take(&mut arc));
        }
    }
    // The first number holds two.
    let first = arcs.first().copied().unwrap_or_default();
    let root = (first / 40).min(2);
    let parts = [root, first - root * 40].into_iter().chain(arcs.into_iter().skip(1));
    parts.map(|part| part.to_string()).collect::<Vec<_>>().join(".")
}
