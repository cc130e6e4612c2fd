//! What a list selects: fields of the message, by name, path, beginning, row, header; with values that are covered or
//! nothing, as the rule of the list allows.

use super::{
    drawing::Drawing,
    message::{Drawn, Shape},
    templates::Filters,
    values::Kind,
};
use crate::spec::quoted;

/// What the list does, as far as the values of the message have to know it.
pub(super) struct Rule {
    pub(super) filters: Filters,
    /// The text of an item holds its value.
    pub(super) writes_value: bool,
    pub(super) names: &'static str,
    pub(super) nested: &'static str,
    /// Nothing may be absent, null or empty.
    pub(super) refuses: bool,
    /// Values that come twice.
    pub(super) repeats: bool,
}

impl Drawing {
    /// Every field, some left out by name.
    pub(super) fn everything(&mut self, fields: &'static str, rule: &Rule) {
        self.set("fields", fields);
        let shape = self.message.shape;
        let in_query = fields == "query" || shape == Shape::Query;
        let count = 1 + self.dice.below(5);
        for _ in 0..count {
            let name = self.name();
            self.value_of(&name, rule, in_query, true);
        }
        if shape == Shape::Form {
            // The other half of the message: signed with `all`, else not.
            let (name, is_signed) = (self.name(), fields == "all");
            let value = self.text(rule.filters.kind, is_signed && rule.covers(), "the other half");
            self.put(&name, Drawn::Text(value), !in_query);
        }
        // Something of what is selected has to be declared.
        self.declare("never?", "text: any");
        if self.dice.percent(30) {
            self.label("except");
            let (name, left_out) = (self.name(), self.plain(Kind::Text));
            self.put(&name, Drawn::Text(left_out), in_query);
            let name = rule.cased(&name);
            self.set("except", format!("[{}]", quoted(&name)));
        }
    }

    pub(super) fn listed(&mut self, rule: &Rule) {
        let in_query = self.message.shape == Shape::Query;
        let mut names = Vec::new();
        for _ in 0..=self.dice.below(4) {
            let name = self.name();
            let is_nested = self.value_of(&name, rule, in_query, true);
            let listed = rule.cased(&name);
            self.declare(&format!("{listed}?"), if is_nested { "raw: json" } else { "text: any" });
            names.push(listed);
        }
        if !rule.refuses && rule.filters.kind == Kind::Text && self.dice.percent(30) {
            self.label("a listed name that is absent");
            let name = rule.cased(&self.name());
            self.declare(&format!("{name}?"), "text: any");
            names.push(name);
        }
        let (unsigned, value) = (self.name(), self.plain(Kind::Text));
        self.put(&unsigned, Drawn::Text(value), in_query);
        self.dice.shuffle(&mut names);
        let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
        self.set("fields", format!("[{}]", names.join(", ")));
    }

    pub(super) fn paths(&mut self, rule: &Rule) {
        let (name, inner) = (self.name(), self.name());
        let value = self.text(rule.filters.kind, rule.covers(), "a listed path");
        self.put(&name, Drawn::Object(vec![(inner.clone(), Drawn::Text(value))]), false);
        self.declare(&format!("{name}?"), "raw: json");
        self.set("fields", format!("[{}]", quoted(&format!("{name}.{inner}"))));
    }

    pub(super) fn prefix(&mut self, rule: &Rule) {
        let in_query = self.message.shape == Shape::Query;
        for number in 0..=self.dice.below(3) {
            let name = format!("shp{number}");
            let value = self.text(rule.filters.kind, rule.covers(), "a name with a beginning");
            let name =
                if rule.names == "upper" && self.dice.percent(50) { name.to_uppercase() } else { name };
            self.put(&name, Drawn::Text(value), in_query);
        }
        let (other, value) = (self.name(), self.plain(Kind::Text));
        self.put(&other, Drawn::Text(value), in_query);
        self.set("fields", format!("[{}]", quoted(&format!("{}*", rule.cased("shp")))));
    }

    pub(super) fn elements(&mut self, rule: &Rule) {
        let name = self.name();
        let count = 1 + self.dice.below(3);
        let items = (0..count)
            .map(|_| Drawn::Text(self.text(rule.filters.kind, rule.covers(), "an element")))
            .collect();
        self.put(&name, Drawn::Array(items), false);
        self.declare(&format!("{name}?"), "list: text");
        self.set("fields", format!("[{}]", quoted(&format!("{name}[]"))));
    }

    pub(super) fn rows(&mut self, rule: &Rule) {
        let from = self.word("rows: from", &["0", "1", "2"]);
        let name = self.name();
        let first: usize = from.parse().expect("a number");
        if self.is_json() {
            self.label("rows: of JSON");
            let rows = (0..=self.dice.below(3))
                .map(|_| {
                    let value = self.text(rule.filters.kind, rule.covers(), "a member of a row");
                    Drawn::Object(vec![
                        ("m".to_owned(), Drawn::Text(value)),
                        ("n".to_owned(), Drawn::Flag(true)),
                    ])
                })
                .collect();
            self.put(&name, Drawn::Array(rows), false);
            self.declare(&format!("{name}?"), "raw: json");
            self.set("fields", format!("[{{ each: {name}, from: {from}, fields: [m] }}]"));
        } else {
            self.label("rows: under flat names");
            let in_query = self.message.shape == Shape::Query;
            for number in first..=first + self.dice.below(3) {
                let value = self.text(rule.filters.kind, rule.covers(), "a member of a row");
                self.put(&format!("name{number}"), Drawn::Text(value), in_query);
            }
            self.declare(&format!("{name}?"), "text: any");
            self.set("fields", format!("[{{ each: {name}, from: {from}, fields: [\"name#\"] }}]"));
        }
    }

    pub(super) fn named_in(&mut self, rule: &Rule) {
        let in_query = self.message.shape == Shape::Query;
        let list = self.name();
        let mut names = Vec::new();
        let mut members = Vec::new();
        let way = if self.is_json() {
            self.word("named_in", &["split", "array", "within"])
        } else {
            self.word("named_in", &["split"])
        };
        for _ in 0..=self.dice.below(3) {
            let name = self.name();
            let value = Drawn::Text(self.text(rule.filters.kind, rule.covers(), "a named field"));
            if way == "within" {
                members.push((name.clone(), value));
            } else {
                self.put(&name, value, in_query);
            }
            names.push(name);
        }
        self.dice.shuffle(&mut names);
        let at_least = names[0].clone();
        let mut within = String::new();
        if way == "within" {
            let outer = self.name();
            self.put(&outer, Drawn::Object(members), false);
            self.declare(&format!("{outer}?"), "raw: json");
            within = format!(", within: {}", quoted(&outer));
        } else {
            self.declare(&format!("{at_least}?"), "text: any");
        }
        let split = if way == "split" {
            self.put(&list, Drawn::Text(names.join(",")), in_query);
            self.declare(&list, "text: any");
            ", split: \",\""
        } else {
            let array = names.iter().map(|name| Drawn::Text(name.clone())).collect();
            self.put(&list, Drawn::Array(array), false);
            self.declare(&list, "raw: json");
            ""
        };
        self.set(
            "fields",
            format!("{{ named_in: {list}{split}, at_least: [{}]{within} }}", quoted(&at_least)),
        );
    }

    pub(super) fn headers(&mut self, rule: &Rule) {
        let mut names = Vec::new();
        for _ in 0..=self.dice.below(2) {
            let name = format!("X-L{}", self.message.headers.len());
            let value = match rule.filters.kind {
                Kind::Text => {
                    let ascii = self.ascii();
                    let value = self.text(Kind::Text, rule.covers(), "a header of the list");
                    if rule.covers() {
                        format!("{ascii}{}", self.spots.last().expect("just marked").mark)
                    } else if value.is_ascii() {
                        value.replace(['\t', '\n'], "_")
                    } else {
                        ascii
                    }
                }
                kind => self.text(kind, rule.covers(), "a header of the list"),
            };
            self.message.headers.push((name.clone(), value));
            names.push(name);
        }
        self.set("fields", format!("{{ headers: [{}] }}", names.join(", ")));
        let (other, value) = (self.name(), self.plain(Kind::Text));
        self.put(&other, Drawn::Text(value), self.message.shape == Shape::Query);
    }

    pub(super) fn members_of(&mut self, rule: &Rule) {
        let outer = self.name();
        let members = (0..=self.dice.below(3))
            .map(|_| {
                let name = self.name();
                let value = self.text(rule.filters.kind, rule.covers(), "a member");
                (name, Drawn::Text(value))
            })
            .collect();
        if self.dice.percent(40) {
            let inner = self.name();
            self.put(&outer, Drawn::Object(vec![(inner.clone(), Drawn::Object(members))]), false);
            self.set("fields", format!("{{ members_of: {} }}", quoted(&format!("{outer}.{inner}"))));
        } else {
            self.put(&outer, Drawn::Object(members), false);
            self.set("fields", format!("{{ members_of: {outer} }}"));
        }
        self.declare(&outer, "raw: json");
    }

    /// A value of any kind for a selected field; whether it is an object or array.
    fn value_of(&mut self, name: &str, rule: &Rule, in_query: bool, is_selected: bool) -> bool {
        let can_nest = !in_query && rule.nested != "refuse" && is_selected;
        if can_nest && self.dice.percent(45) {
            let value = self.object(rule);
            self.put(name, value, in_query);
            return true;
        }
        let kind = rule.filters.kind;
        if kind == Kind::Text && !rule.refuses && self.dice.percent(25) {
            let nothing = *self.dice.one(&["", "", " ", "0", "null"]);
            let value = if self.is_json() && nothing.is_empty() && self.dice.percent(50) {
                Drawn::Null
            } else {
                Drawn::Text(nothing.to_owned())
            };
            self.put(name, value, in_query);
            return false;
        }
        if self.is_json() && matches!(kind, Kind::Text | Kind::Decimal) && self.dice.percent(30) {
            let number = self.text(Kind::Decimal, rule.covers(), "a number of the list");
            self.put(name, Drawn::Number(number), in_query);
            return false;
        }
        let value = self.text(kind, rule.covers(), "a value of the list");
        if rule.repeats && self.dice.percent(50) {
            let again = if self.dice.percent(30) { value.clone() } else { self.plain(kind) };
            // A value that comes twice has its mark twice, and is no longer a spot.
            if again == value && rule.covers() {
                self.spots.pop();
            }
            self.put(name, Drawn::Text(again), in_query);
        }
        self.put(name, Drawn::Text(value), in_query);
        false
    }

    fn object(&mut self, rule: &Rule) -> Drawn {
        let covers = rule.covers() && rule.nested != "drop";
        let is_text = self.message.shape == Shape::Xml || rule.filters.kind != Kind::Text;
        let first = Drawn::Text(self.text(rule.filters.kind, covers, "inside an object"));
        let second = if is_text { Drawn::Text(self.plain(rule.filters.kind)) } else { Drawn::Flag(true) };
        let (one, two, three) = (self.name(), self.name(), self.name());
        let inner = match self.dice.below(3) {
            0 if !is_text => Drawn::Array(vec![second, Drawn::Number("1.0".to_owned())]),
            1 => Drawn::Object(vec![(three, second)]),
            _ => second,
        };
        if !is_text && self.dice.percent(25) {
            return Drawn::Array(vec![first, inner]);
        }
        Drawn::Object(vec![(one, first), (two, inner)])
    }

    pub(super) fn added(&mut self, rule: &Rule) {
        // The filters of the pair are over these values, too.
        if rule.filters.kind != Kind::Text || !self.dice.percent(45) {
            return;
        }
        self.label("add");
        let name = self.name();
        let name = rule.cased(&name);
        let spots = self.spots.len();
        let value = if self.dice.percent(50) {
            self.secret_in_text = true;
            "{credential:secret}".to_owned()
        } else {
            // Bytes as an item: orders and filters would have to read them.
            let before = self.clone();
            let operand = self.operand();
            if self.raw_bytes && !before.raw_bytes {
                self.back_to(before);
                "{credential:appid}".to_owned()
            } else {
                operand
            }
        };
        if !rule.covers() {
            self.spots.truncate(spots);
        }
        self.set("add", format!("{{ {}: {} }}", quoted(&name), quoted(&value)));
    }
}

impl Rule {
    /// Whether a change of a selected value changes the text.
    pub(super) fn covers(&self) -> bool {
        self.writes_value && self.filters.is_lossless
    }

    pub(super) fn cased(&self, name: &str) -> String {
        match self.names {
            "upper" => name.to_uppercase(),
            "lower" => name.to_lowercase(),
            _ => name.to_owned(),
        }
    }
}
