//! The keys of envelopes, operations and callbacks.

use super::Shape::{Keys, Literal, Names, Prose, Word};
use super::field::{FIELD, RULE};
use super::{CONDITION, ERROR_CODE, KnownKeys};

pub(super) static ENVELOPE: KnownKeys = KnownKeys::of(
    &["envelope"],
    &[
        ("doc", Prose),
        ("source", Word),
        ("accepts", Names(&Prose)),
        ("request", Keys(&REQUEST)),
        ("response", Keys(&RESPONSE)),
    ],
);

static REQUEST: KnownKeys = KnownKeys::of(
    &["request"],
    &[
        ("body", Word),
        ("root", Literal),
        ("content_type", Literal),
        ("common", Word),
        ("signature", Keys(&UNSIGNED)),
        ("fields", Names(&Keys(&FIELD))),
        ("payload", Keys(&PAYLOAD)),
    ],
);

static PAYLOAD: KnownKeys = KnownKeys::of(&["payload"], &[("json", Word), ("doc", Prose)]);

static RESPONSE: KnownKeys = KnownKeys::of(
    &["response"],
    &[
        ("body", Word),
        ("signature", Keys(&UNSIGNED)),
        ("members", Names(&Keys(&FIELD))),
        ("data", Keys(&DATA)),
        ("data_fields", Names(&Keys(&FIELD))),
        ("success", CONDITION),
        ("code", Word),
        ("message", Word),
    ],
);

static DATA: KnownKeys = KnownKeys::of(&["data"], &[("member", Word), ("fault", Word), ("when", Word)]);

/// `signature: { none: "reason" }`, where the model reads by hand.
static UNSIGNED: KnownKeys = KnownKeys::of(&[], &[("none", Prose)]);

pub(super) static OPERATION: KnownKeys = KnownKeys::of(
    &["operation"],
    &[
        ("title", Literal),
        ("doc", Prose),
        ("call", Word),
        ("redirect", Word),
        ("form_post", Word),
        ("host", Word),
        ("envelope", Word),
        ("without", Word),
        ("constants", Names(&Literal)),
        ("effect", Word),
        ("idempotent_by", Word),
        ("resolved_by", Keys(&RESOLVED_BY)),
        ("budget", Word),
        ("errors", Names(&Names(&Keys(&ERROR_CODE)))),
        ("source", Word),
        ("accepts", Names(&Prose)),
        ("outer", Names(&Keys(&FIELD))),
        ("fields", Names(&Keys(&FIELD))),
        ("rules", Keys(&RULE)),
        ("reply", Names(&Keys(&FIELD))),
        ("reply_value", Keys(&FIELD)),
        ("outcome", Keys(&OUTCOME)),
    ],
);

static RESOLVED_BY: KnownKeys = KnownKeys::of(
    &["resolved_by"],
    &[("operation", Word), ("with", Names(&Word)), ("by_hand", Word), ("callback", Word), ("source", Word)],
);

static OUTCOME: KnownKeys = KnownKeys::of(
    &["outcome"],
    &[("of", Word), ("cases", Keys(&CASE)), ("from", Word), ("always", Word), ("otherwise", Word)],
);

static CASE: KnownKeys =
    KnownKeys::of(&["outcome case"], &[("when", CONDITION), ("is", Word), ("doc", Prose)]);

pub(super) static CALLBACK: KnownKeys = KnownKeys::of(
    &["callback"],
    &[
        ("title", Literal),
        ("doc", Prose),
        ("deliver", Word),
        ("receive", Word),
        ("of", Word),
        ("sent_to", Word),
        ("sent_at", Word),
        ("when", CONDITION),
        ("signature", Keys(&UNSIGNED)),
        ("source", Word),
        ("accepts", Names(&Prose)),
        ("fields", Names(&Keys(&FIELD))),
        ("fields_of", Word),
        ("outcome", Keys(&OUTCOME)),
        ("hint", Word),
        ("compare", Word),
        ("once_per", Word),
        ("acknowledge", Keys(&ACKNOWLEDGE)),
        ("retries", Keys(&RETRIES)),
    ],
);

static ACKNOWLEDGE: KnownKeys = KnownKeys::of(
    &["acknowledge"],
    &[("accepted", Literal), ("again", Literal), ("type", Word), ("source", Word)],
);

static RETRIES: KnownKeys = KnownKeys::of(
    &["retries"],
    &[
        ("after", Word),
        ("every", Word),
        ("growing", Word),
        ("times", Word),
        ("for", Word),
        ("doc", Prose),
        ("source", Word),
    ],
);
