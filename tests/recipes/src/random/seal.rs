//! Seals and places of a draw.

use super::{
    drawing::Drawing,
    message::{Drawn, Shape},
    values::Kind,
};
use crate::spec::quoted;

const DIGESTS: &[&str] = &["md5", "sha1", "sha256", "sha512", "sm3"];
const MACS: &[&str] = &["hmac-md5", "hmac-sha1", "hmac-sha256", "hmac-sha512"];
const RSA: &[&str] = &["rsa-sha1", "rsa-sha256", "rsa-sha512"];
const CIPHERS: &[(&str, &str)] = &[
    ("aes-128-cbc", "key16"),
    ("aes-192-cbc", "key24"),
    ("aes-256-cbc", "key32"),
    ("aes-128-ecb", "key16"),
    ("aes-192-ecb", "key24"),
    ("aes-256-ecb", "key32"),
    ("aes-128-gcm", "key16"),
    ("aes-192-gcm", "key24"),
    ("aes-256-gcm", "key32"),
    ("3des-cbc", "key24"),
];
const OUTPUTS: &[&str] = &["hex lower", "hex upper", "base64", "base64url", "base64url unpadded"];

/// What a seal still wants of the text.
#[derive(Clone, Debug, Default)]
pub(super) struct Sealed {
    /// A digest needs something secret in the text.
    pub(super) wants_secret: bool,
    /// It is a cipher: the text is opened, and a fresh value can stand at its end.
    pub(super) is_cipher: bool,
    /// The text has to be whole blocks.
    pub(super) wants_blocks: bool,
    /// An empty text would have an empty signature.
    pub(super) wants_text: bool,
}

impl Drawing {
    /// Algorithm, key, output.
    pub(super) fn seal(&mut self) -> Sealed {
        let mut sealed = Sealed::default();
        match self.dice.below(12) {
            0..=2 => {
                let algorithm = self.word("algorithm", DIGESTS);
                self.set("algorithm", algorithm);
                sealed.wants_secret = true;
            }
            3..=5 => {
                let algorithm = self.word("algorithm", MACS);
                self.set("algorithm", algorithm);
                self.mac_key();
            }
            6 | 7 => {
                let algorithm = self.word("algorithm", RSA);
                self.set("algorithm", algorithm);
                self.rsa_key();
            }
            8 => {
                let form = self.word("form", &["der", "raw"]);
                self.label("algorithm: sm2");
                self.set("algorithm", "sm2");
                self.set("form", form);
                let user = *self.dice.one(&["1234567812345678", "user@example"]);
                self.set("user_id", quoted(user));
                self.set("key", "sm2");
            }
            _ => {
                sealed.is_cipher = true;
                self.cipher(&mut sealed);
            }
        }
        let output = self.word("output", OUTPUTS);
        self.set("output", output);
        sealed
    }

    fn mac_key(&mut self) {
        let key = match self
            .word("key", &["secret", "hex", "base64", "part", "part", "part", "given", "template"])
        {
            "secret" => "secret".to_owned(),
            "hex" => "hexkey".to_owned(),
            "base64" => "b64key".to_owned(),
            "given" => {
                let name = format!("g{}", self.given.len());
                self.given.push((name.clone(), "secret".to_owned()));
                let value = self.ascii();
                self.message.given.push((name.clone(), value));
                quoted(&format!("{{given:{name}}}"))
            }
            "part" => {
                let name = format!("k{}", self.parts.len());
                let field = self.field_operand();
                let algorithm = self.word("parts: key", &["hmac-sha256", "sha1", "3des-cbc"]);
                let rest = match algorithm {
                    "3des-cbc" => "key: key24, iv: zeros, padding: zeros, output: bytes",
                    "sha1" => "output: bytes",
                    _ => "key: secret, output: hex lower",
                };
                let text = quoted(&format!("{field}{{credential:secret}}"));
                self.parts
                    .push((name.clone(), format!("{{ text: {text}, algorithm: {algorithm}, {rest} }}")));
                quoted(&format!("{{part:{name}}}"))
            }
            _ => quoted("{credential:secret}&{credential:appid}"),
        };
        self.set("key", key);
    }

    fn rsa_key(&mut self) {
        if self.dice.percent(60) {
            self.label("key: rsa");
            return self.set("key", "rsa");
        }
        self.label("key: many by id");
        self.set("key", "rsa_many");
        let id = (*self.dice.one(&["k1", "k2"])).to_owned();
        if self.dice.percent(50) {
            self.label("key_id: header");
            self.message.headers.push(("X-Key-Id".to_owned(), id));
            self.set("key_id", quoted("{header:X-Key-Id}"));
        } else {
            self.label("key_id: field");
            let name = self.name();
            self.put(&name, Drawn::Text(id), self.message.shape == Shape::Query);
            self.declare(&name, "text: any");
            self.set("key_id", quoted(&format!("{{{name}}}")));
        }
    }

    fn cipher(&mut self, sealed: &mut Sealed) {
        let (algorithm, key) = *self.dice.one(CIPHERS);
        self.label(format!("algorithm: {algorithm}"));
        self.set("algorithm", algorithm);
        self.set("key", key);
        let length = match algorithm {
            "3des-cbc" => 8,
            gcm if gcm.ends_with("gcm") => 12,
            _ => 16,
        };
        if !algorithm.ends_with("ecb") {
            let ways: &[&str] = if length == 12 { &["template"] } else { &["zeros", "template"] };
            if self.word("iv", ways) == "zeros" {
                self.set("iv", "zeros");
            } else {
                let iv = self.dice.text("@&#abc012", length);
                self.set("iv", quoted(&iv));
            }
        }
        if length == 12 {
            if self.dice.percent(60) {
                self.label("aad");
                let aad = self.field_operand();
                self.set("aad", quoted(&format!("aad {aad}")));
            }
        } else {
            let paddings: &[&str] = if length == 16 {
                &["unsaid", "pkcs7", "pkcs7(32)", "zeros", "none"]
            } else {
                &["unsaid", "pkcs7", "zeros"]
            };
            let padding = self.word("padding", paddings);
            sealed.wants_blocks = padding == "none";
            sealed.wants_text = padding == "zeros";
            if padding != "unsaid" {
                self.set("padding", padding);
            }
        }
    }

    /// Where the signature goes.
    pub(super) fn place(&mut self, sealed: &Sealed) {
        let mut carriers = vec!["header", "header"];
        if !self.signs_url {
            carriers.push("query");
        }
        if !self.signs_body && (self.message.shape != Shape::Query || !self.signs_url) {
            carriers.extend(["field", "field", "field"]);
        }
        let carrier = *self.dice.one(&carriers);
        self.label(format!("place: {carrier}"));
        let name = if carrier == "header" { "X-Sign" } else { "sign" };
        if carrier == "field" {
            self.declare("sign", "signature: any");
        }
        let mut rest = String::new();
        if self.dice.percent(40) {
            let (template, items) = self.place_template(sealed);
            self.label("place: template");
            rest.push_str(&format!(", template: {}", quoted(&template)));
            if let Some(items) = items {
                self.label("place: items");
                rest.push_str(&format!(", items: {}", quoted(items)));
            }
        }
        self.set("place", format!("{{ {carrier}: {name}{rest} }}"));
    }

    fn place_template(&mut self, sealed: &Sealed) -> (String, Option<&'static str>) {
        match self.dice.below(if sealed.wants_blocks { 4 } else { 6 }) {
            0 => ("v1={signature}".to_owned(), None),
            1 => ("AUTH id=\"{credential:appid}\",sig=\"{signature}\"".to_owned(), None),
            2 => ("{{{signature}}}".to_owned(), None),
            3 => ("id={credential:appid}, v1={signature}".to_owned(), Some(",")),
            _ => {
                let name = format!("f{}", self.fresh.len());
                let (format, length) = self.fresh_format();
                self.label("fresh: in the place");
                self.fresh.push((name.clone(), format!("{{ is: {format}{length} }}")));
                self.text_needs_fresh(&name);
                // The separator of the items must not stand in a time.
                let template = format!("t={{fresh:{name}}};v1={{signature}}");
                let items = if self.dice.percent(60) { Some(";") } else { None };
                (template, items)
            }
        }
    }

    fn text_needs_fresh(&mut self, name: &str) {
        let placeholder = format!("{{fresh:{name}}}");
        let text =
            self.keys.iter_mut().find(|(key, _)| *key == "text").expect("the text is drawn before the place");
        text.1 = format!("\"{placeholder}.{}", &text.1[1..]);
    }

    /// A header or a digest beside the signature, placed by a part.
    pub(super) fn placed_part(&mut self) {
        let trims = self.keys.iter().any(|(key, value)| *key == "trim" && value == "true");
        if !self.dice.percent(12) || self.message.shape == Shape::Query || trims {
            return;
        }
        self.label("parts: placed");
        self.signs_body = true;
        self.parts.push((
            "body_digest".to_owned(),
            "{ text: \"{message:body}\", algorithm: sha256, output: base64, place: { header: Digest, template: \"SHA-256={signature}\" } }"
                .to_owned(),
        ));
    }

    /// The time that a message states, and how far it may be away.
    pub(super) fn tolerance(&mut self) {
        let timed = self.fresh.iter().find_map(|(name, format)| {
            ["unix seconds", "unix milliseconds", "iso 8601", "http date"]
                .into_iter()
                .find(|known| format.contains(known))
                .map(|known| (name.clone(), known))
        });
        let Some((name, format)) = timed else { return };
        if self.dice.percent(60) {
            self.label("tolerance");
            let is = if format == "unix seconds" { String::new() } else { format!(", is: {format}") };
            self.set("tolerance", format!("{{ of: \"{{fresh:{name}}}\"{is}, within: 5m }}"));
        }
    }

    /// A text whose length is a whole number of blocks, and an end that the verifier reads back.
    pub(super) fn opened_text(&mut self, sealed: &Sealed) -> String {
        let digest = format!("p{}", self.parts.len());
        let field = self.field_operand();
        let secret = self.plain(Kind::Hex);
        let text = quoted(&format!("{field}{secret}"));
        self.parts
            .push((digest.clone(), format!("{{ text: {text}, algorithm: sha256, output: hex lower }}")));
        if sealed.wants_blocks {
            return format!("{{part:{digest}}}");
        }
        let name = format!("f{}", self.fresh.len());
        // Bytes may end in zeros, which a padding of zeros takes away with itself.
        let formats: &[&str] =
            if sealed.wants_text { &["alphanumeric", "hex"] } else { &["alphanumeric", "hex", "bytes"] };
        let format = self.word("fresh: opened", formats);
        self.fresh.push((name.clone(), format!("{{ is: {format}, length: 4 }}")));
        self.raw_bytes |= format == "bytes";
        format!("{{part:{digest}}}{{fresh:{name}}}")
    }
}
