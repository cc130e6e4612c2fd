//! From what was pasted, exported or mounted to the bytes inside: PEM, base64, hexadecimal, DER.
//!
//! Everything that copying does to a key is undone here: byte order marks, wrapped and indented lines, quotes,
//! `\n` in words, base64 around PEM, UTF-16. Labels of PEM blocks are not believed, except where they name what
//! has no DER inside. What the bytes mean is found out in [`super::structure`].

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::error::KeyError;
use super::found::{Found, Wanted};
use crate::crypto::compare::hex_pairs;
use crate::crypto::der::{DerError, Reader, tag};

/// The longest input that is looked at. Real key files have a few kilobytes.
const LIMIT: usize = 64 * 1024;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

const BEGIN: &[u8] = b"-----BEGIN";
const END: &[u8] = b"-----END";
const DASHES: &[u8] = b"-----";

/// Wiped when dropped: it may be a private key.
type Bytes = Zeroizing<Vec<u8>>;

/// One thing found in the input.
pub(super) enum Block {
    /// Decoded bytes, meaning unknown.
    Bytes(Bytes),
    /// Something whose outside says enough.
    Known(Found),
}

/// Takes the input apart. At least one block, or an error.
pub(super) fn open(input: &[u8], wanted: Wanted) -> Result<Vec<Block>, KeyError> {
    if input.len() > LIMIT {
        return Err(KeyError::TooLong { length: input.len(), limit: LIMIT, wanted });
    }
    if let Some(text) = utf16_to_ascii(input) {
        return open_text_or_der(&text, wanted);
    }
    open_text_or_der(input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input), wanted)
}

fn open_text_or_der(input: &[u8], wanted: Wanted) -> Result<Vec<Block>, KeyError> {
    let text = trim(input);
    if text.is_empty() {
        return Err(KeyError::Empty { wanted });
    }
    if find(text, BEGIN).is_some() {
        return Ok(pem_blocks(text));
    }
    if !text.iter().all(|byte| is_ascii_text(*byte)) {
        return Ok(vec![binary_block(input.trim_ascii_start())]);
    }
    if let Some(known) = known_text(text) {
        return Ok(vec![Block::Known(known)]);
    }
    bare_text(text, wanted)
}

/// One line or many of base64 or hexadecimal digits, with nothing around.
fn bare_text(text: &[u8], wanted: Wanted) -> Result<Vec<Block>, KeyError> {
    let compact = compact(text);
    if let Some(block) = hex_block(&compact) {
        return Ok(vec![block]);
    }
    match base64_bytes(&compact) {
        Some(bytes) if find(&bytes, BEGIN).is_some() => Ok(pem_blocks(&bytes)),
        Some(bytes) if bytes.first() == Some(&tag::SEQUENCE) || is_bare_key_length(bytes.len()) => {
            Ok(vec![Block::Bytes(bytes)])
        }
        // A path without dots can pass for base64.
        _ if looks_like_path(text) => Err(KeyError::Path { wanted }),
        Some(bytes) => Ok(vec![Block::Bytes(bytes)]),
        None => Ok(vec![Block::Known(Found::Text { length: text.len() })]),
    }
}

/// The lengths of a bare SM2 number or point.
pub(super) const fn is_bare_key_length(length: usize) -> bool {
    matches!(length, 32 | 33 | 64 | 65)
}

fn pem_blocks(text: &[u8]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = split_once(rest, BEGIN) {
        let Some((label, after)) = split_once(after, DASHES) else {
            blocks.push(Block::Known(Found::UnreadablePem));
            break;
        };
        // A file without its last line may still be whole; if it is not, the structure will show it.
        let (body, after) = split_once(after, END).unwrap_or((after, b""));
        blocks.push(pem_block(label, body));
        rest = after;
    }
    blocks
}

fn pem_block(label: &[u8], body: &[u8]) -> Block {
    if label.trim_ascii_start().starts_with(b"OPENSSH") {
        return Block::Known(Found::OpenSsh);
    }
    if find(body, b"Proc-Type:").is_some() && find(body, b"ENCRYPTED").is_some() {
        return Block::Known(Found::EncryptedPem);
    }
    let lines = body.split(|byte| *byte == b'\n').filter(|line| !line.contains(&b':'));
    let base64 = Zeroizing::new(lines.collect::<Vec<_>>().join(&b'\n'));
    match base64_bytes(&compact(&base64)) {
        Some(bytes) if !bytes.is_empty() => Block::Bytes(bytes),
        _ => Block::Known(Found::UnreadablePem),
    }
}

/// DER as it is, without what an editor or a C string added after its end.
fn binary_block(input: &[u8]) -> Block {
    let mut outer = Reader::new(input);
    match outer.element() {
        _ if input.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) => Block::Known(Found::JavaKeyStore),
        Ok(element) if element.tag == tag::SEQUENCE => Block::Bytes(Zeroizing::new(input.to_vec())),
        Err(DerError::CutOff { announced, present }) if input.first() == Some(&tag::SEQUENCE) => {
            Block::Known(Found::CutOff { announced, present })
        }
        _ if is_bare_key_length(input.len()) => Block::Bytes(Zeroizing::new(input.to_vec())),
        _ => Block::Known(Found::Binary { length: input.len() }),
    }
}

fn known_text(text: &[u8]) -> Option<Found> {
    if text.starts_with(b"ssh-") || text.starts_with(b"---- BEGIN SSH2") || text.starts_with(b"PuTTY-") {
        return Some(Found::OpenSsh);
    }
    match text.first() {
        Some(b'<') => Some(Found::XmlKey),
        Some(b'{') => Some(Found::JsonKey),
        _ => None,
    }
}

/// Hexadecimal digits, with `0x` or colons as tools print them.
fn hex_block(compact: &[u8]) -> Option<Block> {
    let digits = compact.strip_prefix(b"0x").unwrap_or(compact);
    let digits: Bytes = Zeroizing::new(digits.iter().copied().filter(|byte| *byte != b':').collect());
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    Some(match hex_pairs(&digits) {
        Some(bytes) => Block::Bytes(Zeroizing::new(bytes)),
        None => Block::Known(Found::OddHex { digits: digits.len() }),
    })
}

fn base64_bytes(compact: &[u8]) -> Option<Bytes> {
    BASE64.decode(compact).ok().map(Zeroizing::new)
}

/// Drops white space, and line ends that are written as the two characters `\n`; maps the URL alphabet of base64.
fn compact(text: &[u8]) -> Bytes {
    let mut compact = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next_if(|next| matches!(next, b'n' | b'r' | b't'));
            }
            b'-' => compact.push(b'+'),
            b'_' => compact.push(b'/'),
            0 => {}
            byte if byte.is_ascii_whitespace() => {}
            byte => compact.push(byte),
        }
    }
    compact
}

/// What a Windows shell writes: text in 16-bit units after a byte order mark. Key text is ASCII.
fn utf16_to_ascii(input: &[u8]) -> Option<Bytes> {
    let (rest, unit): (_, fn([u8; 2]) -> u16) = match input {
        [0xff, 0xfe, rest @ ..] => (rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => (rest, u16::from_be_bytes),
        _ => return None,
    };
    let (units, _) = rest.as_chunks::<2>();
    Some(Zeroizing::new(units.iter().map(|&bytes| u8::try_from(unit(bytes)).unwrap_or(b'?')).collect()))
}

fn looks_like_path(text: &[u8]) -> bool {
    let rooted = [&b"/"[..], b"./", b"../", b"~/", b"file:"].iter().any(|root| text.starts_with(root));
    let drive = matches!(text, [b'A'..=b'Z' | b'a'..=b'z', b':', b'\\' | b'/', ..]);
    let one_line = !text.contains(&b'\n') && text.len() <= 1024;
    one_line && (rooted || drive || has_file_name(text))
}

/// Whether the text ends like a file name: a dot never occurs in base64 or hexadecimal digits.
fn has_file_name(text: &[u8]) -> bool {
    let suffix = text.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    suffix.len() < text.len()
        && (1..=5).contains(&suffix.len())
        && suffix.iter().all(u8::is_ascii_alphanumeric)
}

/// White space, C string ends and the quotes of a shell or a configuration file.
fn trim(mut text: &[u8]) -> &[u8] {
    let is_margin = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | b'"' | b'\'');
    while let [first, rest @ ..] = text
        && is_margin(first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_margin(last)
    {
        text = rest;
    }
    text
}

const fn is_ascii_text(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\r' | b'\n' | 0x20..=0x7e)
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn split_once<'a>(text: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let (before, after) = text.split_at_checked(find(text, separator)?)?;
    Some((before, after.strip_prefix(separator)?))
}
