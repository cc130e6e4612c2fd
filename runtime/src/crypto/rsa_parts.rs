//! The numbers of an RSA key, as the key reader hands them to whatever backend there is. They borrow from the
//! decoded file, which is wiped after reading.

/// The numbers of a private key, big-endian, without leading zeros.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(feature = "rsa"),
    allow(dead_code, reason = "without the backend, keys are only named in errors")
)]
pub(crate) struct RsaPrivateParts<'a> {
    pub(crate) public: RsaPublicParts<'a>,
    pub(crate) private_exponent: &'a [u8],
    pub(crate) primes: [&'a [u8]; 2],
}

/// The numbers of a public key, big-endian, without leading zeros.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(feature = "rsa"),
    allow(dead_code, reason = "without the backend, keys are only named in errors")
)]
pub(crate) struct RsaPublicParts<'a> {
    pub(crate) modulus: &'a [u8],
    pub(crate) exponent: &'a [u8],
}

impl RsaPublicParts<'_> {
    /// The length of the modulus.
    pub(crate) fn bits(&self) -> usize {
        let unused = self.modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
        (self.modulus.len() * 8).saturating_sub(unused)
    }
}
