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

/// A name and how the workload is made, because making one can take longer than running it.
type Named = (&'static str, fn() -> Workload);

const ALL: [Named; 9] = [
    ("W1", w1::workload),
    ("W1v", w1v::workload),
    ("W2", w2::workload),
    ("W3", w3::workload),
    ("W3v", w3v::workload),
    ("W3 RSA", w3::with_key),
    ("W3v RSA", w3v::with_key),
    ("SM2", sm2::signing),
    ("SM2v", sm2::verifying),
];

/// All of them.
#[must_use]
pub fn all() -> Vec<Workload> {
    ALL.iter().map(|(_, make)| make()).collect()
}

/// The one of this name.
#[must_use]
pub fn called(name: &str) -> Option<Workload> {
    let workload = ALL.iter().find(|(called, _)| *called == name).map(|(_, make)| make());
    #[cfg(feature = "openssl")]
    let workload = workload.or_else(|| rsa::workloads().into_iter().find(|workload| workload.name == name));
    workload
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
