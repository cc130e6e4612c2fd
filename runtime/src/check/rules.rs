//! Rules over several fields: the closed set of the language.
//!
//! Each rule is handed the values that it compares, or whether fields are given; when a rule applies is decided by
//! the emitted code. A field that is not given takes no part in a comparison. Values never appear in a violation,
//! except the two sums of [`Check::rule_sums_to`], unless [`RuleCheck::sensitive`] is said.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

use super::quantity::Addend;
use super::{Check, Level, Limit};

/// What a rule found; says at which level it holds.
pub struct RuleCheck<'c, 'a> {
    check: &'c mut Check<'a>,
    first: usize,
}

impl RuleCheck<'_, '_> {
    /// The rule is only advised.
    pub fn should(self) -> Self {
        self.check.violations.iter_mut().skip(self.first).for_each(|found| found.level = Level::Should);
        self
    }

    /// The values must not be seen.
    pub fn sensitive(self) -> Self {
        self.check.violations.iter_mut().skip(self.first).for_each(super::Violation::conceal);
        self
    }
}

/// A place where a value may stand that [`Check::rule_among`] allows.
pub struct Among<'v>(Place<'v>);

enum Place<'v> {
    Members(&'v str, Vec<&'v str>),
    Credential(&'v str),
}

impl<'v> Among<'v> {
    /// A member of the items of a list: `Among::members("sub_order_list.seller_id", values)`.
    pub fn members(path: &'v str, values: impl IntoIterator<Item = &'v str>) -> Self {
        Self(Place::Members(path, values.into_iter().collect()))
    }

    /// A public credential, by its name.
    #[must_use]
    pub fn credential(name: &'v str) -> Self {
        Self(Place::Credential(name))
    }
}

impl<'a> Check<'a> {
    /// At least one of the fields is given.
    pub fn rule_any_of(&mut self, fields: &[(&str, bool)]) -> RuleCheck<'_, 'a> {
        self.presence(Limit::AnyOf, fields, |given, _| given >= 1)
    }

    /// Exactly one of the fields is given.
    pub fn rule_one_of(&mut self, fields: &[(&str, bool)]) -> RuleCheck<'_, 'a> {
        self.presence(Limit::OneOf, fields, |given, _| given == 1)
    }

    /// No more than one of the fields is given.
    pub fn rule_at_most_one_of(&mut self, fields: &[(&str, bool)]) -> RuleCheck<'_, 'a> {
        self.presence(Limit::AtMostOneOf, fields, |given, _| given <= 1)
    }

    /// All of the fields are given, or none.
    pub fn rule_together(&mut self, fields: &[(&str, bool)]) -> RuleCheck<'_, 'a> {
        self.presence(Limit::Together, fields, |given, all| given == 0 || given == all)
    }

    /// Each of the fields is given: a violation for each that is not.
    pub fn rule_require(&mut self, fields: &[(&str, bool)]) -> RuleCheck<'_, 'a> {
        self.each(&Limit::Require, fields, true)
    }

    /// None of the fields is given: a violation for each that is.
    pub fn rule_forbid(&mut self, fields: &[(&str, bool)]) -> RuleCheck<'_, 'a> {
        self.each(&Limit::Forbid, fields, false)
    }

    /// Both have the same value, if both are given.
    pub fn rule_equal<T: PartialEq>(
        &mut self,
        (name, value): (&str, Option<T>),
        (other, other_value): (&str, Option<T>),
    ) -> RuleCheck<'_, 'a> {
        let holds = value.zip(other_value).is_none_or(|(one, two)| one == two);
        self.judge(holds, name, |check| (Limit::Equal { other: check.path_of(other) }, None))
    }

    /// The two have different values, if both are given.
    pub fn rule_distinct<T: PartialEq>(
        &mut self,
        (name, value): (&str, Option<T>),
        (other, other_value): (&str, Option<T>),
    ) -> RuleCheck<'_, 'a> {
        let holds = value.zip(other_value).is_none_or(|(one, two)| one != two);
        self.judge(holds, name, |check| (Limit::Distinct { other: check.path_of(other) }, None))
    }

    /// The first is not more than the second, if both are given.
    pub fn rule_ascending<T: PartialOrd>(
        &mut self,
        (name, value): (&str, Option<T>),
        (other, other_value): (&str, Option<T>),
    ) -> RuleCheck<'_, 'a> {
        let holds = value.zip(other_value).is_none_or(|(one, two)| one <= two);
        self.judge(holds, name, |check| (Limit::Ascending { other: check.path_of(other) }, None))
    }

    /// No two items of the list agree in the member: a violation for each that repeats an earlier one.
    pub fn rule_unique<T: Eq + Hash>(
        &mut self,
        list: &str,
        member: &str,
        values: impl IntoIterator<Item = Option<T>>,
    ) -> RuleCheck<'_, 'a> {
        let first = self.violations.len();
        let list = self.path_of(list);
        let mut seen = HashMap::new();
        for (index, value) in values.into_iter().enumerate() {
            let Some(value) = value else { continue };
            match seen.entry(value) {
                Entry::Vacant(unseen) => {
                    unseen.insert(index);
                }
                Entry::Occupied(before) => {
                    let limit = Limit::Unique { first: format!("{list}[{}].{member}", before.get()) };
                    self.push(Level::Must, format!("{list}[{index}].{member}"), limit, None);
                }
            }
        }
        RuleCheck { check: self, first }
    }

    /// The members of the items of the list add up exactly to the total, if that is given. A member that is not given
    /// adds nothing; a sum that is too large to be computed is a violation.
    pub fn rule_sums_to<T: Addend>(
        &mut self,
        (list, member): (&str, &str),
        parts: impl IntoIterator<Item = Option<T>>,
        (name, total): (&str, Option<T>),
    ) -> RuleCheck<'_, 'a> {
        let sum = parts.into_iter().flatten().try_fold(T::ZERO, T::checked_sum);
        let holds = total.is_none_or(|total| sum.is_some_and(|sum| sum == total));
        self.judge(holds, name, |check| {
            let measured = total.map(|total| match sum {
                Some(sum) => format!("it is {total}, they are {sum} {}", T::UNIT).trim_end().to_owned(),
                None => format!("it is {total}, their sum is too large to be computed"),
            });
            (Limit::SumsTo { parts: format!("{}[].{member}", check.path_of(list)) }, measured)
        })
    }

    /// The field, if it is given, has one of the values that stand at the places. Passed over when none of the known
    /// values fits and a credential among the places is not known.
    pub fn rule_among(&mut self, name: &str, value: Option<&str>, places: &[Among<'_>]) -> RuleCheck<'_, 'a> {
        let fits = |value: &str| places.iter().any(|place| self.may_be(value, place));
        let holds = value.is_none_or(fits);
        self.judge(holds, name, |check| {
            (Limit::Among { places: places.iter().map(|place| check.place_of(place)).collect() }, None)
        })
    }

    fn may_be(&self, value: &str, place: &Among<'_>) -> bool {
        match &place.0 {
            Place::Members(_, values) => values.contains(&value),
            Place::Credential(name) => self.credential_value(name).is_none_or(|known| known == value),
        }
    }

    fn place_of(&self, place: &Among<'_>) -> String {
        match &place.0 {
            Place::Members(path, _) => format!("`{}`", self.path_of(path)),
            Place::Credential(name) => format!("the credential `{name}`"),
        }
    }

    fn presence(
        &mut self,
        limit: Limit,
        fields: &[(&str, bool)],
        holds: impl FnOnce(usize, usize) -> bool,
    ) -> RuleCheck<'_, 'a> {
        let first = self.violations.len();
        let listed = |given_only: bool| {
            let chosen = fields.iter().filter(|(_, is_given)| *is_given || !given_only);
            chosen.map(|(name, _)| self.path_of(name)).collect::<Vec<_>>()
        };
        let given = fields.iter().filter(|(_, is_given)| *is_given).count();
        if !holds(given, fields.len()) {
            let measured = (given > 0).then(|| listed(true).join(", "));
            let path = listed(false).join(", ");
            self.push(Level::Must, path, limit, measured);
        }
        RuleCheck { check: self, first }
    }

    fn each(&mut self, limit: &Limit, fields: &[(&str, bool)], wanted: bool) -> RuleCheck<'_, 'a> {
        let first = self.violations.len();
        for (name, _) in fields.iter().filter(|(_, is_given)| *is_given != wanted) {
            self.push(Level::Must, self.path_of(name), limit.clone(), None);
        }
        RuleCheck { check: self, first }
    }

    fn judge(
        &mut self,
        holds: bool,
        name: &str,
        broken: impl FnOnce(&Self) -> (Limit, Option<String>),
    ) -> RuleCheck<'_, 'a> {
        let first = self.violations.len();
        if !holds {
            let (limit, measured) = broken(self);
            self.push(Level::Must, self.path_of(name), limit, measured);
        }
        RuleCheck { check: self, first }
    }
}
