//! Messages on their way out, kept so that their echoes are known for what they are.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Store, now};
use crate::model::{ChatMessageInput, MessageFacts};

/// How long a send whose outcome nobody recorded (a lost answer, a killed process) may still explain a message, in
/// milliseconds. After that, the same words in the same chat are taken for somebody else's.
const IN_FLIGHT: i64 = 10 * 60 * 1000;

/// A send that has begun.
#[derive(Clone, Copy, Debug)]
pub struct SendId(i64);

/// What became of a send.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The platform answered with the message's id.
    Sent {
        /// The message's id at the platform.
        message_id: String,
    },
    /// The platform refused it, or it never left.
    NotSent,
    /// The answer was lost: the message may appear, or not.
    Unknown,
}

impl Store {
    /// Records that a message is about to be sent. Called before the request leaves. `reference` is the journal's name
    /// for the command, where it has one.
    pub fn begin_send(
        &self,
        chat_id: &str,
        message: &ChatMessageInput,
        reference: Option<&str>,
    ) -> anyhow::Result<SendId> {
        let sql = "INSERT INTO sends (chat_id, text, attachment, ref, started_at) VALUES (?1, ?2, ?3, ?4, ?5)";
        let ChatMessageInput { text, attachment } = message;
        self.connection.prepare_cached(sql)?.execute(params![chat_id, text, attachment, reference, now()])?;
        Ok(SendId(self.connection.last_insert_rowid()))
    }

    /// The last send of a command of the journal; `None` where none was begun, and so no request ever left.
    pub fn send_of_command(&self, reference: &str) -> anyhow::Result<Option<SendId>> {
        let sql = "SELECT max(seq) FROM sends WHERE ref = ?1";
        let seq: Option<i64> = self.connection.prepare_cached(sql)?.query_row([reference], |row| row.get(0))?;
        Ok(seq.map(SendId))
    }

    /// Whether this message can have come from this send: it is known to come from no other.
    pub fn may_be_sent_by(&self, send: SendId, message_id: &str) -> anyhow::Result<bool> {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM sends WHERE message_id = ?1 AND seq <> ?2)
                   AND NOT EXISTS (SELECT 1 FROM sends WHERE seq = ?2 AND message_id NOT IN (?1, ''))";
        Ok(self.connection.prepare_cached(sql)?.query_row(params![message_id, send.0], |row| row.get(0))?)
    }

    /// Records what became of it.
    pub fn finish_send(&self, send: SendId, outcome: &Outcome) -> anyhow::Result<()> {
        match outcome {
            Outcome::Sent { message_id } => {
                let sql = "UPDATE sends SET message_id = ?2 WHERE seq = ?1";
                self.connection.prepare_cached(sql)?.execute(params![send.0, message_id])?;
            }
            Outcome::NotSent => {
                self.connection.prepare_cached("DELETE FROM sends WHERE seq = ?1")?.execute([send.0])?;
            }
            Outcome::Unknown => {}
        }
        Ok(())
    }
}

/// Whether one of our sends became the message with this id.
pub(super) fn has_message(connection: &Connection, id: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM sends WHERE message_id = ?1)")?
        .query_row([id], |row| row.get(0))
}

/// Whether a send of this content to this chat is in flight; if so, it becomes this message and explains no other.
pub(super) fn claim_in_flight(
    connection: &Connection,
    chat_id: &str,
    message: &MessageFacts,
    now: i64,
) -> rusqlite::Result<bool> {
    let send: Option<i64> = connection
        .prepare_cached(
            "SELECT seq FROM sends
             WHERE message_id IS NULL AND chat_id = ?1 AND text IS ?2 AND attachment IS ?3 AND started_at > ?4
             ORDER BY seq LIMIT 1",
        )?
        .query_row(params![chat_id, message.text, message.attachment, now - IN_FLIGHT], |row| row.get(0))
        .optional()?;
    let Some(send) = send else { return Ok(false) };
    let sql = "UPDATE sends SET message_id = coalesce(?2, '') WHERE seq = ?1";
    connection.prepare_cached(sql)?.execute(params![send, message.id])?;
    Ok(true)
}
