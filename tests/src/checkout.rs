//! The main job: four real interfaces, each from the first struct to the last query, against fake providers.
//!
//! Everything runs on loopback in this process: a shop that receives callbacks, and for each provider a sandbox that
//! reads the same spec through the interpreter. The clock stands still and nothing is random, so that the account
//! that is written is the same every time; `tests/main_job.rs` holds it.

mod account;
mod aggregate_pay;
mod cashier;
mod combine_alipay;
mod employee_pay;
mod gateway;
mod guanaitong;
mod mishaps;
mod shop;
mod wire;

use std::error::Error;
use std::io::Write;

use payspec::{FixedClock, Timestamp};

use self::account::Account;
pub use self::wire::Wire;

/// What a scene can fail with: it is a test and an example, so any error ends it.
pub type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// 2026-11-21 12:00:00 in China.
const NOW: i64 = 1_795_233_600;

/// What all scenes share.
struct Stage<'a> {
    account: Account<'a>,
    clock: FixedClock,
    wire: Wire,
    /// The text that a client signed last, as it was written in the account.
    signed: Option<String>,
}

/// The secrets of the main job: what must not be found anywhere outside.
pub const SECRETS: [(&str, &str); 4] = [
    ("MD5 key", aggregate_pay::SECRET),
    ("SHA-1 secret", guanaitong::SECRET),
    ("RSA private key", combine_alipay::MERCHANT_RSA),
    ("SM2 private key", combine_alipay::MERCHANT_SM2),
];

/// Plays the main job and writes its account.
///
/// # Errors
/// The first thing that did not go as it should.
pub async fn play(out: &mut dyn Write) -> Outcome {
    play_with(out, &Wire::default()).await
}

/// Plays the main job with a tap on everything that its clients send and show.
///
/// # Errors
/// The first thing that did not go as it should.
pub async fn play_with(out: &mut dyn Write, wire: &Wire) -> Outcome {
    let now = Timestamp::from_unix_seconds(NOW).ok_or("no such time")?;
    let mut stage =
        Stage { account: Account::new(out), clock: FixedClock::new(now), wire: wire.clone(), signed: None };
    stage.account.title("The main job: four interfaces, from the order to the truth")?;
    aggregate_pay::play(&mut stage).await?;
    cashier::play(&mut stage).await?;
    employee_pay::play(&mut stage).await?;
    combine_alipay::play(&mut stage).await?;
    stage.account.title("What goes wrong")?;
    mishaps::play(&mut stage).await?;
    Ok(())
}
