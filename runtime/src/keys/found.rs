//! What a key file turned out to be, in words. No key material gets in here: kinds, sizes and object identifiers
//! only, so that all of it may be logged.

use std::fmt;

/// What the caller wants to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wanted {
    /// An RSA private key.
    RsaPrivateKey,
    /// An RSA public key.
    RsaPublicKey,
    /// A certificate with an RSA public key.
    RsaCertificate,
    /// An SM2 private key.
    Sm2PrivateKey,
    /// An SM2 public key.
    Sm2PublicKey,
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RsaPrivateKey => "an RSA private key",
            Self::RsaPublicKey => "an RSA public key",
            Self::RsaCertificate => "a certificate with an RSA public key",
            Self::Sm2PrivateKey => "an SM2 private key",
            Self::Sm2PublicKey => "an SM2 public key",
        })
    }
}

impl Wanted {
    pub(crate) const fn is_private(self) -> bool {
        matches!(self, Self::RsaPrivateKey | Self::Sm2PrivateKey)
    }
}

/// The structure in which a key was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyForm {
    /// PKCS#1: an RSA key by itself.
    Pkcs1,
    /// PKCS#8: a private key with its algorithm.
    Pkcs8,
    /// SEC1: a private key on an elliptic curve by itself.
    Sec1,
    /// `SubjectPublicKeyInfo`: a public key with its algorithm.
    Spki,
    /// An X.509 certificate.
    Certificate,
}

impl fmt::Display for KeyForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs1 => "PKCS#1",
            Self::Pkcs8 => "PKCS#8",
            Self::Sec1 => "SEC1",
            Self::Spki => "SPKI",
            Self::Certificate => "X.509 certificate",
        })
    }
}

/// The curve that a key on an elliptic curve names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Curve {
    /// sm2p256v1.
    Sm2,
    /// NIST P-256, also called prime256v1 or secp256r1.
    P256,
    /// NIST P-384.
    P384,
    /// secp256k1.
    Secp256k1,
    /// The parameters are written out instead of named, and are not those of sm2p256v1.
    Explicit,
    /// The key does not say.
    Unnamed,
    /// A curve of this object identifier.
    Other(String),
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sm2 => f.write_str("SM2"),
            Self::P256 => f.write_str("elliptic-curve (P-256)"),
            Self::P384 => f.write_str("elliptic-curve (P-384)"),
            Self::Secp256k1 => f.write_str("elliptic-curve (secp256k1)"),
            Self::Explicit => f.write_str("elliptic-curve (curve written out)"),
            Self::Unnamed => f.write_str("elliptic-curve (curve not named)"),
            Self::Other(oid) => write!(f, "elliptic-curve (curve {oid})"),
        }
    }
}

/// What was found where a key was wanted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Found {
    /// An RSA private key.
    RsaPrivateKey {
        /// In which structure.
        form: KeyForm,
        /// Length of the modulus.
        bits: usize,
    },
    /// An RSA public key.
    RsaPublicKey {
        /// In which structure.
        form: KeyForm,
        /// Length of the modulus.
        bits: usize,
    },
    /// A private key on an elliptic curve, SM2 among them.
    EcPrivateKey {
        /// In which structure.
        form: KeyForm,
        /// On which curve.
        curve: Curve,
    },
    /// A public key on an elliptic curve, SM2 among them.
    EcPublicKey {
        /// In which structure.
        form: KeyForm,
        /// On which curve.
        curve: Curve,
    },
    /// A key of another algorithm.
    OtherKey {
        /// In which structure.
        form: KeyForm,
        /// Object identifier of the algorithm.
        algorithm: String,
    },
    /// A PKCS#8 private key that is encrypted with a password.
    EncryptedPkcs8,
    /// A private key that the PEM block itself encrypts (`Proc-Type: 4,ENCRYPTED`).
    EncryptedPem,
    /// A PKCS#12 file (`.pfx`, `.p12`).
    Pkcs12,
    /// A password-protected container of an SM2 key and its certificate (`.sm2`).
    Sm2Container,
    /// A PKCS#7 bundle of certificates (`.p7b`).
    Pkcs7,
    /// A certificate request (`.csr`).
    CertificateRequest,
    /// A key of OpenSSH.
    OpenSsh,
    /// A Java key store (`.jks`).
    JavaKeyStore,
    /// A key in XML, as .NET writes it.
    XmlKey,
    /// A key in JSON.
    JsonKey,
    /// Hexadecimal or base64 text of some bytes that are no structure.
    BareBytes {
        /// How many bytes.
        length: usize,
    },
    /// An odd number of hexadecimal digits.
    OddHex {
        /// How many digits.
        digits: usize,
    },
    /// A structure that announces more bytes than there are.
    CutOff {
        /// How many bytes it announces.
        announced: usize,
        /// How many there are.
        present: usize,
    },
    /// A DER structure of no known kind.
    UnknownStructure,
    /// A PEM block without readable base64.
    UnreadablePem,
    /// Text that is neither PEM nor base64 nor hexadecimal.
    Text {
        /// How many bytes.
        length: usize,
    },
    /// Bytes that are neither text nor DER.
    Binary {
        /// How many bytes.
        length: usize,
    },
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RsaPrivateKey { form, bits } => write!(f, "an RSA private key ({form}, {bits} bits)"),
            Self::RsaPublicKey { form, bits } => write!(f, "an RSA public key ({form}, {bits} bits)"),
            Self::EcPrivateKey { form, curve } => write!(f, "an {curve} private key ({form})"),
            Self::EcPublicKey { form, curve } => write!(f, "an {curve} public key ({form})"),
            Self::OtherKey { form, algorithm } => {
                write!(f, "a key of another algorithm ({form}, {algorithm})")
            }
            Self::BareBytes { length: length @ 32 } => {
                write!(f, "{length} bare bytes, the length of an SM2 private key")
            }
            Self::BareBytes { length: length @ (64 | 65) } => {
                write!(f, "{length} bare bytes, the length of an SM2 public key")
            }
            Self::BareBytes { length } => write!(f, "{length} bare bytes that are no key structure"),
            Self::OddHex { digits } => write!(f, "{digits} hexadecimal digits, an odd number"),
            Self::CutOff { announced, present } => {
                write!(f, "a structure that announces {announced} bytes and has {present}")
            }
            Self::Text { length } => {
                write!(f, "{length} bytes of text that is neither PEM nor base64 nor hexadecimal")
            }
            Self::Binary { length } => write!(f, "{length} bytes that are neither text nor DER"),
            other => f.write_str(other.name()),
        }
    }
}

impl Found {
    /// The kinds that have nothing to count.
    const fn name(&self) -> &'static str {
        match self {
            Self::EncryptedPkcs8 => "an encrypted PKCS#8 private key",
            Self::EncryptedPem => "an encrypted private key (PEM with Proc-Type: 4,ENCRYPTED)",
            Self::Pkcs12 => "a PKCS#12 file (.pfx, .p12)",
            Self::Sm2Container => "a password-protected SM2 container (.sm2)",
            Self::Pkcs7 => "a PKCS#7 bundle of certificates (.p7b)",
            Self::CertificateRequest => "a certificate request (.csr)",
            Self::OpenSsh => "an OpenSSH key",
            Self::JavaKeyStore => "a Java key store (.jks)",
            Self::XmlKey => "a key in XML",
            Self::JsonKey => "a key in JSON",
            Self::UnreadablePem => "a PEM block without readable base64",
            _ => "a DER structure that is no key",
        }
    }
}

/// What to do about it: the mend that goes with an error.
pub(crate) fn advice(found: &Found, wanted: Wanted) -> &'static str {
    match found {
        Found::EncryptedPkcs8 | Found::EncryptedPem => "decrypt it first: openssl pkey -in FILE -out key.pem",
        Found::Pkcs12 => match wanted {
            Wanted::RsaPrivateKey => {
                "open it with `RsaPrivateKey::read_pkcs12` (feature `pkcs12`), or convert it: \
                 openssl pkcs12 -legacy -in FILE -nodes -nocerts -out key.pem"
            }
            _ => "take the key out: openssl pkcs12 -legacy -in FILE -nodes -out keys.pem",
        },
        Found::Sm2Container => "open it with `Sm2PrivateKey::read_sm2_container` and its password",
        Found::Pkcs7 => "take the certificate out: openssl pkcs7 -print_certs -in FILE -out cert.pem",
        Found::CertificateRequest => "use the key or certificate that belongs to it",
        Found::OpenSsh => "convert it: ssh-keygen -p -m PKCS8 -f FILE (on a copy)",
        Found::JavaKeyStore => "convert it: keytool -importkeystore -srckeystore FILE -deststoretype PKCS12",
        Found::XmlKey | Found::JsonKey => "convert it to PEM",
        Found::CutOff { .. } | Found::OddHex { .. } => "was it cut off when it was copied?",
        Found::RsaPrivateKey { .. } | Found::EcPrivateKey { .. } if !wanted.is_private() => {
            "a private key is never the other side's: use the public key or certificate that the provider gave you"
        }
        Found::RsaPublicKey { .. } | Found::EcPublicKey { .. } if wanted.is_private() => {
            "that is the half which may be shown; use the private key that was made together with it"
        }
        Found::RsaPublicKey { .. } if wanted == Wanted::RsaCertificate => {
            "a bare key has no serial number: add it with `insert` and the id that the provider gave with it"
        }
        Found::BareBytes { .. } | Found::Text { .. } | Found::Binary { .. } | Found::UnreadablePem => {
            "give the content of a key file: PEM, DER, or its base64 text"
        }
        _ => "check which algorithm was agreed with the provider",
    }
}
