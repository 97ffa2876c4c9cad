//! A webhook in the program: a [`Delivery`] is the request that came in, an [`Event`] is what the inbox stores.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::json;

/// The events that the platform documents. Others may be added any day and travel under their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Offered to the experts in `requestedExperts`.
    ChatAssigned,
    /// Accepted by a persona.
    ChatOpened,
    /// A new message of either side.
    MessageCreated,
    /// Resolved.
    ChatClosed,
    /// Going on after it was closed.
    ChatReopened,
    /// Handed to a company representative.
    ChatTransferred,
    /// Rated by the end user; final.
    ChatRated,
}

impl EventKind {
    /// Every documented event, in the order of a chat's life.
    pub const ALL: [Self; 7] = [
        Self::ChatAssigned,
        Self::ChatOpened,
        Self::MessageCreated,
        Self::ChatClosed,
        Self::ChatReopened,
        Self::ChatTransferred,
        Self::ChatRated,
    ];

    /// The event's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChatAssigned => "chat-assigned",
            Self::ChatOpened => "chat-opened",
            Self::MessageCreated => "message-created",
            Self::ChatClosed => "chat-closed",
            Self::ChatReopened => "chat-reopened",
            Self::ChatTransferred => "chat-transferred",
            Self::ChatRated => "chat-rated",
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for EventKind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        let named = |name: &str| Self::ALL.into_iter().find(|kind| kind.name() == name);
        // This runs for each event, and almost all have the documented name.
        named(name).or_else(|| named(&spellings(name)[0])).ok_or(())
    }
}

/// An event's name in both spellings of the platform: `chat-rated`, and `chatRated` in an older revision of its page. A name in
/// neither of them has one spelling.
pub fn spellings(name: &str) -> [String; 2] {
    let in_words = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !in_words {
        return [name.to_owned(), name.to_owned()];
    }
    let (mut dashed, mut joined, mut begins) = (String::new(), String::new(), false);
    for letter in name.chars() {
        if letter == '-' {
            begins = true;
            continue;
        }
        if begins || letter.is_ascii_uppercase() {
            dashed.push('-');
            dashed.push(letter.to_ascii_lowercase());
            joined.push(letter.to_ascii_uppercase());
        } else {
            dashed.push(letter);
            joined.push(letter);
        }
        begins = false;
    }
    [dashed, joined]
}

/// Whether two names are one event's.
pub fn is_same_event(one: &str, other: &str) -> bool {
    one == other || spellings(one)[0] == spellings(other)[0]
}

/// One webhook request whose signature was right and whose body is JSON: what the inbox stores.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The Idempotency-Key, the same each time the platform tries again.
    pub id: Option<String>,
    /// The event's name, from X-Guuru-Event.
    pub event: String,
    /// The chat that it is about: the body's `id`, or `chat.id` in message-created; else what the header X-Guuru-Chat-Id says.
    pub chat_id: Option<String>,
    /// The experts to whom the chat is offered, where the body says so.
    pub requested_experts: Option<Vec<String>>,
    /// What tells whose message it is, in message-created.
    pub message: Option<MessageFacts>,
    /// Milliseconds since the Unix epoch.
    pub received_at: i64,
    /// The request's header fields as `name: value` lines, to be forwarded as they came.
    pub headers: Vec<u8>,
    /// The request's body, byte for byte.
    pub body: Vec<u8>,
}

/// What tells whether a message is one of our own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageFacts {
    /// The message's id.
    pub id: Option<String>,
    /// The author's id: a persona's where a persona wrote it.
    pub author_id: Option<String>,
    /// The message's text.
    pub text: Option<String>,
    /// The link to the message's attachment.
    pub attachment: Option<String>,
}

/// What became of a delivery that is now durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is new.
    New {
        /// Its place in the inbox.
        seq: i64,
    },
    /// It was stored before, and its event may have been pruned since.
    Duplicate {
        /// The place of the first one.
        seq: i64,
    },
}

/// Is called when a delivery is stored, or could not be. The text says why not.
pub type Reply = Box<dyn FnOnce(Result<Stored, String>) + Send>;

/// An event of the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Counts up in the order of receipt and is never reused.
    pub seq: i64,
    /// The Idempotency-Key.
    pub id: Option<String>,
    /// The event's name, from X-Guuru-Event.
    pub event: String,
    /// The chat that it is about.
    pub chat_id: Option<String>,
    /// Milliseconds since the Unix epoch.
    pub received_at: i64,
    /// Whether it is a message-created that this installation caused by sending.
    pub own: bool,
    /// The experts to whom the chat was offered when this event came, where that is known.
    pub requested_experts: Option<Vec<String>>,
    /// The request's body, byte for byte.
    pub body: Vec<u8>,
}

/// The line's keys in the order of the interface.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    seq: i64,
    id: Option<&'a str>,
    event: &'a str,
    chat_id: Option<&'a str>,
    received_at: String,
    own: bool,
    payload: &'a RawValue,
}

impl Event {
    /// Appends the event as one line of JSON, with its line feed.
    ///
    /// # Errors
    /// When the stored body is not JSON, which a damaged store may hold.
    pub fn write_line(&self, out: &mut Vec<u8>) -> anyhow::Result<()> {
        let payload = self.payload()?;
        let line = Line {
            seq: self.seq,
            id: self.id.as_deref(),
            event: &self.event,
            chat_id: self.chat_id.as_deref(),
            received_at: rfc3339(self.received_at),
            own: self.own,
            payload: &payload,
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.push(b'\n');
        Ok(())
    }

    /// The body as JSON text without insignificant white space, and with whole characters alone.
    ///
    /// # Errors
    /// When the stored body is not JSON, which a damaged store may hold.
    pub fn payload(&self) -> anyhow::Result<Box<RawValue>> {
        let payload = String::from_utf8(minify(&self.body))?;
        let payload = match json::with_whole_characters(&payload) {
            Cow::Borrowed(_) => payload,
            Cow::Owned(readable) => readable,
        };
        Ok(RawValue::from_string(payload)?)
    }
}

/// Milliseconds since the epoch as RFC 3339 in UTC with milliseconds.
pub(crate) fn rfc3339(milliseconds: i64) -> String {
    let time = Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{time:.3}")
}

/// JSON without its insignificant white space and otherwise byte for byte: key order, number spelling and escapes stay.
///
/// The input must be JSON; what comes back for anything else is not.
pub fn minify(json: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for &byte in json {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
            continue;
        } else {
            in_string = byte == b'"';
        }
        out.push(byte);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn event(body: &str) -> Event {
        Event {
            seq: 42,
            id: Some("key".into()),
            event: "message-created".into(),
            chat_id: Some("c-1".into()),
            received_at: 1_767_323_045_678,
            own: false,
            requested_experts: None,
            body: body.into(),
        }
    }

    fn line(body: &str) -> String {
        let mut out = Vec::new();
        event(body).write_line(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_has_the_keys_of_the_interface_in_their_order() {
        assert_eq!(
            line(r#"{"id":"m-9"}"#),
            concat!(
                r#"{"seq":42,"id":"key","event":"message-created","chatId":"c-1","#,
                r#""receivedAt":"2026-01-02T03:04:05.678Z","own":false,"payload":{"id":"m-9"}}"#,
                "\n"
            )
        );
    }

    #[test]
    fn a_payload_keeps_key_order_number_spelling_escapes_and_unknown_fields() {
        let body =
            "{\n \"z\" : 0.1000,\t\"a\": 1E2, \"text\": \"a \\u0041 \\\" b\\\\\" , \"n\": 12345678901234567890 }\r\n";
        let payload = r#""payload":{"z":0.1000,"a":1E2,"text":"a \u0041 \" b\\","n":12345678901234567890}"#;
        assert!(line(body).contains(payload), "{}", line(body));
    }

    #[test]
    fn both_spellings_of_an_event_are_one() {
        for (one, other) in [("chat-rated", "chatRated"), ("message-created", "messageCreated"), ("ping", "ping")] {
            assert_eq!(spellings(one), [one, other]);
            assert_eq!(spellings(other), [one, other]);
            assert!(is_same_event(one, other) && is_same_event(other, one));
        }
        assert!(!is_same_event("chat-rated", "chatRatedd") && !is_same_event("chatrated", "chat-rated"));
        assert_eq!("chatTransferred".parse(), Ok(EventKind::ChatTransferred));
        for odd in ["ChatRated", "chat.rated", "über", "", "CHAT-RATED"] {
            assert_eq!(spellings(odd), [odd, odd]);
        }
    }

    #[test]
    fn half_a_character_is_written_so_that_every_reader_can_read_on() {
        let body = r#"{"text":"\ud83d", "n":1e999, "whole":"\ud83d\ude00"}"#;
        let payload = r#""payload":{"text":"\ufffd","n":1e999,"whole":"\ud83d\ude00"}"#;
        assert!(line(body).contains(payload), "{}", line(body));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((".*", inner), 0..5)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_comes_back_on_one_line_with_the_same_meaning(value in any_json()) {
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            let line = line(&pretty);
            prop_assert_eq!(line.matches('\n').count(), 1);
            let parsed: Value = serde_json::from_str(&line).unwrap();
            prop_assert_eq!(&parsed["payload"], &value);
            prop_assert_eq!(minify(pretty.as_bytes()), serde_json::to_vec(&value).unwrap());
        }
    }
}
