//! The words of the language for what stands in the IR: what a person reads and could write into a spec.

use payspec_codegen::ir::{
    Algorithm, Charset, Cipher, Digest, EmptyAction, Key, MessagePart, Operand, Order, Output, PlaceCarrier,
};

/// `by name`.
#[must_use]
pub const fn order(order: Order) -> &'static str {
    match order {
        Order::ByName => "by name",
        Order::ByNameIgnoringCase => "by name ignoring case",
        Order::AsListed => "as listed",
        Order::AsOnTheWire => "as on the wire",
        Order::ByValue => "by value",
        Order::ByNameThenValue => "by name then value",
        Order::ByItem => "by item",
        Order::ByItemIgnoringCase => "by item ignoring case",
    }
}

/// `hex lower`.
#[must_use]
pub const fn output(output: Output) -> &'static str {
    match output {
        Output::HexLower => "hex lower",
        Output::HexUpper => "hex upper",
        Output::Base64 => "base64",
        Output::Base64Url => "base64url",
        Output::Base64UrlUnpadded => "base64url unpadded",
        Output::Text => "text",
        Output::Bytes => "bytes",
    }
}

const fn digest(digest: Digest) -> &'static str {
    match digest {
        Digest::Md5 => "md5",
        Digest::Sha1 => "sha1",
        Digest::Sha256 => "sha256",
        Digest::Sha512 => "sha512",
        Digest::Sm3 => "sm3",
    }
}

/// `hmac-sha256`.
#[must_use]
pub fn algorithm(algorithm: &Algorithm) -> String {
    match algorithm {
        Algorithm::Digest(own) => digest(*own).to_owned(),
        Algorithm::Hmac(own) => format!("hmac-{}", digest(*own)),
        Algorithm::Rsa(own) => format!("rsa-{}", digest(*own)),
        Algorithm::Sm2 { .. } => String::from("sm2"),
        Algorithm::Cipher { cipher: own, .. } => cipher(*own).to_owned(),
        Algorithm::None => String::from("none"),
    }
}

/// `aes-128-cbc`.
#[must_use]
pub const fn cipher(cipher: Cipher) -> &'static str {
    match cipher {
        Cipher::Aes128Cbc => "aes-128-cbc",
        Cipher::Aes192Cbc => "aes-192-cbc",
        Cipher::Aes256Cbc => "aes-256-cbc",
        Cipher::Aes128Ecb => "aes-128-ecb",
        Cipher::Aes192Ecb => "aes-192-ecb",
        Cipher::Aes256Ecb => "aes-256-ecb",
        Cipher::Aes128Gcm => "aes-128-gcm",
        Cipher::Aes192Gcm => "aes-192-gcm",
        Cipher::Aes256Gcm => "aes-256-gcm",
        Cipher::TripleDesCbc => "3des-cbc",
    }
}

/// `credential public_key`, `computed`; `None` where there is no key.
#[must_use]
pub fn key(key: Option<&Key>) -> Option<String> {
    Some(match key? {
        Key::Credential { path, .. } => credential(path),
        Key::Computed(_) => String::from("computed"),
    })
}

/// `sign_with.secret`.
#[must_use]
pub fn credential(path: &payspec_codegen::ir::CredentialPath) -> String {
    match &path.member {
        Some(member) => format!("{}.{}", path.name.wire, member.wire),
        None => path.name.wire.clone(),
    }
}

/// `field sign`, `header Authorization`, `query parameter sign`.
#[must_use]
pub fn carrier(carrier: &PlaceCarrier) -> String {
    match carrier {
        PlaceCarrier::Field(path) => format!("field {}", path.dotted()),
        PlaceCarrier::Header(name) => format!("header {name}"),
        PlaceCarrier::Query(name) => format!("query parameter {name}"),
    }
}

/// `message:body`, without braces.
#[must_use]
pub fn operand(operand: &Operand) -> String {
    match operand {
        Operand::Field(path) => path.dotted(),
        Operand::Credential(path) => format!("credential:{}", credential(path)),
        Operand::Given(name) => format!("given:{name}"),
        Operand::Fresh(name) => format!("fresh:{name}"),
        Operand::Header(name) => format!("header:{name}"),
        Operand::Part(name) => format!("part:{name}"),
        Operand::Message(part) => message(*part).to_owned(),
    }
}

/// `message:body`.
#[must_use]
pub const fn message(part: MessagePart) -> &'static str {
    match part {
        MessagePart::Method => "message:method",
        MessagePart::Host => "message:host",
        MessagePart::Path => "message:path",
        MessagePart::Query => "message:query",
        MessagePart::Target => "message:target",
        MessagePart::Url => "message:url",
        MessagePart::Body => "message:body",
        MessagePart::Result => "message:result",
        MessagePart::Payload => "message:payload",
    }
}

/// `drop`, or `as: "null"`.
#[must_use]
pub fn empty_action(action: &EmptyAction) -> String {
    match action {
        EmptyAction::Drop => String::from("drop"),
        EmptyAction::Keep => String::from("keep"),
        EmptyAction::Refuse => String::from("refuse"),
        EmptyAction::As(text) => format!("as {text:?}"),
    }
}

/// `UTF-8`.
#[must_use]
pub fn charset(charset: Charset) -> &'static str {
    crate::text::charset_name(charset)
}
