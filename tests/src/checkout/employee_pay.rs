//! The third interface: an employee's points are charged at once; the notice says failed by an empty number.

use payspec::guanaitong::{AssetType, EmployeePay, EmployeePayOptional, PayRecord};
use payspec_codegen::ir::Word;

use super::guanaitong::{BUYER, TOTAL, report, world};
use super::{Outcome, Stage};

/// The payment of these scenes.
pub(super) fn order(number: &str) -> Outcome<EmployeePay> {
    Ok(EmployeePay {
        buyer_open_id: BUYER.to_owned(),
        reason: "lunch 午餐".to_owned(),
        total_amount: TOTAL,
        outer_trade_no: number.to_owned(),
        asset_type: AssetType::Quota,
        asset_open_id: "a5fad9894edd0d2202639248fa0461ec".to_owned(),
        optional: EmployeePayOptional {
            notify_url: Some("http://shop.example.com/employee".parse()?),
            ..Default::default()
        },
    })
}

pub(super) async fn play(stage: &mut Stage<'_>) -> Outcome {
    stage.account.scene("Guanaitong (关爱通): employee payment")?;
    let world = world(stage, None).await?;
    let order = order("1000000001")?;
    order.validate()?;
    stage.account.step(
        "shop",
        format!("trade {}, {} yuan: every limit holds", order.outer_trade_no, order.total_amount),
    )?;
    let prepared = world.client.prepare_employee_pay(&order).await?;
    stage.signs(prepared.signed_text())?;
    let paid = world.client.employee_pay(&order).await?;
    stage.report(&world.gateway)?;
    stage.account.step(
        "reply",
        format!("{:?}, number {}; protected by {:?}", paid.outcome(), paid.trade_no, paid.protected_by()),
    )?;
    report(stage, &world, "employee_pay_notify", 1).await?;

    // The same notice says "failed" by leaving the number out.
    world.gateway.settle(1, Word::Failed).ok_or("no such order")?;
    let failed = world.gateway.callback("employee_pay_notify", 1)?;
    let notice = world.client.verify_employee_pay_notify(&payspec::Incoming::post_form(&failed.body))?;
    stage.account.step("notice", format!("without a number it reads {:?}", notice.outcome()))?;

    let record = world.client.pay_record(&PayRecord { outer_trade_no: order.outer_trade_no.clone() }).await?;
    stage.report(&world.gateway)?;
    stage.account.step("query", format!("{:?}", record.record))?;
    Ok(())
}
