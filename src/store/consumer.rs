//! A named reader of the inbox. Its cursor is kept in the store and moves only past events that were written in full. After a
//! crash, the next start goes on from there.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use rusqlite::OptionalExtension;
use serde::Serialize;

use super::{Mark, Store, WaitingEvent, Writer, inbox};
use crate::error::Error;
use crate::files;
use crate::model::Event;

/// How long a consumer sleeps when this process has no new event. An event that another process stores waits no longer than that.
const POLL: Duration = Duration::from_millis(25);

/// What the folder of a store's locks ends in.
const CONSUMERS: &str = "consumers";

/// Where a consumer begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// Where it stood; a new one at the earliest event kept.
    #[default]
    Cursor,
    /// At the earliest event kept.
    Earliest,
    /// After the newest event.
    Latest,
    /// At this event.
    Seq(i64),
    /// At the first event received at or after this time, in milliseconds since the Unix epoch.
    Time(i64),
}

/// A consumer and what it keeps from being pruned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsumerStatus {
    /// The consumer's name.
    #[serde(rename = "consumer")]
    pub name: String,
    /// Every event up to this seq was written in full.
    pub cursor: i64,
    /// How many events of the inbox it has not seen.
    pub behind: i64,
    /// How many wait for its handler, or were set aside by it.
    pub unfinished: i64,
}

/// A consumer of the inbox, held by this process alone.
pub struct Consumer {
    name: String,
    store: Store,
    writer: Writer,
    cursor: i64,
    /// Whether the store knows where it begins.
    recorded: bool,
    /// Whether the last read reached the end of the inbox.
    caught_up: bool,
    /// Held for as long as the consumer lives; the system lets go of it even when the process is killed.
    _lock: File,
}

impl Consumer {
    /// Takes the consumer called `name`. It is not recorded before it [begins](Self::begin): if a start fails, it must not leave a
    /// consumer for which all events are kept.
    ///
    /// # Errors
    /// When another process holds it, or on any failure of the store.
    pub fn open(store: Store, writer: Writer, name: &str, start: Start) -> anyhow::Result<Self> {
        let lock = lock(store.path(), name)?;
        let stored = stored(&store, name)?;
        let cursor = position(&store, stored, start)?;
        let recorded = stored == Some(cursor);
        Ok(Self { name: name.to_owned(), store, writer, cursor, recorded, caught_up: false, _lock: lock })
    }

    /// Records where it begins, before it reads anything, so that `latest` keeps its meaning after a crash.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn begin(&mut self) -> anyhow::Result<()> {
        if !self.recorded {
            self.advance(self.cursor);
            self.flush()?;
            self.recorded = true;
        }
        Ok(())
    }

    /// The next events after the last ones returned, at most `limit`; none when there is nothing new for a moment.
    pub fn next_batch(&mut self, limit: usize) -> anyhow::Result<Vec<Event>> {
        let announced = if self.caught_up { self.writer.commits().wait_past(self.cursor, POLL) } else { 0 };
        let events = self.try_batch(limit)?;
        if events.is_empty() {
            // Events that were committed and are gone were pruned by force. The cursor steps over them; otherwise the next wait
            // would end at once.
            self.cursor = self.cursor.max(announced);
        }
        Ok(events)
    }

    /// Returns those that are there, without waiting for any.
    pub fn try_batch(&mut self, limit: usize) -> anyhow::Result<Vec<Event>> {
        let read = inbox::read_after(&self.store.connection, self.cursor, limit);
        let (events, all) = read.inspect_err(|_| self.writer.reopen())?;
        self.caught_up = all;
        if let Some(last) = events.last() {
            self.cursor = last.seq;
        }
        Ok(events)
    }

    /// The store that it reads.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The consumer's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The last event that was returned.
    pub fn cursor(&self) -> i64 {
        self.cursor
    }

    /// Goes on after `seq`, forwards or backwards. The recorded cursor does not change.
    pub fn seek(&mut self, seq: i64) {
        self.cursor = seq;
        self.caught_up = false;
    }

    /// Records that everything up to `seq` was written in full.
    pub fn advance(&self, seq: i64) {
        self.writer.advance(&self.name, seq);
    }

    /// Waits until that is durable.
    pub fn flush(&self) -> anyhow::Result<()> {
        self.writer.flush()
    }

    /// Stores the states of events, all of them or none.
    pub fn mark(&self, marks: &[Mark]) -> anyhow::Result<()> {
        self.writer.mark(&self.name, marks)
    }

    /// The events up to its cursor that wait for its handler, in order. States of events after the cursor are dropped: those events
    /// are read again.
    pub fn resume(&self) -> anyhow::Result<Vec<WaitingEvent>> {
        self.writer.drop_marks_after(&self.name, self.cursor)?;
        self.store.waiting(&self.name)
    }
}

impl Writer {
    /// Forgets consumers that nobody uses any more, all of them or none. Each must exist and be named once.
    ///
    /// # Errors
    /// When a process holds one, or on any failure of the store.
    pub fn forget_consumers(&self, names: &[&str]) -> anyhow::Result<()> {
        let _locks = names.iter().map(|name| lock(self.path(), name)).collect::<Result<Vec<_>, _>>()?;
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        self.write(move |connection| {
            for name in &names {
                connection.execute("DELETE FROM consumers WHERE name = ?1", [name])?;
                connection.execute("DELETE FROM deliveries WHERE consumer = ?1", [name])?;
            }
            Ok(())
        })
    }
}

impl Store {
    /// Every consumer that ever read here, by name.
    pub fn consumers(&self) -> anyhow::Result<Vec<ConsumerStatus>> {
        let (newest, first) = (self.newest()?, self.oldest()?);
        let mut statement = self.connection.prepare(
            "SELECT name, cursor, (SELECT count(*) FROM deliveries WHERE consumer = name) FROM consumers ORDER BY name",
        )?;
        let rows = statement.query_map([], |row| {
            let (name, cursor): (_, i64) = (row.get(0)?, row.get(1)?);
            let behind = first.map_or(0, |first| (newest - cursor.max(first - 1)).max(0));
            Ok(ConsumerStatus { name, cursor, behind, unfinished: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn stored(store: &Store, name: &str) -> anyhow::Result<Option<i64>> {
    let sql = "SELECT cursor FROM consumers WHERE name = ?1";
    Ok(store.connection.query_row(sql, [name], |row| row.get(0)).optional()?)
}

/// Where the consumer begins: the last seq that it does not get. Never after the newest event, or new events would be skipped.
fn position(store: &Store, stored: Option<i64>, start: Start) -> anyhow::Result<i64> {
    Ok(match start {
        Start::Cursor => stored.unwrap_or(0),
        Start::Earliest => 0,
        Start::Latest => store.newest()?,
        Start::Seq(seq) => (seq - 1).min(store.newest()?),
        Start::Time(time) => {
            let sql = "SELECT min(seq) - 1 FROM events WHERE received_at >= ?1";
            let before: Option<i64> = store.connection.query_row(sql, [time], |row| row.get(0))?;
            before.map_or_else(|| store.newest(), Ok)?
        }
    })
}

fn lock(store: &Path, name: &str) -> anyhow::Result<File> {
    let path = lock_path(store, name);
    let failed = || format!("cannot lock {}", path.display());
    let elsewhere = |error: io::Error| {
        let told =
            Error::config(failed()).hint("it is for the locks of this program alone: see what has put that there");
        anyhow::Error::new(error).context(told)
    };
    if let Some(folder) = path.parent() {
        files::create_folder_in(folder).map_err(elsewhere)?;
    }
    let mut file = files::open_lock(&path).map_err(elsewhere)?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0).with_context(failed)?;
            write!(file, "{}", std::process::id()).with_context(failed)?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            file.rewind().with_context(failed)?;
            file.read_to_string(&mut holder).with_context(failed)?;
            // The holder has the lock and has not written its id yet.
            let holder = if holder.is_empty() { "another process".to_owned() } else { format!("process {holder}") };
            Err(Error::config(format!("the consumer `{name}` is held by {holder}"))
                .hint("stop that process, or name another consumer with --consumer")
                .into())
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(failed),
    }
}

/// Whether any process holds a consumer of a store in this folder.
pub fn is_any_consumer_held(folder: &Path) -> bool {
    let inside = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let held = |lock: PathBuf| {
        let taken = File::open(lock).map(|file| file.try_lock_shared());
        matches!(taken, Ok(Err(TryLockError::WouldBlock)))
    };
    inside(folder)
        .filter(|path| path.extension() == Some(CONSUMERS.as_ref()))
        .flat_map(|locks| inside(&locks))
        .any(held)
}

/// `default.db` → `default.consumers/NAME.lock`.
fn lock_path(store: &Path, name: &str) -> PathBuf {
    store.with_extension(CONSUMERS).join(format!("{name}.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Kind, kind};
    use crate::store::inbox::tests::delivery;

    struct Home {
        folder: tempfile::TempDir,
        writer: Writer,
    }

    impl Home {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let writer = Writer::start(&folder.path().join("default.db"), |_| ()).unwrap();
            Self { folder, writer }
        }

        fn receive(&self, key: &str) {
            self.writer.store(delivery(key, "chat-assigned", "c-1"), Box::new(|outcome| assert!(outcome.is_ok())));
            self.writer.flush().unwrap();
        }

        fn consumer(&self, name: &str, start: Start) -> anyhow::Result<Consumer> {
            let store = Store::open(&self.folder.path().join("default.db"))?;
            let mut consumer = Consumer::open(store, self.writer.clone(), name, start)?;
            consumer.begin()?;
            Ok(consumer)
        }
    }

    fn seqs(consumer: &mut Consumer) -> Vec<i64> {
        consumer.next_batch(10).unwrap().iter().map(|event| event.seq).collect()
    }

    #[test]
    fn a_consumer_goes_on_after_what_was_written() {
        let home = Home::new();
        (1..=4).for_each(|n| home.receive(&format!("k-{n}")));
        let mut consumer = home.consumer("default", Start::Cursor).unwrap();
        assert_eq!(seqs(&mut consumer), [1, 2, 3, 4]);
        consumer.advance(2);
        home.writer.flush().unwrap();
        drop(consumer);
        let mut consumer = home.consumer("default", Start::Cursor).unwrap();
        assert_eq!(seqs(&mut consumer), [3, 4]);
        assert_eq!(seqs(&mut consumer), [0; 0]);
    }

    #[test]
    fn a_consumer_can_begin_anywhere() {
        let home = Home::new();
        (1..=3).for_each(|n| home.receive(&format!("k-{n}")));
        for (name, start, expected) in [
            ("earliest", Start::Earliest, vec![1, 2, 3]),
            ("latest", Start::Latest, vec![]),
            ("seq", Start::Seq(3), vec![3]),
            ("past", Start::Time(0), vec![1, 2, 3]),
            ("future", Start::Time(i64::MAX), vec![]),
            ("beyond", Start::Seq(100), vec![]),
        ] {
            assert_eq!(seqs(&mut home.consumer(name, start).unwrap()), expected, "{name}");
        }
    }

    #[test]
    fn a_start_is_kept_even_where_no_event_was_ever_seen() {
        let home = Home::new();
        home.receive("k-1");
        for (name, start) in [("latest", Start::Latest), ("beyond", Start::Seq(100)), ("earliest", Start::Cursor)] {
            drop(home.consumer(name, start).unwrap());
        }
        home.receive("k-2");
        for (name, expected) in [("latest", vec![2]), ("beyond", vec![2]), ("earliest", vec![1, 2])] {
            assert_eq!(seqs(&mut home.consumer(name, Start::Cursor).unwrap()), expected, "{name}");
        }
    }

    #[test]
    fn a_consumer_of_a_pruned_inbox_goes_on_at_the_earliest_event_kept() {
        let home = Home::new();
        (1..=4).for_each(|n| home.receive(&format!("k-{n}")));
        let mut waiting = home.consumer("waiting", Start::Latest).unwrap();
        let store = Store::open(&home.folder.path().join("default.db")).unwrap();
        store.connection.execute("DELETE FROM events WHERE seq <= 2", []).unwrap();
        assert_eq!(seqs(&mut home.consumer("new", Start::Cursor).unwrap()), [3, 4]);
        assert_eq!(seqs(&mut home.consumer("pruned", Start::Seq(1)).unwrap()), [3, 4]);
        store.connection.execute("DELETE FROM events", []).unwrap();
        assert_eq!(seqs(&mut home.consumer("empty", Start::Cursor).unwrap()), [0; 0]);
        home.receive("k-5");
        assert_eq!(seqs(&mut waiting), [5]);
        assert_eq!(seqs(&mut home.consumer("empty", Start::Cursor).unwrap()), [5], "a seq is never used again");
    }

    #[test]
    fn a_consumer_whose_next_events_were_pruned_by_force_does_not_spin() {
        let home = Home::new();
        let mut consumer = home.consumer("default", Start::Cursor).unwrap();
        assert_eq!(seqs(&mut consumer), [0; 0]);
        home.receive("k-1");
        let store = Store::open(&home.folder.path().join("default.db")).unwrap();
        store.connection.execute("DELETE FROM events", []).unwrap();
        assert_eq!(seqs(&mut consumer), [0; 0]);
        let start = std::time::Instant::now();
        assert_eq!(seqs(&mut consumer), [0; 0]);
        assert!(start.elapsed() >= POLL, "the second look has waited");
    }

    #[test]
    fn a_forgotten_consumer_is_new_again_and_one_in_use_is_not_forgotten() {
        let home = Home::new();
        home.receive("k-1");
        let consumer = home.consumer("default", Start::Latest).unwrap();
        let store = Store::open(&home.folder.path().join("default.db")).unwrap();
        assert_eq!(kind(&home.writer.forget_consumers(&["default"]).unwrap_err()), Kind::Config);
        drop(consumer);
        home.writer.forget_consumers(&["default"]).unwrap();
        assert_eq!(store.consumers().unwrap(), []);
        assert_eq!(seqs(&mut home.consumer("default", Start::Cursor).unwrap()), [1]);
    }

    #[test]
    fn two_of_one_name_are_refused_and_two_names_are_not() {
        let home = Home::new();
        let first = home.consumer("default", Start::Cursor).unwrap();
        let error = home.consumer("default", Start::Cursor).err().unwrap();
        assert_eq!(kind(&error), Kind::Config);
        assert!(error.to_string().contains(&format!("held by process {}", std::process::id())), "{error}");
        home.consumer("second", Start::Cursor).unwrap();
        drop(first);
        home.consumer("default", Start::Cursor).unwrap();
    }
}
