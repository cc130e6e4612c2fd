//! What belongs to one message and is no field of it: the time, values that the caller hands in, values that the
//! signer would draw.
//!
//! The interpreter takes drawn values by name. Generated code draws them from its client's source of randomness; here
//! the bytes are worked out that make it draw the same ones.

use payspec_codegen::ir::{FreshFormat, Recipe};
use payspec_interpreter::{Instant, Map, Supplied};
use payspec_runtime::Secret;

/// The circumstances of one message.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The clock.
    pub now: Instant,
    /// Values that the caller hands in, by name.
    pub given: Map<String>,
    /// Values that the signer would draw, by name; of bytes, in hex.
    pub fresh: Map<String>,
    /// What a source of randomness must give for that.
    pub(super) drawn: Vec<u8>,
}

impl Moment {
    /// This instant, and nothing beside it.
    #[must_use]
    pub const fn at(now: Instant) -> Self {
        Self { now, given: Map::new(), fresh: Map::new(), drawn: Vec::new() }
    }

    /// The same with these values handed in, and these drawn.
    #[must_use]
    pub fn with(self, given: Map<String>, fresh: Map<String>) -> Self {
        Self { given, fresh, ..self }
    }

    /// The same for the interpreter.
    #[must_use]
    pub fn supplied(&self) -> Supplied {
        Supplied {
            given: self.given.clone(),
            fresh: self.fresh.clone(),
            now: Some(self.now),
            ..Supplied::default()
        }
    }

    /// A public value that the caller hands in.
    ///
    /// # Panics
    /// There is none of this name.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.given.get(name).unwrap_or_else(|| panic!("the message needs the given value `{name}`"))
    }

    /// A secret value that the caller hands in.
    ///
    /// # Panics
    /// There is none of this name.
    #[must_use]
    pub fn secret(&self, name: &str) -> Secret {
        let secret = self.text(name);
        super::shown::handed_in(secret);
        Secret::new(secret)
    }

    /// The same for a message that these recipes sign, in this order. Times are drawn from the clock.
    ///
    /// # Panics
    /// A value is missing, or is none of its format.
    #[must_use]
    pub fn drawing(&self, recipes: &[&Recipe]) -> Self {
        let mut drawn = Vec::new();
        for fresh in recipes.iter().flat_map(|recipe| &recipe.fresh) {
            let name = &fresh.name.wire;
            if !matches!(fresh.format, FreshFormat::Time(_)) {
                let value = self.fresh.get(name);
                let value = value.unwrap_or_else(|| panic!("the message needs the fresh value `{name}`"));
                drawn.extend(bytes_behind(&fresh.format, value));
            }
        }
        Self { drawn, ..self.clone() }
    }
}

/// The random bytes of which a value of this format is made.
fn bytes_behind(format: &FreshFormat, value: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    match format {
        FreshFormat::Alphanumeric => {
            let place = |letter: char| ALPHABET.find(letter).expect("a letter or a digit");
            value.chars().map(|letter| u8::try_from(place(letter)).expect("62 of them")).collect()
        }
        FreshFormat::Hex | FreshFormat::Uuid | FreshFormat::Bytes => {
            let digit = |digit: char| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            let digits: Vec<u8> = value
                .chars()
                .filter(|letter| *letter != '-')
                .map(|letter| digit(letter).expect("hex"))
                .collect();
            digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
        }
        FreshFormat::Time(_) => Vec::new(),
    }
}
