//! What `provider!` makes of the spec, one snapshot for each item.

#[test]
fn the_generated_code_is_reviewed() {
    for (item, code) in payspec_codegen::snapshot("demo_pay.yaml").unwrap() {
        insta::assert_snapshot!(item, code);
    }
}
