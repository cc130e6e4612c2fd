//! All ways to do the work of a workload give the same: what is measured is the same work.

use payspec_benches::workloads;

#[test]
fn every_rival_gives_the_same() {
    for workload in workloads::all() {
        workload.check();
    }
}
