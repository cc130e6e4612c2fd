//! Where values travel, what they are, and which of them a signature vouches for: the IR of each carrier, kind and form
//! of a signature.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use payspec_codegen::ir::*;
use payspec_codegen::{Compiled, compile};

/// What a spec of these tests differs in.
#[derive(Clone, Copy)]
struct Parts<'p> {
    credentials: &'p str,
    recipes: &'p str,
    request: &'p str,
    response: &'p str,
    types: &'p str,
    fields: &'p str,
    reply: &'p str,
    receive: &'p str,
    signature: &'p str,
    received: &'p str,
    accepts: &'p str,
}

const BODY_IN_A_HEADER: &str = "  signed: { text: \"{message:body}|{credential:secret}\", algorithm: sha256, output: hex lower, place: { header: X-Sign } }\n";

const PLAIN: Parts<'static> = Parts {
    credentials: "",
    recipes: BODY_IN_A_HEADER,
    request: "body: form, signature: signed",
    response: "body: json, signature: { none: \"TLS\" }, members: { code: { integer: any, doc: \"Code.\" } }, data: { member: data }, success: { code: 0 }",
    types: "",
    fields: "      order_no: { text: any, doc: \"Number.\" }\n",
    reply: "",
    receive: "POST json",
    signature: "signed",
    received: "      order_no: { text: any, doc: \"Number.\" }\n",
    accepts: "",
};

fn text(parts: &Parts<'_>) -> String {
    let Parts {
        credentials,
        recipes,
        request,
        response,
        types,
        fields,
        reply,
        receive,
        signature,
        received,
        accepts,
    } = parts;
    let types = if types.is_empty() { String::new() } else { format!("types:\n{types}") };
    let reply = if reply.is_empty() { String::new() } else { format!("    reply:\n{reply}") };
    format!(
        "payspec: 1
provider: {{ name: demo, title: Demo, doc: \"A demo.\" }}
environments:
  live: {{ hosts: {{ api: \"https://api.demo.example\" }} }}
credentials:
  secret: {{ secret: any, doc: \"Secret.\" }}
{credentials}signatures:
{recipes}envelopes:
  api:
    request: {{ {request} }}
    response: {{ {response} }}
{types}operations:
  look:
    doc: \"Looks.\"
    call: POST /look
    effect: none
    fields:
{fields}{reply}callbacks:
  paid:
    doc: \"Paid.\"
    deliver: notify
    receive: {receive}
    signature: {signature}
    fields:
{received}    outcome: unknown
    once_per: unknown
    acknowledge: unknown
    retries: unknown
{accepts}"
    )
}

fn compiled(parts: &Parts<'_>) -> Compiled {
    let text = text(parts);
    compile(&text, "demo.yaml").unwrap_or_else(|report| panic!("\n{report}\n{text}"))
}

fn provider(parts: &Parts<'_>) -> Provider {
    compiled(parts).provider
}

/// The fields of the callback that nothing vouches for.
fn unsigned(parts: &Parts<'_>) -> Vec<String> {
    let provider = provider(parts);
    let fields = provider.callbacks[0].fields.iter();
    fields.filter(|field| field.unsigned).map(|field| field.field.name.wire.clone()).collect()
}

fn unsigned_under(recipe: &str, types: &str, received: &str) -> Vec<String> {
    let recipes = format!("{BODY_IN_A_HEADER}  notify:\n{recipe}");
    unsigned(&Parts { recipes: &recipes, types, received, signature: "notify", ..PLAIN })
}

fn sent<'p>(provider: &'p Provider, name: &str) -> &'p SentField {
    provider.operations[0].request.iter().find(|field| field.field.name.wire == name).unwrap()
}

// Carriers.

#[test]
fn a_sent_field_in_a_header_has_the_name_of_the_header_on_the_wire_and_its_own_in_rust() {
    let fields = "      order_no: { text: any, doc: \"Number.\" }\n      api_key: { text: any, header: X-Api-Key, doc: \"Key.\" }\n";
    let provider = provider(&Parts { fields, ..PLAIN });
    let key = sent(&provider, "X-Api-Key");
    assert_eq!((key.field.name.snake.as_str(), key.carrier), ("api_key", Carrier::Header));
    assert_eq!(sent(&provider, "order_no").carrier, Carrier::Outer);
}

#[test]
fn a_header_is_in_no_list_even_among_the_fields_of_a_payload() {
    let recipes = "  signed: { fields: all, empties: drop, order: by name, pair: \"{name}={value}\", join: \"&\", text: \"{fields}{credential:secret}\", algorithm: sha256, output: hex lower, place: { field: sign } }\n";
    let request = "body: form, signature: signed, fields: { sign: { signature: any, doc: \"Signature.\" } }, payload: { json: biz }";
    let fields = "      order_no: { text: any, doc: \"Number.\" }\n      trace: { text: any, header: X-Trace, doc: \"Trace.\" }\n";
    let received = "      order_no: { text: any, doc: \"Number.\" }\n      sign: { signature: any, doc: \"Signature.\" }\n";
    let provider = provider(&Parts { recipes, request, fields, received, ..PLAIN });
    let carriers: Vec<Carrier> = provider.operations[0].request.iter().map(|field| field.carrier).collect();
    assert_eq!(carriers, [Carrier::Outer, Carrier::Payload, Carrier::Header]);
    let [Step::List { items, .. }, ..] = provider.operations[0].signed[0].steps.as_slice() else { panic!() };
    assert_eq!(items.iter().map(|item| item.before.as_str()).collect::<Vec<_>>(), ["biz="]);
}

#[test]
fn a_received_field_is_read_from_its_header() {
    let received = "      order_no: { text: any, doc: \"Number.\" }\n      event: { text: any, header: X-Event, doc: \"Event.\" }\n";
    let provider = provider(&Parts { received, ..PLAIN });
    let event = &provider.callbacks[0].fields[1];
    assert_eq!((event.field.name.wire.as_str(), event.header.as_deref()), ("event", Some("X-Event")));
    assert!(event.unsigned && !provider.callbacks[0].fields[0].unsigned);
}

#[test]
fn an_xml_request_has_a_root_and_a_raw_one_a_content_type_and_one_field_that_is_it() {
    let root = |request| {
        let provider = provider(&Parts { request, ..PLAIN });
        (provider.operations[0].body, provider.operations[0].root.clone())
    };
    assert_eq!(root("body: xml, signature: signed"), (Body::Xml, "xml".to_owned()));
    assert_eq!(root("body: xml, root: order, signature: signed"), (Body::Xml, "order".to_owned()));
    let request =
        "body: raw, common: query, signature: signed, fields: { token: { text: any, doc: \"Token.\" } }";
    let fields = "      trace: { text: any, header: X-Trace, doc: \"Trace.\" }\n      order: { json: any, doc: \"Order.\" }\n";
    let raw = provider(&Parts { request, fields, ..PLAIN });
    let carriers: Vec<Carrier> = raw.operations[0].request.iter().map(|field| field.carrier).collect();
    assert_eq!(carriers, [Carrier::Query, Carrier::Header, Carrier::Body]);
    assert_eq!(raw.operations[0].content_type.as_deref(), Some("application/json; charset=utf-8"));
    let request = "body: raw, content_type: text/plain, signature: signed";
    let plain = provider(&Parts { request, ..PLAIN });
    assert_eq!(plain.operations[0].content_type.as_deref(), Some("text/plain"));
    assert_eq!(plain.operations[0].request[0].carrier, Carrier::Body);
}

#[test]
fn xml_and_multipart_come_in() {
    let response = "body: xml, signature: { none: \"TLS\" }, members: { code: { text: any, doc: \"Code.\" } }, success: { code: OK }";
    let provider = provider(&Parts { response, receive: "[POST xml, POST multipart]", ..PLAIN });
    assert_eq!(provider.envelopes[0].body, ReplyBody::Xml);
    assert_eq!(provider.callbacks[0].receive, [Receive::PostXml, Receive::PostMultipart]);
}

// Kinds.

#[test]
fn rows_begin_where_the_file_says_and_their_members_are_called_without_the_number() {
    let types = "  Row: { doc: \"Row.\", fields: { \"pmt_name#\": { text: any, doc: \"Name.\" }, \"pmt_price#?\": { amount: yuan, doc: \"Price.\" } } }\n";
    let fields = "      pmt_rows: { rows: Row, items: 1..500, doc: \"Rows.\" }\n      other: { rows: Row, first: 0, doc: \"Others.\" }\n";
    let provider = provider(&Parts { types, fields, ..PLAIN });
    let rows = &sent(&provider, "pmt_rows").field;
    assert_eq!(rows.kind, Kind::Rows { of: TypeId(0), from: 1 });
    assert_eq!(rows.limits.items, Some(Bounds { min: Some(1), max: Some(500) }));
    assert!(matches!(sent(&provider, "other").field.kind, Kind::Rows { from: 0, .. }));
    let Shape::Object { fields, .. } = &provider.types[0].shape else { panic!() };
    assert_eq!((fields[0].name.wire.as_str(), fields[0].name.snake.as_str()), ("pmt_name#", "pmt_name"));
    assert!(!fields[1].required && provider.types[0].sent && !provider.types[0].received);
}

#[test]
fn json_in_base64_and_what_is_encrypted_name_what_they_hold() {
    let types = "  Order: { doc: \"Order.\", fields: { number: { text: any, doc: \"Number.\" } } }\n  Card: { doc: \"Card.\", fields: { number: { text: any, doc: \"Number.\" } } }\n";
    let fields = "      order: { base64_json: Order, length: 1..9000, doc: \"Order.\" }\n      more: { base64_json: any, doc: \"More.\" }\n";
    let recipes = format!(
        "{BODY_IN_A_HEADER}  card: {{ text: \"{{message:payload}}\", algorithm: aes-256-gcm, key: secret, iv: \"{{nonce}}\", output: base64, place: {{ field: card }} }}\n"
    );
    let received =
        "      nonce: { text: any, doc: \"Nonce.\" }\n      card: { encrypted: Card, doc: \"Card.\" }\n";
    let provider =
        provider(&Parts { types, fields, recipes: &recipes, received, signature: "[card, signed]", ..PLAIN });
    assert_eq!(sent(&provider, "order").field.kind, Kind::Base64Json(JsonOf::Object(TypeId(0))));
    assert!(sent(&provider, "order").field.limits.length.is_some());
    assert_eq!(sent(&provider, "more").field.kind, Kind::Base64Json(JsonOf::Any));
    assert_eq!(provider.callbacks[0].fields[1].field.kind, Kind::Encrypted(Opened::Object(TypeId(1))));
    assert!(provider.types[1].received && !provider.types[1].sent);
}

#[test]
fn secrets_say_how_they_are_written_and_keys_how_many_they_are() {
    let credentials = "  hex: { secret: any, decode: hex, doc: \"A.\" }\n  base64: { secret: any, decode: base64, doc: \"B.\" }\n  keys: { key: rsa_public, many: by_id, doc: \"C.\" }\n";
    let kinds: Vec<CredentialKind> = provider(&Parts { credentials, ..PLAIN })
        .credentials
        .into_iter()
        .map(|credential| credential.kind)
        .collect();
    let wanted = [
        CredentialKind::Secret(Decode::Text),
        CredentialKind::Secret(Decode::Hex),
        CredentialKind::Secret(Decode::Base64),
        CredentialKind::Keys(KeyKind::RsaPublic),
    ];
    assert_eq!(kinds, wanted);
}

// Signatures.

#[test]
fn several_recipes_keep_the_order_of_the_signer_and_a_list_of_one_is_one() {
    let recipes = format!(
        "{BODY_IN_A_HEADER}  second: {{ text: \"{{header:X-Sign}}|{{credential:secret}}\", algorithm: sha256, output: hex lower, place: {{ header: X-Second }} }}\n"
    );
    let all = Parts { recipes: &recipes, request: "body: form, signature: [signed, second]", ..PLAIN };
    let provider = provider(&all);
    let Signature::Several(signatures) = &provider.operations[0].signature else { panic!() };
    let names: Vec<&str> = signatures
        .iter()
        .flat_map(Signature::recipes)
        .map(|recipe| provider[recipe].name.wire.as_str())
        .collect();
    assert_eq!(names, ["signed", "second"]);
    let one = compiled(&Parts { signature: "[signed]", ..all }).provider;
    assert!(matches!(one.callbacks[0].signature, Signature::Recipe(_)));
}

#[test]
fn what_needs_the_written_request_has_no_text_of_fixed_order() {
    let list = |place: &str| {
        format!(
            "{{ fields: all, empties: drop, order: by name, pair: \"{{name}}={{value}}\", join: \"&\", text: \"{{fields}}{{credential:secret}}\", algorithm: sha256, output: hex lower, place: {{ field: {place} }} }}\n"
        )
    };
    let recipes = format!("{BODY_IN_A_HEADER}  one: {}  two: {}", list("sign"), list("mac"));
    let signs = "fields: { sign: { signature: any, doc: \"A.\" }, mac: { signature: any, doc: \"B.\" } }";
    let several = format!("body: form, signature: [one, two], {signs}");
    let provider = provider(&Parts { recipes: &recipes, request: &several, ..PLAIN });
    assert!(provider.operations[0].signed.is_empty());
    let types = "  Row: { doc: \"Row.\", fields: { \"name#\": { text: any, doc: \"Name.\" } } }\n";
    let request = "body: form, signature: one, fields: { sign: { signature: any, doc: \"A.\" } }";
    let plain = Parts { recipes: &recipes, request, types, ..PLAIN };
    let rows = "      rows: { rows: Row, doc: \"Rows.\" }\n";
    assert_eq!(compiled(&Parts { types: "", ..plain }).provider.operations[0].signed.len(), 1);
    assert!(compiled(&Parts { fields: rows, ..plain }).provider.operations[0].signed.is_empty());
}

#[test]
fn a_field_chooses_the_recipe_and_what_no_case_names_has_one_too() {
    let recipes = format!(
        "{BODY_IN_A_HEADER}  other: {{ like: signed, text: \"{{order_no}}|{{kind}}|{{credential:secret}}\" }}\n  chosen: {{ choose: {{ by: kind, cases: {{ A: signed }}, absent: signed, otherwise: other }} }}\n"
    );
    let received = "      order_no: { text: any, doc: \"Number.\" }\n      kind: { text: any, doc: \"Kind.\" }\n      more?: { text: any, doc: \"More.\" }\n";
    let parts = Parts { recipes: &recipes, received, signature: "chosen", ..PLAIN };
    let provider = provider(&parts);
    let Signature::ByField { by, cases, absent, otherwise } = &provider.callbacks[0].signature else {
        panic!()
    };
    let name = |id: &Option<RecipeId>| id.map(|id| provider[id].name.wire.clone());
    assert_eq!((by.dotted().as_str(), cases[0].value.as_str()), ("kind", "A"));
    assert_eq!((name(absent).as_deref(), name(otherwise).as_deref()), (Some("signed"), Some("other")));
    // Covered is what all cases cover.
    assert_eq!(unsigned(&parts), ["more"]);
}

// Coverage.

const TAIL: &str = "    algorithm: sha256\n    output: hex lower\n    place: { header: X-Sign }\n";
const ORDERED: &str = "    empties: keep\n    order: by name\n    pair: \"{name}={value}\"\n    join: \"&\"\n    text: \"{fields}|{credential:secret}\"\n";
const BILL: &str = "  Bill: { doc: \"Bill.\", fields: { number: { text: any, doc: \"Number.\" }, amount: { amount: yuan, doc: \"Amount.\" } } }\n";
const BILLED: &str =
    "      order_no: { text: any, doc: \"Number.\" }\n      bill: { type: Bill, doc: \"Bill.\" }\n";
const LISTED: &str =
    "      order_no: { text: any, doc: \"Number.\" }\n      bills: { list: Bill, doc: \"Bills.\" }\n";

#[test]
fn objects_are_covered_by_the_ways_to_write_them_and_not_where_they_are_dropped() {
    for way in ["raw", "leaves", "same rule"] {
        let recipe = format!("    fields: all\n    nested: {way}\n{ORDERED}{TAIL}");
        assert!(unsigned_under(&recipe, BILL, BILLED).is_empty(), "{way}");
        assert!(unsigned_under(&recipe, BILL, LISTED).is_empty(), "{way}");
    }
    let dropped = format!("    fields: all\n    nested: drop\n{ORDERED}{TAIL}");
    assert_eq!(unsigned_under(&dropped, BILL, BILLED), ["bill"]);
}

#[test]
fn an_object_is_covered_only_if_everything_in_it_is() {
    let under = |fields: &str| {
        unsigned_under(&format!("    fields: [order_no, {fields}]\n{ORDERED}{TAIL}"), BILL, BILLED)
    };
    assert_eq!(under("bill.amount"), ["bill"]);
    assert!(under("bill.amount, bill.number").is_empty());
    let recipe = |text: &str| format!("    text: \"{{order_no}}|{text}|{{credential:secret}}\"\n{TAIL}");
    assert_eq!(unsigned_under(&recipe("{bill.number}"), BILL, BILLED), ["bill"]);
    assert!(unsigned_under(&recipe("{bill.number}|{bill.amount}"), BILL, BILLED).is_empty());
    let first =
        recipe("{bills.0.number}|{bills.0.amount}").replace("    text:", "    empties: keep\n    text:");
    assert_eq!(unsigned_under(&first, BILL, LISTED), ["bills"]);
}

#[test]
fn a_leaf_that_is_left_out_uncovers_its_object() {
    let recipe = format!("    fields: all\n    nested: leaves\n    except: [bill.amount]\n{ORDERED}{TAIL}");
    assert_eq!(unsigned_under(&recipe, BILL, BILLED), ["bill"]);
    let same = format!("    fields: all\n    nested: same rule\n    except: [amount]\n{ORDERED}{TAIL}");
    assert_eq!(unsigned_under(&same, BILL, BILLED), ["bill"]);
}

#[test]
fn members_of_an_object_and_rows_of_an_array_cover_it() {
    let members = format!("    fields: {{ members_of: bill }}\n{ORDERED}{TAIL}");
    assert_eq!(unsigned_under(&members, BILL, BILLED), ["order_no"]);
    let rows = |members: &str| {
        format!("    fields: [order_no, {{ each: bills, fields: [{members}] }}]\n{ORDERED}{TAIL}")
            .replace("by name", "as listed")
    };
    assert!(unsigned_under(&rows("number, amount"), BILL, LISTED).is_empty());
    assert_eq!(unsigned_under(&rows("number"), BILL, LISTED), ["bills"]);
}

#[test]
fn a_recipe_over_each_element_covers_the_list_and_nothing_around_it() {
    let types = BILL.replace("{ number:", "{ sign: { signature: any, doc: \"Sign.\" }, number:");
    let over = |path: &str, fields: &str| {
        let tail = TAIL.replace("header: X-Sign", "field: sign");
        format!("    each: {path}\n    fields: {fields}\n{ORDERED}{tail}")
    };
    let under = |fields: &str| unsigned_under(&over("bills", fields), &types, LISTED);
    assert_eq!(under("all"), ["order_no"]);
    assert_eq!(under("[number, amount]"), ["order_no"]);
    // A type that is covered in part is not covered.
    assert_eq!(under("[number]"), ["order_no", "bills"]);
    assert_eq!(under("all\n    except: [amount]"), ["order_no", "bills"]);
    // A field around the list has the name of a covered member.
    let around =
        "      number: { text: any, doc: \"Number.\" }\n      bills: { list: Bill, doc: \"Bills.\" }\n";
    assert_eq!(unsigned_under(&over("bills", "all"), &types, around), ["number"]);
    // A further reading covers less.
    let loose = format!("{}    also_accept: [{{ except: [amount] }}]\n", over("bills", "all"));
    assert_eq!(unsigned_under(&loose, &types, LISTED), ["order_no", "bills"]);
    // Beside another recipe, one of the two is enough.
    let recipes = format!("{BODY_IN_A_HEADER}  notify:\n{}", over("bills", "[number]"));
    let both = Parts { recipes: &recipes, types: &types, received: LISTED, ..PLAIN };
    assert!(unsigned(&Parts { signature: "[notify, signed]", ..both }).is_empty());
}

#[test]
fn only_what_must_be_named_is_covered() {
    let recipe = format!(
        "    fields: {{ named_in: names, split: \",\", at_least: [order_no, names] }}\n{ORDERED}{TAIL}"
    );
    let received = "      order_no: { text: any, doc: \"Number.\" }\n      names: { text: any, doc: \"Names.\" }\n      state: { text: any, doc: \"State.\" }\n";
    assert_eq!(unsigned_under(&recipe, "", received), ["state"]);
}

#[test]
fn prefixes_and_cases_of_names_cover_what_they_match() {
    let received = "      shp_a: { text: any, doc: \"A.\" }\n      Amount: { text: any, doc: \"Amount.\" }\n      state: { text: any, doc: \"State.\" }\n";
    let recipe = format!("    fields: [AMOUNT, \"SHP_*\"]\n    names: upper\n{ORDERED}{TAIL}");
    assert_eq!(unsigned_under(&recipe, "", received), ["state"]);
}

const HEADED: &str = "      order_no: { text: any, doc: \"Number.\" }\n      event: { text: any, header: X-Event, doc: \"Event.\" }\n";

#[test]
fn a_header_is_covered_by_name_and_never_by_the_body() {
    let recipe = |text: &str| format!("    text: \"{text}|{{credential:secret}}\"\n{TAIL}");
    assert_eq!(unsigned_under(&recipe("{message:body}"), "", HEADED), ["event"]);
    assert!(unsigned_under(&recipe("{header:x-event}|{message:body}"), "", HEADED).is_empty());
    let listed = format!("    fields: {{ headers: [X-EVENT] }}\n{ORDERED}{TAIL}");
    assert_eq!(unsigned_under(&listed, "", HEADED), ["order_no"]);
}

#[test]
fn a_fresh_value_covers_the_field_that_is_its_place() {
    let received = "      order_no: { text: any, doc: \"Number.\" }\n      time: { timestamp: unix_seconds, header: X-Event, doc: \"Time.\" }\n";
    let recipe = format!(
        "    fresh: {{ time: {{ is: unix seconds, header: X-Event }} }}\n    text: \"{{fresh:time}}.{{message:body}}.{{credential:secret}}\"\n{TAIL}"
    );
    assert!(unsigned_under(&recipe, "", received).is_empty());
}

#[test]
fn a_part_covers_through_the_text_and_through_the_key() {
    let received =
        "      order_no: { text: any, doc: \"Number.\" }\n      state: { text: any, doc: \"State.\" }\n";
    let text = format!(
        "    parts: {{ digest: {{ text: \"{{order_no}}\", algorithm: sha256, output: hex lower }} }}\n    text: \"{{part:digest}}|{{credential:secret}}\"\n{TAIL}"
    );
    assert_eq!(unsigned_under(&text, "", received), ["state"]);
    let key = "    parts: { mine: { text: \"{order_no}\", algorithm: hmac-sha256, key: secret } }\n    text: \"{state}\"\n    algorithm: hmac-sha256\n    key: \"{part:mine}\"\n    output: hex lower\n    place: { header: X-Sign }\n";
    assert!(unsigned_under(key, "", received).is_empty());
}

#[test]
fn what_a_filter_throws_away_is_not_covered() {
    let received =
        "      order_no: { text: any, doc: \"Number.\" }\n      amount: { text: any, doc: \"Amount.\" }\n";
    let recipe = |filter: &str| {
        format!("    text: \"{{order_no}}|{{amount|{filter}}}|{{credential:secret}}\"\n{TAIL}")
    };
    assert!(unsigned_under(&recipe("lower"), "", received).is_empty());
    for filter in ["first(2)", "last(2)", "length", "without(.)", "after(1)", "after-last(.)"] {
        assert_eq!(unsigned_under(&recipe(filter), "", received), ["amount"], "{filter}");
    }
    let pairs = format!("    fields: all\n{ORDERED}{TAIL}").replace("{value}", "{value|length}");
    assert_eq!(unsigned_under(&pairs, "", received), ["order_no", "amount"]);
}

#[test]
fn a_checksum_or_a_constant_vouches_for_nothing() {
    let checksum =
        format!("    accepts: {{ PS100: \"nothing else is offered\" }}\n    text: \"{{order_no}}\"\n{TAIL}");
    let received = "      order_no: { text: any, doc: \"Number.\" }\n";
    assert_eq!(unsigned_under(&checksum, "", received), ["order_no"]);
    let constant = "    text: \"Bearer {credential:secret}\"\n    algorithm: none\n    output: text\n    place: { header: X-Sign }\n";
    assert_eq!(unsigned_under(constant, "", received), ["order_no"]);
}

const ENCRYPTED: &str = "      order_no: { text: any, doc: \"Number.\" }\n      nonce: { text: any, doc: \"Nonce.\" }\n      extra_data: { text: any, doc: \"Beside.\" }\n      cipher: { encrypted: text, doc: \"Cipher text.\" }\n";

#[test]
fn a_cipher_that_authenticates_covers_what_it_opens_and_what_stands_beside_it() {
    let gcm = "    text: \"{message:payload}\"\n    algorithm: aes-256-gcm\n    key: secret\n    iv: \"{nonce}\"\n    aad: \"{extra_data}\"\n    output: base64\n    place: { field: cipher }\n";
    assert_eq!(unsigned_under(gcm, "", ENCRYPTED), ["order_no"]);
    let cbc = gcm.replace("gcm", "cbc").replace("    aad: \"{extra_data}\"\n", "");
    assert_eq!(unsigned_under(&cbc, "", ENCRYPTED), ["order_no", "nonce", "extra_data", "cipher"]);
}

#[test]
fn of_several_recipes_one_is_enough() {
    let recipes = format!(
        "{BODY_IN_A_HEADER}  open: {{ text: \"{{message:payload}}\", algorithm: aes-256-cbc, key: secret, iv: \"{{nonce}}\", output: base64, place: {{ field: cipher }} }}\n"
    );
    let parts = Parts { recipes: &recipes, received: ENCRYPTED, signature: "[open, signed]", ..PLAIN };
    assert!(unsigned(&parts).is_empty());
}

#[test]
fn a_reading_that_leaves_a_field_out_uncovers_it() {
    let received =
        "      order_no: { text: any, doc: \"Number.\" }\n      state: { text: any, doc: \"State.\" }\n";
    let recipe = format!("    fields: all\n    also_accept: [{{ except: [state] }}]\n{ORDERED}{TAIL}");
    assert_eq!(unsigned_under(&recipe, "", received), ["state"]);
}

#[test]
fn a_post_whose_body_is_signed_is_read_from_its_body_alone() {
    let alone = |recipe: &str| {
        let recipes = format!("{BODY_IN_A_HEADER}  notify:\n{recipe}");
        let provider = provider(&Parts { recipes: &recipes, signature: "notify", ..PLAIN });
        provider.reads_body_alone(&provider.callbacks[0].signature)
    };
    let text = |text: &str| format!("    text: \"{text}|{{credential:secret}}\"\n{TAIL}");
    assert!(alone(&text("{message:body}")));
    assert!(alone(&format!("    fields: body\n{ORDERED}{TAIL}")));
    assert!(alone(&format!(
        "    parts: {{ digest: {{ text: \"{{message:body}}\", algorithm: sha256, output: hex lower }} }}\n{}",
        text("{part:digest}")
    )));
    assert!(!alone(&text("{order_no}")));
    assert!(!alone(&format!("    fields: all\n{ORDERED}{TAIL}")));
}

#[test]
fn a_part_covers_where_the_place_of_its_result_is_signed() {
    let received = "      order_no: { text: any, doc: \"Number.\" }\n";
    let recipe = |text: &str| {
        format!(
            "    parts: {{ digest: {{ text: \"{{message:body}}\", algorithm: sha256, output: hex lower, place: {{ query: digest }} }} }}\n    text: \"{text}|{{credential:secret}}\"\n{TAIL}"
        )
    };
    assert!(unsigned_under(&recipe("{message:url}"), "", received).is_empty());
    assert!(unsigned_under(&recipe("{message:query}"), "", received).is_empty());
    assert_eq!(unsigned_under(&recipe("{message:path}"), "", received), ["order_no"]);
}

// Replies.

#[test]
fn a_reply_may_be_signed_over_a_list_of_its_own_fields() {
    let recipes = format!("{BODY_IN_A_HEADER}  reply:\n    fields: [code, state]\n{ORDERED}{TAIL}");
    let response = "body: json, signature: reply, members: { code: { integer: any, doc: \"Code.\" } }, success: { code: 0 }";
    let reply = "      state: { text: any, doc: \"State.\" }\n      note?: { text: any, doc: \"Note.\" }\n";
    let provider = provider(&Parts { recipes: &recipes, response, reply, ..PLAIN });
    assert!(!provider.envelopes[0].members[0].unsigned);
    let ReplyShape::Fields(fields) = &provider.operations[0].reply.as_ref().unwrap().shape else { panic!() };
    assert_eq!(fields.iter().map(|field| field.unsigned).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_list_that_names_what_a_reply_does_not_have_is_refused_for_that_reply() {
    let recipes = format!("{BODY_IN_A_HEADER}  reply:\n    fields: [code, state]\n{ORDERED}{TAIL}");
    let response = "body: json, signature: reply, members: { code: { integer: any, doc: \"Code.\" } }, success: { code: 0 }";
    let text = text(&Parts { recipes: &recipes, response, ..PLAIN });
    let report = compile(&text, "demo.yaml").unwrap_err().to_string();
    assert!(report.contains("`state`, which is no field of the reply of operation `look`"), "{report}");
}

#[test]
fn the_data_of_a_reply_is_covered_by_its_text_its_body_and_its_leaves() {
    let response = |recipe: &str| {
        format!(
            "body: json, signature: {recipe}, members: {{ code: {{ integer: any, doc: \"Code.\" }} }}, data: {{ member: data }}, data_fields: {{ state: {{ text: any, doc: \"State.\" }} }}, success: {{ state: OK }}"
        )
    };
    let recipes = format!(
        "{BODY_IN_A_HEADER}  result: {{ like: signed, text: \"{{message:result}}|{{credential:secret}}\" }}\n  leaves:\n    fields: all\n    nested: leaves\n{ORDERED}{TAIL}  one:\n    fields: [code, data.state, data.number]\n{ORDERED}{TAIL}"
    );
    let reply = "      number: { text: any, doc: \"Number.\" }\n      note?: { text: any, doc: \"Note.\" }\n";
    let unsigned = |recipe: &str| -> Vec<bool> {
        let response = response(recipe);
        let provider = provider(&Parts { recipes: &recipes, response: &response, reply, ..PLAIN });
        let envelope = &provider.envelopes[0];
        let ReplyShape::Fields(fields) = &provider.operations[0].reply.as_ref().unwrap().shape else {
            panic!()
        };
        envelope
            .members
            .iter()
            .chain(&envelope.data_fields)
            .chain(fields)
            .map(|field| field.unsigned)
            .collect()
    };
    assert_eq!(unsigned("signed"), [false; 4]);
    assert_eq!(unsigned("leaves"), [false; 4]);
    assert_eq!(unsigned("result"), [true, false, false, false]);
    assert_eq!(unsigned("one"), [false, false, false, true]);
}

// What is accepted, and for whom.

#[test]
fn what_a_recipe_inherits_is_accepted_by_it_and_for_it_alone() {
    let weak = "  first: { text: \"{message:body}|{credential:secret}\", algorithm: md5, output: hex lower, place: { header: X-Sign } }\n";
    let second = "  second: { like: first, accepts: { PS109: \"nothing else is offered\" } }\n";
    let told = |recipes: &str, signature: &str| -> Vec<&'static str> {
        let recipes = format!("{BODY_IN_A_HEADER}{recipes}");
        let found = compiled(&Parts { recipes: &recipes, signature, ..PLAIN });
        let found = found.warnings.diagnostics().iter().map(|found| found.code.number());
        found.filter(|number| !matches!(*number, "PS115" | "PS145" | "PS146" | "PS147")).collect()
    };
    assert!(told(&format!("{weak}{second}"), "second").is_empty());
    assert_eq!(told(&format!("{weak}{second}"), "first"), ["PS109", "PS114", "PS118"]);
}

// Outcomes.

#[test]
fn what_an_outcome_asks_of_the_envelope_is_a_member_of_the_reply() {
    let response = "body: json, signature: { none: \"TLS\" }, members: { code: { integer: any, doc: \"Code.\" } }, success: { code: [0, 1] }";
    let spec = text(&Parts { response, ..PLAIN });
    let asked = spec.replace(
        "    effect: none\n",
        "    effect: none\n    outcome: { of: payment, cases: [ { when: { code: 0 }, is: paid } ] }\n",
    );
    assert_ne!(spec, asked, "the operation has an effect that can be found");
    let provider = compile(&asked, "demo.yaml").unwrap_or_else(|report| panic!("{report}")).provider;
    let reply = provider.operations[0].reply.as_ref().unwrap();
    let ReplyShape::Fields(fields) = &reply.shape else { panic!("{:?}", reply.shape) };
    assert_eq!(fields.iter().map(|field| field.field.name.wire.as_str()).collect::<Vec<_>>(), ["code"]);
}
