//! Messages that cannot be read, or not be signed, as they stand: what is tried before the search gives up.
//!
//! A byte order mark makes JSON unreadable and hides the first name of a form; a charset that cannot write a value stops
//! a request before there is a text. Both are undone here and asked again.

use std::sync::Arc;

use payspec_codegen::ir::{Charset, Encoding};
use payspec_interpreter::Incoming;

use crate::answer::{Answer, Blame, Neighbour};
use crate::question::{Question, Subject};
use crate::search::Search;
use crate::yaml;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// The byte order mark before a body, if the message fits without it.
pub(crate) fn without_mark(question: &Question<'_>) -> Option<Answer> {
    let subject = match question.subject {
        Subject::Callback { name, incoming } => {
            let body = incoming.body.strip_prefix(MARK)?;
            Subject::Callback { name, incoming: Incoming { body, ..incoming } }
        }
        Subject::Reply { operation, headers, body } => {
            Subject::Reply { operation, headers, body: body.strip_prefix(MARK)? }
        }
        _ => return None,
    };
    Search::new(&Question { subject, ..*question }).ok().filter(Search::fits)?;
    Some(Answer::of(Neighbour {
        blame: Blame::Application,
        at: String::from("message.body"),
        value: String::from("without the byte order mark"),
        title: String::from("a byte order mark came before the body"),
        mend: String::from("hand over the bytes of the body as they came, before any framework reads them"),
        alike: Vec::new(),
    }))
}

/// Another charset of a recipe, if the one that it has cannot write the request.
pub(crate) fn in_another_charset(question: &Question<'_>) -> Option<Answer> {
    let Subject::Request { operation, .. } = question.subject else { return None };
    let operation = question.provider.operations.iter().find(|own| own.name.wire == operation)?;
    for id in operation.signature.recipes() {
        for charset in [Charset::Utf8, Charset::Gbk, Charset::Gb18030] {
            let mut provider = (**question.provider).clone();
            let recipe = provider.recipes.get_mut(id.0)?;
            let name = recipe.name.wire.clone();
            recipe.charset = Encoding::Fixed(charset);
            recipe.parts.iter_mut().for_each(|part| part.charset = Encoding::Fixed(charset));
            let changed = Arc::new(provider);
            if Search::new(&Question { provider: &changed, ..*question }).is_ok_and(|search| search.fits()) {
                let written = yaml::charset(charset).to_uppercase();
                return Some(Answer::of(Neighbour {
                    blame: Blame::Spec,
                    at: format!("signatures.{name}.charset"),
                    title: format!("the text is in {written}"),
                    mend: format!(
                        "write `charset: {written}`, or leave it out where that is the encoding of the file"
                    ),
                    value: written,
                    alike: Vec::new(),
                }));
            }
        }
    }
    None
}
