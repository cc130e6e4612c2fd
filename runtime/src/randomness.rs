//! Where chance comes from: the system, or a test.

use std::fmt;
use std::sync::{Mutex, PoisonError};

/// Gives random bytes. Object-safe: a client holds an `Arc<dyn Randomness>`.
pub trait Randomness: fmt::Debug + Send + Sync {
    /// Fills the bytes.
    ///
    /// # Errors
    /// There is no randomness to be had.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// There is no randomness to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no randomness to be had")]
pub struct NoRandomness;

/// The operating system's.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(|_| NoRandomness)
    }
}

/// The same bytes over and over. For tests alone: whoever knows the next nonce can forge.
#[derive(Debug)]
pub struct FixedRandomness {
    bytes: Vec<u8>,
    next: Mutex<usize>,
}

impl FixedRandomness {
    /// These bytes in turn, from the first again behind the last.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), next: Mutex::new(0) }
    }
}

impl Randomness for FixedRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        for byte in bytes {
            *byte = *self.bytes.get(*next % self.bytes.len().max(1)).ok_or(NoRandomness)?;
            *next = next.wrapping_add(1);
        }
        Ok(())
    }
}
