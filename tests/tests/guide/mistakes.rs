//! The page of all diagnostics, made from the catalogue of the compiler.

use std::fmt::Write as _;

use payspec_codegen::codes::Code;

/// The page.
pub fn page() -> String {
    let mut page = String::from(HEAD);
    for code in Code::ALL {
        let link = anchor(*code);
        writeln!(page, "| [{code}](#{link}) | {} | {} |", code.severity(), code.title())
            .expect("a text grows");
    }
    for code in Code::ALL {
        write!(page, "\n## {code}: {}\n\n{}.", code.title(), said(*code)).expect("a text grows");
        writeln!(page, " {}", code.explain()).expect("a text grows");
    }
    page
}

/// What the severity means for the author.
fn said(code: Code) -> String {
    let severity = code.severity().to_string();
    let severity = format!("{}{}", severity[..1].to_uppercase(), &severity[1..]);
    match (severity.as_str(), code.can_be_accepted()) {
        ("Error", false) => severity,
        (_, true) => format!("{severity}, can be accepted"),
        (_, false) => format!("{severity}, cannot be accepted"),
    }
}

fn anchor(code: Code) -> String {
    let heading = format!("# {code}: {}", code.title());
    super::markdown::anchors(&heading).remove(0)
}

const HEAD: &str = "\
# Mistakes

Everything that the compiler says about a spec: its number, how heavy it is, what it means and what the mend looks like. An *error*
stops the compilation. A *warning* is mended, or accepted with a reason (`accepts`, see [the language](language.md#accepting-warnings)).
A *note* is worth knowing. A number is never used for something else.

This page is made from `codegen/src/codes.rs` by a test; do not edit it: `PAYSPEC_BLESS=1 cargo test -p payspec-tests --test guide`.

| number | severity | what is wrong |
|---|---|---|
";
