//! A page of Markdown taken apart: fenced blocks and tables with the marks before them, inline code, headings.
//!
//! A mark is an HTML comment, which readers do not see: `<!-- frame: fields -->`. It belongs to the next block or table.

/// Something on a page that a test can look at.
#[derive(Clone, Debug)]
pub struct Part {
    /// Where it begins.
    pub line: usize,
    /// The mark before it, without the brackets: `frame: fields`.
    pub mark: Option<String>,
    /// What it is.
    pub content: Content,
}

/// What a [`Part`] is.
#[derive(Clone, Debug)]
pub enum Content {
    /// A fenced block.
    Block {
        /// `yaml`, `rust,ignore`, ...
        language: String,
        /// What stands in it.
        text: String,
    },
    /// The rows of a table below its head, cell by cell.
    Table(Vec<Vec<String>>),
}

impl Part {
    /// What the mark says behind this word: `fields` of `frame: fields`.
    pub fn marked(&self, word: &str) -> Option<&str> {
        self.mark.as_deref()?.strip_prefix(word)?.strip_prefix(':').map(str::trim)
    }
}

/// The blocks and tables of a page, in order.
pub fn parts(page: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut mark: Option<String> = None;
    let mut lines = page.lines().enumerate().peekable();
    while let Some((place, line)) = lines.next() {
        let (line_number, trimmed) = (place + 1, line.trim());
        if let Some(comment) = trimmed.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) {
            mark = Some(comment.trim().to_owned());
        } else if let Some(language) = trimmed.strip_prefix("```") {
            let inside: Vec<&str> =
                lines.by_ref().map(|(_, line)| line).take_while(|line| line.trim() != "```").collect();
            let text = inside.iter().map(|line| format!("{line}\n")).collect();
            let content = Content::Block { language: language.to_owned(), text };
            parts.push(Part { line: line_number, mark: mark.take(), content });
        } else if trimmed.starts_with('|') {
            let mut rows = vec![cells(trimmed)];
            while let Some((_, row)) = lines.next_if(|(_, line)| line.trim().starts_with('|')) {
                rows.push(cells(row.trim()));
            }
            let rows = rows.split_off(2.min(rows.len()));
            parts.push(Part { line: line_number, mark: mark.take(), content: Content::Table(rows) });
        } else if !trimmed.is_empty() {
            mark = None;
        }
    }
    parts
}

/// The cells of a row; a bar inside code stays where it is.
fn cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut in_code = false;
    for letter in row.trim_matches('|').chars() {
        in_code ^= letter == '`';
        match cells.last_mut() {
            Some(last) if letter != '|' || in_code => last.push(letter),
            _ => cells.push(String::new()),
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// The code spans of a text.
pub fn code_spans(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The page without its fenced blocks.
pub fn prose(page: &str) -> String {
    let mut inside = false;
    let mut prose = String::new();
    for line in page.lines() {
        let is_fence = line.trim().starts_with("```");
        inside ^= is_fence;
        if !inside && !is_fence {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    prose
}

/// The anchors of the headings, as a reader's browser gets them.
pub fn anchors(page: &str) -> Vec<String> {
    let prose = prose(page);
    let headings =
        prose.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    headings.map(anchor).collect()
}

fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_')).collect()
}

/// The targets of the links of a page.
pub fn links(page: &str) -> Vec<String> {
    let prose = prose(page);
    prose.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(str::to_owned).collect()
}

#[test]
fn a_bar_inside_code_does_not_end_a_cell() {
    assert_eq!(cells("| `{value|trim}` | b |"), ["`{value|trim}`", "b"]);
}

#[test]
fn anchors_are_those_of_the_web_page() {
    assert_eq!(anchor("callbacks (异步通知, 同步跳转)"), "callbacks-异步通知-同步跳转");
    assert_eq!(anchor("PS006: a range that starts above its end"), "ps006-a-range-that-starts-above-its-end");
}
