//! Recipes that share, choose, and stand beside others on one message.

use super::{
    drawing::{Drawing, written},
    message::{Drawn, Shape},
    values::Kind,
};
use crate::spec::quoted;

/// The recipe, others that it needs, and what the message names.
pub(super) fn combined(drawing: &mut Drawing) -> (String, Vec<String>, String) {
    let alone = "§".to_owned();
    match drawing.dice.below(100) {
        0..=7 => (like(drawing), drawing.others.clone(), alone),
        8..=17 if drawing.list_kind.is_none_or(|kind| kind == Kind::Text) => chosen(drawing, alone),
        18..=21 => twice(drawing),
        22..=41 if can_encrypt(drawing) => encrypted(drawing),
        _ => (drawing.recipe(), Vec::new(), alone),
    }
}

/// Some keys are another recipe's, and one of those is replaced.
fn like(drawing: &mut Drawing) -> String {
    drawing.label("like");
    let (mut base, mut own): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
    for (key, value) in drawing.entries() {
        match key {
            "join" => {
                base.push((key, "\"replaced\"".to_owned()));
                own.push((key, value));
            }
            "output" if drawing.dice.percent(50) => {
                base.push((key, "hex lower".to_owned()));
                own.push((key, value));
            }
            _ => base.push((key, value)),
        }
    }
    own.insert(0, ("like", "§0".to_owned()));
    drawing.others = vec![written(&base)];
    written(&own)
}

/// A field of the message chooses between two ways to write the text.
fn chosen(drawing: &mut Drawing, alone: String) -> (String, Vec<String>, String) {
    let name = drawing.name();
    let way = drawing.word("choose", &["case", "otherwise", "present", "absent"]);
    let value = match way {
        "case" => Some("A"),
        "absent" => None,
        _ => Some("B"),
    };
    if let Some(value) = value {
        let in_query = drawing.message.shape == Shape::Query;
        drawing.put(&name, Drawn::Text(value.to_owned()), in_query);
    }
    drawing.declare(&format!("{name}?"), "text: any");
    let name = quoted(&name);
    let choice = match way {
        "case" => {
            format!("{{ choose: {{ by: {name}, cases: {{ A: §0, B: §1 }}, otherwise: §1, absent: §1 }} }}")
        }
        "otherwise" => {
            format!("{{ choose: {{ by: {name}, cases: {{ A: §1 }}, otherwise: §0, absent: §1 }} }}")
        }
        "present" => format!("{{ choose: {{ by: {name}, present: §0, absent: §1 }} }}"),
        _ => format!("{{ choose: {{ by: {name}, present: §1, absent: §0 }} }}"),
    };
    let text = drawing.entries().into_iter().find(|(key, _)| *key == "text").expect("each has a text").1;
    let other = format!("{{ like: §0, text: \"other {} }}", &text[1..]);
    (choice, vec![drawing.recipe(), other], alone)
}

/// Two signatures in two places.
fn twice(drawing: &mut Drawing) -> (String, Vec<String>, String) {
    drawing.label("several: two signatures");
    let other = "{ text: \"{message:method}\", algorithm: hmac-sha256, key: secret, output: hex lower, \
                 place: { header: X-Second } }";
    let trims = drawing.keys.iter().any(|(key, value)| *key == "trim" && value == "true");
    let repeated = drawing.keys.iter().find(|(key, _)| *key == "repeated").map(|(_, value)| value.clone());
    let mut other = other.to_owned();
    if let Some(repeated) = repeated {
        other = other.replace("{ text", &format!("{{ repeated: {repeated}, text"));
    }
    if trims {
        return (drawing.recipe(), Vec::new(), "§".to_owned());
    }
    let signature = *drawing.dice.one(&["[§, §0]", "[§0, §]"]);
    (drawing.recipe(), vec![other], signature.to_owned())
}

fn can_encrypt(drawing: &Drawing) -> bool {
    let odd = ["trim", "repeated", "charset"];
    drawing.message.shape != Shape::Query
        && drawing.list_kind.is_none_or(|kind| kind == Kind::Text)
        && !drawing.keys.iter().any(|(key, _)| odd.contains(key))
}

/// A field travels encrypted, and the signature is over what travels.
fn encrypted(drawing: &mut Drawing) -> (String, Vec<String>, String) {
    let ciphers = ["aes-128-cbc", "aes-256-gcm", "aes-256-ecb", "3des-cbc"];
    let cipher = drawing.word("encryption", &ciphers);
    let rest = match cipher {
        "aes-128-cbc" => "key: key16, iv: zeros",
        "aes-256-gcm" => "key: key32, iv: \"twelve bytes\", aad: \"{credential:appid}\"",
        "aes-256-ecb" => "key: key32",
        _ => "key: key24, iv: \"8 bytes.\"",
    };
    let name = drawing.name();
    let value = drawing.plain(Kind::Text);
    drawing.put(&name, Drawn::Text(value), false);
    drawing.declare(&name, "encrypted: text");
    let name = quoted(&name);
    let other = format!(
        "{{ text: \"{{message:payload}}\", algorithm: {cipher}, {rest}, output: base64, place: {{ field: {name} }} }}"
    );
    (drawing.recipe(), vec![other], "[§0, §]".to_owned())
}
