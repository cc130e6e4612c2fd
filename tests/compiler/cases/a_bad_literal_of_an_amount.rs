//! Checked when the program is compiled, not when somebody pays.

use payspec::yuan;

fn main() {
    let _ = yuan!("1e2");
    let _ = yuan!("0.001");
    let _ = yuan!("1,000.00");
    let _ = yuan!("");
}
