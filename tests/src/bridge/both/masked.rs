//! The interpreter's signed text with everything hidden that generated code hides in its own.
//!
//! Secrets, tokens and personal data are looked for by their names, in the pairs of a list and in JSON. Where a value
//! cannot be found in the text, there is nothing to compare with, or only what the interpreter masks itself.

use payspec_codegen::ir::{self, PairPiece, Provider};
use payspec_interpreter::{Message, Settings};

use crate::bridge::{seal::secret, wire};

/// The interpreter's text with everything hidden that generated code hides: secrets, tokens, personal data. `None`
/// where the pairs of the recipe are not `name=value`, so that a value cannot be found in the text.
pub(super) fn masked(
    provider: &Provider,
    operation: &ir::Operation,
    recipe: Option<&ir::Recipe>,
    message: &Message,
    settings: &Settings,
) -> Option<String> {
    let recipe = recipe.filter(|recipe| recipe.text == [ir::Piece::List] && recipe.transform.is_empty())?;
    let list = recipe.list.as_ref()?;
    let plain =
        [PairPiece::Name(Vec::new()), PairPiece::Literal("=".to_owned()), PairPiece::Value(Vec::new())];
    if list.pair != plain {
        return None;
    }
    let charset = wire::charset(provider, settings);
    let mut text = charset.decode(message.base_text()).ok()?.into_owned();
    let hidden = operation
        .request
        .iter()
        .filter(|sent| sent.field.sensitive || sent.origin == ir::Origin::Token)
        .map(|sent| &sent.field)
        .chain(operation.payload.iter().filter(|payload| payload.sensitive));
    let hidden: Vec<&str> = hidden.map(|field| field.name.wire.as_str()).collect();
    for (name, value) in message.fields.iter().filter(|(name, _)| hidden.contains(&name.as_str())) {
        text = hide(&text, &list.join, name, value);
    }
    for name in hidden_in_json(provider, operation) {
        text = hide_member(&text, name);
    }
    for (name, pieces) in &list.add {
        if let [ir::Piece::Value { from: ir::Operand::Credential(path), .. }] = pieces.as_slice()
            && let Some(secret) = secret(settings, path)
        {
            text = hide(&text, &list.join, name, secret.expose());
        }
    }
    Some(text)
}

/// The interpreter's masked texts, a line for each recipe. `None` where parts stand in them: a digest that is part of a
/// text is shown by the one and hidden by the other.
pub(super) fn masked_texts(message: &Message, signed_by: &[&ir::Recipe]) -> Option<String> {
    if signed_by.is_empty() || signed_by.iter().any(|recipe| !recipe.parts.is_empty()) {
        return None;
    }
    let texts = message.texts.iter().map(|(_, text)| text.masked());
    Some(texts.collect::<Vec<_>>().join("\n"))
}

/// Personal data inside the payload, or inside JSON of a known type.
fn hidden_in_json<'p>(provider: &'p Provider, operation: &'p ir::Operation) -> Vec<&'p str> {
    let payload =
        operation.request.iter().filter(|sent| sent.carrier == ir::Carrier::Payload).map(|sent| &sent.field);
    let objects = provider.types.iter().filter(|item| item.sent).flat_map(|item| match &item.shape {
        ir::Shape::Object { fields, .. } => fields.as_slice(),
        ir::Shape::Enum(_) => &[],
    });
    payload.chain(objects).filter(|field| field.sensitive).map(|field| field.name.wire.as_str()).collect()
}

/// Hides the content of each JSON string of this name. Inside of strings the quotes of a name are escaped.
fn hide_member(text: &str, name: &str) -> String {
    let member = format!("\"{name}\":\"");
    let mut parts = text.split(member.as_str());
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut escaped = false;
        let end = part.find(|letter| {
            let ends = letter == '"' && !escaped;
            escaped = letter == '\\' && !escaped;
            ends
        });
        let (_, rest) = part.split_at(end.expect("a string of the writer has an end"));
        shown.extend([member.as_str(), "******", rest]);
    }
    shown
}

fn hide(text: &str, join: &str, name: &str, value: &str) -> String {
    let (shown, hidden) = (format!("{name}={value}"), format!("{name}=******"));
    match text.strip_prefix(&shown) {
        Some(rest) if rest.is_empty() || rest.starts_with(join) => format!("{hidden}{rest}"),
        _ => text.replacen(&format!("{join}{shown}"), &format!("{join}{hidden}"), 1),
    }
}
