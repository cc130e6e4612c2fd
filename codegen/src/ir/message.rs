//! Messages: operations, their replies, callbacks; and what they mean for money.

use super::{
    CallbackId, EnvelopeId, Field, HostId, Name, OperationId, ReceivedField, SentField, Signature, SignedText,
};

/// What wraps the replies of a family. (What wraps its requests is expanded into [`Operation::request`].)
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// Its name.
    pub name: Name,
    /// What it is.
    pub doc: String,
    /// Who says so.
    pub sources: Vec<String>,
    /// How a reply travels.
    pub body: ReplyBody,
    /// What protects a reply.
    pub signature: Signature,
    /// Fields of the outer object and headers; the signature's own field has [`super::Kind::Signature`].
    pub members: Vec<ReceivedField>,
    /// Where the operation's own data lies; `None`: beside the members.
    pub data: Option<Data>,
    /// Fields inside the data member that every reply has.
    pub data_fields: Vec<ReceivedField>,
    /// When a reply is a success; over members and data fields.
    pub success: Condition,
    /// The field whose value an error shows as its code.
    pub code: Option<Name>,
    /// The field whose value an error shows as its message.
    pub message: Option<Name>,
}

/// How a reply travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyBody {
    /// As a JSON object.
    Json,
    /// As the children of an XML element: text only, or nested elements as objects.
    Xml,
}

/// The data member of an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    /// The member that comes instead when the request was not understood.
    pub fault: Option<String>,
}

/// What we send.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Its name.
    pub name: Name,
    /// The provider's own heading.
    pub title: Option<String>,
    /// What it does.
    pub doc: String,
    /// Who says so.
    pub sources: Vec<String>,
    /// How it is carried.
    pub carriage: Carriage,
    /// `GET` or `POST`.
    pub method: Method,
    /// The path, with a leading slash.
    pub path: String,
    /// Where the fields travel.
    pub body: Body,
    /// Of XML: the name of the root element.
    pub root: String,
    /// Of a raw body: its content type.
    pub content_type: Option<String>,
    /// Where it is sent.
    pub host: HostId,
    /// What it can do.
    pub effect: Effect,
    /// The field by which the provider promises that repeating is safe.
    pub idempotent_by: Option<Name>,
    /// How the truth is found when the outcome is unknown.
    pub resolved_by: Option<Resolution>,
    /// How often it may be called, as the file says it: documentation.
    pub budget: Option<String>,
    /// Every field of the request, in order on the wire: common ones, outer ones, own ones.
    pub request: Vec<SentField>,
    /// The field that carries the payload fields as the text of a JSON object. It stands behind the outer fields.
    pub payload: Option<Field>,
    /// What protects the request.
    pub signature: Signature,
    /// The signed text of each recipe of `signature`, its order fixed: same order as [`Signature::recipes`]. Empty
    /// unless all of them are [plain](super::Recipe::is_plain).
    pub signed: Vec<SignedText>,
    /// Rules over the caller's fields.
    pub rules: Vec<Rule>,
    /// What comes back; `None` for a redirect.
    pub reply: Option<Reply>,
}

/// How an operation is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carriage {
    /// Server to server, with a reply.
    Call,
    /// The browser is sent to a signed URL.
    Redirect,
}

/// Method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
}

/// Where the fields of a request travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// In the query of the URL.
    Query,
    /// As a form body.
    Form,
    /// As a JSON object.
    Json,
    /// As the children of an XML element.
    Xml,
    /// The body is one field, as it is.
    Raw,
}

/// What an operation can do. It decides what may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// How the truth is found when the outcome of a call is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// The reading operation.
    pub operation: Option<OperationId>,
    /// Its fields, filled from the request: (its member, our member). Complete unless `by_hand`.
    pub fill: Vec<(Name, Name)>,
    /// The operation is only named: somebody has to fill in its request.
    pub by_hand: bool,
    /// The callback that tells as well.
    pub callback: Option<CallbackId>,
}

/// What comes back from an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The wrapping.
    pub envelope: EnvelopeId,
    /// The name of the data member, where the envelope has one.
    pub member: Option<String>,
    /// The operation's own data.
    pub shape: ReplyShape,
    /// What it means for money.
    pub outcome: Option<Outcome>,
    /// The fields whose listed value decides an error, in order; `http` is the status code.
    pub lookup: Vec<String>,
    /// Codes; the operation's own before the common ones.
    pub errors: Vec<ErrorCode>,
    /// The kind of a verified fault member whose codes are not listed.
    pub fault: ErrorKind,
    /// The kind of an unlisted code.
    pub unlisted: ErrorKind,
}

/// The data of a reply.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)] // one for each operation: a box would only make its readers clumsy
pub enum ReplyShape {
    /// None that anybody reads.
    Nothing,
    /// An object.
    Fields(Vec<ReceivedField>),
    /// A single value, a member of this name in Rust.
    Value(Field),
}

/// A code that the provider sends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ErrorCode {
    /// The field that carries it.
    pub field: String,
    /// The code.
    pub value: String,
    /// What it means.
    pub kind: ErrorKind,
    /// In words.
    pub doc: String,
    /// What the operator can do.
    pub mend: Option<String>,
}

/// What an error code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// Surely nothing happened.
    Rejected,
    /// Surely nothing happened, and an operator has to mend something.
    Configuration,
    /// Surely nothing happened; too many calls.
    RateLimited,
    /// The token is no longer good; renewed and repeated once.
    TokenExpired,
    /// Says nothing about the order.
    NotFound,
    /// An earlier attempt may have arrived.
    Duplicate,
    /// Nobody knows.
    Unknown,
}

/// All entries must hold. Empty: always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition(pub Vec<(Name, Test)>);

/// What is asked of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Its text is one of these.
    Is(Vec<String>),
    /// It is there.
    Present,
    /// It is not there.
    Absent,
}

/// What a message means for money. Read in order: cases, `from`, `otherwise`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// A payment or a refund.
    pub of: OutcomeOf,
    /// The first that holds decides.
    pub cases: Vec<OutcomeCase>,
    /// The field whose enumeration value says it.
    pub from: Option<Name>,
    /// Else. (`always` arrives as this with neither cases nor `from`.)
    pub otherwise: Word,
}

/// What an outcome is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeOf {
    /// A payment.
    Payment,
    /// A refund.
    Refund,
}

/// A case of an [`Outcome`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeCase {
    /// When.
    pub when: Condition,
    /// Then.
    pub is: Word,
    /// Why.
    pub doc: Option<String>,
}

/// A word for an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Paid.
    Paid,
    /// Open.
    Pending,
    /// Surely not paid, or not refunded.
    Failed,
    /// Closed without payment.
    Closed,
    /// Paid, then refunded in part.
    PartRefunded,
    /// Refunded.
    Refunded,
    /// Nobody knows.
    Unknown,
}

/// What they send.
#[derive(Clone, Debug, PartialEq)]
pub struct Callback {
    /// Its name.
    pub name: Name,
    /// The provider's own heading.
    pub title: Option<String>,
    /// What it says.
    pub doc: String,
    /// Who says so.
    pub sources: Vec<String>,
    /// How it comes.
    pub deliver: Deliver,
    /// In which shapes it comes.
    pub receive: Vec<Receive>,
    /// The operation that it answers.
    pub of: Option<OperationId>,
    /// Tells apart notices that share an address; asked after the signature.
    pub when: Condition,
    /// What protects it.
    pub signature: Signature,
    /// Its fields.
    pub fields: Vec<ReceivedField>,
    /// What it means for money; `None` for a return, or where nobody knows.
    pub outcome: Option<Outcome>,
    /// The field of a return that looks like a result.
    pub hint: Option<Name>,
    /// The field of the operation that says where it is sent; `None`: not by the request.
    pub sent_to: Option<Name>,
    /// The signed timestamp that says when it was sent; `None`: nobody knows.
    pub sent_at: Option<Name>,
    /// The fields that the shop must compare with its own order.
    pub compare: Vec<Name>,
    /// The fields by which repetitions are recognised; empty: unknown.
    pub once_per: Vec<Name>,
    /// How it is answered; `None`: unknown, or a return.
    pub acknowledge: Option<Acknowledge>,
    /// When it is sent again.
    pub retries: Option<Retries>,
}

/// How a callback comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deliver {
    /// Server to server.
    Notify,
    /// Through a browser: it decides nothing.
    Return,
}

/// A shape in which a callback comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receive {
    /// `POST`, a form.
    PostForm,
    /// `POST`, a JSON object.
    PostJson,
    /// `POST`, XML: the children of the root element.
    PostXml,
    /// `POST`, `multipart/form-data`: parts without a file name are fields, files are passed over.
    PostMultipart,
    /// `GET`, the query.
    GetQuery,
}

/// How a callback is answered: exact bodies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledge {
    /// It is done; do not send it again.
    pub accepted: String,
    /// Send it again.
    pub again: String,
    /// Content type of both.
    pub content_type: String,
}

/// When a callback is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retries {
    /// Seconds between one and the next, as far as they are known.
    pub after: Vec<u64>,
    /// How many repetitions, if it is known.
    pub times: Option<u32>,
    /// For how many seconds in all, if it is known.
    pub within: Option<u64>,
    /// In words, for documentation.
    pub doc: String,
}

/// A rule over several fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What must hold.
    pub kind: RuleKind,
    /// Only then; empty: always.
    pub when: Condition,
    /// A breach is advice, no violation.
    pub advice: bool,
    /// In words.
    pub doc: Option<String>,
    /// Who says so.
    pub sources: Vec<String>,
}

/// What a rule asks.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleKind {
    /// At least one is present.
    AnyOf(Vec<Name>),
    /// Exactly one is present.
    OneOf(Vec<Name>),
    /// None or one is present.
    AtMostOneOf(Vec<Name>),
    /// All or none are present.
    Together(Vec<Name>),
    /// These are present.
    Require(Vec<Name>),
    /// These are absent.
    Forbid(Vec<Name>),
    /// Same values.
    Equal(Name, Name),
    /// Different values.
    Distinct(Name, Name),
    /// The first is not more than the second.
    Ascending(Name, Name),
    /// No two items of the list agree in this member.
    Unique(MemberPath),
    /// Exact decimal sum.
    SumsTo {
        /// What is added up.
        parts: MemberPath,
        /// What it must give.
        total: Name,
    },
    /// The field is one of these values.
    Among {
        /// The field.
        field: Name,
        /// What it may be.
        values: Vec<AmongValue>,
    },
}

/// A member of the items of a list: `sub_order_list.amount`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberPath {
    /// The list.
    pub list: Name,
    /// The member of each item.
    pub member: Name,
}

/// Where a value that a field may have comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum AmongValue {
    /// Any item's member.
    Member(MemberPath),
    /// A public credential.
    Credential(super::CredentialPath),
}
