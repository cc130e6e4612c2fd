//! What belongs to a message beside its fields: time, values that the caller hands in, values that the signer draws.

use payspec_codegen::ir::{FreshFormat, Signature};
use payspec_interpreter::Map;

use super::Draw;
use crate::bridge::{Moment, seal};

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &str = "0123456789abcdef";

impl Draw<'_> {
    /// The moment of a message that this signs or verifies.
    pub fn moment(&mut self, signature: &Signature) -> Moment {
        let provider = self.provider();
        let settings = self.random.settings.clone();
        let recipes = seal::recipes(&provider, signature, &settings);
        let mut given = Map::new();
        let mut fresh = Map::new();
        for recipe in recipes {
            for own in &recipe.given {
                let value = self.letters(LETTERS, 16);
                given.insert(&own.name.wire, value);
            }
            for own in &recipe.fresh {
                let length = usize::try_from(own.length.unwrap_or(16)).expect("a small number");
                let value = match own.format {
                    FreshFormat::Time(_) => continue,
                    FreshFormat::Alphanumeric => self.letters(LETTERS, length),
                    FreshFormat::Hex => self.letters(HEX, length),
                    FreshFormat::Bytes => self.letters(HEX, length * 2),
                    FreshFormat::Uuid => {
                        let groups = [8, 3, 3, 12].map(|length| self.letters(HEX, length));
                        let [first, third, fourth, last] = groups;
                        format!("{first}-{}-4{third}-a{fourth}-{last}", self.letters(HEX, 4))
                    }
                };
                fresh.insert(&own.name.wire, value);
            }
        }
        Moment::at(self.now).with(given, fresh)
    }

    fn letters(&mut self, of: &str, length: usize) -> String {
        let letters: Vec<char> = of.chars().collect();
        (0..length).map(|_| letters[self.index(letters.len())]).collect()
    }
}
