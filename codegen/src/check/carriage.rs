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
            self.required(said, "body", "the envelope's request", here, "form, json or query");
        }
        match said.map(|body| (body.value, body.span)) {
            _ if method == Method::Get => Body::Query,
            Some((model::Body::Json, _)) => Body::Json,
            Some((model::Body::Query, _)) => Body::Query,
            Some((model::Body::Xml | model::Body::Text, span)) => {
                self.not_yet(span, "a request in XML or text");
                Body::Form
            }
            Some((model::Body::Form, _)) | None => Body::Form,
        }
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
