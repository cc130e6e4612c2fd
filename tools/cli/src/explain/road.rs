//! The road of a signature, printed: every field and why it is in the text or not, with the line of the spec that says
//! so; then text, seal and place, and of a received message whether it fits.

use std::fmt::Write as _;

use anstyle::Style;
use payspec_interpreter::{
    Account, AddedBy, Fate, Nothing, RecipeAccount, Refusal, SignedBy, Source, ValueAccount, Why, words,
};

use super::hex;
use super::lines::{Line, Lines, Where};
use super::shown::{self, padded, width};
use crate::terminal::{ERROR, FAINT, GOOD, HEADING, WARNING};

/// The widest columns: names, values, what became of them.
const WIDEST: [usize; 3] = [28, 36, 34];

/// How a road is printed.
pub(crate) struct Road<'a> {
    pub(crate) lines: &'a Lines,
    /// The name of the spec.
    pub(crate) spec: &'a str,
    /// With a hex dump of every text.
    pub(crate) bytes: bool,
    /// The message came in, or was sent: it is compared.
    pub(crate) received: bool,
    /// The fields that the spec has for the message; `None`: any.
    pub(crate) known: Option<Vec<&'a str>>,
}

impl Road<'_> {
    /// The whole account.
    pub(crate) fn print(&self, account: &Account) -> String {
        let mut page = String::new();
        for (index, recipe) in account.recipes.iter().enumerate() {
            if !page.is_empty() {
                page.push('\n');
            }
            let mut before = account.recipes.iter().take(index);
            let is_same = |own: &&RecipeAccount| {
                own.recipe == recipe.recipe && own.element == recipe.element && own.part == recipe.part
            };
            self.recipe(recipe, before.rfind(is_same), &mut page);
        }
        if let Some(broken) = &account.broken {
            line(&mut page, &format!("{} {broken}", styled(ERROR, "stopped:")));
        }
        page
    }

    /// Of a further reading only that is told which differs from the reading before.
    fn recipe(&self, recipe: &RecipeAccount, before: Option<&RecipeAccount>, page: &mut String) {
        let at = Where::from(recipe);
        let place = self.lines.of_recipe(at);
        let place = place.map_or_else(String::new, |line| format!("  {}:{}", self.spec, line.number));
        line(page, &format!("{}{}", styled(HEADING, &title(recipe, self.received)), styled(FAINT, &place)));
        self.values(recipe, before, page);
        if let Some(list) = recipe.list.as_ref().filter(|_| before.is_none_or(|own| own.list != recipe.list))
        {
            let names: Vec<String> = list.names.iter().map(|name| shown::name(name)).collect();
            self.step(page, "order", words::order(list.order), self.lines.of_key(at, "order").as_ref());
            wrapped(page, &names);
        }
        if before.is_some_and(|own| own.text == recipe.text) {
            line(page, &format!("  {}  as before", styled(HEADING, "text  ")));
        } else {
            self.text(recipe, page);
        }
        if before.is_none_or(|own| own.seal != recipe.seal) {
            self.seal(recipe, page);
        }
        self.place(recipe, page);
    }

    fn values(&self, recipe: &RecipeAccount, before: Option<&RecipeAccount>, page: &mut String) {
        let mut rows = Vec::new();
        for value in &recipe.values {
            if before.is_none_or(|own| !own.values.contains(value)) {
                self.row(recipe, value, "", &mut rows);
            }
        }
        if rows.is_empty() {
            if before.is_some() {
                line(page, &format!("  {}  as before", styled(HEADING, "fields")));
            }
            return;
        }
        let columns: Vec<usize> = (0..3)
            .map(|column| {
                let cells = rows.iter().filter_map(|row: &Row| row.cells.get(column));
                cells.map(|cell| width(cell)).max().unwrap_or_default()
            })
            .collect();
        let otherwise = if before.is_some() { "  as before, but for" } else { "" };
        line(page, &format!("  {}{otherwise}", styled(HEADING, "fields")));
        for row in rows {
            let cells: Vec<String> =
                row.cells.iter().zip(&columns).map(|(cell, column)| padded(cell, *column)).collect();
            let [name, value, fate] = cells.as_slice() else { continue };
            let fate = styled(row.style, fate);
            line(page, &format!("    {name}  {value}  {fate}  {}", styled(FAINT, &row.says)));
        }
    }

    fn row(&self, recipe: &RecipeAccount, value: &ValueAccount, around: &str, rows: &mut Vec<Row>) {
        let (mut fate, mut style) = fate(&value.fate);
        // Of an element the type says which fields it has, not the message.
        if self.is_unknown(value) && around.is_empty() && recipe.element.is_none() {
            fate.push_str(", not in the spec");
            style = WARNING;
        }
        let name = match value.source {
            Source::Header => format!("header {}", value.name.trim_start_matches("header:")),
            Source::Beside if value.fate != Fate::Added(AddedBy::Add) => format!("{{{}}}", value.name),
            _ => format!("{around}{}", value.name),
        };
        let shown = match &value.shown {
            Some(text) => shown::quoted(text),
            None if value.fate == Fate::LeftOut(Why::OwnPlace) => String::new(),
            None => String::from("not there"),
        };
        let says = self.says(recipe, &value.fate);
        let cell =
            |text: &str, column: usize| shown::cut(text, WIDEST.get(column).copied().unwrap_or(usize::MAX));
        rows.push(Row {
            cells: [cell(&shown::name(&name), 0), cell(&shown, 1), cell(&fate, 2)],
            style,
            says,
        });
        for inner in &value.inside {
            self.row(recipe, inner, "  ", rows);
        }
    }

    /// A field that the spec does not have: somebody may have added it on the way.
    fn is_unknown(&self, value: &ValueAccount) -> bool {
        let is_field = matches!(value.source, Source::Query | Source::Body);
        let is_placed = value.fate == Fate::LeftOut(Why::OwnPlace);
        let known = self.known.as_ref();
        is_field && !is_placed && known.is_some_and(|known| !known.contains(&value.name.as_str()))
    }

    /// The words of the spec that say so, and their line.
    fn says(&self, recipe: &RecipeAccount, fate: &Fate) -> String {
        let key = fate.key();
        match self.lines.of_fate(recipe, fate) {
            Some(line) => format!("{} (line {})", line.short(), line.number),
            None => {
                let key = key.split('.').next_back().unwrap_or(&key);
                format!("{key}: by default")
            }
        }
    }

    fn step(&self, page: &mut String, name: &str, what: &str, at: Option<&Line>) {
        let at = at.map_or_else(|| String::from("by default"), |line| format!("(line {})", line.number));
        line(page, &format!("  {}  {what}  {}", styled(HEADING, &padded(name, 6)), styled(FAINT, &at)));
    }

    fn text(&self, recipe: &RecipeAccount, page: &mut String) {
        let at = Where::from(recipe);
        match &recipe.text {
            None => {
                let what = "a ciphertext: what it opens to is not shown";
                self.step(page, "text", what, self.lines.of_key(at, "text").as_ref());
            }
            Some(Err(error)) => {
                let what = format!("{} {error}", styled(ERROR, "none:"));
                self.step(page, "text", &what, self.lines.of_key(at, "text").as_ref());
            }
            Some(Ok(text)) => {
                let count = text.bytes().len();
                let unit = if count == 1 { "byte" } else { "bytes" };
                let what = format!("{count} {unit}, {}", words::charset(recipe.charset));
                let template = self.lines.of_key(at, "text");
                let template = template.map_or_else(
                    || String::from("text: {fields} by default"),
                    |line| format!("{} (line {})", line.whole(), line.number),
                );
                let charset =
                    self.lines.of_key(at, "charset").or_else(|| self.lines.of_path("defaults.encoding"));
                let charset = charset.map(|line| format!(", {} (line {})", line.whole(), line.number));
                let says = format!("{template}{}", charset.unwrap_or_default());
                line(page, &format!("  {}  {what}  {}", styled(HEADING, "text  "), styled(FAINT, &says)));
                for own in shown::text(text.masked()) {
                    line(page, &format!("    {own}"));
                }
                if self.bytes {
                    for own in hex::dump(text).lines() {
                        line(page, &format!("    {}", styled(FAINT, own)));
                    }
                }
            }
        }
    }

    fn seal(&self, recipe: &RecipeAccount, page: &mut String) {
        let at = Where::from(recipe);
        let seal = &recipe.seal;
        let key = seal.key.as_ref().map(|key| format!(", key {key}")).unwrap_or_default();
        let what = match seal.algorithm.as_str() {
            "none" => format!("none: the text itself, {}", seal.output),
            algorithm => format!("{algorithm}{key}, {}", seal.output),
        };
        self.step(page, "seal", &what, self.lines.of_key(at, "algorithm").as_ref());
        if let Some(result) = recipe.result.as_ref().filter(|_| !self.received || recipe.place.is_none()) {
            line(page, &format!("    {}", shown::plain(result)));
        }
    }

    fn place(&self, recipe: &RecipeAccount, page: &mut String) {
        let at = Where::from(recipe);
        let Some(place) = &recipe.place else { return };
        self.step(page, "place", &place.carrier, self.lines.of_key(at, "place").as_ref());
        let is_more = |written: &&String| Some(*written) != recipe.result.as_ref();
        if let Some(written) = place.written.as_ref().filter(is_more) {
            line(page, &format!("    {}", shown::plain(written)));
        }
        if !self.received {
            return;
        }
        let computed = match (&recipe.result, &recipe.text) {
            (Some(result), _) => shown::plain(result),
            (None, Some(Ok(_))) => String::from("only the other side can make it"),
            (None, _) => String::from("nothing"),
        };
        if recipe.text.is_some() {
            line(page, &format!("    computed  {computed}"));
        }
        let received =
            place.received.as_ref().map_or_else(|| String::from("nothing"), |text| shown::plain(text));
        line(page, &format!("    received  {received}"));
        match &recipe.verdict {
            Some(Ok(())) => line(page, &format!("    {}", styled(GOOD, "fits"))),
            Some(Err(Refusal::SignatureMismatch)) => {
                line(page, &format!("    {}", styled(ERROR, "does not fit")));
            }
            Some(Err(refusal)) => {
                line(page, &format!("    {} {refusal}", styled(ERROR, "does not fit:")));
            }
            None => {}
        }
    }
}

struct Row {
    cells: [String; 3],
    style: Style,
    says: String,
}

fn title(recipe: &RecipeAccount, received: bool) -> String {
    let name = match &recipe.part {
        Some(part) => format!("part `{part}` of recipe `{}`", recipe.recipe),
        None => format!("recipe `{}`", recipe.recipe),
    };
    let name = match recipe.element {
        Some(index) => format!("{name}, element {index}"),
        None => name,
    };
    let doing = if received { "verifying" } else { "signing" };
    if recipe.differs.is_empty() {
        format!("{name}, {doing}")
    } else {
        format!("{name}, {doing}, reading {}: {}", recipe.reading, recipe.differs)
    }
}

fn fate(fate: &Fate) -> (String, Style) {
    match fate {
        Fate::Signed { by, nothing } => {
            let how = match by {
                SignedBy::List => String::from("signed"),
                SignedBy::Inside => String::from("signed, what is in it"),
                SignedBy::Text => String::from("signed, in the text"),
                SignedBy::Add(name) => format!("signed, in `{name}`"),
                SignedBy::Raw(part) => format!("signed, in {{{part}}}"),
                SignedBy::Part(name) => format!("signed, in part `{name}`"),
                SignedBy::Key => String::from("takes part in the key"),
            };
            let nothing = nothing.map(|nothing| format!(" though {}", of_nothing(nothing)));
            (format!("{how}{}", nothing.unwrap_or_default()), GOOD)
        }
        Fate::LeftOut(why) => (left_out(why), WARNING),
        Fate::Refused(nothing) => {
            let what = nothing.map_or("an object or array", of_nothing);
            (format!("refused: {what}"), ERROR)
        }
        Fate::Added(by) => {
            let how = match by {
                AddedBy::Add => "added, not sent",
                AddedBy::Text => "in the text",
                AddedBy::Pair => "in every pair",
            };
            (String::from(how), GOOD)
        }
    }
}

fn left_out(why: &Why) -> String {
    match why {
        Why::Nothing(nothing) => format!("left out: {}", of_nothing(*nothing)),
        Why::AbsentWhen => String::from("not sent: empty"),
        Why::Except => String::from("left out: an exception"),
        Why::OwnPlace => String::from("left out: its own place"),
        Why::Nested => String::from("left out: an object or array"),
        Why::Repeated => String::from("left out: there already"),
        Why::NotListed => String::from("left out: not among the fields"),
        Why::NotInText => String::from("left out: not in the text"),
        Why::NotReached => String::from("not reached"),
    }
}

fn of_nothing(nothing: Nothing) -> &'static str {
    match nothing {
        Nothing::Absent => "not there",
        Nothing::Null => "null",
        Nothing::Empty => "empty",
        Nothing::Blank => "blank",
    }
}

/// Names on lines that are not too long.
fn wrapped(page: &mut String, names: &[String]) {
    let mut own = String::new();
    for (index, name) in names.iter().enumerate() {
        let comma = if index + 1 < names.len() { ", " } else { "" };
        if !own.is_empty() && width(&own) + width(name) > 100 {
            line(page, &format!("    {}", own.trim_end()));
            own.clear();
        }
        own.push_str(name);
        own.push_str(comma);
    }
    if !own.is_empty() {
        line(page, &format!("    {own}"));
    }
}

pub(crate) fn styled(style: Style, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{style}{text}{style:#}") }
}

pub(crate) fn line(page: &mut String, text: &str) {
    // A text in memory can always be written.
    let _ = writeln!(page, "{}", text.trim_end());
}
