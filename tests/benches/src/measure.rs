//! Measuring: rivals take turns, so that whatever else the machine does hits all of them.

use std::{hint::black_box, time::Instant};

/// Who does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    /// The digest or the key operation alone, on the same bytes.
    Bare,
    /// The generated crate, by its public API.
    Payspec,
    /// Safe Rust, tuned by hand for this one message.
    Tuned,
    /// `BTreeMap` and `format!`.
    Idiomatic,
}

impl By {
    /// As in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Payspec => "payspec",
            Self::Tuned => "tuned",
            Self::Idiomatic => "idiomatic",
        }
    }
}

/// One way to do the work.
pub struct Rival {
    /// Who.
    pub by: By,
    run: Box<dyn Fn()>,
    result: Box<dyn Fn() -> String>,
}

/// What is measured.
pub struct Workload {
    /// `W1`.
    pub name: &'static str,
    /// In words.
    pub what: &'static str,
    /// The bare operation first.
    pub rivals: Vec<Rival>,
}

/// What was measured of one rival.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// Who.
    pub by: By,
    /// Of all rounds, in nanoseconds for one operation.
    pub median: f64,
    /// The quickest round.
    pub least: f64,
    /// The round that three quarters are quicker than, less the one that a quarter is quicker than.
    pub spread: f64,
    /// The median of what it took longer than the bare operation, round by round.
    pub ratio: f64,
    /// Of one operation.
    pub allocations: u64,
}

impl Rival {
    /// One way to do the work, and what must be the same for all ways, made from its output.
    pub fn new<T>(
        by: By,
        work: impl Fn() -> T + Clone + 'static,
        shown: impl Fn(T) -> String + 'static,
    ) -> Self {
        let again = work.clone();
        Self {
            by,
            run: Box::new(move || {
                black_box(again());
            }),
            result: Box::new(move || shown(work())),
        }
    }

    /// Does the work so many times.
    #[inline(never)]
    pub fn repeat(&self, times: u32) {
        for _ in 0..times {
            (self.run)();
        }
    }

    /// Allocations of one operation, after the first ones have filled what is kept: the fewest, because a key operation
    /// that is blinded takes a few more with some random numbers than with others.
    #[must_use]
    pub fn allocations(&self) -> u64 {
        self.repeat(3);
        let counts = (0..20).map(|_| allocation_counter::measure(|| self.repeat(1)).count_total);
        counts.min().unwrap_or_default()
    }
}

impl Workload {
    /// The rival of this name.
    #[must_use]
    pub fn rival(&self, by: By) -> Option<&Rival> {
        self.rivals.iter().find(|rival| rival.by == by)
    }

    /// All ways but the bare operation give the same.
    ///
    /// # Panics
    /// They do not.
    pub fn check(&self) {
        let results: Vec<_> = self.rivals.iter().filter(|rival| rival.by != By::Bare).collect();
        for pair in results.windows(2) {
            let (one, other) = ((pair[0].result)(), (pair[1].result)());
            assert_eq!(one, other, "{}: {:?} and {:?}", self.name, pair[0].by, pair[1].by);
        }
    }

    /// Measures all rivals, in turns.
    #[must_use]
    pub fn measure(&self, rounds: usize, nanoseconds_per_round: f64) -> Vec<Figures> {
        let times: Vec<u32> =
            self.rivals.iter().map(|rival| calibrated(rival, nanoseconds_per_round)).collect();
        let mut taken = vec![Vec::with_capacity(rounds); self.rivals.len()];
        for _ in 0..rounds {
            for ((rival, times), taken) in self.rivals.iter().zip(&times).zip(&mut taken) {
                taken.push(timed(rival, *times));
            }
        }
        let bare = taken.first().cloned().unwrap_or_default();
        self.rivals.iter().zip(taken).map(|(rival, taken)| figures(rival, taken, &bare)).collect()
    }
}

fn timed(rival: &Rival, times: u32) -> f64 {
    let start = Instant::now();
    rival.repeat(times);
    start.elapsed().as_secs_f64() * 1e9 / f64::from(times)
}

/// How often the work is done in a round.
fn calibrated(rival: &Rival, nanoseconds: f64) -> u32 {
    timed(rival, 3);
    let once = timed(rival, 10).max(1.0);
    ((nanoseconds / once) as u32).clamp(1, 100_000)
}

fn figures(rival: &Rival, mut taken: Vec<f64>, bare: &[f64]) -> Figures {
    let mut ratios: Vec<f64> = taken.iter().zip(bare).map(|(taken, bare)| taken / bare).collect();
    let quarters = |figures: &mut Vec<f64>| {
        figures.sort_by(f64::total_cmp);
        [0, 1, 2, 3].map(|part| figures[figures.len() * part / 4])
    };
    let [least, quarter, median, three_quarters] = quarters(&mut taken);
    let [_, _, ratio, _] = quarters(&mut ratios);
    let spread = three_quarters - quarter;
    Figures { by: rival.by, median, least, spread, ratio, allocations: rival.allocations() }
}
