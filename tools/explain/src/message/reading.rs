//! The same bytes read in another charset, and requests with the empty values that are never sent.

use std::sync::Arc;

use payspec_codegen::ir::{AbsentWhen, Charset, Empties, EmptyAction, Encoding};
use payspec_interpreter::{Interpreter, TrialMessage};

use crate::answer::Blame;
use crate::change::{Change, Edit, RecipeEdit};
use crate::question::{Question, Subject};
use crate::{rank, yaml};

/// The same bytes read in another way.
pub(crate) fn other_readings(
    interpreter: &Interpreter,
    question: &Question<'_>,
    message: &TrialMessage,
    all: &mut Vec<Change<'_>>,
) {
    for charset in [Charset::Gbk, Charset::Utf8, Charset::Gb18030, Charset::Latin1] {
        in_charset(interpreter, question, charset, all);
    }
    with_empties(question, message, all);
}

fn in_charset(
    interpreter: &Interpreter,
    question: &Question<'_>,
    charset: Charset,
    all: &mut Vec<Change<'_>>,
) {
    let message = match question.subject {
        Subject::Callback { name, incoming } => {
            interpreter.in_charset(charset).trial_callback(name, &incoming).ok()
        }
        Subject::Reply { operation, headers, body } => {
            interpreter.in_charset(charset).trial_reply(operation, headers, body).ok()
        }
        Subject::Request { operation, inputs } => {
            let mut provider = (**question.provider).clone();
            provider.defaults.encoding = Encoding::Fixed(charset);
            let other = Interpreter::new(Arc::new(provider), question.settings.clone()).ok();
            other.and_then(|other| other.trial_request(operation, inputs, question.supplied).ok())
        }
        Subject::Recipe { .. } => None,
    };
    let Some(message) = message else { return };
    let name = yaml::charset(charset);
    let usual = question.provider.defaults.encoding;
    let edits: [RecipeEdit<'_>; 2] = [
        Box::new(move |recipe| {
            if recipe.charset == usual {
                recipe.charset = Encoding::Fixed(charset);
            }
            for part in recipe.parts.iter_mut().filter(|part| part.charset == usual) {
                part.charset = Encoding::Fixed(charset);
            }
        }),
        Box::new(|_| {}),
    ];
    for edit in edits {
        all.push(Change {
            rank: rank::CHARSET + 1,
            blame: Blame::Spec,
            at: String::from("defaults.encoding"),
            value: name.to_uppercase().into(),
            title: format!("the message is in {}", name.to_uppercase()),
            mend: format!(
                "write `encoding: {}` under `defaults`, or read the charset from the message",
                name.to_uppercase()
            ),
            edit: Edit::OtherMessage { message: Box::new(message.clone()), edit },
        });
    }
}

/// What the caller gave and the client does not send.
fn with_empties(question: &Question<'_>, sent: &TrialMessage, all: &mut Vec<Change<'_>>) {
    let Subject::Request { operation, inputs } = question.subject else { return };
    let keep = Empties {
        absent: EmptyAction::Drop,
        json_null: EmptyAction::Keep,
        empty: EmptyAction::Keep,
        blank: EmptyAction::Keep,
    };
    let mut provider = (**question.provider).clone();
    provider.defaults.absent_when = AbsentWhen::Never;
    for recipe in &mut provider.recipes {
        let parts = recipe.parts.iter_mut().map(|part| &mut part.list);
        for list in std::iter::once(&mut recipe.list).chain(parts).flatten() {
            list.empties.clone_from(&keep);
        }
    }
    let Ok(interpreter) = Interpreter::new(Arc::new(provider), question.settings.clone()) else { return };
    let Ok(message) = interpreter.trial_request(operation, inputs, question.supplied) else { return };
    if message.fields() == sent.fields() {
        return;
    }
    let only_blank = Empties { json_null: EmptyAction::Drop, empty: EmptyAction::Drop, ..keep.clone() };
    for (value, title, empties) in [
        ("keep", "empty values are sent and signed", keep),
        ("{ blank: keep }", "blank values are sent and signed", only_blank),
    ] {
        all.push(Change {
            rank: rank::EMPTIES,
            blame: Blame::Spec,
            at: format!("signatures.{}.empties", recipe_name(question)),
            value: value.into(),
            title: title.to_owned(),
            mend: format!("write `empties: {value}` in the recipe and `absent_when: never` under `defaults`"),
            edit: Edit::OtherMessage {
                message: Box::new(message.clone()),
                edit: Box::new(move |recipe| {
                    if let Some(list) = &mut recipe.list {
                        list.empties.clone_from(&empties);
                    }
                }),
            },
        });
    }
}

fn recipe_name(question: &Question<'_>) -> String {
    let operation = question.provider.operations.iter().find(|own| own.name.wire == question.subject.name());
    let recipe = operation.and_then(|own| own.signature.recipes().first().copied());
    recipe.map(|id| question.provider[id].name.wire.clone()).unwrap_or_default()
}
