//! The frame: a small spec into which the fragments of the guide are put, so that each of them can be compiled.
//!
//! A fragment says where it belongs by a path: `signatures`, `operations.pay.fields`. Its entries take the place of the
//! entries of the same name, the others stay. `file`: the same, section by section. `merge`: the same at every depth.
//! Lines are moved as they stand; the frame is written so that indentation alone tells what lies inside what.

/// A spec without any diagnostic.
pub const FRAME: &str = r#"payspec: 1
provider:
  name: frame
  title: Frame
  doc: "Holds the fragments of the guide."
  sources: { handbook: { mark: official, title: Handbook } }
defaults:
  zone: "+08:00"
environments:
  live: { hosts: { api: "https://api.example.com" }, doc: "Live." }
credentials:
  appid:  { text: ..32, doc: "Merchant number." }
  secret: { secret: any, doc: "Shared secret." }
  signing:
    doc: "Algorithm and keys."
    choice:
      rsa: { wire: RSA, doc: "RSA.", ours: { key: rsa_private, doc: "Ours." }, theirs: { key: rsa_public, doc: "Theirs." } }
      sm:  { wire: SM, doc: "SM2.", ours: { key: sm2_private, doc: "Ours." }, theirs: { key: sm2_public, doc: "Theirs." } }
signatures:
  request:
    fields: all
    empties: drop
    add: { secret: "{credential:secret}" }
    order: by name
    pair: "{name}={value}"
    join: "&"
    algorithm: sha256
    output: hex lower
    place: { field: sign }
  notify:
    like: request
    empties: keep
envelopes:
  api:
    doc: "Form request, JSON answer."
    request:
      body: form
      signature: request
      fields:
        appid: { text: ..32, from: credentials.appid, doc: "Merchant number." }
        sign:  { signature: any, doc: "Signature." }
    response:
      body: json
      signature: { none: "not signed" }
      members:
        code: { text: any, doc: "Code." }
      data: { member: data }
      success: { code: 0 }
      code: code
errors:
  lookup: [code]
  values:
    code:
      1003: { kind: not_found, doc: "No such order." }
types:
  State:
    doc: "State."
    values:
      OPEN:   { outcome: pending, doc: "Open." }
      DONE:   { outcome: paid, doc: "Paid." }
      FAILED: { outcome: failed, doc: "Failed." }
  RefundState:
    doc: "State of a refund."
    values: { DONE: { outcome: refunded, doc: "Refunded." } }
  Goods:
    doc: "Goods."
    fields: { sku: { text: any, doc: "Number." } }
operations:
  pay:
    doc: "Creates an order."
    call: POST /pay
    envelope: api
    effect: creates
    resolved_by: { operation: query }
    fields:
      order_no:   { text: 1..32, doc: "Order number." }
      amount:     { amount: yuan, doc: "Amount." }
      memo?:      { text: any, doc: "Remark." }
      goods:      { json: Goods, doc: "Goods." }
      notify_url: { url: any, doc: "Where the notice goes." }
  query:
    doc: "Looks up an order."
    call: POST /query
    envelope: api
    effect: none
    fields:
      order_no: { text: 1..32, doc: "Order number." }
    reply:
      state:         { type: State, doc: "State." }
      refund_state?: { type: RefundState, doc: "State of its refund." }
    outcome: { of: payment, from: state }
callbacks:
  notify:
    doc: "Reports the payment."
    deliver: notify
    receive: POST form
    of: pay
    sent_to: notify_url
    signature: notify
    fields:
      order_no: { text: any, echo: order_no, doc: "Order number." }
      amount:   { amount: yuan, echo: amount, doc: "Amount." }
      state:    { type: State, doc: "State." }
      memo?:    { text: any, doc: "Remark." }
      sign:     { signature: any, doc: "Signature." }
    outcome: { of: payment, from: state }
    compare: [order_no, amount]
    once_per: [order_no]
    acknowledge: { accepted: ok, again: fail }
    retries: { every: 1m, times: 5 }
"#;

/// The frame with a fragment in it.
pub fn framed(path: &str, fragment: &str) -> String {
    let mut file = entries(FRAME);
    let fragment = entries(fragment);
    match path {
        "file" => put(&mut file, fragment, 1),
        "merge" => put(&mut file, fragment, usize::MAX),
        path => put(inside(&mut file, path), fragment, 0),
    }
    let mut text = String::new();
    file.iter().for_each(|entry| entry.write(0, &mut text));
    text
}

/// An entry of a map or list: its first line, and what is indented below it.
struct Entry {
    line: String,
    below: Vec<Entry>,
}

impl Entry {
    /// Its name; `- ` for an item of a list.
    fn key(&self) -> &str {
        if self.line.starts_with("- ") {
            return "-";
        }
        let key = self.line.split(':').next().unwrap_or_default();
        key.trim_matches('"').trim_end_matches('?')
    }

    fn write(&self, depth: usize, text: &mut String) {
        text.push_str(&"  ".repeat(depth));
        text.push_str(&self.line);
        text.push('\n');
        self.below.iter().for_each(|entry| entry.write(depth + 1, text));
    }
}

/// The entries at the outermost indentation of a text. Whole-line comments are left out.
fn entries(text: &str) -> Vec<Entry> {
    let is_content = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let lines: Vec<&str> = text.lines().filter(is_content).collect();
    below(&lines)
}

fn below(lines: &[&str]) -> Vec<Entry> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let Some(outermost) = lines.first().map(|line| indent(line)) else { return Vec::new() };
    let mut found = Vec::new();
    let mut rest = lines;
    while let Some((first, behind)) = rest.split_first() {
        let inner = behind.iter().take_while(|line| indent(line) > outermost).count();
        found.push(Entry { line: first.trim().to_owned(), below: below(&behind[..inner]) });
        rest = &behind[inner..];
    }
    found
}

/// Puts entries in. Down to this depth entries of one name are merged, below it the new one takes the place.
fn put(into: &mut Vec<Entry>, fragment: Vec<Entry>, depth: usize) {
    for new in fragment {
        let old = into.iter_mut().find(|old| old.key() == new.key() && new.key() != "-");
        match old {
            Some(old) if depth > 0 && !old.below.is_empty() && !new.below.is_empty() => {
                put(&mut old.below, new.below, depth - 1);
            }
            Some(old) => *old = new,
            None => into.push(new),
        }
    }
}

/// The entries at a path, which is made where it does not exist.
fn inside<'e>(file: &'e mut Vec<Entry>, path: &str) -> &'e mut Vec<Entry> {
    path.split('.').fold(file, |entries, key| {
        let place = entries.iter().position(|entry| entry.key() == key).unwrap_or_else(|| {
            entries.push(Entry { line: format!("{key}:"), below: Vec::new() });
            entries.len() - 1
        });
        &mut entries[place].below
    })
}

#[test]
fn the_frame_has_no_diagnostics() {
    match payspec_codegen::compile(FRAME, "frame.yaml") {
        Ok(compiled) => assert!(compiled.warnings.diagnostics().is_empty(), "{}", compiled.warnings),
        Err(report) => panic!("{report}"),
    }
}

#[test]
fn a_fragment_takes_the_place_of_what_has_its_name() {
    let spec = framed("operations.pay.fields", "order_no: { text: 5, doc: x }\nnew?:\n  text: 6");
    assert!(spec.contains("      order_no: { text: 5, doc: x }\n      amount: "), "{spec}");
    assert!(spec.contains("      new?:\n        text: 6\n  query:\n"), "{spec}");
}
