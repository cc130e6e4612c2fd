//! The check: from the model to the IR, with every semantic mistake at once.
//!
//! Nothing here stops at the first mistake. What cannot be understood is reported and replaced by something harmless,
//! so that the rest can still be looked at; the IR is handed out only if nothing was wrong. Each module looks at one
//! part of the language. They share a [`Context`]: the model, what has been worked out so far, and the diagnostics.
//!
//! The order matters where one part needs another: credentials and defaults first, then types and options, recipes,
//! requests, replies, callbacks, and last what ties them together (`resolved_by`, tokens, usage, names).

mod accepts;
mod alphabets;
mod callbacks;
mod carriage;
mod cautions;
mod choices;
mod ciphers;
mod conditions;
mod coverage;
mod covers;
mod credentials;
mod elements;
mod empties;
mod entries;
mod envelopes;
mod errors;
mod examples;
pub(crate) mod fields;
mod filters;
mod fresh;
mod head;
mod headers;
mod kinds;
mod likes;
mod listed;
mod lists;
mod messages;
mod names;
mod notices;
mod operands;
mod operations;
mod origins;
mod outcomes;
mod parts;
mod paths;
mod placeholders;
mod placements;
mod places;
mod protection;
mod ranges;
mod readings;
mod recipes;
mod references;
mod replies;
mod resolutions;
mod retries;
mod rules;
pub(crate) mod seals;
mod secrets;
mod signed;
mod templates;
mod times;
mod tokens;
mod types;
mod usage;
mod weaknesses;

use std::cell::RefCell;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity, Span, did_you_mean};
use crate::ir;
use crate::model::{File, SourceIds};
use crate::read::Spanned;

/// Checks a file. `diagnostics` are those of the reading; the IR is returned only if there is no error.
pub(crate) fn check(file: &File, diagnostics: Diagnostics) -> (Option<ir::Provider>, Diagnostics) {
    let mut cx = Context::new(file, diagnostics);
    let provider = provider(&mut cx);
    let found = cx.finish();
    (provider.filter(|_| !found.has_errors()), found)
}

fn provider(cx: &mut Context<'_>) -> Option<ir::Provider> {
    let head = cx.head();
    cx.defaults();
    cx.credentials = cx.lower_credentials();
    cx.hosts = cx.host_names();
    cx.types = cx.lower_types();
    cx.options = cx.lower_options();
    cx.encoding = cx.lower_encoding();
    cx.recipes = cx.lower_recipes();
    cx.lower_type_rules();
    let environments = cx.lower_environments();
    let envelopes = cx.lower_envelopes();
    let mut operations = cx.lower_operations(&envelopes);
    let callbacks = cx.lower_callbacks(&operations);
    cx.lower_resolutions(&mut operations, &callbacks);
    let token = cx.lower_token(&operations);
    cx.check_sources_of_recipes();
    cx.check_usage(&operations, &callbacks);
    cx.check_names(&envelopes, &operations, &callbacks);
    let head = head?;
    Some(ir::Provider {
        name: head.name,
        title: head.title,
        doc: head.doc,
        sources: head.sources,
        defaults: ir::Defaults {
            encoding: cx.encoding,
            zone: cx.zone,
            absent_when: cx.absent_when,
            space: cx.space,
        },
        hosts: std::mem::take(&mut cx.hosts),
        environments,
        credentials: std::mem::take(&mut cx.credentials),
        options: std::mem::take(&mut cx.options),
        types: std::mem::take(&mut cx.types),
        recipes: std::mem::take(&mut cx.recipes.lowered),
        token,
        envelopes,
        operations,
        callbacks,
    })
}

/// What all parts of the check share.
pub(crate) struct Context<'a> {
    file: &'a File,
    found: RefCell<Diagnostics>,
    /// Places where reading failed: what is missing there has been said.
    failed: Vec<Span>,
    accepted: RefCell<Vec<accepts::Accepted>>,
    zone: Option<i32>,
    space: ir::Space,
    absent_when: ir::AbsentWhen,
    length_unit: ir::LengthUnit,
    json_amount: ir::JsonForm,
    json_integer: ir::JsonForm,
    digits: ir::Digits,
    encoding: ir::Encoding,
    hosts: Vec<ir::Name>,
    credentials: Vec<ir::Credential>,
    types: Vec<ir::Type>,
    options: Vec<ir::ClientOption>,
    recipes: recipes::Table,
}

impl<'a> Context<'a> {
    fn new(file: &'a File, diagnostics: Diagnostics) -> Self {
        let failed = diagnostics.iter().map(|diagnostic| diagnostic.span).collect();
        let cx = Context {
            file,
            found: RefCell::new(diagnostics),
            failed,
            accepted: RefCell::default(),
            zone: None,
            space: ir::Space::Percent20,
            absent_when: ir::AbsentWhen::Empty,
            length_unit: ir::LengthUnit::Chars,
            json_amount: ir::JsonForm::Text,
            json_integer: ir::JsonForm::Number,
            digits: ir::Digits::Fixed,
            encoding: ir::Encoding::Fixed(ir::Charset::Utf8),
            hosts: Vec::new(),
            credentials: Vec::new(),
            types: Vec::new(),
            options: Vec::new(),
            recipes: recipes::Table::default(),
        };
        cx.accept(&file.accepts, None);
        cx
    }

    /// Adds a diagnostic.
    fn say(&self, diagnostic: Diagnostic) {
        self.found.borrow_mut().push(diagnostic);
    }

    /// Adds a diagnostic with a code, a place, what is wrong and the mend.
    fn mistake(&self, code: Code, span: Span, message: impl Into<String>, mend: impl Into<String>) {
        self.say(Diagnostic::new(code, span, message).mend(mend));
    }

    /// Reports a name that nothing has, with the name that was meant or else all that there are.
    fn unknown<'n>(
        &self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        name: &str,
        known: impl Iterator<Item = &'n str>,
    ) {
        let known: Vec<&str> = known.collect();
        let mend = match did_you_mean(name, known.iter().copied()) {
            Some(meant) => Some(format!("did you mean `{meant}`?")),
            None if known.is_empty() || known.len() > 12 => None,
            None => Some(format!("known here: {}", known.join(", "))),
        };
        self.say(Diagnostic::new(code, span, message).mend_if_any(mend));
    }

    /// Reports that something is part of the language and not of this compiler.
    fn not_yet(&self, span: Span, what: &str) {
        let mend = "tell us about the provider that needs it; a test vector is the best way to do so";
        self.mistake(Code::NotYet, span, format!("{what} is not supported yet"), mend);
    }

    /// The value of a key that must be there. `within` is the whole thing: what failed in there has been said.
    fn required<'m, T>(
        &self,
        value: Option<&'m T>,
        key: &str,
        of: &str,
        (at, within): (Span, Span),
        mend: &str,
    ) -> Option<&'m T> {
        if value.is_none() && !self.has_failed(within) {
            self.mistake(Code::MissingKey, at, format!("`{key}` is missing in {of}"), mend);
        }
        value
    }

    /// Whether reading failed somewhere inside.
    fn has_failed(&self, within: Span) -> bool {
        self.failed.iter().any(|span| within.start <= span.start && span.end <= within.end)
    }

    /// The doc line of something that must have one.
    fn doc(&self, doc: Option<&Spanned<String>>, of: &str, at: Span) -> String {
        match doc {
            Some(doc) if !doc.trim().is_empty() => doc.trim().to_owned(),
            _ => {
                let mend = "one sentence: what it is, with the provider's own term";
                self.mistake(Code::UndocumentedField, at, format!("{of} has no `doc`"), mend);
                String::new()
            }
        }
    }

    /// Who vouches for something: what is said there, else what is said around it.
    fn sources(&self, said: Option<&SourceIds>, around: &[String]) -> Vec<String> {
        let Some(said) = said else { return around.to_vec() };
        let declared = self.file.provider.as_ref().map(|provider| &provider.sources);
        let known = || declared.into_iter().flat_map(|sources| sources.keys()).chain(["inferred", "unknown"]);
        for id in said {
            if !known().any(|known| known == id.value) {
                self.unknown(Code::UnknownSource, id.span, format!("unknown source `{id}`"), id, known());
            }
        }
        said.iter().map(|id| id.value.clone()).collect()
    }

    /// What was found, less what was accepted.
    fn finish(self) -> Diagnostics {
        accepts::settle(self.found.into_inner(), self.accepted.into_inner())
    }

    /// Whether something is wrong in exactly this place.
    fn is_wrong(&self, span: Span) -> bool {
        self.found.borrow().iter().any(|found| found.severity() == Severity::Error && found.span == span)
    }
}

/// Text of an optional key.
fn text_of(text: Option<&Spanned<String>>) -> Option<String> {
    text.map(|text| text.value.trim().to_owned())
}

/// Names in a sentence: `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
