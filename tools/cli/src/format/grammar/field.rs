//! The keys of fields and of the rules over them.

use super::Shape::{Keys, Literal, Names, Prose, Word};
use super::{CONDITION, KnownKeys};

pub(super) static FIELD: KnownKeys = KnownKeys::of(
    &["field"],
    &[
        ("text", Word),
        ("url", Word),
        ("integer", Word),
        ("decimal", Word),
        ("amount", Word),
        ("flag", Literal),
        ("timestamp", Literal),
        ("date", Literal),
        ("duration", Word),
        ("type", Word),
        ("list", Word),
        ("json", Word),
        ("base64_json", Word),
        ("rows", Word),
        ("encrypted", Word),
        ("map", Word),
        ("raw", Word),
        ("fixed", Literal),
        ("signature", Word),
        ("withdrawn", Prose),
        ("unit", Word),
        ("alphabet", Literal),
        ("pattern", Literal),
        ("starts_with", Keys(&DATE_PREFIX)),
        ("range", Word),
        ("scale", Word),
        ("read_scale", Word),
        ("first", Word),
        ("join", Literal),
        ("items", Word),
        ("length", Word),
        ("name", Word),
        ("wire", Literal),
        ("sensitive", Word),
        ("deprecated", Prose),
        ("from", Word),
        ("equals", Literal),
        ("echo", Word),
        ("header", Literal),
        ("default", Literal),
        ("should", Keys(&SHOULD)),
        ("doc", Prose),
        ("example", Literal),
        ("source", Word),
        ("accepts", Names(&Prose)),
    ],
);

static SHOULD: KnownKeys = KnownKeys::of(
    &["should"],
    &[("text", Word), ("alphabet", Literal), ("pattern", Literal), ("starts_with", Keys(&DATE_PREFIX))],
);

static DATE_PREFIX: KnownKeys = KnownKeys::of(&["date prefix"], &[("date", Literal), ("within", Word)]);

pub(super) static RULE: KnownKeys = KnownKeys::of(
    &["rule"],
    &[
        ("any_of", Word),
        ("one_of", Word),
        ("at_most_one_of", Word),
        ("together", Word),
        ("require", Word),
        ("forbid", Word),
        ("equal", Word),
        ("distinct", Word),
        ("ascending", Word),
        ("unique", Word),
        ("sums_to", Keys(&SUM)),
        ("among", Keys(&AMONG)),
        ("when", CONDITION),
        ("level", Word),
        ("doc", Prose),
        ("source", Word),
    ],
);

static SUM: KnownKeys = KnownKeys::of(&["sum"], &[("parts", Word), ("total", Word)]);

static AMONG: KnownKeys = KnownKeys::of(&["choice of values"], &[("field", Word), ("values", Word)]);
