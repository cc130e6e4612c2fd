//! One word for each way of refusing, the same for generated code and interpreter.
//!
//! The two have error types of their own, on purpose. What must agree is the kind of each refusal and the field that
//! it names.

use payspec::CallbackError;
use payspec_interpreter::{Because, JsonError, RecipeError, Refusal, SealError};
use payspec_runtime::RecipeError as Generated;

/// The kind of a refusal by generated code.
#[must_use]
pub fn label_of_error(error: &CallbackError) -> String {
    match error {
        CallbackError::TooLarge { .. } => "too large".to_owned(),
        CallbackError::WrongMethod { .. } | CallbackError::WrongContentType { .. } => {
            "other shape".to_owned()
        }
        CallbackError::BadPercentEncoding { .. } => "bad percent-encoding".to_owned(),
        CallbackError::BadCharset { .. } => "bad charset".to_owned(),
        CallbackError::RepeatedField { name } => format!("repeated {name}"),
        CallbackError::BadForm { .. } => "bad form".to_owned(),
        CallbackError::BadJson(_) => "bad JSON".to_owned(),
        CallbackError::MissingSignature { field } => format!("missing signature {field}"),
        CallbackError::EmptySignature { field } => format!("empty signature {field}"),
        CallbackError::MalformedSignature(_) => "malformed signature".to_owned(),
        CallbackError::SignatureMismatch => "signature mismatch".to_owned(),
        CallbackError::BadXml(_) => "bad XML".to_owned(),
        CallbackError::BadMultipart { .. } => "bad multipart".to_owned(),
        CallbackError::Recipe(Generated::UnknownKey { .. }) => "unknown key".to_owned(),
        CallbackError::Recipe(_) | CallbackError::SignedText(_) => "recipe".to_owned(),
        CallbackError::OutOfTime { .. } | CallbackError::Stale { .. } => "stale".to_owned(),
        CallbackError::OtherAlgorithm { field } => format!("other algorithm {field}"),
        CallbackError::ForSomebodyElse { field } => format!("somebody else {field}"),
        CallbackError::OtherNotice { .. } => "other notice".to_owned(),
        CallbackError::MissingField { name } | CallbackError::EmptyField { name } => {
            format!("missing {name}")
        }
        CallbackError::BadField(malformed) => format!("malformed {}", malformed.path()),
        other => format!("{other:?}"),
    }
}

/// The kind of a refusal by the interpreter.
#[must_use]
pub fn label_of_refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::TooLarge { .. } => "too large".to_owned(),
        Refusal::OtherShape => "other shape".to_owned(),
        Refusal::BadPercent => "bad percent-encoding".to_owned(),
        Refusal::BadCharset => "bad charset".to_owned(),
        Refusal::RepeatedField { name } => format!("repeated {name}"),
        Refusal::BadForm => "bad form".to_owned(),
        Refusal::BadJson(_) => "bad JSON".to_owned(),
        Refusal::MissingSignature { name } => format!("missing signature {name}"),
        Refusal::EmptySignature { name } => format!("empty signature {name}"),
        Refusal::MalformedSignature => "malformed signature".to_owned(),
        Refusal::SignatureMismatch => "signature mismatch".to_owned(),
        Refusal::OtherAlgorithm { name } => format!("other algorithm {name}"),
        Refusal::ForSomebodyElse { name } => format!("somebody else {name}"),
        Refusal::OtherNotice => "other notice".to_owned(),
        Refusal::MissingField { name } | Refusal::Recipe(RecipeError::Empty { name }) => {
            format!("missing {name}")
        }
        Refusal::BadXml(_) => "bad XML".to_owned(),
        Refusal::BadMultipart => "bad multipart".to_owned(),
        Refusal::Seal(SealError::UnknownKey) | Refusal::Recipe(RecipeError::Seal(SealError::UnknownKey)) => {
            "unknown key".to_owned()
        }
        Refusal::Recipe(_) => "recipe".to_owned(),
        Refusal::Stale { .. } => "stale".to_owned(),
        Refusal::BadField { name, .. } => format!("malformed {name}"),
        other => format!("{other:?}"),
    }
}

/// Why the interpreter does not know how a call ended, and the code that it shows.
pub(super) fn of_interpreted(because: &Because) -> (String, Option<String>) {
    let label = match because {
        Because::HttpStatus { status } => format!("status {status}"),
        Because::TooLarge { .. } => "too large".to_owned(),
        Because::Charset => "charset".to_owned(),
        Because::NotJson(JsonError::Repeated { name }) => format!("repeated {name}"),
        Because::NotJson(_) => "no JSON".to_owned(),
        Because::NotXml(_) => "no XML".to_owned(),
        Because::Unsigned => "unsigned".to_owned(),
        // The signed member itself is missing: generated code looks for it before it verifies.
        Because::BadSignature(Refusal::Recipe(RecipeError::NoPart { .. })) => "malformed".to_owned(),
        Because::BadSignature(_) => "bad signature".to_owned(),
        Because::Malformed(_) => "malformed".to_owned(),
        Because::OtherOrder { name } => format!("other order {name}"),
        Because::ForSomebodyElse { name } => format!("somebody else {name}"),
        Because::Code { kind, code, .. } => return (format!("{kind:?}"), code.clone()),
        other => format!("{other:?}"),
    };
    (label, None)
}
