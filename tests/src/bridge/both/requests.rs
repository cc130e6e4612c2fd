//! One request, made by both: whether the two are the same.
//!
//! Everything that is sent and the signed text are compared byte by byte. A randomised signature is left out of that,
//! and verified over the interpreter's text instead; what is shown of the signed text is compared as it is shown.

use payspec_codegen::ir;
use payspec_interpreter::Message;

use super::{
    Both, Difference,
    masked::{masked, masked_texts},
    same,
};
use crate::bridge::{Sent, seal::verifies, wire};

impl Both {
    pub(super) fn compare_requests(
        &self,
        operation: &str,
        message: &Message,
        sent: &Sent,
        verify: bool,
    ) -> Result<(), Difference> {
        let operation = self.interpreter.operation(operation).expect("an operation of the spec");
        let signed_by = self.recipes(&operation.signature);
        let recipe = signed_by.first().copied();
        let random = recipe.filter(|recipe| matches!(recipe.seal.algorithm, ir::Algorithm::Sm2 { .. }));
        same_bytes(operation, message, sent, random.and_then(ir::Recipe::place_field))?;
        // An equal digest or RSA signature has shown already that the texts are equal.
        if random.is_some() || verify {
            let listed = masked(self.interpreter.provider(), operation, recipe, message, &self.settings);
            if let Some(expected) = listed.or_else(|| masked_texts(message, &signed_by)) {
                same("masked text", expected.as_str(), sent.masked_text.as_deref().unwrap_or_default())?;
            }
        }
        match random.filter(|_| verify) {
            Some(recipe) => self.verify_random(recipe, message, sent),
            None => Ok(()),
        }
    }

    /// The signature of generated code over the interpreter's text.
    fn verify_random(&self, recipe: &ir::Recipe, message: &Message, sent: &Sent) -> Result<(), Difference> {
        let charset = wire::charset(self.interpreter.provider(), &self.settings);
        let body = String::from_utf8_lossy(&sent.body);
        let mut pairs =
            wire::pairs_in(&body, charset).into_iter().chain(wire::pairs_in(sent.query(), charset));
        let signature = pairs.find(|(name, _)| Some(name.as_str()) == recipe.place_field());
        let (_, signature) = signature.ok_or("generated code has sent no signature")?;
        if !verifies(&self.settings, &recipe.seal, message.base_text(), &signature) {
            return Err("the signature of generated code does not fit the interpreter's text".to_owned());
        }
        Ok(())
    }
}

/// Everything that is sent, and the signed text, but for the pair at this place.
fn same_bytes(
    operation: &ir::Operation,
    message: &Message,
    sent: &Sent,
    place: Option<&str>,
) -> Result<(), Difference> {
    let strip = |url: &str| url.split('?').next().unwrap_or_default().to_owned();
    same("method", message.method, sent.method)?;
    same("address", &strip(&message.url), &strip(&sent.url))?;
    same_pairs("query", &message.query, sent.query(), place)?;
    match operation.body {
        ir::Body::Form => {
            let (ours, theirs) =
                (String::from_utf8_lossy(&message.body), String::from_utf8_lossy(&sent.body));
            same_pairs("body", &ours, &theirs, place)?;
        }
        _ => same("body", &Shown(&message.body), &Shown(&sent.body))?,
    }
    same("content type", &message.content_type, &sent.content_type)?;
    same("headers", &message.headers, &sent.headers)?;
    same("signed text", &Shown(message.base_text()), &Shown(&sent.composed))
}

/// Byte by byte, but for the pair of this name.
fn same_pairs(what: &str, interpreted: &str, generated: &str, but: Option<&str>) -> Result<(), Difference> {
    match but {
        Some(name) => same(what, &wire::without(interpreted, name), &wire::without(generated, name)),
        None => same(what, interpreted, generated),
    }
}

/// Bytes that show as text.
#[derive(PartialEq)]
struct Shown<'a>(&'a [u8]);

impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(self.0))
    }
}
