//! A tap on everything that leaves the client: request lines, bodies, and what `Debug` and `Display` show.
//!
//! The scrub test looks for secrets in it. It stands between the client and the real transport, so that what is
//! recorded is what was sent.

use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, PoisonError};

use payspec::transport::{ReqwestTransport, Sending, TransportSetUpError};
use payspec::{Prepared, Transport, TransportLimits};

/// What was recorded, shared by all clients of a play.
#[derive(Clone, Default)]
pub struct Wire(Arc<Mutex<Vec<u8>>>);

impl Wire {
    /// Everything so far.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Records what `Debug` shows of something.
    pub fn see(&self, value: &dyn Debug) {
        self.record(format!("{value:?}\n{value:#?}\n").as_bytes());
    }

    fn record(&self, bytes: &[u8]) {
        let mut recorded = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recorded.extend_from_slice(bytes);
        recorded.push(b'\n');
    }
}

impl Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

/// The transport of the crate's features, with a tap.
#[derive(Debug)]
pub(super) struct Tapped {
    wire: Wire,
    inner: ReqwestTransport,
}

impl Tapped {
    pub(super) fn new(wire: &Wire) -> Result<Self, TransportSetUpError> {
        Ok(Self { wire: wire.clone(), inner: ReqwestTransport::new()? })
    }
}

impl Transport for Tapped {
    fn send<'a>(&'a self, request: &'a Prepared, limits: TransportLimits) -> Sending<'a> {
        self.wire.record(request.url().as_bytes());
        self.wire.record(request.body());
        self.wire.see(request);
        Box::pin(async move {
            let response = self.inner.send(request, limits).await;
            self.wire.see(&response);
            response
        })
    }
}
