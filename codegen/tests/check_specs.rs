//! The specs of the repository compile to the IR that they mean.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use payspec_codegen::ir::*;
use payspec_codegen::{Compiled, compile};

fn spec(name: &str) -> Provider {
    compiled(name).provider
}

fn compiled(name: &str) -> Compiled {
    let path = format!("{}/../specs/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(&path).unwrap();
    compile(&source, &format!("specs/{name}.yaml")).unwrap_or_else(|report| panic!("\n{report}"))
}

fn operation<'p>(provider: &'p Provider, name: &str) -> &'p Operation {
    provider.operations.iter().find(|operation| operation.name.wire == name).unwrap()
}

fn callback<'p>(provider: &'p Provider, name: &str) -> &'p Callback {
    provider.callbacks.iter().find(|callback| callback.name.wire == name).unwrap()
}

fn sent<'o>(operation: &'o Operation, name: &str) -> &'o SentField {
    operation.request.iter().find(|field| field.field.name.wire == name).unwrap()
}

fn received<'c>(fields: &'c [ReceivedField], name: &str) -> &'c ReceivedField {
    fields.iter().find(|field| field.field.name.wire == name).unwrap()
}

fn reply_field<'o>(operation: &'o Operation, name: &str) -> &'o ReceivedField {
    match &operation.reply.as_ref().unwrap().shape {
        ReplyShape::Fields(fields) => received(fields, name),
        other => panic!("{other:?}"),
    }
}

fn wires(operation: &Operation) -> Vec<(&str, Carrier)> {
    operation.request.iter().map(|field| (field.field.name.wire.as_str(), field.carrier)).collect()
}

/// The list of a signed text, as a person would write it.
fn list(text: &SignedText) -> String {
    let [Step::List { join, items }] = text.steps.as_slice() else { panic!("{:?}", text.steps) };
    let item = |item: &ListItem| match &item.value {
        ItemValue::Field(name) => format!("{}<{name}>{}", item.before, item.after),
        ItemValue::Added(_) => format!("{}<added>{}", item.before, item.after),
    };
    items.iter().map(item).collect::<Vec<_>>().join(join)
}

#[test]
fn the_order_of_a_signed_request_is_fixed_with_the_secret_in_its_place() {
    let provider = spec("aggregate_pay");
    let order = operation(&provider, "unified_order");
    assert_eq!(
        list(&order.signed[0]),
        "amount=<amount>&appid=<appid>&attach=<attach>&bank_code=<bank_code>&notify_url=<notify_url>&openid=<openid>\
         &order_no=<order_no>&product_name=<product_name>&return_url=<return_url>&secret=<added>"
    );
}

#[test]
fn common_fields_come_first_and_withdrawn_ones_never() {
    let provider = spec("aggregate_pay");
    let query = operation(&provider, "query_order");
    assert_eq!(
        wires(query),
        [("appid", Carrier::Outer), ("sign", Carrier::Outer), ("order_no", Carrier::Outer)]
    );
    assert_eq!((query.method, query.body), (Method::Get, Body::Query));
    assert_eq!(sent(query, "sign").origin, Origin::Signature);
    assert!(matches!(&sent(query, "appid").origin, Origin::Credential(path) if path.name.wire == "appid"));
}

#[test]
fn operations_override_single_codes_and_unlisted_ones_follow_the_effect() {
    let provider = spec("aggregate_pay");
    let order = operation(&provider, "unified_order").reply.as_ref().unwrap();
    let query = operation(&provider, "query_order").reply.as_ref().unwrap();
    assert_eq!(order.errors.iter().map(|code| code.kind).collect::<Vec<_>>(), [ErrorKind::Rejected]);
    assert_eq!(query.errors[0].kind, ErrorKind::NotFound);
    assert_eq!((order.unlisted, query.unlisted), (ErrorKind::Unknown, ErrorKind::Rejected));
    assert_eq!(order.lookup, ["status"]);
}

#[test]
fn cases_stand_before_the_value_of_a_field() {
    let provider = spec("aggregate_pay");
    let outcome = operation(&provider, "query_order").reply.as_ref().unwrap().outcome.clone().unwrap();
    let case = &outcome.cases[0];
    assert_eq!(case.is, Word::Pending);
    let tests: Vec<_> = case.when.0.iter().map(|(name, test)| (name.snake.as_str(), test.clone())).collect();
    assert_eq!(tests, [("pay_status", Test::Is(vec!["0".into()])), ("pay_time", Test::Absent)]);
    assert_eq!(outcome.from.unwrap().snake, "pay_status");
    assert_eq!(outcome.otherwise, Word::Unknown);
}

#[test]
fn amounts_keep_their_unit_and_may_come_back_with_more_decimals() {
    let provider = spec("aggregate_pay");
    let order = operation(&provider, "unified_order");
    assert!(matches!(
        sent(order, "amount").field.kind,
        Kind::Amount { unit: AmountUnit::Fen, scale: 0, read_scale: 0, .. }
    ));
    let notify = callback(&provider, "notify");
    let amount = received(&notify.fields, "actual_amount");
    assert!(matches!(amount.field.kind, Kind::Amount { unit: AmountUnit::Fen, scale: 0, read_scale: 2, .. }));
    assert_eq!(amount.echo.as_ref().unwrap().snake, "amount");
}

#[test]
fn advice_is_kept_apart_from_limits() {
    let provider = spec("aggregate_pay");
    let number = &sent(operation(&provider, "unified_order"), "order_no").field;
    assert_eq!(number.advice.length.unwrap().bounds, Bounds { min: None, max: Some(20) });
    assert_ne!(number.limits.length, number.advice.length);
}

#[test]
fn further_readings_are_whole_recipes() {
    let provider = spec("aggregate_pay");
    let notify = callback(&provider, "notify");
    let Signature::Recipe(id) = notify.signature else { panic!("{:?}", notify.signature) };
    let recipe = &provider[id];
    assert_eq!(recipe.list.as_ref().unwrap().empties.empty, EmptyAction::Keep);
    assert_eq!(recipe.also_accept[0].differs, "except: [is_jump]");
    assert_eq!(recipe.also_accept[0].recipe.list.as_ref().unwrap().except, ["is_jump"]);
    assert!(recipe.also_accept[0].recipe.also_accept.is_empty());
    assert!(notify.fields.iter().all(|field| !field.unsigned));
}

#[test]
fn a_notice_knows_how_it_is_repeated_and_answered() {
    let provider = spec("aggregate_pay");
    let notify = callback(&provider, "notify");
    assert_eq!(notify.retries.as_ref().unwrap().after, [60; 5]);
    assert_eq!(notify.acknowledge.as_ref().unwrap().content_type, "text/plain");
    assert_eq!(
        notify.once_per.iter().map(|name| name.snake.as_str()).collect::<Vec<_>>(),
        ["order_no", "pay_status"]
    );
    let returned = callback(&provider, "returned");
    assert_eq!(returned.receive, [Receive::PostForm, Receive::GetQuery]);
    assert_eq!(returned.hint.as_ref().unwrap().snake, "pay_status");
    assert_eq!((&returned.outcome, &returned.acknowledge), (&None, &None));
}

#[test]
fn the_query_after_a_time_out_is_filled_by_equal_names() {
    let provider = spec("guanaitong");
    let resolution = operation(&provider, "refund").resolved_by.clone().unwrap();
    let query = &provider[resolution.operation.unwrap()];
    assert_eq!(query.name.snake, "refund_record");
    let fill: Vec<_> = resolution.fill.iter().map(|(a, b)| (a.snake.as_str(), b.snake.as_str())).collect();
    assert_eq!(fill, [("outer_refund_no", "outer_refund_no")]);
    assert_eq!(provider[resolution.callback.unwrap()].name.snake, "refund_notify");
}

#[test]
fn tokens_options_and_the_clock_fill_common_fields() {
    let provider = spec("guanaitong");
    let pay = operation(&provider, "employee_pay");
    assert_eq!(sent(pay, "access_token").origin, Origin::Token);
    assert_eq!(sent(pay, "timestamp").origin, Origin::Now);
    let version = sent(pay, "version");
    assert!(!version.field.required && matches!(version.origin, Origin::Option(OptionId(0))));
    let create = operation(&provider, "token_create");
    assert!(create.request.iter().all(|field| field.origin != Origin::Token));
    assert_eq!(sent(create, "grant_type").origin, Origin::Constant("client_credential".into()));
    let token = provider.token.as_ref().unwrap();
    assert_eq!((&provider[token.create], token.refresh_at), (create, RefreshAt::Percent(80)));
}

#[test]
fn amounts_in_a_json_object_are_numbers_where_the_file_says_so() {
    let provider = spec("guanaitong");
    let item = provider.types.iter().find(|item| item.name == "TradeInfo").unwrap();
    assert!(item.sent && !item.received);
    let Shape::Object { fields, rules, extra } = &item.shape else { panic!("{item:?}") };
    assert!(*extra && matches!(rules[0].kind, RuleKind::AtMostOneOf(_)));
    let amount = fields.iter().find(|field| field.name.wire == "totalAmount").unwrap();
    assert_eq!(amount.name.snake, "total_amount");
    assert!(matches!(amount.kind, Kind::Amount { json: JsonForm::Number, .. }));
    assert_eq!(amount.limits.range.as_ref().unwrap().max.as_deref(), Some("99999999.99"));
}

#[test]
fn a_name_for_rust_leaves_the_name_on_the_wire() {
    let provider = spec("guanaitong");
    let cashier = operation(&provider, "cashier");
    assert_eq!((cashier.carriage, &cashier.reply), (Carriage::Redirect, &None));
    assert_eq!(sent(cashier, "type").field.name.snake, "settlement");
    let prefix = sent(cashier, "outer_trade_no").field.advice.starts_with.clone().unwrap();
    assert!(matches!(prefix, StartsWith::Credential(path) if path.name.wire == "appid"));
}

#[test]
fn the_nearest_source_counts() {
    let provider = spec("guanaitong");
    let refund = operation(&provider, "refund");
    assert_eq!(sent(refund, "reason").field.sources, ["refund_page", "mall"]);
    assert_eq!(sent(refund, "sign").field.sources, ["common_page"]);
    assert_eq!(
        sent(operation(&provider, "cashier"), "return_url").field.sources,
        ["cashier_page", "inferred"]
    );
}

#[test]
fn fields_of_another_callback_echo_ones_own_operation() {
    let provider = spec("guanaitong");
    let notify = callback(&provider, "employee_pay_notify");
    assert_eq!(provider[notify.of.unwrap()].name.snake, "employee_pay");
    assert_eq!(received(&notify.fields, "total_amount").echo.as_ref().unwrap().snake, "total_amount");
    assert_eq!(notify.retries.as_ref().unwrap().within, Some(86_400));
    let after = &callback(&provider, "cashier_notify").retries.as_ref().unwrap().after;
    assert_eq!(after, &[240, 240, 600, 600, 3600, 7200, 21_600, 54_000]);
}

#[test]
fn a_single_value_is_a_reply_of_its_own() {
    let provider = spec("guanaitong");
    let reply = operation(&provider, "employee_pay").reply.clone().unwrap();
    let ReplyShape::Value(field) = &reply.shape else { panic!("{:?}", reply.shape) };
    assert_eq!((field.name.snake.as_str(), &field.kind), ("trade_no", &Kind::Text));
    assert_eq!(reply.member.as_deref(), Some("data"));
    let outcome = reply.outcome.unwrap();
    assert_eq!((outcome.from, outcome.otherwise), (None, Word::Paid));
    let envelope = &provider[reply.envelope];
    assert_eq!(received(&envelope.members, "trace_id").header.as_deref(), Some("x-trace-id"));
}

#[test]
fn fields_of_a_payload_travel_inside_it_and_behind_the_outer_ones() {
    let provider = spec("ysepay");
    let pay = operation(&provider, "combine_alipay");
    let carriers = wires(pay);
    assert_eq!(carriers[0], ("method", Carrier::Outer));
    assert!(carriers.contains(&("notify_url", Carrier::Outer)));
    assert!(carriers.contains(&("total_amount", Carrier::Payload)));
    assert!(!carriers.iter().any(|(name, _)| *name == "buyer_logon_id"));
    assert_eq!(pay.payload.as_ref().unwrap().name.wire, "biz_content");
    let text = "biz_content=<biz_content>&charset=<charset>&method=<method>&notify_url=<notify_url>&partner_id=<partner_id>\
                &sign_type=<sign_type>&timestamp=<timestamp>&tran_type=<tran_type>&version=<version>";
    assert_eq!(pay.signed.iter().map(list).collect::<Vec<_>>(), [text, text]);
    assert_eq!(sent(pay, "method").origin, Origin::Constant("ysepay.online.combine.alijsapi.pay".into()));
    assert!(
        matches!(&sent(pay, "sign_type").origin, Origin::Credential(path) if path.name.wire == "signing")
    );
}

#[test]
fn the_configured_credential_chooses_the_recipe() {
    let provider = spec("ysepay");
    let Signature::Chosen { by, cases } = &operation(&provider, "trade_refund").signature else { panic!() };
    assert_eq!(by.name.wire, "signing");
    let algorithms: Vec<_> = cases.iter().map(|case| &provider[case.recipe].seal.algorithm).collect();
    let sm2 = Algorithm::Sm2 { user_id: "1234567812345678".into(), form: Sm2Form::Der };
    assert_eq!(algorithms, [&Algorithm::Rsa(Digest::Sha1), &sm2]);
    let key = provider[cases[1].recipe].seal.credential().unwrap().clone();
    assert_eq!((key.name.snake.as_str(), key.member.unwrap().snake.as_str()), ("signing", "merchant_key"));
    assert_eq!(provider[cases[0].recipe].charset, Encoding::Chosen(OptionId(0)));
}

#[test]
fn a_signed_reply_is_covered_by_the_text_of_its_data() {
    let provider = spec("ysepay");
    let query = operation(&provider, "trade_refund_query");
    let reply = query.reply.as_ref().unwrap();
    assert_eq!(reply.member.as_deref(), Some("ysepay_online_trade_refund_query_response"));
    assert_eq!(reply.fault, ErrorKind::Rejected);
    assert!(!reply_field(query, "refund_state").unsigned);
    let envelope = &provider[reply.envelope];
    assert_eq!(envelope.data.as_ref().unwrap().fault.as_deref(), Some("unknow_response"));
    assert!(envelope.data_fields.iter().all(|field| !field.unsigned));
    let Signature::Chosen { cases, .. } = &envelope.signature else { panic!("{:?}", envelope.signature) };
    let value = Piece::Value { from: Operand::Message(MessagePart::Result), filters: Vec::new() };
    assert_eq!(provider[cases[0].recipe].text, [value]);
}

#[test]
fn rules_reach_into_the_items_of_a_list() {
    let provider = spec("ysepay");
    let pay = operation(&provider, "combine_alipay");
    let among = pay.rules.iter().find_map(|rule| match &rule.kind {
        RuleKind::Among { field, values } => Some((field, values)),
        _ => None,
    });
    let (field, values) = among.unwrap();
    assert_eq!(field.snake, "combine_seller_id");
    assert!(matches!(&values[0], AmongValue::Member(path) if path.member.snake == "seller_id"));
    assert!(matches!(&values[1], AmongValue::Credential(path) if path.name.snake == "partner_id"));
    let sum = pay.rules.iter().find(|rule| matches!(rule.kind, RuleKind::SumsTo { .. })).unwrap();
    assert!(sum.advice);
    let resolution = pay.resolved_by.as_ref().unwrap();
    assert!(resolution.by_hand && resolution.fill.is_empty() && resolution.operation.is_some());
}

#[test]
fn limits_are_numbers_in_their_own_unit() {
    let provider = spec("ysepay");
    let pay = operation(&provider, "combine_alipay");
    let timeout = &sent(pay, "timeout_express").field;
    assert_eq!(timeout.kind, Kind::Duration { units: vec!['m', 'h', 'd'] });
    let range = timeout.limits.duration.unwrap();
    assert_eq!(range.max, Some(Span { count: 15, unit: 'd' }));
    let number = &sent(pay, "combine_out_trade_no").field.limits;
    assert_eq!(number.length.unwrap().unit, LengthUnit::Chars);
    assert!(matches!(&number.starts_with, Some(StartsWith::Date { within_days: 1, .. })));
    assert_eq!(provider.defaults.zone, Some(28_800));
}

#[test]
fn what_is_only_weak_is_a_warning() {
    for name in ["aggregate_pay", "guanaitong", "ysepay"] {
        for found in compiled(name).warnings.diagnostics() {
            assert!(found.code.can_be_accepted(), "{name}: {found:?}");
        }
    }
}
