//! What a command is told about one account and one moment, for everything that signs or verifies.
//!
//! The arguments are shared by `sign`, `verify` and `explain`. Secrets are not among them: see [`secrets`].

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use payspec_codegen::Report;
use payspec_codegen::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use payspec_codegen::ir::{CredentialKind, Provider};
use payspec_codegen::read::{self, Node};
use payspec_interpreter::{Instant, Interpreter, Map, Settings, SettingsError, Supplied};
use payspec_runtime::Secret;
use payspec_vectors::{Account, Concealed, Subject};

use crate::failure::Failure;
use crate::secrets::{self, needs::Needs};
use crate::source::read_spec;
use crate::terminal::Terminal;

const HEADING: &str = "Account and moment";

/// The account, and the moment.
#[derive(Clone, Default, Args)]
#[command(next_help_heading = HEADING)]
pub(crate) struct Given {
    /// Read credentials from a YAML file: `name: value`, keys as `{ file: path }`
    #[arg(long, value_name = "FILE")]
    credentials: Option<PathBuf>,
    /// Use a set of `test_credentials` of the vectors file beside the spec
    #[arg(long, value_name = "NAME", conflicts_with = "credentials")]
    test_credentials: Option<String>,
    /// Give a public credential; secrets and keys come from PAYSPEC_<NAME>, PAYSPEC_<NAME>_FILE, a file or a prompt
    #[arg(long, value_name = "NAME=VALUE")]
    credential: Vec<String>,
    /// Choose an option of the spec
    #[arg(long, value_name = "NAME=VALUE")]
    option: Vec<String>,
    /// Say where a host is: scheme and authority
    #[arg(long, value_name = "NAME=URL")]
    host: Vec<String>,
    /// Set the clock: Unix seconds, or `yyyy-MM-dd HH:mm:ss` in the zone of the spec
    #[arg(long, value_name = "INSTANT")]
    now: Option<String>,
    /// Fix a value that would be drawn at random, or taken from the clock
    #[arg(long, value_name = "NAME=VALUE")]
    fresh: Vec<String>,
    /// Read the values that are handed in with the message (`given`) from a YAML file: `name: value`
    #[arg(long, value_name = "FILE")]
    given: Option<PathBuf>,
}

/// What a client is set up with, and what goes with one message.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(crate) settings: Settings,
    pub(crate) supplied: Supplied,
}

impl Resolved {
    /// Hides the secrets in texts that are shown.
    pub(crate) fn concealed(&self) -> Concealed {
        Concealed::of(&self.settings, &self.supplied)
    }

    /// The interpreter with these settings.
    pub(crate) fn interpreter(&self, provider: &Arc<Provider>) -> Result<Interpreter, Failure> {
        Interpreter::new(Arc::clone(provider), self.settings.clone()).map_err(|error| unfit(provider, &error))
    }
}

/// Nothing of it: a secret may have been typed where none belongs.
impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Given(..)")
    }
}

impl Given {
    /// Everything that a message needs. Of credentials only those are asked for that `subject` uses; without one, all.
    pub(crate) fn resolve(
        &self,
        provider: &Arc<Provider>,
        spec: &Path,
        subject: Option<&Subject>,
        terminal: &mut Terminal,
    ) -> Result<Resolved, Failure> {
        let mut account = self.account(provider, spec, terminal)?;
        self.public_credentials(&mut account, provider)?;
        secrets::from_environment(&mut account, provider)?;
        secrets::complete(&mut account, provider, &Needs::of(provider, subject), spec)?;
        let values = account.values(&provider.credentials, Span::default());
        let credentials =
            values.map_err(|unfit| many(unfit.into_iter().map(|unfit| (unfit.message, unfit.mend))))?;
        let mut tokens = Map::new();
        if let Some(token) = &provider.token
            && let Some(text) = secrets::token(&token.name.wire)?
        {
            tokens.insert(&token.name.wire, text.expose().to_owned());
        }
        let options = pairs("--option", &self.option)?;
        let settings = Settings { credentials, options, tokens, hosts: self.hosts(provider)?, fresh: None };
        let interpreter = Interpreter::new(Arc::clone(provider), settings.clone());
        let interpreter = interpreter.map_err(|error| unfit(provider, &error))?;
        let supplied = Supplied {
            given: self.given(provider)?,
            fresh: self.fresh(provider)?,
            now: self.now(&interpreter)?,
            url: None,
        };
        Ok(Resolved { settings, supplied })
    }

    /// What a file says about credentials.
    fn account(&self, provider: &Provider, spec: &Path, terminal: &mut Terminal) -> Result<Account, Failure> {
        if let Some(file) = &self.credentials {
            let text = read_spec(file)?.text;
            return account_of(&text, file, provider).map_err(|report| refused(&report, terminal));
        }
        let Some(name) = &self.test_credentials else { return Ok(Account::default()) };
        let file = payspec_vectors::beside(spec);
        let text = read_spec(&file)?.text;
        let accounts = payspec_vectors::accounts(&text, &file, provider);
        let accounts = accounts.map_err(|report| refused(&report, terminal))?;
        let known: Vec<&str> = accounts.iter().map(|(name, _)| name).collect();
        accounts.get(name).cloned().ok_or_else(|| {
            Failure::new(format!("{} has no test credentials `{name}`", file.display()))
                .mend(format!("it has {}", known.join(", ")))
        })
    }

    /// A secret among them is refused: by now the shell has written it down.
    fn public_credentials(&self, account: &mut Account, provider: &Provider) -> Result<(), Failure> {
        for (name, value) in pairs("--credential", &self.credential)?.iter() {
            let parts: Vec<&str> = name.split('.').collect();
            let Some(kind) = kind_of(provider, &parts) else {
                let known: Vec<&str> =
                    provider.credentials.iter().map(|credential| credential.name.wire.as_str()).collect();
                return Err(Failure::new(format!("the spec has no credential `{name}`"))
                    .mend(format!("it has {}", known.join(", "))));
            };
            if !matches!(kind, CredentialKind::Text { .. }) {
                let variable = secrets::variable(&parts);
                return Err(Failure::new(format!("`{name}` is a secret, and a secret is never an argument"))
                    .mend(format!(
                        "every process of this machine can read arguments, and the shell keeps them: set {variable} \
                         or {variable}_FILE, or use `--credentials FILE`; replace a secret that was in use"
                    )));
            }
            account.put(&parts, Secret::new(value.as_str()));
        }
        Ok(())
    }

    fn hosts(&self, provider: &Provider) -> Result<Map<String>, Failure> {
        let hosts = pairs("--host", &self.host)?;
        for (name, address) in hosts.iter() {
            if !provider.hosts.iter().any(|host| host.wire == name) {
                continue; // The settings say so, with the others.
            }
            if !address.starts_with("https://") && !address.starts_with("http://") {
                return Err(Failure::new(format!("the address of the host `{name}` is no URL"))
                    .mend(format!("write `--host {name}=https://...`")));
            }
        }
        Ok(hosts)
    }

    fn now(&self, interpreter: &Interpreter) -> Result<Option<Instant>, Failure> {
        let Some(text) = &self.now else { return Ok(None) };
        let instant = payspec_vectors::instant(interpreter, text);
        instant.map(Some).ok_or_else(|| {
            Failure::new(format!("`{text}` is no instant"))
                .mend("write Unix seconds, or `yyyy-MM-dd HH:mm:ss` in the zone of the spec")
        })
    }

    fn fresh(&self, provider: &Provider) -> Result<Map<String>, Failure> {
        let fresh = pairs("--fresh", &self.fresh)?;
        let known =
            provider.recipes.iter().flat_map(|recipe| &recipe.fresh).map(|fresh| fresh.name.wire.as_str());
        all_known("fresh value", &fresh, &known.collect::<Vec<_>>())?;
        Ok(fresh)
    }

    fn given(&self, provider: &Provider) -> Result<Map<String>, Failure> {
        let Some(file) = &self.given else { return Ok(Map::new()) };
        let text = read_spec(file)?.text;
        let given = texts(&text).ok_or_else(|| {
            Failure::new(format!("{} is no map of texts", file.display()))
                .mend("write one `name: value` on each line; what the values are is not shown")
        })?;
        let known =
            provider.recipes.iter().flat_map(|recipe| &recipe.given).map(|given| given.name.wire.as_str());
        all_known("given value", &given, &known.collect::<Vec<_>>())?;
        Ok(given)
    }
}

/// Mistakes of a file of credentials, with nothing of its values.
fn account_of(text: &str, file: &Path, provider: &Provider) -> Result<Account, Report> {
    let mut diagnostics = Diagnostics::new();
    let folder = file.parent().unwrap_or(Path::new(""));
    let node = read::read(text, &mut diagnostics);
    let account =
        node.map(|node| Account::read(&node, &provider.credentials, folder, true, &mut diagnostics));
    let values = account.as_ref().map(|account| account.values(&provider.credentials, Span::default()));
    let unfit = values.and_then(Result::err).unwrap_or_default();
    // What is missing may come from elsewhere; what the spec does not have can only be a mistake.
    let unknown = unfit.into_iter().filter(|unfit| unfit.code == Code::UnknownCredential);
    diagnostics.extend(unknown.map(Diagnostic::from));
    match account.filter(|_| !diagnostics.has_errors()) {
        Some(account) => Ok(account),
        None => {
            let concealed = Concealed::everything();
            let shown = concealed.source(text);
            Err(Report::new(&file.to_string_lossy(), &shown, concealed.diagnostics(diagnostics)))
        }
    }
}

fn refused(report: &Report, terminal: &mut Terminal) -> Failure {
    // What cannot be written down is in the failure as well, in short.
    let _ = write!(terminal.err, "{report}");
    Failure::new(format!("{} cannot be used", report.file()))
}

/// A map of texts and nothing else.
fn texts(source: &str) -> Option<Map<String>> {
    let mut diagnostics = Diagnostics::new();
    let node = read::read(source, &mut diagnostics).filter(|_| !diagnostics.has_errors())?;
    let text = |(key, node): &(read::Key, Node)| Some((key.text.clone(), node.text()?.to_owned()));
    let all: Option<Map<String>> =
        node.entries().iter().map(text).collect::<Option<Vec<_>>>().map(|all| all.into_iter().collect());
    all.filter(|all| !all.is_empty())
}

/// The kind of the credential of a path, also of a member of an alternative.
fn kind_of<'p>(provider: &'p Provider, path: &[&str]) -> Option<&'p CredentialKind> {
    let (name, rest) = path.split_first()?;
    let credential = provider.credentials.iter().find(|credential| credential.name.wire == *name)?;
    match (&credential.kind, rest) {
        (kind, []) => Some(kind),
        (CredentialKind::Choice(alternatives), [alternative, member]) => alternatives
            .iter()
            .find(|own| own.name.wire == *alternative)
            .and_then(|own| own.members.iter().find(|own| own.name.wire == *member))
            .map(|own| &own.kind),
        (kind @ CredentialKind::Keys(_), [_]) => Some(kind),
        _ => None,
    }
}

/// `name=value`, each name once. A value is not repeated in an error: it could be a secret.
pub(crate) fn pairs(argument: &str, texts: &[String]) -> Result<Map<String>, Failure> {
    let mut pairs = Map::new();
    for text in texts {
        let Some((name, value)) = text.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            return Err(Failure::new(format!("a value of `{argument}` has no name"))
                .mend(format!("write `{argument} NAME=VALUE`")));
        };
        if pairs.insert(name, value.to_owned()).is_some() {
            return Err(Failure::new(format!("`{argument}` says `{name}` twice")));
        }
    }
    Ok(pairs)
}

fn all_known(what: &str, said: &Map<String>, known: &[&str]) -> Result<(), Failure> {
    let Some((unknown, _)) = said.iter().find(|(name, _)| !known.contains(name)) else { return Ok(()) };
    let failure = Failure::new(format!("no recipe of the spec has a {what} `{unknown}`"));
    Err(match known {
        [] => failure,
        known => failure.mend(format!("there are {}", known.join(", "))),
    })
}

fn many(problems: impl Iterator<Item = (String, Option<String>)>) -> Failure {
    let problems: Vec<(String, Option<String>)> = problems.collect();
    let message = problems.iter().map(|(message, _)| message.as_str()).collect::<Vec<_>>().join("; ");
    let mends: Vec<&str> = problems.iter().filter_map(|(_, mend)| mend.as_deref()).collect();
    let failure = Failure::new(message);
    if mends.is_empty() { failure } else { failure.mend(mends.join("; ")) }
}

/// What the settings are refused for, and which names there are.
fn unfit(provider: &Provider, error: &SettingsError) -> Failure {
    let failure = Failure::new(format!("the settings do not fit the spec: {error}"));
    let known: Vec<&str> = match error {
        SettingsError::UnknownOption { .. } => {
            provider.options.iter().map(|option| option.field.name.wire.as_str()).collect()
        }
        SettingsError::UnknownHost { .. } => provider.hosts.iter().map(|host| host.wire.as_str()).collect(),
        _ => return failure,
    };
    match known.as_slice() {
        [] => failure.mend("it has none"),
        known => failure.mend(format!("it has {}", known.join(", "))),
    }
}
