//! From a callback as it came to the message that recipes see: one of the allowed shapes, decoded once.

use std::borrow::Cow;

use crate::{
    AbsentWhen, CallbackError, Charset, Incoming, Message, Method, Receive, Repeated, Texts,
    form::{FormError, append_pairs},
    json,
    message::{Address, Field, Fields, Headers},
    multipart::{self, MultipartError},
    xml,
};

/// How much of a callback is read, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes of query and body together.
    pub(crate) bytes: usize,
    /// Depth of a JSON body, or of XML.
    pub(crate) depth: usize,
    /// Which values count as absent.
    pub(crate) absent: AbsentWhen,
}

/// Reads a callback that comes in one of these shapes.
pub(crate) fn receive<'a>(
    texts: &'a mut Texts,
    incoming: &Incoming<'a>,
    shapes: &[Receive],
    charset: Charset,
    repeated: Repeated,
    limits: Limits,
) -> Result<Message<'a>, CallbackError> {
    if incoming.query.len().saturating_add(incoming.body.len()) > limits.bytes {
        return Err(CallbackError::TooLarge { limit: limits.bytes });
    }
    let shape = shape_of(incoming, shapes)?;
    let form = if shape == Receive::PostForm { incoming.body } else { b"" };
    let (texts, mut fields) = pairs(texts, incoming.query, form, charset)?;
    match shape {
        Receive::GetQuery | Receive::PostForm => {}
        Receive::PostJson => fields.extend(json_fields(incoming.body, charset, limits.depth)?),
        Receive::PostXml => fields.extend(xml_fields(incoming.body, charset, limits.depth)?),
        Receive::PostMultipart => fields.extend(parts(incoming, charset)?),
    }
    let address = Address::of_callback(incoming.method, incoming.query, incoming.url)?;
    let mut message = Message::new(fields, address, incoming.body, charset, limits.absent)
        .with_texts(texts)
        .with_headers(Headers::of_bytes(incoming.headers))
        .with_depth(limits.depth);
    message.set_repeated(repeated)?;
    Ok(message)
}

/// In which of the allowed shapes the callback came.
fn shape_of(incoming: &Incoming<'_>, shapes: &[Receive]) -> Result<Receive, CallbackError> {
    let of_method = |shape: &&Receive| match shape {
        Receive::GetQuery => incoming.method == Method::Get.as_str(),
        _ => incoming.method == Method::Post.as_str(),
    };
    let mut candidates = shapes.iter().filter(of_method).peekable();
    if candidates.peek().is_none() {
        return Err(CallbackError::WrongMethod { wanted: wanted_method(shapes) });
    }
    let fits = |shape: &&Receive| match media_types(**shape) {
        [] => true,
        wanted => incoming.is_of_type(wanted),
    };
    let wanted = shapes.iter().find_map(|shape| media_types(*shape).first()).copied().unwrap_or_default();
    candidates.find(fits).copied().ok_or(CallbackError::WrongContentType { wanted })
}

const fn media_types(shape: Receive) -> &'static [&'static str] {
    match shape {
        Receive::PostForm => &["application/x-www-form-urlencoded"],
        Receive::PostJson => &["application/json"],
        Receive::PostXml => &["text/xml", "application/xml"],
        Receive::PostMultipart => &["multipart/form-data"],
        Receive::GetQuery => &[],
    }
}

fn wanted_method(shapes: &[Receive]) -> &'static str {
    if shapes.iter().all(|shape| *shape == Receive::GetQuery) { "GET" } else { "POST" }
}

/// The pairs of the query and of a form, decoded side by side.
fn pairs<'a>(
    texts: &'a mut Texts,
    query: &[u8],
    form: &[u8],
    charset: Charset,
) -> Result<(&'a Texts, Fields<'a>), FormError> {
    let in_query = texts.decode(|decoded, pairs| {
        decoded.reserve(query.len() + form.len());
        append_pairs(query, charset, decoded, pairs)?;
        let in_query = pairs.len();
        append_pairs(form, charset, decoded, pairs).map(|()| in_query)
    })?;
    let texts = &*texts;
    let mut fields = Fields::new();
    fields.extend(
        texts.pairs().enumerate().map(|(index, (name, value))| Field {
            in_query: index < in_query,
            ..Field::of_text(name, value)
        }),
    );
    Ok((texts, fields))
}

fn json_fields(body: &[u8], charset: Charset, depth: usize) -> Result<Vec<Field<'static>>, CallbackError> {
    let text = decoded(body, charset)?;
    json::check(&text, depth)?;
    let members = json::members(&text)?.into_iter();
    Ok(members.map(|(name, value)| Field::of_json(name.into_owned(), value.get())).collect())
}

fn xml_fields(body: &[u8], charset: Charset, depth: usize) -> Result<Vec<Field<'static>>, CallbackError> {
    let text = decoded(body, charset)?;
    let children = xml::children(&text, depth).map_err(CallbackError::BadXml)?;
    Ok(children.into_iter().map(|(name, value)| Field::of_xml(name, value)).collect())
}

fn parts<'a>(incoming: &Incoming<'a>, charset: Charset) -> Result<Vec<Field<'a>>, CallbackError> {
    let content_type = incoming.content_type.unwrap_or_default();
    let parts = multipart::parts(content_type, incoming.body, charset).map_err(|error| match error {
        MultipartError::Malformed(reason) => CallbackError::BadMultipart { reason },
        MultipartError::Undecodable => CallbackError::BadCharset { name: "body".to_owned() },
    })?;
    Ok(parts.into_iter().map(|(name, value)| Field::of_text(name, value)).collect())
}

fn decoded(body: &[u8], charset: Charset) -> Result<Cow<'_, str>, CallbackError> {
    charset.decode(body).map_err(|_| CallbackError::BadCharset { name: "body".to_owned() })
}
