//! Every shipped spec is among those that are compiled here as formatted text.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{fs, path::Path};

#[test]
fn no_shipped_spec_is_left_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let code = fs::read_to_string(root.join("src/lib.rs")).unwrap();
    let names = fs::read_dir(root.join("../../specs")).unwrap().map(|entry| entry.unwrap().file_name());
    let names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    let specs = names.iter().filter_map(|name| name.strip_suffix(".yaml")).filter(|name| !name.ends_with(".vectors"));
    let (compiled, left_out): (Vec<&str>, Vec<&str>) =
        specs.partition(|name| code.contains(&format!("\"/{name}.rs\"")));
    assert_eq!(left_out, [""; 0]);
    assert!(compiled.len() >= 3, "{compiled:?}");
}
