//! Guesses the word that was meant.
//!
//! A mistyped name is the commonest mistake in a spec, so most diagnostics ask here. The guess is by edit distance
//! and deliberately shy: a wrong suggestion costs the author more than none.

/// Longer words are not compared: the work grows with the square of the length.
const LONGEST: usize = 64;

/// The candidate that differs least from `word`, if it differs little enough to be meant.
///
/// Case does not count; swapped neighbours count once. Of equally near candidates the first wins.
#[must_use]
pub fn did_you_mean<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = letters(word)?;
    let limit = word.len().max(3) / 3;
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let Some(other) = letters(candidate) else { continue };
        // A guess that replaces everything is no guess.
        if other.len().abs_diff(word.len()) > limit || word.len() < 2 {
            continue;
        }
        let distance = distance(&word, &other);
        if distance <= limit && distance < other.len() && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn letters(word: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = word.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect();
    (letters.len() <= LONGEST).then_some(letters)
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], k: usize| row.get(k).copied().unwrap_or(usize::MAX / 2);
            let mut least = at(&previous, j) + usize::from(x != y);
            least = least.min(at(&previous, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut previous, row);
    }
    previous.last().copied().unwrap_or(usize::MAX)
}
