//! How often memory is asked for, exactly: once for what is handed out.
//!
//! A thread keeps the memory that its first operations have asked for, so this is what every further one costs.

#![allow(clippy::expect_used)]

use payspec_benches::{measure::By, workloads};

/// Of one operation of payspec, beside those of the bare key operation.
const EXPECTED: [(&str, u64); 9] = [
    ("W1", 1),       // the body
    ("W1v", 3),      // the texts of the value: `appid`, `order_no`, `platform_order_no`
    ("W2", 1),       // the address
    ("W3", 1),       // the body
    ("W3v", 17),     // the texts of the value, and the JSON text in it
    ("W3 RSA", 2),   // the body, the signature in base64
    ("W3v RSA", 18), // as W3v, and the received signature
    ("SM2", 5),      // the body, the signature in base64, its form in DER
    ("SM2v", 7),     // the texts of the value, and the received signature
];

#[test]
fn an_operation_allocates_what_it_hands_out() {
    let workloads = workloads::all();
    let found = workloads.iter().map(|workload| {
        let of = |by| workload.rival(by).expect("every workload has it").allocations();
        (workload.name, of(By::Payspec) - of(By::Bare))
    });
    assert_eq!(found.collect::<Vec<_>>(), EXPECTED);
}
