//! Templates, filters, parts, and the values beside the fields.

use payspec_codegen::ir::*;

use super::{field, path, recipe, shown, value};

#[test]
fn every_filter_is_read_with_its_argument() {
    let text = r#"{a|lower|upper|trim|decimals(2)|decimals(1-2)|url(form)|url(php)|url(dotnet)|url(js)|escape("|")|length|first(3)|last(4)|reverse|hex|base64|base64url|from-hex|from-base64|json(sorted)|json()|without(.,)|newlines(lf)|newlines(crlf)|after(Bearer )|after-last(/)|json-string}"#;
    let recipe = recipe(&format!(
        "r: {{ text: '{text}{{credential:secret}}', algorithm: sha1, output: base64, place: {{ field: sign }} }}"
    ));
    let Piece::Value { from, filters } = &recipe.text[0] else { panic!() };
    assert_eq!(*from, field("a"));
    let text = str::to_owned;
    let expected = [
        Filter::Lower,
        Filter::Upper,
        Filter::Trim,
        Filter::Decimals(Decimals { min: 2, max: 2 }),
        Filter::Decimals(Decimals { min: 1, max: 2 }),
        Filter::Url(UrlDialect::Form),
        Filter::Url(UrlDialect::Php),
        Filter::Url(UrlDialect::Dotnet),
        Filter::Url(UrlDialect::Js),
        Filter::Escape(text("|")),
        Filter::Length,
        Filter::First(3),
        Filter::Last(4),
        Filter::Reverse,
        Filter::Hex,
        Filter::Base64,
        Filter::Base64Url,
        Filter::FromHex,
        Filter::FromBase64,
        Filter::Json { sorted: true },
        Filter::Json { sorted: false },
        Filter::Without(text(".,")),
        Filter::Newlines(Newline::Lf),
        Filter::Newlines(Newline::CrLf),
        Filter::After(text("Bearer ")),
        Filter::AfterLast(text("/")),
        Filter::JsonString,
    ];
    assert_eq!(filters.as_slice(), expected);
}

#[test]
fn a_template_reaches_into_objects_headers_and_every_part_of_the_message() {
    let recipe = recipe(
        r#"r:
  empties: { absent: { as: "-" }, empty: keep }
  text: "{field:fields}{items.0.id}{header:X-Time}{message:method}{message:host}{message:path}{message:query}{message:target}{message:url}{message:body}{message:result}{{}}"
  algorithm: hmac-sha256
  key: hex_key
  output: hex lower
  place: { header: X-Sign }"#,
    );
    assert_eq!(
        shown(&recipe.text),
        "<fields><items.0.id><header:x-time><Method><Host><Path><Query><Target><Url><Body><Result>{}"
    );
    let empties =
        Empties { absent: EmptyAction::As("-".to_owned()), empty: EmptyAction::Keep, ..Empties::REFUSE };
    assert_eq!(recipe.empties, empties);
    assert_eq!(recipe.place.as_ref().unwrap().carrier, PlaceCarrier::Header("X-Sign".to_owned()));
    assert!(!recipe.is_plain());
}

#[test]
fn what_a_list_drops_a_template_refuses() {
    let recipe = recipe(
        r#"r: { fields: all, empties: drop, order: by name, pair: "{value}", join: "&", text: "{fields}{id}{credential:pin}", algorithm: md5, output: hex lower, place: { field: sign } }"#,
    );
    assert_eq!(recipe.list.as_ref().unwrap().empties.absent, EmptyAction::Drop);
    assert_eq!(recipe.empties, Empties::REFUSE);
    assert!(recipe.is_plain());
}

#[test]
fn the_whole_text_is_transformed() {
    let recipe = recipe(
        r#"sha256:
  fields: all
  empties: keep
  order: by name ignoring case
  pair: "{name}={value}"
  join: "&"
  text: "HashKey={credential:secret}&{fields}&HashIV={credential:pin}"
  transform: [url(dotnet), lower, "without(.,)"]
  charset: iso-8859-1
  algorithm: sha256
  output: hex upper
  place: { query: CheckMacValue }"#,
    );
    let expected = [Filter::Url(UrlDialect::Dotnet), Filter::Lower, Filter::Without(".,".to_owned())];
    assert_eq!(recipe.transform, expected);
    assert_eq!(recipe.charset, Encoding::Fixed(Charset::Latin1));
    assert_eq!(recipe.place.unwrap().carrier, PlaceCarrier::Query("CheckMacValue".to_owned()));
}

#[test]
fn parts_stand_in_an_order_in_which_each_uses_only_earlier_ones() {
    let recipe = recipe(
        r#"r:
  parts:
    last: { text: "{part:middle}{credential:secret}", algorithm: sha1, output: base64 }
    middle:
      text: "{part:first}"
      algorithm: md5
      output: hex lower
      parts:
        first: { text: "{message:body}", algorithm: md5, output: hex lower, place: { header: Digest, template: "md5={signature}" } }
  text: "{part:last}"
  algorithm: sha256
  output: hex lower
  place: { field: sign }"#,
    );
    let names: Vec<&str> = recipe.parts.iter().map(|part| part.name.wire.as_str()).collect();
    assert_eq!(names, ["first", "middle", "last"]);
    let place = recipe.parts[0].place.as_ref().unwrap();
    assert_eq!(place.carrier, PlaceCarrier::Header("Digest".to_owned()));
    assert_eq!(shown(&place.template), "md5=<signature>");
}

#[test]
fn fresh_and_given_values_are_declared_with_their_places() {
    let recipe = recipe(
        r#"r:
  fresh:
    time: { is: unix milliseconds, header: X-Time }
    date: { is: http date, header: Date }
    stamp: { is: "yyyyMMddHHmmss", field: stamp }
    id: { is: uuid, query: id }
    salt: { is: hex, length: 8, field: head.salt }
    at: { is: iso 8601, header: X-At }
  given: { session_key: secret, shop: public }
  text: "{fresh:time}{given:shop}{message:body}"
  algorithm: hmac-sha256
  key: "{given:session_key}"
  output: hex lower
  place: { query: signature }"#,
    );
    let places: Vec<_> = recipe.fresh.iter().map(|fresh| fresh.place.clone().unwrap()).collect();
    let expected = [
        PlaceCarrier::Header("X-Time".to_owned()),
        PlaceCarrier::Header("Date".to_owned()),
        PlaceCarrier::Field(path("stamp")),
        PlaceCarrier::Query("id".to_owned()),
        PlaceCarrier::Field(path("head.salt")),
        PlaceCarrier::Header("X-At".to_owned()),
    ];
    assert_eq!(places, expected);
    assert_eq!(recipe.fresh[1].format, FreshFormat::Time(WrittenTime::HttpDate));
    assert_eq!(recipe.fresh[5].format, FreshFormat::Time(WrittenTime::Iso8601));
    assert!(matches!(
        &recipe.fresh[2].format,
        FreshFormat::Time(WrittenTime::Field(TimeFormat::Pattern(pattern))) if pattern.text == "yyyyMMddHHmmss"
    ));
    let given: Vec<_> = recipe.given.iter().map(|given| (given.name.wire.as_str(), given.secret)).collect();
    assert_eq!(given, [("session_key", true), ("shop", false)]);
    assert_eq!(recipe.seal.key, Some(Key::Computed(vec![value(Operand::Given("session_key".to_owned()))])));
}

#[test]
fn names_of_the_list_stand_in_the_text_and_in_the_place() {
    let recipe = recipe(
        r#"r: { fields: { headers: [Date, X-Id] }, empties: refuse, order: as listed, pair: "{name}:{value}", join: "\n", text: "{names}\n{fields}", algorithm: hmac-sha1, key: secret, output: base64, place: { header: Authorization, template: 'headers="{names}",signature="{signature}"' } }"#,
    );
    assert_eq!(shown(&recipe.text), "<names>\n<list>");
    assert_eq!(shown(&recipe.place.unwrap().template), "headers=\"<names>\",signature=\"<signature>\"");
}
