//! Messages on their way out. When the platform sends a webhook for one of them, the inbox finds it here and marks it as our own.

use std::time::Duration;

use rusqlite::{Connection, Row, params};

use super::{Store, Writer, clock, now};
use crate::error::{Error, Kind};
use crate::model::{ChatMessageInput, MessageFacts};

/// How long a send whose outcome nobody recorded (a lost answer, a killed process) may still explain a message, in milliseconds.
/// After that, a message with the same text in the same chat counts as somebody else's.
const IN_FLIGHT: i64 = 10 * 60 * 1000;

/// How long a send without a known sender may explain a message that has an author, in milliseconds. The platform calls the end
/// user `user`; any other author may be one of our personas.
const IN_FLIGHT_WITHOUT_SENDER: i64 = 60 * 1000;

/// A send that has begun.
#[derive(Clone, Copy, Debug)]
pub struct SendId(i64);

/// A send of a command of the journal.
#[derive(Clone, Debug)]
pub struct BegunSend {
    /// Names it.
    pub id: SendId,
    /// What it sent.
    pub message: ChatMessageInput,
    /// When its first attempt began, in milliseconds since the Unix epoch.
    pub started_at: i64,
    /// The least time since its last attempt began, even if somebody has set the clock since.
    pub age: Duration,
    /// The id of the message that it sent, as far as is known; empty if that message had no id.
    pub message_id: Option<String>,
}

/// What became of a send.
#[derive(Clone, Debug)]
pub enum SendOutcome {
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

/// A message that is about to be sent.
#[derive(Clone, Debug)]
pub struct NewSend {
    /// The chat that it goes to.
    pub chat_id: String,
    /// What is sent.
    pub message: ChatMessageInput,
    /// Who sends it, where that is known.
    pub persona_id: Option<String>,
    /// The journal's name for the command, where it has one.
    pub reference: Option<String>,
    /// Whether it is the attachment of a command whose text was sent before, as a message of its own.
    pub after_text: bool,
}

impl Writer {
    /// Records that a message is about to be sent. No request may leave before.
    ///
    /// # Errors
    /// [`Kind::Unknown`] if another process sends under that name, or has given it up; another kind if the store cannot be written.
    pub fn begin_send(&self, send: NewSend) -> anyhow::Result<SendId> {
        let sql = "INSERT INTO sends (chat_id, text, attachment, ref, started_at, clock, reading, persona_id)
                   SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
                   WHERE ?4 IS NULL OR (NOT EXISTS (SELECT 1 FROM sends WHERE ref = ?4
                       AND NOT (?9 AND attachment IS NULL AND message_id IS NOT NULL))
                     AND EXISTS (SELECT 1 FROM journal WHERE ref = ?4 AND outcome IS NULL))";
        let begun = self.write(move |connection| {
            let NewSend { chat_id, message: ChatMessageInput { text, attachment }, persona_id, reference, after_text } =
                send;
            let (clock, reading) = clock::reading();
            let values = params![chat_id, text, attachment, reference, now(), clock, reading, persona_id, after_text];
            let is_new = connection.prepare_cached(sql)?.execute(values)? > 0;
            Ok(is_new.then(|| SendId(connection.last_insert_rowid())))
        })?;
        begun.ok_or_else(|| taken_over().into())
    }

    /// Records that a request which did not reach the platform is about to be sent once more.
    ///
    /// # Errors
    /// [`Kind::Unknown`] where another process has found that nothing was sent, and sends it now; any other when the store
    /// cannot be written.
    pub fn renew_send(&self, send: SendId) -> anyhow::Result<()> {
        let sql = "UPDATE sends SET clock = ?2, reading = ?3, lost = 0 WHERE seq = ?1";
        let (clock, reading) = clock::reading();
        let renewed =
            self.write(move |connection| connection.prepare_cached(sql)?.execute(params![send.0, clock, reading]))?;
        if renewed == 0 { Err(taken_over().into()) } else { Ok(()) }
    }

    /// Records what became of it.
    pub fn finish_send(&self, send: SendId, outcome: SendOutcome) -> anyhow::Result<()> {
        self.write(move |connection| {
            match outcome {
                SendOutcome::Sent { message_id } => connection
                    .prepare_cached("UPDATE sends SET message_id = ?2 WHERE seq = ?1")?
                    .execute(params![send.0, message_id]),
                SendOutcome::NotSent => {
                    connection.prepare_cached("DELETE FROM sends WHERE seq = ?1")?.execute([send.0])
                }
                SendOutcome::Unknown => {
                    connection.prepare_cached("UPDATE sends SET lost = 1 WHERE seq = ?1")?.execute([send.0])
                }
            }
            .map(drop)
        })
    }
}

impl Store {
    /// The sends of a command of the journal, in order. There is none if no request ever left, and there are two if the attachment
    /// was sent after the text.
    pub fn sends_of_command(&self, reference: &str) -> anyhow::Result<Vec<BegunSend>> {
        let read = |row: &Row<'_>| {
            let started_at = row.get("started_at")?;
            let clock: Option<String> = row.get("clock")?;
            let age = clock::age(clock.as_deref(), row.get("reading")?, started_at);
            let message = ChatMessageInput { text: row.get("text")?, attachment: row.get("attachment")? };
            Ok(BegunSend { id: SendId(row.get("seq")?), message, started_at, age, message_id: row.get("message_id")? })
        };
        Ok(self
            .connection
            .prepare_cached(
                "SELECT seq, text, attachment, started_at, clock, reading, message_id FROM sends WHERE ref = ?1
                 ORDER BY seq",
            )?
            .query_map([reference], read)?
            .collect::<Result<_, _>>()?)
    }

    /// Whether a request may leave for this send: no other process has found that nothing was sent, and sends it now. Asked right
    /// before the request, as this process may have stood still since it recorded the send.
    ///
    /// # Errors
    /// [`Kind::Unknown`] where another process has taken it over.
    pub fn check_send(&self, send: SendId) -> anyhow::Result<()> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sends WHERE seq = ?1)";
        if self.connection.prepare_cached(sql)?.query_row([send.0], |row| row.get(0))? {
            Ok(())
        } else {
            Err(taken_over().into())
        }
    }

    /// Whether this message may come from this send, that is, whether no other send is known to have sent it.
    pub fn may_be_sent_by(&self, send: SendId, message_id: &str) -> anyhow::Result<bool> {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM sends WHERE message_id = ?1 AND seq <> ?2)
                   AND NOT EXISTS (SELECT 1 FROM sends WHERE seq = ?2 AND message_id NOT IN (?1, ''))";
        Ok(self.connection.prepare_cached(sql)?.query_row(params![message_id, send.0], |row| row.get(0))?)
    }
}

fn taken_over() -> Error {
    Error::new(Kind::Unknown, "another process is sending it")
}

/// Whether a send of this content to this chat explains the message. If so, the send gets the message's id and explains no other
/// message.
///
/// If the message names its author, the author must be the sender. If the two cannot be compared, only a send that is still in
/// flight explains the message: after a lost answer, nobody knows whether our message exists, and a message of the end user must
/// not be hidden.
pub(super) fn claim_in_flight(
    connection: &Connection,
    chat_id: &str,
    message: &MessageFacts,
    now: i64,
) -> rusqlite::Result<bool> {
    // The first one of a known sender, else the first: sorted, each message took as long as storing half an event.
    let send: Option<i64> = connection
        .prepare_cached(
            "SELECT coalesce(min(seq) FILTER (WHERE persona_id IS NOT NULL), min(seq)) FROM sends
             WHERE message_id IS NULL AND chat_id = ?1 AND text IS ?2 AND attachment IS ?3 AND started_at > ?4
               AND CASE WHEN ?5 IS NULL THEN NOT lost
                 WHEN persona_id IS NULL THEN NOT lost AND ?5 <> 'user' AND started_at > ?6
                 ELSE persona_id = ?5 END",
        )?
        .query_row(
            params![
                chat_id,
                message.text,
                message.attachment,
                now - IN_FLIGHT,
                message.author_id,
                now - IN_FLIGHT_WITHOUT_SENDER
            ],
            |row| row.get(0),
        )?;
    let Some(send) = send else { return Ok(false) };
    let sql = "UPDATE sends SET message_id = coalesce(?2, '') WHERE seq = ?1";
    connection.prepare_cached(sql)?.execute(params![send, message.id])?;
    Ok(true)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::error::kind;
    use crate::store::tests::opened;

    /// A message that is about to be sent.
    pub(in crate::store) fn sending(
        chat_id: &str,
        message: &ChatMessageInput,
        persona_id: Option<&str>,
        reference: Option<&str>,
    ) -> NewSend {
        NewSend {
            chat_id: chat_id.into(),
            message: message.clone(),
            persona_id: persona_id.map(str::to_owned),
            reference: reference.map(str::to_owned),
            after_text: false,
        }
    }

    #[test]
    fn a_send_of_the_journal_is_begun_by_one_process_at_a_time() {
        let (_home, store, writer) = opened();
        // As another process has it.
        let other = Writer::start(store.path(), |_| ()).unwrap();
        let message = ChatMessageInput { text: Some("Hello!".into()), attachment: None };
        writer.begin_command("r-1", b"one", "sendChatMessage", Some("c-1")).unwrap();
        let first = writer.begin_send(sending("c-1", &message, None, Some("r-1"))).unwrap();
        assert_eq!(kind(&other.begin_send(sending("c-1", &message, None, Some("r-1"))).unwrap_err()), Kind::Unknown);
        let known = store.sends_of_command("r-1").unwrap().pop().unwrap();
        assert_eq!((&known.message, &known.message_id), (&message, &None));
        // What goes wrong in the other process is no reason to forget what this one is doing.
        other.forget_command("r-1").unwrap();
        assert_eq!(store.open_commands().unwrap().len(), 1);
        // The other one proves that it was not sent, and takes it over: the first must not try again.
        other.finish_send(known.id, SendOutcome::NotSent).unwrap();
        let second = other.begin_send(sending("c-1", &message, None, Some("r-1"))).unwrap();
        other.renew_send(second).unwrap();
        assert_eq!(kind(&writer.renew_send(first).unwrap_err()), Kind::Unknown);
        assert_eq!(kind(&store.check_send(first).unwrap_err()), Kind::Unknown);
        store.check_send(second).unwrap();
        other.finish_send(second, SendOutcome::Sent { message_id: "m-1".into() }).unwrap();
        assert_eq!(store.sends_of_command("r-1").unwrap()[0].message_id.as_deref(), Some("m-1"));
    }

    #[test]
    fn an_attachment_follows_its_text_once_and_not_before() {
        let (_home, store, writer) = opened();
        // As another process has it.
        let other = Writer::start(store.path(), |_| ()).unwrap();
        let text = ChatMessageInput { text: Some("Hello!".into()), attachment: None };
        let link = ChatMessageInput { text: None, attachment: Some("https://example.com/a.pdf".into()) };
        writer.begin_command("r-1", b"one", "sendChatMessage", Some("c-1")).unwrap();
        let first = writer.begin_send(sending("c-1", &text, None, Some("r-1"))).unwrap();
        assert_eq!(
            kind(
                &writer
                    .begin_send(NewSend { after_text: true, ..sending("c-1", &link, None, Some("r-1")) })
                    .unwrap_err()
            ),
            Kind::Unknown
        );
        writer.finish_send(first, SendOutcome::Sent { message_id: "m-1".into() }).unwrap();
        assert_eq!(kind(&writer.begin_send(sending("c-1", &text, None, Some("r-1"))).unwrap_err()), Kind::Unknown);
        writer.begin_send(NewSend { after_text: true, ..sending("c-1", &link, None, Some("r-1")) }).unwrap();
        assert_eq!(
            kind(
                &other
                    .begin_send(NewSend { after_text: true, ..sending("c-1", &link, None, Some("r-1")) })
                    .unwrap_err()
            ),
            Kind::Unknown
        );
        let sent: Vec<_> = store.sends_of_command("r-1").unwrap().into_iter().map(|send| send.message).collect();
        assert_eq!(sent, [text, link]);
    }

    #[test]
    fn a_send_of_an_entry_that_another_process_has_forgotten_is_not_begun() {
        let (_home, _store, writer) = opened();
        let message = ChatMessageInput { text: Some("Hello!".into()), attachment: None };
        writer.begin_command("r-1", b"one", "sendChatMessage", Some("c-1")).unwrap();
        writer.forget_command("r-1").unwrap();
        assert_eq!(kind(&writer.begin_send(sending("c-1", &message, None, Some("r-1"))).unwrap_err()), Kind::Unknown);
        writer.begin_send(sending("c-1", &message, None, None)).unwrap();
    }

    #[test]
    fn a_reference_that_the_journal_has_forgotten_can_be_used_again() {
        let (_home, store, writer) = opened();
        let message = ChatMessageInput { text: Some("Hello!".into()), attachment: None };
        for _ in 0..2 {
            writer.begin_command("r-1", b"one", "sendChatMessage", Some("c-1")).unwrap();
            let send = writer.begin_send(sending("c-1", &message, None, Some("r-1"))).unwrap();
            writer.finish_send(send, SendOutcome::Sent { message_id: "m-1".into() }).unwrap();
            writer.finish_command("r-1", "{}").unwrap();
            // As pruning does it.
            store.connection.execute("DELETE FROM journal", []).unwrap();
        }
    }
}
