//! The key operation alone: that of the runtime, whose backend is the crate `rsa`; or, with the feature `openssl`, that
//! of OpenSSL itself as `openssl speed` measures it, with everything that one key needs made beforehand.

use payspec::runtime::RsaDigest;

#[cfg(feature = "openssl")]
pub(super) use self::by_openssl::{signing, verifying};
#[cfg(not(feature = "openssl"))]
pub(super) use self::by_runtime::{signing, verifying};

#[cfg(not(feature = "openssl"))]
mod by_runtime {
    use payspec::RsaPrivateKey;

    use super::RsaDigest;

    /// Digest and private operation.
    pub(crate) fn signing(key: &[u8], digest: RsaDigest) -> impl Fn(&[u8]) -> Vec<u8> + Clone + 'static {
        let key = RsaPrivateKey::read(key).unwrap();
        move |text| key.sign(digest, text).unwrap()
    }

    /// Digest and public operation.
    pub(crate) fn verifying(key: &[u8], digest: RsaDigest) -> impl Fn(&[u8], &[u8]) + Clone + 'static {
        let key = RsaPrivateKey::read(key).unwrap().public_key();
        move |text, signature| key.verify(digest, text, signature).unwrap()
    }
}

#[cfg(feature = "openssl")]
mod by_openssl {
    use std::{cell::RefCell, rc::Rc};

    use openssl::{
        md::{Md, MdRef},
        pkey::PKey,
        pkey_ctx::PkeyCtx,
        rsa::Padding,
        sha::{sha1, sha256, sha512},
    };

    use super::RsaDigest;

    fn name(digest: RsaDigest) -> &'static MdRef {
        match digest {
            RsaDigest::Sha1 => Md::sha1(),
            RsaDigest::Sha256 => Md::sha256(),
            RsaDigest::Sha512 => Md::sha512(),
        }
    }

    /// `EVP_PKEY_sign`, into a new vector.
    pub(crate) fn signing(key: &[u8], digest: RsaDigest) -> impl Fn(&[u8]) -> Vec<u8> + Clone + 'static {
        let key = PKey::private_key_from_pem(key).unwrap();
        let mut context = PkeyCtx::new(&key).unwrap();
        context.sign_init().unwrap();
        context.set_rsa_padding(Padding::PKCS1).unwrap();
        context.set_signature_md(name(digest)).unwrap();
        let (context, size) = (Rc::new(RefCell::new(context)), key.size());
        move |text| {
            let mut signature = vec![0; size];
            let mut sign = |hash: &[u8]| context.borrow_mut().sign(hash, Some(&mut signature)).unwrap();
            match digest {
                RsaDigest::Sha1 => sign(&sha1(text)),
                RsaDigest::Sha256 => sign(&sha256(text)),
                RsaDigest::Sha512 => sign(&sha512(text)),
            };
            signature
        }
    }

    /// `EVP_PKEY_verify`.
    pub(crate) fn verifying(key: &[u8], digest: RsaDigest) -> impl Fn(&[u8], &[u8]) + Clone + 'static {
        let key = PKey::private_key_from_pem(key).unwrap();
        let key = PKey::public_key_from_pem(&key.public_key_to_pem().unwrap()).unwrap();
        let mut context = PkeyCtx::new(&key).unwrap();
        context.verify_init().unwrap();
        context.set_rsa_padding(Padding::PKCS1).unwrap();
        context.set_signature_md(name(digest)).unwrap();
        let context = Rc::new(RefCell::new(context));
        move |text, signature| {
            let verify = |hash: &[u8]| context.borrow_mut().verify(hash, signature).unwrap();
            assert!(match digest {
                RsaDigest::Sha1 => verify(&sha1(text)),
                RsaDigest::Sha256 => verify(&sha256(text)),
                RsaDigest::Sha512 => verify(&sha512(text)),
            });
        }
    }
}
