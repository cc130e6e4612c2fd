//! Percent-encoding in five dialects.

/// A dialect of percent-encoding. Letters and digits always stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlDialect {
    /// `-._~` stay; space `%20`; upper-case hex.
    Rfc3986,
    /// `*-._` stay; space `+`; upper-case hex.
    Form,
    /// `-._` stay; space `+`; upper-case hex.
    Php,
    /// `-_.!*()` stay; space `+`; lower-case hex.
    Dotnet,
    /// `-_.!~*'()` stay; space `%20`; upper-case hex.
    Js,
}

impl UrlDialect {
    /// The bytes, encoded.
    pub(super) fn encode(self, bytes: &[u8]) -> String {
        let mut encoded = String::with_capacity(bytes.len() * 3 / 2);
        for byte in bytes.iter().copied() {
            if byte.is_ascii_alphanumeric() || self.stays().contains(&byte) {
                encoded.push(char::from(byte));
            } else if byte == b' ' && self.has_plus() {
                encoded.push('+');
            } else {
                encoded.push('%');
                encoded.push(self.digit(byte >> 4));
                encoded.push(self.digit(byte & 0x0f));
            }
        }
        encoded
    }

    const fn stays(self) -> &'static [u8] {
        match self {
            Self::Rfc3986 => b"-._~",
            Self::Form => b"*-._",
            Self::Php => b"-._",
            Self::Dotnet => b"-_.!*()",
            Self::Js => b"-_.!~*'()",
        }
    }

    const fn has_plus(self) -> bool {
        matches!(self, Self::Form | Self::Php | Self::Dotnet)
    }

    fn digit(self, nibble: u8) -> char {
        let letter_a = if self == Self::Dotnet { b'a' } else { b'A' };
        char::from(if nibble < 10 { b'0' + nibble } else { letter_a + nibble - 10 })
    }
}
