//! Several keys, of which a message says by an id which one it means: certificates that providers renew, for example.
//!
//! The message only chooses among what the merchant has configured. An id that is not here is refused; there is no
//! key that serves for want of another.

use std::{collections::BTreeMap, fmt};

use crate::{RecipeError, excerpt::excerpt};

/// Keys by their ids, in the spelling of the provider.
///
/// ```
/// # #[cfg(feature = "rsa")]
/// # fn keys(certificate: &[u8], key: payspec_runtime::RsaPublicKey) -> Result<(), payspec_runtime::keys::KeyError> {
/// use payspec_runtime::{KeysById, RsaPublicKey};
///
/// let mut keys: KeysById<RsaPublicKey> = KeysById::new();
/// keys.insert("PUB_KEY_ID_0114232134912410000000000000", key);
/// keys.insert_certificate(certificate)?; // by its serial number
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct KeysById<K>(BTreeMap<String, K>);

impl<K> KeysById<K> {
    /// No keys.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Adds a key. One of the same id is replaced.
    pub fn insert(&mut self, id: impl Into<String>, key: K) {
        self.0.insert(id.into(), key);
    }

    /// The key of this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&K> {
        self.0.get(id)
    }

    /// The ids, in their order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The key of an id that a message names.
    ///
    /// # Errors
    /// [`RecipeError::UnknownKey`].
    pub fn named(&self, id: &str) -> Result<&K, RecipeError> {
        self.get(id).ok_or_else(|| RecipeError::UnknownKey { id: excerpt(id, 64).into_owned() })
    }
}

impl<K> Default for KeysById<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> FromIterator<(String, K)> for KeysById<K> {
    fn from_iter<I: IntoIterator<Item = (String, K)>>(keys: I) -> Self {
        Self(keys.into_iter().collect())
    }
}

/// Shows ids only.
impl<K> fmt::Debug for KeysById<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeysById")?;
        f.debug_set().entries(self.0.keys()).finish()
    }
}
