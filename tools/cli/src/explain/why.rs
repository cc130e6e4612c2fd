//! What would make it fit: the neighbours, asked for and printed.

use std::path::PathBuf;
use std::sync::Arc;

use payspec_codegen::ir::{HostAddress, Provider};
use payspec_explain::{Answer, Blame, Expected, Neighbour, Question, Subject};
use payspec_interpreter::{Account, Settings, Supplied};
use payspec_vectors::Concealed;

use super::incoming::read_bytes;
use super::lines::Lines;
use super::request::values_of;
use super::road::{line, styled};
use super::shown;
use super::subject::Explained;
use crate::failure::Failure;
use crate::settings::Resolved;
use crate::terminal::{ERROR, FAINT, GOOD, HEADING, WARNING};

/// The longest signature in characters: RSA of 4,096 bits in hex, twice over.
const LONGEST: usize = 2048;

/// What a signature or its text should be.
pub(crate) enum Expectation {
    Signature(String),
    Text(Vec<u8>),
}

impl Expectation {
    /// A signature is one word of hex or base64; anything else is a text.
    pub(crate) fn read(said: &str) -> Result<Self, Failure> {
        if let Some(path) = said.strip_prefix('@') {
            return Ok(Self::Text(read_bytes(&PathBuf::from(path))?));
        }
        if said.is_empty() {
            return Err(Failure::new("`--expect` says nothing").mend("give a signature, a text, or `@FILE`"));
        }
        let inner = said.trim_end_matches('=');
        let is_word = inner.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte));
        let is_signature = is_word && said.len() - inner.len() <= 2 && (16..=LONGEST).contains(&said.len());
        Ok(if is_signature { Self::Signature(said.to_owned()) } else { Self::Text(said.as_bytes().to_vec()) })
    }
}

/// Hides secrets, also such as are handed in with the message; what is handed in and public is shown.
pub(crate) fn concealed(provider: &Provider, resolved: &Resolved) -> Concealed {
    let is_secret = |name: &str| {
        let mut given = provider.recipes.iter().flat_map(|recipe| &recipe.given);
        given.any(|given| given.secret && given.name.wire == name)
    };
    let given = resolved.supplied.given.iter().filter(|(name, _)| is_secret(name));
    let given = given.map(|(name, value)| (name, value.clone())).collect();
    Concealed::of(&resolved.settings, &Supplied { given, ..resolved.supplied.clone() })
}

/// Asks. `None`: there is nothing to ask about.
pub(crate) fn neighbours(
    provider: &Arc<Provider>,
    explained: &Explained,
    resolved: &Resolved,
    expectation: Option<&Expectation>,
    account: Option<&Account>,
) -> Option<Answer> {
    let expected = match expectation {
        Some(Expectation::Signature(text)) => Expected::Signature(text),
        Some(Expectation::Text(text)) => Expected::Text(text),
        None => Expected::InMessage,
    };
    let settings = &with_hosts(provider, &resolved.settings);
    let supplied = &resolved.supplied;
    let ask = |subject, expected| {
        payspec_explain::neighbours(&Question { provider, settings, supplied, subject, expected })
    };
    match explained {
        Explained::Request { operation, inputs } => {
            Some(ask(Subject::Request { operation, inputs }, expected))
        }
        Explained::Callback { name, message } => {
            Some(ask(Subject::Callback { name, incoming: message.incoming() }, expected))
        }
        Explained::Reply { operation, message } => {
            let (headers, body) = (message.headers.as_slice(), message.body.as_slice());
            Some(ask(Subject::Reply { operation, headers, body }, expected))
        }
        Explained::Recipe { name, pairs } => Some(ask(Subject::Recipe { name, pairs }, expected)),
        // A request that was sent is made again of its values, and compared with the signature that it had.
        Explained::Sent { operation, message } => {
            let declared = provider.operations.iter().find(|own| own.name.wire == *operation)?;
            let inputs = values_of(declared, message).ok()?;
            let received = account.and_then(|account| {
                let main = account.recipes.iter().rfind(|recipe| recipe.part.is_none())?;
                main.place.as_ref()?.received.clone()
            });
            let expected = match (expectation, &received) {
                (Some(_), _) => expected,
                (None, Some(received)) => Expected::Signature(received),
                (None, None) => return None,
            };
            Some(ask(Subject::Request { operation, inputs: &inputs }, expected))
        }
    }
}

/// Hosts that nobody has named get an address that leads nowhere: few recipes look at it, and nothing is sent.
fn with_hosts(provider: &Provider, settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    for (index, host) in provider.hosts.iter().enumerate() {
        let mut addresses =
            provider.environments.iter().filter_map(|environment| environment.hosts.get(index));
        let is_known = addresses.any(|address| matches!(address, HostAddress::Fixed(_)));
        if !is_known && !settings.hosts.contains(&host.wire) {
            settings.hosts.insert(&host.wire, String::from("https://unknown.invalid"));
        }
    }
    settings
}

/// The answers, ranked.
pub(crate) fn print(answer: &Answer, lines: &Lines) -> String {
    let mut page = String::new();
    if answer.as_it_is {
        return page;
    }
    page.push('\n');
    if let Some(difference) = &answer.difference {
        line(&mut page, &format!("{} after {} bytes", styled(HEADING, "the texts part"), difference.at));
        let before = shown::plain(&difference.before);
        line(&mut page, &format!("  ours    {}{}", styled(FAINT, &before), shown::plain(&difference.ours)));
        line(&mut page, &format!("  theirs  {}{}", styled(FAINT, &before), shown::plain(&difference.theirs)));
    }
    if let Some(obstacle) = &answer.obstacle {
        line(&mut page, &format!("{} {obstacle}", styled(ERROR, "nothing could be tried:")));
        return page;
    }
    let stopped = if answer.stopped { ", then stopped" } else { "" };
    match answer.matches.len() {
        0 => {
            line(
                &mut page,
                &format!(
                    "{} {} single changes tried{stopped}",
                    styled(WARNING, "no neighbour matches:"),
                    answer.tried
                ),
            );
            line(
                &mut page,
                "  more than one thing may differ, or something that the language does not know; compare the texts byte by byte (--bytes)",
            );
        }
        count => {
            let would =
                if count == 1 { "change would make it fit" } else { "changes would make it fit, each alone" };
            line(
                &mut page,
                &format!(
                    "{} ({} tried{stopped})",
                    styled(HEADING, &format!("{count} {would}")),
                    answer.tried
                ),
            );
        }
    }
    for (index, neighbour) in answer.matches.iter().enumerate() {
        print_one(&mut page, index + 1, neighbour, lines);
    }
    page
}

fn print_one(page: &mut String, number: usize, neighbour: &Neighbour, lines: &Lines) {
    let blame = match neighbour.blame {
        Blame::Spec => "the spec",
        Blame::Application => "the application",
        Blame::Keys => "the keys",
        _ => "the provider",
    };
    line(
        page,
        &format!("  {number}. {}  {}", styled(GOOD, &shown::plain(&neighbour.title)), styled(FAINT, blame)),
    );
    let at = lines.of_path(&neighbour.at).filter(|_| neighbour.blame == Blame::Spec);
    let at = at.map(|line| format!("  (line {}: now `{}`)", line.number, line.short())).unwrap_or_default();
    let value = shown::plain(&neighbour.value);
    line(page, &format!("     {}: {value}{}", neighbour.at, styled(FAINT, &at)));
    line(page, &format!("     help: {}", shown::plain(&neighbour.mend)));
    for alike in &neighbour.alike {
        line(
            page,
            &format!(
                "     or: {}: {}  {}",
                alike.at,
                shown::plain(&alike.value),
                styled(FAINT, &alike.title)
            ),
        );
    }
}
