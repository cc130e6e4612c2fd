//! What comes out: one snapshot for each construct of the language, and rules that everything emitted must keep.

#![cfg(feature = "snapshot")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::path::{Path, PathBuf};

use payspec_codegen::{Options, expand, snapshot};

/// Keeps the items of a small spec whose names are listed.
fn assert_items(spec: &str, wanted: &[&str]) {
    let items = snapshot(spec_path(spec)).unwrap();
    for name in wanted {
        let (_, text) =
            items.iter().find(|(item, _)| item == name).unwrap_or_else(|| panic!("no item {name}"));
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{spec}__{name}"), text);
        });
    }
}

fn spec_path(spec: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/specs/{spec}.yaml"))
}

fn small_specs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs");
    let files = yaml_files(&folder);
    assert!(files.len() >= 4);
    files
}

/// The specs that are shipped with this repository.
fn shipped_specs() -> Vec<PathBuf> {
    yaml_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs"))
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let is_spec = |file: &PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy();
        name.ends_with(".yaml") && !name.ends_with(".vectors.yaml")
    };
    let mut files: Vec<PathBuf> =
        folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).filter(is_spec).collect();
    files.sort();
    files
}

/// Every item of every spec, as (spec and item, text).
fn everything() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for file in small_specs().into_iter().chain(shipped_specs()) {
        let spec = file.file_stem().unwrap().to_string_lossy().into_owned();
        all.extend(
            snapshot(&file).unwrap().into_iter().map(|(name, text)| (format!("{spec}__{name}"), text)),
        );
    }
    all
}

#[test]
fn a_module_says_what_there_is_and_where_the_facts_come_from() {
    assert_items("form", &["module", "environment", "environment__host", "credentials", "client"]);
}

#[test]
fn an_enumeration_is_open_and_keeps_its_outcomes_private() {
    assert_items("form", &["type__state"]);
}

#[test]
fn a_request_is_checked_signed_in_a_fixed_order_and_sent_as_a_form() {
    assert_items("form", &["operation__pay", "operation__pay__validate", "operation__pay__request"]);
}

#[test]
fn an_unsigned_reply_is_judged_by_codes_and_echoes() {
    assert_items(
        "form",
        &["envelope__api", "operation__pay__call", "operation__pay__resolve", "operation__pay__reply"],
    );
}

#[test]
fn codes_that_differ_for_an_operation_go_before_the_common_ones() {
    assert_items("form", &["codes", "operation__query__codes"]);
}

#[test]
fn an_outcome_has_its_exceptions_first() {
    assert_items("form", &["operation__query__reply"]);
}

#[test]
fn a_notice_comes_only_out_of_its_verification() {
    assert_items(
        "form",
        &[
            "recipe__notify",
            "recipe__notify__2",
            "recipe__notify__fits",
            "recipe__notify__verify",
            "callback__notify",
            "callback__notify__value",
        ],
    );
}

#[test]
fn a_return_has_a_hint_and_no_outcome() {
    assert_items("form", &["callback__returned", "callback__returned__value"]);
}

#[test]
fn a_token_is_fetched_after_the_check_and_renewed_once() {
    assert_items("token", &["client", "client__token", "operation__pay__request", "operation__pay__call"]);
}

#[test]
fn a_redirect_is_a_signed_address() {
    assert_items(
        "token",
        &["operation__cashier", "operation__cashier__request", "operation__cashier__resolve"],
    );
}

#[test]
fn a_reply_may_be_a_single_value() {
    assert_items("token", &["operation__pay__reply", "operation__record__reply"]);
}

#[test]
fn an_option_without_a_default_is_left_out() {
    assert_items("token", &["credentials__options"]);
}

#[test]
fn a_choice_of_credentials_chooses_the_seal_and_the_text_is_composed_once() {
    assert_items("choice", &["credentials", "client__context", "operation__pay__request"]);
}

#[test]
fn a_signed_reply_is_verified_over_its_very_bytes() {
    assert_items(
        "choice",
        &[
            "envelope__gateway",
            "recipe__response_rsa",
            "recipe__response_rsa__verify",
            "operation__pay__call",
        ],
    );
}

#[test]
fn a_recipe_over_each_element_is_a_loop_around_the_recipe_of_one() {
    let verified = ["recipe__item_rsa__verify", "recipe__item_mac__verify", "callback__settled"];
    assert_items("elements", &verified);
}

#[test]
fn a_notice_may_only_agree_with_the_configured_algorithm() {
    assert_items("choice", &["callback__notify"]);
}

#[test]
fn a_notice_that_names_its_time_is_read_trimmed_where_it_is_signed_trimmed() {
    assert_items("notice", &["client", "callback__paid", "recipe__trimmed"]);
}

#[test]
fn a_reading_that_cannot_be_applied_gives_way_to_the_next() {
    assert_items("notice", &["callback__strictly_paid", "callback__leniently_paid"]);
}

#[test]
fn an_object_that_is_sent_is_written_and_one_that_is_received_is_read() {
    assert_items("choice", &["type__part", "type__pay_info"]);
    assert_items("limits", &["type__line", "type__line__received"]);
}

#[test]
fn every_limit_and_every_rule_is_one_call() {
    assert_items("choice", &["operation__pay__validate"]);
    assert_items("limits", &["operation__pay", "operation__pay__validate"]);
}

#[test]
fn a_text_of_json_is_made_once_before_it_is_checked_and_sent() {
    assert_items("limits", &["operation__query__validate", "operation__query__request"]);
}

#[test]
fn a_json_body_is_written_by_kind_and_a_template_is_signed() {
    assert_items("limits", &["operation__pay__request", "operation__pay__reply", "envelope__api"]);
}

#[test]
fn common_fields_in_the_query_stand_beside_a_json_body() {
    assert_items("common", &["operation__look__request", "operation__look__call", "operation__look__reply"]);
}

#[test]
fn a_message_that_is_signed_as_a_whole_is_written_first() {
    assert_items(
        "carriers",
        &[
            "operation__post__request",
            "operation__post__call",
            "operation__order__request",
            "operation__look__request",
        ],
    );
    assert_items("carriers", &["operation__look__call", "type__line", "client"]);
}

#[test]
fn a_notice_is_verified_then_opened_then_read_with_its_headers() {
    assert_items("carriers", &["callback__notify"]);
}

#[test]
fn items_are_short_enough_to_be_reviewed() {
    // A table of codes is as long as the provider's.
    let long: Vec<(String, usize)> = everything()
        .into_iter()
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(name, lines)| *lines > 150 && !name.ends_with("__codes"))
        .collect();
    assert_eq!(long, []);
}

#[test]
fn functions_fit_on_a_screen() {
    let long: Vec<(String, usize)> = everything()
        .iter()
        .flat_map(|(name, text)| functions(name, text))
        .filter(|(_, lines)| *lines > 80)
        .collect();
    assert_eq!(long, []);
}

/// The functions of an item and their lengths: a function ends with the brace at its own indentation.
fn functions(item: &str, text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let starts = lines.iter().enumerate().filter(|(_, line)| {
        line.contains("fn ") && !line.trim_start().starts_with("//") && !line.ends_with('}')
    });
    let functions = starts.filter_map(|(start, line)| {
        let is_end = |end: &&str| indent(end) == indent(line) && end.trim() == "}";
        let length = lines[start..].iter().position(is_end)?;
        Some((format!("{item}: {}", line.trim()), length + 1))
    });
    functions.collect()
}

#[test]
fn item_names_are_unique() {
    let mut names: Vec<String> = everything().into_iter().map(|(name, _)| name).collect();
    let before = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), before);
}

#[test]
fn emitted_code_cannot_panic_and_needs_no_macro_but_derives() {
    let forbidden =
        ["unwrap()", "expect(", "panic!", "format!", "vec!", "println!", "super::", "crate::", "std::"];
    let found: Vec<(String, &str)> = everything()
        .into_iter()
        .flat_map(|(name, text)| {
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let code = code.join("\n");
            forbidden
                .iter()
                .filter(|word| code.contains(**word))
                .map(|word| (name.clone(), *word))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(found, []);
}

#[test]
fn the_same_spec_expands_to_the_same_text_everywhere() {
    let here = env!("CARGO_MANIFEST_DIR");
    for file in small_specs() {
        let source = std::fs::read_to_string(&file).unwrap();
        let once = expand(&source, "a.yaml", &Options::default()).tokens().to_string();
        let again = expand(&source, "/elsewhere/b.yaml", &Options::default()).tokens().to_string();
        assert_eq!(once, again);
        assert!(!once.contains(here), "{}", file.display());
    }
}

#[test]
fn a_spec_with_mistakes_expands_to_all_of_them() {
    let expansion = expand("payspec: 1\nprovidr: {}\n", "specs/x.yaml", &Options::default());
    let text = expansion.tokens().to_string();
    assert!(expansion.items.is_empty());
    assert!(text.starts_with(":: core :: compile_error !"), "{text}");
    assert!(text.contains("--> specs/x.yaml:2:1"), "{text}");
    let errors = expansion
        .report
        .diagnostics()
        .iter()
        .filter(|found| text.contains(&found.message.replace('"', "\\\"")));
    assert!(errors.count() >= 2, "{text}");
}

#[test]
fn a_snapshot_of_a_missing_file_names_it() {
    let error = snapshot("tests/specs/absent.yaml").unwrap_err();
    assert!(error.to_string().contains("tests/specs/absent.yaml"), "{error}");
}

#[test]
fn a_request_is_written_viewed_sealed_and_placed() {
    assert_items(
        "recipes",
        &[
            "recipe__request",
            "recipe__request__part__digest",
            "recipe__request__place",
            "recipe__request__seal",
        ],
    );
}

#[test]
fn a_header_that_is_a_list_has_candidates_and_its_time_is_tolerated_after_the_comparison() {
    assert_items("recipes", &["recipe__dated__place", "recipe__dated__verify"]);
}

#[test]
fn an_encrypted_digest_is_opened_and_composed_anew() {
    assert_items("recipes", &["recipe__salted__part__digest", "recipe__salted__verify"]);
}
