//! Bytes as text and back: hex and base64 of both alphabets; and a comparison that takes the same time for all bytes.
//!
//! Readers are strict: no white space, no character of another alphabet, no bits left over. Padding may be there or
//! not. What passes over line breaks (the filter `from-base64`) takes them away before.

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// An alphabet of base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base64 {
    /// With `+` and `/`.
    Standard,
    /// With `-` and `_`.
    Url,
}

impl Base64 {
    const fn characters(self) -> &'static [u8; 64] {
        match self {
            Self::Standard => STANDARD,
            Self::Url => URL,
        }
    }

    /// With padding.
    pub(crate) fn write(self, bytes: &[u8]) -> String {
        let mut text = self.write_unpadded(bytes);
        while !text.len().is_multiple_of(4) {
            text.push('=');
        }
        text
    }

    /// Without padding.
    pub(crate) fn write_unpadded(self, bytes: &[u8]) -> String {
        let mut text = String::new();
        for three in bytes.chunks(3) {
            let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
            let bits = bits << (8 * (3 - three.len()));
            for index in 0..=three.len() {
                let digit = bits >> (18 - 6 * index) & 0x3f;
                let character = usize::try_from(digit).ok().and_then(|digit| self.characters().get(digit));
                text.push(char::from(character.copied().unwrap_or(b'=')));
            }
        }
        text
    }

    pub(crate) fn read(self, text: &str) -> Option<Vec<u8>> {
        let digits = text.trim_end_matches('=');
        let padding = text.len() - digits.len();
        let (missing, last) = match digits.len() % 4 {
            0 => (0, 0),
            2 => (2, 4),
            3 => (1, 2),
            _ => return None,
        };
        if padding > missing {
            return None;
        }
        let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
        for character in digits.bytes() {
            let digit = self.characters().iter().position(|known| *known == character)?;
            bits = (bits << 6 | u32::try_from(digit).ok()?) & 0x00ff_ffff;
            count += 6;
            if count >= 8 {
                count -= 8;
                bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
            }
        }
        // Bits that stand for nothing must be zero, or one value could be written in several ways.
        (bits & ((1 << last) - 1) == 0).then_some(bytes)
    }

    /// Of either alphabet.
    pub(crate) fn read_any(text: &str) -> Option<Vec<u8>> {
        if text.contains(['-', '_']) { Self::Url.read(text) } else { Self::Standard.read(text) }
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hex digits in either case, in pairs.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        [high, low] => u8::try_from(digit(high)? * 16 + digit(low)?).ok(),
        _ => None,
    };
    text.as_bytes().chunks(2).map(pair).collect()
}

/// Whether two byte strings are equal. The time depends on their lengths only.
pub(crate) fn are_equal(one: &[u8], other: &[u8]) -> bool {
    let differing = one.iter().zip(other).fold(0, |bits, (a, b)| bits | (a ^ b));
    one.len() == other.len() && std::hint::black_box(differing) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_written_and_read() {
        for (bytes, padded, bare) in [
            (&b""[..], "", ""),
            (b"f", "Zg==", "Zg"),
            (b"fo", "Zm8=", "Zm8"),
            (b"foo", "Zm9v", "Zm9v"),
            (b"\xfb\xff\xfe", "+//+", "+//+"),
        ] {
            assert_eq!(Base64::Standard.write(bytes), padded);
            assert_eq!(Base64::Standard.write_unpadded(bytes), bare);
            assert_eq!(Base64::Standard.read(padded).as_deref(), Some(bytes));
            assert_eq!(Base64::Standard.read(bare).as_deref(), Some(bytes));
        }
        assert_eq!(Base64::Url.write(b"\xfb\xff\xfe"), "-__-");
        assert_eq!(Base64::read_any("-__-").as_deref(), Some(&b"\xfb\xff\xfe"[..]));
    }

    #[test]
    fn base64_is_read_strictly() {
        for wrong in ["Z", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n", "-__-", "Zg==Zg==", "=", "Z==="]
        {
            let read = Base64::Standard.read(wrong);
            // One `=` of two is padding all the same.
            assert!(read.is_none() || wrong == "Zg=", "{wrong:?}");
        }
        assert_eq!(Base64::read_any("-/"), None);
    }

    #[test]
    fn hex_is_read_in_either_case() {
        assert_eq!(from_hex("00fF").as_deref(), Some(&b"\x00\xff"[..]));
        assert_eq!(hex(b"\x00\xff"), "00ff");
        for wrong in ["0", "0g", "+1", "0x", "中"] {
            assert_eq!(from_hex(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn bytes_are_equal_only_as_a_whole() {
        assert!(are_equal(b"", b""));
        assert!(are_equal(b"ab", b"ab"));
        assert!(!are_equal(b"ab", b"ac"));
        assert!(!are_equal(b"ab", b"abc"));
        assert!(!are_equal(b"", b"a"));
    }
}
