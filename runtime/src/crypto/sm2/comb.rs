//! Multiples of one public point, made once, so that multiplying it is addition only (a comb with signed digits).
//!
//! A provider's key verifies for years, and the crate behind this module computes such tables for the generator alone.
//! With one for the key a verification takes two fifths of the time; making it costs as much as one and a half verifications
//! without. Time depends on the numbers here, which is right for what everybody may know, and wrong for a private key.

use sm2::elliptic_curve::BatchNormalize;
use sm2::elliptic_curve::ff::PrimeField as _;
use sm2::elliptic_curve::group::Group as _;
use sm2::{AffinePoint, ProjectivePoint, Scalar};

/// Two digits in each byte of a scalar, and what is carried out of the last.
const BYTES: usize = 33;
/// Digits go from -7 to 8.
const MULTIPLES: usize = 8;

/// 1 to 8 times the point, then 1 to 8 times 256 times the point, and so on: 19 KB.
pub(super) struct Comb(Vec<AffinePoint>);

impl Comb {
    pub(super) fn new(point: &AffinePoint) -> Self {
        let mut points = Vec::with_capacity(BYTES * MULTIPLES);
        let mut base = ProjectivePoint::from(*point);
        for _ in 0..BYTES {
            let mut multiple = base;
            for _ in 0..MULTIPLES {
                points.push(multiple);
                multiple += base;
            }
            for _ in 0..8 {
                base = base.double();
            }
        }
        Self(ProjectivePoint::batch_normalize(points.as_slice()))
    }

    /// So many times the point.
    pub(super) fn multiply(&self, scalar: &Scalar) -> ProjectivePoint {
        let digits = digits(scalar);
        let mut sum = self.sum(digits.iter().map(|[_, high]| *high));
        for _ in 0..4 {
            sum = sum.double();
        }
        sum + self.sum(digits.iter().map(|[low, _]| *low))
    }

    fn sum(&self, digits: impl Iterator<Item = i8>) -> ProjectivePoint {
        let mut sum = ProjectivePoint::IDENTITY;
        for (digit, multiples) in digits.zip(self.0.chunks_exact(MULTIPLES)) {
            // Zero has no multiple.
            let Some(point) =
                usize::from(digit.unsigned_abs()).checked_sub(1).and_then(|at| multiples.get(at))
            else {
                continue;
            };
            if digit > 0 { sum += point } else { sum -= point }
        }
        sum
    }
}

/// The scalar to the base 16 with digits from -7 to 8, the low and the high one of each byte, the lowest byte first.
fn digits(scalar: &Scalar) -> [[i8; 2]; BYTES] {
    let mut digits = [[0; 2]; BYTES];
    let mut carry = 0;
    let mut signed = |nibble: u8| {
        let digit = nibble as i8 + carry;
        carry = i8::from(digit > MULTIPLES as i8);
        digit - 16 * carry
    };
    let bytes = scalar.to_repr();
    for (digits, byte) in digits.iter_mut().zip(bytes.iter().rev().chain([&0])) {
        *digits = [signed(byte & 0x0f), signed(byte >> 4)];
    }
    digits
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    /// One with every digit the same, the ends of the range and the turns of the carry.
    fn scalars() -> Vec<Scalar> {
        let same =
            [0x01, 0x10, 0x11, 0x77, 0x78, 0x79, 0x80, 0x87, 0x88, 0x89, 0x98, 0xf8, 0xff].map(|byte| {
                let mut bytes = [byte; 32];
                // Below the order, which begins with ff ff ff fe.
                bytes[0] &= 0x7f;
                Option::from(Scalar::from_repr(bytes.into())).unwrap()
            });
        let small = (0..40_u64).map(Scalar::from);
        small.clone().chain(small.map(|small| -small)).chain(same).collect()
    }

    #[test]
    fn a_comb_multiplies_as_the_crate_does() {
        let point = (ProjectivePoint::GENERATOR * Scalar::from(0xdead_beef_u64)).to_affine();
        let comb = Comb::new(&point);
        for scalar in scalars() {
            assert_eq!(comb.multiply(&scalar), ProjectivePoint::from(point) * scalar, "{scalar:?}");
        }
    }

    #[test]
    fn digits_say_what_the_scalar_is() {
        for scalar in scalars() {
            let value = |digit: i8| {
                let size = Scalar::from(u64::from(digit.unsigned_abs()));
                if digit < 0 { -size } else { size }
            };
            let sum = digits(&scalar).iter().rev().fold(Scalar::ZERO, |sum, [low, high]| {
                assert!((-7..=8).contains(low) && (-7..=8).contains(high));
                (sum * Scalar::from(16_u64) + value(*high)) * Scalar::from(16_u64) + value(*low)
            });
            assert_eq!(sum, scalar);
        }
    }
}
