//! What the crates drag in: licences, bans, and which of our crates may know which.
//!
//! `cargo metadata` and `cargo tree` say what is compiled; `deny.toml` says what may be. The rules of the house that
//! are about arrows between crates are asserted here too, because a comment would not hold them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::{collections::BTreeSet, path::PathBuf, process::Command};

use serde_json::Value as Json;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(arguments)
        .args(["--locked", "--offline"])
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}

/// The system that this machine compiles for.
fn host() -> String {
    let output = Command::new("rustc").current_dir(root()).arg("-vV").output().expect("rustc runs");
    let told = String::from_utf8(output.stdout).expect("rustc writes UTF-8");
    told.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host").to_owned()
}

/// Names of the crates that are compiled for a package with these features.
fn tree(package: &str, features: &[&str]) -> BTreeSet<String> {
    let features = features.join(",");
    let text = cargo(&[
        "tree",
        "--package",
        package,
        "--features",
        &features,
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

fn deny() -> toml::Table {
    std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml").parse().expect("deny.toml is TOML")
}

/// A licence expression holds when one of its `OR` branches is allowed throughout.
fn allowed(expression: &str, allowed_ids: &[&str]) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], " ");
    expression.split(" OR ").any(|branch| {
        branch.split(" AND ").all(|id| {
            let id = id.split(" WITH ").next().unwrap_or_default().trim();
            allowed_ids.contains(&id)
        })
    })
}

#[test]
fn every_licence_is_on_the_list() {
    let deny = deny();
    let allowed_ids: Vec<&str> =
        deny["licenses"]["allow"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    // Only what this machine compiles: crates of other systems need not have been downloaded.
    let host = host();
    let metadata = cargo(&["metadata", "--format-version", "1", "--filter-platform", &host]);
    let metadata: Json = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 50, "cargo metadata lists the dependencies");
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| !allowed(package["license"].as_str().unwrap_or("none stated"), &allowed_ids))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    assert!(refused.is_empty(), "licences that deny.toml does not allow:\n{}", refused.join("\n"));
}

#[test]
fn a_licence_expression_is_read_branch_by_branch() {
    assert!(allowed("MIT OR GPL-3.0", &["MIT"]));
    assert!(allowed("MIT/Apache-2.0", &["Apache-2.0"]));
    assert!(allowed("Apache-2.0 WITH LLVM-exception OR MIT", &["MIT"]));
    assert!(!allowed("MIT AND GPL-3.0", &["MIT"]));
    assert!(!allowed("none stated", &["MIT"]));
}

#[test]
fn a_users_build_contains_nothing_that_is_banned() {
    let crates = tree("payspec", &["aggregate_pay", "guanaitong", "ysepay"]);
    for banned in deny()["bans"]["deny"].as_array().unwrap() {
        let name = banned["name"].as_str().unwrap();
        assert!(!crates.contains(name), "{name} is compiled for users: {}", banned["reason"]);
    }
    assert!(crates.contains("ring"), "the default TLS is rustls over ring");
}

#[test]
fn openssl_is_compiled_for_those_who_ask_for_it_and_brings_no_copy_of_its_own() {
    let crates = tree("payspec", &["openssl"]);
    assert!(crates.contains("openssl") && crates.contains("openssl-sys"), "the feature `openssl`");
    assert!(!crates.contains("openssl-src"), "the library is the system's");
    for without in [&["rsa", "sm", "cipher"][..], &[]] {
        assert!(!tree("payspec", without).contains("openssl-sys"), "Rust alone with {without:?}");
    }
}

#[test]
fn the_defaults_build_no_library_in_c_that_does_tls() {
    let heavy = ["aws-lc-rs", "aws-lc-sys", "openssl", "openssl-sys", "native-tls"];
    for features in [&[] as &[&str], &["aggregate_pay", "guanaitong", "ysepay", "cipher"]] {
        let crates = tree("payspec", features);
        for name in heavy {
            assert!(!crates.contains(name), "{name} is compiled for users of {features:?}");
        }
    }
    // They would be seen: whoever asks for `native-tls` has it.
    let asked = tree("payspec", &["native-tls"]);
    assert!(asked.contains("native-tls"), "{asked:?}");
}

#[test]
fn a_provider_brings_no_crate_but_for_its_keys() {
    let without = tree("payspec", &[]);
    assert_eq!(tree("payspec", &["aggregate_pay", "guanaitong"]), without);
    assert_eq!(tree("payspec", &["ysepay"]), tree("payspec", &["rsa", "sm"]));
}

#[test]
fn a_users_build_compiles_no_tool_of_the_tests() {
    let crates = tree("payspec", &["aggregate_pay", "guanaitong", "ysepay"]);
    for tool in ["prettyplease", "schemars", "insta", "yaml_serde", "axum"] {
        assert!(!crates.contains(tool), "{tool} is compiled for users");
    }
}

#[test]
fn the_gateway_does_not_contain_the_generated_code() {
    let crates = tree("payspec-sandbox", &[]);
    assert!(crates.contains("payspec-interpreter"), "the gateway verifies with the interpreter");
    assert!(!crates.contains("payspec"), "the gateway must not contain the generated crate");
    assert!(!crates.contains("payspec-macros"), "the gateway must not compile specs to Rust");
}

#[test]
fn arrows_between_our_crates_run_one_way() {
    let ours = |package: &str| -> BTreeSet<String> {
        tree(package, &[]).into_iter().filter(|name| name.starts_with("payspec") && name != package).collect()
    };
    let names = |list: &[&str]| -> BTreeSet<String> { list.iter().map(|name| (*name).to_owned()).collect() };
    assert_eq!(ours("payspec-runtime"), names(&[]), "the runtime depends on nothing of ours");
    assert_eq!(ours("payspec-codegen"), names(&[]), "the compiler depends on nothing of ours");
    assert_eq!(ours("payspec-macros"), names(&["payspec-codegen"]));
    assert_eq!(ours("payspec-interpreter"), names(&["payspec-codegen", "payspec-runtime"]));
    assert_eq!(ours("payspec"), names(&["payspec-codegen", "payspec-macros", "payspec-runtime"]));
}

#[test]
fn the_compiler_needs_no_http_and_no_cryptography() {
    let crates = tree("payspec-codegen", &[]);
    for heavy in ["reqwest", "tokio", "hyper", "rsa", "sm2", "md-5", "sha1", "serde_json"] {
        assert!(!crates.contains(heavy), "{heavy} is compiled with the compiler");
    }
}
