//! Other keys, and other readings of the same: what people configure by mistake.

use payspec_codegen::ir::{self, CredentialKind, Recipe};
use payspec_interpreter::{CredentialValue, Map, Settings};
use payspec_runtime::Secret;

use crate::answer::{Blame, Neighbour};
use crate::change::{Change, Edit};
use crate::{rank, yaml};

/// Shorter texts may stand anywhere, and hide nothing when they are masked.
const MIN_SECRET: usize = 4;

/// A secret, and what it should have been.
type Slip = (&'static str, fn(&str) -> String);

const SLIPS: [Slip; 10] = [
    ("white space stands around it", |own| own.trim().to_owned()),
    ("white space stands inside it", |own| own.chars().filter(|own| !own.is_whitespace()).collect()),
    ("it should be in upper case", |own| own.to_uppercase()),
    ("it should be in lower case", |own| own.to_lowercase()),
    ("quotes stand around it", |own| own.trim_matches(['"', '\'']).to_owned()),
    ("its `+` became blanks", |own| own.replace(' ', "+")),
    ("the line end at its end was lost", |own| format!("{own}\n")),
    ("the blank at its end was lost", |own| format!("{own} ")),
    ("its padding was lost", |own| format!("{own}=")),
    ("its padding was lost", |own| format!("{own}==")),
];

/// Every change of the keys.
pub(crate) fn changes(
    provider: &ir::Provider,
    settings: &Settings,
    recipes: &[&Recipe],
    all: &mut Vec<Change<'_>>,
) {
    let paths = secret_paths(&settings.credentials);
    for path in &paths {
        let Some(own) = secret(&settings.credentials, path) else { continue };
        for (title, mended) in SLIPS {
            let other = mended(own.expose());
            if other == own.expose() || other.is_empty() {
                continue;
            }
            let mut changed = settings.clone();
            put(&mut changed.credentials, path, CredentialValue::Secret(Secret::new(other)));
            push(rank::OWN_KEY + 1, path, title.to_owned(), title.to_owned(), changed, all);
        }
    }
    for (index, first) in paths.iter().enumerate() {
        for second in paths.iter().skip(index + 1) {
            let values = (secret(&settings.credentials, first), secret(&settings.credentials, second));
            let (Some(a), Some(b)) = values else { continue };
            let mut changed = settings.clone();
            put(&mut changed.credentials, first, CredentialValue::Secret(b.clone()));
            put(&mut changed.credentials, second, CredentialValue::Secret(a.clone()));
            let title = format!("it and `{}` stand in each other's place", second.join("."));
            push(rank::OWN_KEY + 2, first, title.clone(), title, changed, all);
        }
    }
    asymmetric(settings, all);
    by_id(provider, settings, recipes, all);
}

fn push(
    rank: u32,
    path: &[String],
    value: String,
    title: String,
    settings: Settings,
    all: &mut Vec<Change<'_>>,
) {
    let name = path.join(".");
    all.push(Change {
        rank,
        blame: Blame::Keys,
        at: format!("credentials.{name}"),
        value: value.into(),
        title: format!("the credential `{name}` is not what the provider has: {title}"),
        mend: format!("configure `{name}` again, from the provider's console"),
        edit: Edit::Settings(Box::new(settings)),
    });
}

/// The paths of all secrets: names, and members of choices.
fn secret_paths(credentials: &Map<CredentialValue>) -> Vec<Vec<String>> {
    paths(credentials, |value| matches!(value, CredentialValue::Secret(_)))
}

fn paths(credentials: &Map<CredentialValue>, wanted: fn(&CredentialValue) -> bool) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (name, value) in credentials.iter() {
        if wanted(value) {
            found.push(vec![name.to_owned()]);
        }
        if let CredentialValue::Choice { members, .. } = value {
            let members = members.iter().filter(|(_, value)| wanted(value));
            found.extend(members.map(|(member, _)| vec![name.to_owned(), member.to_owned()]));
        }
    }
    found
}

fn value<'s>(credentials: &'s Map<CredentialValue>, path: &[String]) -> Option<&'s CredentialValue> {
    match path {
        [name] => credentials.get(name),
        [name, member] => match credentials.get(name)? {
            CredentialValue::Choice { members, .. } => members.get(member),
            _ => None,
        },
        _ => None,
    }
}

fn secret<'s>(credentials: &'s Map<CredentialValue>, path: &[String]) -> Option<&'s Secret> {
    match value(credentials, path)? {
        CredentialValue::Secret(secret) => Some(secret),
        _ => None,
    }
}

fn put(credentials: &mut Map<CredentialValue>, path: &[String], value: CredentialValue) {
    match path {
        [name] => {
            credentials.insert(name.as_str(), value);
        }
        [name, member] => {
            if let Some(CredentialValue::Choice { alternative, mut members }) = credentials.get(name).cloned()
            {
                members.insert(member.as_str(), value);
                credentials.insert(name.as_str(), CredentialValue::Choice { alternative, members });
            }
        }
        _ => {}
    }
}

/// Keys of one family in each other's place: the own one for the provider's.
fn asymmetric(settings: &Settings, all: &mut Vec<Change<'_>>) {
    let is_key = |value: &CredentialValue| {
        use CredentialValue::{RsaPrivate, RsaPublic, Sm2Private, Sm2Public};
        matches!(value, RsaPrivate(_) | RsaPublic(_) | Sm2Private(_) | Sm2Public(_))
    };
    let paths = paths(&settings.credentials, is_key);
    for own in &paths {
        for other in paths.iter().filter(|other| *other != own) {
            let Some(replacement) = value(&settings.credentials, other) else { continue };
            let mut changed = settings.clone();
            put(&mut changed.credentials, own, replacement.clone());
            let title = format!("the signature was made with `{}`", other.join("."));
            push(rank::OWN_KEY, own, title.clone(), title, changed, all);
        }
    }
}

/// Of several keys by id another one than the message names.
fn by_id(provider: &ir::Provider, settings: &Settings, recipes: &[&Recipe], all: &mut Vec<Change<'_>>) {
    for recipe in recipes {
        let Some(ir::Key::Credential { path, id: Some(_) }) = &recipe.seal.key else { continue };
        let is_many = provider
            .credentials
            .iter()
            .any(|own| own.name == path.name && matches!(own.kind, CredentialKind::Keys(_)));
        let Some(CredentialValue::Keys(keys)) = settings.credentials.get(&path.name.wire).filter(|_| is_many)
        else {
            continue;
        };
        for (id, key) in keys.iter() {
            let same: Map<CredentialValue> =
                keys.iter().map(|(other, _)| (other.to_owned(), key.clone())).collect();
            let mut changed = settings.clone();
            changed.credentials.insert(path.name.wire.as_str(), CredentialValue::Keys(same));
            let title = format!(
                "the signature was made with the key `{id}`, not with the one that the message names"
            );
            push(rank::OWN_KEY, &[yaml::credential(path)], format!("`{id}`"), title, changed, all);
        }
    }
}

/// The secrets of the settings, which must not be shown.
pub(crate) fn secrets(settings: &Settings) -> Vec<String> {
    let paths = secret_paths(&settings.credentials);
    let secrets = paths.iter().filter_map(|path| secret(&settings.credentials, path));
    let tokens = settings.tokens.iter().map(|(_, token)| token.clone());
    let all = secrets.map(|secret| secret.expose().to_owned()).chain(tokens);
    all.filter(|text| text.len() >= MIN_SECRET).collect()
}

/// What the signature itself says about the keys, whatever was signed.
pub(crate) struct Verdict {
    pub(crate) neighbour: Option<Neighbour>,
    pub(crate) remark: Option<String>,
}

/// Judges an asymmetric signature. An RSA signature shows which key has made it; of SM2 only the keys themselves can be
/// compared.
pub(crate) fn verdict(settings: &Settings, recipe: &Recipe, signatures: &[Vec<u8>]) -> Verdict {
    let nothing = Verdict { neighbour: None, remark: None };
    let Some(ir::Key::Credential { path, id: None }) = &recipe.seal.key else { return nothing };
    let name = yaml::credential(path);
    let own: Vec<String> = name.split('.').map(str::to_owned).collect();
    let Some(key) = value(&settings.credentials, &own) else { return nothing };
    let made = |key: &CredentialValue| signatures.iter().any(|signature| has_made(key, signature));
    if made(key) {
        let remark = format!(
            "the signature was made with the key of `{name}`: key and signature are right, the text differs"
        );
        return Verdict { remark: Some(remark), ..nothing };
    }
    let others = paths(&settings.credentials, |_| true);
    let others = others.iter().filter(|other| **other != own);
    for other in others.clone() {
        if value(&settings.credentials, other).is_some_and(made) {
            let other = other.join(".");
            return Verdict {
                neighbour: Some(accused(&name, &format!("the signature was made with `{other}`"))),
                ..nothing
            };
        }
    }
    let half = others
        .filter(|other| value(&settings.credentials, other).is_some_and(|private| is_half(key, private)));
    if let Some(private) = half.into_iter().next() {
        let title =
            format!("it is the public half of our own `{}`, not the provider's key", private.join("."));
        return Verdict { neighbour: Some(accused(&name, &title)), ..nothing };
    }
    let is_rsa = matches!(recipe.seal.algorithm, ir::Algorithm::Rsa(_)) && !signatures.is_empty();
    let remark = format!(
        "the signature was not made with the key of `{name}`, or was damaged on its way: no change of the recipe can \
         make it fit; is it the key of another environment (test, production), or one that was replaced?"
    );
    Verdict { remark: is_rsa.then_some(remark), ..nothing }
}

fn accused(name: &str, title: &str) -> Neighbour {
    Neighbour {
        blame: Blame::Keys,
        at: format!("credentials.{name}"),
        value: title.to_owned(),
        title: format!("the credential `{name}` is not what the provider has: {title}"),
        mend: format!("configure as `{name}` the public key that the provider shows in its console"),
        alike: Vec::new(),
    }
}

fn has_made(key: &CredentialValue, signature: &[u8]) -> bool {
    match key {
        CredentialValue::RsaPublic(key) => key.made(signature),
        CredentialValue::RsaPrivate(key) => key.public_key().made(signature),
        _ => false,
    }
}

fn is_half(public: &CredentialValue, private: &CredentialValue) -> bool {
    match (public, private) {
        (CredentialValue::RsaPublic(public), CredentialValue::RsaPrivate(private)) => {
            public.is_half_of(private)
        }
        (CredentialValue::Sm2Public(public), CredentialValue::Sm2Private(private)) => {
            public.is_half_of(private)
        }
        _ => false,
    }
}
