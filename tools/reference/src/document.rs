//! The model of a page: sections, paragraphs, tables, code, marks. It stands between what a spec says and the writers.
//!
//! Everything that a page says is said here once; [`html`](crate::html()) and [`markdown`](crate::markdown()) only write
//! it down, and escape all of it: texts in the model are data, whatever characters they hold. What cannot be seen
//! (control characters, marks that turn the direction of writing) is shown as an escape from the moment a text enters
//! the model, so that no page can show another order of characters than the spec has.

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The name of its file, without an ending.
    pub(crate) file: String,
    /// The heading of the page.
    pub(crate) title: String,
    /// What stands before the first section.
    pub(crate) lead: Vec<Block>,
    /// Its sections.
    pub(crate) sections: Vec<Section>,
}

impl Document {
    /// The name of its file, without an ending.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }
}

/// A section with its heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Section {
    /// Its anchor, unique in the page.
    pub(crate) id: String,
    /// Its heading.
    pub(crate) title: Text,
    /// What it says.
    pub(crate) blocks: Vec<Block>,
    /// The sections inside it.
    pub(crate) sections: Vec<Section>,
}

impl Section {
    /// An empty section.
    pub(crate) fn new(id: &str, title: impl Into<Text>) -> Self {
        Self { id: anchor(id), title: title.into(), blocks: Vec::new(), sections: Vec::new() }
    }

    /// Adds what it says.
    pub(crate) fn with(mut self, blocks: impl IntoIterator<Item = Block>) -> Self {
        self.blocks.extend(blocks);
        self
    }

    /// Nothing stands in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.blocks.is_empty() && self.sections.is_empty()
    }
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// A paragraph.
    Paragraph(Text),
    /// Something that must not be overlooked.
    Notice(Text),
    /// Text as it stands, line by line.
    Code(Code),
    /// Names and what belongs to them.
    Facts(Vec<(Text, Text)>),
    /// A list without order.
    List(Vec<Item>),
    /// Steps, one after the other.
    Steps(Vec<Item>),
    /// Things to tick off.
    Checklist(Vec<Item>),
    /// A table.
    Table(Table),
}

/// An entry of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Item {
    /// What it says.
    pub(crate) text: Text,
    /// What belongs to it.
    pub(crate) blocks: Vec<Block>,
}

impl From<Text> for Item {
    fn from(text: Text) -> Self {
        Self { text, blocks: Vec::new() }
    }
}

/// Text as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    /// What it is written in; empty: nothing that has a name.
    pub(crate) language: String,
    /// The text.
    pub(crate) text: String,
}

impl Code {
    /// Code in a language, perhaps an empty one.
    pub(crate) fn new(language: &str, text: &str) -> Self {
        let language = language.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        Self { language, text: visible(text, true) }
    }
}

/// A table. The first cell of a row is its heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// What it shows, for those who do not see where it stands.
    pub(crate) caption: String,
    /// Its columns: headings, and of twelve parts how much of the width.
    pub(crate) columns: Vec<(&'static str, u8)>,
    /// Its rows, each as long as the columns.
    pub(crate) rows: Vec<Vec<Text>>,
}

impl Table {
    /// An empty table.
    pub(crate) fn new(caption: impl AsRef<str>, columns: &[(&'static str, u8)]) -> Self {
        Self { caption: visible(caption.as_ref(), false), columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds rows.
    pub(crate) fn with(mut self, rows: impl IntoIterator<Item = Vec<Text>>) -> Self {
        self.rows.extend(rows);
        self
    }
}

/// Running text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) Vec<Inline>);

/// A piece of running text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Inline {
    /// Words.
    Plain(String),
    /// Something that stands like this on the wire or in the spec.
    Code(String),
    /// Words that count.
    Strong(String),
    /// A link.
    Link(Target, String),
    /// A word that marks what stands before it.
    Mark(Mark),
    /// A new line.
    Break,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A section of this page, by its anchor.
    Section(String),
    /// The same, of a thing that the spec names: its name is shown as code.
    Item(String),
    /// The page of this name, beside this one.
    Page(String),
    /// An address of the web.
    Web(String),
}

/// A word that marks something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// Concluded by the author of the spec; no source says it.
    Inferred,
    /// Nobody knows.
    Unknown,
    /// No signature covers it.
    Unsigned,
    /// Personal data, or a token.
    Sensitive,
    /// It should no longer be used.
    Deprecated,
    /// No money moves here.
    Test,
}

impl Mark {
    /// The word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Inferred => "inferred",
            Self::Unknown => "unknown",
            Self::Unsigned => "not signed",
            Self::Sensitive => "sensitive",
            Self::Deprecated => "deprecated",
            Self::Test => "test",
        }
    }

    /// What it means, for the legend.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Inferred => "the author of the spec concluded it; no source says it",
            Self::Unknown => "nobody knows; the spec does not guess",
            Self::Unsigned => "no signature covers the value: anybody on the way could have changed it",
            Self::Sensitive => "personal data or a token: the generated client never shows it in logs",
            Self::Deprecated => "the provider wants it no longer used",
            Self::Test => "no money moves here",
        }
    }
}

impl Text {
    /// Words.
    pub(crate) fn plain(words: impl AsRef<str>) -> Self {
        Self::default().and(words)
    }

    /// Something that stands like this on the wire or in the spec.
    pub(crate) fn code(text: impl AsRef<str>) -> Self {
        Self::default().and_code(text)
    }

    /// Adds words.
    pub(crate) fn and(mut self, words: impl AsRef<str>) -> Self {
        let words = visible(words.as_ref(), false);
        match self.0.last_mut() {
            _ if words.is_empty() => {}
            Some(Inline::Plain(last)) => last.push_str(&words),
            _ => self.0.push(Inline::Plain(words)),
        }
        self
    }

    /// Adds something that stands like this on the wire or in the spec; of nothing, that it is nothing.
    pub(crate) fn and_code(mut self, text: impl AsRef<str>) -> Self {
        if text.as_ref().is_empty() {
            return self.and("the empty text");
        }
        self.0.push(Inline::Code(visible(text.as_ref(), false)));
        self
    }

    /// Adds words that count.
    pub(crate) fn and_strong(mut self, words: impl AsRef<str>) -> Self {
        self.0.push(Inline::Strong(visible(words.as_ref(), false)));
        self
    }

    /// Adds a mark.
    pub(crate) fn and_mark(mut self, mark: Mark) -> Self {
        if !self.0.is_empty() {
            self = self.and(" ");
        }
        self.0.push(Inline::Mark(mark));
        self
    }

    /// Adds a name that leads to its section.
    pub(crate) fn and_item(mut self, id: &str, name: impl AsRef<str>) -> Self {
        self.0.push(Inline::Link(Target::Item(anchor(id)), visible(name.as_ref(), false)));
        self
    }

    /// Adds words that lead to a section.
    pub(crate) fn and_section(mut self, id: &str, words: &str) -> Self {
        self.0.push(Inline::Link(Target::Section(anchor(id)), visible(words, false)));
        self
    }

    /// Adds a link to a page beside this one.
    pub(crate) fn and_page(mut self, file: &str, title: &str) -> Self {
        self.0.push(Inline::Link(Target::Page(anchor(file)), visible(title, false)));
        self
    }

    /// Adds a link to an address of the web, or the words alone where it is none.
    pub(crate) fn and_web(mut self, address: &str, words: &str) -> Self {
        let is_web = address.starts_with("https://") || address.starts_with("http://");
        if !is_web || address.chars().any(|c| c.is_whitespace() || is_invisible(c)) {
            return self.and(words);
        }
        self.0.push(Inline::Link(Target::Web(address.to_owned()), visible(words, false)));
        self
    }

    /// Adds another text.
    pub(crate) fn and_text(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Adds another text on a new line. An empty one adds nothing.
    pub(crate) fn and_line(mut self, other: Self) -> Self {
        if other.0.is_empty() {
            return self;
        }
        if !self.0.is_empty() {
            self.0.push(Inline::Break);
        }
        self.0.extend(other.0);
        self
    }

    /// Nothing is said.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Texts with words between them.
    pub(crate) fn joined(texts: impl IntoIterator<Item = Self>, between: &str, last: &str) -> Self {
        let mut texts = texts.into_iter().peekable();
        let mut joined = texts.next().unwrap_or_default();
        while let Some(text) = texts.next() {
            let between = if texts.peek().is_some() { between } else { last };
            joined = joined.and(between).and_text(text);
        }
        joined
    }

    /// Names as code, with commas between them.
    pub(crate) fn codes<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        Self::joined(names.into_iter().map(Self::code), ", ", ", ")
    }

    /// The words without their form.
    pub(crate) fn words(&self) -> String {
        let word = |inline: &Inline| match inline {
            Inline::Plain(text) | Inline::Code(text) | Inline::Strong(text) | Inline::Link(_, text) => {
                text.clone()
            }
            Inline::Mark(mark) => mark.word().to_owned(),
            Inline::Break => " ".to_owned(),
        };
        self.0.iter().map(word).collect()
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Self::plain(words)
    }
}

/// Text that an anchor or file name may have.
pub(crate) fn anchor(text: &str) -> String {
    let legal = |c: char| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '-' };
    text.chars().map(legal).collect()
}

/// The text with everything that cannot be seen as an escape; line breaks too, unless it has lines.
fn visible(text: &str, has_lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' if has_lines => out.push('\n'),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' if has_lines => out.push('\t'),
            '\t' => out.push_str("\\t"),
            hidden if is_invisible(hidden) => out.push_str(&format!("\\u{{{:x}}}", u32::from(hidden))),
            seen => out.push(seen),
        }
    }
    out
}

/// Control characters, and what turns the direction of writing or has no width.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown_as_an_escape() {
        assert_eq!(Text::plain("a\u{202e}b\0c\u{feff}").words(), "a\\u{202e}b\\u{0}c\\u{feff}");
        assert_eq!(Text::code("a\nb\tc\r").words(), "a\\nb\\tc\\r");
        assert_eq!(Code::new("js", "a\nb\u{7}").text, "a\nb\\u{7}");
    }

    #[test]
    fn only_addresses_of_the_web_become_links() {
        for address in ["javascript:alert(1)", "data:text/html,x", "//evil", "https://a b", "HTTPS://a"] {
            assert_eq!(Text::default().and_web(address, "words"), Text::plain("words"), "{address}");
        }
        assert!(matches!(Text::default().and_web("https://a/", "a").0.as_slice(), [Inline::Link(..)]));
    }

    #[test]
    fn an_anchor_has_only_harmless_characters() {
        assert_eq!(anchor("operation \"a\"<b>中"), "operation--a--b--");
    }

    #[test]
    fn texts_are_joined_as_people_do() {
        let joined = |names: &[&str]| Text::joined(names.iter().map(Text::plain), ", ", " and ").words();
        assert_eq!(joined(&[]), "");
        assert_eq!(joined(&["a"]), "a");
        assert_eq!(joined(&["a", "b", "c"]), "a, b and c");
    }
}
