//! Random recipes: what is signed verifies, what is changed does not, and nothing panics.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use payspec_codegen::compile;
use payspec_recipes::{
    generated, plan,
    random::{self, Draw},
    run::{self, Outcome},
    spec,
};

/// How many recipes that compile.
const RECIPES: usize = 10_000;

/// What came of the draws.
#[derive(Debug, Default)]
struct Tally {
    labels: BTreeMap<String, usize>,
    /// Recipes that the checker refuses, by the first code.
    uncompiled: BTreeMap<String, usize>,
    /// Messages that cannot be signed by their recipe.
    unsigned: BTreeMap<String, usize>,
    signed: usize,
    changed: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        let maps = [
            (&mut self.labels, other.labels),
            (&mut self.uncompiled, other.uncompiled),
            (&mut self.unsigned, other.unsigned),
        ];
        for (into, from) in maps {
            from.into_iter().for_each(|(name, count)| *into.entry(name).or_default() += count);
        }
        self.signed += other.signed;
        self.changed += other.changed;
        self.wrong.extend(other.wrong);
    }

    fn draw(&mut self, draw: &Draw) {
        let text = spec::text("alone", &[&draw.case]);
        let provider = match compile(&text, "alone.yaml") {
            Ok(compiled) => compiled.provider,
            Err(report) => {
                let report = report.to_string();
                let code = report.split_once("error[").and_then(|(_, rest)| rest.get(..5)).unwrap_or("?");
                *self.uncompiled.entry(code.to_owned()).or_default() += 1;
                return;
            }
        };
        let interpreter = run::interpreter_of(provider);
        let packet = match run::signed(&interpreter, "c0", draw) {
            Ok(packet) => packet,
            Err(error) => {
                let kind = kind(&format!("{error:?}"));
                let count = self.unsigned.entry(kind).or_default();
                *count += 1;
                if *count < 4 {
                    println!(
                        "draw {} cannot be signed: {error:?}\n{}\n{:?}",
                        draw.number, draw.case.recipe, draw.message
                    );
                }
                return;
            }
        };
        self.signed += 1;
        draw.labels.iter().for_each(|label| *self.labels.entry(label.clone()).or_default() += 1);
        let through = |packet| run::interpreted(&interpreter, "c0", packet, &draw.message.given);
        let outcome = through(&packet);
        if !matches!(outcome, Outcome::Accepted(_)) {
            self.wrong.push(format!(
                "draw {} is refused: {outcome:?}\n{}\n{packet:?}",
                draw.number, draw.case.recipe
            ));
            return;
        }
        let Some(spot) = draw.spots.get(usize::try_from(draw.number).unwrap() % draw.spots.len().max(1))
        else {
            return;
        };
        if packet.count(&spot.mark) != 1 {
            return;
        }
        self.changed += 1;
        let changed = packet.changed(&spot.mark, &spot.changed);
        if let accepted @ Outcome::Accepted(_) = through(&changed) {
            let Draw { number, case, .. } = draw;
            self.wrong.push(format!(
                "draw {number}: {} was changed from {} and is {accepted:?}\n{}\n{packet:?}",
                spot.what, spot.mark, case.recipe
            ));
        }
    }
}

/// The words before the first value.
fn kind(error: &str) -> String {
    error.split([' ', '{']).next().unwrap_or_default().to_owned()
}

fn tally() -> Tally {
    let next = AtomicU64::new(0);
    let compiled = AtomicU64::new(0);
    let work = || {
        let mut tally = Tally::default();
        while usize::try_from(compiled.load(Ordering::Relaxed)).unwrap() < RECIPES {
            let draw = random::draw(next.fetch_add(1, Ordering::Relaxed));
            let before: usize = tally.uncompiled.values().sum();
            tally.draw(&draw);
            if tally.uncompiled.values().sum::<usize>() == before {
                compiled.fetch_add(1, Ordering::Relaxed);
            }
        }
        tally
    };
    let workers = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let mut all = Tally::default();
        workers.into_iter().for_each(|worker| all.add(worker.join().expect("no draw panics")));
        all
    })
}

#[test]
fn what_is_signed_verifies_and_what_is_changed_does_not() {
    let tally = tally();
    for (label, count) in &tally.labels {
        println!("{count:6}  {label}");
    }
    let uncompiled: usize = tally.uncompiled.values().sum();
    let unsigned: usize = tally.unsigned.values().sum();
    println!("{} signed, {} changed", tally.signed, tally.changed);
    println!("{uncompiled} recipes refused by the checker: {:?}", tally.uncompiled);
    println!("{unsigned} messages that their recipe refuses: {:?}", tally.unsigned);
    assert!(
        tally.wrong.is_empty(),
        "{} are wrong\n\n{}",
        tally.wrong.len(),
        tally.wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n\n")
    );
    assert!(uncompiled * 20 < RECIPES, "the checker refuses {uncompiled}");
    assert!(unsigned * 20 < RECIPES, "{unsigned} messages cannot be signed");
    assert!(tally.changed * 2 > RECIPES, "{} were changed", tally.changed);
    let rare: Vec<_> = tally.labels.iter().filter(|(_, count)| **count < 100).collect();
    assert!(rare.is_empty(), "less than 100 times: {rare:?}");
    assert!(tally.labels.len() >= 250, "{} keys and values", tally.labels.len());
}

#[test]
fn generated_code_agrees_with_the_interpreter() {
    let (modules, draws) = plan::compiled_draws();
    let interpreters: Vec<_> =
        modules.iter().map(|module| (&module.name, run::interpreter(&module.text, &module.name))).collect();
    let (mut compared, mut wrong) = (0, Vec::new());
    for (draw, module, callback) in &draws {
        let (_, interpreter) = interpreters.iter().find(|(name, _)| *name == module).unwrap();
        let Ok(packet) = run::signed(interpreter, callback, draw) else { continue };
        let changed = draw.spots.iter().map(|spot| packet.changed(&spot.mark, &spot.changed));
        for packet in [packet.clone()].into_iter().chain(changed) {
            compared += 1;
            let given = &draw.message.given;
            let theirs = run::interpreted(interpreter, callback, &packet, given);
            let ours = generated::generated(module, callback, &packet, given);
            if !agree(&theirs, &ours) {
                wrong.push(format!(
                    "draw {}\n{}\ninterpreter {theirs:?}\n  generated {ours:?}\n{packet:?}",
                    draw.number, draw.case.recipe
                ));
            }
        }
    }
    println!("{compared} messages compared over {} recipes", draws.len());
    assert!(wrong.is_empty(), "{} disagree\n\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n\n"));
    assert!(compared >= 400, "{compared} messages compared");
}

fn agree(theirs: &Outcome, ours: &Outcome) -> bool {
    match (theirs, ours) {
        // Of several recipes each side calls another one the last.
        (Outcome::Accepted(Some(theirs)), Outcome::Accepted(_)) => generated::composed().contains(theirs),
        (Outcome::Mismatch(_), Outcome::Mismatch(_)) | (Outcome::Refused { .. }, Outcome::Refused { .. }) => {
            true
        }
        // A reading that cannot be applied, or a placed part that differs, is a mismatch on one side.
        (Outcome::Mismatch(_) | Outcome::Refused { .. }, Outcome::Mismatch(_) | Outcome::Refused { .. }) => {
            true
        }
        _ => false,
    }
}
