//! The one way to disk. One thread writes for the whole process: it takes all queued work into one transaction, syncs once, and
//! only then answers. This group commit makes durability cheap under load.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use super::committer::{Commits, Committer, Job, write_nothing};
use super::loss::{Loss, Unwritten};
use super::metrics::Transactions;
use super::{SMALL_LOG, disk};
use crate::model::{Delivery, Reply};

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
        let (jobs, queue) = channel();
        let (commits, loss, transactions) =
            (Arc::<Commits>::default(), Arc::<Loss>::default(), Transactions::default());
        let (waking, losing, measured) = (Arc::clone(&commits), Arc::clone(&loss), transactions.clone());
        let committer = Committer::new(path, waking, losing, measured, Box::new(trouble))?;
        thread::Builder::new().name("store-writer".into()).spawn(move || committer.run(&queue))?;
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::error::{Kind, kind};
    use crate::model::Stored;
    use crate::store::Store;
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
