//! How often memory is asked for, exactly: once for what is handed out.
//!
//! A thread keeps the memory that its first operations have asked for, so this is what every further one costs.

#![allow(clippy::expect_used)]

use payspec_benches::{measure::By, workloads};

/// Of one operation of payspec, beside those of the bare key operation.
const EXPECTED: [(&str, u64); 9] = [
    ("W1", 1),      // the body
    ("W1v", 1),     // the texts of the value
    ("W2", 1),      // the address
    ("W3", 1),      // the body
    ("W3v", 2),     // the texts of the value; what the parser of the JSON text remembers
    ("W3 RSA", 2),  // the body, the signature
    ("W3v RSA", 2), // as W3v
    ("SM2", 5),     // the body, the signature and its form in DER
    ("SM2v", 1),    // the texts of the value
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
