//! The one way to disk. One thread writes for the whole process: it takes all queued work into one transaction, syncs once, and
//! only then answers. This group commit makes durability cheap under load.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior};

use super::commits::Commits;
use super::disk::{self, StoreFiles};
use super::inbox::Intake;
use super::loss::{Loss, Unwritten, is_failed_sync};
use super::metrics::Transactions;
use super::{SMALL_LOG, Store};
use crate::model::{Delivery, Reply, Stored};

/// The most that shares one transaction.
const BATCH: usize = 512;
/// How long a cursor's move waits for an event to share its transaction with. A crash in that time repeats the lines
/// written in it; an fsync for every line would halve what one connection can deliver.
const CURSOR_DELAY: Duration = Duration::from_millis(50);

/// How often a cursor's move is tried again while the store cannot be written.
const CURSOR_RETRY: Duration = Duration::from_secs(1);

/// How often a writer that has nothing to do looks whether its store is still there.
const LOOK: Duration = Duration::from_secs(1);

/// Something to be done within the writer's transaction. Where one fails, all that share the transaction have failed.
type Write = Box<dyn FnOnce(&Connection) -> rusqlite::Result<()> + Send>;

/// Is told whether the write is on the disk.
type WriteReply = Sender<Result<(), Unwritten>>;

enum Job {
    Store(Box<Delivery>, Reply),
    Write(Write, WriteReply),
    Advance(String, i64),
    Reopen,
    Checkpoint(&'static str, Sender<()>),
}

/// A handle to the writing thread. Clones share the thread, and it ends with the last of them. Call [`finish`](Writer::finish)
/// before the process ends.
#[derive(Clone)]
pub struct Writer {
    path: PathBuf,
    jobs: Sender<Job>,
    commits: Arc<Commits>,
    loss: Arc<Loss>,
    transactions: Transactions,
}

impl Writer {
    /// Starts the writing thread on the store at `path`. `trouble` is told, once each, when the store cannot be written
    /// and when it can again.
    ///
    /// # Errors
    /// When the store cannot be opened now. Later failures are told to whoever writes.
    pub fn start(path: &Path, trouble: impl Fn(&str) + Send + 'static) -> anyhow::Result<Self> {
        let store = Store::open_for_writer(path)?;
        let (jobs, queue) = channel();
        let (commits, loss, transactions) =
            (Arc::new(Commits::default()), Arc::new(Loss::default()), Transactions::default());
        let thread = WriterThread {
            files: StoreFiles::of(path),
            store,
            stale: false,
            commits: Arc::clone(&commits),
            loss: Arc::clone(&loss),
            transactions: transactions.clone(),
            cursors: HashMap::new(),
            trouble: Box::new(trouble),
        };
        thread::Builder::new().name("store-writer".into()).spawn(move || thread.run(&queue))?;
        Ok(Self { path: path.to_owned(), jobs, commits, loss, transactions })
    }

    /// The store's file.
    pub fn path(&self) -> &Path {
        &self.path
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
        // If the writer has ended, the older cursor stays: those lines come again, and none is lost.
        drop(self.jobs.send(Job::Advance(consumer.to_owned(), seq)));
    }

    /// Waits until something is written and on the disk, with all that was handed over before.
    ///
    /// # Errors
    /// [`Unwritten`] when it is not, nor will be: nothing of it stays.
    pub(super) fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let (result, results) = channel();
        let written = self.hand_over(move |connection| {
            // Nobody waits any more: nothing to do about it.
            drop(result.send(write(connection)?));
            Ok(())
        });
        let ended = || Unwritten::new("its writer has ended");
        written.recv().unwrap_or_else(|_| Err(ended()))?;
        Ok(results.recv().map_err(|_| ended())?)
    }

    fn hand_over(
        &self,
        write: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static,
    ) -> Receiver<Result<(), Unwritten>> {
        let (written, receiver) = channel();
        // A writer that has ended lets go of the other end.
        drop(self.jobs.send(Job::Write(Box::new(write), written)));
        receiver
    }

    /// Waits until all that was handed over before is durable.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn flush(&self) -> anyhow::Result<()> {
        self.write(|_| Ok(()))
    }

    /// Waits for it at the end of the process, and [writes the log back](Self::write_back_log).
    ///
    /// # Errors
    /// When the store cannot be written, or is [lost](Self::check).
    pub fn finish(&self) -> anyhow::Result<()> {
        let flushed = self.flush();
        self.check()?;
        // Whatever kind of failure the store's is, the program has done what it could.
        flushed.map_err(|error| {
            anyhow::anyhow!("what was read last could not be recorded, and comes again at the next start: {error:#}")
        })?;
        self.write_back_log();
        Ok(())
    }

    /// Copies the log into the store's file, unless another process prevents it. Then the file alone is the whole store.
    pub fn write_back_log(&self) {
        self.checkpoint("TRUNCATE");
    }

    /// Writes the log back in one of SQLite's modes; PASSIVE waits for nobody. The rest stays in the log, where the next start
    /// finds it.
    pub(super) fn checkpoint(&self, mode: &'static str) {
        let (sender, receiver) = channel();
        if self.jobs.send(Job::Checkpoint(mode, sender)).is_ok() {
            receiver.recv().unwrap_or_default();
        }
    }

    /// Writes the log back only if it is large. A command that writes little leaves it to the next process: writing it back takes
    /// three syncs, and sending one message would take twice as long.
    pub fn write_back_large_log(&self) {
        if disk::log_size(&self.path) > SMALL_LOG {
            self.write_back_log();
        }
    }

    /// Calls `listener` once when this process loses the store: its file was removed or replaced, or a sync has failed. From then
    /// on nothing is written, and the process must end.
    pub fn on_loss(&self, listener: impl FnOnce() + Send + 'static) {
        self.loss.tell(listener);
    }

    /// # Errors
    /// [`crate::error::Kind::Config`] once the store is lost to this process.
    pub fn check(&self) -> anyhow::Result<()> {
        self.loss.check()
    }

    /// Whether the store can be written: something is, and `patience` is how long that may take.
    pub(super) fn is_writable(&self, patience: Duration) -> bool {
        let written = self.hand_over(write_nothing);
        written.recv_timeout(patience).is_ok_and(|written| written.is_ok())
            && !self.commits.failing.load(Ordering::Acquire)
    }

    /// Opens the store again before the next write. Somebody could not read it, and the writer's cache may hide that it is damaged.
    pub(super) fn reopen(&self) {
        // A writer that has ended writes nothing more.
        drop(self.jobs.send(Job::Reopen));
    }

    pub(super) fn transactions(&self) -> &Transactions {
        &self.transactions
    }

    pub(super) fn commits(&self) -> &Commits {
        &self.commits
    }
}

/// Changes nothing, and still writes a page: the one with the version.
fn write_nothing(connection: &Connection) -> rusqlite::Result<()> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    connection.pragma_update(None, "user_version", version)
}

struct WriterThread {
    files: StoreFiles,
    store: Store,
    /// Whether the store is to be opened anew: it failed.
    stale: bool,
    commits: Arc<Commits>,
    loss: Arc<Loss>,
    transactions: Transactions,
    /// Moves not committed yet.
    cursors: HashMap<String, i64>,
    trouble: Box<dyn Fn(&str) + Send>,
}

/// The work that shares one transaction.
#[derive(Default)]
struct Group {
    deliveries: Vec<(Box<Delivery>, Reply)>,
    writes: Vec<Write>,
    /// Those who wait for the writes.
    waiting: Vec<WriteReply>,
}

impl Group {
    fn len(&self) -> usize {
        self.deliveries.len() + self.writes.len()
    }
}

impl WriterThread {
    fn run(mut self, queue: &Receiver<Job>) {
        let mut due: Option<Instant> = None;
        loop {
            let wait = due.map_or(LOOK, |due| due.saturating_duration_since(Instant::now()));
            let mut group = Group::default();
            match queue.recv_timeout(wait) {
                Ok(job) => self.take(job, &mut group),
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
            while group.len() < BATCH
                && let Ok(job) = queue.try_recv()
            {
                self.take(job, &mut group);
            }
            let waited = due.is_some_and(|due| due <= Instant::now());
            if waited || group.len() > 0 {
                self.work(group);
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
        self.work(Group::default());
    }

    fn take(&mut self, job: Job, group: &mut Group) {
        match job {
            Job::Store(delivery, reply) => group.deliveries.push((delivery, reply)),
            Job::Write(write, written) => {
                group.writes.push(write);
                group.waiting.push(written);
            }
            Job::Advance(consumer, seq) => {
                self.cursors.insert(consumer, seq);
            }
            Job::Reopen => self.stale = true,
            Job::Checkpoint(mode, done) => {
                let sql = format!("PRAGMA wal_checkpoint({mode})");
                drop(self.store.connection.query_row(&sql, [], |_| Ok(())));
                done.send(()).unwrap_or_default();
            }
        }
    }

    /// Commits a group and answers everyone in it.
    fn work(&mut self, mut group: Group) {
        let deliveries = std::mem::take(&mut group.deliveries);
        let result = self.commit(&deliveries, std::mem::take(&mut group.writes)).map_err(|error| self.fail(&error));
        self.report(result.as_ref().err());
        let written = result.as_ref().map(drop).map_err(Unwritten::clone);
        let outcomes: Vec<_> = match result {
            Ok(stored) => stored.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error.why); deliveries.len()],
        };
        let newest = outcomes.iter().filter_map(|outcome| match outcome {
            Ok(Stored::New { seq }) => Some(*seq),
            _ => None,
        });
        let newest = newest.max();
        // The senders first: they wait for nothing else, and the consumers that are woken next need a processor too.
        for ((_, reply), outcome) in deliveries.into_iter().zip(outcomes) {
            reply(outcome);
        }
        if let Some(newest) = newest {
            self.commits.announce(newest);
        }
        for waiting in group.waiting {
            // Nobody waits any more: nothing to do about it.
            drop(waiting.send(written.clone()));
        }
    }

    fn commit(&mut self, deliveries: &[(Box<Delivery>, Reply)], writes: Vec<Write>) -> anyhow::Result<Vec<Stored>> {
        self.loss.check()?;
        if deliveries.is_empty() && writes.is_empty() && self.cursors.is_empty() {
            return Ok(Vec::new());
        }
        if self.stale {
            // Another store may be at its path now.
            self.check()?;
            self.store = Store::open_for_writer(self.store.path())?;
            self.stale = false;
        }
        let begun = Instant::now();
        let transaction = self.store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut stored = Vec::with_capacity(deliveries.len());
        if !deliveries.is_empty() {
            let mut intake = Intake::new(&transaction)?;
            for (delivery, _) in deliveries {
                stored.push(intake.take(delivery)?);
            }
        }
        for write in writes {
            write(&transaction)?;
        }
        for (consumer, seq) in &self.cursors {
            transaction
                .prepare_cached(
                    "INSERT INTO consumers (name, cursor) VALUES (?1, ?2)
                     ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor",
                )?
                .execute(rusqlite::params![consumer, seq])?;
        }
        transaction.commit()?;
        // Checked after the commit: if the file was removed, nobody can find what was written, and senders must not get a 200.
        self.check()?;
        if !stored.is_empty() {
            self.transactions.seconds.observe(begun.elapsed().as_secs_f64());
            #[allow(clippy::cast_precision_loss, reason = "at most some hundreds")]
            self.transactions.events.observe(stored.len() as f64);
        }
        self.cursors.clear();
        Ok(stored)
    }

    /// # Errors
    /// When the store is lost.
    fn check(&self) -> anyhow::Result<()> {
        self.look();
        self.loss.check()
    }

    /// Finds out whether the store's file is still there.
    fn look(&self) {
        if !self.files.is_current() {
            self.files.clear();
            self.lose("was removed or replaced while in use");
        }
    }

    /// What a failure means for whoever waits.
    fn fail(&mut self, error: &anyhow::Error) -> Unwritten {
        let cause = error.downcast_ref::<rusqlite::Error>();
        let why = crate::error::words(error);
        if cause.is_some_and(is_failed_sync) {
            // The data stands in the log, and the next process would take it for committed. So it is overwritten.
            drop(self.overwrite_failed());
            self.lose(&format!("could not be synced: {why}"));
        }
        // For any other failure (a full disk, a damaged file), the next group opens the store again.
        self.stale = true;
        Unwritten { why, code: cause.and_then(rusqlite::Error::sqlite_error_code) }
    }

    fn overwrite_failed(&mut self) -> rusqlite::Result<()> {
        let transaction = self.store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        write_nothing(&transaction)?;
        transaction.commit()
    }

    fn lose(&self, how: &str) {
        self.loss.declare(format!("the store {} {how}", self.store.path().display()));
    }

    fn report(&self, error: Option<&Unwritten>) {
        let was_failing = self.commits.failing.swap(error.is_some(), Ordering::AcqRel);
        match error {
            // The process ends, and says why.
            _ if self.loss.check().is_err() => {}
            Some(Unwritten { why, .. }) if !was_failing => {
                (self.trouble)(&format!(
                    "cannot write the store {}: {why}; senders get 503 and cursors stay",
                    self.store.path().display()
                ));
            }
            None if was_failing && !disk::has_room(self.store.path()) => {
                self.commits.failing.store(true, Ordering::Release);
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
    use crate::error::{Kind, kind};
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
        let pages = crate::store::disk::log_size(&path) / 4096;
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
    fn a_store_that_is_removed_or_replaced_under_the_writer_is_lost_before_anybody_gets_a_200() {
        for replaced in [false, true] {
            let home = tempfile::tempdir().unwrap();
            let path = home.path().join("default.db");
            let writer = Writer::start(&path, |trouble| panic!("the end of the process says it: {trouble}")).unwrap();
            let send = |key: &str| store_and_wait(&writer, delivery(key, "chat-assigned", "c-1"));
            assert_eq!(send("k-1"), Ok(Stored::New { seq: 1 }));
            let backup = home.path().join("backup.db");
            Store::open(&path).unwrap().connection.execute("VACUUM INTO ?1", [backup.to_str().unwrap()]).unwrap();
            assert_eq!(send("k-2"), Ok(Stored::New { seq: 2 }));
            writer.check().unwrap();
            let (tell, told) = mpsc::channel();
            writer.on_loss(move || tell.send(()).unwrap());
            if replaced {
                std::fs::rename(&backup, &path).unwrap();
            } else {
                std::fs::remove_file(&path).unwrap();
            }
            assert!(send("k-3").unwrap_err().contains("removed or replaced"));
            told.recv().unwrap();
            assert!(send("k-3").unwrap_err().contains("removed or replaced"), "for good");
            assert!(writer.flush().unwrap_err().is::<Unwritten>() && !writer.is_writable(Duration::from_secs(60)));
            assert_eq!(kind(&writer.finish().unwrap_err()), Kind::Config);
            let (kept, _) = read_after(&Store::open(&path).unwrap().connection, 0, 10).unwrap();
            assert_eq!(kept.len(), usize::from(replaced), "the log of the other one is no part of it");
        }
    }

    #[test]
    fn a_writer_that_has_nothing_to_do_finds_out_that_its_store_is_gone() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("default.db");
        let writer = Writer::start(&path, |_| ()).unwrap();
        let (tell, told) = mpsc::channel();
        writer.on_loss(move || tell.send(()).unwrap());
        std::fs::remove_file(&path).unwrap();
        told.recv_timeout(Duration::from_secs(60)).unwrap();
    }

    #[test]
    fn a_write_that_fails_takes_those_beside_it_with_it_and_none_after_it() {
        let home = tempfile::tempdir().unwrap();
        let writer = Writer::start(&home.path().join("default.db"), |_| ()).unwrap();
        let error = writer.write(|connection| {
            connection.execute("INSERT INTO consumers (name, cursor) VALUES ('half', 1)", [])?;
            connection.execute("INSERT INTO nowhere VALUES (1)", [])
        });
        assert!(format!("{:#}", error.unwrap_err()).contains("no such table: nowhere"));
        let count =
            |connection: &Connection| connection.query_row("SELECT count(*) FROM consumers", [], |row| row.get(0));
        assert_eq!(writer.write::<i64>(count).unwrap(), 0);
    }
}
