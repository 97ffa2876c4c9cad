//! One thread that writes for everybody: it takes all that is queued into one transaction, syncs once, and only then lets
//! anyone answer 200. A single writer with group commit is what makes durability cheap under load.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use rusqlite::TransactionBehavior;

use super::commits::Commits;
use super::inbox::Intake;
use super::meters::Transactions;
use super::{Store, place};
use crate::model::{Delivery, Reply, Stored};

/// The most deliveries that share one transaction.
const BATCH: usize = 512;
/// How long a cursor's move waits for an event to share its transaction with. A crash in that time repeats the lines
/// written in it; an fsync for every line would halve what one connection can deliver.
const CURSOR_DELAY: Duration = Duration::from_millis(50);

/// What is wrong with a store whose file is not there any more.
const GONE: &str = "it was removed or replaced while in use";

/// How often a cursor's move is tried again while the store cannot be written.
const CURSOR_RETRY: Duration = Duration::from_secs(1);

enum Job {
    Store(Box<Delivery>, Reply),
    Advance(String, i64),
    Flush(Sender<Result<(), String>>),
    Probe(Sender<Result<(), String>>),
    Suspect,
    Settle(Sender<()>),
}

/// A handle to the writing thread. Cloned handles feed the same thread; it ends when the last is gone. What must not be
/// lost at the end of the process is [finished](Writer::finish).
#[derive(Clone)]
pub struct Writer {
    jobs: Sender<Job>,
    commits: Arc<Commits>,
    transactions: Transactions,
}

impl Writer {
    /// Starts the writing thread on the store at `path`. `trouble` is told, once each, when the store cannot be written
    /// and when it can again.
    ///
    /// # Errors
    /// When the store cannot be opened now; later failures go to each delivery's [`Reply`].
    pub fn start(path: &Path, trouble: impl Fn(&str) + Send + 'static) -> anyhow::Result<Self> {
        let store = Store::open_for_writer(path)?;
        let (jobs, queue) = channel();
        let (commits, transactions) = (Arc::new(Commits::default()), Transactions::default());
        let thread = Thread {
            newest: store.last_seq()?,
            store,
            stale: false,
            commits: Arc::clone(&commits),
            transactions: transactions.clone(),
            cursors: HashMap::new(),
            trouble: Box::new(trouble),
        };
        thread::Builder::new().name("store-writer".into()).spawn(move || thread.run(&queue))?;
        Ok(Self { jobs, commits, transactions })
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

    /// The same, at the end of the process; and what the log beside the store's file holds goes into that file, as far as no
    /// other process keeps it from it, so that the file alone is the whole store.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn finish(&self) -> anyhow::Result<()> {
        self.flush().context("what was read last could not be recorded, and comes again at the next start")?;
        let (sender, receiver) = channel();
        self.jobs.send(Job::Settle(sender)).ok().context("the store's writer has ended")?;
        receiver.recv().context("the store's writer has ended")
    }

    /// Whether the store can be written: something is, and `patience` is how long that may take.
    pub(super) fn is_writable(&self, patience: Duration) -> bool {
        let (sender, receiver) = channel();
        let asked = self.jobs.send(Job::Probe(sender)).is_ok();
        asked
            && receiver.recv_timeout(patience).is_ok_and(|outcome| outcome.is_ok())
            && !self.commits.failing.load(Ordering::Acquire)
    }

    /// Has the store opened anew before anything else is written: somebody could not read it, and what the writer
    /// remembers of it may hide that it is damaged.
    pub(super) fn suspect(&self) {
        // A writer that has ended writes nothing more.
        drop(self.jobs.send(Job::Suspect));
    }

    pub(super) fn transactions(&self) -> &Transactions {
        &self.transactions
    }

    pub(super) fn commits(&self) -> &Commits {
        &self.commits
    }
}

struct Thread {
    store: Store,
    /// Whether the store is to be opened anew: it failed.
    stale: bool,
    /// The newest seq ever given here. Where the store is replaced by an older one or a new one, the next goes on from
    /// there: readers have come as far, and would miss what they have seen the number of.
    newest: i64,
    commits: Arc<Commits>,
    transactions: Transactions,
    /// Moves not committed yet.
    cursors: HashMap<String, i64>,
    trouble: Box<dyn Fn(&str) + Send>,
}

/// What one round of the thread works off together.
#[derive(Default)]
struct Batch {
    deliveries: Vec<(Box<Delivery>, Reply)>,
    flushes: Vec<Sender<Result<(), String>>>,
    /// Something is to be written even where there is nothing to write.
    probe: bool,
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
            Job::Probe(reply) => {
                batch.flushes.push(reply);
                batch.probe = true;
            }
            Job::Suspect => self.stale = true,
            Job::Settle(reply) => {
                // What cannot go there now stays in the log, where the next start finds it.
                drop(self.store.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
                reply.send(()).unwrap_or_default();
            }
            Job::Advance(consumer, seq) => {
                self.cursors.insert(consumer, seq);
            }
        }
    }

    /// Commits a batch and answers everyone in it.
    fn work(&mut self, batch: Batch) {
        let result = self.commit(&batch).map_err(|error| crate::error::words(&error));
        self.report(result.as_ref().err());
        let outcomes = match result {
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
            Err(error) => {
                // Whatever is wrong with it (a full disk, a damaged or removed file), the next batch starts afresh.
                self.stale = true;
                vec![Err(error); batch.deliveries.len().max(1)]
            }
        };
        let flushed = outcomes.first().cloned().transpose().map(|_| ());
        let newest = outcomes.iter().filter_map(|outcome| match outcome {
            Ok(Stored::New { seq }) => Some(*seq),
            _ => None,
        });
        let newest = newest.max();
        // The senders first: they wait for nothing else, and whoever writes the lines wants a processor too.
        for ((_, reply), outcome) in batch.deliveries.into_iter().zip(outcomes) {
            reply(outcome);
        }
        if let Some(newest) = newest {
            self.commits.announce(newest);
        }
        for flush in batch.flushes {
            // Nobody waits any more: nothing to do about it.
            drop(flush.send(flushed.clone()));
        }
    }

    fn commit(&mut self, batch: &Batch) -> anyhow::Result<Vec<Stored>> {
        if batch.deliveries.is_empty() && self.cursors.is_empty() && !batch.probe {
            return Ok(Vec::new());
        }
        if self.stale {
            // Never without a word: nobody asked for the store in its place.
            let said = self.commits.failing.load(Ordering::Acquire);
            anyhow::ensure!(said || self.store.is_in_place(), GONE);
            self.store = self.store.again_for_writer(self.newest)?;
            self.stale = false;
        }
        let begun = Instant::now();
        let transaction = self.store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut stored = Vec::with_capacity(batch.deliveries.len());
        if !batch.deliveries.is_empty() {
            let mut intake = Intake::new(&transaction)?;
            for (delivery, _) in &batch.deliveries {
                let outcome = intake.take(delivery)?;
                if let Stored::New { seq } = outcome {
                    self.newest = self.newest.max(seq);
                }
                stored.push(outcome);
            }
        }
        for (consumer, seq) in &self.cursors {
            transaction
                .prepare_cached(
                    "INSERT INTO consumers (name, cursor) VALUES (?1, ?2)
                     ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor",
                )?
                .execute(rusqlite::params![consumer, seq])?;
        }
        if batch.probe {
            // The page that it stands on is written although it does not change.
            let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
            transaction.pragma_update(None, "user_version", version)?;
        }
        transaction.commit()?;
        // Asked after the commit: what went into a file that nobody can find any more must not be acknowledged.
        anyhow::ensure!(self.store.is_in_place(), GONE);
        if !stored.is_empty() {
            self.transactions.seconds.observe(begun.elapsed().as_secs_f64());
            #[allow(clippy::cast_precision_loss, reason = "at most some hundreds")]
            self.transactions.events.observe(stored.len() as f64);
        }
        self.cursors.clear();
        Ok(stored)
    }

    fn report(&self, error: Option<&String>) {
        let was_failing = self.commits.failing.load(Ordering::Acquire);
        match error {
            Some(error) if !was_failing => {
                (self.trouble)(&format!(
                    "cannot write the store {}: {error}; senders get 503 and cursors stay",
                    self.store.path().display()
                ));
            }
            None if was_failing && !place::has_room(self.store.path()) => return,
            None if was_failing => (self.trouble)("the store can be written again"),
            _ => return,
        }
        self.commits.failing.store(error.is_some(), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::store::inbox::read_after;
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
    fn the_log_is_written_back_before_it_is_long() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("default.db");
        let writer = Writer::start(&path, |_| ()).unwrap();
        for n in 0..300 {
            store_and_wait(&writer, delivery(&format!("k-{n}"), "chat-assigned", "c-1")).unwrap();
        }
        let pages = crate::store::place::log_size(&path) / 4096;
        assert!((320..360).contains(&pages), "{pages} pages");
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

    #[test]
    fn a_store_that_is_removed_or_replaced_under_the_writer_is_noticed_before_anybody_gets_a_200() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("default.db");
        let writer = Writer::start(&path, |_| ()).unwrap();
        let send = |key: &str| store_and_wait(&writer, delivery(key, "chat-assigned", "c-1"));
        assert_eq!(send("k-1"), Ok(Stored::New { seq: 1 }));
        let backup = home.path().join("backup.db");
        Store::open(&path).unwrap().connection.execute("VACUUM INTO ?1", [backup.to_str().unwrap()]).unwrap();
        assert_eq!(send("k-2"), Ok(Stored::New { seq: 2 }));
        std::fs::remove_file(&path).unwrap();
        assert!(send("k-3").unwrap_err().contains("removed or replaced"));
        // The seq 3 was given, and a reader of the old file may have seen it.
        assert_eq!(send("k-3"), Ok(Stored::New { seq: 4 }));
        std::fs::rename(&backup, &path).unwrap();
        assert!(send("k-4").is_err());
        assert_eq!(send("k-4"), Ok(Stored::New { seq: 6 }));
        let (kept, _) = read_after(&Store::open(&path).unwrap().connection, 0, 10).unwrap();
        assert_eq!(kept.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 6], "the backup, and what came since");
    }
}
