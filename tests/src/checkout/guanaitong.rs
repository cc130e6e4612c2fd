//! What the two interfaces of one provider share: credentials, a client, a fake provider, the handler of notices.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use payspec::guanaitong::{
    CashierNotify, CashierNotifyExpected, Client, Credentials, EmployeePayNotify, EmployeePayNotifyExpected,
    Environment,
};
use payspec::{Acknowledgement, OnceKey, PaymentOutcome, Secret, Yuan, yuan};
use payspec_interpreter::{CredentialValue, Map};
use payspec_sandbox::Sandbox;

use super::shop::{Request, Shop};
use super::wire::Tapped;
use super::{Outcome, Stage, gateway};

const SPEC: (&str, &str) = ("specs/guanaitong.yaml", include_str!("../../../specs/guanaitong.yaml"));
const APPID: &str = "10000001";
/// Made up. The scrub test looks for it in everything that leaves the process.
pub(super) const SECRET: &str = "a94a8fe5ccb19ba61c4c0873d391e987";
pub(super) const BUYER: &str = "d87797eea12a2f80ad72ed93214a0908";
pub(super) const TOTAL: Yuan = yuan!("100.01");

/// Shop, client and provider, and what the shop has booked.
pub(super) struct World {
    pub(super) client: Client,
    pub(super) gateway: Sandbox,
    pub(super) booked: Arc<Mutex<HashSet<OnceKey>>>,
    _shop: Shop,
}

pub(super) async fn world(stage: &Stage<'_>, timeout: Option<std::time::Duration>) -> Outcome<World> {
    let booked: Arc<Mutex<HashSet<OnceKey>>> = Arc::default();
    let verifier = client(stage, "https://gateway.example.com", None)?;
    let books = Arc::clone(&booked);
    let shop = Shop::open(Arc::new(move |request: &Request| on_notify(&verifier, &books, request))).await?;
    let credentials = Map::from([
        ("appid", CredentialValue::Text(APPID.to_owned())),
        ("appsecret", CredentialValue::Secret(Secret::new(SECRET))),
    ]);
    let gateway = gateway::start(stage, SPEC, credentials, Map::new(), &shop).await?;
    Ok(World { client: client(stage, gateway.address(), timeout)?, gateway, booked, _shop: shop })
}

fn client(stage: &Stage<'_>, api: &str, timeout: Option<std::time::Duration>) -> Outcome<Client> {
    let credentials = Credentials { appid: APPID.to_owned(), appsecret: Secret::new(SECRET) };
    let mut builder = Client::builder(credentials)
        .environment(Environment::Custom { api: api.parse()? })
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

/// Both notices come to one address; the shop knows by the path which one it asked for.
fn on_notify(
    client: &Client,
    booked: &Mutex<HashSet<OnceKey>>,
    request: &Request,
) -> Result<Acknowledgement, String> {
    let incoming = request.incoming();
    let (outcome, once_key, answer) = if request.path == "/cashier" {
        let notice = client.verify_cashier_notify(&incoming).map_err(|error| error.to_string())?;
        let expected = CashierNotifyExpected {
            outer_trade_no: &notice.outer_trade_no,
            total_amount: TOTAL,
            buyer_open_id: BUYER,
        };
        notice.agrees_with(&expected).map_err(|error| error.to_string())?;
        (notice.outcome(), notice.once_key(), CashierNotify::ACCEPTED)
    } else {
        let notice = client.verify_employee_pay_notify(&incoming).map_err(|error| error.to_string())?;
        let expected = EmployeePayNotifyExpected {
            outer_trade_no: &notice.outer_trade_no,
            total_amount: TOTAL,
            buyer_open_id: BUYER,
        };
        notice.agrees_with(&expected).map_err(|error| error.to_string())?;
        (notice.outcome(), notice.once_key(), EmployeePayNotify::ACCEPTED)
    };
    if outcome == PaymentOutcome::Paid {
        booked.lock().unwrap_or_else(PoisonError::into_inner).insert(once_key);
    }
    Ok(answer)
}

/// The provider reports an order, the shop books it.
pub(super) async fn report(stage: &mut Stage<'_>, world: &World, callback: &str, number: usize) -> Outcome {
    let delivery = world.gateway.deliver(callback, number).await?;
    stage.report(&world.gateway)?;
    let books = world.booked.lock().unwrap_or_else(PoisonError::into_inner).len();
    let verdict = if delivery.accepted { "the provider is content" } else { "the provider will repeat it" };
    stage.account.step("shop", format!("has booked {books} payment; {verdict}"))?;
    Ok(())
}
