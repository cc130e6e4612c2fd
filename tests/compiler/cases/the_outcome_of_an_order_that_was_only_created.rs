//! Created is not paid: the reply of an order has no outcome, and the browser's return has a hint only.

use payspec::PaymentOutcome;
use payspec::aggregate_pay::{Returned, UnifiedOrderReply};

fn is_paid(created: &UnifiedOrderReply) -> bool {
    created.outcome() == PaymentOutcome::Paid
}

fn is_paid_says_the_browser(returned: &Returned) -> bool {
    returned.outcome() == PaymentOutcome::Paid
}

fn main() {}
