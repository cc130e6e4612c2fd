//! What became of each field of a message in one recipe: from notes to the values of an account.
//!
//! Every field of the message is told exactly once, in the order of the wire. The list has told what it did with the
//! values that it looked at; what the text, the key or a part names by itself is read from the recipe; and whatever is
//! in none of them is left out, which is told as well: that is what most mismatches are about.

use payspec_codegen::ir::{
    Encoding, Iv, Key, List, MessagePart, Operand, PairPiece, Piece, Recipe, Selection,
};

use crate::account::{Account, AddedBy, Fate, RecipeAccount, SignedBy, Source, ValueAccount, Why};
use crate::node::Node;
use crate::notes::{Noted, Pick};
use crate::select::{Nothing, in_case};
use crate::signed_text::RecipeError;
use crate::{text, words};

/// What is known around a recipe.
pub(crate) struct Told<'a> {
    /// The recipe around, as the spec has it.
    pub(crate) around: Option<&'a Recipe>,
    /// The charset of the file.
    pub(crate) encoding: Encoding,
    /// What was told before.
    pub(crate) before: &'a [RecipeAccount],
}

/// Every value of a recipe.
pub(crate) fn values(noted: &Noted, told: &Told<'_>, not_sent: &[ValueAccount]) -> Vec<ValueAccount> {
    let teller = Teller { noted, told };
    let mut picks: Vec<&Pick> = noted.picks.iter().filter(|pick| pick.shown.is_some()).collect();
    let mut values: Vec<ValueAccount> = Vec::new();
    let headers = if teller.lists_headers() { std::mem::take(&mut picks) } else { Vec::new() };
    let of_query = noted.view.query.iter().map(|(name, node)| (Source::Query, name, node));
    let of_body = noted.view.body.iter().map(|(name, node)| (Source::Body, name, node));
    for (source, name, node) in of_query.chain(of_body) {
        let value = teller.field(source, name, node, &mut picks, &values);
        values.push(value);
    }
    values.extend(headers.into_iter().map(|pick| teller.picked(Source::Header, pick)));
    let absent: Vec<ValueAccount> = noted
        .picks
        .iter()
        .filter(|pick| pick.shown.is_none())
        .map(|pick| teller.picked(Source::Listed, pick))
        .collect();
    let is_listed = |value: &&ValueAccount| absent.iter().any(|absent| absent.name == value.name);
    if noted.part.is_none() || noted.recipe.list.is_some() {
        values.extend(not_sent.iter().filter(|value| !is_listed(value)).cloned());
    }
    values.extend(absent);
    values.extend(noted.added.iter().map(|(name, shown)| ValueAccount {
        name: name.clone(),
        source: Source::Beside,
        shown: Some(shown.clone()),
        fate: Fate::Added(AddedBy::Add),
        inside: Vec::new(),
    }));
    values.extend(teller.operands());
    values
}

/// Fields that recipes wrote into a request: they took part in none that came before.
pub(crate) fn add_placed(account: &mut Account, fields: &[(Source, String)]) {
    for recipe in &mut account.recipes {
        for (index, (source, name)) in fields.iter().enumerate() {
            let is_it = |(own, known): &(Source, String)| own == source && known == name;
            let number = fields.iter().take(index + 1).filter(|field| is_it(field)).count();
            let told = recipe.values.iter().filter(|value| value.source == *source && value.name == *name);
            if told.count() >= number {
                continue;
            }
            let last =
                recipe.values.iter().rposition(|value| matches!(value.source, Source::Query | Source::Body));
            let value = ValueAccount {
                name: name.clone(),
                source: *source,
                shown: None,
                fate: Fate::LeftOut(Why::OwnPlace),
                inside: Vec::new(),
            };
            recipe.values.insert(last.map_or(0, |last| last + 1), value);
        }
    }
}

struct Teller<'a> {
    noted: &'a Noted,
    told: &'a Told<'a>,
}

impl Teller<'_> {
    fn recipe(&self) -> &Recipe {
        &self.noted.recipe
    }

    fn list(&self) -> Option<&List> {
        self.recipe().list.as_ref()
    }

    fn lists_headers(&self) -> bool {
        self.list().is_some_and(|list| matches!(list.fields, Selection::Headers(_)))
    }

    /// A field of the message. What the list has told about it is taken out of `picks`.
    fn field(
        &self,
        source: Source,
        name: &str,
        node: &Node,
        picks: &mut Vec<&Pick>,
        before: &[ValueAccount],
    ) -> ValueAccount {
        let shown = self.noted.shown(name, node);
        let whole = picks.iter().position(|pick| pick.field == name && self.is_whole(pick));
        let whole = whole.map(|at| picks.remove(at));
        let mut inside = Vec::new();
        // Of a name that is there several times, what is told about its inside is told at the first.
        picks.retain(|pick| {
            let is_inside = pick.field == name && !pick.is_whole;
            if is_inside {
                inside.push(self.picked(source, pick));
            }
            !is_inside
        });
        let of_list = whole.map(|pick| self.fate(pick)).or_else(|| fate_of_inside(&inside));
        let fate = match of_list {
            Some(fate @ Fate::Signed { .. }) => fate,
            of_list => match self.named(source, name, node) {
                Some(by) => Fate::Signed { by, nothing: None },
                None => of_list.unwrap_or_else(|| self.left_out(source, name, &shown, before)),
            },
        };
        ValueAccount { name: name.to_owned(), source, shown: Some(shown), fate, inside }
    }

    /// The value of the whole field, also as the text of an object.
    fn is_whole(&self, pick: &Pick) -> bool {
        let is_single = || self.noted.picks.iter().filter(|other| other.field == pick.field).count() == 1;
        let names = self.list().map(|list| list.names);
        let name = || names.map(|names| in_case(text::trim(&pick.field), names));
        pick.is_whole || (name().as_ref() == Some(&pick.name) && is_single())
    }

    fn picked(&self, source: Source, pick: &Pick) -> ValueAccount {
        let Pick { name, shown, .. } = pick.clone();
        ValueAccount { name, source, shown, fate: self.fate(pick), inside: Vec::new() }
    }

    fn fate(&self, pick: &Pick) -> Fate {
        if pick.is_taken {
            return Fate::Signed { by: SignedBy::List, nothing: pick.nothing };
        }
        if pick.is_refused {
            return Fate::Refused(pick.nothing);
        }
        Fate::LeftOut(match pick.nothing {
            Some(nothing) if !pick.is_passed_over => Why::Nothing(nothing),
            _ if self.list().is_some_and(|list| list.except.contains(&pick.name)) => Why::Except,
            _ if self.is_own(&pick.name) => Why::OwnPlace,
            _ => Why::Nested,
        })
    }

    fn is_own(&self, name: &str) -> bool {
        let own = self.noted.own.iter();
        match self.list() {
            Some(list) => own.into_iter().any(|own| in_case(own, list.names) == in_case(name, list.names)),
            None => own.into_iter().any(|own| own == name),
        }
    }

    /// How a field takes part that the list does not have.
    fn named(&self, source: Source, name: &str, node: &Node) -> Option<SignedBy> {
        let recipe = self.recipe();
        let pieces = || recipe.text.iter();
        if pieces().any(|piece| names_field(piece, name)) || self.pair_names(name) {
            return Some(SignedBy::Text);
        }
        let mut added = self.list().into_iter().flat_map(|list| &list.add);
        if let Some((item, _)) = added.find(|(_, pieces)| pieces.iter().any(|piece| names_field(piece, name)))
        {
            return Some(SignedBy::Add(item.clone()));
        }
        if let Some(part) = pieces().find_map(|piece| self.raw(piece, source, name, node)) {
            return Some(SignedBy::Raw(part));
        }
        let part = pieces().filter_map(part_of).find(|part| self.part_signs(part, name));
        if let Some(part) = part {
            return Some(SignedBy::Part(part.to_owned()));
        }
        let mut key = key_pieces(recipe).into_iter();
        let is_key = key.any(|piece| {
            names_field(piece, name) || part_of(piece).is_some_and(|part| self.part_signs(part, name))
        });
        is_key.then_some(SignedBy::Key)
    }

    fn pair_names(&self, name: &str) -> bool {
        let pair = self.list().into_iter().flat_map(|list| &list.pair);
        let mut operands = pair.filter_map(|piece| match piece {
            PairPiece::Operand { from, .. } => Some(from),
            _ => None,
        });
        operands.any(|from| matches!(from, Operand::Field(path) if path.first() == name))
    }

    /// The raw part of the message in the text that holds a field.
    fn raw(&self, piece: &Piece, source: Source, name: &str, node: &Node) -> Option<&'static str> {
        let Piece::Value { from: Operand::Message(part), .. } = piece else { return None };
        let is_there = match part {
            MessagePart::Body => source == Source::Body,
            MessagePart::Query | MessagePart::Target | MessagePart::Url => source == Source::Query,
            MessagePart::Result => {
                source == Source::Body && self.noted.view.result_name.as_deref() == Some(name)
            }
            MessagePart::Payload => {
                let payload = self.noted.view.payload.as_deref();
                payload.is_some() && node.scalar().or_else(|| node.nested()) == payload
            }
            MessagePart::Method | MessagePart::Host | MessagePart::Path => false,
        };
        is_there.then(|| words::message(*part))
    }

    /// A part that was told before takes the field.
    fn part_signs(&self, part: &str, name: &str) -> bool {
        let of_part = |account: &&RecipeAccount| {
            account.recipe == self.noted.of
                && account.reading == self.noted.reading
                && account.element == self.noted.element
                && account.part.as_deref() == Some(part)
        };
        let account = self.told.before.iter().rfind(of_part);
        let mut values = account.into_iter().flat_map(|account| &account.values);
        values.any(|value| {
            matches!(value.source, Source::Query | Source::Body)
                && value.name == name
                && matches!(value.fate, Fate::Signed { .. })
        })
    }

    fn left_out(&self, source: Source, name: &str, shown: &str, before: &[ValueAccount]) -> Fate {
        let is_known = |value: &ValueAccount| {
            value.name == name && value.source == source && value.shown.as_deref() == Some(shown)
        };
        if let Some(Err(RecipeError::Empty { name: refused } | RecipeError::Nested { name: refused })) =
            &self.noted.text
            && refused == name
        {
            return Fate::Refused(None);
        }
        Fate::LeftOut(if self.is_own(name) {
            Why::OwnPlace
        } else if matches!(self.noted.text, Some(Err(_))) {
            Why::NotReached
        } else if before.iter().any(is_known) {
            Why::Repeated
        } else if self.list().is_some() && !self.lists_headers() {
            Why::NotListed
        } else {
            Why::NotInText
        })
    }

    /// What stands in the text and is no field.
    fn operands(&self) -> Vec<ValueAccount> {
        let recipe = self.recipe();
        let is_in_text = |operand: &Operand| {
            recipe.text.iter().any(|piece| matches!(piece, Piece::Value { from, .. } if from == operand))
        };
        let pair = || self.list().into_iter().flat_map(|list| &list.pair);
        let is_in_pair = |operand: &Operand| {
            pair().any(|piece| matches!(piece, PairPiece::Operand { from, .. } if from == operand))
        };
        let mut values = Vec::new();
        for (operand, shown) in &self.noted.operands {
            let by = match operand {
                Operand::Field(_) => continue,
                operand if is_in_text(operand) => AddedBy::Text,
                operand if is_in_pair(operand) => AddedBy::Pair,
                // What an item of `add` is made of is told with the item.
                _ => continue,
            };
            let is_header = matches!(operand, Operand::Header(_));
            values.push(ValueAccount {
                name: words::operand(operand),
                source: if is_header { Source::Header } else { Source::Beside },
                shown: Some(shown.clone()),
                fate: Fate::Added(by),
                inside: Vec::new(),
            });
        }
        values
    }
}

fn fate_of_inside(inside: &[ValueAccount]) -> Option<Fate> {
    let is_signed = |value: &ValueAccount| matches!(value.fate, Fate::Signed { .. });
    if inside.iter().any(is_signed) {
        return Some(Fate::Signed { by: SignedBy::Inside, nothing: None });
    }
    inside.first().map(|value| value.fate.clone())
}

fn names_field(piece: &Piece, name: &str) -> bool {
    matches!(piece, Piece::Value { from: Operand::Field(path), .. } if path.first() == name)
}

fn part_of(piece: &Piece) -> Option<&str> {
    match piece {
        Piece::Value { from: Operand::Part(name), .. } => Some(name),
        _ => None,
    }
}

/// The templates of key, initialisation vector and what is authenticated beside the text.
fn key_pieces(recipe: &Recipe) -> Vec<&Piece> {
    let key = match &recipe.seal.key {
        Some(Key::Computed(pieces)) => pieces.as_slice(),
        Some(Key::Credential { id: Some(pieces), .. }) => pieces.as_slice(),
        Some(Key::Credential { id: None, .. }) | None => &[],
    };
    let payspec_codegen::ir::Algorithm::Cipher { iv, aad, .. } = &recipe.seal.algorithm else {
        return key.iter().collect();
    };
    let iv = match iv {
        Some(Iv::Template(pieces)) => pieces.as_slice(),
        Some(Iv::Zeros) | None => &[],
    };
    key.iter().chain(iv).chain(aad).collect()
}

/// Which kind of nothing a text is; `None`: it says something.
pub(crate) fn nothing_of(written: &str) -> Option<Nothing> {
    if written.is_empty() { Some(Nothing::Empty) } else { text::is_blank(written).then_some(Nothing::Blank) }
}
