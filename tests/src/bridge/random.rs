//! Random messages, drawn from a spec: inputs of requests, fields of callbacks, answers.
//!
//! Everything that the spec allows can come, and what is awkward comes often: Chinese text, characters that encodings
//! treat specially, values at the very ends of their limits, optional values that are absent, empty or blank, unknown
//! values and further fields. Nearly all draws are valid; the rest must be refused by both sides.
//!
//! A draw is a proptest strategy without shrinking: proptest brings the seeded generator and the counting of cases.

mod answers;
mod callbacks;
mod moments;
mod requests;
mod texts;
mod values;

use std::sync::Arc;

use payspec::Timestamp;
use payspec_codegen::ir::{
    CredentialKind, CredentialPath, Decode, Encoding, KeyKind, Kind, Provider, Shape, TimePattern, TimePiece,
};
use payspec_interpreter::{CredentialValue, Instant, Settings};
use payspec_runtime::{Charset, Secret};
use proptest::{prelude::*, test_runner::TestRng};

use super::wire;

pub use self::{
    answers::Answered,
    callbacks::{Tampering, Told},
};

/// An account of a provider, and in how many of a hundred draws it is used.
#[derive(Clone, Debug)]
pub struct Account {
    /// What distinguishes it.
    pub name: String,
    /// Credentials, options and token. Keys that the provider signs with are private here.
    pub settings: Settings,
}

/// Keys for the accounts; the same serve us and the provider.
#[derive(Clone, Debug)]
pub struct Keys {
    /// RSA.
    pub rsa: CredentialValue,
    /// SM2.
    pub sm2: CredentialValue,
}

/// An account for each choice of credentials, each charset, and options set or not.
#[must_use]
pub fn accounts(provider: &Provider, keys: &Keys) -> Vec<Account> {
    let mut accounts = vec![Account { name: String::new(), settings: Settings::default() }];
    for credential in &provider.credentials {
        let values: Vec<(String, CredentialValue)> = match &credential.kind {
            CredentialKind::Choice(alternatives) => alternatives
                .iter()
                .map(|alternative| {
                    let members = alternative.members.iter();
                    let members =
                        members.map(|member| (member.name.wire.clone(), value(&member.kind, keys))).collect();
                    let name = alternative.name.wire.clone();
                    (name.clone(), CredentialValue::Choice { alternative: name, members })
                })
                .collect(),
            kind => vec![(String::new(), value(kind, keys))],
        };
        accounts = crossed(&accounts, &values, |settings, value| {
            settings.credentials.insert(&credential.name.wire, value.clone());
        });
    }
    for option in &provider.options {
        let field = &option.field;
        let mut values = vec![(String::new(), None)];
        match &field.kind {
            Kind::Enum(id) => {
                if let Shape::Enum(listed) = &provider[*id].shape {
                    values.extend(
                        listed
                            .iter()
                            .map(|listed| (listed.name.wire.clone(), Some(listed.name.wire.clone()))),
                    );
                }
            }
            _ => values.push(("chosen".to_owned(), Some("1.0.0".to_owned()))),
        }
        accounts = crossed(&accounts, &values, |settings, value| {
            if let Some(value) = value {
                settings.options.insert(&field.name.wire, value.clone());
            }
        });
    }
    for account in &mut accounts {
        for host in &provider.hosts {
            account
                .settings
                .hosts
                .insert(&host.wire, format!("https://{}.example.com", host.wire.replace('_', "-")));
        }
        if let Some(token) = &provider.token {
            account.settings.tokens.insert(&token.name.wire, "cde2c369fab499c0bf0643bb1844e70c".to_owned());
        }
    }
    accounts
}

fn crossed<T>(accounts: &[Account], values: &[(String, T)], set: impl Fn(&mut Settings, &T)) -> Vec<Account> {
    let pairs = accounts.iter().flat_map(|account| values.iter().map(move |value| (account, value)));
    pairs
        .map(|(account, (name, value))| {
            let mut account = account.clone();
            set(&mut account.settings, value);
            account.name = [account.name.as_str(), name.as_str()].join(" ").trim().to_owned();
            account
        })
        .collect()
}

fn value(kind: &CredentialKind, keys: &Keys) -> CredentialValue {
    match kind {
        CredentialKind::Text { .. } => CredentialValue::Text("10000001".to_owned()),
        CredentialKind::Secret(Decode::Text) => {
            CredentialValue::Secret(Secret::new("0123456789abcdef&=+ %中"))
        }
        // Both at once: sixteen bytes of hex are twenty-four bytes of base64.
        CredentialKind::Secret(Decode::Hex | Decode::Base64) => {
            CredentialValue::Secret(Secret::new("0123456789abcdefABCDEF9876543210"))
        }
        CredentialKind::Keys(_) => CredentialValue::Keys([("KEY_ID_1", keys.rsa.clone())].into()),
        CredentialKind::Key(KeyKind::RsaPrivate | KeyKind::RsaPublic) => keys.rsa.clone(),
        CredentialKind::Key(KeyKind::Sm2Private | KeyKind::Sm2Public) => keys.sm2.clone(),
        CredentialKind::Choice(_) => panic!("a choice has no choice inside"),
    }
}

/// Draws for one account of a provider.
#[derive(Clone, Debug)]
pub struct Random {
    provider: Arc<Provider>,
    settings: Settings,
    charset: Charset,
    pieces: Arc<[&'static str]>,
}

impl Random {
    /// Draws for this account.
    #[must_use]
    pub fn new(provider: &Arc<Provider>, settings: &Settings) -> Self {
        let charset = wire::charset(provider, settings);
        let pieces = texts::pieces(charset).into();
        Self { provider: Arc::clone(provider), settings: settings.clone(), charset, pieces }
    }

    /// A strategy that draws with a generator of its own.
    pub fn strategy<T: std::fmt::Debug + 'static>(
        &self,
        draw: impl Fn(&mut Draw<'_>) -> T + 'static,
    ) -> BoxedStrategy<T> {
        let own = self.clone();
        let perturbed = Just(()).prop_perturb(move |(), rng| {
            let seconds = Instant::from_unix_seconds(946_684_800);
            let mut draws = Draw { random: &own, rng, now: seconds };
            draws.now = Instant::from_unix_seconds(
                i64::try_from(draws.below(3_155_760_000)).expect("small") + 946_684_800,
            );
            draw(&mut draws)
        });
        perturbed.boxed()
    }
}

/// A draw: the generator, and the time of the message.
pub struct Draw<'r> {
    random: &'r Random,
    rng: TestRng,
    /// The clock.
    pub now: Instant,
}

impl Draw<'_> {
    fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.rng.next_u64() % end }
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).expect("an index")
    }

    /// Once in so many draws.
    pub fn once_in(&mut self, draws: u64) -> bool {
        self.below(draws) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.index(from.len())]
    }

    fn between(&mut self, low: i128, high: i128) -> i128 {
        let width = u64::try_from(high - low + 1).unwrap_or(u64::MAX);
        low + i128::from(self.below(width))
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }

    fn provider(&self) -> Arc<Provider> {
        Arc::clone(&self.random.provider)
    }

    /// Public text of a credential.
    fn credential(&self, path: &CredentialPath) -> String {
        match self.random.settings.credentials.get(&path.name.wire) {
            Some(CredentialValue::Text(text)) => text.clone(),
            Some(CredentialValue::Choice { alternative, .. }) => {
                let declared =
                    self.random.provider.credentials.iter().find(|known| known.name.wire == path.name.wire);
                let Some(CredentialKind::Choice(alternatives)) = declared.map(|known| &known.kind) else {
                    panic!("a choice")
                };
                let chosen = alternatives.iter().find(|known| known.name.wire == *alternative);
                chosen.expect("an alternative").wire.clone()
            }
            _ => panic!("a public credential"),
        }
    }

    /// A day near the clock's, as a pattern writes it.
    fn day_near(&mut self, pattern: &TimePattern, within_days: u32) -> String {
        let away = self.between(-i128::from(within_days), i128::from(within_days));
        let then = self.now.unix_seconds() + i64::try_from(away).expect("some days") * 86_400;
        let zone = self.random.provider.defaults.zone.unwrap_or(0);
        let day = Timestamp::from_unix_seconds(then).expect("a time").date_at(zone).to_string();
        written_day(&day, pattern)
    }

    fn settings_has_choice(&self, path: &CredentialPath) -> bool {
        matches!(self.random.settings.credentials.get(&path.name.wire), Some(CredentialValue::Choice { .. }))
    }
}

/// `yyyy-MM-dd` in another pattern; a time of day is that of midnight.
fn written_day(day: &str, pattern: &TimePattern) -> String {
    let parts: Vec<&str> = day.splitn(3, '-').collect();
    let piece = |piece: &TimePiece| match piece {
        TimePiece::Year => parts[0].to_owned(),
        TimePiece::Month => parts[1].to_owned(),
        TimePiece::Day => parts[2].to_owned(),
        TimePiece::Hour | TimePiece::Minute | TimePiece::Second => "00".to_owned(),
        TimePiece::Milli => "000".to_owned(),
        TimePiece::Literal(text) => text.clone(),
    };
    pattern.pieces.iter().map(piece).collect()
}

/// Whether the charset of messages is the client's choice.
#[must_use]
pub fn chooses_charset(provider: &Provider) -> bool {
    matches!(provider.defaults.encoding, Encoding::Chosen(_))
}
