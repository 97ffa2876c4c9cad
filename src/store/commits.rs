//! How the writing thread wakes the consumers of the same process when it has committed events.

use std::sync::atomic::AtomicBool;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The newest committed event, and whether the store can be written.
#[derive(Default)]
pub(super) struct Commits {
    newest: Mutex<i64>,
    changed: Condvar,
    /// Whether the store cannot be written.
    pub(super) failing: AtomicBool,
}

impl Commits {
    /// Waits until an event after `seq` was committed in this process, or for `timeout`; tells the newest one.
    pub(super) fn wait_past(&self, seq: i64, timeout: Duration) -> i64 {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(newest, timeout, |newest| *newest <= seq);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    pub(super) fn announce(&self, seq: i64) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = seq;
        self.changed.notify_all();
    }
}
