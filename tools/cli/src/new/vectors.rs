//! The beginning of a vectors file: one message whose signature is known.
//!
//! The invented account signs `query_order`. With a shared secret the signature is written out, so that `payspec test`
//! passes at once; key pairs are files, which the author has to put there first.

use super::{Choice, Signature};

/// The whole file.
pub(super) fn file(choice: &Choice) -> String {
    let Choice { name, signature, .. } = choice;
    let body = if signature.has_key_pairs() { with_key_pairs() } else { with_a_secret(*signature) };
    format!(
        r#"# Messages whose signature is known. `payspec test` composes each, compares it, and changes one thing after the other.
# The best ones are printed in the document (`provenance: official`) or recorded; these here are made up.
payspec: 1
vectors_of: {name}

# Made-up accounts, by name. Never a real secret: this file is published with the spec.
{body}"#
    )
}

fn with_a_secret(signature: Signature) -> String {
    let tail = if signature.is_digest() { "&key=0123456789abcdef0123456789abcdef" } else { "" };
    let made = made(signature);
    format!(
        r#"test_credentials:
  made: {{ mch_id: M1001, key: "0123456789abcdef0123456789abcdef" }}

vectors:
  query_of_an_order:
    operation: query_order               # or `callback: paid` with `body:` and `headers:` as they came
    provenance: self_made                # official, recorded, self_made, unreproduced
    source: document
    credentials: made
    inputs: {{ order_no: A1001 }}          # what the caller gives
    base: "mch_id=M1001&order_no=A1001{tail}"
    signature: "{made}"
"#
    )
}

fn with_key_pairs() -> String {
    r#"# Keys are files beside this one: put test keys there, and take the marks away.
test_credentials: {}
#  made: { mch_id: M1001, merchant_key: { file: keys/merchant.pem }, platform_key: { file: keys/platform.pem } }

vectors: {}
#  query_of_an_order:
#    operation: query_order               # or `callback: paid` with `body:` and `headers:` as they came
#    provenance: self_made                # official, recorded, self_made, unreproduced
#    source: document
#    credentials: made
#    inputs: { order_no: A1001 }          # what the caller gives
#    base: "mch_id=M1001&order_no=A1001"
"#
    .to_owned()
}

/// The signature of the made-up message, computed with other tools.
fn made(signature: Signature) -> &'static str {
    match signature {
        Signature::Md5 => "b29a366025efdf09d4fcc00faa304d97",
        Signature::Sha1 => "17fdd55647918999403d840ee0d961ce5f06168f",
        Signature::Sha256 => "41920b532f475b6cc908d2a9eb1d5a9c36672c3d55c3ec9db7b6d2ee06cd37d0",
        Signature::Sm3 => "ae520cf4392fc8567745244949e3fc340588499aa31d3e28b67db4b54e571548",
        Signature::HmacSha256 => "531271423434500c7dd2e261a44ba9c0f1700267cbe46b37c3d3b3df082b6ab8",
        Signature::Rsa | Signature::RsaSha1 | Signature::Sm2 => "",
    }
}
