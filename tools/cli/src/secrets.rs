//! Where credentials come from: a file, the environment, a prompt. Never from an argument, which every process of the
//! machine can read and every shell remembers.
//!
//! | credential | variable | or a file named by |
//! |---|---|---|
//! | `app_key` | `PAYSPEC_APP_KEY` | `PAYSPEC_APP_KEY_FILE` |
//! | `signing.rsa.merchant_key` | `PAYSPEC_SIGNING__RSA__MERCHANT_KEY` | `PAYSPEC_SIGNING__RSA__MERCHANT_KEY_FILE` |
//! | the token `access_token` | `PAYSPEC_TOKEN_ACCESS_TOKEN` | `PAYSPEC_TOKEN_ACCESS_TOKEN_FILE` |
//!
//! What is named on the command line wins; the environment fills what that leaves out, and what is still missing is
//! asked for where somebody can answer. Only what the message needs is asked for: see [`needs`].

pub(crate) mod needs;
mod prompt;
mod stand_in;

use std::env;
use std::path::Path;

use payspec_codegen::ir::{Credential, CredentialKind, Provider};
use payspec_runtime::Secret;
use payspec_vectors::{Account, Missing};

use self::needs::Needs;
use crate::failure::Failure;

const PREFIX: &str = "PAYSPEC_";
const TOKEN: &str = "TOKEN_";
const IN_A_FILE: &str = "_FILE";

/// Adds what the environment says about credentials that nothing was said about.
pub(crate) fn from_environment(account: &mut Account, provider: &Provider) -> Result<(), Failure> {
    look_up(account, &provider.credentials, &[])
}

fn look_up(account: &mut Account, declared: &[Credential], around: &[&str]) -> Result<(), Failure> {
    for credential in declared {
        let path: Vec<&str> = around.iter().copied().chain([credential.name.wire.as_str()]).collect();
        match &credential.kind {
            CredentialKind::Choice(alternatives) => {
                let is_said = |name: &str| account.has(&[path.as_slice(), &[name]].concat());
                let said: Vec<bool> =
                    alternatives.iter().map(|alternative| is_said(&alternative.name.wire)).collect();
                let is_open = !said.contains(&true);
                for (alternative, is_said) in alternatives.iter().zip(said) {
                    if is_open || is_said {
                        let path = [path.as_slice(), &[alternative.name.wire.as_str()]].concat();
                        look_up(account, &alternative.members, &path)?;
                    }
                }
            }
            _ if account.has(&path) => {}
            CredentialKind::Keys(_) => {
                for (id, text) in all_below(&format!("{}__", variable(&path)))? {
                    account.put(&[path.as_slice(), &[id.as_str()]].concat(), text);
                }
            }
            _ => {
                if let Some(text) = value_of(&variable(&path))? {
                    account.put(&path, text);
                }
            }
        }
    }
    Ok(())
}

/// The token, if the environment has it.
pub(crate) fn token(name: &str) -> Result<Option<Secret>, Failure> {
    value_of(&token_variable(name))
}

pub(crate) fn token_variable(name: &str) -> String {
    format!("{PREFIX}{TOKEN}{}", upper(name))
}

/// The variable of a credential: upper case, `__` between the parts of its path.
pub(crate) fn variable(path: &[&str]) -> String {
    let parts: Vec<String> = path.iter().map(|part| upper(part)).collect();
    format!("{PREFIX}{}", parts.join("__"))
}

fn upper(name: &str) -> String {
    let letter =
        |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
    name.chars().map(letter).collect()
}

/// The value of a variable, or the content of the file that its `_FILE` names.
fn value_of(variable: &str) -> Result<Option<Secret>, Failure> {
    let named = format!("{variable}{IN_A_FILE}");
    match (env::var_os(variable), env::var_os(&named)) {
        (None, None) => Ok(None),
        (Some(text), None) => match text.into_string() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(_) => Err(Failure::new(format!("the variable {variable} is no UTF-8 text"))),
        },
        (None, Some(path)) => {
            let path = Path::new(&path);
            let cannot = |problem| Failure::new(format!("{}, named by {named}, {problem}", path.display()));
            payspec_vectors::read_secret(path).map(Some).map_err(cannot)
        }
        (Some(_), Some(_)) => Err(Failure::new(format!("{variable} and {named} are both set"))
            .mend(format!("unset one of them; {named} names a file, {variable} is the value itself"))),
    }
}

/// The keys under a credential that is many: what stands behind the prefix is the id, as it is.
fn all_below(prefix: &str) -> Result<Vec<(String, Secret)>, Failure> {
    let mut ids: Vec<String> = env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter_map(|name| {
            let id = name.strip_prefix(prefix)?;
            Some(id.strip_suffix(IN_A_FILE).unwrap_or(id).to_owned())
        })
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let mut keys = Vec::new();
    for id in ids {
        keys.extend(value_of(&format!("{prefix}{id}"))?.map(|key| (id, key)));
    }
    Ok(keys)
}

/// What is missing is asked for, if somebody can answer and the message needs it; else it is an error that says where
/// it was looked for. What the message does not need gets a stand-in.
pub(crate) fn complete(
    account: &mut Account,
    provider: &Provider,
    needs: &Needs,
    spec: &Path,
) -> Result<(), Failure> {
    let mut open = Vec::new();
    // Each answer about a choice opens the questions about its members.
    for _ in 0..=1 {
        open = Vec::new();
        for missing in account.missing(&provider.credentials).into_iter().map(Owned::from) {
            if !needs.has(&missing.path) {
                stand_in::put(account, &missing.path, &missing.kind);
            } else if prompt::is_possible() {
                prompt::ask(account, &missing.path, &missing.kind)?;
            } else {
                open.push(missing);
            }
        }
    }
    match open.as_slice() {
        [] => Ok(()),
        missing => Err(nowhere(missing, needs, spec)),
    }
}

/// A missing credential, apart from the account that is being completed.
struct Owned {
    path: String,
    kind: CredentialKind,
}

impl From<Missing<'_>> for Owned {
    fn from(missing: Missing<'_>) -> Self {
        Self { path: missing.path, kind: missing.kind.clone() }
    }
}

fn nowhere(missing: &[Owned], needs: &Needs, spec: &Path) -> Failure {
    let names: Vec<String> = missing.iter().map(|missing| format!("`{}`", missing.path)).collect();
    let message = match names.as_slice() {
        [name] => format!("the credential {name} is missing"),
        names => format!("the credentials {} are missing", names.join(", ")),
    };
    let variables: Vec<String> =
        missing.iter().flat_map(|missing| variables(&missing.path, &missing.kind, needs)).collect();
    let sets = if payspec_vectors::beside(spec).is_file() {
        ", `--test-credentials NAME` for a set of the vectors file"
    } else {
        ""
    };
    Failure::new(message).mend(format!(
        "set {} (or the same with {IN_A_FILE}, for a file that holds it), or use `--credentials FILE`{sets}",
        variables.join(", ")
    ))
}

/// The variables that are looked at for a credential.
fn variables(path: &str, kind: &CredentialKind, needs: &Needs) -> Vec<String> {
    let parts: Vec<&str> = path.split('.').collect();
    match kind {
        CredentialKind::Choice(alternatives) => alternatives
            .iter()
            .flat_map(|alternative| {
                let inner = |member: &Credential| [alternative.name.wire.clone(), member.name.wire.clone()];
                let paths = alternative.members.iter().map(inner);
                let needed = paths.filter(|inner| needs.has(&format!("{path}.{}", inner.join("."))));
                needed.map(|inner| {
                    let inner: Vec<&str> = inner.iter().map(String::as_str).collect();
                    variable(&[parts.as_slice(), &inner].concat())
                })
            })
            .collect(),
        CredentialKind::Keys(_) => vec![format!("{}__<ID>", variable(&parts))],
        _ => vec![variable(&parts)],
    }
}
