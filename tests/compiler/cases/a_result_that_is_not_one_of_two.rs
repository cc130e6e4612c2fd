//! A call can end without anybody knowing how: a match that forgets it does not compile.

use payspec::PaymentOutcome;

fn word(outcome: PaymentOutcome) -> &'static str {
    match outcome {
        PaymentOutcome::Paid => "paid",
        PaymentOutcome::Failed => "not paid",
    }
}

fn main() {}
