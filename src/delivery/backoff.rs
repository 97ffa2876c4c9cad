//! How long it takes until something that failed is tried again.

use std::time::Duration;

/// Ever longer waits, with jitter: what failed together does not come back together.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// The wait after the first attempt; doubled from one attempt to the next.
    pub first: Duration,
    /// No wait is longer.
    pub longest: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: Duration::from_secs(1), longest: Duration::from_secs(5 * 60) }
    }
}

impl Backoff {
    /// The wait after this many attempts, at least `asked`, where somebody asked for that, in milliseconds. How many there
    /// were is in the store: `backon` counts only those of its own.
    pub(super) fn delay(&self, attempts: u32, asked: Option<Duration>) -> i64 {
        let factor = 1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        let own = self.first.saturating_mul(factor).min(self.longest).mul_f64(0.75 + fastrand::f64() / 4.0);
        milliseconds(own.max(asked.unwrap_or_default().min(self.longest)))
    }

    /// Whether `next_at` has come. A wait longer than the longest means that the clock was set back.
    pub(super) fn is_due(&self, next_at: i64, now: i64) -> bool {
        next_at <= now || next_at > now.saturating_add(milliseconds(self.longest))
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let backoff = Backoff::default();
        for (attempts, seconds) in [(1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (33, 300), (u32::MAX, 300)] {
            let delay = backoff.delay(attempts, None);
            assert!((seconds * 750..=seconds * 1000).contains(&delay), "{delay} after {attempts}");
        }
    }

    #[test]
    fn who_asks_for_a_longer_wait_gets_it_within_bounds() {
        let backoff = Backoff::default();
        assert_eq!(backoff.delay(1, Some(Duration::from_secs(7))), 7000);
        assert_eq!(backoff.delay(1, Some(Duration::from_secs(7000))), 300_000);
        assert!(backoff.delay(3, Some(Duration::ZERO)) >= 3000);
    }

    #[test]
    fn a_clock_that_was_set_back_keeps_nothing_waiting() {
        let backoff = Backoff::default();
        assert!(!backoff.is_due(10_001, 10_000));
        assert!(backoff.is_due(10_000, 10_000));
        assert!(backoff.is_due(10_000_000, 10_000));
    }
}
