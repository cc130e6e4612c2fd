//! The fourth interface: one payment over several merchants' orders, signed with RSA or SM2, in UTF-8 or GBK; the
//! answer is verified over the raw text of its data.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use payspec::ysepay::{
    Charset, Client, CombineAlipay, CombineNotify, CombineNotifyExpected, Credentials, Environment, Options,
    Signing, SubOrder, TradeOrderQuery, TradeOrderQueryOptional,
};
use payspec::{
    Acknowledgement, OnceKey, PaymentOutcome, RsaPrivateKey, RsaPublicKey, Sensitive, Sm2PrivateKey,
    Sm2PublicKey, Span, Yuan, yuan,
};
use payspec_codegen::ir::Word;
use payspec_interpreter::{CredentialValue, Map};
use payspec_sandbox::Sandbox;

use super::shop::{Request, Shop};
use super::wire::Tapped;
use super::{Outcome, Stage, gateway};

const SPEC: (&str, &str) = ("specs/ysepay.yaml", include_str!("../../../specs/ysepay.yaml"));
const PARTNER: &str = "test_partner";
const TOTAL: Yuan = yuan!("0.03");
/// Test keys, made for the vectors and used nowhere else. The scrub test looks for their private halves.
pub(super) const MERCHANT_RSA: &str = include_str!("../../vectors/keys/test-merchant-rsa2048.pkcs8.pem");
const MERCHANT_RSA_PUBLIC: &str = include_str!("../../vectors/keys/test-merchant-rsa2048.spki.pem");
const PLATFORM_RSA: &str = include_str!("../../vectors/keys/test-platform-rsa2048.pkcs8.pem");
const PLATFORM_RSA_PUBLIC: &str = include_str!("../../vectors/keys/test-platform-rsa2048.spki.pem");
pub(super) const MERCHANT_SM2: &str = include_str!("../../vectors/keys/test-merchant-sm2.pkcs8.pem");
const MERCHANT_SM2_PUBLIC: &str = include_str!("../../vectors/keys/test-merchant-sm2.spki.pem");
const PLATFORM_SM2: &str = include_str!("../../vectors/keys/test-platform-sm2.pkcs8.pem");
const PLATFORM_SM2_PUBLIC: &str = include_str!("../../vectors/keys/test-platform-sm2.spki.pem");

/// The two algorithms and the two charsets, as they are played.
#[derive(Clone, Copy)]
enum Algorithm {
    RsaInUtf8,
    SmInGbk,
}

/// The merchant's half of the keys.
fn signing(algorithm: Algorithm) -> Outcome<Signing> {
    Ok(match algorithm {
        Algorithm::RsaInUtf8 => Signing::Rsa {
            merchant_key: RsaPrivateKey::read(MERCHANT_RSA)?,
            platform_key: RsaPublicKey::read(PLATFORM_RSA_PUBLIC)?,
        },
        Algorithm::SmInGbk => Signing::Sm {
            merchant_key: Sm2PrivateKey::read(MERCHANT_SM2)?,
            platform_key: Sm2PublicKey::read(PLATFORM_SM2_PUBLIC)?,
        },
    })
}

/// The provider's half.
fn mirrored(algorithm: Algorithm) -> Outcome<CredentialValue> {
    let (alternative, merchant, platform) = match algorithm {
        Algorithm::RsaInUtf8 => (
            "rsa",
            CredentialValue::RsaPublic(RsaPublicKey::read(MERCHANT_RSA_PUBLIC)?),
            CredentialValue::RsaPrivate(RsaPrivateKey::read(PLATFORM_RSA)?),
        ),
        Algorithm::SmInGbk => (
            "sm",
            CredentialValue::Sm2Public(Sm2PublicKey::read(MERCHANT_SM2_PUBLIC)?),
            CredentialValue::Sm2Private(Sm2PrivateKey::read(PLATFORM_SM2)?),
        ),
    };
    let members = Map::from([("merchant_key", merchant), ("platform_key", platform)]);
    Ok(CredentialValue::Choice { alternative: alternative.to_owned(), members })
}

fn charset(algorithm: Algorithm) -> Charset {
    match algorithm {
        Algorithm::RsaInUtf8 => Charset::Utf8,
        Algorithm::SmInGbk => Charset::Gbk,
    }
}

struct World {
    client: Client,
    gateway: Sandbox,
    booked: Arc<Mutex<HashSet<OnceKey>>>,
    _shop: Shop,
}

async fn world(stage: &Stage<'_>, algorithm: Algorithm) -> Outcome<World> {
    let booked: Arc<Mutex<HashSet<OnceKey>>> = Arc::default();
    let verifier = client(stage, algorithm, "https://gateway.example.com")?;
    let books = Arc::clone(&booked);
    let shop = Shop::open(Arc::new(move |request: &Request| on_notify(&verifier, &books, request))).await?;
    let credentials = Map::from([
        ("partner_id", CredentialValue::Text(PARTNER.to_owned())),
        ("signing", mirrored(algorithm)?),
    ]);
    let options = Map::from([("charset", charset(algorithm).as_str().to_owned())]);
    let gateway = gateway::start(stage, SPEC, credentials, options, &shop).await?;
    Ok(World { client: client(stage, algorithm, gateway.address())?, gateway, booked, _shop: shop })
}

fn client(stage: &Stage<'_>, algorithm: Algorithm, address: &str) -> Outcome<Client> {
    let credentials = Credentials { partner_id: PARTNER.to_owned(), signing: signing(algorithm)? };
    let environment =
        Environment::Custom { qrcode: address.parse()?, openapi: address.parse()?, search: address.parse()? };
    let client = Client::builder(credentials)
        .environment(environment)
        .options(Options { charset: Some(charset(algorithm)) })
        .allow_plain_http() // loopback
        .clock(stage.clock.clone())
        .transport(Tapped::new(&stage.wire)?)
        .explain(true)
        .build()?;
    stage.wire.see(&client);
    Ok(client)
}

fn on_notify(
    client: &Client,
    booked: &Mutex<HashSet<OnceKey>>,
    request: &Request,
) -> Result<Acknowledgement, String> {
    let notice = client.verify_combine_notify(&request.incoming()).map_err(|error| error.to_string())?;
    let expected = CombineNotifyExpected {
        combine_out_trade_no: &notice.combine_out_trade_no,
        combine_total_amount: TOTAL,
    };
    notice.agrees_with(&expected).map_err(|error| error.to_string())?;
    if notice.outcome() == PaymentOutcome::Paid {
        booked.lock().unwrap_or_else(PoisonError::into_inner).insert(notice.once_key());
    }
    Ok(CombineNotify::ACCEPTED)
}

fn order(stage: &Stage<'_>) -> Outcome<CombineAlipay> {
    let today = payspec::Clock::now(&stage.clock).date_at(8 * 3600);
    let sub_order = |number: &str, amount: Yuan, seller: &str| SubOrder {
        out_trade_no: number.to_owned(),
        amount,
        seller_id: seller.to_owned(),
    };
    Ok(CombineAlipay {
        notify_url: vec!["http://shop.example.com/notify".parse()?],
        combine_out_trade_no: "202611216843192280647118".to_owned(),
        shopdate: today,
        buyer_id: Sensitive::new("2088000000000000".to_owned()),
        timeout_express: Span::hours(96),
        combine_seller_id: PARTNER.to_owned(),
        business_code: "00510150".to_owned(),
        subject: "测试商品".to_owned(),
        total_amount: TOTAL,
        sub_order_list: vec![
            sub_order("20261121000000000001", yuan!("0.01"), "sub_a"),
            sub_order("20261121000000000002", yuan!("0.02"), "sub_b"),
        ],
        optional: Default::default(),
    })
}

pub(super) async fn play(stage: &mut Stage<'_>) -> Outcome {
    stage.account.scene("YSEPay (银盛支付): combined Alipay payment, RSA, UTF-8")?;
    combined(stage, Algorithm::RsaInUtf8).await?;
    stage.account.scene("YSEPay (银盛支付): the same with SM2 and GBK")?;
    combined(stage, Algorithm::SmInGbk).await
}

async fn combined(stage: &mut Stage<'_>, algorithm: Algorithm) -> Outcome {
    let world = world(stage, algorithm).await?;
    let order = order(stage)?;
    order.validate()?;
    let what =
        format!("order {}, {} yuan: every limit holds", order.combine_out_trade_no, order.total_amount);
    stage.account.step("shop", what)?;
    let prepared = world.client.prepare_combine_alipay(&order)?;
    stage.signs(prepared.signed_text())?;
    let created = world.client.combine_alipay(&order).await?;
    stage.report(&world.gateway)?;
    let what =
        format!("created, not paid ({:?}); protected by {:?}", created.trade_status, created.protected_by());
    stage.account.step("reply", what)?;
    let pay_info = created.jsapi_pay_info.value().ok_or("an answer that was read has a value")?;
    let page = format!("calls AlipayJSBridge with tradeNO {}", pay_info.trade_no);
    stage.account.step("page", page)?;

    world.gateway.settle(1, Word::Paid).ok_or("no such order")?;
    stage.account.step("buyer", "pays")?;
    let delivery = world.gateway.deliver("combine_notify", 1).await?;
    stage.report(&world.gateway)?;
    let books = world.booked.lock().unwrap_or_else(PoisonError::into_inner).len();
    let verdict = if delivery.accepted { "the provider is content" } else { "the provider will repeat it" };
    stage.account.step("shop", format!("has booked {books} payment; {verdict}"))?;

    // The combined order has no query of its own: its sub orders have.
    let query = TradeOrderQuery {
        shopdate: order.shopdate,
        optional: TradeOrderQueryOptional {
            out_trade_no: order.sub_order_list.first().map(|sub| sub.out_trade_no.clone()),
            ..Default::default()
        },
    };
    let found = world.client.trade_order_query(&query).await?;
    stage.report(&world.gateway)?;
    stage.account.step(
        "query",
        format!("the sub order is {:?}; protected by {:?}", found.outcome(), found.protected_by()),
    )?;
    Ok(())
}
