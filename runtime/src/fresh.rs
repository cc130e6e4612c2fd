//! Fresh values: nonces, salts, times, made by the signer for one message and known to the verifier only from where
//! they are placed.

mod written_time;

use std::borrow::Cow;
use std::fmt;

use zeroize::Zeroizing;

pub use self::written_time::WrittenTime;
use crate::{Message, Operand, Randomness, RecipeError, Timestamp, Unverified, crypto::digest::push_hex};

/// What a fresh value is. Lengths are in characters; of bytes, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreshFormat {
    /// The present instant.
    Time(WrittenTime),
    /// So many letters and digits.
    Alphanumeric(usize),
    /// So many lower-case hex digits.
    Hex(usize),
    /// A random UUID (version 4), with hyphens.
    Uuid,
    /// So many random bytes.
    Bytes(usize),
}

/// The fresh values of one message, by their names.
#[derive(Clone, Default)]
pub struct FreshValues {
    values: Vec<(&'static str, Value)>,
}

#[derive(Clone)]
enum Value {
    Text(String),
    Bytes(Vec<u8>),
}

impl FreshValues {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { values: Vec::new() }
    }

    /// Makes a value.
    ///
    /// # Errors
    /// There is no randomness to be had.
    pub fn make(
        &mut self,
        name: &'static str,
        format: FreshFormat,
        now: Timestamp,
        randomness: &dyn Randomness,
    ) -> Result<(), RecipeError> {
        let value = match format {
            FreshFormat::Time(time) => Value::Text(time.write(now)),
            FreshFormat::Alphanumeric(length) => Value::Text(alphanumeric(length, randomness)?),
            FreshFormat::Hex(length) => {
                let mut hex = String::new();
                push_hex(&random(length.div_ceil(2), randomness)?, b'a', &mut hex);
                hex.truncate(length);
                Value::Text(hex)
            }
            FreshFormat::Uuid => Value::Text(uuid(randomness)?),
            FreshFormat::Bytes(length) => Value::Bytes(random(length, randomness)?.to_vec()),
        };
        self.values.push((name, value));
        Ok(())
    }

    /// Takes over a value that was received. The same name twice must have the same value: else `false`.
    #[must_use]
    pub fn receive(&mut self, name: &'static str, text: &str) -> bool {
        match self.find(name) {
            Some(Value::Text(known)) => known == text,
            Some(Value::Bytes(known)) => known == text.as_bytes(),
            None => {
                self.values.push((name, Value::Text(text.to_owned())));
                true
            }
        }
    }

    /// Takes over the values that stand at the end of an opened text, the last one first, each of so many bytes. `false`
    /// if the text is shorter.
    #[must_use]
    pub fn receive_end(&mut self, opened: &[u8], values: &[(&'static str, usize)]) -> bool {
        let mut rest = opened;
        for (name, length) in values {
            let split = rest.len().checked_sub(*length).and_then(|at| rest.split_at_checked(at));
            let Some((before, value)) = split else { return false };
            self.values.push((name, Value::Bytes(value.to_vec())));
            rest = before;
        }
        true
    }

    /// Takes over the value that stands in a field of its own.
    ///
    /// # Errors
    /// It is missing or empty, or another value of the same name stands elsewhere.
    pub fn receive_field(
        &mut self,
        name: &'static str,
        message: &Message<'_>,
        path: &[&str],
    ) -> Result<(), Unverified> {
        self.receive_from(name, message.placed_field(path))
    }

    /// Takes over the value that stands in a header of its own.
    ///
    /// # Errors
    /// As [`FreshValues::receive_field`].
    pub fn receive_header(
        &mut self,
        name: &'static str,
        message: &Message<'_>,
        header: &str,
    ) -> Result<(), Unverified> {
        self.receive_from(name, message.placed_header(header))
    }

    /// Takes over the value that stands in a parameter of the query of its own.
    ///
    /// # Errors
    /// As [`FreshValues::receive_field`].
    pub fn receive_query(
        &mut self,
        name: &'static str,
        message: &Message<'_>,
        parameter: &str,
    ) -> Result<(), Unverified> {
        self.receive_from(name, message.placed_query(parameter))
    }

    fn receive_from(
        &mut self,
        name: &'static str,
        placed: Result<Cow<'_, str>, RecipeError>,
    ) -> Result<(), Unverified> {
        let text = placed.map_err(|error| match error {
            // It is no signature that is missing.
            RecipeError::MissingSignature { place } | RecipeError::EmptySignature { place } => {
                RecipeError::EmptyField { name: place }
            }
            other => other,
        })?;
        if self.receive(name, &text) { Ok(()) } else { Err(Unverified::OtherForm { place: name.to_owned() }) }
    }

    /// A value, to be put into a text.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn value(&self, name: &str) -> Result<Operand<'_>, RecipeError> {
        match self.find(name) {
            Some(Value::Text(text)) => Ok(Operand::text(text.as_str())),
            Some(Value::Bytes(bytes)) => Ok(Operand::bytes(bytes.as_slice())),
            None => Err(RecipeError::EmptyField { name: name.to_owned() }),
        }
    }

    /// A value as text, to be placed.
    ///
    /// # Errors
    /// There is none of this name, or it is bytes.
    pub fn text(&self, name: &str) -> Result<&str, RecipeError> {
        match self.find(name) {
            Some(Value::Text(text)) => Ok(text),
            Some(Value::Bytes(bytes)) => std::str::from_utf8(bytes).map_err(|_| RecipeError::NotText),
            None => Err(RecipeError::EmptyField { name: name.to_owned() }),
        }
    }

    fn find(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// Shows names only.
impl fmt::Debug for FreshValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FreshValues")?;
        f.debug_list().entries(self.values.iter().map(|(name, _)| name)).finish()
    }
}

fn random(length: usize, randomness: &dyn Randomness) -> Result<Zeroizing<Vec<u8>>, RecipeError> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    randomness.fill(&mut bytes).map_err(|_| RecipeError::Randomness)?;
    Ok(bytes)
}

/// Each character is equally likely: of the 256 values of a byte, the 8 beyond four times 62 are thrown away.
fn alphanumeric(length: usize, randomness: &dyn Randomness) -> Result<String, RecipeError> {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    /// A source that gives nothing but bytes to be thrown away is broken.
    const ROUNDS: usize = 64;
    let mut text = String::with_capacity(length);
    for _ in 0..ROUNDS {
        let missing = length - text.len();
        if missing == 0 {
            return Ok(text);
        }
        let bytes = random(missing, randomness)?;
        let letters = bytes.iter().filter(|byte| usize::from(**byte) < ALPHABET.len() * 4);
        text.extend(
            letters
                .filter_map(|byte| ALPHABET.get(usize::from(*byte) % ALPHABET.len()))
                .copied()
                .map(char::from),
        );
    }
    if text.len() == length { Ok(text) } else { Err(RecipeError::Randomness) }
}

/// RFC 9562, section 5.4.
fn uuid(randomness: &dyn Randomness) -> Result<String, RecipeError> {
    let mut bytes = [0; 16];
    randomness.fill(&mut bytes).map_err(|_| RecipeError::Randomness)?;
    let mut number = u128::from_be_bytes(bytes);
    number = number & !(0xf << 76) | 0x4 << 76;
    number = number & !(0x3 << 62) | 0x2 << 62;
    let hex = format!("{number:032x}");
    let mut rest = hex.as_str();
    let mut groups = Vec::with_capacity(5);
    for length in [8, 4, 4, 4, 12] {
        let (group, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        groups.push(group);
        rest = behind;
    }
    Ok(groups.join("-"))
}
