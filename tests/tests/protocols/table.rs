//! `docs/protocols.md`: what was shown of each protocol.

use std::fmt::Write as _;

use payspec_tests::vectors::{Subject, Vector};

use super::{
    Shown,
    unnoticed::{UNNOTICED, Unnoticed},
};

/// Longest text that is shown whole.
const LONGEST: usize = 60;

const HEAD: &str = "# The sample of signing protocols

Real protocols that measure the language: each is a YAML spec in `tests/protocols` and nothing else, no hook and no line of Rust. Written by
`tests/tests/protocols`; `PAYSPEC_BLESS=1 cargo test -p payspec-tests --test protocols` writes it anew, and without that the test fails when
this page is not what it finds.

What holds for each of them, through generated code and through the interpreter:
- The text that is signed is the provider's, byte by byte; so is the signature, or it is accepted where it cannot be made again (*verified*).
  What is received is accepted as it came.
- In one loop, the message is taken as it is, and refused with any one value changed by a character: fields at any depth, host, path, query,
  headers, the body, values that the caller hands in, credentials. Values of a query or form are left out as well. Of a request, generated
  code and interpreter make another signature of every changed input, and the interpreter, in the provider's place, refuses the old signature
  with the new value.

The columns `generated` and `interpreter` count such changes. `published` signatures come from the provider or its own client; the others
were computed from the published rule.

";

/// The page.
pub(crate) fn page(rows: &[(Vector, Shown)]) -> String {
    let held = rows.iter().filter(|(_, shown)| shown.is_ok()).count();
    let mut page = HEAD.to_owned();
    let (generated, interpreter) = rows.iter().filter_map(|(_, shown)| shown.as_ref().ok()).fold(
        (0, 0),
        |(generated, interpreter), (_, tried)| {
            (generated + tried.by_generated, interpreter + tried.by_interpreter)
        },
    );
    writeln!(
        page,
        "**{held} of {} hold.** Changes refused: {generated} by generated code, {interpreter} by the interpreter. \
         Changes that a protocol does not notice: {}, [below](#what-a-protocol-does-not-notice).\n",
        rows.len(),
        UNNOTICED.iter().map(|known| known.protocols.len()).sum::<usize>()
    )
    .unwrap();
    page.push_str(
        "| protocol | spec | message | provenance | text | bytes | signature | generated | interpreter |\n",
    );
    page.push_str("|---|---|---|---|---|---|---|---|---|\n");
    for (vector, shown) in rows {
        row(&mut page, vector, shown);
    }
    missing(&mut page, rows);
    page.push_str("\n## What a protocol does not notice\n\n");
    page.push_str("It is the provider's rule, not our reading of it. Everything else is refused.\n\n");
    page.push_str("| change | protocols | reason |\n|---|---|---|\n");
    for Unnoticed { change, reason, protocols } in UNNOTICED {
        writeln!(page, "| {change} | {} | {reason} |", protocols.join(", ")).unwrap();
    }
    page
}

fn row(page: &mut String, vector: &Vector, shown: &Shown) {
    let spec = vector.spec.file.rsplit('/').next().unwrap().trim_end_matches(".yaml");
    let message = match &vector.subject {
        Subject::Request(_) => "request",
        Subject::Response(_) => "answer",
        Subject::Callback(_) => "callback",
        Subject::Recipe(_) => "recipe",
    };
    let provenance = if vector.provenance == "published" { "published" } else { "computed" };
    write!(page, "| {} | {spec} | {message} | {provenance} | ", vector.name).unwrap();
    match shown {
        Ok((proof, tried)) => {
            let text = String::from_utf8_lossy(&proof.base);
            let verified = if vector.verify_only { " (verified)" } else { "" };
            writeln!(
                page,
                "{} | {} | {}{verified} | {} | {} |",
                code(&text),
                proof.base.len(),
                code(&proof.signature),
                tried.by_generated,
                tried.by_interpreter
            )
            .unwrap();
        }
        Err(_) => writeln!(page, "**does not hold** | | | | |").unwrap(),
    }
}

fn missing(page: &mut String, rows: &[(Vector, Shown)]) {
    let failed: Vec<(&str, &String)> = rows
        .iter()
        .filter_map(|(vector, shown)| Some((vector.name.as_str(), shown.as_ref().err()?)))
        .collect();
    if failed.is_empty() {
        return;
    }
    page.push_str("\n## What does not hold\n\n");
    for (name, failure) in failed {
        writeln!(page, "- {name}: {}", failure.lines().next().unwrap_or_default()).unwrap();
    }
}

/// A text as code in a table, shortened in the middle.
fn code(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let shown = if letters.len() > LONGEST {
        let first: String = letters[..LONGEST * 2 / 3].iter().collect();
        let last: String = letters[letters.len() - LONGEST / 3..].iter().collect();
        format!("{first}…{last}")
    } else {
        text.to_owned()
    };
    let shown = shown.replace('\n', "\\n").replace('|', "\\|");
    if shown.contains('`') { format!("`` {shown} ``") } else { format!("`{shown}`") }
}
