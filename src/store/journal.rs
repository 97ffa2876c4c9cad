//! The journal of commands that have a `ref`. A command is entered before its request leaves, and its outcome before anybody is
//! told.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::inbox::last_seq;
use super::{Store, Writer, now};
use crate::model::rfc3339;

/// What the journal knows of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalEntry {
    /// Nothing: it is entered now, and the command may be carried out.
    New,
    /// The command was carried out, and this came of it.
    Done(String),
    /// It was begun then, in milliseconds since the Unix epoch, and nobody knows what came of it.
    Open(i64),
    /// The reference belongs to another command.
    Other,
}

/// A command whose outcome nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenCommand {
    /// The caller's own name for it.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The mutation's name.
    pub op: String,
    /// The chat that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<String>,
    /// When it was begun, RFC 3339.
    pub started_at: String,
}

impl Writer {
    /// Enters a command under its reference, unless the reference is there. `content` tells commands apart.
    ///
    /// # Errors
    /// When the entry is not on the disk. The request must not be sent then.
    pub fn begin_command(
        &self,
        reference: &str,
        content: &[u8],
        op: &str,
        chat_id: Option<&str>,
    ) -> anyhow::Result<JournalEntry> {
        let (reference, op, chat_id) = (reference.to_owned(), op.to_owned(), chat_id.map(str::to_owned));
        let content = content.to_owned();
        self.write(move |connection| enter(connection, &reference, &content, &op, chat_id.as_deref()))
    }

    /// Stores the outcome of a command, and returns what the journal has then: where another process was first, its outcome. But a
    /// success takes the place of an error: that came because the command had taken effect. Nobody may be told before.
    pub fn finish_command(&self, reference: &str, outcome: &str) -> anyhow::Result<String> {
        let (reference, outcome) = (reference.to_owned(), outcome.to_owned());
        self.write(move |connection| {
            let sql = "UPDATE journal SET outcome = ?2, finished_at = ?3 WHERE ref = ?1 AND (outcome IS NULL
                         OR (json_extract(?2, '$.error') IS NULL AND json_extract(outcome, '$.error') IS NOT NULL))";
            connection.prepare_cached(sql)?.execute(params![reference, outcome, now()])?;
            let sql = "SELECT outcome FROM journal WHERE ref = ?1";
            let kept = connection.prepare_cached(sql)?.query_row([reference], |row| row.get(0)).optional()?;
            Ok(kept.flatten().unwrap_or(outcome))
        })
    }

    /// Forgets a command that did not take effect, so that the same reference may try again. One that another process is
    /// sending, or has finished, is not forgotten.
    pub fn forget_command(&self, reference: &str) -> anyhow::Result<()> {
        let sql = "DELETE FROM journal WHERE ref = ?1 AND outcome IS NULL
                   AND NOT EXISTS (SELECT 1 FROM sends WHERE ref = ?1)";
        let reference = reference.to_owned();
        self.write(move |connection| connection.prepare_cached(sql)?.execute([reference]).map(drop))
    }
}

fn enter(
    connection: &Connection,
    reference: &str,
    content: &[u8],
    op: &str,
    chat_id: Option<&str>,
) -> rusqlite::Result<JournalEntry> {
    let found: Option<(Vec<u8>, Option<String>, i64)> = connection
        .prepare_cached("SELECT content, outcome, started_at FROM journal WHERE ref = ?1")?
        .query_row([reference], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    // The event that led to this command is in the inbox by now. As long as it is kept, it may lead to the command again, so the
    // entry is kept too.
    let newest = last_seq(connection)?;
    if found.is_some() {
        let sql = "UPDATE journal SET newest = ?2 WHERE ref = ?1 AND newest < ?2";
        connection.prepare_cached(sql)?.execute(params![reference, newest])?;
    }
    Ok(match found {
        Some((known, ..)) if known != content => JournalEntry::Other,
        Some((_, Some(outcome), _)) => JournalEntry::Done(outcome),
        Some((_, None, started_at)) => JournalEntry::Open(started_at),
        None => {
            let sql = "INSERT INTO journal (ref, content, op, chat_id, started_at, newest)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            connection.prepare_cached(sql)?.execute(params![reference, content, op, chat_id, now(), newest])?;
            // A send of an entry that was pruned says nothing of this one.
            let sql = "UPDATE sends SET ref = NULL WHERE ref = ?1";
            connection.prepare_cached(sql)?.execute([reference])?;
            JournalEntry::New
        }
    })
}

impl Store {
    /// Whether the inbox has such an event of this chat, received since then, in milliseconds since the Unix epoch.
    pub fn has_event_since(&self, chat_id: &str, event: &str, since: i64) -> anyhow::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM events WHERE chat_id = ?1 AND event = ?2 AND received_at >= ?3)";
        Ok(self.connection.prepare_cached(sql)?.query_row(params![chat_id, event, since], |row| row.get(0))?)
    }

    /// The commands whose outcome nobody knows, oldest first.
    pub fn open_commands(&self) -> anyhow::Result<Vec<OpenCommand>> {
        Ok(self
            .connection
            .prepare("SELECT ref, op, chat_id, started_at FROM journal WHERE outcome IS NULL ORDER BY started_at, ref")?
            .query_map([], |row| {
                Ok(OpenCommand {
                    reference: row.get("ref")?,
                    op: row.get("op")?,
                    chat_id: row.get("chat_id")?,
                    started_at: rfc3339(row.get("started_at")?),
                })
            })?
            .collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::PruneRule;
    use crate::store::inbox::tests::delivery;
    use crate::store::tests::opened;

    #[test]
    fn a_reference_is_carried_out_once_and_remembers_what_came_of_it() {
        let (_home, store, writer) = opened();
        let begin = |content: &[u8]| writer.begin_command("r-1", content, "closeChat", Some("c-1")).unwrap();
        assert_eq!(begin(b"one"), JournalEntry::New);
        assert!(matches!(begin(b"one"), JournalEntry::Open(_)));
        assert_eq!(begin(b"other"), JournalEntry::Other);
        assert_eq!(store.open_commands().unwrap()[0].reference, "r-1");
        assert_eq!(writer.finish_command("r-1", "{}").unwrap(), "{}");
        for later in [r#"{"data":1}"#, r#"{"error":1}"#] {
            assert_eq!(writer.finish_command("r-1", later).unwrap(), "{}", "the first one stays");
        }
        assert_eq!(writer.begin_command("r-1", b"one", "closeChat", None).unwrap(), JournalEntry::Done("{}".into()));
        assert_eq!(store.open_commands().unwrap(), []);
        writer.forget_command("r-1").unwrap();
        assert_eq!(begin(b"one"), JournalEntry::Done("{}".into()));
        writer.begin_command("r-3", b"one", "closeChat", None).unwrap();
        for (later, kept) in [(r#"{"error":1}"#, r#"{"error":1}"#), ("{}", "{}"), (r#"{"error":1}"#, "{}")] {
            assert_eq!(writer.finish_command("r-3", later).unwrap(), kept);
        }
        writer.begin_command("r-2", b"one", "closeChat", None).unwrap();
        writer.forget_command("r-2").unwrap();
        assert_eq!(writer.begin_command("r-2", b"other", "closeChat", None).unwrap(), JournalEntry::New);
    }

    #[test]
    fn an_event_of_a_chat_is_seen_if_it_came_since_then() {
        let (_home, store, writer) = opened();
        let closed = delivery("k-1", "chat-closed", "c-1");
        let begun = closed.received_at;
        let (sender, stored) = std::sync::mpsc::channel();
        writer.store(closed, Box::new(move |outcome| sender.send(outcome).unwrap()));
        stored.recv().unwrap().unwrap();
        assert!(store.has_event_since("c-1", "chat-closed", begun).unwrap());
        for (chat, event, since) in
            [("c-2", "chat-closed", begun), ("c-1", "chat-reopened", begun), ("c-1", "chat-closed", begun + 1)]
        {
            assert!(!store.has_event_since(chat, event, since).unwrap(), "{chat} {event} {since}");
        }
    }

    #[test]
    fn what_is_done_ages_out_and_what_is_open_stays() {
        let (_home, store, writer) = opened();
        for reference in ["done", "open"] {
            writer.begin_command(reference, b"one", "closeChat", None).unwrap();
        }
        writer.finish_command("done", "{}").unwrap();
        store.connection.execute("UPDATE journal SET started_at = 1", []).unwrap();
        let rule = PruneRule { older_than: Some(Duration::from_secs(3600)), ..PruneRule::default() };
        store.connection.execute("UPDATE journal SET finished_at = ?1 - 7200000 WHERE ref = 'done'", [now()]).unwrap();
        assert_eq!(writer.prune(&store, &rule).unwrap().refs, 0, "the journal has an age of its own");
        let rule = PruneRule { journal_older_than: Some(Duration::from_secs(3600)), ..PruneRule::default() };
        assert_eq!(store.prunable(&rule).unwrap().refs, 1);
        assert_eq!(writer.prune(&store, &rule).unwrap().refs, 1);
        assert_eq!(writer.begin_command("done", b"other", "closeChat", None).unwrap(), JournalEntry::New);
        assert!(matches!(writer.begin_command("open", b"one", "closeChat", None).unwrap(), JournalEntry::Open(_)));
    }
}
