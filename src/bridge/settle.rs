//! After a lost answer: has the message arrived? A message that is seen proves that it has. That none is seen proves that
//! it has not only once nothing can be on its way any more, and only where no message leaves a doubt.

use std::thread;
use std::time::Duration;

use crate::api::Client;
use crate::model::{ChatMessageInput, Message};

/// When to look, counted from one look to the next: what is on its way arrives soon or not at all.
const LOOKS: [Duration; 3] = [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3)];

/// How many chats are looked through, newest first, before one is given up as not to be found.
const PAGE: u32 = 50;
const PAGES: usize = 20;

/// How far the platform's clock may be behind this machine's, in milliseconds.
const SKEW: i64 = 60_000;

/// How long after its beginning an attempt can still become a message, in milliseconds. No request outlives its connection
/// that long: with the usual limit of 30 s on an attempt the connection is gone after half of it.
const LONGEST_FLIGHT: u128 = 60_000;

/// A send whose answer was lost.
pub(super) struct Lost<'a> {
    pub(super) chat_id: &'a str,
    pub(super) message: &'a ChatMessageInput,
    pub(super) persona_id: &'a str,
    /// When its last attempt began, in milliseconds since the Unix epoch.
    pub(super) since: i64,
}

/// What looking at the chat told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sighting {
    /// The message is there.
    Found(Message),
    /// The chat's messages were read, and none of them can be this one.
    Absent,
    /// The messages cannot be read, or one of them leaves a doubt.
    Unclear,
}

/// Whether nothing can come any more of an attempt that began at `since`, each attempt being limited to `timeout`.
pub(super) fn has_landed(since: i64, now: i64, timeout: Duration) -> bool {
    let flight = LONGEST_FLIGHT.max(timeout.as_millis().saturating_mul(2));
    u128::try_from(now - since).is_ok_and(|age| age >= flight)
}

impl Lost<'_> {
    /// Looks for the message, more than once while it may still be on its way. `is_free` tells whether a message is known
    /// to come from no other send.
    pub(super) fn find(
        &self,
        client: &Client,
        landed: bool,
        is_free: impl Fn(&str) -> anyhow::Result<bool>,
    ) -> Sighting {
        let pauses: &[Duration] = if landed { &[Duration::ZERO] } else { &LOOKS };
        let mut sighting = Sighting::Unclear;
        for pause in pauses {
            thread::sleep(*pause);
            if client.is_hurried() {
                return Sighting::Unclear;
            }
            // A platform that cannot be asked, or does not show messages, settles nothing.
            let Ok(Some(seen)) = client.look_for(self.chat_id, PAGE, None, PAGES) else { return Sighting::Unclear };
            let Some(messages) = seen.chat.messages else { return Sighting::Unclear };
            sighting = match self.judge(messages, &is_free) {
                Sighting::Absent if !seen.whole => Sighting::Unclear,
                sighting => sighting,
            };
            if matches!(sighting, Sighting::Found(_)) {
                break;
            }
        }
        sighting
    }

    /// Found takes both marks, the content and the author since the attempt. One alone is a doubt: the platform may change
    /// a text, name an author otherwise, or have a clock that is far off.
    fn judge(&self, messages: Vec<Message>, is_free: impl Fn(&str) -> anyhow::Result<bool>) -> Sighting {
        let mut sighting = Sighting::Absent;
        for message in messages {
            match is_free(&message.id) {
                Ok(false) => {}
                Ok(true) if self.is(&message) => return Sighting::Found(message),
                Ok(true) if !self.may_be(&message) => {}
                Ok(true) | Err(_) => sighting = Sighting::Unclear,
            }
        }
        sighting
    }

    fn is(&self, message: &Message) -> bool {
        message.text == self.message.text
            && message.attachment == self.message.attachment
            && author(message) == Some(self.persona_id)
            && message.created_at.is_some_and(|created| self.is_since(created))
    }

    fn may_be(&self, message: &Message) -> bool {
        let same = |one: &Option<String>, other: &Option<String>| trimmed(one.as_deref()) == trimmed(other.as_deref());
        let same_content =
            same(&message.text, &self.message.text) && same(&message.attachment, &self.message.attachment);
        let same_author = author(message).is_none_or(|author| author == self.persona_id);
        same_content || (same_author && message.created_at.is_none_or(|created| self.is_since(created)))
    }

    fn is_since(&self, created: i64) -> bool {
        created >= self.since - SKEW
    }
}

fn author(message: &Message) -> Option<&str> {
    message.author.as_ref()?.id.as_deref()
}

fn trimmed(text: Option<&str>) -> &str {
    text.unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SINCE: i64 = 1_700_000_000_000;

    fn judge(messages: &serde_json::Value, taken: &str) -> Sighting {
        let message = ChatMessageInput { text: Some("Hello!".into()), attachment: None };
        let lost = Lost { chat_id: "c-1", message: &message, persona_id: "p-1", since: SINCE };
        lost.judge(serde_json::from_value(messages.clone()).unwrap(), |id| Ok(id != taken))
    }

    fn message(text: &str, author: &str, at: i64) -> serde_json::Value {
        json!({"id": "m-1", "text": text, "createdAt": at, "author": {"id": author}})
    }

    #[test]
    fn the_same_text_of_the_same_persona_after_the_attempt_is_the_message() {
        assert!(matches!(judge(&json!([message("Hello!", "p-1", SINCE)]), ""), Sighting::Found(_)));
        assert!(matches!(judge(&json!([message("Hello!", "p-1", SINCE - SKEW)]), ""), Sighting::Found(_)));
    }

    #[test]
    fn what_others_wrote_and_what_other_sends_became_is_not_the_message() {
        let others = json!([message("Hi?", "user", SINCE), message("Hi!", "p-1", SINCE - SKEW - 1)]);
        assert_eq!(judge(&others, ""), Sighting::Absent);
        assert_eq!(judge(&json!([message("Hello!", "p-1", SINCE)]), "m-1"), Sighting::Absent);
        assert_eq!(judge(&json!([]), ""), Sighting::Absent);
    }

    #[test]
    fn a_message_that_may_be_ours_after_all_leaves_a_doubt() {
        for doubtful in [
            message(" Hello!\n", "p-1", SINCE),
            message("Hello!", "expert-api", SINCE),
            message("Hello!", "p-1", SINCE / 1000),
            message("Hello…", "p-1", SINCE),
            json!({"id": "m-1", "text": "Hello!"}),
            json!({"id": "m-1"}),
        ] {
            assert_eq!(judge(&json!([doubtful]), ""), Sighting::Unclear, "{doubtful}");
        }
    }

    #[test]
    fn an_attempt_has_landed_after_a_minute_or_twice_its_limit() {
        let (half_a_minute, two_minutes) = (Duration::from_secs(30), Duration::from_secs(120));
        assert!(!has_landed(SINCE, SINCE + 59_999, half_a_minute));
        assert!(has_landed(SINCE, SINCE + 60_000, half_a_minute));
        assert!(!has_landed(SINCE, SINCE + 239_999, two_minutes));
        assert!(!has_landed(SINCE, SINCE - 60_000, half_a_minute), "a clock that was set back");
    }
}
