//! Requests: the values as they are signed and sent, the signed text, the message.
//!
//! A value is made once, into a local variable named after its field, and the same text goes into the signature and
//! into the message. A request is emitted as two functions: `prepare_x` checks (and fetches a token where the request
//! carries one), `sign_x` makes the message out of what was checked: straight away where the order of the signed text
//! is fixed, else by way of a [draft](super::draft).

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::credentials::is_choice;
use super::docs::Docs;
use super::draft::drafting;
pub(super) use super::draft::is_drafted;
use super::fields::{Text, sent_text, time_writer};
use super::given::Given;
use super::made::{Made, is_made};
use super::message::{Message, message};
use super::names::{function, local, pascal, snake};
use super::objects::{is_json_flag, json_member, member_of};
use super::signed::{is_signed, sealing};
use super::structs::place;
use crate::ir::{
    AbsentWhen, Body, Carriage, Carrier, ClientOption, CredentialPath, Field, Item, JsonOf, Kind,
    MessagePart, Operand, Operation, OptionId, Origin, Piece, Provider, SentField, Shape, TypeId,
};

/// A local variable that holds the text of a sent value.
pub(super) struct Local {
    /// The name on the wire. One name can stand in the query and in the body.
    pub(super) wire: String,
    /// The field's name in Rust, which no other field of the operation has.
    pub(super) snake: String,
    /// The variable.
    pub(super) name: Ident,
    /// What it is made of, and whether it is owned or optional.
    pub(super) text: Text,
    /// It is an `Option`.
    pub(super) optional: bool,
    /// It holds personal data or a token.
    pub(super) sensitive: bool,
    /// It is a `JsonText`, which knows where personal data stands in it.
    pub(super) json: bool,
    /// It was made before the check, and is handed in.
    pub(super) made: bool,
}

impl Local {
    /// `&str` or `Option<&str>`.
    pub(super) fn reference(&self) -> TokenStream {
        let name = &self.name;
        if self.made { quote!(#name) } else { self.text.borrowed(&quote!(#name)) }
    }
}

/// The values that travel beside the payload, in the order of the wire, and the payload.
fn locals(provider: &Provider, operation: &Operation) -> Vec<Local> {
    let outer = operation.request.iter().filter(|sent| sent.carrier != Carrier::Payload);
    let mut locals: Vec<Local> = outer
        .filter_map(|sent| {
            let text = value(provider, operation, sent)?;
            let SentField { field, origin, carrier: _ } = sent;
            let optional = text.optional;
            let sensitive = holds_personal_data(provider, field) || *origin == Origin::Token;
            let name = local_name(provider, operation, sent);
            let (wire, snake) = (field.name.wire.clone(), field.name.snake.clone());
            Some(Local { wire, snake, name, text, optional, sensitive, json: false, made: is_made(sent) })
        })
        .collect();
    locals.extend(operation.payload.as_ref().map(|field| {
        let call = payload_call(operation);
        let text = Text { expr: quote!(self.#call), owned: true, optional: false };
        Local {
            wire: field.name.wire.clone(),
            snake: field.name.snake.clone(),
            name: local(&field.name),
            text,
            optional: false,
            sensitive: field.sensitive,
            json: !field.sensitive,
            made: false,
        }
    }));
    locals
}

/// The variable that holds the text of a sent value.
pub(super) fn local_name(provider: &Provider, operation: &Operation, sent: &SentField) -> Ident {
    let SentField { field, origin, carrier: _ } = sent;
    // The parameter of this name is the token, and not needed any more.
    let is_token = *origin == Origin::Token && field.name.snake == "access_token";
    let name = if is_token { snake(&field.name) } else { local(&field.name) };
    let given = Given::of_request(provider, operation);
    if given.holds(&name) { format_ident!("{name}_") } else { name }
}

/// A personal value, or an object or JSON text with one in it.
pub(super) fn holds_personal_data(provider: &Provider, field: &Field) -> bool {
    is_personal(provider, field, &mut Vec::new())
}

/// `known` are the types that have been looked into: through lists, a type can hold itself.
fn is_personal(provider: &Provider, field: &Field, known: &mut Vec<TypeId>) -> bool {
    let inside = match &field.kind {
        Kind::Object(id)
        | Kind::Json(JsonOf::Object(id))
        | Kind::Base64Json(JsonOf::Object(id))
        | Kind::List { of: Item::Object(id), .. }
        | Kind::Rows { of: id, .. }
            if !known.contains(id) =>
        {
            known.push(*id);
            match &provider[*id].shape {
                Shape::Object { fields, .. } => fields.as_slice(),
                Shape::Enum(_) => &[],
            }
        }
        _ => &[],
    };
    field.sensitive || inside.iter().any(|field| is_personal(provider, field, known))
}

/// What a sent value is made of. `None`: the signature, and what has no text of its own.
fn value(provider: &Provider, operation: &Operation, sent: &SentField) -> Option<Text> {
    let SentField { field, origin, carrier: _ } = sent;
    match origin {
        Origin::Caller => match &field.kind {
            Kind::Fixed(text) => Some(Text::always(quote!(#text))),
            Kind::Signature => None,
            _ => sent_text(
                provider,
                field,
                &place(&quote!(request), field),
                is_trimmed(provider, operation, field),
            ),
        },
        Origin::Constant(text) => Some(Text::always(quote!(#text))),
        Origin::Credential(path) => {
            Some(credential_value(provider, path, is_trimmed(provider, operation, field)))
        }
        Origin::Option(id) => Some(option_value(provider, *id, is_trimmed(provider, operation, field))),
        Origin::Token => Some(Text::always(quote!(access_token.expose()))),
        Origin::Now => Some(now_value(provider, &field.kind)),
        Origin::Signature => None,
    }
}

fn credential_value(provider: &Provider, path: &CredentialPath, trim: bool) -> Text {
    let name = snake(&path.name);
    match &path.member {
        Some(member) => {
            let member = snake(member);
            Text { expr: quote!(self.credentials.#name.#member()), owned: false, optional: true }
        }
        None if is_choice(provider, path) => Text::always(quote!(self.credentials.#name.wire())),
        None if trim => Text::always(quote!(rt::trim(&self.credentials.#name))),
        None => Text::always(quote!(self.credentials.#name.as_str())),
    }
}

fn option_value(provider: &Provider, id: OptionId, trim: bool) -> Text {
    let ClientOption { field, default } = &provider[id];
    let name = snake(&field.name);
    let as_text = match &field.kind {
        Kind::Enum(id) => {
            let name = super::names::type_of(&provider[*id]);
            quote!(#name::as_str)
        }
        _ => quote!(String::as_str),
    };
    match default {
        Some(default) => Text::always(quote!(self.options.#name.as_ref().map_or(#default, #as_text))),
        None => {
            let text = match &field.kind {
                Kind::Text => quote!(self.options.#name.as_deref()),
                _ => quote!(self.options.#name.as_ref().map(#as_text)),
            };
            let text = if trim { quote!(#text.map(rt::trim)) } else { text };
            let expr = match provider.defaults.absent_when {
                AbsentWhen::Empty => quote!(rt::unless_empty(#text)),
                AbsentWhen::Blank => quote!(rt::unless_blank(#text)),
                AbsentWhen::Never => text,
            };
            Text { expr, owned: false, optional: true }
        }
    }
}

fn now_value(provider: &Provider, kind: &Kind) -> Text {
    let expr = match kind {
        Kind::Timestamp(format) => {
            let (function, arguments) = time_writer(format);
            quote!(#function(now #arguments))
        }
        Kind::Date(pattern) => {
            let pattern = super::fields::strftime(pattern);
            let zone = if provider.defaults.zone.is_some() { quote!(ZONE) } else { quote!(0) };
            quote!(rt::write::date(now.date_at(#zone), #pattern))
        }
        // The clock fills times and days only.
        _ => quote!(rt::write::unix_seconds(now)),
    };
    Text { expr, owned: true, optional: false }
}

/// Whether a value is signed and sent without its outer white space: a matter of the recipes, which see what is
/// outside the payload.
pub(super) fn is_trimmed(provider: &Provider, operation: &Operation, field: &Field) -> bool {
    let is_outside = |sent: &SentField| match sent.carrier {
        Carrier::Outer | Carrier::Query => true,
        Carrier::Payload | Carrier::Header | Carrier::Body => false,
    };
    let mut sent = operation.request.iter().filter(|sent| sent.field.name == field.name);
    sent.any(is_outside)
        && operation
            .signature
            .recipes()
            .iter()
            .flat_map(|id| std::iter::once(&provider[*id]).chain(&provider[*id].parts))
            .any(|recipe| recipe.list.as_ref().is_some_and(|list| list.trim))
}

/// Whether some value of the request has this origin.
pub(super) fn has_origin(operation: &Operation, wanted: &Origin) -> bool {
    operation.request.iter().any(|sent| sent.origin == *wanted)
}

/// Whether a token has to be had before the request can be made.
pub(super) fn needs_token(operation: &Operation) -> bool {
    has_origin(operation, &Origin::Token)
}

/// The arguments behind `request` that `sign_x` takes. `access_token` is an expression of a reference.
pub(super) fn sign_arguments(
    provider: &Provider,
    operation: &Operation,
    access_token: &TokenStream,
) -> TokenStream {
    let made = Made::of(provider, operation, &quote!(request)).arguments();
    let now = has_origin(operation, &Origin::Now).then(|| quote!(, now));
    let token = needs_token(operation).then(|| quote!(, #access_token));
    let given = Given::of_request(provider, operation).arguments();
    quote!(#made #now #token #given)
}

/// `prepare_x` and `sign_x`, and the payload where there is one.
pub(super) fn request(provider: &Provider, operation: &Operation) -> TokenStream {
    let prepare = match operation.carriage {
        Carriage::Call => prepare(provider, operation),
        Carriage::Redirect => redirect(provider, operation),
    };
    let sign = sign(provider, operation);
    let payload = payload(provider, operation);
    quote! {
        impl Client {
            #prepare
            #sign
            #payload
        }
    }
}

fn prepare(provider: &Provider, operation: &Operation) -> TokenStream {
    let (name, kind) = (function("prepare", &operation.name, ""), pascal(&operation.name));
    let reader = function("read", &operation.name, "");
    let docs = Docs::of_ours(format!(
        "Builds and signs [`{kind}`] without sending it: for a transport of your own."
    ))
    .ours(format!("Read the answer with [`Client::{reader}`]."));
    let given = Given::of_request(provider, operation);
    let docs = given
        .document(docs)
        .ours("# Errors")
        .ours("The request breaks a rule, or nothing could be signed. Nothing was sent.")
        .attributes();
    let given = given.parameters();
    let asynchronous = needs_token(operation).then(|| quote!(async));
    let body = preparing(provider, operation);
    quote! {
        #docs
        pub #asynchronous fn #name(&self, request: &#kind #given) -> Result<rt::Prepared, rt::PrepareError> {
            #body
        }
    }
}

fn redirect(provider: &Provider, operation: &Operation) -> TokenStream {
    let (name, kind) = (snake(&operation.name), pascal(&operation.name));
    let given = Given::of_request(provider, operation);
    let docs = super::call::operation_docs(provider, operation)
        .ours("Answer the browser with a redirect (302) to the address.");
    let docs = given
        .document(docs)
        .ours("# Errors")
        .ours("The request breaks a rule, or nothing could be signed. No browser was sent anywhere.")
        .attributes();
    let given = given.parameters();
    let asynchronous = needs_token(operation).then(|| quote!(async));
    let body = preparing(provider, operation);
    quote! {
        #docs
        pub #asynchronous fn #name(&self, request: &#kind #given) -> Result<rt::RedirectUrl, rt::PrepareError> {
            #body
        }
    }
}

/// Statements that check `request`, up to an expression of a result.
pub(super) fn checking(provider: &Provider, operation: &Operation) -> TokenStream {
    let made = Made::of(provider, operation, &quote!(request));
    let (statements, arguments) = (made.statements(), made.arguments());
    quote! {
        #statements
        let mut check = self.checker();
        request.check(&mut check #arguments);
        check.finish()
    }
}

/// Checks first, so that no token is fetched for a request that breaks a rule.
fn preparing(provider: &Provider, operation: &Operation) -> TokenStream {
    let sign = function("sign", &operation.name, "");
    let arguments = sign_arguments(provider, operation, &quote!(&access_token));
    let token =
        needs_token(operation).then(|| quote!(let access_token = rt::HoldsToken::access_token(self).await?;));
    // Fetching a token takes time, and a request is as old as its time stamp.
    let now = has_origin(operation, &Origin::Now).then(|| quote!(let now = self.core.now();));
    let checking = checking(provider, operation);
    quote! {
        #checking?;
        #token
        #now
        self.#sign(request #arguments)
    }
}

fn sign(provider: &Provider, operation: &Operation) -> TokenStream {
    let (name, kind) = (function("sign", &operation.name, ""), pascal(&operation.name));
    let (result, doc) = match operation.carriage {
        Carriage::Call => (quote!(rt::Prepared), "The signed message."),
        Carriage::Redirect => (quote!(rt::RedirectUrl), "The signed address."),
    };
    let doc = super::docs::line(doc);
    let now = has_origin(operation, &Origin::Now).then(|| quote!(, now: rt::Timestamp));
    let token = needs_token(operation).then(|| quote!(, access_token: &rt::AccessToken));
    let asks = operation.payload.is_some() || !super::call::caller_fields(operation).is_empty();
    let request = if asks { quote!(request) } else { quote!(_request) };
    // A flag that JSON has words for is written from its member; its text is made only for a signature.
    let is_needed = |local: &Local| {
        let of_local =
            |sent: &&SentField| sent.field.name.wire == local.wire && is_json_flag(&sent.field.kind);
        !matches!(operation.body, Body::Json | Body::Xml)
            || !operation.request.iter().any(|sent| of_local(&sent))
            || (!is_drafted(provider, operation) && is_signed(operation, &local.wire))
    };
    let made = Made::of(provider, operation, &request).parameters();
    let locals = locals(provider, operation);
    let values = locals.iter().filter(|local| !local.made && is_needed(local));
    let values = values.map(|local| {
        let Local { wire: _, snake: _, name, text, optional: _, sensitive: _, json: _, made: _ } = local;
        let expr = &text.expr;
        quote!(let #name = #expr;)
    });
    let given = Given::of_request(provider, operation).parameters();
    let steps = if is_drafted(provider, operation) {
        drafting(provider, operation, &locals)
    } else {
        straight(provider, operation, &locals)
    };
    quote! {
        #doc
        fn #name(&self, #request: &#kind #made #now #token #given) -> Result<#result, rt::PrepareError> {
            #(#values)*
            #steps
        }
    }
}

/// The short road: the signed text in its fixed order, the message, both out of the same values.
fn straight(provider: &Provider, operation: &Operation, locals: &[Local]) -> TokenStream {
    let sealing = sealing(provider, operation, locals);
    let Message { query, body, sending } = message(provider, operation, locals);
    if signs_body(provider, operation) {
        quote!(#body #sealing #query #sending)
    } else {
        quote!(#sealing #query #body #sending)
    }
}

/// A recipe signs the raw body, which has to be written before.
fn signs_body(provider: &Provider, operation: &Operation) -> bool {
    operation.signature.recipes().iter().any(|id| {
        let recipe = &provider[*id];
        let added = recipe.list.iter().flat_map(|list| &list.add).flat_map(|(_, pieces)| pieces);
        recipe
            .text
            .iter()
            .chain(added)
            .any(|piece| matches!(piece, Piece::Value { from: Operand::Message(MessagePart::Body), .. }))
    })
}

fn payload_call(operation: &Operation) -> TokenStream {
    let name = function("payload", &operation.name, "");
    let now = payload_needs_now(operation).then(|| quote!(, now));
    quote!(#name(request #now))
}

fn payload_needs_now(operation: &Operation) -> bool {
    operation.request.iter().any(|sent| sent.carrier == Carrier::Payload && sent.origin == Origin::Now)
}

/// The payload: a JSON object as text.
fn payload(provider: &Provider, operation: &Operation) -> Option<TokenStream> {
    let field = operation.payload.as_ref()?;
    let (name, kind) = (function("payload", &operation.name, ""), pascal(&operation.name));
    let docs =
        super::docs::line(&format!("The payload, as the text of {}.", super::docs::code(&field.name.wire)));
    let payload = quote!(payload);
    let members = operation.request.iter().filter(|sent| sent.carrier == Carrier::Payload).map(|sent| {
        let SentField { field, origin, carrier: _ } = sent;
        match (origin, value(provider, operation, sent)) {
            (Origin::Caller, _) | (_, None) => {
                json_member(provider, field, &place(&quote!(request), field), &payload)
            }
            (_, Some(text)) => {
                let field = Field { required: !text.optional, ..field.clone() };
                member_of(&field, &text.on_the_spot(), &payload)
            }
        }
    });
    let now = payload_needs_now(operation).then(|| quote!(, now: rt::Timestamp));
    Some(quote! {
        #docs
        fn #name(&self, request: &#kind #now) -> rt::json::JsonText {
            let mut payload = rt::json::Object::new();
            #(#members)*
            payload.finish()
        }
    })
}
