//! The transport over `reqwest`.
//!
//! TLS is rustls with the `ring` provider and the trust store of the system (feature `rustls`), or the system's own
//! TLS (`native-tls`); without either, only plain http can be spoken. HTTP/1.1, no redirects, no repetitions, no
//! compression, and no proxy from environment variables: a variable that somebody set for another program must not
//! decide which way payments take. Who needs a proxy brings a client of one's own.

use std::{error::Error, time::Duration};

use reqwest::{Client, ClientBuilder, redirect, retry};

use super::{Sending, Transport, TransportError, TransportLimits};
use crate::{Method, Prepared, Response};

/// Idle connections are closed before most servers close theirs: a request on a connection that the server has just
/// closed would end as unknown for nothing.
const IDLE: Duration = Duration::from_secs(15);

/// A connection that takes longer fails as not sent, which is worth more than waiting for the end of the call.
const CONNECTING: Duration = Duration::from_secs(10);

/// Why no transport could be made.
#[derive(Debug, thiserror::Error)]
#[error("no transport can be made: {reason}")]
pub struct TransportSetUpError {
    reason: String,
}

/// Sends requests with `reqwest`. Cheap to clone; connections are kept open and shared.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: Client,
}

/// Begins a client with the defaults of this module and the TLS of the crate's features.
///
/// # Errors
/// The system's certificates cannot be read, or TLS cannot be set up.
pub fn client_builder() -> Result<ClientBuilder, TransportSetUpError> {
    with_tls(
        Client::builder()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECTING)
            .pool_idle_timeout(IDLE),
    )
}

impl ReqwestTransport {
    /// A transport with the defaults described in the module.
    ///
    /// # Errors
    /// The system's certificates cannot be read, or TLS cannot be set up.
    pub fn new() -> Result<Self, TransportSetUpError> {
        let client = client_builder()?.build().map_err(set_up)?;
        Ok(Self { client })
    }

    /// A transport over a client of one's own: with a proxy, other certificates, another TLS library. The client must
    /// follow no redirects and repeat nothing; [`client_builder`] begins one that does neither.
    #[must_use]
    pub const fn with_client(client: Client) -> Self {
        Self { client }
    }

    async fn exchange(
        &self,
        request: &Prepared,
        limits: TransportLimits,
    ) -> Result<Response, TransportError> {
        let method = match request.method() {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
        };
        let mut sending = self.client.request(method, request.url()).timeout(limits.timeout);
        for (name, value) in request.headers() {
            sending = sending.header(name, value);
        }
        if let Some(content_type) = request.content_type() {
            sending = sending.header("content-type", content_type).body(request.body().to_vec());
        }
        let mut response = sending.send().await.map_err(failure)?;
        let status = response.status().as_u16();
        let header = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        let headers = response.headers().iter().filter_map(header).collect();
        let body = read_body(&mut response, limits.reply).await?;
        Ok(Response::new(status, headers, body))
    }
}

impl Transport for ReqwestTransport {
    fn send<'a>(&'a self, request: &'a Prepared, limits: TransportLimits) -> Sending<'a> {
        Box::pin(self.exchange(request, limits))
    }
}

/// Reads piece by piece, so that a body without end costs no more memory than the limit.
async fn read_body(response: &mut reqwest::Response, limit: usize) -> Result<Vec<u8>, TransportError> {
    let mut body = Vec::new();
    // After the response has begun nothing can count as not sent.
    while let Some(piece) = response.chunk().await.map_err(after_sending)? {
        if body.len().saturating_add(piece.len()) > limit {
            return Err(TransportError::TooLarge { limit });
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// Only a failure to connect is sure to have sent nothing. A time-out while connecting is one, too.
fn failure(error: reqwest::Error) -> TransportError {
    if error.is_connect() || error.is_builder() {
        return TransportError::NotSent { reason: in_words(error) };
    }
    after_sending(error)
}

fn after_sending(error: reqwest::Error) -> TransportError {
    if error.is_timeout() {
        TransportError::TimedOut
    } else {
        TransportError::Unknown { reason: in_words(error) }
    }
}

fn set_up(error: reqwest::Error) -> TransportSetUpError {
    TransportSetUpError { reason: in_words(error) }
}

/// The error and its causes, without the address: its query may hold a token.
fn in_words(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push_str(": ");
        words.push_str(&error.to_string());
        cause = error.source();
    }
    words
}

#[cfg(feature = "rustls")]
fn with_tls(builder: ClientBuilder) -> Result<ClientBuilder, TransportSetUpError> {
    use std::sync::Arc;

    use rustls::{ClientConfig, crypto::ring};
    use rustls_platform_verifier::BuilderVerifierExt;

    let refused = |error: rustls::Error| TransportSetUpError { reason: error.to_string() };
    // The provider is named here, so that nobody's process-wide choice is needed or disturbed.
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(refused)?
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(not(feature = "rustls"))]
#[allow(clippy::unnecessary_wraps)]
const fn with_tls(builder: ClientBuilder) -> Result<ClientBuilder, TransportSetUpError> {
    Ok(builder)
}
