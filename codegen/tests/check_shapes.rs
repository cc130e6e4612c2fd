//! Shapes that the shipped specs do not have: JSON bodies with parameters in the query, MACs, other charsets; and any
//! broken text, which must be told and never panic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use payspec_codegen::compile;
use payspec_codegen::ir::*;

const JSON: &str = r#"
payspec: 1
provider: { name: demo, title: Demo, doc: "A demo." }
defaults: { absent_when: blank }
environments: { live: { hosts: { api: "https://api.demo.example" } } }
credentials:
  appid: { text: any, doc: "Number." }
  secret: { secret: any, doc: "Secret." }
signatures:
  request:
    fields: query
    trim: true
    empties: drop blank
    add: { secret: "{credential:secret}", _body: "{message:body}" }
    order: by name
    pair: "{name}={value}"
    join: "&"
    algorithm: sha512
    charset: GBK
    output: hex upper
    place: { field: sign }
  mac: { text: "{message:method} {message:path}|{message:body}", algorithm: hmac-sha256, key: secret, output: base64, place: { field: sign } }
envelopes:
  json:
    request:
      body: json
      common: query
      signature: request
      fields:
        appid: { text: any, from: credentials.appid, doc: "Number." }
        timestamp: { timestamp: unix_seconds, from: now, doc: "Time." }
        sign: { signature: any, doc: "Signature." }
    response: &RESPONSE
types:
  Item:
    doc: "Item."
    fields:
      name: { text: any, doc: "Name." }
operations:
  pay:
    doc: "Pays."
    call: POST /v3/pay
    effect: none
    outer: { trace: { text: any, doc: "Trace." } }
    fields:
      outerTradeNo: { text: any, doc: "Number." }
      items: { list: Item, doc: "Items." }
"#;

const RESPONSE: &str = r#"
      body: json
      signature: { none: "only TLS" }
      members: { code: { integer: any, doc: "Code." } }
      success: { code: 0 }"#;

fn json(signature: &str) -> Provider {
    let source = JSON
        .replace(" &RESPONSE", RESPONSE)
        .replace("signature: request", &format!("signature: {signature}"));
    match compile(&source, "json.yaml") {
        Ok(compiled) => compiled.provider,
        Err(report) => panic!("\n{report}"),
    }
}

#[test]
fn common_fields_travel_in_the_query_beside_a_json_body() {
    let provider = json("request");
    let pay = &provider.operations[0];
    let carriers: Vec<_> =
        pay.request.iter().map(|field| (field.field.name.wire.as_str(), field.carrier)).collect();
    let expected = [
        ("appid", Carrier::Query),
        ("timestamp", Carrier::Query),
        ("sign", Carrier::Query),
        ("trace", Carrier::Query),
        ("outerTradeNo", Carrier::Outer),
        ("items", Carrier::Outer),
    ];
    assert_eq!((pay.body, carriers.as_slice()), (Body::Json, expected.as_slice()));
}

#[test]
fn the_raw_body_is_an_item_of_the_list_under_its_own_name() {
    let provider = json("request");
    let [Step::List { items, .. }] = provider.operations[0].signed[0].steps.as_slice() else { panic!() };
    let names: Vec<&str> = items.iter().map(|item| item.before.as_str()).collect();
    assert_eq!(names, ["_body=", "appid=", "secret=", "timestamp=", "trace="]);
    let body = Piece::Value { from: Operand::Message(MessagePart::Body), filters: Vec::new() };
    assert_eq!(items[0].value, ItemValue::Added(vec![body]));
    let recipe = &provider.recipes[0];
    assert_eq!(recipe.charset, Encoding::Fixed(Charset::Gbk));
    assert_eq!(
        (&recipe.seal.algorithm, recipe.seal.output),
        (&Algorithm::Digest(Digest::Sha512), Output::HexUpper)
    );
}

#[test]
fn a_text_without_a_list_is_written_from_left_to_right() {
    let provider = json("mac");
    let steps = &provider.operations[0].signed[0].steps;
    let value = |from| Step::Value { from, filters: Vec::new() };
    let literal = |text: &str| Step::Literal(text.to_owned());
    let expected = [
        value(Operand::Message(MessagePart::Method)),
        literal(" "),
        value(Operand::Message(MessagePart::Path)),
        literal("|"),
        value(Operand::Message(MessagePart::Body)),
    ];
    assert_eq!(steps.as_slice(), expected);
    assert_eq!(provider.recipes[1].seal.algorithm, Algorithm::Hmac(Digest::Sha256));
}

#[test]
fn a_line_left_out_or_a_character_changed_never_panics() {
    for name in ["aggregate_pay", "guanaitong", "ysepay"] {
        let path = format!("{}/../specs/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = source.lines().collect();
        for left_out in (0..lines.len()).step_by(3) {
            let text: Vec<&str> =
                lines.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, line)| *line).collect();
            let _ = compile(&text.join("\n"), name).map_err(|report| report.to_string());
        }
        for (place, c) in source.char_indices().step_by(1009) {
            for other in ["", "~", "{", ".", "九"] {
                let text = format!("{}{other}{}", &source[..place], &source[place + c.len_utf8()..]);
                let _ = compile(&text, name).map_err(|report| report.to_string());
            }
        }
    }
}

#[test]
fn a_wrong_value_in_any_place_is_told_and_never_panics() {
    let source = JSON.replace(" &RESPONSE", RESPONSE);
    let odd = [
        "",
        "[]",
        "{}",
        "[a, [b]]",
        "{ a: { b: c } }",
        "\"\"",
        "..",
        "99999999999999999999999",
        "constants.",
        "credentials.secret.x",
        "{{",
        "none",
    ];
    for (place, line) in source.lines().enumerate() {
        for (colon, _) in line.match_indices(':') {
            for value in odd {
                let changed = format!("{}: {value}", &line[..colon]);
                let closed = format!(
                    "{changed}{}",
                    " }".repeat(
                        changed.matches('{').count()
                            - changed.matches('}').count().min(changed.matches('{').count())
                    )
                );
                let text: Vec<&str> = source
                    .lines()
                    .enumerate()
                    .map(|(i, line)| if i == place { closed.as_str() } else { line })
                    .collect();
                let _ = compile(&text.join("\n"), "odd.yaml").map_err(|report| report.to_string());
            }
        }
    }
}
