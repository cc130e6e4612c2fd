//! One of the two is a hundred times the other.

use payspec::{fen, yuan};

fn main() {
    let _ = yuan!("1.00") + fen!(100);
    let _ = yuan!("1.00") == fen!(100);
}
