//! Fields that came, went or changed on the way.

use payspec_codegen::ir::{self, Entry, Kind, Recipe, Selection, Shape};
use payspec_interpreter::{CredentialValue, TrialField, TrialMessage, TrialValue};

use super::change;
use super::json::{self, Json, Members, Space, Style};
use super::value::{MISHAPS, Mishap};
use crate::change::Change;
use crate::context::Context;
use crate::question::{Question, Subject};
use crate::rank;

const RAW: &str = "take the parameters from the raw query or body, before the framework touches them";
/// Fields that are often empty, and that specs forget.
const USUAL: [&str; 14] = [
    "attach",
    "remark",
    "extra",
    "memo",
    "note",
    "param",
    "ext",
    "passback_params",
    "openid",
    "body",
    "desc",
    "custom",
    "reserved",
    "extend",
];
/// More leaves than this are not looked at one by one.
const MAX_LEAVES: usize = 60;

pub(crate) fn changes(
    message: &TrialMessage,
    context: &Context,
    recipes: &[&Recipe],
    question: &Question<'_>,
    all: &mut Vec<Change<'_>>,
) {
    let fields = message.fields();
    added(&fields, context, recipes, all);
    lost(&fields, question, recipes, all);
    renamed(&fields, context, recipes, all);
    let places: Vec<&str> = recipes.iter().filter_map(|recipe| recipe.place_field()).collect();
    for mishap in MISHAPS {
        mishaps(&fields, &places, *mishap, all);
    }
    nested(&fields, all);
    headers(message, all);
}

fn keep(fields: Vec<TrialField>) -> impl Fn(&mut TrialMessage) {
    move |message| message.set_fields(fields.clone())
}

/// These fields, and the query without the pairs of this name, or of every name.
fn without(fields: Vec<TrialField>, name: Option<String>) -> impl Fn(&mut TrialMessage) {
    move |message| {
        message.set_fields(fields.clone());
        let Some(query) = message.query() else { return };
        let is_gone =
            |pair: &&str| name.as_ref().is_none_or(|name| pair.split('=').next() == Some(name.as_str()));
        let kept: Vec<&str> = query.split('&').filter(|pair| !is_gone(pair)).collect();
        let kept = kept.join("&");
        message.set_query(&kept);
    }
}

/// The names that recipes list.
fn listed(recipes: &[&Recipe]) -> Vec<String> {
    let lists = recipes
        .iter()
        .flat_map(|recipe| recipe.parts.iter().chain([*recipe]))
        .filter_map(|own| own.list.as_ref());
    let entries = lists.filter_map(|list| match &list.fields {
        Selection::Named(entries) => Some(entries),
        _ => None,
    });
    entries
        .flatten()
        .filter_map(|entry| match entry {
            Entry::Name(name) | Entry::Elements(name) => Some(name.clone()),
            _ => None,
        })
        .collect()
}

/// Each field without; all that the spec does not know; all of the query; all of the body.
fn added(fields: &[TrialField], context: &Context, recipes: &[&Recipe], all: &mut Vec<Change<'_>>) {
    let listed = listed(recipes);
    let is_known =
        |name: &str| context.declared.iter().any(|own| own == name) || listed.iter().any(|own| own == name);
    let is_place = |name: &str| recipes.iter().any(|recipe| recipe.place_field() == Some(name));
    for (index, field) in fields.iter().enumerate().filter(|(_, field)| !is_place(&field.name)) {
        let mut less = fields.to_vec();
        less.remove(index);
        let name = &field.name;
        let rank = if is_known(name) { rank::ADDED_FIELD + 200 } else { rank::ADDED_FIELD };
        all.push(change(
            rank,
            format!("message.field.{name}"),
            "left out",
            format!("`{name}` was not signed: the application, its framework or a proxy added it"),
            RAW,
            without(less, Some(name.clone()).filter(|_| field.in_query).or_else(|| Some(String::new()))),
        ));
    }
    let unknown: Vec<&str> = fields
        .iter()
        .map(|field| field.name.as_str())
        .filter(|name| !is_known(name) && !is_place(name))
        .collect();
    if unknown.len() > 1 {
        let less = fields.iter().filter(|field| !unknown.contains(&field.name.as_str())).cloned().collect();
        let names = unknown.join("`, `");
        let title =
            format!("`{names}` were not signed: the application, its framework or a proxy added them");
        all.push(change(
            rank::ADDED_FIELD + 2,
            "message.fields".to_owned(),
            "left out",
            title,
            RAW,
            keep(less),
        ));
    }
    for (in_query, what, title) in [
        (true, "message.query", "the parameters of the query were not signed, only those of the body"),
        (false, "message.body", "the fields of the body were not signed, only those of the query"),
    ] {
        let less: Vec<TrialField> = fields
            .iter()
            .filter(|field| field.in_query != in_query || is_place(&field.name))
            .cloned()
            .collect();
        if less.len() < fields.len() && !less.is_empty() {
            let kept = Some(String::new()).filter(|_| !in_query);
            all.push(change(
                rank::ADDED_FIELD + 3,
                what.to_owned(),
                "left out",
                title,
                RAW,
                without(less, kept),
            ));
        }
    }
}

/// Fields of the spec that are not there, with the values that can be guessed: nothing, and constants.
fn lost(fields: &[TrialField], question: &Question<'_>, recipes: &[&Recipe], all: &mut Vec<Change<'_>>) {
    let is_there = |name: &str| fields.iter().any(|field| field.name == name);
    let is_place = |name: &str| recipes.iter().any(|recipe| recipe.place_field() == Some(name));
    let declared = declared(question);
    let in_query = fields.iter().filter(|field| field.in_query).count() * 2 > fields.len();
    let mut gone: Vec<(usize, String)> = Vec::new();
    let mut before = 0;
    for (field, equals) in &declared {
        let name = field.name.wire.as_str();
        if let Some(at) = fields.iter().position(|own| own.name == name) {
            before = at + 1;
            continue;
        }
        if is_place(name) || field.kind == Kind::Signature {
            continue;
        }
        gone.push((before, name.to_owned()));
        for value in guesses(question, field, *equals) {
            let is_empty = value.is_empty();
            let mut more = fields.to_vec();
            let inserted = TrialField { name: name.to_owned(), value: TrialValue::Text(value), in_query };
            more.insert(before.min(more.len()), inserted);
            let (rank, title) = if is_empty {
                (rank::LOST_EMPTY, format!("the empty `{name}` was signed, and is lost on the way"))
            } else {
                (rank::FIELD_VALUE, format!("`{name}` was signed, and is lost on the way"))
            };
            let what = if is_empty { "present, empty" } else { "present" };
            all.push(change(rank, format!("message.field.{name}"), what, title, RAW, keep(more)));
        }
    }
    for name in USUAL
        .into_iter()
        .filter(|name| !is_there(name) && !declared.iter().any(|(own, _)| own.name.wire == **name))
    {
        let mut more = fields.to_vec();
        more.push(TrialField { name: name.to_owned(), value: TrialValue::Text(String::new()), in_query });
        let title = format!("the empty `{name}` was signed, and is lost on the way");
        all.push(change(
            rank::LOST_EMPTY + 5,
            format!("message.field.{name}"),
            "present, empty",
            title,
            RAW,
            keep(more),
        ));
    }
    for name in listed(recipes).into_iter().filter(|name| !is_there(name) && !is_place(name)) {
        if !gone.iter().any(|(_, own)| *own == name) {
            gone.push((fields.len(), name));
        }
    }
    if gone.len() > 1 {
        let mut more = fields.to_vec();
        for (shift, (at, name)) in gone.into_iter().enumerate() {
            let field = TrialField { name, value: TrialValue::Text(String::new()), in_query };
            more.insert((at + shift).min(more.len()), field);
        }
        let title =
            "all fields of the spec that are not there were signed as empty ones, and are lost on the way";
        all.push(change(
            rank::LOST_EMPTY + 3,
            "message.fields".to_owned(),
            "present, empty",
            title,
            RAW,
            keep(more),
        ));
    }
}

type Declared<'p> = (&'p ir::Field, Option<&'p ir::CredentialPath>);

/// The fields of the spec, and the credentials that they repeat.
fn declared<'p>(question: &Question<'p>) -> Vec<Declared<'p>> {
    let provider = question.provider;
    match question.subject {
        Subject::Request { operation, .. } => {
            let operation = provider.operations.iter().find(|own| own.name.wire == operation);
            operation
                .into_iter()
                .flat_map(|own| &own.request)
                .map(|sent| {
                    (
                        &sent.field,
                        match &sent.origin {
                            ir::Origin::Credential(path) => Some(path),
                            _ => None,
                        },
                    )
                })
                .collect()
        }
        Subject::Callback { name, .. } => {
            let callback = provider.callbacks.iter().find(|own| own.name.wire == name);
            let fields = callback.into_iter().flat_map(|own| &own.fields).filter(|own| own.header.is_none());
            fields.map(|own| (&own.field, own.equals.as_ref())).collect()
        }
        Subject::Reply { operation, .. } => {
            let operation = provider.operations.iter().find(|own| own.name.wire == operation);
            let reply = operation.and_then(|own| own.reply.as_ref());
            let members = reply.into_iter().flat_map(|reply| &provider[reply.envelope].members);
            members.filter(|own| own.header.is_none()).map(|own| (&own.field, own.equals.as_ref())).collect()
        }
        Subject::Recipe { .. } => Vec::new(),
    }
}

/// What a field that is lost may have been.
fn guesses(question: &Question<'_>, field: &ir::Field, equals: Option<&ir::CredentialPath>) -> Vec<String> {
    let mut guesses = vec![String::new()];
    match &field.kind {
        Kind::Fixed(text) => guesses.push(text.clone()),
        Kind::Flag { yes, no } => guesses.extend([yes.clone(), no.clone()]),
        Kind::Enum(id) => {
            if let Shape::Enum(values) = &question.provider[*id].shape {
                guesses.extend(values.iter().take(20).map(|value| value.name.wire.clone()));
            }
        }
        _ => {}
    }
    guesses.extend(field.example.clone());
    if let Some(CredentialValue::Text(text)) =
        equals.and_then(|path| question.settings.credentials.get(&path.name.wire))
    {
        guesses.push(text.clone());
    }
    for usual in [
        ("charset", "utf-8"),
        ("charset", "UTF-8"),
        ("sign_type", "MD5"),
        ("sign_type", "RSA"),
        ("sign_type", "RSA2"),
        ("version", "1.0"),
    ] {
        if field.name.wire == usual.0 {
            guesses.push(usual.1.to_owned());
        }
    }
    guesses.dedup();
    guesses
}

type ChangeCase = fn(&str) -> String;

/// Names that were changed: dots and brackets to `_`, another case, `amp;` before them.
fn renamed(fields: &[TrialField], context: &Context, recipes: &[&Recipe], all: &mut Vec<Change<'_>>) {
    let plain = |name: &str| name.to_lowercase().replace(['.', '_', '-', '[', ']', ' '], "");
    let mut known = context.declared.clone();
    known.extend(listed(recipes));
    let mut renamed = fields.to_vec();
    let mut names = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        if known.contains(&field.name) {
            continue;
        }
        let bare = field.name.strip_prefix("amp;").unwrap_or(&field.name);
        let right = known
            .iter()
            .find(|own| plain(own) == plain(bare) && !fields.iter().any(|field| field.name == **own));
        let right = right.cloned().or_else(|| (bare != field.name).then(|| bare.to_owned()));
        if let (Some(right), Some(slot)) = (right, renamed.get_mut(index)) {
            slot.name.clone_from(&right);
            names.push((field.name.clone(), right));
        }
    }
    if let Some((wrong, right)) = names.first() {
        let title = format!("names of fields were changed on the way: `{right}` became `{wrong}`");
        all.push(change(
            rank::ADDED_FIELD + 5,
            format!("message.field.{wrong}"),
            format!("`{right}`"),
            title,
            RAW,
            keep(renamed),
        ));
    }
    let cases: [(&str, ChangeCase); 2] =
        [("upper", |name| name.to_uppercase()), ("lower", |name| name.to_lowercase())];
    for (what, change_case) in cases {
        let mut renamed = fields.to_vec();
        let places: Vec<&str> = recipes.iter().filter_map(|recipe| recipe.place_field()).collect();
        for field in renamed.iter_mut().filter(|field| !places.contains(&field.name.as_str())) {
            field.name = change_case(&field.name);
        }
        let title = format!("names of fields were in {what} case when they were signed");
        all.push(change(
            rank::NAMES + 1,
            "message.fields".to_owned(),
            format!("names in {what} case"),
            title,
            RAW,
            keep(renamed),
        ));
    }
}

/// A mishap undone in each field alone, and in all of them.
fn mishaps(fields: &[TrialField], places: &[&str], mishap: Mishap, all: &mut Vec<Change<'_>>) {
    let mut whole = fields.to_vec();
    let mut count = 0;
    for (index, field) in fields.iter().enumerate() {
        // What happens to the signature is undone elsewhere.
        let undone = undone(&field.value, mishap).filter(|_| !places.contains(&field.name.as_str()));
        let Some(undone) = undone else { continue };
        if let Some(slot) = whole.get_mut(index) {
            slot.value = undone.clone();
            count += 1;
        }
        let name = &field.name;
        all.push(change(
            mishap.rank,
            format!("message.field.{name}"),
            mishap.word,
            format!("`{name}` was changed on its way: {}", mishap.title),
            mishap.mend,
            move |message| message.set_value(index, undone.clone()),
        ));
    }
    if count > 1 {
        let title =
            format!("values were changed on their way: {}", mishap.title.replacen("its ", "their ", 1));
        all.push(change(
            mishap.rank + 1,
            "message.fields".to_owned(),
            mishap.word,
            title,
            mishap.mend,
            keep(whole),
        ));
    }
}

/// The value before, if it was another one.
fn undone(value: &TrialValue, mishap: Mishap) -> Option<TrialValue> {
    let undone = match value {
        TrialValue::Null => return None,
        TrialValue::Text(text) => TrialValue::Text((mishap.undo)(text)?),
        TrialValue::Number(text) => TrialValue::Number((mishap.undo)(text)?),
        TrialValue::Flag(text) => TrialValue::Text((mishap.undo)(text)?),
        TrialValue::Json(_) => return None,
    };
    (undone != *value).then_some(undone)
}

/// JSON in fields: written again, and its values changed.
fn nested(fields: &[TrialField], all: &mut Vec<Change<'_>>) {
    for (index, field) in fields.iter().enumerate() {
        let text = field.value.text();
        let Some(json) = json::parse(text) else { continue };
        let is_text = matches!(field.value, TrialValue::Text(_));
        let value = move |text: String| if is_text { TrialValue::Text(text) } else { TrialValue::Json(text) };
        let name = &field.name;
        for style in Style::all() {
            let written = json::write(&json, style);
            if written == text {
                continue;
            }
            all.push(change(
                rank::RESERIALISED,
                format!("message.field.{name}"),
                style.described(),
                format!("the JSON of `{name}` was written again; it was signed {}", style.described()),
                "take its text as it came, and never write it again from a parsed value",
                move |message| message.set_value(index, value(written.clone())),
            ));
        }
        let mut count = 0;
        for mishap in MISHAPS {
            for changed in leaves_changed(&json, *mishap) {
                count += 1;
                if count > MAX_LEAVES * 20 {
                    break;
                }
                let written = json::write(&changed.0, PLAIN);
                all.push(change(
                    mishap.rank + 5,
                    format!("message.field.{name}.{}", changed.1),
                    mishap.word,
                    format!("`{name}.{}` was changed on its way: {}", changed.1, mishap.title),
                    mishap.mend,
                    move |message| message.set_value(index, value(written.clone())),
                ));
            }
        }
    }
}

const PLAIN: Style = Style {
    space: Space::None,
    beyond: json::Beyond::AsIs,
    members: Members::AsTheyCame,
    slashes: false,
    html: false,
};

/// The value with one of its leaves changed, and the path of that.
fn leaves_changed(json: &Json, mishap: Mishap) -> Vec<(Json, String)> {
    match json {
        Json::Word(own) => {
            let is_number = own.starts_with(|first: char| first == '-' || first.is_ascii_digit());
            let changed = if is_number { (mishap.undo)(own) } else { None };
            let is_word = |text: &String| text != own && text.parse::<f64>().is_ok();
            changed.filter(is_word).map(|text| (Json::Word(text), String::new())).into_iter().collect()
        }
        Json::Text(own) => {
            let changed = (mishap.undo)(own).filter(|text| text != own);
            changed.map(|text| (Json::Text(text), String::new())).into_iter().collect()
        }
        Json::List(items) => {
            let mut all = Vec::new();
            for (index, item) in items.iter().enumerate().take(MAX_LEAVES) {
                for (changed, path) in leaves_changed(item, mishap) {
                    let mut items = items.clone();
                    if let Some(slot) = items.get_mut(index) {
                        *slot = changed;
                    }
                    all.push((Json::List(items), joined(&index.to_string(), &path)));
                }
            }
            all
        }
        Json::Object(members) => {
            let mut all = Vec::new();
            for (index, (name, member)) in members.iter().enumerate().take(MAX_LEAVES) {
                for (changed, path) in leaves_changed(member, mishap) {
                    let mut members = members.clone();
                    if let Some((_, slot)) = members.get_mut(index) {
                        *slot = changed;
                    }
                    all.push((Json::Object(members), joined(name, &path)));
                }
            }
            all
        }
    }
}

fn joined(first: &str, rest: &str) -> String {
    if rest.is_empty() { first.to_owned() } else { format!("{first}.{rest}") }
}

/// A header that was changed.
fn headers(message: &TrialMessage, all: &mut Vec<Change<'_>>) {
    let headers = message.headers().to_vec();
    for (index, (name, value)) in headers.iter().enumerate() {
        for mishap in MISHAPS {
            let Some(undone) = (mishap.undo)(value).filter(|undone| undone != value) else { continue };
            let mut changed = headers.clone();
            if let Some((_, slot)) = changed.get_mut(index) {
                *slot = undone;
            }
            all.push(change(
                rank::HEADER + mishap.rank / 100,
                format!("message.header.{name}"),
                mishap.word,
                format!("the header `{name}` was changed on its way: {}", mishap.title),
                "hand over the headers as they came",
                move |message| message.set_headers(changed.clone()),
            ));
        }
    }
}
