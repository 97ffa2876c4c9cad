//! Hands the events of the inbox to their consumer. (A "delivery" elsewhere is one webhook request; only this folder is named for
//! the step after it.) There are three sinks: [`Lines`] on stdout, a [`Dispatcher`] for `--exec` and `--forward-to`, and a
//! [`Feeder`] for the bridge's child. A sink reads events from the store, never from the receiver: new events and those of an
//! earlier start take the same way, and a slow reader costs no memory.

mod backoff;
mod dispatcher;
mod exec;
mod feeder;
mod forward;
mod handler;
mod lanes;
mod lines;
mod stdin;
mod store_retry;

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

pub use backoff::Backoff;
pub use dispatcher::Dispatcher;
pub use exec::Exec;
pub use feeder::{Acknowledgements, Feeder};
pub use forward::Forward;
pub use handler::{Handler, Verdict};
pub use lines::Lines;
pub use stdin::{ChildStdin, Generation, with_type};

use crate::error::{Error, Kind};

/// Tells a sink when to end, in two steps.
#[derive(Clone, Debug, Default)]
pub struct Shutdown(Arc<AtomicU8>);

impl Shutdown {
    const ANNOUNCED: u8 = 1;
    const STOPPED: u8 = 2;

    /// No new events come in from now on. [`Lines`] ends when all are written; a [`Dispatcher`] starts no more handlers.
    pub fn begin(&self) {
        self.0.fetch_max(Self::ANNOUNCED, Ordering::Release);
    }

    /// The sink ends after the line that it is writing. The other events are kept for the next start.
    pub fn stop(&self) {
        self.0.store(Self::STOPPED, Ordering::Release);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::Acquire) >= Self::ANNOUNCED
    }

    fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Acquire) == Self::STOPPED
    }
}

/// How many events a sink gets at most, and for how long it waits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quota {
    /// How many events are still wanted.
    left: Option<u64>,
    deadline: Option<Instant>,
}

impl Quota {
    /// At most `count` events, and no longer than `timeout` from now.
    pub fn new(count: Option<u64>, timeout: Option<Duration>) -> Self {
        Self { left: count, deadline: timeout.map(|timeout| Instant::now() + timeout) }
    }

    fn is_met(&self) -> bool {
        self.left == Some(0)
    }

    /// Whether another event may start while `running` events run.
    fn allows(&self, running: usize) -> bool {
        self.left.is_none_or(|left| (running as u64) < left)
    }

    /// Fails if the events did not come in time.
    fn check_deadline(&self) -> anyhow::Result<()> {
        if self.deadline.is_none_or(|deadline| deadline > Instant::now()) {
            return Ok(());
        }
        let left = self.left.unwrap_or_default();
        let events = if left == 1 { "one event".to_owned() } else { format!("{left} events") };
        let error = Error::new(Kind::Timeout, format!("{events} did not come in time"));
        Err(error.hint("-v says which deliveries were refused, `guuru events list` what there is").into())
    }

    fn take(&mut self, count: u64) {
        self.left = self.left.map(|left| left.saturating_sub(count));
    }
}
