//! Recipes in emitted code: for each that a received message needs, and for each that is not a straight line of a
//! request, functions that compose its text over a view of the message, seal it, verify it, open it.
//!
//! One text function serves signer and verifier, so the two cannot differ. Requests whose recipes are plain have none
//! of this: see [`super::signed`].

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::compose::Unit;
use super::docs::{Docs, code};
use super::fresh::making;
use super::names::function;
use super::needs::Needs;
use super::parts::{function_of_part, sealing_parts};
use super::places::{is_bare, placing, template};
use super::request::is_drafted;
use super::seals::{output, sealed};
use crate::ir::{Place, Provider, Reading, Recipe, RecipeId, Signature, Tolerance};

/// A recipe that functions are emitted for, and one of its readings: the first is the recipe itself.
#[derive(Clone, Copy)]
pub(super) struct Emitted<'a> {
    pub(super) provider: &'a Provider,
    /// The recipe that the functions are named after.
    pub(super) named_after: &'a Recipe,
    /// The recipe as this reading has it.
    pub(super) recipe: &'a Recipe,
    /// The place among the readings.
    reading: usize,
}

/// Whether the message is read without outer white space. The checker allows no signature whose recipes disagree.
pub(super) fn is_trimmed(provider: &Provider, signature: &Signature) -> bool {
    fn trims(recipe: &Recipe) -> bool {
        let readings = recipe.also_accept.iter().map(|Reading { differs: _, recipe }| recipe);
        recipe.list.as_ref().is_some_and(|list| list.trim) || recipe.parts.iter().chain(readings).any(trims)
    }
    signature.recipes().iter().any(|id| trims(&provider[*id]))
}

/// All functions of recipes, each with the name of its item.
pub(super) fn functions(provider: &Provider) -> Vec<(String, TokenStream)> {
    let operations = provider.operations.iter().filter(|operation| is_drafted(provider, operation));
    let sealed: BTreeSet<RecipeId> = operations.flat_map(|operation| operation.signature.recipes()).collect();
    let callbacks = provider.callbacks.iter().map(|callback| &callback.signature);
    let replies = provider.envelopes.iter().map(|envelope| &envelope.signature);
    let verified: BTreeSet<RecipeId> = callbacks.chain(replies).flat_map(Signature::recipes).collect();
    let mut items = Vec::new();
    for id in sealed.union(&verified) {
        let recipe = &provider[*id];
        let name = format!("recipe__{}", recipe.name.snake);
        let (is_sealed, is_verified) = (sealed.contains(id), verified.contains(id));
        for emitted in Emitted::readings(provider, recipe) {
            // Further readings are for received messages alone.
            if emitted.reading > 0 && !is_verified {
                break;
            }
            emitted.add(&name, is_verified, &mut items);
        }
        let emitted = Emitted::new(provider, recipe);
        if is_sealed {
            items.push((format!("{name}__seal"), client(&emitted.seal())));
        }
        if is_verified && recipe.is_encryption() {
            items.push((format!("{name}__open"), client(&emitted.open())));
        } else if is_verified {
            items.push((format!("{name}__verify"), client(&emitted.verify())));
        }
    }
    items
}

fn client(functions: &TokenStream) -> TokenStream {
    quote!(impl Client { #functions })
}

impl<'a> Emitted<'a> {
    pub(super) fn new(provider: &'a Provider, recipe: &'a Recipe) -> Self {
        Self { provider, named_after: recipe, recipe, reading: 0 }
    }

    /// The recipe itself, then its further readings.
    pub(super) fn readings(provider: &'a Provider, recipe: &'a Recipe) -> Vec<Self> {
        let further = recipe.also_accept.iter().map(|Reading { differs: _, recipe }| recipe);
        let all = std::iter::once(recipe).chain(further).enumerate();
        all.map(|(reading, read)| Self { provider, named_after: recipe, recipe: read, reading }).collect()
    }

    pub(super) const fn unit(self) -> Unit<'a> {
        Unit::root(self.provider, self.recipe)
    }

    /// `notify_text`, of a further reading `notify_text_2`.
    pub(super) fn name(self, what: &str) -> Ident {
        let number = if self.reading == 0 { String::new() } else { format!("_{}", self.reading + 1) };
        function("", &self.named_after.name, &format!("{what}{number}"))
    }

    /// What a function of this recipe is for.
    pub(super) fn docs(self, what: &str) -> TokenStream {
        let docs = Docs::of_ours(format!("{what} recipe {}.", code(&self.named_after.name.wire)));
        let further =
            self.reading.checked_sub(1).and_then(|further| self.named_after.also_accept.get(further));
        match further {
            Some(Reading { differs, recipe: _ }) => {
                docs.ours(format!("A further reading: {}.", code(differs)))
            }
            None => docs,
        }
        .attributes()
    }

    /// `(&self, message: &rt::Message<'_>, ..)`
    pub(super) fn parameters(self, needs: &Needs) -> TokenStream {
        let message = needs.message.then(|| quote!(, message: &rt::Message<'_>));
        let fresh = needs.fresh.then(|| quote!(, fresh: &rt::FreshValues));
        let parts = needs.parts.then(|| quote!(, parts: &rt::Parts));
        let others = needs.parameters(self.provider, self.recipe);
        quote!(&self #message #fresh #parts #others)
    }

    /// The same, handed on: `message` is a reference, `fresh` and `parts` are values.
    pub(super) fn arguments(self, needs: &Needs) -> TokenStream {
        let message = needs.message.then(|| quote!(, message));
        let fresh = needs.fresh.then(|| quote!(, &fresh));
        let parts = needs.parts.then(|| quote!(, &parts));
        let others = needs.arguments(self.recipe);
        without_comma(quote!(#message #fresh #parts #others))
    }

    /// The functions that a reading has of its own.
    fn add(self, name: &str, is_verified: bool, items: &mut Vec<(String, TokenStream)>) {
        let further = if self.reading == 0 { String::new() } else { format!("__{}", self.reading + 1) };
        for part in &self.recipe.parts {
            let item = format!("{name}__part__{}{further}", part.name.snake);
            items.push((item, client(&function_of_part(self, part))));
        }
        // What is only opened has no text to be composed.
        let is_opened = self.recipe.is_encryption();
        if !(is_opened && is_verified) || self.reading == 0 {
            items.push((format!("{name}{further}"), client(&self.text())));
        }
        if self.reading == 0 {
            items.push((format!("{name}__place"), client(&self.place())));
        }
        let has_readings = !self.named_after.also_accept.is_empty();
        if is_verified && has_readings && is_opened {
            items.push((format!("{name}__opened{further}"), client(&self.opened())));
        } else if is_verified && has_readings {
            items.push((format!("{name}__fits{further}"), client(&self.fits())));
        }
        items.retain(|(_, tokens)| !is_bare_client(tokens));
    }

    /// Composes the text.
    fn text(self) -> TokenStream {
        let (docs, name) = (self.docs("The text of"), self.name("text"));
        let parameters = self.parameters(&Needs::of_text(self.recipe));
        let text = self.unit().text();
        quote! {
            #docs
            fn #name(#parameters) -> Result<rt::SignedText, rt::RecipeError> {
                #text
                Ok(text)
            }
        }
    }

    /// A statement that leaves the composed text in `text`.
    pub(super) fn composed(self) -> TokenStream {
        let name = self.name("text");
        let arguments = self.arguments(&Needs::of_text(self.recipe));
        quote!(let text = self.#name(#arguments)?;)
    }

    /// Makes the template of the place, where more than the signature stands there.
    fn place(self) -> TokenStream {
        let templates = self.placed().into_iter().filter(|(_, place, _)| !is_bare(place));
        let functions = templates.map(|(unit, place, name)| {
            let docs = self.docs("What is written where a signature is placed by");
            let parameters = self.parameters(&Needs::of_place(place, unit.recipe));
            let body = template(unit, place);
            quote! {
                #docs
                fn #name(#parameters) -> Result<rt::PlaceTemplate, rt::RecipeError> {
                    #body
                }
            }
        });
        functions.collect()
    }

    /// The places of the recipe and of its parts, with the function that makes the template.
    fn placed(self) -> Vec<(Unit<'a>, &'a Place, Ident)> {
        let of_parts = self.recipe.parts.iter().filter_map(|part| {
            let name = self.name(&format!("place_{}", part.name.snake));
            Some((self.unit().part(part), part.place.as_ref()?, name))
        });
        let own = self.recipe.place.as_ref().map(|place| (self.unit(), place, self.name("place")));
        own.into_iter().chain(of_parts).collect()
    }

    /// The template of a place, as an expression. Places are those of the first reading.
    pub(super) fn template(self, unit: Unit<'_>, place: &Place, part: Option<&Recipe>) -> TokenStream {
        let first = Self { reading: 0, ..self };
        let name = match part {
            Some(part) => first.name(&format!("place_{}", part.name.snake)),
            None => first.name("place"),
        };
        let arguments = self.arguments(&Needs::of_place(place, unit.recipe));
        quote!(self.#name(#arguments)?)
    }

    /// Everything that sealing needs.
    pub(super) fn sealing_needs(self) -> Needs {
        self.needs(Needs::default())
    }

    /// Everything that verifying needs, in any reading.
    pub(super) fn verifying_needs(self) -> Needs {
        let tolerance = self.recipe.tolerance.iter();
        let tolerance =
            tolerance.fold(Needs::default(), |needs, Tolerance { of, .. }| needs.and(Needs::of_pieces(of)));
        let readings = Self::readings(self.provider, self.named_after).into_iter();
        let all = readings.fold(tolerance, |needs, reading| reading.needs(needs));
        // What is received is read from the message.
        all.with_message(true)
    }

    /// What one reading needs, beside `more`.
    fn needs(self, more: Needs) -> Needs {
        let places = self.placed().into_iter();
        let places =
            places.fold(more, |needs, (unit, place, _)| needs.and(Needs::of_place(place, unit.recipe)));
        let text = Needs::of_text(self.recipe).and(Needs::of_seal(self.recipe));
        let all = places.and(text).and(Needs::of_parts(self.recipe));
        all.with_message(false)
    }

    /// Seals a request.
    fn seal(self) -> TokenStream {
        let name = self.name("seal");
        let docs = self.docs("Makes fresh values, composes, seals and places, by");
        let needs = self.sealing_needs();
        let parameters = needs.parameters(self.provider, self.recipe);
        let fresh = (!self.recipe.fresh.is_empty()).then(|| making(self.provider, self.recipe));
        let parts = sealing_parts(self);
        let text = self.composed();
        let (before, sealed) = sealed(self.unit());
        let signature = output(self.unit(), &sealed);
        let placed = self.recipe.place.as_ref().map(|place| self.filling(place, None));
        let placing = self.recipe.place.as_ref().map(|place| placing(&place.carrier, &quote!(&placed)));
        let templates = self.recipe.place.iter().filter(|place| !is_bare(place));
        let reads = Needs::of_text(self.recipe).and(Needs::of_seal(self.recipe));
        let reads = templates.fold(reads, |reads, place| reads.and(Needs::of_place(place, self.recipe)));
        let message = reads.message.then(|| quote!(let message = &draft.message()?;));
        quote! {
            #docs
            fn #name(&self, draft: &mut rt::Draft #parameters) -> Result<(), rt::PrepareError> {
                #fresh
                #parts
                let (text, placed) = {
                    #message
                    #text
                    #before
                    let signature = #signature;
                    #placed
                    (text, placed)
                };
                #placing
                draft.signed(&text);
                Ok(())
            }
        }
    }

    /// A statement that leaves in `placed` what is written at a place; the signature is in `signature`.
    pub(super) fn filling(self, place: &Place, part: Option<&Recipe>) -> TokenStream {
        if is_bare(place) {
            return quote!(let placed = signature;);
        }
        let unit = part.map_or(self.unit(), |part| self.unit().part(part));
        let template = self.template(unit, place, part);
        let fresh =
            if self.recipe.fresh.is_empty() { quote!(&rt::FreshValues::new()) } else { quote!(&fresh) };
        let parts = if self.recipe.parts.is_empty() { quote!(&rt::Parts::new()) } else { quote!(&parts) };
        quote!(let placed = #template.fill(&signature, #fresh, #parts)?;)
    }
}

/// `impl Client { }`
fn is_bare_client(tokens: &TokenStream) -> bool {
    tokens.to_string() == client(&TokenStream::new()).to_string()
}

/// A list of arguments, each of which came with a comma before it.
fn without_comma(arguments: TokenStream) -> TokenStream {
    arguments.into_iter().skip(1).collect()
}
