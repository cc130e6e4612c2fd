//! The two backends, held against each other: the same bytes, the same refusals. Keys are made by OpenSSL for each run.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use ::openssl::bn::{BigNum, BigNumContext};
use ::openssl::pkey::Private;
use ::openssl::rsa::{Padding, Rsa};

use super::{PADDING, RsaDigest, RsaPrivateKey, openssl, pure};
use crate::crypto::rsa_parts::{RsaPrivateParts, RsaPublicParts};

const DIGESTS: [RsaDigest; 3] = [RsaDigest::Sha1, RsaDigest::Sha256, RsaDigest::Sha512];

/// The numbers of a key, big-endian.
#[derive(Clone)]
struct Numbers {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
    private_exponent: Vec<u8>,
    primes: [Vec<u8>; 2],
}

/// One key in both backends.
struct Both {
    pure: (pure::PrivateKey, pure::PublicKey),
    openssl: (openssl::PrivateKey, openssl::PublicKey),
}

impl Numbers {
    fn of(key: &Rsa<Private>) -> Self {
        Self {
            modulus: key.n().to_vec(),
            exponent: key.e().to_vec(),
            private_exponent: key.d().to_vec(),
            primes: [key.p().unwrap().to_vec(), key.q().unwrap().to_vec()],
        }
    }

    fn generate(bits: u32) -> Self {
        Self::of(&Rsa::generate(bits).unwrap())
    }

    /// Of these primes and this public exponent.
    fn from_primes(primes: [&BigNum; 2], exponent: u32) -> Self {
        let mut context = BigNumContext::new().unwrap();
        let mut product = |left: &BigNum, right: &BigNum| {
            let mut product = BigNum::new().unwrap();
            product.checked_mul(left, right, &mut context).unwrap();
            product
        };
        let less_one = |prime: &BigNum| prime - &BigNum::from_u32(1).unwrap();
        let modulus = product(primes[0], primes[1]);
        let order = product(&less_one(primes[0]), &less_one(primes[1]));
        let exponent = BigNum::from_u32(exponent).unwrap();
        let mut private_exponent = BigNum::new().unwrap();
        private_exponent.mod_inverse(&exponent, &order, &mut context).unwrap();
        Self {
            modulus: modulus.to_vec(),
            exponent: exponent.to_vec(),
            private_exponent: private_exponent.to_vec(),
            primes: primes.map(|prime| prime.to_vec()),
        }
    }

    fn public(&self) -> RsaPublicParts<'_> {
        RsaPublicParts { modulus: &self.modulus, exponent: &self.exponent }
    }

    fn private(&self) -> RsaPrivateParts<'_> {
        let [p, q] = &self.primes;
        RsaPrivateParts { public: self.public(), private_exponent: &self.private_exponent, primes: [p, q] }
    }

    /// Whether the backends, first Rust alone, make a private key of them.
    fn accepted(&self) -> (bool, bool) {
        let parts = self.private();
        (pure::PrivateKey::from_parts(&parts).is_some(), openssl::PrivateKey::from_parts(&parts).is_some())
    }

    /// The same for the public half.
    fn public_accepted(&self) -> (bool, bool) {
        let parts = self.public();
        (pure::PublicKey::from_parts(&parts).is_some(), openssl::PublicKey::from_parts(&parts).is_some())
    }

    fn keys(&self) -> Both {
        let (private, public) = (self.private(), self.public());
        Both {
            pure: (
                pure::PrivateKey::from_parts(&private).unwrap(),
                pure::PublicKey::from_parts(&public).unwrap(),
            ),
            openssl: (
                openssl::PrivateKey::from_parts(&private).unwrap(),
                openssl::PublicKey::from_parts(&public).unwrap(),
            ),
        }
    }
}

impl Both {
    /// What both say of a signature.
    fn verdict(&self, digest: RsaDigest, hash: &[u8], signature: &[u8]) -> (bool, bool) {
        let (pure, openssl) = (&self.pure.1, &self.openssl.1);
        (pure.is_signature(digest, hash, signature), openssl.is_signature(digest, hash, signature))
    }
}

/// What is done to good numbers.
type Change<'a> = &'a dyn Fn(&mut Numbers);

fn number(bytes: &[u8]) -> BigNum {
    BigNum::from_slice(bytes).unwrap()
}

fn plus(bytes: &[u8], more: u32) -> Vec<u8> {
    (&number(bytes) + &BigNum::from_u32(more).unwrap()).to_vec()
}

#[test]
fn both_backends_sign_the_same_bytes_with_every_size_and_digest() {
    for bits in [1024, 1031, 2048, 3072, 4096] {
        let keys = Numbers::generate(bits).keys();
        assert_eq!((keys.pure.0.bits(), keys.openssl.0.bits()), (bits as usize, bits as usize));
        assert_eq!((keys.pure.1.bits(), keys.openssl.1.bits()), (bits as usize, bits as usize));
        assert_eq!(keys.pure.1.size(), keys.openssl.1.size());
        for digest in DIGESTS {
            for message in [&b""[..], b"message", &[0xff; 1000]] {
                let hash = digest.of(message);
                let signature = keys.pure.0.sign(digest, hash.as_bytes()).unwrap();
                assert_eq!(
                    keys.openssl.0.sign(digest, hash.as_bytes()).unwrap(),
                    signature,
                    "{bits} {digest:?}"
                );
                assert_eq!(keys.verdict(digest, hash.as_bytes(), &signature), (true, true));
                assert_eq!(keys.pure.1.opened(&signature), keys.openssl.1.opened(&signature));
                assert!(keys.openssl.1.opened(&signature).unwrap().starts_with(&PADDING));
            }
        }
    }
}

#[test]
fn one_key_signs_and_verifies_in_many_threads_at_once() {
    let keys = Numbers::generate(1024).keys();
    let hash = RsaDigest::Sha256.of(b"message");
    let signature = keys.pure.0.sign(RsaDigest::Sha256, hash.as_bytes()).unwrap();
    let (private, public) = &keys.openssl;
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..100 {
                    assert_eq!(private.sign(RsaDigest::Sha256, hash.as_bytes()).unwrap(), signature);
                    assert!(public.is_signature(RsaDigest::Sha256, hash.as_bytes(), &signature));
                }
            });
        }
    });
}

#[test]
fn both_backends_refuse_every_changed_bit_of_a_signature_or_digest() {
    let keys = Numbers::generate(1024).keys();
    let hash = RsaDigest::Sha256.of(b"message");
    let signature = keys.openssl.0.sign(RsaDigest::Sha256, hash.as_bytes()).unwrap();
    for bit in 0..1024 {
        let mut forged = signature.clone();
        forged[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(keys.verdict(RsaDigest::Sha256, hash.as_bytes(), &forged), (false, false), "{bit}");
    }
    for bit in 0..256 {
        let mut other = hash.as_bytes().to_vec();
        other[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(keys.verdict(RsaDigest::Sha256, &other, &signature), (false, false), "{bit}");
    }
}

#[test]
fn both_backends_refuse_numbers_that_no_private_key_makes() {
    let numbers = Numbers::generate(1024);
    let keys = numbers.keys();
    let over = (&number(&numbers.modulus) + &number(&[5])).to_vec();
    for wrong in
        [vec![0; 128], [&[0; 127][..], &[1]].concat(), numbers.modulus.clone(), over, vec![0xff; 128]]
    {
        for digest in DIGESTS {
            let hash = digest.of(b"message");
            assert_eq!(keys.verdict(digest, hash.as_bytes(), &wrong), (false, false), "{wrong:02x?}");
        }
    }
}

/// The door refuses other lengths; a backend that is asked all the same says no.
#[test]
fn both_backends_refuse_signatures_of_other_lengths() {
    let keys = Numbers::generate(1024).keys();
    let hash = RsaDigest::Sha1.of(b"message");
    let signature = keys.pure.0.sign(RsaDigest::Sha1, hash.as_bytes()).unwrap();
    for wrong in [&[][..], &signature[1..], &[&[0], &signature[..]].concat(), &[1; 4096]] {
        assert_eq!(keys.verdict(RsaDigest::Sha1, hash.as_bytes(), wrong), (false, false));
    }
}

/// What a forger with a key of exponent 3 would hope for, signed with the real key.
#[test]
fn both_backends_accept_exactly_one_padding() {
    let key = Rsa::generate(1024).unwrap();
    let keys = Numbers::of(&key).keys();
    let hash = RsaDigest::Sha1.of(b"message");
    let right =
        keys.openssl.1.opened(&keys.openssl.0.sign(RsaDigest::Sha1, hash.as_bytes()).unwrap()).unwrap();
    let verdict = |padded: &[u8]| {
        let mut signature = vec![0; 128];
        key.private_encrypt(padded, &mut signature, Padding::NONE).unwrap();
        keys.verdict(RsaDigest::Sha1, hash.as_bytes(), &signature)
    };
    assert_eq!(verdict(&right), (true, true));
    let info = &right[128 - 35..];
    let without_null = [&[0x30, 0x1f, 0x30, 7], &info[4..11], &info[13..]].concat();
    let padded = |kind: u8, fill: usize, info: &[u8]| {
        let mut padded = [&[0, kind], &vec![0xff; fill][..], &[0], info].concat();
        padded.resize(128, 0x5a);
        padded
    };
    let mut wrong = vec![
        padded(2, 90, info),
        padded(0, 90, info),
        padded(1, 8, info),
        padded(1, 89, info),
        padded(1, 92, &without_null),
        padded(1, 105, hash.as_bytes()),
    ];
    wrong.extend((0..93).map(|place| {
        let mut padded = right.clone();
        padded[place] ^= 0x40;
        // A first byte that large is above the modulus and cannot be signed.
        padded[0] &= 1;
        padded
    }));
    for (index, wrong) in wrong.iter().enumerate().filter(|(_, wrong)| **wrong != right) {
        assert_eq!(verdict(wrong), (false, false), "{index}: {wrong:02x?}");
    }
}

#[test]
fn both_backends_accept_the_same_public_numbers() {
    let good = Numbers::generate(1024);
    let verdict = |change: Change<'_>| {
        let mut numbers = good.clone();
        change(&mut numbers);
        numbers.public_accepted()
    };
    assert_eq!(good.public_accepted(), (true, true));
    for exponent in [&[3][..], &[17], &[1, 0, 1], &[1, 0xff, 0xff, 0xff, 0xff]] {
        assert_eq!(verdict(&|numbers| numbers.exponent = exponent.to_vec()), (true, true), "{exponent:?}");
    }
    // None, one, even ones, and those from 2^33 on, up to one that does not fit in anything.
    let refused = [&[][..], &[1], &[2], &[1, 0, 0], &[2, 0, 0, 0, 1], &[1; 8], &[1; 9], &[0x7f; 128]];
    for exponent in refused {
        assert_eq!(verdict(&|numbers| numbers.exponent = exponent.to_vec()), (false, false), "{exponent:?}");
    }
    assert_eq!(verdict(&|numbers| numbers.modulus[127] ^= 1), (false, false), "an even modulus");
}

#[test]
fn both_backends_accept_the_same_private_numbers() {
    let good = Numbers::generate(1024);
    let modulus = good.modulus.clone();
    let wrong: [(&str, Change<'_>); 17] = [
        ("another modulus", &|key| key.modulus = plus(&key.modulus, 2)),
        ("an even modulus", &|key| key.modulus = plus(&key.modulus, 1)),
        ("another exponent", &|key| key.exponent = vec![3]),
        ("an even exponent", &|key| key.exponent = vec![1, 0, 0]),
        ("no exponent", &|key| key.exponent.clear()),
        ("a huge exponent", &|key| key.exponent = vec![1; 9]),
        ("another private exponent", &|key| key.private_exponent = plus(&key.private_exponent, 2)),
        ("no private exponent", &|key| key.private_exponent.clear()),
        ("a private exponent as long as can be", &|key| key.private_exponent = vec![0xff; 128]),
        ("a private exponent that is too long", &|key| key.private_exponent = vec![1; 4096]),
        ("another prime", &|key| key.primes[0] = plus(&key.primes[0], 2)),
        ("the same prime twice", &|key| key.primes[1] = key.primes[0].clone()),
        ("no prime", &|key| key.primes = [vec![], vec![]]),
        ("a prime that is too long", &|key| key.primes[1] = vec![1; 4096]),
        ("a prime of zero", &|key| key.primes[0] = vec![]),
        ("the modulus and one", &|key| key.primes = [modulus.clone(), vec![1]]),
        ("one and the modulus", &|key| key.primes = [vec![1], modulus.clone()]),
    ];
    for (what, change) in wrong {
        let mut numbers = good.clone();
        change(&mut numbers);
        assert_eq!(numbers.accepted(), (false, false), "{what}");
    }
    assert_eq!(good.accepted(), (true, true));
}

#[test]
fn both_backends_want_a_private_exponent_below_the_modulus_and_take_any_that_fits() {
    let good = Numbers::generate(1024);
    let less_one = |prime: &Vec<u8>| &number(prime) - &BigNum::from_u32(1).unwrap();
    let order = &less_one(&good.primes[0]) * &less_one(&good.primes[1]);
    let mut below = BigNum::new().unwrap();
    // OpenSSL makes exponents modulo the least common multiple; adding multiples of it leads up to the modulus.
    let mut multiple = BigNum::new().unwrap();
    let mut context = BigNumContext::new().unwrap();
    below.gcd(&less_one(&good.primes[0]), &less_one(&good.primes[1]), &mut context).unwrap();
    multiple.checked_div(&order, &below, &mut context).unwrap();
    let mut exponent = number(&good.private_exponent);
    let signature = good.keys().pure.0.sign(RsaDigest::Sha1, &[7; 20]).unwrap();
    while exponent < number(&good.modulus) {
        let numbers = Numbers { private_exponent: exponent.to_vec(), ..good.clone() };
        assert_eq!(numbers.keys().openssl.0.sign(RsaDigest::Sha1, &[7; 20]).unwrap(), signature);
        assert_eq!(numbers.accepted(), (true, true));
        exponent = &exponent + &multiple;
    }
    let numbers = Numbers { private_exponent: exponent.to_vec(), ..good };
    assert_eq!(numbers.accepted(), (false, false));
}

#[test]
fn primes_in_the_other_order_make_the_same_key() {
    let good = Numbers::generate(1024);
    let swapped = Numbers { primes: [good.primes[1].clone(), good.primes[0].clone()], ..good.clone() };
    let signature = good.keys().openssl.0.sign(RsaDigest::Sha512, &[7; 64]).unwrap();
    for keys in [good.keys(), swapped.keys()] {
        assert_eq!(keys.openssl.0.sign(RsaDigest::Sha512, &[7; 64]).unwrap(), signature);
        assert_eq!(keys.pure.0.sign(RsaDigest::Sha512, &[7; 64]).unwrap(), signature);
    }
}

#[test]
fn both_backends_refuse_primes_of_unequal_length_and_the_door_one_prime_twice() {
    let prime = |bits| {
        let mut prime = BigNum::new().unwrap();
        prime.generate_prime(bits, true, None, None).unwrap();
        prime
    };
    let (long, short, half) = (prime(600), prime(425), prime(512));
    assert_eq!(Numbers::from_primes([&long, &short], 65537).accepted(), (false, false));
    let twice = Numbers::from_primes([&half, &half], 65537);
    assert!(RsaPrivateKey::from_parts(&twice.private()).is_none());
    assert!(openssl::PrivateKey::from_parts(&twice.private()).is_none());
}

#[test]
fn halves_of_a_key_are_told_from_others_and_ones_own() {
    let numbers = Numbers::generate(1024);
    let (keys, other) = (numbers.keys(), Numbers::generate(1024).keys());
    assert!(keys.openssl.1.is_half_of(&keys.openssl.0) && keys.pure.1.is_half_of(&keys.pure.0));
    assert!(keys.openssl.0.public_key().is_half_of(&keys.openssl.0));
    assert!(keys.pure.0.public_key().is_half_of(&keys.pure.0));
    assert!(!other.openssl.1.is_half_of(&keys.openssl.0) && !other.pure.1.is_half_of(&keys.pure.0));
    let same_modulus = Numbers { exponent: vec![3], ..numbers };
    let public = openssl::PublicKey::from_parts(&same_modulus.public()).unwrap();
    assert!(!public.is_half_of(&keys.openssl.0));
    assert_eq!(public.bits(), 1024);
}
