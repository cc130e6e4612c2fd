//! `payspec explain`: the whole road of one signature, and where it does not fit, what would make it fit.
//!
//! | module | what |
//! |---|---|
//! | `request`, `http`, `curl`, `incoming` | what is explained: values, raw messages, pasted commands |
//! | `subject`, `vector` | which operation, callback, answer or recipe of the spec; a vector of its file |
//! | `verdict` | whether it holds |
//! | `road`, `json` | the account, for people and for programs |
//! | `lines` | which line of the spec says so |
//! | `why` | the neighbours that fit |
//! | `shown`, `hex` | texts and bytes on a terminal |

pub(crate) mod incoming;
pub(crate) mod request;

mod curl;
mod hex;
mod http;
mod json;
mod lines;
mod road;
mod shown;
mod subject;
mod vector;
mod verdict;
mod why;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use payspec_codegen::ir::Provider;
use payspec_explain::Answer;
use payspec_interpreter::Account;
use payspec_vectors::Concealed;

use self::incoming::IncomingArguments;
use self::lines::Lines;
use self::request::RequestArguments;
use self::road::Road;
use self::subject::Explained;
use self::verdict::Verdict;
use self::why::Expectation;
use crate::Exit;
use crate::failure::Failure;
use crate::settings::{Given, Resolved};
use crate::source::{SpecFile, read_spec};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  payspec explain shop.yaml create_order --set order_no=1 --set amount=100 --test-credentials sandbox
  payspec explain shop.yaml create_order --request values.json --expect 47916029d19aa638d35ec4d94a666fc6
  payspec explain shop.yaml create_order --curl pasted.txt --credentials account.yaml
  payspec explain shop.yaml paid --body notify.txt --header 'Content-Type: application/x-www-form-urlencoded'
  payspec explain shop.yaml paid --vector paid_with_empty_attach --bytes

An operation with --body is its answer; a recipe takes pairs with --set. What stands in the place of a signature is
compared; where it does not fit, and with --expect, every single change of spec, message and keys that is known is
tried, and those that fit are named, the likeliest first.
Exit codes: 0 it holds, 1 a signature does not fit or a value is refused, 2 it could not be explained.";

#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The spec
    file: PathBuf,
    /// An operation, a callback or a recipe
    name: String,
    #[command(flatten)]
    request: RequestArguments,
    #[command(flatten)]
    incoming: IncomingArguments,
    /// Take message, account and clock of a vector of the vectors file beside the spec
    #[arg(long, value_name = "NAME", conflicts_with_all = [
        "set", "request", "curl", "body", "header", "query", "method", "url", "credentials", "test_credentials"
    ])]
    vector: Option<String>,
    #[command(flatten)]
    given: Given,
    /// What it should give: a signature or a signed text; `@FILE`: a text in a file
    #[arg(long, value_name = "SIGNATURE|TEXT|@FILE")]
    expect: Option<String>,
    /// Show the signed bytes in hex; those of secrets are masked
    #[arg(long)]
    bytes: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One document: `{ spec, name, kind, chosen_by, recipes: [...], violations, verdict, neighbours }`
    Json,
}

/// Everything that there is to print.
struct Explanation<'a> {
    spec: &'a SpecFile,
    provider: &'a Provider,
    explained: &'a Explained,
    account: &'a Account,
    verdict: &'a Verdict,
    answer: Option<&'a Answer>,
    bytes: bool,
}

/// Explains one signature.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let spec = read_spec(&arguments.file)?;
    let Some(provider) = spec.provider(terminal)? else { return Ok(Exit::Mistakes) };
    let (explained, resolved, stated) = match &arguments.vector {
        Some(name) => vector::read(&arguments.file, name, &arguments.name, &provider, terminal)?,
        None => {
            let explained =
                Explained::of(&provider, &arguments.name, &arguments.request, &arguments.incoming)?;
            let subject = explained.subject();
            let resolved = arguments.given.resolve(&provider, &arguments.file, Some(&subject), terminal)?;
            (explained, resolved, None)
        }
    };
    let expectation = match &arguments.expect {
        Some(text) => Some(Expectation::read(text)?),
        None => stated,
    };
    let concealed = why::concealed(&provider, &resolved);
    let (account, answer) = look(&provider, &explained, &resolved, expectation.as_ref())?;
    let verdict =
        Verdict::of(&explained, &account, answer.as_ref(), &resolved.interpreter(&provider)?, &resolved);
    // Of a message without a signature there is nothing to say but that.
    let is_silent =
        |answer: &&Answer| answer.as_it_is || (answer.matches.is_empty() && verdict::is_missing(&account));
    let answer = answer.as_ref().filter(|answer| expectation.is_some() || !is_silent(answer));
    let explanation = Explanation {
        spec: &spec,
        provider: &provider,
        explained: &explained,
        account: &account,
        verdict: &verdict,
        answer,
        bytes: arguments.bytes,
    };
    match arguments.format {
        Format::Text => explanation.print(&concealed, terminal)?,
        Format::Json => {
            let document = concealed_json(explanation.json(), &concealed);
            writeln!(terminal.out, "{document:#}")?;
        }
    }
    Ok(if verdict.holds { Exit::Clean } else { Exit::Mistakes })
}

/// The account, and where something is expected that does not come, the neighbours.
fn look(
    provider: &Arc<Provider>,
    explained: &Explained,
    resolved: &Resolved,
    expectation: Option<&Expectation>,
) -> Result<(Account, Option<Answer>), Failure> {
    let interpreter = resolved.interpreter(provider)?;
    let account = match explained.account(&interpreter, &resolved.supplied) {
        Ok(account) => account,
        // What cannot be read as the spec says may be readable in another way.
        Err(failure) => {
            let answer = why::neighbours(provider, explained, resolved, expectation, None);
            return match answer.filter(|answer| !answer.matches.is_empty()) {
                Some(answer) => Ok((Account::default(), Some(answer))),
                None => Err(failure),
            };
        }
    };
    let asks = expectation.is_some() || (explained.is_compared() && !verdict::fits(&account, explained));
    let answer =
        if asks { why::neighbours(provider, explained, resolved, expectation, Some(&account)) } else { None };
    Ok((account, answer))
}

impl Explanation<'_> {
    fn print(&self, concealed: &Concealed, terminal: &mut Terminal) -> Result<(), Failure> {
        let lines = Lines::of(&self.spec.text);
        let name = self.spec.name();
        let received = self.explained.is_compared();
        let known = self.explained.known_fields(self.provider);
        let road = Road { lines: &lines, spec: &name, bytes: self.bytes, received, known };
        let mut page = self.verdict.before(self.account);
        if let Some(chosen) = self.explained.chosen_by(self.provider) {
            road::line(&mut page, &chosen);
        }
        page.push_str(&road.print(self.account));
        page.push_str(&self.verdict.behind(self.account));
        if let Some(answer) = self.answer {
            page.push_str(&why::print(answer, &lines));
        }
        terminal.out.write_all(concealed.text(&page).as_bytes())?;
        Ok(())
    }
}

/// Names stay as they are; every text loses its secrets.
fn concealed_json(document: serde_json::Value, concealed: &Concealed) -> serde_json::Value {
    use serde_json::Value;
    match document {
        Value::String(text) => Value::String(concealed.text(&text)),
        Value::Array(items) => items.into_iter().map(|item| concealed_json(item, concealed)).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name, concealed_json(value, concealed))).collect()
        }
        other => other,
    }
}
