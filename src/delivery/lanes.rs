//! Which event may run now, and how far the cursor may move: the rules of `--exec` and `--forward-to`, without input or output. The
//! events of one chat form a lane and run in order, one at a time; lanes run side by side. The cursor passes an event only when it
//! is done, or when it has a row in the store: because it waits, or is behind one that waits, or was set aside. `action/order.rs`
//! orders commands, and says why it is not the same.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::Verdict;
use super::backoff::Backoff;
use crate::store::{Mark, WaitingEvent};

/// How far reading may be ahead of the cursor, in events: about the most that a crash can repeat.
const WINDOW: i64 = 256;

/// How many events may wait in the store before reading stops: the rest waits as well in the inbox, and costs no memory.
const WAITING: usize = 100_000;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Key {
    Chat(String),
    /// An event without a chat has a lane of its own.
    Alone(i64),
}

/// The events of a chat that are not done, in order.
#[derive(Default)]
struct Lane {
    /// The first runs, or is the next to run.
    queue: VecDeque<i64>,
    /// How often the first was tried.
    attempts: u32,
    /// Whether each of them has a row in the store.
    stored: bool,
}

/// What a verdict changes.
#[derive(Default)]
pub(super) struct Applied {
    /// What must be stored before the cursor moves.
    pub(super) marks: Vec<Mark>,
    /// How often the event was tried by now.
    pub(super) attempts: u32,
    /// When it is tried again, in milliseconds since the Unix epoch.
    pub(super) next_at: Option<i64>,
}

/// The lanes of one consumer. Times are milliseconds since the Unix epoch.
pub(super) struct Lanes {
    backoff: Backoff,
    chats: HashMap<Key, Lane>,
    /// Lanes whose first event may run.
    ready: VecDeque<Key>,
    /// Lanes whose first event waits, by when it is to be tried.
    due: BTreeSet<(i64, Key)>,
    running: HashMap<i64, Key>,
    /// What the cursor may not pass.
    open: BTreeMap<i64, Key>,
    /// How many events are in stored lanes.
    waiting: usize,
    /// The last event read.
    read: i64,
    window: i64,
}

impl Lanes {
    /// The lanes of a consumer that has read up to `read`. `waiting` are the events that wait from earlier, in order.
    pub(super) fn new(backoff: Backoff, read: i64, waiting: Vec<WaitingEvent>) -> Self {
        let mut lanes = Self {
            backoff,
            chats: HashMap::new(),
            ready: VecDeque::new(),
            due: BTreeSet::new(),
            running: HashMap::new(),
            open: BTreeMap::new(),
            waiting: waiting.len(),
            read,
            window: WINDOW,
        };
        for WaitingEvent { seq, chat_id, attempts, next_at } in waiting {
            let key = key(seq, chat_id.as_deref());
            let lane = lanes.chats.entry(key.clone()).or_default();
            if lane.queue.is_empty() {
                (lane.attempts, lane.stored) = (attempts, true);
                lanes.due.insert((next_at.unwrap_or_default(), key));
            }
            lane.queue.push_back(seq);
        }
        lanes
    }

    /// How many events may be read now.
    pub(super) fn room(&self) -> usize {
        if self.waiting >= WAITING {
            return 0;
        }
        usize::try_from(self.window - (self.read - self.cursor())).unwrap_or(0)
    }

    /// Takes the next event of the inbox. Returns what must be stored.
    pub(super) fn take(&mut self, seq: i64, chat_id: Option<&str>) -> Option<Mark> {
        self.read = seq;
        let key = key(seq, chat_id);
        let lane = self.chats.entry(key.clone()).or_default();
        if lane.queue.is_empty() {
            self.ready.push_back(key.clone());
        }
        lane.queue.push_back(seq);
        if lane.stored {
            self.waiting += 1;
            return Some(behind(seq));
        }
        self.open.insert(seq, key);
        None
    }

    /// Notes an event that the filter leaves out.
    pub(super) fn skip(&mut self, seq: i64) {
        self.read = seq;
    }

    /// The next event to run. Its verdict is to be [applied](Self::apply).
    pub(super) fn start(&mut self, now: i64) -> Option<i64> {
        while let Some((next_at, _)) = self.due.first()
            && self.backoff.is_due(*next_at, now)
            && let Some((_, key)) = self.due.pop_first()
        {
            self.ready.push_back(key);
        }
        let key = self.ready.pop_front()?;
        let seq = *self.chats.get(&key)?.queue.front()?;
        self.running.insert(seq, key);
        Some(seq)
    }

    /// Takes the verdict on an event that was started.
    pub(super) fn apply(&mut self, seq: i64, verdict: &Verdict, now: i64) -> Applied {
        let Some(key) = self.running.remove(&seq) else { return Applied::default() };
        let Some(lane) = self.chats.get_mut(&key) else { return Applied::default() };
        let (attempts, stored) = (lane.attempts.saturating_add(1), lane.stored);
        let mut applied = Applied { attempts, ..Applied::default() };
        match verdict {
            Verdict::Later { reason, asked } => {
                lane.attempts = attempts;
                let next_at = now.saturating_add(self.backoff.delay(attempts, *asked));
                applied.next_at = Some(next_at);
                applied.marks = self.keep(&key);
                let reason = Some(reason.clone());
                applied.marks.push(Mark::Waiting { seq, attempts, next_at: applied.next_at, reason });
                self.due.insert((next_at, key));
                return applied;
            }
            Verdict::Done if stored => applied.marks.push(Mark::Done { seq }),
            Verdict::Done => {}
            Verdict::Failed(reason) => applied.marks.push(Mark::Failed { seq, attempts, reason: reason.clone() }),
        }
        self.pass(key);
        applied
    }

    /// An event that was started could not be run, and is the next of its chat again.
    pub(super) fn put_back(&mut self, seq: i64) {
        self.ready.extend(self.running.remove(&seq));
    }

    /// An event that was started is not waited for any more, and stays as it was.
    pub(super) fn abandon(&mut self, seq: i64) {
        self.running.remove(&seq);
    }

    /// Removes the first event of a lane.
    fn pass(&mut self, key: Key) {
        let Some(lane) = self.chats.get_mut(&key) else { return };
        if let Some(seq) = lane.queue.pop_front() {
            self.open.remove(&seq);
        }
        lane.attempts = 0;
        self.waiting -= usize::from(lane.stored);
        if lane.queue.is_empty() {
            self.chats.remove(&key);
        } else {
            self.ready.push_back(key);
        }
    }

    /// If reading has reached the end of its window although more could run, moves the lane that holds up the cursor to the store.
    /// Returns what must be stored.
    pub(super) fn unblock_cursor(&mut self, jobs: usize) -> Vec<Mark> {
        if self.room() > 0 || self.waiting >= WAITING || !self.ready.is_empty() || self.running.len() >= jobs {
            return Vec::new();
        }
        let oldest = self.open.values().next().cloned();
        oldest.map(|key| self.keep(&key)).unwrap_or_default()
    }

    /// Gives all events of a lane to the store.
    fn keep(&mut self, key: &Key) -> Vec<Mark> {
        let Some(lane) = self.chats.get_mut(key).filter(|lane| !lane.stored) else { return Vec::new() };
        lane.stored = true;
        self.waiting += lane.queue.len();
        for seq in &lane.queue {
            self.open.remove(seq);
        }
        lane.queue.iter().copied().map(behind).collect()
    }

    /// The seq up to which every event is done or has a row, once all marks are stored.
    pub(super) fn cursor(&self) -> i64 {
        self.open.keys().next().map_or(self.read, |first| first - 1)
    }

    /// How many events run.
    pub(super) fn running(&self) -> usize {
        self.running.len()
    }

    /// Whether an event could run at once.
    pub(super) fn is_ready(&self) -> bool {
        !self.ready.is_empty()
    }
}

fn key(seq: i64, chat_id: Option<&str>) -> Key {
    chat_id.map_or(Key::Alone(seq), |chat_id| Key::Chat(chat_id.to_owned()))
}

fn behind(seq: i64) -> Mark {
    Mark::Waiting { seq, attempts: 0, next_at: None, reason: None }
}

#[cfg(test)]
mod tests;
