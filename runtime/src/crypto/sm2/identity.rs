//! What SM2 signs: not the message, but a digest of who signs, with which key, on which curve, and the message.
//!
//! `Z = SM3(bits of the id || id || a || b || G || public key)`, `e = SM3(Z || message)` (GB/T 32918.2, 5.5).
//! Written here and not taken from the crate, because there the id is part of the key object: a key would have to
//! be built anew, with a multiplication on the curve, for each id. `Z` itself costs four blocks of SM3, which is
//! nothing beside a signature; so nothing is cached.

use sm3::{Digest as _, Sm3};

/// The length in bits has to fit into sixteen bits.
pub(super) const MAX_USER_ID: usize = u16::MAX as usize / 8;

/// The curve sm2p256v1, as it is hashed into `Z`.
#[rustfmt::skip]
const CURVE: [[u8; 32]; 4] = [
    // a
    [
        0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc,
    ],
    // b
    [
        0x28, 0xe9, 0xfa, 0x9e, 0x9d, 0x9f, 0x5e, 0x34, 0x4d, 0x5a, 0x9e, 0x4b, 0xcf, 0x65, 0x09, 0xa7,
        0xf3, 0x97, 0x89, 0xf5, 0x15, 0xab, 0x8f, 0x92, 0xdd, 0xbc, 0xbd, 0x41, 0x4d, 0x94, 0x0e, 0x93,
    ],
    // x of the generator
    [
        0x32, 0xc4, 0xae, 0x2c, 0x1f, 0x19, 0x81, 0x19, 0x5f, 0x99, 0x04, 0x46, 0x6a, 0x39, 0xc9, 0x94,
        0x8f, 0xe3, 0x0b, 0xbf, 0xf2, 0x66, 0x0b, 0xe1, 0x71, 0x5a, 0x45, 0x89, 0x33, 0x4c, 0x74, 0xc7,
    ],
    // y of the generator
    [
        0xbc, 0x37, 0x36, 0xa2, 0xf4, 0xf6, 0x77, 0x9c, 0x59, 0xbd, 0xce, 0xe3, 0x6b, 0x69, 0x21, 0x53,
        0xd0, 0xa9, 0x87, 0x7c, 0xc6, 0x2a, 0x47, 0x40, 0x02, 0xdf, 0x32, 0xe5, 0x21, 0x39, 0xf0, 0xa0,
    ],
];

/// The digest `e` that is signed; `None` if the id is longer than [`MAX_USER_ID`].
pub(super) fn digest(user_id: &str, coordinates: &[u8; 64], message: &[u8]) -> Option<[u8; 32]> {
    let identity = identity(user_id, coordinates)?;
    Some(Sm3::new().chain_update(identity).chain_update(message).finalize().into())
}

fn identity(user_id: &str, coordinates: &[u8; 64]) -> Option<[u8; 32]> {
    let bits = u16::try_from(user_id.len().checked_mul(8)?).ok()?;
    let hash = Sm3::new().chain_update(bits.to_be_bytes()).chain_update(user_id);
    let hash = CURVE.iter().fold(hash, |hash, number| hash.chain_update(number));
    Some(hash.chain_update(coordinates).finalize().into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::crypto::compare::hex_pairs;

    /// The example of GB/T 32918 on the recommended curve.
    const PUBLIC: &str = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
                          ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
    const Z: &str = "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3";
    const E: &str = "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640";

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        hex_pairs(hex.as_bytes()).unwrap().try_into().unwrap()
    }

    #[test]
    fn the_identity_hash_is_that_of_the_standard() {
        assert_eq!(identity("1234567812345678", &bytes(PUBLIC)), Some(bytes(Z)));
    }

    #[test]
    fn the_signed_digest_is_that_of_the_standard() {
        assert_eq!(digest("1234567812345678", &bytes(PUBLIC), b"message digest"), Some(bytes(E)));
    }

    #[test]
    fn an_id_whose_length_does_not_fit_is_refused() {
        assert!(digest(&"x".repeat(MAX_USER_ID), &[0; 64], b"").is_some());
        assert!(digest(&"x".repeat(MAX_USER_ID + 1), &[0; 64], b"").is_none());
    }
}
