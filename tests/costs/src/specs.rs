//! The specs that are measured: the shipped ones under other names, and written ones of any size.
//!
//! A written operation is of a usual kind: eight fields, a signature by MD5, a reply of six members that is read from
//! JSON. A written type is, in turns, an enumeration of five values, an object that is received and one that is sent,
//! of six fields each; all of them hang on the first operation, because a type that nobody uses is not emitted.

use std::{fmt::Write as _, fs, io, path::Path};

/// The providers of `specs/`.
pub(crate) const SHIPPED: [&str; 3] = ["aggregate_pay", "guanaitong", "ysepay"];

/// A spec and the name of its provider.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// A shipped spec under its own name.
pub(crate) fn shipped(root: &Path, name: &str) -> io::Result<Spec> {
    let text = fs::read_to_string(root.join("specs").join(format!("{name}.yaml")))?;
    Ok(Spec { name: name.to_owned(), text })
}

/// So many specs, the shipped ones in turns, each under a name of its own.
pub(crate) fn copies(root: &Path, count: usize) -> io::Result<Vec<Spec>> {
    let originals = SHIPPED.iter().map(|name| shipped(root, name)).collect::<io::Result<Vec<_>>>()?;
    let copy = |(number, Spec { name, text }): (usize, &Spec)| {
        let new = format!("{name}_{number}");
        Spec {
            text: text.replacen(&format!("\n  name: {name}\n"), &format!("\n  name: {new}\n"), 1),
            name: new,
        }
    };
    Ok((0..count).zip(originals.iter().cycle()).map(copy).collect())
}

/// So many specs, each with so many operations and types.
pub(crate) fn written(count: usize, operations: usize, types: usize) -> Vec<Spec> {
    let write = |number| {
        let name = format!("written_{number}");
        Spec { text: write(&name, operations, types), name }
    };
    (0..count).map(write).collect()
}

fn write(name: &str, operations: usize, types: usize) -> String {
    let mut text = HEAD.replace("NAME", name);
    if types > 0 {
        text.push_str("\ntypes:\n");
    }
    for number in 0..types {
        let kind = [ENUMERATION, OBJECT, OBJECT][number % 3];
        text.push_str(&kind.replace("NUMBER", &number.to_string()));
    }
    if types > 0 {
        text.push_str("  Sent:\n    doc: \"All that is sent.\"\n    fields:\n");
        members(&mut text, types, |number| number % 3 == 2);
    }
    text.push_str("\noperations:\n");
    for number in 0..operations {
        let [sent, received] = if number == 0 && types > 0 {
            let mut received = String::new();
            members(&mut received, types, |number| number % 3 != 2);
            ["      sent: { json: Sent, doc: \"Sent.\" }\n".to_owned(), received]
        } else {
            Default::default()
        };
        let operation = OPERATION.replace("NUMBER", &number.to_string());
        text.push_str(&operation.replace("SENT", &sent).replace("RECEIVED", &received));
    }
    text
}

/// A member for each of the types.
fn members(text: &mut String, types: usize, is_wanted: impl Fn(usize) -> bool) {
    for number in (0..types).filter(|number| is_wanted(*number)) {
        let kind = if number % 3 == 0 { "type" } else { "list" };
        let _ = writeln!(text, "      t{number}?: {{ {kind}: T{number}, doc: \"Of type {number}.\" }}");
    }
}

const HEAD: &str = r#"payspec: 1

provider:
  name: NAME
  title: Written
  doc: "A provider that nobody has."
  sources:
    document: { mark: official, title: Document }

defaults:
  encoding: UTF-8
  zone: "+08:00"
  length: chars
  absent_when: empty
  space: "%20"

environments:
  production:
    hosts: { gateway: "https://pay.example.com" }
    doc: "Live."
    source: document

credentials:
  merchant: { text: ..32, doc: "Merchant number.", example: "10000001", source: document }
  secret: { secret: any, doc: "Shared secret.", source: document }

signatures:
  request:
    fields: all
    empties: drop
    order: by name
    add: { key: "{credential:secret}" }
    pair: "{name}={value}"
    join: "&"
    algorithm: md5
    output: hex lower
    place: { field: sign }

envelopes:
  api:
    doc: "Form in, JSON out."
    source: document
    request:
      body: form
      signature: request
      fields:
        merchant: { text: ..32, from: credentials.merchant, doc: "Merchant number." }
        sign: { signature: 32, doc: "Signature." }
    response:
      body: json
      signature: { none: "answers carry no sign" }
      members:
        code: { integer: any, doc: "0 is success." }
        message?: { text: any, doc: "Message." }
      data: { member: data, when: success }
      success: { code: 0 }
      code: code
      message: message

errors:
  lookup: [code]
  source: document
  values:
    code:
      1: { kind: unknown, doc: "System error." }
      2: { kind: rejected, doc: "Refused." }
"#;

const ENUMERATION: &str = r#"  TNUMBER:
    doc: "A state."
    source: document
    values:
      created: { doc: "Created." }
      paying: { doc: "Being paid." }
      paid: { doc: "Paid." }
      failed: { doc: "Failed." }
      closed: { doc: "Closed." }
"#;

const OBJECT: &str = r#"  TNUMBER:
    doc: "A line of an order."
    source: document
    fields:
      number: { text: 1..50, doc: "Number." }
      name?: { text: 1..50, doc: "Name." }
      quantity?: { integer: 1.., doc: "Pieces." }
      price: { amount: yuan, range: 0.01..99999999.99, doc: "Price." }
      discount?: { amount: yuan, range: 0.00..99999999.99, doc: "Discount." }
      note?: { text: 1..200, doc: "Note." }
"#;

const OPERATION: &str = r#"  order_NUMBER:
    title: Order
    doc: "Looks up an order."
    call: POST /api/order/NUMBER
    effect: none
    source: document
    fields:
      order_no: { text: 1..32, doc: "Order number." }
      amount: { amount: fen, range: 1.., doc: "Amount." }
      product: { text: 1..64, doc: "Product." }
      open_id?: { text: ..64, sensitive: true, doc: "Who pays." }
      attach?: { text: ..128, doc: "Returned as it is." }
      expires?: { timestamp: "yyyy-MM-dd HH:mm:ss", doc: "When it expires." }
      quantity?: { integer: 1..100, doc: "Pieces." }
      notify_url: { url: 1..254, doc: "Where the result goes." }
SENT    reply:
      order_no: { text: any, echo: order_no, doc: "Order number." }
      platform_no?: { text: any, doc: "Number of the platform." }
      amount?: { amount: fen, echo: amount, doc: "Amount." }
      paid_at?: { timestamp: "yyyy-MM-dd HH:mm:ss", doc: "When it was paid." }
      attach?: { text: any, doc: "As sent." }
      attempts?: { integer: any, doc: "Attempts." }
RECEIVED
"#;
