//! The store's versions: `PRAGMA user_version` counts the steps that a file has been through.

use anyhow::Context;
use rusqlite::{Connection, TransactionBehavior};

use super::Store;
use crate::error::Error;

/// Step N brings a store from version N to version N + 1. A released step never changes.
const STEPS: [&str; 5] = [
    include_str!("schema.sql"),
    include_str!("counting.sql"),
    include_str!("clock.sql"),
    include_str!("origins.sql"),
    include_str!("keys.sql"),
];

impl Store {
    /// The version of what is in the file.
    pub fn version(&self) -> anyhow::Result<usize> {
        Ok(version(&self.connection)?)
    }
}

/// Brings the store to the version of this program, in one transaction.
///
/// # Errors
/// When a newer version of the program wrote it, or on any failure of the disk.
pub(super) fn migrate(connection: &mut Connection) -> anyhow::Result<()> {
    migrate_by(connection, &STEPS)
}

fn migrate_by(connection: &mut Connection, steps: &[&str]) -> anyhow::Result<()> {
    if version(connection)? == steps.len() {
        return Ok(());
    }
    // IMMEDIATE: of two processes that start at once, the second waits and then finds the work done.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    if found > steps.len() {
        let message =
            format!("it was written by a newer version of guuru (store version {found}, not {})", steps.len());
        return Err(Error::config(message).hint("upgrade guuru, or set GUURU_STATE_DIR to another folder").into());
    }
    for (step, sql) in steps.iter().enumerate().skip(found) {
        transaction.execute_batch(sql).with_context(|| format!("cannot migrate it to version {}", step + 1))?;
    }
    transaction.pragma_update(None, "user_version", steps.len())?;
    transaction.commit()?;
    Ok(())
}

fn version(connection: &Connection) -> rusqlite::Result<usize> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Report;

    #[test]
    fn a_store_of_a_newer_version_is_refused_with_words() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", STEPS.len() + 1).unwrap();
        let report = Report::from(&migrate(&mut connection).unwrap_err());
        assert_eq!(report.exit_code, 3);
        assert!(report.message.contains("newer version"), "{}", report.message);
    }

    #[test]
    fn a_store_of_an_older_version_keeps_what_is_in_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        let first = "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('kept')";
        migrate_by(&mut connection, &[first]).unwrap();
        let second = "ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody'";
        migrate_by(&mut connection, &[first, second]).unwrap();
        let note = "SELECT text || ' by ' || author FROM notes";
        assert_eq!(connection.query_row(note, [], |row| row.get::<_, String>(0)).unwrap(), "kept by nobody");
        assert_eq!(version(&connection).unwrap(), 2);
    }

    #[test]
    fn events_are_counted_on_where_they_were_counted_otherwise() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_by(&mut connection, &STEPS[..1]).unwrap();
        let insert =
            "INSERT INTO events (event, received_at, own, headers, body) VALUES ('chat-rated', 1, 0, '', '{}')";
        for _ in 0..4 {
            connection.execute(insert, []).unwrap();
        }
        connection.execute("DELETE FROM events WHERE seq = 2", []).unwrap();
        migrate(&mut connection).unwrap();
        connection.execute(insert, []).unwrap();
        connection.execute("DELETE FROM events WHERE seq = 1", []).unwrap();
        assert_eq!(connection.query_row("SELECT gone FROM inbox", [], |row| row.get::<_, i64>(0)).unwrap(), 2);
    }

    #[test]
    fn commands_and_sends_of_an_older_store_stay_as_they_are() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_by(&mut connection, &STEPS[..2]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO events (event, received_at, own, headers, body) VALUES ('chat-rated', 1, 0, '', '{}');
                 INSERT INTO sends (chat_id, text, ref, started_at) VALUES ('c-1', 'Hi', 'r-1', 1);
                 INSERT INTO journal (ref, content, op, started_at, outcome) VALUES ('r-1', '', 'closeChat', 1, '{}')",
            )
            .unwrap();
        migrate(&mut connection).unwrap();
        let read = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(read("SELECT count(*) FROM sends WHERE ref = 'r-1' AND persona_id IS NULL AND lost = 0"), 1);
        assert_eq!(read("SELECT newest FROM journal WHERE ref = 'r-1'"), 1, "any event that is there may lead to it");
    }

    #[test]
    fn the_keys_of_an_older_store_outlive_their_events_too() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_by(&mut connection, &STEPS[..4]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO events (id, event, received_at, own, headers, body) VALUES
                   ('k-1', 'chat-rated', 7, 0, '', '{}'), (NULL, 'chat-rated', 8, 0, '', '{}'), ('k-3', 'chat-rated', 9, 0, '', '{}')",
            )
            .unwrap();
        migrate(&mut connection).unwrap();
        connection.execute("DELETE FROM events WHERE seq < 3", []).unwrap();
        let keys = "SELECT group_concat(seq || ' ' || id || ' ' || event || ' ' || received_at) FROM keys";
        assert_eq!(connection.query_row(keys, [], |row| row.get::<_, String>(0)).unwrap(), "1 k-1 chat-rated 7");
    }

    #[test]
    fn a_step_that_fails_leaves_the_store_as_it_was() {
        let mut connection = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE notes (text TEXT)", "CREATE TABLE more (text TEXT); CREATE TABLE notes (text TEXT)"];
        migrate_by(&mut connection, &steps[..1]).unwrap();
        let error = migrate_by(&mut connection, &steps).unwrap_err();
        assert!(format!("{error:#}").contains("cannot migrate it to version 2"), "{error:#}");
        assert_eq!(version(&connection).unwrap(), 1);
        assert!(connection.prepare("SELECT text FROM more").is_err());
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), STEPS.len());
    }
}
