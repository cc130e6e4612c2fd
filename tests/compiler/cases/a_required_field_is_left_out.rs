//! No `bank_code`, no `return_url`.

use payspec::aggregate_pay::{UnifiedOrder, UnifiedOrderOptional};
use payspec::fen;

fn main() {
    let _ = UnifiedOrder {
        order_no: "20190818001341000001".to_owned(),
        amount: fen!(10000),
        product_name: "umbrella".to_owned(),
        notify_url: "https://shop.example.com/notify".parse().unwrap(),
        optional: UnifiedOrderOptional::default(),
    };
}
