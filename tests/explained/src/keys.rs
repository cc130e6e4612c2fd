//! Wrong keys: the ones that are copied badly, and the ones that are taken for others.

use payspec_interpreter::{CredentialValue, Map};

use crate::case::{Broken, Case, Truth};

/// Every wrong set of keys of a case.
pub fn breaks(case: &Case) -> Vec<Broken> {
    let credentials = &case.vector.settings.credentials;
    let mut breaks = Vec::new();
    for (name, value) in credentials.iter() {
        if let CredentialValue::Secret(secret) = value {
            let text = secret.expose();
            let copied = [
                ("key: a line break behind it", format!("{text}\n")),
                ("key: a space behind it", format!("{text} ")),
                ("key: a space before it", format!(" {text}")),
                // A key in both cases cannot be found again once its case is lost: that is damage.
                (
                    "key: in upper case",
                    if text == text.to_lowercase() { text.to_uppercase() } else { text.to_owned() },
                ),
                (
                    "key: in lower case",
                    if text == text.to_uppercase() { text.to_lowercase() } else { text.to_owned() },
                ),
            ];
            for (kind, changed) in copied.into_iter().filter(|(_, changed)| changed != text) {
                let changed = CredentialValue::Secret(changed.into());
                breaks.push(with(case, kind, name, &[(name, changed)]));
            }
        }
    }
    let pairs = exchanged(credentials);
    breaks.extend(pairs.into_iter().map(|(kind, name, changes)| {
        let changes: Vec<(&str, CredentialValue)> =
            changes.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        with(case, kind, &name, &changes)
    }));
    breaks
}

type Exchange = (&'static str, String, Vec<(String, CredentialValue)>);

/// Two secrets exchanged; the own key configured as the provider's.
fn exchanged(credentials: &Map<CredentialValue>) -> Vec<Exchange> {
    let all: Vec<(&str, &CredentialValue)> = credentials.iter().collect();
    let mut found = Vec::new();
    for (index, (name, value)) in all.iter().enumerate() {
        for (other, theirs) in &all[index + 1..] {
            let is_pair = matches!((value, theirs), (CredentialValue::Secret(_), CredentialValue::Secret(_)));
            if is_pair {
                let changes =
                    vec![((*name).to_owned(), (*theirs).clone()), ((*other).to_owned(), (*value).clone())];
                found.push(("key: two secrets exchanged", (*name).to_owned(), changes));
            }
        }
    }
    let private = all.iter().find(|(_, value)| matches!(value, CredentialValue::RsaPrivate(_)));
    let public = all.iter().find(|(_, value)| matches!(value, CredentialValue::RsaPublic(_)));
    if let (Some((_, own)), Some((name, _))) = (private, public) {
        let changes = vec![((*name).to_owned(), (*own).clone())];
        found.push(("key: the own one in place of the provider's", (*name).to_owned(), changes));
    }
    found
}

fn with(case: &Case, kind: &str, name: &str, changes: &[(&str, CredentialValue)]) -> Broken {
    let mut settings = case.vector.settings.clone();
    for (name, value) in changes {
        settings.credentials.insert(*name, value.clone());
    }
    let credentials = Truth::Place("credentials.".to_owned());
    Broken {
        kind: kind.to_owned(),
        detail: name.to_owned(),
        // That the recipe should take the other secret says the same.
        truth: vec![credentials, Truth::Key("key".to_owned()), Truth::Key("text".to_owned())],
        settings,
        ..case.unbroken()
    }
}
