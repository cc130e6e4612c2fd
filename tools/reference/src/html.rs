//! The model of a page as one HTML file: no script, no other file, no request; the style stands in the page.
//!
//! Everything that comes from the model goes through [`Page::text`] or [`Page::attribute`], which escape it. The tables
//! carry their roles and the label of each cell, because a narrow screen shows them as stacked cells.

use crate::document::{Block, Code, Document, Inline, Item, Section, Table, Target, Text};

const STYLE: &str = include_str!("page.css");

/// Nothing may be loaded and no form sent, whatever a spec says; styles stand in the page.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The page as HTML.
#[must_use]
pub fn html(document: &Document) -> String {
    let mut page = Page { out: String::new() };
    page.head(&document.title);
    page.raw("<body>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n<div class=\"page\">\n");
    page.raw("<header>\n<h1>");
    page.text(&document.title);
    page.raw("</h1>\n");
    page.blocks(&document.lead);
    page.raw("</header>\n");
    page.contents(&document.sections);
    page.raw("<main id=\"content\">\n");
    for section in &document.sections {
        page.section(section, 2);
    }
    page.raw("</main>\n</div>\n</body>\n</html>\n");
    page.out
}

struct Page {
    out: String,
}

impl Page {
    /// Markup of ours.
    fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// Text of anybody.
    fn text(&mut self, text: &str) {
        let mut han = false;
        for character in text.chars() {
            if is_han(character) != han && !is_between(character) {
                han = !han;
                self.raw(if han { "<span lang=\"zh\">" } else { "</span>" });
            }
            self.escaped(character);
        }
        if han {
            self.raw("</span>");
        }
    }

    /// Text of anybody inside quotes, or where no tag may stand.
    fn attribute(&mut self, text: &str) {
        text.chars().for_each(|character| self.escaped(character));
    }

    fn escaped(&mut self, character: char) {
        match character {
            '&' => self.raw("&amp;"),
            '<' => self.raw("&lt;"),
            '>' => self.raw("&gt;"),
            '"' => self.raw("&quot;"),
            '\'' => self.raw("&#39;"),
            other => self.out.push(other),
        }
    }

    fn head(&mut self, title: &str) {
        self.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        self.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"");
        self.raw(POLICY);
        self.raw("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        self.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        self.raw("<meta name=\"referrer\" content=\"no-referrer\">\n");
        self.raw(
            "<meta name=\"generator\" content=\"payspec doc\">\n<link rel=\"icon\" href=\"data:,\">\n<title>",
        );
        self.attribute(title);
        self.raw("</title>\n<style>\n");
        self.raw(STYLE);
        self.raw("</style>\n</head>\n");
    }

    /// The table of contents, two levels deep.
    fn contents(&mut self, sections: &[Section]) {
        if sections.is_empty() {
            return;
        }
        self.raw("<nav aria-label=\"Contents\">\n<ul>\n");
        for section in sections {
            self.raw("<li>");
            self.entry(section);
            if !section.sections.is_empty() {
                self.raw("\n<ul>\n");
                for inner in &section.sections {
                    self.raw("<li>");
                    self.entry(inner);
                    self.raw("</li>\n");
                }
                self.raw("</ul>\n");
            }
            self.raw("</li>\n");
        }
        self.raw("</ul>\n</nav>\n");
    }

    fn entry(&mut self, section: &Section) {
        self.raw("<a href=\"#");
        self.attribute(&section.id);
        self.raw("\">");
        self.text(&section.title.words());
        self.raw("</a>");
    }

    fn section(&mut self, section: &Section, level: usize) {
        let level_shown = level.min(6).to_string();
        self.raw("<section id=\"");
        self.attribute(&section.id);
        self.raw("\">\n<h");
        self.raw(&level_shown);
        self.raw("><a class=\"anchor\" href=\"#");
        self.attribute(&section.id);
        self.raw("\">");
        self.inlines(&section.title);
        self.raw("</a></h");
        self.raw(&level_shown);
        self.raw(">\n");
        self.blocks(&section.blocks);
        for inner in &section.sections {
            self.section(inner, level + 1);
        }
        self.raw("</section>\n");
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(text) => self.within("p", text),
            Block::Notice(text) => {
                self.raw("<p class=\"notice\">");
                self.inlines(text);
                self.raw("</p>\n");
            }
            Block::Code(Code { language: _, text }) => {
                self.raw("<pre><code>");
                self.attribute(text);
                self.raw("</code></pre>\n");
            }
            Block::Facts(facts) => {
                self.raw("<dl>\n");
                for (name, fact) in facts {
                    self.raw("<div>");
                    self.within("dt", name);
                    self.within("dd", fact);
                    self.raw("</div>\n");
                }
                self.raw("</dl>\n");
            }
            Block::List(items) => self.items("<ul>\n", items, "</ul>\n"),
            Block::Steps(items) => self.items("<ol>\n", items, "</ol>\n"),
            Block::Checklist(items) => self.items("<ul class=\"checklist\">\n", items, "</ul>\n"),
            Block::Table(table) => self.table(table),
        }
    }

    fn within(&mut self, tag: &str, text: &Text) {
        self.raw("<");
        self.raw(tag);
        self.raw(">");
        self.inlines(text);
        self.raw("</");
        self.raw(tag);
        self.raw(">\n");
    }

    fn items(&mut self, open: &str, items: &[Item], close: &str) {
        self.raw(open);
        for item in items {
            self.raw("<li>");
            self.inlines(&item.text);
            if !item.blocks.is_empty() {
                self.raw("\n");
                self.blocks(&item.blocks);
            }
            self.raw("</li>\n");
        }
        self.raw(close);
    }

    /// With roles: cells that are shown as blocks would lose the meaning of a table otherwise.
    fn table(&mut self, table: &Table) {
        self.raw("<table role=\"table\">\n<caption>");
        self.text(&table.caption);
        self.raw("</caption>\n<colgroup>");
        for (_, share) in &table.columns {
            self.raw(&format!("<col class=\"w{share}\">"));
        }
        self.raw("</colgroup>\n<thead role=\"rowgroup\"><tr role=\"row\">");
        for (heading, _) in &table.columns {
            self.raw("<th role=\"columnheader\" scope=\"col\">");
            self.text(heading);
            self.raw("</th>");
        }
        self.raw("</tr></thead>\n<tbody role=\"rowgroup\">\n");
        for row in &table.rows {
            self.row(table, row);
        }
        self.raw("</tbody>\n</table>\n");
    }

    fn row(&mut self, table: &Table, row: &[Text]) {
        self.raw("<tr role=\"row\">");
        for (index, (cell, (heading, _))) in row.iter().zip(&table.columns).enumerate() {
            let (open, close) = match index {
                0 => ("<th role=\"rowheader\" scope=\"row\"", "</th>"),
                _ => ("<td role=\"cell\"", "</td>"),
            };
            self.raw(open);
            self.raw(" data-label=\"");
            self.attribute(heading);
            self.raw(if cell.is_empty() { "\" class=\"empty\">" } else { "\">" });
            self.inlines(cell);
            self.raw(close);
        }
        self.raw("</tr>\n");
    }

    fn inlines(&mut self, text: &Text) {
        for inline in &text.0 {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Plain(words) => self.text(words),
            Inline::Code(code) => self.code(code),
            Inline::Strong(words) => {
                self.raw("<strong>");
                self.text(words);
                self.raw("</strong>");
            }
            Inline::Link(target, words) => self.link(target, words),
            Inline::Mark(mark) => {
                self.raw("<span class=\"mark mark-");
                self.raw(&mark.word().replace(' ', "-"));
                self.raw("\">");
                self.raw(mark.word());
                self.raw("</span>");
            }
            Inline::Break => self.raw("<br>"),
        }
    }

    fn code(&mut self, code: &str) {
        self.raw("<code>");
        self.attribute(code);
        self.raw("</code>");
    }

    fn link(&mut self, target: &Target, words: &str) {
        self.raw("<a href=\"");
        match target {
            Target::Section(id) | Target::Item(id) => {
                self.raw("#");
                self.attribute(id);
            }
            Target::Page(file) => {
                self.attribute(file);
                self.raw(".html");
            }
            Target::Web(address) => self.attribute(address),
        }
        self.raw(if matches!(target, Target::Web(_)) { "\" rel=\"noreferrer noopener\">" } else { "\">" });
        match target {
            Target::Item(_) => self.code(words),
            _ => self.text(words),
        }
        self.raw("</a>");
    }
}

/// Chinese characters: fonts and voices want to know.
fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// What stands inside Chinese text and alone is none: its punctuation.
fn is_between(character: char) -> bool {
    matches!(character, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Mark;

    /// Everything that a spec could try, in every place of a page.
    fn hostile() -> Document {
        let bad = "<script>alert(1)</script>\"'&]]>--><img src=x onerror=alert(1)>";
        let text = || {
            Text::plain(bad)
                .and_code(bad)
                .and_strong(bad)
                .and_item(bad, bad)
                .and_web("https://a.example/\"onmouseover=\"alert(1)", bad)
        };
        let item = || Item { text: text(), blocks: vec![Block::Code(Code::new("js\"><b>", bad))] };
        let table = Table::new(bad, &[("One", 6), ("Two", 6)]).with([vec![text(), text()]]);
        let blocks = vec![
            Block::Paragraph(text()),
            Block::Notice(text()),
            Block::Facts(vec![(text(), text())]),
            Block::List(vec![item()]),
            Block::Steps(vec![item()]),
            Block::Checklist(vec![item()]),
            Block::Table(table),
        ];
        let section = Section::new(bad, text()).with(blocks.clone());
        Document { file: "x".into(), title: bad.into(), lead: blocks, sections: vec![section] }
    }

    /// What stands behind the style.
    fn body(document: &Document) -> String {
        html(document).split("</style>").nth(1).unwrap_or_default().to_owned()
    }

    #[test]
    fn nothing_of_a_spec_becomes_markup() {
        let page = body(&hostile());
        for tag in ["<script", "<img", "<b>", "onerror=alert(1)>", "\"onmouseover", "]]>"] {
            assert!(!page.contains(tag), "{tag}");
        }
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;]]&gt;"));
        assert_eq!(page.matches('<').count(), page.matches('>').count(), "every tag is closed");
    }

    #[test]
    fn the_page_loads_nothing() {
        let page = html(&hostile());
        for asks in ["src=", "@import", "url(", "@font-face", "<iframe", "<object", "<form"] {
            let harmless = page.replace("&lt;img src=x", "");
            assert!(!harmless.contains(asks), "{asks}");
        }
        assert!(page.contains("default-src 'none'"));
        assert_eq!(page.matches("<link ").count(), 1, "the empty icon");
    }

    #[test]
    fn a_table_says_what_its_cells_are() {
        let table =
            Table::new("Limits", &[("Field", 4), ("Type", 8)]).with([vec![Text::code("a"), Text::default()]]);
        let mut page = Page { out: String::new() };
        page.table(&table);
        assert!(page.out.contains("<caption>Limits</caption>"));
        assert!(
            page.out
                .contains("<th role=\"rowheader\" scope=\"row\" data-label=\"Field\"><code>a</code></th>")
        );
        assert!(page.out.contains("<td role=\"cell\" data-label=\"Type\" class=\"empty\"></td>"));
    }

    #[test]
    fn chinese_terms_are_marked_as_chinese() {
        let mut page = Page { out: String::new() };
        page.text("Trade (外部交易号, 必填)。");
        assert_eq!(page.out, "Trade (<span lang=\"zh\">外部交易号</span>, <span lang=\"zh\">必填</span>)。");
    }

    #[test]
    fn sections_are_nested_with_their_headings() {
        let inner =
            Section::new("b", "Inner").with([Block::Paragraph(Text::plain("x").and_mark(Mark::Inferred))]);
        let mut outer = Section::new("a", "Outer");
        outer.sections.push(inner);
        let page =
            body(&Document { file: "x".into(), title: "T".into(), lead: vec![], sections: vec![outer] });
        let order =
            ["<h1>T", "<nav", "href=\"#b\"", "<h2>", "<h3>", "mark-inferred", "</section>\n</section>"];
        let places: Vec<Option<usize>> = order.iter().map(|text| page.find(text)).collect();
        assert!(places.is_sorted() && !places.contains(&None), "{places:?}");
    }
}
