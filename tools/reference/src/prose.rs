//! What a spec says in sentences: paragraphs, code between backticks, blocks of code behind fences, addresses.
//!
//! It is the same little Markdown that becomes doc comments of the generated code, and nothing more: anything else that
//! looks like Markdown or HTML is text.

use crate::document::{Block, Code, Text};

const FENCE: &str = "```";

/// The paragraphs and blocks of code of a text. Paragraphs have an empty line between them; a fence that nothing
/// closes is text.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut words = String::new();
    let mut rest = text.lines();
    while let Some(line) = rest.next() {
        let code = code_block(line, &mut rest);
        if code.is_none() && !line.trim().is_empty() {
            words.push_str(line);
            words.push('\n');
            continue;
        }
        blocks.extend(paragraph(&std::mem::take(&mut words)));
        blocks.extend(code.map(Block::Code));
    }
    blocks.extend(paragraph(&words));
    blocks
}

/// The same where there is no room for paragraphs: one after the other on new lines.
pub(crate) fn inline(text: &str) -> Text {
    blocks(text).into_iter().fold(Text::default(), |all, block| match block {
        Block::Paragraph(words) => all.and_line(words),
        Block::Code(code) => code.text.lines().fold(all, |all, line| all.and_line(Text::code(line))),
        _ => all,
    })
}

/// Whether a text holds a block of code in a language.
pub(crate) fn has_script(text: &str) -> bool {
    blocks(text).iter().any(|block| matches!(block, Block::Code(code) if !code.language.is_empty()))
}

fn paragraph(words: &str) -> Option<Block> {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then(|| Block::Paragraph(sentence(&words)))
}

/// The block of code that this line opens; it is then read to its end.
fn code_block(line: &str, rest: &mut std::str::Lines<'_>) -> Option<Code> {
    let language = line.trim().strip_prefix(FENCE)?;
    let end = rest.clone().position(|line| line.trim() == FENCE)?;
    let inside: Vec<&str> = rest.by_ref().take(end + 1).collect();
    let inside = inside.split_last().map_or(&[][..], |(_, inside)| inside);
    Some(Code::new(language, &inside.join("\n")))
}

/// Code between backticks and addresses are taken out of the words.
fn sentence(words: &str) -> Text {
    let mut text = Text::default();
    let mut rest = words;
    while let Some(at) = rest.find(['`', 'h']) {
        let (before, from) = rest.split_at(at);
        text = text.and(before);
        let taken;
        (text, taken) = match span(from).or_else(|| address(from)) {
            Some((Piece::Code(code), taken)) => (text.and_code(code), taken),
            Some((Piece::Address(address), taken)) => (text.and_web(address, address), taken),
            None => (text.and(from.get(..1).unwrap_or_default()), 1),
        };
        rest = from.get(taken..).unwrap_or_default();
    }
    text.and(rest)
}

enum Piece<'a> {
    Code(&'a str),
    Address(&'a str),
}

/// `` `code` `` at the beginning, and how many bytes it takes.
fn span(text: &str) -> Option<(Piece<'_>, usize)> {
    let inner = text.strip_prefix('`')?;
    let end = inner.find('`').filter(|end| *end > 0)?;
    Some((Piece::Code(inner.get(..end)?), end + 2))
}

/// An address at the beginning, without the point that ends the sentence.
fn address(text: &str) -> Option<(Piece<'_>, usize)> {
    if !text.starts_with("https://") && !text.starts_with("http://") {
        return None;
    }
    let end = text.find(|c: char| c.is_whitespace() || "`<>\"')，。）".contains(c)).unwrap_or(text.len());
    let found = text.get(..end)?.trim_end_matches(['.', ',', ';', ':']);
    Some((Piece::Address(found), found.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_code_stay_apart() {
        let text = "One\nparagraph `here`.\n\n```js\nf(a,  \"<b>\");\n```\n\nAnother.\n";
        let wanted = [
            Block::Paragraph(Text::plain("One paragraph ").and_code("here").and(".")),
            Block::Code(Code::new("js", "f(a,  \"<b>\");")),
            Block::Paragraph(Text::plain("Another.")),
        ];
        assert_eq!(blocks(text), wanted);
        assert!(has_script(text));
        assert!(!has_script("```\nplain\n```"));
    }

    #[test]
    fn what_nothing_closes_is_text() {
        assert_eq!(blocks("a\n```js\nb"), [Block::Paragraph(Text::plain("a ```js b"))]);
        assert_eq!(inline("a ` b"), Text::plain("a ` b"));
        assert_eq!(inline("``"), Text::plain("``"));
    }

    #[test]
    fn an_address_is_a_link_and_the_point_behind_it_is_none() {
        let link =
            Text::plain("See ").and_web("https://a.example/b", "https://a.example/b").and(". The hint.");
        assert_eq!(inline("See https://a.example/b. The hint."), link);
    }

    #[test]
    fn code_has_room_in_a_line_too() {
        assert_eq!(
            inline("a\n\n```\nb\nc\n```"),
            Text::plain("a").and_line(Text::code("b")).and_line(Text::code("c"))
        );
    }
}
