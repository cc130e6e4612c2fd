//! Lists of a draw: what is selected, how it is judged, ordered and written, and values of the message for all of it.

use super::{drawing::Drawing, message::Shape, selected::Rule, values::Kind};
use crate::spec::quoted;

impl Drawing {
    /// A list, with `fields`, all keys that go with it, and the fields of the message.
    pub(super) fn list(&mut self) {
        let fields = self.selection();
        let is_everything = ["all", "query", "body"].contains(&fields);
        let mut rule = self.pair(is_everything);
        if is_everything {
            self.list_kind = Some(rule.filters.kind);
        }
        rule.names = if ["all", "query", "body", "names", "prefix"].contains(&fields) && self.dice.percent(30)
        {
            self.word("names", &["upper", "lower", "as is"])
        } else {
            "as is"
        };
        if rule.names != "as is" || self.dice.percent(3) {
            self.set("names", quoted(rule.names));
        }
        self.empties(&mut rule);
        self.numbers();
        self.nested(fields, &mut rule);
        self.repeated(fields, &mut rule);
        self.order(fields);
        let join = self.word("join", &["&", "", "|", ",", "\\n"]).replace("\\n", "\n");
        self.set("join", quoted(&join));
        match fields {
            "all" | "query" | "body" => self.everything(fields, &rule),
            "names" => self.listed(&rule),
            "path" => self.paths(&rule),
            "prefix" => self.prefix(&rule),
            "elements" => self.elements(&rule),
            "rows" => self.rows(&rule),
            "named_in" => self.named_in(&rule),
            "headers" => self.headers(&rule),
            _ => self.members_of(&rule),
        }
        self.added(&rule);
    }

    fn selection(&mut self) -> &'static str {
        let mut words = vec!["all", "all", "names", "names", "prefix", "headers"];
        match self.message.shape {
            Shape::Query => words.extend(["query", "query", "query", "rows", "rows", "named_in"]),
            Shape::Form => words.extend(["body", "body", "rows", "rows", "named_in"]),
            Shape::Json => {
                words.extend([
                    "body",
                    "path",
                    "path",
                    "elements",
                    "elements",
                    "rows",
                    "rows",
                    "members_of",
                    "members_of",
                ]);
                words.extend(["named_in", "named_in", "named_in", "named_in"]);
            }
            Shape::Xml | Shape::Multipart => words.extend(["body", "named_in"]),
        }
        self.word("fields", &words)
    }

    fn pair(&mut self, is_everything: bool) -> Rule {
        let mut filters = self.filters();
        // What the key needs is in the message already, and is text.
        let has_fields =
            !self.message.body.is_empty() || !self.message.query.is_empty() || !self.fields.is_empty();
        while is_everything && has_fields && filters.kind != Kind::Text {
            filters = self.filters();
        }
        let written = &filters.written;
        let pairs = [
            ("{name}={value}", format!("{{name}}={{value{written}}}")),
            ("{name}={value}", format!("{{name}}={{value{written}}}")),
            ("{value}", format!("{{value{written}}}")),
            ("{name|upper}:{value};", format!("{{name|upper}}:{{value{written}}};")),
            ("{name|url(form)}={value}", format!("{{name|url(form)}}={{value{written}}}")),
            ("secret behind each", format!("{{value{written}}}{{credential:secret}}")),
            ("braces", format!("{{{{{{name}}}}}}{{value{written}}}")),
            ("{value|length}{value}", format!("{{value|length}}{{value{written}}}")),
            ("{name}:{value|length}", "{name}:{value|length}".to_owned()),
        ];
        let (shown, pair) = self.dice.one(&pairs).clone();
        self.label(format!("pair: {shown}"));
        self.secret_in_text |= pair.contains("secret");
        self.raw_bytes |= filters.is_bytes;
        let writes_value = shown != "{name}:{value|length}";
        self.set("pair", quoted(&pair));
        Rule { filters, writes_value, names: "as is", nested: "refuse", refuses: false, repeats: false }
    }

    fn empties(&mut self, rule: &mut Rule) {
        let word = self.word("empties", &["drop", "drop blank", "keep", "refuse", "by case"]);
        let yaml = if word == "by case" {
            let mut cases = Vec::new();
            for case in ["absent", "json_null", "empty", "blank"] {
                let action = self.word(&format!("empties: {case}"), &["drop", "keep", "as", "refuse"]);
                let action = if action == "as" { "{ as: \"null\" }".to_owned() } else { action.to_owned() };
                cases.push(format!("{case}: {action}"));
            }
            rule.refuses = cases.iter().any(|case| case.ends_with("refuse"));
            format!("{{ {} }}", cases.join(", "))
        } else {
            rule.refuses = word == "refuse";
            word.to_owned()
        };
        self.set("empties", yaml);
        if self.dice.percent(15) {
            self.label("also_empty");
            self.set("also_empty", "[\"0\", \"null\"]");
        }
        if self.dice.percent(25) {
            let word = self.word("trim", &["true", "true", "false"]);
            self.set("trim", word);
        }
    }

    fn numbers(&mut self) {
        if self.is_json() && self.dice.percent(35) {
            let word = self.word("numbers", &["as is", "decimals(2)", "decimals(1-2)", "decimals(0)"]);
            self.set("numbers", quoted(word));
        }
    }

    fn nested(&mut self, fields: &str, rule: &mut Rule) {
        let can_nest = ["all", "body", "names", "members_of"].contains(&fields);
        let words: &[&'static str] = match self.message.shape {
            Shape::Json if can_nest => &["refuse", "raw", "leaves", "drop", "same rule"],
            Shape::Xml if can_nest => &["refuse", "leaves", "drop"],
            _ => return,
        };
        if self.dice.percent(90) {
            let word = words[self.dice.below(words.len())];
            self.label(format!("nested: {word}"));
            rule.nested = word;
            self.set("nested", quoted(word));
        }
    }

    fn repeated(&mut self, fields: &str, rule: &mut Rule) {
        let can_repeat = matches!(self.message.shape, Shape::Form | Shape::Query)
            && ["all", "body", "query", "names"].contains(&fields);
        if can_repeat && self.dice.percent(35) {
            let word = self.word("repeated", &["refuse", "each", "distinct"]);
            rule.repeats = word != "refuse";
            self.set("repeated", word);
        }
    }

    fn order(&mut self, fields: &str) {
        let mut words = vec![
            "by name",
            "by name",
            "by name ignoring case",
            "as on the wire",
            "by value",
            "by name then value",
            "by item",
            "by item ignoring case",
        ];
        if !["all", "query", "body", "members_of"].contains(&fields) {
            words.extend(["as listed", "as listed", "as listed"]);
        }
        let word = self.word("order", &words);
        self.set("order", word);
    }
}
