//! Signing and verifying with notes taken: the roads of `request`, `gateway`, `callback` and `reply`, as far as recipes
//! are concerned. Nothing is judged that has to do neither with the text nor with the signature.

use std::sync::Arc;

use payspec_codegen::ir::{self, Operation};

use crate::account::{Fate, Source, ValueAccount, Why};
use crate::draft::Draft;
use crate::fate::nothing_of;
use crate::incoming::{Incoming, Refusal};
use crate::notes::Notes;
use crate::request::{Filled, PrepareError, is_callers};
use crate::signed_text::{MASK, RecipeError};
use crate::supplied::Supplied;
use crate::validate::Violation;
use crate::value::{Map, Value};
use crate::view::View;
use crate::{Interpreter, text};

/// What became of a request that was signed for an account.
pub(crate) struct SignedRequest {
    /// Inputs that are not sent, and why.
    pub(crate) not_sent: Vec<ValueAccount>,
    /// The fields of the message, where placed values have joined them.
    pub(crate) fields: Vec<(Source, String)>,
    pub(crate) violations: Vec<Violation>,
    pub(crate) broken: Option<RecipeError>,
}

impl Interpreter {
    /// Signs a request as far as it goes, whatever the provider would say about its fields.
    pub(crate) fn sign_telling(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        supplied: &Supplied,
        notes: &Arc<Notes>,
    ) -> Result<SignedRequest, PrepareError> {
        let operation = self.known_operation(operation)?;
        let now = self.now(supplied);
        let supplied = Supplied { now: Some(now), ..supplied.clone() };
        let filled = self.fill(operation, inputs, now)?;
        let mut not_sent = self.not_written(operation, inputs, &filled);
        let url = self.url(operation).ok();
        let mut draft = self.draft(operation, filled.entries(), url)?;
        let broken = self.sign_draft_telling(operation, &mut draft, &supplied, notes, &mut not_sent).err();
        let names = |fields: &[(String, crate::write::Written)], source: Source| {
            fields.iter().map(|(name, _)| (source, name.clone())).collect::<Vec<_>>()
        };
        let mut fields = names(&draft.query, Source::Query);
        fields.extend(names(&draft.body, Source::Body));
        Ok(SignedRequest { not_sent, fields, violations: filled.violations, broken })
    }

    fn sign_draft_telling(
        &self,
        operation: &Operation,
        draft: &mut Draft,
        supplied: &Supplied,
        notes: &Arc<Notes>,
        not_sent: &mut Vec<ValueAccount>,
    ) -> Result<(), RecipeError> {
        let view_of = |draft: &Draft| -> Result<View, RecipeError> {
            Ok(self.watched(&operation.signature, self.view_of_draft(operation, draft)?, notes))
        };
        let view = view_of(draft)?;
        for recipe in self.recipes(&operation.signature, &view)? {
            // What cannot be judged is told by the recipe itself.
            let Ok(dropped) = self.dropped(recipe, &view) else { continue };
            for fields in [&mut draft.query, &mut draft.body] {
                fields.retain(|(name, written)| {
                    let is_dropped = dropped.contains(name);
                    if is_dropped {
                        let why = nothing_of(written.plain()).map_or(Why::Nested, Why::Nothing);
                        not_sent.push(input(name, String::from(written.plain()), why));
                    }
                    !is_dropped
                });
            }
        }
        self.sign_draft(&operation.signature, draft, &view_of, supplied).map(|_| ())
    }

    /// Inputs that are nothing, and therefore not written at all.
    fn not_written(&self, operation: &Operation, inputs: &Map<Value>, filled: &Filled) -> Vec<ValueAccount> {
        let is_wrong = |name: &str| {
            filled.violations.iter().any(|violation| {
                let path = violation.path.split(['.', '[']).next();
                path == Some(name)
            })
        };
        let fields = operation.request.iter().zip(filled.entries());
        let not_written = fields.filter(|(sent, entry)| {
            let name = &sent.field.name.wire;
            entry.is_none() && is_callers(sent) && inputs.contains(name) && !is_wrong(name)
        });
        not_written
            .map(|(sent, _)| {
                let name = &sent.field.name.wire;
                let shown = match inputs.get(name) {
                    Some(Value::Text(text)) if text::is_blank(text) => text.clone(),
                    _ => String::new(),
                };
                input(name, shown, Why::AbsentWhen)
            })
            .collect()
    }

    /// Verifies a request as it was sent. `Ok(Err(_))`: no recipe is chosen.
    pub(crate) fn tell_sent_request(
        &self,
        operation: &str,
        incoming: &Incoming<'_>,
        supplied: &Supplied,
        notes: &Arc<Notes>,
    ) -> Result<Result<(), RecipeError>, Refusal> {
        let (operation, query, body) = self.read_request(operation, incoming)?;
        let parameters = self.request_parameters(operation, &query, &body)?;
        let view = self.view_of_request(operation, &parameters, incoming);
        Ok(self.tell(&operation.signature, view, supplied, notes))
    }

    /// Verifies a callback. `Ok(Err(_))`: no recipe is chosen.
    pub(crate) fn tell_callback(
        &self,
        callback: &str,
        incoming: &Incoming<'_>,
        supplied: &Supplied,
        notes: &Arc<Notes>,
    ) -> Result<Result<(), RecipeError>, Refusal> {
        let (callback, letter) = self.letter(callback, incoming)?;
        let parameters = self.parameters_of(callback, &letter)?;
        let view = self.view_of_callback(callback, &parameters, incoming);
        Ok(self.tell(&callback.signature, view, supplied, notes))
    }

    /// Verifies an answer. `Ok(Err(_))`: no recipe is chosen.
    pub(crate) fn tell_reply(
        &self,
        operation: &str,
        headers: &[(String, String)],
        body: &[u8],
        supplied: &Supplied,
        notes: &Arc<Notes>,
    ) -> Result<Result<(), RecipeError>, Refusal> {
        let (envelope, view) = self.view_of_answer(operation, headers, body, supplied)?;
        Ok(self.tell(&envelope.signature, view, supplied, notes))
    }

    fn tell(
        &self,
        signature: &ir::Signature,
        view: View,
        supplied: &Supplied,
        notes: &Arc<Notes>,
    ) -> Result<(), RecipeError> {
        self.tell_view(signature, self.watched(signature, view, notes), supplied)
    }

    /// The view with notes taken. Where a recipe places a constant, what stands there is the secret itself, or an
    /// attempt at it.
    fn watched(&self, signature: &ir::Signature, view: View, notes: &Arc<Notes>) -> View {
        let recipes = signature.recipes().into_iter().map(|id| &self.provider[id]);
        let constants = recipes.filter(|recipe| recipe.seal.algorithm == ir::Algorithm::None);
        let constants = constants.filter_map(|recipe| recipe.place.as_ref());
        let fields = constants.filter_map(|place| match &place.carrier {
            ir::PlaceCarrier::Field(path) => Some(path.first().to_owned()),
            ir::PlaceCarrier::Query(name) => Some(name.clone()),
            ir::PlaceCarrier::Header(_) => None,
        });
        let hidden = fields.map(|name| (name, MASK.to_owned())).chain(view.hidden.iter().cloned()).collect();
        View { hidden, notes: Some(Arc::clone(notes)), ..view }
    }
}

/// An input that is not sent. What is not nothing is not shown: it may be personal.
fn input(name: &str, shown: String, why: Why) -> ValueAccount {
    let shown = if nothing_of(&shown).is_some() { shown } else { MASK.to_owned() };
    ValueAccount {
        name: name.to_owned(),
        source: Source::Input,
        shown: Some(shown),
        fate: Fate::LeftOut(why),
        inside: Vec::new(),
    }
}
