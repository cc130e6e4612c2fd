//! The fake provider's books: which orders it has accepted, what they were sent with, what became of them.
//!
//! An order is found by the fields that a query repeats. Which ones these are the spec says, in `resolved_by`; where
//! a query is only named there ("by hand"), an order matches when it carries one of the query's values somewhere.

use payspec_codegen::ir::{Effect, OperationId, Provider, Word};
use payspec_interpreter::{Map, Value};

/// An order in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its number in the books, from 1.
    pub number: usize,
    /// The operation that made it.
    pub operation: OperationId,
    /// What it was sent with, by wire name; the payload's members stand among them.
    pub fields: Map<Value>,
    /// What became of it.
    pub state: Word,
}

/// Every order, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Book {
    orders: Vec<Order>,
}

impl Book {
    /// Enters an accepted request. The state it begins in follows from what the operation can do.
    pub(crate) fn enter(&mut self, provider: &Provider, operation: OperationId, fields: Map<Value>) -> Order {
        let state = match provider[operation].effect {
            Effect::Pays if provider[operation].reply.is_some() => Word::Paid,
            Effect::Refunds => Word::Refunded,
            Effect::Closes => Word::Closed,
            _ => Word::Pending,
        };
        let order = Order { number: self.orders.len() + 1, operation, fields, state };
        self.orders.push(order.clone());
        order
    }

    /// The order that repeats the identifying fields of this request, if there is one.
    pub(crate) fn same(
        &self,
        provider: &Provider,
        operation: OperationId,
        fields: &Map<Value>,
    ) -> Option<&Order> {
        let resolution = provider[operation].resolved_by.as_ref()?;
        let keys: Vec<&str> = resolution.fill.iter().map(|(_, ours)| ours.wire.as_str()).collect();
        if keys.is_empty() {
            return None;
        }
        self.orders.iter().find(|order| {
            order.operation == operation && keys.iter().all(|key| order.fields.get(key) == fields.get(key))
        })
    }

    /// The newest order that a query asks for.
    pub(crate) fn asked_for(
        &self,
        provider: &Provider,
        query: OperationId,
        fields: &Map<Value>,
    ) -> Option<&Order> {
        self.orders.iter().rev().find(|order| answers(provider, order, query, fields))
    }

    /// Changes what became of an order.
    pub(crate) fn settle(&mut self, number: usize, state: Word) -> Option<Order> {
        let order = self.orders.iter_mut().find(|order| order.number == number)?;
        order.state = state;
        Some(order.clone())
    }

    /// The order of this number.
    pub(crate) fn order(&self, number: usize) -> Option<&Order> {
        self.orders.iter().find(|order| order.number == number)
    }

    /// Every order.
    pub(crate) fn orders(&self) -> &[Order] {
        &self.orders
    }
}

fn answers(provider: &Provider, order: &Order, query: OperationId, fields: &Map<Value>) -> bool {
    let Some(resolution) = &provider[order.operation].resolved_by else { return false };
    if resolution.operation != Some(query) {
        return false;
    }
    if resolution.by_hand {
        return fields.iter().any(|(name, value)| order.fields.iter().any(|own| carries(own, name, value)));
    }
    resolution.fill.iter().all(|(theirs, ours)| {
        fields.get(&theirs.wire).is_some_and(|value| order.fields.get(&ours.wire) == Some(value))
    })
}

/// Whether a value, or something inside it, has this name and value.
fn carries((own_name, own): (&str, &Value), name: &str, value: &Value) -> bool {
    match own {
        Value::Text(_) | Value::Json(_) => own_name == name && own == value,
        Value::List(items) => items.iter().any(|item| carries((own_name, item), name, value)),
        Value::Object(members) => members.iter().any(|member| carries(member, name, value)),
    }
}
