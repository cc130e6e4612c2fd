//! The provider counts in fen: 100.00 yuan would be a hundred times as much, or as little.

use payspec::aggregate_pay::{BankCode, UnifiedOrder, UnifiedOrderOptional};
use payspec::yuan;

fn main() {
    let _ = UnifiedOrder {
        order_no: "20190818001341000001".to_owned(),
        amount: yuan!("100.00"),
        product_name: "umbrella".to_owned(),
        bank_code: BankCode::AlipayH5,
        notify_url: "https://shop.example.com/notify".parse().unwrap(),
        return_url: "https://shop.example.com/return".parse().unwrap(),
        optional: UnifiedOrderOptional::default(),
    };
}
