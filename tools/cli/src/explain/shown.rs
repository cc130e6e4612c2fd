//! Texts of messages on a terminal: nothing in them can command it, and what cannot be seen is written out.

use std::fmt::Write as _;

/// A value in quotes, on one line; a mask stands as it is.
pub(crate) fn quoted(text: &str) -> String {
    if text == "******" { text.to_owned() } else { format!("\"{}\"", plain(text)) }
}

/// A name, on one line.
pub(crate) fn name(text: &str) -> String {
    plain(text)
}

/// A text on one line.
pub(crate) fn plain(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars() {
        push(&mut shown, character);
    }
    shown
}

/// The lines of a text; `⏎` stands where it has a line break, and a blank at the end of a line is written out.
pub(crate) fn text(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for own in text.split_inclusive('\n') {
        let (content, end) = match own.strip_suffix('\n') {
            Some(content) => (content, "⏎"),
            None => (own, ""),
        };
        let seen = content.trim_end_matches(' ');
        let blanks = "\\u{20}".repeat(content.len() - seen.len());
        lines.push(format!("{}{blanks}{end}", plain(seen)));
    }
    lines
}

fn push(shown: &mut String, character: char) {
    match character {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        character if character.is_control() || is_invisible(character) => {
            // A text in memory can always be written.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
        }
        character => shown.push(character),
    }
}

/// What is there and cannot be seen, or turns the direction of what stands behind it.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}' | '\u{3000}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}'
    )
}

/// How many columns a text takes: two for each Chinese character and its like.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

fn columns(character: char) -> usize {
    match character {
        '\u{300}'..='\u{36f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

pub(crate) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// At most so many columns, the last of them an ellipsis.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut taken = 0;
    for character in text.chars() {
        taken += columns(character);
        if taken >= most {
            break;
        }
        kept.push(character);
    }
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_message_commands_the_terminal() {
        assert_eq!(quoted("a\u{1b}[31mb\u{9b}\n"), "\"a\\u{1b}[31mb\\u{9b}\\n\"");
        assert_eq!(plain("a\u{202e}b\u{200b}\u{a0}中"), "a\\u{202e}b\\u{200b}\\u{a0}中");
    }

    #[test]
    fn line_breaks_and_blanks_at_ends_are_seen() {
        assert_eq!(text("GET\n/a  \n"), ["GET⏎", "/a\\u{20}\\u{20}⏎"]);
        assert_eq!(text("a b"), ["a b"]);
        assert_eq!(text("a\n\nb "), ["a⏎", "⏎", "b\\u{20}"]);
        assert!(text("").is_empty());
    }

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(
            (width("订单a"), padded("订单", 5).as_str(), cut("订单号码", 5).as_str()),
            (5, "订单 ", "订单…")
        );
    }
}
