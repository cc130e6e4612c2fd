//! Whether names are distinct, without allocation for the few that a usual message has.

use std::collections::HashSet;

/// With more names, a set is quicker, and nobody can make us slow.
const FEW: usize = 64;

/// The first name that stands there before.
pub(crate) fn first_repeated<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Option<&'n str> {
    // One bit for each of 256 kinds of names: only names of one kind have to be compared.
    let mut kinds = [0_u64; 4];
    for (index, name) in names.clone().enumerate() {
        if index == FEW {
            let mut known = HashSet::new();
            return names.into_iter().find(|name| !known.insert(*name));
        }
        let kind = kind_of(name.as_bytes());
        let bit = 1 << (kind % 64);
        let kinds = kinds.get_mut(usize::from(kind / 64))?;
        if *kinds & bit != 0 && names.clone().take(index).any(|known| known == name) {
            return Some(name);
        }
        *kinds |= bit;
    }
    None
}

/// A mixture of the length and of the bytes at both ends.
fn kind_of(name: &[u8]) -> u8 {
    let word = |bytes: Option<&[u8; 8]>| bytes.copied().map(u64::from_le_bytes);
    let mixed = match (word(name.first_chunk()), word(name.last_chunk())) {
        (Some(first), Some(last)) => first ^ last.rotate_left(29),
        _ => name.iter().fold(0, |mixed: u64, byte| mixed << 8 | u64::from(*byte)),
    };
    (mixed ^ name.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[0]
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn the_first_repeated_name_is_found_however_many_there_are() {
        for count in [0, 1, 2, 23, FEW, FEW + 1, 1000] {
            let mut names: Vec<String> =
                (0..count).map(|number| format!("name_{number}_of_a_field")).collect();
            names.extend((0..count).map(|number| number.to_string()));
            assert_eq!(first_repeated(names.iter().map(String::as_str)), None, "{count}");
            if let Some(last) = names.last().cloned() {
                names.push(last.clone());
                names.push("0".to_owned());
                assert_eq!(first_repeated(names.iter().map(String::as_str)), Some(last.as_str()), "{count}");
            }
        }
        assert_eq!(first_repeated(["", "a", ""].into_iter()), Some(""));
    }

    #[test]
    fn names_of_one_kind_are_told_apart() {
        let names: Vec<String> = (0..5000).map(|number| format!("n{number}")).collect();
        let kind = kind_of(b"n0");
        let same: Vec<&str> = names
            .iter()
            .map(String::as_str)
            .filter(|name| kind_of(name.as_bytes()) == kind)
            .take(FEW)
            .collect();
        assert!(same.len() > 5, "{}", same.len());
        assert_eq!(first_repeated(same.iter().copied()), None);
        assert_eq!(first_repeated(same.iter().copied().chain([same[3]])), Some(same[3]));
    }
}
