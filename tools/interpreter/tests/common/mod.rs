//! A provider made by hand: every construct of the IR once, without the compiler in front.
#![allow(dead_code, unreachable_pub)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::sync::Arc;

use payspec_codegen::ir::*;
use payspec_interpreter::{
    CallbackMessage, CredentialValue, Incoming, Instant, Interpreter, Map, Notice, Refusal, Settings,
    Supplied, Value as Given, Verified,
};
use payspec_runtime::Secret;

/// 2024-02-29 12:00:00 in the zone of the provider.
pub const NOW: Instant = Instant::from_unix_seconds(1_709_179_200);

pub fn name(wire: &str) -> Name {
    Name { wire: wire.to_owned(), snake: wire.to_lowercase(), pascal: wire.to_owned() }
}

pub fn field(wire: &str, kind: Kind) -> Field {
    let (wire, required) = match wire.strip_suffix('?') {
        Some(wire) => (wire, false),
        None => (wire, true),
    };
    Field {
        name: name(wire),
        required,
        kind,
        doc: String::new(),
        sources: Vec::new(),
        example: None,
        sensitive: false,
        deprecated: None,
        limits: Limits::default(),
        advice: Limits::default(),
    }
}

pub fn length(mut field: Field, min: u64, max: u64) -> Field {
    let bounds = Bounds { min: Some(min), max: Some(max) };
    field.limits.length = Some(Length { bounds, unit: LengthUnit::Chars });
    field
}

pub fn range(mut field: Field, min: &str, max: &str) -> Field {
    field.limits.range = Some(Bounds { min: Some(min.to_owned()), max: Some(max.to_owned()) });
    field
}

pub fn yuan(json: JsonForm) -> Kind {
    Kind::Amount { unit: AmountUnit::Yuan, scale: 2, read_scale: 2, digits: Digits::Fixed, json }
}

pub fn sent(wire: &str, kind: Kind) -> SentField {
    SentField { field: field(wire, kind), origin: Origin::Caller, carrier: Carrier::Outer }
}

pub fn filled(wire: &str, kind: Kind, origin: Origin) -> SentField {
    SentField { origin, ..sent(wire, kind) }
}

pub fn received(wire: &str, kind: Kind) -> ReceivedField {
    ReceivedField { field: field(wire, kind), header: None, equals: None, echo: None, unsigned: false }
}

pub fn echo(wire: &str, kind: Kind, of: &str) -> ReceivedField {
    ReceivedField { echo: Some(name(of)), ..received(wire, kind) }
}

pub fn credential(of: &str) -> CredentialPath {
    CredentialPath { name: name(of), member: None }
}

pub fn is(wire: &str, text: &str) -> Condition {
    Condition(vec![(name(wire), Test::Is(vec![text.to_owned()]))])
}

pub fn rule(kind: RuleKind) -> Rule {
    Rule { kind, when: Condition::default(), advice: false, doc: None, sources: Vec::new() }
}

pub fn literal(text: &str) -> Piece {
    Piece::Literal(text.to_owned())
}

pub fn value(from: Operand) -> Piece {
    Piece::Value { from, filters: Vec::new() }
}

pub fn all(action: EmptyAction) -> Empties {
    Empties { absent: action.clone(), json_null: action.clone(), empty: action, blank: EmptyAction::Keep }
}

/// The signature alone, in a field.
pub fn in_field(wire: &str) -> Place {
    in_carrier(PlaceCarrier::Field(FieldPath::field(wire)))
}

/// The signature alone, in a header.
pub fn in_header(wire: &str) -> Place {
    in_carrier(PlaceCarrier::Header(wire.to_owned()))
}

pub fn in_carrier(carrier: PlaceCarrier) -> Place {
    Place { carrier, template: vec![Piece::Signature], items: None }
}

pub fn key_of(wire: &str) -> Option<Key> {
    Some(Key::Credential { path: credential(wire), id: None })
}

pub fn path(dotted: &str) -> FieldPath {
    FieldPath(dotted.split('.').map(str::to_owned).collect())
}

pub fn names(all: &[&str]) -> Selection {
    Selection::Named(all.iter().map(|name| Entry::Name((*name).to_owned())).collect())
}

/// Every field by name, `a=1&b=2`, with the secret among them; MD5.
pub fn md5_recipe(wire: &str, empties: Empties) -> Recipe {
    Recipe {
        name: name(wire),
        each: None,
        list: Some(List {
            fields: Selection::All,
            except: Vec::new(),
            add: vec![("secret".to_owned(), vec![value(Operand::Credential(credential("secret")))])],
            names: Names::AsIs,
            trim: false,
            numbers: None,
            nested: Nested::Refuse,
            also_empty: Vec::new(),
            empties,
            order: Order::ByName,
            pair: vec![
                PairPiece::Name(Vec::new()),
                PairPiece::Literal("=".to_owned()),
                PairPiece::Value(Vec::new()),
            ],
            join: "&".to_owned(),
        }),
        empties: Empties::REFUSE,
        text: vec![Piece::List],
        transform: Vec::new(),
        charset: Encoding::Fixed(Charset::Utf8),
        repeated: Repeated::Refuse,
        parts: Vec::new(),
        seal: Seal { algorithm: Algorithm::Digest(Digest::Md5), key: None, output: Output::HexLower },
        place: Some(in_field("sign")),
        fresh: Vec::new(),
        given: Vec::new(),
        tolerance: None,
        also_accept: Vec::new(),
    }
}

/// One template, no list.
pub fn text_recipe(wire: &str, text: Vec<Piece>, seal: Seal) -> Recipe {
    Recipe { list: None, text, seal, ..md5_recipe(wire, all(EmptyAction::Keep)) }
}

pub fn envelope() -> Envelope {
    Envelope {
        name: name("api"),
        doc: String::new(),
        sources: Vec::new(),
        body: ReplyBody::Json,
        signature: Signature::None { reason: "for tests".to_owned() },
        members: vec![
            received("status", Kind::Integer { json: JsonForm::Number }),
            received("message?", Kind::Text),
        ],
        data: Some(Data { fault: None }),
        data_fields: Vec::new(),
        success: is("status", "1"),
        code: Some(name("status")),
        message: Some(name("message")),
    }
}

pub fn operation(wire: &str, request: Vec<SentField>) -> Operation {
    Operation {
        name: name(wire),
        title: None,
        doc: String::new(),
        sources: Vec::new(),
        carriage: Carriage::Call,
        method: Method::Post,
        path: format!("/{wire}"),
        body: Body::Form,
        root: "xml".to_owned(),
        content_type: None,
        host: HostId(0),
        effect: Effect::Pays,
        idempotent_by: None,
        resolved_by: None,
        budget: None,
        request,
        payload: None,
        signature: Signature::Recipe(RecipeId(0)),
        signed: Vec::new(),
        rules: Vec::new(),
        reply: Some(Reply {
            envelope: EnvelopeId(0),
            member: Some("data".to_owned()),
            shape: ReplyShape::Nothing,
            outcome: None,
            lookup: vec!["status".to_owned()],
            errors: Vec::new(),
            fault: ErrorKind::Unknown,
            unlisted: ErrorKind::Unknown,
        }),
    }
}

pub fn callback(wire: &str, fields: Vec<ReceivedField>) -> Callback {
    Callback {
        name: name(wire),
        title: None,
        doc: String::new(),
        sources: Vec::new(),
        deliver: Deliver::Notify,
        receive: vec![Receive::PostForm],
        of: None,
        sent_to: None,
        sent_at: None,
        when: Condition::default(),
        signature: Signature::Recipe(RecipeId(1)),
        fields,
        outcome: None,
        hint: None,
        compare: Vec::new(),
        once_per: Vec::new(),
        acknowledge: None,
        retries: None,
    }
}

pub fn enumeration(of: &str, values: &[(&str, Option<Word>)]) -> Type {
    let values = values.iter().map(|(wire, outcome)| Value {
        name: name(wire),
        doc: String::new(),
        sources: Vec::new(),
        outcome: *outcome,
    });
    type_of(of, Shape::Enum(values.collect()))
}

pub fn object(of: &str, fields: Vec<Field>, extra: bool) -> Type {
    type_of(of, Shape::Object { fields, rules: Vec::new(), extra })
}

fn type_of(of: &str, shape: Shape) -> Type {
    Type { name: of.to_owned(), doc: String::new(), sources: Vec::new(), shape, sent: true, received: true }
}

/// One host, a public `appid`, a `secret`; recipe 0 drops empties and signs requests, recipe 1 keeps them.
pub fn provider() -> Provider {
    let public = Credential {
        name: name("appid"),
        kind: CredentialKind::Text { length: None },
        doc: String::new(),
        sources: Vec::new(),
        example: None,
    };
    let secret =
        Credential { name: name("secret"), kind: CredentialKind::Secret(Decode::Text), ..public.clone() };
    Provider {
        name: "made".to_owned(),
        title: String::new(),
        doc: String::new(),
        sources: Vec::new(),
        defaults: Defaults {
            encoding: Encoding::Fixed(Charset::Utf8),
            zone: Some(8 * 3600),
            absent_when: AbsentWhen::Empty,
            space: Space::Percent20,
        },
        hosts: vec![name("api")],
        environments: vec![Environment {
            name: name("production"),
            doc: String::new(),
            sources: Vec::new(),
            test: false,
            hosts: vec![HostAddress::Fixed("https://api.example".to_owned())],
            plain_http: false,
        }],
        credentials: vec![public, secret],
        options: Vec::new(),
        types: Vec::new(),
        recipes: vec![
            md5_recipe("request", all(EmptyAction::Drop)),
            md5_recipe("notify", all(EmptyAction::Keep)),
        ],
        token: None,
        envelopes: vec![envelope()],
        operations: Vec::new(),
        callbacks: Vec::new(),
    }
}

pub const SECRET: &str = "0123456789abcdef";

pub fn settings() -> Settings {
    Settings {
        credentials: Map::from([
            ("appid", CredentialValue::Text("gpu1".to_owned())),
            ("secret", CredentialValue::Secret(Secret::new(SECRET))),
        ]),
        ..Settings::default()
    }
}

pub fn interpreter(provider: Provider) -> Interpreter {
    Interpreter::new(Arc::new(provider), settings()).unwrap()
}

pub fn inputs<const LENGTH: usize>(texts: [(&str, &str); LENGTH]) -> Map<Given> {
    texts.into_iter().map(|(name, text)| (name, Given::from(text))).collect()
}

pub fn pairs(texts: &[(&str, &str)]) -> Vec<(String, String)> {
    texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

pub fn text_of(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub fn text_of_lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A provider with one callback `paid` in this shape, protected by this recipe.
pub fn notifying(recipe: Recipe, fields: Vec<ReceivedField>, shape: Receive) -> Interpreter {
    let mut spec = provider();
    spec.recipes = vec![recipe];
    spec.callbacks = vec![Callback {
        receive: vec![shape],
        signature: Signature::Recipe(RecipeId(0)),
        ..callback("paid", fields)
    }];
    interpreter(spec)
}

/// A recipe over one template, HMAC-SHA256 in hex, in a header.
pub fn header_recipe(text: Vec<Piece>) -> Recipe {
    let seal =
        Seal { algorithm: Algorithm::Hmac(Digest::Sha256), key: key_of("secret"), output: Output::HexLower };
    Recipe { place: Some(in_header("X-Sign")), ..text_recipe("notify", text, seal) }
}

/// Signs a notice and hands it to its receiver.
pub fn round(interpreter: &Interpreter, notice: &Notice, shape: Receive, supplied: &Supplied) -> Verified {
    let message = interpreter.sign_notice("paid", notice, shape, supplied).unwrap();
    let verified = receive(interpreter, &message, supplied).unwrap();
    assert_eq!(verified.text, message.text);
    assert_eq!(verified.texts, message.texts);
    verified
}

/// What the receiver says to a message.
pub fn receive(
    interpreter: &Interpreter,
    message: &CallbackMessage,
    supplied: &Supplied,
) -> Result<Verified, Refusal> {
    let (query, content_type) = (message.query.as_bytes(), message.content_type.as_deref());
    let incoming =
        Incoming::new(message.method, query, content_type, &message.body).headers(&message.headers);
    let incoming = Incoming { url: message.url.as_deref(), ..incoming };
    interpreter.verify_callback_with("paid", &incoming, supplied)
}

pub fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Fields of a body: text, or JSON as it is behind `json:`.
pub fn body(fields: &[(&str, &str)]) -> Notice {
    let value = |text: &str| match text.strip_prefix("json:") {
        Some(json) => Given::Json(json.to_owned()),
        None => Given::from(text),
    };
    Notice {
        body: fields.iter().map(|(name, text)| ((*name).to_owned(), value(text))).collect(),
        ..Notice::default()
    }
}
