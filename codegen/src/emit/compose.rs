//! Templates and lists: statements that compose a text over a view of a message.
//!
//! One way serves signing and verifying, callbacks, replies and requests. What a template names is read from the
//! message where it stands; lists are a rule as data, applied by the runtime.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::credentials::{is_choice, is_secret};
use super::filters::{bounds, empties, filters, names, nested, order};
use super::names::ident;
use super::needs::{given_variable, member_variable};
use super::signed::charset;
use crate::ir::{
    CredentialPath, Entry, FieldPath, Filter, List, MessagePart, Names, Nested, Operand, PairPiece, Piece,
    Place, PlaceCarrier, Provider, Recipe, RecipeId, Selection, Signature,
};

/// A recipe or one of its parts, and the recipe around it.
#[derive(Clone, Copy)]
pub(super) struct Unit<'a> {
    pub(super) provider: &'a Provider,
    /// The recipe that declares fresh and given values, and whose signature never takes part.
    pub(super) root: &'a Recipe,
    /// The recipe itself, or the part.
    pub(super) recipe: &'a Recipe,
}

impl<'a> Unit<'a> {
    pub(super) const fn root(provider: &'a Provider, recipe: &'a Recipe) -> Self {
        Self { provider, root: recipe, recipe }
    }

    pub(super) const fn part(self, part: &'a Recipe) -> Self {
        Self { recipe: part, ..self }
    }

    pub(super) fn charset(self) -> TokenStream {
        charset(self.provider, self.recipe.charset)
    }

    /// Statements that leave the composed text in `text`.
    pub(super) fn text(self) -> TokenStream {
        let charset = self.charset();
        let list = self.recipe.list.as_ref().map(|list| self.items(list));
        let pieces = self.statements(&self.recipe.text, &quote!(text));
        let transform = &self.recipe.transform;
        let transformed = (!transform.is_empty()).then(|| {
            let filters = filters(transform);
            quote!(.transformed(#filters)?)
        });
        quote! {
            #list
            let mut text = rt::Text::new(#charset);
            #pieces
            let text = text.finish()? #transformed;
        }
    }

    /// Statements that leave what a template gives in a variable of its own, a `SignedText`.
    pub(super) fn composed(self, pieces: &[Piece], variable: &Ident) -> TokenStream {
        let charset = self.charset();
        let statements = self.statements(pieces, &quote!(#variable));
        quote! {
            let mut #variable = rt::Text::new(#charset);
            #statements
            let #variable = #variable.finish()?;
        }
    }

    /// Statements that append a template to a text. The list's items are in `items`.
    fn statements(self, pieces: &[Piece], text: &TokenStream) -> TokenStream {
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(literal) => quote!(#text.put(#literal);),
                Piece::List => match self.between() {
                    Some(between) => quote!(items.write_pairs(&mut #text, #between);),
                    None => {
                        let pair = self.pair();
                        quote!(items.write(&mut #text, #pair);)
                    }
                },
                Piece::ListNames => {
                    let pair = self.pair();
                    quote!(items.write_names(&mut #text, #pair);)
                }
                // Only a place has one, and a place is no text.
                Piece::Signature => TokenStream::new(),
                Piece::Value { from, filters } => self.put(from, filters, text),
            })
            .collect()
    }

    fn put(self, from: &Operand, own_filters: &[Filter], text: &TokenStream) -> TokenStream {
        if let (Operand::Credential(path), true) = (from, own_filters.is_empty()) {
            let credential = self.credential(path);
            return if is_secret(self.provider, path) {
                quote!(#text.put_secret(#credential);)
            } else {
                quote!(#text.put(#credential);)
            };
        }
        let operand = self.operand(from);
        if own_filters.is_empty() {
            quote!(#text.put_value(&#operand);)
        } else {
            let filters = filters(own_filters);
            quote!(#text.put_filtered(&#operand, #filters);)
        }
    }

    /// An expression of type `rt::Operand`; it may end the function by `?`.
    fn operand(self, from: &Operand) -> TokenStream {
        match from {
            Operand::Field(path) => {
                let (path, empties) = (segments(path), self.template_empties());
                quote!(message.field_operand(#path, &#empties)?)
            }
            Operand::Credential(path) => {
                let credential = self.credential(path);
                let kind = ident(if is_secret(self.provider, path) { "secret" } else { "text" });
                quote!(rt::Operand::#kind(#credential))
            }
            Operand::Given(name) => {
                let given = self.root.given.iter().find(|given| given.name.wire == *name);
                let is_secret = given.is_none_or(|given| given.secret);
                let variable = given_variable(given.map_or(name.as_str(), |given| &given.name.snake));
                let kind = ident(if is_secret { "secret" } else { "text" });
                quote!(rt::Operand::#kind(#variable))
            }
            Operand::Fresh(name) => quote!(fresh.value(#name)?),
            Operand::Header(name) => {
                let empties = self.template_empties();
                quote!(message.header_operand(#name, &#empties)?)
            }
            Operand::Part(name) => quote!(parts.value(#name)?),
            Operand::Message(part) => {
                let part = ident(match part {
                    MessagePart::Method => "method",
                    MessagePart::Host => "host",
                    MessagePart::Path => "path",
                    MessagePart::Query => "query",
                    MessagePart::Target => "target",
                    MessagePart::Url => "url",
                    MessagePart::Body => "body",
                    MessagePart::Result => "result",
                    MessagePart::Payload => "payload",
                });
                quote!(message.#part()?)
            }
        }
    }

    fn template_empties(self) -> TokenStream {
        empties(&self.recipe.empties)
    }

    /// A reference to a credential: of a choice, the wire word of what is configured.
    pub(super) fn credential(self, path: &CredentialPath) -> TokenStream {
        let name = ident(&path.name.snake);
        match member_variable(path) {
            Some(variable) => quote!(#variable),
            None if is_choice(self.provider, path) => quote!(self.credentials.#name.wire()),
            None => quote!(&self.credentials.#name),
        }
    }

    /// Statements that leave the list in `items`, and the rule that it follows in `rule`.
    fn items(self, list: &List) -> TokenStream {
        let rule = self.rule(list);
        let variables = list.add.iter().enumerate().map(|(place, (_, pieces))| match pieces.as_slice() {
            [Piece::Literal(_)] => TokenStream::new(),
            [Piece::Value { from: _, filters }] if filters.is_empty() => TokenStream::new(),
            pieces => self.composed(pieces, &format_ident!("added_{place}")),
        });
        let added = list.add.iter().enumerate().map(|(place, (name, pieces))| {
            let operand = match pieces.as_slice() {
                [Piece::Literal(literal)] => quote!(rt::Operand::text(#literal)),
                [Piece::Value { from, filters }] if filters.is_empty() => self.operand(from),
                _ => {
                    let variable = format_ident!("added_{place}");
                    quote!(rt::Operand::composed(&#variable))
                }
            };
            quote!(items.add(#name, #operand);)
        });
        let beside = self.beside_pairs(list);
        let mutable = (!list.add.is_empty()).then(|| quote!(mut));
        quote! {
            #(#variables)*
            #beside
            let rule = #rule;
            let #mutable items = message.items(&rule)?;
            #(#added)*
        }
    }

    /// The rule as data. What is usual is not said.
    fn rule(self, list: &List) -> TokenStream {
        let List {
            fields,
            except,
            add,
            names: case,
            trim,
            numbers,
            nested: inner,
            also_empty,
            empties: nothing,
            order: sorting,
            pair: _,
            join,
        } = list;
        let mut own = self.own_names(fields);
        own.extend(except.iter().cloned());
        let select = selection(fields);
        let except = (!own.is_empty()).then(|| quote!(except: &[#(#own),*],));
        let added = matches!(fields, Selection::NamedIn { .. }).then(|| {
            let names = add.iter().map(|(name, _)| name);
            quote!(added: &[#(#names),*],)
        });
        let case = (*case != Names::AsIs).then(|| {
            let case = names(*case);
            quote!(names: rt::Names::#case,)
        });
        let trim = trim.then(|| quote!(trim: true,));
        let numbers = numbers.map(|decimals| {
            let (min, max) = bounds(decimals);
            quote!(numbers: Some((#min, #max)),)
        });
        let inner = (*inner != Nested::Refuse).then(|| {
            let inner = nested(*inner);
            quote!(nested: rt::Nested::#inner,)
        });
        let also_empty = (!also_empty.is_empty()).then(|| quote!(also_empty: &[#(#also_empty),*],));
        let (nothing, sorting) = (empties(nothing), order(*sorting));
        quote! {
            rt::ListRule {
                select: #select,
                #except
                #added
                #case
                #trim
                #numbers
                #inner
                #also_empty
                empties: #nothing,
                order: rt::Order::#sorting,
                join: #join,
                ..rt::ListRule::USUAL
            }
        }
    }

    /// Under which names the signature's own place would be in the list.
    fn own_names(self, fields: &Selection) -> Vec<String> {
        let mut places: Vec<&Place> = self.root.place.iter().chain(&self.recipe.place).collect();
        places.dedup();
        let own = places.into_iter().map(|place| &place.carrier);
        let mut names: Vec<String> = Vec::new();
        for name in own.chain(self.placed_later()).filter_map(|carrier| own_name(carrier, fields)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// What recipes place that are applied to the same message later: it was not there when this one signed.
    fn placed_later(self) -> Vec<&'a PlaceCarrier> {
        let provider = self.provider;
        // What is placed beside an array is in none of its elements.
        if self.root.each.is_some() {
            return Vec::new();
        }
        let operations = provider.operations.iter().map(|operation| &operation.signature);
        let callbacks = provider.callbacks.iter().map(|callback| &callback.signature);
        let replies = provider.envelopes.iter().map(|envelope| &envelope.signature);
        let several = operations.chain(callbacks).chain(replies).filter_map(|signature| match signature {
            Signature::Several(all) => Some(all),
            _ => None,
        });
        let is_this = |id: &RecipeId| provider[*id].name == self.root.name;
        let mut later = Vec::new();
        for all in several {
            let behind = all.iter().skip_while(|one| !one.recipes().iter().any(is_this)).skip(1);
            later.extend(behind.flat_map(Signature::recipes));
        }
        // What is placed in the elements of an array is placed before anything takes the array.
        let later = later.into_iter().map(|id| &provider[id]).filter(|recipe| recipe.each.is_none());
        later.flat_map(carriers).collect()
    }

    /// Values that stand in every pair, read once.
    fn beside_pairs(self, list: &List) -> TokenStream {
        let beside = list.pair.iter().enumerate().map(|(place, piece)| match piece {
            PairPiece::Operand { from, filters: _ } => {
                let (variable, operand) = (format_ident!("in_pair_{place}"), self.operand(from));
                quote!(let #variable = #operand;)
            }
            PairPiece::Literal(_) | PairPiece::Name(_) | PairPiece::Value(_) => TokenStream::new(),
        });
        beside.collect()
    }

    /// What stands between name and value, where an item is nothing else.
    fn between(self) -> Option<&'a str> {
        match self.recipe.list.as_ref()?.pair.as_slice() {
            [PairPiece::Name(name), PairPiece::Literal(between), PairPiece::Value(value)]
                if name.is_empty() && value.is_empty() =>
            {
                Some(between)
            }
            _ => None,
        }
    }

    /// The closure that writes an item.
    fn pair(self) -> TokenStream {
        let pieces = self.recipe.list.as_ref().map(|list| list.pair.as_slice()).unwrap_or_default();
        let statements = pieces.iter().enumerate().map(|(place, piece)| match piece {
            PairPiece::Literal(literal) => quote!(text.put(#literal);),
            PairPiece::Name(own) if own.is_empty() => quote!(text.put(name);),
            PairPiece::Name(own) => {
                let own = filters(own);
                quote!(text.put_filtered(&rt::Operand::text(name), #own);)
            }
            PairPiece::Value(own) if own.is_empty() => quote!(text.put_value(value);),
            PairPiece::Value(own) => {
                let own = filters(own);
                quote!(text.put_filtered(value, #own);)
            }
            PairPiece::Operand { from: _, filters: own } => {
                let variable = format_ident!("in_pair_{place}");
                let own_filters = filters(own);
                if own.is_empty() {
                    quote!(text.put_value(&#variable);)
                } else {
                    quote!(text.put_filtered(&#variable, #own_filters);)
                }
            }
        });
        let statements: Vec<_> = statements.collect();
        let has = |wanted: fn(&PairPiece) -> bool| pieces.iter().any(wanted);
        let name = if has(|piece| matches!(piece, PairPiece::Name(_))) { quote!(name) } else { quote!(_) };
        let value = if has(|piece| matches!(piece, PairPiece::Value(_))) { quote!(value) } else { quote!(_) };
        quote!(|text, #name, #value| { #(#statements)* })
    }

    /// Statements that put a template that is no text together: `template` is a `rt::PlaceTemplate`.
    pub(super) fn place_pieces(self, place: &Place) -> TokenStream {
        let items = self.recipe.list.as_ref().filter(|_| place.template.contains(&Piece::ListNames));
        let items = items.map(|list| self.items(list));
        let statements = place.template.iter().map(|piece| match piece {
            Piece::Literal(literal) => quote!(template.literal(#literal);),
            Piece::Signature => quote!(template.signature();),
            Piece::Value { from: Operand::Fresh(name), filters: _ } => quote!(template.fresh(#name);),
            Piece::Value { from: Operand::Part(name), filters: _ } => quote!(template.part(#name);),
            other => {
                let value = self.composed(std::slice::from_ref(other), &ident("value"));
                quote!(#value template.value(&value)?;)
            }
        });
        quote!(#items #(#statements)*)
    }
}

/// Everything that a recipe writes into a message.
fn carriers(recipe: &Recipe) -> Vec<&PlaceCarrier> {
    let own = recipe.place.iter().chain(recipe.parts.iter().filter_map(|part| part.place.as_ref()));
    let fresh = recipe.fresh.iter().filter_map(|fresh| fresh.place.as_ref());
    own.map(|place| &place.carrier).chain(fresh).collect()
}

/// `&["bill", "amount"]`
pub(super) fn segments(path: &FieldPath) -> TokenStream {
    let FieldPath(segments) = path;
    quote!(&[#(#segments),*])
}

fn own_name(carrier: &PlaceCarrier, fields: &Selection) -> Option<String> {
    match (carrier, fields) {
        (PlaceCarrier::Header(name), Selection::Headers(_)) => Some(name.to_lowercase()),
        (PlaceCarrier::Header(_), _) => None,
        (PlaceCarrier::Query(name), _) => Some(name.clone()),
        (PlaceCarrier::Field(FieldPath(path)), Selection::MembersOf(FieldPath(object))) => {
            path.strip_prefix(object.as_slice()).map(|inner| inner.join("."))
        }
        (PlaceCarrier::Field(path), _) => Some(path.dotted()),
    }
}

fn selection(fields: &Selection) -> TokenStream {
    match fields {
        Selection::All => quote!(rt::Select::All),
        Selection::Query => quote!(rt::Select::Query),
        Selection::Body => quote!(rt::Select::Body),
        Selection::Named(entries) => match fields.plain_names() {
            Some(names) => quote!(rt::Select::Named(&[#(#names),*])),
            None => {
                let entries = entries.iter().map(entry);
                quote!(rt::Select::Entries(&[#(#entries),*]))
            }
        },
        Selection::NamedIn { field, split, at_least, within } => {
            let field = segments(field);
            let option = |value: Option<TokenStream>| match value {
                Some(value) => quote!(Some(#value)),
                None => quote!(None),
            };
            let split = option(split.as_ref().map(|split| quote!(#split)));
            let within = option(within.as_ref().map(segments));
            quote!(rt::Select::NamedIn { field: #field, split: #split, at_least: &[#(#at_least),*], within: #within })
        }
        Selection::Headers(names) => quote!(rt::Select::Headers(&[#(#names),*])),
        Selection::MembersOf(path) => {
            let path = segments(path);
            quote!(rt::Select::MembersOf(#path))
        }
    }
}

fn entry(entry: &Entry) -> TokenStream {
    match entry {
        Entry::Name(name) => quote!(rt::Entry::Name(#name)),
        Entry::Path(path) => {
            let path = segments(path);
            quote!(rt::Entry::Path(#path))
        }
        Entry::Prefix(beginning) => quote!(rt::Entry::Prefix(#beginning)),
        Entry::Elements(name) => quote!(rt::Entry::Elements(#name)),
        Entry::Rows { rows, from, fields } => {
            let (rows, from) = (segments(rows), proc_macro2::Literal::u32_unsuffixed(*from));
            quote!(rt::Entry::Rows { rows: #rows, from: #from, fields: &[#(#fields),*] })
        }
    }
}

/// Whether a template can be nothing but text that is known when the spec is compiled.
pub(super) fn literal(pieces: &[Piece]) -> Option<String> {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Literal(literal) => Some(literal.as_str()),
            _ => None,
        })
        .collect()
}
