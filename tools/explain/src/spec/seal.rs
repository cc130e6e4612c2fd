//! The seal: algorithm, key, how the result is written; and the charset.

use payspec_codegen::ir::{
    Algorithm, Charset, Cipher, Decode, Digest, Encoding, FieldPath, Filter, Iv, Key, KeyKind, Operand,
    Output, Padding, Piece, Recipe, Sm2Form,
};

use crate::change::KeyChanges;
use crate::context::{Context, CredentialUse};
use crate::{rank, yaml};

const DIGESTS: [Digest; 5] = [Digest::Md5, Digest::Sha256, Digest::Sha1, Digest::Sha512, Digest::Sm3];

/// Distinguishing ids that libraries take where none is given.
const USER_IDS: [&str; 5] =
    ["1234567812345678", "", "ALICE123@YAHOO.COM", "BILL456@YAHOO.COM", "31323334353637383132333435363738"];

pub(crate) fn changes(recipe: &Recipe, context: &Context, changes: &mut KeyChanges<'static>) {
    charsets(changes);
    outputs(recipe, changes);
    algorithms(recipe, context, changes);
    keys(recipe, context, changes);
    key_ids(recipe, context, changes);
    sm2(recipe, changes);
    ciphers(recipe, context, changes);
}

fn charsets(changes: &mut KeyChanges<'static>) {
    for charset in [Charset::Gbk, Charset::Utf8, Charset::Gb18030, Charset::Latin1] {
        let name = yaml::charset(charset);
        changes.write(
            rank::CHARSET,
            "charset",
            name,
            format!("the text is signed in {name}"),
            move |recipe| {
                recipe.charset = Encoding::Fixed(charset);
            },
        );
    }
}

fn outputs(recipe: &Recipe, changes: &mut KeyChanges<'static>) {
    use Output::{Base64, Base64Url, Base64UrlUnpadded, Bytes, HexLower, HexUpper, Text};
    let is_case =
        |own: Output| matches!(own, HexLower | HexUpper) && matches!(recipe.seal.output, HexLower | HexUpper);
    for output in [HexLower, HexUpper, Base64, Base64Url, Base64UrlUnpadded, Text, Bytes] {
        let rank = if is_case(output) { rank::CASE } else { rank::OUTPUT };
        let name = yaml::output(output);
        changes.write(rank, "output", name, format!("the result is written in {name}"), move |recipe| {
            recipe.seal.output = output;
        });
    }
}

fn set_algorithm(
    rank: u32,
    algorithm: Algorithm,
    key: Option<Key>,
    title: String,
    changes: &mut KeyChanges<'static>,
) {
    let mut value = yaml::algorithm(&algorithm);
    if let Some(key) = &key {
        value.push_str(&format!("`, `key: {}", yaml::key(key)));
    }
    changes.write(rank, "algorithm", value, title, move |recipe| {
        recipe.seal.algorithm = algorithm.clone();
        recipe.seal.key.clone_from(&key);
    });
}

/// Another digest in the same kind, a digest for an HMAC and the other way round.
fn algorithms(recipe: &Recipe, context: &Context, changes: &mut KeyChanges<'static>) {
    let own = recipe.seal.algorithm.clone();
    let key = recipe.seal.key.clone();
    let of = |kind: fn(Digest) -> Algorithm| DIGESTS.map(kind);
    match &own {
        Algorithm::Digest(_) | Algorithm::None => {
            for algorithm in of(Algorithm::Digest).into_iter().chain([Algorithm::None]) {
                let title = format!("the digest is {}", yaml::algorithm(&algorithm));
                set_algorithm(rank::ALGORITHM, algorithm, None, title, changes);
            }
            to_hmac(recipe, context, changes);
        }
        Algorithm::Hmac(digest) => {
            for algorithm in of(Algorithm::Hmac) {
                let title = format!("the algorithm is {}", yaml::algorithm(&algorithm));
                set_algorithm(rank::ALGORITHM, algorithm, key.clone(), title, changes);
            }
            for algorithm in of(Algorithm::Digest) {
                let rank = rank::ALGORITHM + if algorithm == Algorithm::Digest(*digest) { 1 } else { 3 };
                let title = format!("it is a plain {}, not an HMAC", yaml::algorithm(&algorithm));
                set_algorithm(rank, algorithm, None, title, changes);
            }
            from_hmac(*digest, context, changes);
        }
        Algorithm::Rsa(_) => {
            for algorithm in of(Algorithm::Rsa) {
                let title =
                    format!("the digest of the RSA signature is that of {}", yaml::algorithm(&algorithm));
                set_algorithm(rank::ALGORITHM, algorithm, key.clone(), title, changes);
            }
        }
        Algorithm::Sm2 { .. } | Algorithm::Cipher { .. } => {}
    }
}

fn credential(path: &payspec_codegen::ir::CredentialPath) -> Key {
    Key::Credential { path: path.clone(), id: None }
}

/// A digest that should be an HMAC: the secret in the text or taken out of it.
fn to_hmac(recipe: &Recipe, context: &Context, changes: &mut KeyChanges<'static>) {
    let own = match recipe.seal.algorithm {
        Algorithm::Digest(digest) => Some(digest),
        _ => None,
    };
    for part in &recipe.parts {
        let key = vec![Piece::Value { from: Operand::Part(part.name.wire.clone()), filters: Vec::new() }];
        for digest in DIGESTS {
            let title = format!("it is an HMAC with the part `{}` as its key", part.name.wire);
            set_algorithm(
                rank::ALGORITHM + 1,
                Algorithm::Hmac(digest),
                Some(Key::Computed(key.clone())),
                title,
                changes,
            );
        }
    }
    for (path, _) in context.secrets() {
        for digest in DIGESTS {
            let algorithm = Algorithm::Hmac(digest);
            let rank = rank::ALGORITHM + if Some(digest) == own { 1 } else { 3 };
            let title = format!("it is an HMAC with the key `{}`", yaml::credential(path));
            set_algorithm(rank, algorithm.clone(), Some(credential(path)), title.clone(), changes);
            let is_secret = |piece: &Piece| matches!(piece, Piece::Value { from: Operand::Credential(own), .. } if own == path);
            let Some(at) = recipe.text.iter().position(is_secret) else { continue };
            let drop_from = if matches!(recipe.text.get(at.wrapping_sub(1)), Some(Piece::Literal(_))) {
                at - 1
            } else {
                at
            };
            for from in [at, drop_from] {
                let mut text = recipe.text.clone();
                text.drain(from..=at);
                let key = credential(path);
                let value = format!(
                    "{}`, `key: {}`, `text: {}",
                    yaml::algorithm(&algorithm),
                    yaml::key(&key),
                    yaml::template(&text)
                );
                let algorithm = algorithm.clone();
                changes.write(rank + 1, "algorithm", value, title.clone(), move |recipe| {
                    recipe.seal.algorithm = algorithm.clone();
                    recipe.seal.key = Some(key.clone());
                    recipe.text.clone_from(&text);
                });
            }
        }
    }
}

/// An HMAC that should be a digest over text and secret.
fn from_hmac(digest: Digest, context: &Context, changes: &mut KeyChanges<'static>) {
    for (path, _) in context.secrets() {
        let name = yaml::credential(path);
        for (before, between) in
            [(false, ""), (true, ""), (false, "&key="), (false, "&"), (false, "|"), (false, ".")]
        {
            let secret = Piece::Value { from: Operand::Credential(path.clone()), filters: Vec::new() };
            let algorithm = Algorithm::Digest(digest);
            let value = yaml::algorithm(&algorithm);
            let side = if before { "before" } else { "behind" };
            let title = format!("it is a plain {value} with `{name}` {side} the text, no HMAC");
            changes.write(rank::ALGORITHM + 2, "algorithm", value, title, move |recipe| {
                recipe.seal.algorithm = algorithm.clone();
                recipe.seal.key = None;
                if before {
                    recipe.text.insert(0, secret.clone());
                } else {
                    recipe.text.extend([Piece::Literal(between.to_owned()), secret.clone()]);
                }
            });
        }
    }
}

/// Other credentials of a kind that fits, and the same secret read in other ways.
fn keys(recipe: &Recipe, context: &Context, changes: &mut KeyChanges<'static>) {
    let Some(own) = &recipe.seal.key else { return };
    let mut write = |rank: u32, key: Key, title: String| {
        let value = yaml::key(&key);
        changes.write(rank, "key", value, title, move |recipe| recipe.seal.key = Some(key.clone()));
    };
    let wants = |kind: CredentialUse| match &recipe.seal.algorithm {
        Algorithm::Hmac(_) | Algorithm::Cipher { .. } => matches!(kind, CredentialUse::Secret(_)),
        Algorithm::Rsa(_) => matches!(kind, CredentialUse::Key(KeyKind::RsaPrivate | KeyKind::RsaPublic)),
        Algorithm::Sm2 { .. } => matches!(kind, CredentialUse::Key(KeyKind::Sm2Private | KeyKind::Sm2Public)),
        Algorithm::Digest(_) | Algorithm::None => false,
    };
    for (path, kind) in context.credentials.iter().filter(|(_, kind)| wants(*kind)) {
        let key = credential(path);
        if key != *own {
            let name = yaml::credential(path);
            let is_own = matches!(kind, CredentialUse::Key(KeyKind::RsaPrivate | KeyKind::Sm2Private));
            let title = if is_own && !context.is_own {
                format!(
                    "it is signed with our own key `{name}`: this is a message of ours, not of the provider"
                )
            } else {
                format!("the key is `{name}`, not `{}`", yaml::key(own))
            };
            write(rank::OTHER_CREDENTIAL, key, title);
        }
    }
    if !matches!(recipe.seal.algorithm, Algorithm::Hmac(_) | Algorithm::Cipher { .. }) {
        return;
    }
    for (path, decode) in context.secrets() {
        let is_other = credential(path) != *own;
        for (filters, title) in readings(decode) {
            let key = vec![Piece::Value { from: Operand::Credential(path.clone()), filters }];
            let title = format!("`{}` {title}", yaml::credential(path));
            write(rank::KEY_FORM + if is_other { 5 } else { 0 }, Key::Computed(key), title);
        }
    }
    for part in &recipe.parts {
        let key = vec![Piece::Value { from: Operand::Part(part.name.wire.clone()), filters: Vec::new() }];
        write(rank::RARE, Key::Computed(key), format!("the part `{}` is the key", part.name.wire));
    }
    if let Key::Computed(pieces) = own {
        for path in context.texts() {
            for behind in [true, false] {
                let mut more = pieces.clone();
                let value = Piece::Value { from: Operand::Credential(path.clone()), filters: Vec::new() };
                more.insert(if behind { more.len() } else { 0 }, value);
                write(
                    rank::RARE,
                    Key::Computed(more),
                    format!("`{}` is in the key as well", yaml::credential(path)),
                );
            }
        }
        for index in 0..pieces.len() {
            let mut less = pieces.clone();
            less.remove(index);
            write(rank::RARE, Key::Computed(less), String::from("the key has one piece less"));
        }
    }
    for path in context.texts() {
        for behind in ["&", "\n", ":"] {
            let value = Piece::Value { from: Operand::Credential(path.clone()), filters: Vec::new() };
            let pieces = vec![value, Piece::Literal(behind.to_owned())];
            let title =
                format!("{} stands behind the key `{}`", yaml::quoted(behind), yaml::credential(path));
            write(rank::RARE, Key::Computed(pieces), title);
        }
    }
}

/// Other bytes of the same secret.
fn readings(decode: Decode) -> Vec<(Vec<Filter>, &'static str)> {
    use Filter::{Base64, FromBase64, FromHex, Hex, Lower, Reverse, Trim, Upper};
    match decode {
        Decode::Text => vec![
            (vec![FromHex], "is written in hex: its bytes are the key"),
            (vec![FromBase64], "is written in base64: its bytes are the key"),
            (vec![Upper], "is the key in upper case"),
            (vec![Lower], "is the key in lower case"),
            (vec![Trim], "is the key without the white space around it"),
            (vec![Base64], "is the key as the text of its base64"),
            (vec![Hex], "is the key as the text of its hex digits"),
            (vec![Reverse], "is the key backwards"),
            (vec![Filter::First(16)], "is the key: its first 16 characters"),
            (vec![Filter::First(24)], "is the key: its first 24 characters"),
            (vec![Filter::First(32)], "is the key: its first 32 characters"),
        ],
        Decode::Hex => vec![
            (vec![Hex], "is the key as text: the hex digits themselves"),
            (vec![Hex, Upper], "is the key as text: the hex digits themselves, in upper case"),
            (vec![Base64], "is the key as the text of its base64"),
        ],
        Decode::Base64 => vec![
            (vec![Base64], "is the key as text: the base64 characters themselves"),
            (vec![Hex], "is the key as the text of its hex digits"),
            (vec![Filter::Base64Url], "is the key as text: base64url"),
        ],
    }
}

/// Which of several keys is meant.
fn key_ids(recipe: &Recipe, context: &Context, changes: &mut KeyChanges<'static>) {
    let Some(Key::Credential { path, id: Some(_) }) = &recipe.seal.key else { return };
    let headers = context.headers.iter().map(|name| Operand::Header(name.clone()));
    let fields = context.names().into_iter().map(|name| Operand::Field(FieldPath::field(name)));
    for from in headers.chain(fields) {
        let title = format!("`{{{}}}` says which key is meant", yaml::operand(&from));
        let id = vec![Piece::Value { from, filters: Vec::new() }];
        let key = Key::Credential { path: path.clone(), id: Some(id.clone()) };
        changes.write(rank::KEY_FORM, "key_id", yaml::template(&id), title, move |recipe| {
            recipe.seal.key = Some(key.clone());
        });
    }
}

fn sm2(recipe: &Recipe, changes: &mut KeyChanges<'static>) {
    let Algorithm::Sm2 { user_id, form } = &recipe.seal.algorithm else { return };
    let (user_id, form) = (user_id.clone(), *form);
    for other in USER_IDS.into_iter().filter(|other| *other != user_id) {
        let title = format!("the distinguishing id is {}", yaml::quoted(other));
        changes.write(rank::SEAL_DETAIL - 150, "user_id", yaml::quoted(other), title, move |recipe| {
            recipe.seal.algorithm = Algorithm::Sm2 { user_id: other.to_owned(), form };
        });
    }
    let (other, value, title) = match form {
        Sm2Form::Der => (Sm2Form::Raw, "raw", "the signature is r and s side by side, no DER"),
        Sm2Form::Raw => (Sm2Form::Der, "der", "the signature is DER, not r and s side by side"),
    };
    changes.write(rank::SEAL_DETAIL - 150, "form", value, title, move |recipe| {
        recipe.seal.algorithm = Algorithm::Sm2 { user_id: user_id.clone(), form: other };
    });
}

fn ciphers(recipe: &Recipe, context: &Context, changes: &mut KeyChanges<'static>) {
    let Algorithm::Cipher { cipher, iv, aad, padding } = recipe.seal.algorithm.clone() else { return };
    let mut set = |key: &str, value: String, title: String, algorithm: Algorithm| {
        changes.write(rank::SEAL_DETAIL, key, value, title, move |recipe| {
            recipe.seal.algorithm = algorithm.clone()
        });
    };
    let with = |cipher: Cipher, iv: Option<Iv>, aad: Vec<Piece>, padding: Padding| Algorithm::Cipher {
        cipher,
        iv,
        aad,
        padding,
    };
    use Cipher::{
        Aes128Cbc, Aes128Ecb, Aes128Gcm, Aes192Cbc, Aes192Ecb, Aes192Gcm, Aes256Cbc, Aes256Ecb, Aes256Gcm,
        TripleDesCbc,
    };
    for other in [
        Aes128Cbc,
        Aes192Cbc,
        Aes256Cbc,
        Aes128Ecb,
        Aes192Ecb,
        Aes256Ecb,
        Aes128Gcm,
        Aes192Gcm,
        Aes256Gcm,
        TripleDesCbc,
    ] {
        let is_ecb = matches!(other, Aes128Ecb | Aes192Ecb | Aes256Ecb);
        let is_gcm = matches!(other, Aes128Gcm | Aes192Gcm | Aes256Gcm);
        let was_gcm = matches!(cipher, Aes128Gcm | Aes192Gcm | Aes256Gcm);
        let padding = if is_gcm {
            Padding::None
        } else if was_gcm {
            Padding::Pkcs7(16)
        } else {
            padding
        };
        let iv = if is_ecb { None } else { iv.clone().or(Some(Iv::Zeros)) };
        let aad = if is_gcm { aad.clone() } else { Vec::new() };
        set(
            "algorithm",
            yaml::cipher(other).to_owned(),
            format!("the cipher is {}", yaml::cipher(other)),
            with(other, iv, aad, padding),
        );
    }
    for other in [Padding::Pkcs7(16), Padding::Pkcs7(8), Padding::Pkcs7(32), Padding::Zeros, Padding::None] {
        let title = format!("the padding is {}", yaml::padding(other));
        set("padding", yaml::padding(other), title, with(cipher, iv.clone(), aad.clone(), other));
    }
    let secret = |path: &payspec_codegen::ir::CredentialPath, filters: Vec<Filter>| {
        vec![Piece::Value { from: Operand::Credential(path.clone()), filters }]
    };
    let mut ivs = vec![(Iv::Zeros, String::from("zeros"))];
    for path in context.texts() {
        for filters in [vec![], vec![Filter::First(16)], vec![Filter::First(12)], vec![Filter::Last(16)]] {
            let pieces = secret(path, filters);
            ivs.push((Iv::Template(pieces.clone()), yaml::template(&pieces)));
        }
    }
    for text in ["0000000000000000", "@@@@&&&&####$$$$", "0102030405060708"] {
        ivs.push((Iv::Template(vec![Piece::Literal(text.to_owned())]), yaml::quoted(text)));
    }
    for name in context.names() {
        let pieces = vec![Piece::Value { from: Operand::Field(FieldPath::field(name)), filters: Vec::new() }];
        ivs.push((Iv::Template(pieces.clone()), yaml::template(&pieces)));
    }
    if iv.is_some() {
        for (other, value) in ivs {
            let title = format!("the initialisation vector is {value}");
            set("iv", value, title, with(cipher, Some(other), aad.clone(), padding));
        }
    }
    if !aad.is_empty() {
        set(
            "aad",
            String::from("\"\""),
            String::from("nothing is authenticated beside the text"),
            with(cipher, iv.clone(), Vec::new(), padding),
        );
    }
    for name in context.names() {
        let pieces = vec![Piece::Value { from: Operand::Field(FieldPath::field(name)), filters: Vec::new() }];
        let value = yaml::template(&pieces);
        let title = format!("{value} is authenticated beside the text");
        set("aad", value, title, with(cipher, iv.clone(), pieces, padding));
    }
}
