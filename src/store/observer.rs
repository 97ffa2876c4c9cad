//! The state of the store, for monitoring. Nothing here scans the inbox, and nothing blocks the writer.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::inbox::last_seq;
use super::metrics::StoreMetrics;
use super::{Store, Writer, disk, now};

/// How long the writer may take to show that it can write. A slower store is of no use to a sender.
const PATIENCE: Duration = Duration::from_secs(2);

/// How a store is.
#[derive(Clone, Debug)]
pub struct StoreStatus {
    /// Whether events can be stored.
    pub writable: bool,
    /// How many bytes it takes on the disk.
    pub bytes: u64,
    /// What is in the inbox; `None` where it cannot be read.
    pub inbox: Option<Inbox>,
}

/// What is in the inbox.
#[derive(Clone, Debug)]
pub struct Inbox {
    /// How many events.
    pub events: i64,
    /// How many seconds ago the newest was received; `None` where there is none.
    pub newest_seconds: Option<i64>,
    /// Every consumer that ever read here, by name.
    pub consumers: Vec<Lag>,
}

/// How far a consumer is behind.
#[derive(Clone, Debug)]
pub struct Lag {
    /// The consumer's name.
    pub name: String,
    /// How many events are after its cursor. Events that were pruned by force from between others count too.
    pub events: i64,
    /// How many seconds ago the earliest of them was received; 0 where there is none.
    pub oldest_seconds: i64,
}

/// Watches one store.
pub struct Observer {
    path: PathBuf,
    writer: Writer,
    metrics: StoreMetrics,
    /// A connection of its own; none where the last one failed.
    reader: Option<Store>,
}

impl Observer {
    /// Watches the store of this writer.
    pub fn new(path: &Path, writer: Writer) -> Self {
        let metrics = StoreMetrics::new(writer.transactions());
        Self { path: path.to_owned(), writer, metrics, reader: None }
    }

    /// Finds out the state of the store, within seconds even if the store hangs. Also returns it as metrics for Prometheus, without
    /// the end mark.
    pub fn observe(&mut self) -> (StoreStatus, String) {
        let inbox = self.inbox().inspect_err(|_| self.writer.reopen()).ok();
        let writable = self.writer.is_writable(PATIENCE);
        let status = StoreStatus { writable, bytes: disk::size(&self.path), inbox };
        let text = self.metrics.text(&status);
        (status, text)
    }

    fn inbox(&mut self) -> anyhow::Result<Inbox> {
        // Taken out: one that fails is not used again.
        let store = if let Some(store) = self.reader.take() {
            store
        } else {
            anyhow::ensure!(self.path.exists(), "the store {} was removed", self.path.display());
            Store::open(&self.path)?
        };
        let inbox = store.inbox()?;
        self.reader = Some(store);
        Ok(inbox)
    }
}

impl Store {
    fn inbox(&self) -> anyhow::Result<Inbox> {
        let now = now();
        // A clock that was set back makes nothing younger than now.
        let ago = |received_at: i64| (now - received_at).max(0) / 1000;
        // One snapshot, so that no consumer is ahead of the inbox.
        let transaction = self.connection.unchecked_transaction()?;
        let (gone, first, newest): (i64, Option<i64>, Option<i64>) = transaction
            .prepare_cached(
                "SELECT (SELECT gone FROM inbox), (SELECT min(seq) FROM events), (SELECT max(seq) FROM events)",
            )?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let mut after =
            transaction.prepare_cached("SELECT received_at FROM events WHERE seq > ?1 ORDER BY seq LIMIT 1")?;
        let mut earliest_after = |seq: i64| -> rusqlite::Result<Option<i64>> {
            let mut rows = after.query([seq])?;
            rows.next()?.map(|row| row.get(0).map(ago)).transpose()
        };
        let mut consumers = Vec::new();
        let mut statement = transaction.prepare_cached("SELECT name, cursor FROM consumers ORDER BY name")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (name, cursor): (String, i64) = (row.get(0)?, row.get(1)?);
            let behind = first.zip(newest).map_or(0, |(first, newest)| newest - cursor.max(first - 1));
            let oldest_seconds = earliest_after(cursor)?.unwrap_or_default();
            consumers.push(Lag { name, events: behind.max(0), oldest_seconds });
        }
        let newest_seconds = newest.map_or(Ok(None), |newest| earliest_after(newest - 1))?;
        Ok(Inbox { events: last_seq(&transaction)? - gone, newest_seconds, consumers })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::model::Delivery;
    use crate::store::inbox::tests::delivery;

    fn receive(writer: &Writer, key: &str, received_at: i64) {
        let delivery = Delivery { received_at, ..delivery(key, "chat-assigned", "c-1") };
        writer.store(delivery, Box::new(|outcome| assert!(outcome.is_ok())));
        writer.flush().unwrap();
    }

    #[test]
    fn it_tells_what_is_kept_and_how_far_each_consumer_is() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("default.db");
        let writer = Writer::start(&path, |_| ()).unwrap();
        let mut observer = Observer::new(&path, writer.clone());
        let empty = observer.observe().0.inbox.unwrap();
        assert_eq!((empty.events, empty.newest_seconds, empty.consumers.len()), (0, None, 0));
        for (n, age) in [(1, 90_000), (2, 60_000), (3, 30_000), (4, -30_000)] {
            receive(&writer, &format!("k-{n}"), now() - age);
        }
        receive(&writer, "k-1", now());
        writer.advance("behind", 1);
        writer.advance("done", 4);
        writer.flush().unwrap();
        let (status, text) = observer.observe();
        let inbox = status.inbox.unwrap();
        assert!(status.writable && status.bytes > 4096);
        assert_eq!((inbox.events, inbox.newest_seconds), (4, Some(0)), "one was a duplicate, one is from the future");
        let [behind, done] = &inbox.consumers[..] else { panic!("{inbox:?}") };
        assert_eq!((behind.events, done.events, done.oldest_seconds), (3, 0, 0));
        assert!((60..90).contains(&behind.oldest_seconds), "{behind:?}");
        for line in [
            "guuru_store_writable 1",
            "guuru_inbox_events 4",
            "guuru_consumer_lag_events{consumer=\"behind\"} 3",
            "guuru_commit_seconds_count 5",
            "guuru_commit_events_bucket{le=\"1.0\"} 5",
        ] {
            assert!(text.contains(&format!("{line}\n")), "{line} is not in {text}");
        }
        let store = Store::open(&path).unwrap();
        store.connection.execute("DELETE FROM events WHERE seq IN (1, 3)", []).unwrap();
        assert_eq!(observer.observe().0.inbox.unwrap().events, 2, "pruning is counted, whoever does it");
    }

    #[test]
    fn a_store_that_is_locked_is_not_writable_and_can_be_read() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("default.db");
        let writer = Writer::start(&path, |_| ()).unwrap();
        receive(&writer, "k-1", now());
        let blocker = rusqlite::Connection::open(&path).unwrap();
        blocker.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let mut observer = Observer::new(&path, writer);
        let (status, _) = observer.observe();
        assert!(!status.writable);
        assert_eq!(status.inbox.unwrap().events, 1);
        drop(blocker);
        while !observer.observe().0.writable {}
        fs::remove_file(&path).unwrap();
        assert!(!observer.observe().0.writable, "nobody has to send a webhook to find out");
    }
}
