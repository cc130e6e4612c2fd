//! What came of vectors, for programs: one document with stable names.

use payspec_vectors::{Difference, Failed, Vector};
use serde_json::{Value, json};

use super::{Outcome, Summary, Tested, What};
use crate::failure::Failure;
use crate::terminal::Terminal;

pub(super) fn print(all: &[Tested], summary: &Summary, terminal: &mut Terminal) -> Result<(), Failure> {
    let pairs: Vec<Value> = all.iter().map(pair).collect();
    let document = json!({
        "pairs": pairs,
        "summary": {
            "held": summary.held,
            "failed": summary.failed,
            "unreproduced": summary.unreproduced,
            "changes_refused": summary.changes_refused,
            "changes_unnoticed": summary.changes_unnoticed,
            "without_vectors": summary.without_vectors,
            "with_mistakes": summary.mistakes,
            "unreadable": summary.unreadable,
        },
    });
    writeln!(terminal.out, "{document:#}")?;
    Ok(())
}

fn pair(tested: &Tested) -> Value {
    let (problem, results) = match &tested.what {
        What::Unreadable(failure) => (Some(failure.to_string()), Vec::new()),
        What::NoVectors => (Some("there are no vectors".to_owned()), Vec::new()),
        What::Mistakes(report) => (Some(report.to_string()), Vec::new()),
        What::Ran { results, .. } => {
            (None, results.iter().map(|(vector, outcome)| result(vector, outcome)).collect())
        }
    };
    json!({
        "spec": tested.pair.spec.to_string_lossy(),
        "vectors": tested.pair.vectors.to_string_lossy(),
        "problem": problem,
        "results": results,
    })
}

fn result(vector: &Vector, outcome: &Outcome) -> Value {
    let (word, tried, failed) = match outcome {
        Outcome::Holds(tried) => ("held", Some(tried), None),
        Outcome::Unreproduced(failed) => ("unreproduced", None, Some(failed)),
        Outcome::Fails(failed) => ("failed", None, Some(failed)),
    };
    json!({
        "name": vector.name,
        "provenance": vector.provenance,
        "kind": vector.subject.kind(),
        "of": vector.subject.name(),
        "result": word,
        "changes_refused": tried.map(|tried| tried.refused),
        "changes_unnoticed": tried.map(|tried| tried.unnoticed.as_slice()),
        "not_changed_because": tried.and_then(|tried| tried.skipped.as_deref()),
        "failure": failed.map(failure),
    })
}

fn failure(failed: &Failed) -> Value {
    let difference = failed.difference.as_deref().map(|Difference { what, expected, found, at }| {
        json!({ "what": what, "expected": expected, "found": found, "at": at })
    });
    json!({
        "code": failed.code.map(|code| code.number()),
        "message": failed.message,
        "line": failed.span.start.line,
        "column": failed.span.start.column,
        "difference": difference,
    })
}
