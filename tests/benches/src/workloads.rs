//! The workloads of `docs/performance.md`.

mod bare_rsa;
#[cfg(feature = "openssl")]
mod rsa;
mod sm2;
mod w1;
mod w1v;
mod w2;
mod w3;
mod w3v;

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use payspec::{Transport, TransportError, TransportLimits, transport::Sending};

use crate::measure::Workload;

/// All of them.
#[must_use]
pub fn all() -> Vec<Workload> {
    vec![
        w1::workload(),
        w1v::workload(),
        w2::workload(),
        w3::workload(),
        w3v::workload(),
        w3::with_key(),
        w3v::with_key(),
        sm2::signing(),
        sm2::verifying(),
    ]
}

/// Signing and verifying with RSA over OpenSSL, with nothing around it.
#[cfg(feature = "openssl")]
#[must_use]
pub fn key_operations() -> Vec<Workload> {
    rsa::workloads()
}

/// Nothing is sent here.
#[derive(Debug)]
struct Nowhere;

impl Transport for Nowhere {
    fn send<'a>(&'a self, _: &'a payspec::Prepared, _: TransportLimits) -> Sending<'a> {
        Box::pin(std::future::ready(Err(TransportError::NotSent { reason: "nowhere".to_owned() })))
    }
}

/// What a future gives that is ready at once.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it has to wait"),
    }
}
