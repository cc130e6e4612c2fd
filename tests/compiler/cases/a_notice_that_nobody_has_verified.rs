//! The only way to a notice is through its signature.

use payspec::aggregate_pay::Notify;
use payspec::Incoming;

fn made_by_hand(body: Notify) -> Notify {
    Notify { order_no: "20190818001341000001".into(), ..body }
}

fn read_before_it_is_verified(body: &[u8]) -> String {
    let incoming = Incoming::post_form(body);
    incoming.order_no
}

fn looked_into(incoming: &Incoming<'_>) -> usize {
    incoming.body.len()
}

fn main() {}
