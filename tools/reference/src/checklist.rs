//! The checklist before going live: made from what the spec says or implies, and from nothing else.
//!
//! Each item answers a way in which integrations of this field have lost money or time: keys of the wrong side, a
//! clock that is off, a proxy that adds a parameter, a body that was parsed before it was verified, a notice that is
//! booked twice or for another order, a time-out that is taken for a failure.

mod access;
mod callbacks;
mod calls;
mod open;

use crate::book::Book;
use crate::document::{Block, Mark, Section, Text};

impl Book<'_> {
    /// The chapter.
    pub(crate) fn checklist_section(&self) -> Section {
        let mut section = Section::new("go-live", "Go-live checklist").with([Block::Paragraph(
            "What this spec says or implies, to be ticked off before real money moves.".into(),
        )]);
        let chapters = [
            ("go-live-access", "Keys and addresses", self.access_items()),
            ("go-live-calls", "Calls", self.call_items()),
            ("go-live-callbacks", "Callbacks", self.callback_items()),
            ("go-live-open", "Open questions", self.open_items()),
        ];
        let chapters = chapters.into_iter().filter(|(_, _, items)| !items.is_empty());
        section.sections = chapters
            .map(|(id, title, items)| Section::new(id, title).with([Block::Checklist(items)]))
            .collect();
        section
    }

    /// The marks of sources that are none.
    fn doubt(&self, sources: &[String]) -> Text {
        let marks = sources.iter().filter_map(|id| match id.as_str() {
            "inferred" => Some(Mark::Inferred),
            "unknown" => Some(Mark::Unknown),
            _ => None,
        });
        marks.fold(Text::default(), |text, mark| text.and(" ").and_text(Text::default().and_mark(mark)))
    }
}
