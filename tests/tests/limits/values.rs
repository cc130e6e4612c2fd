//! Values that fit, and values of a wanted size: made from the limits of a field, for any spec.

use payspec_codegen::ir::{
    AmongValue, AmountUnit, Field, Item, JsonOf, Kind, Limits, Operation, Origin, Provider, Rule, RuleKind,
    Shape, StartsWith, TypeId,
};
use payspec_interpreter::{Map, Value};

/// The day that the clock shows, and its neighbours.
pub(crate) const DAYS: [&str; 5] = ["20220523", "20220524", TODAY, "20220526", "20220527"];
const TODAY: &str = "20220525";

/// The shortest address that stands in for any.
const ADDRESS: &str = "https://a.b/";

/// A field that a caller fills in, and the fields that it lies in: `trade_info`, `goodsDetail`, `price`.
#[derive(Clone, Debug)]
pub(crate) struct Target<'p> {
    pub(crate) operation: &'p Operation,
    pub(crate) chain: Vec<&'p Field>,
    /// The type or operation that the field belongs to.
    pub(crate) owner: String,
}

impl<'p> Target<'p> {
    pub(crate) fn field(&self) -> &'p Field {
        self.chain.last().unwrap()
    }

    /// `provider.owner.field`, as the table and the facts have it.
    pub(crate) fn place(&self, provider: &Provider) -> String {
        format!("{}.{}.{}", provider.name, self.owner, self.field().name.wire)
    }

    /// `trade_info.goodsDetail[0].price`.
    pub(crate) fn path(&self) -> String {
        let (last, around) = self.chain.split_last().unwrap();
        let step = |field: &&Field| match field.kind {
            Kind::List { .. } => format!("{}[0].", field.name.wire),
            _ => format!("{}.", field.name.wire),
        };
        around.iter().map(step).collect::<String>() + &last.name.wire
    }
}

/// Makes values for the fields of one spec.
pub(crate) struct Maker<'p> {
    pub(crate) provider: &'p Provider,
    /// The value of any public credential.
    pub(crate) credential: &'static str,
}

impl<'p> Maker<'p> {
    /// Every field that a caller fills in, those inside objects too.
    pub(crate) fn targets(&self) -> Vec<Target<'p>> {
        let mut targets = Vec::new();
        for operation in &self.provider.operations {
            for field in callers(operation) {
                self.collect(operation, &operation.name.wire, &[], field, &mut targets);
            }
        }
        targets
    }

    fn collect(
        &self,
        operation: &'p Operation,
        owner: &str,
        around: &[&'p Field],
        field: &'p Field,
        all: &mut Vec<Target<'p>>,
    ) {
        let chain: Vec<&Field> = around.iter().copied().chain([field]).collect();
        if let Some(id) = object(&field.kind) {
            for member in members(self.provider, id) {
                self.collect(operation, &self.provider[id].name, &chain, member, all);
            }
        }
        all.push(Target { operation, chain, owner: owner.to_owned() });
    }

    /// Everything that is required, and the target with this value; without one it is left out.
    pub(crate) fn inputs(&self, target: &Target<'p>, value: Option<Value>) -> Map<Value> {
        let fields = callers(target.operation);
        self.around(&fields, &target.operation.rules, &target.chain, value)
    }

    /// A seller has to be among the sellers: lets the list name the value as well.
    pub(crate) fn allowed(&self, target: &Target<'p>, value: Option<Value>) -> Map<Value> {
        let mut inputs = self.inputs(target, value.clone());
        for rule in &target.operation.rules {
            let RuleKind::Among { field, values } = &rule.kind else { continue };
            let list = values.iter().find_map(|value| match value {
                AmongValue::Member(path) => Some(path),
                AmongValue::Credential(_) => None,
            });
            if let (Some(path), Some(value), [only]) = (list, &value, target.chain.as_slice())
                && only.name == *field
                && let Some(Value::List(items)) = inputs.get(&path.list.wire)
                && let Some(Value::Object(item)) = items.first()
            {
                let mut item = item.clone();
                item.insert(&path.member.wire, value.clone());
                inputs.insert(&path.list.wire, Value::List(vec![Value::Object(item)]));
            }
        }
        inputs
    }

    fn around(
        &self,
        fields: &[&Field],
        rules: &[Rule],
        chain: &[&Field],
        value: Option<Value>,
    ) -> Map<Value> {
        let mut inputs = self.minimal(fields, rules, 0);
        let (first, inside) = chain.split_first().unwrap();
        let value = match object(&first.kind).filter(|_| !inside.is_empty()) {
            None => value,
            Some(id) => {
                let members = members(self.provider, id);
                let inner =
                    Value::Object(self.around(&members, object_rules(self.provider, id), inside, value));
                Some(if matches!(first.kind, Kind::List { .. }) { Value::List(vec![inner]) } else { inner })
            }
        };
        match value {
            Some(value) => inputs.insert(&first.name.wire, value),
            None => inputs.remove(&first.name.wire),
        };
        inputs
    }

    /// What is required, and what the rules ask for.
    fn minimal(&self, fields: &[&Field], rules: &[Rule], index: usize) -> Map<Value> {
        let mut inputs: Map<Value> = Map::new();
        for field in fields.iter().filter(|field| field.required) {
            inputs.insert(&field.name.wire, self.value(field, index));
        }
        let field = |name: &str| fields.iter().find(|field| field.name.wire == name).unwrap();
        for rule in rules {
            match &rule.kind {
                RuleKind::AnyOf(names) => {
                    let name = &names.first().unwrap().wire;
                    inputs.insert(name, self.value(field(name), index));
                }
                RuleKind::Among { field, values } if values.iter().any(is_credential) => {
                    inputs.insert(&field.wire, Value::from(self.credential));
                }
                _ => {}
            }
        }
        inputs
    }

    /// A value that keeps every limit and all advice; another for each index.
    fn value(&self, field: &Field, index: usize) -> Value {
        let text = match &field.kind {
            Kind::Text => return Value::from(self.text(field, usual_length(field), index)),
            Kind::Url => return Value::from(ADDRESS),
            Kind::Integer { .. } => "1".to_owned(),
            Kind::Amount { unit: AmountUnit::Yuan, .. } => "1.00".to_owned(),
            Kind::Amount { unit: AmountUnit::Fen, .. } => "100".to_owned(),
            Kind::Date(_) => TODAY.to_owned(),
            Kind::Duration { .. } => "96h".to_owned(),
            Kind::Enum(id) => match &self.provider[*id].shape {
                Shape::Enum(values) => values.first().unwrap().name.wire.clone(),
                Shape::Object { .. } => unreachable!("an enumeration is no object"),
            },
            Kind::List { .. } => return self.items(field, 1),
            Kind::Object(id) | Kind::Json(JsonOf::Object(id)) => return self.object(*id, index),
            Kind::Json(JsonOf::Any) => "{}".to_owned(),
            other => panic!("`{}` is a {other:?}, which no shipped spec sends", field.name.wire),
        };
        Value::from(text)
    }

    fn object(&self, id: TypeId, index: usize) -> Value {
        let members = members(self.provider, id);
        Value::Object(self.minimal(&members, object_rules(self.provider, id), index))
    }

    /// A list of so many items.
    pub(crate) fn items(&self, field: &Field, count: usize) -> Value {
        let Kind::List { of, .. } = &field.kind else { panic!("`{}` is no list", field.name.wire) };
        let item = |index| match of {
            Item::Text => Value::from(format!("item{index}")),
            Item::Url => Value::from(format!("{ADDRESS}{index}")),
            Item::Object(id) => self.object(*id, index),
        };
        Value::List((0..count).map(item).collect())
    }

    /// A text of this length with the right beginning, in the right alphabet, that ends with the index.
    fn text(&self, field: &Field, length: usize, index: usize) -> String {
        let tail = if index == 0 { String::new() } else { index.to_string() };
        let mut text = self.beginning(field);
        let filled = text.len() + tail.len();
        text.extend(std::iter::repeat_n('a', length.saturating_sub(filled)));
        text.push_str(&tail);
        text.chars().take(length).collect()
    }

    /// What a text has to begin with, or should.
    pub(crate) fn beginning(&self, field: &Field) -> String {
        match field.limits.starts_with.as_ref().or(field.advice.starts_with.as_ref()) {
            Some(StartsWith::Date { .. }) => TODAY.to_owned(),
            Some(StartsWith::Credential(_)) => self.credential.to_owned(),
            None => String::new(),
        }
    }

    /// A value whose text has this length; nothing if none can be so short.
    pub(crate) fn of_length(&self, field: &Field, length: usize) -> Option<Value> {
        let fill = |least: usize| length.checked_sub(least).map(|more| "a".repeat(more));
        match &field.kind {
            Kind::Text => Some(Value::from(self.text(field, length, 0))),
            Kind::Url => Some(Value::from(format!("{ADDRESS}{}", fill(ADDRESS.len())?))),
            Kind::List { of: Item::Url, .. } => {
                Some(Value::List(vec![Value::from(format!("{ADDRESS}{}", fill(ADDRESS.len())?))]))
            }
            Kind::Json(JsonOf::Object(id)) => {
                let Value::Object(members) = self.object(*id, 0) else { return None };
                let text = |value: &Value| value.as_text().expect("required members are texts").to_owned();
                let members: Vec<String> =
                    members.iter().map(|(name, value)| format!("\"{name}\":\"{}\"", text(value))).collect();
                let around = |more: &str| format!("{{{},\"x\":\"{more}\"}}", members.join(","));
                Some(Value::from(around(&fill(around("").len())?)))
            }
            other => panic!("`{}` is a {other:?} with a length", field.name.wire),
        }
    }

    /// The shortest length that a value can have which is right in everything else.
    pub(crate) fn shortest(&self, field: &Field) -> usize {
        match &field.kind {
            Kind::Text if field.limits.starts_with.is_some() => self.beginning(field).len(),
            Kind::Text => 1,
            _ => (1..).find(|length| self.of_length(field, *length).is_some()).unwrap(),
        }
    }
}

/// The fields of an operation that a caller fills in.
fn callers(operation: &Operation) -> Vec<&Field> {
    let is_callers =
        |sent: &&payspec_codegen::ir::SentField| sent.origin == Origin::Caller && is_member(&sent.field);
    operation.request.iter().filter(is_callers).map(|sent| &sent.field).collect()
}

fn is_member(field: &Field) -> bool {
    !matches!(field.kind, Kind::Fixed(_) | Kind::Signature)
}

/// The object that lies in a value.
fn object(kind: &Kind) -> Option<TypeId> {
    match kind {
        Kind::Object(id) | Kind::Json(JsonOf::Object(id)) | Kind::List { of: Item::Object(id), .. } => {
            Some(*id)
        }
        _ => None,
    }
}

fn members(provider: &Provider, id: TypeId) -> Vec<&Field> {
    match &provider[id].shape {
        Shape::Object { fields, .. } => fields.iter().filter(|field| is_member(field)).collect(),
        Shape::Enum(_) => Vec::new(),
    }
}

fn object_rules(provider: &Provider, id: TypeId) -> &[Rule] {
    match &provider[id].shape {
        Shape::Object { rules, .. } => rules,
        Shape::Enum(_) => &[],
    }
}

fn is_credential(value: &AmongValue) -> bool {
    matches!(value, AmongValue::Credential(_))
}

/// Neither short nor long: room for a beginning and an index.
fn usual_length(field: &Field) -> usize {
    let ends = |limits: &Limits| limits.length.map(|length| length.bounds);
    let (limits, advice) = (ends(&field.limits), ends(&field.advice));
    let most =
        [limits, advice].into_iter().flatten().filter_map(|bounds| bounds.max).min().unwrap_or(u64::MAX);
    usize::try_from(most.min(12)).unwrap()
}
