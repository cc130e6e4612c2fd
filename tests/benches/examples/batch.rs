//! Signs many requests, as a nightly reconciliation does: all cores, bounded memory, progress.
//!
//! `cargo run --release -p payspec-benches --example batch -- 100000`
//!
//! A client is cheap to share and needs no lock, so each thread takes the next few orders by a counter and signs them.
//! What is signed is handed on at once (here: counted), so memory does not grow with the number of orders; whoever
//! sends them puts a bounded channel there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

use std::{
    error::Error,
    num::NonZero,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use payspec::{
    Secret, Transport, TransportError, TransportLimits,
    aggregate_pay::{Client, Credentials, Environment, QueryOrder},
    transport::Sending,
};

/// Orders that a thread takes at a time.
const FEW: usize = 256;

/// Nothing is sent here.
#[derive(Debug)]
struct Nowhere;

impl Transport for Nowhere {
    fn send<'a>(&'a self, _: &'a payspec::Prepared, _: TransportLimits) -> Sending<'a> {
        Box::pin(std::future::ready(Err(TransportError::NotSent { reason: "nowhere".to_owned() })))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let orders = std::env::args().nth(1).map_or(Ok(100_000), |count| count.parse())?;
    let credentials = Credentials {
        appid: "gpu10000000".to_owned(),
        secret: Secret::new("0123456789abcdef0123456789abcdef"),
    };
    let environment = Environment::Merchant { gateway: "https://pay.example.com".parse()? };
    let client = Client::builder(credentials).environment(environment).transport(Nowhere).build()?;
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let (next, signed, bytes) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let start = Instant::now();
    let failed = thread::scope(|scope| {
        let sign = || -> Result<(), String> {
            loop {
                let first = next.fetch_add(FEW, Ordering::Relaxed);
                if first >= orders {
                    return Ok(());
                }
                for number in first..(first + FEW).min(orders) {
                    let query = QueryOrder { order_no: format!("20190818{number:012}") };
                    let prepared = client.prepare_query_order(&query).map_err(|error| error.to_string())?;
                    // Send it here.
                    bytes.fetch_add(prepared.url().len(), Ordering::Relaxed);
                    signed.fetch_add(1, Ordering::Relaxed);
                }
            }
        };
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(sign)).collect();
        while workers.iter().any(|worker| !worker.is_finished()) {
            eprintln!("{} of {orders}", signed.load(Ordering::Relaxed));
            thread::sleep(Duration::from_millis(100));
        }
        workers.into_iter().find_map(|worker| worker.join().expect("no thread panics").err())
    });
    if let Some(error) = failed {
        return Err(error.into());
    }
    let (signed, seconds) = (signed.into_inner(), start.elapsed().as_secs_f64());
    eprintln!("{signed} of {orders}: {} bytes, {seconds:.3} s, {cores} threads", bytes.into_inner());
    Ok(())
}
