//! What every emitted client is built around: addresses, transport, clock and limits.
//!
//! Emitted code composes values and signatures; the core turns them into a request, sends it, and hands out what came
//! back, read as far as that is the same for all providers: bounded, decoded, one JSON object. The same for
//! callbacks. Nothing here knows a field.

use std::{borrow::Cow, sync::Arc, time::Duration};

use tracing::{Instrument as _, field};

use crate::{
    AbsentWhen, Because, CallbackError, Charset, Clock, Draft, Form, HttpUrl, Incoming, Message, Method,
    NotSent, PrepareError, Prepared, Randomness, Receive, RedirectUrl, Repeated, Response, SendError,
    SignedText, Space, Texts, Timestamp, TokenStore, Transport, TransportError, TransportLimits,
    UnencodablePair,
    call::Target,
    callback,
    draft::encoded,
    json::{Document, JsonText},
};

/// The part of a client that is the same for all providers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Core {
    shared: Arc<Shared>,
    hosts: Arc<[HttpUrl]>,
}

/// What clones share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) provider: &'static str,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<dyn Randomness>,
    pub(crate) token_store: Option<Arc<dyn TokenStore>>,
    pub(crate) absent: AbsentWhen,
    pub(crate) settings: Settings,
}

/// What the builder's numbers and switches are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) allow_plain_http: bool,
    pub(crate) explain: bool,
    pub(crate) reply_limit: usize,
    pub(crate) callback_limit: usize,
    pub(crate) json_depth: usize,
    pub(crate) timeout: Duration,
    pub(crate) callback_max_age: Option<Duration>,
}

impl Core {
    pub(crate) fn new(shared: Shared, hosts: Vec<HttpUrl>) -> Self {
        Self { shared: Arc::new(shared), hosts: hosts.into() }
    }

    /// The present instant, by the client's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// The client's clock.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.shared.clock.as_ref()
    }

    /// Where nonces and salts come from.
    #[must_use]
    pub fn randomness(&self) -> &dyn Randomness {
        self.shared.randomness.as_ref()
    }

    /// The same with another address for one host. Transport, clock and tokens are shared.
    #[must_use]
    pub fn at(&self, host: usize, address: HttpUrl) -> Self {
        let mut hosts = self.hosts.to_vec();
        if let Some(known) = hosts.get_mut(host) {
            *known = address;
        }
        Self { shared: Arc::clone(&self.shared), hosts: hosts.into() }
    }

    /// A `GET` with a query.
    ///
    /// # Errors
    /// A value that the charset cannot write, or plain http without permission.
    pub fn get(
        &self,
        host: usize,
        path: &str,
        query: Form,
        text: SignedText,
    ) -> Result<Prepared, PrepareError> {
        let url = self.url_with_query(host, path, query)?;
        Ok(self.prepared(Method::Get, Target::Whole(url), None, Vec::new(), &text))
    }

    /// A `POST` with a query and no body.
    ///
    /// # Errors
    /// As [`Core::get`].
    pub fn post_query(
        &self,
        host: usize,
        path: &str,
        query: Form,
        text: SignedText,
    ) -> Result<Prepared, PrepareError> {
        let url = self.url_with_query(host, path, query)?;
        Ok(self.prepared(Method::Post, Target::Whole(url), None, Vec::new(), &text))
    }

    /// A `POST` with a form.
    ///
    /// # Errors
    /// As [`Core::get`].
    pub fn post_form(
        &self,
        host: usize,
        path: &'static str,
        form: Form,
        text: SignedText,
    ) -> Result<Prepared, PrepareError> {
        let url = self.target(host, path)?;
        let content_type = form_content_type(form.charset());
        let body = form.into_body()?;
        Ok(self.prepared(Method::Post, url, Some(content_type), body, &text))
    }

    /// A `POST` with a JSON object, in this charset.
    ///
    /// # Errors
    /// As [`Core::get`]; a character that the charset cannot write is a violation of the body.
    pub fn post_json(
        &self,
        host: usize,
        path: &'static str,
        body: JsonText,
        charset: Charset,
        text: SignedText,
    ) -> Result<Prepared, PrepareError> {
        let url = self.target(host, path)?;
        let content_type = json_content_type(charset);
        let body = encoded(&body, charset)?;
        Ok(self.prepared(Method::Post, url, Some(content_type), body, &text))
    }

    /// The same request with a query beside its body.
    ///
    /// # Errors
    /// A value that the charset cannot write.
    pub fn with_query(&self, prepared: Prepared, query: Form) -> Result<Prepared, PrepareError> {
        let query = query.text()?;
        if query.is_empty() {
            return Ok(prepared);
        }
        let url = Target::Whole([prepared.url(), "?", query].concat());
        Ok(Prepared { url, ..prepared })
    }

    /// An address that the browser is sent to.
    ///
    /// # Errors
    /// As [`Core::get`].
    pub fn redirect(
        &self,
        host: usize,
        path: &str,
        query: Form,
        text: SignedText,
    ) -> Result<RedirectUrl, PrepareError> {
        let url = self.url_with_query(host, path, query)?;
        Ok(RedirectUrl {
            url,
            signed_text: self.explained(&text),
            #[cfg(feature = "trace")]
            composed: text.as_bytes().to_vec(),
        })
    }

    /// Begins a request that is written as a whole before it is signed.
    ///
    /// # Errors
    /// Plain http without permission, or a host without address.
    pub fn draft(
        &self,
        method: Method,
        host: usize,
        path: &str,
        charset: Charset,
        space: Space,
    ) -> Result<Draft, PrepareError> {
        let Settings { explain, .. } = self.shared.settings;
        let url = self.url(host, path)?;
        Ok(Draft::new(method, url, charset, space).with_settings(self.shared.absent, explain))
    }

    /// A draft that is complete, to be sent.
    ///
    /// # Errors
    /// A value that the charset, or XML, cannot write.
    pub fn prepare(&self, draft: Draft) -> Result<Prepared, PrepareError> {
        let written = draft.finish()?;
        Ok(Prepared {
            method: written.method,
            url: Target::Whole(written.url),
            content_type: written.content_type.map(Cow::Owned),
            headers: written.headers,
            body: written.body,
            signed_text: written.signed_text,
            #[cfg(feature = "trace")]
            composed: written.composed,
        })
    }

    /// A draft that is complete, as an address that the browser is sent to.
    ///
    /// # Errors
    /// As [`Core::prepare`].
    pub fn redirect_to(&self, draft: Draft) -> Result<RedirectUrl, PrepareError> {
        let written = draft.finish()?;
        Ok(RedirectUrl {
            url: written.url,
            signed_text: written.signed_text,
            #[cfg(feature = "trace")]
            composed: written.composed,
        })
    }

    /// Sends a request, once.
    ///
    /// # Errors
    /// [`SendError::NotSent`] only if surely nothing was sent.
    pub async fn send(&self, operation: &'static str, prepared: &Prepared) -> Result<Response, SendError> {
        let span = tracing::info_span!(
            "payspec.call",
            provider = self.shared.provider,
            operation,
            status = field::Empty,
            error = field::Empty,
        );
        let sent = self.exchange(prepared).instrument(span.clone()).await;
        match &sent {
            Ok(response) => span.record("status", response.status),
            Err(SendError::NotSent(_)) => span.record("error", "not sent"),
            Err(SendError::Unknown(_)) => span.record("error", "unknown"),
        };
        sent
    }

    /// Reads a reply: status 2xx, within the limits, decoded, one JSON object without duplicate members.
    ///
    /// # Errors
    /// [`Because`] says what is wrong; the call's end is then unknown.
    pub fn json<'r>(&self, response: &'r Response, charset: Charset) -> Result<Document<'r>, Because> {
        let body = self.body_of(response)?;
        Document::read(body, charset, self.shared.settings.json_depth, self.shared.absent)
    }

    /// Reads a reply in XML: status 2xx, within the limits, decoded, the children of one root, no name twice.
    ///
    /// # Errors
    /// As [`Core::json`].
    pub fn xml<'r>(&self, response: &'r Response, charset: Charset) -> Result<Document<'r>, Because> {
        let body = self.body_of(response)?;
        Document::read_xml(body, charset, self.shared.settings.json_depth, self.shared.absent)
    }

    /// Reads a callback that comes in one of these shapes: within the limits, decoded once into `texts`, no name twice.
    ///
    /// # Errors
    /// [`CallbackError`] says what is wrong.
    pub fn receive<'a>(
        &self,
        texts: &'a mut Texts,
        incoming: &Incoming<'a>,
        shapes: &[Receive],
        charset: Charset,
    ) -> Result<Message<'a>, CallbackError> {
        self.receive_repeated(texts, incoming, shapes, charset, Repeated::Refuse)
    }

    /// The same for a provider that sends, and signs, names more than once.
    ///
    /// # Errors
    /// As [`Core::receive`].
    pub fn receive_repeated<'a>(
        &self,
        texts: &'a mut Texts,
        incoming: &Incoming<'a>,
        shapes: &[Receive],
        charset: Charset,
        repeated: Repeated,
    ) -> Result<Message<'a>, CallbackError> {
        let Settings { callback_limit: bytes, json_depth: depth, .. } = self.shared.settings;
        let limits = callback::Limits { bytes, depth, absent: self.shared.absent };
        callback::receive(texts, incoming, shapes, charset, repeated, limits)
    }

    /// Refuses a callback that was sent too long ago, or in the future, if the client was told how long is too long.
    ///
    /// # Errors
    /// [`CallbackError::Stale`].
    pub fn fresh(&self, field: &'static str, sent_at: Timestamp) -> Result<(), CallbackError> {
        let Some(allowed) = self.shared.settings.callback_max_age else { return Ok(()) };
        let away = self.now().unix_millis().abs_diff(sent_at.unix_millis());
        if u128::from(away) > allowed.as_millis() {
            return Err(CallbackError::Stale { field, seconds: away / 1000 });
        }
        Ok(())
    }

    /// The store that the builder was given.
    pub(crate) fn token_store(&self) -> Option<Arc<dyn TokenStore>> {
        self.shared.token_store.clone()
    }

    /// The provider's name and the addresses of its hosts: tokens of a sandbox are none of production.
    pub(crate) fn realm(&self) -> String {
        let hosts: Vec<&str> = self.hosts.iter().map(HttpUrl::as_str).collect();
        format!("{}@{}", self.shared.provider, hosts.join(","))
    }

    /// The body of a success, within the limits.
    fn body_of<'r>(&self, response: &'r Response) -> Result<&'r [u8], Because> {
        if !(200..300).contains(&response.status) {
            return Err(Because::HttpStatus { status: response.status });
        }
        let limit = self.shared.settings.reply_limit;
        if response.body.len() > limit { Err(Because::TooLarge { limit }) } else { Ok(&response.body) }
    }

    async fn exchange(&self, prepared: &Prepared) -> Result<Response, SendError> {
        let Settings { timeout, reply_limit, .. } = self.shared.settings;
        let limits = TransportLimits::new(timeout, reply_limit);
        match self.shared.transport.send(prepared, limits).await {
            Ok(mut response) => {
                response.plain = is_plain(prepared.url());
                Ok(response)
            }
            Err(TransportError::NotSent { reason }) => {
                Err(SendError::NotSent(NotSent::Connection { reason }))
            }
            Err(error) => Err(SendError::Unknown(Box::new(error.into()))),
        }
    }

    fn prepared(
        &self,
        method: Method,
        url: Target,
        content_type: Option<&'static str>,
        body: Vec<u8>,
        text: &SignedText,
    ) -> Prepared {
        let content_type = content_type.map(Cow::Borrowed);
        Prepared {
            method,
            url,
            content_type,
            headers: Vec::new(),
            body,
            signed_text: self.explained(text),
            #[cfg(feature = "trace")]
            composed: text.as_bytes().to_vec(),
        }
    }

    fn explained(&self, text: &SignedText) -> Option<String> {
        let is_wanted = self.shared.settings.explain && !text.as_bytes().is_empty();
        is_wanted.then(|| text.masked())
    }

    fn url_with_query(&self, host: usize, path: &str, query: Form) -> Result<String, PrepareError> {
        let base = self.address(host)?.base();
        let query = query.text()?;
        let mut url = String::with_capacity(base.len() + path.len() + 1 + query.len());
        url.push_str(base);
        url.push_str(path);
        if !query.is_empty() {
            url.push('?');
            url.push_str(query);
        }
        Ok(url)
    }

    /// The address of a host and a path below it.
    fn url(&self, host: usize, path: &str) -> Result<String, PrepareError> {
        Ok([self.address(host)?.base(), path].concat())
    }

    /// The same, to be composed when somebody asks for it.
    fn target(&self, host: usize, path: &'static str) -> Result<Target, PrepareError> {
        self.address(host)?;
        Ok(Target::below(Arc::clone(&self.hosts), host, path))
    }

    /// The address of a host, if it may be used.
    fn address(&self, host: usize) -> Result<&HttpUrl, PrepareError> {
        let address = self.hosts.get(host).ok_or(NotSent::NoSuchHost)?;
        if address.is_plain_http() && !self.shared.settings.allow_plain_http {
            return Err(NotSent::PlainHttp.into());
        }
        Ok(address)
    }
}

/// The charset is named, because servers that are told nothing still decode forms as ISO 8859-1.
const fn form_content_type(charset: Charset) -> &'static str {
    match charset {
        Charset::Utf8 => "application/x-www-form-urlencoded; charset=UTF-8",
        Charset::Gbk => "application/x-www-form-urlencoded; charset=GBK",
        Charset::Gb18030 => "application/x-www-form-urlencoded; charset=GB18030",
        Charset::Latin1 => "application/x-www-form-urlencoded; charset=ISO-8859-1",
    }
}

const fn json_content_type(charset: Charset) -> &'static str {
    match charset {
        Charset::Utf8 => "application/json; charset=UTF-8",
        Charset::Gbk => "application/json; charset=GBK",
        Charset::Gb18030 => "application/json; charset=GB18030",
        Charset::Latin1 => "application/json; charset=ISO-8859-1",
    }
}

fn is_plain(url: &str) -> bool {
    url.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"))
}

impl From<UnencodablePair> for PrepareError {
    fn from(error: UnencodablePair) -> Self {
        NotSent::Form(error).into()
    }
}
