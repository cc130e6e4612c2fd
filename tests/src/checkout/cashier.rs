//! The second interface: the browser is sent to a cashier page by a signed URL that carries an access token.

use payspec::Json;
use payspec::guanaitong::{
    Cashier, GoodsDetail, GoodsDetailOptional, PayRecord, TradeInfo, TradeInfoOptional,
};
use payspec::yuan;
use payspec_codegen::ir::Word;

use super::guanaitong::{BUYER, TOTAL, report, world};
use super::{Outcome, Stage};

fn order() -> Outcome<Cashier> {
    let umbrella = GoodsDetail {
        optional: GoodsDetailOptional {
            sku_id: Some("123".to_owned()),
            name: Some("雨伞".to_owned()),
            quantity: Some(1),
            price: Some(yuan!("100.01")),
            ..Default::default()
        },
    };
    let trade_info = TradeInfo {
        third_trade_no: "10000001T0001".to_owned(),
        optional: TradeInfoOptional { goods_detail: Some(vec![umbrella]), ..Default::default() },
    };
    Ok(Cashier {
        outer_trade_no: "10000001T0001".to_owned(),
        buyer_open_id: BUYER.to_owned(),
        reason: "雨伞 A+B".to_owned(),
        total_amount: TOTAL,
        trade_info: Json::of(trade_info),
        return_url: "http://shop.example.com/return?o=1".parse()?,
        notify_url: "http://shop.example.com/cashier".parse()?,
        optional: Default::default(),
    })
}

pub(super) async fn play(stage: &mut Stage<'_>) -> Outcome {
    stage.account.scene("Guanaitong (关爱通): cashier page")?;
    let world = world(stage, None).await?;
    let order = order()?;
    order.validate()?;
    stage.account.step(
        "shop",
        format!("trade {}, {} yuan: every limit holds", order.outer_trade_no, order.total_amount),
    )?;

    let url = world.client.cashier(&order).await?;
    stage.report(&world.gateway)?;
    stage.signs(url.signed_text())?;
    stage.account.step("shop", "answers the browser with a 302 to the signed URL")?;
    let browser = payspec::transport::client_builder()?.build()?;
    let page = browser.get(url.as_str()).send().await?;
    stage.account.step("browser", format!("is at the cashier page: {}", page.status()))?;
    stage.report(&world.gateway)?;

    world.gateway.settle(1, Word::Paid).ok_or("no such order")?;
    stage.account.step("buyer", "pays")?;
    let back = world.gateway.callback("cashier_return", 1)?;
    let returned =
        world.client.verify_cashier_return(&payspec::Incoming::get_query(back.query.as_bytes()))?;
    stage.account.step(
        "browser",
        format!("comes back with the hint {:?}: nothing is decided by it", returned.hint()),
    )?;
    report(stage, &world, "cashier_notify", 1).await?;

    let record = world.client.pay_record(&PayRecord { outer_trade_no: order.outer_trade_no.clone() }).await?;
    stage.report(&world.gateway)?;
    stage.account.step("query", format!("{:?}", record.record))?;
    Ok(())
}
