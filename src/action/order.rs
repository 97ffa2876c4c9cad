//! Which job may run now. Jobs for the same chat run one at a time and in order; all others run side by side. This is bookkeeping
//! without threads or requests.
//!
//! `delivery/lanes.rs` orders events, by other rules: an event that fails is tried again before those behind it, its wait survives
//! a restart, and a cursor follows. A job here runs once, whatever its outcome. But it may hold several keys, and share some of
//! them.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// How a job holds a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// It waits for the last holder of the key, and those that come later wait for it.
    Exclusive,
    /// It waits for the last holder of the key, and nobody waits for it.
    Shared,
}

/// Names a job that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket(u64);

/// Jobs of type `T` whose order is decided by keys of type `K`.
#[derive(Debug)]
pub(super) struct Schedule<K, T> {
    next: u64,
    jobs: HashMap<Ticket, Job<K, T>>,
    /// The last job that holds a key.
    holders: HashMap<K, Ticket>,
    ready: VecDeque<Ticket>,
}

#[derive(Debug)]
struct Job<K, T> {
    /// `None` once it was taken.
    payload: Option<T>,
    holds: Vec<K>,
    /// How many jobs it waits for.
    blockers: usize,
    followers: Vec<Ticket>,
}

impl<K, T> Default for Schedule<K, T> {
    fn default() -> Self {
        Self { next: 0, jobs: HashMap::new(), holders: HashMap::new(), ready: VecDeque::new() }
    }
}

impl<K: Clone + Eq + Hash, T> Schedule<K, T> {
    /// Adds a job behind those that hold its keys.
    pub(super) fn add(&mut self, payload: T, keys: impl IntoIterator<Item = (K, Hold)>) {
        let ticket = Ticket(self.next);
        self.next += 1;
        let (mut holds, mut blockers) = (Vec::new(), 0);
        for (key, hold) in keys {
            let holder = match hold {
                Hold::Shared => self.holders.get(&key).copied(),
                Hold::Exclusive => {
                    holds.push(key.clone());
                    self.holders.insert(key, ticket)
                }
            };
            if let Some(holder) =
                holder.filter(|holder| *holder != ticket).and_then(|holder| self.jobs.get_mut(&holder))
            {
                holder.followers.push(ticket);
                blockers += 1;
            }
        }
        if blockers == 0 {
            self.ready.push_back(ticket);
        }
        self.jobs.insert(ticket, Job { payload: Some(payload), holds, blockers, followers: Vec::new() });
    }

    /// Takes the next job that may run; it must be reported [done](Self::done).
    pub(super) fn take(&mut self) -> Option<(Ticket, T)> {
        let ticket = self.ready.pop_front()?;
        let payload = self.jobs.get_mut(&ticket)?.payload.take()?;
        Some((ticket, payload))
    }

    /// A job that was taken has ended: those that waited for it alone may run.
    pub(super) fn done(&mut self, ticket: Ticket) {
        let Some(job) = self.jobs.remove(&ticket) else { return };
        for key in job.holds {
            if self.holders.get(&key) == Some(&ticket) {
                self.holders.remove(&key);
            }
        }
        for follower in job.followers {
            if let Some(waiting) = self.jobs.get_mut(&follower) {
                waiting.blockers -= 1;
                if waiting.blockers == 0 {
                    self.ready.push_back(follower);
                }
            }
        }
    }

    /// Removes the jobs that were not taken yet, in the order in which they came.
    pub(super) fn drain(&mut self) -> Vec<T> {
        self.ready.clear();
        let waiting = self.jobs.extract_if(|_, job| job.payload.is_some());
        let mut waiting: Vec<_> = waiting.filter_map(|(ticket, job)| Some((ticket.0, job.payload?))).collect();
        self.holders.retain(|_, holder| self.jobs.contains_key(holder));
        waiting.sort_unstable_by_key(|(order, _)| *order);
        waiting.into_iter().map(|(_, payload)| payload).collect()
    }

    /// Whether every job is done.
    pub(super) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn jobs_of_one_chat_run_in_order_and_those_of_others_beside_them() {
        let mut schedule = Schedule::default();
        for (job, chat) in [("a1", "a"), ("a2", "a"), ("b1", "b")] {
            schedule.add(job, [(chat, Hold::Exclusive)]);
        }
        let (a1, job) = schedule.take().unwrap();
        assert_eq!(job, "a1");
        assert_eq!(schedule.take().unwrap().1, "b1");
        assert_eq!(schedule.take(), None);
        schedule.done(a1);
        assert_eq!(schedule.take().unwrap().1, "a2");
    }

    #[test]
    fn jobs_that_share_a_key_wait_for_its_holder_and_not_for_each_other() {
        let mut schedule = Schedule::default();
        schedule.add("create", [("agent", Hold::Exclusive)]);
        schedule.add("accept 1", [("agent", Hold::Shared), ("chat 1", Hold::Exclusive)]);
        schedule.add("accept 2", [("agent", Hold::Shared), ("chat 2", Hold::Exclusive)]);
        let (create, _) = schedule.take().unwrap();
        assert_eq!(schedule.take(), None);
        schedule.done(create);
        assert_eq!(schedule.take().unwrap().1, "accept 1");
        assert_eq!(schedule.take().unwrap().1, "accept 2");
    }

    #[test]
    fn what_was_not_taken_can_be_drained() {
        let mut schedule = Schedule::default();
        for job in 0..4 {
            schedule.add(job, [("chat", Hold::Exclusive)]);
        }
        let (first, _) = schedule.take().unwrap();
        assert_eq!(schedule.drain(), [1, 2, 3]);
        assert!(!schedule.is_empty());
        schedule.done(first);
        assert!(schedule.is_empty());
        assert_eq!(schedule.take(), None);
    }

    proptest! {
        /// Whatever order jobs end in: each runs once, those of one key in order and one at a time.
        #[test]
        fn order_holds_within_each_key(keys in prop::collection::vec(0..4_u8, 1..60), picks in prop::collection::vec(any::<usize>(), 200)) {
            let mut schedule = Schedule::default();
            for (job, key) in keys.iter().enumerate() {
                schedule.add(job, [(*key, Hold::Exclusive)]);
            }
            let (mut running, mut ran) = (Vec::new(), Vec::new());
            for pick in picks {
                while let Some((ticket, job)) = schedule.take() {
                    prop_assert!(running.iter().all(|(_, other)| keys[*other] != keys[job]), "two at a time");
                    running.push((ticket, job));
                    ran.push(job);
                }
                if running.is_empty() {
                    break;
                }
                let (ticket, _) = running.swap_remove(pick % running.len());
                schedule.done(ticket);
            }
            prop_assert!(schedule.is_empty());
            prop_assert_eq!(ran.len(), keys.len());
            for key in 0..4 {
                let of_key: Vec<usize> = ran.iter().copied().filter(|job| keys[*job] == key).collect();
                prop_assert!(of_key.is_sorted(), "{:?}", of_key);
            }
        }
    }
}
