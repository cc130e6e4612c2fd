//! What a vectors file says, held against its spec.

use std::path::Path;
use std::sync::Arc;

use payspec_codegen::diagnostic::{Code, Diagnostic, Diagnostics, Span, did_you_mean};
use payspec_codegen::ir::Provider;
use payspec_codegen::read::{Entry as Named, Map as Entries, Node, Spanned};
use payspec_interpreter::{CredentialValue, Instant, Interpreter, Map, Settings, Supplied, Value};

use super::model::{Entry, File, Wanted};
use crate::account::Account;
use crate::value::value;
use crate::vector::{ExpectedError, Subject, Vector};

/// The version of the language of vectors files.
const VERSION: &str = "1";
const OUTCOMES: [&str; 7] = ["paid", "pending", "failed", "closed", "part_refunded", "refunded", "unknown"];
/// The kinds of error codes; `*` is any of them.
const KINDS: [&str; 8] =
    ["rejected", "configuration", "rate_limited", "token_expired", "not_found", "duplicate", "unknown", "*"];

/// What is left of a file when the spec is known.
pub(super) struct Checked {
    pub(super) accounts: Map<Map<CredentialValue>>,
    pub(super) vectors: Vec<Vector>,
}

/// Compares the whole file with the spec.
pub(super) fn check(
    file: File,
    folder: &Path,
    provider: &Arc<Provider>,
    diagnostics: &mut Diagnostics,
) -> Checked {
    let mut check = Check { provider, diagnostics, accounts: Map::new(), known: Vec::new() };
    if *file.payspec != VERSION {
        let message = format!("version `{}` of vectors files is not known, only `{VERSION}`", *file.payspec);
        check.say(Code::NewerLanguage, file.payspec.span, message);
    }
    if *file.vectors_of != provider.name {
        let message = format!("the vectors are of `{}`, the spec is `{}`", *file.vectors_of, provider.name);
        let mend = "a vectors file stands beside its spec: x.yaml and x.vectors.yaml";
        check.mend(Code::UnknownReference, file.vectors_of.span, message, mend);
    }
    for named in &file.test_credentials {
        check.account(named, folder);
    }
    let vectors = file.vectors.0.into_iter().filter_map(|named| check.vector(named)).collect();
    Checked { accounts: check.accounts, vectors }
}

struct Check<'c> {
    provider: &'c Arc<Provider>,
    diagnostics: &'c mut Diagnostics,
    accounts: Map<Map<CredentialValue>>,
    /// The names of all sets, also of those that cannot be used.
    known: Vec<String>,
}

impl Check<'_> {
    fn say(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(code, span, message));
    }

    fn mend(&mut self, code: Code, span: Span, message: impl Into<String>, mend: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(code, span, message).mend(mend));
    }

    fn account(&mut self, named: &Named<Node>, folder: &Path) {
        self.known.push(named.key.value.clone());
        let declared = &self.provider.credentials;
        let before = self.diagnostics.len();
        let account = Account::read(&named.value, declared, folder, false, self.diagnostics);
        if self.diagnostics.len() > before {
            return;
        }
        match account.values(declared, named.key.span) {
            Ok(values) => {
                let settings = Settings { credentials: values.clone(), ..Settings::default() };
                if let Err(error) = Interpreter::new(Arc::clone(self.provider), settings) {
                    self.say(Code::BadExample, named.key.span, error.to_string());
                    return;
                }
                self.accounts.insert(named.key.value.clone(), values);
            }
            Err(unfit) => self.diagnostics.extend(unfit.into_iter().map(Diagnostic::from)),
        }
    }

    fn vector(&mut self, named: Named<Entry>) -> Option<Vector> {
        let Named { key, value: entry } = named;
        let subject = self.subject(&key, &entry);
        let settings = self.settings(&entry);
        let interpreter =
            settings.clone().and_then(|settings| self.interpreter(settings, entry.credentials.span));
        let supplied = self.supplied(&entry, interpreter.as_ref());
        let verify_only = self.flag(entry.verify_only.as_ref());
        let outcome = self.word(entry.outcome.as_ref(), Code::UnknownOutcome, "an outcome", &OUTCOMES);
        let error = entry.error.as_ref().map(|wanted| self.error(wanted));
        let input_spans =
            entry.inputs.iter().map(|input| (input.key.value.clone(), input.key.span)).collect();
        let inputs = self.inputs(&entry.inputs);
        Some(Vector {
            subject: subject?,
            settings: settings?,
            supplied,
            inputs,
            headers: texts(entry.headers),
            values: texts(entry.values).into_iter().collect(),
            query: entry.query,
            body: entry.body,
            url: entry.url,
            base: entry.base,
            base_of: entry.base_of,
            signature: entry.signature,
            place: entry.place,
            plain: entry.plain,
            verify_only,
            outcome,
            error,
            span: key.span,
            input_spans,
            provenance_span: entry.provenance.span,
            provenance: entry.provenance.value,
            name: key.value,
        })
    }

    /// Exactly one thing is exercised, and the spec has it.
    fn subject(&mut self, key: &Spanned<String>, entry: &Entry) -> Option<Subject> {
        let is_response = self.is_response(entry);
        match (&entry.operation, &entry.callback, &entry.recipe) {
            (Some(name), None, None) => {
                let operation = self.known(name, "operation", Code::UnknownOperation, |provider| {
                    provider.operations.iter().map(|operation| operation.name.wire.as_str()).collect()
                })?;
                if is_response && !self.has_reply(&operation) {
                    let message = format!("`{operation}` has no reply that could be read");
                    self.say(Code::KeyDoesNotApply, name.span, message);
                    return None;
                }
                Some(if is_response { Subject::Response(operation) } else { Subject::Request(operation) })
            }
            (None, Some(name), None) => self
                .known(name, "callback", Code::UnknownOperation, |provider| {
                    provider.callbacks.iter().map(|callback| callback.name.wire.as_str()).collect()
                })
                .map(Subject::Callback),
            (None, None, Some(name)) => self
                .known(name, "recipe", Code::UnknownRecipe, |provider| {
                    provider.recipes.iter().map(|recipe| recipe.name.wire.as_str()).collect()
                })
                .map(Subject::Recipe),
            (None, None, None) => {
                let message = format!("`{}` does not say what it exercises", **key);
                self.mend(Code::MissingKey, key.span, message, "add `operation`, `callback` or `recipe`");
                None
            }
            _ => {
                let message = format!("`{}` exercises several things at once", **key);
                let mend = "keep one of `operation`, `callback` and `recipe`";
                self.mend(Code::KeyDoesNotApply, key.span, message, mend);
                None
            }
        }
    }

    fn is_response(&mut self, entry: &Entry) -> bool {
        let Some(direction) = &entry.direction else { return false };
        if entry.operation.is_none() {
            let message = "`direction` belongs to an operation: a callback always comes in";
            self.say(Code::KeyDoesNotApply, direction.span, message);
        }
        let words = &["request", "response"];
        self.word(Some(direction), Code::UnknownValue, "a direction", words).as_deref() == Some("response")
    }

    fn has_reply(&self, name: &str) -> bool {
        let mut operations = self.provider.operations.iter();
        operations.any(|operation| operation.name.wire == name && operation.reply.is_some())
    }

    /// A name of the spec; of what it is not, the nearest.
    fn known(
        &mut self,
        name: &Spanned<String>,
        what: &str,
        code: Code,
        names: impl Fn(&Provider) -> Vec<&str>,
    ) -> Option<String> {
        let provider = Arc::clone(self.provider);
        let names = names(&provider);
        if names.contains(&name.as_str()) {
            return Some(name.value.clone());
        }
        let message = format!("the spec has no {what} `{}`", **name);
        let mend = suggestion(name, &names);
        self.diagnostics.push(Diagnostic::new(code, name.span, message).mend_if_any(mend));
        None
    }

    fn settings(&mut self, entry: &Entry) -> Option<Settings> {
        let credentials = self.credentials(&entry.credentials);
        let provider = Arc::clone(self.provider);
        let options =
            provider.options.iter().map(|option| option.field.name.wire.as_str()).collect::<Vec<_>>();
        let options = self.all_known(&entry.options, "option", Code::UnknownOption, &options);
        let tokens = provider.token.iter().map(|token| token.name.wire.as_str()).collect::<Vec<_>>();
        let tokens = self.all_known(&entry.tokens, "token", Code::UnknownToken, &tokens);
        let hosts = provider.hosts.iter().map(|host| host.wire.as_str()).collect::<Vec<_>>();
        let mut hosts = self.all_known(&entry.hosts, "host", Code::UnknownHost, &hosts);
        for host in &provider.hosts {
            if !hosts.contains(&host.wire) {
                hosts.insert(&host.wire, made_up(&host.wire));
            }
        }
        Some(Settings { credentials: credentials?, options, tokens, hosts, fresh: None })
    }

    fn credentials(&mut self, name: &Spanned<String>) -> Option<Map<CredentialValue>> {
        if let Some(credentials) = self.accounts.get(name) {
            return Some(credentials.clone());
        }
        // What is wrong with a set has been said where it stands.
        if !self.known.contains(name) {
            let message = format!("`test_credentials` has no set `{}`", **name);
            let known: Vec<&str> = self.known.iter().map(String::as_str).collect();
            let mend = suggestion(name, &known);
            let diagnostic = Diagnostic::new(Code::UnknownCredential, name.span, message);
            self.diagnostics.push(diagnostic.mend_if_any(mend));
        }
        None
    }

    fn all_known(
        &mut self,
        entries: &Entries<Spanned<String>>,
        what: &str,
        code: Code,
        names: &[&str],
    ) -> Map<String> {
        let mut all = Map::new();
        for Named { key, value } in entries {
            if !names.contains(&key.as_str()) {
                let message = format!("the spec has no {what} `{}`", **key);
                let mend = suggestion(key, names);
                self.diagnostics.push(Diagnostic::new(code, key.span, message).mend_if_any(mend));
                continue;
            }
            all.insert(key.value.clone(), value.value.clone());
        }
        all
    }

    /// The credentials have been tried: what is wrong here is the choice of an option.
    fn interpreter(&mut self, settings: Settings, span: Span) -> Option<Interpreter> {
        let made = Interpreter::new(Arc::clone(self.provider), settings);
        made.map_err(|error| self.say(Code::BadExample, span, error.to_string())).ok()
    }

    fn supplied(&mut self, entry: &Entry, interpreter: Option<&Interpreter>) -> Supplied {
        let now = entry.now.as_ref().and_then(|now| {
            let instant = interpreter.and_then(|interpreter| instant(interpreter, now));
            if instant.is_none() && interpreter.is_some() {
                let message = format!("`{}` is no instant", **now);
                let mend = "write Unix seconds (with three decimals if need be), or `yyyy-MM-dd HH:mm:ss` in the zone of the spec";
                self.mend(Code::UnknownValue, now.span, message, mend);
            }
            instant
        });
        let texts = |entries: &Entries<String>| {
            entries.iter().map(|own| (own.key.value.clone(), own.value.clone())).collect::<Map<String>>()
        };
        Supplied {
            given: texts(&entry.given),
            fresh: texts(&entry.fresh),
            now: Some(now.unwrap_or(Instant::from_unix_seconds(0))),
            url: None,
        }
    }

    fn flag(&mut self, text: Option<&Spanned<String>>) -> bool {
        self.word(text, Code::UnknownValue, "`true` or `false`", &["true", "false"]).as_deref()
            == Some("true")
    }

    fn word(
        &mut self,
        text: Option<&Spanned<String>>,
        code: Code,
        what: &str,
        words: &[&str],
    ) -> Option<String> {
        let text = text?;
        if !words.contains(&text.as_str()) {
            let message = format!("`{}` is not {what}", **text);
            let mend = suggestion(text, words);
            self.diagnostics.push(Diagnostic::new(code, text.span, message).mend_if_any(mend));
        }
        Some(text.value.clone())
    }

    fn error(&mut self, wanted: &Wanted) -> ExpectedError {
        self.word(Some(&wanted.kind), Code::UnknownValue, "a kind of error", &KINDS);
        ExpectedError { kind: wanted.kind.value.clone(), code: wanted.code.clone() }
    }

    fn inputs(&mut self, entries: &Entries<Node>) -> Map<Value> {
        let mut inputs = Map::new();
        for Named { key, value: node } in entries {
            if let Some(value) = value(node, self.diagnostics) {
                inputs.insert(key.value.clone(), value);
            }
        }
        inputs
    }
}

fn texts(entries: Entries<String>) -> Vec<(String, String)> {
    entries.0.into_iter().map(|entry| (entry.key.value, entry.value)).collect()
}

fn made_up(host: &str) -> String {
    format!("https://{}.example.com", host.replace('_', "-"))
}

/// The nearest name, else all of them if there are few.
fn suggestion(name: &str, names: &[&str]) -> Option<String> {
    const MOST: usize = 12;
    let guess = did_you_mean(name, names.iter().copied());
    let all = || {
        let all: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
        let more = if names.len() > MOST { " ..." } else { "" };
        (!all.is_empty()).then(|| format!("there are {}{more}", all.join(", ")))
    };
    guess.map(|guess| format!("did you mean `{guess}`?")).or_else(all)
}

/// An instant that a person has written: Unix seconds, also with decimals, or `yyyy-MM-dd HH:mm:ss` in the zone of the
/// spec.
#[must_use]
pub fn instant(interpreter: &Interpreter, text: &str) -> Option<Instant> {
    if let Some((seconds, millis)) = text.split_once('.') {
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(seconds) || !is_digits(millis) || millis.len() > 3 {
            return None;
        }
        return format!("{seconds}{millis:0<3}").parse().ok().map(Instant::from_unix_millis);
    }
    interpreter.parse_instant(text)
}
