//! The whole of a call, as one future: prepared, sent once, judged; or again with a new access token.
//!
//! Emitted code says in three or four closures what is its own: how the request is made, how an answer is judged, what
//! finds out the truth. The road between them is the same for all operations, so it is written here and not in every
//! one of them, which also spares a build a state machine for each.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::{CallError, Ending, PrepareError, Prepared, Repeat, Reply};
use crate::{AccessToken, Core, NewToken, Response, TokenCache, TokenError, Violations};

/// A call that has not been sent yet: `.await` it. Dropping it before its end leaves open whether it was sent.
///
/// `T` is the reply, `R` what finds out the truth when nobody knows how the call ended: see [`CallError`].
#[must_use = "nothing is sent before it is awaited"]
pub struct Call<'a, T, R = Repeat>(Pin<Box<dyn Future<Output = Ended<T, R>> + Send + 'a>>);

/// How a call ends.
type Ended<T, R> = Result<Reply<T>, CallError<R>>;

impl<'a, T: Send + 'a, R: Send + 'a> Call<'a, T, R> {
    /// For emitted code. Nothing runs before the first poll.
    pub fn new(
        core: &'a Core,
        operation: &'static str,
        prepare: impl FnOnce() -> Result<Prepared, PrepareError> + Send + 'a,
        judge: impl Fn(&Response) -> Result<Reply<T>, Ending> + Send + Sync + 'a,
        resolve: impl Fn() -> R + Send + Sync + 'a,
    ) -> Self {
        Self(Box::pin(async move {
            let prepared = prepare()?;
            exchange(core, operation, &prepared, &judge, &resolve).await
        }))
    }

    /// For emitted code: the request carries an access token. It is checked before one is fetched, and made and sent
    /// anew, once, when the provider says that the token is no longer good. `check` hands what it has made on to
    /// `sign`.
    pub fn with_token<M: Send + Sync + 'a>(
        client: &'a impl HoldsToken,
        operation: &'static str,
        check: impl FnOnce() -> Result<M, Violations> + Send + 'a,
        sign: impl Fn(&M, &AccessToken) -> Result<Prepared, PrepareError> + Send + Sync + 'a,
        judge: impl Fn(&Response) -> Result<Reply<T>, Ending> + Send + Sync + 'a,
        resolve: impl Fn() -> R + Send + Sync + 'a,
    ) -> Self {
        Self(Box::pin(async move {
            let made = check()?;
            let mut attempt = client.tokens().attempt();
            loop {
                let token = client.access_token().await?;
                let prepared = sign(&made, &token)?;
                match exchange(client.core(), operation, &prepared, &judge, &resolve).await {
                    Err(error) if error.is_token_expired() && attempt.renew(&token) => {}
                    ended => return ended,
                }
            }
        }))
    }
}

/// Sends a request, once, and judges what comes back.
async fn exchange<T, R>(
    core: &Core,
    operation: &'static str,
    prepared: &Prepared,
    judge: &(impl Fn(&Response) -> Result<Reply<T>, Ending> + Sync),
    resolve: &(impl Fn() -> R + Sync),
) -> Ended<T, R> {
    let sent = core.send(operation, prepared).await;
    let response = sent.map_err(|failure| failure.resolved_by(resolve))?;
    judge(&response).map_err(|ending| ending.resolved_by(&response, resolve))
}

impl<T, R> Future for Call<'_, T, R> {
    type Output = Ended<T, R>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<T, R> fmt::Debug for Call<'_, T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Call(..)")
    }
}

/// A client that sends an access token with its calls. For emitted code, which implements it.
pub trait HoldsToken: Sync {
    /// What every client is built around.
    fn core(&self) -> &Core;

    /// Where its token is kept.
    fn tokens(&self) -> &TokenCache;

    /// Makes a new token, by a call of the provider's.
    fn fetch_token(&self) -> impl Future<Output = Result<NewToken, TokenError>> + Send;

    /// The token: the one that is kept, or a new one.
    fn access_token(&self) -> impl Future<Output = Result<AccessToken, PrepareError>> + Send {
        async { Ok(self.tokens().get(self.core(), self.fetch_token()).await?) }
    }
}
