//! Whether anything secret takes part in a recipe, and whether it would come to light.
//!
//! What is asked here is asked of the whole recipe with its parts, because a secret may be hidden two parts deep: in a
//! key that is derived, in a digest inside the text.

use std::collections::BTreeSet;

use super::Context;
use super::recipes::Written;
use crate::diagnostic::Code;
use crate::ir::{self, Algorithm, CredentialKind, CredentialPath, Key, Operand, PairPiece, Piece};
use crate::model::Recipe;

/// The values that go into the text of a recipe.
fn text_operands(recipe: &ir::Recipe) -> impl Iterator<Item = &Operand> {
    let added = recipe.list.iter().flat_map(|list| list.add.iter().flat_map(|(_, pieces)| pieces));
    let pairs = recipe.list.iter().flat_map(|list| &list.pair).filter_map(|piece| match piece {
        PairPiece::Operand { from, .. } => Some(from),
        PairPiece::Literal(_) | PairPiece::Name(_) | PairPiece::Value(_) => None,
    });
    values(recipe.text.iter().chain(added)).chain(pairs)
}

/// The values of which a key is computed.
fn key_operands(recipe: &ir::Recipe) -> impl Iterator<Item = &Operand> {
    values(match &recipe.seal.key {
        Some(Key::Computed(pieces)) => pieces.as_slice(),
        Some(Key::Credential { .. }) | None => &[],
    })
}

/// The values with which a text is sealed: its key, and what a cipher has beside the text.
pub(super) fn sealing_operands(recipe: &ir::Recipe) -> impl Iterator<Item = &Operand> {
    let (iv, aad): (&[Piece], &[Piece]) = match &recipe.seal.algorithm {
        Algorithm::Cipher { iv: Some(ir::Iv::Template(iv)), aad, .. } => (iv, aad),
        Algorithm::Cipher { aad, .. } => (&[], aad),
        _ => (&[], &[]),
    };
    key_operands(recipe).chain(values(iv.iter().chain(aad)))
}

/// The values that go into a text and its seal.
pub(super) fn operands(recipe: &ir::Recipe) -> impl Iterator<Item = &Operand> {
    text_operands(recipe).chain(sealing_operands(recipe))
}

fn values<'p>(pieces: impl IntoIterator<Item = &'p Piece>) -> impl Iterator<Item = &'p Operand> {
    pieces.into_iter().filter_map(|piece| match piece {
        Piece::Value { from, .. } => Some(from),
        Piece::Literal(_) | Piece::List | Piece::ListNames | Piece::Signature => None,
    })
}

/// What is known of the parts of a recipe.
#[derive(Default)]
struct Parts<'r> {
    /// Only the two sides can make these.
    secret: BTreeSet<&'r str>,
    /// From these a secret can be read.
    readable: BTreeSet<&'r str>,
}

impl Context<'_> {
    /// Whether a credential is a shared secret.
    pub(super) fn is_secret(&self, path: &CredentialPath) -> bool {
        self.kinds_of(path).iter().any(|kind| matches!(kind, CredentialKind::Secret(_)))
    }

    /// What a path can be: one kind, or that of the member in each alternative.
    pub(super) fn kinds_of(&self, path: &CredentialPath) -> Vec<&CredentialKind> {
        let Some(credential) = self.credentials.iter().find(|credential| credential.name == path.name) else {
            return Vec::new();
        };
        match (&credential.kind, &path.member) {
            (CredentialKind::Choice(alternatives), Some(member)) => alternatives
                .iter()
                .flat_map(|alternative| &alternative.members)
                .filter(|credential| credential.name == *member)
                .map(|credential| &credential.kind)
                .collect(),
            (kind, _) => vec![kind],
        }
    }

    /// Whether a value is a secret, or the result of one of these parts.
    fn is_hidden(&self, operand: &Operand, whole: &ir::Recipe, parts: &BTreeSet<&str>) -> bool {
        match operand {
            Operand::Credential(path) => self.is_secret(path),
            Operand::Given(name) => whole.given.iter().any(|given| given.secret && given.name.wire == *name),
            Operand::Part(name) => parts.contains(name.as_str()),
            Operand::Field(_) | Operand::Fresh(_) | Operand::Header(_) | Operand::Message(_) => false,
        }
    }

    fn has_secret_key(&self, unit: &ir::Recipe, whole: &ir::Recipe, parts: &Parts<'_>) -> bool {
        let is_key = |kind: &&CredentialKind| !matches!(kind, CredentialKind::Text { .. });
        unit.seal.credential().is_some_and(|path| self.kinds_of(path).iter().any(is_key))
            || key_operands(unit).any(|operand| self.is_hidden(operand, whole, &parts.secret))
    }

    /// Whether only the two sides can make the result of a recipe or part. Of a cipher the key counts alone: whoever
    /// has it reads the text.
    fn has_secret(&self, unit: &ir::Recipe, whole: &ir::Recipe, parts: &Parts<'_>) -> bool {
        let is_cipher = matches!(unit.seal.algorithm, Algorithm::Cipher { .. });
        self.has_secret_key(unit, whole, parts)
            || !is_cipher && text_operands(unit).any(|operand| self.is_hidden(operand, whole, &parts.secret))
    }

    /// Whether a secret can be read from the result of a recipe or part.
    fn gives_away(&self, unit: &ir::Recipe, whole: &ir::Recipe, parts: &Parts<'_>) -> bool {
        let is_readable = match unit.seal.algorithm {
            Algorithm::None => true,
            Algorithm::Cipher { .. } => !self.has_secret_key(unit, whole, parts),
            _ => false,
        };
        is_readable && text_operands(unit).any(|operand| self.is_hidden(operand, whole, &parts.readable))
    }

    fn secret_parts<'r>(&self, recipe: &'r ir::Recipe) -> Parts<'r> {
        let mut parts = Parts::default();
        for part in &recipe.parts {
            let name = part.name.wire.as_str();
            if self.has_secret(part, recipe, &parts) {
                parts.secret.insert(name);
            }
            if self.gives_away(part, recipe, &parts) {
                parts.readable.insert(name);
            }
        }
        parts
    }

    /// The secrets that stand in the templates of a recipe and its parts.
    pub(super) fn secrets_of(&self, recipe: &ir::Recipe) -> BTreeSet<String> {
        let all = std::iter::once(recipe).chain(&recipe.parts).flat_map(operands);
        all.filter_map(|operand| match operand {
            Operand::Credential(path) if self.is_secret(path) => {
                let member = path.member.as_ref().map(|member| member.wire.as_str()).unwrap_or_default();
                Some(format!("credential:{}.{member}", path.name.wire))
            }
            Operand::Given(name) => Some(format!("given:{name}")),
            _ => None,
        })
        .collect()
    }

    /// Reports given values that a caller would hand in for nothing.
    fn given_is_used(&self, model: &Recipe, recipe: &ir::Recipe) {
        for entry in model.given.iter().flat_map(|all| all.iter()) {
            if !uses_given(recipe, &entry.key) {
                let message = format!("given value `{}` takes part in nothing", entry.key);
                let mend =
                    format!("write `{{given:{}}}` where the provider puts it, or take it out", entry.key);
                self.mistake(Code::KeyDoesNotApply, entry.key.span, message, mend);
            }
        }
    }

    /// Reports a recipe in which nothing is secret, and one that would give its secret away.
    pub(super) fn secrets(&self, written: &Written<'_>, recipe: &ir::Recipe, parts: &[Written<'_>]) {
        let templates = std::iter::once(written).chain(parts).flat_map(|part| part.templates());
        if templates.into_iter().any(|(text, _)| self.is_wrong(text.span)) {
            return;
        }
        if !written.is_reading {
            self.given_is_used(written.recipe, recipe);
        }
        let secret = self.secret_parts(recipe);
        let at = written.recipe.algorithm.as_ref().map_or(written.name.span, |text| text.span);
        if !self.has_secret(recipe, recipe, &secret) {
            let message = format!(
                "nothing secret takes part in recipe `{}`: anybody could make this signature",
                written.name
            );
            let mend = match (&recipe.list, &recipe.seal.algorithm) {
                (Some(_), _) => "let a secret take part: `add: { key: \"{credential:secret}\" }`",
                (None, Algorithm::Digest(_)) => {
                    "let a secret take part, as `{credential:secret}` in the text; a checksum inside another signature is a part"
                }
                (None, _) => "let a secret take part in the key, as `{credential:secret}`",
            };
            self.mistake(Code::NothingSecret, at, message, mend);
        }
        let is_credential = |piece: &Piece| {
            matches!(piece, Piece::Literal(_) | Piece::Value { from: Operand::Credential(_), .. })
        };
        let is_constant = recipe.text.iter().all(is_credential) && recipe.seal.algorithm == Algorithm::None;
        if self.gives_away(recipe, recipe, &secret) && !is_constant {
            let message =
                format!("recipe `{}` hides nothing: the secret in its text would be sent", written.name);
            let mend = "write the algorithm and its key; a constant that proves who sends is made of literals and \
                        credentials alone";
            self.mistake(Code::SecretWouldBeSent, at, message, mend);
        }
        for (part, model) in recipe.parts.iter().zip(parts) {
            let is_shown = part.place.is_some() || is_placed(recipe, &part.name.wire);
            if is_shown && self.gives_away(part, recipe, &secret) {
                let at = model.recipe.algorithm.as_ref().map_or(model.name.span, |text| text.span);
                let message =
                    format!("part `{}` hides nothing: the secret in its text would be sent", model.name);
                let mend = "write the algorithm and its key, or do not place it";
                self.mistake(Code::SecretWouldBeSent, at, message, mend);
            }
        }
    }
}

/// Whether a given value stands in any template of the recipe or its parts.
fn uses_given(recipe: &ir::Recipe, name: &str) -> bool {
    let units = || std::iter::once(recipe).chain(&recipe.parts);
    let placed = units().filter_map(|unit| unit.place.as_ref()).flat_map(|place| &place.template);
    let ids = units().filter_map(|unit| match &unit.seal.key {
        Some(Key::Credential { id: Some(pieces), .. }) => Some(pieces),
        _ => None,
    });
    let is_given = |operand: &Operand| matches!(operand, Operand::Given(own) if own == name);
    let pieces = placed.chain(ids.flatten());
    let pieces = pieces.chain(recipe.tolerance.iter().flat_map(|tolerance| &tolerance.of));
    units().flat_map(operands).any(is_given)
        || pieces.into_iter().any(|piece| matches!(piece, Piece::Value { from, .. } if is_given(from)))
}

/// Whether the result of a part stands in what is placed.
fn is_placed(recipe: &ir::Recipe, part: &str) -> bool {
    let places = std::iter::once(recipe).chain(&recipe.parts).filter_map(|recipe| recipe.place.as_ref());
    places
        .flat_map(|place| &place.template)
        .any(|piece| matches!(piece, Piece::Value { from: Operand::Part(name), .. } if name == part))
}
