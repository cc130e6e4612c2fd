//! The explanation as one JSON document. Names are stable; what is not there is `null`.

use payspec_interpreter::{
    AddedBy, Fate, ListAccount, Nothing, PlaceAccount, RecipeAccount, SignedBy, SignedText, Source,
    ValueAccount, Why, words,
};
use serde_json::{Value, json};

use super::Explanation;
use super::lines::{Lines, Where};

impl Explanation<'_> {
    pub(super) fn json(&self) -> Value {
        let lines = Lines::of(&self.spec.text);
        let recipes = self.account.recipes.iter().map(|recipe| self.recipe(recipe, &lines));
        let subject = self.explained.subject();
        json!({
            "spec": self.spec.name(),
            "name": subject.name(),
            "kind": self.explained.kind(),
            "chosen_by": self.explained.chosen_by(self.provider),
            "recipes": recipes.collect::<Vec<_>>(),
            "violations": self.account.violations.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "broken": self.account.broken.as_ref().map(ToString::to_string),
            "verdict": { "holds": self.verdict.holds, "word": self.verdict.word, "reason": self.verdict.reason },
            "neighbours": self.neighbours(&lines),
        })
    }

    fn recipe(&self, recipe: &RecipeAccount, lines: &Lines) -> Value {
        let line = |key: &str| lines.of_key(Where::from(recipe), key).map(|line| line.number);
        let values = recipe.values.iter().map(|own| value(own, recipe, lines));
        let text = recipe.text.as_ref().map(|text| match text {
            Ok(text) => self.text(text, recipe, line("text")),
            Err(error) => json!({ "error": error.to_string(), "line": line("text") }),
        });
        let list = |list: &ListAccount| json!({ "order": words::order(list.order), "names": list.names, "line": line("order") });
        let place = |place: &PlaceAccount| {
            json!({
                "carrier": place.carrier, "written": place.written, "received": place.received, "line": line("place"),
            })
        };
        json!({
            "recipe": recipe.recipe,
            "element": recipe.element,
            "part": recipe.part,
            "reading": recipe.reading,
            "differs": recipe.differs,
            "line": lines.of_recipe(Where::from(recipe)).map(|line| line.number),
            "values": values.collect::<Vec<_>>(),
            "list": recipe.list.as_ref().map(list),
            "text": text,
            "seal": {
                "algorithm": recipe.seal.algorithm, "key": recipe.seal.key, "output": recipe.seal.output,
                "line": line("algorithm"),
            },
            "result": recipe.result,
            "place": recipe.place.as_ref().map(place),
            "fits": recipe.verdict.as_ref().map(Result::is_ok),
            "refusal": recipe.verdict.as_ref().and_then(|verdict| verdict.as_ref().err()).map(ToString::to_string),
        })
    }

    fn text(&self, text: &SignedText, recipe: &RecipeAccount, line: Option<usize>) -> Value {
        let byte = |byte: Option<u8>| byte.map_or_else(|| String::from("**"), |byte| format!("{byte:02x}"));
        let hex: Option<String> = self.bytes.then(|| text.masked_bytes().map(byte).collect());
        json!({
            "masked": text.masked(),
            "bytes": text.bytes().len(),
            "charset": words::charset(recipe.charset),
            "hex": hex,
            "line": line,
        })
    }

    fn neighbours(&self, lines: &Lines) -> Value {
        let Some(answer) = self.answer else { return Value::Null };
        let matches = answer.matches.iter().map(|own| {
            let alike = own.alike.iter();
            let alike =
                alike.map(|alike| json!({ "at": alike.at, "value": alike.value, "title": alike.title }));
            json!({
                "blame": own.blame.to_string(),
                "at": own.at,
                "line": lines.of_path(&own.at).map(|line| line.number),
                "value": own.value,
                "title": own.title,
                "mend": own.mend,
                "alike": alike.collect::<Vec<_>>(),
            })
        });
        let difference = answer
            .difference
            .as_ref()
            .map(|own| json!({ "at": own.at, "before": own.before, "ours": own.ours, "theirs": own.theirs }));
        json!({
            "as_it_is": answer.as_it_is,
            "matches": matches.collect::<Vec<_>>(),
            "tried": answer.tried,
            "stopped": answer.stopped,
            "obstacle": answer.obstacle,
            "difference": difference,
        })
    }
}

fn value(own: &ValueAccount, recipe: &RecipeAccount, lines: &Lines) -> Value {
    let key = own.fate.key();
    let source = match own.source {
        Source::Query => "query",
        Source::Body => "body",
        Source::Header => "header",
        Source::Input => "input",
        Source::Listed => "listed",
        Source::Beside => "beside",
    };
    let (fate, why) = fate(&own.fate);
    let inside = own.inside.iter().map(|inner| value(inner, recipe, lines));
    json!({
        "name": own.name,
        "source": source,
        "value": own.shown,
        "fate": fate,
        "why": why,
        "key": key,
        "line": lines.of_fate(recipe, &own.fate).map(|line| line.number),
        "inside": inside.collect::<Vec<_>>(),
    })
}

fn fate(fate: &Fate) -> (&'static str, String) {
    match fate {
        Fate::Signed { by, nothing } => {
            let by = match by {
                SignedBy::List => String::from("list"),
                SignedBy::Inside => String::from("inside"),
                SignedBy::Text => String::from("text"),
                SignedBy::Add(name) => format!("add {name}"),
                SignedBy::Raw(part) => (*part).to_owned(),
                SignedBy::Part(name) => format!("part {name}"),
                SignedBy::Key => String::from("key"),
            };
            ("signed", nothing.map_or(by.clone(), |nothing| format!("{by}, {}", of_nothing(nothing))))
        }
        Fate::LeftOut(why) => ("left_out", left_out(why).to_owned()),
        Fate::Refused(nothing) => ("refused", nothing.map_or("nested", of_nothing).to_owned()),
        Fate::Added(by) => {
            let by = match by {
                AddedBy::Add => "add",
                AddedBy::Text => "text",
                AddedBy::Pair => "pair",
            };
            ("added", by.to_owned())
        }
    }
}

fn left_out(why: &Why) -> &'static str {
    match why {
        Why::Nothing(nothing) => of_nothing(*nothing),
        Why::AbsentWhen => "not_sent",
        Why::Except => "except",
        Why::OwnPlace => "own_place",
        Why::Nested => "nested",
        Why::Repeated => "repeated",
        Why::NotListed => "not_listed",
        Why::NotInText => "not_in_text",
        Why::NotReached => "not_reached",
    }
}

fn of_nothing(nothing: Nothing) -> &'static str {
    match nothing {
        Nothing::Absent => "absent",
        Nothing::Null => "json_null",
        Nothing::Empty => "empty",
        Nothing::Blank => "blank",
    }
}
