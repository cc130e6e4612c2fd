//! Seals and places: keys, ciphers, encryptions, composite headers.

use payspec_codegen::ir::*;

use super::{field, literal, path, provider, recipe, shown, value};

/// Example 5 of the language: lines, a composite header, a key by its number, an encryption.
const EXAMPLE_5: &str = r#"request:
  fresh: { timestamp: { is: unix seconds }, nonce: { is: alphanumeric, length: 32 } }
  text: "{message:method}\n{message:target}\n{fresh:timestamp}\n{fresh:nonce}\n{message:body}\n"
  algorithm: rsa-sha256
  key: merchant_key
  output: base64
  place:
    header: Authorization
    template: 'PAY mchid="{credential:mchid}",nonce_str="{fresh:nonce}",timestamp="{fresh:timestamp}",serial_no="{credential:serial_no}",signature="{signature}"'
response:
  text: "{header:Pay-Timestamp}\n{header:Pay-Nonce}\n{message:body}\n"
  algorithm: rsa-sha256
  key: platform_keys
  key_id: "{header:Pay-Serial}"
  output: base64
  place: { header: Pay-Signature }
  tolerance: { of: "{header:Pay-Timestamp}", within: 5m }
notify: { like: response }
resource: { text: "{message:payload}", algorithm: aes-256-gcm, key: secret, iv: "{nonce}", aad: "{associated_data}", output: base64, place: { field: resource.ciphertext } }"#;

#[test]
fn a_composite_header_carries_fresh_values_beside_the_signature() {
    let recipe = &provider(EXAMPLE_5).recipes[0];
    assert_eq!(shown(&recipe.text), "<Method>\n<Target>\n<fresh:timestamp>\n<fresh:nonce>\n<Body>\n");
    let place = recipe.place.as_ref().unwrap();
    assert_eq!(
        shown(&place.template),
        "PAY mchid=\"<credential:mchid>\",nonce_str=\"<fresh:nonce>\",timestamp=\"<fresh:timestamp>\",\
         serial_no=\"<credential:serial_no>\",signature=\"<signature>\""
    );
    assert_eq!(place.items, None);
    let formats: Vec<_> = recipe.fresh.iter().map(|fresh| (fresh.format.clone(), fresh.length)).collect();
    let seconds = FreshFormat::Time(WrittenTime::Field(TimeFormat::UnixSeconds));
    assert_eq!(formats, [(seconds, None), (FreshFormat::Alphanumeric, Some(32))]);
    assert!(!recipe.is_plain());
}

#[test]
fn a_key_is_chosen_by_the_number_that_the_message_names() {
    let recipe = &provider(EXAMPLE_5).recipes[1];
    let Some(Key::Credential { path, id: Some(id) }) = &recipe.seal.key else { panic!("{:?}", recipe.seal) };
    assert_eq!((path.name.wire.as_str(), shown(id).as_str()), ("platform_keys", "<header:pay-serial>"));
    let tolerance = recipe.tolerance.as_ref().unwrap();
    assert_eq!((shown(&tolerance.of).as_str(), tolerance.within), ("<header:pay-timestamp>", 300));
    assert_eq!(tolerance.format, WrittenTime::Field(TimeFormat::UnixSeconds));
}

#[test]
fn an_encryption_has_the_payload_as_its_text() {
    let recipe = &provider(EXAMPLE_5).recipes[3];
    assert!(recipe.is_encryption());
    let cipher = Algorithm::Cipher {
        cipher: Cipher::Aes256Gcm,
        iv: Some(Iv::Template(vec![value(field("nonce"))])),
        aad: vec![value(field("associated_data"))],
        padding: Padding::None,
    };
    assert_eq!(recipe.seal.algorithm, cipher);
    assert_eq!(recipe.place.as_ref().unwrap().carrier, PlaceCarrier::Field(path("resource.ciphertext")));
}

#[test]
fn a_header_may_be_a_list_with_the_time_in_it() {
    let recipe = recipe(
        r#"notify:
  fresh: { t: { is: unix seconds } }
  text: "{fresh:t}.{message:body}"
  algorithm: hmac-sha256
  key: secret
  output: hex lower
  place: { header: Stripe-Signature, template: "t={fresh:t},v1={signature}", items: "," }
  tolerance: { of: "{fresh:t}", within: 5m }"#,
    );
    let place = recipe.place.unwrap();
    assert_eq!(
        (shown(&place.template).as_str(), place.items.as_deref()),
        ("t=<fresh:t>,v1=<signature>", Some(","))
    );
    assert_eq!(recipe.tolerance.unwrap().of, [value(Operand::Fresh("t".to_owned()))]);
}

#[test]
fn a_key_may_be_derived_by_a_part_which_is_then_bytes() {
    let provider = provider(
        r#"request:
  parts:
    order_key: { text: "{params.DS_ORDER}", algorithm: 3des-cbc, key: base64_key, iv: zeros, padding: zeros }
  text: "{params}"
  algorithm: hmac-sha256
  key: "{part:order_key}"
  output: base64
  place: { field: Ds_Signature }
notify:
  like: request
  parts:
    order_key: { text: "{params.Ds_Order}", algorithm: 3des-cbc, key: base64_key, iv: zeros, padding: zeros }
  output: base64url"#,
    );
    let [request, notify] = provider.recipes.as_slice() else { panic!() };
    assert_eq!(request.seal.key, Some(Key::Computed(vec![value(Operand::Part("order_key".to_owned()))])));
    let part = &request.parts[0];
    assert_eq!((shown(&part.text).as_str(), part.seal.output), ("<params.DS_ORDER>", Output::Bytes));
    let cipher = Algorithm::Cipher {
        cipher: Cipher::TripleDesCbc,
        iv: Some(Iv::Zeros),
        aad: Vec::new(),
        padding: Padding::Zeros,
    };
    assert_eq!(part.seal.algorithm, cipher);
    assert!(part.place.is_none());
    assert_eq!(
        (shown(&notify.parts[0].text).as_str(), notify.seal.output),
        ("<params.Ds_Order>", Output::Base64Url)
    );
}

#[test]
fn an_encrypted_digest_carries_its_salt_inside() {
    let recipe = recipe(
        r#"notify:
  fresh: { salt: { is: alphanumeric, length: 4 } }
  parts:
    digest:
      fields: [ORDERID, TXNAMOUNT]
      empties: keep
      order: by name
      pair: "{value}"
      join: "|"
      text: "{fields}|{fresh:salt}"
      algorithm: sha256
      output: hex lower
  text: "{part:digest}{fresh:salt}"
  algorithm: aes-128-cbc
  key: secret
  iv: "@@@@&&&&####$$$$"
  output: base64
  place: { field: CHECKSUMHASH }"#,
    );
    let Algorithm::Cipher { cipher: Cipher::Aes128Cbc, iv: Some(Iv::Template(iv)), padding, .. } =
        recipe.seal.algorithm
    else {
        panic!()
    };
    assert_eq!((iv.as_slice(), padding), ([literal("@@@@&&&&####$$$$")].as_slice(), Padding::Pkcs7(16)));
    assert_eq!(shown(&recipe.text), "<part:digest><fresh:salt>");
    assert_eq!(shown(&recipe.parts[0].text), "<list>|<fresh:salt>");
    assert_eq!((recipe.fresh[0].length, &recipe.fresh[0].place), (Some(4), &None));
}

#[test]
fn a_constant_in_a_header_is_no_seal() {
    let recipe = recipe(
        r#"r: { text: "{credential:mchid}:{credential:secret}", algorithm: none, output: base64, place: { header: Authorization, template: "Basic {signature}" } }"#,
    );
    assert_eq!((recipe.seal.algorithm, recipe.seal.key), (Algorithm::None, None));
    assert_eq!(shown(&recipe.place.unwrap().template), "Basic <signature>");
}

#[test]
fn blocks_are_padded_as_the_recipe_says() {
    let padding = |algorithm: &str, keys: &str| {
        let recipe = recipe(&format!(
            "r: {{ text: \"{{message:payload}}\", algorithm: {algorithm}, key: secret, {keys}output: base64, place: {{ field: data }} }}"
        ));
        let Algorithm::Cipher { iv, padding, .. } = recipe.seal.algorithm else { panic!() };
        (iv.is_some(), padding)
    };
    assert_eq!(padding("aes-256-ecb", ""), (false, Padding::Pkcs7(16)));
    assert_eq!(padding("aes-256-cbc", "iv: zeros, padding: pkcs7(32), "), (true, Padding::Pkcs7(32)));
    assert_eq!(padding("3des-cbc", "iv: zeros, "), (true, Padding::Pkcs7(8)));
    assert_eq!(padding("aes-192-cbc", "iv: \"{credential:pin}\", padding: none, "), (true, Padding::None));
}

#[test]
fn outputs_are_hex_base64_base64url_text_and_bytes() {
    let output = |word: &str| {
        let algorithm = if word == "text" { "none" } else { "md5" };
        let text = "{credential:secret}";
        recipe(&format!(
            "r: {{ text: \"{text}\", algorithm: {algorithm}, output: {word}, place: {{ header: X-Sign }} }}"
        ))
        .seal
        .output
    };
    assert_eq!(output("base64url"), Output::Base64Url);
    assert_eq!(output("base64url unpadded"), Output::Base64UrlUnpadded);
    assert_eq!(output("hex upper"), Output::HexUpper);
    assert_eq!(output("text"), Output::Text);
}

#[test]
fn a_digest_may_be_written_in_another_way_by_a_recipe_that_seals_nothing() {
    let recipe = recipe(
        r#"r:
  parts: { digest: { text: "{message:body}{credential:secret}", algorithm: md5, output: hex lower } }
  text: "{part:digest|reverse}"
  transform: [upper]
  algorithm: none
  output: text
  place: { header: X-Sign }"#,
    );
    assert_eq!((recipe.seal.algorithm, recipe.parts.len()), (Algorithm::None, 1));
}
