//! Money never was a binary fraction.

use payspec::{Fen, Yuan};

fn main() {
    let _: Yuan = 100.01.into();
    let _ = Yuan::from(0.1 + 0.2);
    let _ = Fen::new(10001.0);
}
