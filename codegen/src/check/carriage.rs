//! How an operation is carried: method, path, body and host.

use super::Context;
use super::operations::Written;
use crate::diagnostic::{Code, Span};
use crate::ir::{self, Body, Carriage, Method};
use crate::model;
use crate::read::Spanned;

impl Context<'_> {
    pub(super) fn carriage(&self, entry: &Written) -> (Carriage, Method, String) {
        let (key, operation) = (&entry.key, &entry.value);
        let said = [&operation.call, &operation.redirect, &operation.form_post];
        if said.into_iter().filter(|said| said.is_some()).count() > 1 {
            let message = format!("operation `{key}` is carried in two ways");
            self.mistake(Code::FieldWithTwoTypes, key.span, message, "keep one of `call` and `redirect`");
        }
        let (carriage, said) = match said {
            [Some(call), _, _] => (Carriage::Call, call),
            [None, Some(redirect), _] => (Carriage::Redirect, redirect),
            [None, None, Some(post)] => {
                self.not_yet(post.span, "`form_post`");
                return (Carriage::Call, Method::Post, "/".to_owned());
            }
            _ => {
                let here = (key.span, operation.span);
                self.required::<()>(
                    None,
                    "call",
                    &format!("operation `{key}`"),
                    here,
                    "such as `call: POST /api/order`",
                );
                return (Carriage::Call, Method::Post, "/".to_owned());
            }
        };
        let (method, path) = self.address_of(said);
        if (carriage, method) == (Carriage::Redirect, Method::Post) {
            let mend = "a browser is redirected by GET";
            self.mistake(Code::BadAddress, said.span, "a redirect by POST", mend);
        }
        (carriage, method, path)
    }

    fn address_of(&self, text: &Spanned<String>) -> (Method, String) {
        let (method, path) = text.split_once(' ').unwrap_or((text, ""));
        let lowered = match method {
            "GET" => Method::Get,
            "POST" => Method::Post,
            "PUT" | "DELETE" | "PATCH" | "HEAD" => {
                self.not_yet(text.span, &format!("`{method}`"));
                return (Method::Post, "/".to_owned());
            }
            _ => {
                let message = format!("`{text}` is no method and path");
                self.mistake(Code::BadAddress, text.span, message, "such as `POST /api/order`");
                return (Method::Post, "/".to_owned());
            }
        };
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@%".contains(&b);
        if path.contains('{') {
            self.not_yet(text.span, "a field in a path");
        } else if !path.starts_with('/') || path.starts_with("//") || !path.bytes().all(is_plain) {
            let message = format!("`{text}` has no path");
            self.mistake(
                Code::BadAddress,
                text.span,
                message,
                "a path begins with one slash and has no `?`: `POST /api/order`",
            );
        }
        (lowered, path.to_owned())
    }

    pub(super) fn body(&self, method: Method, request: Option<&Spanned<model::EnvelopeRequest>>) -> Body {
        let said = request.and_then(|request| request.body.as_ref());
        if let Some(request) = request {
            let here = (request.span.beginning(), request.span);
            self.required(said, "body", "the envelope's request", here, "form, json, xml, raw or query");
            self.keys_of_the_body(request);
        }
        match said.map(|body| (body.value, body.span)) {
            _ if method == Method::Get => Body::Query,
            Some((model::Body::Json, _)) => Body::Json,
            Some((model::Body::Query, _)) => Body::Query,
            Some((model::Body::Xml, _)) => Body::Xml,
            Some((model::Body::Raw, _)) => Body::Raw,
            Some((model::Body::Text, span)) => {
                self.mistake(Code::UnknownValue, span, "a request is never `text`", "write `body: raw`");
                Body::Form
            }
            Some((model::Body::Form, _)) | None => Body::Form,
        }
    }

    /// `root` belongs to XML, `content_type` and no payload to a raw body.
    fn keys_of_the_body(&self, request: &model::EnvelopeRequest) {
        let body = request.body.as_ref().map(|body| body.value);
        let is = |wanted| body == Some(wanted) || body.is_none();
        let keys = [
            ("root", request.root.as_ref().filter(|_| !is(model::Body::Xml)), "`body: xml`"),
            ("content_type", request.content_type.as_ref().filter(|_| !is(model::Body::Raw)), "`body: raw`"),
        ];
        for (word, said, owner) in keys {
            if let Some(said) = said {
                let message = format!("`{word}` does not apply to this body");
                self.mistake(Code::KeyDoesNotApply, said.span, message, format!("it belongs to {owner}"));
            }
        }
        if let (Some(payload), Some(model::Body::Raw)) = (&request.payload, body) {
            let message = "a raw body has no field for a payload";
            self.mistake(Code::KeyDoesNotApply, payload.span, message, "declare the field that is the body");
        }
    }

    /// The name of the root element.
    pub(super) fn root(&self, body: Body, request: Option<&Spanned<model::EnvelopeRequest>>) -> String {
        if body != Body::Xml {
            return String::new();
        }
        let Some(root) = request.and_then(|request| request.root.as_ref()) else { return "xml".to_owned() };
        let begins = |c: char| c.is_ascii_alphabetic() || c == '_';
        let goes_on = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        if !root.starts_with(begins) || !root.chars().all(goes_on) {
            let message = format!("`{root}` cannot be the name of an XML element");
            self.mistake(Code::InvalidName, root.span, message, "write it in ASCII, such as `root: xml`");
        }
        root.value.clone()
    }

    /// The content type of a raw body.
    pub(super) fn content_type(
        &self,
        body: Body,
        request: Option<&Spanned<model::EnvelopeRequest>>,
    ) -> Option<String> {
        if body != Body::Raw {
            return None;
        }
        let said = request.and_then(|request| request.content_type.as_ref());
        let Some(said) = said else { return Some("application/json; charset=utf-8".to_owned()) };
        let is_visible = |b: u8| b == b' ' || b.is_ascii_graphic();
        if !said.contains('/') || !said.bytes().all(is_visible) {
            let message = format!("`{said}` is no content type");
            self.mistake(Code::BadHeader, said.span, message, "such as `application/json; charset=utf-8`");
        }
        Some(said.value.clone())
    }

    pub(super) fn host(&self, operation: &model::Operation, at: Span) -> ir::HostId {
        let known = || self.hosts.iter().map(|host| host.wire.as_str());
        let Some(host) = &operation.host else {
            if self.hosts.len() > 1 {
                let message = "`host` is missing: there are several";
                let hosts: Vec<&str> = known().collect();
                self.mistake(Code::MissingKey, at, message, format!("name one of {}", super::listed(&hosts)));
            }
            return ir::HostId(0);
        };
        let place = known().position(|name| name == host.value);
        if place.is_none() {
            self.unknown(Code::UnknownHost, host.span, format!("unknown host `{host}`"), host, known());
        }
        ir::HostId(place.unwrap_or(0))
    }
}
