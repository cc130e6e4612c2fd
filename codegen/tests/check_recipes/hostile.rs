//! Whatever is broken in a recipe is told, and nothing panics.

use payspec_codegen::compile;

use super::AROUND;

/// Every key of a recipe, so that each can be broken.
const EVERY_KEY: &str = r#"a:
  like: b
  fields: [id, "shp*", "tags[]", a.b, { each: rows, from: 0, fields: [c] }]
  except: [x]
  add: { key: "{credential:secret|lower}" }
  names: lower
  trim: true
  numbers: decimals(1-2)
  nested: same rule
  path: dots
  repeated: each
  also_empty: ["0"]
  empties: { absent: drop, json_null: { as: "null" }, blank: keep }
  order: by item
  pair: "{name|upper}={value|escape(\"|\")}{part:p}"
  join: ""
  text: "{names}{fields}{fresh:n}{given:g}{header:X}{message:url}"
  transform: [url(js), newlines(lf)]
  charset: GBK
  algorithm: hmac-sha256
  key: "{part:p|hex}"
  output: base64url unpadded
  place: { header: H, template: "a={fresh:n},b={signature}", items: "," }
  fresh: { n: { is: alphanumeric, length: 8 }, t: { is: http date, header: Date } }
  given: { g: secret }
  tolerance: { of: "{fresh:n}", is: iso 8601, within: 5m }
  also_accept: [{ empties: keep }, { parts: { p: { text: "x", algorithm: md5 } } }]
  parts:
    p:
      text: "{part:q}{credential:pin}"
      algorithm: aes-128-cbc
      key: secret
      iv: "{nonce}"
      padding: pkcs7(32)
      output: bytes
    q: { fields: { named_in: f, split: ",", at_least: [a], within: w }, empties: keep, order: as listed, pair: "{value}", join: "", algorithm: sha1, output: hex lower, place: { field: d.e } }
b: { text: "{message:payload}", algorithm: aes-256-gcm, key: secret, iv: "{n}", aad: "{a}", output: base64, place: { field: data } }
c: { text: "{credential:mchid}", algorithm: none, output: text, place: { query: token } }
d: { text: "{message:body}", algorithm: rsa-sha256, key: platform_keys, key_id: "{header:Id}", output: base64, place: { header: S } }
e: { choose: { by: kind, cases: { x: b }, absent: c, otherwise: d } }
f: { choose: { by: "credential:signing", cases: { md5: b }, otherwise: c } }
g: { choose: { by: kind, present: b, absent: c } }
h: { fields: { members_of: data }, empties: refuse, order: by value, pair: "{value}", join: "|", text: "{fields}", algorithm: sm2, user_id: "1", form: raw, key: signing.merchant, output: hex upper, place: { field: sign } }
"#;

#[test]
fn a_wrong_value_in_any_key_is_told_and_never_panics() {
    let around = |recipes: &[String]| {
        let indented: Vec<String> = recipes.iter().map(|line| format!("  {line}")).collect();
        AROUND.replace("RECIPES", &indented.join("\n"))
    };
    let odd = [
        "",
        "[]",
        "{}",
        "[a, [b]]",
        "{ a: { b: c } }",
        "\"\"",
        "\"{\"",
        "\"{}\"",
        "\"{{\"",
        "\"{a|}\"",
        "\"{a|first(\"",
        "\"{part:p}{part:q}\"",
        "\"{签名|lower}\"",
        "none",
        "99999999999999999999",
        "pkcs7(255)",
        "a..b",
        "\"*\"",
    ];
    let lines: Vec<String> = EVERY_KEY.lines().map(str::to_owned).collect();
    let mut refused = 0;
    for place in 0..lines.len() {
        let mut without = lines.clone();
        without.remove(place);
        refused += usize::from(compile(&around(&without), "odd.yaml").is_err());
        for (colon, _) in lines[place].match_indices(": ") {
            for value in odd.iter().skip(colon % 4).step_by(4) {
                let open = lines[place][..colon].matches(['{', '[']).count();
                let closed = lines[place][..colon].matches(['}', ']']).count();
                let mut changed = lines.clone();
                changed[place] = format!(
                    "{}: {value}{}",
                    &lines[place][..colon],
                    " }".repeat(open.saturating_sub(closed))
                );
                let report = compile(&around(&changed), "odd.yaml").err().map(|report| report.to_string());
                refused += usize::from(report.is_some_and(|report| report.contains("error[PS")));
            }
        }
    }
    assert!(refused > 300, "{refused}");
}
