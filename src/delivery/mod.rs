//! From the inbox to whoever wants the events. Delivery reads what is stored, never what has just come in: live events and
//! those of the last start take the same way, and a slow reader costs no memory.

mod lines;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub use lines::Lines;

/// Tells a delivery that nothing new comes in any more: it ends once all is delivered.
#[derive(Clone, Debug, Default)]
pub struct Ending(Arc<AtomicBool>);

impl Ending {
    /// Nothing new comes in from here on.
    pub fn announce(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn has_come(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// When a delivery has done enough.
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

    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }

    fn take(&mut self, count: u64) {
        self.left = self.left.map(|left| left.saturating_sub(count));
    }
}
