//! Signing step by step: which recipe protects which message, every recipe in words, and an example of it.

use payspec_codegen::ir::{Recipe, RecipeId, Signature};

use crate::book::{Book, callback_link, operation_link, recipe_link};
use crate::document::{Block, Section, Table, Text};
use crate::prose;
use crate::recipe::Direction;
use crate::seals;

/// A message and what protects it.
struct Message<'a> {
    name: Text,
    goes: &'static str,
    sent: bool,
    signature: &'a Signature,
}

impl Book<'_> {
    /// The chapter about signatures.
    pub(crate) fn signing_section(&self) -> Section {
        let messages = self.messages();
        let columns = [("Message", 4), ("Way", 3), ("Protected by", 5)];
        let rows = messages.iter().map(|message| {
            vec![message.name.clone(), message.goes.into(), self.protection(message.signature)]
        });
        let mut section = Section::new("signing", "Signing step by step").with([
            Block::Paragraph(
                Text::plain("Each message is protected by a recipe. What ")
                    .and_code("{curly braces}")
                    .and(" hold in the texts below stands for a value; secrets in examples are masked."),
            ),
            Block::Table(Table::new("What protects which message", &columns).with(rows)),
        ]);
        for (index, recipe) in self.provider.recipes.iter().enumerate() {
            let users: Vec<&Message<'_>> = messages
                .iter()
                .filter(|message| message.signature.recipes().contains(&RecipeId(index)))
                .collect();
            section.sections.push(self.recipe_section(recipe, &users));
        }
        section
    }

    fn messages(&self) -> Vec<Message<'_>> {
        let mut messages = Vec::new();
        for operation in &self.provider.operations {
            messages.push(Message {
                name: operation_link(&operation.name.wire),
                goes: "request, you sign",
                sent: true,
                signature: &operation.signature,
            });
        }
        for envelope in &self.provider.envelopes {
            messages.push(Message {
                name: Text::plain("replies of ")
                    .and_item(&format!("envelope-{}", envelope.name.wire), &envelope.name.wire),
                goes: "reply, you verify",
                sent: false,
                signature: &envelope.signature,
            });
        }
        for callback in &self.provider.callbacks {
            messages.push(Message {
                name: callback_link(&callback.name.wire),
                goes: "callback, you verify",
                sent: false,
                signature: &callback.signature,
            });
        }
        messages
    }

    fn recipe_section(&self, recipe: &Recipe, users: &[&Message<'_>]) -> Section {
        let name = &recipe.name.wire;
        let direction = Direction {
            sent: users.iter().any(|message| message.sent),
            received: users.iter().any(|message| !message.sent),
        };
        let used_by = Text::joined(users.iter().map(|message| message.name.clone()), ", ", ", ");
        let mut facts =
            vec![("Used by".into(), used_by), ("Seal".into(), Text::plain(seals::short(&recipe.seal)))];
        let sources = self.sources_of_recipe(name);
        if !sources.is_empty() {
            facts.push(("Source".into(), self.sources(&sources, &[])));
        }
        let doc = self.doc_of_recipe(name).map(|doc| prose::blocks(&doc)).unwrap_or_default();
        let mut section = Section::new(&format!("signature-{name}"), Text::plain("Recipe ").and_code(name))
            .with(doc)
            .with([Block::Facts(facts), Block::Steps(self.steps(recipe, direction))]);
        section.sections.extend(self.examples.section(name));
        if section.sections.is_empty() {
            section.blocks.push(Block::Paragraph(
                "No message whose signature is known shows this recipe at work.".into(),
            ));
        }
        section
    }

    /// The recipes of a message as links, for the checklist.
    pub(crate) fn recipe_links(&self, signature: &Signature) -> Text {
        let names = signature.recipes().into_iter().map(|id| recipe_link(&self.provider[id].name.wire));
        Text::joined(names, ", ", " or ")
    }
}
