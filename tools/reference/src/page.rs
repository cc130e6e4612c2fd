//! The order of a page: what it is, where it is, with what, how it is signed, what goes out and comes in, what is left
//! to do.

use payspec_codegen::ir::Provider;

use crate::book::Book;
use crate::codes;
use crate::document::{Block, Document, Item, Section, Text, anchor};

/// The whole page of a provider.
pub(crate) fn page(book: &Book<'_>) -> Document {
    let sections = [
        book.environments_section(),
        book.credentials_section(),
        book.options_section(),
        book.token_section(),
        book.signing_section(),
        book.operations_section(),
        book.envelopes_section(),
        book.browser_section(),
        book.callbacks_section(),
        codes::section(book.provider),
        book.types_section(),
        book.checklist_section(),
        book.sources_section(),
    ];
    Document {
        file: file_name(book.provider),
        title: book.provider.title.clone(),
        lead: book.lead(),
        sections: sections.into_iter().filter(|section| !section.is_empty()).collect(),
    }
}

/// The page that leads to the others, in their order.
pub(crate) fn index(pages: &[Document]) -> Document {
    let entry = |page: &Document| Item {
        text: Text::default().and_page(&page.file, &page.title),
        blocks: page.lead.iter().take(1).cloned().collect(),
    };
    let list = Block::List(pages.iter().map(entry).collect());
    let sections = vec![Section::new("providers", "Providers").with([list])];
    let title = "Reference of payment providers".to_owned();
    Document { file: "index".to_owned(), title, lead: Vec::new(), sections }
}

/// The name of a spec is `snake_case`; a page that would take the place of the index gives way.
fn file_name(provider: &Provider) -> String {
    let name = anchor(&provider.name);
    if name == "index" { "index_".to_owned() } else { name }
}
