//! What has been sealed and compared before.
//!
//! Many changes compose the same text. A signature of a key pair takes longer than all the rest of a try, so each text is
//! compared once with the same candidates, under the same seal and key.

use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use payspec_codegen::ir::Key;

use crate::compose::Composer;
use crate::seal::Unverified;
use crate::signed_text::{RecipeError, SignedText};
use crate::verify::Unfit;

/// What has been sealed and compared before. One for each question, and for each set of keys.
#[derive(Default)]
pub struct Seen {
    results: HashMap<u64, bool>,
}

/// How many texts: they may hold secrets.
impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seen").field("texts", &self.results.len()).finish()
    }
}

/// Whether one of the signatures is one of the text. What was compared before is not compared again.
pub(super) fn fits(
    seen: &mut Seen,
    composer: &Composer<'_>,
    text: &SignedText,
    candidates: &[String],
) -> Result<bool, Unfit> {
    let mut hasher = DefaultHasher::new();
    text.bytes().hash(&mut hasher);
    candidates.hash(&mut hasher);
    format!("{:?}", composer.recipe.seal).hash(&mut hasher);
    hash_key(composer, &mut hasher)?;
    let hash = hasher.finish();
    if let Some(known) = seen.results.get(&hash) {
        return Ok(*known);
    }
    let mut fits = false;
    for candidate in candidates.iter().filter(|candidate| !candidate.is_empty()) {
        match composer.verified(text.bytes(), candidate) {
            Ok(()) => fits = true,
            Err(Unverified::Malformed | Unverified::Mismatch) => {}
            Err(error) => return Err(error.into()),
        }
    }
    seen.results.insert(hash, fits);
    Ok(fits)
}

/// What of the message decides about the key.
fn hash_key(composer: &Composer<'_>, hasher: &mut DefaultHasher) -> Result<(), RecipeError> {
    let pieces = match &composer.recipe.seal.key {
        None | Some(Key::Credential { id: None, .. }) => return Ok(()),
        Some(Key::Credential { id: Some(pieces), .. } | Key::Computed(pieces)) => pieces,
    };
    composer.pieces(pieces)?.bytes().hash(hasher);
    Ok(())
}
