//! Events that are not done although their consumer's cursor has passed them: they wait to be tried again, or were set aside. Only
//! these have a row, so a handler that never fails costs the store nothing. (Their table is called `deliveries` since version 1 of
//! the store.)

use rusqlite::{Connection, OptionalExtension, params};

use super::{Store, Writer, inbox, now};
use crate::model::Event;

/// A new state of an unfinished event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is to be tried (again).
    Waiting {
        /// The event's place in the inbox.
        seq: i64,
        /// How often it was tried.
        attempts: u32,
        /// When it is to be tried, in milliseconds since the Unix epoch; `None`: once the ones before it are done.
        next_at: Option<i64>,
        /// Why it was not done; `None` where it was not tried.
        reason: Option<String>,
    },
    /// It is set aside.
    Failed {
        /// The event's place in the inbox.
        seq: i64,
        /// How often it was tried.
        attempts: u32,
        /// Why it was not done.
        reason: String,
    },
    /// It is done, and its row goes.
    Done {
        /// The event's place in the inbox.
        seq: i64,
    },
}

/// An event that waits to be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingEvent {
    /// Its place in the inbox.
    pub seq: i64,
    /// The chat that it is about.
    pub chat_id: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is to be tried, in milliseconds since the Unix epoch; `None`: once the ones before it are done.
    pub next_at: Option<i64>,
}

/// An event that was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedEvent {
    /// The consumer that it was set aside for.
    pub consumer: String,
    /// Its place in the inbox.
    pub seq: i64,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it was not done.
    pub reason: String,
    /// When it was set aside, in milliseconds since the Unix epoch.
    pub failed_at: i64,
}

impl Writer {
    /// Keeps the marks, all or none.
    pub(super) fn mark(&self, consumer: &str, marks: &[Mark]) -> anyhow::Result<()> {
        let (consumer, marks) = (consumer.to_owned(), marks.to_vec());
        self.write(move |connection| marks.iter().try_for_each(|mark| keep(connection, &consumer, mark)))
    }

    /// Drops the rows of events after the consumer's cursor: those events are read again.
    pub(super) fn drop_marks_after(&self, consumer: &str, cursor: i64) -> anyhow::Result<()> {
        let sql = "DELETE FROM deliveries WHERE consumer = ?1 AND seq > ?2";
        let consumer = consumer.to_owned();
        self.write(move |connection| connection.execute(sql, params![consumer, cursor]).map(drop))
    }

    /// Forgets that an event was set aside, because it is done now. Returns whether it was set aside.
    pub fn clear_failed(&self, seq: i64) -> anyhow::Result<bool> {
        let sql = "DELETE FROM deliveries WHERE seq = ?1 AND state = 'failed'";
        self.write(move |connection| Ok(connection.execute(sql, [seq])? > 0))
    }
}

fn keep(connection: &Connection, consumer: &str, mark: &Mark) -> rusqlite::Result<()> {
    let (seq, state, attempts, next_at, reason) = match mark {
        Mark::Waiting { seq, attempts, next_at, reason } => (seq, "waiting", attempts, *next_at, reason.as_deref()),
        Mark::Failed { seq, attempts, reason } => (seq, "failed", attempts, None, Some(reason.as_str())),
        Mark::Done { seq } => {
            let sql = "DELETE FROM deliveries WHERE consumer = ?1 AND seq = ?2";
            return connection.prepare_cached(sql)?.execute(params![consumer, seq]).map(drop);
        }
    };
    let sql = "INSERT OR REPLACE INTO deliveries (consumer, seq, state, attempts, next_at, reason, updated_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let values = params![consumer, seq, state, attempts, next_at, reason, now()];
    connection.prepare_cached(sql)?.execute(values).map(drop)
}

impl Store {
    /// The events that wait for this consumer, in order.
    pub fn waiting(&self, consumer: &str) -> anyhow::Result<Vec<WaitingEvent>> {
        let mut statement = self.connection.prepare(
            "SELECT seq, chat_id, attempts, next_at FROM deliveries JOIN events USING (seq)
             WHERE consumer = ?1 AND state = 'waiting' ORDER BY seq",
        )?;
        let rows = statement.query_map([consumer], |row| {
            Ok(WaitingEvent { seq: row.get(0)?, chat_id: row.get(1)?, attempts: row.get(2)?, next_at: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The events that were set aside, in order: those of one consumer, or of all.
    pub fn failed(&self, consumer: Option<&str>) -> anyhow::Result<Vec<FailedEvent>> {
        let mut statement = self.connection.prepare(
            "SELECT consumer, seq, attempts, reason, updated_at FROM deliveries
             WHERE state = 'failed' AND (?1 IS NULL OR consumer = ?1) ORDER BY seq, consumer",
        )?;
        let rows = statement.query_map([consumer], |row| {
            Ok(FailedEvent {
                consumer: row.get(0)?,
                seq: row.get(1)?,
                attempts: row.get(2)?,
                reason: row.get(3)?,
                failed_at: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// An event and the header lines of its request, as they came; `None` where the inbox has no such event.
    pub fn event_with_headers(&self, seq: i64) -> anyhow::Result<Option<(Event, Vec<u8>)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, id, event, chat_id, received_at, own, requested_experts, body, headers
             FROM events WHERE seq = ?1",
        )?;
        let read = |row: &rusqlite::Row<'_>| Ok((inbox::read_event(row)?, row.get("headers")?));
        Ok(statement.query_row([seq], read).optional()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::inbox::tests::{delivery, take};
    use crate::store::tests::opened;

    fn four_events() -> (tempfile::TempDir, Store, Writer) {
        let (home, store, writer) = opened();
        for n in 1..=4 {
            take(&store, &delivery(&format!("k-{n}"), "chat-assigned", "c-1"));
        }
        (home, store, writer)
    }

    fn behind(seq: i64) -> Mark {
        Mark::Waiting { seq, attempts: 0, next_at: None, reason: None }
    }

    fn failed(seq: i64) -> Mark {
        Mark::Failed { seq, attempts: 1, reason: "exit code 1".into() }
    }

    #[test]
    fn what_waits_up_to_the_cursor_is_resumed_in_order_and_the_rest_comes_again() {
        let (_home, store, writer) = four_events();
        let first = Mark::Waiting { seq: 1, attempts: 3, next_at: Some(5), reason: Some("exit code 75".into()) };
        writer.mark("default", &[behind(3), failed(4), behind(2), behind(1), first]).unwrap();
        writer.mark("other", &[behind(4)]).unwrap();
        writer.drop_marks_after("default", 2).unwrap();
        let chat_id = || Some("c-1".to_owned());
        assert_eq!(
            store.waiting("default").unwrap(),
            [
                WaitingEvent { seq: 1, chat_id: chat_id(), attempts: 3, next_at: Some(5) },
                WaitingEvent { seq: 2, chat_id: chat_id(), attempts: 0, next_at: None },
            ]
        );
        assert_eq!(store.failed(None).unwrap(), []);
        assert_eq!(store.waiting("other").unwrap().len(), 1, "another consumer's rows are its own");
    }

    #[test]
    fn what_was_set_aside_is_listed_until_it_is_cleared() {
        let (_home, store, writer) = four_events();
        writer.mark("default", &[failed(2), failed(1)]).unwrap();
        writer.mark("other", &[failed(1)]).unwrap();
        let listed = |store: &Store, consumer| -> Vec<(String, i64)> {
            store.failed(consumer).unwrap().into_iter().map(|failed| (failed.consumer, failed.seq)).collect()
        };
        assert_eq!(listed(&store, None), [("default".into(), 1), ("other".into(), 1), ("default".into(), 2)]);
        assert_eq!(listed(&store, Some("other")), [("other".into(), 1)]);
        assert_eq!(store.failed(Some("other")).unwrap()[0].reason, "exit code 1");
        assert!(writer.clear_failed(1).unwrap());
        assert!(!writer.clear_failed(1).unwrap());
        assert_eq!(listed(&store, Some("default")), [("default".into(), 2)]);
    }

    #[test]
    fn what_waits_is_not_cleared_as_if_it_had_been_set_aside() {
        let (_home, store, writer) = four_events();
        writer.mark("default", &[behind(1)]).unwrap();
        assert!(!writer.clear_failed(1).unwrap());
        writer.mark("default", &[Mark::Done { seq: 1 }]).unwrap();
        assert_eq!(store.waiting("default").unwrap(), []);
    }

    #[test]
    fn an_original_has_the_headers_as_they_came() {
        let (_home, store, _writer) = four_events();
        let (event, headers) = store.event_with_headers(2).unwrap().unwrap();
        assert_eq!((event.seq, event.id.as_deref()), (2, Some("k-2")));
        assert_eq!(headers, b"x-guuru-event: test\r\n");
        assert_eq!(store.event_with_headers(5).unwrap(), None);
    }
}
