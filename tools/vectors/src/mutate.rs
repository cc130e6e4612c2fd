//! Every value of a message changed by one character, or left out, and whether that is noticed.
//!
//! The unchanged message is taken in the same loop, so that a refusal means the change and nothing else. A request is
//! changed on its way: the interpreter plays the provider, with the old signature. A change that is taken although the
//! signed text is another one is a failure; where the text is the same, the value is simply not signed, which is the
//! provider's rule, and is told.

use payspec_interpreter::{Because, Ending, Refusal};

use crate::packet::{Packet, Spot, changed_text};
use crate::run::{Failed, Held, Runner};
use crate::vector::Subject;

/// What came of the changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// How many were refused.
    pub refused: usize,
    /// Those that are not noticed, because what was changed is not signed.
    pub unnoticed: Vec<String>,
    /// Why nothing was changed.
    pub skipped: Option<String>,
}

/// What somebody says to a message: the texts that it composed, or a refusal.
type Said = Result<Vec<Vec<u8>>, String>;

impl Runner<'_> {
    /// Changes each value of the message that was run, one at a time.
    ///
    /// # Errors
    /// A change that is signed and yet taken; or the unchanged message is refused.
    pub fn change(&self, held: &Held) -> Result<Tried, Failed> {
        if let Subject::Recipe(name) = &self.vector.subject {
            return self.change_pairs(name);
        }
        let Some(packet) = &held.packet else { return Ok(Tried::default()) };
        if let Some(reason) = self.is_beyond(packet) {
            return Ok(Tried { skipped: Some(reason), ..Tried::default() });
        }
        let mut tried = Tried::default();
        for spot in packet.spots() {
            let unchanged = self.say(packet);
            let unchanged = unchanged
                .map_err(|refusal| self.failed(format!("the unchanged message is refused: {refusal}")))?;
            for (change, changed) in changes(packet, &spot) {
                self.judge(change, &unchanged, &self.say(&changed), &mut tried)?;
            }
        }
        Ok(tried)
    }

    /// Why a message cannot be judged by its receiver.
    fn is_beyond(&self, packet: &Packet) -> Option<String> {
        match &self.vector.subject {
            Subject::Request(name) => match self.accepted(name, packet) {
                Err(Refusal::Seal(_)) => Some("only the provider has the key that verifies it".to_owned()),
                _ => None,
            },
            _ => None,
        }
    }

    fn say(&self, packet: &Packet) -> Said {
        let supplied = &self.vector.supplied;
        match &self.vector.subject {
            Subject::Request(name) => self.accepted(name, packet).map_err(|refusal| refusal.to_string()),
            Subject::Callback(name) => packet
                .incoming(|incoming| self.interpreter.verify_callback_with(name, incoming, supplied))
                .map(|verified| verified.texts.iter().map(|(_, text)| text.bytes().to_vec()).collect())
                .map_err(|refusal| refusal.to_string()),
            Subject::Response(name) => {
                // What a code says is believed as well, whatever it means for the caller; what is verified and cannot
                // be read is believed where that is what the vector expects.
                match self.ending(name, packet) {
                    Ending::Reply { .. }
                    | Ending::Rejected { .. }
                    | Ending::Unknown(Because::Code { .. }) => {}
                    Ending::Unknown(Because::Malformed(_)) if self.vector.error.is_some() => {}
                    Ending::Unknown(because) => return Err(because.to_string()),
                }
                let body = packet.body_bytes();
                let texts = self.interpreter.reply_texts(name, &packet.headers, &body, supplied);
                let texts = texts.unwrap_or_default();
                Ok(texts.iter().map(|(_, text)| text.bytes().to_vec()).collect())
            }
            Subject::Recipe(_) => Ok(Vec::new()),
        }
    }

    fn judge(
        &self,
        change: String,
        unchanged: &[Vec<u8>],
        said: &Said,
        tried: &mut Tried,
    ) -> Result<(), Failed> {
        match said {
            Err(_) => tried.refused += 1,
            Ok(texts) if texts == unchanged => tried.unnoticed.push(change),
            Ok(_) => {
                return Err(self
                    .failed(format!("{change}: the signed text is another one, and the message is taken")));
            }
        }
        Ok(())
    }

    fn change_pairs(&self, name: &str) -> Result<Tried, Failed> {
        let pairs = self.recipe_pairs()?;
        let signature = self.vector.signature.as_deref().unwrap_or_default();
        let say = |pairs: &[(String, String)], signature: &str| -> Said {
            match self.interpreter.recipe_accepts(name, pairs, signature) {
                Some(Ok(_)) => Ok(Vec::from_iter(self.text_of(name, pairs))),
                Some(Err(refusal)) => Err(refusal.to_string()),
                None => Err("no such recipe".to_owned()),
            }
        };
        let mut tried = Tried::default();
        for at in 0..pairs.len() {
            let unchanged = say(&pairs, signature);
            let unchanged = unchanged
                .map_err(|refusal| self.failed(format!("the unchanged pairs are refused: {refusal}")))?;
            let mut changed = pairs.clone();
            let Some((name, value)) = changed.get_mut(at) else { continue };
            *value = changed_text(value);
            let change = format!("pair {name}");
            self.judge(change, &unchanged, &say(&changed, signature), &mut tried)?;
        }
        self.judge("signature".to_owned(), &[], &say(&pairs, &changed_text(signature)), &mut tried)?;
        Ok(tried)
    }

    fn text_of(&self, name: &str, pairs: &[(String, String)]) -> Option<Vec<u8>> {
        let text = self.interpreter.recipe_text(name, pairs)?.ok()?;
        Some(text.bytes().to_vec())
    }
}

/// One character of it changed; the whole of it left out, where that leaves nothing torn.
fn changes(packet: &Packet, spot: &Spot) -> Vec<(String, Packet)> {
    let mut changes = vec![(spot.name.clone(), packet.changed(spot))];
    changes.extend(packet.without(spot).map(|without| (format!("{}, left out", spot.name), without)));
    changes
}
