//! The fake provider of a scene: its spec, its half of the keys, and what it has seen.

use std::sync::Arc;

use payspec_interpreter::{CredentialValue, Map, Settings};
use payspec_sandbox::{Entry, Sandbox, Setup};

use super::shop::{self, Shop};
use super::{Outcome, Stage};

/// Starts a fake provider for a shop.
pub(super) async fn start(
    stage: &Stage<'_>,
    spec: (&str, &str),
    credentials: Map<CredentialValue>,
    options: Map<String>,
    shop: &Shop,
) -> Outcome<Sandbox> {
    let (file, text) = spec;
    let compiled = payspec_codegen::compile(text, file).map_err(|report| report.to_string())?;
    let settings = Settings { credentials, options, ..Settings::default() };
    let setup = Setup::new(Arc::new(compiled.provider), settings)
        .clock(stage.clock.clone())
        .resolve(shop::HOST, shop.address);
    Ok(Sandbox::start(setup).await?)
}

impl Stage<'_> {
    /// Writes what the client signs.
    pub(super) fn signs(&mut self, text: Option<&str>) -> Outcome {
        let text = text.ok_or("a client that explains itself shows what it signs")?;
        self.account.step("signs", text)?;
        self.signed = Some(text.to_owned());
        Ok(())
    }

    /// Writes what the provider has seen and done since the last time.
    pub(super) fn report(&mut self, gateway: &Sandbox) -> Outcome {
        for entry in gateway.take_journal() {
            match entry {
                Entry::Taken { operation, signed } if self.signed.as_deref() == Some(signed.as_str()) => {
                    self.account
                        .step("gateway", format!("{operation}: the signature fits, over the same text"))?;
                }
                Entry::Taken { operation, signed } => {
                    self.account
                        .step("gateway", format!("{operation}: the signature fits, over\n{signed}"))?;
                }
                Entry::Booked(order) => {
                    self.account.step("gateway", format!("books order {}", order.number))?
                }
                Entry::Refused { path, reason } => {
                    self.account.step("gateway", format!("refuses {path}: {}", reason.trim_end()))?;
                }
                Entry::Sent { callback, signed, answer } => {
                    let answer = answer.as_deref().unwrap_or("nothing it understands");
                    self.account.step("gateway", format!("sent {callback}, heard {answer}\n{signed}"))?;
                }
                other => self.account.step("gateway", format!("{other:?}"))?,
            }
        }
        Ok(())
    }
}
