//! What only works in the buyer's browser: redirects, scripts of a page, and the way back.

use payspec_codegen::ir::{Carriage, Deliver, Operation};

use crate::access::list;
use crate::book::{Book, callback_link, operation_link};
use crate::callbacks::receive;
use crate::document::{Block, Code, Section, Text};
use crate::prose;

impl Book<'_> {
    /// Pages and scripts. Empty for a provider that works from server to server alone.
    pub(crate) fn browser_section(&self) -> Section {
        let redirects = self.provider.operations.iter().filter(|one| one.carriage == Carriage::Redirect);
        let scripts = self.provider.operations.iter().filter(|one| prose::has_script(&one.doc));
        let returns = self.provider.callbacks.iter().filter(|one| one.deliver == Deliver::Return);
        let mut section = Section::new("browser", "In the buyer's browser: pages and scripts");
        section.sections.extend(redirects.map(|operation| self.redirect(operation)));
        section.sections.extend(scripts.map(script));
        let returns: Vec<Text> = returns
            .map(|callback| {
                let shapes = callback.receive.iter().map(|shape| receive(*shape).into());
                let text =
                    callback_link(&callback.name.wire).and(": ").and_text(Text::joined(shapes, ", ", " or "));
                match &callback.sent_to {
                    Some(field) => text.and(", to the address in ").and_code(&field.wire),
                    None => text,
                }
            })
            .collect();
        if !returns.is_empty() {
            section.sections.push(Section::new("browser-back", "The way back").with([
                Block::Paragraph(
                    "The browser comes back by these. Show that the payment is in progress; whoever holds the browser \
                     can open them at any time, again, or never."
                        .into(),
                ),
                list(returns),
            ]));
        }
        section
    }

    fn redirect(&self, operation: &Operation) -> Section {
        let address =
            if operation.request.iter().any(|sent| sent.origin == payspec_codegen::ir::Origin::Token) {
                "Make the URL when the buyer wants to pay: it carries an access token, which ends."
            } else {
                "Make the URL when the buyer wants to pay."
            };
        let steps = [
            Text::plain(address),
            Text::plain(
                "Answer the browser with a redirect (302 or 303) to it. Add nothing to it and change nothing: \
                         every parameter may be signed.",
            ),
            match &operation.resolved_by {
                Some(resolution) => {
                    Text::plain("How it ended: ").and_text(self.resolution(operation, resolution)).and(".")
                }
                None => Text::plain("The browser is not asked how it ended."),
            },
        ];
        Section::new(
            &format!("browser-{}", operation.name.wire),
            Text::plain("Redirect: ").and_code(&operation.name.wire),
        )
        .with([
            Block::Paragraph(
                operation_link(&operation.name.wire).and(" makes a signed URL that the browser opens."),
            ),
            Block::Steps(steps.into_iter().map(Into::into).collect()),
        ])
    }
}

/// The scripts that the description of an operation holds.
fn script(operation: &Operation) -> Section {
    let code = prose::blocks(&operation.doc).into_iter().filter(|block| match block {
        Block::Code(Code { language, .. }) => !language.is_empty(),
        _ => false,
    });
    Section::new(
        &format!("script-{}", operation.name.wire),
        Text::plain("Page script: ").and_code(&operation.name.wire),
    )
    .with([Block::Paragraph(
        Text::plain("For the page that the buyer has open; ")
            .and_text(operation_link(&operation.name.wire))
            .and(" says when. What the script is told comes from the buyer's browser and decides nothing."),
    )])
    .with(code)
}
