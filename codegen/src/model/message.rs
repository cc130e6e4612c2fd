//! Envelopes, operations and callbacks as they are written.

use serde::Deserialize;

use super::{Accepts, Condition, Field, Rule, SourceIds};
use crate::read::{List, Map, Node, OneOrMany, Spanned, TextOr};

/// What protects a message: the name of a recipe, several names, or nothing and why. Read by hand, because every mistake here
/// deserves its own words.
pub type SignatureRef = Node;

/// What wraps every message of a family.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "envelope")]
pub struct Envelope {
    /// What it is.
    pub doc: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
    /// Around requests.
    pub request: Option<Spanned<EnvelopeRequest>>,
    /// Around replies.
    pub response: Option<Spanned<EnvelopeResponse>>,
    /// Diagnostics accepted here.
    #[serde(default)]
    pub accepts: Accepts,
}

/// What wraps the requests of a family.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "request")]
pub struct EnvelopeRequest {
    /// How a request travels that is no `GET`.
    pub body: Option<Spanned<Body>>,
    /// Of XML: the name of the root element.
    pub root: Option<Spanned<String>>,
    /// Of a raw body: its content type.
    pub content_type: Option<Spanned<String>>,
    /// `query`: common and outer fields travel in the query although there is a body.
    pub common: Option<Spanned<Common>>,
    /// What protects it.
    pub signature: Option<SignatureRef>,
    /// Common fields.
    #[serde(default)]
    pub fields: Map<Spanned<Field>>,
    /// The field that holds the operation's fields as JSON text.
    pub payload: Option<Spanned<Payload>>,
}

/// Where the common fields travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "place for common fields", rename_all = "snake_case")]
pub enum Common {
    /// In the query.
    Query,
    /// Beside the operation's own.
    Body,
}

/// The field that holds the operation's fields as JSON text.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "payload")]
pub struct Payload {
    /// Its name.
    pub json: Option<Spanned<String>>,
    /// What it is.
    pub doc: Option<Spanned<String>>,
}

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "kind of body", rename_all = "snake_case")]
pub enum Body {
    /// As a form.
    Form,
    /// As a JSON object.
    Json,
    /// As the children of an XML element.
    Xml,
    /// In the query.
    Query,
    /// The body is one field, as it is.
    Raw,
    /// As text (not yet).
    Text,
}

/// What wraps the replies of a family.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "response")]
pub struct EnvelopeResponse {
    /// How a reply travels.
    pub body: Option<Spanned<Body>>,
    /// What protects it.
    pub signature: Option<SignatureRef>,
    /// Fields of the outer object.
    #[serde(default)]
    pub members: Map<Spanned<Field>>,
    /// Where the operation's own data lies.
    pub data: Option<Spanned<Data>>,
    /// Fields inside the data member that every reply has.
    #[serde(default)]
    pub data_fields: Map<Spanned<Field>>,
    /// When a reply is a success.
    pub success: Option<Spanned<Condition>>,
    /// The field that an error shows as its code.
    pub code: Option<Spanned<String>>,
    /// The field that an error shows as its message.
    pub message: Option<Spanned<String>>,
}

/// Where the operation's own data lies.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "data")]
pub struct Data {
    /// The member's name, or `constants.x`.
    pub member: Option<Spanned<String>>,
    /// The member that comes instead when the request was not understood.
    pub fault: Option<Spanned<String>>,
    /// `success`: its shape is certain only then.
    pub when: Option<Spanned<DataWhen>>,
}

/// When the shape of the data is certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "time of data", rename_all = "snake_case")]
pub enum DataWhen {
    /// In a success.
    Success,
    /// Always.
    Always,
}

/// What we send.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "operation", default)]
pub struct Operation {
    /// The provider's own heading.
    pub title: Option<Spanned<String>>,
    /// What it does.
    pub doc: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
    /// Server to server: method and path.
    pub call: Option<Spanned<String>>,
    /// Through the browser: method and path.
    pub redirect: Option<Spanned<String>>,
    /// A form that the browser posts (not yet).
    pub form_post: Option<Spanned<String>>,
    /// Where it is sent.
    pub host: Option<Spanned<String>>,
    /// What wraps it.
    pub envelope: Option<Spanned<String>>,
    /// Common fields that it does not have.
    pub without: List<Spanned<String>>,
    /// The same for every call.
    pub constants: Map<Spanned<String>>,
    /// What it can do.
    pub effect: Option<Spanned<Effect>>,
    /// The field by which repeating is safe.
    pub idempotent_by: Option<Spanned<String>>,
    /// How the truth is found after a time-out.
    pub resolved_by: Option<Spanned<ResolvedBy>>,
    /// How often it may be called.
    pub budget: Option<Spanned<String>>,
    /// Fields beside the payload.
    pub outer: Map<Spanned<Field>>,
    /// Its own fields.
    pub fields: Map<Spanned<Field>>,
    /// Rules over them.
    pub rules: List<Spanned<Rule>>,
    /// The fields of its reply's data.
    pub reply: Option<Spanned<Map<Spanned<Field>>>>,
    /// Its reply's data, a single value.
    pub reply_value: Option<Spanned<Field>>,
    /// What the reply means for money.
    pub outcome: Option<Spanned<TextOr<Outcome>>>,
    /// Its own codes: by field and value, and `unlisted`. Read by hand, because an entry may be a word.
    pub errors: Map<Node>,
    /// Diagnostics accepted here.
    pub accepts: Accepts,
}

/// What an operation can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// Reads.
    None,
    /// Creates an order.
    Creates,
    /// Moves the buyer's money.
    Pays,
    /// Moves money back.
    Refunds,
    /// Closes an order.
    Closes,
    /// Moves the merchant's money.
    Transfers,
}

/// How the truth is found after a time-out.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "resolved_by")]
pub struct ResolvedBy {
    /// The reading operation.
    pub operation: Option<Spanned<String>>,
    /// The callback that tells as well.
    pub callback: Option<Spanned<String>>,
    /// Its fields from ours, where names differ.
    #[serde(default)]
    pub with: Map<Spanned<String>>,
    /// The operation is only named.
    pub by_hand: Option<Spanned<super::Flag>>,
    /// Who says so.
    pub source: Option<SourceIds>,
}

/// What a message means for money.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "outcome")]
pub struct Outcome {
    /// A payment or a refund.
    pub of: Option<Spanned<OutcomeOf>>,
    /// The first that holds decides.
    #[serde(default)]
    pub cases: List<Spanned<OutcomeCase>>,
    /// The field whose value says it.
    pub from: Option<Spanned<String>>,
    /// Whatever it says.
    pub always: Option<Spanned<String>>,
    /// Else.
    pub otherwise: Option<Spanned<String>>,
}

/// What an outcome is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "subject of an outcome", rename_all = "snake_case")]
pub enum OutcomeOf {
    /// A payment.
    Payment,
    /// A refund.
    Refund,
}

/// A case of an outcome.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "outcome case")]
pub struct OutcomeCase {
    /// When.
    pub when: Option<Spanned<Condition>>,
    /// Then.
    pub is: Option<Spanned<String>>,
    /// Why.
    pub doc: Option<Spanned<String>>,
}

/// What they send.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "callback", default)]
pub struct Callback {
    /// The provider's own heading.
    pub title: Option<Spanned<String>>,
    /// What it says.
    pub doc: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
    /// How it comes.
    pub deliver: Option<Spanned<Deliver>>,
    /// In which shapes it comes.
    pub receive: Option<Spanned<OneOrMany<Spanned<Receive>>>>,
    /// The operation that it answers.
    pub of: Option<Spanned<String>>,
    /// Tells apart notices that share an address.
    pub when: Option<Spanned<Condition>>,
    /// What protects it.
    pub signature: Option<SignatureRef>,
    /// Its fields.
    pub fields: Option<Spanned<Map<Spanned<Field>>>>,
    /// The callback whose fields it has.
    pub fields_of: Option<Spanned<String>>,
    /// What it means for money.
    pub outcome: Option<Spanned<TextOr<Outcome>>>,
    /// The field of a return that looks like a result.
    pub hint: Option<Spanned<String>>,
    /// The field of the operation in `of` that says where it is sent.
    pub sent_to: Option<Spanned<String>>,
    /// The field that says when it was sent.
    pub sent_at: Option<Spanned<String>>,
    /// The fields that the shop compares.
    pub compare: Option<Spanned<List<Spanned<String>>>>,
    /// The fields by which repetitions are recognised, or `unknown`.
    pub once_per: Option<Spanned<OneOrMany<Spanned<String>>>>,
    /// How it is answered, or `unknown`.
    pub acknowledge: Option<Spanned<TextOr<Acknowledge>>>,
    /// When it is sent again, or `unknown`.
    pub retries: Option<Spanned<TextOr<Retries>>>,
    /// Diagnostics accepted here.
    pub accepts: Accepts,
}

/// How a callback comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "way of delivery", rename_all = "snake_case")]
pub enum Deliver {
    /// Server to server.
    Notify,
    /// Through a browser.
    Return,
}

/// A shape in which a callback comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "shape of a callback")]
pub enum Receive {
    /// `POST`, a form.
    #[serde(rename = "POST form")]
    PostForm,
    /// `POST`, a JSON object.
    #[serde(rename = "POST json")]
    PostJson,
    /// `POST`, XML.
    #[serde(rename = "POST xml")]
    PostXml,
    /// `POST`, `multipart/form-data`.
    #[serde(rename = "POST multipart")]
    PostMultipart,
    /// `GET`, the query.
    #[serde(rename = "GET query")]
    GetQuery,
}

/// How a callback is answered.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "acknowledge")]
pub struct Acknowledge {
    /// It is done.
    pub accepted: Option<Spanned<String>>,
    /// Send it again.
    pub again: Option<Spanned<String>>,
    /// Content type of both.
    #[serde(rename = "type")]
    pub content_type: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
}

/// When a callback is sent again.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "retries")]
pub struct Retries {
    /// The time before each repetition.
    pub after: Option<Spanned<List<Spanned<String>>>>,
    /// The same time before every repetition.
    pub every: Option<Spanned<String>>,
    /// Growing times that nobody published.
    pub growing: Option<Spanned<super::Flag>>,
    /// How many, or `unknown`.
    pub times: Option<Spanned<String>>,
    /// For how long in all.
    #[serde(rename = "for")]
    pub within: Option<Spanned<String>>,
    /// In words.
    pub doc: Option<Spanned<String>>,
    /// Who says so.
    pub source: Option<SourceIds>,
}
