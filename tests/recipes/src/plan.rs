//! What the truth table becomes: one spec for each file and encoding, one callback for each case in it.
//!
//! `build.rs` makes generated code of the plan, the tests make interpreters of it; both plan alone, and must agree.

use std::path::Path;

use payspec_codegen::compile;

use crate::{
    declared,
    random::{self, Draw},
    spec::{self, Case},
    truth::{self, Row},
};

/// A spec of the table.
#[derive(Clone, Debug)]
pub struct Module {
    /// The provider.
    pub name: String,
    /// The spec.
    pub text: String,
    /// Where the rows are.
    pub rows: Vec<Planned>,
}

/// A row with its place.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The subject of its file.
    pub subject: String,
    /// The row.
    pub row: Row,
    /// The callback, or why there is none.
    pub callback: Result<String, Refused>,
}

/// Why a recipe does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The numbers of the errors.
    pub codes: Vec<String>,
    /// The report.
    pub report: String,
}

/// The plan of the table in this folder.
#[must_use]
pub fn plan(folder: &Path) -> Vec<Module> {
    let mut modules = Vec::new();
    for file in truth::files(folder) {
        let mut encodings: Vec<&str> = file.rows.iter().map(|row| row.encoding.as_str()).collect();
        encodings.sort_unstable();
        encodings.dedup();
        for encoding in encodings {
            let name = format!("truth_{}_{}", file.truth, encoding.to_lowercase().replace('-', ""));
            let rows = file.rows.iter().filter(|row| row.encoding == encoding);
            modules.push(module(name, rows.map(|row| (row, declared::case(&file, row))), &file.truth));
        }
    }
    modules
}

fn module<'r>(name: String, rows: impl Iterator<Item = (&'r Row, Case)>, subject: &str) -> Module {
    let mut cases: Vec<Case> = Vec::new();
    let mut planned = Vec::new();
    for (row, case) in rows {
        let same =
            |own: &Case| own.recipe == case.recipe && own.fields == case.fields && own.types == case.types;
        let callback = match cases.iter().position(same) {
            Some(at) if cases[at].receive.contains(&case.receive[0]) => Ok(format!("c{at}")),
            Some(at) => {
                let joint = Case { receive: [&cases[at].receive[..], &case.receive].concat(), ..case };
                refused(&joint).map_or_else(|| Ok(format!("c{at}")), Err).inspect(|_| cases[at] = joint)
            }
            None => match refused(&case) {
                Some(refused) => Err(refused),
                None => {
                    cases.push(case);
                    Ok(format!("c{}", cases.len() - 1))
                }
            },
        };
        planned.push(Planned { subject: subject.to_owned(), row: row.clone(), callback });
    }
    Module { text: spec::text(&name, &cases.iter().collect::<Vec<_>>()), name, rows: planned }
}

/// Why a case does not compile by itself.
#[must_use]
pub fn refused(case: &Case) -> Option<Refused> {
    let text = spec::text("alone", &[case]);
    let report = compile(&text, "alone.yaml").err()?;
    let report = report.to_string();
    let is_error = |block: &&str| block.starts_with("error[");
    let report: String = report.split("\n\n").filter(is_error).collect::<Vec<_>>().join("\n\n");
    let mut codes: Vec<String> = report
        .split("error[")
        .skip(1)
        .filter_map(|error| error.split(']').next().map(str::to_owned))
        .collect();
    codes.dedup();
    Some(Refused { codes, report })
}

/// How many draws have generated code.
pub const COMPILED_DRAWS: usize = 200;

/// The first draws that compile, and for each the module and callback that `build.rs` has made of it.
#[must_use]
pub fn compiled_draws() -> (Vec<Module>, Vec<(Draw, String, String)>) {
    let compiled = (0..).map(random::draw).filter(|draw| refused(&draw.case).is_none());
    let draws: Vec<Draw> = compiled.take(COMPILED_DRAWS).collect();
    let (mut modules, mut places) = (Vec::new(), Vec::new());
    for encoding in ["UTF-8", "GBK", "GB18030"] {
        let own: Vec<&Draw> = draws.iter().filter(|draw| draw.case.encoding == encoding).collect();
        let cases: Vec<&Case> = own.iter().map(|draw| &draw.case).collect();
        let name = format!("draws_{}", encoding.to_lowercase().replace('-', ""));
        modules.push(Module { text: spec::text(&name, &cases), name: name.clone(), rows: Vec::new() });
        places.extend(
            own.iter().enumerate().map(|(at, draw)| ((*draw).clone(), name.clone(), format!("c{at}"))),
        );
    }
    (modules, places)
}
