//! Inputs of requests.

use payspec_codegen::ir::{Carrier, Field, Kind, Operation, Origin};
use payspec_interpreter::{Map, Value};

use super::Draw;
use crate::bridge::seal;

impl Draw<'_> {
    /// What a caller could give for an operation.
    ///
    /// # Panics
    /// The spec has no such operation.
    pub fn inputs(&mut self, operation: &str) -> Map<Value> {
        let provider = self.provider();
        let operation =
            provider.operations.iter().find(|known| known.name.wire == operation).expect("an operation");
        let trims = self.trims(operation);
        let callers = operation.request.iter().filter(|sent| {
            sent.origin == Origin::Caller && !matches!(sent.field.kind, Kind::Fixed(_) | Kind::Signature)
        });
        let fields: Vec<(&Field, bool)> =
            callers.map(|sent| (&sent.field, trims && sent.carrier != Carrier::Payload)).collect();
        let mut inputs = Map::new();
        for (field, trimmed) in &fields {
            if let Some(value) = self.perhaps(field, *trimmed) {
                inputs.insert(&field.name.wire, value);
            }
        }
        for sent in operation.request.iter().filter(|sent| sent.carrier == Carrier::Header) {
            self.fit_a_header(&mut inputs, &sent.field);
        }
        let fields: Vec<&Field> = fields.iter().map(|(field, _)| *field).collect();
        self.obey(&mut inputs, &fields, &operation.rules);
        inputs
    }

    /// A header holds visible ASCII; nearly always, that is what it is given.
    fn fit_a_header(&mut self, inputs: &mut Map<Value>, field: &Field) {
        let name = &field.name.wire;
        if let Some(text) = inputs.get(name).and_then(Value::as_text)
            && !self.once_in(30)
        {
            let visible = |letter: char| if letter.is_ascii_graphic() { letter } else { 'x' };
            inputs.insert(name, Value::from(text.chars().map(visible).collect::<String>()));
        }
    }

    fn trims(&self, operation: &Operation) -> bool {
        let recipe = seal::recipe(&self.random.provider, &operation.signature, &self.random.settings);
        recipe.and_then(|recipe| recipe.list.as_ref()).is_some_and(|list| list.trim)
    }
}
