//! What a name on the command line means: an operation, a callback or a recipe of the spec.

use payspec_codegen::diagnostic::did_you_mean;
use payspec_codegen::ir::Provider;
use payspec_vectors::Subject;

use crate::failure::Failure;

const RECIPES: &str = "signatures.";

/// What the spec has under this name. Operations and callbacks never share one; a recipe is found behind them, and
/// always as `signatures.NAME`, which is where it stands in the spec.
pub(crate) fn named(provider: &Provider, name: &str, with_recipes: bool) -> Result<Subject, Failure> {
    let operations: Vec<&str> =
        provider.operations.iter().map(|operation| operation.name.wire.as_str()).collect();
    let callbacks: Vec<&str> =
        provider.callbacks.iter().map(|callback| callback.name.wire.as_str()).collect();
    let recipes: Vec<&str> =
        provider.recipes.iter().map(|recipe| recipe.name.wire.as_str()).filter(|_| with_recipes).collect();
    if let Some(recipe) = name.strip_prefix(RECIPES).filter(|name| recipes.contains(name)) {
        return Ok(Subject::Recipe(recipe.to_owned()));
    }
    if operations.contains(&name) {
        return Ok(Subject::Request(name.to_owned()));
    }
    if callbacks.contains(&name) {
        return Ok(Subject::Callback(name.to_owned()));
    }
    if recipes.contains(&name) {
        return Ok(Subject::Recipe(name.to_owned()));
    }
    let is_taken = |name: &str| operations.contains(&name) || callbacks.contains(&name);
    let recipes: Vec<String> = recipes
        .into_iter()
        .map(|name| if is_taken(name) { format!("{RECIPES}{name}") } else { name.to_owned() })
        .collect();
    let recipes = recipes.iter().map(String::as_str).collect();
    let all = [operations, callbacks, recipes].concat();
    let what = if with_recipes { "operation, callback or recipe" } else { "operation or callback" };
    let failure = Failure::new(format!("the spec has no {what} `{name}`"));
    Err(match did_you_mean(name, all.iter().copied()) {
        Some(meant) => failure.mend(format!("did you mean `{meant}`?")),
        None => failure.mend(format!("it has {}", all.join(", "))),
    })
}
