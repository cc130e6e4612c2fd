//! Signs many requests, as a nightly reconciliation does: all cores, bounded memory, progress, results in order.
//!
//! ```text
//! cargo run --release -p payspec-benches --example batch -- 100000 > signed.txt
//! ```
//!
//! A client needs no lock, so threads share it. Orders are dealt out in lots, to one thread after the other; each hands
//! its signed lots to a channel that holds two of them, and waits while it is full. The main thread takes a lot from
//! each channel in turn: so what comes out stands in the order of what went in, and memory does not grow with the
//! number of orders. What a line holds is where the request would be sent; a service sends it there instead.
//!
//! An order that does not pass the checks is told on the error output, the others are signed all the same, and the
//! exit code is 1. Progress is shown on a terminal only. A reader that closes the pipe early ends the run, without a word.

#![allow(clippy::print_stderr)]

use std::{
    error::Error,
    io::{self, BufWriter, ErrorKind, IsTerminal as _, Write},
    num::NonZero,
    process::ExitCode,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
    time::{Duration, Instant},
};

use payspec::{
    Prepared, Secret, Transport, TransportError, TransportLimits,
    aggregate_pay::{Client, Credentials, Environment, QueryOrder},
    transport::Sending,
};

/// Orders that a thread takes at a time.
const LOT: usize = 256;
/// Signed lots that wait for the main thread, of each thread.
const WAITING: usize = 2;

/// A signed request, or which order was refused and why.
type Signed = Result<Prepared, String>;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let orders = std::env::args().nth(1).map_or(Ok(100_000), |count| count.parse())?;
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let start = Instant::now();
    // Not locked line by line, and written in large pieces.
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let done = sign_all(&client()?, orders, cores, order_no, &mut out).and_then(|refused| {
        out.flush()?;
        Ok(refused)
    });
    match done {
        Ok(refused) => {
            let seconds = start.elapsed().as_secs_f64();
            eprintln!("{} signed, {refused} refused, {seconds:.3} s, {cores} threads", orders - refused);
            Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error.into()),
    }
}

/// Where a service reads its database.
fn order_no(number: usize) -> String {
    format!("20190818{number:012}")
}

/// Signs a query for each of the orders and writes a line for each, in their order; says how many were refused.
fn sign_all(
    client: &Client,
    orders: usize,
    threads: usize,
    order_no: impl Fn(usize) -> String + Sync,
    out: &mut impl Write,
) -> io::Result<usize> {
    let sign = |number: usize| {
        let query = QueryOrder { order_no: order_no(number) };
        client.prepare_query_order(&query).map_err(|error| format!("order {}: {error}", query.order_no))
    };
    let sign = &sign;
    thread::scope(|scope| {
        let lots: Vec<Receiver<Vec<Signed>>> = (0..threads)
            .map(|thread| {
                let (done, lots) = sync_channel(WAITING);
                scope.spawn(move || sign_lots(thread, threads, orders, sign, &done));
                lots
            })
            .collect();
        // If writing fails, the channels are dropped here, and the threads end at their next lot.
        write_lots(lots, orders, out)
    })
}

/// Every so many lots, beginning with one's own.
fn sign_lots(
    thread: usize,
    threads: usize,
    orders: usize,
    sign: impl Fn(usize) -> Signed,
    done: &SyncSender<Vec<Signed>>,
) {
    for first in (thread * LOT..orders).step_by(threads * LOT) {
        let lot = (first..orders.min(first + LOT)).map(&sign).collect();
        if done.send(lot).is_err() {
            return; // nobody wants it any more
        }
    }
}

fn write_lots(lots: Vec<Receiver<Vec<Signed>>>, orders: usize, out: &mut impl Write) -> io::Result<usize> {
    let (mut written, mut refused) = (0, 0);
    let mut progress = Progress::new(orders);
    for lots in lots.iter().cycle() {
        // The first thread without a lot is the one after the last lot.
        let Ok(lot) = lots.recv() else { break };
        for signed in lot {
            match signed {
                Ok(prepared) => writeln!(out, "{}", prepared.url())?,
                Err(why) => {
                    refused += 1;
                    eprintln!("{why}");
                }
            }
            written += 1;
        }
        progress.show(written);
    }
    progress.end();
    Ok(refused)
}

/// One line on a terminal, written anew ten times a second; nothing in a log.
struct Progress {
    of: usize,
    is_shown: bool,
    last: Instant,
}

impl Progress {
    fn new(of: usize) -> Self {
        Self { of, is_shown: io::stderr().is_terminal(), last: Instant::now() }
    }

    fn show(&mut self, done: usize) {
        if self.is_shown && self.last.elapsed() > Duration::from_millis(100) {
            self.last = Instant::now();
            eprint!("\r{done} of {}", self.of);
        }
    }

    fn end(&self) {
        if self.is_shown {
            eprint!("\r\x1b[K");
        }
    }
}

fn client() -> Result<Client, Box<dyn Error>> {
    let credentials = Credentials {
        appid: "gpu10000000".to_owned(),
        secret: Secret::new("0123456789abcdef0123456789abcdef"),
    };
    let environment = Environment::Merchant { gateway: "https://pay.example.com".parse()? };
    Ok(Client::builder(credentials).environment(environment).transport(Nowhere).build()?)
}

/// Nothing is sent here.
#[derive(Debug)]
struct Nowhere;

impl Transport for Nowhere {
    fn send<'a>(&'a self, _: &'a Prepared, _: TransportLimits) -> Sending<'a> {
        Box::pin(std::future::ready(Err(TransportError::NotSent { reason: "nowhere".to_owned() })))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_in_the_order_of_the_orders() {
        for (orders, threads) in [(0, 2), (1, 3), (LOT, 2), (LOT * 7 + 1, 3), (5_000, 16)] {
            let mut out = Vec::new();
            assert_eq!(sign_all(&client().unwrap(), orders, threads, order_no, &mut out).unwrap(), 0);
            let text = String::from_utf8(out).unwrap();
            assert_eq!(text.lines().count(), orders);
            for (number, line) in text.lines().enumerate() {
                assert!(line.contains(&format!("&order_no={}&sign=", order_no(number))), "{number}: {line}");
            }
        }
    }

    #[test]
    fn a_refused_order_does_not_stop_the_others() {
        let some_empty = |number| if number % 100 == 7 { String::new() } else { order_no(number) };
        let mut out = Vec::new();
        assert_eq!(sign_all(&client().unwrap(), 1_000, 2, some_empty, &mut out).unwrap(), 10);
        assert_eq!(String::from_utf8(out).unwrap().lines().count(), 990);
    }

    #[test]
    fn a_reader_who_goes_ends_the_run() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let endless = usize::MAX / 2;
        let error = sign_all(&client().unwrap(), endless, 2, order_no, &mut Closed).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    }
}
