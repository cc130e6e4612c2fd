//! Asking for credentials: secrets without an echo, keys by the name of their file.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use payspec_codegen::ir::CredentialKind;
use payspec_runtime::Secret;
use payspec_vectors::Account;

use crate::failure::Failure;

/// Whether somebody sits there.
pub(super) fn is_possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for one credential; of a choice, for the alternative first.
pub(super) fn ask(account: &mut Account, path: &str, kind: &CredentialKind) -> Result<(), Failure> {
    let parts: Vec<&str> = path.split('.').collect();
    match kind {
        CredentialKind::Secret(_) => {
            let typed = rpassword::prompt_password(format!("{path} (not shown): "));
            let typed =
                typed.map_err(|error| Failure::new(format!("`{path}` cannot be asked for: {error}")))?;
            account.put(&parts, Secret::new(typed));
        }
        CredentialKind::Text { .. } => {
            let typed = line(&format!("{path}: "))?;
            account.put(&parts, Secret::new(typed));
        }
        CredentialKind::Key(_) => {
            let key = key(path)?;
            account.put(&parts, key);
        }
        CredentialKind::Keys(_) => {
            let id = line(&format!("{path}, the id of the key: "))?;
            let key = key(path)?;
            account.put(&[parts.as_slice(), &[id.as_str()]].concat(), key);
        }
        CredentialKind::Choice(alternatives) => {
            let names: Vec<&str> =
                alternatives.iter().map(|alternative| alternative.name.wire.as_str()).collect();
            let name = line(&format!("{path} ({}): ", names.join(", ")))?;
            let chosen = alternatives.iter().find(|alternative| alternative.name.wire == name);
            let chosen = chosen.ok_or_else(|| {
                Failure::new(format!("`{path}` has no alternative `{name}`"))
                    .mend(format!("it has {}", names.join(", ")))
            })?;
            for member in &chosen.members {
                ask(account, &format!("{path}.{name}.{}", member.name.wire), &member.kind)?;
            }
        }
    }
    Ok(())
}

fn key(path: &str) -> Result<Secret, Failure> {
    let file = line(&format!("{path}, the file of the key: "))?;
    payspec_vectors::read_secret(Path::new(&file))
        .map_err(|problem| Failure::new(format!("{file} {problem}")))
}

fn line(question: &str) -> Result<String, Failure> {
    let mut err = io::stderr();
    write!(err, "{question}").and_then(|()| err.flush())?;
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    let read = read.map_err(|error| Failure::new(format!("the answer cannot be read: {error}")))?;
    if read == 0 {
        return Err(Failure::new("there was no answer"));
    }
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}
