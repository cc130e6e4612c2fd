//! The first interface: an order by form, a redirect, a notice, a return, a query. MD5 with the secret in the sort.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use payspec::aggregate_pay::{
    BankCode, Client, Credentials, Environment, Notify, NotifyExpected, QueryOrder, UnifiedOrder,
};
use payspec::{Acknowledgement, Fen, OnceKey, PaymentOutcome, Secret, fen};
use payspec_codegen::ir::Word;
use payspec_interpreter::{CredentialValue, Map};
use payspec_sandbox::Sandbox;

use super::shop::{Request, Shop};
use super::wire::Tapped;
use super::{Outcome, Stage, gateway};

const SPEC: (&str, &str) = ("specs/aggregate_pay.yaml", include_str!("../../../specs/aggregate_pay.yaml"));
const APPID: &str = "gpu10000000";
/// Made up. The scrub test looks for it in everything that leaves the process.
pub(super) const SECRET: &str = "5f1d7a84db00d2fce00b31a7fc73224f";
const AMOUNT: Fen = fen!(10000);

/// Shop, client and provider of this interface, and what the shop has booked.
pub(super) struct World {
    pub(super) client: Client,
    pub(super) gateway: Sandbox,
    pub(super) booked: Arc<Mutex<HashSet<OnceKey>>>,
    _shop: Shop,
}

/// Sets them up.
pub(super) async fn world(stage: &Stage<'_>, timeout: Option<std::time::Duration>) -> Outcome<World> {
    let booked: Arc<Mutex<HashSet<OnceKey>>> = Arc::default();
    // The shop verifies without the network: this client is never asked to send.
    let verifier = client(stage, "https://gateway.example.com", None)?;
    let books = Arc::clone(&booked);
    let shop = Shop::open(Arc::new(move |request: &Request| on_notify(&verifier, &books, request))).await?;
    let credentials = Map::from([
        ("appid", CredentialValue::Text(APPID.to_owned())),
        ("secret", CredentialValue::Secret(Secret::new(SECRET))),
    ]);
    let gateway = gateway::start(stage, SPEC, credentials, Map::new(), &shop).await?;
    Ok(World { client: client(stage, gateway.address(), timeout)?, gateway, booked, _shop: shop })
}

fn client(stage: &Stage<'_>, gateway: &str, timeout: Option<std::time::Duration>) -> Outcome<Client> {
    let credentials = Credentials { appid: APPID.to_owned(), secret: Secret::new(SECRET) };
    let mut builder = Client::builder(credentials)
        .environment(Environment::Merchant { gateway: gateway.parse()? })
        .allow_plain_http() // loopback
        .clock(stage.clock.clone())
        .transport(Tapped::new(&stage.wire)?)
        .explain(true);
    if let Some(timeout) = timeout {
        builder = builder.timeout(timeout);
    }
    stage.wire.see(&builder);
    let client = builder.build()?;
    stage.wire.see(&client);
    Ok(client)
}

/// What the shop does with a notice: verify, compare, book once, and only then say that it is done.
fn on_notify(
    client: &Client,
    booked: &Mutex<HashSet<OnceKey>>,
    request: &Request,
) -> Result<Acknowledgement, String> {
    let notice = client.verify_notify(&request.incoming()).map_err(|error| error.to_string())?;
    let expected = NotifyExpected { order_no: &notice.order_no, amount: AMOUNT, actual_amount: AMOUNT };
    notice.agrees_with(&expected).map_err(|error| error.to_string())?;
    if notice.outcome() == PaymentOutcome::Paid {
        booked.lock().unwrap_or_else(PoisonError::into_inner).insert(notice.once_key());
    }
    Ok(Notify::ACCEPTED)
}

/// The order of these scenes.
pub(super) fn order(number: &str) -> Outcome<UnifiedOrder> {
    Ok(UnifiedOrder {
        order_no: number.to_owned(),
        amount: AMOUNT,
        product_name: "雨伞 umbrella".to_owned(),
        bank_code: BankCode::AlipayH5,
        notify_url: "http://shop.example.com/notify".parse()?,
        return_url: "http://shop.example.com/return".parse()?,
        optional: Default::default(),
    })
}

pub(super) async fn play(stage: &mut Stage<'_>) -> Outcome {
    stage.account.scene("Aggregate payment platform (综合支付平台): unified order")?;
    let world = world(stage, None).await?;
    let order = order("20261121120000000001")?;
    order.validate()?;
    stage
        .account
        .step("shop", format!("order {}, {} fen: every limit holds", order.order_no, order.amount))?;
    for advice in order.advice() {
        stage.account.step("advice", advice)?;
    }
    let prepared = world.client.prepare_unified_order(&order)?;
    stage.signs(prepared.signed_text())?;

    let created = world.client.unified_order(&order).await?;
    stage.report(&world.gateway)?;
    stage.account.step("reply", format!("created, not paid; protected by {:?}", created.protected_by()))?;
    go_on(stage, &created.redirect_url, created.content.as_deref())?;

    settle(stage, &world, 1).await?;
    come_back(stage, &world, 1)?;
    query(stage, &world, &order.order_no).await?;

    // The other road: no address to go to, but a form to print.
    let order = self::order("20261121120000000002")?;
    world.gateway.answer_next_with("redirect_url", "no_redirect");
    world.gateway.answer_next_with("content", "<form action=\"https://pay.example.com/\"></form>");
    let created = world.client.unified_order(&order).await?;
    let _ = world.gateway.take_journal();
    go_on(stage, &created.redirect_url, created.content.as_deref())
}

/// Two roads: the browser is sent on, or the form in `content` is printed.
fn go_on(stage: &mut Stage<'_>, redirect_url: &str, content: Option<&str>) -> Outcome {
    if redirect_url.eq_ignore_ascii_case("no_redirect") {
        let form = content.ok_or("neither an address nor a form")?;
        stage.account.step("shop", format!("prints the form {form}"))?;
    } else {
        stage.account.step("shop", format!("sends the browser to {redirect_url}"))?;
    }
    Ok(())
}

/// The buyer pays, the provider reports it.
pub(super) async fn settle(stage: &mut Stage<'_>, world: &World, number: usize) -> Outcome {
    world.gateway.settle(number, Word::Paid).ok_or("no such order")?;
    stage.account.step("buyer", "pays")?;
    let delivery = world.gateway.deliver("notify", number).await?;
    stage.report(&world.gateway)?;
    let books = world.booked.lock().unwrap_or_else(PoisonError::into_inner).len();
    let verdict = if delivery.accepted { "the provider is content" } else { "the provider will repeat it" };
    stage.account.step("shop", format!("has booked {books} payment; {verdict}"))?;
    Ok(())
}

/// The browser comes back. It shows something, and decides nothing.
fn come_back(stage: &mut Stage<'_>, world: &World, number: usize) -> Outcome {
    let message = world.gateway.callback("returned", number)?;
    let returned = world.client.verify_returned(&payspec::Incoming::post_form(&message.body))?;
    stage.account.step(
        "browser",
        format!("comes back with the hint {:?}: nothing is decided by it", returned.hint()),
    )?;
    Ok(())
}

/// Asks for the truth.
pub(super) async fn query(stage: &mut Stage<'_>, world: &World, number: &str) -> Outcome {
    let found = world.client.query_order(&QueryOrder { order_no: number.to_owned() }).await?;
    stage.report(&world.gateway)?;
    stage.account.step("query", format!("the order is {:?}", found.outcome()))?;
    Ok(())
}
