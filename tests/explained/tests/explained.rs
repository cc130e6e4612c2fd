//! How often the true cause is named, and how often something else is accused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

use payspec_explained::case::{Broken, Case, cases};
use payspec_explained::random::Random;
use payspec_explained::score::Score;
use payspec_explained::{keys, message, outside, spec};

/// Breaks of each vector; with `PAYSPEC_ALL_BREAKS` in the environment all there are.
const EACH: usize = 2;

/// A break, made or not yet.
enum Break {
    Edit(spec::Edit),
    Made(Box<Broken>),
}

#[test]
fn the_true_cause_of_a_single_break_is_among_the_first_three_answers() {
    let (mut score, mut random) = (Score::default(), Random::new(11));
    let most = if std::env::var_os("PAYSPEC_ALL_BREAKS").is_some() { usize::MAX } else { EACH };
    for case in &cases() {
        let changed = message::breaks(case)
            .into_iter()
            .chain(keys::breaks(case))
            .map(|broken| Break::Made(Box::new(broken)));
        let breaks: Vec<Break> = spec::edits(case).into_iter().map(Break::Edit).chain(changed).collect();
        let mut asked = 0;
        for one in random.shuffled(breaks) {
            if asked == most {
                break;
            }
            let broken = match one {
                Break::Edit(edit) => edit.applied(case),
                Break::Made(broken) => Some(*broken),
            };
            asked += usize::from(broken.is_some_and(|broken| score.ask(case, &broken)));
        }
    }
    println!("{}", score.table("single breaks"));
    assert!(score.asked >= 250, "{} breaks", score.asked);
    assert!(score.named * 100 >= score.asked * 95, "{} of {}", score.named, score.asked);
}

/// Asks about so many breaks, of cases and kinds at random.
fn sampled(wanted: usize, seed: u64, mut one: impl FnMut(&Case, &mut Random) -> Option<Broken>) -> Score {
    let (cases, mut random, mut score) = (cases(), Random::new(seed), Score::default());
    for _ in 0..wanted * 50 {
        if score.asked == wanted {
            break;
        }
        let case = &cases[random.below(cases.len())];
        if let Some(broken) = one(case, &mut random) {
            score.ask(case, &broken);
        }
    }
    score
}

#[test]
fn damage_that_nothing_explains_is_blamed_on_nothing() {
    let score = sampled(100, 20_261_122, outside::damage);
    println!("{}", score.table("outside the search"));
    assert_eq!(score.asked, 100);
    assert!(score.wrong <= 2, "{:#?}", score.accusations);
}

#[test]
fn two_breaks_at_once_are_not_blamed_on_something_else() {
    let score = sampled(100, 4, outside::double);
    println!("{}", score.table("double breaks"));
    assert_eq!(score.asked, 100);
    assert!(score.wrong <= 2, "{:#?}", score.accusations);
}
