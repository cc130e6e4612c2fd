//! Why a signature differs: the neighbours of a spec, a message and a set of keys, of which one would make it fit.
//!
//! "Verification failed" says nothing. [`neighbours`] changes one thing at a time (a key of the recipe to each other
//! value that the language has, the message in each way in which frameworks are known to change messages, the keys to
//! the ones that are easily taken for them), composes the text again, and compares. What fits is the cause, or cannot
//! be told apart from it by this message; equality of a digest leaves no other way. Where nothing fits, nothing is
//! accused.
//!
//! | module | what |
//! |---|---|
//! | `question`, `answer` | what is asked, what comes back |
//! | `search` | tries, counts, ranks, groups |
//! | `spec` | changes of a recipe, key by key |
//! | `message` | what applications do to messages |
//! | `keys` | other keys, and other readings of the same |
//! | `unread` | messages that cannot be read, or not be signed, as they stand |
//! | `declared` | the fields that the spec declares for the message |
//! | `difference` | where a text parts from the expected one |
//! | `yaml` | pieces of a recipe as a spec writes them |
//!
//! No value of a message and no secret is ever part of an answer: names and spec text only.

mod answer;
mod change;
mod context;
mod declared;
mod difference;
mod keys;
mod message;
mod question;
mod rank;
mod search;
mod spec;
mod unread;
mod yaml;

pub use self::answer::{Alike, Answer, Blame, Difference, Neighbour};
pub use self::question::{Expected, Question, Subject};
pub use self::search::neighbours;
