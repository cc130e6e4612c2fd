//! Texts without the secrets in them.
//!
//! What the interpreter shows is masked where it is composed. Everything else that this crate and the command print
//! (a line of a vectors file, an expected text, an error) goes through here: each secret is replaced, in every form
//! in which messages carry one: as it is, in hex, in base64, percent-encoded, in upper and lower case.

use std::fmt::Write as _;

use payspec_codegen::diagnostic::{Diagnostic, Diagnostics, Span};
use payspec_codegen::read::{Node, NodeValue};
use payspec_interpreter::{CredentialValue, Map, Settings, Supplied};
use payspec_runtime::crypto::Sealed;
use payspec_runtime::{Charset, Secret};

use crate::text;

/// Stands in place of every secret.
pub(crate) const MASK: &str = "******";
/// A secret of fewer characters is only hidden where a text is shown as a whole: its letters stand everywhere.
const SHORTEST: usize = 3;
/// A secret of so many bytes does not occur by chance.
const LONG: usize = 8;

/// Knows secrets, and hides them.
#[derive(Clone, Debug, Default)]
pub struct Concealed {
    /// The longest first, so that none is hidden by half.
    forms: Vec<Secret>,
    /// Where credentials stand in the file.
    places: Vec<Span>,
    /// The file could not be read: nobody knows where its secrets are.
    unreadable: bool,
}

impl Concealed {
    /// The secrets of one client, and what is handed in with one message.
    #[must_use]
    pub fn of(settings: &Settings, supplied: &Supplied) -> Self {
        let mut found = Vec::new();
        of_credentials(&settings.credentials, &mut found);
        found.extend(settings.tokens.iter().map(|(_, token)| token.clone()));
        found.extend(supplied.given.iter().map(|(_, given)| given.clone()));
        Self { forms: forms_of(&found), ..Self::default() }
    }

    /// What stands in a file under the keys of credentials. All of it: the spec is not asked what is public.
    pub(crate) fn in_file(node: Option<&Node>) -> Self {
        let Some(node) = node else { return Self { unreadable: true, ..Self::default() } };
        let mut concealed = Self::default();
        let mut found = Vec::new();
        if let Some(credentials) = node.get("test_credentials") {
            concealed.places.push(credentials.span);
            texts_in(credentials, &mut found);
        }
        let vectors = node.get("vectors").map(Node::entries).unwrap_or_default();
        for (_, vector) in vectors {
            for node in ["tokens", "given"].into_iter().filter_map(|key| vector.get(key)) {
                concealed.places.push(node.span);
                texts_in(node, &mut found);
            }
        }
        concealed.forms = forms_of(&found);
        concealed
    }

    /// A file of nothing but credentials.
    #[must_use]
    pub fn everything() -> Self {
        Self { unreadable: true, ..Self::default() }
    }

    /// The text with a mask in place of every secret.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let mut shown = text.to_owned();
        for form in &self.forms {
            if shown.contains(form.expose()) {
                shown = shown.replace(form.expose(), MASK);
            }
        }
        shown
    }

    /// One value of a message, with a mask in place of what is a secret as a whole, or holds a long one. A short secret
    /// inside of a value is most likely none.
    #[must_use]
    pub fn value(&self, value: &str) -> String {
        let is_secret = |form: &Secret| {
            value == form.expose() || (form.expose().len() >= LONG && value.contains(form.expose()))
        };
        if self.forms.iter().any(is_secret) { self.text(value) } else { value.to_owned() }
    }

    /// The source of a file, as long as it is: every character of a secret becomes a `*`.
    #[must_use]
    pub fn source(&self, source: &str) -> String {
        if self.unreadable {
            return source.lines().map(without_value).collect::<Vec<_>>().join("\n");
        }
        let mut shown = source.to_owned();
        for form in &self.forms {
            if shown.contains(form.expose()) {
                shown = shown.replace(form.expose(), &"*".repeat(form.expose().chars().count()));
            }
        }
        shown
    }

    /// Diagnostics about credentials lose their words where these may repeat a value.
    #[must_use]
    pub fn diagnostics(&self, diagnostics: Diagnostics) -> Diagnostics {
        let is_said_by_the_reader = |diagnostic: &Diagnostic| {
            self.unreadable || self.places.iter().any(|place| contains(*place, diagnostic.span))
        };
        let mut shown = Diagnostics::new();
        for mut diagnostic in diagnostics {
            diagnostic.message = self.text(&diagnostic.message);
            diagnostic.mend = diagnostic.mend.map(|mend| self.text(&mend));
            if is_said_by_the_reader(&diagnostic) && is_about_syntax(&diagnostic) {
                diagnostic.message = diagnostic.code.title().to_owned();
                diagnostic.mend = None;
            }
            shown.push(diagnostic);
        }
        shown
    }
}

fn contains(place: Span, span: Span) -> bool {
    place.start <= span.start && span.start <= place.end
}

/// Complaints of the reader of YAML, which repeat what they have found.
fn is_about_syntax(diagnostic: &Diagnostic) -> bool {
    use payspec_codegen::codes::Code;
    matches!(
        diagnostic.code,
        Code::DuplicateKey | Code::ValuelessKey | Code::AnchorOrAlias | Code::NotYaml | Code::Tag
    )
}

/// A line of a file whose values nobody knows: its keys and its punctuation, which is what is wrong with it.
fn without_value(line: &str) -> String {
    let letters: Vec<char> = line.chars().collect();
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut shown = String::with_capacity(line.len());
    for (at, letter) in letters.iter().enumerate() {
        // A word is a key if a colon and a blank, or the end of the line, are behind it.
        let mut behind = letters.iter().skip(at).skip_while(|letter| is_word(**letter));
        let is_key = behind.next() == Some(&':') && behind.next().is_none_or(|letter| *letter == ' ');
        shown.push(if is_word(*letter) && !is_key { '*' } else { *letter });
    }
    shown
}

fn texts_in(node: &Node, found: &mut Vec<String>) {
    match &node.value {
        NodeValue::Scalar(scalar) => found.push(scalar.text.clone()),
        NodeValue::Sequence(items) => items.iter().for_each(|item| texts_in(item, found)),
        // The path of a key is none.
        NodeValue::Mapping(entries) => {
            entries.iter().filter(|(key, _)| key.text != "file").for_each(|(_, node)| texts_in(node, found));
        }
        NodeValue::Null => {}
    }
}

fn of_credentials(credentials: &Map<CredentialValue>, found: &mut Vec<String>) {
    for (_, value) in credentials.iter() {
        match value {
            CredentialValue::Secret(secret) => found.push(secret.expose().to_owned()),
            CredentialValue::Choice { members, .. } => of_credentials(members, found),
            CredentialValue::Keys(keys) => of_credentials(keys, found),
            _ => {}
        }
    }
}

/// Every form of every text, the longest first.
fn forms_of(texts: &[String]) -> Vec<Secret> {
    let mut forms: Vec<String> = Vec::new();
    for text in texts.iter().filter(|text| text.chars().count() >= SHORTEST) {
        let bytes = Sealed::from(text.as_bytes().to_vec());
        let hex: String = text.bytes().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let percent = text::percent_encoded(text, Charset::Utf8);
        forms.extend([text.to_lowercase(), text.to_uppercase(), hex.to_uppercase(), percent.to_lowercase()]);
        forms.extend([text.clone(), bytes.base64().to_string(), hex, percent]);
    }
    forms.sort_unstable_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    forms.dedup();
    forms.into_iter().map(Secret::new).collect()
}
