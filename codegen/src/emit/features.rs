//! Which features of the runtime a spec needs: its algorithms and keys decide. The emitted module asks for each by
//! name, and its documentation says them.

use crate::ir::{
    Algorithm, Alternative, Credential, CredentialKind, Digest, KeyKind, Provider, Reading, Recipe,
};

/// A feature.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Feature {
    Cipher,
    Rsa,
    Sm,
}

impl Feature {
    /// As `Cargo.toml` spells it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Cipher => "cipher",
            Self::Rsa => "rsa",
            Self::Sm => "sm",
        }
    }
}

/// Those that a provider needs, each once, in alphabetical order.
pub(super) fn features(provider: &Provider) -> Vec<Feature> {
    let of_recipes = provider.recipes.iter().flat_map(of_recipe);
    let of_keys = provider.credentials.iter().flat_map(of_credential);
    let mut features: Vec<Feature> = of_recipes.chain(of_keys).collect();
    features.sort_unstable();
    features.dedup();
    features
}

fn of_recipe(recipe: &Recipe) -> Vec<Feature> {
    let readings = recipe.also_accept.iter().map(|Reading { differs: _, recipe }| recipe);
    let inner = recipe.parts.iter().chain(readings).flat_map(of_recipe);
    of_algorithm(&recipe.seal.algorithm).into_iter().chain(inner).collect()
}

fn of_algorithm(algorithm: &Algorithm) -> Vec<Feature> {
    match algorithm {
        Algorithm::Digest(digest) | Algorithm::Hmac(digest) => of_digest(*digest).into_iter().collect(),
        Algorithm::Rsa(digest) => of_digest(*digest).into_iter().chain([Feature::Rsa]).collect(),
        Algorithm::Sm2 { .. } => vec![Feature::Sm],
        Algorithm::Cipher { .. } => vec![Feature::Cipher],
        Algorithm::None => Vec::new(),
    }
}

fn of_digest(digest: Digest) -> Option<Feature> {
    match digest {
        Digest::Sm3 => Some(Feature::Sm),
        Digest::Md5 | Digest::Sha1 | Digest::Sha256 | Digest::Sha512 => None,
    }
}

fn of_credential(credential: &Credential) -> Vec<Feature> {
    match &credential.kind {
        CredentialKind::Key(kind) | CredentialKind::Keys(kind) => vec![of_key(*kind)],
        CredentialKind::Choice(alternatives) => {
            let members = alternatives.iter().flat_map(|Alternative { members, .. }| members);
            members.flat_map(of_credential).collect()
        }
        CredentialKind::Text { .. } | CredentialKind::Secret(_) => Vec::new(),
    }
}

fn of_key(kind: KeyKind) -> Feature {
    match kind {
        KeyKind::RsaPrivate | KeyKind::RsaPublic => Feature::Rsa,
        KeyKind::Sm2Private | KeyKind::Sm2Public => Feature::Sm,
    }
}
