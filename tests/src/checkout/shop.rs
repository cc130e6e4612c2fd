//! The shop: an HTTP server that hands raw callbacks to a handler and sends back what the handler says.
//!
//! This is what an integrator's web framework does; the point is that the bytes arrive untouched.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use payspec::Acknowledgement;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::Outcome;

/// The name under which providers know the shop.
pub(super) const HOST: &str = "shop.example.com";

/// A request as it came in.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: Vec<u8>,
    pub(super) body: Vec<u8>,
    pub(super) content_type: Option<String>,
}

impl Request {
    /// What the client verifies.
    pub(super) fn incoming(&self) -> payspec::Incoming<'_> {
        payspec::Incoming::new(&self.method, &self.query, self.content_type.as_deref(), &self.body)
    }
}

/// Decides about a callback: an acknowledgement, or a refusal in words.
pub(super) type Handler = dyn Fn(&Request) -> Result<Acknowledgement, String> + Send + Sync;

/// A shop that is open.
pub(super) struct Shop {
    pub(super) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Shop {
    pub(super) async fn open(handler: Arc<Handler>) -> Outcome<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let router = Router::new().fallback(receive).with_state(handler);
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, task })
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn receive(
    State(handler): State<Arc<Handler>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let query = uri.query().unwrap_or_default().as_bytes().to_vec();
    let path = uri.path().to_owned();
    let request = Request { method: method.to_string(), path, query, body: body.to_vec(), content_type };
    match handler(&request) {
        Ok(answer) => ([(header::CONTENT_TYPE, answer.content_type())], answer.body()).into_response(),
        Err(refusal) => (StatusCode::BAD_REQUEST, refusal).into_response(),
    }
}
