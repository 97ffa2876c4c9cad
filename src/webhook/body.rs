//! Reads the body of a request: how large it may be, how long it may take, and how large bodies take turns.

use std::net::IpAddr;

use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::{Bytes, Frame, Incoming};
use tokio::time::{Instant, timeout, timeout_at};

use super::limits::{Limits, PACE, PACE_TIME, SMALL_BODY};
use super::request::{Refusal, too_large};
use super::turns::{Turn, Turns};

/// Reads the body of a request of this client.
pub(super) async fn read_body(
    mut body: Incoming,
    limits: &Limits,
    turns: &Turns,
    client: Option<IpAddr>,
) -> Result<Vec<u8>, Refusal> {
    let mut whole = Vec::new();
    let mut progress = BodyProgress::begin(limits);
    while let Some(frame) = progress.next_part(&mut body).await? {
        // Trailers are ignored.
        let Ok(data) = frame.into_data() else { continue };
        let length = whole.len() + data.len();
        if length > limits.body {
            return Err(too_large(limits));
        }
        if length > SMALL_BODY && progress.turn.is_none() {
            progress.wait_for_turn(turns, client, limits).await?;
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole)
}

/// The time that a body has left, and its turn if it is large.
struct BodyProgress {
    deadline: Instant,
    turn: Option<Turn>,
    /// What has come in since then.
    received: usize,
    since: Instant,
}

impl BodyProgress {
    /// Nothing has come in yet.
    fn begin(limits: &Limits) -> Self {
        let now = Instant::now();
        Self { deadline: now + limits.body_time, turn: None, received: 0, since: now }
    }

    /// Waits for a turn. The wait does not count as time of the body.
    async fn wait_for_turn(&mut self, turns: &Turns, client: Option<IpAddr>, limits: &Limits) -> Result<(), Refusal> {
        let begin = Instant::now();
        let turn = timeout(limits.body_time, turns.take(client)).await;
        let refusal = |_| Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too many large bodies at once");
        self.turn = Some(turn.map_err(refusal)?);
        self.deadline += begin.elapsed();
        (self.received, self.since) = (0, Instant::now());
        Ok(())
    }

    /// The next part of the body, `None` at its end. A body that has stalled loses its turn if another one waits.
    async fn next_part(&mut self, body: &mut Incoming) -> Result<Option<Frame<Bytes>>, Refusal> {
        let refuse = |reason: &str| Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, reason));
        loop {
            let look = if self.turn.is_some() { self.since + PACE_TIME } else { self.deadline };
            if let Ok(part) = timeout_at(look.min(self.deadline), body.frame()).await {
                let part = part.transpose().map_err(|error| {
                    Refusal::new(StatusCode::BAD_REQUEST, format!("the body did not come in whole: {error}"))
                })?;
                self.received += part.as_ref().and_then(Frame::data_ref).map_or(0, Bytes::len);
                return Ok(part);
            }
            if self.deadline <= Instant::now() {
                return refuse("the body took too long");
            }
            if self.received < PACE && self.turn.as_ref().is_some_and(Turn::is_wanted) {
                return refuse("the body stalled while others waited for their turn");
            }
            (self.received, self.since) = (0, Instant::now());
        }
    }
}
