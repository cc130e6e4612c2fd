//! One case each of what goes wrong: a limit, a forgery, a repetition, a time-out.

use std::sync::PoisonError;
use std::time::Duration;

use payspec::{CallError, CallbackError, Incoming, PaymentOutcome, aggregate_pay::QueryOrder};
use payspec_codegen::ir::Word;
use payspec_sandbox::Mishap;

use super::aggregate_pay::{self, order};
use super::{Outcome, Stage, employee_pay, guanaitong};

/// Shorter than the provider's silence, longer than loopback needs.
const PATIENCE: Duration = Duration::from_millis(800);

pub(super) async fn play(stage: &mut Stage<'_>) -> Outcome {
    a_limit(stage).await?;
    a_forged_callback(stage).await?;
    a_duplicate_callback(stage).await?;
    a_time_out(stage).await?;
    a_payment_that_timed_out(stage).await
}

async fn a_limit(stage: &mut Stage<'_>) -> Outcome {
    stage.account.scene("A limit is violated: nothing is sent")?;
    let world = guanaitong::world(stage, None).await?;
    let mut order = employee_pay::order("1")?;
    order.reason = "午餐".repeat(200);
    match world.client.employee_pay(&order).await {
        Err(CallError::Invalid(violations)) => {
            stage.wire.see(&violations);
            stage.account.step("client", violations)?;
        }
        other => return Err(format!("expected Invalid, got {other:?}").into()),
    }
    let seen = world.gateway.take_journal().len();
    stage.account.step("gateway", format!("has seen {seen} requests"))?;
    Ok(())
}

async fn a_forged_callback(stage: &mut Stage<'_>) -> Outcome {
    stage.account.scene("A callback is forged: refused")?;
    let world = aggregate_pay::world(stage, None).await?;
    world.client.unified_order(&order("20261121120000000003")?).await?;
    world.gateway.settle(1, Word::Failed).ok_or("no such order")?;
    let honest = world.gateway.callback("notify", 1)?;
    let body = String::from_utf8(honest.body)?;
    let forged = body.replace("pay_status=0", "pay_status=1");
    match world.client.verify_notify(&Incoming::post_form(forged.as_bytes())) {
        Err(error @ CallbackError::SignatureMismatch) => {
            stage.wire.see(&error);
            stage.account.step("shop", error)?;
        }
        other => return Err(format!("expected a refusal, got {other:?}").into()),
    }
    let notice = world.client.verify_notify(&Incoming::post_form(body.as_bytes()))?;
    stage.account.step("shop", format!("the honest one says {:?}", notice.outcome()))?;
    Ok(())
}

async fn a_duplicate_callback(stage: &mut Stage<'_>) -> Outcome {
    stage.account.scene("A callback comes twice: booked once, acknowledged twice")?;
    let world = aggregate_pay::world(stage, None).await?;
    world.client.unified_order(&order("20261121120000000004")?).await?;
    world.gateway.settle(1, Word::Paid).ok_or("no such order")?;
    for _ in 0..2 {
        let delivery = world.gateway.deliver("notify", 1).await?;
        let books = world.booked.lock().unwrap_or_else(PoisonError::into_inner).len();
        let answer = delivery.answer.unwrap_or_default();
        stage.account.step("shop", format!("has booked {books} payment, answered {answer}"))?;
    }
    Ok(())
}

async fn a_time_out(stage: &mut Stage<'_>) -> Outcome {
    stage.account.scene("A call times out: nobody knows, and the query tells the truth")?;
    let world = aggregate_pay::world(stage, Some(PATIENCE)).await?;
    world.gateway.fail_next(Mishap::BookedButNotAnswered);
    let order = order("20261121120000000005")?;
    let query: QueryOrder = match world.client.unified_order(&order).await {
        Err(CallError::Unknown(unknown)) => {
            stage.wire.see(&unknown);
            stage.account.step("client", &unknown)?;
            unknown.resolve
        }
        other => return Err(format!("expected Unknown, got {other:?}").into()),
    };
    let found = world.client.query_order(&query).await?;
    stage.account.step("query", format!("the order exists, and is {:?}", found.outcome()))?;
    world.gateway.settle(1, Word::Paid).ok_or("no such order")?;
    let found = world.client.query_order(&query).await?;
    let paid = world.gateway.orders().iter().filter(|order| order.state == Word::Paid).count();
    stage.account.step("query", format!("after the buyer has paid it is {:?}", found.outcome()))?;
    stage.account.step("gateway", format!("has counted {paid} payment"))?;
    if found.outcome() == PaymentOutcome::Paid && paid == 1 {
        Ok(())
    } else {
        Err("the truth was not found".into())
    }
}

async fn a_payment_that_timed_out(stage: &mut Stage<'_>) -> Outcome {
    stage
        .account
        .scene("A payment times out: repeating it by hand does not pay twice, and is not called failed")?;
    let world = guanaitong::world(stage, Some(PATIENCE)).await?;
    let order = employee_pay::order("1000000002")?;
    world.client.prepare_employee_pay(&order).await?; // fetches the token, so that the payment is what times out
    world.gateway.fail_next(Mishap::BookedButNotAnswered);
    for _ in 0..2 {
        match world.client.employee_pay(&order).await {
            Err(CallError::Unknown(unknown)) => stage.account.step("client", &unknown)?,
            other => return Err(format!("expected Unknown, got {other:?}").into()),
        }
    }
    let payments = world.gateway.orders().iter().filter(|order| order.state == Word::Paid).count();
    stage.account.step("gateway", format!("has counted {payments} payment"))?;
    if payments == 1 { Ok(()) } else { Err("paid twice".into()) }
}
