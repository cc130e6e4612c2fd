//! A call, from the signed request to one of its five endings.
//!
//! [`Call`] is the whole of it, [`Prepared`] is what is sent, [`Reply`] what comes back when all is well, [`CallError`]
//! everything else. The question that the errors answer is what happened to the money: nothing
//! ([`CallError::Invalid`], [`CallError::NotSent`], [`CallError::Rejected`]) or nobody knows ([`CallError::Unknown`]).
//! While a reply is being judged there is only an [`Ending`]; the emitted code adds the query that finds out the truth.

mod because;
mod codes;
mod error;
mod judge;
mod not_sent;
mod prepared;
mod reply;
mod resolve;
mod sending;

pub use because::{Because, Said};
pub use codes::{Codes, ErrorCode, ErrorKind};
pub use error::{CallError, Ending, Rejected, SendError, Unknown};
pub use judge::{ForSomebodyElse, echo, for_us};
pub use not_sent::{NotSent, PrepareError};
pub(crate) use prepared::Target;
pub use prepared::{Prepared, RedirectUrl};
pub use reply::{Protection, RawReply, Reply};
pub use resolve::{ByHand, Repeat};
pub use sending::{Call, HoldsToken};
