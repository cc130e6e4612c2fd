//! Trying: one recipe over one message, to learn whether a changed rule, message or key would make a signature fit.
//!
//! A search for the cause of a mismatch tries hundreds of changes. Each goes through the same composer and the same
//! comparison as verifying, but nothing is decoded into typed values, no age is judged, and what has been sealed once
//! is not sealed again. Nothing that comes out of here may be taken for a verified message.

use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use payspec_codegen::ir::{self, Algorithm, FieldPath, Key, Recipe, RecipeId, Repeated, Signature};

use crate::Interpreter;
use crate::compose::{Beside, Composer};
use crate::incoming::{self, Incoming, Parameters, Refusal};
use crate::json;
use crate::node::Node;
use crate::opened::{open_first, open_in_view};
use crate::request::{Message, PrepareError};
use crate::seal::{Unverified, read_output, write_output};
use crate::sign::own_places;
use crate::signed_text::{RecipeError, SignedText};
use crate::stored::Stored;
use crate::supplied::Supplied;
use crate::text;
use crate::value::{Map, Value};
use crate::verify::{Checked, Unfit, Verifier};
use crate::view::View;

/// A message as recipes see it, which can be changed. Nothing about it is believed.
#[derive(Clone)]
pub struct TrialMessage {
    view: View,
    /// The fresh values of a request, which its signer knows.
    fresh: Option<Map<String>>,
    /// What is taken for the text at the place of the signature instead of what stands there.
    signature: Option<String>,
}

/// A value of a [`TrialMessage`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrialValue {
    /// JSON `null`.
    Null,
    /// Text.
    Text(String),
    /// A JSON number, in its own characters.
    Number(String),
    /// `true` or `false` of JSON.
    Flag(String),
    /// An object or array, in its own characters.
    Json(String),
}

impl TrialValue {
    /// Its characters; of `null` none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Null => "",
            Self::Text(text) | Self::Number(text) | Self::Flag(text) | Self::Json(text) => text,
        }
    }

    fn of(node: &Node) -> Self {
        match node {
            Node::Null => Self::Null,
            Node::Text(text) => Self::Text(text.clone()),
            Node::Number(text) => Self::Number(text.clone()),
            Node::Flag(text) => Self::Flag(text.clone()),
            Node::List { raw, .. } | Node::Object { raw, .. } => Self::Json(raw.clone()),
        }
    }

    fn node(self) -> Node {
        match self {
            Self::Null => Node::Null,
            Self::Text(text) => Node::Text(text),
            Self::Number(text) => Node::Number(text),
            Self::Flag(text) => Node::Flag(text),
            Self::Json(text) => match json::parse(&text) {
                Ok(json) => Node::of(&json),
                Err(_) => Node::Text(text),
            },
        }
    }
}

/// A field of a [`TrialMessage`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialField {
    /// Its name on the wire.
    pub name: String,
    /// Its value.
    pub value: TrialValue,
    /// It stands in the query, not in the body.
    pub in_query: bool,
}

impl TrialMessage {
    fn of(view: View) -> Self {
        Self { view, fresh: None, signature: None }
    }

    /// The fields in the order of the wire: those of the query, then those of the body.
    #[must_use]
    pub fn fields(&self) -> Vec<TrialField> {
        let of = |in_query: bool| {
            move |(name, node): &(String, Node)| TrialField {
                name: name.clone(),
                value: TrialValue::of(node),
                in_query,
            }
        };
        self.view.query.iter().map(of(true)).chain(self.view.body.iter().map(of(false))).collect()
    }

    /// Puts other fields in their place. The raw query and body stay as they are.
    pub fn set_fields(&mut self, fields: Vec<TrialField>) {
        let (query, body): (Vec<_>, Vec<_>) = fields.into_iter().partition(|field| field.in_query);
        let pairs = |fields: Vec<TrialField>| {
            fields.into_iter().map(|field| (field.name, field.value.node())).collect::<Vec<_>>()
        };
        (self.view.query, self.view.body) = (pairs(query), pairs(body));
    }

    /// Replaces the value of a field, by its place among [`TrialMessage::fields`].
    pub fn set_value(&mut self, index: usize, value: TrialValue) {
        if let Some((_, node)) = self.view.query.iter_mut().chain(&mut self.view.body).nth(index) {
            *node = value.node();
        }
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        &self.view.headers
    }

    /// Puts other headers in their place.
    pub fn set_headers(&mut self, headers: Vec<(String, String)>) {
        self.view.headers = headers;
    }

    /// The raw body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.view.raw_body
    }

    /// Puts another raw body in its place. The fields stay as they are.
    pub fn set_body(&mut self, body: Vec<u8>) {
        self.view.raw_body = body;
    }

    /// The raw query; `None` for a reply.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.view.raw_query.as_deref()
    }

    /// Puts another raw query in its place, here and in the URL. The fields stay as they are.
    pub fn set_query(&mut self, query: &str) {
        if let Some(url) = &self.view.url {
            let before = url.split('?').next().unwrap_or_default();
            let mark = if query.is_empty() { "" } else { "?" };
            self.view.url = Some(format!("{before}{mark}{query}"));
        }
        self.view.raw_query = Some(query.to_owned());
    }

    /// The whole URL as the signer saw it, where it is known.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.view.url.as_deref()
    }

    /// Puts another URL in its place, whose query becomes that of the message.
    pub fn set_url(&mut self, url: &str) {
        self.view.raw_query = Some(url.split_once('?').map_or("", |(_, query)| query).to_owned());
        self.view.url = Some(url.to_owned());
    }

    /// The method; `None` for a reply.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        self.view.method.as_deref()
    }

    /// The raw text of the data of a reply.
    #[must_use]
    pub fn result(&self) -> Option<&[u8]> {
        self.view.result.as_deref()
    }

    /// Puts another raw text of the data in its place.
    pub fn set_result(&mut self, result: Vec<u8>) {
        self.view.result = Some(result);
    }

    /// Takes this for what stands at the place of the signature.
    pub fn set_signature(&mut self, written: &str) {
        self.signature = Some(written.to_owned());
    }

    /// It was made by the interpreter, which knows its fresh values.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        self.fresh.is_some()
    }
}

/// Shows names only: values may be personal data.
impl fmt::Debug for TrialMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.view.all().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("TrialMessage").field("fields", &names).finish_non_exhaustive()
    }
}

/// What a try aims at.
#[derive(Clone, Copy)]
pub enum Aim<'a> {
    /// The signature that stands in the message.
    InMessage,
    /// This signature, wherever it stands.
    Signature(&'a str),
    /// This text, of the recipe or of one of its parts.
    Text(&'a [u8]),
}

/// One of the recipes of a message, in the order of verifying: what was signed last comes first.
#[derive(Clone, Debug)]
pub struct TrialStage {
    /// Which recipe.
    pub id: RecipeId,
    /// Fields that were not there yet when it signed.
    pub later: Vec<String>,
    /// What becomes of names that the message has twice.
    pub repeated: Repeated,
}

/// What came of a try.
#[derive(Clone, Debug, Default)]
pub struct Tried {
    /// The signature fits, or the text is equal.
    pub fits: bool,
    /// The text of the recipe, where it could be composed.
    pub text: Option<SignedText>,
    /// What was encrypted, opened.
    opened: Vec<(FieldPath, String)>,
}

impl Tried {
    /// The message with what this try has opened, for the recipe that signed before.
    #[must_use]
    pub fn open(&self, message: &TrialMessage) -> TrialMessage {
        let mut message = message.clone();
        for (path, plain) in &self.opened {
            open_in_view(&mut message.view, path, plain);
        }
        message
    }
}

/// What has been sealed and compared before. One for each question, and for each set of keys.
#[derive(Default)]
pub struct Seen {
    results: HashMap<u64, bool>,
}

/// How many texts: they may hold secrets.
impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seen").field("texts", &self.results.len()).finish()
    }
}

impl Interpreter {
    /// A request as it is sent, for trying.
    ///
    /// # Errors
    /// As [`Interpreter::prepare_with`].
    pub fn trial_request(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        supplied: &Supplied,
    ) -> Result<TrialMessage, PrepareError> {
        let now = self.now(supplied);
        let message = self.prepare_with(operation, inputs, now, supplied)?;
        let unknown = || PrepareError::UnknownOperation { name: operation.to_owned() };
        let known = self.operation(operation).ok_or_else(unknown)?;
        let mut view = self.view_of_own(known, &message).ok_or(PrepareError::Charset)?;
        view.payload = self.own_payload(known, &message).or(view.payload);
        Ok(TrialMessage { view, fresh: Some(message.fresh), signature: None })
    }

    fn view_of_own(&self, operation: &ir::Operation, message: &Message) -> Option<View> {
        let query = message.query.as_bytes();
        let incoming = Incoming::new(message.method, query, None, &message.body)
            .headers(&message.headers)
            .url(&message.url);
        let (_, query, body) = self.read_request(&operation.name.wire, &incoming).ok()?;
        let parameters = Parameters { query: query.parameters().ok()?, body: body.parameters().ok()? };
        Some(self.view_of_request(operation, &parameters, &incoming))
    }

    /// What a request encrypts: the text of the recipe that does it.
    fn own_payload(&self, operation: &ir::Operation, message: &Message) -> Option<String> {
        let encrypting = operation.signature.recipes().into_iter().find_map(|id| {
            let recipe = &self.provider[id];
            let part = recipe.parts.iter().find(|part| part.is_encryption());
            match part {
                Some(part) => Some(format!("{}.{}", recipe.name.wire, part.name.wire)),
                None => recipe.is_encryption().then(|| recipe.name.wire.clone()),
            }
        })?;
        let (_, text) = message.texts.iter().find(|(name, _)| *name == encrypting)?;
        String::from_utf8(text.bytes().to_vec()).ok()
    }

    /// A callback as it came in, for trying. What verifying would refuse (repeated names, another content type) is
    /// taken as far as it can be read.
    ///
    /// # Errors
    /// [`Refusal`]: the message cannot be read in any of the shapes of the callback.
    pub fn trial_callback(&self, name: &str, incoming: &Incoming<'_>) -> Result<TrialMessage, Refusal> {
        let callback = self.callback(name).ok_or_else(|| Refusal::UnknownName { name: name.to_owned() })?;
        incoming::refuse_too_large(incoming.query, incoming.body)?;
        let query = self.read_form(incoming.query)?;
        let expected = incoming::shape(incoming, &callback.receive);
        let shapes = expected.map_or_else(|_| callback.receive.clone(), |shape| vec![shape]);
        let mut refusal = Refusal::OtherShape;
        for shape in shapes {
            let body = match self.read_body(shape, incoming) {
                Ok(body) => body,
                Err(error) => {
                    refusal = error;
                    continue;
                }
            };
            match body.parameters() {
                Ok(body) => {
                    let parameters = Parameters { query: query.parameters()?, body };
                    return Ok(TrialMessage::of(self.view_of_callback(callback, &parameters, incoming)));
                }
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }

    /// An answer as it came, for trying.
    ///
    /// # Errors
    /// [`Refusal`]: the answer cannot be read.
    pub fn trial_reply(
        &self,
        operation: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<TrialMessage, Refusal> {
        let (_, view) = self.view_of_answer(operation, headers, body, &Supplied::default())?;
        Ok(TrialMessage::of(view))
    }

    /// Pairs as if they were the form of a message, for a recipe alone.
    #[must_use]
    pub fn trial_pairs(&self, pairs: &[(String, String)]) -> TrialMessage {
        let stored = Stored::Pairs(pairs.to_vec());
        let body = stored.parameters().map(|parameters| incoming::nodes(&parameters)).unwrap_or_default();
        TrialMessage::of(View { body, ..View::default() })
    }

    /// The recipes that protect this message, what was signed last first.
    ///
    /// # Errors
    /// [`RecipeError`]: a field that should choose the recipe chooses none.
    pub fn trial_stages(
        &self,
        signature: &Signature,
        message: &TrialMessage,
    ) -> Result<Vec<TrialStage>, RecipeError> {
        let repeated = self.repeated(signature);
        let mut later = Vec::new();
        let mut stages = Vec::new();
        for recipe in self.recipes(signature, &message.view)?.into_iter().rev() {
            let id =
                self.provider.recipes.iter().position(|own| std::ptr::eq(own, recipe)).unwrap_or_default();
            stages.push(TrialStage { id: RecipeId(id), later: later.clone(), repeated });
            // What stands in elements is no field of the message.
            if recipe.each.is_some() {
                continue;
            }
            later.extend(own_places(recipe, 0));
            let fresh = recipe.fresh.iter().filter_map(|fresh| fresh.place.as_ref());
            let fresh = fresh.filter(|carrier| !matches!(carrier, ir::PlaceCarrier::Header(_)));
            later.extend(fresh.map(crate::place::place_name));
        }
        Ok(stages)
    }

    /// The same interpreter for messages in another charset.
    #[must_use]
    pub fn in_charset(&self, charset: ir::Charset) -> Self {
        Self { charset, ..self.clone() }
    }

    /// Tries a recipe, without its further readings and without its tolerance, over a message.
    #[must_use]
    pub fn try_recipe(
        &self,
        recipe: &Recipe,
        stage: &TrialStage,
        message: &TrialMessage,
        supplied: &Supplied,
        aim: Aim<'_>,
        seen: &mut Seen,
    ) -> Tried {
        if let Some(each) = &recipe.each {
            return self.try_elements(each, recipe, stage, message, supplied, aim, seen);
        }
        let compares = !matches!(aim, Aim::Text(_));
        let verifier = Verifier {
            interpreter: self,
            recipe,
            repeated: stage.repeated,
            later: &stage.later,
            supplied,
            compares,
        };
        Trial { verifier, message, aim, seen }.run().unwrap_or_default()
    }

    /// Tries a recipe over each element of an array: all of them must fit what stands in them; of an expected
    /// signature or text one is enough. The text is that of the element that decides.
    #[allow(clippy::too_many_arguments)] // those of `try_recipe`
    fn try_elements(
        &self,
        each: &FieldPath,
        recipe: &Recipe,
        stage: &TrialStage,
        message: &TrialMessage,
        supplied: &Supplied,
        aim: Aim<'_>,
        seen: &mut Seen,
    ) -> Tried {
        let of_one = Recipe { each: None, ..recipe.clone() };
        let own = TrialStage { later: Vec::new(), ..stage.clone() };
        let mut last = Tried::default();
        for index in 0..message.view.elements(each).unwrap_or_default() {
            let Ok(view) = message.view.element(each, index) else { return Tried::default() };
            let element = TrialMessage { view, ..message.clone() };
            last = self.try_recipe(&of_one, &own, &element, supplied, aim, seen);
            if last.fits != matches!(aim, Aim::InMessage) {
                break;
            }
        }
        last
    }
}

struct Trial<'t, 'a> {
    verifier: Verifier<'t>,
    message: &'t TrialMessage,
    aim: Aim<'a>,
    seen: &'t mut Seen,
}

impl Trial<'_, '_> {
    fn run(&mut self) -> Result<Tried, Unfit> {
        let recipe = self.verifier.recipe;
        let interpreter = self.verifier.interpreter;
        let mut beside =
            Beside { given: interpreter.given(recipe, self.verifier.supplied)?, ..Beside::default() };
        let written = self.written()?;
        self.fresh(written.as_deref(), &mut beside)?;
        let is_opened = matches!(recipe.seal.algorithm, Algorithm::Cipher { .. }) && !recipe.is_encryption();
        if is_opened && !self.message.is_own() {
            return self.opened_seal(written.as_deref(), &beside);
        }
        let mut changed;
        let mut view = &self.message.view;
        let mut checked = Checked::default();
        if !recipe.parts.is_empty() {
            changed = self.message.view.clone();
            self.verifier.parts(recipe, &mut changed, &mut beside, &mut checked)?;
            view = &changed;
        }
        let own = self.verifier.own(recipe, recipe.parts.len());
        let composer = self.verifier.composer(recipe, recipe, view, &beside, &own)?;
        if recipe.is_encryption() && !self.message.is_own() {
            let Some(tried) = opened_payload(&composer, written.as_deref(), self.aim)? else {
                return Err(Unfit::Mismatch);
            };
            return Ok(tried);
        }
        let text = composer.text()?;
        let fits = match self.aim {
            Aim::Text(expected) => {
                text.bytes() == expected || checked.texts.iter().any(|(_, text)| text.bytes() == expected)
            }
            Aim::Signature(expected) => {
                fits(self.seen, &composer, &text, &[expected.to_owned()])?
                    && (!self.message.is_own() || is_written_so(&composer, expected))
            }
            Aim::InMessage => {
                let place = recipe.place.as_ref().ok_or(Unfit::Mismatch)?;
                let candidates = composer.signatures_in_place(place, &written.unwrap_or_default())?;
                fits(self.seen, &composer, &text, &candidates)?
            }
        };
        Ok(Tried { fits, text: Some(text), opened: checked.opened })
    }

    /// What stands at the place of the signature, or is taken for it.
    fn written(&self) -> Result<Option<String>, Unfit> {
        if let Some(written) = &self.message.signature {
            return Ok(Some(written.clone()));
        }
        match (self.verifier.written(self.verifier.recipe, &self.message.view), self.aim) {
            (Ok(written), _) => Ok(Some(written)),
            (Err(refusal), Aim::InMessage) => Err(Unfit::Because(refusal)),
            (Err(_), _) => Ok(None),
        }
    }

    /// Fresh values: those that the signer of our own message knows, else those that are found in the message.
    fn fresh(&self, written: Option<&str>, beside: &mut Beside) -> Result<(), Unfit> {
        let recipe = self.verifier.recipe;
        let interpreter = self.verifier.interpreter;
        let Some(known) = &self.message.fresh else {
            return Ok(self.verifier.find_fresh(recipe, &self.message.view, written, beside)?);
        };
        let supplied = Supplied { fresh: known.clone(), ..self.verifier.supplied.clone() };
        let now = interpreter.now(&supplied);
        for fresh in &recipe.fresh {
            beside.fresh.push(interpreter.make_fresh(fresh, &supplied, now)?);
        }
        Ok(())
    }

    /// A digest that travels encrypted.
    fn opened_seal(&self, written: Option<&str>, beside: &Beside) -> Result<Tried, Unfit> {
        let recipe = self.verifier.recipe;
        let view = &self.message.view;
        let place = recipe.place.as_ref().ok_or(Unfit::Mismatch)?;
        let candidates = match (self.aim, written) {
            (Aim::Signature(expected), _) => vec![expected.to_owned()],
            (_, Some(written)) => {
                let own = self.verifier.own(recipe, 0);
                let composer = self.verifier.composer(recipe, recipe, view, beside, &own)?;
                composer.early_signatures(place, written)?
            }
            (_, None) => return Err(Unfit::Mismatch),
        };
        for candidate in candidates {
            let Ok(checked) = self.verifier.opened_candidate(recipe, view, &candidate, beside.clone()) else {
                continue;
            };
            let fits = match self.aim {
                Aim::Text(expected) => checked.texts.iter().any(|(_, text)| text.bytes() == expected),
                Aim::InMessage | Aim::Signature(_) => true,
            };
            let text = checked.texts.last().map(|(_, text)| text.clone());
            return Ok(Tried { fits, text, opened: Vec::new() });
        }
        Err(Unfit::Mismatch)
    }
}

/// A payload that came encrypted. Without a tag anything that looks like text counts as opened.
fn opened_payload(
    composer: &Composer<'_>,
    written: Option<&str>,
    aim: Aim<'_>,
) -> Result<Option<Tried>, Unfit> {
    let Some(place) = &composer.recipe.place else { return Ok(None) };
    let plain = match (aim, written) {
        (Aim::Signature(expected), _) => {
            let opened = composer.opened(expected)?;
            text::decode(composer.charset, &opened).ok_or(Unfit::Mismatch)?
        }
        (_, Some(written)) => open_first(composer, place, written)?,
        (_, None) => return Ok(None),
    };
    let fits = match aim {
        Aim::Text(expected) => plain.as_bytes() == expected,
        Aim::InMessage | Aim::Signature(_) => is_plain(&plain),
    };
    let opened = match &place.carrier {
        ir::PlaceCarrier::Field(path) => vec![(path.clone(), plain)],
        ir::PlaceCarrier::Header(_) | ir::PlaceCarrier::Query(_) => Vec::new(),
    };
    Ok(Some(Tried { fits, text: None, opened }))
}

/// Whether the recipe writes these bytes in these very characters: what we send is compared by providers as text.
fn is_written_so(composer: &Composer<'_>, expected: &str) -> bool {
    let output = composer.recipe.seal.output;
    let bytes = read_output(expected, output, composer.charset);
    let written = bytes.and_then(|bytes| write_output(bytes, output, composer.charset).ok());
    written.and_then(|written| written.text(composer.charset).ok()).is_some_and(|written| written == expected)
}

/// Whether it looks like something that somebody has encrypted.
fn is_plain(text: &str) -> bool {
    text.len() > 3 && text.chars().all(|own| !own.is_control() || own.is_ascii_whitespace())
}

/// Whether one of the signatures is one of the text. What was compared before is not compared again.
fn fits(
    seen: &mut Seen,
    composer: &Composer<'_>,
    text: &SignedText,
    candidates: &[String],
) -> Result<bool, Unfit> {
    let mut hasher = DefaultHasher::new();
    text.bytes().hash(&mut hasher);
    candidates.hash(&mut hasher);
    format!("{:?}", composer.recipe.seal).hash(&mut hasher);
    hash_key(composer, &mut hasher)?;
    let hash = hasher.finish();
    if let Some(known) = seen.results.get(&hash) {
        return Ok(*known);
    }
    let mut fits = false;
    for candidate in candidates.iter().filter(|candidate| !candidate.is_empty()) {
        match composer.verified(text.bytes(), candidate) {
            Ok(()) => fits = true,
            Err(Unverified::Malformed | Unverified::Mismatch) => {}
            Err(error) => return Err(error.into()),
        }
    }
    seen.results.insert(hash, fits);
    Ok(fits)
}

/// What of the message decides about the key.
fn hash_key(composer: &Composer<'_>, hasher: &mut DefaultHasher) -> Result<(), RecipeError> {
    let pieces = match &composer.recipe.seal.key {
        None | Some(Key::Credential { id: None, .. }) => return Ok(()),
        Some(Key::Credential { id: Some(pieces), .. } | Key::Computed(pieces)) => pieces,
    };
    composer.pieces(pieces)?.bytes().hash(hasher);
    Ok(())
}
