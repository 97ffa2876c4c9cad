//! How many bytes of lines may be in flight at once. This bounds the memory, however many lines come in.

use std::sync::{Condvar, Mutex, PoisonError};

use super::line::LINE_LIMIT;

/// The least cost of a line: its bookkeeping takes memory too.
const LEAST: usize = 4096;

/// Bytes that can be taken and given back. Whoever wants more than are left waits.
pub struct Budget {
    left: Mutex<usize>,
    given_back: Condvar,
    whole: usize,
}

impl Budget {
    /// A budget of this many bytes.
    pub fn new(bytes: usize) -> Self {
        Self { left: Mutex::new(bytes), given_back: Condvar::new(), whole: bytes }
    }

    /// What a line of this length costs.
    pub fn cost(length: usize) -> usize {
        length.clamp(LEAST, LINE_LIMIT)
    }

    /// Takes what a line costs, as soon as there is enough.
    pub fn take(&self, cost: usize) {
        let cost = cost.min(self.whole);
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left = self.given_back.wait_while(left, |left| *left < cost).unwrap_or_else(PoisonError::into_inner);
        *left -= cost;
    }

    /// Gives back what a line cost.
    pub fn give_back(&self, cost: usize) {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) += cost.min(self.whole);
        self.given_back.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::channel;
    use std::thread;

    use super::*;

    #[test]
    fn whoever_wants_more_than_there_is_waits_until_it_is_given_back() {
        let budget = Arc::new(Budget::new(10_000));
        budget.take(Budget::cost(6000));
        let (sender, taken) = channel();
        let other = Arc::clone(&budget);
        let waiting = thread::spawn(move || {
            other.take(Budget::cost(1));
            other.take(Budget::cost(1));
            sender.send(()).unwrap();
        });
        assert!(taken.try_recv().is_err());
        budget.give_back(Budget::cost(6000));
        taken.recv().unwrap();
        waiting.join().unwrap();
    }

    #[test]
    fn a_cost_above_the_budget_takes_the_whole_budget() {
        let budget = Budget::new(5000);
        budget.take(1_000_000);
        budget.give_back(1_000_000);
        budget.take(5000);
    }
}
