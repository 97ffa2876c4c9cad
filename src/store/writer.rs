//! One thread that writes for everybody: it takes all that is queued into one transaction, syncs once, and only then lets
//! anyone answer 200. A single writer with group commit is what makes durability cheap under load.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use rusqlite::TransactionBehavior;

use super::{Store, inbox};
use crate::model::{Delivery, Reply, Stored};

/// The most deliveries that share one transaction.
const BATCH: usize = 512;

/// How long a cursor's move waits for an event to share its transaction with. A crash in that time repeats the lines
/// written in it; an fsync for every line would halve what one connection can deliver.
const CURSOR_DELAY: Duration = Duration::from_millis(50);

/// How often a cursor's move is tried again while the store cannot be written.
const CURSOR_RETRY: Duration = Duration::from_secs(1);

enum Job {
    Store(Box<Delivery>, Reply),
    Advance(String, i64),
    Flush(Sender<Result<(), String>>),
}

/// A handle to the writing thread. Cloned handles feed the same thread; it ends when the last is gone. What must not be
/// lost at the end of the process is [flushed](Writer::flush).
#[derive(Clone)]
pub struct Writer {
    jobs: Sender<Job>,
    commits: Arc<Commits>,
}

/// What the writing thread lets the others know: it wakes the consumers of this process when events were committed.
#[derive(Default)]
pub(super) struct Commits {
    newest: Mutex<i64>,
    changed: Condvar,
    failing: AtomicBool,
}

impl Commits {
    /// Waits until an event after `seq` was committed in this process, or for `timeout`; tells the newest one.
    pub(super) fn wait_past(&self, seq: i64, timeout: Duration) -> i64 {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(newest, timeout, |newest| *newest <= seq);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn announce(&self, seq: i64) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = seq;
        self.changed.notify_all();
    }
}

impl Writer {
    /// Starts the writing thread on the store at `path`. `trouble` is told, once each, when the store cannot be written
    /// and when it can again.
    ///
    /// # Errors
    /// When the store cannot be opened now; later failures go to each delivery's [`Reply`].
    pub fn start(path: &Path, trouble: impl Fn(&str) + Send + 'static) -> anyhow::Result<Self> {
        let store = Store::open(path)?;
        let (jobs, queue) = channel();
        let commits = Arc::new(Commits::default());
        let thread = Thread {
            path: path.to_owned(),
            store: Some(store),
            commits: Arc::clone(&commits),
            cursors: HashMap::new(),
            trouble: Box::new(trouble),
        };
        thread::Builder::new().name("store-writer".into()).spawn(move || thread.run(&queue))?;
        Ok(Self { jobs, commits })
    }

    /// Stores a delivery; `reply` is called on the writing thread once it is durable, or cannot be.
    pub fn store(&self, delivery: Delivery, reply: Reply) {
        if let Err(failed) = self.jobs.send(Job::Store(Box::new(delivery), reply))
            && let Job::Store(_, reply) = failed.0
        {
            reply(Err("the store's writer has ended".into()));
        }
    }

    /// Moves a consumer's cursor to `seq`, soon.
    pub fn advance(&self, consumer: &str, seq: i64) {
        // A writer that has ended keeps the older cursor: those lines come again, none is lost.
        drop(self.jobs.send(Job::Advance(consumer.to_owned(), seq)));
    }

    /// Waits until all that was handed over before is durable.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn flush(&self) -> anyhow::Result<()> {
        let (sender, receiver) = channel();
        self.jobs.send(Job::Flush(sender)).ok().context("the store's writer has ended")?;
        receiver.recv().context("the store's writer has ended")?.map_err(anyhow::Error::msg)
    }

    /// Whether the last attempt to write succeeded.
    pub fn is_healthy(&self) -> bool {
        !self.commits.failing.load(Ordering::Acquire)
    }

    pub(super) fn commits(&self) -> &Commits {
        &self.commits
    }
}

struct Thread {
    path: PathBuf,
    store: Option<Store>,
    commits: Arc<Commits>,
    /// Moves not committed yet.
    cursors: HashMap<String, i64>,
    trouble: Box<dyn Fn(&str) + Send>,
}

/// What one round of the thread works off together.
#[derive(Default)]
struct Batch {
    deliveries: Vec<(Box<Delivery>, Reply)>,
    flushes: Vec<Sender<Result<(), String>>>,
}

impl Thread {
    fn run(mut self, queue: &Receiver<Job>) {
        let mut due: Option<Instant> = None;
        loop {
            let first = match due {
                None => queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => queue.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            let mut batch = Batch::default();
            match first {
                Ok(job) => self.take(job, &mut batch),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            while batch.deliveries.len() < BATCH
                && let Ok(job) = queue.try_recv()
            {
                self.take(job, &mut batch);
            }
            let waited = due.is_some_and(|due| due <= Instant::now());
            if waited || !batch.deliveries.is_empty() || !batch.flushes.is_empty() {
                self.work(batch);
                due = None;
            }
            if self.cursors.is_empty() {
                due = None;
            } else if due.is_none() {
                due = Some(
                    Instant::now()
                        + if self.commits.failing.load(Ordering::Relaxed) { CURSOR_RETRY } else { CURSOR_DELAY },
                );
            }
        }
        self.work(Batch::default());
    }

    fn take(&mut self, job: Job, batch: &mut Batch) {
        match job {
            Job::Store(delivery, reply) => batch.deliveries.push((delivery, reply)),
            Job::Flush(reply) => batch.flushes.push(reply),
            Job::Advance(consumer, seq) => {
                self.cursors.insert(consumer, seq);
            }
        }
    }

    /// Commits a batch and answers everyone in it.
    fn work(&mut self, batch: Batch) {
        let result = self.commit(&batch.deliveries).map_err(|error| format!("{error:#}"));
        self.report(result.as_ref().err());
        let outcomes = match result {
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
            Err(error) => {
                // Whatever is wrong with it (a full disk, a damaged or removed file), the next batch starts afresh.
                self.store = None;
                vec![Err(error); batch.deliveries.len().max(1)]
            }
        };
        let flushed = outcomes.first().cloned().transpose().map(|_| ());
        let newest = outcomes.iter().filter_map(|outcome| match outcome {
            Ok(Stored::New { seq }) => Some(*seq),
            _ => None,
        });
        if let Some(newest) = newest.max() {
            self.commits.announce(newest);
        }
        for ((_, reply), outcome) in batch.deliveries.into_iter().zip(outcomes) {
            reply(outcome);
        }
        for flush in batch.flushes {
            // Nobody waits any more: nothing to do about it.
            drop(flush.send(flushed.clone()));
        }
    }

    fn commit(&mut self, deliveries: &[(Box<Delivery>, Reply)]) -> anyhow::Result<Vec<Stored>> {
        if deliveries.is_empty() && self.cursors.is_empty() {
            return Ok(Vec::new());
        }
        let store = match &mut self.store {
            Some(store) => store,
            none => none.insert(Store::open(&self.path)?),
        };
        let transaction = store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let stored =
            deliveries.iter().map(|(delivery, _)| inbox::insert(&transaction, delivery)).collect::<Result<_, _>>()?;
        for (consumer, seq) in &self.cursors {
            transaction
                .prepare_cached(
                    "INSERT INTO consumers (name, cursor) VALUES (?1, ?2)
                     ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor",
                )?
                .execute(rusqlite::params![consumer, seq])?;
        }
        transaction.commit()?;
        self.cursors.clear();
        Ok(stored)
    }

    fn report(&self, error: Option<&String>) {
        let was_failing = self.commits.failing.swap(error.is_some(), Ordering::AcqRel);
        match error {
            Some(error) if !was_failing => {
                (self.trouble)(&format!(
                    "cannot write the store {}: {error}; senders get 503 and cursors stay",
                    self.path.display()
                ));
            }
            None if was_failing => (self.trouble)("the store can be written again"),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::store::inbox::tests::delivery;

    fn store_and_wait(writer: &Writer, delivery: Delivery) -> Result<Stored, String> {
        let (sender, receiver) = mpsc::channel();
        writer.store(delivery, Box::new(move |outcome| sender.send(outcome).unwrap()));
        receiver.recv().unwrap()
    }

    #[test]
    fn concurrent_deliveries_get_consecutive_places() {
        let home = tempfile::tempdir().unwrap();
        let writer = Writer::start(&home.path().join("default.db"), |_| ()).unwrap();
        let mut seqs: Vec<i64> = thread::scope(|scope| {
            let writer = &writer;
            let senders: Vec<_> = (0..8)
                .map(|sender| {
                    scope.spawn(move || {
                        (0..50)
                            .map(|n| delivery(&format!("{sender}-{n}"), "chat-assigned", "c-1"))
                            .map(|delivery| match store_and_wait(writer, delivery).unwrap() {
                                Stored::New { seq } => seq,
                                Stored::Duplicate { seq } => panic!("{seq} is taken for a duplicate"),
                            })
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect()
        });
        seqs.sort_unstable();
        assert_eq!(seqs, (1..=400).collect::<Vec<_>>());
    }

    #[test]
    fn a_store_that_fails_answers_with_the_reason_and_recovers_by_itself() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("default.db");
        let (said, heard) = mpsc::channel();
        let writer = Writer::start(&path, move |text| said.send(text.to_owned()).unwrap()).unwrap();
        let blocker = rusqlite::Connection::open(&path).unwrap();
        blocker.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let error = store_and_wait(&writer, delivery("k-1", "chat-assigned", "c-1")).unwrap_err();
        assert!(error.contains("locked"), "{error}");
        assert!(heard.recv().unwrap().contains("senders get 503"));
        blocker.execute_batch("ROLLBACK").unwrap();
        assert_eq!(store_and_wait(&writer, delivery("k-1", "chat-assigned", "c-1")), Ok(Stored::New { seq: 1 }));
        assert_eq!(heard.recv().unwrap(), "the store can be written again");
    }
}
