//! The inbox: every verified event once, in the order of receipt.

use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

use super::sends;
use crate::model::{Delivery, Event, Stored, is_same_event, spellings};

/// Stores deliveries within the writer's transaction. Its statements are prepared once for all deliveries of the transaction.
pub(super) struct Intake<'a> {
    connection: &'a Connection,
    find: CachedStatement<'a>,
    chat: CachedStatement<'a>,
    known: CachedStatement<'a>,
    insert: CachedStatement<'a>,
}

/// What is known of the chat that an event is about.
#[derive(Default)]
struct Chat {
    /// The persona that accepted it.
    persona_id: Option<String>,
    /// The experts to whom it is offered, as JSON, from the last event that said so.
    experts: Option<String>,
}

impl<'a> Intake<'a> {
    pub(super) fn new(connection: &'a Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            connection,
            find: connection.prepare_cached(
                "SELECT seq FROM events WHERE id = ?1 AND event IN (?2, ?3)
                 UNION ALL SELECT seq FROM keys WHERE id = ?1 AND event IN (?2, ?3)",
            )?,
            chat: connection.prepare_cached("SELECT persona_id, requested_experts FROM chats WHERE id = ?1")?,
            known: connection.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM sends WHERE message_id = ?1)
                     OR EXISTS (SELECT 1 FROM personas WHERE id = ?2)",
            )?,
            // A failure rolls the writer's whole transaction back: without OR FAIL, SQLite copies each page before it changes
            // it, to be able to undo this statement alone.
            insert: connection.prepare_cached(
                "INSERT OR FAIL INTO events (id, event, chat_id, received_at, own, requested_experts, headers, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?,
        })
    }

    /// Stores a delivery, or finds that it was stored before, even if its event was pruned since.
    pub(super) fn take(&mut self, delivery: &Delivery) -> rusqlite::Result<Stored> {
        if let Some(seq) = self.find(delivery)? {
            return Ok(Stored::Duplicate { seq });
        }
        let chat = self.chat(delivery)?;
        let own = self.is_own(delivery, &chat)?;
        let experts = self.requested_experts(delivery, chat)?;
        self.insert.execute(params![
            delivery.id,
            delivery.event,
            delivery.chat_id,
            delivery.received_at,
            own,
            experts,
            delivery.headers,
            delivery.body
        ])?;
        Ok(Stored::New { seq: self.connection.last_insert_rowid() })
    }

    fn find(&mut self, delivery: &Delivery) -> rusqlite::Result<Option<i64>> {
        let Some(id) = &delivery.id else { return Ok(None) };
        let [dashed, joined] = spellings(&delivery.event);
        self.find.query_row(params![id, dashed, joined], |row| row.get(0)).optional()
    }

    fn chat(&mut self, delivery: &Delivery) -> rusqlite::Result<Chat> {
        let Some(id) = &delivery.chat_id else { return Ok(Chat::default()) };
        let chat = self.chat.query_row([id], |row| Ok(Chat { persona_id: row.get(0)?, experts: row.get(1)? }));
        Ok(chat.optional()?.unwrap_or_default())
    }

    /// A message is our own if one of our sends has its id, if one of our personas wrote it, or if a send of the same content to
    /// the same chat is in flight: the webhook often comes before the mutation's answer. It is not our own if its author is known
    /// and is not the sender.
    fn is_own(&mut self, delivery: &Delivery, chat: &Chat) -> rusqlite::Result<bool> {
        let Some(message) = &delivery.message else { return Ok(false) };
        let by_its_persona = message.author_id.is_some() && message.author_id == chat.persona_id;
        if by_its_persona || self.known.query_row([&message.id, &message.author_id], |row| row.get(0))? {
            return Ok(true);
        }
        match &delivery.chat_id {
            Some(chat_id) => sends::claim_in_flight(self.connection, chat_id, message, delivery.received_at),
            None => Ok(false),
        }
    }

    /// The experts to whom the chat is offered, as JSON: from the body, else from the last event of the chat that said so.
    fn requested_experts(&self, delivery: &Delivery, chat: Chat) -> rusqlite::Result<Option<String>> {
        let Some(experts) = delivery.requested_experts.as_deref().map(to_json) else { return Ok(chat.experts) };
        if let Some(chat_id) = &delivery.chat_id
            && chat.experts.as_ref() != Some(&experts)
        {
            self.connection
                .prepare_cached(
                    "INSERT INTO chats (id, requested_experts, updated_at) VALUES (?1, ?2, ?3)
                     ON CONFLICT (id) DO UPDATE SET requested_experts = excluded.requested_experts,
                       updated_at = excluded.updated_at",
                )?
                .execute(params![chat_id, experts, delivery.received_at])?;
        }
        Ok(Some(experts))
    }
}

fn to_json(ids: &[String]) -> String {
    serde_json::Value::from(ids).to_string()
}

/// How many bytes of bodies are read at once. The event that exceeds it is the last one of a page.
pub(super) const PAGE_BYTES: usize = 1024 * 1024;

/// The events after `seq`, in order: at most `limit`, and fewer if their bodies are large. Also returns whether there are no more.
pub(super) fn read_after(connection: &Connection, seq: i64, limit: usize) -> rusqlite::Result<(Vec<Event>, bool)> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, id, event, chat_id, received_at, own, requested_experts, body
         FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let mut rows = statement.query(params![seq, limit])?;
    let (mut events, mut bytes) = (Vec::new(), 0);
    while bytes < PAGE_BYTES {
        let Some(row) = rows.next()? else {
            let all = events.len() < limit;
            return Ok((events, all));
        };
        let event = read_event(row)?;
        bytes += event.body.len();
        events.push(event);
    }
    Ok((events, false))
}

/// One event, where it is kept.
pub(super) fn read(connection: &Connection, seq: i64) -> rusqlite::Result<Option<Event>> {
    connection
        .prepare_cached(
            "SELECT seq, id, event, chat_id, received_at, own, requested_experts, body FROM events WHERE seq = ?1",
        )?
        .query_row([seq], read_event)
        .optional()
}

/// An event of a row that begins with `seq, id, event, chat_id, received_at, own, requested_experts, body`: looking columns up
/// by their names takes longer than reading them.
pub(super) fn read_event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let experts: Option<String> = row.get(6)?;
    Ok(Event {
        seq: row.get(0)?,
        id: row.get(1)?,
        event: row.get(2)?,
        chat_id: row.get(3)?,
        received_at: row.get(4)?,
        own: row.get(5)?,
        requested_experts: experts.and_then(|json| serde_json::from_str(&json).ok()),
        body: row.get(7)?,
    })
}

/// The newest seq that was ever given, even if its event was pruned; 0 if there was none.
pub(super) fn last_seq(connection: &Connection) -> rusqlite::Result<i64> {
    let sql = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'";
    connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
}

/// Which events a consumer wants to see. What it leaves out stays in the inbox.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only events of these names; none means all.
    pub events: Vec<String>,
    /// Only events of chats offered to one of these experts; none means all. A chat of which no event ever named the
    /// experts passes: losing an end user's message is worse than showing one too many.
    pub requested_experts: Vec<String>,
    /// Leaves out the messages that this installation sent.
    pub skip_own: bool,
}

impl Filter {
    /// Whether the event is wanted.
    pub fn admits(&self, event: &Event) -> bool {
        let is_event = |wanted: &String| is_same_event(wanted, &event.event);
        let named = self.events.is_empty() || self.events.iter().any(is_event);
        let offered = match &event.requested_experts {
            Some(experts) if !self.requested_experts.is_empty() => {
                self.requested_experts.iter().any(|wanted| experts.contains(wanted))
            }
            _ => true,
        };
        named && offered && !(self.skip_own && event.own)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::ChatMessageInput;
    use crate::store::sends::tests::sending;
    use crate::store::tests::opened;
    use crate::store::{SendOutcome, Store};

    /// A delivery of the kind that the platform sends, with a key of its own.
    pub(in crate::store) fn delivery(key: &str, event: &str, chat_id: &str) -> Delivery {
        Delivery {
            id: Some(key.into()),
            event: event.into(),
            chat_id: Some(chat_id.into()),
            requested_experts: None,
            message: None,
            received_at: crate::store::now(),
            headers: b"x-guuru-event: test\r\n".to_vec(),
            body: b"{}".to_vec(),
        }
    }

    fn message(key: &str, id: &str, author: &str, text: &str) -> Delivery {
        let message = crate::model::MessageFacts {
            id: Some(id.into()),
            author_id: Some(author.into()),
            text: Some(text.into()),
            attachment: None,
        };
        Delivery { message: Some(message), ..delivery(key, "message-created", "c-1") }
    }

    fn text(text: &str) -> ChatMessageInput {
        ChatMessageInput { text: Some(text.into()), attachment: None }
    }

    /// Takes one delivery in.
    pub(in crate::store) fn take(store: &Store, delivery: &Delivery) -> Stored {
        Intake::new(&store.connection).unwrap().take(delivery).unwrap()
    }

    fn take_and_read(store: &Store, delivery: &Delivery) -> Event {
        let Stored::New { seq } = take(store, delivery) else { panic!("a duplicate") };
        read_after(&store.connection, seq - 1, 1).unwrap().0.remove(0)
    }

    #[test]
    fn a_repeated_key_is_stored_once_and_leaves_no_gap() {
        let (_home, store, _writer) = opened();
        let first = delivery("k-1", "chat-assigned", "c-1");
        assert_eq!(take(&store, &first), Stored::New { seq: 1 });
        assert_eq!(take(&store, &first), Stored::Duplicate { seq: 1 });
        let other = delivery("k-2", "chat-assigned", "c-1");
        assert_eq!(take(&store, &other), Stored::New { seq: 2 });
    }

    #[test]
    fn both_spellings_of_an_event_are_one_event() {
        let (_home, store, _writer) = opened();
        assert_eq!(take(&store, &delivery("k-1", "chatRated", "c-1")), Stored::New { seq: 1 });
        assert_eq!(take(&store, &delivery("k-1", "chat-rated", "c-1")), Stored::Duplicate { seq: 1 });
        let (event, _) = read_after(&store.connection, 0, 1).unwrap();
        for wanted in ["chat-rated", "chatRated"] {
            let filter = Filter { events: vec![wanted.into()], ..Filter::default() };
            assert!(filter.admits(&event[0]) && event[0].event == "chatRated");
        }
    }

    #[test]
    fn events_without_a_key_or_with_a_key_of_another_event_are_all_kept() {
        let (_home, store, _writer) = opened();
        let keyless = Delivery { id: None, ..delivery("", "chat-assigned", "c-1") };
        assert_eq!(take(&store, &keyless), Stored::New { seq: 1 });
        assert_eq!(take(&store, &keyless), Stored::New { seq: 2 });
        take(&store, &delivery("k", "chat-assigned", "c-1"));
        let other = take(&store, &delivery("k", "chat-opened", "c-1"));
        assert_eq!(other, Stored::New { seq: 4 });
    }

    #[test]
    fn a_message_that_overtakes_the_answer_to_its_send_is_own_once() {
        let (_home, store, writer) = opened();
        writer.begin_send(sending("c-1", &text("Hello!"), None, None)).unwrap();
        assert!(!take_and_read(&store, &message("k-0", "m-0", "user", "Hello?")).own, "another text");
        assert!(take_and_read(&store, &message("k-1", "m-1", "someone", "Hello!")).own);
        let echo = take_and_read(&store, &message("k-2", "m-2", "user", "Hello!"));
        assert!(!echo.own, "the end user may say the same: one send makes one message");
    }

    fn without_author(delivery: Delivery) -> Delivery {
        let message = delivery.message.map(|message| crate::model::MessageFacts { author_id: None, ..message });
        Delivery { message, ..delivery }
    }

    #[test]
    fn what_the_end_user_says_is_never_ours_although_we_try_to_say_the_same() {
        let (_home, store, writer) = opened();
        let send = writer.begin_send(sending("c-1", &text("ok"), Some("p-1"), None)).unwrap();
        assert!(!take_and_read(&store, &message("k-1", "m-1", "user", "ok")).own, "while it is in flight");
        writer.finish_send(send, SendOutcome::Unknown).unwrap();
        assert!(!take_and_read(&store, &message("k-2", "m-2", "user", "ok")).own, "once the answer is lost");
        assert!(take_and_read(&store, &message("k-3", "m-3", "p-1", "ok")).own, "and this is what became of it");
        assert!(!take_and_read(&store, &message("k-4", "m-4", "user", "ok")).own);
    }

    #[test]
    fn a_message_without_an_author_is_ours_only_while_a_send_of_it_is_in_flight_and_once() {
        let (_home, store, writer) = opened();
        let say = |key: &str, id: &str| without_author(message(key, id, "", "ok"));
        writer.begin_send(sending("c-1", &text("ok"), Some("p-1"), None)).unwrap();
        assert!(take_and_read(&store, &say("k-1", "m-1")).own, "it has overtaken the answer");
        assert!(!take_and_read(&store, &say("k-2", "m-2")).own, "one send makes one message");
        let answered = writer.begin_send(sending("c-1", &text("ok"), Some("p-1"), None)).unwrap();
        writer.finish_send(answered, SendOutcome::Sent { message_id: "m-3".into() }).unwrap();
        assert!(!take_and_read(&store, &say("k-4", "m-4")).own, "our own message is known by its id");
        assert!(take_and_read(&store, &say("k-3", "m-3")).own);
        for persona in [Some("p-1"), None] {
            let lost = writer.begin_send(sending("c-1", &text("ok"), persona, None)).unwrap();
            writer.finish_send(lost, SendOutcome::Unknown).unwrap();
            assert!(
                !take_and_read(&store, &say(&format!("k-{persona:?}"), "m-5")).own,
                "nobody knows whether we said it"
            );
        }
    }

    #[test]
    fn a_message_is_own_by_its_id_and_by_its_author() {
        let (_home, store, writer) = opened();
        let send = writer.begin_send(sending("c-1", &text("Hi"), None, None)).unwrap();
        writer.finish_send(send, SendOutcome::Sent { message_id: "m-1".into() }).unwrap();
        assert!(take_and_read(&store, &message("k-1", "m-1", "someone", "edited by the platform")).own);
        writer.remember_chat("c-1", "p-1").unwrap();
        assert!(take_and_read(&store, &message("k-2", "m-2", "p-1", "sent by another program")).own);
        assert!(!take_and_read(&store, &message("k-3", "m-3", "p-2", "sent by a stranger")).own);
    }

    #[test]
    fn a_refused_send_makes_no_message_own() {
        let (_home, store, writer) = opened();
        let send = writer.begin_send(sending("c-1", &text("Hi"), None, None)).unwrap();
        writer.finish_send(send, SendOutcome::NotSent).unwrap();
        assert!(!take_and_read(&store, &message("k-1", "m-1", "user", "Hi")).own);
    }

    #[test]
    fn a_message_inherits_the_experts_of_its_chat() {
        let (_home, store, _writer) = opened();
        let experts = Some(vec!["e-7".to_owned()]);
        let assigned = Delivery { requested_experts: experts.clone(), ..delivery("k-1", "chat-assigned", "c-1") };
        take(&store, &assigned);
        let event = take_and_read(&store, &message("k-2", "m-1", "user", "Hello?"));
        assert_eq!(event.requested_experts, experts);
        let filter = Filter { requested_experts: vec!["api".into()], ..Filter::default() };
        assert!(!filter.admits(&event));
        let unknown = take_and_read(&store, &delivery("k-3", "message-created", "c-2"));
        assert!(filter.admits(&unknown), "nothing is known of that chat");
    }
}
