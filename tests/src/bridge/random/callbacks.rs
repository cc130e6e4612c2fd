//! Fields of callbacks, as a provider puts them on the wire.

use payspec_codegen::ir::{Callback, Kind, Provider, Receive, ReceivedField, Selection, Test};

use super::Draw;
use crate::bridge::Moment;

/// A callback before it is signed.
#[derive(Clone, Debug)]
pub struct Told {
    /// Names and values, in their order, without the signature.
    pub fields: Vec<(String, String)>,
    /// When it is sent, and what belongs to it beside its fields.
    pub moment: Moment,
    /// The shape in which it comes.
    pub shape: Receive,
    /// Which reading of the recipe it is signed with.
    pub reading: usize,
    /// What is done to it after it was signed; `None`: nothing.
    pub tampering: Option<Tampering>,
}

/// What somebody does to a signed callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tampering {
    /// A field goes.
    Drop(usize),
    /// A field comes twice.
    Double(usize),
    /// A field gets another value.
    Change(usize),
    /// A byte is changed, whatever it is.
    Byte(usize),
}

impl Draw<'_> {
    /// What a provider could tell; `readings` are those of the recipe.
    ///
    /// # Panics
    /// The spec has no such callback.
    pub fn told(&mut self, callback: &str, readings: usize) -> Told {
        let provider = self.provider();
        let callback =
            provider.callbacks.iter().find(|known| known.name.wire == callback).expect("a callback");
        let mut fields = Vec::new();
        for received in &callback.fields {
            if matches!(received.field.kind, Kind::Signature) {
                continue;
            }
            let named = named_in(&provider, callback, &received.field.name.wire);
            let value = match named {
                Some(names) if !self.once_in(20) => Some(names),
                _ => self.field(callback, received),
            };
            if let Some(value) = value {
                fields.push((received.field.name.wire.clone(), value));
            }
        }
        while self.once_in(3) {
            let name = self
                .pick(&["new_field", "is_jump", "a b", "附加", "Zz", "_x", "%", "a&b", "card_type"])
                .to_owned();
            if fields.iter().all(|(known, _)| *known != name) {
                let value = self.any_text();
                fields.push((name, value));
            }
        }
        self.shuffle(&mut fields);
        let tampering = self.once_in(20).then(|| {
            let at = self.index(64);
            match self.below(4) {
                0 => Tampering::Drop(at),
                1 => Tampering::Double(at),
                2 => Tampering::Change(at),
                _ => Tampering::Byte(self.index(4096)),
            }
        });
        let shape = callback.receive[self.index(callback.receive.len())];
        let moment = self.moment(&callback.signature);
        Told { fields, moment, shape, reading: self.index(readings), tampering }
    }

    fn field(&mut self, callback: &Callback, received: &ReceivedField) -> Option<String> {
        let field = &received.field;
        let odd = self.once_in(60);
        if let Some(path) = received.equals.as_ref().filter(|_| !odd) {
            return Some(self.credential(path));
        }
        // An algorithm that nobody has is as good as another one.
        if received.equals.as_ref().is_some_and(|path| self.settings_has_choice(path)) {
            return Some(self.pick(&["MD5", "rsa", ""]).to_owned());
        }
        let asked = callback.when.0.iter().find(|(name, _)| *name == field.name).filter(|_| !odd);
        if let Some((_, Test::Is(words))) = asked {
            return Some(words[self.index(words.len())].clone());
        }
        if !field.required {
            match self.below(16) {
                0..4 => return None,
                4..6 => return Some(String::new()),
                6 => return Some(self.pick(&[" ", "\t", "  "]).to_owned()),
                _ => {}
            }
        } else if odd {
            return self.once_in(2).then(|| self.pick(&["", " ", "x", "1e2"]).to_owned());
        }
        Some(self.received(field))
    }
}

/// The names that must be in this field, where it is the one that says what is signed.
fn named_in(provider: &Provider, callback: &Callback, name: &str) -> Option<String> {
    let lists = callback.signature.recipes().into_iter().filter_map(|id| provider[id].list.as_ref());
    lists.into_iter().find_map(|list| match &list.fields {
        Selection::NamedIn { field, split: Some(split), at_least, .. } if field.simple() == Some(name) => {
            Some(at_least.join(split))
        }
        _ => None,
    })
}
