//! Worked examples: for every recipe the best message whose signature is known, worked by the interpreter.
//!
//! What is shown comes from the account that the interpreter writes while it signs or verifies, in which secrets and
//! personal values are masked already; and nothing is taken from a vectors file that is not masked again. A vector
//! that is known to fail shows nothing.

use std::sync::Arc;

use payspec_codegen::ir::{Algorithm, Callback, Provider, Receive, Recipe};
use payspec_interpreter::{
    Account, AddedBy, Fate, Incoming, Interpreter, Nothing, RecipeAccount, SignedBy, ValueAccount, Why,
};
use payspec_vectors::{Concealed, Subject, Vector, VectorsFile};

use crate::document::{Block, Code, Section, Table, Text};

/// An example of each recipe that has one.
#[derive(Debug, Default)]
pub(crate) struct Examples {
    examples: Vec<Example>,
    /// Vectors whose signature no reading of the rule gives, and what they are about.
    pub(crate) unreproduced: Vec<(String, String)>,
}

/// A message that shows a recipe at work.
#[derive(Debug)]
struct Example {
    recipe: String,
    vector: String,
    provenance: String,
    message: String,
    /// The recipe behind its parts.
    accounts: Vec<RecipeAccount>,
    /// The signature, where making it again would give another.
    signature: Option<String>,
    concealed: Concealed,
}

impl Examples {
    /// The best vector for every recipe: the provider's own words before ours.
    pub(crate) fn of(provider: &Arc<Provider>, vectors: Option<&VectorsFile>) -> Self {
        let Some(file) = vectors else { return Self::default() };
        let mut worked: Vec<(u8, &Vector, Account)> = file
            .vectors
            .iter()
            .filter(|vector| !vector.is_unreproduced())
            .filter_map(|vector| Some((rank(&vector.provenance), vector, account(provider, vector)?)))
            .collect();
        worked.sort_by_key(|(rank, ..)| *rank);
        let of = |recipe: &Recipe| {
            worked.iter().find_map(|(_, vector, account)| Example::new(recipe, vector, account))
        };
        let unreproduced = file.vectors.iter().filter(|vector| vector.is_unreproduced());
        Self {
            examples: provider.recipes.iter().filter_map(of).collect(),
            unreproduced: unreproduced
                .map(|vector| (vector.name.clone(), vector.subject.name().to_owned()))
                .collect(),
        }
    }

    /// The example of a recipe.
    pub(crate) fn section(&self, recipe: &str) -> Option<Section> {
        self.examples.iter().find(|example| example.recipe == recipe).map(Example::section)
    }
}

/// Whose word a vector is, the best first.
fn rank(provenance: &str) -> u8 {
    match provenance {
        "official" | "published" => 0,
        "recorded" => 1,
        "self_made" => 3,
        _ => 2,
    }
}

fn provenance_words(provenance: &str) -> &str {
    match provenance {
        "official" | "published" => "printed by the provider or made by its code",
        "recorded" => "a real message",
        "computed" => "computed by somebody's code that talks to the provider",
        "self_made" => "made for this spec; nobody else has confirmed it",
        other => other,
    }
}

/// What the interpreter did with the message of a vector.
fn account(provider: &Arc<Provider>, vector: &Vector) -> Option<Account> {
    let interpreter = Interpreter::new(Arc::clone(provider), vector.settings.clone()).ok()?;
    let supplied = &vector.supplied;
    match &vector.subject {
        Subject::Request(name) => interpreter.account_of_request(name, &vector.inputs, supplied).ok(),
        Subject::Response(name) => {
            let body = vector.body.as_deref().unwrap_or_default().as_bytes();
            interpreter.account_of_reply(name, &vector.headers, body, supplied).ok()
        }
        Subject::Callback(name) => {
            let incoming = Incoming {
                method: if vector.body.is_some() { "POST" } else { "GET" },
                query: vector.query.as_deref().unwrap_or_default().as_bytes(),
                body: vector.body.as_deref().unwrap_or_default().as_bytes(),
                content_type: content_type(interpreter.callback(name)?, vector),
                headers: &vector.headers,
                url: vector.url.as_deref(),
            };
            interpreter.account_of_callback(name, &incoming, supplied).ok()
        }
        Subject::Recipe(_) => None,
    }
}

/// The content type that comes with a callback: the one that the vector says, else that of its shape.
fn content_type<'a>(callback: &Callback, vector: &'a Vector) -> Option<&'a str> {
    let said = vector.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if let Some((_, said)) = said {
        return Some(said);
    }
    let of_shape = |shape: &Receive| match shape {
        Receive::PostForm => Some("application/x-www-form-urlencoded"),
        Receive::PostJson => Some("application/json"),
        Receive::PostXml => Some("text/xml"),
        Receive::PostMultipart | Receive::GetQuery => None,
    };
    vector.body.as_ref().and(callback.receive.iter().find_map(of_shape))
}

impl Example {
    /// The recipe as it worked in this message; `None` where it did not, or did not fit.
    fn new(recipe: &Recipe, vector: &Vector, account: &Account) -> Option<Self> {
        let name = &recipe.name.wire;
        let of_it = |one: &&RecipeAccount| one.recipe == *name && one.reading == 0;
        let accounts: Vec<RecipeAccount> = account.recipes.iter().filter(of_it).cloned().collect();
        let whole = accounts.iter().rfind(|one| one.part.is_none())?;
        let is_refused = matches!(whole.verdict, Some(Err(_)));
        let is_unwritten = matches!(whole.text, Some(Err(_)));
        if is_refused || is_unwritten {
            return None;
        }
        let made_anew = matches!(recipe.seal.algorithm, Algorithm::Sm2 { .. });
        Some(Self {
            recipe: name.clone(),
            vector: vector.name.clone(),
            provenance: vector.provenance.clone(),
            message: format!("{} {}", vector.subject.kind(), vector.subject.name()),
            signature: made_anew.then(|| vector.signature.clone()).flatten(),
            accounts: if made_anew { accounts.into_iter().map(without_result).collect() } else { accounts },
            concealed: Concealed::of(&vector.settings, &vector.supplied),
        })
    }

    fn section(&self) -> Section {
        let Self { recipe, vector, provenance, message, accounts, signature, concealed: _ } = self;
        let mut blocks = vec![Block::Paragraph(
            Text::plain("The vector ")
                .and_code(vector)
                .and(", ")
                .and_strong(provenance)
                .and(format!(": {}. It is the {message}.", provenance_words(provenance))),
        )];
        for account in accounts {
            blocks.extend(self.account(account));
        }
        if let Some(signature) = signature {
            blocks.push(Block::Paragraph("The signature (another one each time, all of them fit):".into()));
            blocks.push(Block::Code(Code::new("", &self.shown(signature))));
        }
        Section::new(&format!("example-{recipe}"), "Worked example").with(blocks)
    }

    fn account(&self, account: &RecipeAccount) -> Vec<Block> {
        let mut blocks = Vec::new();
        let what = match &account.part {
            Some(part) => format!("{}, part {part}", account.recipe),
            None => account.recipe.clone(),
        };
        if let Some(part) = &account.part {
            blocks.push(Block::Paragraph(Text::plain("The part ").and_code(part).and(":")));
        }
        if !account.values.is_empty() {
            let columns = [("Value", 3), ("Says", 5), ("In the text", 4)];
            let mut rows = Vec::new();
            account.values.iter().for_each(|value| self.value_rows(value, "", &mut rows));
            blocks.push(Block::Table(
                Table::new(format!("Values of the example of {what}"), &columns).with(rows),
            ));
        }
        if let Some(Ok(text)) = &account.text {
            blocks.push(Block::Paragraph("The text:".into()));
            blocks.push(Block::Code(Code::new("", &self.shown(text.masked()))));
        }
        if let Some(result) = &account.result {
            let words = match account.seal.output {
                "bytes" => "The result, in hex:",
                _ => "The result:",
            };
            blocks.push(Block::Paragraph(words.into()));
            blocks.push(Block::Code(Code::new("", &self.shown(result))));
        }
        if let Some(place) = &account.place
            && let Some(written) = place.written.as_ref().or(place.received.as_ref())
            && account.result.as_ref() != Some(written)
        {
            let stands = Text::plain("In ").and_code(&place.carrier).and(" stands:");
            blocks.push(Block::Paragraph(stands));
            blocks.push(Block::Code(Code::new("", &self.shown(written))));
        }
        blocks
    }

    fn value_rows(&self, value: &ValueAccount, around: &str, rows: &mut Vec<Vec<Text>>) {
        let name =
            if around.is_empty() { value.name.clone() } else { format!("{around} › {}", value.name) };
        let shown = match &value.shown {
            Some(shown) => Text::code(self.shown(shown)),
            None => Text::default(),
        };
        rows.push(vec![Text::code(&name), shown, fate(&value.fate)]);
        value.inside.iter().for_each(|inner| self.value_rows(inner, &name, rows));
    }

    /// Masked once more: nothing that a vectors file calls a secret is shown.
    fn shown(&self, text: &str) -> String {
        self.concealed.text(text)
    }
}

/// What was made at random would be another one on every page.
fn without_result(account: RecipeAccount) -> RecipeAccount {
    let place = account.place.map(|mut place| {
        place.written = None;
        place
    });
    RecipeAccount { result: None, place, ..account }
}

/// What became of a value.
fn fate(fate: &Fate) -> Text {
    match fate {
        Fate::Signed { by, nothing } => {
            let text = Text::default().and_strong("signed");
            let text = match by {
                SignedBy::List => text,
                SignedBy::Inside => text.and(" by what is inside"),
                SignedBy::Text => text.and(", named by the text"),
                SignedBy::Add(name) => text.and(" as part of ").and_code(name),
                SignedBy::Raw(what) => text.and(" inside ").and_code(format!("{{{what}}}")),
                SignedBy::Part(name) => text.and(" by the part ").and_code(name),
                SignedBy::Key => text.and(" by the key"),
            };
            match nothing {
                Some(kind) => text.and(format!(", although it is {}", nothing_words(*kind))),
                None => text,
            }
        }
        Fate::LeftOut(why) => Text::plain("left out: ").and(match why {
            Why::Nothing(kind) => nothing_words(*kind),
            Why::AbsentWhen => "nothing, and therefore not sent",
            Why::Except => "excepted",
            Why::OwnPlace => "the signature itself",
            Why::Nested => "an object or array",
            Why::Repeated => "equal to one before",
            Why::NotListed => "not listed",
            Why::NotInText => "not in the text",
            Why::NotReached => "the text was given up before",
        }),
        Fate::Refused(kind) => {
            let text = Text::plain("refused");
            kind.map_or(text.clone(), |kind| text.and(format!(": {}", nothing_words(kind))))
        }
        Fate::Added(by) => Text::plain(match by {
            AddedBy::Add => "added, never sent",
            AddedBy::Text => "named by the text",
            AddedBy::Pair => "written with every item",
        }),
    }
}

fn nothing_words(nothing: Nothing) -> &'static str {
    match nothing {
        Nothing::Absent => "absent",
        Nothing::Null => "JSON null",
        Nothing::Empty => "empty",
        Nothing::Blank => "blank",
    }
}
