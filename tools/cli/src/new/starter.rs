//! The text of a starter spec: an invented provider with one order, one query and perhaps one notice.
//!
//! It is put together from the sections of the language, in their order. Each begins with one or two lines that say
//! what it is for; `tests/new.rs` checks every combination.

use super::{Body, Choice, Signature};

/// The whole file.
pub(super) fn spec(choice: &Choice, file: &str) -> String {
    let sections = [
        head(choice, file),
        credentials(choice.signature),
        signatures(choice),
        envelope(choice),
        ERRORS.to_owned(),
        TYPES.to_owned(),
        operations(choice),
        if choice.callback { callback(choice) } else { String::new() },
    ];
    sections.iter().filter(|section| !section.is_empty()).map(String::as_str).collect::<Vec<_>>().join("\n")
}

impl Signature {
    /// The word of the language.
    fn algorithm(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sm3 => "sm3",
            Self::HmacSha256 => "hmac-sha256",
            Self::Rsa => "rsa-sha256",
            Self::RsaSha1 => "rsa-sha1",
            Self::Sm2 => "sm2",
        }
    }

    pub(super) fn has_key_pairs(self) -> bool {
        matches!(self, Self::Rsa | Self::RsaSha1 | Self::Sm2)
    }

    /// Whether the secret stands in the signed text itself.
    pub(super) fn is_digest(self) -> bool {
        matches!(self, Self::Md5 | Self::Sha1 | Self::Sha256 | Self::Sm3)
    }

    /// How many characters the signature has.
    fn length(self) -> &'static str {
        match self {
            Self::Md5 => "32",
            Self::Sha1 => "40",
            Self::Sha256 | Self::Sm3 | Self::HmacSha256 => "64",
            Self::Rsa | Self::RsaSha1 | Self::Sm2 => "any",
        }
    }
}

fn head(choice: &Choice, file: &str) -> String {
    let name = &choice.name;
    let title: String = name.split('_').map(capitalised).collect::<Vec<_>>().join(" ");
    let file = if file.contains(|c: char| c.is_control()) { "this file" } else { file };
    format!(
        r#"# A starter: replace what it says by what the provider's document says, section by section, and run
# `payspec check {file}` after each. What nobody knows is written `unknown`, never guessed.
payspec: 1

# Who it is, and which documents vouch for what is said below (`source: document`).
provider:
  name: {name}
  title: "{title}"
  doc: "One sentence: what the provider does."
  sources:
    document: {{ mark: official, title: "Payment interface, version 1.0" }}

# What holds everywhere. An optional value that is empty counts as absent: neither signed nor sent.
defaults:
  encoding: UTF-8
  zone: "+08:00"
  absent_when: empty

# Addresses without paths; every environment has the same hosts. `supplied` where each merchant is given one.
environments:
  production: {{ hosts: {{ api: "https://api.provider.example" }}, doc: "Live.", source: document }}
  sandbox:    {{ hosts: {{ api: "https://sandbox.provider.example" }}, test: true, doc: "Test platform.", source: document }}
"#
    )
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

fn credentials(signature: Signature) -> String {
    let keys = match signature {
        Signature::Rsa | Signature::RsaSha1 => {
            r#"  merchant_key: { key: rsa_private, doc: "Our key (商户私钥): signs what we send.", source: document }
  platform_key: { key: rsa_public, doc: "The provider's key (平台公钥): verifies what comes in.", source: document }
"#
        }
        Signature::Sm2 => {
            r#"  merchant_key: { key: sm2_private, doc: "Our key (商户私钥): signs what we send.", source: document }
  platform_key: { key: sm2_public, doc: "The provider's key (平台公钥): verifies what comes in.", source: document }
"#
        }
        _ => "  key: { secret: any, doc: \"Shared secret (商户密钥).\", source: document }\n",
    };
    format!(
        r#"# What the merchant was given. `secret` and private keys never leave the process: they cannot be sent.
credentials:
  mch_id: {{ text: 1..16, doc: "Merchant number (商户号).", example: M1001, source: document }}
{keys}"#
    )
}

fn signatures(choice: &Choice) -> String {
    let signature = choice.signature;
    let text = if signature.is_digest() {
        "    text: \"{fields}&key={credential:key}\"     # where the secret stands\n"
    } else {
        ""
    };
    let key = match signature {
        Signature::HmacSha256 => "    key: key\n",
        _ if signature.has_key_pairs() => "    key: merchant_key\n",
        _ => "",
    };
    let sm2 = match signature {
        Signature::Sm2 => {
            "    user_id: \"1234567812345678\"              # some providers use the empty one\n    form: der                                # or raw: r and s behind each other\n"
        }
        _ => "",
    };
    let output = if signature.has_key_pairs() { "base64" } else { "hex lower" };
    let notify = if choice.callback { notify_recipe(signature) } else { String::new() };
    let algorithm = signature.algorithm();
    format!(
        r#"# How messages are signed (签名): which fields, in which order, joined how, sealed by what, placed where.
# Each half sentence of the document is one key; `payspec explain` shows the text that comes out.
signatures:
  request:
    fields: all                              # the field of the signature itself never takes part
    empties: drop                            # are empty values signed? `keep` if `attach=` is
    order: by name
    pair: "{{name}}={{value}}"
    join: "&"
{text}    algorithm: {algorithm}
{key}{sm2}    output: {output}
    place: {{ field: sign }}
{notify}"#
    )
}

/// The recipe of what comes in, with the warnings that a real document has to answer, too.
fn notify_recipe(signature: Signature) -> String {
    let key = if signature.has_key_pairs() { "    key: platform_key\n" } else { "" };
    let weak = match signature {
        Signature::Md5 | Signature::Sha1 | Signature::RsaSha1 => {
            "      PS109: \"the document offers nothing stronger\"\n"
        }
        _ => "",
    };
    format!(
        r#"  notify:                                    # what comes in: the same, with the reasons for what is weak about it
    like: request
    empties: drop
{key}    accepts:
      PS110: "every field of the notice is required: none can be empty"
{weak}"#
    )
}

fn envelope(choice: &Choice) -> String {
    let length = choice.signature.length();
    let (request, response, data) = match choice.body {
        Body::Form => ("      body: form\n", "json", JSON_DATA),
        Body::Json => ("      body: json\n", "json", JSON_DATA),
        Body::Query => ("      body: query\n", "json", JSON_DATA),
        Body::Xml => ("      body: xml\n      root: xml\n", "xml", ""),
    };
    format!(
        r#"# What all messages of a family share: common parameters (公共参数), and how an answer says that it is a success.
envelopes:
  api:
    doc: "Common parameters beside those of the operation."
    source: document
    request:
{request}      signature: request
      fields:
        mch_id: {{ text: 1..16, from: credentials.mch_id, doc: "Merchant number (商户号)." }}
        sign:   {{ signature: {length}, doc: "Signature (签名)." }}
    response:
      body: {response}
      signature: {{ none: "answers carry no signature; only TLS protects them" }}
      members:
        code: {{ text: any, doc: "`0` is success (返回码)." }}
        msg?: {{ text: any, doc: "Message (提示)." }}
{data}      success: {{ code: 0 }}
      code: code
      message: msg
"#
    )
}

const JSON_DATA: &str = "      data: { member: data, when: success }\n";

const ERRORS: &str = r#"# What the codes mean for money. An unlisted code is never taken for a failed payment.
errors:
  lookup: [code]
  source: document
  values:
    code:
      1001: { kind: configuration, doc: "Wrong signature (签名错误).", mend: "Check the key." }
      1002: { kind: duplicate, doc: "The order number exists (订单号重复): perhaps an earlier attempt arrived." }
      1003: { kind: not_found, doc: "No such order (订单不存在)." }
      9999: { kind: unknown, doc: "System busy (系统繁忙)." }
"#;

const TYPES: &str = r#"# Enumerations and objects. The outcome says what a state means for money; in doubt it is `unknown`.
types:
  OrderState:
    doc: "State of an order (订单状态)."
    source: document
    values:
      WAIT:   { outcome: pending, doc: "Waiting for the buyer (待支付)." }
      PAID:   { outcome: paid, doc: "Paid (支付成功)." }
      CLOSED: { outcome: closed, doc: "Closed without payment (已关闭)." }
"#;

fn operations(choice: &Choice) -> String {
    let method = if choice.body == Body::Query { "GET" } else { "POST" };
    let (resolved_by, address) = if choice.callback {
        (
            "{ operation: query_order, callback: paid }",
            "      notify_url: { url: 1..254, doc: \"Where the payment is reported (异步通知地址).\" }\n",
        )
    } else {
        ("{ operation: query_order }", "")
    };
    // An XML answer has no member that is there on success only.
    let mark = if choice.body == Body::Xml { "?" } else { "" };
    format!(
        r#"# What we send. `effect` says whether money can move, `resolved_by` how to find out after a time-out.
# A field is `name: {{ TYPE: LIMITS, doc }}`; `name?` may be left out.
operations:
  create_order:
    title: 统一下单
    doc: "Creates an order. Success means created, not paid."
    call: {method} /pay/create
    effect: creates
    resolved_by: {resolved_by}
    source: document
    fields:
      order_no: {{ text: 1..32, doc: "Order number of the shop, unique (商户订单号)." }}
      amount:   {{ amount: fen, range: 1.., doc: "Amount in fen (订单金额, 单位分)." }}
      subject:  {{ text: 1..60, doc: "What is bought (商品标题)." }}
{address}    reply:
      pay_url{mark}: {{ url: any, doc: "Where the buyer's browser is sent (支付链接)." }}

  query_order:
    title: 订单查询
    doc: "Looks up an order."
    call: {method} /pay/query
    effect: none
    source: document
    fields:
      order_no: {{ text: 1..32, doc: "Order number of the shop (商户订单号)." }}
    reply:
      state{mark}: {{ type: OrderState, doc: "State of the order (订单状态)." }}
    outcome: {{ of: payment, from: state, otherwise: unknown }}
"#
    )
}

fn callback(choice: &Choice) -> String {
    let length = choice.signature.length();
    let receive = match choice.body {
        Body::Form | Body::Query => "POST form",
        Body::Json => "POST json",
        Body::Xml => "POST xml",
    };
    format!(
        r#"# What they send. `compare` names what the shop holds against its own order, `once_per` what tells a repetition.
callbacks:
  paid:
    title: 支付结果通知
    doc: "Reports a payment, server to server."
    deliver: notify
    receive: {receive}
    of: create_order
    sent_to: notify_url
    signature: notify
    source: document
    fields:
      order_no: {{ text: any, echo: order_no, doc: "Order number of the shop (商户订单号)." }}
      amount:   {{ amount: fen, echo: amount, doc: "Amount in fen (订单金额, 单位分)." }}
      state:    {{ type: OrderState, doc: "State of the order (订单状态)." }}
      sign:     {{ signature: {length}, doc: "Signature (签名)." }}
    outcome: {{ of: payment, from: state, otherwise: unknown }}
    compare: [order_no, amount]
    once_per: [order_no, state]
    acknowledge: {{ accepted: success, again: fail }}
    retries: {{ every: 5m, times: 5 }}
"#
    )
}
