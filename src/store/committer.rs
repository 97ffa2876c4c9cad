//! The thread behind the [`Writer`](super::Writer). It takes all queued work into one transaction with one sync. It wakes the
//! consumers that wait for events, and notices when the store is lost.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::hooks::Wal;
use rusqlite::{Connection, TransactionBehavior};

use super::disk::{self, LogState, StoreFiles};
use super::inbox::Intake;
use super::loss::{Loss, Unwritten, is_failed_sync, is_short_read};
use super::metrics::Transactions;
use super::{LOG_PAGES, Store};
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
pub(super) type Write = Box<dyn FnOnce(&Connection) -> rusqlite::Result<()> + Send>;

/// Is told whether the write is on the disk.
pub(super) type WriteReply = Sender<Result<(), Unwritten>>;

/// A job for the thread.
pub(super) enum Job {
    Store(Box<Delivery>, Reply),
    Write(Write, WriteReply),
    Advance(String, i64),
    Reopen,
    Checkpoint(&'static str, Sender<()>),
}

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

/// Changes nothing, and still writes a page: the one with the version.
pub(super) fn write_nothing(connection: &Connection) -> rusqlite::Result<()> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    connection.pragma_update(None, "user_version", version)
}

/// Opens the store for this thread; `log_pages` tells after each commit how long the log is.
fn open(path: &Path, log_pages: &Arc<AtomicI32>) -> anyhow::Result<Store> {
    let mut store = Store::open_for_writer(path)?;
    let log_pages = Arc::clone(log_pages);
    let told = move |_: &mut Wal, pages| {
        log_pages.store(pages, Ordering::Relaxed);
        Ok(())
    };
    store.connection.wal_hook(Some(told))?;
    Ok(store)
}

/// The state of the thread.
pub(super) struct Committer {
    files: StoreFiles,
    store: Store,
    /// Whether the store is to be opened anew: it failed.
    stale: bool,
    /// Whether all that stands in the log was put on the disk since the store was opened.
    log_is_synced: bool,
    /// How many pages the log had after the last commit.
    log_pages: Arc<AtomicI32>,
    /// With how many pages the log is written back. More than usual after a failure, so that not every commit tries it again.
    longest_log: i32,
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

impl Committer {
    /// # Errors
    /// When the store cannot be opened.
    pub(super) fn new(
        path: &Path,
        commits: Arc<Commits>,
        loss: Arc<Loss>,
        transactions: Transactions,
        trouble: Box<dyn Fn(&str) + Send>,
    ) -> anyhow::Result<Self> {
        let log_pages = Arc::<AtomicI32>::default();
        let store = open(path, &log_pages)?;
        Ok(Self {
            files: StoreFiles::of(path),
            store,
            stale: false,
            log_is_synced: false,
            log_pages,
            longest_log: LOG_PAGES,
            commits,
            loss,
            transactions,
            cursors: HashMap::new(),
            trouble,
        })
    }

    /// Works until no writer is left.
    pub(super) fn run(mut self, queue: &Receiver<Job>) {
        let mut due: Option<Instant> = None;
        // What an earlier process left in the log is made durable before anybody acts on it.
        self.work(Group::default());
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
                self.write_back(mode);
                done.send(()).unwrap_or_default();
            }
        }
    }

    /// Copies the log into the store's file, as far as other processes allow it. What fails is tried again later, unless it is a sync.
    fn write_back(&mut self, mode: &str) -> bool {
        if self.check().is_err() {
            return false;
        }
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        let result = self.store.connection.query_row(&sql, [], |_| Ok(()));
        if let Err(error) = &result
            && is_failed_sync(error)
        {
            self.lose(&format!("could not be synced: {error}"));
        }
        result.is_ok()
    }

    /// Writes the log back once it is long.
    fn shorten_log(&mut self) {
        let pages = self.log_pages.swap(0, Ordering::Relaxed);
        if pages >= self.longest_log {
            let written_back = self.write_back("PASSIVE");
            self.longest_log = if written_back { LOG_PAGES } else { pages.saturating_add(LOG_PAGES) };
        } else if pages > 0 && pages < LOG_PAGES {
            self.longest_log = LOG_PAGES;
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
        self.shorten_log();
    }

    fn commit(&mut self, deliveries: &[(Box<Delivery>, Reply)], writes: Vec<Write>) -> anyhow::Result<Vec<Stored>> {
        self.loss.check()?;
        if self.stale {
            // Another store may be at its path now.
            self.check()?;
            self.store = open(self.store.path(), &self.log_pages)?;
            (self.stale, self.log_is_synced) = (false, false);
        }
        if !self.log_is_synced {
            self.store.sync_log()?;
            self.log_is_synced = true;
        }
        if deliveries.is_empty() && writes.is_empty() && self.cursors.is_empty() {
            return Ok(Vec::new());
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

    /// Finds out whether the store's files are still there, and the log is whole.
    fn look(&self) {
        if !self.files.are_current() {
            self.files.clear();
            self.lose("was removed or replaced while in use");
        } else if self.log_was_cut() {
            self.lose("has lost its log while in use");
        }
    }

    /// Whether somebody has emptied the log, which SQLite itself does only once all of it is in the store's file.
    fn log_was_cut(&self) -> bool {
        match self.files.log_state() {
            LogState::InUse => false,
            LogState::Headless => true,
            LogState::Empty => {
                let sql = "PRAGMA wal_checkpoint(PASSIVE)";
                let has_pages = match self.store.connection.query_row(sql, [], |row| row.get::<_, i64>(1)) {
                    Ok(pages) => pages > 0,
                    Err(error) => is_short_read(&error),
                };
                // Another process may have written to it meanwhile.
                has_pages && self.files.log_state() == LogState::Empty
            }
        }
    }

    /// What a failure means for whoever waits.
    fn fail(&mut self, error: &anyhow::Error) -> Unwritten {
        let cause = error.downcast_ref::<rusqlite::Error>();
        let why = crate::error::words(error);
        if cause.is_some_and(is_failed_sync) {
            // The data stands in the log, and the next process would take it for committed. So it is overwritten. If that fails too,
            // the next process that opens the store makes it durable.
            let overwritten = self.overwrite_failed();
            let left = overwritten.map_or(" (what got a 503 may be in the inbox nevertheless)", |()| "");
            self.lose(&format!("could not be synced: {why}{left}"));
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
