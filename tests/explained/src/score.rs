//! Counting: the true cause among the first three, wrong accusations, the slowest answer.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use payspec_interpreter::Interpreter;

use crate::case::{Broken, Case};

/// What came of a series of breaks.
#[derive(Clone, Debug, Default)]
pub struct Score {
    pub asked: usize,
    /// The true cause is the first, second or third answer.
    pub named: usize,
    /// Something is accused, and the true cause is nowhere among the answers.
    pub wrong: usize,
    /// Nothing is accused.
    pub silent: usize,
    pub slowest: Duration,
    by_kind: BTreeMap<String, (usize, usize)>,
    pub misses: Vec<String>,
    pub accusations: Vec<String>,
}

impl Score {
    /// Asks about one break. `false`: it changes nothing, and does not count.
    pub fn ask(&mut self, case: &Case, broken: &Broken) -> bool {
        let started = Instant::now();
        let answer = broken.asked(&case.vector);
        // What the settings refuse is told by name before anything is signed.
        let is_set_up = Interpreter::new(Arc::clone(&broken.provider), broken.settings.clone()).is_ok();
        if answer.as_it_is || !is_set_up {
            return false;
        }
        self.slowest = self.slowest.max(started.elapsed());
        self.asked += 1;
        let names_it = |neighbour: &payspec_explain::Neighbour| {
            let alike = neighbour.alike.iter().map(|alike| alike.at.as_str());
            let mut places = std::iter::once(neighbour.at.as_str()).chain(alike);
            places.any(|at| broken.truth.iter().any(|truth| truth.is_named_by(at)))
        };
        let place = answer.matches.iter().position(names_it);
        let is_named = place.is_some_and(|place| place < 3);
        let count = self.by_kind.entry(broken.kind.clone()).or_default();
        count.1 += 1;
        count.0 += usize::from(is_named);
        self.named += usize::from(is_named);
        self.silent += usize::from(answer.matches.is_empty());
        let heard: Vec<&str> = answer.matches.iter().map(|found| found.at.as_str()).collect();
        let told = format!(
            "{} {}: {} [{}] -> {heard:?}{}",
            case.file,
            case.vector.name,
            broken.kind,
            broken.detail,
            match (&answer.obstacle, answer.stopped) {
                (Some(obstacle), _) => format!(" ({obstacle})"),
                (None, true) => format!(" (stopped after {})", answer.tried),
                (None, false) => String::new(),
            }
        );
        if place.is_none() && !answer.matches.is_empty() {
            self.wrong += 1;
            self.accusations.push(told.clone());
        }
        if !is_named {
            self.misses.push(told);
        }
        true
    }

    /// Figures by kind, then what was missed.
    pub fn table(&self, title: &str) -> String {
        let mut text = format!(
            "{title}: {} breaks, {} named among the first three, {} silent, {} wrongly accused, slowest answer {} ms\n",
            self.asked,
            self.named,
            self.silent,
            self.wrong,
            self.slowest.as_millis()
        );
        for (kind, (named, asked)) in &self.by_kind {
            writeln!(text, "  {named:>4} of {asked:<4} {kind}").unwrap();
        }
        for miss in &self.misses {
            writeln!(text, "  missed: {miss}").unwrap();
        }
        text
    }
}
