//! What protects a message: the recipe that it names, held against its own fields.

use super::Context;
use super::recipes::Target;
use crate::diagnostic::{Code, Span};
use crate::ir::{
    self, AbsentWhen, Carrier, EmptyAction, Item, KeyKind, Kind, Part, Piece, Selection, Signature,
};
use crate::model::Recipe;
use crate::read::{Node, NodeValue};

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Reply,
    Callback,
}

/// A message, as a recipe sees it.
pub(super) struct Message<'m> {
    /// How a person speaks of it: "operation `pay`".
    pub(super) of: String,
    pub(super) direction: Direction,
    /// Its fields outside any payload, in order on the wire.
    pub(super) fields: Vec<(&'m ir::Field, Carrier)>,
    /// Its body is a JSON object.
    pub(super) json: bool,
    /// Its fields travel in the query (all of them, unless a carrier says otherwise).
    pub(super) query: bool,
    /// It has a data member.
    pub(super) data: bool,
}

impl Message<'_> {
    fn field(&self, wire: &str) -> Option<&ir::Field> {
        self.fields.iter().map(|(field, _)| *field).find(|field| field.name.wire == wire)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(field, _)| field.name.wire.as_str())
    }

    /// Whether a list that selects by place has this field.
    fn selects(&self, selection: &Selection, carrier: Carrier) -> bool {
        let in_query = self.query || carrier == Carrier::Query;
        match selection {
            Selection::All | Selection::Named(_) => true,
            Selection::Query => in_query,
            Selection::Body => !in_query,
        }
    }
}

/// A signature that stands for one that could not be understood.
pub(super) fn unprotected() -> Signature {
    Signature::None { reason: String::new() }
}

impl Context<'_> {
    /// What `signature:` names. Mistakes are reported; `None` if it cannot be understood.
    pub(super) fn signature(&self, node: Option<&Node>, of: &str, at: Span) -> Option<Signature> {
        let Some(node) = node else {
            let mend = "name a recipe, or write `signature: { none: \"reason\" }`";
            self.mistake(Code::UnprotectedMessage, at, format!("{of} does not say what protects it"), mend);
            return None;
        };
        match &node.value {
            NodeValue::Scalar(scalar) => self.named_recipe(&scalar.text, node.span, of),
            NodeValue::Sequence(_) => {
                self.not_yet(node.span, "several recipes on one message");
                None
            }
            NodeValue::Mapping(_) | NodeValue::Null => {
                let reason =
                    node.get("none").and_then(Node::text).map(str::trim).filter(|reason| !reason.is_empty());
                if reason.is_none() || node.entries().len() != 1 {
                    let message = format!("{of} does not say why nothing protects it");
                    self.mistake(
                        Code::UnprotectedMessage,
                        node.span,
                        message,
                        "write `signature: { none: \"reason\" }`",
                    );
                }
                reason.map(|reason| Signature::None { reason: reason.to_owned() })
            }
        }
    }

    fn named_recipe(&self, name: &str, span: Span, of: &str) -> Option<Signature> {
        if name == "none" {
            let message = format!("{of} is not protected and does not say why");
            self.mistake(Code::UnprotectedMessage, span, message, "write `signature: { none: \"reason\" }`");
            return None;
        }
        let Some(entry) = self.recipes.entries.iter().find(|entry| entry.name.value == name) else {
            let known = self.recipes.entries.iter().map(|entry| entry.name.value.as_str());
            self.unknown(Code::UnknownRecipe, span, format!("unknown recipe `{name}`"), name, known);
            return None;
        };
        self.recipes.used.borrow_mut().insert(name.to_owned());
        match entry.leads_to.clone()? {
            Target::Choice(by, cases) => Some(Signature::Chosen { by, cases }),
            Target::Recipe(id) => {
                let member = self.recipes.lowered.get(id.0).and_then(|recipe| recipe.seal.key.as_ref());
                if let Some(key) = member.filter(|key| key.member.is_some()) {
                    let message = format!(
                        "recipe `{name}` has a key of the choice `{}`, and nothing chooses",
                        key.name.wire
                    );
                    let mend = format!(
                        "name a recipe with `choose: {{ by: \"credential:{}\", ... }}`",
                        key.name.wire
                    );
                    self.mistake(Code::KeyOfTheWrongKind, span, message, mend);
                }
                Some(Signature::Recipe(id))
            }
        }
    }

    /// Holds the recipes of a signature against a message.
    pub(super) fn protects(&self, signature: &Signature, at: Span, message: &Message<'_>) {
        let mut places = Vec::new();
        for id in signature.recipes() {
            let (Some(recipe), Some(model)) = (self.recipes.lowered.get(id.0), self.recipes.models.get(id.0))
            else {
                continue;
            };
            places.push(recipe.place.as_str());
            self.key_side(recipe, model, message);
            self.place_of(recipe, model, message, at);
            for reading in
                std::iter::once(recipe).chain(recipe.also_accept.iter().map(|reading| &reading.recipe))
            {
                self.names_of(reading, model, message, at);
                self.text_parts(reading, model, message, at);
                self.emittable(reading, model, message, at);
            }
            match message.direction {
                Direction::Request => self.empties_agree(recipe, model),
                Direction::Callback | Direction::Reply => self.weaknesses(id, recipe, model, message),
            }
        }
        for (field, _) in &message.fields {
            if field.kind == Kind::Signature && !places.contains(&field.name.wire.as_str()) {
                let text = format!(
                    "`{}` of {} holds no signature: no recipe places it there",
                    field.name.wire, message.of
                );
                self.mistake(Code::KeyDoesNotApply, at, text, "mend `place` of the recipe, or the field");
            }
        }
    }

    fn key_side(&self, recipe: &ir::Recipe, model: &Recipe, message: &Message<'_>) {
        let (Some(path), Some(said)) = (&recipe.seal.key, &model.key) else { return };
        let kinds = self.kinds_of(path);
        let has = |wanted: [KeyKind; 2]| {
            kinds.iter().any(|kind| matches!(kind, ir::CredentialKind::Key(kind) if wanted.contains(kind)))
        };
        let signs = has([KeyKind::RsaPrivate, KeyKind::Sm2Private]);
        let verifies = has([KeyKind::RsaPublic, KeyKind::Sm2Public]);
        if message.direction == Direction::Request && verifies {
            let text = format!("requests are signed: `key` should be our private key, not `{said}`");
            self.mistake(Code::KeyOfTheWrongSide, said.span, text, "name the merchant's key");
        } else if message.direction != Direction::Request && signs {
            let text =
                format!("what comes in is verified: `key` should be the provider's public key, not `{said}`");
            self.mistake(Code::KeyOfTheWrongSide, said.span, text, "name the provider's key");
        }
    }

    fn place_of(&self, recipe: &ir::Recipe, model: &Recipe, message: &Message<'_>, at: Span) {
        let place = recipe.place.as_str();
        match message.field(place) {
            Some(field) if field.kind == Kind::Signature => {}
            Some(_) => {
                let text = format!("`{place}` of {} holds something else than the signature", message.of);
                self.mistake(
                    Code::PlaceTaken,
                    at,
                    text,
                    format!("write `{place}: {{ signature: any, doc: ... }}`"),
                );
            }
            None => {
                let text = format!(
                    "recipe `{}` places the signature in `{place}`, which is no field of {}",
                    recipe.name.wire, message.of
                );
                self.mistake(
                    Code::UnknownField,
                    at,
                    text,
                    format!("add `{place}: {{ signature: any, doc: ... }}`"),
                );
            }
        }
        let listed = model.fields.iter().flat_map(|node| node.items()).map(|node| (node.text(), node.span));
        let excepted =
            model.except.iter().flat_map(|all| all.iter()).map(|name| (Some(name.value.as_str()), name.span));
        for (_, span) in listed.chain(excepted).filter(|(name, _)| *name == Some(place)) {
            let text = format!("`{place}` holds the signature: it never takes part in what is signed");
            self.mistake(Code::PlaceTaken, span, text, "take it out of the list");
        }
    }

    /// Names that the list of a recipe says.
    fn names_of(&self, recipe: &ir::Recipe, model: &Recipe, message: &Message<'_>, at: Span) {
        let Some(list) = &recipe.list else { return };
        if let Selection::Named(names) = &list.fields {
            for name in names.iter().filter(|name| message.field(name).is_none()) {
                let items = model.fields.iter().flat_map(|node| node.items());
                let span =
                    items.into_iter().find(|node| node.text() == Some(name)).map_or(at, |node| node.span);
                let text = format!(
                    "recipe `{}` names `{name}`, which is no field of {}",
                    recipe.name.wire, message.of
                );
                self.unknown(Code::UnknownField, span, text, name, message.names());
            }
        }
        for entry in model.add.iter().flat_map(|all| all.iter()) {
            if message.field(&entry.key).is_some() {
                let text = format!("`{}` is added and is a field of {} as well", entry.key, message.of);
                self.mistake(
                    Code::PlaceTaken,
                    entry.key.span,
                    text,
                    "add it under another name, or remove the field",
                );
            }
        }
        self.selection_fits(list, model, message, at);
        if message.direction == Direction::Request {
            for name in model.except.iter().flat_map(|all| all.iter()) {
                if message.field(name).is_none() {
                    let text = format!("`except` names `{name}`, which {} never sends", message.of);
                    self.mistake(Code::UnusedRecipe, name.span, text, "take it out of the list");
                }
            }
        }
    }

    fn selection_fits(&self, list: &ir::List, model: &Recipe, message: &Message<'_>, at: Span) {
        let span = model.fields.as_ref().map_or(at, |node| node.span);
        let has_query = message.fields.iter().any(|(_, carrier)| *carrier == Carrier::Query);
        if list.fields == Selection::All && has_query && message.json {
            let text = format!("{} has query parameters and a JSON body", message.of);
            self.mistake(Code::AmbiguousAll, span, text, "say `fields: query` or `fields: body`");
        }
        let selected = || {
            let chosen = |(field, carrier): &&(&ir::Field, Carrier)| match &list.fields {
                Selection::Named(names) => names.contains(&field.name.wire),
                selection => message.selects(selection, *carrier) && !list.except.contains(&field.name.wire),
            };
            message.fields.iter().filter(chosen).filter(|(field, _)| field.kind != Kind::Signature)
        };
        if matches!(list.fields, Selection::Query | Selection::Body) && selected().next().is_none() {
            let text = format!("the list has no field of {}", message.of);
            self.mistake(Code::UnknownField, span, text, "say `fields: all`");
        }
        let nested = |field: &ir::Field| {
            matches!(&field.kind, Kind::Object(_) | Kind::RawJson | Kind::List { of: Item::Object(_), .. })
                || matches!(&field.kind, Kind::List { join: None, .. })
        };
        if let Some((field, _)) = selected().find(|(field, _)| nested(field)) {
            let text = format!(
                "`{}` of {} is an object or a list: say how it is signed",
                field.name.wire, message.of
            );
            self.mistake(
                Code::NestedUnsaid,
                span,
                text,
                "leave it out with `except`, or tell us how the provider signs it",
            );
        } else if message.data
            && list.fields != Selection::Query
            && !matches!(list.fields, Selection::Named(_))
        {
            let text = format!("{} has a data member, which is an object: say how it is signed", message.of);
            self.mistake(Code::NestedUnsaid, span, text, "name the fields, or sign `{message:result}`");
        }
    }

    /// Fields and parts of the message that the templates of a recipe name.
    fn text_parts(&self, recipe: &ir::Recipe, model: &Recipe, message: &Message<'_>, at: Span) {
        let span = model.text.as_ref().map_or(at, |text| text.span);
        let added =
            recipe.list.iter().flat_map(|list| &list.add).zip(model.add.iter().flat_map(|all| all.iter()));
        let added =
            added.flat_map(|((_, pieces), entry)| pieces.iter().map(|piece| (piece, entry.value.span)));
        for (piece, span) in recipe.text.iter().map(|piece| (piece, span)).chain(added) {
            let Piece::Value { from, .. } = piece else { continue };
            match from {
                Part::Field(name) => self.template_field(name, span, recipe, message),
                Part::Result if message.direction != Direction::Reply || !message.data => {
                    let text = format!(
                        "`{{message:result}}` means nothing in {}: it has no data member",
                        message.of
                    );
                    self.mistake(Code::BadTemplate, span, text, "it belongs to replies with `response.data`");
                }
                Part::Method | Part::Path if message.direction != Direction::Request => {
                    self.not_yet(span, "the method or path of a received message");
                }
                _ => {}
            }
        }
    }

    /// What the language has and generated code does not, so far.
    fn emittable(&self, recipe: &ir::Recipe, model: &Recipe, message: &Message<'_>, at: Span) {
        let span = model.text.as_ref().map_or(at, |text| text.span);
        let added: Vec<&[Piece]> =
            recipe.list.iter().flat_map(|list| &list.add).map(|(_, pieces)| pieces.as_slice()).collect();
        let pieces = || recipe.text.iter().chain(added.iter().copied().flatten());
        let filtered = |wanted: fn(&Part) -> bool| {
            pieces().any(|piece| matches!(piece, Piece::Value { from, filters } if !filters.is_empty() && wanted(from)))
        };
        let has = |wanted: &Part| {
            pieces().any(|piece| matches!(piece, Piece::Value { from, .. } if from == wanted))
        };
        let is_secret = |part: &Part| match part {
            Part::Credential(path) => {
                self.kinds_of(path).iter().any(|kind| matches!(kind, ir::CredentialKind::Secret))
            }
            _ => false,
        };
        let filters_a_secret = pieces().any(
            |piece| matches!(piece, Piece::Value { from, filters } if !filters.is_empty() && is_secret(from)),
        );
        let filters_pairs = recipe.list.as_ref().is_some_and(|list| {
            let is_filtered =
                |piece: &ir::PairPiece| matches!(piece, ir::PairPiece::Value(filters) if !filters.is_empty());
            !list.add.is_empty() && list.pair.iter().any(is_filtered)
        });
        if filters_a_secret || filters_pairs {
            self.not_yet(span, "a filter over a secret or over an item of `add`");
        }
        match message.direction {
            Direction::Request => self.raw_body_of_a_request(recipe, message, has(&Part::Body), span),
            Direction::Reply if recipe.list.is_some() || !has(&Part::Result) || has(&Part::Body) => {
                self.not_yet(at, "a reply that is signed over anything but `{message:result}`");
            }
            Direction::Reply
                if recipe
                    .text
                    .iter()
                    .any(|piece| matches!(piece, Piece::Value { from: Part::Field(_), .. })) =>
            {
                self.not_yet(at, "a field in the signed text of a reply");
            }
            Direction::Callback if added.iter().any(|pieces| pieces.len() > 1 && names_body(pieces)) => {
                self.not_yet(span, "the raw body beside other text in `add`");
            }
            Direction::Callback | Direction::Reply => {}
        }
        if message.direction != Direction::Request
            && filtered(|part| matches!(part, Part::Body | Part::Result))
        {
            self.not_yet(span, "a filter over the raw bytes of a received message");
        }
    }

    /// The raw body can be signed where it is JSON and the signature travels outside of it.
    fn raw_body_of_a_request(
        &self,
        recipe: &ir::Recipe,
        message: &Message<'_>,
        signs_body: bool,
        span: Span,
    ) {
        let place = message.fields.iter().find(|(field, _)| field.name.wire == recipe.place);
        if signs_body && !message.json {
            self.not_yet(span, "signing the raw body of a request that is no JSON");
        } else if signs_body && place.is_some_and(|(_, carrier)| *carrier != Carrier::Query) {
            self.not_yet(span, "a signature over the raw body that is placed in this body");
        }
    }

    fn template_field(&self, name: &str, span: Span, recipe: &ir::Recipe, message: &Message<'_>) {
        let Some(field) = message.field(name) else {
            let text =
                format!("recipe `{}` names `{name}`, which is no field of {}", recipe.name.wire, message.of);
            self.unknown(Code::UnknownField, span, text, name, message.names());
            return;
        };
        if name == recipe.place {
            let text = format!("`{name}` holds the signature: it never takes part in what is signed");
            self.mistake(Code::PlaceTaken, span, text, "take it out of the template");
        } else if !field.required {
            let text =
                format!("`{{{name}}}` is optional in {}, and a template cannot leave it out", message.of);
            self.mistake(Code::OptionalInATemplate, span, text, "use a list, or make the field required");
        }
    }

    /// What the recipe leaves out and what the request leaves out must be the same.
    fn empties_agree(&self, recipe: &ir::Recipe, model: &Recipe) {
        let (Some(list), Some(said)) = (&recipe.list, &model.empties) else { return };
        let wanted = match (&list.empties.empty, &list.empties.blank) {
            (_, EmptyAction::Drop) => AbsentWhen::Blank,
            (EmptyAction::Drop, _) if list.trim => AbsentWhen::Blank,
            (EmptyAction::Drop, _) => AbsentWhen::Empty,
            _ => return,
        };
        if wanted != self.absent_when {
            let word = |when| match when {
                AbsentWhen::Empty => "empty",
                AbsentWhen::Blank => "blank",
                AbsentWhen::Never => "never",
            };
            let left_out = if wanted == AbsentWhen::Blank { "values of blanks" } else { "empty values" };
            let text = format!(
                "the recipe leaves {left_out} out, but `defaults.absent_when` is `{}`",
                word(self.absent_when)
            );
            let mend =
                format!("write `absent_when: {}`, so that what is sent is what is signed", word(wanted));
            self.mistake(Code::EmptiesDisagree, said.span, text, mend);
        }
    }
}

fn names_body(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Value { from: Part::Body, .. }))
}
