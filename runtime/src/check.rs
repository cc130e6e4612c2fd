//! Checking a request against its limits, before anything is signed or sent.
//!
//! Emitted code walks over the fields of a request and states each limit as a call; everything that is broken is
//! collected with its path, so that a caller mends all of it at once. Limits at the level *should* give advice, never
//! an error. What a check knows of the client (charset, clock, public credentials) is its context; a limit that needs
//! what is missing is passed over. Nothing that is marked sensitive shows its value.

mod items;
mod number;
mod quantity;
mod rules;
mod text;
mod violation;

use std::cell::RefCell;
use std::fmt;
use std::mem;

use crate::absent::AbsentWhen;
use crate::charset::Charset;
use crate::scratch::{self, Kept};
use crate::time::{Clock, Date, Timestamp};

pub use self::items::ItemsCheck;
pub use self::number::NumberCheck;
pub use self::quantity::{Addend, Quantity};
pub use self::rules::{Among, RuleCheck};
pub use self::text::TextCheck;
pub use self::violation::{LengthUnit, Level, Limit, Violation, Violations};

/// Collects the violations of a request: begun with what is known of the client, walked through by emitted code,
/// ended by [`Check::finish`] or [`Check::into_advice`].
///
/// ```
/// use payspec_runtime::{Check, yuan};
///
/// let mut check = Check::new();
/// check.text("order_no", "").length(1..=32);
/// check.number("amount", yuan!("0.00")).range(yuan!("0.01")..);
/// let violations = check.finish().unwrap_err();
/// assert_eq!(violations.to_string(), "order_no: missing, a value is required\namount: 0.00 is below 0.01 yuan");
/// ```
pub struct Check<'a> {
    charset: Option<Charset>,
    absent: AbsentWhen,
    today: Today<'a>,
    credentials: Credentials<'a>,
    /// Where the check stands.
    path: Path,
    violations: Vec<Violation>,
}

/// Which day it is: known when a limit asks.
#[derive(Clone, Copy)]
enum Today<'a> {
    Unknown,
    At(Timestamp, i32),
    By(&'a dyn Clock, i32),
}

impl Today<'_> {
    fn date(self) -> Option<Date> {
        match self {
            Self::Unknown => None,
            Self::At(now, zone) => Some(now.date_at(zone)),
            Self::By(clock, zone) => Some(clock.now().date_at(zone)),
        }
    }
}

/// Where a check stands, in memory that is used again. It is written only for what is broken.
#[derive(Default)]
struct Path(Vec<Step>);

/// A step into a request.
enum Step {
    Member(&'static str),
    Item(usize),
}

thread_local! {
    static STEPS: Kept<Step> = const { RefCell::new(Vec::new()) };
}

impl Path {
    fn enter(&mut self, step: Step) {
        if self.0.capacity() == 0 {
            self.0 = scratch::vector(&STEPS);
        }
        self.0.push(step);
    }

    fn leave(&mut self) {
        self.0.pop();
    }

    /// The path of a member from the top: `order.sub_order_list[2].seller_id`.
    fn of(&self, name: &str) -> String {
        let mut path = String::new();
        for step in &self.0 {
            match step {
                Step::Item(index) => path.extend(["[", itoa::Buffer::new().format(*index), "]"]),
                Step::Member(name) if path.is_empty() => path.push_str(name),
                Step::Member(name) => path.extend([".", name]),
            }
        }
        if !path.is_empty() {
            path.push('.');
        }
        path + name
    }
}

impl Drop for Path {
    fn drop(&mut self) {
        if self.0.capacity() > 0 {
            scratch::recycle_vector(&STEPS, mem::take(&mut self.0));
        }
    }
}

/// Public credentials, by their names. Most providers have one.
#[derive(Default)]
struct Credentials<'a> {
    first: Option<(&'a str, &'a str)>,
    others: Vec<(&'a str, &'a str)>,
}

impl<'a> Check<'a> {
    /// A check without context.
    #[must_use]
    pub fn new() -> Self {
        Self {
            charset: None,
            absent: AbsentWhen::default(),
            today: Today::Unknown,
            credentials: Credentials::default(),
            path: Path::default(),
            violations: Vec::new(),
        }
    }

    /// The charset in which the request will be written.
    #[must_use]
    pub fn charset(mut self, charset: Charset) -> Self {
        self.charset = Some(charset);
        self
    }

    /// Which values count as absent; [`AbsentWhen::Empty`] unless said.
    #[must_use]
    pub fn absent_when(mut self, absent: AbsentWhen) -> Self {
        self.absent = absent;
        self
    }

    /// The present instant, and the provider's zone in seconds east of UTC.
    #[must_use]
    pub fn now(mut self, now: Timestamp, zone_seconds: i32) -> Self {
        self.today = Today::At(now, zone_seconds);
        self
    }

    /// The same, of a clock that is looked at where a limit needs it.
    #[must_use]
    pub fn clock(mut self, clock: &'a dyn Clock, zone_seconds: i32) -> Self {
        self.today = Today::By(clock, zone_seconds);
        self
    }

    /// The value of a public credential.
    #[must_use]
    pub fn credential(mut self, name: &'a str, value: &'a str) -> Self {
        match self.credentials.first {
            None => self.credentials.first = Some((name, value)),
            Some(_) => self.credentials.others.push((name, value)),
        }
        self
    }

    /// Begins the limits of a text. A required text that is absent, and a character that the client's charset cannot
    /// write, are violations by themselves.
    #[inline]
    pub fn text<'c>(&'c mut self, name: &'c str, value: &'c str) -> TextCheck<'c, 'a> {
        TextCheck::new(self, name, value)
    }

    /// Begins the limits of a number, an amount, a length of time or a day.
    #[inline]
    pub fn number<'c, T: Quantity>(&'c mut self, name: &'c str, value: T) -> NumberCheck<'c, 'a, T> {
        NumberCheck::new(self, name, value)
    }

    /// Checks the members of an object.
    pub fn object(&mut self, name: &'static str, members: impl FnOnce(&mut Self)) {
        self.path.enter(Step::Member(name));
        members(self);
        self.path.leave();
    }

    /// Checks each item of a list, and begins the limits of the list itself.
    pub fn items<'c, T>(
        &'c mut self,
        name: &'static str,
        items: &[T],
        mut each: impl FnMut(&T, &mut Self),
    ) -> ItemsCheck<'c, 'a> {
        self.path.enter(Step::Member(name));
        for (index, item) in items.iter().enumerate() {
            self.path.enter(Step::Item(index));
            each(item, self);
            self.path.leave();
        }
        self.path.leave();
        ItemsCheck::new(self, name, items.len())
    }

    /// Checks that no item of a list contains the text that stands between two items: it would arrive as two.
    pub fn separated<T: AsRef<str>>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        separator: &str,
    ) {
        for (index, item) in items.into_iter().enumerate() {
            if item.as_ref().contains(separator) {
                let path = self.path_of(&format!("{name}[{index}]"));
                let limit = Limit::Separator { separator: separator.to_owned() };
                self.push(Level::Must, path, limit, None);
            }
        }
    }

    /// Ends the check.
    ///
    /// # Errors
    /// All violations; advice is none.
    #[inline]
    pub fn finish(self) -> Result<(), Violations> {
        if self.violations.is_empty() {
            return Ok(());
        }
        let must = self.violations.into_iter().filter(|violation| violation.level == Level::Must);
        Violations::of(must.collect())
    }

    /// Ends the check and gives what is only advised.
    #[must_use]
    pub fn into_advice(self) -> Vec<Violation> {
        self.violations.into_iter().filter(|violation| violation.level == Level::Should).collect()
    }

    /// The path of a member from the top.
    fn path_of(&self, name: &str) -> String {
        self.path.of(name)
    }

    fn credential_value(&self, name: &str) -> Option<&'a str> {
        let Credentials { first, others } = &self.credentials;
        first.iter().chain(others).find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    fn push(&mut self, level: Level, path: String, limit: Limit, measured: Option<String>) {
        self.violations.push(Violation { path, limit, measured, level });
    }
}

impl Default for Check<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Check<'_> {
    /// Without the context: credentials do not belong in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").field("violations", &self.violations).finish_non_exhaustive()
    }
}
