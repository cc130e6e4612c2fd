//! The model of a page as Markdown, of the kind that code hosting sites show (GFM).
//!
//! Whatever comes from the model is text: what Markdown or HTML could take for a mark is escaped, also where it only
//! counts at the beginning of a line. Anchors are tags of ours, because every site makes its own from headings.

use crate::document::{Block, Code, Document, Inline, Item, Section, Table, Target, Text};

/// The page as Markdown.
#[must_use]
pub fn markdown(document: &Document) -> String {
    let mut out = format!("# {}\n", words(&document.title));
    out.push_str(&blocks(&document.lead, ""));
    out.push_str(&contents(&document.sections));
    for section in &document.sections {
        out.push_str(&written(section, 2));
    }
    out
}

/// The table of contents.
fn contents(sections: &[Section]) -> String {
    let mut out = String::new();
    for section in sections {
        out.push_str(if out.is_empty() { "\n" } else { "" });
        out.push_str(&format!("- [{}](#{})\n", words(&section.title.words()), section.id));
    }
    out
}

fn written(section: &Section, level: usize) -> String {
    let marks = "#".repeat(level.min(6));
    let mut out = format!("\n<a id=\"{}\"></a>\n\n{marks} {}\n", section.id, line(&section.title));
    out.push_str(&blocks(&section.blocks, ""));
    for inner in &section.sections {
        out.push_str(&written(inner, level + 1));
    }
    out
}

/// Blocks, each behind an empty line and with `indent` before every line.
fn blocks(blocks: &[Block], indent: &str) -> String {
    blocks.iter().map(|one| format!("\n{}", indented(&block(one), indent))).collect()
}

fn indented(text: &str, indent: &str) -> String {
    let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("{indent}{line}\n") };
    text.lines().map(line).collect()
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(text) => first_word(&line(text)),
        Block::Notice(text) => format!("> {}", first_word(&line(text))),
        Block::Code(code) => fenced(code),
        Block::Facts(facts) => {
            facts.iter().map(|(name, fact)| format!("- **{}**: {}\n", line(name), line(fact))).collect()
        }
        Block::List(all) => items(all, |_| "- ".to_owned()),
        Block::Steps(all) => items(all, |index| format!("{}. ", index + 1)),
        Block::Checklist(all) => items(all, |_| "- [ ] ".to_owned()),
        Block::Table(table) => tabled(table),
    }
}

fn items(items: &[Item], mark: impl Fn(usize) -> String) -> String {
    let mut out = String::new();
    for (index, item) in items.iter().enumerate() {
        let mark = mark(index);
        let width = if mark.starts_with('-') { 2 } else { mark.len() };
        out.push_str(&format!("{mark}{}\n", first_word(&line(&item.text))));
        out.push_str(&blocks(&item.blocks, &" ".repeat(width)));
        out.push_str(if item.blocks.is_empty() { "" } else { "\n" });
    }
    out
}

/// A fence that is longer than any inside.
fn fenced(code: &Code) -> String {
    let fence = "`".repeat(longest_run(&code.text).max(2) + 1);
    let language = if code.language.is_empty() { "text" } else { &code.language };
    format!("{fence}{language}\n{}\n{fence}", code.text)
}

fn tabled(table: &Table) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = row(table.columns.iter().map(|(heading, _)| words(heading)).collect());
    out.push_str(&row(table.columns.iter().map(|_| "---".to_owned()).collect()));
    for cells in &table.rows {
        out.push_str(&row(cells.iter().map(cell).collect()));
    }
    out
}

/// A bar would end the cell, also in code.
fn cell(text: &Text) -> String {
    let written = |one: &Inline| match one {
        Inline::Code(text) if text.contains("\\|") => as_entities(text),
        Inline::Code(_) | Inline::Link(Target::Item(_), _) => inline(one).replace('|', "\\|"),
        _ => inline(one),
    };
    text.0.iter().map(written).collect()
}

/// Code in which a bar stands behind a backslash: no code span in a table can hold that.
fn as_entities(code: &str) -> String {
    let character =
        |c: char| if c.is_ascii_punctuation() { format!("&#{};", u32::from(c)) } else { c.to_string() };
    format!("<code>{}</code>", code.chars().map(character).collect::<String>())
}

fn line(text: &Text) -> String {
    text.0.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> String {
    match inline {
        Inline::Plain(text) => words(text),
        Inline::Code(text) => code(text),
        Inline::Strong(text) => format!("**{}**", words(text)),
        Inline::Link(target, text) => link(target, text),
        Inline::Mark(mark) => format!("**\\[{}\\]**", mark.word()),
        Inline::Break => "<br>".to_owned(),
    }
}

fn link(target: &Target, text: &str) -> String {
    match target {
        Target::Section(id) => format!("[{}](#{id})", words(text)),
        Target::Item(id) => format!("[{}](#{id})", code(text)),
        Target::Page(file) => format!("[{}]({file}.md)", words(text)),
        Target::Web(address) => format!("[{}](<{}>)", words(text), destination(address)),
    }
}

/// An address between angle brackets.
fn destination(address: &str) -> String {
    let escape = |c: char| match c {
        '<' => "%3C".to_owned(),
        '>' => "%3E".to_owned(),
        '\\' => "%5C".to_owned(),
        '|' => "%7C".to_owned(),
        other => other.to_string(),
    };
    address.chars().map(escape).collect()
}

/// A code span, its ticks more than any inside.
fn code(text: &str) -> String {
    let ticks = "`".repeat(longest_run(text) + 1);
    let needs_room = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    let is_blank = text.chars().all(|c| c == ' ');
    let room = if needs_room && !is_blank { " " } else { "" };
    format!("{ticks}{room}{text}{room}{ticks}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Text of anybody: nothing in it is a mark.
fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        let is_mark = match character {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '$' => true,
            // Inside a word these two mean nothing.
            '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
            '&' => after.is_ascii_alphanumeric() || after == '#',
            // A name of an emoji, an address that was not meant as one, a person.
            ':' => !before.is_whitespace() && after == '/' || before == ' ' && after.is_ascii_alphanumeric(),
            '@' => after.is_ascii_alphanumeric(),
            '!' => after == '[',
            _ => false,
        };
        if is_mark {
            out.push('\\');
        }
        out.push(character);
        before = character;
    }
    out
}

/// What would begin a heading, a list or a rule at the beginning of a line is escaped there.
fn first_word(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = line.split_at(digits);
    let is_numbered = digits > 0 && rest.starts_with(['.', ')']);
    let is_marked = digits == 0 && rest.starts_with(['#', '+', '-', '=']);
    if is_numbered || is_marked { format!("{number}\\{rest}") } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_spec_is_a_mark() {
        assert_eq!(
            words("*a* _b_ [c](d) <e> `f` \\ | ~~g~~ $h$"),
            "\\*a\\* \\_b\\_ \\[c\\](d) \\<e\\> \\`f\\` \\\\ \\| \\~\\~g\\~\\~ \\$h\\$"
        );
        assert_eq!(words("a_b & c &amp; &#60; R&D"), "a_b & c \\&amp; \\&#60; R\\&D");
        assert_eq!(
            words("<script>alert(\"1\")</script>]]>"),
            "\\<script\\>alert(\"1\")\\</script\\>\\]\\]\\>"
        );
        assert_eq!(words("![x](y)"), "\\!\\[x\\](y)");
    }

    #[test]
    fn nothing_begins_a_line_by_accident() {
        for (text, wanted) in [
            ("# a", "\\# a"),
            ("- a", "\\- a"),
            ("+ a", "\\+ a"),
            ("1. a", "1\\. a"),
            ("12) a", "12\\) a"),
            ("===", "\\==="),
        ] {
            assert_eq!(block(&Block::Paragraph(Text::plain(text))), wanted);
        }
        assert_eq!(block(&Block::Paragraph(Text::plain("> a"))), "\\> a");
        assert_eq!(block(&Block::List(vec![Text::plain("- a").into()])), "- \\- a\n");
    }

    #[test]
    fn code_with_ticks_stays_code() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code(" a"), "`  a `");
        assert_eq!(fenced(&Code::new("", "```\nx")), "````text\n```\nx\n````");
    }

    #[test]
    fn a_bar_does_not_end_a_cell() {
        let table = Table::new("t", &[("A", 6), ("B", 6)])
            .with([vec![Text::code("a|b"), Text::plain("c|d").and_line(Text::code("x"))]]);
        assert_eq!(tabled(&table), "| A | B |\n| --- | --- |\n| `a\\|b` | c\\|d<br>`x` |\n");
        assert_eq!(cell(&Text::code("\\|")), "<code>&#92;&#124;</code>");
    }

    #[test]
    fn what_belongs_to_an_item_is_indented() {
        let item = Item { text: Text::plain("one"), blocks: vec![Block::Code(Code::new("", "a\n\nb"))] };
        assert_eq!(block(&Block::Steps(vec![item])), "1. one\n\n   ```text\n   a\n\n   b\n   ```\n\n");
    }

    #[test]
    fn an_address_stays_inside_its_brackets() {
        let link = Text::default().and_web("https://a.example/?q=<b>)|\\", "x");
        assert_eq!(line(&link), "[x](<https://a.example/?q=%3Cb%3E)%7C%5C>)");
    }
}
