//! Recipes of received messages: the text that a signature must cover, put together from what came.
//!
//! Recipes that compose the same text share one function; only the seal differs then.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::credentials::is_secret;
use super::docs::Docs;
use super::names::{ident, snake, text_of};
use super::seals::{choose, credential_reference, decoder, verifies};
use super::signed::{bound_member, charset, filtered, member_of_choice};
use crate::ir::{
    Case, Empties, EmptyAction, Filter, List, Order, PairPiece, Part, Piece, Provider, Reading, Recipe,
    RecipeId, Selection, Signature,
};

/// What a text is put together from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A callback.
    Callback,
    /// A reply: the bytes of its data.
    Reply,
}

/// A text function: the recipe that it is named after, and its place among that recipe's readings.
pub(super) struct TextFunction<'a> {
    recipe: &'a Recipe,
    named_after: &'a Recipe,
    reading: usize,
    source: Source,
}

/// Whether the message is read without outer white space. The checker allows no signature whose recipes disagree.
pub(super) fn is_trimmed(provider: &Provider, signature: &Signature) -> bool {
    let lists = signature.recipes().into_iter().filter_map(|id| provider[id].list.as_ref());
    lists.into_iter().any(|list| list.trim)
}

/// Every text that received messages need, each once, in the order of the recipes.
pub(super) fn text_functions(provider: &Provider) -> Vec<TextFunction<'_>> {
    let mut functions: Vec<TextFunction<'_>> = Vec::new();
    for (named_after, recipe, reading, source) in used(provider) {
        let known = functions.iter().any(|known| known.source == source && same_text(known.recipe, recipe));
        if !known {
            functions.push(TextFunction { recipe, named_after, reading, source });
        }
    }
    functions
}

/// The recipes of received messages with their readings, each once.
fn used(provider: &Provider) -> Vec<(&Recipe, &Recipe, usize, Source)> {
    let callbacks = provider.callbacks.iter().map(|callback| (&callback.signature, Source::Callback));
    let replies = provider.envelopes.iter().map(|envelope| (&envelope.signature, Source::Reply));
    let mut ids: Vec<(RecipeId, Source)> = callbacks
        .chain(replies)
        .flat_map(|(signature, source)| signature.recipes().into_iter().map(move |id| (id, source)))
        .collect();
    ids.sort_by_key(|(id, source)| (*source == Source::Reply, *id));
    ids.dedup();
    ids.into_iter()
        .flat_map(|(id, source)| {
            let recipe = &provider[id];
            readings(recipe)
                .into_iter()
                .enumerate()
                .map(move |(place, reading)| (recipe, reading, place, source))
        })
        .collect()
}

/// The recipe itself, then its further readings.
fn readings(recipe: &Recipe) -> Vec<&Recipe> {
    let further = recipe.also_accept.iter().map(|Reading { differs: _, recipe }| recipe);
    std::iter::once(recipe).chain(further).collect()
}

fn same_text(one: &Recipe, other: &Recipe) -> bool {
    one.list == other.list
        && one.text == other.text
        && one.charset == other.charset
        && one.place == other.place
}

/// The name of a text function; a recipe for callbacks and replies alike has one for each.
fn function_name(function: &TextFunction<'_>, provider: &Provider) -> Ident {
    let TextFunction { recipe: _, named_after, reading, source } = function;
    let name = text_of(named_after, *reading);
    let shared = provider
        .callbacks
        .iter()
        .any(|callback| callback.signature.recipes().iter().any(|id| provider[*id].name == named_after.name));
    if *source == Source::Reply && shared { ident(&format!("reply_{name}")) } else { name }
}

/// The item name of a text function.
pub(super) fn item_name(function: &TextFunction<'_>) -> String {
    let TextFunction { recipe: _, named_after, reading, source: _ } = function;
    let further = if *reading == 0 { String::new() } else { format!("__{}", reading + 1) };
    format!("recipe__{}{further}", named_after.name.snake)
}

/// The function that puts a text together.
pub(super) fn text_function(provider: &Provider, function: &TextFunction<'_>) -> TokenStream {
    let TextFunction { recipe, named_after, reading, source } = function;
    let name = function_name(function, provider);
    let differs = reading.checked_sub(1).and_then(|further| named_after.also_accept.get(further));
    let docs =
        Docs::of_ours(format!("The text that recipe {} signs.", super::docs::code(&named_after.name.wire)));
    let docs = match differs {
        Some(Reading { differs, recipe: _ }) => {
            docs.ours(format!("A further reading: {}.", super::docs::code(differs)))
        }
        None => docs,
    };
    let docs = docs.attributes();
    let secrets = parameters(recipe).into_iter().map(|secret| quote!(, #secret: &rt::Secret));
    let (parameter, error) = match source {
        Source::Callback => (quote!(message: &rt::Received<'_>), quote!(rt::CallbackError)),
        Source::Reply => (quote!(data: &rt::Data<'_>), quote!(rt::Ending)),
    };
    let body = body(provider, recipe);
    quote! {
        impl Client {
            #docs
            fn #name(&self, #parameter #(#secrets)*) -> Result<rt::SignedText, #error> {
                #body
            }
        }
    }
}

/// Members of a choice that stand in the text: they are handed in by the match around the call.
fn parameters(recipe: &Recipe) -> Vec<Ident> {
    let added = recipe.list.iter().flat_map(|list| list.add.iter().flat_map(|(_, pieces)| pieces));
    let parts = recipe.text.iter().chain(added).filter_map(|piece| match piece {
        Piece::Value { from, filters: _ } => Some(from),
        Piece::Literal(_) | Piece::List => None,
    });
    let mut members: Vec<Ident> = parts.filter_map(member_of_choice).collect();
    members.sort();
    members.dedup();
    members
}

fn body(provider: &Provider, recipe: &Recipe) -> TokenStream {
    let Recipe { name: _, list, text, charset: encoding, seal: _, place, also_accept: _ } = recipe;
    let items = list.as_ref().map(|list| items(provider, list, place));
    let charset = charset(provider, *encoding);
    let pieces = text.iter().map(|piece| match piece {
        Piece::Literal(literal) => quote!(text.put(#literal);),
        Piece::List => list.as_ref().map(writing).unwrap_or_default(),
        Piece::Value { from, filters } => value(provider, from, filters),
    });
    quote! {
        #items
        let mut text = rt::Text::new(#charset);
        #(#pieces)*
        Ok(text.finish()?)
    }
}

/// Statements that make `items`: selected, trimmed, empties treated, added to, sorted.
fn items(provider: &Provider, list: &List, place: &str) -> TokenStream {
    // A message whose recipe trims has been trimmed as a whole, before anything was looked up in it.
    let List { fields, except, add, trim: _, empties, order, pair: _, join: _ } = list;
    let select = match fields {
        Selection::All => quote!(rt::Select::All),
        Selection::Query => quote!(rt::Select::Query),
        Selection::Body => quote!(rt::Select::Body),
        Selection::Named(names) => quote!(rt::Select::Named(&[#(#names),*])),
    };
    let except = std::iter::once(place).chain(except.iter().map(String::as_str));
    let empties = treatment(empties);
    let add = add.iter().map(|(name, pieces)| added(provider, name, pieces));
    let sort = match order {
        Order::ByName => quote!(items.sort_by_name();),
        Order::ByNameIgnoringCase => quote!(items.sort_by_name_ignoring_case();),
        Order::AsListed | Order::AsOnTheWire => TokenStream::new(),
    };
    let changes = quote!(#empties #(#add)* #sort);
    let mutable = (!changes.is_empty()).then(|| quote!(mut));
    quote! {
        let #mutable items = message.items(#select, &[#(#except),*])?;
        #changes
    }
}

fn treatment(empties: &Empties) -> TokenStream {
    use EmptyAction::{Drop, Keep, Refuse};
    let Empties { absent, json_null, empty, blank } = empties;
    match (absent, json_null, empty, blank) {
        (Keep, Keep, Keep, Keep) => TokenStream::new(),
        (Drop, Drop, Drop, Keep) => quote!(items.drop_empty();),
        (Drop, Drop, Drop, Drop) => quote!(items.drop_blank();),
        (Refuse, Refuse, Refuse, Keep) => quote!(items.refuse_empty()?;),
        _ => {
            let actions = [absent, json_null, empty, blank].map(|action| match action {
                Drop => quote!(rt::Empty::Drop),
                Keep => quote!(rt::Empty::Keep),
                Refuse => quote!(rt::Empty::Refuse),
                EmptyAction::As(text) => quote!(rt::Empty::As(#text)),
            });
            quote!(items.treat_empty(#(#actions),*)?;)
        }
    }
}

/// A further item, never sent.
fn added(provider: &Provider, name: &str, pieces: &[Piece]) -> TokenStream {
    match pieces {
        [Piece::Literal(literal)] => quote!(items.add(#name, #literal);),
        [Piece::Value { from: Part::Credential(path), filters: _ }] if is_secret(provider, path) => {
            let secret = credential_reference(path);
            quote!(items.add_secret(#name, #secret);)
        }
        [Piece::Value { from: Part::Credential(path), filters }] if filters.is_empty() => {
            let text = credential_reference(path);
            quote!(items.add(#name, #text);)
        }
        [Piece::Value { from: Part::Body, filters: _ }] => quote!(items.add_raw(#name, message.body());),
        several => {
            let variable = ident(&format!("added_{}", super::names::only_word_letters(name)));
            let pieces = several.iter().map(|piece| match piece {
                Piece::Literal(literal) => quote!(#literal),
                Piece::Value { from: Part::Credential(path), filters: _ } if is_secret(provider, path) => {
                    let secret = credential_reference(path);
                    quote!((#secret).expose())
                }
                Piece::Value { from, filters } => filtered(&received_text(from), filters),
                Piece::List => quote!(""),
            });
            quote! {
                let #variable = rt::Secret::new([#(#pieces),*].concat());
                items.add_secret(#name, &#variable);
            }
        }
    }
}

/// Writes the list.
fn writing(list: &List) -> TokenStream {
    let join = &list.join;
    let pieces = list.pair.iter().map(|piece| match piece {
        PairPiece::Literal(literal) => quote!(text.put(#literal);),
        PairPiece::Name => quote!(text.put(name);),
        PairPiece::Value(filters) if filters.is_empty() => quote!(text.put_value(value);),
        PairPiece::Value(filters) => {
            let filtered = filtered(&quote!(value), filters);
            quote! {
                match value {
                    rt::ItemValue::Text(value) => text.put(#filtered),
                    other => text.put_value(other),
                }
            }
        }
    });
    let name = if list.pair.contains(&PairPiece::Name) { quote!(name) } else { quote!(_) };
    quote! {
        items.write(&mut text, #join, |text, #name, value| {
            #(#pieces)*
        });
    }
}

/// Writes a value of the template.
fn value(provider: &Provider, from: &Part, filters: &[Filter]) -> TokenStream {
    match from {
        Part::Credential(path) if is_secret(provider, path) => {
            let secret = credential_reference(path);
            quote!(text.put_secret(#secret);)
        }
        Part::Body => quote!(text.put_raw(message.body());),
        Part::Result => quote!(text.put_raw(data.raw());),
        _ => {
            let value = filtered(&received_text(from), filters);
            quote!(text.put(#value);)
        }
    }
}

/// The text of a part of a received message.
fn received_text(from: &Part) -> TokenStream {
    match from {
        Part::Field(wire) => quote!(message.required(#wire)?),
        Part::Credential(path) => credential_reference(path),
        // The checker has refused these where we receive.
        Part::Body | Part::Result | Part::Method | Part::Path => quote!(""),
    }
}

/// An expression of type `bool`: does one of the readings fit? `argument` is what text functions take.
pub(super) fn authentic(provider: &Provider, signature: &Signature, source: Source) -> TokenStream {
    match signature {
        Signature::None { reason: _ } => quote!(true),
        Signature::Recipe(id) => any_reading(provider, *id, source),
        Signature::Chosen { by, cases } => {
            choose(by, cases, |case| bound(provider, case), |case| any_reading(provider, case.recipe, source))
        }
    }
}

/// What a case needs of its alternative: the key, and secrets that stand in the text.
fn bound(provider: &Provider, case: &Case) -> Vec<Ident> {
    let recipe = &provider[case.recipe];
    let keys =
        readings(recipe).into_iter().filter_map(|reading| reading.seal.key.as_ref().and_then(bound_member));
    let mut members: Vec<Ident> = keys.chain(readings(recipe).into_iter().flat_map(parameters)).collect();
    members.sort();
    members.dedup();
    members
}

/// Where there are further readings, one that cannot be applied does not fit; a single one says itself what is wrong.
fn any_reading(provider: &Provider, id: RecipeId, source: Source) -> TokenStream {
    let functions = text_functions(provider);
    let readings = readings(&provider[id]);
    let is_single = readings.len() == 1;
    let fits = readings.into_iter().filter_map(|reading| {
        let function =
            functions.iter().find(|known| known.source == source && same_text(known.recipe, reading))?;
        let name = function_name(function, provider);
        let secrets = parameters(reading).into_iter().map(|secret| quote!(, #secret));
        let argument = if source == Source::Callback { quote!(&message) } else { quote!(data) };
        let text = quote!(self.#name(#argument #(#secrets)*));
        let signature = quote!(&signature);
        Some(if is_single {
            verifies(reading, &quote!(&#text?), &signature)
        } else {
            let fits = verifies(reading, &quote!(&text), &signature);
            quote!(#text.is_ok_and(|text| #fits))
        })
    });
    let fits: Vec<_> = fits.collect();
    quote!(#(#fits)||*)
}

/// The first recipe of a signature: its place and the decoder of what stands there.
pub(super) fn place_and_decoder(provider: &Provider, signature: &Signature) -> Option<(String, TokenStream)> {
    let recipe = &provider[*signature.recipes().first()?];
    Some((recipe.place.clone(), decoder(recipe)))
}

/// `verify_gateway(&self, outer, data)`: what protects the replies of an envelope.
pub(super) fn reply_verifier(provider: &Provider, envelope: &crate::ir::Envelope) -> Option<TokenStream> {
    let (place, decoder) = place_and_decoder(provider, &envelope.signature)?;
    let name = ident(&format!("verify_{}_reply", snake(&envelope.name)));
    let docs =
        super::docs::line("Verifies the signature of a reply over the very bytes that are read afterwards.");
    let authentic = authentic(provider, &envelope.signature, Source::Reply);
    Some(quote! {
        impl Client {
            #docs
            fn #name(&self, outer: &mut rt::Members<'_>, data: &rt::Data<'_>) -> Result<(), rt::Ending> {
                let signature = #decoder(outer.signature(#place)?)?;
                let authentic = #authentic;
                if authentic { Ok(()) } else { Err(rt::Ending::bad_signature()) }
            }
        }
    })
}
