//! `like` and `also_accept`: recipes that share keys with another one.
//!
//! A key is replaced whole; nothing is merged inside a key, so what stands in the file is what holds.

use super::Context;
use crate::diagnostic::Code;
use crate::model::Recipe;
use crate::read::{Node, NodeValue, Spanned};

/// `own` in place of the keys of `base`. What belongs to the entry itself (`like`, `accepts`, `doc`) is not inherited.
pub(super) fn over(base: &Recipe, own: &Recipe) -> Recipe {
    macro_rules! keys {
        ($($key:ident)+) => {
            Recipe {
                $($key: own.$key.clone().or_else(|| base.$key.clone()),)+
                like: None,
                doc: own.doc.clone(),
                source: own.source.clone(),
                accepts: own.accepts.clone(),
            }
        };
    }
    keys! {
        choose fields except add trim empties order pair join text charset algorithm key user_id form output place
        also_accept names numbers nested repeated path also_empty transform parts key_id iv aad padding fresh given
        tolerance each
    }
}

/// A difference as the file says it: `empties: keep`.
pub(super) fn shown(node: &Node) -> String {
    node.entries()
        .iter()
        .map(|(key, value)| format!("{}: {}", key.text, text(value)))
        .collect::<Vec<_>>()
        .join(", ")
}

fn text(node: &Node) -> String {
    match &node.value {
        NodeValue::Null => String::new(),
        NodeValue::Scalar(scalar) => scalar.text.clone(),
        NodeValue::Sequence(items) => format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(", ")),
        NodeValue::Mapping(_) => format!("{{ {} }}", shown(node)),
    }
}

impl Context<'_> {
    /// Every recipe with `like` followed, in the order of the file; `None` where it leads nowhere.
    pub(super) fn without_likes(&self) -> Vec<Option<Recipe>> {
        let entries = self.file.signatures.iter().flatten();
        entries.map(|entry| self.without_like(&entry.key, &entry.value.value, &mut Vec::new())).collect()
    }

    fn without_like(
        &self,
        name: &Spanned<String>,
        recipe: &Recipe,
        open: &mut Vec<String>,
    ) -> Option<Recipe> {
        let Some(like) = &recipe.like else { return Some(recipe.clone()) };
        open.push(name.value.clone());
        if open.contains(&like.value) {
            let message = format!("recipe `{name}` is like `{like}`, which leads back to it");
            self.mistake(Code::RecipeCycle, like.span, message, "break the circle");
            return None;
        }
        let signatures = self.file.signatures.as_ref()?;
        let Some(base) = signatures.iter().find(|entry| entry.key == *like) else {
            self.unknown(
                Code::UnknownRecipe,
                like.span,
                format!("unknown recipe `{like}`"),
                like,
                signatures.keys(),
            );
            return None;
        };
        let base = self.without_like(&base.key, &base.value.value, open)?;
        Some(over(&base, recipe))
    }
}
