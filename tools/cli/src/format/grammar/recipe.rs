//! The keys of recipes: what is selected, how it is composed, sealed and placed.

use super::KnownKeys;
use super::Shape::{Keys, Literal, Names, Prose, Word};

pub(super) static RECIPE: KnownKeys = KnownKeys::of(
    &["recipe"],
    &[
        ("like", Word),
        ("choose", Keys(&CHOOSE)),
        ("fresh", Names(&Keys(&FRESH))),
        ("given", Names(&Word)),
        ("parts", Names(&Keys(&RECIPE))),
        ("fields", Keys(&SELECTION)),
        ("except", Literal),
        ("names", Word),
        ("trim", Word),
        ("nested", Word),
        ("path", Word),
        ("numbers", Word),
        ("repeated", Word),
        ("each", Word),
        ("also_empty", Literal),
        ("empties", Keys(&EMPTIES)),
        ("add", Names(&Literal)),
        ("order", Word),
        ("pair", Literal),
        ("join", Literal),
        ("text", Literal),
        ("transform", Word),
        ("charset", Keys(&CHARSET)),
        ("algorithm", Word),
        ("key", Literal),
        ("key_id", Literal),
        ("iv", Literal),
        ("aad", Literal),
        ("padding", Word),
        ("user_id", Literal),
        ("form", Word),
        ("output", Word),
        ("place", Keys(&PLACE)),
        ("tolerance", Keys(&TOLERANCE)),
        ("also_accept", Keys(&RECIPE)),
        ("doc", Prose),
        ("source", Word),
        ("accepts", Names(&Prose)),
    ],
);

static CHOOSE: KnownKeys = KnownKeys::of(
    &["choose"],
    &[("by", Literal), ("cases", Names(&Word)), ("present", Word), ("absent", Word), ("otherwise", Word)],
);

/// What stands in `fields` of a recipe: an entry of the list, or one of the choices.
static SELECTION: KnownKeys = KnownKeys::of(
    &["entry of the list", "choice of fields", "choice of headers", "choice of members"],
    &[
        ("each", Word),
        ("from", Word),
        ("fields", Literal),
        ("named_in", Word),
        ("split", Literal),
        ("at_least", Literal),
        ("within", Word),
        ("headers", Literal),
        ("members_of", Word),
    ],
);

static EMPTIES: KnownKeys = KnownKeys::of(
    &["case of empty values"],
    &[
        ("absent", Keys(&EMPTY_AS)),
        ("json_null", Keys(&EMPTY_AS)),
        ("empty", Keys(&EMPTY_AS)),
        ("blank", Keys(&EMPTY_AS)),
    ],
);

static EMPTY_AS: KnownKeys = KnownKeys::of(&["text for an empty value"], &[("as", Literal)]);

static CHARSET: KnownKeys = KnownKeys::of(&["charset"], &[("field", Word)]);

static PLACE: KnownKeys = KnownKeys::of(
    &["place"],
    &[("field", Literal), ("header", Literal), ("query", Literal), ("template", Literal), ("items", Literal)],
);

static FRESH: KnownKeys = KnownKeys::of(
    &["fresh value"],
    &[("is", Literal), ("length", Word), ("field", Literal), ("header", Literal), ("query", Literal)],
);

static TOLERANCE: KnownKeys =
    KnownKeys::of(&["tolerance"], &[("of", Literal), ("is", Literal), ("within", Word)]);
