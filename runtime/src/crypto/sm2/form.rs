//! The two ways of writing an SM2 signature: `SEQUENCE { INTEGER r, INTEGER s }` in DER, or `r` and `s` as
//! 32 bytes each.
//!
//! One signature in 128 has a number that is shorter than 32 bytes; padding it wrongly fails now and then and is
//! found late. Reading is strict: one signature has exactly one spelling.

use crate::crypto::der::{Reader, tag, without_leading_zeros};
use crate::crypto::error::VerifyError;

/// Length of one number.
const NUMBER: usize = 32;

/// How a signature's two numbers are written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sm2Form {
    /// A DER structure of 8 to 72 bytes, mostly 70 to 72.
    Der,
    /// 64 bytes: `r`, then `s`.
    Raw,
}

impl Sm2Form {
    pub(super) fn write(self, raw: [u8; 64]) -> Vec<u8> {
        match self {
            Self::Raw => raw.to_vec(),
            Self::Der => {
                let (r, s) = raw.split_at(NUMBER);
                let mut content = Vec::with_capacity(2 * (NUMBER + 3));
                push_integer(r, &mut content);
                push_integer(s, &mut content);
                // At most 70 bytes, so every length here is a single byte.
                let mut der = vec![tag::SEQUENCE, content.len() as u8];
                der.append(&mut content);
                der
            }
        }
    }

    pub(super) fn read(self, signature: &[u8]) -> Result<[u8; 64], VerifyError> {
        match self {
            Self::Raw => signature
                .try_into()
                .map_err(|_| VerifyError::Length { found: signature.len(), wanted: 2 * NUMBER }),
            Self::Der => read_der(signature),
        }
    }
}

fn read_der(signature: &[u8]) -> Result<[u8; 64], VerifyError> {
    let mut outer = Reader::new(signature);
    let mut numbers = outer.sequence()?;
    outer.end()?;
    let (r, s) = (numbers.strict_unsigned()?, numbers.strict_unsigned()?);
    numbers.end()?;
    let mut raw = [0; 64];
    let (left, right) = raw.split_at_mut(NUMBER);
    pad_left(r, left)?;
    pad_left(s, right)?;
    Ok(raw)
}

fn pad_left(number: &[u8], to: &mut [u8]) -> Result<(), VerifyError> {
    if number.len() > to.len() {
        return Err(VerifyError::Range);
    }
    to.iter_mut().rev().zip(number.iter().rev()).for_each(|(to, from)| *to = *from);
    Ok(())
}

fn push_integer(number: &[u8], der: &mut Vec<u8>) {
    let number = without_leading_zeros(number);
    // A leading zero where the highest bit would make the number negative; and zero itself is one zero byte.
    let sign = number.first().is_none_or(|byte| *byte >= 0x80);
    der.extend([tag::INTEGER, (number.len() + usize::from(sign)) as u8]);
    if sign {
        der.push(0);
    }
    der.extend(number);
}
