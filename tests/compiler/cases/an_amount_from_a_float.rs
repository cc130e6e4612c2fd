//! Money never was a binary fraction.

use payspec::{Fen, Yuan};

fn main() {
    let _: Yuan = 100.01.into();
    let _: Fen = (0.1 + 0.2).into();
    let _ = Fen::new(10001.0);
}
