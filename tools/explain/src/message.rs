//! What applications, and what stands before them, do to messages.
//!
//! The message that is asked about may no longer be the one that was signed. Each known mishap is undone: for each
//! field alone, for all of them at once, for the raw body, the query, the headers, and the signature itself.

mod body;
mod encoding;
mod fields;
mod headers;
pub(crate) mod json;
mod reading;
pub(crate) mod signature;
mod value;

use payspec_codegen::ir::{MessagePart, Operand, PairPiece, Piece, Recipe};
use payspec_interpreter::TrialMessage;

use crate::answer::Blame;
use crate::change::{Change, Edit, Written};
use crate::context::Context;
use crate::question::Question;

pub(crate) use self::encoding::base64;
pub(crate) use self::reading::other_readings;

/// Every change of the message.
pub(crate) fn changes(
    message: &TrialMessage,
    context: &Context,
    recipes: &[&Recipe],
    question: &Question<'_>,
    all: &mut Vec<Change<'_>>,
) {
    fields::changes(message, context, recipes, question, all);
    headers::changes(message, all);
    body::changes(message, recipes, all);
    signature::changes(message, recipes, all);
}

/// A change of the message that the application should not have made.
fn change(
    rank: u32,
    at: String,
    value: impl Into<String>,
    title: impl Into<String>,
    mend: impl Into<String>,
    edit: impl Fn(&mut TrialMessage) + 'static,
) -> Change<'static> {
    Change {
        rank,
        blame: Blame::Application,
        at,
        value: Written::Text(value.into()),
        title: title.into(),
        mend: mend.into(),
        edit: Edit::Message(Box::new(edit)),
    }
}

/// What of the message itself the recipes ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Asked {
    body: bool,
    address: bool,
    result: bool,
}

fn asked(recipes: &[&Recipe]) -> Asked {
    let mut asked = Asked::default();
    let mut look = |from: &Operand| match from {
        Operand::Message(MessagePart::Body) => asked.body = true,
        Operand::Message(MessagePart::Result) => asked.result = true,
        Operand::Message(MessagePart::Payload | MessagePart::Method) => {}
        Operand::Message(_) => asked.address = true,
        _ => {}
    };
    for recipe in recipes.iter().flat_map(|recipe| recipe.parts.iter().chain([*recipe])) {
        let added = recipe.list.iter().flat_map(|list| list.add.iter().flat_map(|(_, pieces)| pieces));
        for piece in recipe.text.iter().chain(added) {
            if let Piece::Value { from, .. } = piece {
                look(from);
            }
        }
        for piece in recipe.list.iter().flat_map(|list| &list.pair) {
            if let PairPiece::Operand { from, .. } = piece {
                look(from);
            }
        }
    }
    asked
}

/// A text as it stands in a query.
pub(crate) fn encoded(text: &str) -> String {
    value::encoded(text, "-_.~", "%20", true)
}
