//! The store's versions: `PRAGMA user_version` counts the steps that a file has been through.

use anyhow::Context;
use rusqlite::{Connection, TransactionBehavior};

use crate::error::Error;

/// Step N brings a store from version N to version N + 1. A released step never changes.
const STEPS: [&str; 1] = [include_str!("schema.sql")];

/// Brings the store to the version of this program, in one transaction.
///
/// # Errors
/// When a newer version of the program wrote it, or on any failure of the disk.
pub(super) fn migrate(connection: &mut Connection) -> anyhow::Result<()> {
    if version(connection)? == STEPS.len() {
        return Ok(());
    }
    // IMMEDIATE: of two processes that start at once, the second waits and then finds the work done.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    if found > STEPS.len() {
        let message =
            format!("it was written by a newer version of guuru (store version {found}, not {})", STEPS.len());
        return Err(Error::config(message).hint("upgrade guuru, or set GUURU_STATE_DIR to another folder").into());
    }
    for (step, sql) in STEPS.iter().enumerate().skip(found) {
        transaction.execute_batch(sql).with_context(|| format!("cannot migrate it to version {}", step + 1))?;
    }
    transaction.pragma_update(None, "user_version", STEPS.len())?;
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
    fn migrating_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), STEPS.len());
    }
}
